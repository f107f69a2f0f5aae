"""A small site told as flat extracts, from the same claims and remits that are told as X12.

The extracts are written from the very objects the X12 writer takes, so the two tellings can only
differ by what a format cannot say.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

Row = dict[str, object]


def as_csv(rows: Sequence[Mapping[str, object]], delimiter: str = ",") -> str:
    """Rows as CSV; a row may leave columns out."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def told_by_staging(results: Path) -> dict[str, pl.DataFrame]:
    """The three extracts of a site whose X12 was refreshed: an export of its staging tables.

    Names of columns are the staging tables' own; those of a claim that a line has too get `claim_`.
    """
    staged = {
        name: pl.read_parquet(next(results.glob(f"stg_{name}-*.parquet")))
        for name in (
            *("837__claims", "837__claim_lines", "835__remits", "835__remit_claims"),
            *("835__remit_lines", "835__adjustments", "835__interest", "x12__transactions"),
        )
    }
    counted = pl.read_parquet(next(results.glob("int_transactions_counted_once-*.parquet")))
    counted = counted.filter(pl.col("status") == "loaded")
    for name in ("837__claims", "835__remits", "835__remit_claims"):
        staged[name] = staged[name].join(counted, on="transaction_id", how="semi")
    return {
        "claim_lines": _claim_lines(staged),
        "remit_lines": _remit_lines(staged),
        "adjustments": _adjustments(staged),
    }


def _claim_lines(staged: dict[str, pl.DataFrame]) -> pl.DataFrame:
    sent = staged["x12__transactions"].select("transaction_id", "gs_date")
    claims = (
        staged["837__claims"]
        .join(sent, on="transaction_id", how="left")
        .with_columns(submitted_date=pl.coalesce("submitted_date", "gs_date"))
    )
    own = {
        name: f"claim_{name}" for name in ("charge_usd", "place_of_service", "authorization_number")
    }
    return (
        claims.drop("source_offset", "gs_date")
        .rename(own)
        .join(staged["837__claim_lines"], on="submission_id", how="inner")
    )


def _remit_lines(staged: dict[str, pl.DataFrame]) -> pl.DataFrame:
    remits = staged["835__remits"].rename({"source_offset": "remit_offset"})
    of_claims = ("charge_usd", "paid_usd", "service_date", "service_through_date", "remark_codes")
    own = {name: f"claim_{name}" for name in of_claims}
    claims = staged["835__remit_claims"].drop("source_offset").rename(own)
    interest = staged["835__interest"].rename({"place": "remit_line_number"})
    lines = staged["835__remit_lines"]
    # An answer without lines is a row of its own, and so is interest on the claim as a whole.
    with_interest = interest.filter(pl.col("remit_line_number") == 0)
    whole = pl.concat(
        [
            claims.join(lines, on="remit_claim_id", how="anti"),
            claims.join(with_interest, on="remit_claim_id", how="semi"),
        ]
    ).unique("remit_claim_id", maintain_order=True)
    wholes = whole.select(
        "remit_claim_id",
        remit_line_number=pl.lit(0, pl.Int32),
        charge_usd="claim_charge_usd",
        paid_usd="claim_paid_usd",
    )
    lines = lines.join(claims, on="remit_claim_id", how="semi")
    rows = pl.concat([lines, wholes], how="diagonal")
    return (
        rows.join(interest, on=["remit_claim_id", "remit_line_number"], how="left")
        .join(claims, on="remit_claim_id", how="left")
        .join(remits, on="transaction_id", how="left")
        .drop("remit_offset")
    )


def _adjustments(staged: dict[str, pl.DataFrame]) -> pl.DataFrame:
    claims = staged["835__remit_claims"].select("remit_claim_id", "claim_number")
    return staged["835__adjustments"].join(claims, on="remit_claim_id", how="inner")
