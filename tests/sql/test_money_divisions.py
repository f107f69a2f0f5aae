"""The divisions of the models, run as they stand, against exact whole-number arithmetic.

A division is a double quotient corrected by its exact remainder (metrics 1). Each test runs that
part of the model file, on both engines, on quotients drawn from a seed, exact halves among them,
and on the ends of the ranges a site can send.
"""

import random
from collections.abc import Iterable

import polars as pl
import pytest
from divisions import DIVISIONS, LARGEST_QUOTIENT, differing, frame, power, run_part
from model_slices import Types
from two_engines import Asked
from whole_numbers import half_away, spread_in_cents

LINE_KEY = ("claim_id", "line_number", "payer_id")

# Milligrams to units of the row's code, to three decimals (RULES 10.2)


def doses() -> list[tuple[int, int, int]]:
    """Administered and wasted milligrams in billionths, milligrams of the unit in millionths."""
    chance = random.Random(102)
    units = (10_000, 250_000, 1_000_000, 2_500_000, 100_000_000, 3_000_000)
    drawn = [
        (power(chance, 15), power(chance, 13), chance.choice((*units, power(chance, 9))))
        for _ in range(DIVISIONS)
    ]
    halves = [
        ((2 * power(chance, 7) + 1) * 125_000, (2 * power(chance, 5) + 1) * 125_000, 250_000)
        for _ in range(DIVISIONS)
    ]
    # A slip in the units a claim bills must be shown, not stop every other figure.
    slips = [(9 * 10**18, 0, 1_000_000), (0, 9 * 10**18, 500_000_000)]
    return drawn + halves + slips


def test_milligrams_become_units_to_the_thousandth_on_every_dose(asked: Asked, types: Types):
    rows = doses()
    model = "int_treatments_with_expected_waste"
    treatments = frame(
        rows, "administered_mg", "waste_mg", "unit_mg", claim_id="C", drug="d"
    ).with_columns(has_multi_dose_ndc=pl.lit(value=False))
    packages = pl.DataFrame({"drug": ["d"], "has_single_dose": [True], "has_overfill": [False]})
    no_record = pl.DataFrame(schema={"claim_id": pl.String, "line_number": pl.Int64})
    found = run_part(
        asked,
        model,
        types,
        {
            "int_treatments_with_vials": ((), treatments),
            "int_treatments_recorded": ((), no_record),
            "packages": ((), packages),
        },
        ("line_number", "administered_units", "billed_waste_units"),
        "units",
    )
    # Billionths over millionths are thousandths.
    expected = [
        (place, half_away(dose, unit), half_away(waste, unit))
        for place, (dose, waste, unit) in enumerate(rows, start=1)
    ]
    assert sum(dose % unit * 2 == unit for dose, _, unit in rows) > 10_000
    assert differing(found, expected, rows) == []


# Expected, avoidable and missed waste (RULES 10.5)


