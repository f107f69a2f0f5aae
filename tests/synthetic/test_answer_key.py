"""The answer key is what the rules say: the slow oracle, which shares no code, finds the same."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.synthetic.answers import OUTCOMES_IN_KEY
from analytics.synthetic.site import write_sample_site
from plain_python import answers

CLAIMS, SEED = 700, 11
LINE_DOLLARS = {
    "overpaid": "overpaid_usd",
    "rounding_penny": "penny_usd",
    "unsupported_cut": "unsupported_cut_usd",
    "charge_limited": "charge_limited_usd",
    "recovered": "recovered_usd",
}
WASTE_DOLLARS = {
    "denied": "denied_usd",
    "short_paid": "short_paid_usd",
    "overbilled": "overbilled_usd",
    "not_paid_by_policy": "structural_usd",
    "policy_unknown": "policy_unknown_usd",
}
Finding = tuple[str, int, str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made_up")
    write_sample_site(folder, claims=CLAIMS, seed=SEED)
    (folder / "site.key").write_text("0" * 64 + "\n", encoding="ascii")
    return folder


@pytest.fixture(scope="module")
def tables(site: Path, project: Path) -> dict[str, list[dict]]:
    return answers(site, project / "data" / "reference")


@pytest.fixture(scope="module")
def key(site: Path) -> list[dict[str, str]]:
    with (site / "answer_key.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def planted(key: list[dict[str, str]], *beginnings: str) -> dict[Finding, Decimal | None]:
    """The key's rows of some findings; which cause a shortfall has is left to the ladder."""
    return {
        (row["claim_id"], int(row["line_number"]), row["payer_id"], _plain(row["finding"])): (
            Decimal(row["amount_usd"]) if row["amount_usd"] else None
        )
        for row in key
        if row["finding"].startswith(beginnings)
    }


def _plain(finding: str) -> str:
    return "underpaid" if finding.startswith("underpaid_") else finding


def place(line: dict) -> tuple[str, int, str]:
    return line["claim_id"], line["line_number"], line["payer_id"]


def primary(lines: list[dict]) -> Iterator[dict]:
    return (line for line in lines if line["payer_rank"] == "primary")


def test_denied_and_odd_outcomes_are_the_planted_ones(
    tables: dict[str, list[dict]], key: list[dict[str, str]]
):
    found = {}
    for line in primary(tables["claim_line_outcomes"]):
        if line["outcome"] == "denied":
            found[*place(line), f"denied_{line['denial_class']}"] = line["expected_allowed_usd"]
        elif line["outcome"] in OUTCOMES_IN_KEY:
            found[*place(line), f"outcome_{line['outcome']}"] = line["expected_allowed_usd"]
        else:
            assert line["outcome"] in ("paid", "partly_denied")
    assert found == planted(key, "denied_", "outcome_")


def test_every_dollar_of_a_paid_line_is_the_planted_one(
    tables: dict[str, list[dict]], key: list[dict[str, str]]
):
    found = {}
    for line in primary(tables["drug_line_outcomes"]):
        if line["outcome"] not in ("paid", "partly_denied"):
            continue
        dollars = {finding: line[column] for finding, column in LINE_DOLLARS.items()}
        dollars["underpaid"] = line["shortfall_usd"]
        if line["outcome"] == "partly_denied":
            dollars[f"partly_denied_{line['denial_class']}"] = line["denied_expected_usd"]
        found |= {(*place(line), finding): usd for finding, usd in dollars.items() if usd}
    assert found == planted(key, "underpaid_", "partly_denied_", *LINE_DOLLARS)


def test_sequestration_granted_by_law_is_the_planted_one(
    tables: dict[str, list[dict]], key: list[dict[str, str]]
):
    found = {
        (*place(line), "sequestration"): line["sequestration_usd"]
        for line in primary(tables["drug_line_outcomes"])
        if line["sequestration_usd"] and not line["unsupported_cut_usd"]
    }
    assert found == planted(key, "sequestration")


def test_the_waste_ledger_is_clean_but_for_the_planted_rows(
    tables: dict[str, list[dict]], key: list[dict[str, str]]
):
    found = {
        (row["claim_id"], row["payer_id"], f"waste_{row['finding']}"): row[
            WASTE_DOLLARS.get(row["finding"], "leakage_usd")
        ]
        for row in tables["waste_ledger"]
        if row["finding"] != "clean"
    }
    expected = {
        (claim_id, payer_id, finding): usd
        for (claim_id, _, payer_id, finding), usd in planted(key, "waste_").items()
    }
    assert found == expected


def test_one_remit_does_not_balance_by_the_planted_amount(
    tables: dict[str, list[dict]], key: list[dict[str, str]]
):
    off = [row for row in tables["remit_balances"] if not row["balanced"]]
    assert [row["line_difference_usd"] for row in off] == list(planted(key, "unbalanced").values())


def test_no_look_alike_is_taken_for_a_finding(
    tables: dict[str, list[dict]], key: list[dict[str, str]]
):
    lines = {place(line): line for line in primary(tables["drug_line_outcomes"])}
    short = planted(key, "underpaid_")
    for claim_id, number, payer_id, finding in planted(key, "look_alike_"):
        line = lines.get((claim_id, number, payer_id))
        if line is not None:
            # Only what is planted on the same line beside it may be short.
            due = short.get((claim_id, number, payer_id, "underpaid"), Decimal("0.00"))
            assert line["shortfall_usd"] == due, finding
            assert line["outcome"] in ("paid", "suppressed"), finding
            assert line["overpaid_usd"] == 0, finding


def test_two_visits_under_one_account_number_are_two_claims(
    tables: dict[str, list[dict]], key: list[dict[str, str]]
):
    claim_ids = {row[0] for row in planted(key, "look_alike_recurring_account")}
    published = {line["claim_id"] for line in tables["claim_line_outcomes"]}
    assert claim_ids
    assert claim_ids <= published
