"""What the raw tables hold of a file, by plain loops: the slow twin of the package's reader.

Every column of every raw table but the files' own hashes, keys of patients and sentences. Nothing
here comes from the package; `TABLES.md` says what each column holds.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field

from tests.intake.plain_835 import read_remit
from tests.intake.plain_837 import read_claims
from tests.intake.plain_rows import Book, Row, day_of
from tests.intake.plain_x12 import COMPONENT, Segment, pieces_of, text_stands_before

ENVELOPE = ("ISA", "GS", "GE", "IEA", "TA1")
OURS = ("835", "837P", "837I")
GUIDES = {"X222": "837P", "X223": "837I", "X224": "837D"}
GUIDES_OF_4010 = {"X098": "837P", "X096": "837I", "X097": "837D"}
BY_LINES = {"SV1": "837P", "SV2": "837I", "SV3": "837D"}


@dataclass
class PlainFile:
    """A file as the plain splitter reads it."""

    kind: str = "not_x12"
    segments: int = 0
    segments_rejected: int = 0
    segments_not_ours: int = 0
    frames: int = 0
    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class Transaction:
    """One ST..SE, the envelope it stands in, and the places of both in the file."""

    segments: list[Segment]
    isa: Segment | None
    gs: Segment | None
    interchange: int
    group: int

    @property
    def version(self) -> str | None:
        """The guide, from ST03, else GS08."""
        return self.segments[0].code(3) or (self.gs.code(8) if self.gs else None)

    @property
    def type(self) -> str | None:
        """835, 837P, 837I, 837D, or ST01 of any other."""
        sent = self.segments[0].code(1)
        if sent != "837":
            return sent
        guide = re.search(r"X[0-9]{3}", self.version or "")
        by_lines = (BY_LINES[each.id] for each in self.segments if each.id in BY_LINES)
        by_guide = (GUIDES | GUIDES_OF_4010).get(guide[0]) if guide else None
        return by_guide or next(by_lines, "837P")

    @property
    def usage(self) -> str | None:
        """P, or T in a test interchange."""
        return self.isa.code(15) if self.isa else None

    @property
    def is_ours(self) -> bool:
        """Whether a figure may read it."""
        return self.type in OURS and self.usage != "T"


class Walk:
    """A walk over a file's segments: each goes into a transaction, a frame or a run of strays."""

    def __init__(self) -> None:
        self.transactions: list[Transaction] = []
        self.frames: list[tuple[str, int, int]] = []
        self.strays: list[list[Segment]] = []
        self._isa = self._gs = self._open = None
        self._interchange = self._group = 0
        self._is_run_open = False

    def go_over(self, piece: list[Segment]) -> None:
        """Go over the segments of a piece; nothing is open across two pieces."""
        self._open, before = None, None
        for segment in piece:
            if before == "SE":
                self._open = None
            self._place(segment)
            before = segment.id

    def _place(self, segment: Segment) -> None:
        is_run_open, self._is_run_open = self._is_run_open, False
        is_within = self._open is not None or segment.id == "ST"
        if segment.id in ENVELOPE:
            self._frame(segment)
        elif segment.is_cut and is_within and segment.id != "SE":
            # The last element may be half of what was sent; half a control number names nothing.
            self.strays.append([segment])
        elif segment.id == "ST":
            where = (self._isa, self._gs, self._interchange, self._group)
            self._open = Transaction([segment], *where)
            self.transactions.append(self._open)
        elif self._open is None:
            if not is_run_open:
                self.strays.append([])
            self.strays[-1].append(segment)
            self._is_run_open = True
        else:
            self._open.segments.append(segment)

    def _frame(self, segment: Segment) -> None:
        self._open = None
        if segment.id == "ISA":
            self._isa, self._gs = segment, None
            self._interchange += 1
        elif segment.id == "GS":
            self._gs = segment
            self._group += 1
        self.frames.append((segment.id, self._interchange, self._group))
        if segment.id in ("GE", "IEA"):
            self._gs = None
        if segment.id == "IEA":
            self._isa = None

    def foreign_frames(self) -> int:
        """How many frames hold nothing of ours."""
        interchanges = {each.interchange for each in self.transactions if each.is_ours}
        groups = {each.group for each in self.transactions if each.is_ours}
        return sum(
            not (
                (name in ("ISA", "IEA") and interchange in interchanges)
                or (name in ("GS", "GE") and group in groups)
            )
            for name, interchange, group in self.frames
        )


def split_file(content: bytes) -> PlainFile:
    """The rows of every raw table of one unpacked file."""
    pieces = pieces_of(content)
    if not pieces:
        return PlainFile()
    walk, book = Walk(), Book()
    for piece in pieces:
        walk.go_over(piece)
    if text_stands_before(content):
        book.reject("segment", None, 0, 0)
    for run in walk.strays:
        book.reject("segment", run[0].id, len(run), run[0].offset)
    for number, transaction in enumerate(walk.transactions, start=1):
        book.transaction_number = number
        _read(book, transaction)
    rejected = sum(len(run) for run in walk.strays)
    inside = sum(len(each.segments) for each in walk.transactions)
    return PlainFile(
        kind=_kind([each.type for each in walk.transactions]),
        segments=inside + rejected + len(walk.frames),
        segments_rejected=rejected,
        segments_not_ours=walk.foreign_frames(),
        frames=len(walk.frames),
        tables=book.tables,
    )


def _read(book: Book, transaction: Transaction) -> None:
    isa, gs, segments = transaction.isa, transaction.gs, transaction.segments
    has_se = segments[-1].id == "SE"
    told = segments[-1].text(1) if has_se else None
    book.add(
        "raw_x12__transactions",
        segments[0].offset,
        transaction_type=transaction.type,
        version=transaction.version,
        isa_control=isa.text(13) if isa else None,
        usage_indicator=transaction.usage,
        gs_date=day_of(gs.text(4)) if gs else None,
        gs_time=gs.text(5) if gs else None,
        gs_control=gs.text(6) if gs else None,
        st_control=segments[0].text(2),
        segments=len(segments),
        has_se=has_se,
        content_sha256=hashlib.sha256(_content(segments).encode()).hexdigest(),
        se_count_agrees=bool(told and re.fullmatch(r"[+-]?[0-9]+", told))
        and int(told) == len(segments),
    )
    sent = segments[0].code(1)
    if sent in ("835", "837"):
        for segment in segments:
            if segment.id is None:
                book.reject("segment", None, 0, segment.offset)
    if sent == "835":
        read_remit(book, segments)
    elif sent == "837":
        read_claims(book, segments, transaction.type)


def _content(segments: list[Segment]) -> str:
    """ST01 and what stands between ST and SE, delimiters canonical (RULES 1.1)."""
    inside = segments[1:-1] if segments[-1].id == "SE" else segments[1:]
    start, *told = (
        "*".join(each.elements).replace(COMPONENT, ":") for each in (segments[0], *inside)
    )
    return "".join(f"{each}~" for each in ("*".join(start.split("*")[:2]), *told))


def _kind(types: list[str | None]) -> str:
    if not {*types} & {*OURS, "837D"}:
        return "x12_other"
    return types[0] if len({*types}) == 1 else "mixed"
