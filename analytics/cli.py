"""The `analytics` command: bring the figures up to date, check them, take them out."""

import errno
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from analytics.errors import AnalyticsError

app = typer.Typer(
    help="See, prove and recover the drug money payers owe.",
    no_args_is_help=True,
    add_completion=False,
    # A pretty traceback prints local variables, and those hold claims.
    pretty_exceptions_enable=False,
)

Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="A site; else ANALYTICS_DATA, else data/."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


@app.command(epilog="Example: analytics init --data sites/north")
def init(data: Data = None) -> None:
    """Write reference CSVs from what came in, ready to complete; keep every row that is there."""
    with _said_plainly():
        from analytics.printing import print_started, progress_bar
        from analytics.settings import data_folder
        from analytics.starting import start_site

        folder = data_folder(data)
        with progress_bar(hidden=False) as progress:
            started = start_site(folder, progress=progress)
        print_started(folder, started)
    raise typer.Exit(1 if started.problems else 0)


@app.command(epilog="Example: analytics refresh --data sites/north --memory 2GB")
def refresh(
    data: Data = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="The day the figures are for."),
    ] = None,
    engine: Annotated[
        Literal["duckdb", "spark"], typer.Option(help="What runs the models.")
    ] = "duckdb",
    memory: Annotated[
        str | None, typer.Option(metavar="SIZE", help="The most DuckDB may hold, as in 2GB.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read what came in, build, check and publish; quiet when nothing changed."""
    with _said_plainly():
        from analytics.printing import print_refresh, progress_bar, refresh_as_json
        from analytics.refresh import refresh as bring_up_to_date
        from analytics.settings import data_folder

        folder = data_folder(data)
        with progress_bar(hidden=as_json) as progress:
            ended = bring_up_to_date(
                folder,
                as_of=as_of.date() if as_of else None,
                progress=progress,
                memory=memory,
                engine=engine,
            )
        if as_json:
            _print_json(refresh_as_json(folder, ended))
        else:
            print_refresh(folder, ended)
    raise typer.Exit(1 if ended.status == "stopped" or ended.has_unread else 0)


@app.command(epilog="Example: analytics check --data data/sample")
def check(data: Data = None, as_json: Json = False) -> None:
    """Run the checks alone on the current run, and show the offending rows."""
    with _said_plainly():
        from analytics.printing import checks_as_json, print_checks
        from analytics.settings import data_folder, shipped_folders
        from analytics.warehouse.checks import load_checks, run_checks
        from analytics.warehouse.runs import connect, find_run

        folder = data_folder(data)
        run = find_run(folder)
        with connect(folder, run) as con:
            findings = run_checks(con, load_checks(shipped_folders().sql))
        if as_json:
            _print_json(checks_as_json(folder, run, findings))
        else:
            print_checks(folder, run, findings)
    raise typer.Exit(1 if any(finding.stops_publish for finding in findings) else 0)


@app.command(epilog="Example: analytics show S000506 1 --data data/sample")
def show(
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM_ID", help="Its account number.")],
    line: Annotated[
        int | None,
        typer.Argument(metavar="LINE", help="Else all lines, then the one with most money."),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tell one claim line's whole story: bytes, answers, contract, gap, causes, what to ask."""
    with _said_plainly():
        from analytics.settings import data_folder
        from analytics.show import print_story, story_as_json
        from analytics.story import read_claim_story
        from analytics.warehouse.runs import find_run

        folder = data_folder(data)
        claim = read_claim_story(folder, find_run(folder), claim_id, line)
        if as_json:
            _print_json(story_as_json(claim))
        else:
            print_story(claim, with_lines=line is None)


@app.command(epilog="Example: analytics export waste_ledger --out waste.csv")
def export(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A published table.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Ends in .csv, .parquet or .xlsx.")],
    data: Data = None,
) -> None:
    """Write one published table to a file."""
    with _said_plainly():
        from analytics.export import export_table
        from analytics.settings import data_folder
        from analytics.warehouse.runs import find_run

        folder = data_folder(data)
        run = find_run(folder)
        rows = export_table(folder, run, table, out)
    typer.echo(f"{table}: {rows:,} rows of run {run.run_id} written to {out}")


@app.command(epilog="Example: analytics report --payer birch --out reports/2026-08")
def report(
    data: Data = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Else decks/report in the site.")
    ] = None,
    payer: Annotated[
        str | None, typer.Option(metavar="ID", help="A payer_id; else every payer.")
    ] = None,
) -> None:
    """Run every notebook and write each as an HTML page that stands by itself."""
    with _said_plainly():
        from analytics.printing import progress_bar
        from analytics.report import write_report
        from analytics.settings import data_folder

        folder = data_folder(data)
        parameters = {"payer": payer} if payer else {}
        with progress_bar(hidden=False) as progress:
            pages = write_report(folder, out, parameters=parameters, progress=progress)
    typer.echo(f"{len(pages)} pages are in {pages[0].parent}")


@app.command(
    epilog="Example: analytics lab --data sites/north -- --no-browser",
    context_settings={"allow_extra_args": True},
)
def lab(context: typer.Context, data: Data = None) -> None:
    """Open JupyterLab on the notebooks with this site's data."""
    with _said_plainly():
        from analytics.lab import open_lab
        from analytics.settings import data_folder
        from analytics.warehouse.runs import find_run

        folder = data_folder(data)
        find_run(folder)
        code = open_lab(folder, options=tuple(context.args))
    raise typer.Exit(code)


@app.command("load-cms", epilog="Example: analytics load-cms ~/Downloads/october-2026-*.zip")
def load_cms(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="As CMS publishes them.")],
    data: Data = None,
    published: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="The day CMS published the files whose names and notes do not say it.",
        ),
    ] = None,
) -> None:
    """Add CMS payment limits, crosswalks, NOC, HCPCS and Addendum B files to the reference."""
    with _said_plainly():
        from analytics.cms.site import load_into_site
        from analytics.printing import print_cms_load
        from analytics.settings import data_folder

        folder = data_folder(data)
        loaded = load_into_site(folder, files, published=published.date() if published else None)
        print_cms_load(folder, loaded)
    raise typer.Exit(1 if loaded.has_trouble else 0)


