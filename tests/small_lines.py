"""One valid drug line, one valid treatment; a test overrides only what it is about."""

from datetime import date
from decimal import Decimal

import polars as pl

MONEY = pl.Decimal(18, 2)
UNITS = pl.Decimal(18, 3)

LINE = {
    "claim_id": pl.String,
    "line_number": pl.Int32,
    "payer_id": pl.String,
    "payer_name": pl.String,
    "payer_rank": pl.String,
    "hcpcs": pl.String,
    "drug": pl.String,
    "service_date": pl.Date,
    "identity_basis": pl.String,
    "outcome": pl.String,
    "initial_outcome": pl.String,
    "is_mature": pl.Boolean,
    "charge_usd": MONEY,
    "allowed_usd": MONEY,
    "expected_allowed_usd": MONEY,
    "pricing_basis": pl.String,
    "gap_usd": MONEY,
    "gap_basis": pl.String,
    "match_basis": pl.String,
    "shortfall_usd": MONEY,
    "overpaid_usd": MONEY,
    "penny_usd": MONEY,
    "payer_owed_usd": MONEY,
    "patient_owed_usd": MONEY,
    "past_window_usd": MONEY,
    "ask_usd": MONEY,
    "denied_expected_usd": MONEY,
}
TREATMENT = {
    "claim_id": pl.String,
    "payer_id": pl.String,
    "payer_name": pl.String,
    "hcpcs": pl.String,
    "drug": pl.String,
    "service_date": pl.Date,
    "vial_evidence": pl.String,
    "finding": pl.String,
    "missed_units": UNITS,
    "leakage_usd": MONEY,
    "denied_usd": MONEY,
    "short_paid_usd": MONEY,
    "overbilled_usd": MONEY,
    "structural_usd": MONEY,
    "policy_unknown_usd": MONEY,
}
NO_MONEY = dict.fromkeys(
    (
        "shortfall_usd",
        "overpaid_usd",
        "penny_usd",
        "payer_owed_usd",
        "patient_owed_usd",
        "past_window_usd",
        "ask_usd",
    ),
    "0.00",
)


def a_line(**changes: object) -> dict[str, object]:
    """One J1324 line of 90 units, paid exactly at contract (base contract: 90 x 0.7425 = 66.83)."""
    return {
        "claim_id": "C1",
        "line_number": 1,
        "payer_id": "birch",
        "payer_name": "Birch",
        "payer_rank": "primary",
        "hcpcs": "J1324",
        "drug": "enfortumab vedotin-ejfv",
        "service_date": date(2026, 3, 2),
        "identity_basis": "house_code",
        "outcome": "paid",
        "initial_outcome": "paid",
        "is_mature": True,
        "charge_usd": "180.00",
        "allowed_usd": "66.83",
        "expected_allowed_usd": "66.83",
        "pricing_basis": "priced: 90 x 0.7425",
        "gap_usd": "0.00",
        "gap_basis": "compared: priced: 90 x 0.7425",
        "match_basis": "line",
        **NO_MONEY,
        "denied_expected_usd": "0.00",
    } | changes


def a_short_line(**changes: object) -> dict[str, object]:
    """The same line at the stale rate 0.7150: 2.48 short, 1.98 of it the payer's."""
    short = {"allowed_usd": "64.35", "gap_usd": "2.48", "match_basis": None}
    short |= {"shortfall_usd": "2.48", "payer_owed_usd": "1.98", "patient_owed_usd": "0.50"}
    short |= {"ask_usd": "1.98"}
    return a_line(**short | changes)


def an_overpaid_line(**changes: object) -> dict[str, object]:
    """The same line allowed 133.17 above contract."""
    over = {"allowed_usd": "200.00", "gap_usd": "-133.17", "match_basis": None}
    return a_line(**over | {"overpaid_usd": "133.17"} | changes)


def an_unpriced_line(**changes: object) -> dict[str, object]:
    """The same line under no contract term: allowed, never compared."""
    unpriced = {"expected_allowed_usd": None, "gap_usd": None, "match_basis": None}
    return a_line(**unpriced | {"pricing_basis": "not priced: no term"} | changes)


def a_denied_line(**changes: object) -> dict[str, object]:
    """The same line denied at first and still: 66.83 at stake, no gap."""
    denied = {"outcome": "denied", "initial_outcome": "denied", "allowed_usd": "0.00"}
    denied |= {"gap_usd": None, "match_basis": None, "denied_expected_usd": "66.83"}
    return a_line(**denied | changes)


def a_treatment(**changes: object) -> dict[str, object]:
    """One J1745 treatment of 305 mg from four 100 mg vials; 9 units at 31.479 were not billed."""
    return {
        "claim_id": "C1",
        "payer_id": "birch",
        "payer_name": "Birch",
        "hcpcs": "J1745",
        "drug": "infliximab",
        "service_date": date(2026, 3, 2),
        "vial_evidence": "B",
        "finding": "missed",
        "missed_units": "9.000",
        "leakage_usd": "283.31",
        "denied_usd": "0.00",
        "short_paid_usd": "0.00",
        "overbilled_usd": "0.00",
        "structural_usd": "0.00",
        "policy_unknown_usd": "0.00",
    } | changes


def lines_of(*lines: dict[str, object]) -> pl.LazyFrame:
    """The lines as the published table has them."""
    return _frame(lines, LINE)


def ledger_of(*treatments: dict[str, object]) -> pl.LazyFrame:
    """The treatments as the published table has them."""
    return _frame(treatments, TREATMENT)


def _frame(rows: tuple[dict[str, object], ...], schema: dict[str, pl.DataType]) -> pl.LazyFrame:
    exact = [
        {
            column: Decimal(value) if schema[column].is_decimal() and value is not None else value
            for column, value in row.items()
        }
        for row in rows
    ]
    return pl.LazyFrame(exact, schema=schema)
