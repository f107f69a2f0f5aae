"""The worked cases of units by another path: what counts as evidence, what was denied of a line.

Each variant says in its comment what a naive tool would find in its place.
"""

from dataclasses import replace
from datetime import date

import pytest
from causes_site import LAST_YEAR, THIS_YEAR, causes_of, detail_of, of_limit, padcev
from scenario_site import (
    ALDER,
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

LIMIT, BY_DRUG = Plan("limit"), Plan("by_drug")
CAPPED = Plan("capped")
PLANS = (ALDER, LIMIT, BY_DRUG, CAPPED)
NINE_OF_NINETY = {"paid_units": 9, "original_units": 90}
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    padcevs = {"drug": "enfortumab vedotin-ejfv", "term_id": "BY-DRUG"}
    reference = {
        **payers(*PLANS),
        "contract_terms": [
            *base_terms(),
            of_limit(LIMIT, "100"),
            term(BY_DRUG, "", "140.00", **LAST_YEAR, **padcevs),
            term(BY_DRUG, "", "150.00", **THIS_YEAR, **padcevs),
            *base_terms(CAPPED, charge_cap="line"),
        ],
    }
    return publish(tmp_path_factory.mktemp("units") / "site", MAIL, reference)


# Case 15: units cut on the remit

MAIL.settle("C15-SUM", drug(), allowed(drug(), "6.68", paid_units=9))
MAIL.settle("C15-HUNDRED", drug(units=100), allowed(drug(units=100), "6.68", **NINE_OF_NINETY))


def test_case_15_allowed_amount_that_is_the_rate_times_the_units_is_evidence(site):
    line = site.line("C15-SUM")
    # Without SVC07; priced on the nine units nothing would be missing.
    says(line, paid_units="9.000", expected_allowed_usd="66.83", gap_usd="60.15")
    assert causes_of(site, "C15-SUM") == [("units_reduced", "60.15")]
    # SVC07 says another number than was billed: 9 x 0.7425 alone is still the evidence.
    says(site.line("C15-HUNDRED"), paid_units="9.000", gap_usd="67.57")
    assert causes_of(site, "C15-HUNDRED") == [("units_reduced", "67.57")]


SPLIT = drug(line_control_number="L1")
PARTS = [
    allowed(
        drug(units=units, charge=charge),
        usd,
        original_units=of,
        paid_units=units,
        line_control_number="L1",
    )
    for units, of, charge, usd in ((5, 50, "100.00", "3.71"), (4, 40, "80.00", "2.97"))
]
MAIL.bill("C15-SPLIT", SPLIT)
MAIL.pay(MAR_1, answer("C15-SPLIT", *PARTS))


def test_case_15_units_of_a_line_answered_in_two_are_added(site):
    line = site.line("C15-SPLIT")
    # Each part against the whole line would be short twice.
    says(line, paid_units="9.000", allowed_usd="6.68", gap_usd="60.15", charge_usd="180.00")
    assert causes_of(site, "C15-SPLIT") == [("units_reduced", "60.15")]
    assert "9 of 90" in detail_of(site, "C15-SPLIT", "units_reduced")


MAIL.pay(
    MAR_1,
    answer("C15-REMIT", allowed(drug(), "6.68", cas("PR-2", "1.34"), **NINE_OF_NINETY)),
)


def test_case_15_remit_without_its_claim_says_what_was_billed_in_svc07(site):
    line = site.line("C15-REMIT")
    says(line, billed_basis="remit_only", billed_units="90.000", paid_units="9.000")
    says(line, gap_usd="60.15", payer_owed_usd="48.12", patient_owed_usd="12.03")
    assert causes_of(site, "C15-REMIT") == [("units_reduced", "60.15")]


MAIL.settle(
    "C15-LIMIT",
    padcev(),
    allowed(padcev(), "14697.20", paid_units=400, original_units=410),
    plan=LIMIT,
)


def test_case_15_units_cut_under_a_limit_are_worth_the_limit(site):
    # 410 and 400 x 36.743, each rounded.
    says(site.line("C15-LIMIT"), gap_usd="367.43", paid_units="400.000")
    assert causes_of(site, "C15-LIMIT") == [("units_reduced", "367.43")]


# Case 28: an absent unit count

MAIL.settle("C28-FIXED", drug(), replace(at_contract(drug()), paid_units=None))
MAIL.settle("C28-SHORT", drug(), replace(at_old_rate(drug()), paid_units=None))
MAIL.settle("C28-ZERO", drug(), replace(at_old_rate(drug()), paid_units=0, original_units=90))
MAIL.settle(
    "C28-ORIGINAL", drug(), replace(at_contract(drug()), paid_units=None, original_units=90)
)


@pytest.mark.parametrize("number", ["C28-FIXED", "C28-ORIGINAL"])
def test_case_28_absent_count_under_a_fixed_rate_is_no_unit_paid(site, number):
    line = site.line(number)
    # Read as one unit, 66.09 would be missing.
    says(line, paid_units=None, allowed_usd="66.83", gap_usd="0.00", shortfall_usd="0.00")
    assert causes_of(site, number) == []


@pytest.mark.parametrize("number", ["C28-SHORT", "C28-ZERO"])
def test_case_28_absent_count_leaves_the_gap_to_its_price(site, number):
    # Zero on a line that was paid states no count: as units it would be 66.83 and -64.35.
    says(site.line(number), paid_units=None, gap_usd="2.48", payer_owed_usd="1.98")
    assert causes_of(site, number) == [("superseded_term", "2.48")]


ONE_UNTOLD = [
    replace(part, paid_units=units, adjustments=(cas("CO-45", cut),))
    for part, units, cut in zip(PARTS, (50, None), ("62.88", "50.29"), strict=True)
]
MAIL.bill("C28-SPLIT", SPLIT)
MAIL.pay(MAR_1, answer("C28-SPLIT", *ONE_UNTOLD))


def test_case_28_count_absent_on_one_of_two_parts_is_absent(site):
    line = site.line("C28-SPLIT")
    # The fifty units of the other part alone would be 40 too few.
    says(line, paid_units=None, allowed_usd="66.83", gap_usd="0.00")


WARD = drug(revenue_code="0636")
MAIL.bill("C28-WARD", WARD, claim_type="institutional", place_of_service="13")
MAIL.pay(MAR_1, answer("C28-WARD", replace(at_contract(WARD), paid_units=None)))
MAIL.pay(MAR_1, answer("C28-REMIT", replace(at_contract(drug()), paid_units=None)))


def test_case_28_hospital_claim_keeps_its_billed_units(site):
    line = site.line("C28-WARD")
    says(line, claim_type="institutional", billed_units="90.000", paid_units=None, gap_usd="0.00")


def test_case_28_with_remits_alone_no_count_is_no_price_and_not_one_unit(site):
    line = site.line("C28-REMIT")
    # One unit at 0.7425 would be overpaid by 66.09.
    says(line, billed_units=None, expected_allowed_usd=None, gap_usd=None, overpaid_usd="0.00")
    says(line, pricing_basis="not priced: units not stated", allowed_usd="66.83")


# Case 33: partial denial

CUT = cas("CO-45", "11.32")
MAIL.settle(
    "C33-PATIENT",
    drug(),
    answered(drug(), cas("PR-119", "162.00", 81), CUT, **NINE_OF_NINETY),
)


def test_case_33_part_denied_to_the_patient_is_denied_and_no_patient_share(site):
    line = site.line("C33-PATIENT")
    # Read as patient share it would allow 168.68 and call 101.85 overpaid.
    says(line, outcome="partly_denied", liability="patient", patient_usd="0.00")
    says(line, allowed_usd="6.68", gap_usd="60.15", denied_expected_usd="60.14")
    says(line, shortfall_usd="0.01", overpaid_usd="0.00", final_reason="PR-119")
    assert causes_of(site, "C33-PATIENT") == [("rounding", "0.01")]


OF_LIMIT = cas("CO-151", "12073.17", 110), cas("CO-45", "21903.93")
MAIL.settle(
    "C33-LIMIT",
    padcev(),
    answered(padcev(), *OF_LIMIT, paid_units=300, original_units=410),
    plan=LIMIT,
)


def test_case_33_part_denied_under_a_limit_takes_the_whole_gap(site):
    line = site.line("C33-LIMIT")
    # 110 x 36.743 of 15,064.63; units_reduced beside it would count 4,041.73 twice.
    says(line, allowed_usd="11022.90", gap_usd="4041.73", denied_expected_usd="4041.73")
    says(line, shortfall_usd="0.00", payer_owed_usd="0.00", ask_usd="0.00")
    assert causes_of(site, "C33-LIMIT") == []


TOO_MANY = cas("CO-151", "170.00", 85), cas("CO-45", "3.32")
TWO_REASONS = cas("CO-151", "82.00", 41), cas("CO-50", "80.00"), CUT
for number, cuts in (("C33-MORE", TOO_MANY), ("C33-REASONS", TWO_REASONS)):
    MAIL.settle(number, drug(), answered(drug(), *cuts, **NINE_OF_NINETY))


def test_case_33_denied_part_is_at_most_the_gap(site):
    # 85 x 0.7425 = 63.11 of which 60.15 are missing.
    says(site.line("C33-MORE"), denied_expected_usd="60.15", shortfall_usd="0.00")
    assert causes_of(site, "C33-MORE") == []


def test_case_33_reasons_without_a_quantity_follow_their_charge_all_of_them(site):
    line = site.line("C33-REASONS")
    # 41 units alone would be 30.44 and leave 29.71 short.
    says(line, denied_expected_usd="60.14", shortfall_usd="0.01", final_reason="CO-151")


CHEAP = drug(charge="60.00")
HALF = cas("CO-151", "30.00", 45)
MAIL.settle("C33-CAPPED", CHEAP, answered(CHEAP, HALF, paid_units=45, original_units=90),
            plan=CAPPED)  # fmt: skip


def test_case_33_denied_units_of_a_line_cut_by_its_charge_are_the_gap_and_no_more(site):
    line = site.line("C33-CAPPED")
    # 45 x 0.7425 = 33.41 of a line worth its charge of 60.00, of which 30.00 were allowed.
    says(line, expected_allowed_usd="60.00", gap_usd="30.00", denied_expected_usd="30.00")
    says(line, shortfall_usd="0.00", charge_limited_usd="6.83")


# Case 34: units and price together

EIGHTY = {"paid_units": 80, "original_units": 90}
MAIL.settle("C34-SHARE", drug(), allowed(drug(), "57.20", cas("PR-2", "11.44"), **EIGHTY))


def test_case_34_two_causes_of_one_gap_are_shared_with_the_patient_once(site):
    line = site.line("C34-SHARE")
    # 20% of 66.83 is 13.37, of 57.20 it was 11.44.
    says(line, gap_usd="9.63", patient_owed_usd="1.93", payer_owed_usd="7.70")
    found = [("superseded_term", "2.20"), ("units_reduced", "7.43")]
    assert causes_of(site, "C34-SHARE") == found


SPRING = padcev(400, date(2026, 2, 10))
MAIL.settle(
    "C34-DRUG",
    SPRING,
    allowed(SPRING, "13300.00", paid_units=380, original_units=400),
    plan=BY_DRUG,
)
MAIL.settle("C34-ONE", padcev(400), allowed(padcev(400), "13300.00", paid_units=380,
            original_units=400), plan=BY_DRUG)  # fmt: skip


def test_case_34_rate_per_milligram_cut_in_units_and_price(site):
    # 100 mg at 150.00; 95 mg, and the 140.00 of last year.
    says(site.line("C34-DRUG"), expected_allowed_usd="15000.00", gap_usd="1700.00")
    found = [("superseded_term", "950.00"), ("units_reduced", "750.00")]
    assert causes_of(site, "C34-DRUG") == found
    # In last year's service date 140.00 is the rate: the units alone are missing.
    says(site.line("C34-ONE"), expected_allowed_usd="14000.00", gap_usd="700.00")
    assert causes_of(site, "C34-ONE") == [("units_reduced", "700.00")]
