"""Treatments that look like wrong waste and are billed right, and the multi-dose vials."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from analytics.synthetic.wastebook.parties import PAYS, PAYS_AND_ASKS
from analytics.synthetic.wastebook.treatment import (
    BREAST,
    LARGE,
    MULTI_DOSE,
    NIVOLUMAB,
    NOTHING,
    SMALL,
    Bill,
    Line,
    Record,
    Treatment,
    one,
    padcev,
)

DAY, FIRST_DAY = date(2025, 6, 17), date(2025, 1, 7)
TWO_VIALS = Record("55", ((LARGE, 2),), "5")
NOT_BILLABLE = "not_billable", NOTHING
# The patients of the practice that always bills a whole vial, and their days three weeks apart.
PATIENTS, VISITS = 4, 3
WHOLE_UNITS, PART_UNITS = 44, (44, 31, 44, 44, 27, 44, 44, 44, 44, 44)


def treatments() -> Iterator[Treatment]:
    """Every look-alike, then the multi-dose vials."""
    yield from _rightly_recorded()
    yield from _rightly_named()
    yield from _on_two_claims()
    yield from _of_multi_dose_vials()
    yield from _whole_multi_dose_vials()


def _right(what: str, *lines: Line, payer_id: str = PAYS_AND_ASKS, **more: object) -> Treatment:
    return one(f"right_{what}", payer_id, DAY, *lines, looks_like=f"waste_{what}", **more)


def _rightly_recorded() -> Iterator[Treatment]:
    billed = padcev(220), padcev(20, "JW")
    yield _right("recorded", *billed, records=(TWO_VIALS,))
    yield _right("recorded", *billed, records=(TWO_VIALS,), claim_type="institutional")
    # 59.9 mg are 240 units, and a tenth of a milligram is no unit.
    below = Record("59.9", ((LARGE, 2),), "0.1")
    yield _right("below_a_unit", padcev(240, "JZ"), records=(below,))
    # What a vial holds beyond its label was drawn up as well; nobody may bill it.
    overfill = Record("100", ((NIVOLUMAB, 1),), "")
    full = Line("J9299", 100, ("JZ",), NIVOLUMAB)
    yield _right("overfill", full, records=(overfill,))
    # The third vial is the pharmacy's cost; of the 140 units discarded 20 are payable, and billed.
    extra = Record("55", ((LARGE, 3),), "35")
    yield _right("vial_too_many", *billed, records=(extra,), vial_choice=(None,))
    bags = Record("30", ((LARGE, 1),), "0"), Record("25", ((LARGE, 1),), "5")
    yield _right("two_bags", *billed, records=bags)
    # 45 mg from two sizes: two rows of one dose, of a patient whose claim the log does not name.
    sizes = Record("45", ((LARGE, 1), (SMALL, 1)), "5", by="patient")
    yield _right("two_sizes", padcev(180), padcev(20, "JW"), records=(sizes,))


def _rightly_named() -> Iterator[Treatment]:
    same = (
        Line("J9299", 95, (), NIVOLUMAB, 10, "ML"),
        Line("J9299", 5, ("JW",), NIVOLUMAB, 10, "ML"),
    )
    yield _right("same_quantity_twice", *same)
    # 102.5 mg: three vials of 30 on the dose, the vial of 20 on its waste.
    yield _right("quantity_shared", padcev(410, vials=3), Line("J9177", 30, ("JW",), SMALL, 1))
    house = Line("J1324", 55, (), LARGE, 2), Line("J1324", 5, ("JW",), LARGE, 2)
    yield _right("house_code", *house)
    yield _right("house_code", Line("J1324", 60, ("JZ",), LARGE), records=(
        Record("60", ((LARGE, 2),)),
    ))  # fmt: skip
    yield _right("fourth_modifier", padcev(240, "76", "LT", "RT", "JZ", vials=2))
    yield _right("no_modifier_asked", padcev(240, vials=2), payer_id=PAYS)


def _on_two_claims() -> Iterator[Treatment]:
    dose, left = Bill((padcev(220),)), Bill((padcev(20, "JW"),), has_infusion=False)
    for records in ((TWO_VIALS,), ()):
        yield Treatment(
            "right_waste_apart", PAYS, DAY, (dose, left), records, looks_like="waste_apart"
        )
    halves = Bill((padcev(120),)), Bill((padcev(100, "76"), padcev(20, "JW")), has_infusion=False)
    for payer_id, records in ((PAYS_AND_ASKS, (TWO_VIALS,)), (PAYS, ())):
        yield Treatment(
            "right_split_dose", payer_id, DAY, halves, records, looks_like="waste_split_dose"
        )


def _of_multi_dose_vials() -> Iterator[Treatment]:
    # The rest of a multi-dose vial is no waste anybody pays.
    part = _herceptin(30)
    yield one("part_of_a_multi_dose_vial", PAYS, DAY, part, waste=NOT_BILLABLE)
    billed = part, Line("J9355", 14, ("JW",), MULTI_DOSE, lacks=("waste_modifier",))
    yield one("rest_of_a_multi_dose_vial", PAYS, DAY, *billed, waste=NOT_BILLABLE)
    # Case 17: 100 mg given, 440 mg billed; the claim names no vial, the log does.
    whole = Line("J9355", 44, (), "", lacks=("ndc", "dose_units"))
    record = Record("100", ((MULTI_DOSE, 1),), "")
    yield one(
        "whole_vial_for_a_part",
        PAYS,
        DAY,
        whole,
        records=(record,),
        waste=NOT_BILLABLE,
        on_record="record_disagrees",
    )


def _whole_multi_dose_vials() -> Iterator[Treatment]:
    for patient in range(PATIENTS):
        for visit in range(VISITS):
            yield one(
                "always_whole_multi_dose_vials",
                PAYS_AND_ASKS,
                FIRST_DAY + timedelta(days=patient + 21 * visit),
                _herceptin(WHOLE_UNITS, "JZ"),
                waste=NOT_BILLABLE,
                patient=f"whole {patient}",
            )
    # Ten treatments, two of them less than a vial: doses, not vials.
    for number, units in enumerate(PART_UNITS):
        yield one(
            "not_always_whole_multi_dose_vials",
            PAYS,
            FIRST_DAY + timedelta(days=3 * number),
            _herceptin(units),
            waste=NOT_BILLABLE,
            patient=f"part {number % PATIENTS}",
            diagnoses=BREAST,
        )


def _herceptin(units: int, *modifiers: str) -> Line:
    return Line("J9355", units, modifiers, MULTI_DOSE, 1)
