"""What one run says about a code, payer by payer, and what stands beside the figures in words.

Rates come last and from the measures; this module only puts their columns side by side.
"""

from collections.abc import Sequence

import polars as pl

from analytics.measures import (
    denial_rate_by,
    price_match_by,
    underpayment_by,
    waste_leakage_by,
)
from analytics.warehouse.checks import with_thousands

# The code of the guide this package follows; it ships as a house code (see the reference sources).
GUIDE_CODE = "J1324"

REASONS_SHOWN = 5
FILES_NAMED = 5
QUESTIONS_SHOWN = 5


def overview_by_payer(
    lines: pl.LazyFrame, ledger: pl.LazyFrame, *, hcpcs: str = GUIDE_CODE
) -> pl.DataFrame:
    """The headline figures of one code, one row per payer.

    Waste by administration records, on NDC evidence and by the least-waste theory stay columns of
    their own: they answer different questions and are never added.

    Takes    lines of `drug_line_outcomes`, ledger rows of `waste_ledger`
    Returns  sorted by payer_name: payer_id, payer_name, lines, price_match_rate, matched_lines,
             payer_owed_usd (null where no line could be compared), administration_leakage_usd,
             ndc_leakage_usd, theory_leakage_usd, denial_rate with its interval and counts,
             unpriced_lines, unpriced_allowed_usd, unpriced_charge_usd
    Source   drug_line_outcomes, waste_ledger
    """
    coded = lines.filter(pl.col("hcpcs") == hcpcs)
    payers = (
        coded.filter(pl.col("payer_rank") == "primary")
        .group_by("payer_id")
        .agg(payer_name=pl.col("payer_name").min(), lines=pl.len())
    )
    matches = price_match_by(coded, by=["payer_id"]).select(
        "payer_id", "price_match_rate", "matched_lines", "short_lines", "over_lines"
    )
    owed = underpayment_by(coded, by=["payer_id"]).select(
        "payer_id",
        "payer_owed_usd",
        "unpriced_lines",
        "unpriced_allowed_usd",
        "unpriced_charge_usd",
    )
    denials = denial_rate_by(coded, by=["payer_id"], definition="line_initial").select(
        "payer_id",
        "denial_rate",
        "interval_low",
        "interval_high",
        "denied_lines",
        "adjudicated_lines",
    )
    tables = (matches, owed, _leakage(ledger.filter(pl.col("hcpcs") == hcpcs)), denials)
    for table in tables:
        payers = payers.join(table, on="payer_id", how="left", validate="1:1")
    # Only a payer with a compared line has match counts; another owes nothing known, not zero.
    owed_if_compared = pl.when(pl.col("matched_lines").is_not_null()).then("payer_owed_usd")
    return (
        payers.with_columns(owed_if_compared.alias("payer_owed_usd"))
        .sort("payer_name", "payer_id")
        .collect()
    )


def intake_sentences(
    received: pl.LazyFrame, rejects: pl.LazyFrame, told: Sequence[str] = ()
) -> list[str]:
    """What came in and what could not be used, in words.

    Takes    rows of `load_ledger` and of `rejects`; told, sentences a reader has seen already: each
             begins with the file it is about, and its reason is not said again
    """
    by_status = received.group_by("status").agg(files=pl.len()).sort("status").collect()
    counted = ", ".join(
        f"{row['files']:,} {row['status'].replace('_', ' ')}" for row in by_status.to_dicts()
    )
    if not counted:
        return [] if told else ["no file received: raw/ is empty"]
    files = (
        received.filter(pl.col("reason").is_not_null(), pl.col("status") != "duplicate")
        .select("source_file", "reason")
        .sort("source_file")
        .collect()
    )
    untold = _untold(files, told)
    of_files = [f"{file}: {reason}" for file, reason in files.iter_rows()]
    pieces = _untold(rejects.collect(), [*told, *of_files])
    return [f"files received: {counted}", *_file_sentences(untold), *_piece_sentences(pieces)]


def question_sentences(questions: pl.LazyFrame) -> list[str]:
    """What to write into the reference files next, the most dollars first; how many more there are.

    Takes    rows of `reference_questions`
    Source   reference_questions
    """
    asked = (
        questions.filter(pl.col("reference_file").is_not_null())
        .select("place", "sentence")
        .sort("place")
        .collect()
    )
    first = [with_thousands(said) for said in asked["sentence"].head(QUESTIONS_SHOWN)]
    rest = asked.height - len(first)
    more = [f"... and {_counted(rest, 'more question')} in reference_questions"] if rest else []
    return [*first, *more]


def _untold(rows: pl.DataFrame, told: Sequence[str]) -> pl.DataFrame:
    """The rows whose reason no sentence about their file holds."""
    sentences = pl.DataFrame({"sentence": list(told)}, schema={"sentence": pl.String})
    about = rows.select("source_file", "reason").unique()
    said = about.join_where(
        sentences,
        pl.col("sentence").str.starts_with(pl.col("source_file")),
        pl.col("sentence").str.contains(pl.col("reason"), literal=True),
    )
    return rows.join(said, on=["source_file", "reason"], how="anti", maintain_order="left")


def _file_sentences(files: pl.DataFrame) -> list[str]:
    """Every reason once, with the files it holds for."""
    by_reason = files.group_by("reason", maintain_order=True).agg("source_file").to_dicts()
    said = []
    for row in by_reason:
        names, more = row["source_file"][:FILES_NAMED], len(row["source_file"]) - FILES_NAMED
        rest = f" and {_counted(more, 'more file')}" if more > 0 else ""
        said.append(f"{', '.join(names)}{rest}: {row['reason']}")
    return said


def _piece_sentences(pieces: pl.DataFrame) -> list[str]:
    by_reason = (
        pieces.sort("source_file", "byte_offset", "piece")
        .group_by("reason", maintain_order=True)
        .agg(
            pl.col("source_file", "byte_offset", "piece").first(),
            pieces=pl.len(),
            files=pl.col("source_file").n_unique(),
        )
        .sort("pieces", "reason", descending=[True, False])
    )
    said = [
        f"{_counted(row['pieces'], 'piece')} of {_counted(row['files'], 'file')} not used, "
        f"the first in {row['source_file']}{_place(row)}: {row['reason']}"
        for row in by_reason.head(REASONS_SHOWN).to_dicts()
    ]
    rest = by_reason["pieces"].slice(REASONS_SHOWN).sum()
    more = [f"{_counted(rest, 'more piece')} not used; see the table rejects"] if rest else []
    return [*said, *more]


def _place(row: dict[str, object]) -> str:
    """Where in its file a piece stands: a row of a CSV, else a byte of the unpacked X12."""
    if str(row["piece"]).startswith("row "):
        return f", {row['piece']}"
    return "" if row["piece"] == "file" else f" at byte {row['byte_offset']:,}"


def _counted(number: int, thing: str) -> str:
    """A count with its word.

    >>> _counted(1, "line"), _counted(1200, "line")
    ('1 line', '1,200 lines')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _leakage(ledger: pl.LazyFrame) -> pl.LazyFrame:
    """Missed waste dollars of each payer, by what shows which vials were opened."""
    tiers = {"administration": "A", "ndc": "B", "theory": "C"}
    return (
        waste_leakage_by(ledger, by=["payer_id"])
        .group_by("payer_id")
        .agg(
            *(
                pl.col(column)
                .filter(pl.col("vial_evidence") == evidence)
                .sum()
                .alias(f"{tier}_{column}")
                for tier, evidence in tiers.items()
                for column in ("leakage_usd", "unpriced_treatments")
            )
        )
    )
