"""The remits that rows of remit_lines and adjustments tell (EXTRACTS.md, RULES 14.4 to 14.9)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from .extract_rows import ExtractRow
from .money import ZERO, rounded
from .read_835 import share_claim_level
from .reference import Reference
from .remits import Adjustment, ProviderAdjustment, Remit, RemitClaim, RemitLine
from .told_answers import REVERSAL, WHOLE_CLAIM, Answer, answers_told
from .told_once import (
    ToldRow,
    ToldTransaction,
    home_of,
    number_in_files,
    offset_in,
    payer_of,
    told_between,
    values_of,
)


def remits_told(
    remit_rows: list[ExtractRow], adjustment_rows: list[ExtractRow], reference: Reference
) -> list[Remit]:
    """Return the remits that rows tell as paid by as-of, in no order."""
    by_remit: dict[tuple, list[Answer]] = defaultdict(list)
    for answer in answers_told(remit_rows, adjustment_rows):
        by_remit[_remit_key(answer)].append(answer)
    found = [_ToldRemit(key, told, reference).read() for key, told in by_remit.items()]
    number_in_files([remit.transaction for remit in found])
    return [remit for remit in found if remit.payment_date <= reference.as_of]


def _remit_key(answer: Answer) -> tuple:
    """Return what tells one remit from another (RULES 14.4)."""
    told = answer.told
    named = (told.get(each) or "" for each in ("trace_number", "payee_npi", "payee_tax_id"))
    return (told["payment_date"], payer_of(told), *named)


class _ToldRemit:
    """Makes one remit of the answers of one payer, day, trace and payee."""

    def __init__(self, key: tuple, answers: list[Answer], reference: Reference) -> None:
        self.key = key
        self.answers = answers
        self.reference = reference
        self.rows = [row for answer in answers for row in answer.all_rows]
        self.home = home_of(self.rows)

    def read(self) -> Remit:
        payment_date, *named = self.key
        codes = [
            min(values_of(self.rows, "payer_code"), default=None),
            self._told("payer_other_code"),
        ]
        payer_name = min(values_of(self.rows, "payer_name"), default=None)
        amount = self._told("payment_amount_usd")
        if amount is not None and self._told("credit_debit") == "D":
            amount = -amount
        self.remit = Remit(
            transaction=ToldTransaction(
                self.home.source_file,
                offset_in(self.home, self.rows),
                payment_date,
                "-".join(named),
            ),
            payment_amount=None if amount is None else rounded(amount, 2),
            payment_date=payment_date,
            payer=self.reference.payer_named(codes, payer_name),
            payee_npi=named[2] or None,
            payee_tax_id=named[3] or None,
        )
        moved = self._told("provider_adjustment_usd")
        if moved is not None:
            self.remit.provider_adjustments = [ProviderAdjustment(None, None, rounded(moved, 2))]
        events = [(each, event) for each in self.answers if (event := self._event(each))]
        self.remit.claims = _in_order(events)
        return self.remit

    def _told(self, column: str) -> object:
        """Return what the remit's rows tell; told differently is not told (RULES 14.4)."""
        return (told_between(self.rows, [column]) or {}).get(column)

    def _event(self, answer: Answer) -> RemitClaim | None:
        """Return the event an answer is, None where it leaves all it has open (RULES 14.8)."""
        event = self._claim(answer)
        lines = [row for number, row in sorted(answer.rows.items()) if number != WHOLE_CLAIM]
        answered = [row for row in lines if answer.keeps_lines or not _is_open(*_amounts(row))]
        is_open = not answer.keeps_lines and _is_open(event.charge, event.paid)
        if (lines and not answered) or (not lines and is_open):
            return None
        event.is_told = answer.has_adjustments or all(
            charge == paid
            for charge, paid in [(event.charge, event.paid), *map(_amounts, answered)]
        )
        numbers = iter(range(1, 1_000_000))
        for row in answered:
            event.lines.append(self._line(answer, row))
            event.lines[-1].own_adjustments = _adjustments(answer, row, numbers)
        event.adjustments = _adjustments(answer, None, numbers)
        share_claim_level(event)
        return event

    def _claim(self, answer: Answer) -> RemitClaim:
        told = answer.told
        whole = answer.rows.get(WHOLE_CLAIM)
        return RemitClaim(
            remit=self.remit,
            number=0,
            offset=offset_in(self.home, answer.all_rows, self.rows),
            claim_number=told["claim_number"],
            status=str(told.get("status_code", "")),
            charge=_of_the_claim(answer, "charge_usd"),
            paid=_of_the_claim(answer, "paid_usd"),
            filing_code=told.get("filing_code"),
            payer_control_number=told.get("payer_control_number"),
            place_of_service=told.get("place_of_service"),
            service_date=told.get("claim_service_date"),
            through_date=told.get("claim_service_through_date"),
            remark_codes=list(told.get("claim_remark_codes", ())),
            patient_key=self.reference.patient_key(told.get("patient_id"), None, None),
            interest=rounded(whole.told.get("interest_usd", ZERO), 2) if whole else ZERO,
        )

    def _line(self, answer: Answer, row: ToldRow) -> RemitLine:
        told = row.told
        charge, paid = _amounts(row)
        return RemitLine(
            number=told["remit_line_number"],
            offset=offset_in(self.home, [row], answer.all_rows, self.rows),
            hcpcs=told.get("hcpcs"),
            modifiers=told.get("modifiers", ()),
            charge=charge,
            paid=paid,
            revenue_code=told.get("revenue_code"),
            paid_units=_rounded(told.get("paid_units"), 3),
            original_hcpcs=told.get("original_hcpcs"),
            original_units=_rounded(told.get("original_units"), 3),
            service_date=told.get("service_date"),
            through_date=told.get("service_through_date", told.get("service_date")),
            control_number=told.get("line_control_number"),
            remark_codes=list(told.get("remark_codes", ())),
            allowed_reported=_rounded(told.get("allowed_reported_usd"), 2),
            interest=rounded(told.get("interest_usd", ZERO), 2),
        )


