"""Answers told in extracts: their adjustments, what one amount says of another, and reversals."""

from decimal import Decimal

import pytest
from small_extracts import Row, as_csv

from analytics.intake.raw_tables import REJECTS
from tests.intake.extract_site import (
    REMITS,
    SITE,
    WHY,
    Read,
    adjusted,
    amounts,
    answered,
    counts,
    reasons,
)
from tests.intake.raw_folder import files_of, rows_of


def test_changed_adjustments_are_never_merged(read: Read):
    changed = as_csv([adjusted("A1", 1, "CO-45", "110.00"), *WHY[1:]])
    tables = read({**SITE, "a2.csv": changed})
    assert counts(tables, "a.csv")[1] == counts(tables, "a2.csv")[1] == 1
    on_line = rows_of(tables, "raw_835__adjustments").filter(
        remit_claim_number=1, remit_line_number=1
    )
    assert on_line["reason_code"].to_list() == ["2"]
    more = as_csv([*WHY, adjusted("A1", 1, "CO-253", "1.00")])
    tables = read({**SITE, "a2.csv": more})
    assert counts(tables, "a.csv")[1] > 0
    assert "1.0000" not in str(amounts(tables, "raw_835__adjustments", "adjustment_usd"))


def test_one_answer_under_two_ids_is_paid_once(read: Read):
    ids = [
        [{**row, "remit_claim_id": f"{row['claim_number']}-{n}"} for row in REMITS] for n in (1, 2)
    ]
    tables = read({**SITE, "r.csv": as_csv([*ids[0], *ids[1]])})
    assert counts(tables, "r.csv") == (6, 0, 3)
    assert rows_of(tables, "raw_835__remit_claims").height == 2
    assert rows_of(tables, "raw_835__adjustments").height == 5


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (adjusted("A9", 1, "CO-45", "1"), "no remit line on file"),
        (adjusted("A1", 3, "CO-45", "1"), "no remit line on file"),
        (adjusted("A1", 1, "CO-45", "1", payment_date="2026-03-02"), "no remit line on file"),
        (adjusted("A1", 1, "CO-45", "1", payer_name="other"), None),
    ],
)
def test_adjustment_belongs_to_the_answer_that_agrees_with_it(
    read: Read, row: Row, said: str | None
):
    tables = read({"r.csv": as_csv(REMITS), "a.csv": as_csv([row])})
    assert [said in reason for reason in reasons(tables)] == ([True] if said else [])


def test_adjustment_that_fits_two_answers_is_refused(read: Read):
    twice = [*REMITS, answered("A1", payment_date="2026-04-01", payer_control_number="ICN-B")]
    tables = read({"r.csv": as_csv(twice), "a.csv": as_csv([WHY[0]])})
    assert "more than one answer on file fits" in reasons(tables)[0]
    told = {**WHY[0], "payer_control_number": "ICN-B"}
    assert reasons(read({"r.csv": as_csv(twice), "a.csv": as_csv([told])})) == []


def test_amounts_typed_on_the_line_are_its_adjustments(read: Read):
    eob = answered("A1", contractual_usd="$113.17", coinsurance_usd="13.37", deductible_usd="0.00")
    denied = answered("A2", paid_usd="0", denied_usd="180", denial_reason="CO-50")
    found = rows_of(read({"r.csv": as_csv([eob, denied])}), "raw_835__adjustments")
    assert found.select("group_code", "reason_code", "adjustment_usd").rows() == [
        ("PR", "2", Decimal("13.37")),
        ("CO", "45", Decimal("113.17")),
        ("CO", "50", Decimal(180)),
    ]


@pytest.mark.parametrize(("typed", "is_used"), [("13.37", True), ("13.38", False)])
def test_amounts_typed_on_the_line_must_be_those_of_its_adjustments(
    read: Read, typed: str, *, is_used: bool
):
    remits = [answered("A1", coinsurance_usd=typed, copay_usd="0.00"), *REMITS[1:]]
    tables = read({**SITE, "r.csv": as_csv(remits)})
    assert (counts(tables, "r.csv")[1], counts(tables, "a.csv")[1]) == (
        (0, 0) if is_used else (1, 2)
    )
    if not is_used:
        assert any(
            reason.startswith("coinsurance_usd and the adjustments") for reason in reasons(tables)
        )


