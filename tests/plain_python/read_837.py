"""The claims of the 837 transactions, read segment by segment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .money import ZERO, dollars_of, units_of, x12_date
from .reference import Reference
from .submissions import BilledLine, Submission
from .x12 import Segment, Transaction, revenue_code_of

# Principal and other diagnoses, ICD-10 and ICD-9.
DIAGNOSES = ("ABK", "ABF", "BK", "BF")
RANK_OF_SBR01 = {"P": "primary", "S": "secondary"}
TYPE_OF_VERSION = {
    "X222": "professional",
    "X098": "professional",
    "X223": "institutional",
    "X096": "institutional",
    "X224": "dental",
    "X097": "dental",
}


def submissions_in(transactions: list[Transaction], reference: Reference) -> list[Submission]:
    """Return the submissions sent by as-of, in no order (RULES 3.1)."""
    return [
        submission
        for transaction in transactions
        if transaction.kind == "837"
        for submission in _Reader(transaction, reference).read()
        if (submission.submitted_date or date.min) <= reference.as_of
    ]


@dataclass
class _Person:
    member: str | None = None
    birth: str | None = None
    first: str | None = None


class _Reader:
    """Carries the open loops from segment to segment of one 837."""

    def __init__(self, transaction: Transaction, reference: Reference) -> None:
        self.transaction = transaction
        self.reference = reference
        self.submitted_date = x12_date(transaction.gs_date)
        self.claim_type = _claim_type(transaction)
        self.found: list[Submission] = []
        self.npi = self.tax_id = None
        self.open_subscriber()
        self.place = "header"
        self.claim: Submission | None = None
        self.line: BilledLine | None = None

    def open_subscriber(self) -> None:
        self.rank = "tertiary"
        self.filing_code = self.group_number = None
        self.payer_code = self.payer_name = None
        self.subscriber = _Person()
        self.patient: _Person | None = None

    def read(self) -> list[Submission]:
        for segment in self.transaction.segments:
            handler = getattr(self, f"on_{segment.name.lower()}", None)
            if handler:
                handler(segment)
        for submission in self.found:
            fill_line_dates(submission)
        return self.found

    def on_bht(self, segment: Segment) -> None:
        self.submitted_date = x12_date(segment.get(4)) or self.submitted_date

    def on_hl(self, segment: Segment) -> None:
        self.claim = self.line = None
        self.place = segment.get(3) or ""
        if self.place == "20":
            self.npi = self.tax_id = None
        if self.place in ("20", "22"):
            self.open_subscriber()
        if self.place == "23":
            self.patient = _Person()

    def on_sbr(self, segment: Segment) -> None:
        if self.claim is not None:
            self.place = "other payer"
            return
        self.rank = RANK_OF_SBR01.get((segment.get(1) or "").upper(), "tertiary")
        self.group_number = segment.get(3)
        self.filing_code = (segment.get(9) or "").upper() or None

    def on_nm1(self, segment: Segment) -> None:
        party = segment.get(1)
        if self.claim is not None:
            self.place = "line party" if self.line is not None else "claim party"
            return
        self.place = f"party {party}"
        if party == "85" and segment.get(8) == "XX":
            self.npi = segment.get(9)
        elif party == "IL":
            self.subscriber.member = segment.get(9) or segment.get(3)
            self.subscriber.first = segment.get(4)
        elif party == "QC" and self.patient is not None:
            self.patient.first = segment.get(4)
        elif party == "PR":
            self.payer_name, self.payer_code = segment.get(3), segment.get(9)

    def on_dmg(self, segment: Segment) -> None:
        if self.place == "party IL":
            self.subscriber.birth = segment.get(2)
        elif self.place == "party QC" and self.patient is not None:
            self.patient.birth = segment.get(2)

    def on_ref(self, segment: Segment) -> None:
        kind, reference_id = segment.get(1), segment.get(2)
        if self.place == "party 85" and kind in ("EI",):
            self.tax_id = reference_id
        elif self.place == "claim" and kind == "F8":
            self.claim.original_control_number = reference_id
        elif self.place == "claim" and kind == "G1":
            self.claim.authorization_number = reference_id
        elif self.place == "line" and kind == "6R":
            self.line.control_number = reference_id
        elif self.place == "line" and kind == "G1":
            self.line.authorization_number = reference_id

    def on_hi(self, segment: Segment) -> None:
        if self.place != "claim":
            return
        for place in range(1, 13):
            kind, *named = segment.components(place)
            if kind.upper() in DIAGNOSES and named and named[0]:
                self.claim.diagnoses += (named[0],)

    def on_clm(self, segment: Segment) -> None:
        facility = segment.components(5)
        whose = self.patient or self.subscriber
        self.line = None
        self.place = "claim"
        self.claim = Submission(
            transaction=self.transaction,
            number=len(self.found) + 1,
            clm01=segment.get(1) or "",
            charge=dollars_of(segment.get(2)) or ZERO,
            place_of_service=facility[0] or None,
            # An empty frequency is 1 (RULES 3.4).
            frequency=(facility[2] if len(facility) > 2 else "") or "1",
            claim_type=self.claim_type,
            submitted_date=self.submitted_date,
            payer=self.reference.payer_named([self.payer_code], self.payer_name),
            rank=self.rank,
            filing_code=self.filing_code,
            group_number=self.group_number,
            npi=self.npi,
            tax_id=self.tax_id,
            patient_key=self.reference.patient_key(
                self.subscriber.member, whose.birth, whose.first
            ),
        )
        self.found.append(self.claim)

    def on_dtp(self, segment: Segment) -> None:
        kind = segment.get(1)
        starts, _, ends = (segment.get(3) or "").partition("-")
        first, last = x12_date(starts), x12_date(ends) or x12_date(starts)
        if self.place == "line" and kind == "472":
            self.line.service_date, self.line.through_date = first, last
        elif self.place == "claim" and kind == "434":
            self.claim.statement_date, self.claim.statement_through_date = first, last
        elif self.place == "claim" and kind == "472":
            self.claim.claim_date, self.claim.claim_through_date = first, last

    def on_lx(self, _segment: Segment) -> None:
        if self.claim is not None:
            self.place = "between lines"

    def on_sv1(self, segment: Segment) -> None:
        self._open_line(segment, code=1, charge=2, units=4, facility=5)

    def on_sv2(self, segment: Segment) -> None:
        self._open_line(segment, code=2, charge=3, units=5, revenue=1)

    def on_sv3(self, segment: Segment) -> None:
        self._open_line(segment, code=1, charge=2, units=6, facility=3)

    def _open_line(
        self,
        segment: Segment,
        *,
        code: int,
        charge: int,
        units: int,
        facility: int = 99,
        revenue: int = 99,
    ) -> None:
        if self.claim is None:
            return
        parts = [part.upper() for part in segment.components(code)]
        self.place = "line"
        self.line = BilledLine(
            offset=segment.offset,
            hcpcs=(parts[1] or None) if len(parts) > 1 else None,
            modifiers=tuple(part for part in parts[2:6] if part),
            charge=dollars_of(segment.get(charge)) or ZERO,
            units=units_of(segment.get(units)),
            revenue_code=revenue_code_of(segment.get(revenue)),
            place_of_service=segment.get(facility),
        )
        self.claim.lines.append(self.line)

    def on_svd(self, _segment: Segment) -> None:
        if self.line is not None:
            self.place = "line party"

    def on_lin(self, segment: Segment) -> None:
        if self.place == "line" and segment.get(2) == "N4":
            self.line.ndc = (segment.get(3) or "").upper() or None

    def on_ctp(self, segment: Segment) -> None:
        if self.place == "line":
            self.line.ndc_quantity = units_of(segment.get(4))
            self.line.ndc_unit = segment.components(5)[0].upper() or None


def _claim_type(transaction: Transaction) -> str:
    for mark, claim_type in TYPE_OF_VERSION.items():
        if mark in transaction.version:
            return claim_type
    names = {segment.name for segment in transaction.segments}
    return "institutional" if "SV2" in names else "dental" if "SV3" in names else "professional"


def fill_line_dates(submission: Submission) -> None:
    """Find the first service date; a line without a date has the claim's (RULES 3.1, 3.9)."""
    first = submission.statement_date or submission.claim_date
    last = submission.last_date
    days = [line.service_date for line in submission.lines if line.service_date]
    submission.first_date = min(days, default=first)
    for line in submission.lines:
        if line.service_date is None:
            line.service_date = first or submission.first_date
            line.through_date = last or line.service_date
