"""The reference tables of a run: the shipped rows and the site's own over them.

Six files of a site are merged with the shipped ones row by row, the others replace them whole
(`sql/RULES.md` 1.5). Every table has all its published columns as text, `row_source` (shipped,
site) and `row_number` (the row a spreadsheet shows), and holds only rows the models can cast.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.reference.alike import left_out_with
from analytics.reference.checks import NAME_PAYERS, overlapping, strange_files, unknown_payers
from analytics.reference.codes import Codes, known_codes
from analytics.reference.columns import REFERENCE_FILES
from analytics.reference.open_rows import OpenRows
from analytics.reference.prices_left_out import prices_in_doubt
from analytics.reference.problems import Problem, Question, sentences
from analytics.reference.questions import questions_about
from analytics.reference.rows import ReferenceRows, read_rows, without_left_out
from analytics.reference.shapes import ANY, ReferenceFile
from analytics.reference.terms_left_out import TERMS_LEFT_OUT, terms_left_out

REJECTS = "raw_ref__rejects"


@dataclass(frozen=True)
class Reference:
    """The raw reference tables by name, every problem found on the way, and what is still open."""

    frames: dict[str, pl.DataFrame]
    problems: tuple[Problem, ...]
    open_rows: tuple[OpenRows, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is not used and why, rows of one rule in one sentence."""
        return sentences(self.problems)

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence per file with rows still to decide, and one per question about rows used."""
        open_rows = tuple(rows.sentence for rows in self.open_rows)
        return (*open_rows, *map(str, self.questions))


def read_reference(site_reference: Path, shipped_reference: Path) -> Reference:
    """Return a site's reference, shipped rows filling what the site does not say.

    Takes    the site's `reference/` folder, which need not be there, and the shipped one
    Returns  one table per reference file, `raw_ref__rejects` (source_file, row_number, reason),
             the terms left out, the problems and the questions; after a problem that `is_fatal`
             nothing may be published
    """
    rows: dict[str, pl.DataFrame] = {}
    problems: list[Problem] = [*_strange_files(site_reference)]
    owned = {file.name: read_rows(site_reference, file, source="site") for file in REFERENCE_FILES}
    for file in REFERENCE_FILES:
        own = owned[file.name]
        given = read_rows(shipped_reference, file, source="shipped")
        problems += (*own.problems, *given.problems)
        rows[file.name] = _completed(file, _put_together(file, own, given))
    questions = [question for own in owned.values() for question in own.questions]
    # Where payers.csv cannot be used, its fault is not every other row's.
    knows_payers = not owned["payers"].is_fatal
    for file in REFERENCE_FILES:
        found, asked = _cross_checked(file.name, rows, knows_payers=knows_payers)
        kept = _without_sites(rows[file.name], found)
        rows[file.name], doubted = _without_doubtful(file, owned[file.name], rows[file.name], kept)
        problems += (*found, *doubted)
        questions += asked
    codes = known_codes(rows)
    standing_in = _standing_in(owned["list_prices"], rows["list_prices"], codes)
    rows["list_prices"] = without_left_out(rows["list_prices"], standing_in)
    problems += standing_in
    questions += questions_about(rows, codes)
    frames = {file.table: rows[file.name] for file in REFERENCE_FILES}
    frames[TERMS_LEFT_OUT] = _terms_left_out(owned["contract_terms"], rows)
    frames[REJECTS] = _rejects(problems)
    still_open = (own.open_rows for own in owned.values() if own.open_rows)
    return Reference(frames, tuple(problems), tuple(still_open), tuple(questions))


def _strange_files(folder: Path) -> tuple[Problem, ...]:
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return strange_files(names, folder.name)


def _put_together(file: ReferenceFile, own: ReferenceRows, given: ReferenceRows) -> pl.DataFrame:
    if own.rows is None or given.rows is None:
        kept = own.rows if own.rows is not None else given.rows
        return _no_rows(file) if kept is None else kept
    if not file.is_merged:
        return own.rows
    unsaid = given.rows.join(own.rows, on=file.key, how="anti", nulls_equal=True)
    return pl.concat([unsaid, own.rows])


def _no_rows(file: ReferenceFile) -> pl.DataFrame:
    text = dict.fromkeys((*file.column_names, "row_source"), pl.String)
    return pl.DataFrame(schema={**text, "row_number": pl.Int32})


def _completed(file: ReferenceFile, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with what an empty contract and an empty key of a term stand for."""
    if file.name != "contract_terms":
        return rows
    is_keyed = pl.col("ndc11").is_not_null() | pl.col("drug").is_not_null()
    is_nameless = pl.col("contract_id").is_null() & pl.col("term_id").is_null()
    return rows.with_columns(
        contract_id=pl.when(is_nameless).then("payer_id").otherwise("contract_id"),
        hcpcs=pl.when(~is_keyed).then(pl.col("hcpcs").fill_null(ANY)).otherwise("hcpcs"),
    )


def _cross_checked(
    name: str, rows: dict[str, pl.DataFrame], *, knows_payers: bool
) -> tuple[tuple[Problem, ...], tuple[Question, ...]]:
    strangers: tuple[Problem, ...] = ()
    asked: tuple[Question, ...] = ()
    if knows_payers and name in NAME_PAYERS:
        strangers, asked = unknown_payers(name, rows[name], rows["payers"])
    return (*strangers, *overlapping(name, rows[name])), asked


def _without_sites(rows: pl.DataFrame, problems: tuple[Problem, ...]) -> pl.DataFrame:
    is_shipped = pl.col("row_source") == "shipped"
    return pl.concat(
        [rows.filter(is_shipped), without_left_out(rows.filter(~is_shipped), problems)]
    )


def _without_doubtful(
    file: ReferenceFile, own: ReferenceRows, found: pl.DataFrame, kept: pl.DataFrame
) -> tuple[pl.DataFrame, tuple[Problem, ...]]:
    """Return the rows kept, without those a row left out puts in doubt, and the problems."""
    dropped = found.join(kept, on=["row_source", "row_number"], how="anti")
    unread = () if own.left_out is None else (_completed(file, own.left_out),)
    return left_out_with(file, pl.concat([*unread, dropped]), own.overlong, kept)


def _standing_in(own: ReferenceRows, kept: pl.DataFrame, codes: Codes) -> tuple[Problem, ...]:
    if own.rows is None or own.left_out is None:
        return ()
    left_out = pl.concat([own.rows, own.left_out]).join(kept, on="row_number", how="anti")
    return prices_in_doubt(left_out, own.overlong, kept, codes)


def _terms_left_out(own: ReferenceRows, rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    kept = rows["contract_terms"]
    if own.rows is None or own.left_out is None:
        return terms_left_out(kept.clear(), (), ())
    file = next(file for file in REFERENCE_FILES if file.name == "contract_terms")
    read = _completed(file, pl.concat([own.rows, own.left_out]))
    unused = read.join(kept, on="row_number", how="anti")
    return terms_left_out(unused, own.overlong, rows["payers"]["payer_id"].to_list())


def _rejects(problems: list[Problem]) -> pl.DataFrame:
    left_out = [problem for problem in problems if problem.is_left_out]
    return pl.DataFrame(
        {
            "source_file": [problem.source_file for problem in left_out],
            "row_number": [problem.row_number for problem in left_out],
            "reason": [problem.sentence for problem in left_out],
        },
        schema={"source_file": pl.String, "row_number": pl.Int32, "reason": pl.String},
    )
