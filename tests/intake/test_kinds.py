"""What a file is, told from its content: documents and packings are never read as X12."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from small_x12 import NAME, REMIT, Style, interchange

from analytics.intake.kinds import HEAD_BYTES, kind_by_head, kind_without_x12
from analytics.intake.parse import parse_x12
from analytics.intake.raw_tables import FILES

X12 = interchange(REMIT)
LINES = interchange(REMIT, style=Style(line_break="\n"))
QUOTED = b"".join(b"> " + line for line in LINES.splitlines(keepends=True))
MAIL = b"From: payer@example.com\r\nContent-Transfer-Encoding: %s\r\n\r\n"


def tarred() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("remit.835")
        member.size = len(X12)
        archive.addfile(member, io.BytesIO(X12))
    return packed.getvalue()


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, X12)
    return packed.getvalue()


DOCUMENTS = {
    "a PDF": b"%PDF-1.7\n" + X12,
    "an RTF document": b"{\\rtf1\\ansi " + X12,
    "a web page or XML": b"\n<!DOCTYPE html><pre>" + X12,
    "a web page or XML, ": b'<?xml version="1.0"?><Payload><![CDATA[' + X12,
    "an old Excel, Word or Outlook file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + X12,
    "an Excel workbook": zipped("[Content_Types].xml", "xl/workbook.xml"),
    "a Word document": zipped("[Content_Types].xml", "word/document.xml"),
    "a zip archive in another": zipped("remit.835"),
    "a gzip file in another": gzip.compress(X12, compresslevel=0),
    "a tar archive": tarred(),
    "a 7-Zip archive": b"7z\xbc\xaf\x27\x1c" + X12,
    "a RAR archive": b"Rar!\x1a\x07\x00" + X12,
    "an e-mail that quotes X12": b"Please see below.\n" + QUOTED,
    "an e-mail packed as base64": MAIL % b"base64" + X12,
    "an e-mail packed as quoted-printable": MAIL % b"Quoted-Printable" + X12,
}


@pytest.mark.parametrize("found", DOCUMENTS)
def test_document_or_packing_is_told_by_its_first_bytes_whatever_x12_stands_in_it(found: str):
    kind = kind_by_head(DOCUMENTS[found][:HEAD_BYTES])
    assert kind is not None
    assert (kind.name, kind.is_rejected) == ("not_x12", True)
    assert kind.reason.startswith(f"not X12: {found}")
    assert any(way in kind.reason for way in ("ask the sender", "unpack it", "save what is"))


@pytest.mark.parametrize("found", DOCUMENTS)
def test_document_is_never_read_as_the_x12_that_stands_in_it(found: str):
    tables = parse_x12(DOCUMENTS[found])
    row = tables[FILES].row(0, named=True)
    assert (row["kind"], row["segments"]) == ("not_x12", 0)
    assert row["reason"].startswith(f"not X12: {found}")
    assert tables["raw_835__remit_claims"].height == 0


@pytest.mark.parametrize(
    "content",
    [
        X12,
        LINES,
        b"\xef\xbb\xbf\r\n  " + X12,
        b"835 report of the day\n\n" + X12,
        MAIL % b"8bit" + X12,
        interchange(REMIT, style=Style(terminator=">")) * 2,
        interchange(REMIT, style=Style(element=">", component="<")),
    ],
    ids=["one line", "lines", "mark", "text before", "plain mail", "ends in >", "> between"],
)
def test_x12_is_not_taken_for_a_document(content: bytes):
    assert kind_by_head(content[:HEAD_BYTES]) is None


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (X12.decode().encode("utf-16"), "UTF-16 text; save it as plain text"),
        (X12.decode().encode("utf-16-be"), "UTF-16 text; save it as plain text"),
        (X12.decode().encode("cp037"), "X12 in EBCDIC, as mainframes write it; ask the sender"),
        (b"\x00\x1a\r\n ", "holds nothing but blanks; ask the sender for it again"),
        (b"%PDF-1.7", "a PDF, "),
        (f"Dear {NAME},\n".encode(), "no ISA segment in 21 bytes"),
    ],
)
def test_file_without_an_interchange_has_a_sentence_without_its_text(content: bytes, found: str):
    kind = kind_without_x12(content)
    assert kind.name == "not_x12"
    assert found in kind.reason
    assert NAME not in kind.reason


def test_size_of_a_file_is_told_where_only_its_head_is_at_hand():
    assert "no ISA segment in 9,000,000 bytes" in kind_without_x12(b"x" * 99, 9_000_000).reason


def test_parquet_is_an_extract_whatever_stands_in_it():
    assert kind_by_head(b"PAR1" + X12).name == "parquet_extract"


def test_no_public_sample_is_taken_for_a_document(shared: Path):
    samples = [path for path in (shared / "x12").rglob("*") if path.suffix not in (".gz", ".zip")]
    heads = {path.name: path.read_bytes()[:HEAD_BYTES] for path in samples if path.is_file()}
    assert len(heads) > 150
    assert [name for name, head in heads.items() if kind_by_head(head)] == []
