"""Publish a build as a run that readers see whole, and drop runs that have aged out.

A run is a folder with a manifest and a hard link per published table; `current` names the run that
readers take. Each appears by one rename, so a reader never waits and never sees half a refresh.
"""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from os.path import relpath
from pathlib import Path

import polars as pl

from analytics.settings import DataFolder
from analytics.warehouse.checks import Check, Finding
from analytics.warehouse.durable import DRAFT, link_or_copy, settle, write_durably
from analytics.warehouse.models import Built, Plan, fingerprint_of, sha256_of
from analytics.warehouse.runs import (
    PUBLISHED_LAYER,
    Run,
    RunTable,
    current_run,
    kept_runs,
    manifest_text,
)

KEEP_RUNS = 7
RUN_INFO = "run_info"


def identity_of(plan: Plan, checks: dict[str, Check]) -> str:
    """What a run is made of: the same identity means that a refresh has nothing to do."""
    return fingerprint_of(
        *(f"{name}={fingerprint}" for name, fingerprint in sorted(plan.fingerprints.items())),
        *(f"{name}={check.fingerprint}" for name, check in sorted(checks.items())),
    )


def publish(
    folder: DataFolder,
    plan: Plan,
    built: Built,
    findings: Sequence[Finding],
    *,
    identity: str,
    as_of: date,
    started_at: datetime,
    finished_at: datetime,
    package_version: str,
) -> Run:
    """Make the build the current run, and return it.

    Raises   OSError when the disk is full or read-only; the last run then stays current
    """
    moment = finished_at.strftime("%Y%m%dT%H%M%SZ")
    run_id = f"{moment}-{fingerprint_of(identity, finished_at.isoformat())[:8]}"
    run = Run(
        run_id=run_id,
        as_of=as_of,
        started_at=started_at,
        finished_at=finished_at,
        package_version=package_version,
        engine=plan.engine,
        identity=identity,
        input_sha256=_inputs_sha256(plan, is_reference=False),
        reference_sha256=_inputs_sha256(plan, is_reference=True),
        tables=_run_tables(folder, plan, built),
        inputs={
            name: tuple(relpath(file, folder.warehouse) for file in files)
            for name, files in plan.inputs.items()
        },
        warnings={f.check.name: f.rows_found for f in findings if f.rows_found},
    )
    return _made_current(folder, run, built)


def prune(folder: DataFolder, keep: int = KEEP_RUNS) -> list[str]:
    """Drop all but the newest `keep` runs with the files only they name; return the ids dropped."""
    current = current_run(folder)
    kept = kept_runs(folder)[-keep:]
    if current and current not in kept:
        kept.append(current)
    # A run of a version whose manifest cannot be read any more goes too: it can be made again.
    dropped = sorted({path.name for path in folder.runs.iterdir()} - {run.run_id for run in kept})
    for run_id in dropped:
        # Renamed first: a run is there whole or not at all, even if the machine stops half way.
        shutil.rmtree((folder.runs / run_id).rename(folder.runs / f"{run_id}{DRAFT}"))
    named = {table.file for run in kept for table in run.tables.values()}
    named |= {file for run in kept for files in run.inputs.values() for file in files}
    # Parsed text of files that are gone goes with the last run that read it.
    for place in (folder.results, folder.inputs, folder.intake):
        for file in place.rglob("*.parquet"):
            if relpath(file, folder.warehouse) not in named:
                file.unlink()
    return dropped


def _made_current(folder: DataFolder, run: Run, built: Built) -> Run:
    """Write the run's folder beside the others, show it by one rename, and point readers to it."""
    draft = folder.runs / f"{run.run_id}{DRAFT}"
    draft.mkdir(parents=True)
    run = _with_run_info(run, draft)
    for name in run.published:
        if name != RUN_INFO:
            link_or_copy(built.files[name], draft / f"{name}.parquet")
    write_durably(draft / "manifest.json", manifest_text(run).encode())
    settle(draft)
    draft.rename(folder.runs / run.run_id)
    settle(folder.runs)
    write_durably(folder.warehouse / "current", f"{run.run_id}\n".encode())
    return run


def _inputs_sha256(plan: Plan, *, is_reference: bool) -> str:
    return sha256_of(
        *(
            f"{name}={plan.fingerprints[name]}"
            for name in sorted(plan.inputs)
            if name.startswith("raw_ref__") is is_reference
        )
    )


def _run_tables(folder: DataFolder, plan: Plan, built: Built) -> dict[str, RunTable]:
    return {
        model.name: RunTable(
            file=relpath(built.files[model.name], folder.warehouse),
            layer=model.layer,
            fingerprint=plan.fingerprints[model.name],
            key=model.key,
            rows=pl.scan_parquet(built.files[model.name], glob=False)
            .select(pl.len())
            .collect()
            .item(),
        )
        for model in plan.models.values()
    }


def _with_run_info(run: Run, draft: Path) -> Run:
    """The run with its own one-row table, written into its folder: it differs in every run."""
    row_counts = {f"{name}_rows": run.tables[name].rows for name in run.published}
    pl.DataFrame(
        {
            "run_id": [run.run_id],
            "as_of": [run.as_of],
            "started_at": [run.started_at],
            "finished_at": [run.finished_at],
            "package_version": [run.package_version],
            "engine": [run.engine],
            "input_sha256": [run.input_sha256],
            "reference_sha256": [run.reference_sha256],
        }
        | {name: [count] for name, count in row_counts.items()}
    ).write_parquet(draft / f"{RUN_INFO}.parquet")
    settle(draft / f"{RUN_INFO}.parquet")
    table = RunTable(
        file=f"runs/{run.run_id}/{RUN_INFO}.parquet",
        layer=PUBLISHED_LAYER,
        fingerprint=run.identity,
        key=("run_id",),
        rows=1,
    )
    return replace(run, tables={**run.tables, RUN_INFO: table})
