"""Medicare arithmetic to the cent: its own coinsurance, sequestration, and the JZ it asks for.

Payment limits marked REAL are rows of the shipped reference, published by CMS.
"""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from scenario_site import (
    MEDICARE,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    cas,
    drug,
    payers,
    publish,
    says,
    term,
)

STRICT = Plan("strict", "medicare_ffs", "MB")
JULY = date(2026, 7, 14)
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    law = {"method": "pct_of_limit", "charge_cap": "line"}
    reference = {
        **payers(MEDICARE, STRICT),
        "contract_terms": [
            term(MEDICARE, "*", "100", sequestration="yes", **law),
            term(STRICT, "*", "100", sequestration="no", **law),
        ],
        "opps_status": [
            hospital_price("J9303", "2026-07-01", "182.189", adjusted_copayment="31.98"),
            hospital_price("J9271", "2026-07-01", "60.645", minimum_copayment="12.13"),
            hospital_price("J9299", "2026-07-01", "34.222", national_copayment=""),
        ],
    }
    return publish(tmp_path_factory.mktemp("medicare") / "site", MAIL, reference)


def hospital_price(hcpcs: str, since: str, rate: str, **copayment: str) -> dict[str, str]:
    """A separately paid drug of Addendum B."""
    return {
        "effective_from": since,
        "hcpcs": hcpcs,
        "status_indicator": "K",
        "payment_rate": rate,
        "published_on": "2026-06-25",
        "source": "made up",
        **copayment,
    }


def settle(number: str, *paid: tuple, plan: Plan = MEDICARE, days: int = 19, **parts) -> None:
    """A claim whose lines each state allowed, coinsurance and sequestration."""
    MAIL.bill(number, *(line for line, *_ in paid), plan=plan, **parts)
    answers = (
        allowed(line, allows, cas("PR-2", coinsurance), cas("CO-253", cut))
        for line, allows, coinsurance, cut in paid
    )
    day = date.fromordinal(paid[0][0].service_date.toordinal() + days)
    MAIL.pay(day, answer(number, *answers), plan=plan)


PADCEV_DAY = date(2025, 11, 10)
GIVEN = drug("J9177", 410, "45000.00", service_date=PADCEV_DAY)
THROWN = drug("J9177", 30, "3300.00", service_date=PADCEV_DAY, modifiers=("JW",))
settle("C23", (GIVEN, "15064.63", "2922.69", "242.84"), (THROWN, "1102.29", "213.86", "17.77"))


def test_coinsurance_of_19_401_percent_and_sequestration_leave_no_gap_on_either_line(site):
    given, thrown = site.line("C23"), site.line("C23", 2)
    # REAL 36.743; a flat 20% would pay 12,674.86, one unit per mg 2,989.28.
    says(given, expected_allowed_usd="15064.63", allowed_usd="15064.63", gap_usd="0.00")
    says(thrown, expected_allowed_usd="1102.29", allowed_usd="1102.29", gap_usd="0.00")
    for line in (given, thrown):
        says(line, unsupported_cut_usd="0.00", shortfall_usd="0.00", overpaid_usd="0.00")


def test_lines_rounded_each_add_to_the_medicare_cheque(site):
    lines = [site.line("C23"), site.line("C23", 2)]
    # On the total it would be 12,769.77; sequestration of the allowed amount 12,707.03.
    for column, dollars in {
        "allowed_usd": "16166.92",
        "patient_usd": "3136.55",
        "sequestration_usd": "260.61",
        "paid_usd": "12769.76",
    }.items():
        assert str(sum((line[column] for line in lines), Decimal(0))) == dollars


KEYTRUDA = drug("J9271", 200, "30000.00", service_date=JULY)
settle("C03", (KEYTRUDA, "12129.00", "2425.80", "194.06"))


def test_sequestration_is_reported_apart_and_is_no_underpayment(site):
    line = site.line("C03")
    # REAL 60.645; paid plus patient share, 11,934.94, would be short by a false 194.06.
    says(line, expected_allowed_usd="12129.00", gap_usd="0.00", shortfall_usd="0.00")
    says(line, paid_usd="9509.14", sequestration_usd="194.06", unsupported_cut_usd="0.00")


settle("DEEPER", (KEYTRUDA, "12129.00", "2425.80", "388.13"))
settle("ON_ALLOWED", (KEYTRUDA, "12129.00", "2425.80", "242.58"))
settle("NONE_GRANTED", (KEYTRUDA, "12129.00", "2425.80", "194.06"), plan=STRICT)


