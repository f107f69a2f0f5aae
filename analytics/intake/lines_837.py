"""Service lines as rows: what each SV1, SV2 or SV3 of an 837 bills, with its drug and dates."""

from __future__ import annotations

import polars as pl

from analytics.intake.elements import (
    Elements,
    component,
    component_code,
    first_by,
    joined,
    read_elements,
    read_periods,
    with_found,
    with_procedure,
)
from analytics.intake.loops import Loops

_KEY = (
    *("tx", "claim", "line", "submission_number", "line_number", "source_offset"),
    *("code_qualifier", "hcpcs", "modifiers"),
)
_NO_TEXT = pl.lit(None, pl.String)


def read_lines(in_claim: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `raw_837__claim_lines`, and what of them could not be read.

    Takes    segments with the loops of `with_loops`
    """
    on_line = in_claim.where(in_claim.table["line"] > 0)
    professional, lost_professional = _professional(on_line)
    institutional, lost_institutional = _institutional(on_line)
    dental, lost_dental = _dental(on_line)
    lines = pl.concat([professional, institutional, dental]).sort("line")
    periods, lost_periods = read_periods(on_line.read("DTP", texts=(3,), codes=(1,)), "472")
    quantities, lost_quantities = _quantities(on_line)
    of_period = {"service_date": "from_date", "service_through_date": "through_date"}
    lines = with_found(
        lines,
        "line",
        first_by("line", periods, **of_period),
        _drugs(on_line),
        quantities,
        *_references(on_line),
    )
    lost = [lost_professional, lost_institutional, lost_dental, lost_periods, lost_quantities]
    return lines, pl.concat(lost)


def _with_procedure(lines: pl.DataFrame, procedure: str) -> pl.DataFrame:
    return with_procedure(
        lines, procedure, qualifier="code_qualifier", hcpcs="hcpcs", modifiers="modifiers"
    )


def _professional(on_line: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    sent = on_line.read("SV1", texts=(1, 2, 4, 7), codes=(3, 5))
    pointers = [component("e7", number) for number in (1, 2, 3, 4)]
    rows = _with_procedure(sent, "e1").select(
        *_KEY,
        charge_usd="e2",
        unit_basis="e3",
        units="e4",
        revenue_code=_NO_TEXT,
        place_of_service="e5",
        diagnosis_pointers=joined(pointers),
    )
    return read_elements(rows, Elements("SV1", {"charge_usd": "SV102", "units": "SV104"}, {}))


def _institutional(on_line: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    sent = on_line.read("SV2", texts=(2, 3, 5), codes=(1, 4))
    rows = _with_procedure(sent, "e2").select(
        *_KEY,
        charge_usd="e3",
        unit_basis="e4",
        units="e5",
        revenue_code="e1",
        place_of_service=_NO_TEXT,
        diagnosis_pointers=_NO_TEXT,
    )
    return read_elements(rows, Elements("SV2", {"charge_usd": "SV203", "units": "SV205"}, {}))


def _dental(on_line: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    sent = on_line.read("SV3", texts=(1, 2, 6), codes=(3,))
    rows = _with_procedure(sent, "e1").select(
        *_KEY,
        charge_usd="e2",
        unit_basis=_NO_TEXT,
        units="e6",
        revenue_code=_NO_TEXT,
        place_of_service="e3",
        diagnosis_pointers=_NO_TEXT,
    )
    return read_elements(rows, Elements("SV3", {"charge_usd": "SV302", "units": "SV306"}, {}))


def _drugs(on_line: Loops) -> pl.DataFrame:
    sent = on_line.read("LIN", codes=(2, 3))
    return first_by("line", sent, sent["e2"] == "N4", ndc="e3")


def _quantities(on_line: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    sent = on_line.read("CTP", texts=(4, 5)).with_columns(
        ndc_quantity="e4", ndc_unit=component_code("e5", 1)
    )
    read, lost = read_elements(sent, Elements("CTP", {"ndc_quantity": "CTP04"}, {}))
    return first_by("line", read, ndc_quantity="ndc_quantity", ndc_unit="ndc_unit"), lost


def _references(on_line: Loops) -> list[pl.DataFrame]:
    sent = on_line.read("REF", texts=(2, 4), codes=(1,))
    is_control, is_authorization = sent["e1"] == "6R", sent["e1"] == "G1"
    # REF04 names another payer whose authorization this is.
    is_own = sent["e4"].is_null()
    return [
        first_by("line", sent, is_control, line_control_number="e2"),
        first_by("line", sent, is_authorization & is_own, authorization_number="e2"),
    ]
