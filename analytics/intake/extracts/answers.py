"""Remit lines of extracts as answers to claims, with the adjustments that belong to them.

What a row leaves out is taken from what stands beside it only where arithmetic says so: of charge,
paid and adjustments two tell the third (`sql/RULES.md` 14.4 to 14.8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from analytics.intake.extracts.adjustments import (
    clashes,
    join_adjustments,
    settled,
    typed_adjustments,
)
from analytics.intake.extracts.cells import MONEY, payer_as_compared
from analytics.intake.extracts.columns import ANSWER_COLUMNS, PAYER_NAMES
from analytics.intake.extracts.copies import PLACES, CountedRows, count_once, told_once
from analytics.intake.extracts.places import content_sha256, fates_of_copies, refused, said

REVERSAL, DENIED = "22", "4"
_LINE = ["answer", "remit_line_number"]
_UNTOLD = (
    "{} is empty and no adjustment of the line tells it; of charge_usd, paid_usd and the "
    "adjustments of a line two must be told"
)


@dataclass(frozen=True)
class Answers:
    """What payers answered: one row per answer, per line of it and per adjustment.

    `lines` has row_id, answer and remit_line_number (0 is the answer as a whole) of every row that
    is used; `is_unanswered` marks those that tell neither payment nor reason. `adjustments` are in
    the order of their number.
    """

    answers: pl.DataFrame
    lines: pl.DataFrame
    adjustments: pl.DataFrame
    counted: CountedRows
    fates: list[pl.DataFrame]


def read_answers(rows: pl.DataFrame, adjustments: pl.DataFrame) -> Answers:
    """The answers that remit_lines and adjustments of all files tell together."""
    rows = _by_answer(rows)
    apart = (*PLACES, "extracted_on", "answer")
    told = [name for name in rows.columns if name not in apart]
    counted, names = _under_one_id(count_once(rows, _LINE, told, loosely=PAYER_NAMES), told)
    counted = replace(counted, rows=counted.rows.with_columns(status_code=_status()))
    found = fates_of_copies(counted)
    answers, lines, contradicted = _usable(counted)
    joined = join_adjustments(adjustments, _by_every_id(answers, names), lines)
    typed = typed_adjustments(lines)
    lines, clashing = _without_clashes(lines, clashes(typed, joined.rows))
    wholes = lines.select("answer", remit_line_number=pl.lit(0, pl.Int32))
    kept, _ = settled(joined, typed, pl.concat([lines.select(_LINE), wholes]))
    lines, untold = _with_charge_and_paid(lines, kept)
    wholes = lines.select("answer", remit_line_number=pl.lit(0, pl.Int32))
    kept, adjustment_fates = settled(joined, typed, pl.concat([lines.select(_LINE), wholes]))
    answers = _with_amounts(answers, lines, kept)
    found += [refused(counted, lost) for lost in (contradicted, clashing, untold)]
    found += [*joined.fates, *adjustment_fates]
    return Answers(answers, _marked(lines, answers), kept, counted, found)


def _by_answer(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with what tells the answer each belongs to."""
    control_number = pl.lit("icn ") + pl.col("payer_control_number")
    facts = [
        pl.col("claim_number"),
        pl.col("payment_date").cast(pl.String),
        pl.coalesce(control_number, pl.lit("by ") + payer_as_compared()),
        _status().fill_null(""),
    ]
    own = pl.lit("of ") + pl.concat_str(facts, separator="\x1f")
    return rows.with_columns(answer=pl.coalesce(pl.lit("id ") + pl.col("remit_claim_id"), own))


def _status() -> pl.Expr:
    """The status a row tells, else that of a reversal where money is taken back."""
    is_taken_back = pl.coalesce("charge_usd", "paid_usd") < 0
    return pl.coalesce("status_code", pl.when(is_taken_back).then(pl.lit(REVERSAL)))


def _under_one_id(counted: CountedRows, told: Sequence[str]) -> tuple[CountedRows, pl.DataFrame]:
    """Answers that differ in nothing but the id a site gave them, as one: told twice, paid once.

    Returns  also `answer` with every `remit_claim_id` it was told under
    """
    saying = [name for name in told if name not in ("remit_claim_id", "remit_claim_number")]
    contents = content_sha256(said(counted.rows, "answer", saying), "answer")
    first = pl.col("answer").min().over("content_sha256")
    ids = counted.rows.select("answer", "remit_claim_id").unique()
    kept = ids.join(contents, on="answer", how="left", validate="m:1").select(
        "answer", "remit_claim_id", kept=first
    )
    rows = counted.rows.join(
        kept.select("answer", "kept").unique(), on="answer", how="left", validate="m:1"
    )
    same = rows.join(
        rows.select("answer", "remit_line_number", kept_id="row_id"),
        left_on=["kept", "remit_line_number"],
        right_on=["answer", "remit_line_number"],
        how="left",
        validate="m:1",
    ).select("row_id", "kept_id")
    copies = counted.copies.join(same, on="row_id", how="left", validate="m:1").with_columns(
        row_id="kept_id"
    )
    is_kept = pl.col("answer") == pl.col("kept")
    return replace(
        counted,
        rows=rows.filter(is_kept).drop("kept"),
        copies=copies.drop("kept_id"),
    ), kept.select("remit_claim_id", answer="kept")


