"""A treatment: what was billed, what the infusion log tells, and what must be found of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from analytics.synthetic.casebook.prices import CHARGES
from analytics.synthetic.wastebook.parties import RATES

NOTHING = Decimal("0.00")
INFUSION = "96413"
LARGE, SMALL = "51144003001", "51144002001"
NIVOLUMAB, TRASTUZUMAB, MULTI_DOSE = "00003377412", "50242013201", "50242013468"
PEMBROLIZUMAB, INFLIXIMAB = "00006302602", "57894003001"
BLADDER, SKIN, BREAST, CROHN, HEADACHE = ("C679",), ("C439",), ("C50919",), ("K5000",), ("R519",)
DRUG_OF = {
    "J1324": "enfortumab vedotin-ejfv",
    "J9177": "enfortumab vedotin-ejfv",
    "J9271": "pembrolizumab",
    "J9299": "nivolumab",
    "J9355": "trastuzumab",
    "J1745": "infliximab",
}
DIAGNOSES = {
    "J1324": BLADDER,
    "J9177": BLADDER,
    "J9271": BLADDER,
    "J9299": SKIN,
    "J9355": BREAST,
    "J1745": CROHN,
}


@dataclass(frozen=True)
class Line:
    """One billed line, paid at contract; `vials` is what it names: NDC, quantity, unit.

    `lacks` are the documentation checks that it does not meet.
    """

    hcpcs: str
    units: Decimal | int
    modifiers: tuple[str, ...] = ()
    ndc: str = ""
    quantity: int | None = None
    quantity_unit: str = "UN"
    authorization: str = ""
    lacks: tuple[str, ...] = ()

    @property
    def charge_usd(self) -> Decimal:
        """What the practice charges."""
        return self.units * CHARGES[self.hcpcs]

    @property
    def allowed_usd(self) -> Decimal:
        """What the contract allows and the payer pays or leaves to the patient."""
        return self.units * RATES[self.hcpcs]


@dataclass(frozen=True)
class Bill:
    """One claim of a treatment: drug lines, and the infusion that gave them."""

    lines: tuple[Line, ...]
    authorization: str = "SYNAUTHW"
    has_infusion: bool = True
    infusion_modifiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """An administration as the log tells it, one row for each kind of vial.

    `by` says what it names, a claim or a patient; `told_again` is what its
    second row has as discarded where the first has something else.
    """

    given_mg: str
    vials: tuple[tuple[str, int], ...]
    discarded_mg: str = "0"
    reason: str = "vial size"
    therapies: str = "platinum-based chemotherapy (synthetic)"
    rationale: str = "yes"
    stopped_at: str = "10:40"
    route: str = "IV"
    by: str = "claim"
    told_again: str = ""


@dataclass(frozen=True)
class Treatment:
    """One patient on one day, and the rows of the answer key.

    `waste` is the finding of the ledger and its dollars, none where the row is clean;
    `waste_payer_id` whose it is where not the first payer's, `looks_like` the false alarm that the
    treatment is there to catch, `on_record` what its records are listed for,
    `vial_choice` what vials nobody needed cost (none: no purchase price). `second` pays after
    the first payer; treatments of one `patient` are one person's. Without bills nothing was sent.
    """

    scenario: str
    payer_id: str
    day: date
    bills: tuple[Bill, ...]
    records: tuple[Record, ...] = ()
    waste: tuple[str, Decimal | None] | None = None
    waste_payer_id: str = ""
    looks_like: str = ""
    on_record: str = ""
    vial_choice: tuple[Decimal | None, ...] = ()
    diagnoses: tuple[str, ...] = ()
    claim_type: str = "professional"
    second: str = ""
    patient: str = ""
    hcpcs: str = "J9177"


def one(scenario: str, payer_id: str, day: date, *lines: Line, **more: Any) -> Treatment:
    """A treatment billed on a single claim."""
    return Treatment(scenario, payer_id, day, (Bill(lines),), hcpcs=lines[0].hcpcs, **more)


def padcev(units: int, *modifiers: str, vials: int | None = None, **more: Any) -> Line:
    """A line of J9177 that names the 30 mg vial, and how many where that is told."""
    return Line("J9177", units, modifiers, LARGE, vials, **more)


def usd(units: int, hcpcs: str = "J9177") -> Decimal:
    """What so many units of waste are worth.

    >>> usd(20)
    Decimal('760.00')
    """
    return units * RATES[hcpcs]
