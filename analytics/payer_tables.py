"""The payer table that a refresh prints: one where the terminal has room, else two halves."""

from collections.abc import Sequence
from decimal import Decimal

import polars as pl
from rich import box
from rich.table import Table

from analytics.overview import GUIDE_CODE

NOTHING = "-"
# One table where a terminal has the room; else the price, then waste and denials.
PRICE = (
    "lines",
    "price\nmatch",
    "payer owes",
    "allowed,\nunpriced",
)
WASTE_AND_DENIALS = (
    "waste missed,\nNDC evidence",
    "waste missed,\ntheory",
    "denied at first\n(95% interval)",
)
# Most sites keep no administration records: this column stands only where one shows missed waste.
BY_RECORDS = "waste missed,\nrecords"

TABLE_WIDTH = 110
BY_RECORDS_WIDTH = 16


def printable(text: str) -> str:
    """The text without control characters: names come from received files.

    >>> printable("BIRCH" + chr(27) + "[31m")
    'BIRCH?[31m'
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def payer_tables(payers: pl.DataFrame, width: int) -> list[Table]:
    """The payer table, as two tables where it would be wider than `width`."""
    has_records = _misses_by_records(payers)
    waste = (BY_RECORDS, *WASTE_AND_DENIALS) if has_records else WASTE_AND_DENIALS
    if width >= TABLE_WIDTH + BY_RECORDS_WIDTH * has_records:
        headings = (*PRICE[:3], *waste, PRICE[3])
        return [_payer_table(payers, f"{GUIDE_CODE} by payer", headings)]
    return [
        _payer_table(payers, f"{GUIDE_CODE} by payer: price", PRICE),
        _payer_table(payers, f"{GUIDE_CODE} by payer: waste and denials", waste),
    ]


def _misses_by_records(payers: pl.DataFrame) -> bool:
    known = payers.select("administration_leakage_usd", "administration_unpriced_treatments")
    return any(value for row in known.iter_rows() for value in row)


def _payer_table(payers: pl.DataFrame, title: str, headings: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE)
    table.add_column("payer")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for payer in payers.to_dicts():
        figures = _figures(payer)
        name = printable(payer["payer_name"] or payer["payer_id"])
        table.add_row(name, *(figures[heading] for heading in headings))
    if payers.is_empty():
        table.caption = f"no primary line with {GUIDE_CODE} in this run"
    return table


def _figures(payer: dict) -> dict[str, str]:
    """A payer's figures in print, by heading."""
    by_records, by_ndc, by_theory = (
        _dollars(payer[f"{tier}_leakage_usd"], payer[f"{tier}_unpriced_treatments"])
        for tier in ("administration", "ndc", "theory")
    )
    priced = (
        f"{payer['lines']:,}",
        _rate(payer["price_match_rate"]),
        _dollars(payer["payer_owed_usd"]),
        _dollars(payer["unpriced_allowed_usd"]),
    )
    return {
        **dict(zip(PRICE, priced, strict=True)),
        BY_RECORDS: by_records,
        **dict(zip(WASTE_AND_DENIALS, (by_ndc, by_theory, _denials(payer)), strict=True)),
    }


def _denials(payer: dict) -> str:
    if payer["denial_rate"] is None:
        return NOTHING
    return (
        f"{payer['denial_rate']:.1%}, {payer['denied_lines']:,}/{payer['adjudicated_lines']:,}\n"
        f"({payer['interval_low']:.1%} to {payer['interval_high']:.1%})"
    )


def _rate(rate: float | None) -> str:
    return NOTHING if rate is None else f"{rate:.1%}"


def _dollars(usd: Decimal | None, unpriced: int | None = None) -> str:
    r"""Dollars, with the number of treatments that have no price beneath them.

    >>> _dollars(Decimal("1234.56"), 2), _dollars(None), _dollars(Decimal("-3.10"))
    ('$1,234.56\n+ 2 unpriced', '-', '-$3.10')
    """
    if usd is None:
        return NOTHING
    shown = f"{'-' if usd < 0 else ''}${abs(usd):,.2f}"
    return f"{shown}\n+ {unpriced:,} unpriced" if unpriced else shown
