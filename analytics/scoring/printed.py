"""A score as tables for a terminal, or as one object for a program."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import polars as pl
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from analytics.payer_tables import printable
from analytics.scoring.score import Score

FINDINGS = ("finding", "planted", "found", "precision", "recall")
DOLLARS = ("dollars\nplanted", "dollars\nfound", "off by")
DIFFERENCES_SHOWN = 20
WIDEST = 500
# A share of whole counts is off by its last bits at most.
ALMOST = 1e-9
NOTHING = "-"


def print_score(score: Score) -> None:
    """One line a kind of finding, the look-alikes, and the first rows that differ."""
    out = Console(markup=False, highlight=False, soft_wrap=True)
    _print(out, _findings_table(score.findings))
    _print(out, _look_alikes_table(score.look_alikes))
    if score.is_all_right:
        out.print("all right: every planted finding to the cent, and nothing besides")
        return
    total, shown = score.differences.height, score.differences.head(DIFFERENCES_SHOWN)
    out.print(f"not alike in key and answers: {total:,} rows, here {shown.height}")
    for row in shown.iter_rows(named=True):
        line = "" if row["line_number"] is None else f" line {row['line_number']}"
        out.print(
            printable(
                f"  claim {row['claim_id']}{line}, {row['payer_id']}, {row['finding']}: planted "
                f"{_dollars(row['planted_usd'])}, found {_dollars(row['found_usd'])}"
            ),
            soft_wrap=True,
        )


def score_as_json(score: Score) -> dict[str, object]:
    """The same figures as data; every row that differs, not the first ones."""
    return {
        "is_all_right": score.is_all_right,
        "findings": score.findings.to_dicts(),
        "look_alikes": score.look_alikes.to_dicts(),
        "differences": score.differences.to_dicts(),
    }


def _findings_table(findings: pl.DataFrame) -> Table:
    table = _table("findings", (*FINDINGS, *DOLLARS))
    for row in findings.iter_rows(named=True):
        table.add_row(
            row["finding"],
            *(f"{row[name]:,}" for name in ("planted", "found")),
            _rate(row["precision"]),
            _rate(row["recall"]),
            *(_dollars(row[name]) for name in ("planted_usd", "found_usd", "difference_usd")),
        )
    return table


def _look_alikes_table(look_alikes: pl.DataFrame) -> Table:
    table = _table("look-alikes, which must not fire", ("look-alike", "planted", "fired"))
    for row in look_alikes.iter_rows(named=True):
        name = row["finding"].removeprefix("look_alike_")
        table.add_row(name, f"{row['planted']:,}", f"{row['fired']:,}")
    return table


def _table(title: str, headings: Sequence[str]) -> Table:
    table = Table(
        box=box.SIMPLE, title=title, title_justify="left", padding=(0, 1, 0, 0), pad_edge=False
    )
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    return table


def _print(out: Console, table: Table) -> None:
    # As wide as its figures, so that none is cut, and without the blanks that end its lines.
    out.width = Measurement.get(out, out.options.update(width=WIDEST), table).maximum
    with out.capture() as drawn:
        out.print(table)
    for line in drawn.get().splitlines():
        out.out(line.rstrip(), highlight=False)


def _rate(rate: float | None) -> str:
    """A share in percent, rounded down: what is not quite all right never reads 100.0%.

    >>> _rate(1.0), _rate(2999 / 3000), _rate(0.29), _rate(None)
    ('100.0%', '99.9%', '29.0%', '-')
    """
    return NOTHING if rate is None else f"{int(rate * 1000 + ALMOST) / 10:.1f}%"


def _dollars(usd: Decimal | None) -> str:
    return NOTHING if usd is None else f"{'-' if usd < 0 else ''}${abs(usd):,.2f}"
