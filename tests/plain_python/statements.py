"""What each remit's own arithmetic says, and the provider adjustments beside its claims."""

from __future__ import annotations

from decimal import Decimal

from .events import Event
from .money import ZERO
from .remits import Remit, RemitClaim


def remit_balance_rows(remits: list[Remit]) -> list[dict]:
    """Return one row per remit: by how much it fails to balance (metrics 9)."""
    rows = []
    for remit in remits:
        told = [claim for claim in remit.claims if claim.is_told]
        line_difference = claim_difference = None
        if told or remit.transaction.has_se is not None:
            lines = [line for claim in told for line in claim.lines]
            line_difference = sum((abs(line.difference) for line in lines), ZERO)
            claim_difference = sum((abs(_claim_difference(each)) for each in told), ZERO)
        difference = _transaction_difference(remit)
        rows.append(
            {
                "source_file": remit.transaction.source_file,
                "transaction_number": remit.transaction.number,
                "line_difference_usd": line_difference,
                "claim_difference_usd": claim_difference,
                "transaction_difference_usd": difference,
                "balanced": _is_balanced(remit, line_difference, claim_difference, difference),
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


def _transaction_difference(remit: Remit) -> Decimal | None:
    """Return the payment less the claims paid and what is taken, None where it is not told."""
    if remit.payment_amount is None:
        return None
    paid = sum((claim.paid for claim in remit.claims), ZERO)
    taken = sum((each.amount for each in remit.provider_adjustments), ZERO)
    difference = remit.payment_amount - (paid - taken)
    is_taken_told = remit.transaction.has_se is not None or remit.provider_adjustments
    # What rows do not tell of take-backs may explain the difference (RULES 14.9).
    return difference if is_taken_told or not difference else None


def _is_balanced(remit: Remit, *differences: Decimal | None) -> bool | None:
    """Return whether nothing differs, None where rows do not tell (RULES 12.1, 14.9)."""
    if any(differences):
        return False
    if None in differences or not all(claim.is_told for claim in remit.claims):
        return None
    # A remit cut off before its SE cannot balance (RULES 1.3); one of rows has none to have.
    return remit.transaction.has_se is not False


def _claim_difference(claim: RemitClaim) -> Decimal:
    adjusted = sum((each.amount for each in claim.all_adjustments), ZERO)
    return claim.charge - adjusted - claim.paid
