"""The segments of many joined files as rows, each with its place and its transaction.

One vectorised pass: polars splits the text into lines, an id is cut from each, and an open
transaction is carried from its ST to its SE.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import polars as pl

from analytics.intake.x12 import ELEMENT, END, GONE, MARK

ENVELOPE = ("ISA", "GS", "GE", "IEA", "TA1")
# A first element that is none of these may be anything, a name too, and is never shown.
_KNOWN_IDS = (
    "AAA ACK AK1 AK2 AK3 AK4 AK5 AK9 AMT BHT BPR CAS CL1 CLM CLP CN1 CR1 CR2 CR3 CR4 CR5 CR6 CR7"
    " CR8 CRC CTP CTX CUR DMG DN1 DN2 DTM DTP EB EQ FRM GE GS HCP HCR HD HI HL HSD IEA III IK3 IK4"
    " IK5 IMM INS ISA K3 LE LIN LQ LS LUI LX MEA MIA MOA MSG N1 N2 N3 N4 NM1 NTE OI PAT PER PLA PLB"
    " PRV PS1 PWK QTY RAS RDM REF RMR SBR SE ST STC SV1 SV2 SV3 SV4 SV5 SV6 SV7 SVC SVD TA1 TOO TRN"
    " TS2 TS3 UM"
)
SEGMENT_ID = pl.Enum([MARK, *_KNOWN_IDS.split()])


@dataclass(frozen=True)
class Piece:
    """A part of one file inside a text: which file, where in the file it starts, how it ends."""

    file: int
    start: int
    is_cut_off: bool = False


def join_pieces(pieces: list[bytes]) -> bytes:
    """One text of many canonical pieces, a line holding only `MARK` before each."""
    mark, end = (MARK + END).encode(), END.encode()
    parts = [
        part for piece in pieces for part in (mark, piece, b"" if piece.endswith(end) else end)
    ]
    return b"".join(parts)


def is_cut_off(piece: bytes) -> bool:
    """Whether the last segment of a canonical piece has no terminator."""
    return not piece.rstrip(b" \t" + GONE.encode()).endswith(END.encode())


def read_segments(joined: bytes, pieces: list[Piece], *, is_utf8: bool) -> pl.DataFrame:
    """One row per segment of a text, in order.

    Returns  `file`, `offset` (of the segment's first byte, in its file), `id` (null where no known
             segment id), `segment` (its text, canonical delimiters), `tx` (the n-th transaction of
             the text, from 1; 0 outside transactions), `is_cut` (the file ends within the segment
             and its transaction, so its last element may be half of what was sent)
    """
    lines = _lines(joined, is_utf8)
    marks = lines.filter(pl.col("id") == MARK)
    shift = pl.Series("shift", [piece.start for piece in pieces]) - marks["place"] - 2
    files = pl.Series("file", [piece.file for piece in pieces], pl.Int32)
    placed = lines.with_columns(
        nth_piece=(pl.col("id") == MARK).fill_null(False).cum_sum() - 1
    ).with_columns(
        file=pl.lit(files).gather("nth_piece"),
        offset=pl.col("place") + pl.lit(shift).gather("nth_piece"),
    )
    cut_off = pl.Series("cut_off", [piece.is_cut_off for piece in pieces], pl.Boolean)
    rows = _with_cut(_with_transaction(placed), cut_off).select(
        "file", "offset", "id", "segment", "tx", "is_cut"
    )
    return rows.filter(pl.col("id").ne_missing(MARK))


def _with_cut(rows: pl.DataFrame, cut_off: pl.Series) -> pl.DataFrame:
    """A segment cut in two is in no transaction; an ST still opens one, and an SE still ends it."""
    is_last = pl.col("nth_piece").ne_missing(pl.col("nth_piece").shift(-1))
    is_within = (pl.col("tx") > 0) & ~pl.col("id").is_in(["ST", "SE"]).fill_null(False)
    is_cut = is_last & is_within & pl.lit(cut_off).gather("nth_piece")
    return rows.with_columns(is_cut=is_cut).with_columns(
        tx=pl.when("is_cut").then(pl.lit(0, pl.Int32)).otherwise("tx")
    )


def _lines(joined: bytes, is_utf8: bool) -> pl.DataFrame:
    # In cp1252 a byte is a character; in UTF-8 a character keeps its bytes. Either way the count
    # is that of the file's own bytes.
    encoded = joined if is_utf8 else joined.decode("cp1252", "replace").encode()
    lines = pl.read_lines(io.BytesIO(encoded), name="line").with_columns(
        segment=pl.col("line").str.strip_chars_start()
    )
    line, segment = pl.col("line").str, pl.col("segment").str
    width, kept = (
        (line.len_bytes(), segment.len_bytes())
        if is_utf8
        else (line.len_chars(), segment.len_chars())
    )
    ends = (width.cast(pl.Int64) + 1).cum_sum() - 1
    placed = lines.select("segment", place=ends - kept).filter(pl.col("segment") != "")
    if GONE.encode() in joined:
        placed = placed.with_columns(segment.replace_all(GONE, "", literal=True))
    segment_id = segment.head(4).str.splitn(ELEMENT, 2).struct.field("field_0")
    return placed.with_columns(id=segment_id.cast(SEGMENT_ID, strict=False))


def _with_transaction(rows: pl.DataFrame) -> pl.DataFrame:
    """`tx` is carried from an ST to its SE; without one, to the next envelope segment or ST."""
    is_start = pl.col("id") == "ST"
    closes = pl.col("id").is_in([*ENVELOPE, MARK]) | (pl.col("id").shift(1) == "SE")
    opened = pl.when(is_start).then(is_start.cum_sum()).when(closes).then(0)
    return rows.with_columns(tx=opened.forward_fill().fill_null(0).cast(pl.Int32))