def test_sequestration_beyond_the_law_is_asked_back_and_only_the_part_beyond(site):
    says(site.line("DEEPER"), gap_usd="0.00", unsupported_cut_usd="194.07", ask_usd="194.07")
    # Two percent of the allowed amount in place of the payment: 242.58 - 194.06.
    says(site.line("ON_ALLOWED"), unsupported_cut_usd="48.52", gap_usd="0.00")


def test_plan_whose_term_grants_no_sequestration_may_cut_nothing(site):
    says(site.line("NONE_GRANTED"), unsupported_cut_usd="194.06", gap_usd="0.00")
    says(site.line("NONE_GRANTED"), ask_usd="194.06", shortfall_usd="0.00")


VECTIBIX = drug("J9303", 60, "20000.00", service_date=JULY, revenue_code="0636")
settle(
    "C04",
    (VECTIBIX, "10931.34", "1918.80", "180.25"),
    claim_type="institutional",
    place_of_service="13",
)


def test_hospital_copayment_below_twenty_percent_is_not_overpaid(site):
    line = site.line("C04")
    # REAL 182.189; a flat 20% would call 262.12 overpaid.
    says(line, claim_type="institutional", expected_allowed_usd="10931.34", gap_usd="0.00")
    says(line, paid_usd="8832.29", patient_usd="1918.80", overpaid_usd="0.00")
    says(line, unsupported_cut_usd="0.00")


STALE = drug("J9177", 410, "45000.00", service_date=PADCEV_DAY)
settle("STALE", (STALE, "14350.00", "2784.04", "231.32"))


def test_shortfall_is_shared_by_the_quarter_s_own_coinsurance(site):
    line = site.line("STALE")
    # 15,064.63 x 19.401% = 2,922.69; a flat 20% would leave the payer 571.70 to owe.
    says(line, shortfall_usd="714.63", patient_owed_usd="138.65", payer_owed_usd="575.98")


CHEAP = drug("J9271", 200, "10000.00", service_date=JULY)
settle("CHEAP", (CHEAP, "10000.00", "2000.00", "160.00"))


def test_medicare_pays_the_lesser_of_charge_and_limit(site):
    says(site.line("CHEAP"), expected_allowed_usd="10000.00", charge_limited_usd="2129.00")
    says(site.line("CHEAP"), gap_usd="0.00", unsupported_cut_usd="0.00", overpaid_usd="0.00")


for number, day in (("JUNE", date(2023, 6, 30)), ("JULY", date(2023, 7, 1))):
    WHOLE = drug("J9271", 200, "30000.00", service_date=day)
    MAIL.settle(number, WHOLE, allowed(WHOLE, "10000.00"), plan=MEDICARE)
WHOLE = drug("J9271", 200, "30000.00", service_date=date(2023, 7, 2), modifiers=("JZ",))
MAIL.settle("ATTESTED", WHOLE, allowed(WHOLE, "10000.00"), plan=MEDICARE)


def test_jz_is_missed_from_july_2023_and_not_the_day_before(site):
    says(site.waste("JUNE"), finding="clean", missed_units="0.000")
    says(site.waste("JULY"), finding="modifier_missing", missed_units="0.000")
    says(site.waste("ATTESTED"), finding="clean", missed_units="0.000")


# The cheque: what Medicare should have paid after patient share and sequestration


def cheque(site: Published, claim_id: str, line_number: int = 1) -> dict[str, object]:
    return site.row("medicare_payments", claim_id=claim_id, line_number=line_number)


def test_cheque_by_the_quarters_own_coinsurance_agrees_line_by_line(site):
    given, thrown = cheque(site, "C23"), cheque(site, "C23", 2)
    says(given, payment_check="agrees", expected_coinsurance_usd="2922.69")
    says(given, expected_sequestration_usd="242.84", expected_paid_usd="11899.10")
    says(thrown, expected_patient_usd="213.86", expected_paid_usd="870.66", difference_usd="0.00")
    assert given["check_basis"] == (
        "15064.63 less coinsurance of 19.401% (2922.69) less sequestration of 2% (242.84)"
        " is 11899.10; paid 11899.10"
    )


def test_cheque_of_a_code_at_twenty_percent_agrees(site):
    says(cheque(site, "C03"), payment_check="agrees", expected_paid_usd="9509.14")
    says(cheque(site, "CHEAP"), payment_check="agrees", expected_patient_usd="2000.00")


settle("FLAT", (GIVEN, "15064.63", "3012.93", "241.03"))


def test_flat_twenty_percent_is_a_wrong_cheque_though_the_allowed_amount_is_right(site):
    says(site.line("FLAT"), gap_usd="0.00", shortfall_usd="0.00")
    says(cheque(site, "FLAT"), payment_check="differs", difference_usd="88.43")


settle("NO_CUT", (GIVEN, "15064.63", "2922.69", "0.00"))


