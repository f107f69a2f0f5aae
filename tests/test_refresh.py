"""A refresh publishes a run whole or not at all, and readers never notice it at work."""

import os
import stat
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path
from threading import Event, Thread

import polars as pl
import pytest
from small_site import AS_OF, SmallSite, make_small_site
from small_sql import LINES, write_check, write_model

from analytics.errors import AnalyticsError, UsageError
from analytics.intake.site import Problem
from analytics.warehouse import publish as publish_module
from analytics.warehouse.durable import one_refresh_at_a_time
from analytics.warehouse.publish import KEEP_RUNS, prune
from analytics.warehouse.runs import current_run, kept_runs


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    return make_small_site(tmp_path, monkeypatch)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


# What a refresh publishes


def test_first_refresh_publishes_every_mart_and_names_the_run(site: SmallSite):
    ended = site.refresh()
    assert ended.status == "published"
    assert ended.made == ("stg_lines", "outcomes")
    assert (site.folder.warehouse / "current").read_text().strip() == ended.run.run_id
    assert site.table("outcomes").height == LINES.height
    assert ended.run.published == ("outcomes", "run_info")


def test_run_info_says_what_the_figures_rest_on(site: SmallSite):
    ended = site.refresh()
    info = site.table("run_info").row(0, named=True)
    assert info["run_id"] == ended.run.run_id
    assert info["as_of"] == AS_OF
    assert info["started_at"] <= info["finished_at"]
    assert info["engine"].startswith("duckdb 2")
    assert (len(info["input_sha256"]), len(info["reference_sha256"])) == (64, 64)
    assert info["outcomes_rows"] == LINES.height


def test_nothing_changed_makes_no_new_run(site: SmallSite):
    first = site.refresh()
    before = files_below(site.folder.warehouse)
    second = site.refresh()
    assert (second.status, second.run, second.made) == ("unchanged", first.run, ())
    assert files_below(site.folder.warehouse) == before


def test_new_remit_changes_the_figures(site: SmallSite):
    first = site.refresh()
    site.lines = LINES.head(1)
    second = site.refresh()
    assert second.run.run_id != first.run.run_id
    assert second.run.input_sha256 != first.run.input_sha256
    assert second.run.reference_sha256 == first.run.reference_sha256
    assert site.table("outcomes").height == 1


def test_rows_in_another_order_change_nothing(site: SmallSite):
    site.refresh()
    site.lines = LINES.reverse()
    assert site.refresh().status == "unchanged"


def test_another_day_is_another_run_and_only_its_readers_are_computed(site: SmallSite):
    write_model(
        site.sql, "marts", "days", "select as_of from raw_site", reads="raw_site", key="as_of"
    )
    site.refresh()
    ended = site.refresh(as_of=date(2026, 8, 1))
    assert (ended.status, ended.made, ended.run.as_of) == (
        "published",
        ("days",),
        date(2026, 8, 1),
    )


def test_day_of_the_site_counts_when_none_is_given(site: SmallSite):
    (site.folder.root / "site.toml").write_text('as_of = "2026-06-30"\n')
    assert site.refresh(as_of=None).as_of == date(2026, 6, 30)


def test_changed_check_is_run_on_unchanged_figures(site: SmallSite):
    site.refresh()
    write_check(site.sql, "warn_few", "select claim_id from outcomes", reads="outcomes")
    ended = site.refresh()
    assert (ended.status, ended.made) == ("published", ())


def test_lost_result_is_made_again(site: SmallSite):
    run = site.refresh().run
    (site.folder.warehouse / run.tables["outcomes"].file).unlink()
    assert site.refresh().made == ("outcomes",)


def test_progress_reaches_the_caller(site: SmallSite):
    told = []
    site.refresh(progress=lambda *step: told.append(step))
    assert told[-1] == ("outcomes", 2, 2)


def test_memory_size_that_cannot_be_read_is_wrong_usage(site: SmallSite):
    with pytest.raises(UsageError, match="found 'plenty'"):
        site.refresh(memory="plenty")


# What stops a publish


def test_failing_check_keeps_the_last_good_run(site: SmallSite):
    good = site.refresh().run
    write_check(
        site.sql,
        "fail_gone",
        "select claim_id, allowed_usd from outcomes where allowed_usd < 2",
        reads="outcomes",
    )
    ended = site.refresh()
    assert (ended.status, ended.run) == ("stopped", good)
    assert current_run(site.folder) == good
    [finding] = ended.findings
    assert finding.rows.to_dicts() == [{"claim_id": "C1", "allowed_usd": 1}]


