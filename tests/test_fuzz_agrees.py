"""Random nasty sites in the normal suite; `python -m tests.fuzz` makes hundreds, or a big one."""

import pytest

from tests.fuzz.compared import Verdict, verdict_on
from tests.fuzz.made import made_site
from tests.fuzz.shown import CAUSES, METHODS, missing

SHOWN = 10
# What a site of 600 lines must show, or its agreement says less than it seems to.
OF_CONTRACTS = (
    *(f"method {name}" for name in METHODS),
    *(f"cause {name}" for name in CAUSES if name not in ("rounding", "rate_difference")),
    *("cap by line", "cap by claim", "lag", "decimals", "amendment back in time"),
    *("term price_vintage first", "term price_vintage latest", "term ndc11", "term drug"),
    *("term billing_id", "term claim_type", "term line_of_business", "term recorded_on"),
)


# What is said beside the lines' own amounts: it moves none of them.
BESIDE = ("code_identity", "medicare_payments")


@pytest.mark.parametrize("seed", [11, 13, 19])
def test_models_and_oracle_say_the_same_of_a_random_nasty_site(seed: int):
    _assert_agrees(verdict_on(made_site(seed, claims=8)))


def test_models_and_oracle_say_the_same_of_every_method_cap_lag_vintage_and_amendment():
    verdict = verdict_on(made_site(4, 275, is_tidy=True))
    assert not missing(verdict.shown, OF_CONTRACTS)
    assert verdict.lines > 600
    _assert_agrees(verdict, beside=BESIDE)


def _assert_agrees(verdict: Verdict, beside: tuple[str, ...] = ()) -> None:
    wrong = [str(each) for each in verdict.differences if each.table not in beside]
    assert not verdict.error
    assert not verdict.stopped_by
    assert not verdict.slips, "the generator wrote reference rows the intake leaves out"
    assert verdict.lines, "the site shows nothing"
    assert not wrong, "\n".join(wrong[:SHOWN])
