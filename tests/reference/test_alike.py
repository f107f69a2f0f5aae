"""Rows that go with one that is left out: no older row may answer for it."""

import polars as pl
import pytest

from tests.reference.site_csvs import LIMIT, VERSIONS, ReadSite, rows_of, said

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
        "contract_terms.csv row 2: left out with row 3: which of them holds cannot be"
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
    assert "row 2: left out with row 3" in said(reference)


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
    assert f"reference/{file}.csv row 2: left out with row 3" in said(reference)
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
    assert "left out with row 2 of reference/payment_limits.csv" in said(reference)
