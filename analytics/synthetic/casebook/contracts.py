"""The payers of the cases and what they signed: every method, cap, lag, rounding and vintage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from analytics.synthetic.x12_writer import Payer

START, SIGNED = "2024-01-01", "2023-12-01"
SECOND_SITE_NPI = "1999999992"
AMENDED_ON = date(2026, 1, 15)
CLAUSES = "Invented for the cases: "

# payer_id, payer_name, line_of_business, appeal, look back, corrected claim, filing days
PAYERS = (
    ("larch", "Larch Health Plan (synthetic)", "commercial", 180, 730, 365, 365),
    ("maple", "Maple Benefit Fund (synthetic)", "commercial", 180, 730, 365, 365),
    ("rowan", "Rowan Health (synthetic)", "commercial", 180, 730, 365, 365),
)
NAMES_AS_SENT = {
    "larch": (
        Payer("LARCH HEALTH PLAN (SYNTHETIC)", "SYN11"),
        Payer("LARCH HLTH PLN SYNTHETIC", "SYN11A"),
    ),
    "maple": (
        Payer("MAPLE BENEFIT FUND (SYNTHETIC)", "SYN21"),
        Payer("MAPLE BNFT FND SYNTHETIC", "SYN21A"),
    ),
    "rowan": (
        Payer("ROWAN HEALTH (SYNTHETIC)", "SYN31"),
        Payer("ROWAN HLTH SYNTHETIC", "SYN31A"),
    ),
    "medicare": (Payer("MEDICARE CONTRACTOR (SYNTHETIC)", "SYN40"),),
}

# hcpcs, per, price_kind, price, effective_from
LIST_PRICES = (
    ("J9271", "unit", "awp", Decimal("70.25"), "2024-01-01"),
    ("J9271", "unit", "awp", Decimal("72.40"), "2025-01-01"),
    ("J9271", "unit", "awp", Decimal("74.10"), "2025-10-01"),
    ("J9299", "mg", "wac", Decimal("32.105"), "2024-01-01"),
    ("J9299", "mg", "wac", Decimal("33.004"), "2025-04-01"),
    ("J9177", "mg", "wac", Decimal("141.20"), "2024-01-01"),
    ("J9177", "mg", "wac", Decimal("146.85"), "2025-07-01"),
    ("J9299", "mg", "acquisition", Decimal("30.75"), "2024-01-01"),
)

# Columns of contract_terms.csv; what a row leaves out is the default below.
_DEFAULTS = {
    "line_of_business": "*",
    "claim_type": "*",
    "billing_id": "*",
    "charge_cap": "none",
    "price_vintage": "latest",
    "price_lag_days": "0",
    "sequestration": "no",
    "effective_from": START,
    "recorded_on": SIGNED,
}
_PROFESSIONAL = {"line_of_business": "commercial", "claim_type": "professional"}
_RENEWED = {"effective_from": "2025-01-01", "recorded_on": "2024-11-15"}
_AMENDED = {"effective_from": "2025-07-01", "recorded_on": AMENDED_ON.isoformat()}
_NOT_YET_KNOWN = {"effective_from": "2025-01-01", "recorded_on": "2026-04-20"}

# term, code (or another key), method, rate, clause, and what is not the default.
_TERMS = (
    ("LARCH-J9177", "J9177", "pct_of_limit", "104", "104% of the limit", _PROFESSIONAL),
    ("LARCH-J1324", "J1324", "pct_of_limit", "104", "104% of the limit", _PROFESSIONAL),
    (
        "LARCH-J9177-MA",
        "J9177",
        "pct_of_limit",
        "100",
        "Medicare Advantage at the limit",
        {"line_of_business": "medicare_advantage"},
    ),
    (
        "LARCH-J9177-INST",
        "J9177",
        "pct_of_charge",
        "46",
        "hospital drugs at 46% of charges",
        {"line_of_business": "commercial", "claim_type": "institutional"},
    ),
    ("LARCH-J9299", "J9299", "pct_of_limit", "108", "108% of the limit", {}),
    (
        "LARCH-J9355",
        "J9355",
        "pct_of_limit",
        "101",
        "101% of the limit, which applies 45 days into its quarter",
        {"price_lag_days": "45"},
    ),
    (
        "LARCH-J9355-SITE2",
        "J9355",
        "pct_of_limit",
        "103.5",
        "the second site at 103.5% of the limit",
        {"billing_id": SECOND_SITE_NPI},
    ),
    (
        "LARCH-J9271",
        "J9271",
        "pct_of_limit",
        "105",
        "105% of the limit, unit prices in cents",
        {"price_decimals": "2"},
    ),
    ("LARCH-J1745", "J1745", "asp_plus", "8", "the average sales price plus 8%", {}),
    (
        "LARCH-J9303",
        "J9303",
        "pct_of_limit",
        "103",
        "103% of the limit or the charge of the line, whichever is less",
        {"charge_cap": "line"},
    ),
    ("LARCH-J1454", "J1454", "pct_of_limit", "100", "the limit as last restated", {}),
    ("ROWAN-J9177", "J9177", "fixed", "38.00", "38.00 a unit", {}),
    ("ROWAN-J9177", "J9177", "fixed", "39.25", "39.25 a unit from 2025-01-01", _RENEWED),
    ("ROWAN-J9177", "J9177", "fixed", "40.10", "40.10 a unit back to 2025-07-01", _AMENDED),
    ("ROWAN-J9177", "J9177", "fixed", "42.00", "42.00 a unit, signed later", _NOT_YET_KNOWN),
    ("ROWAN-J9299", "J9299", "fixed", "34.10", "34.10 a unit", {}),
    (
        "ROWAN-J9355-A",
        "J9355",
        "fixed",
        "79.00",
        "79.00 a unit until 2025-06-30",
        {"effective_through": "2025-06-30"},
    ),
    (
        "ROWAN-J9355-B",
        "J9355",
        "fixed",
        "77.50",
        "77.50 a unit from 2025-07-01",
        {"effective_from": "2025-07-01", "recorded_on": "2025-05-20"},
    ),
    (
        "ROWAN-INFLIXIMAB",
        "",
        "fixed",
        "3.15",
        "infliximab at 3.15 a milligram, whatever its code",
        {"drug": "infliximab"},
    ),
    (
        "ROWAN-PANITUMUMAB",
        "",
        "pct_of_limit",
        "102",
        "panitumumab at 102% of the limit, whatever its code",
        {"drug": "panitumumab"},
    ),
    (
        "ROWAN-J1454",
        "J1454",
        "pct_of_limit",
        "100",
        "the limit as published when first paid",
        {"price_vintage": ""},
    ),
    ("MAPLE-J9271", "J9271", "awp_minus", "17", "AWP less 17%", {}),
    ("MAPLE-J9299", "J9299", "wac_plus", "3", "WAC plus 3%", {}),
    ("MAPLE-J9177", "J9177", "wac_plus", "2.5", "WAC plus 2.5%", {}),
    ("MAPLE-J9355", "J9355", "pct_of_charge", "48", "48% of the charge", {}),
    (
        "MAPLE-50242013210",
        "",
        "pct_of_charge",
        "50",
        "50% of the charge for this package",
        {"ndc11": "50242013210"},
    ),
    ("MAPLE-J1745", "J1745", "case_rate", "", "one case rate a visit", {}),
    (
        "MAPLE-J9303",
        "J9303",
        "pct_of_limit",
        "106",
        "106% of the limit, the claim never above its charges",
        {"charge_cap": "claim"},
    ),
    (
        "MAPLE-96413",
        "96413",
        "fixed",
        "285.00",
        "285.00 an infusion, the claim never above its charges",
        {"charge_cap": "claim"},
    ),
    (
        "MAPLE-J1454",
        "J1454",
        "pct_of_limit",
        "100",
        "the limit as first published",
        {"price_vintage": "first"},
    ),
)


def term_rows() -> list[dict[str, str]]:
    """The rows of contract_terms.csv, by column; a column left out is empty."""
    return [
        {
            **_DEFAULTS,
            "term_id": term_id,
            "contract_id": f"{term_id.partition('-')[0]}-2024",
            "payer_id": term_id.partition("-")[0].lower(),
            "hcpcs": hcpcs,
            "method": method,
            "rate": rate,
            "clause": CLAUSES + clause,
            **more,
        }
        for term_id, hcpcs, method, rate, clause, more in _TERMS
    ]
