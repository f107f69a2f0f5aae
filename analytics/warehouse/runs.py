"""A published run: what its manifest says, and how to find and read it.

Readers take the files a manifest names. Those never change, so a refresh neither waits for a reader
nor disturbs one.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from analytics.errors import AnalyticsError, UsageError
from analytics.settings import DataFolder
from analytics.warehouse.durable import DRAFT
from analytics.warehouse.engine import add_view, close_doors, open_engine

PUBLISHED_LAYER = "marts"


@dataclass(frozen=True)
class RunTable:
    """One table of a run: where its rows lie (below the warehouse) and what they are."""

    file: str
    layer: str
    fingerprint: str
    key: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Run:
    """The manifest of a run: all that is needed to read it and to know whether it still holds."""

    run_id: str
    as_of: date
    started_at: datetime
    finished_at: datetime
    package_version: str
    engine: str
    identity: str
    input_sha256: str
    reference_sha256: str
    tables: dict[str, RunTable]
    inputs: dict[str, tuple[str, ...]]
    warnings: dict[str, int]

    @property
    def published(self) -> tuple[str, ...]:
        """The tables people read, by name."""
        marts = (name for name, table in self.tables.items() if table.layer == PUBLISHED_LAYER)
        return tuple(sorted(marts))


def current_run(folder: DataFolder) -> Run | None:
    """The run readers take now, or None before the first refresh."""
    try:
        run_id = (folder.warehouse / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return _read_manifest(folder.runs / run_id / "manifest.json")


def find_run(folder: DataFolder, run_id: str | None = None) -> Run:
    """The run a reader asked for: the current one, or an earlier one by its id.

    Raises   AnalyticsError before the first refresh; UsageError for a run that is not kept
    """
    if run_id is None:
        if run := current_run(folder):
            return run
        raise AnalyticsError(
            f"nothing is published yet; {folder.warehouse} holds no current run. "
            f"Run: analytics refresh --data {folder.root}"
        )
    for run in kept_runs(folder):
        if run.run_id == run_id:
            return run
    kept = ", ".join(run.run_id for run in kept_runs(folder)) or "none"
    raise UsageError(f"there is no run {run_id}; kept runs are {kept}. Choose one of these.")


def kept_runs(folder: DataFolder) -> list[Run]:
    """Every run that can still be read, oldest first."""
    manifests = sorted(folder.runs.glob("*/manifest.json"))
    read = (_read_manifest(path) for path in manifests if path.parent.suffix != DRAFT)
    return sorted((run for run in read if run), key=lambda run: (run.finished_at, run.run_id))


def run_file(folder: DataFolder, run: Run, table: str) -> Path:
    """The Parquet file of one table of a run, published or not.

    Raises   UsageError for a table the run does not have, naming those it has
    """
    if table not in run.tables:
        raise UsageError(
            f"there is no table {table} in run {run.run_id}; it has {', '.join(run.published)}. "
            "Choose one of these."
        )
    return folder.warehouse / run.tables[table].file


def connect(folder: DataFolder, run: Run) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with a view of every table and input of one run.

    It can open the files of that run and nothing else; later refreshes do not change what it shows.
    """
    con = open_engine()
    files = {name: [folder.warehouse / table.file] for name, table in run.tables.items()}
    for name, listed in run.inputs.items():
        # Intake may have repacked its files since; the results of the run do not need them.
        if all((folder.warehouse / file).exists() for file in listed):
            files[name] = [folder.warehouse / file for file in listed]
    for name, paths in files.items():
        add_view(con, name, paths)
    close_doors(con, (path for paths in files.values() for path in paths))
    return con


def is_whole(folder: DataFolder, run: Run) -> bool:
    """Whether every table of the run is still on the disk."""
    links = [folder.runs / run.run_id / f"{name}.parquet" for name in run.published]
    results = [folder.warehouse / table.file for table in run.tables.values()]
    return all(file.exists() for file in (*links, *results))


def manifest_text(run: Run) -> str:
    """The run as its manifest file holds it."""
    return json.dumps(asdict(run), indent=1, default=lambda moment: moment.isoformat())


def _read_manifest(path: Path) -> Run | None:
    """The run of a manifest; None when it is gone or another version of the package wrote it."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        dates = {
            "as_of": date.fromisoformat(said["as_of"]),
            "started_at": datetime.fromisoformat(said["started_at"]),
            "finished_at": datetime.fromisoformat(said["finished_at"]),
        }
        tables = {
            name: RunTable(**table | {"key": tuple(table["key"])})
            for name, table in said["tables"].items()
        }
        inputs = {name: tuple(files) for name, files in said["inputs"].items()}
        return Run(**said | dates | {"tables": tables, "inputs": inputs})
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        return None
