"""The models against the oracle: every row of the sample, every shared column, to the cent.

The oracle (`plain_python`) reads the raw text itself and shares no code with the SQL; both follow
`sql/RULES.md`. A column is compared wherever both have it; the lists below say what is left out.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from plain_python import answers

LINE_KEY = ("claim_id", "line_number", "payer_id", "payer_rank")
KEYS = {
    "claim_line_outcomes": LINE_KEY,
    "drug_line_outcomes": LINE_KEY,
    "code_identity": LINE_KEY,
    "waste_ledger": ("claim_id", "service_date", "drug"),
    "remit_balances": ("source_file", "transaction_number"),
    "provider_adjustments": ("source_file", "transaction_number", "reason_code", "reference_id"),
    "payer_drug_months": ("payer_id", "line_of_business", "drug", "hcpcs", "service_month"),
}
# The oracle's sentences are the start of ours; the rest of ours is arithmetic in words.
COMPARED_BY_START = ("pricing_basis", "gap_basis")
ROWS_SHOWN = 5


@pytest.fixture(scope="module")
def expected(sample_run: Path, project: Path) -> dict[str, list[dict]]:
    return answers(sample_run, project / "data" / "reference")


@pytest.mark.parametrize("table", KEYS)
def test_every_row_agrees_with_the_plain_python_answers(
    table: str, sample_run: Path, expected: dict[str, list[dict]]
):
    assert expected[table], f"the oracle has no row of {table}: the sample shows nothing"
    ours = _by_key(_published(sample_run, table), KEYS[table])
    theirs = _by_key(expected[table], KEYS[table])
    assert sorted(ours, key=str) == sorted(theirs, key=str)
    columns = sorted(set(next(iter(ours.values()))) & set(next(iter(theirs.values()))))
    assert len(columns) > len(KEYS[table])
    wrong = list(_differences(ours, theirs, columns))
    assert not wrong, f"{len(wrong)} values differ, among them:\n" + "\n".join(wrong[:ROWS_SHOWN])


def test_the_rates_of_the_measures_are_the_oracles_counts(
    sample_run: Path, expected: dict[str, list[dict]]
):
    from analytics.measures import denial_rate_by, price_match_by

    j1324 = pl.DataFrame(_published(sample_run, "drug_line_outcomes"), infer_schema_length=None)
    lines = j1324.lazy().filter(pl.col("hcpcs") == "J1324")
    matches = price_match_by(lines, by=["payer_id"]).collect()
    rates = {
        definition: denial_rate_by(lines, by=["payer_id"], definition=definition).collect()
        for definition in ("line_initial", "line_final")
    }
    for row in expected["rates"]:
        of_payer = pl.col("payer_id") == row["payer_id"]
        counted = _one(matches.filter(of_payer))
        for column in ("matched_lines", "short_lines", "over_lines"):
            assert (counted.get(column) or 0) == row[column], (row["payer_id"], column)
        for definition, rate in rates.items():
            counted = _one(rate.filter(of_payer))
            assert (counted.get("denied_lines") or 0) == row[f"{definition}_denied"]
            assert (counted.get("adjudicated_lines") or 0) == row[f"{definition}_lines"]


def _one(frame: pl.DataFrame) -> dict[str, object]:
    return frame.row(0, named=True) if frame.height else {}


def _published(site: Path, table: str) -> list[dict]:
    run_id = (site / "warehouse" / "current").read_text().strip()
    return pl.read_parquet(site / "warehouse" / "runs" / run_id / f"{table}.parquet").to_dicts()


def _by_key(rows: Iterable[dict], key: tuple[str, ...]) -> dict[tuple, dict]:
    keyed = {tuple(row[column] for column in key): row for row in rows}
    return keyed


def _differences(ours: dict, theirs: dict, columns: list[str]) -> Iterable[str]:
    for key, row in ours.items():
        for column in columns:
            if not _same(column, row[column], theirs[key][column]):
                yield f"{key} {column}: published {row[column]!r}, oracle {theirs[key][column]!r}"


def _same(column: str, published: object, oracle: object) -> bool:
    if column in COMPARED_BY_START and isinstance(published, str) and isinstance(oracle, str):
        return published.startswith(oracle)
    if isinstance(published, Decimal | date) or isinstance(oracle, Decimal | date):
        return published == oracle
    return published == oracle and type(published) is type(oracle)
