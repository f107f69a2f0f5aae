"""The payers of the treatments, what they pay, and what they say about waste and documents."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from analytics.synthetic.x12_writer import Payer

PAYS_AND_ASKS, PAYS, REFUSES = "spruce", "willow", "tamarack"
# Before this day no policy of the payer that pays and asks for nothing is on file.
FIRST_POLICY = "2024-01-01"

# payer_id, payer_name, line_of_business, appeal, look back, corrected claim, filing days
PAYERS = (
    (PAYS_AND_ASKS, "Spruce Health (synthetic)", "commercial", 180, 730, 365, 365),
    (PAYS, "Willow Mutual (synthetic)", "commercial", 180, 730, 365, 365),
    (REFUSES, "Tamarack Plan (synthetic)", "commercial", 180, 730, 365, 365),
)
NAMES_AS_SENT = {
    PAYS_AND_ASKS: (
        Payer("SPRUCE HEALTH (SYNTHETIC)", "SYN12"),
        Payer("SPRUCE HLTH PLN SYNTHETIC", "SYN12A"),
    ),
    PAYS: (
        Payer("WILLOW MUTUAL (SYNTHETIC)", "SYN22"),
        Payer("WILLOW MUT INS SYNTHETIC", "SYN22A"),
    ),
    REFUSES: (
        Payer("TAMARACK PLAN (SYNTHETIC)", "SYN32"),
        Payer("TAMARACK HLTH SYNTHETIC", "SYN32A"),
    ),
}

# Dollars a unit, the same with every payer of the book.
RATES = {
    "J1324": Decimal("152.00"),
    "J9177": Decimal("38.00"),
    "J9271": Decimal("60.00"),
    "J9299": Decimal("33.00"),
    "J9355": Decimal("76.00"),
    "J1745": Decimal("62.00"),
    "96413": Decimal("250.00"),
}

_DEFAULTS = {
    "line_of_business": "*",
    "claim_type": "*",
    "payer_rank": "primary",
    "hcpcs": "*",
    "covered": "yes",
    "requires_step_therapy": "no",
    "specialty_pharmacy": "no",
    "um_contact": "synthetic desk, 555-555-0100",
    "effective_from": "2023-01-01",
    "source": "provider manual, discarded drugs (synthetic)",
}
_ASKS = {
    "pays_waste": "yes",
    "requires_jw": "yes",
    "requires_jz": "yes",
    "requires_prior_auth": "yes",
}
_LENIENT = {
    "pays_waste": "yes",
    "requires_jw": "no",
    "requires_jz": "no",
    "requires_prior_auth": "no",
}


def policy_rows() -> list[dict[str, str]]:
    """The rows of payer_policies.csv, by column; a column left out is not known."""
    told: tuple[dict[str, str], ...] = (
        {"payer_id": PAYS_AND_ASKS, **_ASKS},
        {"payer_id": PAYS_AND_ASKS, "hcpcs": "J1745", **_ASKS, "specialty_pharmacy": "yes"},
        {"payer_id": PAYS, **_LENIENT, "effective_from": FIRST_POLICY},
        {"payer_id": PAYS, **_LENIENT, "payer_rank": "secondary"},
        {
            "payer_id": REFUSES,
            "pays_waste": "no",
            "requires_jw": "no",
            "requires_jz": "no",
            "requires_step_therapy": "yes",
        },
    )
    return [{**_DEFAULTS, **row} for row in told]


def term_rows() -> Iterator[dict[str, str]]:
    """The rows of contract_terms.csv: a fixed rate for each code of each payer."""
    for payer_id in NAMES_AS_SENT:
        for hcpcs, rate in RATES.items():
            yield {
                "term_id": f"{payer_id.upper()}-{hcpcs}",
                "contract_id": f"{payer_id.upper()}-2023",
                "payer_id": payer_id,
                "line_of_business": "*",
                "claim_type": "*",
                "billing_id": "*",
                "hcpcs": hcpcs,
                "method": "fixed",
                "rate": str(rate),
                "charge_cap": "none",
                "price_vintage": "latest",
                "price_lag_days": "0",
                "sequestration": "no",
                "effective_from": "2023-01-01",
                "recorded_on": "2022-12-01",
                "clause": f"Invented for the treatments: {rate} a unit.",
            }
