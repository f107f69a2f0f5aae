"""The transactions of a batch of files, whose they are, and where every segment was counted.

The spine has one row per envelope segment, transaction and run of segments outside any
transaction. It is small, so all that reaches across a text is settled on it: control numbers,
test interchanges, what is ours, and the count of segments, which adds up to the segment.
"""

from __future__ import annotations

import hashlib
import io

import polars as pl

from analytics.intake.elements import code, date, split_elements, text
from analytics.intake.reasons import CUT_REASON, STRAY_REASON, file_reason
from analytics.intake.segments import ENVELOPE
from analytics.intake.x12 import COMPONENT, ELEMENT, END

REMITS, CLAIMS = "835", "837"
CLAIM_TYPES = {"837P": "professional", "837I": "institutional", "837D": "dental"}
OURS = ("835", "837P", "837I")
TEST_USAGE = "T"
_GUIDES = {
    **{"X222": "837P", "X223": "837I", "X224": "837D"},
    **{"X098": "837P", "X096": "837I", "X097": "837D"},
}
_SERVICE_LINES = {"SV1": "837P", "SV2": "837I", "SV3": "837D"}
_CANONICAL = bytes.maketrans((ELEMENT + COMPONENT + END).encode(), b"*:~")


def read_spine(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per envelope segment, transaction and stray run of a text, in order."""
    numbered = rows.with_row_index("row")
    is_envelope = pl.col("id").is_in(ENVELOPE).fill_null(False) & (pl.col("tx") == 0)
    return pl.concat(
        [
            _envelope_rows(numbered.filter(is_envelope)),
            _transaction_rows(numbered.filter(pl.col("tx") > 0)),
            _stray_rows(numbered.filter((pl.col("tx") == 0) & ~is_envelope)),
        ],
        how="diagonal",
    ).sort("row")


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
        gs_date=date(pl.col("gs_date")),
        se_count_agrees=(pl.col("se_count") == pl.col("segments")).fill_null(False),
        source_offset="offset",
    )


def stray_rejects(spine: pl.DataFrame) -> pl.DataFrame:
    """A reject row per run of segments outside any transaction, with `file`."""
    return spine.filter(pl.col("status") == "rejected").select(
        "file",
        pl.lit(None, pl.Int32).alias("transaction_number"),
        pl.lit("segment").alias("piece"),
        "segment_id",
        "segments",
        pl.when("is_cut").then(pl.lit(CUT_REASON)).otherwise(pl.lit(STRAY_REASON)).alias("reason"),
        pl.col("offset").alias("source_offset"),
    )


_ISA_ELEMENTS = ("isa_control", "usage_indicator")
_GS_ELEMENTS = ("gs_date", "gs_time", "gs_control", "gs_version")


def _envelope_rows(rows: pl.DataFrame) -> pl.DataFrame:
    is_isa, is_gs = pl.col("id") == "ISA", pl.col("id") == "GS"
    return split_elements(rows, 15).select(
        "row",
        "file",
        "offset",
        kind=pl.col("id").cast(pl.String),
        segments=pl.lit(1, pl.Int64),
        isa_control=pl.when(is_isa).then(text("e13")),
        usage_indicator=pl.when(is_isa).then(code("e15")),
        gs_date=pl.when(is_gs).then(text("e4")),
        gs_time=pl.when(is_gs).then(text("e5")),
        gs_control=pl.when(is_gs).then(text("e6")),
        gs_version=pl.when(is_gs).then(code("e8")),
    )


def _transaction_rows(rows: pl.DataFrame) -> pl.DataFrame:
    service_line = pl.col("id").filter(pl.col("id").is_in(list(_SERVICE_LINES))).first()
    found = rows.group_by("tx", maintain_order=True).agg(
        pl.col("row", "file", "offset").first(),
        segments=pl.len().cast(pl.Int64),
        segment=pl.col("segment").first(),
        last_segment=pl.col("segment").last(),
        has_se=(pl.col("id").last() == "SE").fill_null(False),
        service_line=service_line.cast(pl.String),
    )
    starts = split_elements(found, 3)
    ends = split_elements(found.select(segment="last_segment"), 1)
    return starts.select(
        *["row", "file", "offset", "tx", "segments", "has_se", "service_line"],
        kind=pl.lit("transaction"),
        st_type=code("e1"),
        st_control=text("e2"),
        st_version=code("e3"),
        se_count=pl.when("has_se").then(ends.select(text("e1"))["e1"].cast(pl.Int64, strict=False)),
        content_sha256=pl.Series(_content_hashes(rows), dtype=pl.String),
    )


def _content_hashes(rows: pl.DataFrame) -> list[str]:
    """The sha256 of each transaction, delimiters `*`, `:`, `~`, numbers apart (RULES 1.1)."""
    lines = io.BytesIO()
    rows.select("segment").write_csv(lines, include_header=False, quote_style="never")
    content = lines.getvalue()
    ends = (
        rows.select("tx", end=(pl.col("segment").str.len_bytes().cast(pl.Int64) + 1).cum_sum())
        .group_by("tx", maintain_order=True)
        .last()["end"]
        .to_list()
    )
    return [
        hashlib.sha256(_told(content[start:end])).hexdigest()
        for start, end in zip([0, *ends], ends, strict=False)
    ]


def _told(transaction: bytes) -> bytes:
    """What a transaction tells: a clearinghouse that regroups remits numbers ST and SE anew."""
    start, _, rest = transaction.removesuffix(b"\n").partition(b"\n")
    inside, _, last = rest.rpartition(b"\n")
    separator = ELEMENT.encode()
    if last.partition(separator)[0] == b"SE":
        last = b"SE"
    start = separator.join(start.split(separator)[:2])
    segments = [segment for segment in (start, inside, last) if segment]
    return (b"\n".join(segments) + b"\n").translate(_CANONICAL)


def _stray_rows(rows: pl.DataFrame) -> pl.DataFrame:
    is_next = (pl.col("row").diff() == 1) & (pl.col("file") == pl.col("file").shift(1))
    starts_run = ~is_next | pl.col("is_cut") | pl.col("is_cut").shift(1)
    runs = rows.with_columns(run=starts_run.fill_null(True).cum_sum())
    return (
        runs.group_by("run", maintain_order=True)
        .agg(
            pl.col("row", "file", "offset", "is_cut").first(),
            segment_id=pl.col("id").first().cast(pl.String),
            segments=pl.len().cast(pl.Int64),
        )
        .select("row", "file", "offset", "segment_id", "segments", "is_cut", kind=pl.lit("stray"))
    )


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
        _SERVICE_LINES, default=None, return_dtype=pl.String
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
