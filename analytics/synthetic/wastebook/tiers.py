"""Waste findings by each tier of evidence and each policy.

The dose is 55 mg (220 units of J9177) from two vials of 30 mg, so 5 mg or 20 units are left, unless
said otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from analytics.synthetic.wastebook.parties import PAYS, PAYS_AND_ASKS, REFUSES
from analytics.synthetic.wastebook.treatment import (
    LARGE,
    NIVOLUMAB,
    NOTHING,
    SMALL,
    Line,
    Record,
    Treatment,
    one,
    padcev,
    usd,
)

DAY, UNKNOWN_DAY = date(2025, 2, 11), date(2023, 11, 14)
TWO_VIALS = Record("55", ((LARGE, 2),), "5")
THREE_VIALS = Record("55", ((LARGE, 3),), "35")
HOSPITAL = "institutional"


def treatments() -> Iterator[Treatment]:
    """Every finding by record, then by vials on the claim, then by theory."""
    yield from _by_record()
    yield from _against_the_claim()
    yield from _by_vials()
    yield from _by_theory()
    yield from _by_policy()


def _by_record() -> Iterator[Treatment]:
    bare = padcev(220, lacks=("waste_units",))
    waste = "missed", usd(20)
    yield one("recorded_waste_not_billed", PAYS, DAY, bare, records=(TWO_VIALS,), waste=waste)
    yield one(
        "recorded_waste_not_billed",
        PAYS,
        DAY,
        Line("J1324", 55, (), LARGE, lacks=("waste_units",)),
        records=(TWO_VIALS,),
        waste=("missed", usd(5, "J1324")),
        claim_type=HOSPITAL,
    )
    attested = padcev(220, "JZ", lacks=("waste_units", "waste_modifier"))
    conflict = "modifier_conflict", usd(20)
    yield one("jz_against_record", PAYS, DAY, attested, records=(TWO_VIALS,), waste=conflict)
    neither = padcev(220, lacks=("waste_units", "waste_modifier"))
    missing = "modifier_missing", usd(20)
    yield one(
        "no_modifier_by_record", PAYS_AND_ASKS, DAY, neither, records=(TWO_VIALS,), waste=missing
    )
    # 60 mg billed as given, and paid: case 29.
    whole = padcev(240, lacks=("dose_units", "waste_units", "waste_modifier"))
    inside = "modifier_missing", NOTHING
    yield one("whole_vials_on_one_line", PAYS, DAY, whole, records=(TWO_VIALS,), waste=inside)
    over = padcev(220, lacks=("waste_units",)), padcev(40, "JW", lacks=("waste_units",))
    refund = "overbilled", usd(20)
    yield one("waste_beyond_record", PAYS, DAY, *over, records=(TWO_VIALS,), waste=refund)
    # A third vial was opened: 140 units are left of it all, 20 of them payable.
    opened = padcev(220), padcev(140, "JW")
    refund = "overbilled", usd(120)
    yield one(
        "vial_too_many_billed",
        PAYS,
        DAY,
        *opened,
        records=(THREE_VIALS,),
        waste=refund,
        vial_choice=(None,),
    )


def _against_the_claim() -> Iterator[Treatment]:
    half = Record("25", ((LARGE, 1),), "5")
    bare = padcev(220, lacks=("dose_units", "waste_units"))
    yield one(
        "record_disagrees",
        PAYS,
        DAY,
        bare,
        records=(half,),
        waste=("missed", usd(20)),
        on_record="record_disagrees",
    )
    vials = padcev(220, vials=2, lacks=("dose_units",)), padcev(20, "JW", vials=2)
    yield one(
        "record_disagrees",
        PAYS,
        DAY,
        *vials,
        records=(half,),
        on_record="record_disagrees",
        looks_like="waste_record_in_doubt",
    )
    told_twice = Record("55", ((LARGE, 1), (SMALL, 1)), "5", told_again="3")
    yield one(
        "record_contradicts_itself",
        PAYS,
        DAY,
        padcev(220),
        padcev(20, "JW"),
        records=(told_twice,),
        on_record="record_contradictory",
        looks_like="waste_record_in_doubt",
    )
    for by in ("claim", "patient"):
        never = Record("55", ((LARGE, 2),), "5", by=by)
        yield Treatment(
            "dose_never_billed", PAYS, DAY, (), records=(never,), on_record="record_not_billed"
        )


def _by_vials() -> Iterator[Treatment]:
    # 95 mg out of a vial of 100 mg, 10 ml: 5 units of J9299 are left.
    left = usd(5, "J9299")
    measured = Line("J9299", 95, (), NIVOLUMAB, 10, "ML")
    yield one("waste_not_billed_by_vials", PAYS, DAY, measured, waste=("missed", left))
    counted = Line("J9299", 95, ("JZ",), NIVOLUMAB, 1, lacks=("waste_modifier",))
    yield one("jz_against_vials", PAYS, DAY, counted, waste=("modifier_conflict", left))
    over = padcev(220, vials=3), padcev(60, "JW", vials=3)
    yield one(
        "vial_too_many_by_vials",
        PAYS,
        DAY,
        *over,
        waste=("overbilled", usd(40)),
        vial_choice=(None,),
    )
    # Both lines name the same two vials of 100 mg, and one would have held the dose; 30.75 a mg.
    two = Line("J9299", 95, (), NIVOLUMAB, 20, "ML"), Line("J9299", 5, ("JW",), NIVOLUMAB, 20, "ML")
    yield one("vial_too_many_bought", PAYS, DAY, *two, vial_choice=(Decimal("3075.00"),))
    bare = padcev(220, vials=2, lacks=("waste_modifier",))
    missing = "modifier_missing", usd(20)
    yield one("no_modifier_by_vials", PAYS_AND_ASKS, DAY, bare, waste=missing)
    # 45 mg from a vial of 30 and one of 20: two lines, one NDC each.
    sizes = padcev(120, vials=1), Line("J9177", 60, (), SMALL, 1)
    yield one(
        "waste_of_two_sizes", PAYS, DAY, *sizes, waste=("missed", usd(20)), claim_type=HOSPITAL
    )


def _by_theory() -> Iterator[Treatment]:
    yield one("waste_not_billed_by_theory", PAYS, DAY, padcev(220), waste=("missed", usd(20)))
    yield one("jz_against_theory", PAYS, DAY, padcev(220, "JZ"), waste=("jz_attested", None))
    over = padcev(220), padcev(40, "JW")
    yield one("waste_beyond_theory", PAYS, DAY, *over, waste=("overbilled", usd(20)))
    bare = padcev(220, lacks=("waste_modifier",))
    missing = "modifier_missing", usd(20)
    yield one("no_modifier_by_theory", PAYS_AND_ASKS, DAY, bare, waste=missing)
    # As many units as the line bills are no count of vials.
    milligrams = padcev(220, vials=220)
    yield one("units_told_for_vials", PAYS, DAY, milligrams, waste=("missed", usd(20)))


def _by_policy() -> Iterator[Treatment]:
    recorded = padcev(220, lacks=("waste_units",))
    ways = (
        (recorded, (TWO_VIALS,)),
        (padcev(220, vials=2), ()),
        (padcev(220), ()),
    )
    for line, records in ways:
        refused = "not_paid_by_policy", usd(20)
        yield one("waste_not_paid", REFUSES, DAY, line, records=records, waste=refused)
        unknown = "policy_unknown", usd(20)
        yield one("no_policy_yet", PAYS, UNKNOWN_DAY, line, records=records, waste=unknown)
    whole = padcev(240, vials=2)
    yield one("no_waste_and_not_paid", REFUSES, DAY, whole, waste=("not_paid_by_policy", NOTHING))
    # The second payer says that it pays waste; what it owes has no price.
    yield one(
        "second_payer_pays_waste",
        REFUSES,
        DAY,
        padcev(220, vials=2),
        second=PAYS,
        waste=("missed", None),
        waste_payer_id=PAYS,
    )
    yield one(
        "second_payer_is_silent",
        REFUSES,
        DAY,
        padcev(220, vials=2),
        second=PAYS_AND_ASKS,
        waste=("not_paid_by_policy", usd(20)),
    )
