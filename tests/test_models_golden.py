"""Golden cases: rows in, rows out, one idea a folder: `tests/sql/<model>/<case>/*.csv`.

A case holds one CSV per table its model reads, with only the columns the case is about, and
`expected.csv`, of which only the named columns are compared. The columns a case leaves out are
null, a table it leaves out is empty. An empty cell is null; two single quotes are an empty text.
Every column has the type it has in a refresh, taken from a build of a site that received nothing.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from small_sql import write_model

from analytics.warehouse.engine import open_engine
from analytics.warehouse.models import Model, build, load_models, plan_build

CASES = sorted(path.parent for path in Path(__file__).parent.glob("sql/*/*/expected.csv"))
EXPECTED = "expected.csv"

Columns = dict[str, str]


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory, project: Path) -> dict[str, Columns]:
    """The columns and types of every table of a site that has received nothing."""
    from analytics.intake.site import Site
    from analytics.refresh import gather_inputs
    from analytics.settings import DataFolder

    folder = DataFolder(tmp_path_factory.mktemp("empty_site"))
    folder.raw.mkdir()
    day = date(2026, 7, 31)
    inputs = gather_inputs(folder, Site(practice_name="", as_of=day), day).inputs
    with open_engine() as con:
        plan = plan_build(load_models(project / "sql"), inputs)
        build(plan, folder.results, con)
        return {name: columns_of(con, name) for name in (*plan.inputs, *plan.models)}


@pytest.fixture(scope="session")
def models(project: Path) -> dict[str, Model]:
    return load_models(project / "sql")


def columns_of(con: duckdb.DuckDBPyConnection, table: str) -> Columns:
    return {row[0]: row[1] for row in con.execute(f'describe "{table}"').fetchall()}


def run_case(model: Model, case: Path, tables: dict[str, Columns]) -> None:
    """Run the model on the rows of the case and compare what its expected rows name."""
    given = {path.stem: path for path in case.glob("*.csv") if path.name != EXPECTED}
    strangers = sorted(set(given) - set(model.reads))
    assert not strangers, f"{model.name} does not read {', '.join(strangers)}"
    with open_engine() as con:
        for table in model.reads:
            columns = tables[table]
            listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            con.execute(f'create table "{table}" ({listed})')
            if table in given:
                insert_rows(con, table, given[table], columns)
        con.execute(f"create table found as ({model.sql}\n)")
        found = columns_of(con, "found")
        listed = ", ".join(f'"{name}" {kind}' for name, kind in found.items())
        con.execute(f"create table expected ({listed})")
        named = insert_rows(con, "expected", case / EXPECTED, found)
        missing, surplus = difference(con, "expected", "found", named)
    assert (missing, surplus) == ([], []), (
        f"of {', '.join(named)}\nexpected and not found: {missing}\n"
        f"found and not expected: {surplus}"
    )


def insert_rows(
    con: duckdb.DuckDBPyConnection, table: str, path: Path, columns: Columns
) -> list[str]:
    """Insert the rows of a CSV in the table's own types; return the columns it names."""
    rows = pl.read_csv(path, infer_schema=False)
    unknown = sorted(set(rows.columns) - set(columns))
    assert not unknown, f"{path.name} names {', '.join(unknown)}; {table} has {', '.join(columns)}"
    con.register("given", rows)
    cells = ", ".join(
        f"""cast(case when "{name}" = '''''' then '' else "{name}" end as {columns[name]})"""
        for name in rows.columns
    )
    named = ", ".join(f'"{name}"' for name in rows.columns)
    con.execute(f'insert into "{table}" ({named}) select {cells} from given')
    con.unregister("given")
    return rows.columns


def difference(
    con: duckdb.DuckDBPyConnection, one: str, other: str, columns: list[str]
) -> tuple[list[tuple], list[tuple]]:
    named = ", ".join(f'"{name}"' for name in columns)

    def only_in(first: str, second: str) -> list[tuple]:
        query = f"select {named} from {first} except all select {named} from {second} order by all"
        return con.execute(query).fetchall()

    return only_in(one, other), only_in(other, one)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_model_makes_of_the_case_what_was_worked_by_hand(
    case: Path, models: dict[str, Model], empty_site: dict[str, Columns]
):
    run_case(models[case.parent.name], case, empty_site)


def test_site_that_has_received_nothing_can_be_built(empty_site: dict[str, Columns]):
    assert "claim_line_outcomes" in empty_site


# The runner itself


@pytest.fixture
def priced(tmp_path: Path) -> Callable[..., None]:
    """A model that prices lines, run on a case given as CSV texts."""
    write_model(
        tmp_path / "sql",
        "marts",
        "priced",
        "select lines.claim_id, lines.units, rates.rate_usd, lines.note = '' as is_silent\n"
        "from lines left join rates on lines.claim_id = rates.claim_id",
        reads="lines, rates",
    )
    tables = {
        "lines": {"claim_id": "VARCHAR", "units": "DECIMAL(18,3)", "note": "VARCHAR"},
        "rates": {"claim_id": "VARCHAR", "rate_usd": "DECIMAL(18,2)"},
    }

    def run(**csvs: str) -> None:
        case = tmp_path / "case"
        case.mkdir()
        for name, text in csvs.items():
            (case / f"{name}.csv").write_text(text)
        run_case(load_models(tmp_path / "sql")["priced"], case, tables)

    return run


def test_case_compares_only_the_columns_it_expects(priced: Callable[..., None]):
    priced(
        lines="claim_id,units\nC1,90\nC2,1.5\n",
        rates="claim_id,rate_usd\nC1,0.74\n",
        expected="rate_usd,claim_id\n0.740,C1\n,C2\n",
    )


def test_table_a_case_leaves_out_is_empty_and_two_quotes_are_empty_text(
    priced: Callable[..., None],
):
    priced(lines="claim_id,note\nC1,''\nC2,\n", expected="claim_id,is_silent\nC1,true\nC2,\n")


def test_wrong_cent_and_missing_row_are_both_shown(priced: Callable[..., None]):
    with pytest.raises(AssertionError) as told:
        priced(
            lines="claim_id\nC1\n",
            rates="claim_id,rate_usd\nC1,0.74\n",
            expected="claim_id,rate_usd\nC1,0.75\nC2,1\n",
        )
    assert "not found: [('C1', Decimal('0.75')), ('C2', Decimal('1.00'))]" in str(told.value)
    assert "not expected: [('C1', Decimal('0.74'))]" in str(told.value)


def test_row_found_twice_is_a_difference(priced: Callable[..., None]):
    with pytest.raises(AssertionError, match=r"not expected: \[\('C1',\)\]"):
        priced(lines="claim_id\nC1\nC1\n", expected="claim_id\nC1\n")


def test_slip_in_a_table_or_column_name_does_not_pass_as_nothing_given(
    priced: Callable[..., None],
):
    with pytest.raises(AssertionError, match="priced does not read linse"):
        priced(linse="claim_id\nC1\n", expected="claim_id\n")


def test_slip_in_a_column_name_is_named(priced: Callable[..., None]):
    with pytest.raises(AssertionError, match=r"lines\.csv names unit; lines has claim_id, units"):
        priced(lines="claim_id,unit\nC1,1\n", expected="claim_id\nC1\n")
