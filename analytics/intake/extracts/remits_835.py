"""Answers told in extracts as remits: the raw 835 tables (`sql/RULES.md` 14.4 to 14.8)."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics.intake.extracts.adjustments import TOLD
from analytics.intake.extracts.answers import REVERSAL, read_answers
from analytics.intake.extracts.columns import PAYER_NAMES, REMIT_COLUMNS, REMIT_LINES
from analytics.intake.extracts.copies import PLACES, told_once
from analytics.intake.extracts.places import (
    content_sha256,
    finished,
    offset_at_home,
    place_rows,
    ranks_by_date,
    said,
    transactions_table,
    with_sha,
)
from analytics.intake.raw_tables import REJECTS, TRANSACTIONS

REMITS, CLAIMS, LINES = "raw_835__remits", "raw_835__remit_claims", "raw_835__remit_lines"
ADJUSTMENTS, AMOUNTS = "raw_835__adjustments", "raw_835__amounts"
BESIDE = "raw_835__provider_adjustments"
_NOT_ALIKE = "{} is told differently by rows of one remit; it is not used. Mend the rows"
_ORDER = ("file_sha256", "transaction_number", "remit_claim_number")
Tables = dict[str, pl.DataFrame]


def raw_remits(
    rows: pl.DataFrame, adjustments: pl.DataFrame, shas: Sequence[str]
) -> tuple[Tables, pl.DataFrame, pl.DataFrame]:
    """The raw tables of typed remit_lines and adjustments, and the fate of every row.

    Takes    rows of all files with `file`, the place of its file in `shas`
    Returns  also the places of remit lines that are left unanswered
    """
    found = read_answers(rows, adjustments)
    whose = found.lines.join(
        found.answers.select("answer", "remit"), on="answer", how="left", validate="m:1"
    ).select("row_id", transaction="remit")
    ranks = ranks_by_date(rows, pl.col("payment_date"))
    placed, transactions, placed_fates = place_rows(found.counted, whose, ranks)
    heads = transactions.rename({"transaction": "remit"}).with_columns(with_sha(shas, "home"))
    answers = _in_order(found.answers).join(heads, on="remit", how="inner", validate="m:1")
    lines = (
        found.lines.drop("remit_claim_number")
        .join(placed.select("row_id", *PLACES), on="row_id", how="inner", validate="1:1")
        .join(
            answers.select("answer", "remit", "remit_claim_number", *heads.columns[1:]),
            on="answer",
            how="inner",
            validate="m:1",
        )
    )
    lines = lines.with_columns(source_offset=offset_at_home("answer"))
    tables = _tables(found.adjustments, answers, lines)
    unanswered = lines.filter(pl.col("is_unanswered"))
    silent = placed.join(unanswered, on="row_id", how="semi").select(*PLACES)
    return tables, pl.concat([*found.fates, placed_fates]), silent


def _in_order(answers: pl.DataFrame) -> pl.DataFrame:
    """Answers with their place in the remit; the place told, where all of a remit's are."""
    is_reversal = (pl.col("status_code") == REVERSAL).fill_null(value=False)
    facts = ["remit", "claim_number", "payer_control_number"]
    opposed = answers.filter(is_reversal).select(
        *facts, charge_usd=-pl.col("charge_usd"), paid_usd=-pl.col("paid_usd")
    )
    # What a reversal of the same remit takes back stands before it, whatever the rows' order.
    taken_back = (
        answers.filter(~is_reversal)
        .join(
            opposed.unique(),
            on=[*facts, "charge_usd", "paid_usd"],
            how="semi",
            nulls_equal=True,
        )
        .select("answer", is_taken_back=pl.lit(value=True))
    )
    step = pl.when(pl.col("is_taken_back").fill_null(value=False)).then(0)
    step = step.when(is_reversal).then(1).otherwise(2)
    told = pl.col("remit_claim_number")
    is_told = (told.is_not_null().all() & ~told.is_duplicated().any()).over("remit")
    return (
        answers.join(taken_back, on="answer", how="left", validate="1:1")
        .with_columns(step=pl.when(is_told).then(told).otherwise(step))
        .sort(
            *["remit", "step", "claim_number", "payer_control_number", "status_code"],
            "remit_claim_id",
            nulls_last=False,
        )
        .with_columns(
            remit_claim_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("remit")
        )
    )


def _tables(adjustments: pl.DataFrame, answers: pl.DataFrame, lines: pl.DataFrame) -> Tables:
    """The raw tables of answers and their lines, each row with its file and transaction."""
    speaking = answers.join(_speaking(lines), on="answer", how="semi")
    made = lines.filter(~pl.col("is_unanswered")).join(speaking, on="answer", how="semi")
    remits, odd = _remits(answers, lines, adjustments)
    return {
        TRANSACTIONS: transactions_table(remits),
        REJECTS: odd,
        REMITS: finished(REMITS, remits),
        CLAIMS: finished(CLAIMS, _claims(speaking, lines)),
        LINES: finished(LINES, _service_lines(made)),
        ADJUSTMENTS: finished(ADJUSTMENTS, _numbered(adjustments, speaking, made)),
        AMOUNTS: finished(AMOUNTS, _interest(made)),
        BESIDE: finished(BESIDE, _beside_the_claims(remits)),
    }


