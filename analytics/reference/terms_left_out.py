"""The rows of contract_terms.csv that are in no price, with what can be read of them.

A row left out may be the very one that holds: were it not kept in sight, a wider row, or an older
one, would price its lines in its place. The models let none do so (`sql/RULES.md` 8.2). A cell that
cannot be read is null here and may mean anything; `*` and an empty key mean what they mean.
"""

from collections.abc import Sequence

import polars as pl

from analytics.reference.cells import is_wrong
from analytics.reference.checks import meant_payers
from analytics.reference.columns import REFERENCE_FILES
from analytics.reference.rows import OverlongRow

TERMS_LEFT_OUT = "raw_ref__contract_terms_left_out"
TERMS = next(file for file in REFERENCE_FILES if file.name == "contract_terms")
KEYS = ("ndc11", "hcpcs")
DAYS = ("effective_from", "effective_through")
MATCHED = (
    *("term_id", "payer_id", "line_of_business", "claim_type", "billing_id"),
    *("ndc11", "hcpcs", "drug", "effective_from", "effective_through", "recorded_on"),
)
SCHEMA = {**dict.fromkeys((*MATCHED, "is_key_unread"), pl.String), "row_number": pl.Int32}


def terms_left_out(
    unused: pl.DataFrame, overlong: Sequence[OverlongRow], payers: Sequence[str]
) -> pl.DataFrame:
    """Return a row per row that is not used and payer it may be of: what it matches, if readable.

    Takes    unused, rows as tidied; overlong, rows whose cells are out of place; the known payers
    Returns  the columns that choose a term, `is_key_unread` (yes, no) and `row_number`
    """
    in_place = unused.filter(~pl.col("row_number").is_in([row.row_number for row in overlong]))
    rows = [
        {**row, "payer_id": payer_id}
        for row in _as_read(in_place).to_dicts()
        for payer_id in _meant(row["payer_id"], payers)
    ]
    # Of a row whose cells are out of place the payer can be told at most: cells that name one.
    rows += [
        {"payer_id": payer_id, "is_key_unread": "yes", "row_number": row.row_number}
        for row in overlong
        for payer_id in _named(row, payers)
    ]
    return pl.DataFrame(rows, schema=SCHEMA).sort("row_number", "payer_id")


def _as_read(rows: pl.DataFrame) -> pl.DataFrame:
    columns = {column.name: column for column in TERMS.columns}
    is_unread = {name: is_wrong(columns[name]) for name in MATCHED}
    begins, ends = (_day(name) for name in DAYS)
    # Of days that end before they begin neither can be trusted.
    is_muddled = (ends < begins).fill_null(value=False)
    unread = {
        name: is_unread[name] | is_muddled if name in DAYS else is_unread[name] for name in MATCHED
    }
    return rows.select(
        *(pl.when(~unread[name]).then(name).alias(name) for name in MATCHED),
        pl.when(pl.any_horizontal(is_unread[name] for name in KEYS))
        .then(pl.lit("yes"))
        .otherwise(pl.lit("no"))
        .alias("is_key_unread"),
        "row_number",
    )


def _meant(found: str | None, payers: Sequence[str]) -> Sequence[str | None]:
    if found is None or found in payers:
        return (found,)
    return meant_payers(found, payers) or (found,)


def _named(row: OverlongRow, payers: Sequence[str]) -> Sequence[str | None]:
    cells = {cell.lower() for cell in row.cells}
    return [payer_id for payer_id in payers if payer_id.lower() in cells] or (None,)


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.to_date("%Y-%m-%d", strict=False)
