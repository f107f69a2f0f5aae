"""How what happened reaches the site: put into files, renumbered, duplicated, cut off, edited."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from analytics.synthetic.x12_claims import claims_body
from analytics.synthetic.x12_records import (
    BILLING_NPI,
    BILLING_TAX_ID,
    Claim,
    ProviderAdjustment,
    Remit,
)
from analytics.synthetic.x12_remits import remit_body
from analytics.synthetic.x12_text import number_text
from tests.fuzz.chance import Chance
from tests.fuzz.edits import edited_835, edited_837
from tests.fuzz.raw_site import RawFile, RawTransaction
from tests.fuzz.story import Event

CONTROLS = ("000000001", "000000002", "000000003", "000000010", "000000200")
TIMES = ("0900", "1200", "1200", "1759")
KIND = {"professional": "837P", "institutional": "837I"}


class Mailing:
    """Packs claims and events into raw files."""

    def __init__(self, chance: Chance, most: int, *, is_tidy: bool) -> None:
        self.chance = chance
        self.most = most  # claims of one transaction
        self.is_tidy = is_tidy  # nothing left out, sent twice or cut off
        self.names_members_alone = False  # neither birth date nor first name in the claims
        self.files: list[RawFile] = []

    def pack(self, claims: list[Claim], events: list[Event]) -> tuple[RawFile, ...]:
        """Every file of the site."""
        self._pack_claims(claims)
        self._pack_events(events)
        if not self.is_tidy:
            self._disturb()
        return tuple(self.files)

    def _pack_claims(self, claims: list[Claim]) -> None:
        def when(claim: Claim) -> tuple:
            return (claim.claim_type, claim.submitted_date)

        for (claim_type, day), same_day in groupby(sorted(claims, key=when), key=when):
            for part in self._parts(list(same_day), self.most):
                # A provider level holds its claims, so one transaction keeps each together.
                part.sort(key=lambda claim: claim.billing_npi)
                body = list(claims_body(day, part, claim_type))
                body = _of_members(body) if self.names_members_alone else body
                body = body if self.is_tidy else edited_837(self.chance, body)
                self._put(KIND[claim_type], day, body)

    def _pack_events(self, events: list[Event]) -> None:
        def when(event: Event) -> tuple:
            return (event.day, event.plan.payer_id)

        for (day, _), same_day in groupby(sorted(events, key=when), key=when):
            for part in self._parts(list(same_day), self.most):
                body = list(self._remit(day, part))
                body = body if self.is_tidy else edited_835(self.chance, body)
                self._put("835", day, body)

    def _remit(self, day: date, events: list[Event]) -> Iterator[str]:
        chance = self.chance
        provider = tuple(self._provider_adjustments(events))
        remit = Remit(
            day,
            tuple(event.claim for event in events),
            events[0].payer,
            f"TRN{chance.number(1, 9999)}",
            provider,
            payment_usd=0,
            payee_npi=BILLING_NPI,
            payee_tax_id=BILLING_TAX_ID,
        )
        taken = sum((Decimal(each.amount_usd) for each in provider), Decimal(0))
        paid = sum((event.claim.paid for event in events), Decimal(0)) - taken
        if chance.maybe(0.05):
            paid += 1
        for segment in remit_body(remit):
            if segment.startswith("BPR*"):
                # The writer refuses a negative cheque; senders do not.
                direction = "D" if paid < 0 and chance.maybe(0.5) else "C"
                amount = number_text(abs(paid) if direction == "D" else paid)
                segment = f"BPR*I*{amount}*{direction}*ACH{'*' * 11}*{day:%Y%m%d}"
                segment = segment.replace("ACH***********", "ACH************")
            yield segment

    def _provider_adjustments(self, events: list[Event]) -> Iterator[ProviderAdjustment]:
        chance = self.chance
        while chance.maybe(0.15):
            claim = chance.of(events).claim
            reference = chance.of((claim.payer_control_number, claim.claim_number, "NOTHING", ""))
            amount = chance.of(("10.00", "-10.00", "0.50", "-1.23"))
            yield ProviderAdjustment(chance.of(("WO", "L6", "FB", "72", "CS")), reference, amount)

    def _parts(self, things: list, most: int) -> Iterable[list]:
        while things:
            size = self.chance.number(1, most)
            yield things[:size]
            things = things[size:]

    def _put(self, transaction_type: str, day: date, body: list[str]) -> None:
        """Put a transaction into the last file of its day and type, or into a new one."""
        chance = self.chance
        last = self.files[-1] if self.files else None
        same_day = last and (last.transaction_type, last.sent_date) == (transaction_type, day)
        if same_day and chance.maybe(0.4):
            control = f"{len(last.transactions) + 1:04d}"
            added = RawTransaction(control, tuple(body))
            self.files[-1] = replace(last, transactions=(*last.transactions, added))
            return
        self.files.append(
            RawFile(
                f"f{len(self.files):03d}.{'835' if transaction_type == '835' else '837'}",
                transaction_type,
                chance.of(CONTROLS),
                day + timedelta(days=chance.of((0,) * 8 + (1, -1))),
                chance.of(TIMES),
                (RawTransaction("0001", tuple(body)),),
                delimiters=chance.of(("*:~",) * 6 + ("|>~", "*:\n")),
            )
        )

    def _disturb(self) -> None:
        """Tests, copies under other numbers, and files that break off."""
        chance = self.chance
        for place, file in enumerate(self.files):
            if chance.maybe(0.03):
                self.files[place] = replace(file, usage="T")
            if chance.maybe(0.03):
                self.files[place] = _cut_off(chance, file)
        for file in [each for each in self.files if chance.maybe(0.06)]:
            copies = tuple(
                replace(each, control=f"{9 - number:04d}")
                for number, each in enumerate(reversed(file.transactions))
            )
            self.files.append(
                replace(
                    file,
                    name=f"f{len(self.files):03d}.copy",
                    control=chance.of(CONTROLS),
                    sent_date=file.sent_date + timedelta(days=chance.of((0, 0, 1, -1))),
                    sent_time=chance.of(TIMES),
                    transactions=copies,
                )
            )


def _of_members(segments: list[str]) -> list[str]:
    """The segments of claims that say of a patient no more than the member id."""
    return [
        re.sub(r"^(NM1\*IL\*1\*[^*]*\*)[^*]*", r"\1", segment)
        for segment in segments
        if not segment.startswith("DMG*")
    ]


def _cut_off(chance: Chance, file: RawFile) -> RawFile:
    """The file as it is when its last transaction breaks off, between two segments."""
    *whole, last = file.transactions
    left = max(len(last.segments) - chance.of((0, 0, 1, 3, 8)), 12)
    cut = replace(last, segments=last.segments[:left], has_se=False)
    return replace(file, transactions=(*whole, cut))
