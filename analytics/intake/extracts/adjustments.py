"""The adjustments of extracts: those of a file of their own, joined to the answers they belong to,
and those typed on the remit line itself (`sql/RULES.md` 14.7).

A line has its adjustments from one of the two. Where both tell them and differ, nobody knows which
is right, and neither is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics.intake.extracts.cells import MONEY, without_blanks
from analytics.intake.extracts.columns import ANSWER_MARKS, PAYER_NAMES
from analytics.intake.extracts.copies import PLACES, CountedRows, count_once
from analytics.intake.extracts.places import (
    DUPLICATE,
    LOADED,
    REJECTED,
    fates,
    fates_of_copies,
    refused,
)

# The columns of a remit line that are adjustments, with what they stand for, in order.
TYPED = {
    "deductible_usd": ("PR", "1"),
    "coinsurance_usd": ("PR", "2"),
    "copay_usd": ("PR", "3"),
    "contractual_usd": ("CO", "45"),
    "sequestration_usd": ("CO", "253"),
    "prior_payer_usd": ("OA", "23"),
}
TOLD = ("group_code", "reason_code", "adjustment_usd", "quantity")
_NO_ANSWER = (
    "no remit line on file is the one this adjustment belongs to; put in the remit_lines with the "
    "same claim_number, remit_line_number and answer"
)
_SEVERAL = (
    "more than one answer on file fits this adjustment; tell payment_date, payer_control_number or "
    "status_code as remit_lines does"
)
_CLASH = "the remit line this adjustment belongs to tells other amounts and is not used"


@dataclass(frozen=True)
class JoinedAdjustments:
    """Adjustments by answer and line: row_id, answer, remit_line_number, number and what they say.

    `counted` holds their copies, `fates` what became of the rows that belong to no answer.
    """

    rows: pl.DataFrame
    counted: CountedRows
    fates: list[pl.DataFrame]


def join_adjustments(
    rows: pl.DataFrame, answers: pl.DataFrame, lines: pl.DataFrame
) -> JoinedAdjustments:
    """The adjustments of a file of their own with the answer each belongs to.

    Takes    rows of adjustments; answers, one row each; lines, answer and remit_line_number
    """
    rows = rows.with_row_index("adjustment_id").with_columns(
        pl.col("remit_line_number").fill_null(0)
    )
    fitting = (
        _fitting(rows, answers, lines)
        .group_by("adjustment_id")
        .agg(answer=pl.col("answer").first(), answers=pl.col("answer").n_unique())
    )
    rows = rows.join(fitting, on="adjustment_id", how="left", validate="1:1")
    is_found = pl.col("answers") == 1
    found = [
        fates(rows.filter(pl.col("answers").is_null()), REJECTED, _NO_ANSWER),
        fates(rows.filter(pl.col("answers") > 1), REJECTED, _SEVERAL),
    ]
    numbered = _numbered(rows.filter(is_found))
    key = ["answer", "remit_line_number", "is_numbered", "number"]
    counted = count_once(numbered, key, [*TOLD, *ANSWER_MARKS], loosely=PAYER_NAMES)
    return JoinedAdjustments(counted.rows, counted, [*found, *fates_of_copies(counted)])


def _fitting(rows: pl.DataFrame, answers: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Every pair of an adjustment and an answer that nothing it tells speaks against."""
    told = answers.select("answer", "claim_number", *ANSWER_MARKS)
    pairs = rows.join(told, on="claim_number", how="inner", suffix="_of_answer")
    agrees = [
        (_as_compared(name) == _as_compared(f"{name}_of_answer", name)).fill_null(value=True)
        for name in ANSWER_MARKS
    ]
    pairs = pairs.filter(pl.all_horizontal(agrees))
    on_line = pairs.filter(pl.col("remit_line_number") > 0).join(
        lines.select("answer", "remit_line_number"),
        on=["answer", "remit_line_number"],
        how="semi",
    )
    return pl.concat([on_line, pairs.filter(pl.col("remit_line_number") == 0)])


