"""Administrations as a test writes them, beside the claim lines of their treatments."""

from __future__ import annotations

from plain_python_tests.written_rows import a_claim_line, put
from plain_python_tests.written_site import PADCEV_20, PADCEV_30

PADCEV = "enfortumab vedotin-ejfv"
# Scenario 23: 102.5 mg from vials of 80 and 30 mg, 7.5 mg thrown away.
A_DOSE = {
    "administration_id": "G1",
    "service_date": "2026-01-05",
    "claim_id": "A1",
    "drug": PADCEV,
    "administered_mg": "102.5",
    "discarded_mg": "7.5",
    "discard_reason": "single-dose vial",
    "route": "IV",
    "site": "left arm",
    "started_at": "09:00",
    "stopped_at": "09:30",
}
OF_20_MG = {"vial_ndc11": PADCEV_20, "vial_count": "4"}
OF_30_MG = {"vial_ndc11": PADCEV_30, "vial_count": "1"}


def a_dose(**told):
    """Return a row of administrations: one vial NDC of G1 but for what is told."""
    return A_DOSE | told


def give(site, *rows):
    """Write administrations.csv; by default one row a vial NDC of 110 mg in all."""
    put(site, "administrations.csv", *(rows or (a_dose(**OF_20_MG), a_dose(**OF_30_MG))))


def bill(site, *lines):
    """Write claim_lines: each is (units, modifiers) or that and what else it tells."""
    rows = []
    for number, (units, modifiers, *more) in enumerate(lines, start=1):
        told = more[0] if more else {}
        given = {"line_number": str(number), "units": str(units), "modifiers": modifiers}
        common = {"hcpcs": "J9177", "charge_usd": "45000", "patient_id": "M1"}
        rows.append(a_claim_line(**(common | given | told)))
    put(site, "billed.csv", *rows)
