"""Loaders scan the run one asks for; a query reads everything and changes nothing."""

import inspect
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from small_site import SmallSite, make_small_site
from small_sql import LINES, write_model

from analytics import tables
from analytics.errors import AnalyticsError, UsageError
from analytics.tables import load_run_info, sql

LOADERS = [
    function
    for name, function in inspect.getmembers(tables, inspect.isfunction)
    if name.startswith("load_")
]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    return make_small_site(tmp_path, monkeypatch)


@pytest.mark.parametrize("load", LOADERS, ids=lambda load: load.__name__)
def test_each_loader_scans_the_table_of_its_name(site: SmallSite, load):
    table = load.__name__.removeprefix("load_")
    if table != "run_info":
        write_model(site.sql, "marts", table, "select * from stg_lines", reads="stg_lines")
    site.refresh()
    rows = load(data=site.folder.root)
    assert isinstance(rows, pl.LazyFrame)
    assert rows.collect().height == (1 if table == "run_info" else LINES.height)


@pytest.mark.parametrize("load", LOADERS, ids=lambda load: load.__name__)
def test_each_loader_says_what_it_returns_and_from_where(load):
    table = load.__name__.removeprefix("load_")
    labels = [line.split()[0] for line in load.__doc__.splitlines()[2:] if line.strip()]
    assert {"Takes", "Returns", "Raises", "Source"} <= set(labels)
    assert load.__doc__.rstrip().endswith(f"Source   {table}")


def test_nothing_refreshed_yet_says_what_to_run(site: SmallSite):
    with pytest.raises(AnalyticsError, match=r"nothing is published yet.*analytics refresh"):
        load_run_info(data=site.folder.root)


def test_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(UsageError, match="there is no data folder"):
        load_run_info(data=tmp_path / "nowhere")


def test_earlier_run_can_be_read_beside_the_current_one(site: SmallSite):
    first = site.refresh().run
    site.refresh(as_of=date(2026, 8, 1))
    earlier = load_run_info(data=site.folder.root, run=first.run_id).collect()
    assert earlier["as_of"].item() == date(2026, 7, 31)
    assert load_run_info(data=site.folder.root).collect()["as_of"].item() == date(2026, 8, 1)


def test_run_that_is_not_kept_is_named_with_those_that_are(site: SmallSite):
    run = site.refresh().run
    with pytest.raises(UsageError, match=rf"no run 2020; kept runs are {run.run_id}"):
        load_run_info(data=site.folder.root, run="2020")


def test_data_folder_comes_from_the_environment_when_none_is_named(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
):
    site.refresh()
    monkeypatch.setenv("ANALYTICS_DATA", str(site.folder.root))
    assert load_run_info().collect().height == 1


def test_query_reads_every_layer_and_keeps_money_exact(site: SmallSite):
    site.refresh()
    query = """
        select sum(allowed_usd) as allowed_usd, (select count(*) from stg_lines) as lines,
            (select count(*) from raw_lines) as received, (select any_value(as_of) from run_info)
        from outcomes;
    """
    found = sql(query, data=site.folder.root)
    assert isinstance(found.schema["allowed_usd"], pl.Decimal)
    assert [str(value) for value in found.row(0)] == ["69.83", "3", "3", "2026-07-31"]


@pytest.mark.parametrize(
    "query",
    [
        "create table mine as select 1 as x",
        "copy (select 1) to 'out.csv'",
        "attach 'other.db'",
        "select 1; select 2",
        "set memory_limit = '1GB'",
        "insert into outcomes values (1)",
        "",
    ],
)
def test_query_is_one_select(site: SmallSite, query: str):
    site.refresh()
    with pytest.raises(UsageError, match="a query is one SELECT"):
        sql(query, data=site.folder.root)


def test_query_reads_no_file_but_the_run(site: SmallSite, tmp_path: Path):
    site.refresh()
    other = tmp_path / "other.csv"
    other.write_text("x\n1\n")
    with pytest.raises(UsageError, match="the query does not run; DuckDB says: Permission"):
        sql(f"select * from read_csv('{other}')", data=site.folder.root)


def test_query_with_a_slip_is_told_the_tables(site: SmallSite):
    site.refresh()
    with pytest.raises(UsageError, match="the published tables are outcomes, run_info"):
        sql("select * from outcome", data=site.folder.root)


def test_query_still_runs_when_intake_has_repacked_its_files(site: SmallSite):
    site.refresh()
    for file in site.folder.intake.glob("*.parquet"):
        file.unlink()
    assert sql("select count(*) as lines from outcomes", data=site.folder.root).item() == 3
