"""Which files of a reference folder are used, however a spreadsheet saved them."""

from pathlib import Path

import polars as pl
import pytest

from analytics.reference.columns import REFERENCE_FILES
from analytics.reference.tables import read_reference
from tests.reference.site_csvs import PAYERS, TERM, ReadSite, rows_of, said

# files that cannot be used


def test_a_site_without_reference_files_has_the_shipped_ones(tmp_path: Path, project: Path):
    reference = read_reference(tmp_path / "reference", project / "data" / "reference")
    assert reference.problems == ()
    assert rows_of(reference, "house_codes", "shipped")["hcpcs"].to_list() == ["J1324"]
    assert reference.frames["raw_ref__payers"].height == 0


def test_every_table_has_its_published_columns_as_text(read: ReadSite):
    reference = read(payers="payer_id\nBIRCH\n")
    for file in REFERENCE_FILES:
        frame = reference.frames[file.table]
        assert frame.columns == [*file.column_names, "row_source", "row_number"]
        assert set(frame.drop("row_number").dtypes) == {pl.String}


def test_an_unknown_column_stops_the_file_and_names_the_nearest(read: ReadSite):
    reference = read(
        contract_terms="contract_id,payer_id,hcpcs,methd,rate\nC1,BIRCH,J9177,fixed,9\n"
    )
    sentence = said(reference)
    assert '"methd" is not a column of this file. Did you mean method?' in sentence
    assert "term_id, contract_id, payer_id" in sentence
    assert all(problem.is_fatal for problem in reference.problems)
    assert rows_of(reference, "contract_terms").height == 0


def test_a_missing_required_column_stops_the_file(read: ReadSite):
    reference = read(contract_terms="contract_id,payer_id,hcpcs,rate\nC1,BIRCH,J9177,9\n")
    assert "the column method is missing; found contract_id, payer_id, hcpcs, rate" in said(
        reference
    )
    assert reference.problems[0].is_fatal


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "the first row names no columns"),
        ('payer_id,payer_name\nBIRCH,"Birch\n', "a quotation mark does not close"),
        ("payer_id,payer_id\nA,B\n", "two columns are called payer_id"),
    ],
)
def test_a_file_that_is_no_table_stops_the_run(read: ReadSite, content: str, expected: str):
    reference = read(payers=content)
    assert expected in said(reference)
    assert reference.problems[0].is_fatal


def test_a_misspelt_file_is_named_and_stops_nothing(read: ReadSite):
    reference = read(contract_term=TERM)
    assert "is not a reference file and is not read. Did you mean contract_terms.csv?" in said(
        reference
    )
    assert not reference.problems[0].is_fatal


def test_a_table_saved_as_something_else_is_named(read: ReadSite, folder: Path):
    (folder / "contract_terms.xlsx").write_bytes(b"PK")
    (folder / "old").mkdir()
    reference = read()
    assert "reference/contract_terms.xlsx: is not a .csv: save it as CSV" in said(reference)
    assert "reference/old: is not a .csv" in said(reference)
    assert not any(problem.is_fatal for problem in reference.problems)


@pytest.mark.parametrize("name", [".hidden", "~$payers.xlsx", "README.md", "readme"])
def test_a_file_that_is_no_table_on_purpose_is_passed_over(read: ReadSite, folder: Path, name: str):
    (folder / name).write_text("of no concern")
    assert read().problems == ()


def test_a_folder_in_the_place_of_a_table_stops_the_run(folder: Path, project: Path):
    (folder / "payers.csv").mkdir()
    (folder / "payer_aliases.csv").write_text("alias,payer_id\nBIRCH HMO,BIRCH\n")
    reference = read_reference(folder, project / "data" / "reference")
    assert "reference/payers.csv: is a folder" in said(reference)
    assert [problem.is_fatal for problem in reference.problems] == [True]


def test_capitals_in_a_file_name_do_not_matter(folder: Path, project: Path):
    (folder / "Payers.CSV").write_text(PAYERS)
    reference = read_reference(folder, project / "data" / "reference")
    assert reference.problems == ()
    assert rows_of(reference, "payers")["payer_id"].to_list() == ["BIRCH"]


def test_of_two_files_of_one_name_the_one_not_read_is_named(read: ReadSite, folder: Path):
    (folder / "Payers.CSV").write_text("payer_id\nCEDAR\n")
    reference = read()
    assert "reference/Payers.CSV: is not read: another file is called payers.csv too" in said(
        reference
    )
    assert rows_of(reference, "payers")["payer_id"].to_list() == ["BIRCH"]


def test_a_payers_file_that_cannot_be_used_is_the_only_one_blamed(read: ReadSite):
    reference = read(
        payers="payer,payer_name\nBIRCH,Birch\n",
        payer_aliases="alias,payer_id\nBIRCH HMO,BIRCH\n",
        contract_terms=TERM + "C1,BIRCH,J9177,fixed,37\n",
    )
    assert {problem.source_file for problem in reference.problems} == {"reference/payers.csv"}


# files as spreadsheets save them


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + PAYERS,
        PAYERS.replace(",", ";"),
        PAYERS.replace(",", "\t"),
        PAYERS.replace("\n", "\r\n"),
        PAYERS.replace("payer_id", " Payer_ID "),
        PAYERS.replace("365\n", "365,,\n").replace("days\n", "days,,\n") + ",,,,,\n",
        PAYERS.encode("utf-16"),
    ],
    ids=["bom", "semicolon", "tab", "crlf", "header", "empty_columns", "utf16"],
)
def test_a_spreadsheet_may_save_the_file_its_own_way(read: ReadSite, content: str | bytes):
    reference = read(payers=content)
    assert reference.problems == ()
    assert rows_of(reference, "payers")["payer_name"].to_list() == ["Birch Health"]


def test_windows_letters_are_read_as_meant(read: ReadSite):
    reference = read(payers=PAYERS.replace("Birch Health", "Bîrch\xa0Health").encode("cp1252"))
    assert rows_of(reference, "payers")["payer_name"].to_list() == ["Bîrch\xa0Health"]
