"""Which claim an answer belongs to: account numbers used again, split claims, payers in turn."""

from dataclasses import replace
from datetime import date

import pytest
from scenario_site import (
    ALDER,
    APR_1,
    BIRCH,
    FEB_10,
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
    says,
    term,
)

from analytics.synthetic.x12_writer import reversal_of

SPLITS = Plan("splits")
LIMIT = Plan("limit")
MAR_18 = date(2026, 3, 18)
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(ALDER, BIRCH, SPLITS, LIMIT),
        "contract_terms": [
            *base_terms(),
            *base_terms(BIRCH),
            term(SPLITS, "J9271", "240.00"),
            term(LIMIT, "*", "100", method="pct_of_limit"),
        ],
    }
    return publish(tmp_path_factory.mktemp("claims") / "site", MAIL, reference)


def bill_secondary(number: str) -> None:
    MAIL.bill(number, drug(), plan=BIRCH, payer_rank="S", submitted_date=date(2026, 3, 5))


def pay_secondary(number: str, **parts) -> None:
    rest = answered(drug(), cas("OA-23", "166.63"))
    found = answer(number, rest, status="2", payer_control_number=f"B-{number}")
    MAIL.pay(MAR_18, found, plan=BIRCH, **parts)


MAIL.settle("C09", drug(), at_contract(drug()))
bill_secondary("C09")
pay_secondary("C09")


def test_secondary_payment_is_no_gap_and_completes_the_claim(site):
    secondary = site.line("C09", payer_rank="secondary")
    # Priced as a primary, 66.83 - 13.37 = 53.46 would be missing.
    says(secondary, outcome="paid", paid_usd="13.37", gap_usd=None, shortfall_usd="0.00")
    says(secondary, expected_allowed_usd=None, pricing_basis="not priced: not the primary payer")
    says(secondary, prior_payer_usd="166.63", payer_id="birch")
    primary = site.line("C09")
    says(primary, paid_usd="53.46", gap_usd="0.00", payer_id="alder")
    assert str(primary["paid_usd"] + secondary["paid_usd"]) == "66.83"


bill_secondary("AHEAD")
pay_secondary("AHEAD", file="00-birch.835")
MAIL.bill("AHEAD", drug())
MAIL.pay(MAR_1, answer("AHEAD", at_contract(drug())), file="zz-alder.835")


def test_secondary_that_comes_first_in_the_files_is_still_the_secondary(site):
    says(site.line("AHEAD"), payer_id="alder", paid_usd="53.46", gap_usd="0.00")
    says(site.line("AHEAD", payer_rank="secondary"), payer_id="birch", paid_usd="13.37")


HALVES = {
    "C14A": drug("J9271", 416, "99840.00"),
    "C14B": drug("J9271", 84, "20160.00", modifiers=("76",)),
}
for number, half in HALVES.items():
    MAIL.settle(number, half, allowed(half, half.charge_usd), plan=SPLITS)
    MAIL.bill("SPLIT", half, plan=SPLITS)
    MAIL.pay(
        MAR_1,
        answer("SPLIT", allowed(half, half.charge_usd), payer_control_number=f"S-{number}"),
        plan=SPLITS,
    )


@pytest.mark.parametrize("claims", [("C14A", "C14B"), ("SPLIT-20260210-1", "SPLIT-20260210-2")])
def test_claim_split_at_the_dollar_limit_is_two_claims_paid_in_full(site, claims):
    first, second = (site.line(claim_id) for claim_id in claims)
    # The second half dropped as a duplicate would make 20,160.00 false.
    says(first, billed_units="416.000", allowed_usd="99840.00", gap_usd="0.00", outcome="paid")
    says(second, billed_units="84.000", allowed_usd="20160.00", gap_usd="0.00", outcome="paid")


VISITS = [drug("J9177", 410, "45000.00", service_date=date(2025, 11, day)) for day in (3, 24)]
for place, visit in enumerate(VISITS):
    MAIL.bill("C31", visit, plan=LIMIT)
    MAIL.pay(
        date(2025, 12, 20 + place),
        answer("C31", allowed(visit, "15064.63"), payer_control_number=f"ICN-C31-{place}"),
        plan=LIMIT,
    )


def test_one_account_number_on_two_visits_is_two_claims(site):
    for claim_id in ("C31-20251103", "C31-20251124"):
        # Netted to one claim it would be overpaid by 15,064.63.
        says(site.line(claim_id), expected_allowed_usd="15064.63", allowed_usd="15064.63")
        says(site.line(claim_id), outcome="paid", gap_usd="0.00", overpaid_usd="0.00")


MAIL.bill("C32", drug())
MAIL.pay(MAR_1, answer("C32", answered(drug(), cas("CO-27", "180.00")), status="4"))
MAIL.bill("C32", drug(), plan=BIRCH, submitted_date=date(2026, 3, 5))
MAIL.pay(MAR_18, answer("C32", at_contract(drug()), payer_control_number="B-C32"), plan=BIRCH)


