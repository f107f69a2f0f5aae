"""What the readers of the several kinds share: the rows by code, and the dates of a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analytics.cms.cells import amount_of, code_of, is_cpt, is_level_ii, is_open
from analytics.cms.published import (
    Published,
    download_month,
    effective_quarter,
    named_quarter,
    publication,
    publication_of_note,
    publication_told,
    quarter_begins,
)
from analytics.cms.received import CmsFile
from analytics.cms.refusal import UnreadableLayoutError
from analytics.cms.sheets import Sheet

Row = Mapping[str, str]


@dataclass(frozen=True)
class CmsRows:
    """What one file gave: its kind, the period it is for, its rows, and what is told beside them.

    `table` is the reference file the rows go to; a row that nothing dates has an empty
    `published_on`. `problems` are cells that could not be read: the rest of the file is used, and
    the command leaves with 1.
    """

    kind: str
    table: str
    period: str
    rows: tuple[Row, ...]
    cpt_rows: int = 0
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadedFile:
    """One file that was read, and what it gave.

    `on_file` rows have no date and say nothing new: they are not among the rows.
    """

    file: CmsFile
    read: CmsRows
    on_file: int = 0


@dataclass(frozen=True)
class Coded:
    """The rows of a sheet that have a Level II code; the CPT rows among the others, counted."""

    rows: tuple[tuple[int, str, dict[str, str]], ...]
    cpt_rows: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Issue:
    """One issue of a file: the quarter it is for, and what dates its rows."""

    file: CmsFile
    quarter: str

    @property
    def begins(self) -> date:
        """The first day of the quarter."""
        return quarter_begins(int(self.quarter[:4]), int(self.quarter[-1]))

    def dated(self, note: str = "") -> dict[str, str]:
        """Return when a row was published, what says so, and where the row is from."""
        return dated(self.file, self.begins, note)


def issue_of(file: CmsFile, sheet: Sheet) -> Issue:
    """Return the issue a sheet is.

    Raises   UnreadableLayoutError when its preamble names no quarter, or its name another one
    """
    quarter = effective_quarter(sheet.preamble)
    named = named_quarter(file.name)
    if named not in (None, quarter):
        raise UnreadableLayoutError(
            f"is for {quarter} by its preamble and for {named} by its name; found both. "
            "Find out which it is and name it so"
        )
    return Issue(file, quarter)


def dated(file: CmsFile, begins: date, note: str = "") -> dict[str, str]:
    """Return the columns that say when a row was published and where it is from.

    Both are empty where nothing dates the row: such a file is settled in `undated.py`.

    Takes    begins, the first day the file is for; note, what CMS printed beside the row
    Raises   UnreadableLayoutError when the date told, or the month in the name, cannot be
    """
    published: Published | None = (
        publication(file, begins)
        or publication_of_note(note)
        or publication_told(file, begins)
        or download_month(file, begins)
    )
    return {
        "published_on": published.on.isoformat() if published else "",
        "published_on_basis": published.basis if published else "",
        "source": source_of(file),
    }


def source_of(file: CmsFile) -> str:
    """Return what a row says of the file it is from."""
    # A semicolon ends a name in `source`, see vintages.py.
    return f"CMS {file.name.replace(';', ',')}"


def by_code(sheet: Sheet, *, amount: str) -> Coded:
    """Return the rows of a sheet by code.

    Takes    amount, the column without which a row that has no code is text below the table
    """
    rows: list[tuple[int, str, dict[str, str]]] = []
    cpt_rows, problems = 0, list(sheet.problems)
    for number, cells in sheet.rows:
        code = code_of(cells["hcpcs"])
        if is_level_ii(code):
            rows.append((number, code, cells))
        elif is_cpt(code):
            cpt_rows += 1
        elif cells[amount]:
            problems.append(f'row {number} has "{code}" for a code; the row is left out')
    return Coded(tuple(rows), cpt_rows, tuple(problems))


def amounts(
    number: int, cells: Mapping[str, str], columns: tuple[str, ...]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the amounts of a row, empty where it prints none, and a problem per unreadable one."""
    found = {name: amount_of(cells.get(name, "")) or "" for name in columns}
    unread = tuple(
        f'row {number} has "{cells[name]}" for {name}, which is no amount; it is left empty'
        for name in columns
        if not found[name] and not is_open(cells.get(name, ""))
    )
    return found, unread
