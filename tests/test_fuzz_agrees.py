"""Random nasty sites in the normal suite; `python -m tests.fuzz` makes hundreds, or a big one."""

from collections import Counter

import pytest

from tests.fuzz.compared import Verdict, verdict_on
from tests.fuzz.made import made_site
from tests.fuzz.shown import CAUSES, METHODS, missing
from tests.fuzz.shown_records import OF_RECORDS

SHOWN = 10
# What a site of 600 lines must show, or its agreement says less than it seems to.
OF_CONTRACTS = (
    *(f"method {name}" for name in METHODS),
    *(f"cause {name}" for name in CAUSES if name not in ("rounding", "rate_difference")),
    *("cap by line", "cap by claim", "lag", "decimals", "amendment back in time"),
    *("term price_vintage first", "term price_vintage latest", "term ndc11", "term drug"),
    *("term billing_id", "term claim_type", "term line_of_business", "term recorded_on"),
)

ENDED = ("amendment that ends a term", "ask net of what was overpaid")
# Two sites of 650 lines, and what each must show of the rules that are seldom met.
SITES = {
    1: (*OF_CONTRACTS, *ENDED, "units cut of a charge"),
    9: (*ENDED, "gap an estimated date explains", "gap shared under a claim cap"),
}


# What is said beside the lines' own amounts: it moves none of them.
BESIDE = ("code_identity", "medicare_payments")


@pytest.mark.parametrize("seed", [11, 19, pytest.param(13, marks=pytest.mark.slow)])
def test_models_and_oracle_say_the_same_of_a_random_nasty_site(seed: int):
    _assert_agrees(verdict_on(made_site(seed, claims=8)))


@pytest.mark.parametrize("seed", SITES)
def test_models_and_oracle_say_the_same_of_every_method_cap_lag_vintage_and_amendment(seed: int):
    verdict = verdict_on(made_site(seed, 275, is_tidy=True))
    assert not missing(verdict.shown, SITES[seed])
    assert verdict.lines > 600
    _assert_agrees(verdict, beside=BESIDE)


@pytest.mark.parametrize("seed", [14, pytest.param(15, marks=pytest.mark.slow)])
def test_models_and_oracle_say_the_same_of_a_nasty_site_with_administrations(seed: int):
    _assert_agrees(verdict_on(made_site(seed, claims=12, is_recorded=True)))


def test_models_and_oracle_say_the_same_of_every_evidence_finding_and_check():
    verdicts = [verdict_on(made_site(seed, 300, is_tidy=True, is_recorded=True)) for seed in (1, 2)]
    shown = Counter()
    for verdict in verdicts:
        shown.update(verdict.shown)
        _assert_agrees(verdict)
    assert not missing(shown, OF_RECORDS)


def _assert_agrees(verdict: Verdict, beside: tuple[str, ...] = ()) -> None:
    wrong = [str(each) for each in verdict.differences if each.table not in beside]
    assert not verdict.error
    assert not verdict.stopped_by
    assert not verdict.slips, "the generator wrote reference rows the intake leaves out"
    assert verdict.lines, "the site shows nothing"
    assert not wrong, "\n".join(wrong[:SHOWN])