@app.command(epilog="Example: analytics sample --claims 500 --seed 7 --out data/practice")
def sample(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Made if it is not there.")],
    claims: Annotated[int, typer.Option(metavar="N", min=1, help="How many claims.")] = 500,
    seed: Annotated[int, typer.Option(metavar="S", help="The same seed gives the same site.")] = 1,
) -> None:
    """Write a synthetic site with planted findings and its answer key."""
    with _said_plainly():
        from analytics.synthetic.site import write_sample_site

        write_sample_site(out, claims=claims, seed=seed)
    typer.echo(f"a site of {claims:,} claims is in {out}; now run: analytics refresh --data {out}")


@app.command(epilog="Example: analytics score data/sample")
def score(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A site with answer_key.csv.")],
    answers: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Another engine's answers; else the published run."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Hold an engine's answers against the answer key: precision, recall, dollars by finding."""
    with _said_plainly():
        from analytics.scoring.printed import print_score, score_as_json
        from analytics.scoring.site import score_site

        ended = score_site(folder, answers)
        if as_json:
            _print_json(score_as_json(ended))
        else:
            print_score(ended)
    raise typer.Exit(0 if ended.is_all_right else 1)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Expected trouble ends in a sentence and an exit code, never in a traceback."""
    try:
        yield
    except AnalyticsError as trouble:
        typer.echo(f"error: {trouble}", err=True)
        raise typer.Exit(trouble.exit_code) from None
    except BrokenPipeError:
        # Whoever read our output, `head` for one, has seen enough.
        raise
    except OSError as trouble:
        where = f"{trouble.filename}: " if trouble.filename else ""
        if trouble.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            typer.echo(
                f"error: the disk is full or read-only; {where}{trouble.strerror}. Free space or "
                "mount it for writing, and try again; the last run stays.",
                err=True,
            )
            raise typer.Exit(1) from None
        typer.echo(
            f"error: a file cannot be read or written; {where}{trouble.strerror or trouble}. "
            "Check that the disk has room and that the folder is yours.",
            err=True,
        )
        raise typer.Exit(1) from None


def _print_json(said: dict[str, object]) -> None:
    # Decimals and dates become text: a float would change the cents.
    json.dump(said, sys.stdout, indent=1, default=str)
    typer.echo()
