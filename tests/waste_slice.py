"""The models of the waste ledger on rows of a test's own, from identified lines to the ledger.

What runs is the text of the model files, in their own order; tables that a test leaves out are
empty, columns it leaves out are null.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from graphlib import TopologicalSorter

import polars as pl
from model_slices import SQL, Types

from analytics.reference.vials import vial_totals
from analytics.warehouse.engine import open_engine
from analytics.warehouse.models import load_models

LEDGER = (
    "int_treatment_lines",
    "int_administrations",
    "int_administrations_of_treatments",
    "int_treatments_recorded",
    "int_treatments_with_vials",
    "int_treatments_with_expected_waste",
    "int_waste_units_to_price",
    "int_waste_units_at_rate",
    "int_avoidable_vials_to_price",
    "int_avoidable_vials_at_rate",
    "int_waste_secondary_payers",
    "waste_ledger",
)
LINE_KEY = ("claim_id", "line_number", "payer_id", "payer_rank")
Rows = Sequence[Mapping[str, object]]


def run_models(
    types: Types, names: Sequence[str], given: Mapping[str, Rows], wanted: str
) -> list[dict[str, object]]:
    """The rows of one of the models, after all of them ran over the given tables.

    Takes    types, the columns of every table; names, the models to run; given, rows by table
    """
    models = load_models(SQL)
    reads = {name: set(models[name].reads) for name in names}
    with open_engine() as con:
        for table in sorted(set().union(*reads.values()) - reads.keys()):
            columns = ", ".join(f'"{name}" {kind}' for name, kind in types[table].items())
            con.execute(f'create table "{table}" ({columns})')
            if rows := given.get(table):
                told = pl.DataFrame(
                    [{name: _text(value) for name, value in row.items()} for row in rows],
                    schema=dict.fromkeys(rows[0], pl.String),
                )
                con.register("told", told)
                named = ", ".join(f'"{name}"' for name in told.columns)
                cells = ", ".join(
                    f'cast("{name}" as {types[table][name]})' for name in told.columns
                )
                con.execute(f'insert into "{table}" ({named}) select {cells} from told')
                con.unregister("told")
        for name in TopologicalSorter(reads).static_order():
            if name in reads:
                con.execute(f'create table "{name}" as ({models[name].sql}\n)')
        return con.sql(f'select * from "{wanted}" order by all').pl().to_dicts()


def packages_of(sizes: Mapping[str, Sequence[str]], quantity_unit: str = "UN") -> Rows:
    """Single-dose packages: the milligrams of each drug's vials, NDCs made up in their order."""
    pairs = [(drug, mg) for drug, all_mg in sorted(sizes.items()) for mg in all_mg]
    return [
        {
            "row_id": place,
            "ndc11": f"{place:011d}",
            "drug": drug,
            "package_mg": mg,
            "billable_mg": mg,
            "package_quantity": 1,
            "quantity_unit": quantity_unit,
            "is_single_dose": "true",
        }
        for place, (drug, mg) in enumerate(pairs, start=1)
    ]


def totals_of(packages: Rows) -> Rows:
    """What these packages can add up to, as a refresh has it made."""
    told = [
        {"drug": row["drug"], "billable_mg": row["billable_mg"], "single_dose": "yes"}
        for row in packages
    ]
    return vial_totals(pl.DataFrame(told)).to_dicts()


def _text(value: object) -> str | None:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return None if value is None else str(value)
