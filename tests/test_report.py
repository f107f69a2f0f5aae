"""The report is every notebook as a page that stands by itself; the lab opens them on a site."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import analytics.lab
import analytics.report
from analytics.errors import AnalyticsError, UsageError
from analytics.lab import notebooks_to_open, open_lab
from analytics.report import write_report
from analytics.settings import DataFolder, Shipped, shipped_folders


@pytest.fixture
def _one_notebook(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The start alone: what the report does with one it does with all; kernels find the package."""
    found = [str(project), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(found))
    made = tmp_path / "shipped"
    made.mkdir()
    start = shipped_folders().notebooks / "00_start_here.ipynb"
    (made / start.name).write_bytes(start.read_bytes())
    shipped = Shipped(shipped_folders().sql, shipped_folders().reference, made)
    monkeypatch.setattr(analytics.report, "shipped_folders", lambda: shipped)


@pytest.mark.usefixtures("_one_notebook")
def test_page_stands_by_itself_with_pictures_and_answers_and_without_code(
    sample_run: Path, tmp_path: Path
):
    steps: list[tuple[str, int, int]] = []
    pages = write_report(
        DataFolder(sample_run),
        tmp_path / "pages",
        parameters={"payer": "birch"},
        progress=lambda *step: steps.append(step),
    )
    assert [page.name for page in pages] == ["00_start_here.html"]
    assert steps == [("00_start_here", 1, 1)]
    html = pages[0].read_text()
    assert "Birch Mutual (synthetic)" in html
    assert "Alder Health" not in html
    assert "data:image/png;base64," in html
    assert "analytics.underpayment_by" not in html
    assert not re.findall(r"""(?:src|href)=["']?https?:""", html)
    assert pages[0].stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("_one_notebook")
def test_parameter_that_no_notebook_has_is_refused(sample_run: Path, tmp_path: Path):
    with pytest.raises(
        UsageError, match="no notebook has a parameter payr; they have hcpcs, payer"
    ):
        write_report(DataFolder(sample_run), tmp_path / "pages", parameters={"payr": "birch"})
    assert not (tmp_path / "pages").exists()


@pytest.mark.usefixtures("_one_notebook")
def test_notebook_that_fails_is_named_and_its_traceback_kept_out(sample_run: Path, tmp_path: Path):
    broken = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("{}['Jane Roe']")])
    nbformat.write(broken, tmp_path / "shipped" / "01_broken.ipynb")
    with pytest.raises(
        AnalyticsError, match=r"01_broken.ipynb could not be run; found KeyError"
    ) as e:
        write_report(DataFolder(sample_run), tmp_path / "pages")
    assert "Roe" not in str(e.value)
    assert [page.name for page in (tmp_path / "pages").iterdir()] == ["00_start_here.html"]


def test_report_of_a_site_without_a_run_says_what_to_do(tmp_path: Path):
    with pytest.raises(AnalyticsError, match="nothing is published yet"):
        write_report(DataFolder(tmp_path), tmp_path / "pages")


def test_checkout_opens_its_own_notebooks(tmp_path: Path, project: Path):
    assert notebooks_to_open(DataFolder(tmp_path)) == project / "notebooks"
    assert not (tmp_path / "notebooks").exists()


def test_installed_package_opens_copies_in_the_site_and_keeps_those_worked_in(tmp_path: Path):
    inside = tmp_path / "_shipped" / "notebooks"
    inside.mkdir(parents=True)
    for name in ("00_start_here.ipynb", "01_new.ipynb"):
        (inside / name).write_text("as shipped")
    site = DataFolder(tmp_path / "site")
    (site.root / "notebooks").mkdir(parents=True)
    (site.notebooks / "00_start_here.ipynb").write_text("worked in")
    opened = notebooks_to_open(site, Shipped(tmp_path, tmp_path, inside))
    assert {path.name: path.read_text() for path in opened.iterdir()} == {
        "00_start_here.ipynb": "worked in",
        "01_new.ipynb": "as shipped",
    }


def test_lab_is_jupyterlab_on_the_notebooks_with_the_site_as_its_data(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
):
    started: list[tuple[list[str], str]] = []

    def run(command: list[str], *, env: dict[str, str], check: bool) -> object:
        started.append((command, env["ANALYTICS_DATA"]))
        return subprocess.CompletedProcess(command, 3 if not check else 0)

    monkeypatch.setattr(analytics.lab.subprocess, "run", run)
    assert open_lab(DataFolder(tmp_path), options=("--no-browser",)) == 3
    command = [sys.executable, "-m", "jupyterlab", str(project / "notebooks"), "--no-browser"]
    assert started == [(command, str(tmp_path))]
