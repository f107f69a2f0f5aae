"""Which billed line an answer speaks of, however the payer wrote it down."""

from dataclasses import replace
from datetime import date

import pytest
from scenario_site import (
    ALDER,
    BIRCH,
    MAR_1,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    answered,
    at_contract,
    base_terms,
    cas,
    drug,
    payers,
    publish,
    says,
    term,
)

LIMIT = Plan("limit")
NOVEMBER = date(2025, 11, 10)
MAR_18 = date(2026, 3, 18)
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    at_limit = term(LIMIT, "*", "100", method="pct_of_limit")
    reference = {
        **payers(ALDER, BIRCH, LIMIT),
        "contract_terms": [*base_terms(), *base_terms(BIRCH), at_limit],
    }
    return publish(tmp_path_factory.mktemp("matched") / "site", MAIL, reference)


GIVEN = drug("J9177", 410, "45000.00", service_date=NOVEMBER)
THROWN = drug("J9177", 30, "3300.00", service_date=NOVEMBER, modifiers=("JW",))
PAID = {"15064.63": GIVEN, "1102.29": THROWN}


def bill_both(number: str, *answers) -> None:
    MAIL.bill(number, GIVEN, THROWN, plan=LIMIT)
    MAIL.pay(date(2025, 12, 1), *answers, plan=LIMIT)


BARE = [replace(allowed(line, dollars), modifiers=()) for dollars, line in PAID.items()]
bill_both("BARE", answer("BARE", *reversed(BARE)))


def test_payer_that_drops_modifiers_and_turns_lines_round_still_pays_both(site):
    # Matched by place the dose would be 13,962.34 short and the waste as much overpaid.
    says(site.line("BARE"), allowed_usd="15064.63", gap_usd="0.00", match_basis="line")
    says(site.line("BARE", 2), allowed_usd="1102.29", gap_usd="0.00", modifiers="JW")


bill_both(
    "APART",
    answer("APART", allowed(GIVEN, "15064.63"), payer_control_number="A1"),
    answer("APART", allowed(THROWN, "1102.29"), payer_control_number="A2"),
)


def test_claim_answered_line_by_line_in_two_remit_claims_is_one_claim(site):
    says(site.line("APART"), allowed_usd="15064.63", gap_usd="0.00", outcome="paid")
    says(site.line("APART", 2), allowed_usd="1102.29", gap_usd="0.00", outcome="paid")
    assert site.table("claim_line_outcomes").filter(claim_id="APART").height == 2


RECODED = allowed(drug(), "60.00", original_hcpcs="J1324", original_units=90, paid_units=18)
MAIL.settle("RECODED", drug(), replace(RECODED, hcpcs="J3490"))


def test_line_paid_under_another_code_is_compared_as_billed(site):
    line = site.line("RECODED")
    says(line, hcpcs="J1324", remit_hcpcs="J3490", expected_allowed_usd="66.83")
    # Units of another code are no units of this one.
    says(line, shortfall_usd="6.83", paid_units=None)


MAIL.bill("CROSSED", drug())
MAIL.pay(MAR_1, answer("CROSSED", at_contract(drug()), status="19"))
MAIL.pay(
    MAR_18,
    answer(
        "CROSSED",
        answered(drug(), cas("OA-23", "166.63")),
        status="2",
        payer_control_number="B-CROSSED",
    ),
    plan=BIRCH,
)


def test_crossed_over_secondary_answers_the_claim_it_was_never_sent(site):
    says(site.line("CROSSED"), payer_id="alder", paid_usd="53.46", gap_usd="0.00")
    secondary = site.line("CROSSED", payer_rank="secondary")
    says(secondary, payer_id="birch", paid_usd="13.37", gap_usd=None, outcome="paid")


MAIL.bill("NOPAY2", drug())
MAIL.pay(MAR_1, answer("NOPAY2", at_contract(drug()), status="19"))
NOTHING_LEFT = answered(drug(), cas("OA-23", "166.63"), cas("CO-45", "13.37"))
MAIL.pay(MAR_18, answer("NOPAY2", NOTHING_LEFT, status="2"), plan=BIRCH)


def test_secondary_that_owes_nothing_after_the_primary_denies_nothing(site):
    secondary = site.line("NOPAY2", payer_rank="secondary")
    says(secondary, outcome="paid", denial_class=None, denied_expected_usd="0.00")


TWINS = [drug(line_control_number=f"L{number}") for number in (1, 2)]
MAIL.bill("TWINS", *TWINS)
MAIL.pay(
    MAR_1,
    answer(
        "TWINS",
        allowed(TWINS[1], "60.00", line_control_number="L2"),
        allowed(TWINS[0], "66.83", line_control_number="L1"),
    ),
)


def test_equal_lines_are_told_apart_by_their_control_numbers(site):
    says(site.line("TWINS", 1), allowed_usd="66.83", match_method="line_control_number")
    says(site.line("TWINS", 2), allowed_usd="60.00", shortfall_usd="6.83")


MAIL.bill("EXTRA", drug())
ADDED = answered(drug("96372", 1, "0.00"))
MAIL.pay(MAR_1, answer("EXTRA", at_contract(drug()), ADDED))


def test_line_the_payer_adds_is_kept_and_says_that_nobody_billed_it(site):
    says(site.line("EXTRA"), gap_usd="0.00")
    says(site.outcome("EXTRA", 2), billed_basis="remit_only", match_method="unmatched")
