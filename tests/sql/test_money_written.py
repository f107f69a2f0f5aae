"""How money is written in the models: one shape, named divisions, decimals to the last column."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from model_slices import Types, is_same, model_paths, tree_of
from money_shapes import bare_products, part_of
from sqlglot import exp

# A SELECT run over several tables by `-- same` is looked at where it is written.
MODELS = [path for path in model_paths() if not is_same(path)]

# Products of money that are no dollars yet: the cents and remainders of the named divisions, each
# proved in a `test_*_divisions.py` or test_money_at_rate.py, and the percent as said in words.
PARTS_WITH_PRODUCTS = {
    ("discarded_shares", "near_shares"),
    ("discarded_shares", "shares"),
    ("int_causes_charge_shares", "shares"),
    ("int_causes_charge_shares", "remainders"),
    ("int_causes_charge_shares", "nearest"),
    ("int_causes_rates_to_price", "asked"),
    ("int_cap_gaps_to_spread", "final"),
    ("int_claim_caps_to_spread", "final"),
    ("int_claim_level_amounts_to_spread", "weighted"),
    ("int_claim_level_amounts_spread", "shares"),
    ("int_claim_level_amounts_spread", "final"),
    ("int_denied_parts_to_price", "near_denied_units"),
    ("int_denied_parts_to_price", "denied_units"),
    ("int_gaps_with_patient_rate", "bases"),
    ("int_gaps_with_patient_rate", "near_percents"),
    ("int_gaps_with_patient_rate", "percents"),
    ("int_gaps_with_patient_rate", "near_parts"),
    ("int_gaps_with_patient_rate", "patient_parts"),
    ("int_lines_at_rate", "near_prices"),
    ("int_lines_at_rate", "remainders"),
    ("int_lines_at_rate", "dividends"),
    ("int_lines_at_rate", "quotients"),
    ("int_lines_at_rate", "rounded"),
    ("int_lines_priced_at_contract", "near_copayments"),
    ("int_lines_priced_at_contract", "copayments"),
    ("int_prices_in_words", "numbers"),
    ("int_rates_paid", "bases"),
    ("int_rates_paid", "limited"),
    ("int_rates_paid", "near_rates"),
    ("int_rates_paid", "remainders"),
    ("medicare_payments", "worded"),
}
# The only doubles: the near quotients of the same divisions.
PARTS_WITH_DOUBLES = {
    ("code_identity", "lines"),
    ("discarded_shares", "near_shares"),
    ("int_causes_charge_shares", "near_shares"),
    ("int_causes_rates_to_price", "quotients"),
    ("int_causes_remit_codes", "near_units"),
    ("int_claim_level_amounts_spread", "near_quotients"),
    ("int_denied_parts_to_price", "near_denied_units"),
    ("int_documentation_treatments", "recorded"),
    ("int_gaps_with_patient_rate", "near_percents"),
    ("int_gaps_with_patient_rate", "percents"),
    ("int_gaps_with_patient_rate", "near_parts"),
    ("int_paid_units_told", "near_units"),
    ("int_lines_at_rate", "near_prices"),
    ("int_lines_at_rate", "near_quotients"),
    ("int_lines_priced_at_contract", "near_copayments"),
    ("int_rates_paid", "near_rates"),
    ("int_treatments_with_expected_waste", "near_units"),
    ("int_treatments_recorded", "final"),
    ("int_treatments_with_expected_waste", "agreed"),
    ("int_treatments_with_expected_waste", "wholes"),
    ("int_treatments_with_expected_waste", "expected"),
    ("int_treatments_with_vials", "lines"),
}
WHOLE_UNITS = {"payable_vial_units"}
# A price at its rate holds the percent too; OPPS states rates past a million dollars.
WIDE_PRICES = {"rounded_price_usd": "DECIMAL(15,6)", "payment_rate_usd": "DECIMAL(18,6)"}
PRICES = {
    *("unit_price_usd", "payment_limit_usd", "price_usd", "list_price_usd", "opps_rate_usd"),
    # Of the billed unit: a house code's copayment has more decimals than the OPPS unit's.
    "opps_copayment_usd",
}


def money_columns(tree: exp.Query) -> Iterator[exp.Alias]:
    """Every column a model names `*_usd`, in any of its selects; near quotients are no dollars."""
    return (
        column
        for column in tree.find_all(exp.Alias)
        if column.alias.endswith("_usd") and not column.alias.startswith("near_")
    )


def inexact_parts(column: exp.Alias) -> list[str]:
    """What would make a column of dollars inexact, outside a test it only asks."""
    found = column.this.find_all(exp.Round, exp.Div, exp.IntDiv, exp.Avg, exp.Cast, exp.TryCast)
    return [
        part.sql("duckdb")
        for part in found
        if not isinstance(part, exp.Cast) or part.is_type("double", "float", "real")
    ]


def doubles(tree: exp.Query) -> set[str]:
    """The parts of a model that hold a double."""
    casts = (cast for cast in tree.find_all(exp.Cast) if cast.is_type("double", "float"))
    return {part_of(node) for node in (*casts, *tree.find_all(exp.Div, exp.Round))}


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_dollars_are_multiplied_in_the_one_shape_and_nowhere_else(path: Path):
    products = [
        f"{part_of(product)}: {product.sql('duckdb')}"
        for product in bare_products(tree_of(path.stem))
        if (path.stem, part_of(product)) not in PARTS_WITH_PRODUCTS
    ]
    assert products == []


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_no_column_of_dollars_is_divided_rounded_or_a_double(path: Path):
    found = {
        column.alias: parts
        for column in money_columns(tree_of(path.stem))
        if (parts := inexact_parts(column))
    }
    assert found == {}


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_doubles_stand_only_in_the_divisions_that_are_proved(path: Path):
    found = {(path.stem, part) for part in doubles(tree_of(path.stem))}
    assert found <= PARTS_WITH_DOUBLES


def test_no_table_holds_a_double(types: Types):
    inexact = [
        f"{table}.{column}"
        for table, columns in types.items()
        for column, kind in columns.items()
        if kind in ("DOUBLE", "FLOAT")
    ]
    assert inexact == []


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_dollars_units_and_prices_leave_a_model_in_their_own_digits(path: Path, types: Types):
    found = types[path.stem]
    endings = ("_usd", "_units", "_fraction")
    wanted = {column: _digits_of(column) for column in found if column.endswith(endings)}
    assert {column: found[column] for column in wanted} == wanted


def _digits_of(column: str) -> str:
    if column in WHOLE_UNITS:
        return "DECIMAL(18,0)"
    if column.endswith("_units"):
        return "DECIMAL(18,3)"
    if column.endswith("_fraction"):
        return "DECIMAL(9,6)"
    if column in WIDE_PRICES:
        return WIDE_PRICES[column]
    return "DECIMAL(12,6)" if column in PRICES else "DECIMAL(18,2)"


@pytest.mark.parametrize(
    "select",
    [
        "select billed_units * unit_price_usd as expected_usd",
        "select cast(billed_units * unit_price_usd as decimal(18, 2)) as expected_usd",
        "select cast(cast(charge_usd as decimal(28, 9)) * 1.04 * rate as decimal(18, 2)) as a_usd",
        "select cast(cast(units as decimal(18, 9)) * rate as decimal(18, 2)) as expected_usd",
    ],
)
def test_bare_product_is_seen(select: str):
    assert bare_products(sqlglot.parse_one(f"{select} from lines", dialect="duckdb"))


@pytest.mark.parametrize(
    "column",
    [
        "round(charge_usd, 2)",
        "cast(cast(charge_usd as double) as decimal(18, 2))",
        "charge_usd / 3",
        "avg(charge_usd)",
    ],
)
def test_inexact_column_is_seen(column: str):
    tree = sqlglot.parse_one(f"select {column} as allowed_usd from lines", dialect="duckdb")
    assert [inexact_parts(found) for found in money_columns(tree)] != [[]]
