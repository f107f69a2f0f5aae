"""The claims of an 837, by one plain loop over its segments."""

from __future__ import annotations

from datetime import date

from tests.intake.plain_rows import Book, Row
from tests.intake.plain_x12 import Segment, joined, stripped, upper

TYPES = {"837P": "professional", "837I": "institutional", "837D": "dental"}
RANKS = {"P": "primary", "S": "secondary"}
DIAGNOSES = ("ABK", "ABF", "BK", "BF")
LINES = ("SV1", "SV2", "SV3")
Period = tuple[date | None, date | None]


def read_claims(book: Book, segments: list[Segment], transaction_type: str) -> None:
    """Put the rows of one 837 transaction into the book."""
    reading = _Claims(book, TYPES[transaction_type])
    for segment in segments[1:]:
        reading.read(segment)
    reading.finish()


class _Claims:
    """What is open while claims are read: the levels above, a claim, another payer, a line."""

    def __init__(self, book: Book, claim_type: str) -> None:
        self.book, self.claim_type = book, claim_type
        self.submitted: Row = {}
        self.billing: Row = {}
        self.subscriber: Row = {}
        self.claim: Row | None = None
        self.line: Row | None = None
        self.other: Row | None = None
        self.in_lines, self.party = False, None
        self.said: set[tuple[object, ...]] = set()
        self.claims = self.lines = 0
        # A claim knows its levels as they stand when all of the transaction is read.
        self.waiting: list[tuple[Row, Row, Row, Row, dict[str, Period]]] = []

    def read(self, segment: Segment) -> None:
        opens = {"HL": self._open_level, "CLM": self._open_claim, "LX": self._open_lines}
        if segment.id in opens:
            opens[segment.id](segment)
        elif segment.id in LINES:
            self._open_line(segment)
        elif self.claim is None:
            self._above(segment)
        else:
            self._in_claim(segment)
        if segment.id == "LIN":
            self.party = None

    def _first(self, kept: Row, **told: object) -> None:
        """Keep what is told for the first time."""
        for name, value in told.items():
            kept.setdefault(name, value)

    def _open_level(self, segment: Segment) -> None:
        self.claim = self.line = self.other = self.party = None
        level = segment.code(3)
        if level == "20":
            self.billing = {}
        if level in ("20", "22"):
            self.subscriber = {}

    def _above(self, segment: Segment) -> None:
        qualifier, number = segment.code(1), segment.text(2)
        if segment.id == "BHT":
            self._first(self.submitted, day=self.book.day(segment, segment.text(4)))
        elif segment.id == "SBR":
            rank = {"sbr01": qualifier, "group_number": segment.text(3)}
            if "rank_offset" not in self.subscriber:
                self.subscriber |= rank | {
                    "filing_code": segment.code(9),
                    "rank_offset": segment.offset,
                }
        elif segment.id == "REF" and (self.party, qualifier) == ("85", "EI"):
            self._first(self.billing, tax_id=number)
        elif segment.id == "NM1":
            self.party = qualifier
            kind, named = segment.code(8), segment.text(9)
            if qualifier == "85" and kind == "XX":
                self._first(self.billing, npi=named)
            if qualifier == "85" and kind == "24":
                self._first(self.billing, tax_id_as_name=named)
            if qualifier == "PR" and "payer_offset" not in self.subscriber:
                self.subscriber |= _payer(segment) | {"payer_offset": segment.offset}

    def _open_claim(self, segment: Segment) -> None:
        self.claims += 1
        self.lines = 0
        self.line = self.other = self.party = None
        self.in_lines = False
        self.claim = self.book.add(
            "raw_837__claims",
            segment.offset,
            submission_number=self.claims,
            claim_number=segment.text(1),
            charge_usd=self.book.number(segment, segment.text(2)),
            place_of_service=upper(segment.part(5, 1)),
            frequency_code=upper(segment.part(5, 3)),
            claim_type=self.claim_type,
            **dict.fromkeys(("original_control_number", "authorization_number", "diagnoses")),
        )
        self.days: dict[str, Period] = {}
        destination = self.book.add(
            "raw_837__claim_payers", 0, submission_number=self.claims, is_destination=True
        )
        self.waiting.append((self.claim, destination, self.billing, self.subscriber, self.days))

    def _in_claim(self, segment: Segment) -> None:
        if segment.id == "SBR":
            self.party = None
            self.other = self.book.add(
                "raw_837__claim_payers",
                segment.offset,
                submission_number=self.claims,
                payer_rank=RANKS.get(segment.code(1), "tertiary"),
                filing_code=segment.code(9),
                payer_name=None,
                payer_code=None,
                is_destination=False,
                prior_paid_usd=None,
            )
            self.other_said: set[str] = set()
        elif segment.id == "NM1":
            self.party = segment.code(1)
        if segment.id == "HI" and not self.in_lines:
            self._diagnoses(segment)
        if self.other is not None:
            self._of_other_payer(segment)
        if self.line is not None:
            self._of_line(segment)
        elif self.other is None and not self.in_lines:
            self._of_claim(segment)

    def _diagnoses(self, segment: Segment) -> None:
        codes = [
            upper(segment.part(place, 2))
            for place in range(1, 13)
            if upper(segment.part(place, 1)) in DIAGNOSES
        ]
        self.claim["diagnoses"] = joined([self.claim["diagnoses"], *codes])

    def _of_other_payer(self, segment: Segment) -> None:
        if segment.id == "NM1" and self.party == "PR" and "PR" not in self.other_said:
            self.other_said.add("PR")
            self.other |= _payer(segment)
        if segment.id == "AMT" and segment.code(1) == "D":
            paid = self.book.number(segment, segment.text(2))
            if "AMT" not in self.other_said:
                self.other_said.add("AMT")
                self.other["prior_paid_usd"] = paid

    def _of_claim(self, segment: Segment) -> None:
        qualifier = segment.code(1)
        if segment.id == "DTP" and qualifier in ("434", "472"):
            self.days.setdefault(qualifier, self._period(segment))
        elif segment.id == "REF" and qualifier in ("F8", "G1"):
            is_original = qualifier == "F8"
            column = "original_control_number" if is_original else "authorization_number"
            if (self.claims, qualifier) not in self.said:
                self.said.add((self.claims, qualifier))
                self.claim[column] = segment.text(2)

    def _period(self, segment: Segment) -> Period:
        first, _, last = (segment.text(3) or "").partition("-")
        start = self.book.day(segment, stripped(first))
        end = self.book.day(segment, stripped(last))
        return start, end or start

    def _open_lines(self, segment: Segment) -> None:
        self.line = self.other = self.party = None
        self.in_lines = True

    def _open_line(self, segment: Segment) -> None:
        self.other = self.party = None
        self.in_lines = True
        if self.claim is None:
            self.book.reject("segment", segment.id, 0, segment.offset)
            return
        self.lines += 1
        read = {"SV1": _professional, "SV2": _institutional, "SV3": _dental}[segment.id]
        procedure, told = read(self.book, segment)
        self.line = self.book.add(
            "raw_837__claim_lines",
            segment.offset,
            submission_number=self.claims,
            line_number=self.lines,
            hcpcs=upper(segment.part(procedure, 2)),
            code_qualifier=upper(segment.part(procedure, 1)),
            modifiers=joined([upper(segment.part(procedure, place)) for place in (3, 4, 5, 6)]),
            **told,
            **dict.fromkeys(("ndc", "ndc_quantity", "ndc_unit", "service_date")),
            **dict.fromkeys(
                ("service_through_date", "line_control_number", "authorization_number")
            ),
        )
        self.line_said: set[str] = set()

    def _is_first_of_line(self, what: str) -> bool:
        is_first = what not in self.line_said
        self.line_said.add(what)
        return is_first

    def _of_line(self, segment: Segment) -> None:
        line, qualifier = self.line, segment.code(1)
        if segment.id == "DTP" and qualifier == "472":
            start, end = self._period(segment)
            if self._is_first_of_line("DTP"):
                line |= {"service_date": start, "service_through_date": end}
        elif segment.id == "LIN" and segment.code(2) == "N4" and self._is_first_of_line("LIN"):
            line["ndc"] = segment.code(3)
        elif segment.id == "CTP":
            quantity = self.book.number(segment, segment.text(4))
            if self._is_first_of_line("CTP"):
                line |= {"ndc_quantity": quantity, "ndc_unit": upper(segment.part(5, 1))}
        elif segment.id == "REF" and qualifier == "6R" and self._is_first_of_line("6R"):
            line["line_control_number"] = segment.text(2)
        elif (
            # REF04 names the other payer whose authorization it is.
            (segment.id, qualifier, segment.text(4)) == ("REF", "G1", None)
            and self._is_first_of_line("G1")
        ):
            line["authorization_number"] = segment.text(2)

    def finish(self) -> None:
        """Give every claim what its levels say, read to their end."""
        payers = self.book.tables["raw_837__claim_payers"]
        for claim, destination, billing, subscriber, days in self.waiting:
            statement, service = days.get("434", (None, None)), days.get("472", (None, None))
            start, end = statement[0] or service[0], statement[1] or service[1]
            named = {
                "payer_rank": RANKS.get(subscriber.get("sbr01"), "tertiary"),
                "filing_code": subscriber.get("filing_code"),
                "payer_name": subscriber.get("payer_name"),
                "payer_code": subscriber.get("payer_code"),
            }
            claim |= named | {
                "submitted_date": self.submitted.get("day"),
                "group_number": subscriber.get("group_number"),
                "billing_npi": billing.get("npi"),
                "billing_tax_id": billing.get("tax_id") or billing.get("tax_id_as_name"),
                "statement_date": start,
                "statement_through_date": end,
            }
            offset = subscriber.get("payer_offset", subscriber.get("rank_offset"))
            destination |= named | {"prior_paid_usd": None, "source_offset": offset}
            if offset is None:
                payers.remove(destination)


