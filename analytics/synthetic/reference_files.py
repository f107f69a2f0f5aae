"""The made-up site's own reference CSVs: payers, names, contracts, waste policies."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from analytics.synthetic.casebook import contracts
from analytics.synthetic.contract_terms import Term, terms
from analytics.synthetic.payers import (
    NAMES_AS_SENT,
    PAYER_LINES,
    PAYERS,
    POLICIES,
    UNKNOWN_PAYER,
    Policy,
)
from analytics.synthetic.wastebook import parties

PAYER_COLUMNS = (
    "payer_id",
    "payer_name",
    "line_of_business",
    "appeal_days",
    "look_back_days",
    "corrected_claim_days",
    "filing_days",
)
PAYER_LINE_COLUMNS = ("payer_id", "filing_code", "group_number", "line_of_business")
TERM_COLUMNS = (
    "term_id",
    "contract_id",
    "payer_id",
    "line_of_business",
    "claim_type",
    "billing_id",
    "ndc11",
    "hcpcs",
    "drug",
    "method",
    "rate",
    "price_decimals",
    "charge_cap",
    "price_vintage",
    "price_lag_days",
    "sequestration",
    "effective_from",
    "effective_through",
    "recorded_on",
    "clause",
)
LIST_PRICE_COLUMNS = (
    "hcpcs",
    "ndc11",
    "per",
    "price_kind",
    "price",
    "effective_from",
    "source",
)
POLICY_COLUMNS = (
    "payer_id",
    "line_of_business",
    "claim_type",
    "payer_rank",
    "hcpcs",
    "covered",
    "pays_waste",
    "requires_jw",
    "requires_jz",
    "requires_prior_auth",
    "requires_step_therapy",
    "specialty_pharmacy",
    "um_contact",
    "effective_from",
    "effective_through",
    "source",
)


def reference_files(has_cases: bool = True) -> dict[str, str]:
    """Every reference CSV of the made-up site, by file name, with or without the books' own."""
    payers = (*PAYERS, *((*contracts.PAYERS, *parties.PAYERS) if has_cases else ()))
    policies = [_policy_row(one) for one in (*POLICIES, *(_case_policies() if has_cases else ()))]
    if has_cases:
        policies += [
            tuple(row.get(column, "") for column in POLICY_COLUMNS) for row in parties.policy_rows()
        ]
    term_rows = [_term_row(term) for term in terms()]
    files = {
        "payers.csv": csv_text(PAYER_COLUMNS, payers),
        "payer_aliases.csv": csv_text(("alias", "payer_id"), _aliases(has_cases)),
        "payer_lines.csv": csv_text(PAYER_LINE_COLUMNS, PAYER_LINES),
        "payer_policies.csv": csv_text(POLICY_COLUMNS, policies),
    }
    if has_cases:
        own = (*contracts.term_rows(), *parties.term_rows())
        term_rows += [tuple(row.get(column, "") for column in TERM_COLUMNS) for row in own]
        files["list_prices.csv"] = csv_text(LIST_PRICE_COLUMNS, _list_prices())
    return {**files, "contract_terms.csv": csv_text(TERM_COLUMNS, term_rows)}


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV with a header, line feeds, and empty cells for unknown values."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue()


def _aliases(has_cases: bool) -> list[tuple[str, str]]:
    books = (*contracts.NAMES_AS_SENT.items(), *parties.NAMES_AS_SENT.items())
    cases = books if has_cases else ()
    found = {
        (alias, payer_id)
        for payer_id, names in (*NAMES_AS_SENT.items(), *cases)
        if payer_id != UNKNOWN_PAYER
        for name in names
        for alias in (name.name.upper(), name.code, name.other_code)
        if alias
    }
    return sorted(found, key=lambda row: (row[1], row[0]))


def _case_policies() -> list[Policy]:
    # Waste is paid and no modifier asked for: the cases are about prices alone.
    return [Policy(row[0], True, requires_jw=False, requires_jz=False) for row in contracts.PAYERS]


def _list_prices() -> list[tuple[object, ...]]:
    return [
        (hcpcs, "", per, kind, price, day, "price list of the practice (synthetic)")
        for hcpcs, per, kind, price, day in contracts.LIST_PRICES
    ]


def _term_row(term: Term) -> tuple[object, ...]:
    return (
        term.term_id,
        term.contract_id,
        term.payer_id,
        term.line_of_business,
        term.claim_type,
        "*",
        "",
        term.hcpcs,
        "",
        term.method,
        term.rate,
        "",
        term.charge_cap,
        "latest",
        "0",
        term.sequestration,
        term.effective_from,
        term.effective_through,
        term.recorded_on,
        term.clause,
    )


def _policy_row(policy: Policy) -> tuple[object, ...]:
    return (
        policy.payer_id,
        policy.line_of_business,
        "*",
        "primary",
        "*",
        "yes",
        _yes(policy.pays_waste),
        _yes(policy.requires_jw),
        _yes(policy.requires_jz),
        _yes(policy.payer_id in ("alder", "birch", "fir", "hazel")),
        "no",
        "no",
        "synthetic desk, 555-555-0100",
        policy.effective_from,
        policy.effective_through,
        policy.source,
    )


def _yes(condition: bool) -> str:
    return "yes" if condition else "no"
