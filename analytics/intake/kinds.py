"""What a file is when no interchange can be read in it, by its content and never by its name."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

ZIP = b"PK\x03\x04"
FLAT_EXTRACT_REASON = (
    "a flat extract, found by its header; this version reads X12 only, so nothing of it is used"
)
# Kinds of files of which no segment was read; each needs a person.
NOTHING_USED = ("not_x12", "csv_extract", "parquet_extract")
_HEADER_CELL = re.compile(r"[A-Za-z_][\w .#/()-]{0,59}")
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


def kind_without_x12(content: bytes) -> Kind:
    r"""The kind of a file in which no ISA can be read.

    >>> kind_without_x12(b"claim_id,line_number\nA1,1\n").name
    'csv_extract'
    >>> kind_without_x12(b"").reason
    'not X12: the file is empty; ask the sender for it again'
    """
    if content.startswith(b"PAR1"):
        return Kind("parquet_extract", FLAT_EXTRACT_REASON)
    if _is_table(content):
        return Kind("csv_extract", FLAT_EXTRACT_REASON)
    return Kind("not_x12", f"not X12: {_what_was_found(content)}")


def _what_was_found(content: bytes) -> str:
    if not content.strip():
        return "the file is empty; ask the sender for it again"
    if content.startswith(ZIP):
        return "a zip archive, which this version does not unpack; unpack it into the raw folder"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16 text; save it as plain text or ask the sender for the file as sent"
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
        f"no ISA segment in {len(content):,} byte{'' if len(content) == 1 else 's'}; "
        "take the file out of the raw folder, or ask the sender for the 835 or 837 it should be"
    )


def _is_table(content: bytes) -> bool:
    if b"\x00" in content[:65536]:
        return False
    lines = content[:65536].decode("utf-8-sig", "replace").splitlines()
    lines = [line for line in lines[:20] if line.strip()]
    return any(_has_columns(lines, separator) for separator in _SEPARATORS)


def _has_columns(lines: list[str], separator: str) -> bool:
    rows = list(csv.reader(lines, delimiter=separator))
    if not rows or len(rows[0]) < 2:
        return False
    header = [cell.strip() for cell in rows[0]]
    # Two words with a comma between them may be a letter; column names of one word are none.
    is_header = len(header) > 2 or not any(" " in cell for cell in header)
    is_header = is_header and all(_HEADER_CELL.fullmatch(cell) for cell in header)
    return is_header and all(len(row) == len(header) for row in rows[1:-1])