def _payer(segment: Segment) -> Row:
    # A payer that is a person is a name nobody may keep.
    is_person = segment.code(2) == "1"
    return {
        "payer_name": None if is_person else segment.text(3),
        "payer_code": segment.text(9),
    }


def _professional(book: Book, segment: Segment) -> tuple[int, Row]:
    return 1, {
        "charge_usd": book.number(segment, segment.text(2)),
        "unit_basis": segment.code(3),
        "units": book.number(segment, segment.text(4)),
        "revenue_code": None,
        "place_of_service": segment.code(5),
        "diagnosis_pointers": joined([segment.part(7, place) for place in (1, 2, 3, 4)]),
    }


def _institutional(book: Book, segment: Segment) -> tuple[int, Row]:
    return 2, {
        "charge_usd": book.number(segment, segment.text(3)),
        "unit_basis": segment.code(4),
        "units": book.number(segment, segment.text(5)),
        "revenue_code": segment.code(1),
        "place_of_service": None,
        "diagnosis_pointers": None,
    }


def _dental(book: Book, segment: Segment) -> tuple[int, Row]:
    return 1, {
        "charge_usd": book.number(segment, segment.text(2)),
        "unit_basis": None,
        "units": book.number(segment, segment.text(6)),
        "revenue_code": None,
        "place_of_service": segment.code(3),
        "diagnosis_pointers": None,
    }
