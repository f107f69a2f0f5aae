"""Casts that the two engines round or write otherwise: known only by what is cast.

DuckDB rounds a fraction that becomes a whole number, Spark cuts it off; a double as text has its
own digits on each. So no model casts either, and none lets out the near quotient of a division,
which may be one step apart before the exact remainder corrects it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from model_slices import Types, model_paths, tree_of
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

QUERIES = [*model_paths(), *model_paths("checks")]
WHOLE = ("int", "bigint", "smallint", "hugeint", "int128", "boolean")


def risky_casts(tree: exp.Query, types: Types) -> Iterator[str]:
    """Casts of fractions to whole numbers and of doubles to text, with what is cast."""
    schema = {table: dict(columns) for table, columns in types.items()}
    known = qualify(tree.copy(), schema=schema, dialect="duckdb", validate_qualify_columns=False)
    for cast in annotate_types(known, schema=schema, dialect="duckdb").find_all(exp.Cast):
        held = cast.this
        if isinstance(held, exp.Null):
            continue
        is_risky = (cast.is_type(*WHOLE) and not held.is_type(*WHOLE, "text", "varchar")) or (
            cast.is_type("text", "varchar") and held.is_type("double", "float", "unknown")
        )
        if is_risky:
            yield f"{held.type} in {cast.sql('duckdb')}"


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_no_cast_rounds_or_writes_what_engines_do_otherwise(path: Path, types: Types):
    assert list(risky_casts(tree_of(path.stem), types)) == []


def test_no_near_quotient_leaves_a_model(types: Types):
    left = [
        f"{table}.{column}"
        for table, columns in types.items()
        for column in columns
        if column.startswith("near_")
    ]
    assert left == []


@pytest.mark.parametrize(
    "cast",
    [
        "cast(charge_usd as bigint)",
        "cast(sum(charge_usd) as bigint)",
        "cast(case when line_number > 1 then units else 0 end as int)",
        "cast(cast(units as double) as varchar)",
        "cast(floor(cast(units as double)) as bigint)",
        "cast(sqrt(units) as varchar)",
    ],
)
def test_risky_cast_is_seen(cast: str, types: Types):
    table = "stg_837__claim_lines"
    tree = sqlglot.parse_one(f"select {cast} as x from {table}", dialect="duckdb")
    assert list(risky_casts(tree, {table: types[table]}))


def test_cast_of_whole_numbers_and_texts_passes(types: Types):
    table = "stg_837__claim_lines"
    query = (
        "select cast(line_number as bigint) as a, cast(count(*) as bigint) as b,"
        " cast(ndc as int) as c, cast(units as varchar) as d, cast(null as int) as e"
        f" from {table} group by all"
    )
    tree = sqlglot.parse_one(query, dialect="duckdb")
    assert list(risky_casts(tree, {table: types[table]})) == []