def vials() -> list[tuple[int, ...]]:
    """Units given and wasted; milligrams of a unit, opened, and of the least-waste set."""
    chance = random.Random(105)
    rows = []
    for _ in range(DIVISIONS // 2):
        unit = chance.choice((10_000, 250_000, 1_000_000, 10_000_000, power(chance, 8)))
        given = chance.choice((1, 1, 1000)) * power(chance, 5)
        dose = given * unit
        least = (
            -(-dose // 1000 // 20_000_000) * 20_000_000
            if chance.random() < 0.5
            else (dose // 1000 + chance.randrange(1, 50_000_000))
        )
        opened = chance.choice((least, least * 2, least + chance.randrange(10**8), least // 2))
        wasted = chance.choice((0, 0, power(chance, 5)))
        rows.append((given, wasted, unit, opened * 1000, least))
    return [row for row in rows if row[4] < 10**12]


def waste_of(row: tuple[int, ...], *, is_opened: bool) -> tuple[int, int | None, int]:
    """Expected, avoidable and missed units in thousandths, as the definitions say."""
    given, wasted, unit, opened, least = row
    dose, least = given * unit, least * 1000
    payable = min(opened, least) if is_opened else least
    per_unit = unit * 1000
    payable_units = payable // per_unit
    beyond = max(payable - dose, 0) // per_unit
    expected = max(0, min(beyond, payable_units - -(-given // 1000))) * 1000
    avoidable = max(opened - least, 0) // per_unit * 1000 if is_opened else None
    missed = max(0, min(expected - wasted, payable_units * 1000 - given - wasted))
    return expected, avoidable, missed


@pytest.mark.parametrize("evidence", ["B", "C"])
def test_dose_rounds_up_and_waste_down_on_every_set_of_vials(
    asked: Asked, types: Types, evidence: str
):
    rows = vials()
    model = "int_treatments_with_expected_waste"
    payable = frame(
        [
            (given, -(-given // 1000) * 1000, wasted, unit, given * unit, opened, least,
             min(opened, least * 1000) if evidence == "B" else least * 1000)
            for given, wasted, unit, opened, least in rows
        ],
        "administered_units", "dose_units", "billed_waste_units", "unit_mg", "dose_mg", "vial_mg",
        "least_waste_mg", "payable_mg",
        administered_lines=1, vial_evidence=evidence,
    ).with_columns(has_single_dose=pl.lit(value=True))  # fmt: skip
    found = run_part(
        asked,
        model,
        types,
        {"payable": ((), payable)},
        ("line_number", "expected_waste_units", "avoidable_units", "missed_units"),
        "final",
    )
    expected = [
        (place, *waste_of(row, is_opened=evidence == "B")) for place, row in enumerate(rows, 1)
    ]
    assert differing(found, expected, rows) == []


# The same milligrams in units of the CMS code


def test_units_of_the_cms_code_carry_the_same_milligrams_on_every_line(asked: Asked, types: Types):
    chance = random.Random(9177)
    mgs = (10_000, 250_000, 1_000_000, 500_000_000)
    rows = [
        (
            power(chance, 9),
            chance.choice((*mgs, power(chance, 8))),
            chance.choice((*mgs, power(chance, 8))),
        )
        for _ in range(DIVISIONS)
    ]
    rows += [(2 * power(chance, 6) + 1, 1_000_000, 2_000_000) for _ in range(DIVISIONS // 10)]
    rows += [(99_999_999_000, 500_000_000, 1_000_000)]
    rows = [row for row in rows if row[0] * row[1] // row[2] < LARGEST_QUOTIENT]
    drug_lines = frame(
        [row[1:] for row in rows], "unit_mg", "drug_cms_unit_mg",
        claim_id="C", payer_id="P", payer_rank="primary", identity_basis="house_code",
    )  # fmt: skip
    outcomes = frame(
        [row[:1] for row in rows], "billed_units", claim_id="C", payer_id="P", payer_rank="primary"
    )
    meanings = frame([], claim_id="C", payer_id="P", payer_rank="primary", cms_descriptor="")
    other_reading = frame([], claim_id="C", payer_id="P", candidate="cms_units")
    found = run_part(
        asked,
        "code_identity",
        types,
        {
            "int_identities_found": ((), drug_lines),
            "int_line_outcomes_net_of_reversals": ((), outcomes),
            "int_identities_at_rate": ((), other_reading),
            "cms_meanings": ((), meanings),
        },
        ("line_number", "cms_units"),
        "final",
    )
    expected = [
        (place, half_away(units * mg, cms)) for place, (units, mg, cms) in enumerate(rows, 1)
    ]
    assert differing(found, expected, rows) == []


# The denied part of a line in units (RULES 9.3)


def test_denied_units_are_the_denied_part_of_the_charge_on_every_line(asked: Asked, types: Types):
    chance = random.Random(93)
    rows = [(power(chance, 8), power(chance, 9), power(chance, 9)) for _ in range(DIVISIONS)]
    rows += [(2 * power(chance, 6) + 1, 5_000, 10_000) for _ in range(DIVISIONS // 2)]
    rows += [(99_999_999_000, 10**11, 10**9), (100_000, 10**8, 1)]
    rows = [row for row in rows if row[0] * row[1] // row[2] < LARGEST_QUOTIENT]
    lines = frame(
        rows, "billed_units", "denied_charge_usd", "charge_usd", denial_codes=1,
        denial_codes_with_quantity=0, payer_rank="primary",
    )  # fmt: skip
    found = run_part(
        asked,
        "int_denied_parts_to_price",
        types,
        {"int_gaps_compared": ((), lines)},
        ("line_number", "denied_units"),
        "denied_units",
    )
    expected = [
        (place, half_away(units * denied, charge))
        for place, (units, denied, charge) in enumerate(rows, start=1)
    ]
    assert differing(found, expected, rows) == []


# Claim-level amounts over the lines (RULES 5.4)


def claims() -> list[tuple[int, list[int], list[int], list[int]]]:
    """An amount in cents and, per line, what is unexplained, was paid and was charged."""
    chance = random.Random(54)
    made = []
    for _ in range(DIVISIONS // 5):
        lines = range(chance.randrange(1, 8))
        amount = chance.choice((-1, 1)) * power(chance, chance.choice((3, 7, 13)))
        alike, kind = power(chance, 6), chance.random()
        unexplained = [power(chance, 7) if kind > 0.8 else 0 for _ in lines]
        paid = [0 if kind < 0.3 else alike if kind < 0.5 else power(chance, 8) for _ in lines]
        charged = [0 if kind < 0.1 else power(chance, 9) for _ in lines]
        made.append((amount, unexplained, paid, charged))
    evenly = [0, 0, 0], [1, 1, 1], [1, 1, 1]
    return [*made, (1, *evenly), (100, *evenly), (-2, [0, 0, 0], [0, 0, 0], [0, 0, 0])]


def weights_of(unexplained: list[int], paid: list[int], charged: list[int]) -> list[int]:
    """What an adjustment is spread by: the first of these that says anything, else evenly."""
    return next(filter(any, (unexplained, paid, charged)), [1] * len(paid))


def test_claim_level_amount_is_weighed_by_what_its_lines_leave_unexplained_else_paid_else_charged(
    asked: Asked, types: Types
):
    model = "int_claim_level_amounts_to_spread"
    made = claims()
    amounts = pl.DataFrame(
        [(f"{place:07}", 1, "adjustment", claim[0]) for place, claim in enumerate(made)],
        schema=["remit_claim_id", "item_number", "kind", "amount_usd"],
        orient="row",
    )
    weights = ("unexplained_usd", "first_weight_usd", "second_weight_usd")
    lines = pl.DataFrame(
        [
            (f"{place:07}", line, *weights)
            for place, claim in enumerate(made)
            for line, weights in enumerate(zip(*claim[1:], strict=True), start=1)
        ],
        schema=["remit_claim_id", "place", *weights],
        orient="row",
    )
    found = run_part(
        asked,
        model,
        with_dollars(types, model, weights),
        {
            "amounts": (("payer_id", "group_code", "reason_code"), amounts),
            "targets": (("remit_line_number", "line_number", "is_paid_on_lines"), lines),
        },
        ("remit_claim_id", "place", "weight"),
        "final",
    )
    expected = [
        (f"{place:07}", line, weight)
        for place, (_, *kinds) in enumerate(made)
        for line, weight in enumerate(weights_of(*kinds), start=1)
    ]
    assert differing(found, expected, expected) == []


def test_amount_is_spread_to_the_cent_by_largest_remainder_on_every_claim(
    asked: Asked, types: Types
):
    made = [(amount, weights_of(*kinds)) for amount, *kinds in claims()]
    to_spread = pl.DataFrame(
        [
            (f"{place:07}", f"{place:07}", line, amount, weight)
            for place, (amount, weights) in enumerate(made)
            for line, weight in enumerate(weights, start=1)
        ],
        schema=["owner_id", "remit_claim_id", "place", "amount_usd", "weight"],
        orient="row",
    ).with_columns(payer_id=pl.lit("P"), item=pl.lit("1"))
    found = run_part(
        asked,
        "int_claim_level_amounts_spread",
        types,
        {"int_claim_level_amounts_to_spread": ((), to_spread)},
        ("remit_claim_id", "place", "spread_usd"),
        "final",
    )
    expected = [
        (f"{place:07}", line, part)
        for place, (amount, weights) in enumerate(made)
        for line, part in enumerate(spread_in_cents(amount, weights), start=1)
    ]
    assert differing(found, expected, expected) == []


def with_dollars(types: Types, model: str, columns: Iterable[str]) -> Types:
    """The types, with columns of dollars that only a CTE of the model has."""
    return types | {model: types[model] | dict.fromkeys(columns, "DECIMAL(18,2)")}


# The coinsurance percentage that reproduces PR-2 (RULES 9.4)


def shares() -> list[tuple[int, int]]:
    """Coinsurance and what it is a share of, in cents."""
    chance = random.Random(94)
    made = []
    for _ in range(DIVISIONS // 2):
        base = power(chance, 8)
        percent = chance.choice(
            (2000, 2000, chance.randrange(1, 101) * 100, chance.randrange(1, 10_001))
        )
        made.append((half_away(base * percent, 10_000), base))
        made.append((chance.randrange(1, base + 1), base))
    # Credits and takebacks leave shares that are no percentage; they must not stop a refresh.
    return [*made, (100_000, 1), (5_000_000, 1), (2_000, -1), (100, 0), (-500, 2_500)]


def percent_of(coinsurance: int, base: int) -> int | None:
    """The whole, else the hundredth percent nearest that reproduces the share; in millionths."""
    for step in (100, 1):
        near = half_away(coinsurance * 10_000, base * step) * step
        if half_away(base * near, 10_000) == coinsurance:
            return near * 100
    return None


def test_coinsurance_is_read_as_the_percentage_that_reproduces_it_on_every_line(
    asked: Asked, types: Types
):
    rows = shares()
    lines = frame(
        rows, "coinsurance_usd", "allowed_usd", deductible_usd=0, copay_usd=0,
        line_of_business="commercial",
    )  # fmt: skip
    found = run_part(
        asked,
        "int_gaps_with_patient_rate",
        types,
        {"int_gaps_by_side": ((), lines)},
        ("line_number", "patient_fraction"),
        "coinsurance_rates",
    )
    usual = [place for place, (share, base) in enumerate(rows) if 0 < share <= base]
    expected = [(place + 1, percent_of(*rows[place])) for place in usual]
    assert len(usual) > 150_000
    assert differing([found[place] for place in usual], expected, [rows[p] for p in usual]) == []


def test_patient_part_without_a_percentage_is_in_proportion_to_the_cent_on_every_line(
    asked: Asked,
    types: Types,
):
    model = "int_gaps_with_patient_rate"
    chance = random.Random(944)
    rows = [(power(chance, 9), power(chance, 8), power(chance, 9)) for _ in range(DIVISIONS)]
    rows += [(2 * power(chance, 6) + 1, 5_000, 10_000) for _ in range(DIVISIONS // 2)]
    rows = [row for row in rows if row[0] * row[1] // row[2] < LARGEST_QUOTIENT]
    names = ("shortfall_usd", "coinsurance_usd", "coinsurance_base_usd")
    found = run_part(
        asked,
        model,
        with_dollars(types, model, names),
        {"coinsurance_rates": ((), frame(rows, *names))},
        ("line_number", "patient_part_usd"),
        "patient_parts",
    )
    expected = [
        (place, half_away(short * share, base))
        for place, (short, share, base) in enumerate(rows, 1)
    ]
    assert differing(found, expected, rows) == []
