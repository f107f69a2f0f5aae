"""The cells of a CSV as text, however the spreadsheet saved it.

UTF-8, UTF-16 or cp1252; comma, semicolon or tab. Nothing is guessed about the values: every cell is
text, stripped, empty as null. `row_number` is the row a spreadsheet shows: the header is 1.
"""

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path

import polars as pl

SEPARATORS = (",", ";", "\t")


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
    try:
        rows = list(_rows_of(_decoded(path.read_bytes())))
    except csv.Error as trouble:
        raise UnreadableCsvError(f"a quotation mark does not close ({trouble})") from None
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


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel on Windows; its five unassigned bytes must not stop a whole file.
        return content.decode("cp1252", errors="replace")


def _rows_of(text: str) -> list[list[str]]:
    first_line = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return [[cell.strip() for cell in row] for row in reader]


def _has_cells_outside(row: list[str], named: list[int]) -> bool:
    return any(cell for place, cell in enumerate(row) if place not in named)
