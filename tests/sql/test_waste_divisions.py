"""Units of what was recorded, and the discarded share, as the models stand (RULES 10.9, 10.12)."""

import random

from divisions import DIVISIONS, differing, frame, power, run_part
from model_slices import Types
from two_engines import Asked
from whole_numbers import half_away


def test_recorded_milligrams_are_rounded_up_to_whole_units(asked: Asked, types: Types):
    chance = random.Random(109)
    # Billionths of a milligram given, millionths of one in a unit.
    rows = [(power(chance, 15), power(chance, 9)) for _ in range(DIVISIONS)]
    rows += [
        (units * unit * 1000 + slip, unit)
        for units, unit in ((power(chance, 5), power(chance, 8)) for _ in range(DIVISIONS // 2))
        for slip in (-1, 0, 1)
    ]
    rows += [(0, 1), (102_500_000_000, 250_000), (102_500_000_001, 250_000), (10**15, 1)]
    drawn = frame(
        [(given, unit, given % (unit * 1000)) for given, unit in rows],
        "recorded_mg", "unit_mg", "beyond_units_mg",
    )  # fmt: skip
    found = run_part(
        asked,
        "int_treatments_recorded",
        {**types, "with_unit": {"beyond_units_mg": "DECIMAL(28,9)"}},
        {"with_unit": ((), drawn)},
        ("line_number", "recorded_administered_units"),
        "final",
    )
    expected = [
        (place, -(-given // (unit * 1000)) * 1000)
        for place, (given, unit) in enumerate(rows, start=1)
    ]
    assert differing(found, expected, rows) == []


def test_whole_vials_on_one_line_are_whole_units(asked: Asked, types: Types):
    chance = random.Random(29)
    rows = []
    for _ in range(DIVISIONS):
        unit, vials = power(chance, 8), power(chance, 14)
        whole = vials // (unit * 1000) * 1000
        rows.append((chance.choice((whole, whole + 1000, whole - 1000)), vials, unit))
    drawn = frame(
        rows, "administered_units", "recorded_vial_mg", "unit_mg",
        has_single_dose_package=True, has_multi_dose_package=False, is_not_paid_apart=False,
        recorded_administered_units=-1,
    )  # fmt: skip
    found = run_part(
        asked,
        "int_treatments_with_expected_waste",
        types,
        {"units": ((), drawn)},
        ("line_number", "is_record_of_claim"),
        "agreed",
    )
    expected = [
        (place, billed == vials // (unit * 1000) * 1000)
        for place, (billed, vials, unit) in enumerate(rows, start=1)
    ]
    assert differing(found, expected, rows) == []


def test_discarded_share_is_rounded_half_away_to_six_decimals(asked: Asked, types: Types):
    chance = random.Random(1012)
    rows = []
    for _ in range(DIVISIONS):
        allowed = power(chance, 13)
        rows.append((chance.randrange(allowed + 1), allowed))
    # Exact halves of the sixth decimal.
    rows += [(odd * 2 + 1, 2_000_000) for odd in range(20_000)]
    rows += [(0, 1), (1, 1), (1, 3), (2, 3), (10**15 - 1, 10**15)]
    found = run_part(
        asked,
        "discarded_shares",
        types,
        {"sums": ((), frame(rows, "discarded_usd", "allowed_usd"))},
        ("line_number", "discarded_share"),
        "shares",
    )
    expected = [
        (place, half_away(discarded * 1_000_000, allowed))
        for place, (discarded, allowed) in enumerate(rows, start=1)
    ]
    assert differing(found, expected, rows) == []
