"""The models against the oracle: every row of the sample, each shared column, to the cent.

The oracle (`plain_python`) reads the raw text itself and shares no code with the SQL; both follow
`sql/RULES.md`. `oracle_comparison` says what is compared and what is left out.
"""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from oracle_comparison import KEYS, LINE_KEY, differences, rate_differences

from plain_python import answers

ROWS_SHOWN = 5
# What a model may lack without a difference to show for it: a column one side alone has is not
# compared.
COMPARED = {
    "code_identity": ("expected_if_cms_units_usd", "finding"),
    "medicare_payments": ("difference_usd", "expected_patient_usd", "payment_check"),
    "waste_ledger": (
        "actual_vial_mg",
        "avoidable_cost_usd",
        "least_waste_mg",
        "payer_rank",
        "recorded_administered_units",
        "vial_evidence",
    ),
    "discarded_shares": ("cms_share", "cms_year", "discarded_share", "cms_hcpcs"),
    "documentation_gaps": ("reason", "result", "weight"),
    "claim_line_outcomes": ("expected_allowed_usd", "paid_units", "pricing_basis"),
    "drug_line_outcomes": (
        "charge_limited_usd",
        "denied_expected_usd",
        "gap_usd",
        "lag_effect_usd",
        "recovered_on",
        "recovered_usd",
        "refund_basis",
    ),
}


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


@pytest.mark.parametrize("table", COMPARED)
def test_the_columns_of_prices_and_gaps_are_compared(
    table: str, sample_run: Path, expected: dict[str, list[dict]]
):
    published = _published(sample_run, table)
    missing = set(COMPARED[table]) - (published[0].keys() & expected[table][0].keys())
    assert not missing, f"{table}: one side has no {', '.join(sorted(missing))}"


def test_the_causes_of_each_line_add_up_to_its_gap(expected: dict[str, list[dict]]):
    took = defaultdict(Decimal)
    for row in expected["underpayment_causes"]:
        took[tuple(row[column] for column in LINE_KEY)] += row["gap_usd"]
    gaps = {
        tuple(row[column] for column in LINE_KEY): row["shortfall_usd"] - row["overpaid_usd"]
        for row in expected["drug_line_outcomes"]
        if row["shortfall_usd"] or row["overpaid_usd"]
    }
    assert took == gaps


def _published(site: Path, table: str) -> list[dict]:
    run_id = (site / "warehouse" / "current").read_text().strip()
    return pl.read_parquet(site / "warehouse" / "runs" / run_id / f"{table}.parquet").to_dicts()
