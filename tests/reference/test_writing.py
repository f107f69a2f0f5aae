"""Rows added to a reference CSV: everything that stands there stays byte for byte."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import AnalyticsError
from analytics.intake.csv_text import read_csv_text
from analytics.reference.added import FILES
from analytics.reference.writing import with_rows_added

ROW = {
    "payer_id": "birch",
    "line_of_business": "commercial",
    "hcpcs": "J9177",
    "seen_lines": "3",
    "seen_usd": "4.50",
    "seen_note": "2 units",
}
NOTES = b",seen_lines,seen_usd,seen_note"


def added(path: Path, content: bytes, *rows: dict, name: str = "contract_terms") -> bytes:
    path.write_bytes(content)
    return with_rows_added(path, FILES[name], rows or [ROW])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "contract_terms.csv"


def test_new_file_says_first_what_a_row_is_about_then_what_was_seen_then_what_to_decide(path: Path):
    text = with_rows_added(path, FILES["contract_terms"], [ROW]).decode()
    head, row = text.splitlines()
    assert head.startswith(
        "contract_id,payer_id,line_of_business,ndc11,hcpcs,seen_lines,seen_usd,seen_note,method,rate,"
    )
    assert row == ",birch,commercial,,J9177,3,4.50,2 units" + "," * (head.count(",") - 7)


def test_row_stands_at_the_end_in_the_files_own_columns(path: Path):
    head = b"hcpcs,rate,line_of_business,payer_id,method,seen_usd,seen_lines,seen_note\n"
    content = head + b"J1324,1,,a,fixed,,,\n"
    assert added(path, content) == content + b"J9177,,commercial,birch,,4.50,3,2 units\n"


def test_first_line_grows_by_the_columns_the_rows_need_and_no_other_line_changes(path: Path):
    content = b"payer_id,hcpcs,method,rate\nalder,J9177,fixed,37\n\n"
    head, rest = added(path, content).split(b"\n", 1)
    assert head == b"payer_id,hcpcs,method,rate,line_of_business" + NOTES
    assert rest == b"alder,J9177,fixed,37\n\nbirch,J9177,,,commercial,3,4.50,2 units\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"payer_id;hcpcs\r\na;J1\r\n", b"a;J1\r\nbirch;J9177;commercial;3;4.50;2 units\r\n"),
        (b"payer_id\thcpcs\na\tJ1", b"a\tJ1\nbirch\tJ9177\tcommercial\t3\t4.50\t2 units\n"),
        (b"payer_id,hcpcs", b"birch,J9177,commercial,3,4.50,2 units\n"),
        (b'"payer_id","hcpcs"\n"a,b",J1\n', b'"a,b",J1\nbirch,J9177,commercial,3,4.50,2 units\n'),
    ],
    ids=["semicolon_crlf", "tab_without_last_line_end", "header_alone", "quoted"],
)
def test_separator_and_line_ends_are_the_files_own(path: Path, before: bytes, after: bytes):
    assert added(path, before).split(b"\n", 1)[1] == after


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "utf-8"])
def test_encoding_is_the_files_own(path: Path, encoding: str):
    content = "payer_id,clause,hcpcs,line_of_business\nalder,§ é,J9177,\n".encode(encoding)
    whole = added(path, content, ROW | {"seen_note": "é"})
    path.write_bytes(whole)
    table = read_csv_text(path).cells
    assert table["clause"].to_list() == ["§ é", None]
    assert (table["payer_id"].to_list(), table["seen_note"].to_list()) == (
        ["alder", "birch"],
        [None, "é"],
    )
    assert whole.count(codecs.BOM_UTF8) <= 1


def test_byte_that_is_no_letter_is_written_back_as_it_was(path: Path):
    content = (
        b"payer_id,clause,hcpcs,line_of_business,seen_lines,seen_usd,seen_note\na,\x81\xe9,,,,,\n"
    )
    assert added(path, content).startswith(content)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        # Widened, the header would take in what the forgotten quotation marks pushed out: 1,234.
        (b"payer_id,hcpcs,method,rate\na,J9177,fixed,1,234\n", "more cells in row 2"),
        (b'payer_id,"hc\npcs"\n', "a header over more than one line"),
        (codecs.BOM_UTF16_LE + "payer_id".encode("utf-16-le") + b"x", "half a letter"),
    ],
)
def test_file_that_cannot_be_added_to_is_left_alone(path: Path, content: bytes, found: str):
    with pytest.raises(AnalyticsError, match=found):
        added(path, content)
    assert path.read_bytes() == content


def test_name_an_encoding_has_no_letters_for_is_not_bent(path: Path):
    with pytest.raises(AnalyticsError, match="cp1252 has no letters for"):
        added(path, b"payer_id,clause\na,\xe9\n", ROW | {"payer_id": "Здоровье"})


def test_name_of_a_hostile_file_is_no_formula(path: Path):
    rows = [
        {"alias": name, "payer_id": "x", "seen_usd": "-1.00"} for name in ("=1+1", "+1", "-1", "@A")
    ]
    text = with_rows_added(path, FILES["payer_aliases"], rows).decode()
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["'=1+1", "'+1", "'-1", "'@A"]
    assert text.count(",-1.00,") == 4


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_name_is_read_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, name: str
):
    path = tmp_path_factory.mktemp("any") / "payer_aliases.csv"
    path.write_bytes(
        with_rows_added(path, FILES["payer_aliases"], [{"alias": name, "payer_id": "x"}])
    )
    read = read_csv_text(path).cells
    cell = name.strip()
    expected = f"'{cell}" if name[0] in "=+-@" else cell
    assert read["alias"].to_list() == [expected or None]
    assert read["payer_id"].to_list() == ["x"]
