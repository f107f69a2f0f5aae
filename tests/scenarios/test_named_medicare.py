"""The worked cases of Medicare by another path: deductible, sides of a date, office and hospital.

Payment limits marked REAL are rows of the shipped reference, published by CMS.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from causes_site import NOV_10, causes_of, of_limit, padcev
from scenario_site import (
    MEDICARE,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    answered,
    cas,
    drug,
    payers,
    publish,
    says,
    term,
)

ADVANTAGE = Plan("advantage", "medicare_advantage", "16")
FIRST = Plan("first")
JULY = date(2026, 7, 14)
PLANS = (MEDICARE, ADVANTAGE, FIRST)
HOSPITAL = {"claim_type": "institutional", "place_of_service": "13"}
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(*PLANS),
        "contract_terms": [
            of_limit(MEDICARE, "100", effective_from="2013-01-01"),
            of_limit(ADVANTAGE, "100", sequestration="yes"),
            term(FIRST, "J9355", "8.00"),
        ],
        # The official check allows 100.00; the copayment of J9303 is CMS's own.
        "payment_limits": [
            {
                "effective_quarter": "2026Q3",
                "hcpcs": "J1745",
                "published_on": "2026-06-25",
                "payment_limit": "10.000",
                "coinsurance_pct": "20",
            }
        ],
        "opps_status": [
            {
                "effective_from": "2026-07-01",
                "hcpcs": "J9303",
                "status_indicator": "K",
                "payment_rate": "182.189",
                "adjusted_copayment": "31.98",
                "published_on": "2026-06-25",
                "source": "made up",
            },
            {
                "effective_from": "2026-07-01",
                "hcpcs": "J9177",
                "status_indicator": "K",
                "payment_rate": "36.658",
                "adjusted_copayment": "7.13",
                "published_on": "2026-06-25",
                "source": "made up",
            },
        ],
    }
    return publish(tmp_path_factory.mktemp("medicare") / "site", MAIL, reference)


def settle(number: str, line, allows: str, *cuts, plan: Plan = MEDICARE, **parts) -> None:
    """A claim of one line, answered 11 days after the service."""
    MAIL.bill(number, line, plan=plan, **parts)
    day = date.fromordinal(line.service_date.toordinal() + 11)
    MAIL.pay(day, answer(number, allowed(line, allows, *cuts)), plan=plan)


def cheque(site: Published, claim_id: str, line_number: int = 1) -> dict[str, object]:
    return site.row("medicare_payments", claim_id=claim_id, line_number=line_number)


# Case 3: sequestration

HUNDRED = drug("J1745", 10, "200.00", service_date=JULY)
OFFICIAL = cas("PR-1", "50.00"), cas("PR-2", "10.00"), cas("CO-253", "0.80")
settle("C03-OFFICIAL", HUNDRED, "100.00", *OFFICIAL)


def test_case_3_official_check_approved_100_deductible_50_pays_39_20(site):
    line = site.line("C03-OFFICIAL")
    # Of the allowed amount 2% would be 2.00; paid plus patient share is a false 0.80 short.
    says(line, expected_allowed_usd="100.00", allowed_usd="100.00", gap_usd="0.00")
    says(line, paid_usd="39.20", sequestration_usd="0.80", unsupported_cut_usd="0.00")
    row = cheque(site, "C03-OFFICIAL")
    says(row, payment_check="agrees", expected_patient_usd="60.00", expected_paid_usd="39.20")
    says(row, expected_sequestration_usd="0.80", difference_usd="0.00")


# REAL limits of J9355; two percent is cut on every day, whatever the law takes.
for number, day, allows, coinsurance, cut in (
    ("MARCH", date(2022, 3, 31), "864.10", "172.82", "13.83"),
    ("APRIL", date(2022, 4, 1), "885.97", "177.19", "14.18"),
    ("JUNE", date(2022, 6, 30), "885.97", "177.19", "14.18"),
    ("JULY", date(2022, 7, 1), "866.07", "173.21", "13.86"),
):
    LINE = drug("J9355", 10, "2000.00", service_date=day)
    settle(f"C03-{number}", LINE, allows, cas("PR-2", coinsurance), cas("CO-253", cut))


@pytest.mark.parametrize(
    ("month", "granted_not"),
    [("MARCH", "13.83"), ("APRIL", "7.09"), ("JUNE", "7.09"), ("JULY", "0.00")],
)
def test_case_3_law_of_the_service_date_says_how_much_may_be_cut(site, month, granted_not):
    line = site.line(f"C03-{month}")
    # 0% of 691.28, 1% and 2% of 708.78, 2% of 692.86: a flat 2% would excuse every one of them.
    says(line, gap_usd="0.00", shortfall_usd="0.00", unsupported_cut_usd=granted_not)
    says(line, ask_usd=granted_not)


# REAL 104.199 in 2020Q2: 2% to 2020-04-30, nothing from May on.
OVERNIGHT = drug(
    "J9355", 10, "2000.00", service_date=date(2020, 4, 30),
    service_through_date=date(2020, 5, 1),
)  # fmt: skip
TWO_PERCENT = cas("PR-2", "208.40"), cas("CO-253", "16.67")
settle("C03-OFFICE", OVERNIGHT, "1041.99", *TWO_PERCENT)
settle("C03-WARD", replace(OVERNIGHT, revenue_code="0636"), "1041.99", *TWO_PERCENT, **HOSPITAL)


def test_case_3_hospital_is_cut_by_its_last_day_and_an_office_by_its_first(site):
    # By one rule for both, 16.67 would be asked of the wrong one.
    says(site.line("C03-OFFICE"), unsupported_cut_usd="0.00", gap_usd="0.00")
    says(site.line("C03-WARD"), unsupported_cut_usd="16.67", gap_usd="0.00", ask_usd="16.67")


KEYTRUDA = drug("J9271", 200, "30000.00", service_date=JULY)
CUT = cas("PR-2", "2425.80"), cas("CO-253", "194.06")
settle("C03-ADVANTAGE", KEYTRUDA, "12129.00", *CUT, plan=ADVANTAGE)
OLD_CODE = cas("PR-2", "2425.80"), cas("CO-223", "194.06")
settle("C03-223", KEYTRUDA, "12129.00", *OLD_CODE)


def test_case_3_advantage_plan_whose_contract_grants_the_cut_owes_nothing(site):
    line = site.line("C03-ADVANTAGE")
    says(line, gap_usd="0.00", sequestration_usd="194.06", unsupported_cut_usd="0.00")
    says(line, ask_usd="0.00", expected_allowed_usd="12129.00")
    assert site.table("medicare_payments").filter(claim_id="C03-ADVANTAGE").is_empty()


def test_case_3_cut_under_the_old_code_cuts_the_cheque_and_not_the_allowed_amount(site):
    says(site.line("C03-223"), allowed_usd="12129.00", gap_usd="0.00", shortfall_usd="0.00")
    says(site.line("C03-223"), payment_only_usd="194.06", paid_usd="9509.14")


settle("C03-UNCUT", KEYTRUDA, "12129.00", cas("PR-2", "2425.80"))


def test_case_3_cut_not_taken_is_a_cheque_above_the_law_and_no_gap(site):
    says(site.line("C03-UNCUT"), gap_usd="0.00", overpaid_usd="0.00", unsupported_cut_usd="0.00")
    row = cheque(site, "C03-UNCUT")
    says(row, payment_check="differs", expected_paid_usd="9509.14", difference_usd="-194.06")


# Case 4: coinsurance below twenty percent

VECTIBIX = drug("J9303", 60, "20000.00", service_date=JULY)
settle("C04-OFFICE", VECTIBIX, "10931.34", cas("PR-2", "1918.56"), cas("CO-253", "180.26"))
settle("C04-FLAT", VECTIBIX, "10931.34", cas("PR-2", "2186.27"), cas("CO-253", "174.90"))


def test_case_4_office_takes_the_limit_s_percent_where_a_hospital_takes_the_copayment(site):
    # REAL 17.551% of 10,931.34; the hospital's 60 x 31.98 is 1,918.80.
    row = cheque(site, "C04-OFFICE")
    says(row, payment_check="agrees", expected_coinsurance_usd="1918.56")
    says(row, expected_sequestration_usd="180.26", expected_paid_usd="8832.52")
    says(site.line("C04-OFFICE"), gap_usd="0.00", overpaid_usd="0.00", shortfall_usd="0.00")


def test_case_4_flat_twenty_percent_is_a_wrong_cheque_and_no_wrong_price(site):
    says(site.line("C04-FLAT"), gap_usd="0.00", shortfall_usd="0.00")
    row = cheque(site, "C04-FLAT")
    # The patient billed 267.71 too much, Medicare 262.35 too little in the cheque.
    says(row, payment_check="differs", expected_paid_usd="8832.52", difference_usd="262.35")


WARD = replace(VECTIBIX, revenue_code="0636")
SHORT = cas("PR-2", "1918.80"), cas("CO-253", "161.62")
settle("C04-SHORT", WARD, "10000.00", *SHORT, **HOSPITAL)


def test_case_4_hospital_paid_below_the_outpatient_rate_is_short_by_the_rate(site):
    line = site.line("C04-SHORT")
    says(line, expected_allowed_usd="10931.34", gap_usd="931.34", shortfall_usd="931.34")
    # The copayment is so much a unit and was taken in full: shared by 19.188% of what was
    # allowed the patient would be billed 178.71. The cheque lacks 931.34 less 2%.
    says(line, patient_owed_usd="0.00", payer_owed_usd="931.34", ask_usd="931.34")
    row = cheque(site, "C04-SHORT")
    says(row, payment_check="differs", expected_paid_usd="8832.29", difference_usd="912.71")
    says(row, expected_patient_usd="1918.80", expected_sequestration_usd="180.25")


HOUSE = drug("J1324", 100, "45000.00", service_date=JULY, revenue_code="0636")
HOUSE_CUTS = cas("PR-2", "2852.00"), cas("CO-253", "236.22")
settle("C04-HOUSE", HOUSE, "14663.20", *HOUSE_CUTS, **HOSPITAL)


def test_case_4_copayment_of_a_house_code_is_that_of_its_milligrams(site):
    # 100 mg are 400 units of J9177: 400 x 36.658 and 400 x 7.13, not 100 x 7.13.
    says(site.line("C04-HOUSE"), expected_allowed_usd="14663.20", gap_usd="0.00")
    row = cheque(site, "C04-HOUSE")
    says(row, payment_check="agrees", expected_patient_usd="2852.00", difference_usd="0.00")


STAY = replace(KEYTRUDA, revenue_code="0636")
settle("C04-STAY", STAY, "0.00", claim_type="institutional", place_of_service="11")


def test_case_4_drug_of_an_inpatient_stay_is_not_paid_by_the_drug(site):
    # At the limit 12,129.00 would stand at stake.
    line = site.line("C04-STAY")
    says(line, expected_allowed_usd=None, denied_expected_usd=None, ask_usd="0.00")
    says(line, pricing_basis="not priced: type of bill 11 is not paid by the drug")


# Case 23: two lines, each rounded

GIVEN = padcev()
THROWN = drug("J9177", 30, "3300.00", service_date=NOV_10, modifiers=("JW",))
ON_THE_CLAIM = cas("PR-2", "3136.55"), cas("CO-253", "260.61")
MAIL.bill("C23-CLAIM", GIVEN, THROWN, plan=MEDICARE)
MAIL.pay(
    date(2025, 12, 1),
    answer(
        "C23-CLAIM",
        allowed(GIVEN, "15064.63"),
        allowed(THROWN, "1102.29"),
        adjustments=ON_THE_CLAIM,
    ),
    plan=MEDICARE,
)


def test_case_23_coinsurance_and_cut_told_of_the_claim_come_to_the_same_lines(site):
    given, thrown = site.line("C23-CLAIM"), site.line("C23-CLAIM", 2)
    says(given, allowed_usd="15064.63", gap_usd="0.00", coinsurance_usd="2922.69")
    says(thrown, allowed_usd="1102.29", gap_usd="0.00", coinsurance_usd="213.86")
    says(given, paid_usd="11899.10", sequestration_usd="242.84", unsupported_cut_usd="0.00")
    says(thrown, paid_usd="870.66", sequestration_usd="17.77", unsupported_cut_usd="0.00")
    # On the total 12,769.77; at 20% 12,674.86.
    assert given["paid_usd"] + thrown["paid_usd"] == Decimal("12769.76")


LAST_OF_SEPTEMBER = padcev(day=date(2025, 9, 30))
settle(
    "C23-SEPT", LAST_OF_SEPTEMBER, "15031.83", cas("PR-2", "2894.23"), cas("CO-253", "242.75")
)  # fmt: skip
FIRST_OF_OCTOBER = padcev(day=date(2025, 10, 1))
settle("C23-OLD", FIRST_OF_OCTOBER, "15031.83", cas("PR-2", "2894.23"), cas("CO-253", "242.75"))
settle("C23-OCT", FIRST_OF_OCTOBER, "15031.83", cas("PR-2", "2916.33"), cas("CO-253", "242.31"))


def test_case_23_each_quarter_has_its_own_limit_and_its_own_coinsurance(site):
    # REAL: 36.663 at 19.254% to the end of September, 36.743 at 19.401% from October on.
    says(site.line("C23-SEPT"), expected_allowed_usd="15031.83", gap_usd="0.00")
    says(cheque(site, "C23-SEPT"), payment_check="agrees", expected_paid_usd="11894.85")
    line = site.line("C23-OCT")
    says(line, expected_allowed_usd="15064.63", gap_usd="32.80", shortfall_usd="32.80")
    # 19.401% of the limit is 2,922.69, of what was allowed 2,916.33.
    says(line, patient_owed_usd="6.36", payer_owed_usd="26.44")
    # Paid by the old quarter's 19.254% too, the payer owes 4.34 and not its part of 32.80.
    line = site.line("C23-OLD")
    says(line, shortfall_usd="32.80", patient_owed_usd="28.46", payer_owed_usd="4.34")
    says(cheque(site, "C23-OLD"), payment_check="differs", difference_usd="4.25")
    assert causes_of(site, "C23-OCT") == [("other_quarter_price", "32.80")]


settle("C23-ADVANTAGE", GIVEN, "14350.00", cas("PR-2", "2870.00"), plan=ADVANTAGE)


def test_case_23_advantage_plan_shares_a_gap_by_its_own_percent(site):
    line = site.line("C23-ADVANTAGE")
    # 20% of 15,064.63 less 2,870.00; Medicare's 19.401% would be less than was taken already.
    says(line, shortfall_usd="714.63", patient_owed_usd="142.93", payer_owed_usd="571.70")


# Case 9: Medicare pays second

SECOND = drug("J9355", 10, "100.00", service_date=JULY)
MAIL.bill("C09-MSP", SECOND, plan=FIRST)
MAIL.pay(
    date(2026, 7, 25),
    answer("C09-MSP", allowed(SECOND, "80.00", cas("PR-2", "20.00"))),
    plan=FIRST,
)
MAIL.bill("C09-MSP", SECOND, plan=MEDICARE, payer_rank="S", submitted_date=date(2026, 7, 28))
PAID_BEFORE = answered(SECOND, cas("OA-23", "80.00"), cas("CO-253", "0.40"))
MAIL.pay(
    date(2026, 8, 10),
    answer("C09-MSP", PAID_BEFORE, status="2", payer_control_number="M-C09"),
    plan=MEDICARE,
)


def test_case_9_medicare_as_second_payer_is_compared_with_no_price_of_its_own(site):
    says(site.line("C09-MSP"), paid_usd="60.00", expected_allowed_usd="80.00", gap_usd="0.00")
    second = site.line("C09-MSP", payer_rank="secondary")
    # min(80 - 60, 80, 100 - 60) = 20.00 less 2%; priced as a primary it would be far short.
    says(second, paid_usd="19.60", prior_payer_usd="80.00", gap_usd=None, shortfall_usd="0.00")
    says(second, unsupported_cut_usd="0.00", ask_usd="0.00", outcome="paid")
    says(second, pricing_basis="not priced: not the primary payer")
    assert site.table("medicare_payments").filter(claim_id="C09-MSP").is_empty()
