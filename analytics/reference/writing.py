"""Rows added to a reference CSV, its own bytes kept: every row in it stays as it is written.

New rows stand at the end, in the file's own columns, separator, encoding and line ends. Only its
first line may grow, by columns the new rows need. A file that is not there yet is made with its
columns in the order a person fills them in: what a row is about, what was seen, what to decide.
"""

import codecs
import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from analytics.errors import AnalyticsError
from analytics.intake.csv_text import SEPARATORS, read_csv_text
from analytics.reference.columns import NOTE_COLUMNS
from analytics.reference.shapes import ReferenceFile

# A spreadsheet runs a cell that begins like this; the readers take the apostrophe off again.
FORMULA_START = re.compile(r"^[=+\-@]")
# A row begins with what it is about; of these files that is more than what an open row holds.
LEADING = {
    "payers": ("payer_id", "payer_name", "line_of_business"),
    "payer_aliases": ("alias", "payer_id"),
    "payer_lines": ("payer_id", "filing_code", "group_number", "line_of_business"),
}
DECIDED_FIRST = ("method", "rate")
BYTE_ORDER_MARK = "\ufeff"
# A byte no letter stands for is written back as it was.
KEEP_BYTES = {
    "utf-8": "strict",
    "cp1252": "surrogateescape",
    "utf-16-le": "strict",
    "utf-16-be": "strict",
}

Row = Mapping[str, str | None]


def with_rows_added(path: Path, file: ReferenceFile, rows: Sequence[Row]) -> bytes:
    """Return the content of a reference CSV with the rows at its end.

    Takes    path, the CSV, which need not be there
    Raises   AnalyticsError when rows cannot be added without changing what stands there
    """
    if not path.is_file():
        names = _columns(file)
        text = _csv_lines([names, *_cells(rows, names)], ",", "\n")
        return text.encode("utf-8" if text.isascii() else "utf-8-sig")
    encoding, text = _decoded(path)
    first, line_end, rest = _first_line(path, text)
    separator = max(SEPARATORS, key=first.count)
    header = next(csv.reader([first.removeprefix(BYTE_ORDER_MARK)], delimiter=separator))
    names = [name.strip().lower() for name in header]
    missing = [
        name for name in _columns(file) if name not in names and any(row.get(name) for row in rows)
    ]
    if missing:
        _refuse_cells_beyond_the_header(path)
    if rest and not rest.endswith(("\n", "\r")):
        rest += line_end
    added = _csv_lines(_cells(rows, [*names, *missing]), separator, line_end)
    whole = separator.join([first, *missing]) + line_end + rest + added
    try:
        return whole.encode(encoding, KEEP_BYTES[encoding])
    except UnicodeEncodeError:
        raise _unwritable(path, f"a name that {encoding} has no letters for") from None


def formula_safe(cell: str) -> str:
    """The cell, an apostrophe before it where a spreadsheet would run it.

    >>> formula_safe("=1+1"), formula_safe("ALDER")
    ("'=1+1", 'ALDER')
    """
    return f"'{cell}" if FORMULA_START.match(cell) else cell


def _columns(file: ReferenceFile) -> tuple[str, ...]:
    leading = LEADING.get(file.name, (*file.named, *file.asked))
    first = tuple(name for name in DECIDED_FIRST if name in file.column_names)
    return tuple(dict.fromkeys((*leading, *NOTE_COLUMNS, *first, *file.column_names)))


def _cells(rows: Sequence[Row], names: Sequence[str]) -> list[list[str]]:
    counts = NOTE_COLUMNS[:2]
    return [
        [cell if name in counts else formula_safe(cell) for name, cell in _filled(row, names)]
        for row in rows
    ]


def _filled(row: Row, names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, row.get(name) or "") for name in names]


def _csv_lines(rows: Sequence[Sequence[str]], separator: str, line_end: str) -> str:
    return "".join(
        separator.join(_quoted(cell, separator) for cell in row) + line_end for row in rows
    )


def _quoted(cell: str, separator: str) -> str:
    # Python's own writer leaves a lone carriage return bare, and no reader takes it so.
    if not any(letter in cell for letter in (separator, '"', "\r", "\n")):
        return cell
    return '"' + cell.replace('"', '""') + '"'


def _decoded(path: Path) -> tuple[str, str]:
    """The encoding `csv_text` reads the file in, and its text with the byte order mark kept."""
    content = path.read_bytes()
    marks = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    encoding = next((name for mark, name in marks.items() if content.startswith(mark)), "utf-8")
    try:
        return encoding, content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise _unwritable(path, "half a letter") from None
    return "cp1252", content.decode("cp1252", KEEP_BYTES["cp1252"])


def _first_line(path: Path, text: str) -> tuple[str, str, str]:
    found = re.match(r"([^\r\n]*)(\r\n|\n|\r|$)", text)
    if found[1].count('"') % 2:
        raise _unwritable(path, "a header over more than one line")
    return found[1], found[2] or "\n", text[found.end() :]


def _refuse_cells_beyond_the_header(path: Path) -> None:
    """A column more would take in the cell a forgotten quotation mark pushed out of its place."""
    overlong = sorted(read_csv_text(path).overlong_rows)
    if overlong:
        raise AnalyticsError(
            f"rows cannot be added to reference/{path.name}; found more cells in row {overlong[0]}"
            " than the header has columns. Mend that row and run init again."
        )


def _unwritable(path: Path, found: str) -> AnalyticsError:
    return AnalyticsError(
        f"rows cannot be added to reference/{path.name}; found {found}. "
        "Save the file as CSV in UTF-8 and run init again."
    )
