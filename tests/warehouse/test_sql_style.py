"""House rules of the SQL that no linter setting can say."""

from pathlib import Path

import pytest
import sqlglot
from model_slices import sql_of
from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

MODELS = sorted((Path(__file__).resolve().parents[2] / "sql").glob("*/*.sql"))


def unqualified_columns(sql: str) -> list[str]:
    """Columns without their table in a select that reads more than one."""
    return [
        column.name
        for scope in traverse_scope(sqlglot.parse_one(sql, dialect="duckdb"))
        if len(scope.selected_sources) > 1
        for column in scope.unqualified_columns
        if column.name not in _names_of_the_select_itself(scope)
    ]


def _names_of_the_select_itself(scope: Scope) -> set[str]:
    """What its own aliases, its `using` and its lambdas name: no table could stand before those."""
    select = scope.expression
    aliases = {item.alias for item in select.selects if isinstance(item, exp.Alias)}
    shared = {
        name.name for join in select.find_all(exp.Join) for name in join.args.get("using", ())
    }
    arguments = {
        name.name for function in select.find_all(exp.Lambda) for name in function.expressions
    }
    return aliases | shared | arguments


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_every_column_of_a_join_names_its_table(path: Path):
    assert unqualified_columns(sql_of(path)) == []


def test_a_column_that_two_tables_could_own_is_found():
    joined = "select a.x, y from a inner join b on a.k = b.k"
    assert unqualified_columns(joined) == ["y"]
    assert unqualified_columns("select a.* exclude (k), b.y from a inner join b using (k)") == []
