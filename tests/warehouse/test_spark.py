"""A refresh on Spark: what it publishes, what it says when it cannot, and what it leaves behind."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from readme_output import PROJECT
from small_site import SmallSite, make_small_site
from small_sql import write_check, write_model

from analytics.errors import UsageError
from analytics.warehouse.models import ModelError
from analytics.warehouse.spark_session import open_spark, spark_version
from analytics.warehouse.sql_files import SqlFileError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

AMOUNT = "66.83"
OWN_SESSION = """
import sys
from pathlib import Path
from analytics.warehouse.spark_session import open_spark

with open_spark(None, Path(sys.argv[1]), memory="1GB", input_bytes=0) as session:
    session.sql("select 1 as x").write.parquet(sys.argv[1] + "/ones")
    java = session.sparkContext._jvm.java.lang.ProcessHandle.current().pid()
    held = session.sparkContext._jvm.java.lang.Runtime.getRuntime().maxMemory()
print(Path(f"/proc/{java}").exists(), 900_000_000 < held < 1_000_000_000)
"""
# A second session in one program, whose Java dies under it.
DYING_SESSION = """
import os, signal, sys, warnings
from pathlib import Path
from analytics.warehouse.spark_session import open_spark

warnings.simplefilter("ignore")
try:
    with open_spark(None, Path(sys.argv[1]), input_bytes=0):
        print("the first")
    with open_spark(None, Path(sys.argv[1]), input_bytes=0) as session:
        os.kill(session.sparkContext._jvm.java.lang.ProcessHandle.current().pid(), signal.SIGKILL)
        raise RuntimeError("the trouble itself")
except RuntimeError as trouble:
    print(trouble)
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    return make_small_site(tmp_path, monkeypatch)


def message_of(site: SmallSite, spark: "SparkSession") -> str:
    with pytest.raises(ModelError) as stopped:
        site.refresh(spark=spark)
    return str(stopped.value)


# What it publishes


def test_refresh_on_spark_is_a_run_like_any_other(site: SmallSite, spark: "SparkSession"):
    ended = site.refresh(spark=spark)
    assert (ended.status, ended.made) == ("published", ("stg_lines", "outcomes"))
    info = site.table("run_info").row(0, named=True)
    assert info["engine"] == f"spark {spark.version}"
    assert site.table("outcomes").sort("allowed_usd")["allowed_usd"].cast(str).to_list() == [
        "1.00", "2.00", AMOUNT
    ]  # fmt: skip


def test_nothing_changed_is_known_without_starting_spark(site: SmallSite, spark: "SparkSession"):
    first = site.refresh(spark=spark)
    # No session is handed in, and a second one could not start beside the first.
    again = site.refresh(engine="spark")
    assert (again.status, again.run) == ("unchanged", first.run)


def test_no_engine_takes_the_results_of_the_other(site: SmallSite, spark: "SparkSession"):
    here = site.refresh()
    there = site.refresh(spark=spark)
    assert there.made == here.made
    files = [{table.file for table in run.tables.values()} for run in (here.run, there.run)]
    assert files[0].isdisjoint(files[1])
    assert there.run.input_sha256 == here.run.input_sha256


def test_check_on_spark_stops_a_publish_with_its_rows(site: SmallSite, spark: "SparkSession"):
    good = site.refresh().run
    write_check(
        site.sql,
        "fail_gone",
        "select claim_id, allowed_usd from outcomes where allowed_usd < 2",
        reads="outcomes",
    )
    ended = site.refresh(spark=spark)
    assert (ended.status, ended.run) == ("stopped", good)
    [finding] = ended.findings
    assert finding.rows.to_dicts() == [{"claim_id": "C1", "allowed_usd": 1}]


def test_session_handed_in_keeps_its_settings_and_sees_no_table(
    site: SmallSite, spark: "SparkSession"
):
    owners = spark.newSession()
    owners.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    site.refresh(spark=owners)
    assert owners.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
    assert not owners.catalog.tableExists("stg_lines")


# What it says when it cannot