def _speaking(lines: pl.DataFrame) -> pl.DataFrame:
    """The answers that say something: a line of theirs, or they as a whole where none has lines."""
    is_line = pl.col("remit_line_number") > 0
    return (
        lines.with_columns(has_lines=is_line.any().over("answer"))
        .filter(~pl.col("is_unanswered") & (is_line | ~pl.col("has_lines")))
        .select("answer")
    )


def _remits(
    answers: pl.DataFrame, lines: pl.DataFrame, adjustments: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per remit, and what its rows do not tell alike."""
    told, odd = told_once(lines, "remit", list(REMIT_COLUMNS))
    odd = odd.with_columns(column=pl.col("differing").str.split(", ")).explode("column")
    # What is told in two ways is not told.
    told = told.with_columns(
        pl.when(~pl.col("remit").is_in(odd.filter(column=name)["remit"].implode())).then(name)
        for name in REMIT_COLUMNS
    )
    facts = ["payer", "payment_date", "trace_number", "payee_npi", "payee_tax_id"]
    heads = ["home", "first_offset", "transaction_number", "file_sha256"]
    remits = answers.group_by("remit").agg(
        *(pl.col(name).min() for name in PAYER_NAMES),
        *(pl.col(name).first() for name in (*facts, *heads)),
    )
    parts = [pl.col(name).fill_null("") for name in facts if name != "payment_date"]
    remits = (
        remits.join(told, on="remit", how="left", validate="1:1")
        .join(_contents(answers, lines, adjustments), on="remit", how="left", validate="1:1")
        .join(lines.group_by("remit").agg(segments=pl.len()), on="remit", how="left")
        .with_columns(
            transaction_type=pl.lit("835"),
            gs_date="payment_date",
            st_control=pl.concat_str(parts, separator="-"),
            payee_code="payee_npi",
            payee_code_kind=pl.when(pl.col("payee_npi").is_not_null()).then(pl.lit("XX")),
            source_offset="first_offset",
        )
        .sort("file_sha256", "transaction_number")
    )
    listed = odd.join(remits, on="remit", how="inner", validate="m:1").with_columns(
        piece=pl.lit("element"), segments=pl.lit(0), reason=pl.format(_NOT_ALIKE, "column")
    )
    return remits, finished(REJECTS, listed)


def _contents(
    answers: pl.DataFrame, lines: pl.DataFrame, adjustments: pl.DataFrame
) -> pl.DataFrame:
    telling = [name for name in REMIT_LINES.columns if name in lines.columns]
    of_answers = adjustments.join(answers.select("answer", "remit"), on="answer", how="inner")
    telling_why = ["answer", "remit_line_number", "number", *TOLD]
    return content_sha256(
        pl.concat([said(lines, "remit", telling), said(of_answers, "remit", telling_why)]), "remit"
    )


def _claims(answers: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    first = lines.group_by("answer").agg(source_offset=pl.col("source_offset").min())
    return (
        answers.drop("source_offset", strict=False)
        .join(first, on="answer", how="left", validate="1:1")
        .with_columns(
            # A status not told is no reversal and no rank; SQL compares it with both.
            pl.col("status_code").fill_null(""),
            service_date="claim_service_date",
            service_through_date="claim_service_through_date",
            remark_codes="claim_remark_codes",
        )
        .sort(*_ORDER)
    )


def _service_lines(lines: pl.DataFrame) -> pl.DataFrame:
    return (
        lines.filter(pl.col("remit_line_number") > 0)
        .with_columns(
            service_through_date=pl.when(pl.col("service_date").is_not_null()).then(
                pl.coalesce("service_through_date", "service_date")
            ),
        )
        .sort(*_ORDER, "remit_line_number")
    )


def _numbered(
    adjustments: pl.DataFrame, answers: pl.DataFrame, lines: pl.DataFrame
) -> pl.DataFrame:
    """The adjustments of lines that are made, and of answers, numbered in each answer."""
    is_line = pl.col("remit_line_number") > 0
    offsets = lines.select("answer", "remit_line_number", "source_offset")
    whose = ["answer", "remit_claim_number", "file_sha256", "transaction_number", "first_offset"]
    rows = adjustments.join(answers.select(whose), on="answer", how="inner", validate="m:1").join(
        offsets, on=["answer", "remit_line_number"], how="left", validate="m:1"
    )
    return (
        rows.filter(pl.col("source_offset").is_not_null() | ~is_line)
        .with_columns(
            remit_line_number=pl.when(is_line).then("remit_line_number"),
            source_offset=pl.coalesce("source_offset", "first_offset"),
        )
        .sort(
            *_ORDER,
            "remit_line_number",
            ~pl.col("is_numbered"),
            "number",
            nulls_last=True,
        )
        .with_columns(
            adjustment_number=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("answer")
        )
    )


def _interest(lines: pl.DataFrame) -> pl.DataFrame:
    is_line = pl.col("remit_line_number") > 0
    return (
        lines.filter(pl.col("interest_usd").is_not_null())
        .with_columns(
            remit_line_number=pl.when(is_line).then("remit_line_number"),
            segment_id=pl.lit("AMT"),
            qualifier=pl.lit("I"),
            amount="interest_usd",
        )
        .sort(*_ORDER, "remit_line_number", nulls_last=False)
    )


def _beside_the_claims(remits: pl.DataFrame) -> pl.DataFrame:
    """Money moved beside the claims, one sum per remit; 0.00 says that none was."""
    return remits.filter(pl.col("provider_adjustment_usd").is_not_null()).with_columns(
        adjustment_number=pl.lit(1), adjustment_usd="provider_adjustment_usd"
    )
