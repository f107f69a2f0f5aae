"""A file as a stream of parts, each of whole transactions cut by the same delimiters.

Nothing a claim needs is carried across an SE or into an ST, so parts can be read one by one and a
file of any size fits into memory; only a transaction that is larger than memory does not. Where the
parts are cut depends on the file alone and never on how many bytes a read returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from analytics.intake.x12 import (
    BEFORE_ISA,
    BLANK,
    ISA_BYTES,
    Delimiters,
    delimiters_without_isa,
    headers_in,
    opens_stretch,
)

HEAD_BYTES = 1 << 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Part:
    """Bytes of a file, as they stand there from `start` on, that are cut by the same delimiters."""

    start: int
    content: bytes
    delimiters: Delimiters


class FileParts:
    """The parts of a file in order, and what is known of the file once the last was given out.

    `head` is the first bytes of the file, `size` how many there are, and `has_text_before` whether
    anything but blanks stands before the first ISA. `has_no_isa` when the file begins with a GS or
    ST, whose delimiters were taken from the segments themselves.
    """

    def __init__(self, stream: BinaryIO, part_bytes: int) -> None:
        self._stream, self._part_bytes = stream, part_bytes
        # `_held` begins at byte `_at` of the file; the places below are places in `_held`.
        self._held, self._at = b"", 0
        self._delimiters: Delimiters | None = None
        self._start = self._looked = self._searched = 0
        self.head, self.size, self.has_text_before, self.has_no_isa = b"", 0, False, False

    def __iter__(self) -> Iterator[Part]:
        is_ended = False
        while not is_ended:
            is_first = not self.size
            is_ended = not self._read()
            if is_first:
                self._begin_without_isa()
            # Nearer to the end nobody can tell yet whether an ISA is one.
            end = len(self._held) if is_ended else max(len(self._held) - ISA_BYTES, self._looked)
            for header in headers_in(self._held, self._looked, end):
                if opens_stretch(self._held, header, self._delimiters):
                    yield from self._parts_before(header.start, is_end=True)
                    self._start = self._searched = header.start
                    self._delimiters = header.delimiters
            self._looked = end
            yield from self._parts_before(end, is_end=is_ended)
            self._forget()

    def _read(self) -> bool:
        # As many as are held: a transaction of any size is copied and searched only twice over.
        block = self._stream.read(max(self._part_bytes, len(self._held), HEAD_BYTES))
        self._held = self._held + block if self._held else block
        self.head = self.head or block[:HEAD_BYTES]
        self.size += len(block)
        return bool(block)

    def _begin_without_isa(self) -> None:
        start = len(self._held) - len(self._held.removeprefix(_BYTE_ORDER_MARK).lstrip(BLANK))
        delimiters = delimiters_without_isa(self._held, start)
        if delimiters:
            self._start = self._searched = start
            self._delimiters, self.has_no_isa = delimiters, True

    def _parts_before(self, end: int, *, is_end: bool) -> Iterator[Part]:
        if self._delimiters is None:
            is_first = self._at == self._start == 0
            text = self._held[self._start : end]
            text = text.removeprefix(_BYTE_ORDER_MARK) if is_first else text
            self.has_text_before |= bool(text.strip(BLANK))
            self._start = end
            return
        while end - self._start > self._part_bytes:
            cut = self._cut(self._delimiters, end)
            if cut is None:
                break
            yield self._part(cut)
        if is_end and self._start < end:
            yield self._part(end)

    def _part(self, end: int) -> Part:
        assert self._delimiters
        part = Part(self._at + self._start, self._held[self._start : end], self._delimiters)
        self._start = end
        return part

    def _cut(self, marks: Delimiters, end: int) -> int | None:
        """The first place after a part's size where a transaction has ended or the next starts."""
        searched = max(self._searched, self._start + self._part_bytes)
        for found in _edge(marks.element).finditer(self._held, searched, end):
            start = self._segment_start(marks.terminator, found.start())
            if start is None:
                continue
            if found[0].startswith(b"ST"):
                return start
            closed = self._held.find(marks.terminator, found.end(), end)
            self._searched = found.start()
            return closed + 1 if closed >= 0 else None
        self._searched = max(searched, end - 2)
        return None

    def _segment_start(self, terminator: bytes, at: int) -> int | None:
        """Where the segment of which an id stands at `at` starts; None where it is no id."""
        looked = 64
        while True:
            before = max(self._start, at - looked)
            text_before = self._held[before:at]
            text = text_before.rstrip(BLANK)
            if terminator in text_before[len(text) :]:
                return before + text_before.rindex(terminator) + 1
            if text or before == self._start:
                return before + len(text) if text.endswith(terminator) else None
            looked *= 2

    def _forget(self) -> None:
        gone = max(0, min(self._start, self._looked) - BEFORE_ISA)
        self._held = self._held[gone:]
        self._at += gone
        self._start -= gone
        self._looked -= gone
        self._searched = max(0, self._searched - gone)


@lru_cache(maxsize=256)
def _edge(element: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"S[ET]" + re.escape(element))
