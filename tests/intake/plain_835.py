"""A remit's rows, by one plain loop over its segments."""

from __future__ import annotations

from tests.intake.plain_rows import Book, Row
from tests.intake.plain_x12 import Segment, joined, upper

BETWEEN_CLAIMS = ("LX", "TS2", "TS3", "PLB")
REFERENCES = (
    *("6R", "F8", "CE", "0K", "G1", "1L", "9A", "9C", "BB", "LU", "1S", "APC", "E9", "G3", "RB"),
)
DATES = ("405", "232", "233", "050", "472", "150", "151")


def read_remit(book: Book, segments: list[Segment]) -> None:
    """Put the rows of one 835 transaction into the book."""
    remit = _Remit(book, segments[0])
    for segment in segments[1:]:
        remit.read(segment)
    remit.finish()


class _Remit:
    """What is open while a remit is read: its head, a claim, a line."""

    def __init__(self, book: Book, start: Segment) -> None:
        self.book = book
        self.head: Row = _blank(book, "raw_835__remits", start.offset, _REMIT)
        self.said: set[tuple[object, ...]] = set()
        self.is_head, self.party = True, None
        self.claim: Row | None = None
        self.line: Row | None = None
        self.is_line_open = False
        self.claims = self.adjustments = self.provider_adjustments = self.lines = 0
        self.tax_id: str | None = None

    def read(self, segment: Segment) -> None:
        if segment.id == "CLP":
            self._open_claim(segment)
        elif segment.id in BETWEEN_CLAIMS:
            self.is_head, self.claim, self.line = False, None, None
        if segment.id == "PLB":
            self._provider_adjustments(segment)
        elif segment.id == "DTM":
            self._date(segment)
        elif self.is_head:
            self._head(segment)
        elif self.claim is None:
            if segment.id in ("SVC", "CAS"):
                self.book.reject("segment", segment.id, 0, segment.offset)
        else:
            self._in_claim(segment)

    def finish(self) -> None:
        """Close the remit: its tax id may stand in the N1 of the payee."""
        by_party = self.head["payee_code"] if self.head["payee_code_kind"] == "FI" else None
        self.head["payee_tax_id"] = self.tax_id or by_party

    def _is_first(self, *what: object) -> bool:
        """Whether this is said for the first time; only then does it count."""
        is_first = what not in self.said
        self.said.add(what)
        return is_first

    def _head(self, segment: Segment) -> None:
        head, qualifier = self.head, segment.code(1)
        if segment.id in ("SVC", "CAS"):
            self.book.reject("segment", segment.id, 0, segment.offset)
        if segment.id == "BPR":
            amount = self.book.number(segment, segment.text(2))
            day = self.book.day(segment, segment.text(16))
            if self._is_first("BPR"):
                head |= {
                    "payment_amount_usd": amount,
                    "credit_debit": segment.code(3),
                    "payment_method": segment.code(4),
                    "payment_date": day,
                }
        elif segment.id == "TRN" and self._is_first("TRN"):
            head["trace_number"] = segment.text(2)
        elif segment.id == "N1":
            self.party = qualifier
            if qualifier == "PR" and self._is_first("PR"):
                head |= {"payer_name": segment.text(2), "payer_code": segment.text(4)}
            if qualifier == "PE" and self._is_first("PE"):
                head |= {"payee_code": segment.text(4), "payee_code_kind": segment.code(3)}
        elif segment.id == "REF":
            if (self.party, qualifier) == ("PR", "2U") and self._is_first("2U"):
                head["payer_other_code"] = segment.text(2)
            if (self.party, qualifier) == ("PE", "TJ") and self._is_first("TJ"):
                self.tax_id = segment.text(2)

    def _open_claim(self, segment: Segment) -> None:
        self.claims += 1
        self.is_head, self.line = False, None
        self.lines = self.adjustments = 0
        number = self.book.number
        self.claim = self.book.add(
            "raw_835__remit_claims",
            segment.offset,
            remit_claim_number=self.claims,
            claim_number=segment.text(1),
            status_code=segment.code(2),
            charge_usd=number(segment, segment.text(3)),
            paid_usd=number(segment, segment.text(4)),
            patient_responsibility_usd=number(segment, segment.text(5)),
            filing_code=segment.code(6),
            payer_control_number=segment.text(7),
            place_of_service=segment.code(8),
            frequency_code=segment.code(9),
            **dict.fromkeys(("service_date", "service_through_date", "received_date")),
            **dict.fromkeys(("remark_codes", "group_number")),
        )

    def _in_claim(self, segment: Segment) -> None:
        if segment.id == "SVC":
            self._open_line(segment)
        elif segment.id == "CAS":
            self._adjustments(segment)
        elif segment.id in ("AMT", "QTY"):
            self._amount(segment)
        elif segment.id == "REF":
            self._reference(segment)
        elif segment.id == "MOA":
            self._remark(self.claim, *(segment.code(place) for place in range(3, 8)))
        elif segment.id == "MIA":
            self._remark(self.claim, *(segment.code(place) for place in (5, 20, 21, 22, 23)))
        elif segment.id == "LQ" and self.line is not None and segment.code(1) == "HE":
            self._remark(self.line, segment.code(2))

    def _remark(self, row: Row, *codes: str | None) -> None:
        row["remark_codes"] = joined([row["remark_codes"], *codes])

    def _date(self, segment: Segment) -> None:
        qualifier = segment.code(1)
        if qualifier not in DATES:
            return
        day = self.book.day(segment, segment.text(2))
        if self.is_head and qualifier == "405" and self._is_first("405"):
            self.head["production_date"] = day
        if self.claim is None:
            return
        if self.line is None:
            column = {"232": "service_date", "233": "service_through_date", "050": "received_date"}
            if qualifier in column and self._is_first(self.claims, qualifier):
                self.claim[column[qualifier]] = day
        elif self._is_first(self.claims, self.lines, qualifier):
            self._date_of_line(qualifier, day)

    def _date_of_line(self, qualifier: str, day: object) -> None:
        line, days = self.line, self.days
        days[qualifier] = day
        line["service_date"] = days.get("472") or days.get("150")
        line["service_through_date"] = days.get("151") or days.get("472")

    def _open_line(self, segment: Segment) -> None:
        self.lines += 1
        self.days: dict[str, object] = {}
        qualifier, procedure = (upper(segment.part(1, number)) for number in (1, 2))
        is_revenue = qualifier == "NU"
        number = self.book.number
        self.line = self.book.add(
            "raw_835__remit_lines",
            segment.offset,
            remit_claim_number=self.claims,
            remit_line_number=self.lines,
            hcpcs=None if is_revenue else procedure,
            code_qualifier=qualifier,
            modifiers=joined([upper(segment.part(1, number)) for number in (3, 4, 5, 6)]),
            charge_usd=number(segment, segment.text(2)),
            paid_usd=number(segment, segment.text(3)),
            revenue_code=segment.code(4) or (procedure if is_revenue else None),
            paid_units=number(segment, segment.text(5)),
            original_hcpcs=upper(segment.part(6, 2)),
            original_modifiers=joined([upper(segment.part(6, place)) for place in (3, 4, 5, 6)]),
            original_units=number(segment, segment.text(7)),
            **dict.fromkeys(("service_date", "service_through_date", "line_control_number")),
            **dict.fromkeys(("remark_codes", "allowed_reported_usd")),
        )

    def _level(self) -> Row:
        line = self.lines if self.line is not None else None
        return {"remit_claim_number": self.claims, "remit_line_number": line}

    def _adjustments(self, segment: Segment) -> None:
        for place in range(2, 20, 3):
            reason, amount = segment.code(place), segment.text(place + 1)
            if reason is None and amount is None:
                continue
            self.adjustments += 1
            self.book.add(
                "raw_835__adjustments",
                segment.offset,
                **self._level(),
                adjustment_number=self.adjustments,
                group_code=segment.code(1),
                reason_code=reason,
                adjustment_usd=self.book.number(segment, amount),
                quantity=self.book.number(segment, segment.text(place + 2)),
            )

    def _amount(self, segment: Segment) -> None:
        amount, qualifier = self.book.number(segment, segment.text(2)), segment.code(1)
        where = {**self._level(), "segment_id": segment.id}
        told = {"qualifier": qualifier, "amount": amount}
        self.book.add("raw_835__amounts", segment.offset, **where, **told)
        is_allowed = self.line is not None and (segment.id, qualifier) == ("AMT", "B6")
        if is_allowed and self._is_first(self.claims, self.lines, "B6"):
            self.line["allowed_reported_usd"] = amount

    def _reference(self, segment: Segment) -> None:
        qualifier, reference = segment.code(1), segment.text(2)
        if qualifier not in REFERENCES:
            return
        told = {"qualifier": qualifier, "reference": reference}
        self.book.add("raw_835__references", segment.offset, **self._level(), **told)
        if self.line is None and qualifier == "1L" and self._is_first(self.claims, "1L"):
            self.claim["group_number"] = reference
        is_control = self.line is not None and qualifier == "6R"
        if is_control and self._is_first(self.claims, self.lines, "6R"):
            self.line["line_control_number"] = reference

    def _provider_adjustments(self, segment: Segment) -> None:
        for place in range(3, 15, 2):
            reason, amount = upper(segment.part(place, 1)), segment.text(place + 1)
            if reason is None and amount is None:
                continue
            self.provider_adjustments += 1
            self.book.add(
                "raw_835__provider_adjustments",
                segment.offset,
                adjustment_number=self.provider_adjustments,
                provider_id=segment.text(1),
                fiscal_date=self.book.day(segment, segment.text(2)),
                reason_code=reason,
                reference_id=segment.part(place, 2),
                adjustment_usd=self.book.number(segment, amount),
            )


_REMIT = (
    *("payment_amount_usd", "credit_debit", "payment_method", "payment_date", "trace_number"),
    *("production_date", "payer_name", "payer_code", "payer_other_code", "payee_code"),
    *("payee_code_kind", "payee_tax_id"),
)


def _blank(book: Book, table: str, offset: int, columns: tuple[str, ...]) -> Row:
    return book.add(table, offset, **dict.fromkeys(columns))
