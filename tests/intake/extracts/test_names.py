"""Columns of extracts by name: kinds, a site's own names, and files that are refused for them."""

import pytest

from analytics.intake.extracts.columns import KINDS, kind_of
from analytics.intake.extracts.names import (
    ColumnMap,
    ColumnMapError,
    nearest_column_map,
    read_column_map,
    read_header,
)

NAME = "SYNTHETIC-NAME"


def header(*names: str, told: str = ""):
    return read_header(names, read_column_map(told.encode()))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_kind_is_known_by_all_its_columns_and_by_its_keys_alone(kind):
    assert kind_of(kind.columns) is kind
    assert kind_of(kind.keys) is kind


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("claim_id", "line_number"), "claim_lines"),
        (("claim_id", "line_number", "paid_usd"), "remit_lines"),
        (("claim_id", "line_number", "adjustment_usd"), "adjustments"),
        (("claim_id", "line_number", "asked_on", "ask_usd"), "asks"),
        (("Claim Number", "Line-Number"), "claim_lines"),
    ],
)
def test_kind_is_known_without_a_map(names: tuple[str, ...], kind: str):
    assert header(*names).kind.name == kind


def test_other_names_and_unread_columns_are_known():
    found = header("claim_id", "line_number", "payer_id", "source_offset", "is_waste_line")
    assert found.refused is None
    assert found.columns == ("claim_number", "line_number", "payer_code", None, None)


def test_map_reads_either_way_round_and_a_kinds_own_names_come_first():
    told = '"Acct #" = "claim_number"\nline_number = "Ln"\nDate = "service_date"\n'
    told += '[remit_lines]\nDate = "payment_date"\n'
    assert header("Acct #", "Ln", "Date", "units", told=told).columns[2] == "service_date"
    remits = header("Acct #", "Ln", "Date", "paid_usd", told=told)
    assert (remits.kind.name, remits.columns[2]) == ("remit_lines", "payment_date")


def test_where_both_sides_are_columns_the_left_one_is_the_sites():
    found = header(
        *("claim_number", "line_number", "charge_usd"), told='charge_usd = "claim_charge_usd"'
    )
    assert found.columns[2] == "claim_charge_usd"


def test_ignored_columns_are_left_alone():
    told = 'ignore = ["Patient Name"]\n[claim_lines]\nignore = ["Notes"]'
    found = header("claim_number", "line_number", "patient-name", "Notes", told=told)
    assert found.refused is None
    assert found.columns[2:] == (None, None)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (
            ("claim_number", "line_number", "Last Name"),
            '"Last Name" is not a column of claim_lines',
        ),
        (("claim_number", "line_number", "chargeusd"), "Did you mean charge_usd?"),
        (("claim_number", "units"), "claim_lines without the column line_number"),
        (("claim_number", "claim_id", "line_number"), "two columns are claim_number"),
        (("claim_number", "line_number", "hcpcs", "HCPCS"), "two columns are hcpcs"),
        (("claim_number", "line_number", "modifiers", "modifier_1"), "keep one form"),
        (("claim_number", "remit_line_number", "paid_usd"), "without the column payment_date"),
    ],
)
def test_file_is_refused_for_its_columns_by_name(names: tuple[str, ...], said: str):
    assert said in header(*names).refused


def test_name_of_a_patient_is_never_likened_to_a_patients_id():
    for name in ("Patient Name", "Last Name", "Member Name", "Birth Date", "Subscriber Id"):
        assert "Did you mean" not in header("claim_number", "line_number", name).refused


def test_header_nobody_knows_may_be_a_patient_and_is_not_quoted():
    found = header(NAME, "1950-01-01")
    assert found.kind is None
    assert NAME not in found.refused


def test_many_unknown_columns_are_not_all_listed():
    refused = header("claim_number", "line_number", *(f"own {n}" for n in range(9))).refused
    assert "and 4 more" in refused
    assert "own 7" not in refused


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("no toml", "it is no TOML"),
        ("a = 1", '"a" is not mapped to a name'),
        ('"Acct" = "account"', 'neither "Acct" nor "account" is a column'),
        ('[remits]\n"Acct" = "claim_number"', "[remits] is no kind of extract"),
        ('ignore = "Notes"', "ignore is a list"),
    ],
)
def test_map_that_cannot_be_used_says_why(told: str, said: str):
    with pytest.raises(ColumnMapError) as refused:
        read_column_map(told.encode())
    assert said in str(refused.value)


def test_map_that_is_not_utf8_is_refused():
    with pytest.raises(ColumnMapError):
        read_column_map(b'"Ver\xfcgt" = "claim_number"')


def test_nearest_map_counts():
    maps = ["columns.toml", "a/columns.toml"]
    assert nearest_column_map("a/b/lines.csv", maps) == "a/columns.toml"
    assert nearest_column_map("a.zip/lines.csv", maps) == "columns.toml"
    assert nearest_column_map("lines.csv", ["a/columns.toml"]) is None
    assert read_header(["claim_number", "line_number"], ColumnMap()).refused is None
