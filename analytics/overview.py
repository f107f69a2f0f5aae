"""What one run says about a code, payer by payer, and what stands beside the figures in words.

Rates come last and from the measures; this module only puts their columns side by side.
"""

import polars as pl

from analytics.measures import (
    denial_rate_by,
    price_match_by,
    underpayment_by,
    waste_leakage_by,
)

# The code of the guide this package follows; it ships as a house code (see the reference sources).
GUIDE_CODE = "J1324"

REASONS_SHOWN = 5


def overview_by_payer(
    lines: pl.LazyFrame, ledger: pl.LazyFrame, *, hcpcs: str = GUIDE_CODE
) -> pl.DataFrame:
    """The headline figures of one code, one row per payer.

    Waste on NDC evidence and waste by the least-waste theory stay two columns: they answer two
    questions and are never added.

    Takes    lines of `drug_line_outcomes`, ledger rows of `waste_ledger`
    Returns  sorted by payer_name: payer_id, payer_name, lines, price_match_rate, matched_lines,
             payer_owed_usd (null where no line could be compared), ndc_leakage_usd,
             theory_leakage_usd, denial_rate with its interval and counts, unpriced_lines,
             unpriced_allowed_usd, unpriced_charge_usd
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


def intake_sentences(received: pl.LazyFrame, rejects: pl.LazyFrame) -> list[str]:
    """What came in and what could not be used, in words.

    Takes    rows of `load_ledger` and of `rejects`
    """
    by_status = received.group_by("status").agg(files=pl.len()).sort("status").collect()
    by_reason = (
        rejects.group_by("reason")
        .agg(pieces=pl.len(), files=pl.col("source_file").n_unique())
        .sort("pieces", "reason", descending=[True, False])
        .collect()
    )
    counted = ", ".join(f"{row['files']:,} {row['status']}" for row in by_status.to_dicts())
    said = [
        f"{_counted(row['pieces'], 'piece')} of {_counted(row['files'], 'file')} not used: "
        f"{row['reason']}"
        for row in by_reason.head(REASONS_SHOWN).to_dicts()
    ]
    rest = by_reason["pieces"].slice(REASONS_SHOWN).sum()
    more = [f"{_counted(rest, 'more piece')} not used; see the table rejects"] if rest else []
    return [*([f"files received: {counted}"] if counted else []), *said, *more]


def _counted(number: int, thing: str) -> str:
    """A count with its word.

    >>> _counted(1, "line"), _counted(1200, "line")
    ('1 line', '1,200 lines')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _leakage(ledger: pl.LazyFrame) -> pl.LazyFrame:
    """Missed waste dollars of each payer, by what shows which vials were opened."""
    tiers = {"ndc": "B", "theory": "C"}
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