def test_payer_switch_is_a_denial_of_one_and_a_payment_of_the_other(site):
    first = site.line("C32", payer_id="alder")
    says(first, outcome="denied", final_reason="CO-27", allowed_usd="0.00", paid_usd="0.00")
    says(first, denied_expected_usd="66.83", denial_class="benefit_or_eligibility")
    second = site.line("C32", payer_id="birch")
    says(second, outcome="paid", paid_usd="53.46", gap_usd="0.00", initial_outcome="paid")


def replace_claim(number: str, *lines, frequency: str = "7", original: str = "", **parts) -> None:
    later = {"submitted_date": date(2026, 3, 5), **parts}
    MAIL.bill(number, *lines, frequency=frequency, original_control_number=original, **later)


MAIL.settle("SEVEN", drug(), answered(drug(), cas("CO-4", "180.00")))
FIXED = drug(modifiers=("JZ",))
replace_claim("SEVEN", FIXED)
MAIL.pay(APR_1, answer("SEVEN", at_contract(FIXED), frequency="7", payer_control_number="NEW-7"))


def test_replacement_that_names_no_original_still_replaces_it(site):
    line = site.line("SEVEN")
    # Counted as two claims one line would stay denied and one charge would be billed twice.
    says(line, outcome="paid", initial_outcome="denied", allowed_usd="66.83", gap_usd="0.00")
    says(line, charge_usd="180.00", modifiers="JZ", denied_expected_usd="0.00")
    assert site.table("claim_line_outcomes").filter(claim_id="SEVEN").height == 1


MAIL.settle("NAMED", drug(), at_old_rate(drug()))
replace_claim("NAMED", drug(), original="ICN-NAMED")
MAIL.pay(APR_1, answer("NAMED", at_contract(drug()), frequency="7", payer_control_number="NEW-N"))


def test_replacement_without_a_reversal_ends_the_payment_it_names(site):
    # Payments of both submissions added would call 51.48 overpaid.
    says(site.line("NAMED"), paid_usd="53.46", allowed_usd="66.83", overpaid_usd="0.00")


MAIL.settle("VOID", drug(), at_contract(drug()))
replace_claim("VOID", drug(), frequency="8", original="ICN-VOID")
MAIL.pay(
    APR_1, reversal_of(answer("VOID", at_contract(drug()))), answer("FUNDS", at_contract(drug()))
)
MAIL.bill("FUNDS", drug())


def test_voided_claim_is_closed_and_neither_denied_nor_short(site):
    line = site.line("VOID")
    says(line, outcome="closed_unpaid", paid_usd="0.00", allowed_usd="0.00", gap_usd=None)
    says(line, shortfall_usd="0.00", denied_expected_usd="0.00", initial_outcome="paid")
    assert site.table("claim_line_outcomes").filter(claim_id="VOID").height == 1


WITH_WASTE = (drug(), drug(units=10, charge="20.00", modifiers=("JW",)))
MAIL.bill("DROP", *WITH_WASTE)
MAIL.pay(
    MAR_1,
    answer("DROP", at_contract(WITH_WASTE[0]), answered(WITH_WASTE[1], cas("CO-16", "20.00"))),
)
replace_claim("DROP", drug(), original="ICN-DROP")
MAIL.pay(APR_1, answer("DROP", at_contract(drug()), frequency="7", payer_control_number="NEW-D"))


def test_line_left_off_a_replacement_is_closed_unpaid(site):
    says(site.line("DROP"), outcome="paid", allowed_usd="66.83", gap_usd="0.00")
    dropped = site.line("DROP", 2)
    says(dropped, outcome="closed_unpaid", initial_outcome="denied", modifiers="JW")
    says(dropped, gap_usd=None, denied_expected_usd="0.00", ask_usd="0.00")


MAIL.settle("RESENT", drug(), at_contract(drug()))
MAIL.bill("RESENT", drug(), submitted_date=date(2026, 3, 5))
MAIL.pay(
    MAR_18,
    answer("RESENT", answered(drug(), cas("OA-18", "180.00")), payer_control_number="DUP-1"),
)


def test_claim_sent_twice_and_refused_once_as_duplicate_is_paid_once(site):
    line = site.line("RESENT")
    says(line, outcome="paid", initial_outcome="paid", charge_usd="180.00", allowed_usd="66.83")
    says(line, denial_class=None, gap_usd="0.00", submitted_date="2026-02-12")


MAIL.settle("DUP18", drug(), answered(drug(), cas("OA-18", "180.00")))


def test_duplicate_refusal_of_the_only_answer_is_a_denial(site):
    line = site.line("DUP18")
    says(line, outcome="denied", denial_class="duplicate", denied_expected_usd="66.83")


MAIL.pay(MAR_1, answer("STRANGER", at_contract(drug())))


def test_payment_of_a_claim_never_billed_here_is_kept_and_says_so(site):
    line = site.line("STRANGER")
    says(line, billed_basis="remit_only", billed_units="90.000", charge_usd="180.00")
    says(line, paid_usd="53.46", gap_usd="0.00")


OTHER_DAY = replace(at_contract(drug()), service_date=None)
MAIL.bill("UNDATED", drug())
MAIL.pay(MAR_1, answer("UNDATED", OTHER_DAY))


def test_answer_without_a_date_still_finds_its_line(site):
    says(site.line("UNDATED"), paid_usd="53.46", service_date=str(FEB_10), gap_usd="0.00")
