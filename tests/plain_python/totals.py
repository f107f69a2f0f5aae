"""Counts and dollars by payer, drug and month, and the rates of one code by payer."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from .judged import Judged
from .money import CENT, ZERO
from .reference import Reference
from .rows import is_mature

DENIED = ("denied", "zero_no_reason")
LEAKAGE = {"A": "leakage_administration_usd", "B": "leakage_ndc_usd", "C": "leakage_theory_usd"}
NOT_IN_RATE = ("open", "returned", "suppressed", "duplicate", "bundled")


def month_rows(drug_lines: list[Judged], ledger: list[dict]) -> list[dict]:
    """Return primary drug lines by payer, line of business, drug, code and service month."""
    months: dict[tuple, dict] = defaultdict(_empty_month)
    for each in drug_lines:
        if each.line.rank != "primary" or each.line.service_date is None:
            continue
        month = months[
            each.line.facts.payer.payer_id,
            each.price.line_of_business,
            each.identity.drug or "unknown",
            each.line.hcpcs or "none",
            _month_of(each.line.service_date),
        ]
        gap = each.gap
        month["lines"] += 1
        month["allowed_usd"] += each.outcome.amounts.allowed
        month["paid_usd"] += each.outcome.amounts.paid
        for column, known in (
            ("charge_usd", each.line.charge),
            ("billed_units", each.line.units),
            ("expected_allowed_usd", each.price.expected),
            ("denied_expected_usd", gap.denied_expected),
        ):
            if known is not None:
                month[column] = (month[column] or ZERO) + known
        month["shortfall_usd"] += gap.shortfall
        month["overpaid_usd"] += gap.overpaid
        month["payer_owed_usd"] += gap.payer_owed
        is_answered = each.outcome.name in ("paid", "partly_denied", *DENIED)
        month["unpriced_lines"] += is_answered and each.price.expected is None
        month["matched_lines"] += gap.match_basis is not None
    for row in ledger:
        if row["payer_rank"] != "primary":
            # A secondary payer has no dollars in the ledger, nor lines here (RULES 10.10).
            continue
        key = ("payer_id", "line_of_business", "drug", "hcpcs")
        month = months[*(row[column] for column in key), _month_of(row["service_date"])]
        if row["vial_evidence"]:
            month[LEAKAGE[row["vial_evidence"]]] += row["leakage_usd"] or ZERO
    names = ("payer_id", "line_of_business", "drug", "hcpcs", "service_month")
    return [dict(zip(names, key, strict=True)) | month for key, month in months.items()]


def rate_rows(drug_lines: list[Judged], reference: Reference, *, hcpcs: str) -> list[dict]:
    """Return, per payer, the price match counts and both line rates' sides (RULES 11)."""
    by_payer: dict[str, list[Judged]] = defaultdict(list)
    for each in drug_lines:
        if each.line.hcpcs == hcpcs and each.line.rank == "primary":
            by_payer[each.line.facts.payer.payer_id].append(each)
    rows = []
    for payer_id, lines in by_payer.items():
        mature = [each for each in lines if is_mature(each.line, reference)]
        initial = [each for each in mature if _counts_at_first(each)]
        final = [each for each in mature if _counts_now(each)]
        rows.append(
            {
                "payer_id": payer_id,
                "hcpcs": hcpcs,
                "matched_lines": sum(each.gap.match_basis is not None for each in lines),
                # A cent left of a denied part is rounding (RULES 11.2).
                "short_lines": sum(each.gap.shortfall > CENT for each in lines),
                "over_lines": sum(each.gap.overpaid > 0 for each in lines),
                "line_initial_denied": sum(each.initial.name in DENIED for each in initial),
                "line_initial_lines": len(initial),
                "line_final_denied": sum(each.outcome.name in DENIED for each in final),
                "line_final_lines": len(final),
            }
        )
    return rows


def _counts_at_first(each: Judged) -> bool:
    """Return whether a line stands below the initial rate (RULES 11.1)."""
    return each.initial is not None and each.initial.name not in NOT_IN_RATE


def _counts_now(each: Judged) -> bool:
    """Return whether a line stands below the final rate (RULES 11.1)."""
    if each.outcome.name == "closed_unpaid":
        return _counts_at_first(each)
    return each.outcome.name not in NOT_IN_RATE


def _month_of(day: date | None) -> date | None:
    return day.replace(day=1) if day else None


def _empty_month() -> dict:
    counts = dict.fromkeys(("lines", "unpriced_lines", "matched_lines"), 0)
    dollars = dict.fromkeys(
        (
            "allowed_usd",
            "paid_usd",
            "shortfall_usd",
            "overpaid_usd",
            "payer_owed_usd",
            *LEAKAGE.values(),
        ),
        ZERO,
    )
    # What no line tells, or no line is priced at, is null, never zero (RULES 13).
    unknown = dict.fromkeys(
        ("billed_units", "charge_usd", "expected_allowed_usd", "denied_expected_usd")
    )
    return counts | dollars | unknown
