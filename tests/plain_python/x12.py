"""The transactions of an X12 file, cut out of its text by the delimiters each ISA names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from .files import ReceivedFile

BETWEEN_SEGMENTS = " \t\r\n\x00\x1a"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Segment:
    """One segment: where it starts in its file, and its elements, the id first."""

    offset: int
    elements: tuple[str, ...]
    component_separator: str
    is_cut_in_two: bool = False

    @property
    def name(self) -> str:
        """Return the segment's id."""
        return self.elements[0].upper()

    def get(self, place: int) -> str | None:
        """Return an element's text, or None where it is absent or empty."""
        text = self.elements[place] if place < len(self.elements) else ""
        return text or None

    def components(self, place: int) -> list[str]:
        """Return the components of a composite element, stripped."""
        text = self.get(place) or ""
        return [part.strip() for part in text.split(self.component_separator)]


@dataclass
class Transaction:
    """One ST..SE with the envelope facts that order it."""

    source_file: str
    number: int
    offset: int
    is_test: bool
    isa_control: str
    gs_date: str
    gs_time: str
    gs_control: str
    version: str
    kind: str
    st_control: str
    segments: list[Segment] = field(default_factory=list)
    has_se: bool = False

    @cached_property
    def content(self) -> str:
        """Return ST01 and what stands between ST and SE, delimiters canonical (RULES 1.1)."""
        # A clearinghouse numbers anew what it regroups: ST02, ST03 and SE are no content.
        between = self.segments[1:-1] if self.has_se else self.segments[1:]
        body = "".join("*".join(_canonical(segment)) + "~" for segment in between)
        return f"ST*{self.kind}~{body}"

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Return what orders transactions of one day (RULES 3.3, 4.1)."""
        sha256 = hashlib.sha256(self.content.encode()).hexdigest()
        return (self.gs_date, self.gs_time, self.isa_control, self.st_control, sha256)


def transactions_in(received: ReceivedFile) -> list[Transaction]:
    """Return every ST..SE of a file, tests and copies among them."""
    transactions: list[Transaction] = []
    isa: Segment | None = None
    group: Segment | None = None
    current: Transaction | None = None
    count = 0
    for segment in _segments_in(received.content):
        if segment.is_cut_in_two and current is not None and segment.name != "SE":
            # Half an amount is a false amount: it is never read (RULES 1.3).
            continue
        if segment.name in ("ISA", "GS", "GE", "IEA"):
            current = None
            isa = segment if segment.name == "ISA" else isa
            group = segment if segment.name == "GS" else group
        elif segment.name == "ST":
            count += 1
            current = _opened(segment, isa, group, received.source_file, count)
            transactions.append(current)
        if current is not None:
            current.segments.append(segment)
            if segment.name == "SE":
                current.has_se = True
                current = None
    return transactions


def revenue_code_of(text: str | None) -> str | None:
    """Return a revenue code; three digits have a leading 0 (RULES 1.4)."""
    return text.zfill(4) if text and text.isdigit() and len(text) == 3 else text


def _canonical(segment: Segment) -> list[str]:
    return [element.replace(segment.component_separator, ":") for element in segment.elements]


def _opened(
    st: Segment, isa: Segment | None, group: Segment | None, source_file: str, number: int
) -> Transaction:
    return Transaction(
        source_file=source_file,
        number=number,
        offset=st.offset,
        is_test=isa is not None and isa.get(15) == "T",
        isa_control=(isa and isa.get(13)) or "",
        gs_date=(group and group.get(4)) or "",
        gs_time=(group and group.get(5)) or "",
        gs_control=(group and group.get(6)) or "",
        version=st.get(3) or (group and group.get(8)) or "",
        kind=st.get(1) or "",
        st_control=st.get(2) or "",
    )


def _segments_in(content: bytes) -> Iterator[Segment]:
    # Latin-1 keeps one character a byte, so that places in the text are byte offsets.
    text = content.decode("latin-1")
    encoding = _encoding_of(content)
    place = len(BYTE_ORDER_MARK) if content.startswith(BYTE_ORDER_MARK) else 0
    element = component = terminator = ""
    while True:
        while place < len(text) and text[place] in BETWEEN_SEGMENTS and text[place] != terminator:
            place += 1
        if place >= len(text):
            return
        if _starts_an_interchange(text, place):
            element, component, terminator = _delimiters(text, place)
        elif not element:
            element, component, terminator = _delimiters_without_isa(text, place)
        if not element:
            return
        end = text.find(terminator, place)
        is_cut_in_two = end < 0
        end = len(text) if is_cut_in_two else end
        body = text[place:end].replace("\r", "").replace("\n", "")
        if body.strip(BETWEEN_SEGMENTS):
            yield Segment(place, _elements(body, element, encoding), component, is_cut_in_two)
        place = end + 1


def _starts_an_interchange(text: str, place: int) -> bool:
    return text[place : place + 3].upper() == "ISA" and _may_separate(text[place + 3 : place + 4])


def _may_separate(character: str) -> bool:
    # str.isspace would take the control characters some senders separate with.
    return character != "" and not (character.isalnum() or character in BETWEEN_SEGMENTS)


def _delimiters(text: str, place: int) -> tuple[str, str, str]:
    element = text[place + 3]
    last = place + 3
    for _ in range(15):
        last = text.find(element, last + 1)
        if last < 0:
            return "", "", ""
    component, terminator = text[last + 1], text[last + 2]
    if terminator.isalnum():
        # ISA16 is missing: what follows the sixteenth separator is the terminator.
        return element, ":", component
    return element, component, terminator


def _delimiters_without_isa(text: str, place: int) -> tuple[str, str, str]:
    """Return the delimiters of a file that starts with its GS or ST, empty where it does not."""
    element = text[place + 2 : place + 3]
    if text[place : place + 2].upper() not in ("GS", "ST") or not _may_separate(element):
        return "", "", ""
    following = re.compile(rf"(?:ST|BPR|BHT){re.escape(element)}", re.IGNORECASE)
    for found in following.finditer(text, place + 3):
        before = text[found.start() - 1]
        if before in "\r\n":
            # The line break only follows the terminator, unless nothing else ends the segment.
            last = text[: found.start()].rstrip(BETWEEN_SEGMENTS)[-1]
            before = before if last.isalnum() or last == element else last
        elif before.isalnum() or before in (" ", "\t", element):
            continue
        return element, ":", before
    return "", "", ""


def _elements(body: str, separator: str, encoding: str) -> tuple[str, ...]:
    parts = body.split(separator)
    return tuple(part.encode("latin-1").decode(encoding, "replace").strip(" \t") for part in parts)


def _encoding_of(content: bytes) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
