"""Rows told more than once, in one file or over deliveries, counted once (`sql/RULES.md` 14.1).

Rows of one key that say nothing different are one row. Where they differ the latest `extracted_on`
stands; where no day tells which is later none is used: wrong money is worse than none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from analytics.intake.extracts.cells import without_blanks

PLACES = ("file", "row_number", "source_offset")
_LONG_AGO = date(1, 1, 1)


@dataclass(frozen=True)
class CountedRows:
    """Rows by key, `row_id` naming them, and where each copy of them stands.

    `copies` has row_id and the place of every copy that stands; `passed_over` the places of older
    copies that say otherwise; `rejected` those nobody can choose between, with the reason.
    """

    rows: pl.DataFrame
    copies: pl.DataFrame
    passed_over: pl.DataFrame
    rejected: pl.DataFrame


def count_once(
    rows: pl.DataFrame, key: Sequence[str], told: Sequence[str], *, loosely: Sequence[str] = ()
) -> CountedRows:
    """Each key's row once.

    Takes    rows with `key`, `told`, extracted_on, file, row_number and source_offset; told, the
             columns that copies may not tell differently; loosely, those compared without case and
             blanks, of which the least spelling stands
    """
    ids = rows.select(key).unique(maintain_order=True).with_row_index("row_id")
    rows = rows.join(ids, on=key, how="left", nulls_equal=True, maintain_order="left")
    times_told = pl.len().over("row_id")
    once = rows.filter(times_told == 1)
    again = rows.filter(times_told > 1)
    differ = _differing(again, told, loosely=loosely)
    is_latest = pl.col("extracted_on").fill_null(_LONG_AGO)
    contested = again.filter(pl.col("row_id").is_in(differ["row_id"].implode()))
    latest = contested.filter(is_latest == is_latest.max().over("row_id"))
    undecided = _differing(latest, told, loosely=loosely)
    is_undecided = pl.col("row_id").is_in(undecided["row_id"].implode())
    decided = latest.filter(~is_undecided)
    agreed = pl.concat([again.filter(~pl.col("row_id").is_in(differ["row_id"].implode())), decided])
    names = ["row_id", *dict.fromkeys([*key, *told])]
    merged = agreed.group_by("row_id", maintain_order=True).agg(_one_of(names[1:], loosely))
    return CountedRows(
        rows=pl.concat([once.select(names), merged.select(names)]),
        copies=pl.concat([once, agreed]).select("row_id", *PLACES),
        passed_over=_older(contested, latest, is_undecided).select(*PLACES),
        rejected=contested.filter(is_undecided)
        .join(undecided, on="row_id", how="left", validate="m:1")
        .select(*PLACES, reason=_told_differently()),
    )


def told_once(
    rows: pl.DataFrame, by: str, told: Sequence[str], *, loosely: Sequence[str] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the rows of a group say together, and the groups whose rows contradict each other.

    Takes    loosely, the columns compared without case and blanks; the least spelling stands
    Returns  one row per group with `told`; and `by` with `differing`, the columns told differently
    """
    groups = rows.group_by(by, maintain_order=True).agg(_one_of(told, loosely))
    return groups, _differing(rows, told, by=by, loosely=loosely)


def _one_of(told: Sequence[str], loosely: Sequence[str]) -> list[pl.Expr]:
    return [
        pl.col(name).min() if name in loosely else pl.col(name).drop_nulls().first()
        for name in told
    ]


def _older(contested: pl.DataFrame, latest: pl.DataFrame, is_undecided: pl.Expr) -> pl.DataFrame:
    later = latest.select("row_id", *PLACES)
    return contested.filter(~is_undecided).join(later, on=["row_id", *PLACES], how="anti")


def _differing(
    rows: pl.DataFrame, told: Sequence[str], *, by: str = "row_id", loosely: Sequence[str] = ()
) -> pl.DataFrame:
    """The groups with a column that is told differently, and the names of such columns."""
    ways = rows.group_by(by, maintain_order=True).agg(
        (without_blanks(pl.col(name)) if name in loosely else pl.col(name)).drop_nulls().n_unique()
        for name in told
    )
    named = pl.concat_str(
        [pl.when(pl.col(name) > 1).then(pl.lit(name)) for name in told],
        separator=", ",
        ignore_nulls=True,
    )
    return ways.select(by, differing=named).filter(pl.col("differing") != "")


def _told_differently() -> pl.Expr:
    return pl.format(
        "the row stands more than once and {} differs, with no extracted_on that says which is "
        "later; none of them is used. Take out the older file, or tell extracted_on",
        pl.col("differing"),
    )
