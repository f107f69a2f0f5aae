"""What reference files must not say about each other: payers nobody knows, periods that overlap.

Where two rows could both decide a line, both are left out and listed: which one holds is the
site's to say.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import takewhile

import polars as pl

from analytics.reference.columns import REFERENCE_FILES
from analytics.reference.problems import Problem, Question, nearest, rows_asked, rows_left_out
from analytics.reference.shapes import ANY

# Rows alike in these may not hold on the same day.
ONE_AT_A_TIME = {
    "contract_terms": (
        "term", "payer_id", "line_of_business", "claim_type", "billing_id",
        "ndc11", "hcpcs", "drug", "recorded_on",
    ),
    "payer_policies": ("payer_id", "line_of_business", "claim_type", "payer_rank", "hcpcs"),
    "house_codes": ("hcpcs",),
    "drug_codes": ("hcpcs",),
}  # fmt: skip
NEED_A_KNOWN_PAYER = ("payer_aliases", "payer_lines")
MAY_MEAN_ANY_PAYER = ("payer_policies", "denial_reasons")
NAME_PAYERS = (*NEED_A_KNOWN_PAYER, "contract_terms", *MAY_MEAN_ANY_PAYER)
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


def unknown_payers(
    name: str, rows: pl.DataFrame, payers: pl.DataFrame
) -> tuple[tuple[Problem, ...], tuple[Question, ...]]:
    """Return what is said of rows that name a payer payers.csv does not have.

    An alias or a line of an unknown payer is left out: half a payer is worse than an unknown one.
    So is a term whose payer is one slip from a known one: it may be the one that holds there.
    """
    known = tuple(payers["payer_id"].to_list())
    strangers = rows.filter(
        ~pl.col("payer_id").is_in([*known, *((ANY,) if name in MAY_MEAN_ANY_PAYER else ())]),
        pl.col("row_source") == "site",
    )
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()
    for rule, payer_ids in _by_sentence(strangers["payer_id"].unique().sort(), known).items():
        found = strangers.filter(pl.col("payer_id").is_in(payer_ids))
        slips = [payer_id for payer_id in payer_ids if meant_payers(payer_id, known)]
        is_left_out = pl.lit(value=name in NEED_A_KNOWN_PAYER) | (
            pl.col("payer_id").is_in(slips) & pl.lit(value=name == "contract_terms")
        )
        problems += rows_left_out(found.filter(is_left_out), _named(name), "payer_id", rule)
        questions += rows_asked(found.filter(~is_left_out), _named(name), "payer_id", rule)
    return problems, questions


def _by_sentence(strangers: Iterable[str], known: Sequence[str]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for payer_id in strangers:
        rule = f"payers.csv has no such payer.{nearest(payer_id, known)} Add it there"
        said.setdefault(rule, []).append(payer_id)
    return said


def meant_payers(found: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the known payers that are one slip away: capitals, a letter more, two swapped.

    >>> meant_payers("brich", ["alder", "birch"]), meant_payers("birch-ma", ["alder", "birch"])
    (('birch',), ())
    """
    return tuple(payer_id for payer_id in known if is_one_slip(found.lower(), payer_id.lower()))


def is_one_slip(found: str, meant: str) -> bool:
    """Return whether one letter was dropped, doubled, mistyped or swapped with the next, or none.

    >>> [is_one_slip("alder", meant) for meant in ("alder", "aldr", "aldre", "alders", "elders")]
    [True, True, True, True, False]
    """
    pairs = zip(found, meant, strict=False)
    head = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    one, other = found[head:], meant[head:]
    return (
        one[1:] == other
        or one == other[1:]
        or one[1:] == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )


def overlapping(name: str, rows: pl.DataFrame) -> tuple[Problem, ...]:
    """Return a problem per row of the site whose period overlaps that of a row alike."""
    alike = ONE_AT_A_TIME.get(name)
    if alike is None:
        return ()
    sentence = "its period overlaps that of a row alike: end one before the other begins"
    if "recorded_on" in alike:
        sentence += ", or say when each was agreed (recorded_on)"
    both = overlaps(rows.filter(pl.col("row_source") == "site"), alike)
    return rows_left_out(both, _named(name), "effective_from", sentence)


def overlaps(rows: pl.DataFrame, alike: tuple[str, ...]) -> pl.DataFrame:
    """Return the rows that hold on a day on which another row alike in `alike` holds too."""
    begins = pl.col("effective_from").str.to_date().fill_null(FIRST_DAY)
    ends = pl.col("effective_through").str.to_date().fill_null(LAST_DAY)
    runs_into_the_next = (ends >= begins.shift(-1)).over(alike)
    begins_within_an_earlier = (begins <= ends.cum_max().shift(1)).over(alike)
    both = runs_into_the_next.fill_null(value=False) | begins_within_an_earlier.fill_null(
        value=False
    )
    termed = rows.with_columns(term=term_of()) if "term" in alike else rows
    return termed.sort(begins, "row_number").filter(both).sort("row_number")


def term_of() -> pl.Expr:
    """Return the id of a contract term: as given, else its contract and what it is keyed by."""
    keyed_by = pl.coalesce(
        pl.when(pl.col("hcpcs") != ANY).then(pl.col("hcpcs")), "ndc11", "drug", pl.lit(ANY)
    )
    return pl.coalesce("term_id", pl.concat_str("contract_id", pl.lit(":"), keyed_by))


def strange_files(names: list[str], folder: str) -> tuple[Problem, ...]:
    """Return a problem per name in the reference folder that is not read.

    Hidden files, a README and what a spreadsheet keeps of an open file (`~$`) are not meant to be.
    """
    known = tuple(f"{file.name}.csv" for file in REFERENCE_FILES)
    # `Payers.CSV` is read, unless `payers.csv` or an earlier spelling stands beside it.
    read = {name.lower(): name for name in sorted(names, reverse=True)}
    read |= {name: name for name in names if name in known}
    return tuple(
        Problem(f"{folder}/{name}", None, None, _why_not_read(name, known))
        for name in sorted(names)
        if not (name.startswith((".", "~$")) or name.lower().startswith("readme"))
        and not (name.lower() in known and read[name.lower()] == name)
    )


def _why_not_read(name: str, known: tuple[str, ...]) -> str:
    lower = name.lower()
    if lower in known:
        return f"is not read: another file is called {lower} too. Keep one of them."
    if not lower.endswith(".csv"):
        return "is not a .csv: save it as CSV, or keep it elsewhere. It is not read."
    return (
        f"is not a reference file and is not read.{nearest(name, known)}"
        f" The reference files are {', '.join(known)}."
    )


def _named(name: str) -> str:
    return f"reference/{name}.csv"
