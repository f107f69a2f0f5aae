"""JupyterLab on the notebooks, with the chosen site as its data."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from analytics.settings import DataFolder, Shipped, shipped_folders
from analytics.warehouse.durable import private_files


def notebooks_to_open(folder: DataFolder, shipped: Shipped | None = None) -> Path:
    """The folder of notebooks to work in: a checkout's own, else copies in the site's folder.

    A copy that is there is kept: somebody may have worked in it.

    Takes    the site, and what came with the package
    """
    shipped = shipped or shipped_folders()
    if shipped.is_checkout:
        return shipped.notebooks
    with private_files(share_with_group=False):
        folder.notebooks.mkdir(exist_ok=True)
        for notebook in sorted(shipped.notebooks.glob("*.ipynb")):
            if not (folder.notebooks / notebook.name).exists():
                shutil.copyfile(notebook, folder.notebooks / notebook.name)
    return folder.notebooks


def open_lab(folder: DataFolder, *, options: tuple[str, ...] = ()) -> int:
    """Start JupyterLab and wait for its end; the exit code of it.

    Takes    the site, and further options of `jupyter lab`, such as `--no-browser`
    """
    environment = os.environ | {"ANALYTICS_DATA": str(folder.root)}
    command = [sys.executable, "-m", "jupyterlab", str(notebooks_to_open(folder)), *options]
    return subprocess.run(command, env=environment, check=False).returncode
