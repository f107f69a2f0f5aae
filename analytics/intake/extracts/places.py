"""Which file a transaction told in extracts belongs to, and which copy of a row is loaded.

A transaction belongs to the file that holds most of it, so that its rows' offsets lead into one
file (`sql/RULES.md` 14.6). Every row received ends in one fate: loaded, duplicate, rejected or
not_ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import polars as pl

from analytics.intake.extracts.copies import PLACES, CountedRows
from analytics.intake.raw_tables import RAW_TABLES, TRANSACTIONS

FATES = pl.Schema(
    {
        "file": pl.Int32(),
        "row_number": pl.Int32(),
        "source_offset": pl.Int64(),
        "fate": pl.String(),
        "reason": pl.String(),
    }
)
LOADED, DUPLICATE, REJECTED, NOT_OURS = "loaded", "duplicate", "rejected", "not_ours"


def fates(places: pl.DataFrame, fate: str, reason: str | pl.Expr | None = None) -> pl.DataFrame:
    """Rows that all end the same way."""
    said = reason if isinstance(reason, pl.Expr) else pl.lit(reason, pl.String)
    return places.select(
        pl.col("file").cast(pl.Int32),
        *PLACES[1:],
        fate=pl.lit(fate),
        reason=said,
    )


def fates_of_copies(counted: CountedRows) -> list[pl.DataFrame]:
    """What `count_once` has decided: older copies, and those that contradict each other."""
    return [
        fates(counted.passed_over, DUPLICATE),
        fates(counted.rejected, REJECTED, pl.col("reason")),
    ]


def refused(counted: CountedRows, rows: pl.DataFrame) -> pl.DataFrame:
    """All copies of rows that are rejected after all, for the `reason` beside their row_id."""
    reasons = rows.select("row_id", "reason").unique("row_id", maintain_order=True)
    copies = counted.copies.join(reasons, on="row_id", how="inner", validate="m:1")
    return fates(copies, REJECTED, pl.col("reason"))


def ranks_by_date(rows: pl.DataFrame, day: pl.Expr) -> pl.DataFrame:
    """The files in the order in which they take transactions: by latest date, then by sha256.

    Takes    rows with `file`, which counts the files by sha256
    """
    return (
        rows.group_by("file")
        .agg(latest=day.max())
        .sort("latest", "file", nulls_last=False)
        .select("file", rank=pl.int_range(pl.len(), dtype=pl.Int32))
    )


def place_rows(
    counted: CountedRows, whose: pl.DataFrame, ranks: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Where each row is loaded from and which file its transaction is of.

    Takes    whose, `row_id` and its `transaction`; ranks, the order of files
    Returns  row_id with transaction, home (the transaction's file) and the place it is loaded from;
             one row per transaction with its home and transaction_number; the fates of the copies
    """
    copies = counted.copies.join(whose, on="row_id", how="inner", validate="m:1").join(
        ranks, on="file", how="left", validate="m:1"
    )
    homes = (
        copies.group_by("transaction", "file", "rank")
        .agg(held=pl.col("row_id").n_unique())
        .sort("held", "rank", descending=[True, False])
        .unique("transaction", keep="first", maintain_order=True)
        .select("transaction", home="file")
    )
    is_away = pl.col("file") != pl.col("home")
    placed = copies.join(homes, on="transaction", how="left", validate="m:1").sort(
        is_away, "rank", "row_number"
    )
    loaded = placed.unique("row_id", keep="first", maintain_order=True)
    others = placed.join(loaded, on=["row_id", *PLACES], how="anti")
    first = loaded.group_by("transaction", "home").agg(
        first_offset=pl.col("source_offset").filter(~is_away).min()
    )
    numbered = first.sort("home", "first_offset").with_columns(
        transaction_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("home")
    )
    found = [fates(loaded, LOADED), fates(others, DUPLICATE)]
    return loaded.drop("rank"), numbered, pl.concat(found)


def offset_at_home(group: str) -> pl.Expr:
    """A row's offset in its transaction's file; told elsewhere, that of its group's first row."""
    own = pl.when(pl.col("file") == pl.col("home")).then("source_offset")
    return pl.coalesce(own, own.min().over(group), pl.col("first_offset"))


def said(rows: pl.DataFrame, by: str, told: Sequence[str]) -> pl.DataFrame:
    """What each row says as one text, beside the group it belongs to."""
    cells = [pl.col(name).cast(pl.String).fill_null("") for name in told]
    return rows.select(by, said=pl.concat_str(cells, separator="\x1f"))


def content_sha256(texts: pl.DataFrame, by: str) -> pl.DataFrame:
    """The hash of what the rows of a group say, whatever their order.

    Takes    texts as `said` makes them
    """
    contents = texts.group_by(by).agg(pl.col("said").sort().str.join("\x1e"))
    hashes = [hashlib.sha256(content.encode()).hexdigest() for content in contents["said"]]
    return contents.select(by, content_sha256=pl.Series(hashes, dtype=pl.String))


def transactions_table(transactions: pl.DataFrame) -> pl.DataFrame:
    """`raw_x12__transactions` of extracts: no envelope, so no control numbers and no SE.

    Takes    file_sha256, transaction_number, transaction_type, gs_date, st_control, segments,
             content_sha256 and source_offset
    """
    return finished(TRANSACTIONS, transactions.with_columns(isa_control=pl.lit("")))


def with_sha(shas: Sequence[str], file: str) -> pl.Expr:
    """`file_sha256` of a file told by its number."""
    return (
        pl.col(file)
        .replace_strict(dict(enumerate(shas)), return_dtype=pl.String)
        .alias("file_sha256")
    )


def finished(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows in the columns and types of a raw table; what they do not have is null."""
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in RAW_TABLES[table].items()
    )
