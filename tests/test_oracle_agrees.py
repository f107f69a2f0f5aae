"""The models against the oracle: every row of the sample, each shared column, to the cent.

The oracle (`plain_python`) reads the raw text itself and shares no code with the SQL; both follow
`sql/RULES.md`. `oracle_comparison` says what is compared and what is left out.
"""

from pathlib import Path

import polars as pl
import pytest
from oracle_comparison import KEYS, differences, rate_differences

from plain_python import answers

ROWS_SHOWN = 5


@pytest.fixture(scope="module")
def expected(sample_run: Path, project: Path) -> dict[str, list[dict]]:
    return answers(sample_run, project / "data" / "reference")


@pytest.mark.parametrize("table", KEYS)
def test_every_row_agrees_with_the_plain_python_answers(
    table: str, sample_run: Path, expected: dict[str, list[dict]]
):
    assert expected[table], f"the oracle has no row of {table}: the sample shows nothing"
    wrong = differences(table, _published(sample_run, table), expected[table])
    shown = "\n".join(map(str, wrong[:ROWS_SHOWN]))
    assert not wrong, f"{len(wrong)} values differ, among them:\n{shown}"


def test_the_rates_of_the_measures_are_the_oracles_counts(
    sample_run: Path, expected: dict[str, list[dict]]
):
    lines = _published(sample_run, "drug_line_outcomes")
    wrong = list(rate_differences(lines, expected["rates"]))
    assert not wrong, "\n".join(map(str, wrong))


def _published(site: Path, table: str) -> list[dict]:
    run_id = (site / "warehouse" / "current").read_text().strip()
    return pl.read_parquet(site / "warehouse" / "runs" / run_id / f"{table}.parquet").to_dicts()