def test_wrong_cheques_are_warned_of_in_dollars_each_way(site):
    says(cheque(site, "NO_CUT"), payment_check="differs", difference_usd="-242.84")
    found = site.warning("warn_medicare_payments_differ")
    (row,) = found.filter(payer_name="Medicare").to_dicts()
    rows = site.table("medicare_payments").filter(payer_id="medicare", payment_check="differs")
    short, over = (
        rows.filter(way)["difference_usd"].abs()
        for way in (pl.col("difference_usd") > 0, pl.col("difference_usd") < 0)
    )
    says(row, payments_too_little=len(short), too_little_usd=str(short.sum()))
    says(row, payments_too_much=len(over), too_much_usd=str(over.sum()))
    says(row, usd=str(short.sum() + over.sum()))
    # Of what is too little all but FLAT's is a shortfall or a cut beyond the law already.
    assert "; $88.43 of it too little and $242.84 too much on lines where" in row["sentence"]
    assert set(rows["claim_id"]) >= {"FLAT", "NO_CUT", "STALE", "DEEPER"}


MAIL.bill("YEARLY", GIVEN, plan=MEDICARE)
DEDUCTED = (cas("PR-1", "257.00"), cas("PR-2", "2872.83"), cas("CO-253", "238.70"))
MAIL.pay(date(2025, 12, 1), answer("YEARLY", allowed(GIVEN, "15064.63", *DEDUCTED)), plan=MEDICARE)


def test_deductible_comes_off_before_the_coinsurance_and_is_said(site):
    row = cheque(site, "YEARLY")
    # (15,064.63 - 257.00) x 19.401% = 2,872.83; 2% of the remaining 11,934.80.
    says(row, payment_check="agrees", expected_patient_usd="3129.83", expected_paid_usd="11696.10")
    assert " less the deductible of 257.00 as answered less coinsurance " in row["check_basis"]


HOSPITAL = {"claim_type": "institutional", "place_of_service": "13"}
OUTPATIENT = drug("J9271", 200, "30000.00", service_date=JULY, revenue_code="0636")
settle("BY_UNIT", (OUTPATIENT, "12129.00", "2426.00", "194.06"), **HOSPITAL)
SILENT = drug("J9299", 240, "30000.00", service_date=JULY, revenue_code="0636")
settle("SILENT", (SILENT, "8213.28", "1642.66", "131.41"), **HOSPITAL)


def test_hospital_copayment_is_so_much_a_unit(site):
    row = cheque(site, "C04")
    # 60 x 31.98; 17.551% of the allowed amount would be 1,918.56.
    says(row, payment_check="agrees", expected_coinsurance_usd="1918.80")
    says(row, expected_paid_usd="8832.29")
    # 200 x 12.13; the limit file's 20% would be 2,425.80.
    says(cheque(site, "BY_UNIT"), payment_check="agrees", expected_coinsurance_usd="2426.00")


def test_hospital_copayment_nobody_stated_is_not_made_up(site):
    row = cheque(site, "SILENT")
    says(row, payment_check="not_checked", expected_paid_usd=None, difference_usd=None)
    says(row, check_basis="not checked: copayment of the quarter not known", shortfall_usd="0.00")


EARLY = drug("J9299", 240, "12000.00", service_date=date(2023, 2, 10))
settle("EARLY", (EARLY, "7200.24", "1440.05", "115.20"))


def test_coinsurance_before_cms_published_it_is_not_taken_for_twenty_percent(site):
    says(cheque(site, "EARLY"), payment_check="not_checked", shortfall_usd="0.00")
    says(cheque(site, "EARLY"), check_basis="not checked: coinsurance of the quarter not known")


TOGETHER = (GIVEN, "16166.92", "3136.55", "260.61"), (THROWN, "0.00", "0.00", "0.00")
settle("TOGETHER", *TOGETHER)


def test_lines_paid_as_one_are_not_checked_one_by_one(site):
    for line_number in (1, 2):
        row = cheque(site, "TOGETHER", line_number)
        says(row, payment_check="not_checked", shortfall_usd="0.00", overpaid_usd="0.00")
        says(row, check_basis="not checked: paid as one with other lines")


def test_false_positive_meter_is_the_shortfall_of_these_lines_alone(site):
    rows = site.table("medicare_payments")
    lines = site.table("drug_line_outcomes").filter(pl.col("gap_usd").is_not_null())
    assert rows.height == lines.filter(payer_rank="primary").height
    assert rows["shortfall_usd"].sum() == lines["shortfall_usd"].sum()
    short = set(rows.filter(pl.col("shortfall_usd") > 0)["claim_id"])
    # Paid short on purpose above, the last three for their modifiers' sake.
    assert short == {"STALE", "JUNE", "JULY", "ATTESTED"}
