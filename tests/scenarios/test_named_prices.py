"""The worked cases of prices by another path: another method, kind of claim, side of a date.

Each variant says in its comment what a naive tool would find in its place.
"""

from datetime import date
from decimal import Decimal

import pytest
from causes_site import LAST_YEAR, NOV_10, THIS_YEAR, causes_of, detail_of, of_limit, padcev
from scenario_site import (
    ALDER,
    FEB_10,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    answered,
    at_old_rate,
    base_terms,
    cas,
    drug,
    payers,
    publish,
    refreshed,
    says,
    term,
)

LIMIT, ASP = Plan("limit"), Plan("asp")
BY_TYPE = Plan("by_type")
ADVANTAGE = Plan("advantage", "medicare_advantage", "16")
CHARGES, PER_MG, TENTHS = Plan("charges"), Plan("per_mg"), Plan("tenths")
AMENDED, NO_WORD = Plan("amended"), Plan("no_word")
PLANS = (ALDER, LIMIT, ASP, BY_TYPE, ADVANTAGE, CHARGES, PER_MG, TENTHS, AMENDED, NO_WORD)
HOSPITAL = {"claim_type": "institutional", "place_of_service": "13"}
SIGNED_LATE = {"recorded_on": "2026-06-15", "effective_from": "2026-01-01"}
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    in_hospital = {"term_id": "BY-TYPE-HOSPITAL", "claim_type": "institutional"}
    reference = {
        **payers(*PLANS),
        "contract_terms": [
            *base_terms(),
            of_limit(LIMIT, "100"),
            term(ASP, "*", "6", method="asp_plus"),
            *base_terms(BY_TYPE),
            term(BY_TYPE, "J1324", "0.7150", **LAST_YEAR, **in_hospital),
            term(BY_TYPE, "J1324", "0.8000", **THIS_YEAR, **in_hospital),
            of_limit(ADVANTAGE, "104", "J9177", effective_through="2025-09-30"),
            of_limit(ADVANTAGE, "106", "J9177", effective_from="2025-10-01"),
            term(CHARGES, "*", "45", method="pct_of_charge"),
            term(PER_MG, "", "0.6173", drug="enfortumab vedotin-ejfv"),
            term(TENTHS, "J1324", "0.6173", price_decimals=2),
            term(AMENDED, "J1324", "0.7425", recorded_on="2023-01-01"),
            term(AMENDED, "J1324", "39", method="pct_of_charge", **SIGNED_LATE),
            of_limit(NO_WORD, "100", "J1454"),
            of_limit(NO_WORD, "100", "J9358"),
        ],
    }
    return publish(tmp_path_factory.mktemp("prices") / "site", MAIL, reference)


def in_hospital(number: str, line, *paid, plan: Plan = ALDER) -> None:
    """The same line on a hospital claim, answered 19 days after the service."""
    MAIL.bill(number, line, plan=plan, **HOSPITAL)
    day = date.fromordinal(line.service_date.toordinal() + 19)
    MAIL.pay(day, answer(number, *paid, place_of_service="13"), plan=plan)


# Case 1: the patient's share, and a half cent

FIFTEEN = padcev(15)
MAIL.settle("C01-COPAY", FIFTEEN, allowed(FIFTEEN, "551.15", cas("PR-3", "50.00")), plan=LIMIT)


def test_case_1_copay_under_a_limit_whose_product_ends_in_half_a_cent(site):
    line = site.line("C01-COPAY")
    # 15 x 36.743 = 551.145: half-even expects 551.14 and calls a cent overpaid.
    says(line, expected_allowed_usd="551.15", gap_usd="0.00", penny_usd="0.00")
    # Expected less paid would report 50.00.
    says(line, paid_usd="501.15", copay_usd="50.00", shortfall_usd="0.00", overpaid_usd="0.00")
    assert causes_of(site, "C01-COPAY") == []


MAIL.bill("C01-CLAIM", drug())
MAIL.pay(
    date(2026, 3, 1),
    answer("C01-CLAIM", allowed(drug(), "66.83"), adjustments=(cas("PR-2", "13.37"),)),
)


def test_case_1_patient_share_told_of_the_claim_and_not_of_the_line(site):
    line = site.line("C01-CLAIM")
    says(line, expected_allowed_usd="66.83", allowed_usd="66.83", paid_usd="53.46")
    says(line, coinsurance_usd="13.37", gap_usd="0.00", payer_owed_usd="0.00", ask_usd="0.00")


