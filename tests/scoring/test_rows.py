"""A CSV of answers is read to the cent, or refused with a sentence."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from analytics.errors import UsageError
from analytics.scoring.rows import read_rows


def test_dollars_are_read_to_the_cent_and_an_empty_amount_is_none(csv_of):
    rows = read_rows(csv_of("A,1,p,overpaid_recoded,12.5", "A,2,p,outcome_open,"))
    assert rows["amount_usd"].to_list() == [Decimal("12.50"), None]


def test_the_line_of_a_ledger_finding_says_nothing(csv_of):
    rows = read_rows(csv_of("A,3,p,waste_missed,5.00", "A,3,p,underpaid_recoded,5.00"))
    assert rows["line_number"].to_list() == [None, 3]


def test_a_finding_of_the_log_or_of_a_payer_needs_no_line(csv_of):
    rows = read_rows(csv_of("R1,0,,record_not_billed,", ",,p,waste_always_whole_vials,5.00"))
    assert rows["line_number"].to_list() == [None, None]
    assert rows["claim_id"].to_list() == ["R1", None]


def test_a_key_with_its_note_and_number_is_read_too(csv_of):
    header = "claim_number,line_number,payer_id,finding,amount_usd,note,claim_id"
    rows = read_rows(csv_of("A,1,p,recovered,1.00,why,A-20250101", header=header))
    assert rows.row(0, named=True)["claim_id"] == "A-20250101"


def test_claim_ids_with_leading_zeros_stay_text(csv_of):
    assert read_rows(csv_of("007,1,p,recovered,1.00"))["claim_id"].to_list() == ["007"]


@pytest.mark.parametrize("amount", ["1.005", "$5.00", "1e3", "5,00", "NaN"])
def test_dollars_that_are_none_are_refused_with_their_row(csv_of, amount: str):
    path = csv_of("A,1,p,recovered,1.00", f'A,2,p,recovered,"{amount}"')
    with pytest.raises(
        UsageError, match="amount_usd that is not dollars and cents; found it in row 3"
    ):
        read_rows(path)


def test_a_line_that_is_no_number_is_refused(csv_of):
    with pytest.raises(UsageError, match="line_number that is not the number of a line"):
        read_rows(csv_of("A,one,p,recovered,1.00"))


def test_other_columns_are_refused_by_name(csv_of):
    path = csv_of("A,1,p,recovered,1.00,x", header="claim_id,line_number,payer_id,finding,usd,kind")
    with pytest.raises(UsageError, match="found no amount_usd, an unknown usd, an unknown kind"):
        read_rows(path)


def test_a_finding_told_twice_is_refused(csv_of):
    path = csv_of("A,1,p,recovered,1.00", "A,1,p,recovered,2.00")
    with pytest.raises(UsageError, match="found recovered of claim A 2 times"):
        read_rows(path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(UsageError, match="there is no file"):
        read_rows(tmp_path / "none.csv")


def test_a_file_whose_rows_do_not_fit_is_refused_without_its_cells(csv_of):
    path = csv_of("A,1,p,recovered,1.00,9,9,SECRET")
    with pytest.raises(UsageError, match="rows that do not fit its header") as caught:
        read_rows(path)
    assert "SECRET" not in str(caught.value)
