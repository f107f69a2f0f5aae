"""Rows left out stay in sight: terms for the models to block with, prices that would stand in."""

import pytest

from tests.reference.site_csvs import TERM, ReadSite, rows_of, said, used

LEFT_OUT = "raw_ref__contract_terms_left_out"
KEYED = (
    "term_id,payer_id,line_of_business,claim_type,billing_id,ndc11,hcpcs,drug,method,rate,"
    "effective_from,effective_through,recorded_on\n"
)
PRICES = "hcpcs,ndc11,per,price_kind,price,effective_from\n"
NIVOLUMAB_NDC = "00003377412"


def left_out(read: ReadSite, row: str, **files: str) -> list[dict]:
    return read(contract_terms=f"{KEYED}{row}\n", **files).frames[LEFT_OUT].to_dicts()


def test_a_term_left_out_keeps_all_that_chooses_it(read: ReadSite):
    [row] = left_out(
        read,
        f"T1,BIRCH,Commercial,professional,1999999984,{NIVOLUMAB_NDC},j9299,Nivolumab,fixed,x,"
        "2025-01-01,2025-12-31,2024-12-01",
    )
    assert row == {
        "term_id": "T1",
        "payer_id": "BIRCH",
        "line_of_business": "commercial",
        "claim_type": "professional",
        "billing_id": "1999999984",
        "ndc11": NIVOLUMAB_NDC,
        "hcpcs": "J9299",
        "drug": "nivolumab",
        "effective_from": "2025-01-01",
        "effective_through": "2025-12-31",
        "recorded_on": "2024-12-01",
        "is_key_unread": "no",
        "row_number": 2,
    }


@pytest.mark.parametrize(
    ("row", "unread"),
    [
        ("T1,BIRCH,*,*,*,,J929,,fixed,33,,,", {"hcpcs": None, "is_key_unread": "yes"}),
        ("T1,BIRCH,*,*,*,123,J9299,,fixed,33,,,", {"ndc11": None, "is_key_unread": "yes"}),
        ("T1,BIRCH,Blue,*,*,,J9299,,fixed,33,,,", {"line_of_business": None, "claim_type": "*"}),
        ("T1,BIRCH,*,UB,*,,J9299,,fixed,33,,,", {"claim_type": None, "line_of_business": "*"}),
        (
            "T1,BIRCH,*,*,*,,J9299,,fixed,33,1/1/25,2025-12-31,",
            {"effective_from": None, "effective_through": "2025-12-31"},
        ),
        ("T1,BIRCH,*,*,*,,J9299,,fixed,33,,,soon", {"recorded_on": None}),
        (
            "T1,BIRCH,*,*,*,,J9299,,fixed,33,2025-01-01,2024-12-31,",
            {"effective_from": None, "effective_through": None},
        ),
        ("T1,,*,*,*,,J9299,,fixed,33,,,", {"payer_id": None, "hcpcs": "J9299"}),
        ("T1,BIRCH,*,*,*,,,,fixed,x,,,", {"hcpcs": "*", "is_key_unread": "no"}),
        ("T1,BRICH,*,*,*,,J9299,,fixed,33,,,", {"payer_id": "BIRCH"}),
        ("T1,CEDAR,*,*,*,,J9299,,fixed,x,,,", {"payer_id": "CEDAR"}),
    ],
    ids=[
        *("code", "ndc", "line of business", "claim type", "first day", "recorded", "muddled days"),
        *("no payer", "any code", "payer one slip away", "payer nobody knows"),
    ],
)
def test_what_cannot_be_read_of_a_term_is_null(read: ReadSite, row: str, unread: dict):
    [found] = left_out(read, row)
    assert {name: found[name] for name in unread} == unread


def test_a_payer_one_slip_from_two_may_be_either(read: ReadSite):
    payers = "payer_id\nuhc1\nuhc2\nbirch\n"
    found = left_out(read, "T1,uhc3,*,*,*,,J9299,,fixed,33,,,", payers=payers)
    assert [row["payer_id"] for row in found] == ["uhc1", "uhc2"]


def test_a_known_payer_is_not_taken_for_its_neighbour(read: ReadSite):
    payers = "payer_id\nuhc1\nuhc2\n"
    found = left_out(read, "T1,uhc2,*,*,*,,J9299,,fixed,x,,,", payers=payers)
    assert [row["payer_id"] for row in found] == ["uhc2"]


