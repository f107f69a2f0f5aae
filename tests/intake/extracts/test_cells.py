"""Cells of extracts: what is accepted, what it becomes, and that everything else is refused."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.intake.extracts.cells import SHAPES, stripped
from analytics.intake.extracts.columns import KINDS


def read(shape: str, cell: str) -> object:
    """The value of one cell, None where it is refused or says nothing."""
    frame = pl.DataFrame({"cell": [cell]})
    return frame.select(SHAPES[shape].value(stripped(pl.col("cell")))).item()


@pytest.mark.parametrize(
    "cell",
    ["2026-01-05", "1/5/2026", "01/05/2026", "2026-01-05 00:00:00", "2026-01-05T00:00:00.000"],
)
def test_date_is_iso_or_month_first(cell: str):
    assert read("date", cell) == date(2026, 1, 5)


@pytest.mark.parametrize(
    "cell",
    [
        *("2026-02-30", "13/1/2026", "1/5/26", "20260105", "2026-01-05 10:00:00", "5 Jan 2026"),
        *("1900-01-01", "46027", "2026-1-5", "0001-01-01"),
    ],
)
def test_any_other_date_is_refused(cell: str):
    assert read("date", cell) is None


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("1234.5", "1234.5"),
        ("$1,234.50", "1234.50"),
        ("-12", "-12"),
        ("-$12.00", "-12"),
        ("$-12.00", "-12"),
        ("(12.00)", "-12"),
        ("($1,012.00)", "-1012"),
        (".05", "0.05"),
        ("0.0049", "0.0049"),
        ("99999999999999", "99999999999999"),
    ],
)
def test_money_as_spreadsheets_write_it(cell: str, found: str):
    assert read("money", cell) == Decimal(found)


@pytest.mark.parametrize(
    "cell",
    [
        *("12,34", "1,2345.00", "1.234,50", "1.00001", "--1", "(-1)", "1-", "1e3", "12.00 USD"),
        *("$", "-", "()", "one", "100000000000000", "1 000"),
    ],
)
def test_any_other_money_is_refused(cell: str):
    assert read("money", cell) is None


@given(st.decimals(-(10**13), 10**13, places=2, allow_nan=False))
def test_money_is_read_to_the_cent_in_every_form(amount: Decimal):
    plain = f"{abs(amount):.2f}"
    with_commas = f"{abs(amount):,.2f}"
    forms = [plain, with_commas, f"${with_commas}"]
    if amount < 0:
        forms = [f"-{plain}", f"-${with_commas}", f"$-{plain}", f"({with_commas})"]
    assert {read("money", form) for form in forms} == {amount}


@pytest.mark.parametrize("cell", ["", "  ", "NULL", "n/a", "NA", "None", "nan"])
def test_empty_cell_says_nothing(cell: str):
    assert pl.select(stripped(pl.lit(cell))).item() is None


@pytest.mark.parametrize(
    ("shape", "cell", "found"),
    [
        ("number", "1,000.5", Decimal("1000.5")),
        ("number", "-4", Decimal(-4)),
        ("number", "$4", None),
        ("quantity", "-4", None),
        ("dollars", "($4)", None),
        ("whole", "12", 12),
        ("whole", "12.0", 12),
        ("whole", "0", None),
        ("whole", "1.5", None),
        ("place_number", "0", 0),
        ("hcpcs", "j9177", "J9177"),
        ("hcpcs", "SMITH", None),
        ("hcpcs", "J91777", None),
        ("modifiers", "jw", "JW"),
        ("modifiers", "JW,59;XU/25", "JW 59 XU 25"),
        ("modifiers", "JW 59 XU 25 GA", None),
        ("modifiers", "JWX", None),
        ("revenue", "636", "0636"),
        ("place", "2", "02"),
        ("ndc", "51144-0020-01", "51144-0020-01"),
        ("ndc", "5.1144E+10", None),
        ("npi", "1999999984", "1999999984"),
        ("npi", "199999998", None),
        ("tax_id", "99-9999999", "999999999"),
        ("diagnoses", "C67.9, Z51.11", "C679 Z5111"),
        ("diagnoses", "SMITH JOHN", None),
        ("remarks", "N115;m62", "N115 M62"),
        ("remarks", "SMITH", None),
        ("rank", "P", "primary"),
        ("rank", "2", "secondary"),
        ("rank", "self", None),
        ("claim_type", "837I", "institutional"),
        ("frequency", "0", None),
        ("status", "25", "25"),
        ("status", "26", None),
        ("group", "co", "CO"),
        ("group", "CX", None),
        ("reason", "045", "45"),
        ("reason", "b7", "B7"),
        ("reason", "CO-45", None),
        ("denial", "co 50", "CO-50"),
        ("denial", "50", None),
        ("yes_no", "Y", "true"),
        ("yes_no", "0", "false"),
        ("yes_no", "maybe", None),
        ("clock", "9:05", "09:05:00"),
        ("clock", "2026-01-31T14:05:30", "2026-01-31 14:05:30"),
        ("clock", "25:00", None),
        ("words", "partly paid", "partly paid"),
        ("words", "A1", None),
        ("text", "x" * 51, None),
        ("text", "a\tb", None),
        ("drug", "Padcev", "padcev"),
    ],
)
def test_codes_are_tidied_and_anything_else_is_refused(shape: str, cell: str, found: object):
    assert read(shape, cell) == found


def test_every_column_has_a_shape():
    told = {shape for kind in KINDS for shape in kind.columns.values()}
    assert told == set(SHAPES)


@given(st.text(max_size=20))
def test_no_cell_stops_a_shape(cell: str):
    frame = pl.DataFrame({"cell": [cell]})
    for shape in SHAPES.values():
        assert frame.select(shape.value(stripped(pl.col("cell")))).height == 1
