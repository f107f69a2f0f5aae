"""What one row of contract_terms.csv or list_prices.csv may say: left out, asked about, or fine."""

from pathlib import Path

import pytest

from analytics.reference.tables import read_reference
from tests.reference.site_csvs import ReadSite, asked, said, used

PRICES = "list_prices"
LISTED = "hcpcs,per,price_kind,price\n"


# The list prices are there, so that only the row itself is asked about.
AWP_AND_WAC = LISTED + "J9299,unit,awp,40\nJ9299,unit,wac,30\n"


def term(columns: str, cells: str) -> str:
    return f"term_id,payer_id,hcpcs,{columns}\nT1,BIRCH,J9299,{cells}\n"


@pytest.mark.parametrize(
    ("columns", "cells", "found"),
    [
        ("method,rate", "fixed,0", 'found "0"; a price is above 0'),
        ("method,rate", "fixed,-31.5", 'found "-31.5"; a price is above 0'),
        ("method,rate", "fixed,1000001", "at most 6 digits"),
        ("method,rate", "pct_of_limit,0", "a price is above 0"),
        ("method,rate", "pct_of_limit,1.04", "write 104 for 104%"),
        ("method,rate", "pct_of_limit,3675", "no payer allows ten times the limit"),
        ("method,rate", "pct_of_charge,-48", "a price is above 0"),
        ("method,rate", "pct_of_charge,104", "a share of the charge is at most 100"),
        ("method,rate", "asp_plus,106", "write 6 for the price and 6% more"),
        ("method,rate", "asp_plus,-100", "nothing would be left"),
        ("method,rate", "wac_plus,103", "write 6 for the price and 6% more"),
        ("method,rate", "wac_plus,-100", "nothing would be left"),
        ("method,rate", "awp_minus,-15", "write 15 for AWP less 15%"),
        ("method,rate", "awp_minus,100", "write 15 for AWP less 15%"),
        ("method,rate,price_lag_days", "pct_of_limit,104,366", "expected 0 to 365 days"),
        ("method,rate,price_lag_days", "pct_of_limit,104,-1", "a whole number of 0 or more"),
        ("method,rate,price_decimals", "fixed,34,7", "a whole number from 0 to 6"),
    ],
)
def test_an_impossible_term_is_left_out(read: ReadSite, columns: str, cells: str, found: str):
    reference = read(contract_terms=term(columns, cells), list_prices=AWP_AND_WAC)
    assert found in said(reference)
    assert used(reference, "contract_terms") == []


@pytest.mark.parametrize(
    ("columns", "cells", "found"),
    [
        ("method,rate", "asp_plus,0.06", "write 6 for a markup of 6%"),
        ("method,rate", "awp_minus,0.15", "write 6 for a markup of 6%"),
        ("method,rate", "wac_plus,-1.5", "write 6 for a markup of 6%"),
        ("method,rate", "pct_of_limit,19.9", "payers allow 20% to 500% of the limit"),
        ("method,rate", "pct_of_limit,500.1", "payers allow 20% to 500% of the limit"),
        ("method,rate", "asp_plus,-31", "so much less than the price is unusual"),
        ("method,rate", "wac_plus,61", "so much is unusual"),
        ("method,rate", "awp_minus,61", "so much is unusual"),
        ("method,rate", "capitated,12", "this method has no rate"),
        ("method,rate", "case_rate,900", "this method has no rate"),
        ("method,rate", "not_covered,0", "this method has no rate"),
        ("method,rate,charge_cap", "pct_of_charge,48,line", "the cap takes nothing"),
        ("method,rate,charge_cap", "pct_of_charge,48,claim", "the cap takes nothing"),
        ("method,rate,price_lag_days", "awp_minus,15,60", "a lag moves CMS limits alone"),
    ],
)
def test_an_unusual_term_is_used_and_asked_about(
    read: ReadSite, columns: str, cells: str, found: str
):
    reference = read(contract_terms=term(columns, cells), list_prices=AWP_AND_WAC)
    assert [str(question).count(found) for question in reference.questions] == [1]
    assert (reference.problems, used(reference, "contract_terms")) == ((), [2])


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("method,rate", "fixed,0.000001"),
        ("method,rate", "fixed,999999.999999"),
        ("method,rate", "pct_of_limit,20"),
        ("method,rate", "pct_of_limit,500"),
        ("method,rate", "pct_of_charge,100"),
        ("method,rate", "asp_plus,0"),
        ("method,rate", "asp_plus,-30"),
        ("method,rate", "asp_plus,100"),
        ("method,rate", "awp_minus,0"),
        ("method,rate", "awp_minus,60"),
        ("method,rate", "wac_plus,-30"),
        ("method,rate", "wac_plus,60"),
        ("method,rate", "capitated,"),
        ("method,rate,charge_cap", "pct_of_charge,48,none"),
        ("method,rate,charge_cap", "fixed,34,claim"),
        ("method,rate,price_lag_days", "asp_plus,6,365"),
        ("method,rate,price_lag_days", "awp_minus,15,0"),
        ("method,rate,price_decimals", "pct_of_limit,104,0"),
        ("method,rate,price_decimals", "pct_of_limit,104,6"),
    ],
)
def test_a_term_at_the_edge_of_what_is_usual_is_fine(read: ReadSite, columns: str, cells: str):
    reference = read(contract_terms=term(columns, cells), list_prices=AWP_AND_WAC)
    assert (said(reference), asked(reference)) == ("", "")
    assert used(reference, "contract_terms") == [2]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("J9299,unit,awp,0", "a plain number above 0"),
        ("J9299,unit,awp,-4", "It is below zero."),
        ("J9299,vial,awp,40", "expected one of unit, mg"),
        ("J9299,unit,asp,40", "expected one of awp, wac, acquisition"),
        (",unit,awp,40", "a price needs an hcpcs or an ndc11"),
    ],
)
def test_an_impossible_list_price_is_left_out(read: ReadSite, row: str, found: str):
    reference = read(list_prices=f"{LISTED}{row}\n")
    assert found in said(reference)
    assert used(reference, PRICES) == []


def test_the_sample_gives_no_problem_and_asks_of_amendments_alone(project: Path):
    sample = project / "data" / "sample" / "reference"
    reference = read_reference(sample, project / "data" / "reference")
    assert reference.problems == ()
    assert reference.frames["raw_ref__contract_terms_left_out"].height == 0
    [amended] = reference.questions
    assert "row 8 by 111 days to 2025-10-01" in str(amended)
