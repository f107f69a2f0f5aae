"""Remits become tables: every amount, date and code where the payer put it, and nowhere else."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from small_x12 import REMIT, interchange

from analytics.intake.parse import parse_x12
from analytics.intake.patients import with_patient_key
from analytics.intake.raw_tables import REJECTS
from analytics.intake.texts import Tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return parse_x12(interchange(REMIT), site_key=b"key")


def parse(**changes: str) -> Tables:
    """The remit with some of its text changed."""
    text = REMIT
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return parse_x12(interchange(text), site_key=b"key")


def without_place(rows: pl.DataFrame) -> list[tuple]:
    return rows.drop("file_sha256", "transaction_number", "source_offset").rows()


def key_of_member(member: str) -> str:
    named = pl.DataFrame({"member": [member]})
    keyed = with_patient_key(named, b"key", member="member", birth_date=None, first_name=None)
    return keyed["patient_key"].item()


def test_remit_names_payer_payee_and_payment(tables: Tables):
    row = tables["raw_835__remits"].row(0, named=True)
    assert row["payment_amount_usd"] == Decimal("310.5")
    assert (row["credit_debit"], row["payment_method"]) == ("C", "ACH")
    assert (row["payment_date"], row["production_date"]) == (date(2026, 1, 15), date(2026, 1, 14))
    assert (row["payer_name"], row["payer_code"]) == ("BIRCH HEALTH", "84980")
    assert (row["payer_other_code"], row["trace_number"]) == ("BIRCH2", "EFT77")
    assert (row["payee_code"], row["payee_code_kind"]) == ("1999999992", "XX")
    assert row["payee_tax_id"] == "741234567"


def test_payee_named_by_its_tax_id_has_that_tax_id():
    remits = parse(**{"*XX*1999999992\nREF*TJ*741234567": "*FI*741234567"})["raw_835__remits"]
    assert remits["payee_tax_id"].to_list() == ["741234567"]


def test_remit_claim_has_its_own_amounts_dates_and_codes(tables: Tables):
    row = tables["raw_835__remit_claims"].row(0, named=True)
    assert (row["remit_claim_number"], row["claim_number"], row["status_code"]) == (1, "A1", "1")
    assert (row["charge_usd"], row["paid_usd"]) == (400, Decimal("300.5"))
    assert row["patient_responsibility_usd"] == 50
    assert (row["filing_code"], row["payer_control_number"]) == ("12", "ICN1")
    assert (row["place_of_service"], row["frequency_code"]) == ("11", "1")
    assert row["service_date"] == date(2026, 1, 1)
    assert row["service_through_date"] == date(2026, 1, 2)
    assert row["received_date"] == date(2026, 1, 5)
    assert row["group_number"] == "GRP1"


def test_remark_codes_of_a_claim_keep_their_order_inpatient_and_outpatient(tables: Tables):
    claims = tables["raw_835__remit_claims"]
    assert claims["remark_codes"].to_list() == ["N1 N20 N21 N23 MA01 MA130 N5", None]


def test_patient_of_a_remit_is_its_member_else_the_insured(tables: Tables):
    keys = tables["raw_835__remit_claims"]["patient_key"].to_list()
    assert keys == [key_of_member("M100"), key_of_member("M200")]


def test_patient_without_member_id_has_no_key():
    claims = parse(**{"****MI*M200": ""})["raw_835__remit_claims"]
    assert claims["patient_key"].is_null().to_list() == [False, True]


def test_segments_between_lx_and_clp_do_not_stick_to_the_claim_before(tables: Tables):
    references = tables["raw_835__references"]
    assert "STRAY" not in references["reference"].to_list()
    assert tables["raw_835__remit_claims"]["group_number"].to_list() == ["GRP1", None]


def test_remit_line_has_paid_and_original_codes_and_units(tables: Tables):
    row = tables["raw_835__remit_lines"].row(0, named=True)
    assert (row["hcpcs"], row["code_qualifier"], row["modifiers"]) == ("J9177", "HC", "JW 59 XU")
    assert (row["original_hcpcs"], row["original_modifiers"]) == ("J9178", "JZ")
    assert (row["paid_units"], row["original_units"]) == (Decimal("4.5"), 5)
    assert (row["charge_usd"], row["paid_usd"]) == (400, Decimal("300.5"))
    assert (row["revenue_code"], row["line_control_number"]) == ("0636", "L1")
    assert (row["remark_codes"], row["allowed_reported_usd"]) == ("N115 M62", Decimal("340.5"))
    assert row["service_date"] == date(2026, 1, 1)
    assert row["service_through_date"] == date(2026, 1, 2)


def test_line_of_a_revenue_code_has_no_hcpcs_and_no_units(tables: Tables):
    row = tables["raw_835__remit_lines"].row(1, named=True)
    assert (row["hcpcs"], row["code_qualifier"], row["revenue_code"]) == (None, "NU", "0300")
    assert (row["paid_units"], row["modifiers"], row["remark_codes"]) == (None, None, None)
    assert (row["service_date"], row["service_through_date"]) == (date(2026, 1, 3),) * 2


def test_every_cas_triplet_is_an_adjustment_with_its_level_and_order(tables: Tables):
    assert without_place(tables["raw_835__adjustments"]) == [
        (1, None, 1, "OA", "23", Decimal("-10.5"), None),
        (1, 1, 2, "CO", "45", Decimal(60), Decimal("1.5")),
        (1, 1, 3, "CO", "253", Decimal("5.25"), None),
        (1, 1, 4, "CO", "96", Decimal("4.75"), Decimal(2)),
        (1, 1, 5, "PR", "2", Decimal(20), None),
        (1, 1, 6, "PR", "3", Decimal(20), None),
        (1, 1, 7, "CO", "131", Decimal(-5), None),
        (2, None, 1, "CO", "45", Decimal(-60), None),
    ]


def test_six_triplets_in_one_cas_are_six_adjustments():
    six = "CAS*CO*1*1*1*2*2*2*3*3*3*4*4*4*5*5*5*6*6*6"
    rows = parse(**{"CAS*CO*131*-5": six})["raw_835__adjustments"]
    found = rows.filter(pl.col("source_offset") == rows["source_offset"].mode().first())
    assert found["reason_code"].to_list() == ["1", "2", "3", "4", "5", "6"]
    assert found["quantity"].to_list() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("count", range(1, 7))
def test_triplets_without_a_last_quantity_are_all_read(count: int):
    some = "CAS*CO" + "".join(f"*{place}*{place}*" for place in range(1, count + 1))
    rows = parse(**{"CAS*CO*131*-5": some.rstrip("*")})
    reasons = rows["raw_835__adjustments"]["reason_code"].to_list()
    assert reasons[6 : 6 + count] == [str(place) for place in range(1, count + 1)]


def test_amounts_and_quantities_keep_their_level(tables: Tables):
    assert without_place(tables["raw_835__amounts"]) == [
        (1, None, "AMT", "AU", Decimal(400)),
        (1, None, "QTY", "CA", Decimal(3)),
        (1, 1, "AMT", "B6", Decimal("340.5")),
        (1, 1, "AMT", "I", Decimal("1.25")),
    ]


def test_references_that_may_name_a_person_are_not_kept(tables: Tables):
    assert without_place(tables["raw_835__references"]) == [
        (1, None, "1L", "GRP1"),
        (1, 1, "6R", "L1"),
    ]


def test_every_plb_pair_is_a_provider_adjustment(tables: Tables):
    day = date(2026, 12, 31)
    assert without_place(tables["raw_835__provider_adjustments"]) == [
        (1, "1999999992", day, "WO", "REF1", Decimal("12.5")),
        (2, "1999999992", day, "72", None, Decimal(-1)),
        (3, "1999999992", day, "L6", "REF3", Decimal("-0.5")),
        (4, "1999999992", day, "CS", None, Decimal(5)),
    ]


def test_numbers_begin_anew_in_every_transaction():
    claims = parse_x12(interchange(REMIT, REMIT))["raw_835__remit_claims"]
    numbers = claims.select("transaction_number", "remit_claim_number").rows()
    assert numbers == [(1, 1), (1, 2), (2, 1), (2, 2)]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (".5", Decimal("0.5")),
        ("-.5", Decimal("-0.5")),
        ("5.", Decimal(5)),
        ("15000", Decimal(15000)),
        (" 7 ", Decimal(7)),
        ("1.2345", Decimal("1.2345")),
        ("", None),
    ],
)
def test_amounts_are_decimal_text_and_never_implied(sent: str, read: Decimal | None):
    tables = parse(**{"CLP*A1*1*400*": f"CLP*A1*1*{sent}*"})
    assert tables["raw_835__remit_claims"]["charge_usd"][0] == read
    assert tables[REJECTS].height == 0


@pytest.mark.parametrize("sent", ["SYNTHETIC-NAME", "1,234.56", "1e3", "--1", "1" * 15, "$5"])
def test_amount_that_is_no_decimal_is_left_empty_and_listed_by_its_place(sent: str):
    content = interchange(REMIT.replace("CLP*A1*1*400*", f"CLP*A1*1*{sent}*"))
    tables = parse_x12(content)
    assert tables["raw_835__remit_claims"]["charge_usd"].to_list()[0] is None
    reject = tables[REJECTS].row(0, named=True)
    assert (reject["piece"], reject["segment_id"], reject["segments"]) == ("element", "CLP", 0)
    assert (reject["transaction_number"], reject["source_offset"]) == (1, content.index(b"CLP*A1"))
    assert reject["reason"].startswith("CLP03 is not a decimal number")
    assert sent not in reject["reason"]


def test_amount_finer_than_four_decimals_is_kept_to_four_and_listed():
    tables = parse(**{"CLP*A1*1*400*": "CLP*A1*1*400.00004*"})
    assert tables["raw_835__remit_claims"]["charge_usd"][0] == 400
    assert "more than four decimals" in tables[REJECTS]["reason"].item()


@pytest.mark.parametrize(
    "sent", ["20260230", "2026011", "260101", "202601011", "20260101-20260102"]
)
def test_day_that_does_not_exist_is_left_empty_and_listed(sent: str):
    tables = parse(**{"DTM*232*20260101": f"DTM*232*{sent}"})
    assert tables["raw_835__remit_claims"]["service_date"].to_list()[0] is None
    assert tables[REJECTS]["reason"].item().startswith("DTM02 is not a date")


def test_service_line_outside_any_claim_is_listed_and_in_no_table():
    tables = parse(**{"REF*1L*STRAY": "SVC*HC:J9177*1*1"})
    assert tables["raw_835__remit_lines"].height == 2
    reject = tables[REJECTS].row(0, named=True)
    assert (reject["piece"], reject["segment_id"], reject["segments"]) == ("segment", "SVC", 0)
