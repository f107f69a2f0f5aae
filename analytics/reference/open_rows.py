"""Rows a person has still to decide: what `analytics init` asked and nobody has answered yet.

A row is open when init wrote it (`seen_lines` stands in it) and nothing but what it is about is
filled in. It is no row to any model and puts no other row in doubt; each file says in one sentence
how many it holds. As soon as any other cell is filled the row is a row like every other.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import polars as pl

from analytics.reference.columns import NOTE_COLUMNS
from analytics.reference.shapes import ReferenceFile

SEEN_LINES, SEEN_USD, SEEN_NOTE = NOTE_COLUMNS
WHOLE = r"^\d+$"
# A spreadsheet drops the cents it need not show, and writes a comma for a point in some countries.
DOLLARS = r"^-?\d+([.,]\d{1,2})?$"


@dataclass(frozen=True)
class OpenRows:
    """The open rows of one file, what each is about, and the charges init saw behind them."""

    file: ReferenceFile
    cells: pl.DataFrame

    @property
    def sentence(self) -> str:
        """How many rows wait for an answer, the dollars behind them, and the largest."""
        rows = self.cells.to_dicts()
        dollars = [_dollars(row[SEEN_USD]) for row in rows]
        largest = rows[dollars.index(max(dollars))]
        about = ", ".join(f"{name} {largest[name]}" for name in self.file.asked if largest[name])
        return (
            f"reference/{self.file.name}.csv: {len(rows):,} {'row' if len(rows) == 1 else 'rows'}"
            f" still open, ${sum(dollars):,.2f} charged; the largest: {about},"
            f" ${max(dollars):,.2f}."
        )


def told_apart(file: ReferenceFile, cells: pl.DataFrame) -> tuple[pl.DataFrame, OpenRows | None]:
    """Return the rows that say something, and those still open (None where there are none).

    Takes    the cells of a file as found, empty ones null
    """
    if not file.asked or SEEN_LINES not in cells.columns:
        return cells, None
    answers = [
        name
        for name in cells.columns
        if name not in (*file.asked, *file.named, *NOTE_COLUMNS, "row_number")
    ]
    is_open = pl.all_horizontal(
        pl.col(SEEN_LINES).is_not_null(), *(pl.col(name).is_null() for name in answers)
    )
    asked = [pl.col(name) if name in cells.columns else _nothing(name) for name in file.asked]
    usd = pl.col(SEEN_USD) if SEEN_USD in cells.columns else _nothing(SEEN_USD)
    found = cells.filter(is_open).select(*asked, usd, "row_number")
    return cells.filter(~is_open), None if found.is_empty() else OpenRows(file, found)


def odd_notes(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose counts are no counts: cells pushed there by a comma too many.

    Takes    the cells of a file as found
    Returns  `row_number` and `found`, the cell that is odd; both counts stand in a row or neither
    """
    lines, usd = (
        pl.col(name) if name in cells.columns else _nothing(name) for name in (SEEN_LINES, SEEN_USD)
    )
    noted = cells.select("row_number", lines, usd)
    is_odd = {
        SEEN_LINES: ~pl.col(SEEN_LINES).str.contains(WHOLE),
        SEEN_USD: ~pl.col(SEEN_USD).str.contains(DOLLARS),
    }
    is_alone = pl.col(SEEN_LINES).is_null() != pl.col(SEEN_USD).is_null()
    found = pl.coalesce(
        *(pl.when(odd).then(name) for name, odd in is_odd.items()),
        pl.when(is_alone).then(pl.coalesce(SEEN_LINES, SEEN_USD)),
    )
    return noted.select("row_number", found=found).filter(pl.col("found").is_not_null())


def _nothing(name: str) -> pl.Expr:
    return pl.lit(None, dtype=pl.String).alias(name)


def _dollars(cell: str | None) -> Decimal:
    try:
        return Decimal((cell or "0").replace(",", "."))
    except InvalidOperation:
        return Decimal(0)