def _amounts(row: ToldRow) -> tuple[Decimal, Decimal]:
    return rounded(row.told["charge_usd"], 2), rounded(row.told["paid_usd"], 2)


def _is_open(charge: Decimal, paid: Decimal) -> bool:
    """Return whether nothing paid of a charge says no more than that (RULES 14.8)."""
    return charge != 0 and paid == 0


def _of_the_claim(answer: Answer, column: str) -> Decimal:
    """Return what is told of the claim, else by row 0, else the sum of its lines (RULES 14.8)."""
    stated = answer.told.get(f"claim_{column}")
    whole = answer.rows.get(WHOLE_CLAIM)
    if stated is None and whole:
        stated = whole.told[column]
    if stated is None:
        stated = sum((row.told[column] for row in answer.all_rows), Decimal(0))
    return rounded(stated, 2)


def _adjustments(answer: Answer, row: ToldRow | None, numbers: object) -> list[Adjustment]:
    """Return the adjustments of a line, else those of the claim, numbered in the event."""
    line = WHOLE_CLAIM if row is None else row.told["remit_line_number"]
    return [
        Adjustment(
            next(numbers),
            each.group_code,
            each.reason_code,
            rounded(each.amount, 2),
            _rounded(each.quantity, 3),
        )
        for each in answer.adjustments.get(line, [])
    ]


def _in_order(events: list[tuple[Answer, RemitClaim]]) -> list[RemitClaim]:
    """Return the events of a remit in order, numbered (RULES 14.5)."""
    stated = [answer.told.get("remit_claim_number") for answer, _ in events]
    is_stated = None not in stated and len(set(stated)) == len(stated)

    def place(of_one: tuple[Answer, RemitClaim]) -> tuple:
        answer, event = of_one
        if is_stated:
            return (answer.told["remit_claim_number"],)
        is_opposed = any(_opposes(other, event) for _, other in events)
        is_reversal = event.status == str(REVERSAL)
        named = (
            event.claim_number,
            event.payer_control_number,
            event.status,
            answer.told.get("remit_claim_id"),
        )
        return (0 if is_opposed else 1 if is_reversal else 2, *(each or "" for each in named))

    ordered = [event for _, event in sorted(events, key=place)]
    for number, event in enumerate(ordered, start=1):
        event.number = number
    return ordered


def _opposes(reversal: RemitClaim, event: RemitClaim) -> bool:
    return (
        reversal.status == str(REVERSAL) != event.status
        and reversal.claim_number == event.claim_number
        and reversal.payer_control_number == event.payer_control_number
        and (reversal.charge, reversal.paid) == (-event.charge, -event.paid)
    )


def _rounded(value: Decimal | None, decimals: int) -> Decimal | None:
    return None if value is None else rounded(value, decimals)
