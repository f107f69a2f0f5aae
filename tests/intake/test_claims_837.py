"""Claims become tables: whose loop a segment stands in decides what it says."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from small_x12 import CLAIMS, HOSPITAL_CLAIMS, NAME, interchange

from analytics.intake.parse import parse_x12
from analytics.intake.patients import with_patient_key
from analytics.intake.raw_tables import REJECTS
from analytics.intake.texts import Tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return parse_x12(interchange(CLAIMS), site_key=b"key")


def parse(**changes: str) -> Tables:
    """The claims with some of their text changed."""
    text = CLAIMS
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return parse_x12(interchange(text), site_key=b"key")


def key_of(member: str | None, birth_date: str | None, first_name: str | None) -> str | None:
    named = pl.DataFrame(
        {"member": [member], "birth": [birth_date], "first": [first_name]},
        schema=dict.fromkeys(("member", "birth", "first"), pl.String),
    )
    keyed = with_patient_key(named, b"key", member="member", birth_date="birth", first_name="first")
    return keyed["patient_key"].item()


def test_claim_has_its_number_charge_place_and_frequency(tables: Tables):
    row = tables["raw_837__claims"].row(0, named=True)
    assert (row["submission_number"], row["claim_number"], row["charge_usd"]) == (1, "A1", 400)
    assert (row["place_of_service"], row["frequency_code"]) == ("11", "1")
    assert (row["claim_type"], row["submitted_date"]) == ("professional", date(2026, 1, 10))


def test_claim_goes_to_the_payer_of_its_subscriber_not_to_another_payer(tables: Tables):
    row = tables["raw_837__claims"].row(0, named=True)
    assert (row["payer_rank"], row["filing_code"], row["group_number"]) == ("primary", "CI", "GRP9")
    assert (row["payer_name"], row["payer_code"]) == ("BIRCH HEALTH", "84980")


def test_original_control_number_and_authorization_are_not_those_of_another_payer(tables: Tables):
    row = tables["raw_837__claims"].row(0, named=True)
    assert (row["original_control_number"], row["authorization_number"]) == ("ICN0", "AUTH1")


def test_claim_without_its_own_numbers_does_not_take_those_of_another_payer():
    row = parse(**{"REF*G1*AUTH1\n": "", "REF*F8*ICN0\n": ""})["raw_837__claims"].row(0, named=True)
    assert (row["original_control_number"], row["authorization_number"]) == (None, None)


def test_billing_provider_is_not_the_pay_to_address(tables: Tables):
    claims = tables["raw_837__claims"]
    assert claims["billing_npi"].to_list() == ["1999999992"] * 2
    assert claims["billing_tax_id"].to_list() == ["741234567"] * 2


def test_social_security_number_of_a_billing_provider_is_not_kept():
    claims = parse(**{"REF*EI*741234567\n": "REF*SY*741234567\n"})["raw_837__claims"]
    assert claims["billing_tax_id"].null_count() == 2
    by_name = {"XX*1999999992\nN3": "34*741234568\nN3", "REF*EI*741234567\n": ""}
    assert parse(**by_name)["raw_837__claims"]["billing_tax_id"].null_count() == 2


def test_payer_that_is_a_person_has_no_name():
    tables = parse(
        **{
            "NM1*PR*2*BIRCH HEALTH": f"NM1*PR*1*{NAME}",
            "NM1*PR*2*CEDAR CARE": f"NM1*PR*1*{NAME}",
        }
    )
    claim = tables["raw_837__claims"].row(0, named=True)
    assert (claim["payer_name"], claim["payer_code"]) == (None, "84980")
    for rows in tables.values():
        texts = rows.select(pl.col(pl.String).str.contains(NAME).any())
        assert True not in texts.rows()[0]


def test_billing_provider_named_by_its_tax_id_has_no_npi():
    claims = parse(**{"XX*1999999992\nN3": "24*741234568\nN3", "REF*EI*741234567\n": ""})
    row = claims["raw_837__claims"].row(0, named=True)
    assert (row["billing_npi"], row["billing_tax_id"]) == (None, "741234568")


def test_diagnoses_keep_their_order_over_composites_and_segments(tables: Tables):
    diagnoses = tables["raw_837__claims"]["diagnoses"].to_list()
    assert diagnoses == ["C679 Z5111 R11 D649", None]


def test_twelve_diagnoses_in_one_segment_are_all_read():
    codes = [f"C{number}" for number in range(12)]
    twelve = "HI*ABK:C0" + "".join(f"*ABF:{code}" for code in codes[1:])
    row = parse(**{"HI*ABK:C679*ABF:Z5111*BF:R11:X\nHI*ABF:D649": twelve})["raw_837__claims"]
    assert row["diagnoses"][0] == " ".join(codes)


def test_patient_below_the_subscriber_has_a_key_of_birth_date_and_first_name(tables: Tables):
    keys = tables["raw_837__claims"]["patient_key"].to_list()
    assert keys == [key_of("M100", "19610203", NAME), key_of("M300", "20150505", "KID")]


def test_patient_key_is_the_same_for_another_case_and_blanks():
    spaced = parse(**{"MI*M100": "MI* m100 "})["raw_837__claims"]["patient_key"][0]
    assert spaced == key_of("M100", "19610203", NAME)


def test_subscriber_without_member_id_is_known_by_name():
    keys = parse(**{"****MI*M300": ""})["raw_837__claims"]["patient_key"].to_list()
    assert keys[1] == key_of(NAME, "20150505", "KID")


def test_patient_whom_nothing_identifies_has_no_key():
    assert key_of(None, None, None) is None
    assert key_of("M100", None, None) is not None


def test_other_key_of_the_site_gives_other_patients():
    other = parse_x12(interchange(CLAIMS), site_key=b"other")["raw_837__claims"]["patient_key"]
    ours = parse_x12(interchange(CLAIMS), site_key=b"key")["raw_837__claims"]["patient_key"]
    assert set(other) & set(ours) == set()


def test_payers_of_a_claim_are_its_destination_and_then_the_others(tables: Tables):
    payers = tables["raw_837__claim_payers"].drop(
        "file_sha256", "transaction_number", "source_offset"
    )
    assert payers.rows() == [
        (1, "primary", "CI", "BIRCH HEALTH", "84980", True, None),
        (1, "secondary", "MB", "CEDAR CARE", "C1", False, Decimal("12.5")),
        (1, "tertiary", "ZZ", "ELM", "E1", False, None),
        (2, "secondary", "MC", "DOGWOOD", "D1", True, None),
    ]


def test_service_line_has_code_units_drug_and_dates(tables: Tables):
    row = tables["raw_837__claim_lines"].row(0, named=True)
    assert (row["submission_number"], row["line_number"]) == (1, 1)
    assert (row["hcpcs"], row["code_qualifier"], row["modifiers"]) == ("J9177", "HC", "JW")
    assert (row["charge_usd"], row["unit_basis"], row["units"]) == (300, "UN", 40)
    assert (row["place_of_service"], row["diagnosis_pointers"]) == ("11", "1 2")
    assert (row["ndc"], row["ndc_quantity"], row["ndc_unit"]) == ("51144002001", 2, "UN")
    assert (row["service_date"], row["service_through_date"]) == (date(2026, 1, 1),) * 2
    assert (row["line_control_number"], row["authorization_number"]) == ("L1", "LINEAUTH")


def test_range_of_service_dates_has_both_ends_and_nothing_of_the_line_before(tables: Tables):
    row = tables["raw_837__claim_lines"].row(1, named=True)
    assert (row["line_number"], row["hcpcs"]) == (2, "96413")
    assert row["service_date"] == date(2026, 1, 1)
    assert row["service_through_date"] == date(2026, 1, 3)
    assert (row["ndc"], row["line_control_number"], row["authorization_number"]) == (None,) * 3


def test_lines_and_submissions_are_numbered_within_their_parent(tables: Tables):
    numbers = tables["raw_837__claim_lines"].select("submission_number", "line_number").rows()
    assert numbers == [(1, 1), (1, 2), (2, 1)]


def test_drug_named_by_anything_but_an_ndc_is_no_ndc():
    lines = parse(**{"LIN**N4*": "LIN**UP*"})["raw_837__claim_lines"]
    assert lines["ndc"].null_count() == 3


def test_professional_claim_takes_its_own_service_dates_as_statement_dates():
    claims = parse(**{"DTP*431*D8*20251201": "DTP*472*RD8*20260101-20260102"})["raw_837__claims"]
    row = claims.row(0, named=True)
    assert row["statement_date"] == date(2026, 1, 1)
    assert row["statement_through_date"] == date(2026, 1, 2)


def test_date_that_is_none_is_left_empty_and_listed_without_being_shown():
    tables = parse(**{"DTP*472*D8*20260104": f"DTP*472*D8*{NAME}"})
    assert tables["raw_837__claim_lines"]["service_date"].to_list()[2] is None
    reasons = tables[REJECTS]["reason"].to_list()
    assert reasons
    assert not any(NAME in reason for reason in reasons)


def test_hospital_claim_has_revenue_code_statement_dates_and_diagnoses():
    tables = parse_x12(interchange(HOSPITAL_CLAIMS), site_key=b"key")
    claim = tables["raw_837__claims"].row(0, named=True)
    assert (claim["claim_type"], claim["place_of_service"]) == ("institutional", "13")
    assert claim["statement_date"] == date(2026, 1, 1)
    assert claim["statement_through_date"] == date(2026, 1, 5)
    assert (claim["diagnoses"], claim["filing_code"]) == ("C679", "MA")
    line = tables["raw_837__claim_lines"].row(0, named=True)
    assert (line["revenue_code"], line["hcpcs"], line["modifiers"]) == ("0636", "J9299", "JZ")
    assert (line["charge_usd"], line["unit_basis"], line["units"]) == (900, "UN", 90)


def test_dental_lines_are_read_too():
    dental = CLAIMS.replace("005010X222A1", "005010X224A2").replace(
        "SV1*HC:99213*50*UN*1***1", "SV3*AD:D1110*50*11***2"
    )
    lines = parse_x12(interchange(dental))["raw_837__claim_lines"]
    row = lines.row(2, named=True)
    assert (row["hcpcs"], row["charge_usd"], row["units"]) == ("D1110", 50, 2)


@pytest.mark.parametrize(
    ("sent", "rank"),
    [("P", "primary"), ("S", "secondary"), ("T", "tertiary"), ("A", "tertiary"), ("", "tertiary")],
)
def test_rank_is_that_of_the_subscriber_loop(sent: str, rank: str):
    claims = parse(**{"SBR*P*18": f"SBR*{sent}*18"})["raw_837__claims"]
    assert claims["payer_rank"][0] == rank


def test_second_subscriber_takes_nothing_from_the_first(tables: Tables):
    row = tables["raw_837__claims"].row(1, named=True)
    assert (row["group_number"], row["diagnoses"], row["original_control_number"]) == (None,) * 3
    assert (row["payer_name"], row["frequency_code"]) == ("DOGWOOD", "7")


def test_service_line_without_a_claim_is_listed_and_in_no_table():
    tables = parse(**{"CLM*A2*50***22:B:7*Y*A*Y*Y\n": ""})
    assert tables["raw_837__claim_lines"].height == 2
    reject = tables[REJECTS].row(0, named=True)
    assert (reject["piece"], reject["segment_id"], reject["segments"]) == ("segment", "SV1", 0)