WARD = drug(revenue_code="0636")
in_hospital("C01-WARD", WARD, allowed(WARD, "66.83", cas("PR-1", "20.00"), cas("PR-2", "9.37")))


def test_case_1_deductible_and_coinsurance_on_a_hospital_claim(site):
    line = site.line("C01-WARD")
    # (66.83 - 20.00) x 20% = 9.366; expected less paid would report 29.37.
    says(line, claim_type="institutional", paid_usd="37.46", deductible_usd="20.00")
    says(line, allowed_usd="66.83", gap_usd="0.00", shortfall_usd="0.00", patient_owed_usd="0.00")


# Case 2: the old rate

in_hospital("C02-WARD", WARD, allowed(WARD, "64.35", cas("PR-3", "20.00")), plan=BY_TYPE)


def test_case_2_old_rate_of_the_hospital_is_not_held_against_the_office_rate(site):
    line = site.line("C02-WARD")
    # The office's 66.83 would find 2.48. A copay is a fixed sum: the patient owes no more of it.
    says(line, expected_allowed_usd="72.00", allowed_usd="64.35", gap_usd="7.65")
    says(line, payer_owed_usd="7.65", patient_owed_usd="0.00", term_id="BY-TYPE-HOSPITAL")
    assert causes_of(site, "C02-WARD") == [("superseded_term", "7.65")]
    assert "term BY-TYPE-HOSPITAL" in detail_of(site, "C02-WARD", "superseded_term")


MAIL.settle("C02-COPAY", drug(), allowed(drug(), "64.35", cas("PR-3", "64.35")))
MAIL.settle(
    "C02-BOTH", drug(), allowed(drug(), "64.35", cas("PR-1", "50.00"), cas("PR-3", "14.35"))
)


@pytest.mark.parametrize("number", ["C02-COPAY", "C02-BOTH"])
def test_case_2_old_rate_that_the_patient_s_copay_took_whole_is_not_asked_of_the_payer(
    site, number
):
    # A copay that ends at the allowed amount was cut down to it: more would be the patient's.
    line = site.line(number)
    says(line, shortfall_usd="2.48", patient_owed_usd="2.48", payer_owed_usd="0.00")
    says(line, ask_usd="0.00", outcome="paid")
    assert causes_of(site, number) == [("superseded_term", "2.48")]


OLD_PERCENT = allowed(padcev(), "15667.22", cas("PR-2", "3133.44"))
MAIL.settle("C02-PCT", padcev(), OLD_PERCENT, plan=ADVANTAGE)


def test_case_2_old_percent_of_a_medicare_advantage_plan_is_shared_by_its_own_twenty(site):
    line = site.line("C02-PCT")
    # 106% and 104% of 15,064.63. By Medicare's 19.401% the payer would owe 335.84.
    says(line, expected_allowed_usd="15968.51", gap_usd="301.29", shortfall_usd="301.29")
    says(line, payer_owed_usd="241.03", patient_owed_usd="60.26", ask_usd="241.03")
    assert causes_of(site, "C02-PCT") == [("superseded_term", "301.29")]


# Case 5: the side of a date

for number, day, paid in (
    ("C05-LAST", date(2025, 12, 31), "64.35"),
    ("C05-FIRST", date(2026, 1, 1), "64.35"),
):
    LINE = drug(service_date=day)
    MAIL.bill(number, LINE)
    MAIL.pay(date(2026, 2, 5), answer(number, allowed(LINE, paid)))


def test_case_5_fixed_rate_of_the_service_date_holds_though_payment_comes_a_year_later(site):
    # By the payment's date 66.83 would be expected and 2.48 missing.
    says(site.line("C05-LAST"), expected_allowed_usd="64.35", gap_usd="0.00")
    says(site.line("C05-FIRST"), expected_allowed_usd="66.83", gap_usd="2.48")
    assert causes_of(site, "C05-LAST") == []
    assert causes_of(site, "C05-FIRST") == [("superseded_term", "2.48")]