def _as_compared(name: str, column: str | None = None) -> pl.Expr:
    loosely = (column or name) in PAYER_NAMES
    return without_blanks(pl.col(name)) if loosely else pl.col(name)


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with their number on the line: as told, else by what they say within their file."""
    rows = rows.with_columns(is_numbered=pl.col("adjustment_number").is_not_null())
    order = [*TOLD, "row_number"]
    own = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over(
        "file", "answer", "remit_line_number", "is_numbered"
    )
    return rows.sort(order).with_columns(
        number=pl.when("is_numbered").then("adjustment_number").otherwise(own)
    )


def typed_adjustments(lines: pl.DataFrame) -> pl.DataFrame:
    """The amounts a remit line itself tells as adjustments, zeros among them.

    Returns  answer, remit_line_number, number, group_code, reason_code, adjustment_usd, column
    """
    denial = pl.col("denial_reason").str.split_exact("-", 1).struct
    told = [
        lines.filter(pl.col(name).is_not_null()).select(
            "answer",
            "remit_line_number",
            number=pl.lit(number, pl.Int32),
            group_code=pl.lit(group),
            reason_code=pl.lit(reason),
            adjustment_usd=name,
            column=pl.lit(name),
        )
        for number, (name, (group, reason)) in enumerate(TYPED.items(), start=1)
    ]
    denied = lines.filter(pl.col("denied_usd").is_not_null()).select(
        "answer",
        "remit_line_number",
        number=pl.lit(len(TYPED) + 1, pl.Int32),
        group_code=denial.field("field_0"),
        reason_code=denial.field("field_1"),
        adjustment_usd="denied_usd",
        column=pl.lit("denied_usd"),
    )
    return pl.concat([*told, denied])


def clashes(typed: pl.DataFrame, joined: pl.DataFrame) -> pl.DataFrame:
    """The lines whose own amounts their adjustments contradict, with the columns that do.

    Returns  answer, remit_line_number, columns
    """
    line = ["answer", "remit_line_number"]
    sums = joined.group_by(*line, "reason_code").agg(
        joined_usd=pl.col("adjustment_usd").sum().cast(MONEY)
    )
    covered = typed.join(joined.select(line).unique(), on=line, how="semi")
    compared = covered.group_by(*line, "reason_code", maintain_order=True).agg(
        typed_usd=pl.col("adjustment_usd").sum().cast(MONEY),
        column=pl.col("column").unique(maintain_order=True).str.join(", "),
    )
    return (
        compared.join(sums, on=[*line, "reason_code"], how="left", validate="1:1")
        .filter(pl.col("typed_usd") != pl.col("joined_usd").fill_null(0))
        .group_by(line, maintain_order=True)
        .agg(columns=pl.col("column").str.join(", "))
    )


def settled(
    joined: JoinedAdjustments, typed: pl.DataFrame, lines: pl.DataFrame
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The adjustments of the lines that are used, and the fates of the rows of a file of theirs.

    Takes    lines, answer and remit_line_number of every remit line that is used, 0 for every
             answer as a whole
    """
    line = ["answer", "remit_line_number"]
    kept = joined.rows.join(lines.select(line).unique(), on=line, how="semi")
    lost = joined.rows.join(lines.select(line).unique(), on=line, how="anti")
    own = typed.filter(pl.col("adjustment_usd") != 0).join(kept, on=line, how="anti")
    own = own.join(lines.select(line).unique(), on=line, how="semi")
    columns = [*line, "is_numbered", "number", *TOLD]
    whole = pl.concat(
        [
            kept.select(columns),
            own.with_columns(is_numbered=pl.lit(value=True), quantity=pl.lit(None, MONEY)).select(
                columns
            ),
        ]
    )
    copies = joined.counted.copies.join(kept, on="row_id", how="semi").sort("file", "row_number")
    loaded = copies.unique("row_id", keep="first", maintain_order=True)
    others = copies.join(loaded, on=["row_id", *PLACES], how="anti")
    return whole, [
        fates(loaded, LOADED),
        fates(others, DUPLICATE),
        refused(joined.counted, lost.with_columns(reason=pl.lit(_CLASH))),
    ]