@pytest.mark.parametrize(
    ("row", "payer_id"),
    [
        ("C1,birch,J9177,fixed,1,234.50", "BIRCH"),
        ("C1,Birch, Inc.,J9177,fixed,34", "BIRCH"),
        ("C1,nobody,J9177,fixed,1,234.50", None),
    ],
)
def test_of_a_row_with_a_comma_too_many_at_most_the_payer_is_told(
    read: ReadSite, row: str, payer_id: str | None
):
    reference = read(contract_terms=f"{TERM}{row}\n")
    [found] = reference.frames[LEFT_OUT].to_dicts()
    assert (found.pop("payer_id"), found.pop("is_key_unread")) == (payer_id, "yes")
    assert {name: cell for name, cell in found.items() if cell is not None} == {"row_number": 2}


def test_counts_pushed_aside_by_a_comma_leave_no_cell_to_trust(read: ReadSite):
    head = "payer_id,hcpcs,method,rate,clause,seen_lines,seen_usd\n"
    reference = read(contract_terms=f"{head}BIRCH,J9177,fixed,1,234.50,as agreed,9\n")
    [found] = reference.frames[LEFT_OUT].to_dicts()
    assert (found["payer_id"], found["hcpcs"], found["is_key_unread"]) == ("BIRCH", None, "yes")


def test_rows_that_go_with_one_left_out_are_in_sight_too(read: ReadSite):
    reference = read(
        contract_terms=KEYED
        + "T1,BIRCH,*,*,*,,J9177,,fixed,33,2024-01-01,,\n"
        + "T1,BIRCH,*,*,*,,J9177,,fixed,x,2025-01-01,,\n"
        + "T2,BIRCH,*,*,*,,J9299,,fixed,40,2024-01-01,,2024-01-01\n"
        + "T2,BIRCH,*,*,*,,J9299,,fixed,41,2025-01-01,,2024-01-01\n"
        + "T3,BIRCH,*,*,*,,J9355,,fixed,70,2024-01-01,,\n" * 2
    )
    assert reference.frames[LEFT_OUT]["row_number"].to_list() == [2, 3, 4, 5]
    assert used(reference, "contract_terms") == [6]


def test_without_a_terms_file_nothing_is_left_out(read: ReadSite):
    assert read().frames[LEFT_OUT].height == 0


@pytest.mark.parametrize(
    ("bad", "kept"),
    [
        (f",{NIVOLUMAB_NDC},unit,awp,x,2025-01-01", [4, 5]),
        ("J9299,00003377,unit,awp,40,2025-01-01", [4, 5]),
        (",00003377,unit,awp,40,2025-01-01", [5]),
        (f",{NIVOLUMAB_NDC},unit,list,40,2025-01-01", [4]),
        (f",{NIVOLUMAB_NDC},unit,awp,1,040,2025-01-01", [4, 5]),
        ("J0000,,unit,awp,x,2025-01-01", [3, 4, 5]),
    ],
    ids=["price", "ndc", "ndc alone", "kind", "comma", "code of no drug known"],
)
def test_no_price_by_code_stands_in_for_one_left_out(read: ReadSite, bad: str, kept: list[int]):
    limits = "effective_quarter,hcpcs,published_on,payment_limit\n2026Q1,J0000,2025-12-15,9\n"
    reference = read(
        payment_limits=limits,
        list_prices=f"{PRICES}{bad}\n"
        "J9299,,unit,awp,50,2025-01-01\nJ9355,,unit,awp,90,2025-01-01\n"
        "J9299,,unit,wac,45,2025-01-01\n",
    )
    assert used(reference, "list_prices") == kept
    assert rows_of(reference, "list_prices").height == len(kept)
    assert ("left out with row 2" in said(reference)) == (kept != [3, 4, 5])


def test_a_house_codes_price_left_out_is_not_answered_by_its_drugs_cms_code(read: ReadSite):
    prices = f"{PRICES}J1324,,unit,awp,x,2025-01-01\nJ9177,,unit,awp,40,2025-01-01\n"
    reference = read(list_prices=prices)
    assert used(reference, "list_prices") == []