for number, first, last in (
    ("C05-OVER", date(2025, 12, 31), date(2026, 1, 1)),
    ("C05-WITHIN", date(2025, 12, 30), date(2025, 12, 31)),
):
    LINE = drug("J9271", 200, "30000.00", service_date=first, service_through_date=last)
    MAIL.settle(number, LINE, allowed(LINE, "11945.20"), plan=LIMIT)


def test_case_5_days_on_both_sides_of_a_quarter_have_no_one_price(site):
    line = site.line("C05-OVER")
    # At the first day's 60.291 it would be 113.00 short, at the last day's 59.726 a match.
    says(line, expected_allowed_usd=None, gap_usd=None, shortfall_usd="0.00", ask_usd="0.00")
    says(line, pricing_basis="not priced: service dates span two prices")
    says(site.line("C05-WITHIN"), expected_allowed_usd="12058.20", gap_usd="113.00")
    assert causes_of(site, "C05-WITHIN") == [("other_quarter_price", "113.00")]
    assert "J9271 limit 2026Q1" in detail_of(site, "C05-WITHIN", "other_quarter_price")


# Case 13: an amendment back in time

for number, day, paid in (
    ("C13-METHOD", FEB_10, "66.83"),
    ("C13-BEFORE", date(2025, 12, 31), "66.83"),
    ("C13-PAID", FEB_10, "70.20"),
):
    LINE = drug(service_date=day)
    MAIL.settle(number, LINE, allowed(LINE, paid), plan=AMENDED)


def test_case_13_amendment_to_another_method_is_owed_from_its_first_day_on(site):
    line = site.line("C13-METHOD")
    says(line, expected_allowed_usd="70.20", gap_usd="3.37", shortfall_usd="3.37")
    assert causes_of(site, "C13-METHOD") == [("superseded_term", "3.37")]
    said = detail_of(site, "C13-METHOD", "superseded_term")
    assert "the term in force was recorded 2026-06-15" in said
    # The day before the amendment begins, and the claim paid as amended.
    says(site.line("C13-BEFORE"), expected_allowed_usd="66.83", gap_usd="0.00")
    says(site.line("C13-PAID"), expected_allowed_usd="70.20", gap_usd="0.00")


def test_case_13_before_it_is_signed_nobody_is_blamed_by_the_other_method(site):
    in_march = refreshed(site.folder.root, as_of=date(2026, 3, 31))
    says(in_march.line("C13-METHOD"), expected_allowed_usd="66.83", gap_usd="0.00", ask_usd="0.00")
    says(in_march.line("C13-PAID"), expected_allowed_usd="66.83", overpaid_usd="3.37")
    assert causes_of(in_march, "C13-METHOD") == []


# Case 20: rounded once, at the line, half away from zero

MAIL.settle("C20-LIMIT", FIFTEEN, allowed(FIFTEEN, "551.14"), plan=LIMIT)
MAIL.settle("C20-ASP", FIFTEEN, allowed(FIFTEEN, "551.15"), plan=ASP)
ODD = drug(charge="100.10")
MAIL.settle("C20-CHARGE", ODD, allowed(ODD, "45.05"), plan=CHARGES)


@pytest.mark.parametrize(
    ("number", "expected", "gap"),
    [
        ("C20-LIMIT", "551.15", "0.01"),
        ("C20-ASP", "551.15", "0.00"),  # (100 + 6) / 106 is divided last, and ends in half a cent
        ("C20-CHARGE", "45.05", "0.00"),  # 100.10 x 45% = 45.045
    ],
)
def test_case_20_half_a_cent_goes_up_whatever_names_the_price(site, number, expected, gap):
    line = site.line(number)
    # The payer that rounds half-even is a cent below, which is a match and not a gap.
    says(line, expected_allowed_usd=expected, gap_usd=gap, penny_usd=gap, match_basis="line")
    says(line, shortfall_usd="0.00", overpaid_usd="0.00")
    assert causes_of(site, number) == []


FIFTY_MG = {"J1324": 50, "J9177": 200}
for hcpcs, units in FIFTY_MG.items():
    LINE = drug(hcpcs, units, service_date=NOV_10)
    MAIL.settle(f"C20-{hcpcs}", LINE, allowed(LINE, "30.87"), plan=PER_MG)
FIFTY = drug(units=50)
MAIL.settle("C20-TENTHS", FIFTY, allowed(FIFTY, "30.87"), plan=TENTHS)


