"""Notebooks run from the first cell to the last, with the parameters of one payer or period.

A notebook's first code cell carries the tag `parameters`; a run puts its own values behind it.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from traitlets.config import Config

from analytics.errors import UsageError

PARAMETERS = "parameters"
INJECTED = "injected-parameters"


def run_notebook(
    source: Path,
    result: Path,
    *,
    parameters: dict[str, Any] | None = None,
    folder: Path | None = None,
    timeout: int = 600,
    data: Path | None = None,
) -> nbformat.NotebookNode:
    """The executed notebook, also kept in `result`; the source stays as it is.

    When a cell fails, `result` holds the run up to that cell, so that the error can be read in
    place. `result` is replaced in one step: nobody sees half a notebook.

    Takes    the notebook; where to keep the run; values for its parameters; the folder its kernel
             works in (default: its own); seconds a cell may take; the data folder its loaders read
             (default: what ANALYTICS_DATA says)
    Raises   UsageError for a parameter the notebook does not have; CellExecutionError with the
             traceback of the cell that failed
    """
    notebook = nbformat.read(source, as_version=4)
    if parameters:
        _inject(notebook, parameters)
    failed: CellExecutionError | None = None
    try:
        _execute(notebook, folder or source.parent, timeout, data)
    except CellExecutionError as error:
        failed = error
    draft = result.with_name(f"{result.name}.draft")
    nbformat.write(notebook, draft)
    os.replace(draft, result)
    if failed:
        raise failed
    return notebook


def parameter_names(notebook: nbformat.NotebookNode) -> list[str]:
    """The names a run may set: those the cell tagged `parameters` sets."""
    place = _parameters_place(notebook)
    lines = notebook.cells[place].source.splitlines() if place is not None else []
    return [line.split("=")[0].strip() for line in lines if "=" in line and line[0].isalpha()]


def _execute(
    notebook: nbformat.NotebookNode, folder: Path, timeout: int, data: Path | None
) -> None:
    more = {"env": os.environ | {"ANALYTICS_DATA": str(data)}} if data else {}
    # Over TCP the kernel warns of a port without encryption. Socket files need no port, only a
    # folder that runner and kernel both find.
    with TemporaryDirectory(prefix="kernel-") as sockets:
        manager = {"transport": "ipc", "ip": str(Path(sockets, "ipc"))}
        NotebookClient(
            notebook,
            timeout=timeout,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            config=Config({"KernelManager": manager}),
        ).execute(**more)


def _inject(notebook: nbformat.NotebookNode, parameters: dict[str, Any]) -> None:
    known = parameter_names(notebook)
    strangers = sorted(set(parameters) - set(known))
    if strangers:
        raise UsageError(
            f"the notebook has no parameter {', '.join(strangers)}; it has "
            f"{', '.join(known) or 'none'}. Set one of these."
        )
    values = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    cell = nbformat.v4.new_code_cell(values, metadata={"tags": [INJECTED]})
    notebook.cells.insert(_parameters_place(notebook) + 1, cell)


def _parameters_place(notebook: nbformat.NotebookNode) -> int | None:
    tagged = (
        place
        for place, cell in enumerate(notebook.cells)
        if PARAMETERS in cell.metadata.get("tags", [])
    )
    return next(tagged, None)
