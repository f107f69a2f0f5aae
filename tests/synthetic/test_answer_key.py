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
    "rounding_penny": "penny_usd",
    "unsupported_cut": "unsupported_cut_usd",
    "charge_limited": "charge_limited_usd",
    "recovered": "recovered_usd",
    "lag_effect": "lag_effect_usd",
}
WASTE_DOLLARS = {
    "denied": "denied_usd",
    "short_paid": "short_paid_usd",
    "overbilled": "overbilled_usd",
    "not_paid_by_policy": "structural_usd",
    "policy_unknown": "policy_unknown_usd",
}
# Causes of an overpaid line are negative dollars; the key says how much too much was paid.
SIGNS = {"underpaid": 1, "overpaid": -1}
ALL_CAUSES = {
    "units_reduced",
    "recoded",
    "other_quarter_price",
    "superseded_term",
    "rounding",
    "rate_difference",
    "unexplained",
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
    """The key's rows of some findings; the causes of a gap are added up."""
    found: dict[Finding, Decimal | None] = {}
    for row in key:
        if row["finding"].startswith(beginnings):
            at = row["claim_id"], int(row["line_number"]), row["payer_id"], _plain(row["finding"])
            usd = Decimal(row["amount_usd"]) if row["amount_usd"] else None
            found[at] = usd if found.get(at) is None else found[at] + usd
    return found


def _plain(finding: str) -> str:
    whole = finding.partition("_")[0]
    return whole if whole in ("underpaid", "overpaid") else finding


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
        dollars["overpaid"] = line["overpaid_usd"]
        if line["outcome"] == "partly_denied":
            dollars[f"partly_denied_{line['denial_class']}"] = line["denied_expected_usd"]
        found |= {(*place(line), finding): usd for finding, usd in dollars.items() if usd}
    assert found == planted(key, "underpaid_", "overpaid_", "partly_denied_", *LINE_DOLLARS)


def test_every_cause_of_a_gap_is_the_planted_one(
    tables: dict[str, list[dict]], key: list[dict[str, str]]
):
    found: dict[Finding, Decimal] = {}
    for row in tables["underpayment_causes"]:
        if row["payer_rank"] == "primary":
            found[*place(row), row["cause"]] = row["gap_usd"]
    expected: dict[Finding, Decimal] = {}
    for row in key:
        way, _, cause = row["finding"].partition("_")
        if way in SIGNS:
            at = row["claim_id"], int(row["line_number"]), row["payer_id"], cause
            expected[at] = SIGNS[way] * Decimal(row["amount_usd"])
    assert {cause for *_, cause in expected} == ALL_CAUSES
    assert found == expected


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
    found |= {
        (row["claim_id"], row["payer_id"], "waste_vial_choice"): row["avoidable_cost_usd"]
        for row in tables["waste_ledger"]
        if row["avoidable_units"]
    }
    expected = {
        (claim_id, payer_id, finding): usd
        for (claim_id, _, payer_id, finding), usd in planted(key, "waste_").items()
        # What all treatments of a payer show together is no row of the ledger.
        if claim_id
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
    due = planted(key, "underpaid_", "overpaid_")
    for claim_id, number, payer_id, finding in planted(key, "look_alike_"):
        line = lines.get((claim_id, number, payer_id))
        if line is not None:
            # Only what is planted on the same line beside it may be short.
            short, over = (
                due.get((claim_id, number, payer_id, way), Decimal("0.00"))
                for way in ("underpaid", "overpaid")
            )
            assert line["shortfall_usd"] == short, finding
            assert line["overpaid_usd"] == over, finding
            assert line["outcome"] in ("paid", "partly_denied", "suppressed"), finding


def test_two_visits_under_one_account_number_are_two_claims(
    tables: dict[str, list[dict]], key: list[dict[str, str]]
):
    claim_ids = {row[0] for row in planted(key, "look_alike_recurring_account")}
    published = {line["claim_id"] for line in tables["claim_line_outcomes"]}
    assert claim_ids
    assert claim_ids <= published
