"""A part of a model run on rows of a test's own: from the CTEs it is given to the columns it asks.

What runs is the text of the model file, so a test of a part fails when that part changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from analytics.warehouse.engine import open_engine
from analytics.warehouse.models import build, load_models, plan_build
from analytics.warehouse.sql_files import CHECK_LABELS, MODEL_LABELS, read_sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"
LAYERS = ("staging", "intermediate", "marts")

Types = dict[str, dict[str, str]]


def model_paths(*layers: str) -> list[Path]:
    """Every model file of these layers (all that make tables when none is named)."""
    return [path for layer in layers or LAYERS for path in sorted((SQL / layer).glob("*.sql"))]


def is_same(path: Path) -> bool:
    """Whether the file runs the SELECT of another model."""
    return read_sql_file(path).same_as is not None


def types_of_an_empty_site(folder: Path) -> Types:
    """The columns and types of every table of a site that has received nothing."""
    from analytics.intake.site import Site
    from analytics.refresh import gather_inputs
    from analytics.settings import DataFolder

    site = DataFolder(folder)
    site.raw.mkdir(parents=True)
    day = date(2026, 7, 31)
    inputs = gather_inputs(site, Site(practice_name="Empty", as_of=day), day).inputs
    with open_engine() as con:
        plan = plan_build(load_models(SQL), inputs)
        build(plan, site.results, con)
        return {name: types_in(con, name) for name in (*plan.inputs, *plan.models)}


def types_in(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of one table and their types."""
    return {row[0]: row[1] for row in con.execute(f'describe "{table}"').fetchall()}


@cache
def tree_of(model: str) -> exp.Query:
    """The parsed SELECT of a model; copy it before changing it."""
    (path,) = SQL.glob(f"*/{model}.sql")
    return sqlglot.parse_one(sql_of(path), dialect="duckdb")


def sql_of(path: Path) -> str:
    """The SELECT a model or check file stands for; the header of a check has other labels."""
    labels = CHECK_LABELS if path.parent.name == "checks" else MODEL_LABELS
    return read_sql_file(path, labels).sql


def slice_of(model: str, *, given: Iterable[str], wanted: Iterable[str], last: str) -> str:
    """The SQL of a model from the tables or CTEs `given` to the columns `wanted` of CTE `last`.

    CTEs that are given, and those only they need, are left out; a list of columns at the end is cut
    to those wanted, so that a test need not fill the rest.
    """
    tree, wanted = tree_of(model).copy(), set(wanted)
    parts = {cte.alias: cte for cte in tree.args["with_"].expressions}
    missing = {last} - set(parts)
    assert not missing, f"{model} has no CTE {last}; it has {', '.join(parts)}"
    _keep_columns(parts[last].this, wanted)
    needed = _reachable(last, parts, set(given))
    kept = [cte.sql("duckdb") for name, cte in parts.items() if name in needed]
    listed = ", ".join(sorted(wanted))
    return f"with {', '.join(kept)} select {listed} from {last}"


def _keep_columns(select: exp.Query, wanted: set[str]) -> None:
    if isinstance(select, exp.Select) and not any(
        isinstance(item, exp.Star) or item.find(exp.Star) for item in select.selects
    ):
        select.set("expressions", [item for item in select.selects if item.alias_or_name in wanted])


def _reachable(last: str, parts: Mapping[str, exp.CTE], given: set[str]) -> set[str]:
    needed, asked = set(), [last]
    while asked:
        name = asked.pop()
        if name in parts and name not in given and name not in needed:
            needed.add(name)
            asked += [table.name for table in parts[name].this.find_all(exp.Table)]
    return needed


def type_of(types: Types, model: str, column: str) -> str:
    """The type a column has in the tables the model reads, which must agree; else in its own."""
    reads = {table.name for table in tree_of(model).find_all(exp.Table)}
    found = {types[name][column] for name in reads if column in types.get(name, {})}
    found = found or {types[model][column]}
    assert len(found) == 1, f"{model} reads {column} as {', '.join(sorted(found))}"
    return found.pop()


def insert_scaled(
    con: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame, kinds: Mapping[str, str]
) -> None:
    """Make `table` of whole numbers: a decimal column is its last digits (1.05 is 105).

    Takes    kinds, the type of every column of the table; columns the rows lack are null
    """
    con.register("whole_numbers", rows)
    columns = ", ".join(_cell(name, kind, name in rows.columns) for name, kind in kinds.items())
    con.execute(f'create table "{table}" as select {columns} from whole_numbers')
    con.unregister("whole_numbers")


def rows_scaled(con: duckdb.DuckDBPyConnection, query: str, columns: Sequence[str]) -> list[tuple]:
    """The rows of a query in the order of its columns, decimals as their last digits."""
    con.execute(f"create table found as {query}")
    kinds = types_in(con, "found")
    listed = ", ".join(_digits(name, kinds[name]) for name in columns)
    return con.execute(f"select {listed} from found order by all").fetchall()


def _digits(name: str, kind: str) -> str:
    if not kind.startswith("DECIMAL"):
        return f'"{name}"'
    scale = _scale(kind)
    return f'cast(cast("{name}" as decimal(38, {scale})) * {10**scale} as bigint) as "{name}"'


def _scale(kind: str) -> int:
    return int(kind.rstrip(")").split(",")[1])


def _cell(name: str, kind: str, is_given: bool) -> str:
    if not is_given:
        return f'cast(null as {kind}) as "{name}"'
    if not kind.startswith("DECIMAL"):
        return f'cast("{name}" as {kind}) as "{name}"'
    scale = _scale(kind)
    step = f"cast('{Decimal(1).scaleb(-scale):f}' as decimal({scale + 1}, {scale}))"
    return f'cast(cast("{name}" as decimal(19, 0)) * {step} as {kind}) as "{name}"'