def test_of_charge_paid_and_adjustments_two_tell_the_third(read: Read):
    remits = [
        answered("A1", paid_usd=""),
        answered("A1", 2, charge_usd="", paid_usd="40"),
        REMITS[2],
    ]
    tables = read({**SITE, "r.csv": as_csv(remits)})
    assert amounts(tables, "raw_835__remit_lines", "charge_usd", "paid_usd") == [
        (Decimal(180), Decimal("53.46")),
        (Decimal(180), Decimal("53.46")),
        (Decimal(50), Decimal(40)),
    ]
    untold = read({"r.csv": as_csv([answered("A1", paid_usd=""), REMITS[2]]), "a.csv": "x,y\n"})
    assert "paid_usd is empty and no adjustment of the line tells it" in " ".join(reasons(untold))


def test_answer_without_a_reason_leaves_what_it_did_not_pay_unanswered(read: Read):
    silent = [
        answered("A1"),
        answered("A1", 2, charge_usd="50", paid_usd="0"),
        answered("A2", paid_usd="0"),
    ]
    tables = read({"r.csv": as_csv(silent)})
    assert counts(tables, "r.csv") == (3, 0, 0)
    assert amounts(tables, "raw_835__remit_lines", "remit_line_number", "paid_usd") == [
        (1, Decimal("53.46"))
    ]
    assert amounts(tables, "raw_835__remit_claims", "claim_number") == [("A1",)]
    assert "2 rows are paid 0.00 and no adjustment says why" in str(
        files_of(tables)["r.csv"]["reason"]
    )


@pytest.mark.parametrize("status", ["4", "22"])
def test_denied_and_reversed_claims_need_no_reason(read: Read, status: str):
    rows = [answered("A1", status_code=status, charge_usd="-180", paid_usd="0")]
    assert rows_of(read({"r.csv": as_csv(rows)}), "raw_835__remit_lines").height == 1


def test_row_below_zero_is_a_reversal_where_no_status_is_told(read: Read):
    rows = [
        answered("A1", status_code="", charge_usd="-180", paid_usd="-53.46"),
        answered("A1", status_code=""),
    ]
    found = rows_of(read({"r.csv": as_csv(rows)}), "raw_835__remit_claims")
    # What the reversal takes back stands before it.
    assert found.sort("remit_claim_number")["status_code"].to_list() == ["", "22"]


def test_line_zero_is_the_claim_as_a_whole(read: Read):
    whole = answered("A1", 0, charge_usd="230", paid_usd="90", interest_usd="1.25")
    why = [adjusted("A1", "", "CO-45", "140")]
    tables = read({"r.csv": as_csv([whole]), "a.csv": as_csv(why)})
    assert rows_of(tables, "raw_835__remit_lines").height == 0
    assert amounts(tables, "raw_835__remit_claims", "charge_usd", "paid_usd") == [
        (Decimal(230), Decimal(90))
    ]
    assert amounts(tables, "raw_835__adjustments", "remit_line_number", "adjustment_usd") == [
        (None, Decimal(140))
    ]
    assert amounts(tables, "raw_835__amounts", "qualifier", "remit_line_number", "amount") == [
        ("I", None, Decimal("1.25"))
    ]


def test_payment_told_in_two_ways_is_not_told(read: Read):
    remits = [answered("A1", payment_amount_usd="100"), answered("A2", payment_amount_usd="101")]
    tables = read({"r.csv": as_csv(remits)})
    assert rows_of(tables, "raw_835__remits")["payment_amount_usd"].to_list() == [None]
    listed = rows_of(tables, REJECTS).row(0, named=True)
    assert (listed["piece"], listed["segments"]) == ("element", 0)
    assert "payment_amount_usd is told differently" in listed["reason"]
