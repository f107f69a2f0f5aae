"""A CSV file as its header and rows, each row with the byte it starts at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

BYTE_ORDER_MARK = "\xef\xbb\xbf"  # of UTF-8, one character a byte
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t|"
QUOTE = '"'


@dataclass(frozen=True)
class CsvRow:
    """One row: the byte it starts at, and its cells as text."""

    offset: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CsvTable:
    """The names in the first row, and the rows below it that are not blank."""

    names: tuple[str, ...]
    rows: Iterator[CsvRow]


def csv_table(content: bytes) -> CsvTable | None:
    """Return the table a file holds, None where it holds no row (EXTRACTS.md, Files)."""
    if content.startswith(UTF_16):
        return None
    rows = (row for row in _rows_of(content) if any(cell.strip() for cell in row.cells))
    header = next(rows, None)
    return CsvTable(header.cells, rows) if header else None


def _rows_of(content: bytes) -> Iterator[CsvRow]:
    # Latin-1 keeps one character a byte, so that places in the text are byte offsets.
    text = content.decode("latin-1")
    encoding = _encoding_of(content)
    place = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
    first_line = next((line for line in text[place:].split("\n") if line.strip()), "")
    delimiter = max(DELIMITERS, key=first_line.count)
    ends_cell = re.compile(f"[{delimiter}\r\n]")
    while place < len(text):
        start, cells = place, []
        is_row_open = True
        while is_row_open:
            cell, place = _cell_at(text, place, ends_cell)
            cells.append(cell.encode("latin-1").decode(encoding, "replace"))
            is_row_open = text[place : place + 1] == delimiter
            place += is_row_open
        yield CsvRow(start, tuple(cells))
        place += 2 if text.startswith("\r\n", place) else 1


def _cell_at(text: str, place: int, ends_cell: re.Pattern[str]) -> tuple[str, int]:
    """Return a cell and the place behind it: a delimiter, a line end or the end."""
    quoted = []
    while text.startswith(QUOTE, place):
        # A quotation mark within quotation marks is written twice.
        end = text.find(QUOTE, place + 1)
        end = len(text) if end < 0 else end
        quoted.append(text[place + 1 : end])
        place = end + 1
    found = ends_cell.search(text, place)
    end = found.start() if found else len(text)
    return QUOTE.join(quoted) + text[place:end], end


def _encoding_of(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
