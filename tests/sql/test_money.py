"""The one shape of money (metrics 1), as the models write it, against exact arithmetic.

Every product of units, price and fraction that a model casts to cents is brought back to the form
it is an instance of; the forms are run on both engines on millions of products, ties, negatives and
the ends of the ranges among them, and compared with whole-number arithmetic in Python.
"""

import random
from collections.abc import Iterator

import polars as pl
import pytest
from model_slices import Types, insert_scaled, tree_of, types_in
from money_shapes import BY_DOLLARS, BY_UNITS, Shape, as_parsed, shapes_of_all_models
from sqlglot import exp
from two_engines import Asked
from whole_numbers import half_away

from analytics.warehouse.engine import open_engine

SHAPES = shapes_of_all_models()
RANDOM_PRODUCTS = 750_000
TIES = 350_000
OPERAND_TYPES = {
    "units": "DECIMAL(18,3)",
    "price": "DECIMAL(12,6)",
    "fraction": "DECIMAL(9,6)",
    "dollars": "DECIMAL(18,2)",
    "cents": "DECIMAL(18,2)",
}
# Cents are the twelfth to last digit but two of thousandths x millionths x millionths.
UNITS_STEP = 10**13
DOLLARS_STEP = 10**6


def products_by_units() -> Iterator[tuple[int, int, int]]:
    """Thousandths of a unit, millionths of a dollar and of one, to be multiplied."""
    chance = random.Random(1324)
    for _ in range(RANDOM_PRODUCTS):
        sign = chance.choice((1, 1, 1, -1))
        yield (
            sign * chance.randrange(1, 10 ** chance.randrange(1, 9)),
            chance.randrange(10 ** chance.randrange(1, 11)),
            chance.choice((1_000_000, 1_040_000, 1_060_000, chance.randrange(2_000_000))),
        )
    yield from ties_by_units(chance)
    # The ends of the ranges, as far as the cents still have room in eighteen digits.
    yield from ((10**15 - 1, 10**6, 10**6), (1, 1, 1), (0, 10**12 - 1, 10**9 - 1))
    yield from ((10**7, 10**12 - 1, 999_999), (-(10**7), 10**12 - 1, 999_999_999))


