"""One extract file as rows: separators, encodings, places, and every row accounted for."""

import io
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.intake.extracts.csv_columns import CsvColumns, cells_of
from analytics.intake.extracts.files import ExtractFile, read_extract
from analytics.intake.extracts.names import ColumnMap
from analytics.intake.patients import with_patient_key
from tests.intake.raw_folder import KEY

NAME = "SYNTHETIC-NAME"
HEADER = "claim_number,line_number,hcpcs,units,charge_usd,service_date\n"
ROWS = "A1,1,J1324,90,180.00,2026-02-10\nA2,1,96372,1,50,2/11/2026\n"


def read(content: bytes | str) -> ExtractFile:
    found = content.encode() if isinstance(content, str) else content
    return read_extract(found, ColumnMap(), KEY)


def said(file: ExtractFile, *columns: str) -> list[tuple]:
    return file.rows.select(columns or ("claim_number", "units", "charge_usd")).rows()


TWO_ROWS = [("A1", Decimal(90), Decimal(180)), ("A2", Decimal(1), Decimal(50))]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_found_in_the_header(separator: str):
    assert said(read((HEADER + ROWS).replace(",", separator))) == TWO_ROWS


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_breaks_and_byte_order_mark_change_nothing(line_break: str, mark: str):
    file = read((mark + HEADER + ROWS).replace("\n", line_break))
    assert said(file) == TWO_ROWS
    assert file.rows["row_number"].to_list() == [2, 3]


def test_quoted_cells_hold_separators_and_line_breaks():
    text = HEADER + 'A1,1,J1324,90,"1,180.00",2026-02-10\n"A2\n",1,96372,1,50,2026-02-11\n'
    assert said(read(text)) == [("A1", Decimal(90), Decimal(1180)), ("A2", Decimal(1), Decimal(50))]


def test_cp1252_is_read_where_it_is_no_utf8():
    text = "claim_number,line_number,payer_name\nA1,1,CAFÉ HEALTH\nA2,1,B\n"
    for encoding in ("utf-8", "cp1252"):
        file = read(text.encode(encoding))
        assert said(file, "payer_name") == [("CAFÉ HEALTH",), ("B",)]
        second = text.encode(encoding).index(b"A2")
        assert file.rows["source_offset"].to_list()[1] == second


@pytest.mark.parametrize("quote", ["", '"'])
def test_offset_is_the_byte_where_the_row_begins(quote: str):
    text = f"{HEADER}\n{quote}A1{quote},1,J1324,90,180,2026-02-10\r\n\n,,,,,\nA2,1,,,,\n"
    file = read(text)
    assert file.rows["row_number"].to_list() == [3, 6]
    starts = [text.index(f"{quote}A1"), text.index("A2")]
    assert file.rows["source_offset"].to_list() == starts
    assert file.received == 2


def test_bad_cells_reject_their_row_with_its_place_and_the_rest_loads():
    text = HEADER + f"A1,x,J1324,1,1,2026-02-10\nA2,1,{NAME},1,12;5,\n" + ROWS + ",1,J1324,,,\n"
    file = read(text)
    assert file.received == 5
    assert said(file) == TWO_ROWS
    reasons = dict(file.rejected.select("row_number", "reason").rows())
    assert set(reasons) == {2, 3, 6}
    assert reasons[2].startswith("line_number is not a whole number from 1; the row is not used")
    assert "hcpcs is not a code" in reasons[3]
    assert "charge_usd is not an amount" in reasons[3]
    assert reasons[6].startswith("claim_number is empty")
    assert NAME not in str(reasons)
    offsets = dict(file.rejected.select("row_number", "source_offset").rows())
    assert text[offsets[3] :].startswith("A2,1,")


@pytest.mark.parametrize("quote", ["", '"'])
def test_row_with_a_cell_too_many_is_rejected_and_a_short_one_is_not(quote: str):
    text = f"claim_number,line_number,,hcpcs\n{quote}A1{quote},1,,J1324,9\nA2,1\nA3,1,x,J1324\n"
    file = read(text + "A4,1,,J1324,,\n")
    assert said(file, "claim_number", "hcpcs") == [("A2", None), ("A4", "J1324")]
    assert file.rejected["row_number"].to_list() == [2, 4]
    assert file.received == 4


def test_refused_file_counts_all_its_rows():
    file = read(f"claim_number,line_number,Last Name\nA1,1,{NAME}\n\nA2,1,{NAME}\n")
    assert (file.received, file.rows.height) == (2, 0)
    assert '"Last Name" is not a column' in file.refused
    assert NAME not in file.refused


