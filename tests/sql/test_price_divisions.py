"""The divisions beside a price: a cap over the claim, and units of one code in those of another.

Run as they stand, on both engines, against exact whole-number arithmetic (see `divisions`).
"""

import random
from datetime import date

import polars as pl
from divisions import DIVISIONS, LARGEST_QUOTIENT, differing, frame, power, run_part
from model_slices import Types
from two_engines import Asked
from whole_numbers import half_away, spread_in_cents

# A cap over the claim, spread by the amounts at the rate (RULES 8.6)


def caps() -> list[tuple[list[int], list[int]]]:
    """Charges and amounts at the rate of the lines of a claim, in cents."""
    chance = random.Random(86)
    made = []
    for _ in range(DIVISIONS // 8):
        lines = range(chance.randrange(1, 8))
        alike = power(chance, 6)
        at_rate = [alike if chance.random() < 0.3 else power(chance, 8) for _ in lines]
        part = chance.choice((1, 3, 9, 10, 11))
        made.append(([amount * part // 10 + chance.randrange(2) for amount in at_rate], at_rate))
    return [*made, ([1, 0, 0], [5, 5, 5]), ([0, 0], [7, 3]), ([5, 5], [5, 5]), ([0], [0])]


def test_claim_cap_is_spread_to_the_cent_by_largest_remainder_on_every_claim(
    asked: Asked, types: Types
):
    # The SELECT runs over two tables by `-- same`: here a part may be null, where nothing is taken.
    made = [(sum(charges), at_rate) for charges, at_rate in caps()]
    to_spread = pl.DataFrame(
        [
            (f"{place:07}", line, line, cap if cap < sum(at_rate) else None, amount)
            for place, (cap, at_rate) in enumerate(made)
            for line, amount in enumerate(at_rate, start=1)
        ],
        schema=["claim_id", "line_number", "place", "amount_usd", "weight"],
        orient="row",
    ).with_columns(owner_id="claim_id", payer_id=pl.lit("P"), item=pl.lit("paid:K"))
    found = run_part(
        asked,
        "int_claim_caps_spread",
        types,
        {"int_claim_caps_to_spread": ((), to_spread)},
        ("claim_id", "line_number", "spread_usd"),
        "final",
    )
    expected = [
        (f"{place:07}", line, part)
        for place, (cap, at_rate) in enumerate(made)
        for line, part in enumerate(ceilings(cap, at_rate), start=1)
    ]
    assert differing(found, expected, expected) == []


def ceilings(cap: int, at_rate: list[int]) -> list[int | None]:
    """What the cap leaves each line; None where it takes nothing."""
    return [None] * len(at_rate) if cap >= sum(at_rate) else spread_in_cents(cap, at_rate)


# Units paid under another code, in units of the billed one (RULES 9.8)


def test_units_of_the_remits_code_become_units_of_the_billed_code_on_every_line(
    asked: Asked, types: Types
):
    chance = random.Random(98)
    mgs = (10_000, 250_000, 1_000_000, 3_000_000, 500_000_000)
    rows = [
        (power(chance, 9), chance.choice(mgs), chance.choice((*mgs, power(chance, 8))))
        for _ in range(DIVISIONS)
    ]
    rows += [(2 * power(chance, 6) + 1, 1_000_000, 2_000_000) for _ in range(DIVISIONS // 10)]
    rows = [row for row in rows if row[0] * row[1] // row[2] < LARGEST_QUOTIENT]
    day = date(2026, 2, 10)
    told = frame(
        [row[:1] for row in rows], "paid_units", claim_id="C", payer_id="P", payer_rank="primary",
        service_date=day,
    ).with_columns(
        hcpcs=pl.format("B{}", "line_number"), remit_hcpcs=pl.format("R{}", "line_number")
    )  # fmt: skip
    milligrams = pl.DataFrame(
        [
            (f"{kind}{place}", day, "a drug", mg)
            for place, row in enumerate(rows, start=1)
            for kind, mg in zip("RB", row[1:], strict=True)
        ],
        schema=["hcpcs", "service_date", "drug", "unit_mg"],
        orient="row",
    )
    model = "int_paid_units_told"
    found = run_part(
        asked,
        model,
        types | {model: types[model] | {"converted_units": "DECIMAL(18,3)"}},
        {"told": ((), told), "milligrams": ((), milligrams)},
        ("line_number", "converted_units"),
        "converted",
    )
    expected = [
        (place, half_away(units * mg, billed)) for place, (units, mg, billed) in enumerate(rows, 1)
    ]
    assert differing(found, expected, rows) == []


# A hospital's copayment of an OPPS unit, of the unit billed under a house code (RULES 9.4)


def test_copayment_of_an_opps_unit_becomes_that_of_the_billed_unit_on_every_line(
    asked: Asked, types: Types
):
    chance = random.Random(94)
    mgs = (10_000, 250_000, 1_000_000, 3_000_000, 500_000_000)
    rows = [
        (power(chance, 9), chance.choice((*mgs, power(chance, 8))), chance.choice(mgs))
        for _ in range(DIVISIONS)
    ]
    rows += [(2 * power(chance, 6) + 1, 1_000_000, 2_000_000) for _ in range(DIVISIONS // 10)]
    rows = [row for row in rows if row[0] * row[1] // row[2] < 10**11]
    model = "int_lines_priced_at_contract"
    found = run_part(
        asked,
        model,
        types | {model: types[model] | {"unit_copayment_usd": "DECIMAL(12,6)"}},
        {"lines": ((), frame(rows, "opps_copayment_usd", "unit_mg", "price_mg"))},
        ("line_number", "unit_copayment_usd"),
        "copayments",
    )
    expected = [
        (place, half_away(usd * mg, opps_mg)) for place, (usd, mg, opps_mg) in enumerate(rows, 1)
    ]
    assert differing(found, expected, rows) == []
