"""The cells of a CSV as text, however the spreadsheet saved it.

UTF-8, UTF-16 or cp1252; comma, semicolon, tab or pipe. Nothing is guessed about the values: every
cell is text, stripped, empty as null. `row_number` is the row a spreadsheet shows: the header is 1.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

SEPARATORS = (",", ";", "\t", "|")
_HEADER_BYTES = 1 << 20
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableCsvError(ValueError):
    """A file that is no table at all; the message says why."""


@dataclass(frozen=True)
class CsvTable:
    """One CSV: its cells with `row_number`, and by number the rows with a cell too many."""

    cells: pl.DataFrame
    overlong_rows: dict[int, tuple[str, ...]]

    @property
    def columns(self) -> tuple[str, ...]:
        """The header as written, lower case."""
        return tuple(name for name in self.cells.columns if name != "row_number")


def read_csv_text(path: Path) -> CsvTable:
    """Return the table of a CSV file, blank rows and unnamed empty columns left out.

    Raises   UnreadableCsvError when there is no header, a name stands twice or a quote stays open
    """
    rows = [[cell.strip() for cell in row] for _, _, row in csv_rows(_as_utf8(path.read_bytes()))]
    if not rows or not any(rows[0]):
        raise UnreadableCsvError("the first row names no columns")
    header = [name.lower() for name in rows[0]]
    named = [place for place, name in enumerate(header) if name]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise UnreadableCsvError(f"two columns are called {', '.join(twice)}")
    numbered = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]
    overlong = {number: tuple(row) for number, row in numbered if _has_cells_outside(row, named)}
    columns = {
        header[place]: [row[place] if place < len(row) else "" for _, row in numbered]
        for place in named
    }
    cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_columns(
        pl.all().replace("", None),
        row_number=pl.Series([number for number, _ in numbered], dtype=pl.Int32),
    )
    return CsvTable(cells.filter(~pl.col("row_number").is_in(list(overlong))), overlong)


def csv_rows(content: bytes) -> Iterator[tuple[int, int, list[str]]]:
    r"""Every row of a CSV, one after another: its number, its first byte's offset, its cells.

    Takes    content, UTF-8 or cp1252; the separator is the one that stands most in the first row
    Raises   UnreadableCsvError when a quote stays open

    >>> [row for row in csv_rows(b'a;b\n"1\n2";3\n4;5\n')]
    [(1, 0, ['a', 'b']), (2, 4, ['1\n2', '3']), (3, 12, ['4', '5'])]
    """
    separator, _ = first_row(content)
    lines = _Lines(content)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    number = 0
    try:
        while True:
            offset = lines.offset
            cells = next(reader, None)
            if cells is None:
                return
            number += 1
            yield number, offset, cells
    except csv.Error as trouble:
        raise UnreadableCsvError(f"a quotation mark does not close ({trouble})") from None


def first_row(content: bytes) -> tuple[str, int]:
    """The separator of a CSV and the byte where its first row begins."""
    start = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    head = content[start : start + _HEADER_BYTES].replace(b"\r", b"\n")
    first_line = head.partition(b"\n")[0].decode("latin-1")
    return max(SEPARATORS, key=first_line.count), start


class _Lines:
    """The lines of a text, decoded, and the byte where the next one begins."""

    def __init__(self, content: bytes) -> None:
        if b"\n" not in content:
            # An old Mac ends its lines so; no byte moves.
            content = content.replace(b"\r", b"\n")
        self._encoding = "utf-8" if _is_utf8(content) else "cp1252"
        _, self.offset = first_row(content)
        self._lines = io.BytesIO(content)
        self._lines.seek(self.offset)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._lines.readline()
        if not line:
            raise StopIteration
        self.offset += len(line)
        # Excel on Windows; its five unassigned bytes must not stop a whole file.
        return line.decode(self._encoding, errors="replace")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_utf8(content: bytes) -> bytes:
    if content.startswith(_UTF_16):
        return content.decode("utf-16", errors="replace").encode()
    return content


def _has_cells_outside(row: list[str], named: list[int]) -> bool:
    return any(cell for place, cell in enumerate(row) if place not in named)
