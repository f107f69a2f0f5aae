"""What an extract cannot tell because columns were left out, as a sentence for the load ledger."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.intake.extracts.columns import CLAIM_LINES, REMIT_LINES, ExtractKind

_PAYER = ("payer_code", "payer_name")
# Columns that were all left out, and what nobody can say without them.
_UNTOLD: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    CLAIM_LINES.name: (
        (_PAYER, "the payer, so no line is priced and no answer finds its claim by payer"),
        (("submitted_date",), "the day a claim was sent; its last service date stands for it"),
        (("payer_rank",), "the payer's rank; every claim counts as sent to the primary payer"),
        (("claim_type",), "the claim type; terms for one type of claim do not hold"),
        (("patient_id",), "the patient; waste is counted claim by claim"),
        (("hcpcs",), "codes; no line is known as a drug or priced"),
        (("units",), "billed units; no line is priced by the unit"),
        (("charge_usd",), "charges"),
        (("service_date", "statement_date"), "the day of service; no line is priced"),
    ),
    REMIT_LINES.name: (
        (_PAYER, "the payer; no claim line is answered by a payer it was sent to"),
        (("status_code",), "the claim status; a row below zero counts as a reversal"),
        (("payer_control_number",), "the payer's claim number; reversals are paired by amounts"),
        (("payment_amount_usd",), "the payment as a whole, nor whether it ties to its claims"),
        (("hcpcs",), "codes; lines are matched by control number or place"),
        (("paid_units",), "paid units"),
    ),
}


def untold(kind: ExtractKind, left_out: Sequence[str], unanswered: int) -> str | None:
    """What the file does not say; None where it says all that figures need.

    >>> untold(REMIT_LINES, ("paid_units",), 0)
    'it does not tell: paid units.'
    """
    missing = set(left_out)
    said = [words for columns, words in _UNTOLD.get(kind.name, ()) if set(columns) <= missing]
    sentences = [f"it does not tell: {'; '.join(said)}."] if said else []
    if unanswered:
        rows = "1 row is" if unanswered == 1 else f"{unanswered:,} rows are"
        sentences.append(
            f"{rows} paid 0.00 and no adjustment says why, so a denial cannot be told from a "
            "deductible: the claim lines stay open. Put in the adjustments."
        )
    return " ".join(sentences) or None
