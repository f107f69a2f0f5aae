"""A site's first hour: its reference files, written from what its own mail shows, to be decided.

`analytics init` reads what came in, adds the payers it names, prices what can be priced and asks
the rest: one open row per thing a person must decide, lines and charges beside it. What a person
has written stays byte for byte; a second init adds only what is new.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import polars as pl

from analytics import settings
from analytics.errors import UsageError
from analytics.intake.extracts.templates import write_templates
from analytics.intake.site import Site, read_reference, read_site
from analytics.reference.added import Standing, add_rows, standing_rows
from analytics.reference.asked import (
    alias_rows,
    filing_code_rows,
    payer_rows,
    question_rows,
)
from analytics.reference.code_questions import terms_without_list_price
from analytics.reference.codes import known_codes
from analytics.reference.columns import REFERENCE_FILES
from analytics.reference.payer_names import (
    FILING_CODES_READ,
    NAMES_READ,
    Tables,
    filing_codes_in_lines,
    names_in_files,
)
from analytics.reference.payers_put_together import NameSeen, alias_key
from analytics.reference.payers_seen import AliasSeen, payers_seen
from analytics.reference.term_rows import term_rows
from analytics.reference.writing import Row
from analytics.refresh import gather_inputs, refuse_lost_input
from analytics.settings import DataFolder
from analytics.warehouse.durable import (
    one_refresh_at_a_time,
    private_files,
    set_privacy,
    sweep_drafts,
    write_durably,
)
from analytics.warehouse.engine import open_engine
from analytics.warehouse.models import Model, Progress, build, load_models, plan_build

SETTINGS = """\
# This practice. What stands behind a # is left to its default.
practice_name = ""          # write the practice's name here
# as_of = 2026-01-31        # the day the figures are for; today when left out
maturity_days = 90          # how old a line is before a denial rate counts it
small_cell = 11             # smaller groups are not shown
# memory = "4GB"            # the most the engine may hold
share_with_group = false    # true lets the group read the warehouse
"""
TEMPLATES = "templates"
UNKNOWN = "unknown:"
QUESTIONS = "reference_questions"
ANSWERED_BY_ANOTHER = "int_claims_answered_by_another"
# Who the payers are shows early; what waits for them only in the last table.
FOR_PAYERS = (*NAMES_READ, ANSWERED_BY_ANOTHER)
FOR_QUESTIONS = (*FILING_CODES_READ, QUESTIONS)


@dataclass(frozen=True)
class Started:
    """What init wrote, and what is left for a person to decide.

    `added` are the rows added by file, `questions` the rows of `reference_questions` that a
    reference file can settle; None when the reference cannot be used and nothing was added.
    `list_prices` asks for the prices that terms name and list_prices.csv has not. `has_settings`
    says that `site.toml` was made, `has_claims` that anything was received.
    """

    has_settings: bool
    added: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    questions: pl.DataFrame | None = None
    problems: tuple[str, ...] = ()
    list_prices: tuple[str, ...] = ()
    has_claims: bool = True


def start_site(folder: DataFolder, *, progress: Progress | None = None) -> Started:
    """Add to a site's reference what its claims and remits show and nobody has decided.

    No run is published and none is disturbed.

    Takes    progress, called with a step, its place and the number of steps
    Returns  the rows added and what is left to decide, the most dollars first
    Raises   AnalyticsError when there is no raw folder, another refresh is at work, or a file is
             written so that rows cannot be added to it; UsageError where the site's reference
             folder is the one that ships with the package
    """
    refuse_lost_input(folder)
    _refuse_shipped_reference(folder)
    site = read_site(folder.root, settings.today())
    with (
        private_files(share_with_group=site.share_with_group),
        one_refresh_at_a_time(folder.warehouse),
    ):
        sweep_drafts(folder.warehouse)
        has_settings = _made_settings(folder)
        folder.reference.mkdir(exist_ok=True)
        write_templates(folder.root / TEMPLATES)
        started = _with_rows_added(folder, site, progress)
        set_privacy(folder.warehouse, share_with_group=site.share_with_group)
    return replace(started, has_settings=has_settings)


def _refuse_shipped_reference(folder: DataFolder) -> None:
    """The `data/` of a checkout holds the lookups every site reads: no site may write there."""
    shipped = settings.shipped_folders().reference
    if folder.reference.resolve() == shipped.resolve():
        raise UsageError(
            f"a site's own rows do not belong into {shipped}; found the reference that ships with "
            "the package. Make a folder of your own, put raw/ into it and name it with --data."
        )


def _made_settings(folder: DataFolder) -> bool:
    path = folder.root / "site.toml"
    if path.exists():
        return False
    write_durably(path, SETTINGS.encode())
    return True


def _with_rows_added(folder: DataFolder, site: Site, progress: Progress | None) -> Started:
    tables, problems = _built(folder, site, FOR_PAYERS, progress)
    if tables is None:
        return Started(has_settings=False, problems=problems)
    names = names_in_files(tables)
    added = _new_payers(folder, tables, names)
    add_rows(folder.reference, added)
    # Lines of a payer just named can be asked for their price only now.
    tables, problems = _built(folder, site, FOR_QUESTIONS, progress)
    asked = _new_questions(folder, tables)
    add_rows(folder.reference, asked)
    questions = tables(QUESTIONS).filter(pl.col("reference_file").is_not_null())
    return Started(
        has_settings=False,
        added={name: rows for name, rows in {**added, **asked}.items() if rows},
        questions=questions.sort("place").collect(),
        problems=problems,
        list_prices=_list_prices_wanted(folder),
        has_claims=bool(names),
    )


def _built(
    folder: DataFolder, site: Site, wanted: Iterable[str], progress: Progress | None
) -> tuple[Tables | None, tuple[str, ...]]:
    """The wanted tables of a build nobody publishes, and what could not be read."""
    gathered = gather_inputs(folder, site, site.as_of, progress)
    if not gathered.is_usable:
        return None, gathered.problems
    models = _needed(load_models(settings.shipped_folders().sql), wanted)
    plan = plan_build(models, gathered.inputs)
    with open_engine(memory=site.memory, scratch=folder.warehouse / "spill") as con:
        files = build(plan, folder.results, con, progress).files
    return (lambda name: pl.scan_parquet(files[name], glob=False)), gathered.problems


def _needed(models: dict[str, Model], wanted: Iterable[str]) -> dict[str, Model]:
    """The models that these tables are made of."""
    needed: set[str] = set()
    asked = list(wanted)
    while asked:
        name = asked.pop()
        if name in models and name not in needed:
            needed.add(name)
            asked += models[name].reads
    return {name: model for name, model in models.items() if name in needed}


def _new_payers(
    folder: DataFolder, tables: Tables, names: Sequence[NameSeen]
) -> dict[str, list[Row]]:
    """The payers nobody knows, and every id and name that stands in no row."""
    standing = _standing(folder)
    payers, aliases = payers_seen(names, taken=standing("payers").cells("payer_id"))
    written = {_as_read(text) for text in standing("payer_aliases").cells("alias")}
    owners = {
        _as_read(str(row[name])): row["payer_id"]
        for row in standing("payers").rows
        for name in ("payer_name", "payer_id")
        if row.get(name)
    }
    # A payer whose row is left out, or whose alias is still open, is no new one.
    stuck = {
        alias.payer_id for alias in aliases if _as_read(alias.alias) in written | owners.keys()
    }
    stuck &= {payer.payer_id for payer in payers}
    fresh = [payer for payer in payers if payer.payer_id not in stuck]
    missing = [
        alias
        for alias in aliases
        if alias.payer_id not in stuck
        and _as_read(alias.alias) not in written
        # What payers.csv calls one payer never becomes the alias of another.
        and owners.get(_as_read(alias.alias), alias.payer_id) == alias.payer_id
    ]
    return {
        "payers": payer_rows(fresh, _evidence(tables, aliases)),
        "payer_aliases": alias_rows(missing),
    }


def _as_read(alias: str) -> str:
    """The key of an alias as a CSV gives it back: white space at its ends does not survive."""
    return alias_key(alias.strip())


def _evidence(tables: Tables, aliases: Sequence[AliasSeen]) -> dict[str, list[str]]:
    """By payer, whom it may be one with: either answered claims sent to the other."""
    payer_of = {f"{UNKNOWN}{alias_key(alias.alias)}": alias.payer_id for alias in aliases}
    claims: dict[tuple[str, str], int] = defaultdict(int)
    for claim in tables(ANSWERED_BY_ANOTHER).collect().to_dicts():
        sides = {
            payer_of.get(side.replace(" ", ""), side)
            for side in (claim["payer_id"], claim["answering_payer_id"])
        }
        if len(sides - {None}) == 2:
            claims[tuple(sorted(sides))] += 1
    evidence: dict[str, list[str]] = defaultdict(list)
    for (one, other), answered in sorted(claims.items(), key=lambda pair: (-pair[1], pair[0])):
        said = f"claims sent to one and answered by the other: {answered}"
        evidence[one].append(f"one payer with {other}? {said}")
        evidence[other].append(f"one payer with {one}? {said}")
    return evidence


def _new_questions(folder: DataFolder, tables: Tables) -> dict[str, list[Row]]:
    """The filing codes of every payer, and a row per question about lines, without those there."""
    standing = _standing(folder)
    codes = filing_code_rows(
        filing_codes_in_lines(tables), decided=standing("payer_lines").cells("payer_id")
    )
    asked = question_rows(tables(QUESTIONS).sort("place").collect())
    return {
        name: [row for row in rows if not standing(name).has(row)]
        for name, rows in {"payer_lines": codes, **asked}.items()
    }


def _list_prices_wanted(folder: DataFolder) -> tuple[str, ...]:
    """What refresh asks of terms without their list price; a person fills in prices now."""
    reference = read_reference(folder.reference, settings.shipped_folders().reference)
    rows = {file.name: reference.frames[file.table] for file in REFERENCE_FILES}
    terms = term_rows(rows["contract_terms"])
    asked = terms_without_list_price(terms, rows["list_prices"], known_codes(rows))
    return tuple(map(str, asked))


def _standing(folder: DataFolder) -> Callable[[str], Standing]:
    shipped = settings.shipped_folders().reference
    reference = read_reference(folder.reference, shipped)
    return cache(lambda name: standing_rows(folder.reference, reference, name))
