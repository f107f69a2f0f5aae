"""The segments of many joined files, each with its id, its place and its transaction.

Everything known of a segment is a column of numbers: its id as one number, its place in its file,
the transaction that is open, where its elements are. Elements are gathered for the few ids only
that a table is made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from analytics.intake.fields import Fields, split_fields, views
from analytics.intake.vectors import (
    any_of,
    as_bytes,
    as_numbers,
    before,
    places_of,
    repeated,
)
from analytics.intake.x12 import ELEMENT, END, GONE, MARK, is_utf8

ENVELOPE = ("ISA", "GS", "GE", "IEA", "TA1")
# A first element that is none of these may be anything, a name too, and is never shown.
_KNOWN_IDS = (
    "AAA ACK AK1 AK2 AK3 AK4 AK5 AK9 AMT BHT BPR CAS CL1 CLM CLP CN1 CR1 CR2 CR3 CR4 CR5 CR6 CR7"
    " CR8 CRC CTP CTX CUR DMG DN1 DN2 DTM DTP EB EQ FRM GE GS HCP HCR HD HI HL HSD IEA III IK3 IK4"
    " IK5 IMM INS ISA K3 LE LIN LQ LS LUI LX MEA MIA MOA MSG N1 N2 N3 N4 NM1 NTE OI PAT PER PLA PLB"
    " PRV PS1 PWK QTY RAS RDM REF RMR SBR SE ST STC SV1 SV2 SV3 SV4 SV5 SV6 SV7 SVC SVD TA1 TOO TRN"
    " TS2 TS3 UM"
)
_ASCII_BLANKS = b"\t\x0c "
_CP1252_BLANKS = "\t\x0b\x0c \xa0"
_NO_ASCII = re.compile(rb"[\x80-\xff]")
_BLANKS = re.compile("[\t\x0b\x0c \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_BLANKS_BEYOND_ASCII = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
# The first byte of anything beyond ASCII in UTF-8.
_BEYOND_ASCII = 0xC2
_LONGEST_ID = 3
# With more padding than that, finding where it stands takes longer than stripping everything.
_MOST_PADDING = 10_000


@dataclass(frozen=True)
class Piece:
    """A part of one file inside a text: which file, where in the file it starts, how it ends."""

    file: int
    start: int
    is_cut_off: bool = False


@dataclass(frozen=True)
class Segments:
    """The segments of a text, one row each, in order; a line that marks a piece is a row too.

    `id` is a segment's id as a number (`id_number`), `tx` the n-th transaction of the text, from 1,
    and 0 outside transactions, `offset` the segment's first byte in its file, `marks` the rows
    that mark a piece. `cut` holds the rows at which a file ends within the segment and its
    transaction, so that its last element may be half of what was sent: they stand outside it.
    A segment's id is the field `first` of `fields`, and `count` elements follow it.
    """

    id: pl.Series
    tx: pl.Series
    offset: pl.Series
    marks: pl.Series
    cut: pl.Series
    first: pl.Series
    count: pl.Series
    fields: pl.Series
    spelling: Spelling

    def of(self, is_wanted: pl.Series) -> pl.DataFrame:
        """The wanted segments: `id`, `source_offset`, and where their elements are."""
        return pl.DataFrame([column.filter(is_wanted) for column in self._columns()])

    def at(self, rows: pl.Series) -> pl.DataFrame:
        """The segments of these rows, with the columns of `of`."""
        return pl.DataFrame([column[rows] for column in self._columns()])

    def _columns(self) -> list[pl.Series]:
        columns = {"id": self.id, "source_offset": self.offset}
        columns |= {"first": self.first, "count": self.count}
        return [column.alias(name) for name, column in columns.items()]


@dataclass(frozen=True)
class Wording:
    """A text without what means nothing; its segments end before the places `ends`."""

    content: bytes
    ends: pl.Series


@dataclass(frozen=True)
class Spelling:
    """How a text is written: most senders pad nothing and use capitals, and then both are left.

    `padded` are the ids of segments in which a blank stands beside a separator, None for all.
    """

    padded: frozenset[int] | None
    is_upper_case: bool

    def is_padded(self, ids: pl.Series) -> bool:
        """Whether any of these segments may hold an element with blanks around it."""
        return self.padded is None or any((ids == number).any() for number in self.padded)


def id_number(segment_id: str) -> int:
    """A segment id as the number by which it is found: its bytes, the first one lowest."""
    return int.from_bytes(segment_id.encode(), "little")


def id_names(ids: pl.Expr) -> pl.Expr:
    """Numbers as segment ids again; null for what is none, as it may be anything, a name too."""
    return ids.replace_strict(_NAMES, default=None, return_dtype=pl.String)


def has_id(ids: pl.Series, names: Iterable[str]) -> pl.Series:
    """Which rows have one of these ids."""
    numbers = [id_number(name) for name in names]
    return any_of(ids, numbers)


def is_known(ids: pl.Series) -> pl.Series:
    """Which rows have an id that X12 has."""
    return ids.is_in(_KNOWN)


_NAMES = {id_number(name): name for name in _KNOWN_IDS.split()}
_KNOWN = list(_NAMES)
_MARK, _ST, _SE = id_number(MARK), id_number("ST"), id_number("SE")


def join_pieces(pieces: list[bytes]) -> bytes:
    """One text of many canonical pieces, a line holding only `MARK` before each."""
    mark, end = (MARK + END).encode(), END.encode()
    parts = [
        part for piece in pieces for part in (mark, piece, b"" if piece.endswith(end) else end)
    ]
    return b"".join(parts)


def is_cut_off(piece: bytes) -> bool:
    """Whether text stands after the last terminator of a canonical piece."""
    rest = piece[piece.rfind(END.encode()) + 1 :]
    told = rest.decode("utf-8" if is_utf8(rest) else "cp1252", "replace")
    return bool(_BLANKS.sub("", told))


def read_segments(joined: bytes, pieces: list[Piece]) -> tuple[Segments, Wording]:
    """The segments of a text of joined pieces, in order, and their text."""
    encoded, longer = _as_utf8(joined)
    content, kept = _without_breaks(encoded)
    fields = split_fields(content)
    ids, blanks, is_empty = _ids(fields)
    spelling = _spelling(content, ids, fields.ends)
    place, first, count, ends = fields.starts + blanks, fields.first, fields.count, fields.ends
    if is_empty.any() or (blanks > 0).any():
        content, ends = _without_blanks(content)
        is_filled = ~is_empty
        ids, place, first, count = (each.filter(is_filled) for each in (ids, place, first, count))
    place = _in_file_bytes(place if kept is None else kept[place], longer)
    marks = places_of(ids == _MARK)
    offset = _in_files(place, marks, pieces)
    last = _last_rows(marks, len(ids)).filter(pl.Series([piece.is_cut_off for piece in pieces]))
    tx = _transactions(ids, last)
    # What is cut in two stands outside: half a control number names no transaction, half an amount
    # is none. An SE still ends its transaction.
    is_within = (tx[last] > 0) | has_id(ids[last], ["ST"])
    cut = last.filter(is_within & ~has_id(ids[last], ["SE"]))
    tx = tx.scatter(cut, 0)
    segments = Segments(ids, tx, offset, marks, cut, first, count, fields.texts, spelling)
    return segments, Wording(content, ends)


def _as_utf8(joined: bytes) -> tuple[bytes, list[tuple[int, int]]]:
    """The text in UTF-8, a segment that is none read as cp1252; and how much longer it became.

    Returns  the text; per segment that became longer its end in the text, and by how many bytes all
             is shifted from there on
    """
    if is_utf8(joined):
        return joined, []
    parts: list[bytes] = []
    longer: list[tuple[int, int]] = []
    done = growth = 0
    for start, end in _lines_beyond_ascii(joined):
        line = joined[start:end]
        if not is_utf8(line):
            told = line.decode("cp1252", "replace")
            blanks = len(told) - len(told.lstrip(_CP1252_BLANKS))
            line = (" " * blanks + told[blanks:]).encode()
        parts += [joined[done:start], line]
        growth += len(line) - (end - start)
        longer.append((end + growth, growth))
        done = end
    return b"".join([*parts, joined[done:]]), longer


def _lines_beyond_ascii(joined: bytes) -> Iterator[tuple[int, int]]:
    end = 0
    while found := _NO_ASCII.search(joined, end):
        start = joined.rfind(END.encode(), end, found.start()) + 1 or end
        end = joined.find(END.encode(), found.end())
        end = len(joined) if end < 0 else end
        yield start, end


def _in_file_bytes(place: pl.Series, longer: list[tuple[int, int]]) -> pl.Series:
    """Places in the text as they were before segments in cp1252 became longer."""
    place = place.cast(pl.Int64)
    if not longer:
        return place
    ends = pl.Series([end for end, _ in longer], dtype=pl.Int64)
    growth = pl.Series([0, *[growth for _, growth in longer]], dtype=pl.Int64)
    return place - growth.gather(ends.search_sorted(place, side="right"))


def _in_files(place: pl.Series, marks: pl.Series, pieces: list[Piece]) -> pl.Series:
    """Places in the text as places in the file of each piece."""
    shift = pl.Series([piece.start for piece in pieces], dtype=pl.Int64) - place[marks] - 2
    if len(pieces) == 1:
        return place + shift[0]
    piece = repeated(0, len(place), pl.UInt32).scatter(marks, 1).cum_sum() - 1
    return place + shift[piece]


def _without_breaks(encoded: bytes) -> tuple[bytes, pl.Series | None]:
    """The text without line breaks that mean nothing, and the places of what is left of it."""
    if GONE.encode() not in encoded:
        return encoded, None
    told = as_numbers(encoded)
    is_kept = told != ord(GONE)
    return as_bytes(told.filter(is_kept)), places_of(is_kept)


def _ids(fields: Fields) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Per segment its id as a number, how many blanks stand before it, and whether it is empty."""
    lengths, first_four = views(fields.texts[fields.first])
    begins = first_four & 0xFF
    blanks = repeated(0, len(lengths), pl.UInt32)
    if (any_of(begins, _ASCII_BLANKS) | (begins >= _BEYOND_ASCII)).any():
        names = fields.texts[fields.first].fill_null("").str.strip_chars_start()
        stripped, first_four = views(names.rechunk())
        blanks, lengths = lengths - stripped, stripped
    ids = first_four.set(lengths > _LONGEST_ID, 0)
    return ids, blanks, (lengths == 0) & (fields.count == 0)