def _by_every_id(answers: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    return answers.drop("remit_claim_id").join(names, on="answer", how="inner")


def _usable(counted: CountedRows) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The answers whose rows agree, their lines, and the rows of the others with the reason."""
    told = ["patient_key" if name == "patient_id" else name for name in ANSWER_COLUMNS]
    answers, differing = told_once(counted.rows, "answer", told, loosely=PAYER_NAMES)
    contradicted = counted.rows.join(differing, on="answer", how="inner").with_columns(
        reason=pl.format(
            "rows of one answer tell {} differently; none of its rows is used. Mend them, or tell "
            "the answers apart with remit_claim_id",
            pl.col("differing"),
        )
    )
    lines = counted.rows.join(differing, on="answer", how="anti")
    facts = ["payer", "payment_date", "trace_number", "payee_npi", "payee_tax_id"]
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in facts]
    answers = (
        answers.join(differing, on="answer", how="anti")
        .with_columns(payer=payer_as_compared())
        .with_columns(remit=pl.concat_str(parts, separator="\x1f"))
    )
    return answers, lines, contradicted


def _without_clashes(
    lines: pl.DataFrame, clashing: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    lost = lines.join(clashing, on=_LINE, how="inner").with_columns(
        reason=pl.format(
            "{} and the adjustments of this line differ, and nobody knows which is right; neither "
            "is used. Mend one of the two",
            pl.col("columns"),
        )
    )
    return lines.join(clashing, on=_LINE, how="anti"), lost


def _with_charge_and_paid(
    lines: pl.DataFrame, adjustments: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines with both amounts, one found from the other where adjustments tell it."""
    sums = adjustments.group_by(_LINE).agg(own_usd=pl.col("adjustment_usd").sum().cast(MONEY))
    lines = lines.join(sums, on=_LINE, how="left", validate="1:1").with_columns(
        charge_usd=pl.coalesce("charge_usd", pl.col("paid_usd") + pl.col("own_usd")).cast(MONEY),
        paid_usd=pl.coalesce("paid_usd", pl.col("charge_usd") - pl.col("own_usd")).cast(MONEY),
    )
    missing = pl.concat_str(
        [pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in ("charge_usd", "paid_usd")],
        separator=" and ",
        ignore_nulls=True,
    )
    lost = lines.with_columns(missing=missing).filter(pl.col("missing") != "")
    is_told = pl.col("charge_usd").is_not_null() & pl.col("paid_usd").is_not_null()
    return (
        lines.filter(is_told),
        lost.with_columns(reason=pl.format(_UNTOLD, pl.col("missing"))),
    )


def _with_amounts(
    answers: pl.DataFrame, lines: pl.DataFrame, adjustments: pl.DataFrame
) -> pl.DataFrame:
    """The answers that have a row, with the charge and paid of the claim as a whole."""
    is_whole = pl.col("remit_line_number") == 0
    sums = lines.group_by("answer").agg(
        whole_charge_usd=pl.col("charge_usd").filter(is_whole).first(),
        whole_paid_usd=pl.col("paid_usd").filter(is_whole).first(),
        lines_charge_usd=pl.col("charge_usd").filter(~is_whole).sum().cast(MONEY),
        lines_paid_usd=pl.col("paid_usd").filter(~is_whole).sum().cast(MONEY),
    )
    return answers.join(sums, on="answer", how="inner", validate="1:1").with_columns(
        charge_usd=pl.coalesce("claim_charge_usd", "whole_charge_usd", "lines_charge_usd"),
        paid_usd=pl.coalesce("claim_paid_usd", "whole_paid_usd", "lines_paid_usd"),
        has_adjustment=pl.col("answer").is_in(adjustments["answer"].unique().implode()),
    )


def _marked(lines: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Lines paid nothing of a charge, in an answer that gives no reason for anything, marked."""
    says_why = pl.col("has_adjustment") | pl.col("status_code").is_in((REVERSAL, DENIED)).fill_null(
        value=False
    )
    silent = answers.filter(~says_why).select("answer", is_silent=pl.lit(value=True))
    is_unpaid = (pl.col("charge_usd") != 0) & (pl.col("paid_usd") == 0)
    return lines.join(silent, on="answer", how="left", validate="m:1").with_columns(
        is_unanswered=pl.col("is_silent").fill_null(value=False) & is_unpaid
    )