def test_model_that_stumbles_over_a_row_is_named_without_the_row(
    site: SmallSite, spark: "SparkSession", capfd: pytest.CaptureFixture[str]
):
    select = "select claim_id, line_number, cast(allowed_usd as int) as allowed from raw_lines"
    write_model(site.sql, "staging", "stg_lines", select, reads="raw_lines")
    said = message_of(site, spark)
    assert said.startswith(
        "staging/stg_lines.sql does not run; Spark says: CAST_INVALID_INPUT. Mend the model"
    )
    printed = capfd.readouterr()
    assert AMOUNT not in f"{said}{printed.out}{printed.err}"


def test_model_that_names_no_column_is_told_in_one_line(site: SmallSite, spark: "SparkSession"):
    write_model(site.sql, "marts", "outcomes", "select claim from stg_lines", reads="stg_lines")
    said = message_of(site, spark)
    assert "marts/outcomes.sql does not run; Spark says: [UNRESOLVED_COLUMN" in said
    assert "\n" not in said


def test_key_that_does_not_hold_stops_the_build(site: SmallSite, spark: "SparkSession"):
    write_model(
        site.sql, "marts", "outcomes", "select * from stg_lines", reads="stg_lines", key="claim_id"
    )
    assert r"the key (claim_id) is null or not unique" in message_of(site, spark)


def test_check_that_does_not_run_is_named(site: SmallSite, spark: "SparkSession"):
    write_check(
        site.sql, "fail_slip", "select 1 / (line_number - 1) as x from outcomes", reads="outcomes"
    )
    assert message_of(site, spark).startswith(
        "checks/fail_slip.sql does not run; Spark says: DIVIDE_BY_ZERO. Mend the check."
    )


def test_model_spark_has_no_words_for_is_named_before_anything_runs(
    site: SmallSite, spark: "SparkSession"
):
    select = "select * from stg_lines for update"
    write_model(site.sql, "marts", "outcomes", select, reads="stg_lines")
    with pytest.raises(SqlFileError, match=r"outcomes\.sql cannot be said in Spark's SQL"):
        site.refresh(spark=spark)
    assert not site.folder.results.exists()


def test_spark_that_is_not_installed_is_said_with_what_to_install(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "pyspark.version", None)
    with pytest.raises(UsageError, match=r"pip install 'infusion-analytics\[spark\]', and Java 17"):
        site.refresh(engine="spark")


@pytest.mark.parametrize("home", [None, "nowhere"])
def test_java_that_is_missing_is_said_before_anything_is_read(
    home: str | None, spark: "SparkSession", monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if home:
        monkeypatch.setenv("JAVA_HOME", home)
    with pytest.raises(UsageError, match=f"Spark needs Java, and found none .*{home or 'path'}"):
        spark_version()


@pytest.mark.parametrize("memory", ["100MB", "80%"])
def test_memory_spark_cannot_work_in_is_wrong_usage(memory: str, tmp_path: Path):
    with (
        pytest.raises(UsageError, match=f"found '{memory}'"),
        open_spark(None, tmp_path, memory=memory),
    ):
        pass


def test_second_spark_in_one_program_is_refused_in_a_sentence(
    spark: "SparkSession", tmp_path: Path
):
    with (
        pytest.raises(UsageError, match="unless its session is handed in"),
        open_spark(None, tmp_path),
    ):
        pass


def test_session_that_keeps_a_deciding_setting_is_refused(tmp_path: Path):
    with (
        pytest.raises(UsageError, match=r"does not let spark\.sql\.\S+ be set"),
        open_spark(Stubborn(), tmp_path),
    ):
        pass


class Stubborn:
    """A session whose owner has locked its settings."""

    def newSession(self) -> "Stubborn":  # noqa: N802 (Spark's name)
        return self

    @property
    def conf(self) -> "Stubborn":
        return self

    def get(self, name: str) -> str:
        return "theirs"

    def set(self, name: str, value: str) -> None:
        raise PermissionError(name)


# What it leaves behind


def test_death_of_java_hides_no_trouble(spark: "SparkSession", tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", DYING_SESSION, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["the first", "the trouble itself"]


def test_spark_of_our_own_says_nothing_and_leaves_nothing(spark: "SparkSession", tmp_path: Path):
    scratch, here = tmp_path / "a scratch", tmp_path / "here"
    scratch.mkdir()
    here.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", OWN_SESSION, str(scratch)],
        cwd=here, env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (["False", "True"], "")
    assert list(here.iterdir()) == []
    assert [path.name for path in scratch.iterdir()] == ["ones"]
