"""Doses four times or a quarter of another one, or of the vials they came from."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import PADCEV_20, clp, sv1, svc


def found(site):
    """Return the finding of each line by claim and line number."""
    rows = site.answers()["code_identity"]
    return {(row["claim_id"], row["line_number"]): row["finding"] for row in rows}


def dose(site, number, units, day, *, waste=0, ndc="", vials=""):
    """Bill a dose, and what is left of its vials."""
    lines = [sv1("J1324", 180, units, day=day, ndc=ndc, vials=vials)]
    lines += [sv1("J1324:JW", 180, waste, day=day)] if waste else []
    site.bill(number, 180 * len(lines), lines)


@pytest.mark.parametrize(
    ("units", "finding"),
    [(360, "units_by_four"), ("22.5", "units_by_four"), (359, "house_code"), (90, "house_code")],
)
def test_a_dose_is_compared_with_that_of_the_nearest_day(site, units, finding):
    dose(site, "A1", 90, "20260105")
    dose(site, "A2", units, "20260112")
    dose(site, "A3", 90, "20260301")
    assert found(site) == {
        ("A1", 1): finding,
        ("A2", 1): finding,
        ("A3", 1): finding,
    }


def test_of_two_days_as_near_the_earlier_is_the_other_dose(site):
    for number, units, day in (("A1", 90, "20260105"), ("A2", 90, "20260112")):
        dose(site, number, units, day)
    dose(site, "A3", 360, "20260119")
    findings = found(site)
    assert (findings["A2", 1], findings["A3", 1]) == ("house_code", "units_by_four")


def test_waste_is_no_dose_and_no_finding(site):
    dose(site, "A1", 60, "20260105", waste=30)
    dose(site, "A2", 240, "20260112")
    assert found(site) == {
        ("A1", 1): "units_by_four",
        ("A1", 2): "house_code",
        ("A2", 1): "units_by_four",
    }


def test_a_dose_that_was_sent_back_is_none(site):
    dose(site, "A1", 90, "20260105")
    dose(site, "A2", 360, "20260112")
    back = svc("J1324", 180, 0, ["CO*16*180"], units=360, extra=["LQ*HE*MA130"])
    site.remit([clp("A2", 1, 180, 0, [back], day="20260112")])
    assert set(found(site).values()) == {"house_code"}


@pytest.mark.parametrize(
    ("units", "waste", "vials", "finding"),
    [
        (400, 0, "5", "units_by_four"),
        (380, 20, "5", "units_by_four"),
        (400, 20, "5", "units_by_four"),
        (25, 0, "5", "units_by_four"),
        (100, 0, "5", "house_code"),
        (400, 0, "4.5", "house_code"),
    ],
    ids=["four times", "with its waste", "without it", "a quarter", "the vials", "half a vial"],
)
def test_a_dose_is_compared_with_the_vials_it_names(site, units, waste, vials, finding):
    dose(site, "A1", units, "20260105", waste=waste, ndc=PADCEV_20, vials=vials)
    assert found(site)["A1", 1] == finding


def test_a_line_without_vials_leaves_its_treatment_uncompared(site):
    lines = [sv1("J1324", 180, 200, ndc=PADCEV_20, vials="5"), sv1("J1324", 180, 200)]
    site.bill("A1", 360, lines)
    assert set(found(site).values()) == {"house_code"}
