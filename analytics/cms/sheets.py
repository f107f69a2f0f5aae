"""The rows of a CMS sheet as text, and its columns by name: the layouts of 2006 to 2026 alike.

The header stands in row 9, 10, 11 or 13, a line lower where a note was added; columns come and go
between years; a header may end in hundreds of empty names. So a sheet is known by the names it
needs, wherever they stand.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from analytics.cms.refusal import UnreadableLayoutError

_SEPARATORS = (",", "\t", ";", "|")
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_PREAMBLE_ROWS = 60


@dataclass(frozen=True)
class Heading:
    """One column of ours and the pattern of the names CMS gives it, less blanks and marks."""

    column: str
    pattern: str
    is_needed: bool = True
    said: str = ""


@dataclass(frozen=True)
class Layout:
    """What a sheet of one kind is known by: its title, and the columns it needs."""

    title: re.Pattern[str]
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Grid:
    """The cells of a file as one separator reads them, and why they end before the file does."""

    rows: list[list[str]]
    broken: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet: the text above its header, and its rows by our column names with their number.

    `problems` are rows with more cells than the header: which of them is out of place is not known.
    """

    preamble: str
    columns: frozenset[str]
    rows: tuple[tuple[int, dict[str, str]], ...]
    problems: tuple[str, ...] = ()


def grids(content: bytes) -> Iterator[Grid]:
    """Yield the cells of a text file, read with each separator that stands in its first rows."""
    text = _text(content)
    head = text[: 1 << 14]
    for separator in _SEPARATORS:
        if separator in head:
            yield _grid(text, separator)


def _grid(text: str, separator: str) -> Grid:
    rows: list[list[str]] = []
    # Read loosely, a quotation mark that stays open would take the rows below it into one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows.extend([_clean(cell) for cell in row] for row in reader)
    except csv.Error as trouble:
        return Grid(rows, str(trouble))
    return Grid(rows)


def sheet_of(layout: Layout, grid: Grid) -> Sheet | None:
    """Return the sheet of a layout; None where the rows are none of its kind.

    Raises   UnreadableLayoutError when the title is this kind's and a column it needs is missing
             or stands twice, or when a quotation mark does not close
    """
    top = grid.rows[:_PREAMBLE_ROWS]
    for place, row in enumerate(top):
        columns = _columns(layout, row)
        if all(heading.column in columns for heading in layout.headings if heading.is_needed):
            return _sheet(grid, place, columns)
    if any(layout.title.search(cell) for row in top for cell in row):
        raise UnreadableLayoutError(_missing(layout, top))
    return None


def _sheet(grid: Grid, place: int, columns: dict[str, list[int]]) -> Sheet:
    header = grid.rows[place]
    twice = [name for name, places in columns.items() if len(places) > 1]
    if twice:
        names = ", ".join(header[where] for where in columns[twice[0]])
        raise UnreadableLayoutError(
            f"has two columns for one thing; found {names}. Load the file as CMS publishes it"
        )
    if grid.broken:
        raise UnreadableLayoutError(
            f"cannot be read to its end; found a quotation mark that does not close ({grid.broken})"
            f" behind row {len(grid.rows)}. Download the file again"
        )
    numbered = list(enumerate(grid.rows[place + 1 :], start=place + 2))
    rows = tuple(
        (number, {name: _cell(row, places[0]) for name, places in columns.items()})
        for number, row in numbered
        if any(row) and len(row) <= len(header)
    )
    overlong = tuple(
        f"row {number} has {len(row)} cells under {len(header)} columns; the row is left out"
        for number, row in numbered
        if any(row) and len(row) > len(header)
    )
    preamble = "\n".join(cell for row in grid.rows[:place] for cell in row if cell)
    return Sheet(preamble, frozenset(columns), rows, overlong)


def _columns(layout: Layout, row: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, name in enumerate(row):
        bare = re.sub(r"[^a-z0-9*]", "", name.lower())
        for heading in layout.headings:
            if bare and re.fullmatch(heading.pattern, bare):
                found.setdefault(heading.column, []).append(place)
                break
    return found


def _missing(layout: Layout, top: list[list[str]]) -> str:
    header = max(top, key=lambda row: len(_columns(layout, row)))
    columns = _columns(layout, header)
    missing = ", ".join(
        heading.said or heading.column
        for heading in layout.headings
        if heading.is_needed and heading.column not in columns
    )
    found = ", ".join(name for name in header if name) if columns else "no header row at all"
    return (
        f"has no column {missing}; found {found}. "
        "Load the file as CMS publishes it, or give the column its name back"
    )


def _cell(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _clean(cell: str) -> str:
    # `split` takes blanks that do not break, and the line breaks within a quoted note, with it.
    return " ".join(cell.split())


def _text(content: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
