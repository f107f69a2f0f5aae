"""The transactions of a batch of files, whose they are, and where every segment was counted.

The spine has one row per envelope segment, transaction and run of segments outside any
transaction. It is small, so all that reaches across a text is settled on it: control numbers,
test interchanges, what is ours, and the count of segments, which adds up to the segment.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import polars as pl

from analytics.intake.elements import dates, first_by, text, with_elements, with_found
from analytics.intake.reasons import CUT_REASON, STRAY_REASON, file_reason
from analytics.intake.segments import ENVELOPE, Piece, Segments, has_id, id_names, id_number
from analytics.intake.vectors import before, count_up, starts_run
from analytics.intake.x12 import COMPONENT, ELEMENT, END, MARK

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


def read_spine(segments: Segments, pieces: list[Piece]) -> pl.DataFrame:
    """One row per envelope segment, transaction and stray run of a text, in order."""
    is_outside = segments.tx == 0
    is_envelope = is_outside & has_id(segments.id, ENVELOPE)
    is_stray = is_outside & ~is_envelope & ~has_id(segments.id, [MARK])
    spine = pl.concat(
        [
            _envelope_rows(segments, is_envelope),
            _transaction_rows(segments),
            _stray_rows(segments, is_stray),
        ],
        how="diagonal",
    ).sort("row")
    files = pl.Series([piece.file for piece in pieces], dtype=pl.Int32)
    piece = segments.marks.search_sorted(spine["row"], side="right") - 1
    return spine.with_columns(files[piece].alias("file"))


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
    own = settle(rows).tail(spine.height).filter(pl.col("kind") == "transaction")
    nth = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("file")
    went_before = before.transactions if before else 0
    if before and went_before:
        is_going_on = pl.col("file") == before.rows["file"].item(-1)
        nth += pl.when(is_going_on).then(went_before).otherwise(0)
    numbered = own.select("file", "transaction_type", transaction_number=nth.cast(pl.Int32))
    last_file = rows["file"].item(-1)
    is_same_file = before and before.rows["file"].item(-1) == last_file
    known = (numbered["file"] == last_file).sum() + (went_before if is_same_file else 0)
    return numbered, OpenFile(_last_rows(rows.filter(pl.col("file") == last_file)), known)


def _last_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """The last row, and the last of each kind of envelope segment: by them `settle` knows all."""
    is_frame = pl.col("kind").is_in(_FRAMES) & pl.col("kind").is_last_distinct()
    return rows.filter(is_frame | (pl.int_range(pl.len()) == pl.len() - 1))


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


def _placed(segments: Segments, is_wanted: pl.Series) -> pl.DataFrame:
    rows = count_up(len(is_wanted)).filter(is_wanted).alias("row")
    return segments.of(is_wanted).hstack([rows])


def _envelope_rows(segments: Segments, is_envelope: pl.Series) -> pl.DataFrame:
    is_isa, is_gs = pl.col("id") == id_number("ISA"), pl.col("id") == id_number("GS")
    rows = _placed(segments, is_envelope)
    return with_elements(segments, rows, texts=(4, 5, 6, 13), codes=(8, 15)).select(
        "row",
        kind=id_names(pl.col("id")),
        offset="source_offset",
        segments=pl.lit(1, pl.Int64),
        isa_control=pl.when(is_isa).then("e13"),
        usage_indicator=pl.when(is_isa).then("e15"),
        gs_date=pl.when(is_gs).then("e4"),
        gs_time=pl.when(is_gs).then("e5"),
        gs_control=pl.when(is_gs).then("e6"),
        gs_version=pl.when(is_gs).then("e8"),
    )


def _transaction_rows(segments: Segments) -> pl.DataFrame:
    starts, ends, tx = _runs(segments.tx)
    has_se = has_id(segments.id[ends - 1], ["SE"])
    closed = with_elements(segments, segments.at(ends - 1), texts=(1,))["e1"]
    opened = segments.at(starts).hstack([starts.alias("row"), tx.alias("tx")])
    return with_elements(segments, opened, texts=(2,), codes=(1, 3)).select(
        *["row", "tx"],
        kind=pl.lit("transaction"),
        offset="source_offset",
        segments=(ends - starts).cast(pl.Int64),
        has_se=has_se,
        service_line=_service_lines(segments, tx),
        st_type="e1",
        st_control="e2",
        st_version="e3",
        se_count=pl.when(has_se).then(closed.cast(pl.Int64, strict=False)),
        content_sha256=pl.Series(_content_hashes(segments, starts, ends), dtype=pl.String),
    )


def _runs(tx: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """The row each transaction starts at, the row it ends before, and its number."""
    starts = count_up(len(tx)).filter(starts_run(tx))
    ends = pl.concat([starts.slice(1), pl.Series([len(tx)], dtype=pl.UInt32)]).rechunk()
    numbers = tx[starts]
    is_one = numbers > 0
    return starts.filter(is_one), ends.filter(is_one), numbers.filter(is_one)


def _service_lines(segments: Segments, transactions: pl.Series) -> pl.Series:
    """The id of the first service line in each transaction; null where there is none."""
    is_line = has_id(segments.id, _SERVICE_LINES) & (segments.tx > 0)
    lines = pl.DataFrame({"tx": segments.tx.filter(is_line), "id": segments.id.filter(is_line)})
    found = first_by("tx", lines, id="id").select("tx", name=id_names(pl.col("id")))
    return with_found(transactions.alias("tx").to_frame(), "tx", found)["name"]


def _content_hashes(segments: Segments, starts: pl.Series, ends: pl.Series) -> list[str]:
    """The sha256 of each transaction, delimiters `*`, `:`, `~`, numbers apart (RULES 1.1)."""
    told = memoryview(segments.content.translate(_CANONICAL))
    begins = before(segments.ends, 0)
    is_closed = segments.id[ends - 1] == id_number("SE")
    ends_before = pl.select(
        pl.when(is_closed).then(begins[ends - 1]).otherwise(segments.ends[ends - 1])
    ).to_series()
    places = (begins[starts], segments.ends[starts], ends_before)
    return [
        _content_hash(told, *place)
        for place in zip(*(place.to_list() for place in places), strict=True)
    ]


def _content_hash(told: memoryview, start: int, second: int, end: int) -> str:
    """The sha256 of what a transaction tells: from its first segment, and its second to its SE.

    A clearinghouse that regroups remits numbers ST and SE anew, and one cut off before its SE tells
    all the same.
    """
    content = hashlib.sha256()
    content.update(b"*".join(bytes(told[start : second - 1]).split(b"*")[:2]) + b"~")
    content.update(told[second:end])
    return content.hexdigest()


def _stray_rows(segments: Segments, is_stray: pl.Series) -> pl.DataFrame:
    rows = _placed(segments, is_stray).with_columns(
        is_cut=pl.col("row").is_in(segments.cut.implode())
    )
    is_next = pl.col("row").diff() == 1
    starts_run = ~is_next | pl.col("is_cut") | pl.col("is_cut").shift(1)
    runs = rows.with_columns(run=starts_run.fill_null(True).cum_sum())
    return (
        runs.group_by("run", maintain_order=True)
        .agg(
            pl.col("row", "is_cut").first(),
            offset=pl.col("source_offset").first(),
            segment_id=id_names(pl.col("id").first()),
            segments=pl.len().cast(pl.Int64),
        )
        .select("row", "offset", "segment_id", "segments", "is_cut", kind=pl.lit("stray"))
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
