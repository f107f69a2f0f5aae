"""Treatments as the worked cases of waste tell them: billed lines, and the record of the dose.

A record is a row of `administrations.csv` for each kind of vial that was opened.
"""

from datetime import date, timedelta

from scenario_site import Mail, Plan, Published, allowed, answer, drug, says
from small_extracts import Row, as_csv

NOV_10 = date(2025, 11, 10)
VIAL_20, VIAL_30 = "51144002001", "51144003001"
REMICADE = "57894003001"


def record(
    number: str, day: date, given_mg: str | None, *vials: tuple[str, int], **more: object
) -> list[Row]:
    """One administration of a claim: the milligrams given, and so many vials of each NDC."""
    told = {"administration_id": f"ADM-{number}", "claim_id": number, "service_date": day}
    rest = {"administered_mg": given_mg, **more}
    return [{**told, **rest, "vial_ndc11": ndc11, "vial_count": count} for ndc11, count in vials]


def infusion_log(*records: list[Row]) -> dict[str, str]:
    """The raw file of some records."""
    return {"administrations.csv": as_csv([row for rows in records for row in rows])}


def treat(
    mail: Mail, number: str, hcpcs: str, *lines: tuple, plan: Plan, day: date = NOV_10, **parts
) -> None:
    """A treatment billed and paid; a line is units, modifier or blank, allowed dollars, vials.

    Vials are what stands in LIN and CTP: NDC, quantity and, where it is not UN, the unit.
    """
    of_claim = {name: parts.pop(name) for name in ("claim_type", "patient") if name in parts}
    billed = [
        drug(
            hcpcs,
            units,
            "60000.00",
            service_date=day,
            modifiers=(mark,) if mark else (),
            **dict(zip(("ndc", "ndc_quantity", "ndc_unit"), vials, strict=False)),
            **parts,
        )
        for units, mark, _, *vials in lines
    ]
    mail.bill(number, *billed, plan=plan, **of_claim)
    paid = (allowed(line, usd) for line, (_, _, usd, *_) in zip(billed, lines, strict=True))
    mail.pay(day + timedelta(days=20), answer(number, *paid), plan=plan)


def leaks(site: Published, number: str, evidence: str | None, units: str, usd: str | None) -> None:
    """Fails unless the ledger row of this evidence says that so many units were never billed."""
    found = site.waste(number)
    says(found, finding="missed", vial_evidence=evidence, missed_units=units, leakage_usd=usd)


def is_clean(site: Published, number: str, evidence: str | None, expected_units: str) -> None:
    """Fails unless the ledger row expects so many units of waste and finds nothing wrong."""
    found = site.waste(number)
    says(found, finding="clean", vial_evidence=evidence, expected_waste_units=expected_units)
    says(found, missed_units="0.000", leakage_usd="0.00", overbilled_usd="0.00")
    says(found, policy_unknown_usd="0.00", structural_usd="0.00")
