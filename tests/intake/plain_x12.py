"""The segments of a file by one plain loop over its bytes: each with its place and its elements.

Written from `analytics/intake/TABLES.md` and the hazards of public X12, without the package's
reader, so that the two can be compared row for row. Slow, and short enough to check by eye.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# What Unicode calls white space; Python's own list also holds 0x1C to 0x1F, which separate here.
BLANKS = "".join(
    map(chr, [*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)])
) + "".join(map(chr, [0x2028, 0x2029, 0x202F, 0x205F, 0x3000]))
ELEMENT, COMPONENT, GONE = "\x1d", "\x1f", "\x0b"
LONGEST_ISA = 400
_IDS = (
    "AAA ACK AK1 AK2 AK3 AK4 AK5 AK9 AMT BHT BPR CAS CL1 CLM CLP CN1 CR1 CR2 CR3 CR4 CR5 CR6 CR7"
    " CR8 CRC CTP CTX CUR DMG DN1 DN2 DTM DTP EB EQ FRM GE GS HCP HCR HD HI HL HSD IEA III IK3 IK4"
    " IK5 IMM INS ISA K3 LE LIN LQ LS LUI LX MEA MIA MOA MSG N1 N2 N3 N4 NM1 NTE OI PAT PER PLA PLB"
    " PRV PS1 PWK QTY RAS RDM REF RMR SBR SE ST STC SV1 SV2 SV3 SV4 SV5 SV6 SV7 SVC SVD TA1 TOO TRN"
    " TS2 TS3 UM"
)
IDS = frozenset(_IDS.split())
_ISA = re.compile(rb"ISA[^A-Za-z0-9 \t\r\n]")
_BARE = re.compile(rb"(GS|ST)([^A-Za-z0-9 \t\r\n\x80-\xff])")
_DATES_AND_VERSION = {9: rb"\d{6}", 10: rb"\d{4}", 12: rb"\d{5}", 15: rb"[A-Z]"}


@dataclass(frozen=True)
class Marks:
    """What an interchange is cut by."""

    element: bytes
    component: bytes
    terminator: bytes


class Segment:
    """A segment: where its first byte stands, its id, its elements, and whether it is cut in two.

    The id is None where it is none of X12's; the elements are as sent, the id first.
    """

    __slots__ = ("elements", "id", "is_cut", "offset")

    def __init__(self, offset: int, told: str, *, is_cut: bool) -> None:
        self.offset, self.is_cut = offset, is_cut
        self.elements = told.split(ELEMENT)
        self.id = self.elements[0] if self.elements[0] in IDS else None

    def text(self, place: int) -> str | None:
        """An element without blanks around it; None where nothing is left."""
        return stripped(self.elements[place]) if place < len(self.elements) else None

    def code(self, place: int) -> str | None:
        """An element in upper case."""
        return upper(self.text(place))

    def part(self, place: int, number: int) -> str | None:
        """The n-th component of an element."""
        parts = self.elements[place].split(COMPONENT) if place < len(self.elements) else []
        return stripped(parts[number - 1]) if number <= len(parts) else None


def stripped(text: str) -> str | None:
    """Text without blanks around it; None where nothing is left."""
    return text.strip(BLANKS) or None


def upper(text: str | None) -> str | None:
    """A code as it is kept."""
    return text and text.upper()


def joined(parts: list[str | None]) -> str | None:
    """Those that are there, joined by a blank."""
    return " ".join(part for part in parts if part) or None


def text_stands_before(content: bytes) -> bool:
    """Whether anything but blanks comes before the first interchange."""
    [(start, _), *_] = interchanges(content)
    return bool(content[:start].removeprefix(BYTE_ORDER_MARK).strip(b" \t\r\n\x00\x1a"))


def pieces_of(content: bytes) -> list[list[Segment]]:
    """The segments of each interchange, or run of interchanges with the same delimiters."""
    found = interchanges(content)
    ends = [*[start for start, _ in found[1:]], len(content)] if found else []
    return [
        list(_segments(content, start, end, marks))
        for (start, marks), end in zip(found, ends, strict=True)
    ]


def interchanges(content: bytes) -> list[tuple[int, Marks]]:
    """Where delimiters are read anew, and which they are."""
    found = _without_isa(content)
    for match in _ISA.finditer(content):
        start = match.start()
        read = _header(content, start)
        if read is None:
            continue
        marks, is_dated = read
        if not found:
            if is_dated or start == 0 or content[start - 1] in b" \t\r\n\xbf":
                found.append((start, marks))
        elif _follows(content, start, found[-1][1].terminator):
            if marks != found[-1][1]:
                found.append((start, marks))
        elif is_dated:
            found.append((start, marks))
    return found


def _without_isa(content: bytes) -> list[tuple[int, Marks]]:
    """A file that begins with GS or ST: its delimiters stand between its first two segments."""
    told = content.removeprefix(BYTE_ORDER_MARK)
    start = len(content) - len(told.lstrip(b" \t\r\n\x00\x1a"))
    opened = _BARE.match(content, start)
    if opened is None:
        return []
    element, following = opened[2], rb"ST" if opened[1] == b"GS" else rb"(?:BPR|BHT)"
    second = re.compile(rb"([^A-Za-z0-9 \t\x80-\xff])([\r\n]*)" + following + re.escape(element))
    for found in second.finditer(content, opened.end(), start + LONGEST_ISA):
        mark, breaks = found[1], found[2]
        if mark in (element, b"\r", b"\n"):
            breaks = (mark + breaks).removeprefix(element)
            mark = b"\n" if b"\n" in breaks else breaks[:1]
        if mark:
            return [(start, Marks(element, b":", mark))]
    return []


def _follows(content: bytes, start: int, terminator: bytes) -> bool:
    """Whether the segment before has ended here."""
    if terminator in (b"\r", b"\n"):
        return terminator in content[start - 2 : start]
    return content[max(0, start - 200) : start].rstrip(b" \t\r\n\x00\x1a").endswith(terminator)


def _header(content: bytes, start: int) -> tuple[Marks, bool] | None:
    """The delimiters of an ISA, and whether it has an envelope's dates and version."""
    element = content[start + 3 : start + 4]
    parts = content[start + 4 : start + LONGEST_ISA].split(element)
    if len(parts) < 16:
        return None
    at = start + 4 + sum(len(part) + 1 for part in parts[:15])
    ends = _component_and_terminator(content, element, at)
    if ends is None:
        return None
    marks = Marks(element, *ends)
    if _is_in_a_character(marks, content[start : at + 9]):
        return None
    is_dated = all(
        re.fullmatch(shape, parts[number - 1].translate(None, b"\r\n").strip())
        for number, shape in _DATES_AND_VERSION.items()
    )
    return marks, is_dated