def test_case_20_fifty_milligrams_are_the_same_half_cent_in_either_code(site):
    for hcpcs in FIFTY_MG:
        says(site.line(f"C20-{hcpcs}"), expected_allowed_usd="30.87", gap_usd="0.00")


def test_case_20_unit_price_rounded_first_is_right_only_where_the_contract_says_so(site):
    line = site.line("C20-TENTHS")
    says(line, expected_allowed_usd="31.00", gap_usd="0.13", shortfall_usd="0.13")


# Case 26: a limit stated again

ENHERTU = drug("J9358", 100, "9000.00", service_date=date(2024, 2, 6))
for number, paid_on in (("C26-BEFORE", date(2024, 3, 31)), ("C26-AFTER", date(2024, 4, 1))):
    MAIL.bill(number, ENHERTU, plan=NO_WORD)
    MAIL.pay(paid_on, answer(number, allowed(ENHERTU, "2724.00")), plan=NO_WORD)


def test_case_26_without_a_word_on_it_the_limit_known_on_the_day_of_payment_counts(site):
    # REAL: 27.240 published 2023-12-12, 27.310 by its note updated in April 2024.
    says(site.line("C26-BEFORE"), expected_allowed_usd="2724.00", gap_usd="0.00")
    says(site.line("C26-AFTER"), expected_allowed_usd="2731.00", shortfall_usd="7.00")
    assert causes_of(site, "C26-BEFORE") == []
    assert causes_of(site, "C26-AFTER") == [("other_quarter_price", "7.00")]
    said = detail_of(site, "C26-AFTER", "other_quarter_price")
    assert "J9358 limit 2024Q1, first published 2023-12-12" in said


NETUPITANT = drug("J1454", 1, "900.00", service_date=date(2024, 2, 6))
for number, paid_on in (("C26-EARLY", date(2024, 10, 31)), ("C26-LATE", date(2024, 11, 1))):
    MAIL.bill(number, NETUPITANT, plan=NO_WORD)
    MAIL.pay(paid_on, answer(number, allowed(NETUPITANT, "173.55")), plan=NO_WORD)


def test_case_26_restatement_whose_day_is_an_estimate_accuses_nobody(site):
    # REAL: 173.545 published 2023-12-12, 694.178 in a file that was downloaded in November 2024.
    says(site.line("C26-EARLY"), expected_allowed_usd="173.55", gap_usd="0.00")
    late = site.line("C26-LATE")
    says(late, expected_allowed_usd="694.18", gap_usd=None, shortfall_usd="0.00")
    says(late, gap_basis="not compared: the date of a restatement is estimated")
    assert "published about 2024-11-01" in late["pricing_basis"]
    assert causes_of(site, "C26-LATE") == []


MAIL.bill("C26-TAKEN", ENHERTU, plan=NO_WORD)
MAIL.pay(
    date(2024, 3, 1),
    answer("C26-TAKEN", answered(ENHERTU, cas("CO-16", "9000.00")), status="4"),
    plan=NO_WORD,
)
MAIL.pay(
    date(2024, 12, 2),
    answer("C26-TAKEN", allowed(ENHERTU, "2724.00"), payer_control_number="ICN2-C26"),
    plan=NO_WORD,
)


def test_case_26_first_answer_that_allowed_something_decides(site):
    # A denial has no price: by the day of the second answer the restatement was published.
    line = site.line("C26-TAKEN")
    says(line, outcome="paid", expected_allowed_usd="2731.00", gap_usd="7.00")


# Case 30: the unit price rounded, beside the old rate

MAIL.settle("C30-BOTH", drug(), at_old_rate(drug()))


def test_case_30_old_rate_that_a_rounding_does_not_reach_stays_the_old_rate(site):
    # 0.7425 rounded to one decimal would allow 63.00, to two 66.60: neither is 64.35.
    assert causes_of(site, "C30-BOTH") == [("superseded_term", "2.48")]
    assert "also fits" not in detail_of(site, "C30-BOTH", "superseded_term")


def test_causes_of_these_variants_sum_to_their_gaps(site):
    causes = site.table("underpayment_causes")["gap_usd"].sum()
    lines = site.table("drug_line_outcomes")
    assert causes == lines["shortfall_usd"].sum() - lines["overpaid_usd"].sum() != Decimal(0)
