"""Models are read, ordered, built once and checked against what their headers promise."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from small_sql import LINES, write_input, write_model, write_small_sql

from analytics.errors import UsageError
from analytics.warehouse.engine import open_engine
from analytics.warehouse.models import Built, ModelError, build, load_models, plan_build
from analytics.warehouse.sql_files import SqlFileError, read_sql_file

NORMAL = "select claim_id, line_number from raw_lines"


@pytest.fixture
def sql(tmp_path: Path) -> Path:
    return write_small_sql(tmp_path / "sql")


def built_from(sql: Path, rows: pl.DataFrame = LINES, fingerprint: str = "f1") -> Built:
    inputs = {"raw_lines": write_input(sql.parent / "inputs", "raw_lines", rows, fingerprint)}
    with open_engine() as con:
        return build(plan_build(load_models(sql), inputs), sql.parent / "results", con)


def fingerprint_of_model(sql: Path, select: str, **header: str) -> str:
    write_model(sql, "staging", "stg_lines", select, reads="raw_lines", **header)
    inputs = {"raw_lines": [Path("raw_lines-f1.parquet")]}
    return plan_build(load_models(sql), inputs).fingerprints["stg_lines"]


# What a file says of itself


def test_header_is_read_and_a_long_line_may_go_on(tmp_path: Path):
    path = write_model(
        tmp_path, "marts", "m", "select a.x from a cross join b", reads="a,\n--         b"
    )
    file = read_sql_file(path)
    assert file.labels["reads"] == "a, b"
    assert file.reads == ("a", "b")


def test_file_without_a_header_is_named(tmp_path: Path):
    path = tmp_path / "marts" / "bare.sql"
    path.parent.mkdir()
    path.write_text("select 1 as x")
    with pytest.raises(
        SqlFileError, match=r"marts/bare\.sql: the header is not complete; found none"
    ):
        read_sql_file(path)


def test_header_line_with_a_slip_in_its_label_is_not_passed_over(tmp_path: Path):
    path = write_model(tmp_path, "marts", "m", NORMAL, reads="raw_lines\n-- bewar   of this")
    with pytest.raises(SqlFileError, match="found what, grain, key, reads, bewar"):
        read_sql_file(path)


def test_header_that_hides_a_table_is_refused(tmp_path: Path):
    select = "select * from raw_lines where claim_id in (select claim_id from raw_claims)"
    path = write_model(tmp_path, "marts", "m", select, reads="raw_lines")
    with pytest.raises(SqlFileError, match="header: raw_lines; SQL: raw_claims, raw_lines"):
        read_sql_file(path)


@pytest.mark.parametrize(
    ("select", "reads"),
    [
        ("with lines as (select * from lines) select * from lines", "lines"),
        ("with a as (select * from t1), b as (select * from a) select * from b", "t1"),
        ("select (select max(x) from t2) as top, * from t1", "t1, t2"),
        ("select * from t1 where exists (select 1 from t2 where t2.x = t1.x)", "t1, t2"),
        ("select x from t1 union all select x from t2", "t1, t2"),
        ("select t1.x, u.y from t1 cross join unnest(t1.ys) as u(y)", "t1"),
        ("select i from t1 cross join generate_series(1, 3) as g(i)", "t1"),
        (
            "with recursive c as (select x from t1 union all select c.x from c join t2 on true)"
            " select * from c",
            "t1, t2",
        ),
    ],
)
def test_tables_are_found_wherever_a_select_reads_them(tmp_path: Path, select: str, reads: str):
    path = write_model(tmp_path, "marts", "m", select, reads=reads)
    assert ", ".join(read_sql_file(path).reads) == reads


@pytest.mark.parametrize(
    ("select", "found"),
    [
        ("select current_date as day from raw_lines", "CURRENT_DATE"),
        ("select now() as at from raw_lines", "NOW()"),
        ("select random() as x from raw_lines", "RANDOM()"),
        ("select * from read_csv('other.csv')", "READ_CSV"),
        ("select 1 as x; select 2 as x", "select, select"),
        ("create table x as select 1 as y", "create"),
        ("select from where", "cannot be parsed"),
    ],
)
def test_sql_that_a_fingerprint_would_not_cover_is_refused(tmp_path: Path, select: str, found: str):
    path = write_model(tmp_path, "marts", "m", select, reads="raw_lines")
    with pytest.raises(SqlFileError) as refused:
        read_sql_file(path)
    assert found in str(refused.value)


# One SELECT over several tables

SAME = """\
-- what    units of what was denied, at the rate
-- grain   one row per line
-- key     claim_id
-- reads   denied_lines
-- same    at_rate, reading denied_lines for stg_lines
"""


def write_same(sql: Path, text: str = SAME) -> Path:
    """A SELECT over `stg_lines`, and a model that runs it over another table."""
    select = (
        "select stg_lines.claim_id, 'of stg_lines' as said -- stg_lines as billed\nfrom stg_lines"
    )
    write_model(sql, "intermediate", "at_rate", select, reads="stg_lines", key="claim_id")
    path = sql / "marts" / "denied_at_rate.sql"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_model_may_run_the_select_of_another_over_a_table_of_its_own(tmp_path: Path):
    file = read_sql_file(write_same(tmp_path))
    assert file.same_as == "at_rate"
    assert file.reads == ("denied_lines",)
    assert file.sql.strip() == (
        "select denied_lines.claim_id, 'of stg_lines' as said -- stg_lines as billed\n"
        "from denied_lines"
    )


def test_both_are_built_each_from_its_own_table(sql: Path):
    write_model(
        sql, "staging", "denied_lines", "select claim_id from raw_lines where line_number = 2",
        reads="raw_lines", key="claim_id",
    )  # fmt: skip
    write_same(sql)
    write_model(
        sql, "intermediate", "at_rate",
        "select claim_id, count(*) as found from stg_lines group by claim_id",
        reads="stg_lines", key="claim_id",
    )  # fmt: skip
    files = built_from(sql).files
    assert sorted(pl.read_parquet(files["at_rate"]).rows()) == [("C1", 2), ("C2", 1)]
    assert pl.read_parquet(files["denied_at_rate"]).rows() == [("C1", 1)]


def test_change_of_the_select_is_a_new_result_of_every_model_that_runs_it(sql: Path):
    write_model(sql, "staging", "denied_lines", NORMAL, reads="raw_lines")
    inputs = {"raw_lines": [Path("raw_lines-f1.parquet")]}
    write_same(sql)
    before = plan_build(load_models(sql), inputs).fingerprints["denied_at_rate"]
    write_model(sql, "intermediate", "at_rate", "select claim_id from stg_lines", reads="stg_lines")
    assert plan_build(load_models(sql), inputs).fingerprints["denied_at_rate"] != before


@pytest.mark.parametrize(
    ("changed", "to", "said"),
    [
        (
            "at_rate, reading denied_lines for",
            "at_rate over denied_lines,",
            "cannot be read; found",
        ),
        ("same    at_rate", "same    no_rate", "model no_rate .* found no such model"),
        ("for stg_lines", "for stg_line", "SELECT reads stg_line; found none in it"),
        ("reads   denied_lines", "reads   stg_lines", "header: stg_lines; SQL: denied_lines"),
        ("-- same    at_rate", "-- same    denied_at_rate", "found none in it"),
    ],
)
def test_select_of_another_that_cannot_be_had_is_refused_by_name(
    tmp_path: Path, changed: str, to: str, said: str
):
    path = write_same(tmp_path, SAME.replace(changed, to))
    with pytest.raises(SqlFileError, match=rf"marts/denied_at_rate\.sql: .*{said}"):
        read_sql_file(path)


def test_file_with_a_select_and_the_name_of_another_is_refused(tmp_path: Path):
    path = write_same(tmp_path, SAME + "\nselect claim_id from denied_lines\n")
    with pytest.raises(SqlFileError, match="it holds a SELECT and `-- same`; found both"):
        read_sql_file(path)


# The order of the build


def test_models_are_built_after_what_they_read(sql: Path):
    write_model(sql, "intermediate", "a_first_by_name", "select * from z_last", reads="z_last")
    write_model(sql, "intermediate", "z_last", "select * from stg_lines", reads="stg_lines")
    inputs = {"raw_lines": [Path("raw_lines-f1.parquet")]}
    order = list(plan_build(load_models(sql), inputs).models)
    assert order.index("stg_lines") < order.index("z_last") < order.index("a_first_by_name")


def test_model_that_reads_what_nobody_makes_is_named(sql: Path):
    write_model(sql, "marts", "orphan", "select * from stg_linse", reads="stg_linse")
    with pytest.raises(
        ModelError, match=r"marts/orphan\.sql reads tables that nothing makes; found stg_linse"
    ):
        plan_build(load_models(sql), {"raw_lines": [Path("x.parquet")]})


def test_models_that_read_each_other_are_refused(tmp_path: Path):
    write_model(tmp_path, "marts", "a", "select * from b", reads="b")
    write_model(tmp_path, "marts", "b", "select * from a", reads="a")
    with pytest.raises(ModelError, match="in a circle"):
        plan_build(load_models(tmp_path), {})


def test_one_table_has_one_file(sql: Path):
    write_model(sql, "marts", "stg_lines", NORMAL, reads="raw_lines")
    with pytest.raises(SqlFileError, match="two models are called stg_lines"):
        load_models(sql)


def test_input_without_a_file_is_named(sql: Path):
    with pytest.raises(ModelError, match="raw_lines has no file"):
        plan_build(load_models(sql), {"raw_lines": []})


def test_model_cannot_take_the_name_of_an_input(sql: Path):
    with pytest.raises(ModelError, match="share a name; found outcomes"):
        plan_build(load_models(sql), {"raw_lines": [Path("x")], "outcomes": [Path("y")]})


# What makes a result a new one


def test_white_space_and_comments_change_no_fingerprint(tmp_path: Path):
    plain = fingerprint_of_model(tmp_path, "select claim_id, line_number from raw_lines")
    spaced = "select\n    claim_id,  -- the account\n    line_number\nfrom raw_lines\n;\n"
    assert fingerprint_of_model(tmp_path, spaced) == plain
    assert fingerprint_of_model(tmp_path, NORMAL + "  -- the last word") == plain


@pytest.mark.parametrize(
    "select",
    [
        "select claim_id, line_number from raw_lines where true",
        "select line_number, claim_id from raw_lines",
        "select claim_id, line_number, 1 // 2 as x from raw_lines",
        "select claim_id, line_number, 'A' as x from raw_lines",
        "select claim_id, line_number, 'a' as x from raw_lines",
        'select claim_id, line_number, "a" as x from raw_lines',
    ],
)
def test_any_change_of_the_sql_is_a_new_result(tmp_path: Path, select: str):
    others = [
        "select claim_id, line_number from raw_lines",
        "select claim_id, line_number, 1 / 2 as x from raw_lines",
        "select claim_id, line_number, 'b' as x from raw_lines",
    ]
    changed = fingerprint_of_model(tmp_path, select)
    assert changed not in [fingerprint_of_model(tmp_path, other) for other in others]


def test_another_key_is_checked_again(tmp_path: Path):
    one = fingerprint_of_model(tmp_path, NORMAL)
    assert fingerprint_of_model(tmp_path, NORMAL, key="claim_id") != one


def test_inputs_are_known_by_name_alone_in_any_order(sql: Path):
    files = [Path("2020/raw_lines-a.parquet"), Path("2021/raw_lines-b.parquet")]
    moved = [Path("elsewhere/raw_lines-b.parquet"), Path("elsewhere/raw_lines-a.parquet")]
    models = load_models(sql)
    first = plan_build(models, {"raw_lines": files}).fingerprints
    assert plan_build(models, {"raw_lines": moved}).fingerprints == first
    assert plan_build(models, {"raw_lines": files[:1]}).fingerprints != first


# Building


def test_result_is_computed_once_and_only_what_changed_again(sql: Path):
    assert built_from(sql).made == ("stg_lines", "outcomes")
    assert built_from(sql).made == ()
    write_model(sql, "marts", "outcomes", "select * from stg_lines where true", reads="stg_lines")
    assert built_from(sql).made == ("outcomes",)
    assert built_from(sql, LINES.head(1), "f2").made == ("stg_lines", "outcomes")


def test_money_keeps_its_cents(sql: Path):
    outcomes = pl.read_parquet(built_from(sql).files["outcomes"])
    assert outcomes.schema["allowed_usd"] == pl.Decimal(18, 2)
    assert str(outcomes["allowed_usd"].sum()) == "69.83"


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        (pl.concat([LINES, LINES.head(1)]), r"\('C1', 1, 2\)"),
        (LINES.with_columns(line_number=pl.lit(None, pl.Int64)).head(1), r"\('C1', None, 1\)"),
    ],
)
def test_key_that_does_not_hold_stops_the_build_and_leaves_no_file(
    sql: Path, rows: pl.DataFrame, shown: str
):
    with pytest.raises(ModelError, match=rf"staging/stg_lines\.sql: the key .* found.*{shown}"):
        built_from(sql, rows)
    assert list((sql.parent / "results").iterdir()) == []


def test_model_that_does_not_run_is_named_with_what_duckdb_says(sql: Path):
    write_model(sql, "staging", "stg_lines", "select missing from raw_lines", reads="raw_lines")
    with pytest.raises(
        ModelError, match=r'staging/stg_lines\.sql does not run; DuckDB says: .*"missing"'
    ):
        built_from(sql)


def test_progress_names_each_model_with_its_place(sql: Path):
    told = []
    inputs = {"raw_lines": write_input(sql.parent / "inputs", "raw_lines", LINES)}
    with open_engine() as con:
        plan = plan_build(load_models(sql), inputs)
        build(plan, sql.parent / "results", con, lambda *step: told.append(step))
    assert told == [("stg_lines", 1, 2), ("outcomes", 2, 2)]


def test_several_files_of_an_input_are_one_table(sql: Path):
    folder = sql.parent / "inputs"
    files = [
        *write_input(folder, "raw_lines", LINES.head(1), "a"),
        *write_input(folder, "raw_lines", LINES.tail(2), "b"),
    ]
    with open_engine() as con:
        built = build(plan_build(load_models(sql), {"raw_lines": files}), sql.parent / "r", con)
    assert pl.read_parquet(built.files["outcomes"]).height == LINES.height


# The engine


def test_memory_size_is_passed_to_duckdb(tmp_path: Path):
    with open_engine(memory="1GB", scratch=tmp_path / "it's here") as con:
        said = con.execute(
            "select current_setting('memory_limit'), current_setting('temp_directory')"
        ).fetchall()
    assert said == [("953.6 MiB", str(tmp_path / "it's here"))]


def test_memory_size_that_cannot_be_read_says_how_to_write_one():
    with pytest.raises(UsageError, match=r"found 'plenty' .* as in 2GB"):
        open_engine(memory="plenty")


def test_engine_without_a_scratch_folder_never_spills_where_one_stands():
    with open_engine() as con:
        assert con.execute("select current_setting('temp_directory')").fetchall() == [("",)]


def test_slow_query_draws_no_bar_into_what_a_command_prints():
    with open_engine() as con:
        shown = con.execute("select current_setting('enable_progress_bar')").fetchall()
    assert shown == [(False,)]


def test_python_variables_are_no_tables():
    lines = LINES  # noqa: F841  a name DuckDB would pick up if it were allowed to
    with open_engine() as con, pytest.raises(duckdb.CatalogException):
        con.sql("select * from lines").fetchall()
