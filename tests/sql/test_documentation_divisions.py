"""The whole units in what a record says was discarded, as the model stands (RULES 20.4)."""

import random

from divisions import DIVISIONS, differing, frame, power, run_part
from model_slices import Types
from two_engines import Asked

MODEL = "int_documentation_treatments"


def test_discarded_milligrams_are_rounded_down_to_whole_units(asked: Asked, types: Types):
    chance = random.Random(204)
    # Billionths of a milligram discarded, millionths of one in a unit.
    rows = [(power(chance, 15), power(chance, 9)) for _ in range(DIVISIONS)]
    rows += [
        (units * unit * 1000 + slip, unit)
        for units, unit in ((power(chance, 5), power(chance, 8)) for _ in range(DIVISIONS // 2))
        for slip in (-1, 0, 1)
    ]
    rows += [(0, 1), (2_400_000_000, 250_000), (2_500_000_000, 250_000), (10**15, 1)]
    drawn = frame(rows, "discarded_mg", "unit_mg")
    given = {"with_unit": ((), drawn)}
    found = run_part(asked, MODEL, types, given, ("line_number", "discarded_units"), "recorded")
    expected = [
        (place, discarded // (unit * 1000) * 1000)
        for place, (discarded, unit) in enumerate(rows, start=1)
    ]
    assert differing(found, expected, rows) == []