def test_open_quotation_mark_refuses_the_file():
    file = read(HEADER + 'A1,1,"J1324,90,180.00,2026-02-10\n')
    assert "a quotation mark does not close" in file.refused


def test_modifiers_stand_in_one_column_or_in_four():
    apart = read("claim_number,line_number,modifier_1,modifier_2\nA,1,jw,\nA,2,59,XU\nA,3,,\n")
    assert said(apart, "modifiers") == [("JW",), ("59 XU",), (None,)]


def test_patient_is_kept_as_the_key_a_remit_has():
    file = read("claim_number,line_number,patient_id\nA,1, m100\nA,2,\n")
    member = pl.DataFrame({"member": ["M100"]})
    key = with_patient_key(member, KEY, member="member", birth_date=None, first_name=None)
    assert file.rows["patient_key"].to_list() == [key["patient_key"].item(), None]
    assert "patient_id" not in file.rows.columns


def test_denied_amount_and_its_reason_stand_only_together():
    head = "claim_number,remit_line_number,payment_date,denied_usd,denial_reason\n"
    file = read(head + "A,1,2026-03-01,5,\nA,2,2026-03-01,,CO-50\nA,3,2026-03-01,5,CO-50\n")
    assert file.rows["remit_line_number"].to_list() == [3]
    assert "stand only together" in file.rejected["reason"][0]
    alone = read(head.replace(",denial_reason", "") + "A,1,2026-03-01,5\n")
    assert "stand only together" in alone.rejected["reason"][0]


def parquet(**columns: object) -> bytes:
    packed = io.BytesIO()
    pl.DataFrame(columns).write_parquet(packed)
    return packed.getvalue()


def test_parquet_is_read_in_its_types():
    content = parquet(
        claim_number=[10.0, 11.0, None],
        line_number=[1, 1, 1],
        units=[90.5, 1.0, 2.0],
        charge_usd=pl.Series([Decimal("180.00"), None, None], dtype=pl.Decimal(18, 2)),
        service_date=[date(2026, 2, 10), None, None],
    )
    file = read(content)
    assert said(file, "claim_number", "units", "charge_usd", "service_date") == [
        ("10", Decimal("90.5"), Decimal(180), date(2026, 2, 10)),
        ("11", Decimal(1), None, None),
    ]
    assert file.rejected.select("row_number", "source_offset").rows() == [(3, 3)]


def test_parquet_that_holds_lists_or_is_damaged_is_refused():
    lists = parquet(claim_number=["A"], line_number=[1], modifiers=[["JW"]])
    assert "modifiers holds lists" in read(lists).refused
    whole = parquet(claim_number=["A"], line_number=[1])
    assert "the Parquet file is damaged" in read(whole[:40]).refused


def test_float_with_the_noise_of_arithmetic_is_no_amount():
    file = read(parquet(claim_number=["A", "B"], line_number=[1, 1], charge_usd=[0.1 + 0.2, 0.3]))
    assert said(file, "claim_number", "charge_usd") == [("B", Decimal("0.3"))]


cells = st.text(alphabet="ab,;| 1é$\t-", max_size=4)


@given(
    rows=st.lists(st.lists(cells, max_size=5), max_size=8),
    line_break=st.sampled_from(["\n", "\r\n"]),
    ends=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
)
def test_fast_and_slow_reading_agree(
    rows: list[list[str]], line_break: str, encoding: str, *, ends: bool
):
    lines = ["x,y,,z", *(",".join(row) for row in rows)]
    content = (line_break.join(lines) + (line_break if ends else "")).encode(encoding)
    header = CsvColumns(("x", "y", None, "z"), (True, True, False, True))
    # A quotation mark in a row of its own sends the same rows the slow way.
    slow = content + (b"" if ends else line_break.encode()) + b'"",,,'
    assert split(content, header) == split(slow, header)


def split(content: bytes, header: CsvColumns) -> tuple[list[tuple], list[tuple]]:
    parts = list(cells_of(content, header))
    said = [row for cells, _ in parts for row in cells.with_columns(tidy).rows()]
    overlong = [row for _, places in parts for row in places.rows()]
    return [row for row in said if any(row[:3])], overlong


tidy = pl.col("x", "y", "z").str.strip_chars().fill_null("")


@given(st.data())
def test_damaged_parquet_is_refused_or_read_and_never_stops_a_refresh(data: st.DataObject):
    damaged = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(4, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    file = read(bytes(damaged[: data.draw(st.integers(4, len(damaged)))]))
    assert file.refused or file.rows.height + file.rejected.height == file.received


WHOLE = parquet(claim_number=["A"] * 9, line_number=range(1, 10), charge_usd=[1.5] * 9)
