"""Claim lines of extracts as submissions: the raw 837 tables (`sql/RULES.md` 14.2).

A sending is what the site sent a payer on one day under one claim number; each is a submission in a
transaction of its own, so a line told again in a later delivery never makes a second claim.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics.intake.extracts.cells import RANKS, payer_as_compared
from analytics.intake.extracts.columns import PAYER_NAMES, SENDING_COLUMNS
from analytics.intake.extracts.copies import PLACES, CountedRows, count_once, told_once
from analytics.intake.extracts.places import (
    NOT_OURS,
    content_sha256,
    fates,
    fates_of_copies,
    finished,
    offset_at_home,
    place_rows,
    ranks_by_date,
    refused,
    said,
    transactions_table,
    with_sha,
)
from analytics.intake.raw_tables import TRANSACTIONS

CLAIMS, LINES, PAYERS = "raw_837__claims", "raw_837__claim_lines", "raw_837__claim_payers"
_REPLACES = ("7", "8")
_DEFAULTS = {
    "payer_rank": pl.col("payer_rank").fill_null("primary"),
    "frequency_code": pl.col("frequency_code").fill_null("1"),
}
_UNDATED = (
    "a replacement or void (frequency_code 7 or 8) without submitted_date: nobody knows which "
    "answers came before it; tell the day it was sent"
)
_NOT_ALIKE = (
    "rows of one claim tell {} differently; none of its rows is used. Mend them, or tell its "
    "sendings apart with submission_id"
)
_NO_DATE = (
    "the claim has no date at all; tell submitted_date, service_date or statement_date of its lines"
)
Tables = dict[str, pl.DataFrame]


def raw_claims(rows: pl.DataFrame, shas: Sequence[str]) -> tuple[Tables, pl.DataFrame]:
    """The raw tables of typed claim_lines rows, and the fate of every row.

    Takes    rows of all files with `file`, the place of its file in `shas`
    """
    rows = _by_sending(rows)
    apart = (*PLACES, "extracted_on", "sending")
    told = [name for name in rows.columns if name not in apart]
    counted = count_once(rows, ["sending", "line_number"], told, loosely=PAYER_NAMES)
    found = fates_of_copies(counted)
    sendings, lines, more = _usable(counted)
    found += more
    ranks = ranks_by_date(rows, pl.coalesce("submitted_date", "service_date"))
    whose = lines.select("row_id", transaction="sending")
    placed, transactions, placed_fates = place_rows(counted, whose, ranks)
    sendings = sendings.join(
        transactions, left_on="sending", right_on="transaction", how="inner", validate="1:1"
    )
    heads = ["home", "first_offset", "transaction_number"]
    lines = lines.join(
        placed.select("row_id", *PLACES), on="row_id", how="inner", validate="1:1"
    ).join(sendings.select("sending", *heads), on="sending", how="left", validate="m:1")
    telling = [name for name in told if name != "patient_key"]
    contents = content_sha256(said(lines, "sending", telling), "sending")
    sendings = sendings.join(contents, on="sending", how="left", validate="1:1")
    return _tables(sendings, lines, shas), pl.concat([*found, placed_fates])


def _by_sending(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with what tells the sending each belongs to; what is left out is its usual value."""
    facts = [
        pl.col("claim_number"),
        pl.col("submitted_date").cast(pl.String).fill_null(""),
        payer_as_compared(),
        *_DEFAULTS.values(),
    ]
    own = pl.lit("of ") + pl.concat_str(facts, separator="\x1f")
    return rows.with_columns(sending=pl.coalesce(pl.lit("id ") + pl.col("submission_id"), own))


