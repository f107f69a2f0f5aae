"""A site's settings, key and CSVs: what is used, what is not, and the sentence that says so."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from analytics.errors import AnalyticsError
from analytics.intake.reference_columns import REFERENCE_FILES
from analytics.intake.site import Reference, Site, read_reference, read_site, site_key

TODAY = date(2026, 6, 30)
PAYERS = "payer_id,payer_name,line_of_business,look_back_days\nBIRCH,Birch Health,commercial,365\n"
TERM = "contract_id,payer_id,hcpcs,method,rate\n"
CODE = "hcpcs,drug,unit_mg\n"
PACKAGE = "ndc11,drug,package_mg,billable_mg\n"
LIMIT = "effective_quarter,hcpcs,published_on,payment_limit\n"
REASON = "code_set,code,denial_class,counts_as_denial,effect\n"

ReadSite = Callable[..., Reference]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "reference").mkdir()
    return tmp_path / "reference"


@pytest.fixture
def read(folder: Path, project: Path) -> ReadSite:
    """Reads a site whose CSVs are given as text or bytes, over the shipped reference."""

    def written_and_read(**files: str | bytes) -> Reference:
        for name, content in {"payers": PAYERS, **files}.items():
            packed = content if isinstance(content, bytes) else content.encode()
            (folder / f"{name}.csv").write_bytes(packed)
        return read_reference(folder, project / "data" / "reference")

    return written_and_read


def said(reference: Reference) -> str:
    return "\n".join(str(problem) for problem in reference.problems)


def rows_of(reference: Reference, name: str, source: str = "site") -> pl.DataFrame:
    return reference.frames[f"raw_ref__{name}"].filter(pl.col("row_source") == source)


# site.toml


def test_a_site_without_settings_has_the_defaults(tmp_path: Path):
    assert read_site(tmp_path, TODAY) == Site("", TODAY, 90, 11, None, False)


def test_settings_are_read_as_written(tmp_path: Path):
    (tmp_path / "site.toml").write_text(
        'practice_name = "Alder Infusion"\nas_of = 2026-01-31\nmaturity_days = 60\n'
        'small_cell = 15\nmemory = "2GB"\nshare_with_group = true\n'
    )
    expected = Site("Alder Infusion", date(2026, 1, 31), 60, 15, "2GB", True)
    assert read_site(tmp_path, TODAY) == expected


def test_the_day_may_stand_in_quotation_marks(tmp_path: Path):
    (tmp_path / "site.toml").write_text('as_of = "2026-01-31"\n')
    assert read_site(tmp_path, TODAY).as_of == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('asof = "2026-01-31"', '"asof" is not a setting. Did you mean as_of?'),
        ('as_of = "31.01.2026"', "expected a date, written 2026-01-31"),
        ("as_of = 2026-01-31T10:00:00", "expected a date"),
        ('maturity_days = "90"', "maturity_days is '90'; expected a whole number of days"),
        ("maturity_days = -1", "maturity_days is -1"),
        ("small_cell = true", "small_cell is True"),
        ('share_with_group = "yes"', "expected true or false, without quotation marks"),
        ('memory = "lots"', 'expected a size in quotation marks, such as "4GB"'),
        ("practice_name = 7", "expected text in quotation marks"),
        ("practice_name = Alder", "site.toml cannot be read"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_expected(tmp_path: Path, line: str, expected: str):
    (tmp_path / "site.toml").write_text(line + "\n")
    with pytest.raises(AnalyticsError) as trouble:
        read_site(tmp_path, TODAY)
    assert expected in str(trouble.value)
    assert str(trouble.value).endswith("Mend that line in site.toml.")


# site.key


def test_the_key_is_made_once_and_kept(tmp_path: Path):
    key = site_key(tmp_path)
    written = (tmp_path / "site.key").read_text().strip()
    assert (len(key), bytes.fromhex(written), site_key(tmp_path)) == (32, key, key)


def test_only_the_owner_may_read_the_key(tmp_path: Path):
    site_key(tmp_path)
    (tmp_path / "site.key").chmod(0o644)
    site_key(tmp_path)
    assert (tmp_path / "site.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["site.key"]


def test_a_key_that_cannot_be_read_is_never_replaced_nor_repeated(tmp_path: Path):
    (tmp_path / "site.key").write_text("a secret")
    with pytest.raises(AnalyticsError) as trouble:
        site_key(tmp_path)
    assert "a secret" not in str(trouble.value)
    assert (tmp_path / "site.key").read_text() == "a secret"


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


# rows that cannot be used


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("contract_terms", TERM + 'C1,BIRCH,J9177,fixed,"1,234.50"\n', 'rate: found "1,234.50"'),
        ("contract_terms", TERM + "C1,BIRCH,J9177,fixed,$38.21\n", "no $, % or thousands comma"),
        ("contract_terms", TERM + "C1,BIRCH,J9177,fixed,-5\n", "It is below zero."),
        ("contract_terms", TERM + "C1,BIRCH,J9177,fixed,1234567.5\n", "at most 6 digits"),
        ("contract_terms", TERM + "C1,BIRCH,J9177,fixed,\n", "this method needs a rate"),
        ("contract_terms", TERM + "C1,BIRCH,J9177,asp plus,6\n", "expected one of fixed, pct_of_"),
        ("contract_terms", TERM + "C1,BIRCH,J9177,pct_of_limit,1.04\n", "write 104 for 104%"),
        ("contract_terms", TERM + "C1,BIRCH,J9177,pct_of_charge,0.65\n", "is this a fraction?"),
        ("contract_terms", TERM + "C1,BIRCH,J917,fixed,9\n", "a code of five letters and digits"),
        ("contract_terms", TERM + "C1,,J9177,fixed,9\n", "found nothing; every row needs one"),
        (
            "contract_terms",
            "contract_id,payer_id,method,rate,effective_from,effective_through\n"
            "C1,BIRCH,fixed,9,2026-01-01,2025-12-31\n",
            "it ends before it begins",
        ),
        (
            "contract_terms",
            "contract_id,payer_id,method,rate,effective_from\nC1,BIRCH,fixed,9,1/31/2026\n",
            'effective_from: found "1/31/2026"; expected a date of the calendar, written 2026',
        ),
        (
            "contract_terms",
            "contract_id,payer_id,method,rate,recorded_on\nC1,BIRCH,fixed,9,2026-02-30\n",
            'recorded_on: found "2026-02-30"',
        ),
        (
            "payers",
            "payer_id,line_of_business\nBIRCH,Medicare\n",
            "one of commercial, medicare_ffs",
        ),
        ("payers", "payer_id,appeal_days\nBIRCH,180.5\n", "a whole number of 0 or more"),
        ("payer_policies", "payer_id,pays_waste\n*,true\n", "expected yes or no"),
        ("payment_limits", LIMIT + "2025-4,J9177,2025-09-17,36.743\n", "written 2025Q4"),
        ("payment_limits", LIMIT + "2024Q4,J0739,2024-09-18,N/A\n", 'payment_limit: found "N/A"'),
        ("house_codes", CODE + "J1324,ours,0\n", "a plain number above 0"),
        ("drug_codes", CODE + "J9177,ours,\n", "milligrams in one unit"),
        ("drug_packages", PACKAGE + "51144002001,ours,20,23\n", "overfill is never billable"),
        (
            "denial_reasons",
            REASON + "CARC,999,audit,yes,\n",
            "needs both counts_as_denial and effect",
        ),
        ("code_successors", "old_hcpcs,new_hcpcs\nJ9352,J9352\n", "a code cannot replace itself"),
        (
            "list_prices",
            "hcpcs,per,price_kind,price\n,unit,awp,9\n",
            "a price needs an hcpcs or an ndc11",
        ),
    ],
)
def test_a_bad_row_is_left_out_and_says_why(read: ReadSite, file: str, content: str, expected: str):
    reference = read(**{file: content})
    named = f"reference/{file}.csv"
    own = [problem for problem in reference.problems if problem.source_file == named]
    assert expected in "\n".join(map(str, own))
    assert [(problem.row_number, problem.is_fatal) for problem in own] == [(2, False)]
    assert rows_of(reference, file).height == 0
    rejects = reference.frames["raw_ref__rejects"]
    assert (named, 2) in rejects.select("source_file", "row_number").rows()


@pytest.mark.parametrize("eaten", ["5114400200", "5.1144E+10", "51144002001.0"])
def test_an_ndc_a_spreadsheet_has_eaten_is_recognised(read: ReadSite, eaten: str):
    reference = read(drug_packages=f"ndc11,drug\n{eaten},enfortumab vedotin-ejfv\n")
    assert "A spreadsheet has eaten leading zeros or digits: format the column as text." in said(
        reference
    )
    assert rows_of(reference, "drug_packages").height == 0


@pytest.mark.parametrize(
    ("sent", "eleven"),
    [
        ("51144-0020-01", "51144002001"),
        ("51144-020-01", "51144002001"),
        ("0002-1433-80", "00002143380"),
        ("50242-0132-1", "50242013201"),
    ],
)
def test_a_hyphenated_ndc_is_padded_in_the_right_segment(read: ReadSite, sent: str, eleven: str):
    reference = read(drug_packages=f"ndc11,drug\n{sent},a drug of our own\n")
    assert rows_of(reference, "drug_packages")["ndc11"].to_list() == [eleven]


def test_the_rest_of_a_file_is_used(read: ReadSite):
    reference = read(contract_terms=TERM + "C1,BIRCH,J9177,fixed,x\nC1,BIRCH,J9299,fixed,34\n")
    assert rows_of(reference, "contract_terms")["hcpcs"].to_list() == ["J9299"]


def test_a_comma_too_many_does_not_shift_the_cells(read: ReadSite):
    reference = read(contract_terms=TERM + "C1,BIRCH,J9177,fixed,1,234.50\n")
    assert "row 2: more cells than the header has columns" in said(reference)
    assert rows_of(reference, "contract_terms").height == 0


def test_rows_are_numbered_as_the_spreadsheet_shows_them(read: ReadSite):
    reference = read(contract_terms=TERM + "\nC1,BIRCH,J9177,fixed,x\n")
    assert reference.problems[0].row_number == 3


# rows that meet other rows


def test_a_term_of_an_unknown_payer_is_kept_and_asked_about(read: ReadSite):
    reference = read(contract_terms=TERM + "C1,BRICH,J9177,fixed,37\n")
    assert 'payer_id: found "BRICH"; payers.csv has no such payer. Did you mean BIRCH?' in said(
        reference
    )
    assert rows_of(reference, "contract_terms").height == 1


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("payer_aliases", "alias,payer_id\nBIRCH HMO,BRICH\n"),
        ("payer_lines", "payer_id,line_of_business\nBRICH,medicaid\n"),
    ],
)
def test_an_alias_or_line_of_an_unknown_payer_is_left_out(read: ReadSite, file: str, content: str):
    reference = read(**{file: content})
    assert "payers.csv has no such payer" in said(reference)
    assert rows_of(reference, file).height == 0


def test_an_alias_of_two_payers_names_neither(read: ReadSite):
    reference = read(
        payers="payer_id\nBIRCH\nCEDAR\n",
        payer_aliases="alias,payer_id\nBirch HMO,BIRCH\nBIRCHHMO,CEDAR\nbirch ppo,BIRCH\n",
    )
    assert said(reference).count("rows share alias and differ") == 2
    assert rows_of(reference, "payer_aliases")["alias"].to_list() == ["birch ppo"]


def test_the_same_row_twice_counts_once(read: ReadSite):
    reference = read(contract_terms=TERM + "C1,BIRCH,J9177,fixed,37\n" * 2)
    assert "row 3" in said(reference)
    assert "the same row stands above; once is enough" in said(reference)
    assert rows_of(reference, "contract_terms").height == 1


VERSIONS = "term_id,payer_id,hcpcs,method,rate,effective_from,effective_through,recorded_on\n"


def test_two_versions_agreed_on_one_day_may_not_overlap(read: ReadSite):
    reference = read(
        contract_terms=VERSIONS
        + "T1,BIRCH,J9177,fixed,37,2025-01-01,,2025-01-01\n"
        + "T1,BIRCH,J9177,fixed,38,2025-07-01,2025-12-31,2025-01-01\n"
        + "T1,BIRCH,J9177,fixed,39,2026-01-01,2026-12-31,2025-01-01\n"
        + "T1,BIRCH,J9299,fixed,33,2025-01-01,,2025-01-01\n"
    )
    assert said(reference).count("its period overlaps that of a row alike") == 3
    assert rows_of(reference, "contract_terms")["rate"].to_list() == ["33"]


def test_an_amendment_and_periods_that_follow_each_other_are_fine(read: ReadSite):
    reference = read(
        contract_terms=VERSIONS
        + "T1,BIRCH,J9177,fixed,37,2025-01-01,2025-12-31,2025-01-01\n"
        + "T1,BIRCH,J9177,fixed,38,2026-01-01,,2025-01-01\n"
        + "T1,BIRCH,J9177,fixed,39,2026-01-01,,2026-06-15\n"
    )
    assert reference.problems == ()
    assert rows_of(reference, "contract_terms").height == 3


def test_a_term_without_ids_is_told_apart_by_what_it_is_keyed_by(read: ReadSite):
    reference = read(
        contract_terms="payer_id,hcpcs,method,rate\nBIRCH,J9177,fixed,37\nBIRCH,J9299,fixed,33\n"
    )
    assert rows_of(reference, "contract_terms")["contract_id"].to_list() == ["BIRCH", "BIRCH"]
    assert "name the contract" in said(reference)


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("method,rate", "asp_plus,6", "this method is not priced yet"),
        ("method,rate", "awp_minus,15", "this method is not priced yet"),
        ("method,rate,charge_cap", "fixed,9,claim", "a cap over the claim is not priced yet"),
        ("method,rate,price_lag_days", "pct_of_limit,104,60", "a price lag is not priced yet"),
        ("method,rate,price_decimals", "pct_of_limit,104,2", "rounding the unit price is not"),
    ],
)
def test_what_is_not_priced_yet_is_said_and_kept(
    read: ReadSite, columns: str, cells: str, expected: str
):
    terms = f"contract_id,payer_id,hcpcs,{columns}\nC1,BIRCH,J9177,{cells}\n"
    reference = read(contract_terms=terms)
    assert expected in said(reference)
    assert rows_of(reference, "contract_terms").height == 1
    assert reference.frames["raw_ref__rejects"].height == 0


# rows that go with one that is left out

AGREED = "contract_id,payer_id,hcpcs,method,rate,effective_from,effective_through\n"
RATE_OF_2025 = "C1,BIRCH,J9177,fixed,37,2025-01-01,\n"
OTHER_CODE = "C1,BIRCH,J9299,fixed,33,2025-01-01,\n"


@pytest.mark.parametrize(
    "amended",
    [
        "C1,BIRCH,J9177,fixed,38,01/01/2026,",
        "C1,BIRCH,J9177,fixed,38,2026-01-01,2025-01-01",
        "C1,BIRCH,J9177,fixed,$38,2026-01-01,",
        "C1,BIRCH,J9177,fixed,,2026-01-01,",
        "C1,BIRCH,J9177,pct_of_limit,1.04,2026-01-01,",
        "C1,BIRCH,J9177,agreed,38,2026-01-01,",
        "C1,BIRCH,J9177,fixed,1,038,2026-01-01,",
    ],
    ids=["date", "dates", "rate", "no rate", "fraction", "method", "comma"],
)
def test_an_amendment_that_cannot_be_read_does_not_bring_the_old_rate_back(
    read: ReadSite, amended: str
):
    reference = read(contract_terms=AGREED + RATE_OF_2025 + amended + "\n" + OTHER_CODE)
    assert (
        "contract_terms.csv row 2: row 2 is left out with row 3: which of the two holds cannot be"
        " told. Mend row 3." in said(reference)
    )
    assert rows_of(reference, "contract_terms")["hcpcs"].to_list() == ["J9299"]
    rejects = reference.frames["raw_ref__rejects"]
    assert set(rejects["row_number"]) == {2, 3}


def test_a_cell_that_cannot_be_read_may_mean_any_row_of_the_contract(read: ReadSite):
    reference = read(
        contract_terms=AGREED
        + RATE_OF_2025
        + OTHER_CODE
        + "C1,BIRCH,J917,fixed,38,2026-01-01,\n"
        + "C2,BIRCH,J1306,fixed,5,2025-01-01,\n"
    )
    assert rows_of(reference, "contract_terms")["hcpcs"].to_list() == ["J1306"]


def test_a_rate_that_ended_before_the_amendment_stays(read: ReadSite):
    reference = read(
        contract_terms=AGREED
        + "C1,BIRCH,J9177,fixed,37,2025-01-01,2025-12-31\n"
        + "C1,BIRCH,J9177,fixed,x,2026-01-01,\n"
    )
    assert rows_of(reference, "contract_terms")["rate"].to_list() == ["37"]


def test_rows_in_doubt_put_their_own_older_rows_in_doubt(read: ReadSite):
    reference = read(
        contract_terms=VERSIONS
        + "T1,BIRCH,J9177,fixed,36,2025-01-01,2025-06-30,2025-01-01\n"
        + "T1,BIRCH,J9177,fixed,37,2025-01-01,,2025-02-01\n"
        + "T1,BIRCH,J9177,fixed,x,2026-01-01,,2025-12-01\n"
    )
    assert rows_of(reference, "contract_terms").height == 0
    assert "row 2 is left out with row 3" in said(reference)


def test_versions_that_overlap_do_not_bring_an_older_one_back(read: ReadSite):
    reference = read(
        contract_terms=VERSIONS
        + "T1,BIRCH,J9177,fixed,36,2025-01-01,,2025-01-01\n"
        + "T1,BIRCH,J9177,fixed,37,2026-01-01,,2025-12-01\n"
        + "T1,BIRCH,J9177,fixed,38,2026-01-01,,2025-12-01\n"
    )
    assert rows_of(reference, "contract_terms").height == 0


def test_the_same_row_twice_takes_no_other_with_it(read: ReadSite):
    reference = read(
        contract_terms=VERSIONS
        + "T1,BIRCH,J9177,fixed,36,2025-01-01,,2025-01-01\n"
        + "T1,BIRCH,J9177,fixed,37,2025-01-01,,2025-12-01\n" * 2
    )
    assert rows_of(reference, "contract_terms")["rate"].to_list() == ["36", "37"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (
            "payer_policies",
            "payer_id,hcpcs,pays_waste,effective_from\n"
            "BIRCH,J9177,yes,2024-01-01\nBIRCH,J9177,no,2026\n",
        ),
        (
            "house_codes",
            "hcpcs,drug,unit_mg,effective_from\n"
            "J1324,ours,20,2024-01-01\nJ1324,ours,x,2026-01-01\n",
        ),
        (
            "payment_limits",
            LIMIT + "2025Q4,J9177,2025-09-17,36.75\n2025Q4,J9177,2025-12-01,N/A\n",
        ),
        (
            "list_prices",
            "hcpcs,per,price_kind,price,effective_from\n"
            "J9177,unit,awp,40,2024-01-01\nJ9177,unit,awp,$41,2026-01-01\n",
        ),
    ],
)
def test_no_older_row_takes_the_place_of_one_left_out(read: ReadSite, file: str, content: str):
    reference = read(**{file: content})
    assert f"reference/{file}.csv row 2: row 2 is left out with row 3" in said(reference)
    assert rows_of(reference, file).height == 0


def test_a_shipped_limit_does_not_answer_for_a_sites_that_cannot_be_read(read: ReadSite):
    shipped = read().frames["raw_ref__payment_limits"]
    reference = read(payment_limits=LIMIT + "2025Q4,J9177,2025-12-01,$36.80\n")
    limits = reference.frames["raw_ref__payment_limits"]
    assert limits.filter(effective_quarter="2025Q4", hcpcs="J9177").height == 0
    assert (
        limits.height
        == shipped.filter(
            (pl.col("effective_quarter") != "2025Q4") | (pl.col("hcpcs") != "J9177")
        ).height
    )
    assert "is left out with row 2 of reference/payment_limits.csv" in said(reference)


# the site's rows over the shipped ones


def test_a_sites_house_codes_replace_the_shipped_file(read: ReadSite):
    reference = read(house_codes="hcpcs,drug,unit_mg\n")
    assert reference.frames["raw_ref__house_codes"].height == 0


def test_a_sites_limit_replaces_the_shipped_row_of_the_same_key(read: ReadSite):
    shipped = read().frames["raw_ref__payment_limits"].height
    head = "effective_quarter,hcpcs,published_on,payment_limit\n"
    reference = read(
        payment_limits=head + "2025q4,j9177,2025-09-17,36.75\n2025Q4,J9177,2025-12-01,36.80\n"
    )
    limits = reference.frames["raw_ref__payment_limits"]
    quarter = limits.filter(pl.col("effective_quarter") == "2025Q4", pl.col("hcpcs") == "J9177")
    assert quarter["payment_limit"].to_list() == ["36.75", "36.80"]
    assert limits.height == shipped + 1


def test_an_empty_key_of_a_policy_means_any(read: ReadSite):
    head = "payer_id,line_of_business,pays_waste,effective_from\n"
    reference = read(payer_policies=head + ",medicare_ffs,no,2017-01-01\n")
    policies = reference.frames["raw_ref__payer_policies"]
    first = policies.filter(pl.col("effective_from") == "2017-01-01")
    assert first.select("payer_id", "hcpcs", "pays_waste").rows() == [("*", "*", "no")]


def test_one_column_may_ask_for_both_modifiers(read: ReadSite):
    reference = read(payer_policies="payer_id,pays_waste,requires_jw_jz\nBIRCH,Yes,YES\n")
    policy = rows_of(reference, "payer_policies").select("pays_waste", "requires_jw", "requires_jz")
    assert policy.rows() == [("yes", "yes", "yes")]


def test_every_cell_that_is_kept_can_be_cast(read: ReadSite):
    reference = read(contract_terms=VERSIONS + "T1,BIRCH,J9177,fixed,999999.999999,2025-01-01,,\n")
    terms = reference.frames["raw_ref__contract_terms"]
    cast = duckdb.sql(
        "select cast(rate as decimal(12, 6)), cast(effective_from as date) from terms"
    )
    assert terms.height == 1
    assert cast.fetchall() == [(Decimal("999999.999999"), date(2025, 1, 1))]
