"""The rate a line was really allowed at, run as the model stands, against whole-number arithmetic.

Four decimals of a dollar a unit, two of a percent, half away from zero (RULES 18.1).
"""

import random

import polars as pl
from divisions import DIVISIONS, differing, frame, power, run_part
from model_slices import Types
from two_engines import Asked
from whole_numbers import half_away

MODEL = "int_rates_paid"
LINES = "int_lines_paid_at_terms"
CONSTANTS = {"claim_id": "C", "payer_id": "P"}
# Where a rate would say nothing the model gives none: a million dollars, ten thousand percent.
MOST_PER_UNIT = 1_000_000
MOST_PERCENT = 10_000


def test_dollars_a_unit_are_right_to_the_fourth_decimal_on_every_line(asked: Asked, types: Types):
    chance = random.Random(181)
    rows = [(power(chance, 12), power(chance, 9)) for _ in range(DIVISIONS)]
    # 1 cent over 8 units is 12.5 ten-thousandths of a dollar.
    rows += [(2 * power(chance, 6) + 1, 8_000) for _ in range(DIVISIONS // 2)]
    rows += [(1, 99_999_999_000), (10**16, 10**14), (10**11, 1_000), (99, 1)]
    lines = frame(rows, "allowed_usd", "units", **CONSTANTS, rate_basis="dollars_per_unit")
    found = run_part(
        asked,
        MODEL,
        types,
        {LINES: ((), lines.with_columns(has_own_rate=pl.lit(value=True)))},
        ("line_number", "rate_per_unit"),
        "final",
    )
    expected = [
        (place, half_away(cents * 10**5, thousandths) if is_told else None)
        for place, (cents, thousandths) in enumerate(rows, start=1)
        for is_told in (cents * 10 < thousandths * MOST_PER_UNIT,)
    ]
    assert sum(cents * 10**5 % thousandths * 2 == thousandths for cents, thousandths in rows) > 1000
    assert differing(found, expected, rows) == []


def test_percent_of_the_limit_is_right_to_the_second_decimal_on_every_line(
    asked: Asked, types: Types
):
    chance = random.Random(182)
    rows = [(power(chance, 10), power(chance, 9), power(chance, 10)) for _ in range(DIVISIONS)]
    # 1 cent of 200.00 dollars is half a hundredth of a percent.
    rows += [(2 * power(chance, 5) + 1, 200_000, 1_000_000) for _ in range(DIVISIONS // 2)]
    rows += [(10**15, 10**12, 10**10), (1, 10**12, 10**10), (1, 1, 1)]
    lines = frame(
        rows, "allowed_usd", "units", "unit_price_usd", **CONSTANTS, rate_basis="percent_of_limit"
    )
    found = run_part(
        asked,
        MODEL,
        types,
        {LINES: ((), lines.with_columns(has_own_rate=pl.lit(value=True)))},
        ("line_number", "rate_percent"),
        "final",
    )
    expected = [
        (place, percent_of(cents, units * price))
        for place, (cents, units, price) in enumerate(rows, start=1)
    ]
    assert sum(
        cents * 10**11 % (units * price) * 2 == units * price for cents, units, price in rows
    )
    assert differing(found, expected, rows) == []


def percent_of(cents: int, base: int) -> int | None:
    """Hundredths of a percent that so many cents are of a base in billionths of a dollar."""
    is_told = cents * 10**7 * 100 < base * MOST_PERCENT
    return half_away(cents * 10**11, base) if is_told else None


def test_percent_of_the_charge_is_right_and_a_line_paid_as_one_has_no_rate(
    asked: Asked, types: Types
):
    rows = [(450_000, 1_000_000, 1), (555_555, 1_234_567, 1), (1, 3, 1), (450_000, 1_000_000, 0)]
    lines = frame(
        [row[:2] for row in rows], "allowed_usd", "charge_usd", **CONSTANTS,
        rate_basis="percent_of_charge", units=410_000,
    )  # fmt: skip
    is_own = [bool(row[2]) for row in rows]
    given = lines.with_columns(has_own_rate=pl.Series(is_own))
    found = run_part(
        asked, MODEL, types, {LINES: ((), given)}, ("line_number", "rate_percent"), "final"
    )
    assert found == [(1, 4_500), (2, 4_500), (3, 3_333), (4, None)]
