"""The remits of the 835 transactions, read segment by segment."""

from __future__ import annotations

from datetime import date

from .money import ZERO, dollars_of, spread, units_of, x12_date
from .reference import Reference
from .remits import Adjustment, ProviderAdjustment, Remit, RemitClaim, RemitLine, part_of
from .x12 import Segment, Transaction, revenue_code_of


def remits_in(transactions: list[Transaction], reference: Reference) -> list[Remit]:
    """Return the remits paid by as-of, in no order."""
    remits = [_Reader(each, reference).read() for each in transactions if each.kind == "835"]
    return [each for each in remits if (each.payment_date or date.min) <= reference.as_of]


class _Reader:
    """Carries the open loop from segment to segment of one 835."""

    def __init__(self, transaction: Transaction, reference: Reference) -> None:
        self.reference = reference
        self.remit = Remit(transaction)
        self.party = ""
        self.payer_ids: list[str | None] = [None, None]
        self.payer_name: str | None = None
        self.production_date: date | None = None
        self.claim: RemitClaim | None = None
        self.line: RemitLine | None = None
        self.adjustment_number = 0

    def read(self) -> Remit:
        for segment in self.remit.transaction.segments:
            handler = getattr(self, f"on_{segment.name.lower()}", None)
            if handler:
                handler(segment)
        remit = self.remit
        remit.payer = self.reference.payer_named(self.payer_ids, self.payer_name)
        remit.payment_date = (
            remit.payment_date or self.production_date or x12_date(remit.transaction.gs_date)
        )
        for claim in remit.claims:
            whose = claim.member or claim.subscriber
            claim.patient_key = self.reference.patient_key(whose, None, None)
            share_claim_level(claim)
        return remit

    def on_bpr(self, segment: Segment) -> None:
        amount = dollars_of(segment.get(2)) or ZERO
        # BPR03 D: the practice pays the payer (RULES 12.1).
        self.remit.payment_amount = -amount if _upper(segment.get(3)) == "D" else amount
        self.remit.payment_date = x12_date(segment.get(16))

    def on_n1(self, segment: Segment) -> None:
        if self.claim is not None:
            return
        self.party = segment.get(1) or ""
        if self.party == "PR":
            self.payer_name = segment.get(2)
            self.payer_ids[0] = segment.get(4)
        if self.party == "PE" and segment.get(3) == "XX":
            self.remit.payee_npi = segment.get(4)
        if self.party == "PE" and segment.get(3) == "FI":
            self.remit.payee_tax_id = segment.get(4)

    def on_lx(self, _segment: Segment) -> None:
        self.claim = self.line = None
        self.party = "header"

    on_ts3 = on_ts2 = on_lx

    def on_clp(self, segment: Segment) -> None:
        self.line = None
        self.party = "claim"
        self.adjustment_number = 0
        self.claim = RemitClaim(
            remit=self.remit,
            number=len(self.remit.claims) + 1,
            offset=segment.offset,
            claim_number=segment.get(1) or "",
            status=segment.get(2) or "",
            charge=dollars_of(segment.get(3)) or ZERO,
            paid=dollars_of(segment.get(4)) or ZERO,
            filing_code=_upper(segment.get(6)),
            payer_control_number=segment.get(7),
            place_of_service=segment.get(8),
        )
        self.remit.claims.append(self.claim)

    def on_svc(self, segment: Segment) -> None:
        if self.claim is None:
            return
        code = [part.upper() for part in segment.components(1)]
        is_revenue = code[0] == "NU"
        original = segment.components(6)
        self.line = RemitLine(
            number=len(self.claim.lines) + 1,
            offset=segment.offset,
            hcpcs=None if is_revenue or len(code) < 2 else code[1] or None,
            modifiers=tuple(part for part in code[2:6] if part),
            charge=dollars_of(segment.get(2)) or ZERO,
            paid=dollars_of(segment.get(3)) or ZERO,
            revenue_code=revenue_code_of(
                segment.get(4) or (code[1] if is_revenue and len(code) > 1 else None)
            ),
            paid_units=units_of(segment.get(5)),
            original_hcpcs=_upper(original[1]) if len(original) > 1 else None,
            original_units=units_of(segment.get(7)),
        )
        self.claim.lines.append(self.line)

    def on_cas(self, segment: Segment) -> None:
        if self.claim is None:
            return
        target = self.line.own_adjustments if self.line else self.claim.adjustments
        for place in range(2, 20, 3):
            if segment.get(place) is None:
                continue
            self.adjustment_number += 1
            target.append(
                Adjustment(
                    self.adjustment_number,
                    _upper(segment.get(1)) or "",
                    _upper(segment.get(place)) or "",
                    dollars_of(segment.get(place + 1)) or ZERO,
                    units_of(segment.get(place + 2)),
                )
            )

    def on_dtm(self, segment: Segment) -> None:
        kind, day = segment.get(1), x12_date(segment.get(2))
        if self.claim is None:
            if kind == "405":
                self.production_date = day
        elif self.line is None:
            self.claim.service_date = day if kind == "232" else self.claim.service_date
            self.claim.through_date = day if kind == "233" else self.claim.through_date
        elif kind == "472":
            self.line.service_date = day
            self.line.through_date = self.line.through_date or day
        elif kind == "150":
            self.line.service_date = self.line.service_date or day
        elif kind == "151":
            self.line.through_date = day

    def on_ref(self, segment: Segment) -> None:
        kind, reference_id = segment.get(1), segment.get(2)
        if self.claim is None:
            if self.party == "PR" and kind == "2U":
                self.payer_ids[1] = reference_id
            if self.party == "PE" and kind == "TJ":
                self.remit.payee_tax_id = reference_id
        elif self.line is not None and kind == "6R":
            self.line.control_number = reference_id

    def on_nm1(self, segment: Segment) -> None:
        if self.claim is None:
            return
        if segment.get(1) == "QC":
            self.claim.member = segment.get(9)
        if segment.get(1) == "IL":
            self.claim.subscriber = segment.get(9)

    def on_amt(self, segment: Segment) -> None:
        amount = dollars_of(segment.get(2))
        if self.claim is None or amount is None:
            return
        if segment.get(1) == "I" and self.line is None:
            self.claim.interest += amount
        elif segment.get(1) == "I":
            self.line.interest += amount
        elif segment.get(1) == "B6" and self.line is not None:
            self.line.allowed_reported = amount

    def on_lq(self, segment: Segment) -> None:
        if self.line is not None and segment.get(1) == "HE" and segment.get(2):
            self.line.remark_codes.append(segment.get(2).upper())

    def on_moa(self, segment: Segment) -> None:
        self._remarks(segment, (3, 4, 5, 6, 7))

    def on_mia(self, segment: Segment) -> None:
        self._remarks(segment, (5, 20, 21, 22, 23))

    def _remarks(self, segment: Segment, places: tuple[int, ...]) -> None:
        if self.claim is not None:
            codes = [segment.get(place) for place in places]
            self.claim.remark_codes += [code.upper() for code in codes if code]

    def on_plb(self, segment: Segment) -> None:
        self.claim = self.line = None
        for place in range(3, 15, 2):
            amount = dollars_of(segment.get(place + 1))
            if amount is not None:
                reason = segment.components(place)
                reference_id = reason[1] if len(reason) > 1 else None
                self.remit.provider_adjustments.append(
                    ProviderAdjustment(reason[0].upper(), reference_id or None, amount)
                )


def share_claim_level(claim: RemitClaim) -> None:
    """Spread claim-level adjustments and interest over the lines (RULES 5.4)."""
    if not claim.lines:
        return
    weights = [line.paid for line in claim.lines]
    if not any(weights):
        weights = [line.charge for line in claim.lines]
    for line, part in zip(claim.lines, spread(claim.interest, weights), strict=True):
        line.interest += part
    if sum((line.paid for line in claim.lines), ZERO) == claim.paid:
        # The lines are paid in full: the claim level explains what they leave open.
        for line in claim.lines:
            line.is_explained_by_claim = True
        left_open = [line.difference for line in claim.lines]
        weights = left_open if any(left_open) else weights
    for adjustment in claim.adjustments:
        parts = spread(adjustment.amount, weights)
        for line, part in zip(claim.lines, parts, strict=True):
            if part or not adjustment.amount:
                line.shared_adjustments.append(part_of(adjustment, part))


def _upper(text: str | None) -> str | None:
    return text.upper() if text else None
