"""Every notebook answers its question on the sample, reads as prose, carries no output."""

import os
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import nbformat
import polars as pl
import pytest
from nbclient.exceptions import CellExecutionError

import analytics
from analytics.charts.words import DOLLAR
from analytics.errors import UsageError
from analytics.notebooks import INJECTED, PARAMETERS, parameter_names, run_notebook
from analytics.refresh import refresh
from analytics.settings import data_folder

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))
START = NOTEBOOKS[0]

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def code_of(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def shown(notebook: nbformat.NotebookNode, kind: str) -> list[str]:
    """All results of one mime type, in order."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    found = [output.data[kind] for output in outputs if kind in output.get("data", {})]
    return [words.replace(DOLLAR, "$") for words in found]


@pytest.fixture
def _sample(sample_run: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refreshed sample is the site a kernel finds, and this checkout the package."""
    monkeypatch.setenv("ANALYTICS_DATA", str(sample_run))
    found = [str(project), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(found))


Books = Callable[[Path], nbformat.NotebookNode]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """Each notebook as run on the sample, once for all tests; they run under `_sample`."""
    folder = tmp_path_factory.mktemp("finished")
    return cache(lambda path: run_notebook(path, folder / path.name, timeout=60))


@pytest.mark.usefixtures("_sample")
@every_notebook
def test_runs_from_top_to_bottom_on_the_sample(path: Path, finished: Books):
    run = finished(path)
    printed = [output.output_type for cell in run.cells for output in cell.get("outputs", [])]
    assert set(printed) <= {"execute_result", "display_data"}
    assert shown(run, "image/png") != []


@pytest.mark.usefixtures("_sample")
def test_start_names_the_code_conflict_before_any_figure_and_ties_to_the_tables(finished: Books):
    first, answer, *_ = shown(finished(START), "text/markdown")
    assert "J1324 is read as enfortumab vedotin-ejfv" in first
    assert "enfuvirtide" in first
    assert "J9177" in first
    lines = analytics.in_scope(analytics.load_drug_line_outcomes(), hcpcs="J1324")
    owed = analytics.underpayment_by(lines, by=[]).collect()
    as_of = analytics.load_run_info().collect()["as_of"].item()
    assert f"As of **{as_of}**" in answer
    assert f"payers owe **${owed['payer_owed_usd'].item():,.2f}** on J1324" in answer
    house = analytics.load_code_identity().filter(hcpcs="J1324", payer_rank="primary").collect()
    assert f"{house.height:,} lines with ${house['allowed_usd'].sum():,.2f} allowed" in first


@pytest.mark.usefixtures("_sample")
def test_start_answers_in_words_where_nothing_is_on_file(tmp_path: Path):
    nowhere = {"payer": "no such payer", "service_from": "2026-01-01"}
    run = run_notebook(START, tmp_path / "run.ipynb", parameters=nowhere)
    assert "nothing is compared" in shown(run, "text/markdown")[1]
    assert shown(read(tmp_path / "run.ipynb"), "image/png") == shown(run, "image/png") != []
    assert [cell for cell in run.cells if INJECTED in cell.metadata.get("tags", [])]
    assert not [cell for cell in read(START).cells if INJECTED in cell.metadata.get("tags", [])]


def answers(number: str, finished: Books) -> str:
    """What a notebook says in words, from top to bottom, its `$` as they are read."""
    path = next(path for path in NOTEBOOKS if path.name.startswith(number))
    return "\n".join(shown(finished(path), "text/markdown"))


@pytest.mark.usefixtures("_sample")
def test_answers_are_the_sums_of_the_tables(finished: Books):
    files = analytics.load_load_ledger().collect()
    assert f"**{files['segments'].sum():,} segments** received" in answers("01", finished)
    lines = analytics.in_scope(analytics.load_drug_line_outcomes(), hcpcs="J1324")
    owed = lines.select("payer_owed_usd").sum().collect().item()
    assert f"payers owe **${owed:,.2f}** on J1324" in answers("03", finished)
    by_payer = analytics.underpayment_by(lines, by="payer_id").collect()
    most = by_payer["payer_owed_usd"].max()
    assert f"payers owe **${most:,.2f}** on J1324" in answers("06", finished)
    ledger = analytics.in_scope(analytics.load_waste_ledger(), hcpcs="J1324")
    by_tier = ledger.group_by("vial_evidence").agg(pl.col("leakage_usd").sum()).collect()
    said = answers("04", finished)
    for tier, usd in by_tier.rows():
        assert tier is None or f"**${usd:,.2f}** " in said
    denied = analytics.denial_rate_by(lines, by=[]).collect().row(0, named=True)
    said = answers("05", finished)
    assert f"{denied['denied_lines']:,} of {denied['adjudicated_lines']:,} lines" in said


@pytest.fixture(scope="module")
def empty_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that has received nothing, refreshed."""
    data = tmp_path_factory.mktemp("empty")
    (data / "raw").mkdir()
    refresh(data_folder(data), as_of=date(2026, 7, 31))
    return data


@pytest.mark.usefixtures("_sample")
@every_notebook
def test_site_without_a_file_gets_sentences_and_no_traceback(
    path: Path, empty_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ANALYTICS_DATA", str(empty_run))
    run = run_notebook(path, tmp_path / "run.ipynb", timeout=60)
    assert any(re.search(r"\b(no|nothing)\b", said) for said in shown(run, "text/markdown"))


@every_notebook
def test_title_is_a_question_and_the_last_word_is_what_it_cannot_tell(path: Path):
    prose = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    assert re.match(r"# .+\?\n", prose[0])
    assert re.findall(r"^#+ .*", "\n".join(prose), re.M)[-1] == "## What this cannot tell you"


@every_notebook
def test_notebook_is_short_and_at_least_half_prose(path: Path):
    cells = read(path).cells
    assert len(cells) <= 40
    assert 2 * len(code_of(read(path))) <= len(cells)
    assert all(len(source.splitlines()) <= 5 for source in code_of(read(path)))


@every_notebook
def test_first_code_cell_holds_the_parameters_and_the_second_imports_the_package_in_one_line(
    path: Path,
):
    parameters, imports, *rest = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert parameters.metadata["tags"] == [PARAMETERS]
    assert {"payer", "service_from", "service_to"} <= set(parameter_names(read(path)))
    assert len(re.findall(r"analytics", imports.source)) == 1
    assert not [cell for cell in rest if re.search(r"^\s*(import|from) ", cell.source, re.M)]


@every_notebook
def test_cells_hold_no_function_no_sql_and_no_path(path: Path):
    for source in code_of(read(path)):
        assert not re.search(r"\b(def|class|lambda|for)\b", source), source
        assert not re.search(r"\bselect\b.*\bfrom\b|\bsql\(", source, re.I | re.S), source
        assert not re.search(r"read_|scan_|Path\(|open\(|[\"'][^\"']*/", source), source


@every_notebook
def test_every_output_is_followed_by_a_sentence(path: Path):
    cells = read(path).cells
    for cell, following in pairwise(cells):
        last = cell.source.splitlines()[-1]
        if cell.cell_type == "code" and not re.match(r"(\w+ = |import |from )", last):
            assert following.cell_type == "markdown", cell.source


@every_notebook
def test_outputs_are_stripped(path: Path):
    for cell in read(path).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_readme_leads_from_each_question_to_its_notebook():
    rows = re.findall(r"^\| (.+\?) \| `(.+)` \|$", (START.parent / "README.md").read_text(), re.M)
    titles = {path.name: read(path).cells[0].source.splitlines()[0][2:] for path in NOTEBOOKS}
    assert {name: question for question, name in rows} == titles


def a_notebook(path: Path, *cells: str) -> Path:
    """A notebook whose first cell holds its parameters."""
    made = [nbformat.v4.new_code_cell(source) for source in cells]
    made[0].metadata["tags"] = [PARAMETERS]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def test_unknown_parameter_is_refused_with_those_there_are(tmp_path: Path):
    notebook = a_notebook(tmp_path / "small.ipynb", "payer = None  # = all\nservice_to = None")
    with pytest.raises(UsageError, match="no parameter payr; it has payer, service_to"):
        run_notebook(notebook, tmp_path / "run.ipynb", parameters={"payr": "birch"})
    assert not (tmp_path / "run.ipynb").exists()


def test_notebook_without_parameters_takes_none(tmp_path: Path):
    notebook = tmp_path / "bare.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), notebook)
    with pytest.raises(UsageError, match="it has none"):
        run_notebook(notebook, tmp_path / "run.ipynb", parameters={"payer": "birch"})


def test_failed_run_keeps_what_was_computed_and_says_which_cell(tmp_path: Path):
    notebook = a_notebook(
        tmp_path / "small.ipynb", "payer = None", "payer + ' Mutual'", "1 / 0", "'never reached'"
    )
    with pytest.raises(CellExecutionError, match="division by zero"):
        run_notebook(notebook, tmp_path / "run.ipynb", parameters={"payer": "Birch"})
    assert shown(read(tmp_path / "run.ipynb"), "text/plain") == ["'Birch Mutual'"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.ipynb", "small.ipynb"]
