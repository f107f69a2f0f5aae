"""What each remit's own arithmetic says, and the provider adjustments beside its claims."""

from __future__ import annotations

from .events import Event
from .money import ZERO
from .remits import Remit, RemitClaim


def remit_balance_rows(remits: list[Remit]) -> list[dict]:
    """Return one row per remit: by how much it fails to balance (metrics 9)."""
    rows = []
    for remit in remits:
        lines = [line for claim in remit.claims for line in claim.lines]
        line_difference = sum((abs(line.difference) for line in lines), ZERO)
        claim_difference = sum((abs(_claim_difference(each)) for each in remit.claims), ZERO)
        paid = sum((claim.paid for claim in remit.claims), ZERO)
        taken = sum((each.amount for each in remit.provider_adjustments), ZERO)
        difference = remit.payment_amount - (paid - taken)
        balances = not (line_difference or claim_difference or difference)
        rows.append(
            {
                "source_file": remit.transaction.source_file,
                "transaction_number": remit.transaction.number,
                "line_difference_usd": line_difference,
                "claim_difference_usd": claim_difference,
                "transaction_difference_usd": difference,
                # A remit cut off before its SE cannot balance (RULES 1.3).
                "balanced": balances and remit.transaction.has_se,
            }
        )
    return rows


def provider_adjustment_rows(remits: list[Remit], events: list[Event]) -> list[dict]:
    """Return one row per PLB pair, linked to the claim its reference names, if one."""
    named: dict[tuple[str, str], set[str]] = {}
    for event in events:
        for text in (event.remit_claim.payer_control_number, event.remit_claim.claim_number):
            if text:
                named.setdefault((event.payer_id, text), set()).add(event.claim.claim_id)
    rows = []
    for remit in remits:
        for each in remit.provider_adjustments:
            claims = named.get((remit.payer.payer_id, each.reference_id or ""), set())
            rows.append(
                {
                    "source_file": remit.transaction.source_file,
                    "transaction_number": remit.transaction.number,
                    "payer_id": remit.payer.payer_id,
                    "reason_code": each.reason_code,
                    "reference_id": each.reference_id,
                    "amount_usd": each.amount,
                    "linked_claim_id": next(iter(claims)) if len(claims) == 1 else None,
                }
            )
    return rows


def _claim_difference(claim: RemitClaim) -> object:
    adjusted = sum((each.amount for each in claim.all_adjustments), ZERO)
    return claim.charge - adjusted - claim.paid
