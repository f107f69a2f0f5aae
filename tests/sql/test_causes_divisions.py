"""The divisions behind the causes of a gap, run as they stand, against exact whole numbers.

The units of the code a payer answered with are the milligrams billed in that code's units; the rate
a payment implies is the nearest one of so many decimals (RULES 16.4, 16.9).
"""

import random

from divisions import DIVISIONS, LARGEST_QUOTIENT, differing, frame, power, run_part
from model_slices import Types
from two_engines import Asked
from whole_numbers import half_away

# Per kind of rate: its place, the steps that are a whole, and one more than the most of them.
KINDS = (
    (1, 10_000, 10**7 - 1),
    (2, 100, 10**8 - 1),
    (3, 1_000, 10**9 - 1),
    (4, 10_000, 10**10 - 1),
    (5, 10_000, 10**7 - 1),
)


def test_units_of_the_remit_s_code_are_the_same_milligrams_on_every_line(
    asked: Asked, types: Types
):
    chance = random.Random(164)
    shipped = (10_000, 250_000, 500_000, 1_000_000, 5_000_000, 10_000_000)
    rows = [
        (power(chance, 8), chance.choice((*shipped, power(chance, 9))), power(chance, 9))
        for _ in range(DIVISIONS)
    ]
    rows += [(2 * power(chance, 6) + 1, 1_000_000, 2_000_000) for _ in range(DIVISIONS // 10)]
    rows = [row for row in rows if row[0] * row[1] // row[2] < LARGEST_QUOTIENT]
    identified = frame(
        rows, "billed_units", "billed_unit_mg", "unit_mg", claim_id="C", payer_id="P",
        drug="D", billed_drug="D",
    )  # fmt: skip
    meanings = frame([], claim_id="C", payer_id="P")
    others = (
        "line_of_business", "hcpcs", "claim_type", "billing_npi", "billing_tax_id", "service_date",
        "service_through_date", "first_paid_date", "ndc11", "is_house_code", "charge_usd",
        "stated_paid_units",
    )  # fmt: skip
    found = run_part(
        asked,
        "int_causes_remit_codes",
        types,
        {
            "identified": (others, identified),
            "cms_codes_of_drugs": (("cms_hcpcs", "drug_cms_unit_mg"), meanings),
        },
        ("line_number", "units"),
        "final",
    )
    expected = [
        (place, half_away(units * mg, into)) for place, (units, mg, into) in enumerate(rows, 1)
    ]
    assert differing(found, expected, rows) == []


def test_charge_s_share_of_the_units_paid_is_divided_once_on_every_line(asked: Asked, types: Types):
    chance = random.Random(163)
    rows = [
        (power(chance, 11), power(chance, 9), power(chance, 8), power(chance, 8))
        for _ in range(DIVISIONS // 2)
    ]
    # Exact halves of a cent, also of units taken back.
    rows += [(2 * power(chance, 6) + 1, 50_000_000, 3_000, 1_000) for _ in range(DIVISIONS // 10)]
    rows = [
        (charge, percent, paid + (paid == billed), billed)
        for charge, percent, paid, billed in rows
        if charge * percent * paid // (10**8 * billed) < LARGEST_QUOTIENT
    ]
    rows += [(charge, percent, -paid, billed) for charge, percent, paid, billed in rows[-1000:]]
    lines = frame(
        rows, "charge_usd", "rate", "paid_units", "billed_units", claim_id="C", payer_id="P",
        method="pct_of_charge", charge_cap="none", is_priced_at_rate=True,
    )  # fmt: skip
    found = run_part(
        asked,
        "int_causes_charge_shares",
        types,
        {"int_causes_lines": ((), lines)},
        ("line_number", "amount_usd"),
        "final",
    )
    expected = [
        # a percent is a fraction of six decimals first (RULES 8.6)
        (place, half_away(charge * half_away(percent, 100) * paid, 10**6 * billed))
        for place, (charge, percent, paid, billed) in enumerate(rows, 1)
    ]
    assert differing(found, expected, rows) == []


def implied(chance: random.Random) -> tuple[int, int, int, int]:
    """What was allowed in cents, units in thousandths, a price in millionths, a charge in cents."""
    kind = chance.random()
    if kind < 0.2:  # exact halves of a step, of every kind
        return 2 * power(chance, 6) + 1, 200_000_000, 1_000_000, 20_000_000
    units = power(chance, 6) * (1_000 if kind < 0.8 else 1)
    return power(chance, 10), units, power(chance, 9), power(chance, 10)


def steps_of(line: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Per kind of rate the nearest whole number of steps, where that is a rate at all."""
    allowed, units, price, charge = line
    found = []
    for place, steps, most in KINDS:
        by = units * price if place == 1 else charge * 10**7 if place == 5 else units * 10**6
        nearest = half_away(allowed * steps * 10**7, by)
        if nearest < most:
            found.append((place, nearest))
    return found


def test_implied_rate_is_the_nearest_of_its_decimals_on_every_line(asked: Asked, types: Types):
    chance = random.Random(169)
    rows = [implied(chance) for _ in range(DIVISIONS // 2)]
    lines = frame(
        rows, "allowed_usd", "units", "own", "charge_usd", claim_id="C", payer_id="P",
        price_source="limit", method="pct_of_charge",
    )  # fmt: skip
    prices = frame(
        [row[2:3] for row in rows], "unit_price_usd", claim_id="C", payer_id="P",
        candidate="itself",
    )  # fmt: skip
    found = run_part(
        asked,
        "int_causes_rates_to_price",
        types,
        {
            "int_causes_lines_left": ((), lines.drop("own")),
            "int_causes_prices_at_rate": ((), prices),
            "int_causes_that_fit": ((), frame([], claim_id="C", payer_id="P")),
        },
        ("line_number", "place", "rate"),
        "nearest",
    )
    # A rate has six decimals; a step of four kinds is a hundredth, of the others its own decimals.
    worth = {1: 10_000, 2: 10_000, 3: 1_000, 4: 100, 5: 10_000}
    expected = [
        (number, place, nearest * worth[place])
        for number, line in enumerate(rows, start=1)
        for place, nearest in steps_of(line)
    ]
    assert len(expected) > DIVISIONS
    assert differing(found, expected, expected) == []