def test_failing_check_before_any_good_run_publishes_nothing(site: SmallSite):
    write_check(site.sql, "fail_all", "select claim_id from outcomes", reads="outcomes")
    ended = site.refresh()
    assert (ended.status, ended.run, current_run(site.folder)) == ("stopped", None, None)


def test_mended_failure_is_published_without_computing_again(site: SmallSite):
    path = write_check(site.sql, "fail_all", "select claim_id from outcomes", reads="outcomes")
    site.refresh()
    path.unlink()
    ended = site.refresh()
    assert (ended.status, ended.made) == ("published", ())


def test_warning_lets_the_run_pass_and_stays_in_its_manifest(site: SmallSite):
    write_check(site.sql, "warn_all", "select claim_id from outcomes", reads="outcomes")
    ended = site.refresh()
    assert ended.status == "published"
    assert current_run(site.folder).warnings == {"warn_all": 3}


def test_reference_that_cannot_be_used_stops_before_any_model(site: SmallSite):
    site.reference_problems = (a_problem(is_fatal=True),)
    ended = site.refresh()
    assert (ended.status, ended.made) == ("stopped", ())
    assert ended.problems == ("payers.csv row 3, payer_id: twice",)


def test_what_could_not_be_read_is_said_with_a_published_run(site: SmallSite):
    site.reference_problems = (a_problem(is_fatal=False),)
    site.unread = ["a.835: no ISA segment"]
    ended = site.refresh()
    assert ended.status == "published"
    assert ended.problems == ("payers.csv row 3, payer_id: twice", "a.835: no ISA segment")
    assert site.refresh().problems == ended.problems


def a_problem(*, is_fatal: bool) -> Problem:
    return Problem(
        source_file="payers.csv",
        row_number=3,
        column="payer_id",
        sentence="twice",
        is_fatal=is_fatal,
    )


# Readers, writers and crashes


def test_reader_of_an_earlier_run_is_not_disturbed(site: SmallSite):
    run = site.refresh().run
    lazily = pl.scan_parquet(site.folder.runs / run.run_id / "outcomes.parquet")
    site.lines = LINES.head(1)
    site.refresh()
    assert lazily.collect().height == LINES.height


def test_reader_never_sees_two_runs_at_once(site: SmallSite):
    write_model(site.sql, "marts", "twins", "select * from stg_lines", reads="stg_lines")
    site.refresh()
    done, torn, reads = Event(), [], []

    def read() -> None:
        while not done.is_set():
            run = current_run(site.folder)
            folder = site.folder.runs / run.run_id
            heights = {
                pl.read_parquet(folder / f"{t}.parquet").height for t in ("outcomes", "twins")
            }
            reads.append(heights)
            if len(heights) != 1:
                torn.append(heights)

    reader = Thread(target=read)
    reader.start()
    for claims in range(1, 6):
        site.lines = pl.concat([LINES] * claims).with_columns(
            line_number=pl.int_range(pl.len(), dtype=pl.Int64)
        )
        site.refresh()
    done.set()
    reader.join()
    assert reads
    assert torn == []


def test_crash_before_the_last_rename_leaves_the_old_run_current(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
):
    good = site.refresh().run
    site.lines = LINES.head(1)
    written = publish_module.write_durably

    def full_disk(target: Path, content: bytes) -> None:
        if target.name == "current":
            raise OSError(28, "No space left on device")
        written(target, content)

    with monkeypatch.context() as broken:
        broken.setattr(publish_module, "write_durably", full_disk)
        with pytest.raises(OSError, match="No space left"):
            site.refresh()
    assert current_run(site.folder) == good
    assert site.table("outcomes").height == LINES.height
    assert site.refresh().status == "published"
    assert site.table("outcomes").height == 1


def test_half_made_files_of_a_crash_are_swept_away(site: SmallSite):
    site.folder.results.mkdir(parents=True)
    half = site.folder.results / "outcomes-00.parquet.77.draft"
    half.write_bytes(b"PAR1")
    (site.folder.runs / "20260101T000000Z-aa.draft").mkdir(parents=True)
    site.refresh()
    assert list(site.folder.warehouse.rglob("*.draft")) == []


def test_two_refreshes_do_not_run_at_once(site: SmallSite):
    with (
        one_refresh_at_a_time(site.folder.warehouse),
        pytest.raises(
            AnalyticsError, match=rf"another refresh is at work.*process {os.getpid()} on"
        ),
    ):
        site.refresh()
    assert site.refresh().status == "published"


