"""What every test may ask for: the project, the shared notes beside it, a refreshed sample site.

In CI a test that is skipped has failed: a missing tool would otherwise hide what it checks. Only
the shared notes may be missing, since a clone need not have them.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from readme_output import PROJECT, copy_sample, run_python

SHARED = PROJECT.parent / "shared"
IN_CI = os.environ.get("CI") == "true"

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
        pytest.skip("no ../shared beside the project")
    return SHARED


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of `data/sample`, refreshed once for the whole session: read it, never write to it."""
    folder = tmp_path_factory.mktemp("site") / "sample_run"
    copy_sample(folder)
    run_python("-m", "analytics", "refresh", "--data", str(folder), cwd=folder.parent)
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A skipped test fails in CI, unless what it lacks is the shared notes."""
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
    if "shared" not in reason:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where nothing may be missing but ../shared; {reason}"
    return report
