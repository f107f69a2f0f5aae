"""What is printed of a score: no figure cut, the rows that differ named, nothing rounded up."""

from __future__ import annotations

import json

import pytest

from analytics.scoring.printed import print_score, score_as_json
from analytics.scoring.rows import read_rows
from analytics.scoring.score import Score, score

KEY = (
    "A,1,p,underpaid_units_reduced,1234567890.12",
    "B,2,p,overpaid_rounding,0.05",
    "C,1,p,waste_missed,7.00",
    "D,1,p,look_alike_recoded,0.00",
)


def scored(csv_of, *answers: str) -> Score:
    return score(read_rows(csv_of(*KEY, name="answer_key.csv")), read_rows(csv_of(*answers)))


def test_figures_are_never_cut(csv_of, capsys: pytest.CaptureFixture[str]):
    print_score(scored(csv_of, *KEY[:3]))
    printed = capsys.readouterr().out
    assert printed.count("$1,234,567,890.12") == 4
    assert "…" not in printed
    assert "all right" in printed
    assert not [line for line in printed.splitlines() if line != line.rstrip()]


def test_the_rows_that_differ_are_named(csv_of, capsys: pytest.CaptureFixture[str]):
    print_score(scored(csv_of, KEY[0], "B,2,p,overpaid_rounding,0.06", "D,1,p,denied_ndc,4.00"))
    printed = capsys.readouterr().out
    assert "not alike in key and answers: 3 rows, here 3" in printed
    assert "claim B line 2, p, overpaid_rounding: planted $0.05, found $0.06" in printed
    assert "claim C, p, waste_missed: planted $7.00, found -" in printed
    assert "claim D line 1, p, denied_ndc: planted -, found $4.00" in printed
    assert ["recoded", "1", "1"] in [line.split() for line in printed.splitlines()]


def test_json_keeps_every_cent_as_text(csv_of):
    said = json.loads(json.dumps(score_as_json(scored(csv_of, *KEY[:3])), default=str))
    whole = {row["finding"]: row for row in said["findings"]}
    assert said["is_all_right"] is True
    assert whole["underpaid_units_reduced"]["planted_usd"] == "1234567890.12"
    assert whole["underpaid"]["recall"] == 1.0
