"""Which rows of a reference CSV are used, and the sentence for each that is not."""

from datetime import date
from decimal import Decimal

import duckdb
import polars as pl
import pytest

from tests.reference.site_csvs import (
    CODE,
    LIMIT,
    PACKAGE,
    REASON,
    TERM,
    VERSIONS,
    ReadSite,
    asked,
    rows_of,
    said,
    used,
)

# rows that cannot be used


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("contract_terms", TERM + 'C1,BIRCH,J9177,fixed,"1,234.50"\n', 'rate: found "1,234.50"'),
        ("contract_terms", TERM + "C1,BIRCH,J9177,fixed,$38.21\n", "no $, % or thousands comma"),
        ("contract_terms", TERM + "C1,BIRCH,J9177,fixed,-5\n", "a price is above 0"),
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
            "discarded_shares",
            "hcpcs,year,discarded_share\nJ9177,2023,3.2\n",
            "a share from 0 to 1, written 0.032 for 3.2%",
        ),
        (
            "discarded_shares",
            "hcpcs,year,discarded_share\nJ9177,CY2023,0.032\n",
            "a year, written 2023",
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


@pytest.mark.parametrize("payer_id", ["CEDAR", "BIRCH-MA", "*"])
def test_terms_of_an_unknown_payer_are_kept_and_asked_about_once(read: ReadSite, payer_id: str):
    terms = f"C1,{payer_id},J9177,fixed,37\nC1,{payer_id},J9299,fixed,34\n"
    reference = read(contract_terms=TERM + terms)
    assert f'rows 2 and 3, payer_id: found "{payer_id}"; payers.csv has no such payer.' in asked(
        reference
    )
    assert (reference.problems, used(reference, "contract_terms")) == ((), [2, 3])


def test_payers_nobody_knows_are_asked_about_together(read: ReadSite):
    terms = "".join(f"C1,{name},J9177,fixed,37\n" for name in ("OAK", "ELM", "YEW", "ASPEN"))
    [question] = read(contract_terms=TERM + terms).questions
    assert 'rows 2, 3, 4 and 5, payer_id: found "OAK", "ELM", "YEW" and 1 more;' in str(question)


@pytest.mark.parametrize("payer_id", ["BRICH", "birch", "BIRH", "BIRCHH", "BIRCJ"])
def test_a_term_of_a_payer_one_slip_from_a_known_one_is_left_out(read: ReadSite, payer_id: str):
    reference = read(contract_terms=TERM + f"C1,{payer_id},J9177,fixed,37\n")
    assert f'found "{payer_id}"; payers.csv has no such payer. Did you mean BIRCH?' in said(
        reference
    )
    assert used(reference, "contract_terms") == []


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
    assert "rows 2 and 3, contract_id" in asked(reference)
    assert "name the contract" in asked(reference)


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
