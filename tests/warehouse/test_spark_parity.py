"""Every model and check says the same on Spark as on DuckDB: rows, types and sentences.

The sample goes through in every run of the suite; the random site by hand, `pytest -m slow`.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from model_slices import SQL, model_paths
from two_engines import copy_of, differences, said_of

from analytics.refresh import RefreshResult, refresh
from analytics.settings import DataFolder
from analytics.warehouse.checks import Finding, load_checks, run_checks
from analytics.warehouse.runs import Run, connect, current_run
from tests.fuzz.made import made_site

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MODELS = [path.stem for path in model_paths()]
CHECKS = sorted(path.stem for path in (SQL / "checks").glob("*.sql"))
NASTY_SEED = 12


@dataclass(frozen=True)
class BothRuns:
    """One site refreshed by both engines, DuckDB first."""

    folder: DataFolder
    duckdb: Run
    spark: Run
    refreshed: RefreshResult

    @cached_property
    def findings(self) -> dict[str, tuple[Finding, Finding]]:
        """What each check finds on DuckDB and found on Spark, asked once for every test."""
        with connect(self.folder, self.duckdb) as con:
            here = {each.check.name: each for each in run_checks(con, load_checks(SQL))}
        return {each.check.name: (here[each.check.name], each) for each in self.refreshed.findings}


@pytest.fixture(scope="session")
def sample(
    sample_run: Path, spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> BothRuns:
    """The sample, which DuckDB has refreshed, refreshed again on Spark in the same warehouse."""
    folder = copy_of(sample_run, tmp_path_factory.mktemp("both") / "the sample")
    return on_spark_too(folder, spark)


@pytest.fixture(scope="session")
def nasty(spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory) -> BothRuns:
    """A random nasty site, refreshed by both engines."""
    folder = DataFolder(tmp_path_factory.mktemp("both") / "nasty")
    made_site(NASTY_SEED, claims=8).write(folder.root)
    refresh(folder)
    return on_spark_too(folder, spark)


def on_spark_too(folder: DataFolder, spark: "SparkSession") -> BothRuns:
    by_duckdb = current_run(folder)
    ended = refresh(folder, as_of=by_duckdb.as_of, spark=spark)
    return BothRuns(folder, by_duckdb, ended.run, ended)


def test_spark_makes_every_model_itself_and_publishes_a_run_of_its_own(sample: BothRuns):
    assert sample.refreshed.status == "published"
    assert sorted(sample.refreshed.made) == sorted(MODELS)
    assert sample.spark.engine == "spark 4.3.0"
    assert sample.spark.run_id != sample.duckdb.run_id
    assert sample.spark.published == sample.duckdb.published


@pytest.mark.parametrize("model", MODELS)
def test_model_has_the_same_types_and_rows_on_both_engines(sample: BothRuns, model: str):
    assert differences(sample.folder, sample.duckdb, sample.spark, model) == []


@pytest.mark.parametrize("check", CHECKS)
def test_check_finds_the_same_on_both_engines(sample: BothRuns, check: str):
    here, there = sample.findings[check]
    assert said_of(there) == said_of(here)


@pytest.mark.slow
def test_nasty_site_has_the_same_types_and_rows_on_both_engines(nasty: BothRuns):
    found = {
        model: differing
        for model in MODELS
        if (differing := differences(nasty.folder, nasty.duckdb, nasty.spark, model))
    }
    assert found == {}


@pytest.mark.slow
def test_checks_find_the_same_on_a_nasty_site(nasty: BothRuns):
    pairs = nasty.findings.values()
    assert len(pairs) == len(CHECKS)
    assert [said_of(there) for _, there in pairs] == [said_of(here) for here, _ in pairs]


def test_nothing_of_spark_stays_in_the_warehouse(sample: BothRuns):
    left = [path for path in sample.folder.warehouse.rglob("*") if path.suffix == ".draft"]
    assert left == []
    assert list((sample.folder.warehouse / "spill").iterdir()) == []
    modes = {path.stat().st_mode & 0o077 for path in sample.folder.warehouse.rglob("*")}
    assert modes == {0}


def test_going_back_to_duckdb_takes_its_own_results_again(sample: BothRuns):
    ended = refresh(sample.folder, as_of=sample.duckdb.as_of)
    assert (ended.status, ended.made) == ("published", ())
    assert ended.run.engine == sample.duckdb.engine
    assert ended.run.tables.keys() == sample.spark.tables.keys()
