"""The scheduled job: read what came in, build, check, and publish a run if anything changed."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from analytics import settings
from analytics.errors import AnalyticsError
from analytics.intake.files import intake_raw
from analytics.intake.raw_tables import TRANSACTIONS
from analytics.intake.site import Site, read_reference, read_site, site_key
from analytics.reference.vials import vial_totals
from analytics.settings import DataFolder
from analytics.warehouse.checks import Finding, load_checks, run_checks
from analytics.warehouse.durable import (
    one_refresh_at_a_time,
    private_files,
    set_privacy,
    sweep_drafts,
    write_durably,
)
from analytics.warehouse.engines import Engine
from analytics.warehouse.models import Inputs, Progress, build, load_models
from analytics.warehouse.publish import identity_of, prune, publish
from analytics.warehouse.runs import Run, current_run, is_whole

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class RefreshResult:
    """How a refresh ended.

    `status` is `published` (a new run), `unchanged` (the current run still holds) or `stopped` (a
    fail check or a reference file that cannot be used: the last good run stays). `run` is the run
    readers have now, None if there never was one; `made` names the models computed; `findings` hold
    what the checks found; `problems` are sentences on what could not be read, `notes` on what else
    to know before using the figures.
    """

    status: str
    run: Run | None
    as_of: date
    made: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def has_unread(self) -> bool:
        """Whether any piece of what came in could not be used, this time or in the current run."""
        rejects = self.run.tables.get("rejects") if self.run else None
        return bool(self.problems) or (rejects is not None and rejects.rows > 0)


@dataclass(frozen=True)
class Gathered:
    """The raw tables of one site as Parquet, with what could not be read on the way."""

    inputs: Inputs
    problems: tuple[str, ...]
    is_usable: bool
    notes: tuple[str, ...] = ()


def refresh(
    folder: DataFolder,
    *,
    as_of: date | None = None,
    progress: Progress | None = None,
    memory: str | None = None,
    engine: Literal["duckdb", "spark"] = "duckdb",
    spark: "SparkSession | None" = None,
) -> RefreshResult:
    """Bring the published run up to date with the folder.

    Takes    as_of, the day the figures are for (the site's own, else today), progress, called with
             a step, its place and the number of steps, memory, the most the engine may hold
             (`2GB`), engine, what runs the models, and spark, a session for it to work beside
             (else a local one is started)
    Returns  how it ended; nothing is published unless every fail check passes
    Raises   AnalyticsError when there is no raw folder or its key is lost, when a model or check
             cannot run, or another refresh is at work; UsageError where the engine is missing
    """
    on = Engine(is_spark=engine == "spark" or spark is not None, session=spark, memory=memory)
    on.refuse_missing()
    refuse_lost_input(folder)
    started_at = settings.utc_now()
    site = read_site(folder.root, settings.today())
    day = as_of or site.as_of
    with (
        private_files(share_with_group=site.share_with_group),
        one_refresh_at_a_time(folder.warehouse),
    ):
        sweep_drafts(folder.warehouse)
        gathered = gather_inputs(folder, site, day, progress)
        if gathered.is_usable:
            on = replace(on, memory=memory or site.memory)
            ended = _build_and_publish(folder, gathered.inputs, day, started_at, on, progress)
        else:
            ended = RefreshResult("stopped", current_run(folder), day)
        set_privacy(folder.warehouse, share_with_group=site.share_with_group)
    return replace(ended, problems=gathered.problems, notes=gathered.notes)


def gather_inputs(
    folder: DataFolder, site: Site, as_of: date, progress: Progress | None = None
) -> Gathered:
    """Every raw table of a site: claims and remits, reference, and the site's own row.

    Returns  `is_usable` is False when a reference file cannot be used; then nothing may be built
    """
    reference = read_reference(folder.reference, settings.shipped_folders().reference)
    raw = intake_raw(folder.raw, folder.intake, site_key=site_key(folder.root), progress=progress)
    folder.inputs.mkdir(parents=True, exist_ok=True)
    frames = {
        **reference.frames,
        "raw_site": _site_row(site, as_of),
        "raw_vial_totals": vial_totals(reference.frames["raw_ref__drug_packages"]),
    }
    inputs = {name: [keep_input(name, frame, folder.inputs)] for name, frame in frames.items()}
    problems = reference.sentences
    return Gathered(
        inputs={**raw.tables, **inputs},
        problems=(*problems, *raw.problems),
        is_usable=not any(problem.is_fatal for problem in reference.problems),
        notes=(*reference.notes, *_notes(raw.tables, as_of)),
    )


def keep_input(name: str, frame: pl.DataFrame, inputs: Path) -> Path:
    """The Parquet file of a small table, named by its content: the same rows give the same name.

    The rows are sorted first: their order means nothing, and polars promises none after a join.
    """
    packed = BytesIO()
    frame.sort(frame.columns).write_parquet(packed, compression="zstd")
    content = packed.getvalue()
    path = inputs / f"{name}-{hashlib.sha256(content).hexdigest()[:16]}.parquet"
    if not path.exists():
        write_durably(path, content)
    return path


def refuse_lost_input(folder: DataFolder) -> None:
    """Stop where the raw folder or the key is gone: that must not look like an empty practice.

    Raises   AnalyticsError, saying what is gone and that the last run stays
    """
    if not folder.raw.is_dir():
        raise AnalyticsError(
            f"there is no raw folder {folder.raw}; nothing was read and the last run stays. "
            "Put claims and remits there, mount it, or name the site with --data."
        )
    if not folder.site_key.exists() and current_run(folder):
        raise AnalyticsError(
            f"site.key is gone from {folder.root}, and the last run was made with it; the last run "
            "stays. Restore it, or delete warehouse/ if every patient may get a new pseudonym."
        )


def _notes(raw: Inputs, as_of: date) -> tuple[str, ...]:
    if TRANSACTIONS not in raw:
        return ()
    first = (
        pl.scan_parquet(raw[TRANSACTIONS], glob=False)
        .select(pl.col("gs_date").min())
        .collect()
        .item()
    )
    if first is None or as_of >= first:
        return ()
    return (
        f"The figures are as of {as_of}, and the first file was sent on {first}. "
        "Name a later day with --as-of, or mend as_of in site.toml.",
    )


def _build_and_publish(
    folder: DataFolder,
    inputs: Inputs,
    as_of: date,
    started_at: datetime,
    on: Engine,
    progress: Progress | None,
) -> RefreshResult:
    sql_folder = settings.shipped_folders().sql
    plan = on.plan(load_models(sql_folder), inputs)
    checks = load_checks(sql_folder)
    identity = identity_of(plan, checks)
    last = current_run(folder)
    if last and last.identity == identity and is_whole(folder, last):
        return RefreshResult("unchanged", last, as_of)
    with on.opened(plan, folder) as (con, writer):
        built = build(plan, folder.results, con, progress, writer)
        findings = tuple(run_checks(con, checks, writer.rows_of if writer else None))
    if any(finding.stops_publish for finding in findings):
        return RefreshResult("stopped", last, as_of, built.made, findings)
    run = publish(
        folder,
        plan,
        built,
        findings,
        identity=identity,
        as_of=as_of,
        started_at=started_at,
        finished_at=settings.utc_now(),
        package_version=settings.package_version(),
    )
    prune(folder)
    return RefreshResult("published", run, as_of, built.made, findings)


def _site_row(site: Site, as_of: date) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "as_of": [as_of],
            "maturity_days": [site.maturity_days],
            "small_cell": [site.small_cell],
            "practice_name": [site.practice_name],
        },
        schema={
            "as_of": pl.Date,
            "maturity_days": pl.Int32,
            "small_cell": pl.Int32,
            "practice_name": pl.String,
        },
    )
