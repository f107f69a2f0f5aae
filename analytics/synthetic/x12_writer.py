"""Claims and remits as X12 5010 text: 837P (005010X222A1), 837I (005010X223A2), 835 (005010X221A1).

`render_837(claims)` and `render_835(remits)` each give one whole interchange whose counts and
amounts balance, unless a record states an amount that does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from analytics.synthetic.x12_claims import claims_body
from analytics.synthetic.x12_records import (
    BILLING_NPI,
    BILLING_TAX_ID,
    Adjustment,
    Claim,
    ClaimLine,
    OtherPayer,
    Patient,
    Payer,
    ProviderAdjustment,
    Remit,
    RemitClaim,
    RemitLine,
    reversal_of,
)
from analytics.synthetic.x12_remits import remit_body
from analytics.synthetic.x12_text import Envelope, Group, interchange, number_text

__all__ = [
    "BILLING_NPI",
    "BILLING_TAX_ID",
    "Adjustment",
    "Claim",
    "ClaimLine",
    "Envelope",
    "OtherPayer",
    "Patient",
    "Payer",
    "ProviderAdjustment",
    "Remit",
    "RemitClaim",
    "RemitLine",
    "number_text",
    "render_835",
    "render_837",
    "reversal_of",
]

VERSIONS = {"professional": "005010X222A1", "institutional": "005010X223A2"}
REMIT_VERSION = "005010X221A1"


def render_837(claims: Sequence[Claim], envelope: Envelope | None = None) -> str:
    """One interchange of claims: a group per claim type, a transaction per submitted date.

    Order is kept: claims that follow each other with the same type and date share a transaction.
    The group's date is the envelope's, else the latest submitted date.

    Takes    claims, at least one, and the envelope
    Returns  the text of the interchange
    Raises   ValueError when there are no claims or an element holds a delimiter

    >>> from datetime import date
    >>> line = ClaimLine("J1324", "180.00", 90, date(2026, 2, 10))
    >>> "SV1*HC:J1324*180*UN*90***1~" in render_837([Claim("SYN-1", (line,), date(2026, 2, 12))])
    True
    """
    envelope = envelope or Envelope()
    sent = envelope.sent_date or max((claim.submitted_date for claim in claims), default=None)
    groups = []
    for claim_type, same_type in groupby(claims, key=lambda claim: claim.claim_type):
        by_date = groupby(same_type, key=lambda claim: claim.submitted_date)
        bodies = [list(claims_body(day, list(found), claim_type)) for day, found in by_date]
        groups.append(Group("HC", "837", VERSIONS[claim_type], bodies))
    return interchange(groups, envelope, sent)


def render_835(remits: Sequence[Remit], envelope: Envelope | None = None) -> str:
    """One interchange of remits, one transaction each.

    BPR02 is the sum of CLP04 less the sum of PLB unless the remit states an amount.

    Takes    remits, at least one, and the envelope
    Returns  the text of the interchange
    Raises   ValueError when there are no remits or a cheque would be negative

    >>> from datetime import date
    >>> cut = Adjustment("CO", "45", "126.54")
    >>> paid = RemitLine("J1324", "180.00", adjustments=(cut,), paid_units=90)
    >>> remit = Remit(date(2026, 3, 1), (RemitClaim("SYN-1", (paid,)),))
    >>> "BPR*I*53.46*C*" in render_835([remit])
    True
    """
    envelope = envelope or Envelope()
    sent = envelope.sent_date or max((remit.payment_date for remit in remits), default=None)
    bodies = [list(remit_body(remit)) for remit in remits]
    return interchange(
        [Group("HP", "835", REMIT_VERSION, bodies)] if bodies else [], envelope, sent
    )
