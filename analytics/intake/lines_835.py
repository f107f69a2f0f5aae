"""Remit lines as rows: what a payer answered to each service line (SVC)."""

from __future__ import annotations

import polars as pl

from analytics.intake.adjustments_835 import LEVEL
from analytics.intake.elements import (
    Elements,
    first_by,
    read_elements,
    with_found,
    with_procedure,
)
from analytics.intake.loops import Loops
from analytics.intake.vectors import filtered


def read_lines(
    in_claim: Loops, dates: pl.DataFrame, references: pl.DataFrame, amounts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `raw_835__remit_lines`, and what of them could not be read.

    Takes    segments inside claims, and the dates, references and amounts among them
    """
    lines, lost = _service_segments(in_claim)
    dates, references, amounts = (
        filtered(found, found["line"] > 0) for found in (dates, references, amounts)
    )
    allowed = (amounts["segment_id"] == "AMT") & (amounts["qualifier"] == "B6")
    date, is_control = dates["qualifier"], references["qualifier"] == "6R"
    lines = with_found(
        lines,
        "line",
        first_by("line", dates, date == "472", on_day="date"),
        first_by("line", dates, date == "150", from_day="date"),
        first_by("line", dates, date == "151", through_day="date"),
        first_by("line", references, is_control, line_control_number="reference"),
        first_by("line", amounts, allowed, allowed_reported_usd="amount"),
        _remarks(in_claim),
    )
    is_revenue = (pl.col("code_qualifier") == "NU").fill_null(False)
    return lines.with_columns(
        hcpcs=pl.when(~is_revenue).then("hcpcs"),
        revenue_code=pl.coalesce("revenue_code", pl.when(is_revenue).then("hcpcs")),
        service_date=pl.coalesce("on_day", "from_day"),
        service_through_date=pl.coalesce("through_day", "on_day"),
    ), lost


def _remarks(in_claim: Loops) -> pl.DataFrame:
    """The remark codes of a line in order, joined by a blank."""
    noted = in_claim.where(in_claim.table["line"] > 0).read("LQ", codes=(1, 2))
    remarks = filtered(noted, (noted["e1"] == "HE") & noted["e2"].is_not_null())
    return remarks.group_by("line", maintain_order=True).agg(
        remark_codes=pl.col("e2").str.join(" ")
    )


def _service_segments(in_claim: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    sent = in_claim.read("SVC", texts=(1, 2, 3, 5, 6, 7), codes=(4,))
    sent = with_procedure(
        sent, "e1", qualifier="code_qualifier", hcpcs="hcpcs", modifiers="modifiers"
    )
    sent = with_procedure(sent, "e6", hcpcs="original_hcpcs", modifiers="original_modifiers")
    amounts = {
        "charge_usd": "SVC02",
        "paid_usd": "SVC03",
        "paid_units": "SVC05",
        "original_units": "SVC07",
    }
    lines = sent.select(
        *["line", *LEVEL, "source_offset", "code_qualifier", "hcpcs", "modifiers"],
        *["original_hcpcs", "original_modifiers"],
        charge_usd="e2",
        paid_usd="e3",
        revenue_code="e4",
        paid_units="e5",
        original_units="e7",
    )
    return read_elements(lines, Elements("SVC", amounts, {}))
