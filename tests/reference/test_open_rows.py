"""Rows still open: in no figure, no problem, and said; the notes beside them decide nothing."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from analytics.intake.site import Reference, read_reference

PAYERS = "payer_id,seen_lines,seen_usd,seen_note\nbirch,9,90.00,as sent\n"
HEADER = (
    "payer_id,line_of_business,hcpcs,seen_lines,seen_usd,seen_note,method,rate,effective_from\n"
)
OPEN = "birch,commercial,J9177,12,1200.50,40 units,,,\n"

Read = Callable[..., Reference]


@pytest.fixture
def read(tmp_path: Path, project: Path) -> Read:
    def written_and_read(**files: str) -> Reference:
        for name, text in {"payers": PAYERS, **files}.items():
            (tmp_path / f"{name}.csv").write_text(text)
        return read_reference(tmp_path, project / "data" / "reference")

    return written_and_read


def own_rows(reference: Reference, name: str) -> pl.DataFrame:
    return reference.frames[f"raw_ref__{name}"].filter(pl.col("row_source") == "site")


def said(reference: Reference) -> str:
    return "\n".join(map(str, reference.problems))


def test_open_row_is_no_row_no_problem_and_is_said(read: Read):
    reference = read(contract_terms=HEADER + OPEN + OPEN.replace("1200.50", "99.00"))
    assert own_rows(reference, "contract_terms").height == 0
    assert reference.problems == ()
    assert reference.notes == (
        "reference/contract_terms.csv: 2 rows still open, $1,299.50 charged; the largest:"
        " payer_id birch, line_of_business commercial, hcpcs J9177, $1,200.50.",
    )


def test_open_row_stays_open_when_its_contract_is_named(read: Read):
    reference = read(contract_terms="contract_id," + HEADER + "B-2026," + OPEN)
    assert (reference.problems, len(reference.notes)) == ((), 1)


def test_open_row_puts_no_decided_row_in_doubt(read: Read):
    decided = "birch,commercial,J9177,,,,fixed,37,2025-01-01\n"
    reference = read(contract_terms=HEADER + decided + OPEN)
    assert own_rows(reference, "contract_terms")["rate"].to_list() == ["37"]


def test_row_of_a_person_without_a_method_is_an_error_and_takes_its_like_with_it(read: Read):
    decided = "birch,commercial,J9177,,,,fixed,37,\n"
    reference = read(contract_terms=HEADER + decided + OPEN.replace("12,1200.50,40 units", ",,"))
    assert own_rows(reference, "contract_terms").height == 0
    assert "row 3, method: found nothing; every row needs one" in said(reference)


@pytest.mark.parametrize(
    ("filled", "fault"),
    [
        ("fixed,,", "this method needs a rate"),
        (",37,", "every row needs one"),
        (",,2026-01-01", "every row"),
    ],
)
def test_half_filled_row_is_an_error_as_ever(read: Read, filled: str, fault: str):
    reference = read(contract_terms=HEADER + OPEN.replace("40 units,,,", f"40 units,{filled}"))
    assert own_rows(reference, "contract_terms").height == 0
    assert (fault in said(reference), reference.notes) == (True, ())


def test_decided_row_keeps_its_notes_and_nobody_reads_them(read: Read):
    reference = read(contract_terms=HEADER + OPEN.replace("40 units,,,", "40 units,fixed,37,"))
    assert ["without a contract_id" in str(said) for said in reference.questions] == [True]
    [row] = own_rows(reference, "contract_terms").to_dicts()
    assert (row["rate"], "seen_lines" in row) == ("37", False)


def test_note_columns_may_stand_in_every_file_and_open_no_row_of_the_others(read: Read):
    reference = read(
        house_codes="hcpcs,drug,unit_mg,seen_lines,seen_usd\nJ1324,enfuvirtide,1,3,4.00\n",
        list_prices="hcpcs,per,price_kind,price,seen_note\nJ9177,mg,awp,3,from a list\n",
    )
    assert reference.problems == ()
    assert own_rows(reference, "payers")["payer_id"].to_list() == ["birch"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("payer_aliases", "alias,payer_id,seen_lines,seen_usd\nBLUE PLAN,,3,4.00\n"),
        (
            "payer_lines",
            "payer_id,filing_code,line_of_business,seen_lines,seen_usd\nbirch,MB,,3,4.00\n",
        ),
        (
            "payer_policies",
            "payer_id,line_of_business,pays_waste,seen_lines,seen_usd\nbirch,,,3,4\n",
        ),
        ("drug_codes", "hcpcs,seen_lines,seen_usd\nJ0001,3,4.00\n"),
        ("drug_packages", "ndc11,drug,seen_lines,seen_usd\n99999-0001-01,,3,4.00\n"),
    ],
)
def test_every_file_that_init_asks_in_has_open_rows(read: Read, name: str, text: str):
    reference = read(**{name: text})
    assert (reference.problems, own_rows(reference, name).height) == ((), 0)
    assert reference.notes[0].startswith(f"reference/{name}.csv: 1 row still open, $4.00 charged")


def test_policy_without_a_word_that_no_init_wrote_still_stands_for_itself(read: Read):
    reference = read(payer_policies="payer_id,pays_waste,seen_lines\nbirch,,\n")
    assert own_rows(reference, "payer_policies").height == 1


@pytest.mark.parametrize("notes", ["234,", "234.5,1.00", "all,1.00", ",1.00", "2,1.00 $"])
def test_count_that_is_none_leaves_its_row_out(read: Read, notes: str):
    # As where a comma without quotation marks pushed half a rate into the notes: 1,234.
    text = f"payer_id,hcpcs,method,rate,seen_lines,seen_usd\nbirch,J9177,fixed,1,{notes}\n"
    reference = read(contract_terms=text)
    assert own_rows(reference, "contract_terms").height == 0
    assert "A comma without quotation marks?" in said(reference)


@pytest.mark.parametrize("usd", ["1200", "1200.5", "1200,5", "-3.00"])
def test_dollars_may_be_written_as_a_spreadsheet_writes_them(read: Read, usd: str):
    text = f"hcpcs;drug;unit_mg;seen_lines;seen_usd\nJ0001;testmab;37;1;{usd}\n"
    assert read(drug_codes=text).problems == ()


def test_name_that_would_be_a_formula_is_read_without_its_apostrophe(read: Read):
    reference = read(payer_aliases="alias,payer_id\n'=HEALTH,birch\n'TIS HEALTH,birch\n")
    assert own_rows(reference, "payer_aliases")["alias"].to_list() == ["=HEALTH", "'TIS HEALTH"]
