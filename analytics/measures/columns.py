"""Whether a frame has the columns a measure reads, said before anything is computed."""

from collections.abc import Sequence

import polars as pl

from analytics.errors import UsageError

LINES_LOADER = "analytics.load_drug_line_outcomes()"
LEDGER_LOADER = "analytics.load_waste_ledger()"
CAUSES_LOADER = "analytics.load_underpayment_causes()"
CLAIMS_LOADER = "analytics.load_claim_outcomes()"
REMITS_LOADER = "analytics.load_remit_claims()"
GAPS_LOADER = "analytics.load_documentation_gaps()"


class MissingColumns(UsageError):  # noqa: N818  the name is part of the interface
    """A frame lacks columns a measure needs."""


def require(frame: pl.LazyFrame, columns: Sequence[str], *, load_with: str) -> None:
    """Nothing, when every column is there.

    Takes    the frame, the columns a measure reads, and the call that loads a frame with them
    Raises   MissingColumns, naming the columns, what the frame has, and the loader

    >>> require(
    ...     pl.LazyFrame({"hcpcs": ["J1324"]}),
    ...     ["hcpcs", "allowed_usd"],
    ...     load_with="analytics.load_drug_line_outcomes()",
    ... )
    Traceback (most recent call last):
        ...
    analytics.measures.columns.MissingColumns: missing allowed_usd; the frame has hcpcs. Load it
    with analytics.load_drug_line_outcomes().
    """
    found = frame.collect_schema().names()
    # A column may be named twice, by the measure and in `by`; the message names it once.
    missing = [column for column in dict.fromkeys(columns) if column not in found]
    if missing:
        raise MissingColumns(
            f"missing {', '.join(missing)}; the frame has {', '.join(found) or 'no column'}. "
            f"Load it with {load_with}."
        )


def column_names(by: str | Sequence[str]) -> list[str]:
    """The columns to group by, whether one was named or several.

    >>> column_names("payer_id"), column_names(["payer_id", "hcpcs"])
    (['payer_id'], ['payer_id', 'hcpcs'])
    """
    return [by] if isinstance(by, str) else list(dict.fromkeys(by))
