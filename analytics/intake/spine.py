"""The spine of a text: one row per envelope segment, transaction and run of stray segments.

It is small beside the text, so that all which reaches across texts is settled on it.
"""

from __future__ import annotations

import hashlib

import polars as pl

from analytics.intake.elements import first_by, with_elements, with_found
from analytics.intake.segments import (
    ENVELOPE,
    Piece,
    Segments,
    Wording,
    has_id,
    id_names,
    id_number,
)
from analytics.intake.vectors import before, places_of, repeated, starts_run, translated
from analytics.intake.x12 import COMPONENT, ELEMENT, END, MARK

REMITS, CLAIMS = "835", "837"
SERVICE_LINES = {"SV1": "837P", "SV2": "837I", "SV3": "837D"}
_TEXTS = (
    "kind isa_control usage_indicator gs_date gs_time gs_control gs_version"
    " service_line st_type st_control st_version content_sha256 segment_id"
)
_SPINE = pl.Schema(
    dict.fromkeys(["row", "tx"], pl.UInt32())
    | dict.fromkeys(["offset", "segments", "se_count"], pl.Int64())
    | dict.fromkeys(["has_se", "is_cut"], pl.Boolean())
    | dict.fromkeys(_TEXTS.split(), pl.String())
)
_CANONICAL = bytes.maketrans((ELEMENT + COMPONENT + END).encode(), b"*:~")


def read_spine(segments: Segments, wording: Wording, pieces: list[Piece]) -> pl.DataFrame:
    """One row per envelope segment, transaction and stray run of a text, in order."""
    is_outside = segments.tx == 0
    is_envelope = is_outside & has_id(segments.id, ENVELOPE)
    is_stray = is_outside & ~is_envelope & ~has_id(segments.id, [MARK])
    parts = [_SPINE.to_frame()]
    if is_envelope.any():
        parts.append(_envelope_rows(segments, is_envelope))
    if (segments.tx > 0).any():
        parts.append(_transaction_rows(segments, wording))
    if is_stray.any():
        parts.append(_stray_rows(segments, is_stray))
    spine = pl.concat(parts, how="diagonal").sort("row")
    files = pl.Series([piece.file for piece in pieces], dtype=pl.Int32)
    piece = segments.marks.search_sorted(spine["row"], side="right") - 1
    return spine.with_columns(files[piece].alias("file"))


def _placed(segments: Segments, is_wanted: pl.Series) -> pl.DataFrame:
    rows = places_of(is_wanted).alias("row")
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


def _transaction_rows(segments: Segments, wording: Wording) -> pl.DataFrame:
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
        content_sha256=pl.Series(_content_hashes(segments, wording, starts, ends), dtype=pl.String),
    )


def _runs(tx: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """The row each transaction starts at, the row it ends before, and its number."""
    starts = places_of(starts_run(tx))
    ends = pl.concat([starts.slice(1), pl.Series([len(tx)], dtype=pl.UInt32)]).rechunk()
    numbers = tx[starts]
    is_one = numbers > 0
    return starts.filter(is_one), ends.filter(is_one), numbers.filter(is_one)


def _service_lines(segments: Segments, transactions: pl.Series) -> pl.Series:
    """The id of the first service line in each transaction; null where there is none."""
    is_line = has_id(segments.id, SERVICE_LINES) & (segments.tx > 0)
    if not is_line.any():
        return repeated(None, len(transactions), pl.String)
    lines = pl.DataFrame({"tx": segments.tx.filter(is_line), "id": segments.id.filter(is_line)})
    found = first_by("tx", lines, id="id").select("tx", name=id_names(pl.col("id")))
    return with_found(transactions.alias("tx").to_frame(), "tx", found)["name"]


def _content_hashes(
    segments: Segments, wording: Wording, starts: pl.Series, ends: pl.Series
) -> list[str]:
    """The sha256 of each transaction, delimiters `*`, `:`, `~`, numbers apart (RULES 1.1)."""
    told = memoryview(translated(wording.content, _CANONICAL))
    begins = before(wording.ends, 0)
    is_closed = segments.id[ends - 1] == id_number("SE")
    ends_before = pl.select(
        pl.when(is_closed).then(begins[ends - 1]).otherwise(wording.ends[ends - 1])
    ).to_series()
    places = (begins[starts], wording.ends[starts], ends_before)
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
