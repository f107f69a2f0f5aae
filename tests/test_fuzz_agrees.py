"""Three random nasty sites in the normal suite; `python -m tests.fuzz` makes hundreds."""

import pytest

from tests.fuzz.compared import verdict_on
from tests.fuzz.made import made_site

SHOWN = 10


@pytest.mark.parametrize("seed", [9, 12, 14])
def test_models_and_oracle_say_the_same_of_a_random_nasty_site(seed: int):
    verdict = verdict_on(made_site(seed, claims=8))
    wrong = [*verdict.signatures[:SHOWN], *map(str, verdict.differences[:SHOWN])]
    assert not verdict.slips, "the generator wrote reference rows the intake leaves out"
    assert verdict.lines, "the site shows nothing"
    assert not wrong, "\n".join(wrong)
