"""Where the interchanges of a file lie, what separates their parts, and their text made canonical.

X12 names its own delimiters: every ISA carries them. This module finds each ISA, reads its
delimiters by counting sixteen separators (a fixed width fails on a quarter of real files), and
rewrites the bytes so that every file reads the same: `ELEMENT`, `COMPONENT`, `END` of segment, and
`GONE` for a line break that means nothing. The rewriting keeps every byte in its place, so an
offset in the canonical text is an offset in the file. It knows envelopes and nothing of claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ELEMENT, COMPONENT, END, GONE, MARK = "\x1d", "\x1f", "\n", "\x0b", "\x02"

_CANDIDATE = re.compile(rb"ISA[^A-Za-z0-9 \t\r\n]")
_BLANK = b" \t\r\n\x00\x1a"
_LONGEST_ISA = 400
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
class Stretch:
    """Bytes of a file, from an ISA on, that are cut by the same delimiters."""

    start: int
    end: int
    delimiters: Delimiters


@dataclass(frozen=True)
class _Header:
    start: int
    delimiters: Delimiters
    is_strict: bool
    date: str


def find_stretches(content: bytes) -> list[Stretch]:
    """The stretches of X12 in a file, in order; none where no ISA can be read.

    Delimiters are read again at every ISA. An `ISA` inside a name is no interchange: it neither
    follows a terminator nor carries an envelope's dates and version.
    """
    headers: list[_Header] = []
    for header in _headers(content):
        if _starts_stretch(content, header, headers[-1] if headers else None):
            headers.append(header)
    starts = [header.start for header in headers]
    ends = [*starts[1:], len(content)]
    return [
        Stretch(header.start, end, header.delimiters)
        for header, end in zip(headers, ends, strict=False)
    ]


def first_interchange_date(content: bytes) -> str:
    """ISA09 of the first interchange (yymmdd), by which batches are put together; else empty."""
    return next((header.date for header in _headers(content)), "")


def cut_after_transactions(
    content: bytes, stretch: Stretch, size: int
) -> Iterator[tuple[int, int]]:
    """Cut a stretch into parts of about `size` bytes, each ending after an SE.

    Nothing a claim needs is carried across an SE, so parts can be read one after another.
    """
    marks = stretch.delimiters
    closing = re.compile(
        re.escape(marks.terminator) + rb"[ \t\r\n\x00]*SE" + re.escape(marks.element)
    )
    start = stretch.start
    while stretch.end - start > size:
        found = closing.search(content, start + size, stretch.end)
        end = content.find(marks.terminator, found.end(), stretch.end) if found else -1
        if end < 0:
            break
        yield start, end + 1
        start = end + 1
    if start < stretch.end:
        yield start, stretch.end


def canonical(content: bytes, start: int, end: int, delimiters: Delimiters) -> bytes:
    r"""The bytes from `start` to `end` with canonical delimiters, each byte in its place.

    >>> star = Delimiters(b"*", b":", b"~")
    >>> canonical(b"SE*2*1~" + bytes([13, 10]), 0, 9, star)
    b'SE\x1d2\x1d1\n\x0b\x0b'
    """
    table = bytearray(range(256))
    for stray in (ELEMENT, COMPONENT, MARK):
        table[ord(stray)] = ord(" ")
    for line_break in b"\r\n\x00\x1a\x0b":
        table[line_break] = ord(GONE)
    table[delimiters.component[0]] = ord(COMPONENT)
    table[delimiters.element[0]] = ord(ELEMENT)
    table[delimiters.terminator[0]] = ord(END)
    return content[start:end].translate(bytes(table))


def is_utf8(content: bytes) -> bool:
    """Whether the file reads as UTF-8; one that does not is read as cp1252, never patched."""
    if content.isascii():
        return True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _headers(content: bytes) -> Iterator[_Header]:
    for match in _CANDIDATE.finditer(content):
        header = _read_header(content, match.start())
        if header is not None:
            yield header


def _read_header(content: bytes, start: int) -> _Header | None:
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
    is_strict = all(shape.fullmatch(fields[number - 1]) for number, shape in _STRICT)
    return _Header(start, delimiters, is_strict, fields[8].decode("latin-1") if is_strict else "")


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


def _starts_stretch(content: bytes, header: _Header, before: _Header | None) -> bool:
    text_before = content[max(0, header.start - 200) : header.start].rstrip(_BLANK)
    if before is None:
        starts_line = header.start == 0 or content[header.start - 1] in b" \t\r\n\xbf"
        return header.is_strict or starts_line
    terminator = before.delimiters.terminator
    follows_terminator = (
        text_before.endswith(terminator)
        if terminator not in (b"\r", b"\n")
        else terminator in content[header.start - 2 : header.start]
    )
    if follows_terminator:
        return header.delimiters != before.delimiters
    return header.is_strict
