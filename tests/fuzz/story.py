"""Random lives of claims: submissions, answers, reversals, replacements, in the order they happen.

Nothing here is likely; everything is possible. Amounts mostly balance, so that most lines reach
the gap rules, and often equal a contract price, so that some lines match.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from analytics.synthetic.x12_records import (
    BILLING_NPI,
    BILLING_TAX_ID,
    Claim,
    ClaimLine,
    Patient,
    Payer,
    RemitClaim,
    reversal_of,
)
from tests.fuzz.answering import Answering
from tests.fuzz.chance import Chance
from tests.fuzz.documenting import Documenting
from tests.fuzz.plans import (
    CODES,
    DRUG_OF,
    NDCS,
    OTHER_NPI,
    OTHER_TAX_ID,
    PLANS,
    SERVICE_DAYS,
    Plan,
)

CENT = Decimal("0.01")
MODIFIERS = ("JW", "JZ", "JG", "TB", "59", "RT")


@dataclass
class Event:
    """A remit claim with its day and the payer that sends it."""

    day: date
    plan: Plan
    payer: Payer
    claim: RemitClaim


@dataclass
class Told:
    """All that happened, in no order."""

    claims: list[Claim] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class Story:
    """Tells the lives of so many claims."""

    def __init__(
        self,
        chance: Chance,
        answering: Answering,
        lives: int,
        documenting: Documenting | None = None,
    ) -> None:
        self.chance = chance
        self.documenting = documenting
        self.answering = answering
        self.lives = lives
        self.told = Told()
        self.numbers = [f"CLM{number}" for number in range(1, 400 + 2 * lives)]
        self.used: list[str] = []
        self.control = 0

    def tell(self) -> Told:
        """Every submission and event of the lives."""
        for _ in range(self.lives):
            self._life()
        return self.told

    def _life(self) -> None:
        chance = self.chance
        plan = chance.of(PLANS + PLANS[:4] * 2)
        claim = self._first_claim(plan)
        if self.documenting:
            claim = self.documenting.claim(claim)
        day = claim.submitted_date
        if chance.maybe(0.5):
            self._plain_life(plan, claim)
            return
        sent, events = [claim], list[Event]()
        if chance.maybe(0.93):
            self.told.claims.append(claim)
        for _ in range(chance.of((0, 1, 1, 1, 2, 2, 3, 4, 6))):
            day += timedelta(days=chance.of((0, 0, 1, 14, 20, 45)))
            self._step(plan, day, sent, events)
        self.told.events += events

    def _plain_life(self, plan: Plan, claim: Claim) -> None:
        """A claim sent and answered once: most of a practice's claims, and most of its gaps."""
        claim = replace(claim, payer_rank="P", filing_code=plan.filing_code)
        day = claim.submitted_date + timedelta(days=self.chance.of((14, 20, 45)))
        self.told.claims.append(claim)
        self.control += 1
        answer = self.answering.plain_answer(plan.payer_id, claim, f"ICN{self.control}")
        self.told.events.append(Event(day, plan, self.name_of(plan), answer))

    def _step(self, plan: Plan, day: date, sent: list[Claim], events: list[Event]) -> None:
        steps: list[Callable] = [self._answer] * 6 + [self._reverse] * 3
        steps += [self._replace] * 2 + [self._void, self._resend, self._another_payer, self._rebill]
        self.chance.of(steps)(plan, day, sent, events)

    def _first_claim(self, plan: Plan) -> Claim:
        chance = self.chance
        again = bool(self.used) and chance.maybe(0.25)
        number = chance.of(self.used) if again else self.numbers.pop()
        self.used.append(number)
        day = chance.of(SERVICE_DAYS)
        if chance.maybe(0.3):
            day = date(2025, 7, 1) + timedelta(days=chance.number(0, 400))
        npi, tax_id = BILLING_NPI, BILLING_TAX_ID
        if chance.maybe(0.15):
            npi, tax_id = OTHER_NPI, OTHER_TAX_ID
        return Claim(
            number,
            tuple(self._documented(day) for _ in range(chance.of((1, 1, 2, 2, 3, 4)))),
            submitted_date=day + timedelta(days=chance.of((0, 2, 2, 30))),
            patient=Patient(member_id=f"SYN{chance.number(1, 6 + self.lives // 5)}"),
            payer=self.name_of(plan),
            payer_rank=chance.of(("P",) * 8 + ("S", "T", "U")),
            filing_code=self.filing_code(),
            group_number=chance.of(("", "", "GRP1", "GRP2")),
            claim_type=chance.of(("professional",) * 3 + ("institutional",)),
            billing_npi=npi,
            billing_tax_id=tax_id,
        )

    def filing_code(self) -> str:
        """A claim filing code."""
        return self.chance.of(("CI", "CI", "CI", "MB", "16", "MC", "HM", "12", "ZZ", "MA"))

    def name_of(self, plan: Plan) -> Payer:
        """One of the ways the payer is named, by id, by alias or by name alone."""
        chance = self.chance
        names = [plan.payer_name, plan.payer_name.upper(), plan.payer_name.replace(" ", "  ")]
        codes = [*plan.aliases * 2, plan.payer_id.upper(), "UNHEARDOF", plan.aliases[0].lower()]
        return Payer(chance.of(names), chance.of(codes), chance.of(("",) * 6 + plan.aliases))

    def _documented(self, day: date) -> ClaimLine:
        line = self.a_line(day)
        return self.documenting.line(line) if self.documenting else line

    def a_line(self, day: date) -> ClaimLine:
        """A billed line."""
        chance = self.chance
        code = chance.of(CODES)
        units = chance.of(("90", "90", "60", "10", "7", "100", "1", "12.5", "0"))
        charge = self.answering.paying.charge(code, units, day)
        drug = DRUG_OF.get(code)
        ndc, quantity = "", None
        if chance.maybe(0.45):
            named = NDCS[drug] if drug and chance.maybe(0.8) else sum(NDCS.values(), ())
            ndc = chance.of((*named * 3, "99999999999", "1234", "51144-002-1"))
            quantity = chance.of((None, "1", "1", "2", "3", "0.5", "4", "24", "0"))
        day = day + timedelta(days=chance.of((0,) * 8 + (1, 20)))
        last = day + timedelta(days=chance.of((1, 60))) if chance.maybe(0.08) else None
        return ClaimLine(
            code,
            charge,
            units,
            day,
            modifiers=tuple(chance.some(MODIFIERS, 2)) if chance.maybe(0.4) else (),
            service_through_date=last,
            ndc=ndc,
            ndc_quantity=quantity,
            ndc_unit=chance.of(("UN", "UN", "UN", "ML", "ME")),
            line_control_number=chance.of(("", "", "L1", "L2", f"L{chance.number(3, 99)}")),
            revenue_code=chance.of(("0636", "636", "0335", "0260")),
            place_of_service=chance.of(("", "", "11", "22")),
        )

    def _answer(self, plan: Plan, day: date, sent: list[Claim], events: list[Event]) -> None:
        claim = self.chance.of((sent[-1], sent[-1], sent[-1], self.chance.of(sent)))
        control = self._control(events)
        answer = self.answering.answer(plan.payer_id, claim, control)
        events.append(Event(day, plan, self.name_of(plan), answer))

    def _control(self, events: list[Event]) -> str:
        if events and self.chance.maybe(0.25):
            return self.chance.of(events).claim.payer_control_number
        self.control += 1
        return self.chance.of((f"ICN{self.control}",) * 12 + ("ICNSAME", ""))

    def _reverse(self, plan: Plan, day: date, sent: list[Claim], events: list[Event]) -> None:
        chance = self.chance
        paid = [event for event in events if event.claim.status != "22"]
        if not paid:
            self._answer(plan, day, sent, events)
            return
        event = chance.of((paid[-1], chance.of(paid)))
        reversal = reversal_of(event.claim)
        if chance.maybe(0.15):
            reversal = replace(reversal, payer_control_number=self._control([]))
        if chance.maybe(0.1):
            reversal = replace(reversal, paid_usd=-event.claim.paid + CENT)
        if chance.maybe(0.1):
            reversal = replace(reversal, lines=())
        if chance.maybe(0.15):
            day = event.day
        events.append(Event(day, event.plan, self.name_of(event.plan), reversal))
        if chance.maybe(0.6):
            self._answer(event.plan, day, sent, events)

    def _replace(self, plan: Plan, day: date, sent: list[Claim], events: list[Event]) -> None:
        chance = self.chance
        lines = [line for line in sent[-1].lines if not chance.maybe(0.2)] or sent[-1].lines[:1]
        lines = [self._amended(line) for line in lines]
        if chance.maybe(0.25):
            lines.append(self.a_line(lines[0].service_date))
        if chance.maybe(0.2):
            lines = chance.shuffled(lines)
        self._send(day, sent, events, frequency="7", lines=tuple(lines))

    def _amended(self, line: ClaimLine) -> ClaimLine:
        chance = self.chance
        if chance.maybe(0.7):
            return line
        how = chance.of(
            (
                {"units": "80"},
                {"charge_usd": "160"},
                {"modifiers": ("JW",)},
                {"modifiers": ()},
                {"hcpcs": "J9177"},
                {"service_date": line.service_date + timedelta(days=1)},
            )
        )
        return replace(line, service_through_date=None, **how)

    def _void(self, _plan: Plan, day: date, sent: list[Claim], events: list[Event]) -> None:
        self._send(day, sent, events, frequency="8")

    def _send(self, day: date, sent: list[Claim], events: list[Event], **parts: object) -> None:
        chance = self.chance
        known = [event.claim.payer_control_number for event in events]
        elsewhere = [event.claim.payer_control_number for event in self.told.events]
        named = chance.of((*known * 3, *elsewhere[-2:], "", "", "ICNWRONG"))
        number = sent[-1].claim_number
        if chance.maybe(0.15):
            number = self.numbers.pop()
        claim = replace(
            sent[-1],
            claim_number=number,
            submitted_date=day,
            original_control_number=named,
            **parts,
        )
        sent.append(claim)
        self.told.claims.append(claim)

    def _resend(self, _plan: Plan, day: date, sent: list[Claim], _events: list[Event]) -> None:
        chance = self.chance
        lines = tuple(chance.shuffled(sent[0].lines))
        again = replace(sent[0], submitted_date=day, lines=lines, original_control_number="")
        if chance.maybe(0.3):
            again = replace(again, filing_code=self.filing_code())
        self.told.claims.append(again)

    def _rebill(self, _plan: Plan, day: date, sent: list[Claim], _events: list[Event]) -> None:
        lines = tuple(self._amended(line) for line in sent[0].lines)
        claim = replace(sent[0], submitted_date=day, lines=lines, original_control_number="")
        sent.append(claim)
        self.told.claims.append(claim)

    def _another_payer(self, plan: Plan, day: date, sent: list[Claim], events: list[Event]) -> None:
        chance = self.chance
        other = chance.of([each for each in PLANS if each is not plan])
        if chance.maybe(0.7):
            rank = chance.of(("S", "S", "T", "P"))
            claim = replace(
                sent[-1],
                payer=self.name_of(other),
                payer_rank=rank,
                submitted_date=day,
                filing_code=self.filing_code(),
            )
            self.told.claims.append(claim)
        status = chance.of(("2", "2", "20", "3", "1", "4"))
        answer = self.answering.answer(other.payer_id, sent[-1], self._control([]))
        answer = replace(answer, status=status)
        events.append(Event(day, other, self.name_of(other), answer))
