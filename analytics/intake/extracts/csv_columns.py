"""The cells of a CSV extract by column, some rows at a time, each with its row and its byte.

A file without a quotation mark, as databases write it, is split by polars; any other is read row by
row. Both give the same cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import polars as pl

from analytics.intake.csv_text import csv_rows, first_row
from analytics.intake.x12 import is_utf8

PLACE = {"row_number": pl.Int32(), "source_offset": pl.Int64()}
ROWS_AT_A_TIME = 50_000
BYTES_AT_A_TIME = 16 << 20
Cells = tuple[pl.DataFrame, pl.DataFrame]


@dataclass(frozen=True)
class CsvColumns:
    """The columns of a CSV by place: the name they are read under, None where they are not.

    A cell where no column is named has no place in the file.
    """

    columns: tuple[str | None, ...]
    is_named: tuple[bool, ...]

    @property
    def read(self) -> dict[str, int]:
        """The columns that are read, with their places."""
        return {name: place for place, name in enumerate(self.columns) if name}

    @property
    def unnamed(self) -> list[int]:
        """The places where no cell may stand."""
        return [place for place, named in enumerate(self.is_named) if not named]


def cells_of(content: bytes, header: CsvColumns) -> Iterator[Cells]:
    """Rows after the first by column and place: those that fit, and those with a cell too many."""
    if b'"' in content or b"\r" in content.replace(b"\r\n", b"\n"):
        return _read_row_by_row(content, header)
    return _split_lines(content, header)


def _read_row_by_row(content: bytes, header: CsvColumns) -> Iterator[Cells]:
    rows = islice(csv_rows(content), 1, None)
    while chunk := list(islice(rows, ROWS_AT_A_TIME)):
        kept, overlong = [], []
        for row in chunk:
            (kept if _fits(row[2], header) else overlong).append(row)
        yield _by_column(kept, header), _by_column(overlong, header)


def _by_column(rows: Sequence[tuple[int, int, list[str]]], header: CsvColumns) -> pl.DataFrame:
    by_column = {
        name: [cells[place] if place < len(cells) else None for _, _, cells in rows]
        for name, place in header.read.items()
    }
    schema = {**dict.fromkeys(by_column, pl.String), **PLACE}
    return pl.DataFrame({**by_column, **_places(rows)}, schema=schema)


def _fits(cells: Sequence[str], header: CsvColumns) -> bool:
    if any(cell.strip() for cell in cells[len(header.columns) :]):
        return False
    return not any(cells[place].strip() for place in header.unnamed if place < len(cells))


def _places(rows: Sequence[tuple[int, int, list[str]]]) -> dict[str, list[int]]:
    return {
        "row_number": [number for number, _, _ in rows],
        "source_offset": [offset for _, offset, _ in rows],
    }


def _split_lines(content: bytes, header: CsvColumns) -> Iterator[Cells]:
    separator, start = first_row(content)
    encoding = "utf-8" if is_utf8(content) else "cp1252"
    offset = content.find(b"\n", start) + 1
    number = 2
    while 0 < offset < len(content):
        end = content.rfind(b"\n", offset, offset + BYTES_AT_A_TIME) + 1
        if end <= offset:
            end = (content.find(b"\n", offset) + 1) or len(content)
        lines = pl.Series("line", content[offset:end].decode(encoding, "replace").split("\n"))
        if content[end - 1 : end] == b"\n":
            lines = lines[:-1]
        yield _split(lines, offset, number, separator, header, encoding)
        offset, number = end, number + len(lines)


def _split(
    lines: pl.Series, offset: int, number: int, separator: str, header: CsvColumns, encoding: str
) -> Cells:
    width = len(header.columns)
    size = pl.col("line").str.len_bytes() if encoding == "utf-8" else pl.col("line").str.len_chars()
    # The part after the last column is left whole: what is in it has no column.
    cells = pl.col("line").str.strip_suffix("\r").str.splitn(separator, width + 1)
    rows = lines.to_frame().select(
        row_number=pl.int_range(number, number + pl.len(), dtype=pl.Int32),
        source_offset=(offset + (size.cast(pl.Int64) + 1).cum_sum() - size - 1).cast(pl.Int64),
        cells=cells,
    )
    outside = [*header.unnamed, width]
    is_empty = [
        pl.col("cells").struct[place].str.strip_chars(f" \t\r{separator}").fill_null("") == ""
        for place in outside
    ]
    fits = pl.all_horizontal(is_empty)
    read = [pl.col("cells").struct[place].alias(name) for name, place in header.read.items()]
    return rows.filter(fits).select(*read, *PLACE), rows.filter(~fits).select(*read, *PLACE)