def _is_in_a_character(marks: Marks, told: bytes) -> bool:
    """Whether a delimiter is a part of a longer character, which separates nothing."""
    if (marks.element + marks.component + marks.terminator).isascii():
        return False
    # What was looked at may end within a character.
    return any(_encoding(told[: len(told) - left]) == "utf-8" for left in range(4))


def _component_and_terminator(content: bytes, element: bytes, at: int) -> tuple[bytes, ...] | None:
    """ISA16 and the byte after it; a colon and the byte in its place where it is missing."""
    component, rest = content[at : at + 1], content[at + 1 : at + 9]
    if component in (b"\r", b"\n"):
        return b":", component
    if not rest or rest[:1].isalnum():
        component, rest = b":", component + rest
    terminator = rest[:1]
    if terminator in (b"\r", b"\n"):
        # A page may be wrapped before the terminator; a segment id does not follow such a break.
        after = rest.lstrip(b"\r\n")[:1]
        if after and not after.isalnum() and after not in (b" ", b"\t", element):
            terminator = after
    if terminator in (b"", b" ", element, component) or terminator.isalnum():
        return None
    if component.isalnum() or component in (b" ", b"\t", element):
        component = b":"
    return component, terminator


def _segments(content: bytes, start: int, end: int, marks: Marks) -> Iterator[Segment]:
    at = start
    for part in content[start:end].split(marks.terminator):
        is_last = at + len(part) == end
        canonical = part.translate(_canonical(marks))
        encoding = _encoding(canonical)
        text = canonical.decode(encoding, "replace")
        told = text.lstrip(BLANKS)
        if told:
            offset = at + len(text[: len(text) - len(told)].encode(encoding))
            yield Segment(offset, told.replace(GONE, ""), is_cut=is_last)
        at += len(part) + 1


@cache
def _canonical(marks: Marks) -> bytes:
    table = bytearray(range(256))
    for byte in b"\x1d\x1f\x02":
        table[byte] = ord(" ")
    for byte in b"\r\n\x00\x1a\x0b":
        table[byte] = ord(GONE)
    table[ord(marks.component)] = ord(COMPONENT)
    table[ord(marks.element)] = ord(ELEMENT)
    return bytes(table)


def _encoding(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
