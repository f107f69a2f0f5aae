"""Remit lines as rows: what a payer answered to each service line (SVC)."""

from __future__ import annotations

import polars as pl

from analytics.intake.adjustments_835 import LEVEL
from analytics.intake.elements import (
    Elements,
    code,
    first_by,
    read_elements,
    segments_of,
    split_elements,
    text,
    with_procedure,
)


def read_lines(
    in_claim: pl.DataFrame, dates: pl.DataFrame, references: pl.DataFrame, amounts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `raw_835__remit_lines`, and what of them could not be read.

    Takes    segments inside claims with their loops, and the dates, references and amounts in them
    """
    lines, lost = _service_segments(in_claim)
    qualifier, own = pl.col("qualifier"), pl.col("line") > 0
    dates_on_line, on_line = dates.filter(own), references.filter(own)
    codes = split_elements(in_claim.filter((pl.col("id") == "LQ") & own), 2)
    remarks = codes.filter(code("e1") == "HE").group_by("line")
    allowed = own & (pl.col("segment_id") == "AMT") & (qualifier == "B6")
    for found in (
        first_by("line", dates_on_line, qualifier == "472", on_day="date"),
        first_by("line", dates_on_line, qualifier == "150", from_day="date"),
        first_by("line", dates_on_line, qualifier == "151", through_day="date"),
        first_by("line", on_line, qualifier == "6R", line_control_number="reference"),
        first_by("line", amounts, allowed, allowed_reported_usd="amount"),
        remarks.agg(remark_codes=code("e2").str.join(" ")),
    ):
        lines = lines.join(found, on="line", how="left", validate="1:1", maintain_order="left")
    is_revenue = (pl.col("code_qualifier") == "NU").fill_null(False)
    return lines.with_columns(
        hcpcs=pl.when(~is_revenue).then("hcpcs"),
        revenue_code=pl.coalesce("revenue_code", pl.when(is_revenue).then("hcpcs")),
        service_date=pl.coalesce("on_day", "from_day"),
        service_through_date=pl.coalesce("through_day", "on_day"),
    ), lost


def _service_segments(in_claim: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    sent = segments_of(in_claim, "SVC", 7)
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
        charge_usd=text("e2"),
        paid_usd=text("e3"),
        revenue_code=code("e4"),
        paid_units=text("e5"),
        original_units=text("e7"),
    )
    return read_elements(lines, Elements("SVC", amounts, {}))
