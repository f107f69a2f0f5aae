"""Every notebook, executed for one site, as pages that stand by themselves.

A page holds its pictures and asks nothing of a network: it can be mailed within the practice. The
cells' code stays out; what is left is the question, the answer and how to read it.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

from analytics.errors import AnalyticsError, UsageError
from analytics.notebooks import parameter_names, run_notebook
from analytics.settings import DataFolder, shipped_folders
from analytics.warehouse.durable import private_files, write_durably
from analytics.warehouse.runs import find_run

# What the template would fetch: formulas, diagrams and the scripts of widgets. A page has none.
FETCHED = (
    "mathjax_url",
    "require_js_url",
    "jquery_url",
    "mermaid_js_url",
    "html_manager_semver_range",
)

Progress = Callable[[str, int, int], None]


def write_report(
    folder: DataFolder,
    out: Path | None = None,
    *,
    parameters: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """One HTML page per notebook, in the order of their numbers, made from the current run.

    A page is replaced only by a finished one. The first notebook that fails ends the report; pages
    made before it stay.

    Takes    the site; where the pages go (default: `decks/report` of the site, made if it is not
             there); values for parameters, given to each notebook that has them; progress, called
             with a notebook's name, its place and their number
    Raises   AnalyticsError where nothing is published, or naming the notebook that failed;
             UsageError for a parameter no notebook has
    """
    find_run(folder)
    notebooks = sorted(shipped_folders().notebooks.glob("*.ipynb"))
    wanted = parameters or {}
    _refuse_strangers(wanted, notebooks)
    pages = out or folder.decks / "report"
    with private_files(share_with_group=False):
        pages.mkdir(parents=True, exist_ok=True)
        made = []
        for place, notebook in enumerate(notebooks, start=1):
            if progress:
                progress(notebook.stem, place, len(notebooks))
            page = pages / f"{notebook.stem}.html"
            write_durably(page, _page(notebook, folder, wanted).encode())
            made.append(page)
    return made


def _refuse_strangers(wanted: dict[str, Any], notebooks: list[Path]) -> None:
    known = {name for path in notebooks for name in parameter_names(_read(path))}
    strangers = sorted(set(wanted) - known)
    if strangers:
        raise UsageError(
            f"no notebook has a parameter {', '.join(strangers)}; they have "
            f"{', '.join(sorted(known))}. Set one of these."
        )


def _page(notebook: Path, folder: DataFolder, wanted: dict[str, Any]) -> str:
    own = set(parameter_names(_read(notebook)))
    values = {name: value for name, value in wanted.items() if name in own}
    with TemporaryDirectory(prefix="report-") as scratch:
        try:
            run = run_notebook(
                notebook,
                Path(scratch, notebook.name),
                parameters=values,
                folder=Path(scratch),
                data=folder.root,
            )
        except CellExecutionError as failed:
            # A traceback may hold rows of claims: its kind alone is told.
            raise AnalyticsError(
                f"the notebook {notebook.name} could not be run; found {failed.ename}. Open it "
                "with `analytics lab` and run its cells one by one."
            ) from None
    exporter = HTMLExporter(exclude_input=True, exclude_output_prompt=True)
    for trait in FETCHED:
        if exporter.has_trait(trait):
            setattr(exporter, trait, "")
    title = notebook.stem.partition("_")[2].replace("_", " ")
    return exporter.from_notebook_node(run, {"metadata": {"name": title}})[0]


def _read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)