def _usable(counted: CountedRows) -> tuple[pl.DataFrame, pl.DataFrame, list[pl.DataFrame]]:
    """The sendings that can be used with their lines, and the fates of the others' rows."""
    told = ["patient_key" if name == "patient_id" else name for name in SENDING_COLUMNS]
    sendings, differing = told_once(counted.rows, "sending", told, loosely=PAYER_NAMES)
    contradicted = counted.rows.join(differing, on="sending", how="inner").with_columns(
        reason=pl.format(_NOT_ALIKE, "differing")
    )
    lines = counted.rows.join(differing, on="sending", how="anti")
    sendings = _judged(_with_lines(sendings, lines))
    lost = sendings.filter(pl.col("reason").is_not_null()).select("sending", "reason")
    dental = _rows_of(lines, sendings.filter("is_dental")).select("row_id")
    found = [
        refused(counted, contradicted),
        refused(counted, lines.join(lost, on="sending", how="inner")),
        fates(counted.copies.join(dental, on="row_id", how="semi"), NOT_OURS),
    ]
    sendings = sendings.filter(pl.col("reason").is_null() & ~pl.col("is_dental"))
    return sendings, _rows_of(lines, sendings), found


def _with_lines(sendings: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The sendings that have lines, with what these say of them and the day they were sent."""
    of_lines = lines.group_by("sending").agg(
        last_date=pl.coalesce("service_through_date", "service_date").max(),
        lines=pl.len(),
        lines_charge_usd=pl.when(pl.col("charge_usd").is_not_null().all()).then(
            pl.col("charge_usd").sum()
        ),
        line_place=pl.col("place_of_service").sort_by("line_number").drop_nulls().first(),
    )
    days = ("submitted_date", "last_date", "statement_through_date", "statement_date")
    return (
        sendings.with_columns(**_DEFAULTS, payer=payer_as_compared())
        .join(of_lines, on="sending", how="inner", validate="1:1")
        .with_columns(sent_date=pl.coalesce(days))
    )


def _judged(sendings: pl.DataFrame) -> pl.DataFrame:
    """The sendings with the reason why one cannot be used, and whether it is dental."""
    is_undated = pl.col("frequency_code").is_in(_REPLACES) & pl.col("submitted_date").is_null()
    reason = pl.when(is_undated).then(pl.lit(_UNDATED))
    reason = reason.when(pl.col("sent_date").is_null()).then(pl.lit(_NO_DATE))
    return sendings.with_columns(
        is_dental=(pl.col("claim_type") == "dental").fill_null(value=False)
    ).with_columns(reason=pl.when(~pl.col("is_dental")).then(reason))


def _rows_of(lines: pl.DataFrame, sendings: pl.DataFrame) -> pl.DataFrame:
    return lines.join(sendings.select("sending"), on="sending", how="semi")


def _tables(sendings: pl.DataFrame, lines: pl.DataFrame, shas: Sequence[str]) -> Tables:
    rank = {name: str(number) for number, name in enumerate(RANKS, start=1)}
    parts = ["frequency_code", "rank", "payer", "claim_number", "submission_id"]
    is_institutional = (pl.col("claim_type") == "institutional").fill_null(value=False)
    sendings = sendings.with_columns(
        with_sha(shas, "home"),
        rank=pl.col("payer_rank").replace_strict(rank, return_dtype=pl.String),
        submission_number=pl.lit(1),
        charge_usd=pl.coalesce("claim_charge_usd", "lines_charge_usd"),
        place_of_service=pl.coalesce("claim_place_of_service", "line_place"),
        authorization_number=pl.col("claim_authorization_number"),
        is_destination=pl.lit(value=True),
        transaction_type=pl.when(is_institutional).then(pl.lit("837I")).otherwise(pl.lit("837P")),
        gs_date="sent_date",
        segments="lines",
    ).with_columns(
        st_control=pl.concat_str([pl.col(name).fill_null("") for name in parts], separator="-"),
        source_offset="first_offset",
    )
    lines = lines.with_columns(
        with_sha(shas, "home"),
        submission_number=pl.lit(1),
        # As in X12, where a range has both ends or is none.
        service_through_date=pl.when(pl.col("service_date").is_not_null()).then(
            pl.coalesce("service_through_date", "service_date")
        ),
        source_offset=offset_at_home("sending"),
    ).sort("file_sha256", "transaction_number", "line_number")
    sendings = sendings.sort("file_sha256", "transaction_number")
    return {
        TRANSACTIONS: transactions_table(sendings),
        CLAIMS: finished(CLAIMS, sendings),
        PAYERS: finished(PAYERS, sendings),
        LINES: finished(LINES, lines),
    }
