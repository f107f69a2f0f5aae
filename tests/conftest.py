"""What every test may ask for: the project, the shared notes beside it, a refreshed sample site.

In CI a test that is skipped has failed: a missing tool would otherwise hide what it checks. Only
the shared notes may be missing, since a clone need not have them, and the public readers of X12
that ours is held against, which are not among the requirements.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from readme_output import PROJECT, copy_sample, run_python

from analytics.errors import UsageError
from analytics.warehouse.spark_session import open_spark, spark_version

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SHARED = PROJECT.parent / "shared"
IN_CI = os.environ.get("CI") == "true"
LONGEST = ("test_spark_parity.py", "test_bad_input.py", "test_figures_hold.py")
MAY_BE_MISSING = ("no ../shared beside the project", "the peer ")

# No test fails for being slow on a busy machine, nor in CI for drawing other examples than before.
hypothesis.settings.register_profile("project", deadline=None, derandomize=IN_CI)
hypothesis.settings.load_profile("project")


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's folder."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared notes beside the project; a test that needs them is skipped where they are not."""
    if not SHARED.is_dir():
        pytest.skip(MAY_BE_MISSING[0])
    return SHARED


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of `data/sample`, refreshed once for the whole session: read it, never write to it."""
    folder = tmp_path_factory.mktemp("site") / "sample_run"
    copy_sample(folder)
    run_python("-m", "analytics", "refresh", "--data", str(folder), cwd=folder.parent)
    return folder


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator["SparkSession"]:
    """One Spark for the whole session, tuned for few rows; skipped where there is none."""
    try:
        spark_version()
    except UsageError as missing:
        pytest.skip(str(missing))
    with open_spark(None, tmp_path_factory.mktemp("spark"), input_bytes=0) as session:
        yield session


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: with several workers none is left alone with one of them."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A skipped test fails in CI, unless what it lacks may be missing."""
    report = yield
    return _failed_if_hidden(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """The same for a module that skips itself."""
    report = yield
    return _failed_if_hidden(report)


def _failed_if_hidden(
    report: pytest.TestReport | pytest.CollectReport,
) -> pytest.TestReport | pytest.CollectReport:
    if not IN_CI or not report.skipped or hasattr(report, "wasxfail"):
        return report
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not any(missing in reason for missing in MAY_BE_MISSING):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where nothing may be missing but ../shared; {reason}"
    return report
