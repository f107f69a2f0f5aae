"""What the commands print: progress while they work, then figures, then what no figure covers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from analytics.cms.load import CmsLoad
from analytics.cms.report import load_sentences, next_sentence, trouble_sentences
from analytics.medicare_meter import MedicareMeter, read_meter
from analytics.overview import intake_sentences, overview_by_payer, question_sentences
from analytics.payer_tables import TABLE_WIDTH, payer_tables, printable
from analytics.refresh import RefreshResult
from analytics.settings import DataFolder
from analytics.starting import Started
from analytics.warehouse import models
from analytics.warehouse.checks import STOPS_LETTERS, Finding, rows_in_words, sentences_of
from analytics.warehouse.runs import Run, run_file

HOUSE_CODES = "warn_house_codes"
QUESTIONS = "reference_questions"
MEDICARE = "medicare_payments"
# Guesses, ids put together by their name, and names that may be one payer stand in their notes.
WITH_NOTES_TO_READ = ("payers", "payer_aliases")
FILL_IN_NEXT = "fill in next, the most dollars first"
# Half the payer table needs this much; less wraps whole lines, but never cuts a figure.
NARROW_WIDTH = 80


@contextmanager
def progress_bar(*, hidden: bool) -> Iterator[models.Progress | None]:
    """A bar on a terminal; nothing for a log, a pipe or JSON."""
    console = Console(stderr=True)
    if hidden or not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(step: str, place: int, steps: int) -> None:
            bar.update(task, description=printable(step), completed=place, total=steps)

        yield show


def print_refresh(folder: DataFolder, ended: RefreshResult) -> None:
    """How the refresh ended, the payer table of a new run, and what stands beside it."""
    out = _console()
    if ended.status == "unchanged":
        out.print(f"nothing changed: the figures of {ended.as_of} still hold")
        _print_list(out, "could not be read", ended.problems)
        if ended.has_unread:
            _print_received(out, _received(folder, ended))
        return
    if ended.status == "stopped":
        _print_list(out, "could not be read", ended.problems)
        _print_failures(out, ended.findings)
        stays = f"run {ended.run.run_id} stays" if ended.run else "there is no run yet"
        out.print(f"not published: mend the above and refresh again; {stays}")
        return
    # No run id here: it changes each time, and run_info and --json carry it.
    out.print(f"published {len(ended.run.published)} tables as of {ended.as_of}")
    for table in payer_tables(_overview(folder, ended.run), out.width):
        _print_table(out, table)
    _print_list(out, "could not be read", ended.problems)
    _print_received(out, _received(folder, ended))
    _print_list(out, FILL_IN_NEXT, _questions(folder, ended.run))
    told = [finding for finding in ended.findings if finding.check.name != f"warn_{QUESTIONS}"]
    _print_warnings(out, told, ended.notes)


def print_started(folder: DataFolder, started: Started) -> None:
    """What init wrote, what is to decide first, and the command that comes next."""
    out = _console()
    if started.has_settings:
        out.print("site.toml: written; put the practice's name into it")
    _print_list(out, "could not be read", started.problems)
    if started.questions is None:
        out.print("no row added: mend the above and run init again")
        return
    for name, rows in started.added.items():
        noted = sum(bool(row["seen_note"]) for row in rows)
        check = f", {noted:,} with a note to read" if noted and name in WITH_NOTES_TO_READ else ""
        out.print(f"reference/{name}.csv: {len(rows):,} row{'s' * (len(rows) != 1)} added{check}")
    if not started.has_claims:
        out.print(
            f"no row added: {folder.raw} holds no claim. Put 837 and 835 files there (plain, .gz "
            "or .zip), or extracts as templates/ shows them, and run init again"
        )
        return
    if not started.added:
        out.print("no row added: reference/ has one for every payer and code seen")
    asked = [*question_sentences(started.questions.lazy()), *started.list_prices]
    _print_list(out, FILL_IN_NEXT, asked)
    out.print(f"then run: analytics refresh --data {folder.root}")


def print_cms_load(folder: DataFolder, load: CmsLoad) -> None:
    """What each CMS file gave, what CMS restated, and the command that comes next."""
    out = _console()
    for sentence in load_sentences(load):
        out.print(printable(sentence))
    _print_list(out, "could not be read", trouble_sentences(load))
    comes_next = next_sentence(load, f"analytics refresh --data {folder.root}")
    if comes_next:
        out.print(comes_next)


def print_checks(folder: DataFolder, run: Run, findings: Sequence[Finding]) -> None:
    """Offending rows of the fail checks, every warning in its words, and the Medicare meter."""
    out = _console()
    _print_failures(out, findings)
    _print_warnings(out, findings)
    if meter := _meter(folder, run):
        out.print(meter.sentence)
    failed = sum(finding.stops_publish for finding in findings)
    out.print(f"{len(findings)} checks on run {run.run_id} as of {run.as_of}: {failed} failed")


def refresh_as_json(folder: DataFolder, ended: RefreshResult) -> dict[str, object]:
    """The same as `print_refresh`, for a program; money is text with its cents."""
    return {
        "status": ended.status,
        "run_id": ended.run.run_id if ended.run else None,
        "as_of": ended.as_of,
        "models_computed": list(ended.made),
        "payers": _overview(folder, ended.run).to_dicts() if ended.run else [],
        "could_not_be_read": list(ended.problems),
        "notes": list(ended.notes),
        "next": _questions(folder, ended.run) if ended.run else [],
        **_findings_as_json(ended.findings),
        "received": _received(folder, ended) if ended.run else [],
    }


def checks_as_json(folder: DataFolder, run: Run, findings: Sequence[Finding]) -> dict[str, object]:
    """The same as `print_checks`, for a program."""
    meter = _meter(folder, run)
    return {
        "run_id": run.run_id,
        "as_of": run.as_of,
        "checks": len(findings),
        "medicare_check": {**asdict(meter), "sentence": meter.sentence} if meter else None,
        **_findings_as_json(findings),
    }


def _print_table(out: Console, table: Table) -> None:
    """The table without the blanks rich ends its lines with: what is printed is also pasted."""
    with out.capture() as drawn:
        out.print(table)
    for line in drawn.get().splitlines():
        out.out(line.rstrip(), highlight=False)


def _print_failures(out: Console, findings: Sequence[Finding]) -> None:
    for finding in findings:
        if finding.stops_publish:
            out.print(f"failed: {finding.check.name}: {finding.check.what}")
            row = "row" if finding.rows_found == 1 else "rows, here the first"
            out.print(f"  found {finding.rows_found:,} {row}:")
            for row in rows_in_words(finding):
                out.print(f"  {printable(row)}")
            out.print(f"  likely: {finding.check.likely}")


def _print_warnings(out: Console, findings: Sequence[Finding], notes: Sequence[str] = ()) -> None:
    """Every warning in its words: what stops a letter first, the house codes last."""
    warned = [finding for finding in findings if finding.check.level == "warn"]
    first, said, last = [], [], []
    for finding in warned:
        where = {STOPS_LETTERS: first, HOUSE_CODES: last}.get(finding.check.name, said)
        where.extend(sentences_of(finding))
    _print_list(out, "before any letter goes out", first)
    _print_list(out, "to know before using the figures", [*notes, *said])
    _print_list(out, "house codes", last)


def _print_list(out: Console, heading: str, sentences: Sequence[str]) -> None:
    if sentences:
        out.print(f"{heading}:")
    for sentence in sentences:
        out.print(f"  {printable(sentence)}")


def _print_received(out: Console, sentences: Sequence[str]) -> None:
    """How many files came in, and below it what of them could not be used."""
    for place, sentence in enumerate(sentences):
        out.print(f"{'  ' if place else ''}{printable(sentence)}")


def _findings_as_json(findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "failed": [
            {
                "check": finding.check.name,
                "what": finding.check.what,
                "likely": finding.check.likely,
                "rows_found": finding.rows_found,
                "rows": finding.rows.to_dicts(),
            }
            for finding in findings
            if finding.stops_publish
        ],
        "warnings": [
            {
                "check": finding.check.name,
                "rows_found": finding.rows_found,
                "usd": finding.found_usd,
                "sentences": sentences_of(finding),
            }
            for finding in findings
            if finding.check.level == "warn" and finding.rows_found
        ],
    }


def _overview(folder: DataFolder, run: Run) -> pl.DataFrame:
    return overview_by_payer(
        _scan(folder, run, "drug_line_outcomes"), _scan(folder, run, "waste_ledger")
    )


def _received(folder: DataFolder, ended: RefreshResult) -> list[str]:
    ledger, rejects = (_scan(folder, ended.run, name) for name in ("load_ledger", "rejects"))
    return intake_sentences(ledger, rejects, told=ended.problems)


def _questions(folder: DataFolder, run: Run) -> list[str]:
    """What to fill in next; nothing of a run that an earlier version published."""
    if QUESTIONS not in run.tables:
        return []
    return question_sentences(_scan(folder, run, QUESTIONS))


def _meter(folder: DataFolder, run: Run) -> MedicareMeter | None:
    """The false-positive meter; nothing of a run that an earlier version published."""
    return read_meter(_scan(folder, run, MEDICARE)) if MEDICARE in run.tables else None


def _scan(folder: DataFolder, run: Run, table: str) -> pl.LazyFrame:
    return pl.scan_parquet(run_file(folder, run, table), glob=False)


def _console() -> Console:
    out = Console(markup=False, highlight=False, soft_wrap=True)
    out.width = max(out.width, NARROW_WIDTH) if out.is_terminal else TABLE_WIDTH
    return out
