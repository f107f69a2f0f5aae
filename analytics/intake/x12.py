"""Where the interchanges of a file lie, what separates their parts, and their text made canonical.

X12 names its own delimiters: every ISA carries them. This module finds each ISA, reads its
delimiters by counting sixteen separators (a fixed width fails on a quarter of real files), and
rewrites the bytes so that every file reads the same: `ELEMENT`, `COMPONENT`, `END` of segment, and
`GONE` for a line break that means nothing. The rewriting keeps every byte in its place, so an
offset in the canonical text is an offset in the file. It knows envelopes and nothing of claims.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from analytics.intake.vectors import translated

ELEMENT, COMPONENT, END, GONE, MARK = "\x1d", "\x1f", "\n", "\x0b", "\x02"
BLANK = b" \t\r\n\x00\x1a"
# How far before and after an ISA is looked to tell whether it opens an interchange.
BEFORE_ISA, ISA_BYTES = 200, 410

_CANDIDATE = re.compile(rb"ISA[^A-Za-z0-9 \t\r\n]")
_FIRST_SEGMENT = re.compile(rb"(GS|ST)([^A-Za-z0-9 \t\r\n])")
_LONGEST_ISA = 400
_LONGEST_ID = 3
_STRICT = (
    (9, re.compile(rb"\d{6}")),
    (10, re.compile(rb"\d{4}")),
    (12, re.compile(rb"\d{5}")),
    (15, re.compile(rb"[A-Z]")),
)


@dataclass(frozen=True)
class Delimiters:
    """The characters an interchange is cut by; `component` is a colon where ISA16 is missing."""

    element: bytes
    component: bytes
    terminator: bytes


@dataclass(frozen=True)
class Header:
    """An ISA whose delimiters could be read; `is_strict` when its dates and version look right."""

    start: int
    delimiters: Delimiters
    is_strict: bool
    date: str


def headers_in(content: bytes, start: int, end: int) -> Iterator[Header]:
    """What may be an ISA and starts in a range, in order: sixteen separators and a terminator."""
    for match in _CANDIDATE.finditer(content, start, end + _LONGEST_ID):
        header = _read_header(content, match.start())
        if header is not None:
            yield header


def delimiters_without_isa(content: bytes, start: int) -> Delimiters | None:
    """The delimiters of a file that begins with its GS or ST, taken from these segments.

    An ST follows the GS, a BPR or BHT the ST, and right before it stands the terminator.
    """
    opening = _FIRST_SEGMENT.match(content, start)
    if not opening or not opening[2].isascii():
        return None
    following = b"ST" if opening[1] == b"GS" else b"(?:BPR|BHT)"
    next_id = re.compile(following + re.escape(opening[2]))
    for found in next_id.finditer(content, opening.end(), start + _LONGEST_ISA):
        terminator = _terminator_before(content[start : found.start()], opening[2])
        if terminator:
            return Delimiters(opening[2], b":", terminator)
    return None


def _terminator_before(segment: bytes, element: bytes) -> bytes | None:
    """What ends a segment; None where it goes on, so that an id is the end of a word in it."""
    text = segment.rstrip(b"\r\n")
    mark, breaks = text[-1:], segment[len(text) :]
    if mark.isascii() and not mark.isalnum() and mark not in (element, b" ", b"\t"):
        return mark
    if not breaks:
        return None
    return b"\n" if b"\n" in breaks else b"\r"


def opens_stretch(content: bytes, header: Header, before: Delimiters | None) -> bool:
    """Whether bytes that are cut by other delimiters start here.

    An `ISA` inside a name is no interchange: it neither follows a terminator nor carries an
    envelope's dates and version.
    """
    if before is None:
        starts_line = header.start == 0 or content[header.start - 1] in b" \t\r\n\xbf"
        return header.is_strict or starts_line
    text_before = content[max(0, header.start - BEFORE_ISA) : header.start].rstrip(BLANK)
    terminator = before.terminator
    follows_terminator = (
        text_before.endswith(terminator)
        if terminator not in (b"\r", b"\n")
        else terminator in content[header.start - 2 : header.start]
    )
    if follows_terminator:
        return header.delimiters != before
    return header.is_strict


def first_interchange_date(content: bytes) -> str:
    """ISA09 of the first interchange (yymmdd), by which batches are put together; else empty."""
    return next((header.date for header in headers_in(content, 0, len(content))), "")


def canonical(content: bytes, delimiters: Delimiters) -> bytes:
    r"""The bytes with canonical delimiters, each byte in its place.

    >>> star = Delimiters(b"*", b":", b"~")
    >>> canonical(b"SE*2*1~" + bytes([13, 10]), star)
    b'SE\x1d2\x1d1\n\x0b\x0b'
    """
    return translated(content, _canonical_bytes(delimiters))


def is_utf8(content: bytes) -> bool:
    """Whether bytes read as UTF-8; those that do not are read as cp1252, never patched."""
    if content.isascii():
        return True
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=256)
def _canonical_bytes(delimiters: Delimiters) -> bytes:
    table = bytearray(range(256))
    for stray in (ELEMENT, COMPONENT, MARK):
        table[ord(stray)] = ord(" ")
    for line_break in b"\r\n\x00\x1a\x0b":
        table[line_break] = ord(GONE)
    table[delimiters.component[0]] = ord(COMPONENT)
    table[delimiters.element[0]] = ord(ELEMENT)
    table[delimiters.terminator[0]] = ord(END)
    return bytes(table)


def _read_header(content: bytes, start: int) -> Header | None:
    element = content[start + 3 : start + 4]
    separator, fields = start + 3, []
    for _ in range(15):
        following = content.find(element, separator + 1, start + _LONGEST_ISA)
        if following < 0:
            return None
        fields.append(content[separator + 1 : following].translate(None, b"\r\n").strip())
        separator = following
    delimiters = _after_sixteenth_separator(content, element, separator + 1)
    if delimiters is None:
        return None
    if _is_part_of_character(content[start : separator + 10], delimiters):
        return None
    is_strict = all(shape.fullmatch(fields[number - 1]) for number, shape in _STRICT)
    return Header(start, delimiters, is_strict, fields[8].decode("latin-1") if is_strict else "")


def _is_part_of_character(told: bytes, delimiters: Delimiters) -> bool:
    """Whether a delimiter is a byte of a longer character, in an ISA that is UTF-8."""
    marks = (delimiters.element, delimiters.component, delimiters.terminator)
    if all(mark.isascii() for mark in marks):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(told)
    except UnicodeDecodeError:
        return False
    return True


def _after_sixteenth_separator(content: bytes, element: bytes, at: int) -> Delimiters | None:
    component, rest = content[at : at + 1], content[at + 1 : at + 9]
    if component in (b"\r", b"\n"):
        return Delimiters(element, b":", component)
    if not rest or rest[:1].isalnum():
        # ISA16 is missing: what stands there is the terminator, and the next segment follows it.
        rest, component = component + rest, b":"
    terminator = rest[:1]
    if terminator in (b"\r", b"\n"):
        # A page wrap may fall before the terminator; then no segment id follows the break.
        wrapped = rest.lstrip(b"\r\n")
        if wrapped and not wrapped[:1].isalnum() and wrapped[:1] not in (b" ", b"\t", element):
            terminator = wrapped[:1]
    if terminator in (b"", b" ", element, component) or terminator.isalnum():
        return None
    if component.isalnum() or component in (b" ", b"\t", element):
        component = b":"
    return Delimiters(element, component, terminator)
