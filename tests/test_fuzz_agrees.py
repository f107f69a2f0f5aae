"""A few random nasty sites in the normal suite; `python -m tests.fuzz` makes hundreds."""

import pytest

from tests.fuzz.compared import verdict_on
from tests.fuzz.made import made_site

SHOWN = 10


# The mark goes when the disagreements the fuzz has found are settled.
@pytest.mark.xfail(reason="the models and the oracle still differ on such sites")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_models_and_oracle_say_the_same_of_a_random_nasty_site(seed: int):
    verdict = verdict_on(made_site(seed, claims=6))
    wrong = [*verdict.signatures[:SHOWN], *map(str, verdict.differences[:SHOWN])]
    assert not verdict.slips, "the generator wrote reference rows the intake leaves out"
    assert verdict.lines, "the site shows nothing"
    assert not wrong, "\n".join(wrong)
