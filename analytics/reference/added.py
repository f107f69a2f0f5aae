"""What stands in a site's reference CSVs already, and rows added behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.intake.csv_text import read_csv_text
from analytics.reference.cells import tidied
from analytics.reference.columns import REFERENCE_FILES
from analytics.reference.rows import path_of
from analytics.reference.shapes import ANY, ReferenceFile
from analytics.reference.tables import Reference
from analytics.reference.writing import Row, with_rows_added
from analytics.warehouse.durable import write_durably

FILES = {file.name: file for file in REFERENCE_FILES}
# A decided row of these may hold on other days than those asked about.
MAY_BE_ASKED_AGAIN = ("contract_terms", "drug_codes", "drug_packages")


@dataclass(frozen=True)
class Standing:
    """The rows of one file as a person left them, and the numbers of those that are used."""

    file: ReferenceFile
    rows: tuple[Mapping[str, object], ...]
    used: frozenset[int]

    def cells(self, *columns: str) -> list[str]:
        """Every cell of these columns that is filled."""
        return [str(row[name]) for row in self.rows for name in columns if row.get(name)]

    def has(self, new: Row) -> bool:
        """Whether a row about the same stands there: one still to be decided, or any."""
        return any(
            self._is_about_the_same(row, new)
            for row in self.rows
            if self.file.name not in MAY_BE_ASKED_AGAIN or row["row_number"] not in self.used
        )

    def _is_about_the_same(self, row: Mapping[str, object], new: Row) -> bool:
        return all(
            row.get(name) == _as_read(name, new.get(name))
            or (name == "line_of_business" and row.get(name) in (None, ANY))
            for name in self.file.asked
        )


def standing_rows(folder: Path, reference: Reference, name: str) -> Standing:
    """Return what stands in a site's CSV, tidied; nothing where there is no such file.

    Takes    folder, the site's `reference/`, and what was read from it
    """
    file = FILES[name]
    path = path_of(folder, f"{name}.csv")
    if path is None:
        return Standing(file, (), frozenset())
    cells = read_csv_text(path).cells
    rows = cells.select(
        *(tidied(column) for column in file.columns if column.name in cells.columns), "row_number"
    )
    used = reference.frames[file.table].filter(pl.col("row_source") == "site")["row_number"]
    return Standing(file, tuple(rows.to_dicts()), frozenset(used))


def add_rows(folder: Path, rows: Mapping[str, Sequence[Row]]) -> None:
    """Write rows at the end of a site's CSVs, by file; each keeps its mode.

    Raises   AnalyticsError when rows cannot be added to one without changing what stands there;
             then none is written
    """
    written: list[tuple[Path, bytes]] = []
    for name, added in rows.items():
        if added:
            path = path_of(folder, f"{name}.csv") or folder / f"{name}.csv"
            # What a link points to is written, the link stays.
            written.append((path.resolve(), with_rows_added(path, FILES[name], added)))
    for path, content in written:
        mode = path.stat().st_mode if path.exists() else None
        write_durably(path, content)
        if mode is not None:
            path.chmod(mode & 0o777)


def _as_read(name: str, cell: str | None) -> str | None:
    return cell.replace("-", "") if cell and name == "ndc11" else cell or None
