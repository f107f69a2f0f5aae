"""Why a file, or a part of it, is in no figure: the sentences that stand in the load ledger."""

from __future__ import annotations

import polars as pl

from analytics.intake.elements import text

STRAY_REASON = (
    "segments stand outside any transaction, or their ids are not X12 segment ids in upper case; "
    "they were not read; ask the sender for the file again"
)
UNKNOWN_REASON = (
    "the segment's id is none of X12's, in upper case and without blanks; it was not read; "
    "ask the sender for the file again"
)
CUT_REASON = "The last segment is cut in two and was not read; ask the sender for the file again"


def file_reason() -> pl.Expr:
    """The sentences about a file, null where there is nothing to say.

    Takes    columns `types`, `n_types`, `n_ours`, `tests`, `cut_off`, `cut_segments`,
             `segments_rejected`
    """
    other = pl.when(pl.col("n_ours") == 0).then(
        pl.when(pl.col("n_types") == 0)
        .then(pl.lit("no transaction was found; nothing of it is used."))
        .otherwise(
            pl.format("X12 {}, neither remits nor medical claims; counted, not used.", "types")
        )
    )
    tests = pl.when(pl.col("tests") > 0).then(
        pl.format("{} of a test interchange; counted, not used.", _counted("tests", "transaction"))
    )
    cut_off = pl.when(pl.col("cut_off") > 0).then(
        pl.format(
            "{} no SE, so the file may be cut off; what came is used, unless the "
            "whole came as well; ask the sender for the file again.",
            _counted("cut_off", "transaction", " has", " have"),
        )
    )
    stray_segments = pl.col("segments_rejected") - pl.col("cut_segments")
    strays = pl.when(stray_segments > 0).then(
        pl.format("{} {}.", stray_segments, pl.lit(STRAY_REASON))
    )
    cut = pl.when(pl.col("cut_segments") > 0).then(pl.lit(f"{CUT_REASON}."))
    said = [other, tests, cut_off, cut, strays]
    return text(pl.concat_str(said, separator=" ", ignore_nulls=True))


def _counted(name: str, thing: str, verb: str = "", verbs: str = "") -> pl.Expr:
    """A column's count with its word: 1 transaction has, 2 transactions have."""
    word = (
        pl.when(pl.col(name) == 1).then(pl.lit(thing + verb)).otherwise(pl.lit(f"{thing}s{verbs}"))
    )
    return pl.format("{} {}", pl.col(name), word)
