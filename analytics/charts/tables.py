"""A finished frame as a table people read: units are those its column names end in."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import polars as pl

from analytics.charts.theme import FONT, LINE, QUIET, TEXT

NOTHING = "–"
FORMATS: dict[str, Callable[[object], str]] = {
    "_usd": lambda value: f"${value:,.2f}",
    "_rate": lambda value: f"{value:.1%}",
    "_low": lambda value: f"{value:.1%}",
    "_high": lambda value: f"{value:.1%}",
    "_share": lambda value: f"{value:.1%}",
    "_price": lambda value: f"${value:,.4f}",
    "_units": lambda value: f"{value:,.3f}".removesuffix(".000"),
    "_mg": lambda value: f"{value:,.3f}".removesuffix(".000"),
}
ROW = f"border-bottom:1px solid {LINE};padding:5px 12px;vertical-align:top;text-align:"
# A figure never breaks over two lines, a sentence does.
SHAPES = {True: "right;white-space:nowrap", False: "left;max-width:30em"}
# Notebooks read what stands between two dollar signs as a formula, except under this class.
PLAIN = "tex2jax_ignore mathjax_ignore"


@dataclass(frozen=True)
class Table:
    """A table that shows itself in a notebook and in an exported page."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_number: tuple[bool, ...]

    def _repr_html_(self) -> str:
        head = self._row("th", self.head, f"color:{QUIET};font-weight:normal;")
        body = "".join(self._row("td", row, f"color:{TEXT};") for row in self.rows)
        style = f"border-collapse:collapse;font-family:{FONT};font-size:13px"
        table = f'<table style="{style}"><thead>{head}</thead><tbody>{body}</tbody></table>'
        return f'<div class="{PLAIN}" style="overflow-x:auto">{table}</div>'

    def __repr__(self) -> str:
        return "\n".join(" | ".join(row) for row in (self.head, *self.rows))

    def _row(self, tag: str, cells: tuple[str, ...], style: str) -> str:
        sides = (SHAPES[number] for number in self.is_number)
        written = (
            f'<{tag} style="{style}{ROW}{side}">{escape(cell)}</{tag}>'
            for cell, side in zip(cells, sides, strict=True)
        )
        return f"<tr>{''.join(written)}</tr>"


def table_of(frame: pl.DataFrame) -> Table:
    """The frame as a table: the unit of a column is read from its name, nothing is computed.

    Takes    a finished frame, small enough to be read
    Returns  a table with a row for each of the frame's; null is a dash

    >>> from decimal import Decimal
    >>> table_of(
    ...     pl.DataFrame(
    ...         {
    ...             "payer_name": ["Birch"],
    ...             "payer_owed_usd": [Decimal("7893.50")],
    ...             "underpayment_rate": [None],
    ...         }
    ...     )
    ... )
    payer name | payer owed | underpayment rate
    Birch | $7,893.50 | –
    """
    formats = [_format_of(column, kind) for column, kind in frame.schema.items()]
    return Table(
        head=tuple(column.removesuffix("_usd").replace("_", " ") for column in frame.columns),
        rows=tuple(
            tuple(
                NOTHING if value is None else write(value)
                for write, value in zip(formats, row, strict=True)
            )
            for row in frame.rows()
        ),
        is_number=tuple(write is not str for write in formats),
    )


def _format_of(column: str, kind: pl.DataType) -> Callable[[object], str]:
    write = next((write for unit, write in FORMATS.items() if column.endswith(unit)), None)
    if write is None and kind.is_integer():
        write = _whole
    if write is None and kind.is_float():
        write = _tenths
    return write or str


def _whole(value: object) -> str:
    return f"{value:,}"


def _tenths(value: object) -> str:
    return f"{value:,.1f}"
