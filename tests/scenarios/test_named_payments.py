"""The worked cases of payments by another path: caps over a claim, corrections, take-backs.

Each variant says in its comment what a naive tool would find in its place.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from causes_site import NOV_10, causes_of, of_limit, padcev
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
    at_old_rate,
    base_terms,
    cas,
    drug,
    payers,
    publish,
    refreshed,
    says,
)

from analytics.synthetic.x12_writer import ProviderAdjustment, reversal_of

CAPS_CLAIMS, CAPS_LIMIT = Plan("caps_claims"), Plan("caps_limit")
LIMIT = Plan("limit")
PLANS = (ALDER, BIRCH, CAPS_CLAIMS, CAPS_LIMIT, LIMIT)
MAR_18 = date(2026, 3, 18)
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(*PLANS),
        "contract_terms": [
            *base_terms(),
            *base_terms(BIRCH),
            *base_terms(CAPS_CLAIMS, charge_cap="claim"),
            of_limit(CAPS_LIMIT, "100", charge_cap="claim"),
            of_limit(LIMIT, "100"),
        ],
    }
    return publish(tmp_path_factory.mktemp("payments") / "site", MAIL, reference)


# Case 6: the lesser of charge and rate, looked at over the claim

FEW, TWO = padcev(10), drug("J9271", 2, "200.00", service_date=NOV_10)
FEW = replace(FEW, charge_usd="300.00")
MAIL.bill("C06-LIMIT", FEW, TWO, plan=CAPS_LIMIT)
MAIL.pay(
    date(2025, 12, 1),
    answer("C06-LIMIT", allowed(FEW, "300.00"), allowed(TWO, "120.58")),
    plan=CAPS_LIMIT,
)


def test_case_6_claim_clause_under_limits_lets_one_charge_make_up_for_another(site):
    line, other = site.line("C06-LIMIT"), site.line("C06-LIMIT", 2)
    # 367.43 and 120.58 are below the 500.00 charged; a clause per line would find nothing.
    says(line, expected_allowed_usd="367.43", gap_usd="67.43", charge_limited_usd="0.00")
    says(other, expected_allowed_usd="120.58", gap_usd="0.00")
    assert causes_of(site, "C06-LIMIT") == [("rate_difference", "67.43")]


CHEAP, INJECTION = drug(charge="60.00"), drug("96372", 1, "30.00")
MAIL.bill("C06-DENIED", CHEAP, INJECTION, plan=CAPS_CLAIMS)
REFUSED = answered(INJECTION, cas("CO-197", "30.00"))
MAIL.pay(MAR_1, answer("C06-DENIED", allowed(CHEAP, "60.00"), REFUSED), plan=CAPS_CLAIMS)


def test_case_6_denied_line_is_capped_apart_from_the_lines_that_are_paid(site):
    line, injection = site.line("C06-DENIED"), site.outcome("C06-DENIED", 2)
    # 60.00 of 66.83 and 30.00 of 40.00; one cap of 90.00 over both would leave 56.30 and 33.70.
    says(line, expected_allowed_usd="60.00", gap_usd="0.00", charge_limited_usd="6.83")
    says(injection, outcome="denied", expected_allowed_usd="30.00", allowed_usd="0.00")


# Case 7: reversal, correction, interest

MAIL.bill("C07-ASOF", drug())
WRONG = answer("C07-ASOF", at_old_rate(drug()))
MAIL.pay(MAR_1, WRONG)
MAIL.pay(
    MAR_18,
    reversal_of(WRONG),
    answer("C07-ASOF", at_contract(drug()), payer_control_number="ICN2-C07"),
    provider_adjustments=(ProviderAdjustment("L6", "C07-ASOF", "-0.25"),),
    file="interest.835",
)


def test_case_7_correction_recovers_the_payer_s_part_and_says_when(site):
    line = site.line("C07-ASOF")
    # Still 2.48 open, or 104.94 paid, or with its interest 0.25 overpaid.
    says(line, paid_usd="53.46", gap_usd="0.00", overpaid_usd="0.00", ask_usd="0.00")
    says(line, recovered_usd="2.48", recovered_on="2026-03-18", initial_paid_usd="51.48")
    assert line["paid_usd"] - line["initial_paid_usd"] == Decimal("1.98")
    assert causes_of(site, "C07-ASOF") == []


def test_case_7_interest_told_beside_the_claims_alone_is_in_the_cheque_alone(site):
    says(site.line("C07-ASOF"), interest_usd="0.00", allowed_usd="66.83")
    balance = site.row("remit_balances", source_file="interest.835")
    says(balance, payment_usd="2.23", transaction_difference_usd="0.00", balanced=True)


def test_case_7_the_day_before_the_correction_the_gap_is_open(site):
    before = refreshed(site.folder.root, as_of=date(2026, 3, 17))
    says(before.line("C07-ASOF"), gap_usd="2.48", payer_owed_usd="1.98", recovered_usd="0.00")
    assert causes_of(before, "C07-ASOF") == [("superseded_term", "2.48")]


MAIL.settle("C07-SEVEN", padcev(), allowed(padcev(), "15031.83"), plan=LIMIT)
MAIL.bill(
    "C07-SEVEN", padcev(), plan=LIMIT, frequency="7", original_control_number="ICN-C07-SEVEN",
    submitted_date=date(2025, 12, 10),
)  # fmt: skip
FIRST = answer("C07-SEVEN", allowed(padcev(), "15031.83"))
MAIL.pay(
    date(2025, 12, 29),
    reversal_of(FIRST),
    answer(
        "C07-SEVEN", allowed(padcev(), "15064.63"), frequency="7",
        payer_control_number="ICN7-C07", interest_usd="4.10",
    ),
    plan=LIMIT, provider_adjustments=(ProviderAdjustment("L6", "C07-SEVEN", "-4.10"),),
    file="replaced.835",
)  # fmt: skip


def test_case_7_replacement_with_a_reversal_takes_the_payment_back_once(site):
    line = site.line("C07-SEVEN")
    # Ended by the replacement and cancelled by the reversal it is still taken out only once.
    says(line, paid_usd="15064.63", gap_usd="0.00", recovered_usd="32.80", interest_usd="4.10")
    says(line, recovered_on="2025-12-29", overpaid_usd="0.00", outcome="paid")
    says(site.row("remit_balances", source_file="replaced.835"), payment_usd="36.90")
    assert site.table("claim_line_outcomes").filter(claim_id="C07-SEVEN").height == 1


# Case 8: take-back of another claim

MAIL.settle("OLD8", drug(), at_contract(drug()))
MAIL.settle("OLD8-BIRCH", drug(), at_contract(drug()), plan=BIRCH)
for number, reason, reference, usd in (
    ("C08-CLAIM", "WO", "OLD8", "40.00"),  # the claim's own number in place of the payer's
    ("C08-BIRCH", "WO", "ICN-OLD8-BIRCH", "40.00"),  # a claim of another payer
    ("C08-LOST", "72", "NOT-OURS", "13.46"),
):
    MAIL.bill(number, drug())
    MAIL.pay(
        MAR_18,
        answer(number, at_contract(drug())),
        file=f"{number}.835",
        provider_adjustments=(ProviderAdjustment(reason, reference, usd),),
    )
MAIL.bill("C08-NOTHING", drug())
MAIL.pay(
    MAR_18,
    answer("C08-NOTHING", at_contract(drug())),
    file="C08-NOTHING.835",
    provider_adjustments=(
        ProviderAdjustment("WO", "ICN-OLD8", "60.00"),
        ProviderAdjustment("FB", "NEXT", "-6.54"),
    ),
)


@pytest.mark.parametrize(
    ("number", "linked", "cheque"),
    [
        ("C08-CLAIM", "OLD8", "13.46"),
        ("C08-BIRCH", None, "13.46"),
        ("C08-LOST", None, "40.00"),
    ],
)
def test_case_8_take_back_is_of_the_claim_it_names_with_that_payer(site, number, linked, cheque):
    # From the deposit the claim would be short by what was taken.
    says(site.line(number), paid_usd="53.46", gap_usd="0.00", shortfall_usd="0.00")
    taken = site.row("provider_adjustments", source_file=f"{number}.835")
    says(taken, linked_claim_id=linked)
    balance = site.row("remit_balances", source_file=f"{number}.835")
    says(balance, payment_usd=cheque, balanced=True)


def test_case_8_take_back_above_the_cheque_is_carried_forward_and_ties_at_nothing(site):
    says(site.line("C08-NOTHING"), paid_usd="53.46", gap_usd="0.00", outcome="paid")
    balance = site.row("remit_balances", source_file="C08-NOTHING.835")
    says(balance, payment_usd="0.00", transaction_difference_usd="0.00", balanced=True)
    found = site.table("provider_adjustments").filter(source_file="C08-NOTHING.835")
    told = dict(found.select("reason_code", "linked_claim_id").iter_rows())
    assert told == {"WO": "OLD8", "FB": None}
    # The claim taken back from was paid and keeps its outcome.
    says(site.line("OLD8"), paid_usd="53.46", gap_usd="0.00")
