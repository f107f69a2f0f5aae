"""What a file is when no interchange can be read in it, by its content and never by its name."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass

from analytics.intake.extracts.names import KNOWN_COLUMNS, plain_name

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
HEAD_BYTES = 1 << 16
FLAT_EXTRACT_REASON = "a table, found by its header: no X12, so nothing of it is read as such"
# Kinds of files of which no segment was read; each needs a person.
NOTHING_USED = ("not_x12", "csv_extract", "parquet_extract")
_ASK = "ask the sender for the 835 or 837 as a file of its own, or take this out of the raw folder"
_UNPACK = "unpack it into the raw folder"
_WORKBOOK = (
    "an Excel workbook; save the sheet as CSV if it is an extract, else ask the sender for the "
    "835 or 837"
)
_DOCUMENT = f"which no amount is read from; {_ASK}"
_OFFICE = (
    ("xl/", _WORKBOOK),
    ("word/", f"a Word document, {_DOCUMENT}"),
    ("ppt/", f"a PowerPoint file, {_DOCUMENT}"),
    ("content.xml", f"an OpenDocument file; save a sheet as CSV if it is an extract, else {_ASK}"),
)
_PACKED_AGAIN = "in another archive or packing, of which this version opens one"
# First bytes, and what a file that begins with them is, whatever X12 stands somewhere in it.
_MAGICS = (
    (b"\x1f\x8b", f"a gzip file {_PACKED_AGAIN}; {_UNPACK}"),
    (b"7z\xbc\xaf\x27\x1c", f"a 7-Zip archive, which this version does not open; {_UNPACK}"),
    (b"Rar!\x1a\x07", f"a RAR archive, which this version does not open; {_UNPACK}"),
    (b"BZh", f"a bzip2 file, which this version does not open; {_UNPACK}"),
    (b"\xfd7zXZ\x00", f"an xz file, which this version does not open; {_UNPACK}"),
    (b"\x28\xb5\x2f\xfd", f"a Zstandard file, which this version does not open; {_UNPACK}"),
    (b"%PDF", f"a PDF, {_DOCUMENT}"),
    (b"{\\rtf", f"an RTF document, {_DOCUMENT}"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel, Word or Outlook file; save a sheet as CSV if it is an extract, else " + _ASK,
    ),
    *((magic, f"a picture, {_DOCUMENT}") for magic in (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00")),
    *((magic, f"a picture, {_DOCUMENT}") for magic in (b"MM\x00*", b"GIF8")),
    (b"-----BEGIN PGP", "an encrypted file; decrypt it into the raw folder"),
)
_TAR = (257, b"ustar", f"a tar archive, which this version does not open; {_UNPACK}")
_MARKUP = re.compile(rb"\s*<[!?A-Za-z]")
_FIRST_ISA = re.compile(rb"ISA[^A-Za-z0-9 \t\r\n]")
_QUOTED_ISA = re.compile(rb"[ \t]*>[> \t]*")
_MAIL_PACKING = re.compile(
    rb"^content-transfer-encoding:[ \t]*(quoted-printable|base64)", re.I | re.M
)
# X12 as other systems write it: UTF-16 with and without its mark, and a mainframe's EBCDIC.
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"I\x00S\x00A\x00", b"\x00I\x00S\x00A")
_EBCDIC_ISA = "ISA".encode("cp037")
_HEADER_CELL = re.compile(r"([^\W\d]|[#%])[^\x00-\x1f~*^]{0,59}")
_SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class Kind:
    """What a file is, with the sentence that says why nothing of it is used."""

    name: str
    reason: str

    @property
    def is_rejected(self) -> bool:
        """Whether nobody knows what to do with the file; an extract is known and only not read."""
        return self.name == "not_x12"


def kind_by_head(head: bytes) -> Kind | None:
    r"""What a file is whose first bytes decide it, whatever X12 stands in it; else None.

    A document, an archive or a quoted e-mail may hold an interchange for all to see, but not byte
    for byte: it is never read as if it were the file in it.

    >>> kind_by_head(b"%PDF-1.7 ISA*00*").name, kind_by_head(b"ISA*00*")
    ('not_x12', None)
    """
    if head.startswith(b"PAR1"):
        return Kind("parquet_extract", FLAT_EXTRACT_REASON)
    found = _container(head)
    return Kind("not_x12", f"not X12: {found}") if found else None


def kind_without_x12(content: bytes, size: int | None = None) -> Kind:
    r"""The kind of a file in which no ISA can be read.

    Takes    content, all of it or its first `HEAD_BYTES`; size, of the whole where it is not all

    >>> kind_without_x12(b"claim_id,line_number\nA1,1\n").name
    'csv_extract'
    >>> kind_without_x12(b"").reason
    'not X12: the file is empty; ask the sender for it again'
    """
    decided = kind_by_head(content[:HEAD_BYTES])
    if decided:
        return decided
    if _is_table(content):
        return Kind("csv_extract", FLAT_EXTRACT_REASON)
    size = len(content) if size is None else size
    return Kind("not_x12", f"not X12: {_what_was_found(content, size)}")


def office_document(names: Iterable[str]) -> str | None:
    """What a zip archive is that an office program wrote, by the names in it; else None.

    >>> office_document(["[Content_Types].xml", "word/document.xml"]).split(",")[0]
    'a Word document'
    """
    names = list(names)
    if "[Content_Types].xml" not in names and "META-INF/manifest.xml" not in names:
        return None
    return next(
        (found for part, found in _OFFICE if any(name.startswith(part) for name in names)), None
    )


def _container(head: bytes) -> str | None:
    if head.startswith(ZIP_MAGICS):
        parts = (found for part, found in _OFFICE[:3] if part.encode() in head)
        found = next(parts, None) if b"[Content_Types].xml" in head else None
        return found or f"a zip archive {_PACKED_AGAIN}; {_UNPACK}"
    for magic, found in _MAGICS:
        if head.startswith(magic):
            return found
    place, magic, found = _TAR
    if head.startswith(magic, place):
        return found
    if _MARKUP.match(head):
        return f"a web page or XML, {_DOCUMENT}"
    return _mail(head)


def _mail(head: bytes) -> str | None:
    """An e-mail that does not hold its X12 byte for byte."""
    isa = _FIRST_ISA.search(head)
    before = head[: isa.start()] if isa else head
    packed = _MAIL_PACKING.search(before)
    if packed:
        return f"an e-mail packed as {packed[1].decode().lower()}; save what is attached to it"
    if isa and _QUOTED_ISA.fullmatch(before.rpartition(b"\n")[2]):
        return f"an e-mail that quotes X12 behind `>`; {_ASK}"
    return None


def _what_was_found(content: bytes, size: int) -> str:
    if not content.strip(b" \t\r\n\x00\x1a"):
        nothing = "is empty" if not size else "holds nothing but blanks"
        return f"the file {nothing}; ask the sender for it again"
    if content.startswith(_UTF_16):
        return "UTF-16 text; save it as plain text or ask the sender for the file as sent"
    if content.lstrip(b"\x40\x15\x25\r\n").startswith(_EBCDIC_ISA):
        return "X12 in EBCDIC, as mainframes write it; ask the sender for the file in ASCII"
    if re.match(rb"\s*(GS|ST)[^A-Za-z0-9\s]", content):
        return (
            "segments without an ISA before them, so their delimiters are not known; "
            "ask the sender for the whole interchange"
        )
    if b"ISA" in content[:400]:
        return (
            "the first ISA does not hold sixteen elements and a terminator; "
            "ask the sender for the file again"
        )
    return (
        f"no ISA segment in {size:,} byte{'' if size == 1 else 's'}; "
        "take the file out of the raw folder, or ask the sender for the 835 or 837 it should be"
    )


def _is_table(content: bytes) -> bool:
    if b"\x00" in content[:HEAD_BYTES]:
        return False
    lines = content[:HEAD_BYTES].decode("utf-8-sig", "replace").splitlines()
    lines = [line for line in lines[:20] if line.strip()]
    return any(_has_columns(lines, separator) for separator in _SEPARATORS)


def _has_columns(lines: list[str], separator: str) -> bool:
    rows = list(csv.reader(lines, delimiter=separator))
    if not rows or len(rows[0]) < 2:
        return False
    header = [cell.strip() for cell in rows[0]]
    if any(plain_name(cell) in KNOWN_COLUMNS for cell in header):
        # Whatever state its rows are in: each says for itself what is wrong with it.
        return True
    # Two words with a comma between them may be a letter; column names of one word are none.
    is_header = len(header) > 2 or not any(" " in cell for cell in header)
    is_header = is_header and all(_HEADER_CELL.fullmatch(cell) for cell in header)
    as_wide = sum(len(row) == len(header) for row in rows[1:-1])
    return is_header and as_wide * 2 >= len(rows[1:-1])