def _without_blanks(content: bytes) -> tuple[bytes, pl.Series]:
    """The text without blanks before segments and without empty ones, and where each ends in it."""
    lines = pl.read_lines(content, name="line")["line"].str.strip_chars_start()
    lines = lines.filter(lines != "")
    ends = (lines.str.len_bytes() + 1).cum_sum()
    return lines.str.join(END).item().encode() + END.encode(), ends


def _spelling(content: bytes, ids: pl.Series, ends: pl.Series) -> Spelling:
    told = as_numbers(content)
    is_ascii = content.isascii()
    is_upper_case = is_ascii and not ((told >= ord("a")) & (told <= ord("z"))).any()
    if not is_ascii and _BLANKS_BEYOND_ASCII.search(content.decode()):
        return Spelling(None, is_upper_case)
    is_blank, is_element = any_of(told, _ASCII_BLANKS), told == ord(ELEMENT)
    is_end_next = (is_element | (told == ord(END))).slice(1)
    is_padding = is_blank & (
        before(is_element, False) | pl.concat([is_end_next, repeated(False, 1, pl.Boolean)])
    )
    places = places_of(is_padding)
    if len(places) > _MOST_PADDING:
        return Spelling(None, is_upper_case)
    padded = ids[ends.search_sorted(places, side="right")].unique()
    return Spelling(frozenset(padded), is_upper_case)


def _last_rows(marks: pl.Series, rows: int) -> pl.Series:
    """The last row of each piece."""
    return pl.concat([marks.slice(1), pl.Series([rows], dtype=pl.UInt32)]).rechunk() - 1


def _transactions(ids: pl.Series, cut: pl.Series) -> pl.Series:
    """`tx` is carried from an ST to its SE; without one, to the next envelope segment or ST.

    Takes    cut, the rows at which a file ends within a segment; an ST there opens nothing
    """
    is_start, is_end = (ids == _ST).scatter(cut, False), ids == _SE
    is_edge = is_start | is_end | has_id(ids, [*ENVELOPE, MARK])
    starts = is_start.filter(is_edge)
    after = starts.cum_sum().set(~starts, 0)
    tx = after[is_edge.cum_sum() - 1]
    # An SE stands in the transaction it ends.
    ends = places_of(is_end)
    return tx.scatter(ends, before(after, 0).filter(is_end.filter(is_edge)))
