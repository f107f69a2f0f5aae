"""The worked cases of whose claim it is by another path: ranks of payers, halves of a split claim.

Each variant says in its comment what a naive tool would find in its place.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from scenario_site import (
    ALDER,
    APR_1,
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

CEDAR, SPLITS = Plan("cedar"), Plan("splits")
MAR_18 = date(2026, 3, 18)
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(ALDER, BIRCH, CEDAR, SPLITS),
        "contract_terms": [
            *base_terms(),
            *base_terms(BIRCH),
            term(SPLITS, "J9271", "240.00"),
        ],
    }
    return publish(tmp_path_factory.mktemp("claims") / "site", MAIL, reference)


# Case 9: later payers

MAIL.settle("C09-THREE", drug(), at_contract(drug()))
for plan, rank, status, before, paid in (
    (BIRCH, "S", "2", "166.63", "10.00"), (CEDAR, "T", "3", "176.63", "3.37")
):  # fmt: skip
    MAIL.bill("C09-THREE", drug(), plan=plan, payer_rank=rank, submitted_date=date(2026, 3, 5))
    REST = Decimal("180.00") - Decimal(before) - Decimal(paid)
    CUTS = (cas("OA-23", before), *([cas("PR-2", REST)] if REST else ()))
    LATER = answer(
        "C09-THREE", answered(drug(), *CUTS), status=status,
        payer_control_number=f"{rank}-C09",
    )  # fmt: skip
    MAIL.pay(MAR_18 if rank == "S" else APR_1, LATER, plan=plan)


def test_case_9_third_payer_completes_what_two_have_left(site):
    found = [site.line("C09-THREE", payer_rank=rank) for rank in ("secondary", "tertiary")]
    for line, paid in zip(found, ("10.00", "3.37"), strict=True):
        # Priced as a primary, 56.83 and 63.46 would be missing.
        says(line, paid_usd=paid, gap_usd=None, shortfall_usd="0.00", expected_allowed_usd=None)
    primary = site.line("C09-THREE")
    says(primary, gap_usd="0.00", paid_usd="53.46")
    assert sum((line["paid_usd"] for line in found), primary["paid_usd"]) == Decimal("66.83")


SECOND_ONLY = answered(drug(), cas("OA-23", "166.63"))
MAIL.bill("C09-ALONE", drug(), plan=BIRCH, payer_rank="S")
MAIL.pay(MAR_18, answer("C09-ALONE", SECOND_ONLY, status="1"), plan=BIRCH)
MAIL.bill("C09-CLAIMED", drug(), plan=BIRCH)
MAIL.pay(MAR_18, answer("C09-CLAIMED", SECOND_ONLY, status="1"), plan=BIRCH)
MAIL.pay(MAR_18, answer("C09-REMIT", SECOND_ONLY, status="2"), plan=BIRCH)


def test_case_9_claim_sent_as_second_stays_second_though_the_payer_answers_as_first(site):
    line = site.line("C09-ALONE", payer_rank="secondary")
    says(line, paid_usd="13.37", prior_payer_usd="166.63", gap_usd=None, shortfall_usd="0.00")


def test_case_9_claim_sent_as_first_and_paid_after_another_accuses_nobody(site):
    line = site.line("C09-CLAIMED")
    # 66.83 - 13.37 would be missing of a payer that paid all that another had left.
    says(line, expected_allowed_usd="66.83", paid_usd="13.37", gap_usd=None, ask_usd="0.00")
    says(line, gap_basis="not compared: another payer paid first (OA-23)", shortfall_usd="0.00")


def test_case_9_remit_of_a_second_payer_without_its_claim_has_no_gap(site):
    line = site.line("C09-REMIT", payer_rank="secondary")
    says(line, billed_basis="remit_only", paid_usd="13.37", gap_usd=None, shortfall_usd="0.00")


WHOLE = {"charge_usd": "180.00", "paid_usd": "13.37", "adjustments": (cas("OA-23", "166.63"),)}
MAIL.settle("C09-WHOLE", drug(), at_contract(drug()))
MAIL.bill("C09-WHOLE", drug(), plan=BIRCH, payer_rank="S", submitted_date=date(2026, 3, 5))
MAIL.pay(
    MAR_18, answer("C09-WHOLE", status="2", payer_control_number="B-WHOLE", **WHOLE), plan=BIRCH
)
MAIL.settle("C09-SAME", drug(), at_contract(drug()))
MAIL.bill("C09-SAME", drug(), payer_rank="S", submitted_date=date(2026, 3, 5))
MAIL.pay(MAR_18, answer("C09-SAME", SECOND_ONLY, status="2", payer_control_number="S-SAME"))


@pytest.mark.parametrize("number", ["C09-WHOLE", "C09-SAME"])
def test_case_9_second_answer_of_the_whole_claim_or_of_the_same_payer_is_the_second(site, number):
    first, second = site.line(number), site.line(number, payer_rank="secondary")
    # Both answers of one payer added would be 80.20 allowed and 13.37 overpaid.
    says(first, paid_usd="53.46", allowed_usd="66.83", gap_usd="0.00", overpaid_usd="0.00")
    says(second, paid_usd="13.37", gap_usd=None, prior_payer_usd="166.63", shortfall_usd="0.00")


# Case 14: a claim split at the dollar limit

HALF = drug("J9271", 250, "60000.00")
AGAIN = replace(HALF, modifiers=("76",))


def answer_halves(number: str, *answers) -> None:
    """Two equal halves under one claim number, each answered in a remit claim of its own."""
    for place, (half, paid) in enumerate(zip((HALF, AGAIN), answers, strict=True)):
        MAIL.bill(number, half, plan=SPLITS)
        MAIL.pay(MAR_1, answer(number, paid, payer_control_number=f"ICN-{place}"), plan=SPLITS)


FULL = [allowed(half, "60000.00") for half in (HALF, AGAIN)]
answer_halves("C14-HALVES", *FULL)
answer_halves("C14-TURNED", *reversed(FULL))
answer_halves("C14-BARE", FULL[0], FULL[0])


@pytest.mark.parametrize("number", ["C14-HALVES", "C14-TURNED", "C14-BARE"])
def test_case_14_equal_halves_are_two_claims_each_with_an_answer_of_its_own(site, number):
    for claim_id in (f"{number}-20260210-1", f"{number}-20260210-2"):
        # Both answers on the first half would make 60,000.00 overpaid and leave the second open.
        says(site.line(claim_id), billed_units="250.000", allowed_usd="60000.00")
        says(site.line(claim_id), gap_usd="0.00", overpaid_usd="0.00", outcome="paid")


answer_halves("C14-SHORT", allowed(AGAIN, "50000.00"), FULL[0])


def test_case_14_half_paid_short_is_the_one_its_modifier_names(site):
    says(site.line("C14-SHORT-20260210-1"), allowed_usd="60000.00", gap_usd="0.00")
    says(site.line("C14-SHORT-20260210-2"), shortfall_usd="10000.00", modifiers="76")


BIG, SMALL = drug("J9271", 416, "99840.00"), drug("J9271", 84, "20160.00", modifiers=("76",))
MAIL.bill("C14-LINES", BIG, SMALL, plan=SPLITS)
MAIL.pay(
    MAR_1,
    answer("C14-LINES", allowed(BIG, "99840.00"), allowed(SMALL, "20160.00")),
    plan=SPLITS,
)
MAIL.settle("C14-A", BIG, allowed(BIG, "99840.00"), plan=SPLITS)
MAIL.settle("C14-B", SMALL, answered(SMALL, cas("OA-18", "20160.00")), plan=SPLITS)


def test_case_14_two_lines_of_one_claim_are_no_more_a_duplicate_than_two_claims(site):
    lines = [site.line("C14-LINES", number) for number in (1, 2)]
    assert sum((line["billed_units"] for line in lines), Decimal(0)) == 500
    for line in lines:
        says(line, outcome="paid", gap_usd="0.00", match_basis="line")


def test_case_14_half_that_the_payer_takes_for_a_duplicate_is_denied_and_at_stake(site):
    says(site.line("C14-A"), outcome="paid", gap_usd="0.00")
    line = site.line("C14-B")
    # Believed as a duplicate nothing would be missing.
    says(line, outcome="denied", denial_class="duplicate", denied_expected_usd="20160.00")
