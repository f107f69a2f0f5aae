"""The sample's own run against its answer key, through the command that users run."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from readme_output import run_python
from typer.testing import CliRunner

from analytics.cli import app
from analytics.scoring.published import LEDGER_DOLLARS, LINE_DOLLARS, OUTCOMES, published_answers
from analytics.synthetic import answers as planted


def score(*arguments: str):
    return CliRunner().invoke(app, ["score", *arguments])


def test_the_sample_scores_all_right(sample_run: Path):
    said = json.loads(
        run_python("-m", "analytics", "score", str(sample_run), "--json", cwd=sample_run)
    )
    assert said["differences"] == []
    assert said["is_all_right"] is True
    assert {row["fired"] for row in said["look_alikes"]} == {0}
    by_finding = {row["finding"]: row for row in said["findings"]}
    for cause in ("units_reduced", "recoded", "other_quarter_price", "superseded_term"):
        row = by_finding[f"underpaid_{cause}"]
        assert row["planted"] == row["found"] == row["right"] > 0
        assert row["difference_usd"] == "0.00"


def test_answers_of_another_engine_are_scored_without_a_run(tmp_path: Path, sample_run: Path):
    key = sample_run / "answer_key.csv"
    (tmp_path / "answer_key.csv").write_bytes(key.read_bytes())
    right = score(str(tmp_path), "--answers", str(key))
    assert right.exit_code == 0
    assert "all right: every planted finding to the cent" in right.stdout
    other = published_answers(sample_run).filter(~pl.col("finding").str.contains("rate_difference"))
    other.write_csv(tmp_path / "other.csv")
    wrong = score(str(tmp_path), "--answers", str(tmp_path / "other.csv"))
    assert wrong.exit_code == 1
    assert "underpaid_rate_difference" in wrong.stdout
    assert "not alike in key and answers: 34 rows, here 20" in wrong.stdout


def test_a_folder_without_a_key_is_wrong_usage(tmp_path: Path):
    said = score(str(tmp_path))
    assert said.exit_code == 2
    assert "has no answer_key.csv" in said.stderr


def test_a_site_that_was_never_refreshed_says_so(tmp_path: Path, project: Path):
    key = project / "data" / "sample" / "answer_key.csv"
    (tmp_path / "answer_key.csv").write_bytes(key.read_bytes())
    said = score(str(tmp_path))
    assert said.exit_code == 1
    assert "analytics refresh --data" in said.stderr


@pytest.mark.parametrize("finding", LINE_DOLLARS)
def test_the_key_and_the_scorer_look_at_the_same_column(finding: str):
    assert planted.WHERE_TO_LOOK[finding] == ("drug_line_outcomes", LINE_DOLLARS[finding])


def test_the_key_and_the_scorer_look_at_the_same_ledger_column():
    in_key = {
        finding.removeprefix("waste_"): column
        for finding, (table, column) in planted.WHERE_TO_LOOK.items()
        if table == "waste_ledger"
    }
    assert {finding: LEDGER_DOLLARS.get(finding, "leakage_usd") for finding in in_key} == in_key
    assert set(OUTCOMES) == set(planted.OUTCOMES_IN_KEY)