def test_lock_of_a_process_that_died_does_not_stand_in_the_way(site: SmallSite):
    dying = textwrap.dedent(f"""
        import os, pathlib
        from analytics.warehouse.durable import one_refresh_at_a_time
        held = one_refresh_at_a_time(pathlib.Path({str(site.folder.warehouse)!r}))
        held.__enter__()
        os._exit(9)
    """)
    died = subprocess.run([sys.executable, "-c", dying], env={**os.environ, "PYTHONPATH": "."})
    assert died.returncode == 9
    assert "process" in (site.folder.warehouse / "refresh.lock").read_text()
    assert site.refresh().status == "published"


def test_manifest_another_version_wrote_is_built_anew(site: SmallSite):
    run = site.refresh().run
    manifest = site.folder.runs / run.run_id / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"identity"', '"identity_of_another_time"'))
    ended = site.refresh()
    assert (ended.status, ended.made) == ("published", ())
    assert not manifest.exists()


# What is kept, and who may read it


def test_only_the_last_runs_are_kept_with_the_files_they_name(site: SmallSite):
    runs = []
    for day in range(1, KEEP_RUNS + 4):
        site.lines = LINES.with_columns(allowed_usd=pl.lit(str(day)))
        runs.append(site.refresh(as_of=date(2026, 7, day)).run)
    kept = kept_runs(site.folder)
    assert [run.run_id for run in kept] == [run.run_id for run in runs[-KEEP_RUNS:]]
    assert len(list(site.folder.results.glob("outcomes-*.parquet"))) == KEEP_RUNS
    assert len(list(site.folder.inputs.glob("raw_site-*.parquet"))) == KEEP_RUNS
    assert len(list(site.folder.inputs.glob("raw_ref__payers-*.parquet"))) == 1


def test_current_run_is_kept_however_old(site: SmallSite):
    first = site.refresh().run
    site.refresh(as_of=date(2026, 8, 1))
    (site.folder.warehouse / "current").write_text(first.run_id)
    prune(site.folder, keep=1)
    assert {run.run_id for run in kept_runs(site.folder)} >= {first.run_id}
    assert site.table("outcomes").height == LINES.height


def test_published_file_is_the_result_itself_and_no_copy(site: SmallSite):
    run = site.refresh().run
    result = site.folder.warehouse / run.tables["outcomes"].file
    assert result.samefile(site.folder.runs / run.run_id / "outcomes.parquet")


def test_disk_without_hard_links_gets_copies(site: SmallSite, monkeypatch: pytest.MonkeyPatch):
    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("analytics.warehouse.durable.os.link", no_links)
    (site.folder.root / "site.key").write_text("0" * 64)
    site.refresh()
    assert site.table("outcomes").height == LINES.height


def test_files_are_for_their_owner_alone_unless_the_site_shares_them(site: SmallSite):
    site.refresh()
    modes = {mode_of(path) for path in site.folder.warehouse.rglob("*") if path.is_file()}
    assert (mode_of(site.folder.warehouse), modes) == (0o700, {0o600})
    assert mode_of(site.folder.site_key) == 0o600
    (site.folder.root / "site.toml").write_text("share_with_group = true\n")
    site.refresh()
    modes = {mode_of(path) for path in site.folder.warehouse.rglob("*") if path.is_file()}
    assert (mode_of(site.folder.warehouse), modes) == (0o750, {0o640})
    assert mode_of(site.folder.site_key) == 0o600


def test_umask_of_the_caller_is_left_as_it_was(site: SmallSite):
    before = os.umask(0o022)
    os.umask(before)
    site.refresh()
    after = os.umask(before)
    assert after == before


# What a refresh needs


def test_refresh_needs_no_chart_notebook_or_pandas():
    """A server that only refreshes need not have what draws: nothing of it may be imported."""
    script = textwrap.dedent("""
        import sys
        import analytics.export, analytics.printing, analytics.refresh
        from analytics.cli import app
        try:
            app(["refresh", "--data", "no_such_folder"])
        except SystemExit as left:
            assert left.code == 2, left.code
        heavy = {"altair", "vl_convert", "jupyterlab", "jupyter_core", "IPython", "ipykernel",
                 "nbclient", "nbformat", "pandas", "matplotlib", "xlsxwriter"}
        print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
    """)
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr
