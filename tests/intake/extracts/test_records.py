"""Administrations and asks: validated, counted once, and held without the patient's id."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from small_extracts import Row, as_csv

from analytics.intake.patients import with_patient_key
from tests.intake.extract_site import Read, counts, reasons
from tests.intake.raw_folder import KEY, files_of, rows_of

ADMINISTRATIONS, ASKS = "raw_extract__administrations", "raw_extract__asks"


def given(number: str, **parts: object) -> Row:
    """An administration of 110 mg from a 100 mg and a 20 mg vial."""
    usual = {
        "administration_id": number,
        "claim_id": "A1",
        "patient_id": "m-100",
        "service_date": "2/10/2026",
        "drug": "Enfortumab vedotin-ejfv",
        "ordered_mg": "110",
        "administered_mg": "110",
        "discarded_mg": "10",
        "vial_ndc11": "51144003001",
        "vial_count": 1,
        "started_at": "9:05",
        "stopped_at": "2026-02-10 09:45",
        "rationale_documented": "Y",
    }
    return {**usual, **parts}


def asked(line: int = 1, **parts: object) -> Row:
    usual = {"claim_id": "A1", "line_number": line, "asked_on": "2026-04-01", "ask_usd": "$2.48"}
    return {**usual, "status": "Sent", **parts}


def test_administration_is_read_in_its_types(read: Read):
    tables = read({"x.csv": as_csv([given("1"), given("1", vial_ndc11="51144002001")])})
    rows = rows_of(tables, ADMINISTRATIONS)
    assert rows.height == 2
    row = rows.filter(vial_ndc11="51144003001").row(0, named=True)
    assert row["administered_mg"] == Decimal(110)
    assert row["service_date"] == date(2026, 2, 10)
    assert (row["started_at"], row["stopped_at"]) == (
        datetime(2026, 2, 10, 9, 5),
        datetime(2026, 2, 10, 9, 45),
    )
    assert row["drug"] == "enfortumab vedotin-ejfv"
    assert files_of(tables)["x.csv"]["kind"] == "administrations"


def test_patient_of_an_administration_is_the_key_of_the_member_alone(read: Read):
    rows = rows_of(read({"x.csv": as_csv([given("1")])}), ADMINISTRATIONS)
    member = pl.DataFrame({"member": ["M-100"]})
    key = with_patient_key(member, KEY, member="member", birth_date=None, first_name=None)
    assert rows["patient_key"].to_list() == key["patient_key"].to_list()
    assert "patient_id" not in rows.columns
    assert "m-100" not in rows.write_ndjson().lower()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"administered_mg": "-1"}, "administered_mg is not a number of 0 or more"),
        ({"service_date": "10.2.2026"}, "service_date is not a date"),
        ({"service_date": ""}, "service_date is empty"),
        ({"started_at": "noon"}, "started_at is not a time"),
        ({"rationale_documented": "perhaps"}, "rationale_documented is not yes or no"),
        ({"stopped_at": "08:00"}, "stopped_at is before started_at"),
        ({"vial_ndc11": "5.1E+10"}, "vial_ndc11 is not an NDC"),
        ({"administration_id": ""}, "administration_id is empty"),
    ],
)
def test_bad_administration_is_rejected_with_its_reason(read: Read, parts: Row, said: str):
    tables = read({"x.csv": as_csv([given("1", **parts), given("2")])})
    assert counts(tables, "x.csv") == (2, 1, 0)
    assert said in reasons(tables)[0]
    assert rows_of(tables, ADMINISTRATIONS)["administration_id"].to_list() == ["2"]


def test_rows_of_one_administration_tell_one_dose(read: Read):
    rows = [given("1"), given("1", vial_ndc11="51144002001", administered_mg="90"), given("2")]
    tables = read({"x.csv": as_csv(rows)})
    assert counts(tables, "x.csv") == (3, 2, 0)
    assert "tell administered_mg differently" in reasons(tables)[0]


def test_administrations_told_again_count_once(read: Read):
    rows = [given("1"), given("2")]
    tables = read({"x.csv": as_csv(rows), "y.csv": as_csv([*rows, given("3")])})
    assert rows_of(tables, ADMINISTRATIONS).height == 3
    assert counts(tables, "x.csv")[2] + counts(tables, "y.csv")[2] == 2


def test_asks_are_read_and_a_changed_one_needs_its_day(read: Read):
    first = [asked(), asked(2)]
    tables = read({"x.csv": as_csv(first)})
    assert rows_of(tables, ASKS).select("line_number", "ask_usd", "status").rows() == [
        (1, Decimal("2.48"), "Sent"),
        (2, Decimal("2.48"), "Sent"),
    ]
    paid = asked(status="paid")
    tables = read({"x.csv": as_csv(first), "y.csv": as_csv([paid])})
    assert (counts(tables, "x.csv"), counts(tables, "y.csv")) == ((2, 1, 0), (1, 1, 0))
    dated = {**paid, "extracted_on": "2026-05-01"}
    tables = read({"x.csv": as_csv(first), "y.csv": as_csv([dated])})
    assert rows_of(tables, ASKS).sort("line_number")["status"].to_list() == ["paid", "Sent"]


@pytest.mark.parametrize("parts", [{"ask_usd": "-1"}, {"line_number": "0"}, {"status": "A-1"}])
def test_bad_ask_is_rejected(read: Read, parts: Row):
    assert counts(read({"x.csv": as_csv([asked(**parts)])}), "x.csv") == (1, 1, 0)


def in_whole(number: str = "1", **parts: object) -> list[Row]:
    """Two rows of one administration, the second of them with `parts`, and another one."""
    return [given(number), given(number, vial_ndc11="51144002001", **parts), given("2")]


@pytest.mark.parametrize(
    "parts",
    [
        {"vial_count": "two"},
        {"administered_mg": "-1"},
        {"stopped_at": "08:00"},
        {"service_date": ""},
    ],
)
def test_a_part_of_an_administration_is_no_record_of_it(read: Read, parts: Row):
    tables = read({"x.csv": as_csv(in_whole(**parts))})
    assert counts(tables, "x.csv") == (3, 2, 0)
    assert sum("no record of" in reason for reason in reasons(tables)) == 1
    assert rows_of(tables, ADMINISTRATIONS)["administration_id"].to_list() == ["2"]


@pytest.mark.parametrize("quoted", [False, True])
def test_row_with_a_cell_too_many_takes_its_administration_along(read: Read, quoted: bool):
    rows = as_csv(in_whole(patient_id='"m-100"' if quoted else "m-100")).splitlines()
    rows[2] += ",beyond"
    tables = read({"x.csv": "\n".join(rows)})
    assert counts(tables, "x.csv") == (3, 2, 0)
    assert rows_of(tables, ADMINISTRATIONS)["administration_id"].to_list() == ["2"]


def test_the_mended_file_counts_beside_the_one_with_the_bad_row(read: Read):
    tables = read({"x.csv": as_csv(in_whole(vial_count="two")), "y.csv": as_csv(in_whole())})
    assert counts(tables, "x.csv")[:2] == (3, 2)
    assert counts(tables, "y.csv")[:2] == (3, 0)
    assert counts(tables, "x.csv")[2] + counts(tables, "y.csv")[2] == 1
    assert rows_of(tables, ADMINISTRATIONS)["administration_id"].to_list() == ["1", "1", "2"]


def test_row_told_in_two_ways_takes_its_administration_along_in_every_file(read: Read):
    files = {"x.csv": as_csv(in_whole()), "y.csv": as_csv(in_whole(vial_count=3))}
    tables = read(files)
    assert (counts(tables, "x.csv")[:2], counts(tables, "y.csv")[:2]) == ((3, 2), (3, 2))
    assert rows_of(tables, ADMINISTRATIONS)["administration_id"].to_list() == ["2"]


def test_vial_spelt_in_two_ways_is_one_row_told_twice(read: Read):
    spelt = ("51144002001", "51144-0020-01", "51144-020-01", " 51144-0020-1 ")
    tables = read({"x.csv": as_csv([given("1", vial_ndc11=ndc) for ndc in spelt])})
    assert counts(tables, "x.csv") == (4, 0, 3)
    assert rows_of(tables, ADMINISTRATIONS)["vial_ndc11"].to_list() == ["51144002001"]


def test_vial_spelt_in_two_ways_with_two_counts_is_a_contradiction(read: Read):
    rows = [given("1", vial_ndc11="51144-0020-01"), given("1", vial_ndc11="51144002001")]
    tables = read({"x.csv": as_csv([rows[0], {**rows[1], "vial_count": 2}])})
    assert counts(tables, "x.csv") == (2, 2, 0)
    assert "vial_count differs" in reasons(tables)[0]
    assert rows_of(tables, ADMINISTRATIONS).is_empty()


def test_ten_digits_without_hyphens_are_left_as_they_are(read: Read):
    rows = [given("1", vial_ndc11="5114402001"), given("1", vial_ndc11="51144002001")]
    tables = read({"x.csv": as_csv(rows)})
    assert counts(tables, "x.csv") == (2, 0, 0)
