"""A score counts what is right, never nets dollars, and sees a look-alike that fired."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from analytics.scoring.rows import read_rows
from analytics.scoring.score import Score, score

KEY = (
    "A,1,p,underpaid_units_reduced,10.00",
    "A,1,p,underpaid_superseded_term,5.00",
    "B,1,p,underpaid_units_reduced,20.00",
    "C,1,p,overpaid_rounding,1.00",
    "D,1,p,look_alike_recoded,0.00",
    "E,1,p,outcome_suppressed,",
    "F,1,p,waste_missed,7.00",
    "G,2,p,look_alike_waste_apart,0.00",
)
FINDINGS = tuple(row for row in KEY if "look_alike" not in row)


def scored(csv_of, *answers: str, key: tuple[str, ...] = KEY) -> Score:
    return score(read_rows(csv_of(*key, name="answer_key.csv")), read_rows(csv_of(*answers)))


def of(told: Score, finding: str) -> dict:
    return told.findings.row(by_predicate=pl.col("finding") == finding, named=True)


def fired(told: Score) -> dict[str, int]:
    return dict(told.look_alikes.select("finding", "fired").rows())


def test_the_key_itself_is_all_right(csv_of):
    told = scored(csv_of, *FINDINGS)
    assert told.is_all_right
    assert told.findings["precision"].drop_nulls().to_list() == [1.0] * told.findings.height
    assert told.findings["difference_usd"].sum() == 0


def test_a_cent_off_is_not_right(csv_of):
    told = scored(csv_of, *(row.replace("20.00", "20.01") for row in FINDINGS))
    row = of(told, "underpaid_units_reduced")
    assert (row["planted"], row["found"], row["right"]) == (2, 2, 1)
    assert row["difference_usd"] == Decimal("0.01")
    assert not told.is_all_right


def test_too_much_here_never_pays_for_too_little_there(csv_of):
    swapped = {"10.00": "20.00", "20.00": "10.00"}
    rows = [row.rpartition(",") for row in FINDINGS]
    told = scored(csv_of, *(f"{row},{swapped.get(usd, usd)}" for row, _, usd in rows))
    row = of(told, "underpaid_units_reduced")
    assert row["planted_usd"] == row["found_usd"] == Decimal("30.00")
    assert row["difference_usd"] == Decimal("20.00")
    assert (row["precision"], row["recall"]) == (0.0, 0.0)


def test_a_missed_finding_costs_recall_and_a_false_one_precision(csv_of):
    missed = scored(csv_of, *FINDINGS[1:])
    assert of(missed, "underpaid_units_reduced")["recall"] == 0.5
    assert of(missed, "underpaid_units_reduced")["precision"] == 1.0
    false = scored(csv_of, *FINDINGS, "Z,1,p,underpaid_units_reduced,3.00")
    assert of(false, "underpaid_units_reduced")["recall"] == 1.0
    assert round(of(false, "underpaid_units_reduced")["precision"], 3) == 0.667
    assert false.differences.rows() == [
        ("Z", 1, "p", "underpaid_units_reduced", None, Decimal("3.00"))
    ]


def test_a_kind_nobody_found_has_no_precision_and_one_not_planted_no_recall(csv_of):
    told = scored(csv_of, *FINDINGS[:-1], "Z,1,p,denied_ndc,3.00")
    assert of(told, "waste_missed")["precision"] is None
    assert of(told, "denied_ndc")["recall"] is None


def test_nothing_stated_is_not_zero(csv_of):
    told = scored(csv_of, *(row if row[0] != "E" else row + "0.00" for row in FINDINGS))
    assert of(told, "outcome_suppressed")["right"] == 0


def test_a_gap_without_its_causes_is_right_as_a_whole(csv_of):
    told = scored(csv_of, "A,1,p,underpaid,15.00", "B,1,p,underpaid,20.00", *FINDINGS[3:])
    whole = of(told, "underpaid")
    assert (whole["planted"], whole["right"], whole["difference_usd"]) == (2, 2, 0)
    assert of(told, "underpaid_units_reduced")["found"] == 0
    assert not told.is_all_right


def test_a_look_alike_fires_when_its_line_is_reported(csv_of):
    told = scored(csv_of, *FINDINGS, "D,1,p,underpaid_recoded,9.00")
    assert fired(told)["look_alike_recoded"] == 1
    assert not told.is_all_right


def test_a_look_alike_does_not_fire_for_what_is_planted_beside_it(csv_of):
    key = (*KEY, "D,1,p,underpaid_unexplained,2.00", "D,1,p,recovered,4.00")
    right = scored(
        csv_of, *FINDINGS, "D,1,p,underpaid_unexplained,2.00", "D,1,p,recovered,4.00", key=key
    )
    assert right.is_all_right
    # Another cause for the same dollars is the false alarm it is there to catch.
    wrong = scored(
        csv_of, *FINDINGS, "D,1,p,underpaid_recoded,2.00", "D,1,p,recovered,4.00", key=key
    )
    assert fired(wrong)["look_alike_recoded"] == 1


def test_a_look_alike_on_another_line_or_payer_stays_quiet(csv_of):
    told = scored(csv_of, *FINDINGS, "D,2,p,underpaid_recoded,9.00", "D,1,q,underpaid_recoded,9.00")
    assert fired(told)["look_alike_recoded"] == 0


def test_a_look_alike_of_the_ledger_fires_for_its_claim(csv_of):
    told = scored(csv_of, *FINDINGS, "G,1,p,waste_missed,9.00")
    assert fired(told) == {"look_alike_recoded": 0, "look_alike_waste_apart": 1}
    assert fired(scored(csv_of, *FINDINGS, "G,2,p,underpaid_recoded,9.00")) == {
        "look_alike_recoded": 0,
        "look_alike_waste_apart": 0,
    }


DOCUMENTS = (
    "H,1,p,documentation_ndc,",
    "I,1,p,look_alike_documentation_whole,0.00",
    ",,p,waste_always_whole_vials,9.00",
    "R1,,,record_not_billed,",
)


def test_documentation_is_scored_on_the_claims_that_the_key_tells_of(csv_of):
    key = (*KEY, *DOCUMENTS)
    right = (*FINDINGS, DOCUMENTS[0], *DOCUMENTS[2:])
    assert scored(csv_of, *right, "Z,1,p,documentation_ndc,", key=key).is_all_right
    wrong = scored(csv_of, *right, "H,1,p,documentation_diagnosis,", key=key)
    assert of(wrong, "documentation_diagnosis")["precision"] == 0.0
    assert of(wrong, "documentation_ndc")["precision"] == 1.0
    assert not wrong.is_all_right


def test_a_look_alike_of_documentation_fires_for_its_line(csv_of):
    key = (*KEY, *DOCUMENTS)
    right = (*FINDINGS, DOCUMENTS[0], *DOCUMENTS[2:])
    told = scored(csv_of, *right, "I,1,p,documentation_rationale,", key=key)
    assert fired(told)["look_alike_documentation_whole"] == 1
    other = scored(csv_of, *right, "I,2,p,documentation_rationale,", key=key)
    assert fired(other)["look_alike_documentation_whole"] == 0
    assert not other.is_all_right


def test_a_missed_record_or_pattern_is_a_difference(csv_of):
    key = (*KEY, *DOCUMENTS)
    told = scored(csv_of, *FINDINGS, DOCUMENTS[0], key=key)
    assert of(told, "record_not_billed")["recall"] == 0.0
    assert of(told, "waste_always_whole_vials")["recall"] == 0.0
    assert told.differences.height == 2
