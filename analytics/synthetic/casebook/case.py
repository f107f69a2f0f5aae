"""A case: claim lines with what is right, what the payer does, and what must be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from analytics.synthetic.casebook.prices import CENT, CHARGES
from analytics.synthetic.x12_writer import BILLING_NPI, Adjustment

NOTHING = Decimal("0.00")
COMMERCIAL, ADVANTAGE = ("CI", "12"), ("16", "16")
DAYS_TO_PAY = 21
Finding = tuple[str, Decimal | None, str]


@dataclass(frozen=True)
class CaseLine:
    """One billed line. `causes` add up to the gap; `looks_like` is the cause it must not be.

    `on_remit` is what the remit line says otherwise, `denied` the denials on it with their
    quantities and `denied_expected_usd` what these are worth at contract; `others` are further
    rows of the key. `is_paid_as_one`: short or long alone, right together with the claim's rest.
    """

    hcpcs: str
    units: int
    expected_usd: Decimal | None
    allowed_usd: Decimal
    causes: tuple[tuple[str, Decimal], ...] = ()
    looks_like: str = ""
    charge_usd: Decimal | None = None
    modifiers: tuple[str, ...] = ()
    ndc: str = ""
    on_remit: Mapping[str, Any] = field(default_factory=dict)
    denied: tuple[Adjustment, ...] = ()
    denied_expected_usd: Decimal = NOTHING
    parts: int = 1
    others: tuple[tuple[str, Decimal | None], ...] = ()
    is_paid_as_one: bool = False
    is_suppressed: bool = False

    @property
    def charge(self) -> Decimal:
        """What the practice charges."""
        return self.units * CHARGES[self.hcpcs] if self.charge_usd is None else self.charge_usd

    @property
    def gap(self) -> Decimal:
        """Expected less allowed, less what was denied for a reason."""
        if self.expected_usd is None or self.is_paid_as_one or self.is_suppressed:
            return NOTHING
        return self.expected_usd - self.allowed_usd - self.denied_expected_usd


@dataclass(frozen=True)
class Case:
    """One claim and its answer; `first_allowed` is an answer taken back before this one."""

    scenario: str
    payer_id: str
    day: date
    lines: tuple[CaseLine, ...]
    note: str
    paid_on: date | None = None
    filing_codes: tuple[str, str] = COMMERCIAL
    claim_type: str = "professional"
    billing_npi: str = BILLING_NPI
    coinsurance: Decimal = Decimal("0.2")
    deductible_usd: Decimal = NOTHING
    is_sequestered: bool = False
    has_line_numbers: bool = True
    first_allowed: Decimal | None = None
    is_of_the_same_patient: bool = False

    @property
    def paid_day(self) -> date:
        """The day of the answer that stands."""
        return self.paid_on or self.day + timedelta(days=DAYS_TO_PAY)


def one(scenario: str, payer_id: str, day: date, line: CaseLine, note: str, **more: Any) -> Case:
    """A case of a single line."""
    return Case(scenario, payer_id, day, (line,), note, **more)


def findings_of(line: CaseLine) -> Iterator[Finding]:
    """The rows of the answer key for one line: finding, dollars, what to add to the note."""
    _prove(line)
    is_short = line.gap > 0
    for cause, gap in line.causes:
        yield (f"underpaid_{cause}", gap, "") if is_short else (f"overpaid_{cause}", -gap, "")
    if not line.causes and abs(line.gap) == CENT:
        yield "rounding_penny", line.gap, ""
    if line.looks_like:
        yield f"look_alike_{line.looks_like}", NOTHING, ""
    for finding, amount in line.others:
        yield finding, amount, ""


def _prove(line: CaseLine) -> None:
    # A key whose parts do not add up would make a right engine look wrong.
    planted = sum((gap for _, gap in line.causes), NOTHING)
    is_penny = not line.causes and abs(line.gap) <= CENT
    if planted != line.gap and not is_penny:
        raise ValueError(
            f"the causes of a case do not add up; found {planted} for a gap of {line.gap} on "
            f"{line.units} {line.hcpcs}. Work the case out again."
        )
