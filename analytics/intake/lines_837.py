"""Service lines as rows: what each SV1, SV2 or SV3 of an 837 bills, with its drug and dates."""

from __future__ import annotations

import polars as pl

from analytics.intake.elements import (
    Elements,
    code,
    component,
    first_by,
    joined,
    read_elements,
    read_periods,
    split_elements,
    text,
    with_procedure,
)

_KEY = (
    *("tx", "claim", "line", "submission_number", "line_number", "source_offset"),
    *("code_qualifier", "hcpcs", "modifiers"),
)
_NO_TEXT = pl.lit(None, pl.String)


def read_lines(in_claim: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `raw_837__claim_lines`, and what of them could not be read.

    Takes    segments inside claims, with the loops of `with_loops`
    """
    on_line = in_claim.filter(pl.col("line") > 0)
    professional, lost_professional = _professional(on_line)
    institutional, lost_institutional = _institutional(on_line)
    dental, lost_dental = _dental(on_line)
    lines = pl.concat([professional, institutional, dental], how="diagonal").sort("line")
    periods, lost_periods = read_periods(on_line, ("472",))
    quantities, lost_quantities = _quantities(on_line)
    for found in (
        first_by(
            *("line", periods, pl.lit(True)),
            service_date="from_date",
            service_through_date="through_date",
        ),
        _drugs(on_line),
        quantities,
        *_references(on_line),
    ):
        lines = lines.join(found, on="line", how="left", validate="1:1", maintain_order="left")
    lost = [lost_professional, lost_institutional, lost_dental, lost_periods, lost_quantities]
    return lines, pl.concat(lost)


def _split(on_line: pl.DataFrame, segment_id: str, procedure: str, last: int) -> pl.DataFrame:
    split = split_elements(on_line.filter(pl.col("id") == segment_id), last)
    return with_procedure(
        split, procedure, qualifier="code_qualifier", hcpcs="hcpcs", modifiers="modifiers"
    )


def _professional(on_line: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    pointers = [text(component("e7", number)) for number in (1, 2, 3, 4)]
    rows = _split(on_line, "SV1", "e1", 7).select(
        *_KEY,
        charge_usd=text("e2"),
        unit_basis=code("e3"),
        units=text("e4"),
        revenue_code=_NO_TEXT,
        place_of_service=code("e5"),
        diagnosis_pointers=joined(pointers),
    )
    return read_elements(rows, Elements("SV1", {"charge_usd": "SV102", "units": "SV104"}, {}))


def _institutional(on_line: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = _split(on_line, "SV2", "e2", 5).select(
        *_KEY,
        charge_usd=text("e3"),
        unit_basis=code("e4"),
        units=text("e5"),
        revenue_code=code("e1"),
        place_of_service=_NO_TEXT,
        diagnosis_pointers=_NO_TEXT,
    )
    return read_elements(rows, Elements("SV2", {"charge_usd": "SV203", "units": "SV205"}, {}))


def _dental(on_line: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = _split(on_line, "SV3", "e1", 6).select(
        *_KEY,
        charge_usd=text("e2"),
        unit_basis=_NO_TEXT,
        units=text("e6"),
        revenue_code=_NO_TEXT,
        place_of_service=code("e3"),
        diagnosis_pointers=_NO_TEXT,
    )
    return read_elements(rows, Elements("SV3", {"charge_usd": "SV302", "units": "SV306"}, {}))


def _drugs(on_line: pl.DataFrame) -> pl.DataFrame:
    sent = split_elements(on_line.filter(pl.col("id") == "LIN"), 3).with_columns(ndc=code("e3"))
    return first_by("line", sent, code("e2") == "N4", ndc="ndc")


def _quantities(on_line: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    sent = split_elements(on_line.filter(pl.col("id") == "CTP"), 5).with_columns(
        ndc_quantity=text("e4"), ndc_unit=code(component("e5", 1))
    )
    read, lost = read_elements(sent, Elements("CTP", {"ndc_quantity": "CTP04"}, {}))
    kept = {"ndc_quantity": "ndc_quantity", "ndc_unit": "ndc_unit"}
    return first_by("line", read, pl.lit(True), **kept), lost


def _references(on_line: pl.DataFrame) -> list[pl.DataFrame]:
    sent = split_elements(on_line.filter(pl.col("id") == "REF"), 4).with_columns(
        qualifier=code("e1"), reference=text("e2")
    )
    is_control, is_authorization = pl.col("qualifier") == "6R", pl.col("qualifier") == "G1"
    # REF04 names another payer whose authorization this is.
    is_own = text("e4").is_null()
    return [
        first_by("line", sent, is_control, line_control_number="reference"),
        first_by("line", sent, is_authorization & is_own, authorization_number="reference"),
    ]
