"""What a claim tells beside its money: vials of the dose, waste, diagnoses, numbers, procedures.

Only for sites with administrations: without it the sites of a seed stay what they were.
"""

import csv
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache

from analytics import settings
from analytics.synthetic.x12_records import Claim, ClaimLine
from tests.fuzz.answering import Answering
from tests.fuzz.chance import Chance
from tests.fuzz.plans import DRUG_OF
from tests.fuzz.raw_site import Row, Rows, one_a_key

UNIT_MG = {
    "J1324": Decimal(1),
    "J9177": Decimal("0.25"),
    "J9271": Decimal(1),
    "J9299": Decimal(1),
    "J9355": Decimal(10),
    "J1745": Decimal(10),
    "J9303": Decimal(10),
}
STARTS_OF_SEGMENTS = (0, 5, 9)
PROCEDURES = ("96413", "96413", "96365", "96372", "96415", "G0498", "99213", "J1200")
DIAGNOSES = ("C679", "C679", "C650", "C3490", "Z5111", "D090", "C67", "c689")
OF_MODIFIERS = (("JZ",), ("JZ",), ("JZ",), ("JW",), ("JW", "JZ"), ("59",), ("XE", "JZ"), ("XU",))
YES_NO = ("yes", "no", "")


@dataclass(frozen=True)
class Package:
    """A package as shipped: its NDC, its milligrams and how many units of quantity it holds."""

    ndc: str
    milligrams: Decimal
    quantity: Decimal
    unit: str


class Documenting:
    """Adds to lines and claims what documentation is asked for."""

    def __init__(self, chance: Chance, answering: Answering) -> None:
        self.chance = chance
        self.answering = answering

    def line(self, line: ClaimLine) -> ClaimLine:
        """A line, often with the vials of its dose named as they should be, or nearly."""
        chance = self.chance
        if chance.maybe(0.3):
            line = replace(line, modifiers=chance.of(OF_MODIFIERS))
        if chance.maybe(0.2):
            line = replace(line, authorization_number="AUTHLINE")
        packages = packages_of(DRUG_OF.get(line.hcpcs, ""))
        if not packages or chance.maybe(0.4):
            return line
        package, count = chance.of(packages), chance.number(1, 4)
        dose_mg = package.milligrams * count - chance.of((0, 0, 1, Decimal("2.5"), 7, 12))
        units = (dose_mg / UNIT_MG[line.hcpcs]).to_integral_value(ROUND_CEILING)
        if units <= 0:
            return line
        quantity = package.quantity * count
        unit = package.unit
        if unit == "ML" and chance.maybe(0.3):
            quantity, unit = Decimal(count), "UN"
        return replace(
            line,
            units=str(units),
            charge_usd=self.answering.paying.charge(line.hcpcs, str(units), line.service_date),
            ndc=self._as_sent(package.ndc),
            ndc_quantity=str(chance.of((quantity, quantity, quantity, units))),
            ndc_unit=unit,
        )

    def claim(self, claim: Claim) -> Claim:
        """A claim with its diagnoses, its number, a waste line beside a dose and a procedure."""
        chance = self.chance
        lines = list(claim.lines)
        for line in claim.lines:
            if line.hcpcs in UNIT_MG and line.ndc_quantity and chance.maybe(0.35):
                lines.append(self._waste_of(line))
        if chance.maybe(0.5):
            day = chance.of(lines).service_date
            lines.append(ClaimLine(chance.of(PROCEDURES), "180", "1", day))
        return replace(
            claim,
            lines=tuple(lines),
            diagnoses=tuple(dict.fromkeys(chance.some(DIAGNOSES, 3))),
            authorization_number=chance.of(("", "", "AUTHCLAIM")),
        )

    def _waste_of(self, line: ClaimLine) -> ClaimLine:
        chance = self.chance
        units = str(chance.of((1, 3, 5, 10, 30)))
        quantity = chance.of((None, line.ndc_quantity, "1"))
        return replace(
            line,
            modifiers=("JW",),
            units=units,
            charge_usd=self.answering.paying.charge(line.hcpcs, units, line.service_date),
            ndc_quantity=quantity,
            line_control_number="",
        )

    def _as_sent(self, ndc: str) -> str:
        chance = self.chance
        if chance.maybe(0.85):
            return ndc
        taken = chance.of([place for place in STARTS_OF_SEGMENTS if ndc[place] == "0"] or [None])
        if taken is None:
            return ndc
        ten = ndc[:taken] + ndc[taken + 1 :]
        put = chance.of([place for place in STARTS_OF_SEGMENTS if place != taken])
        return ten[:put] + "0" + ten[put:]


def with_policies_and_packages(chance: Chance, reference: dict[str, Rows]) -> dict[str, Rows]:
    """The reference with what policies ask for and packages of every kind."""
    asked = ("requires_prior_auth", "requires_step_therapy", "specialty_pharmacy")
    policies = tuple(
        {**row, **{column: chance.of(YES_NO) for column in asked}}
        for row in reference["payer_policies"]
    )
    own = {row["ndc11"]: row for row in reference.get("drug_packages", ())}
    packages = {row["ndc11"]: row for row in _packages(chance)} | own
    return {
        **reference,
        "payer_policies": policies,
        "drug_packages": tuple(packages.values()),
        "list_prices": (*reference["list_prices"], *_acquisition_prices(chance)),
    }


def _acquisition_prices(chance: Chance) -> Rows:
    """What vials cost the site, by code or by NDC, from before any service day."""
    rows = [
        {
            "hcpcs": "" if (ndc := chance.of(("", packages_of(DRUG_OF[code])[0].ndc))) else code,
            "ndc11": ndc,
            "per": chance.of(("unit", "mg")),
            "price_kind": "acquisition",
            "price": chance.of(("12.5", "0.333333", "40")),
            "effective_from": chance.of(("2017-01-01", "2026-02-01")),
        }
        for code in chance.some(tuple(UNIT_MG), 6)
        if packages_of(DRUG_OF[code])
    ]
    return one_a_key(rows, ("hcpcs", "ndc11", "effective_from"))


def _packages(chance: Chance) -> list[Row]:
    rows = [
        _package("77777000201", "pembrolizumab", "100", "4", "ML", chance.of(("yes", "no"))),
        _package("77777000301", "infliximab", "50", "1", "UN", "no"),
        _package("77777000401", "trastuzumab", "150", "", "ML", "yes"),
    ]
    return chance.some(rows, 3)


def _package(ndc: str, drug: str, mg: str, quantity: str, unit: str, single_dose: str) -> Row:
    return {
        "ndc11": ndc,
        "drug": drug,
        "hcpcs": "",
        "package_mg": mg,
        "billable_mg": mg,
        "package_quantity": quantity,
        "quantity_unit": unit,
        "single_dose": single_dose,
    }


def whole_units(milligrams: Decimal, hcpcs: str) -> Decimal:
    """The whole units in so many milligrams."""
    return (milligrams / UNIT_MG[hcpcs]).to_integral_value(ROUND_FLOOR)


@cache
def packages_of(drug: str) -> tuple[Package, ...]:
    """The shipped packages of a drug."""
    path = settings.shipped_folders().reference / "drug_packages.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Package(
                row["ndc11"],
                Decimal(row["billable_mg"] or row["package_mg"]),
                Decimal(row["package_quantity"] or 1),
                row["quantity_unit"],
            )
            for row in csv.DictReader(lines)
            if row["drug"] == drug
        )