def ties_by_units(chance: random.Random) -> Iterator[tuple[int, int, int]]:
    """Products that end in exactly half a cent, and the same a millionth to either side."""
    for _ in range(TIES):
        units = 2 ** chance.randrange(6) * 5 ** chance.randrange(6)
        fraction = 2 ** chance.randrange(6) * 5 ** chance.randrange(6)
        half_a_cent = UNITS_STEP // 2 // (units * fraction)
        price = half_a_cent * (2 * chance.randrange(max(1, 4 * 10**11 // half_a_cent)) + 1)
        if price < 10**12 - 1:
            yield chance.choice((-1, 1)) * units, price + chance.choice((0, 0, -1, 1)), fraction


def products_by_dollars() -> Iterator[tuple[int, int]]:
    """Cents and millionths of one, to be multiplied."""
    chance = random.Random(9177)
    for _ in range(RANDOM_PRODUCTS):
        cents = chance.randrange(10 ** chance.randrange(1, 15))
        yield chance.choice((-1, 1, 1)) * cents, chance.randrange(10 ** chance.randrange(1, 8))
    for _ in range(TIES):
        part = 2 ** chance.randrange(6) * 5 ** chance.randrange(6)
        half = 5 * 10**5 // part * (2 * chance.randrange(100_000) + 1)
        yield chance.choice((-1, 1)) * half, part
    yield from ((10**17, 10**6), (-(10**18 - 1), 10**6), (10**15, 999_999_999), (1, 1))


def wrong_products(
    asked: Asked, form: str, names: tuple[str, ...], rows: list[tuple[int, ...]]
) -> list[tuple]:
    """Rows on which the form and the exact product differ."""
    columns = (*names, "cents")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.Int64), orient="row")
    query = f"select *, {form} as found from products where {form} is distinct from cents"
    with open_engine() as con:
        insert_scaled(con, "products", frame, {name: OPERAND_TYPES[name] for name in columns})
        return con.execute(f"{asked(con, ['products'], query)} limit 5").fetchall()


def test_units_times_price_times_fraction_is_right_to_the_cent_on_every_product(asked: Asked):
    rows = [
        (units, price, fraction, half_away(units * price * fraction, UNITS_STEP))
        for units, price, fraction in products_by_units()
    ]
    ties = sum(abs(u * p * f) % UNITS_STEP * 2 == UNITS_STEP for u, p, f, _ in rows)
    assert ties > 100_000
    assert wrong_products(asked, BY_UNITS, ("units", "price", "fraction"), rows) == []


def test_dollars_times_fraction_is_right_to_the_cent_on_every_product(asked: Asked):
    rows = [
        (cents, fraction, half_away(cents * fraction, DOLLARS_STEP))
        for cents, fraction in products_by_dollars()
    ]
    ties = sum(abs(c * f) % DOLLARS_STEP * 2 == DOLLARS_STEP for c, f, _ in rows)
    assert ties > 100_000
    assert wrong_products(asked, BY_DOLLARS, ("dollars", "fraction"), rows) == []


def test_product_too_large_for_dollars_stops_the_build_and_never_wraps(asked: Asked):
    dear = [(10**15, 10**12 - 1, 1_000_000, 0)]
    with pytest.raises(Exception, match=r"NUMERIC_VALUE_OUT_OF_RANGE|value is out of range"):
        wrong_products(asked, BY_UNITS, ("units", "price", "fraction"), dear)


def test_product_that_is_rounded_twice_or_made_of_doubles_is_found(asked: Asked):
    ties = [tie for tie, _ in zip(ties_by_units(random.Random(1)), range(20_000), strict=False)]
    rows = [(u, p, f, half_away(u * p * f, UNITS_STEP)) for u, p, f in ties]
    rounded_twice = BY_UNITS.replace("decimal(28, 9)", "decimal(28, 2)")
    of_doubles = "cast(cast(units as double) * cast(price as double) * fraction as decimal(18, 2))"
    for form in (rounded_twice, of_doubles):
        assert wrong_products(asked, form, ("units", "price", "fraction"), rows)


# The models


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.model}/{shape.part}")
def test_every_product_of_a_model_is_of_the_one_shape(shape: Shape):
    assert shape.form in (as_parsed(BY_UNITS), as_parsed(BY_DOLLARS)), shape.product.sql("duckdb")


def test_the_models_that_make_dollars_of_units_are_all_here():
    assert {shape.model for shape in SHAPES} >= {
        "int_lines_at_rate",
        "int_gaps_with_patient_rate",
        "int_gaps_split",
    }


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.model}/{shape.part}")
def test_price_and_fraction_have_the_digits_the_shape_was_proved_for(shape: Shape, types: Types):
    found = operand_types(shape, types)
    wanted = {name: OPERAND_TYPES[name] for name in found if name in ("price", "fraction")}
    if (shape.model, shape.part) == ("int_lines_at_rate", "at_rate"):
        # A rounded price holds the percent too; test_money_at_rate.py proves it with these digits.
        wanted = {
            name: found[name] if found[name] == "DECIMAL(15,6)" else wanted[name] for name in wanted
        }
    assert {name: found[name] for name in wanted} == wanted
    scales = {name: int(kind.rstrip(")").split(",")[1]) for name, kind in found.items()}
    assert scales.get("units", 3) == 3
    assert scales.get("dollars", 2) == 2


def operand_types(shape: Shape, types: Types) -> dict[str, str]:
    """The types of a product's operands where it stands, in a site without rows."""
    reads = {table.name for table in tree_of(shape.model).find_all(exp.Table)} & set(types)
    select = shape.product.parent_select
    asked = exp.select(*(exp.alias_(operand.copy(), name) for name, operand in shape.operands))
    for clause in ("from_", "joins"):
        asked.set(clause, select.args.get(clause))
    parts = tree_of(shape.model).args["with_"].sql("duckdb")
    with open_engine() as con:
        for table in reads:
            listed = ", ".join(f'"{name}" {kind}' for name, kind in types[table].items())
            con.execute(f'create table "{table}" ({listed})')
        con.execute(f"create table operands as {parts} {asked.sql('duckdb')}")
        return types_in(con, "operands")
