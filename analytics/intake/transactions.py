"""The transactions of a batch of files, whose they are, and where every segment was counted.

The spine has one row per envelope segment, transaction and run of segments outside any
transaction. It is small, so all that reaches across a text is settled on it: control numbers,
test interchanges, what is ours, and the count of segments, which adds up to the segment.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics.intake.elements import (
    dates,
    nth_within,
    text,
)
from analytics.intake.reasons import CUT_REASON, STRAY_REASON, file_reason
from analytics.intake.spine import CLAIMS, REMITS, SERVICE_LINES
from analytics.intake.vectors import (
    count_up,
)

CLAIM_TYPES = {"837P": "professional", "837I": "institutional", "837D": "dental"}
OURS = ("835", "837P", "837I")
TEST_USAGE = "T"
_GUIDES = {
    **{"X222": "837P", "X223": "837I", "X224": "837D"},
    **{"X098": "837P", "X096": "837I", "X097": "837D"},
}


def settle(spine: pl.DataFrame) -> pl.DataFrame:
    """The spine with each row's interchange and group known, and its `status`.

    Takes    the spine of whole files, in order
    Returns  it with `transaction_number`, `transaction_type`, `version`, the control numbers of the
             envelopes in force, and `status` (ours, not_ours, rejected)
    """
    is_isa, is_gs = pl.col("kind") == "ISA", pl.col("kind") == "GS"
    before = pl.col("kind").shift(1).over("file")
    numbered = spine.with_columns(
        transaction_number=pl.when(pl.col("kind") == "transaction")
        .then((pl.col("kind") == "transaction").cum_sum().over("file"))
        .cast(pl.Int32),
        interchange=is_isa.cum_sum().over("file"),
        group=is_gs.cum_sum().over("file"),
    )
    in_interchange = _carried(opens=is_isa, closes=before == "IEA")
    in_group = _carried(opens=is_gs, closes=is_isa | before.is_in(["GE", "IEA"]))
    carried = numbered.with_columns(
        **{name: _last_seen(name, is_isa, in_interchange) for name in _ISA_ELEMENTS},
        **{name: _last_seen(name, is_gs, in_group) for name in _GS_ELEMENTS},
    )
    return _with_status(_with_type(carried))


@dataclass(frozen=True)
class OpenFile:
    """What the text before left open in a file that may go on.

    `rows` tell the envelopes in force; `transactions` is how many of the file there were.
    """

    rows: pl.DataFrame
    transactions: int


def number_transactions(
    spine: pl.DataFrame, before: OpenFile | None
) -> tuple[pl.DataFrame, OpenFile]:
    """The transactions of a text, in order: `file`, `transaction_number`, `transaction_type`.

    Takes    the spine of a text, not settled, and what the text before it left open
    """
    rows = pl.concat([before.rows, spine], how="diagonal") if before else spine
    is_own = rows["kind"] == "transaction"
    # A transaction that was left open by the text before was numbered then.
    is_own = is_own.set(count_up(rows.height) < rows.height - spine.height, False)
    files, types = rows["file"].filter(is_own), rows["st_type"].filter(is_own)
    if (types == CLAIMS).any():
        # Only of claims the envelopes may have to say what they are.
        types = settle(rows)["transaction_type"].filter(is_own)
    nth, known, last_file = nth_within(files), 0, rows["file"].item(-1)
    if before:
        is_going_on = files == before.rows["file"].item(-1)
        nth += is_going_on.cast(pl.Int32) * before.transactions
        known = before.transactions if before.rows["file"].item(-1) == last_file else 0
    numbered = pl.DataFrame({"file": files, "transaction_type": types, "transaction_number": nth})
    known += (files == last_file).sum()
    return numbered, OpenFile(_last_rows(rows, last_file), known)


def _last_rows(rows: pl.DataFrame, file: int) -> pl.DataFrame:
    """The last row, and of a file the last of each kind of envelope: by them `settle` knows all."""
    place, is_of_file = count_up(rows.height), rows["file"] == file
    last = [place.filter(is_of_file & (rows["kind"] == kind)).max() for kind in _FRAMES]
    return rows[sorted({rows.height - 1, *(each for each in last if each is not None)})]


def join_strays(spine: pl.DataFrame) -> pl.DataFrame:
    """The spine with a run of stray segments as one row, wherever the file was cut into parts."""
    is_stray = (pl.col("kind") == "stray") & ~pl.col("is_cut")
    goes_on = is_stray & is_stray.shift(1) & (pl.col("file") == pl.col("file").shift(1))
    runs = spine.with_columns(goes_on=goes_on.fill_null(False))
    if not runs["goes_on"].any():
        return spine
    return (
        runs.with_columns(run=(~pl.col("goes_on")).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(pl.exclude("segments").first(), pl.col("segments").sum())
        .select(spine.columns)
    )


def count_by_file(spine: pl.DataFrame) -> pl.DataFrame:
    """Per file of a settled spine: `kind`, `segments`, those rejected and not ours, `reason`.

    Transactions stand in `raw_x12__transactions` with their own counts, so `segments_not_ours` is
    only what frames nothing of ours: ISA, GS, GE, IEA and TA1.
    """
    is_transaction = pl.col("kind") == "transaction"
    is_foreign_frame = ~is_transaction & (pl.col("status") == "not_ours")
    types = pl.col("transaction_type").filter(is_transaction)
    counts = spine.group_by("file", maintain_order=True).agg(
        segments=pl.col("segments").sum(),
        segments_rejected=pl.col("segments").filter(pl.col("status") == "rejected").sum(),
        segments_not_ours=pl.col("segments").filter(is_foreign_frame).sum(),
        types=types.unique().sort().str.join(", "),
        n_types=types.n_unique(),
        n_ours=types.is_in(OURS).sum(),
        is_parsed=types.is_in([REMITS, *CLAIM_TYPES]).any(),
        cut_off=(is_transaction & ~pl.col("has_se")).sum(),
        transactions_cut_off=(~pl.col("has_se") & (pl.col("status") == "ours")).sum(),
        cut_segments=(pl.col("is_cut") & (pl.col("status") == "rejected")).sum(),
        tests=(is_transaction & (pl.col("usage_indicator") == TEST_USAGE)).sum(),
        first_type=types.first(),
    )
    kind = (
        pl.when(~pl.col("is_parsed"))
        .then(pl.lit("x12_other"))
        .when(pl.col("n_types") == 1)
        .then(pl.col("first_type"))
        .otherwise(pl.lit("mixed"))
    )
    return counts.select(
        *["file", "segments", "segments_rejected", "segments_not_ours", "transactions_cut_off"],
        kind=kind,
        reason=file_reason(),
    )


def transactions_table(spine: pl.DataFrame) -> pl.DataFrame:
    """The transactions of a settled spine, with `file`."""
    found = spine.filter(pl.col("kind") == "transaction")
    return found.with_columns(
        gs_date=dates(found["gs_date"]),
        se_count_agrees=(pl.col("se_count") == pl.col("segments")).fill_null(False),
        source_offset="offset",
    )


def stray_rejects(spine: pl.DataFrame) -> pl.DataFrame:
    """A reject row per run of segments outside any transaction."""
    return spine.filter(pl.col("status") == "rejected").select(
        "file_sha256",
        pl.lit(None, pl.Int32).alias("transaction_number"),
        pl.lit("segment").alias("piece"),
        "segment_id",
        "segments",
        pl.when("is_cut").then(pl.lit(CUT_REASON)).otherwise(pl.lit(STRAY_REASON)).alias("reason"),
        pl.col("offset").alias("source_offset"),
    )


_FRAMES = ("ISA", "GS", "GE", "IEA")
_ISA_ELEMENTS = ("isa_control", "usage_indicator")
_GS_ELEMENTS = ("gs_date", "gs_time", "gs_control", "gs_version")


def _carried(*, opens: pl.Expr, closes: pl.Expr) -> pl.Expr:
    is_open = pl.when(opens).then(True).when(closes).then(False)
    return is_open.forward_fill().over("file").fill_null(False)


def _last_seen(name: str, is_opener: pl.Expr, in_force: pl.Expr) -> pl.Expr:
    last = pl.when(is_opener).then(pl.col(name).fill_null("")).forward_fill().over("file")
    return pl.when(in_force).then(text(last))


def _with_type(spine: pl.DataFrame) -> pl.DataFrame:
    version = pl.coalesce("st_version", "gs_version")
    guide = version.str.extract(r"(X\d{3})").replace_strict(
        _GUIDES, default=None, return_dtype=pl.String
    )
    by_lines = pl.col("service_line").replace_strict(
        SERVICE_LINES, default=None, return_dtype=pl.String
    )
    is_claims = pl.col("st_type") == CLAIMS
    return spine.with_columns(
        version=version,
        transaction_type=pl.when(is_claims)
        .then(pl.coalesce(guide, by_lines, pl.lit("837P")))
        .otherwise("st_type"),
    )


def _with_status(spine: pl.DataFrame) -> pl.DataFrame:
    is_ours = (
        (pl.col("kind") == "transaction")
        & pl.col("transaction_type").is_in(OURS)
        & pl.col("usage_indicator").ne_missing(TEST_USAGE)
    ).fill_null(False)
    frames_ours = (
        pl.when(pl.col("kind").is_in(["ISA", "IEA"]))
        .then(is_ours.any().over("file", "interchange"))
        .when(pl.col("kind").is_in(["GS", "GE"]))
        .then(is_ours.any().over("file", "group"))
        .otherwise(is_ours)
    )
    return spine.with_columns(
        status=pl.when(pl.col("kind") == "stray")
        .then(pl.lit("rejected"))
        .when(frames_ours)
        .then(pl.lit("ours"))
        .otherwise(pl.lit("not_ours"))
    )
