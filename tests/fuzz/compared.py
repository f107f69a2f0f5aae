"""What a site's refresh and the oracle disagree on, with the checks that would stop the refresh."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from analytics import settings
from analytics.intake.site import read_site
from analytics.refresh import gather_inputs, refresh
from analytics.settings import DataFolder
from analytics.warehouse.engine import open_engine
from analytics.warehouse.models import Model, ModelError, build, load_models, plan_build
from analytics.warehouse.runs import Run
from tests.fuzz.raw_site import RawSite
from tests.fuzz.shown import shown_by
from tests.fuzz.shown_records import shown_of_records
from tests.oracle_comparison import (
    KEYS,
    Difference,
    check_differences,
    differences,
    rate_differences,
)
from tests.plain_python import answers

Tables = dict[str, list[dict[str, object]]]
CRASHES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
# Said of files cut off, and of the terms that are spoiled on purpose.
NO_SLIPS = ("has no SE", "have no SE", "reference/contract_terms.csv row")


@dataclass(frozen=True)
class Verdict:
    """How the two sides compare on a site.

    `stopped_by` names the fail checks with rows; `slips` are reference rows the intake left out,
    which the oracle still reads: a fault of the site, not of either side.
    """

    differences: tuple[Difference, ...] = ()
    stopped_by: tuple[str, ...] = ()
    error: str | None = None
    slips: tuple[str, ...] = ()
    lines: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
    shown: Mapping[str, int] = field(default_factory=dict)

    @property
    def signatures(self) -> tuple[str, ...]:
        """What is wrong, one short text per kind."""
        # The rows an error shows differ from site to site; what went wrong does not.
        found = [f"error: {self.error.partition('; found')[0]}"] if self.error else []
        found += [f"stopped by {name}" for name in self.stopped_by]
        return (*found, *dict.fromkeys(map(signature_of, self.differences)))

    def agreeing(self, table: str) -> int:
        """How many rows of a table are the same on both sides, in every column they share."""
        wrong = {each.key for each in self.differences if each.table == table}
        return self.rows.get(table, 0) - len(wrong)


def signature_of(found: Difference) -> str:
    """The kind of a difference: its table and column, with the words where they are words."""
    said = f"{found.table}.{found.column}"
    if found.column in ("outcome", "initial_outcome", "match_method", "finding", "identity_basis"):
        said += f" {found.published}/{found.oracle}"
    return said


def verdict_on(site: RawSite) -> Verdict:
    """Refresh the site in a folder of its own, ask the oracle, and compare every table."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        folder = Path(scratch) / "site"
        site.write(folder)
        data = DataFolder(folder)
        try:
            expected = answers(folder, settings.shipped_folders().reference)
        except CRASHES as error:
            return Verdict(error=f"the oracle: {type(error).__name__}: {error}")
        try:
            result = refresh(data)
        except ModelError as error:
            tables = _built(data, without=str(error).partition(".sql")[0].rpartition("/")[2])
            return _compared(site, tables, expected, error=str(error))
        tables = _published(data, result.run) if result.run else _built(data)
        stopped = tuple(each.check.name for each in result.findings if each.stops_publish)
        slips = [said for said in result.problems if not any(each in said for each in NO_SLIPS)]
        found = {each.check.name: each.rows_found for each in result.findings}
        told = tuple(check_differences(found, expected))
        return _compared(site, tables, expected, told, stopped_by=stopped, slips=tuple(slips))


def _compared(
    site: RawSite,
    tables: Tables,
    expected: Tables,
    of_checks: tuple[Difference, ...] = (),
    **parts: object,
) -> Verdict:
    found = [
        *of_checks,
        *(
            each
            for name in KEYS
            if name in tables
            for each in differences(name, tables[name], expected[name])
        ),
    ]
    found += rate_differences(tables.get("drug_line_outcomes", []), expected["rates"])
    lines = tables.get("claim_line_outcomes", [])
    return Verdict(
        tuple(found),
        lines=len(lines),
        rows={name: len(expected[name]) for name in KEYS if name in tables},
        shown=shown_by(site, lines, expected) | shown_of_records(expected),
        **parts,
    )


def _published(folder: DataFolder, run: Run) -> Tables:
    files = {name: folder.runs / run.run_id / f"{name}.parquet" for name in KEYS}
    return {name: pl.read_parquet(file).to_dicts() for name, file in files.items() if file.exists()}


def _built(folder: DataFolder, without: str = "") -> Tables:
    """The tables of a site no run was published of, but a model that does not build."""
    site = read_site(folder.root, settings.today())
    inputs = gather_inputs(folder, site, site.as_of).inputs
    models = _models_without(without)
    with open_engine() as con:
        files = build(plan_build(models, inputs), folder.results, con).files
    return {name: pl.read_parquet(files[name]).to_dicts() for name in KEYS if name in files}


def _models_without(name: str) -> dict[str, Model]:
    """Every model but one, and but those that read it."""
    models = load_models(settings.shipped_folders().sql)
    lost = {name}
    while found := {each.name for each in models.values() if lost & {each.name, *each.reads}}:
        lost |= found
        models = {each: model for each, model in models.items() if each not in found}
    return models
