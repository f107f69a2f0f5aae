"""What reduces a payment and what is noted beside it: CAS triplets, PLB pairs, AMT, QTY, REF."""

from __future__ import annotations

import polars as pl

from analytics.intake.elements import (
    Elements,
    code,
    component,
    nth_within,
    read_elements,
    segments_of,
    split_elements,
    text,
)
from analytics.intake.x12 import ELEMENT

KEPT_REFERENCES = (
    *("6R", "F8", "CE", "0K", "G1", "1L", "9A", "9C", "BB", "LU", "1S", "APC", "E9", "G3", "RB"),
)
LEVEL = ("tx", "remit_claim_number", "remit_line_number")


def read_adjustments(in_claim: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per CAS triplet; a segment holds up to six, and few hold more than one."""
    sent = (
        in_claim.filter(pl.col("id") == "CAS")
        .with_columns(elements=pl.col("segment").str.count_matches(ELEMENT, literal=True))
        .with_row_index("nth")
    )
    most = min(sent["elements"].max() or 0, 19)
    triplets = [
        _triplet(split_elements(sent.filter(pl.col("elements") <= 4), 4), 0),
        *_later_triplets(sent.filter(pl.col("elements") > 4), (most + 1) // 3),
    ]
    rows = pl.concat(triplets).sort("nth", maintain_order=True).drop("nth")
    numbered = rows.with_columns(adjustment_number=nth_within("claim"))
    return read_elements(
        numbered, Elements("CAS", {"adjustment_usd": "CAS amount", "quantity": "CAS quantity"}, {})
    )


def _later_triplets(sent: pl.DataFrame, places: int) -> list[pl.DataFrame]:
    split = split_elements(sent, 1 + 3 * places)
    return [_triplet(split, place) for place in range(places)]


def _triplet(split: pl.DataFrame, place: int) -> pl.DataFrame:
    triplet = split.select(
        *["nth", "claim", *LEVEL, "source_offset"],
        group_code=code("e1"),
        reason_code=code(f"e{2 + 3 * place}"),
        adjustment_usd=text(f"e{3 + 3 * place}"),
        quantity=text(f"e{4 + 3 * place}"),
    )
    return triplet.filter(
        pl.col("reason_code").is_not_null() | pl.col("adjustment_usd").is_not_null()
    )


def read_amounts(in_claim: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per AMT or QTY, with the claim and line it stands in."""
    rows = split_elements(in_claim.filter(pl.col("id").is_in(["AMT", "QTY"])), 2).select(
        *["line", *LEVEL, "source_offset"],
        segment_id=pl.col("id").cast(pl.String),
        qualifier=code("e1"),
        amount=text("e2"),
    )
    return read_elements(rows, Elements("AMT", {"amount": "AMT02 or QTY02"}, {}))


def read_references(in_claim: pl.DataFrame) -> pl.DataFrame:
    """One row per REF whose qualifier names no person."""
    rows = segments_of(in_claim, "REF", 2).select(
        *["claim", "line", *LEVEL, "source_offset"], qualifier=code("e1"), reference=text("e2")
    )
    return rows.filter(pl.col("qualifier").is_in(KEPT_REFERENCES))


def read_provider_adjustments(looped: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per PLB pair; a segment holds up to six."""
    sent = segments_of(looped, "PLB", 14).with_row_index("nth")
    pairs = [
        sent.select(
            *["nth", "tx", "source_offset"],
            provider_id=text("e1"),
            fiscal_date=text("e2"),
            reason_code=code(component(f"e{3 + 2 * place}", 1)),
            reference_id=text(component(f"e{3 + 2 * place}", 2)),
            adjustment_usd=text(f"e{4 + 2 * place}"),
        ).filter(pl.col("reason_code").is_not_null() | pl.col("adjustment_usd").is_not_null())
        for place in range(6)
    ]
    rows = pl.concat(pairs).sort("nth", maintain_order=True)
    return read_elements(
        rows.with_columns(adjustment_number=nth_within("tx")),
        Elements("PLB", {"adjustment_usd": "PLB amount"}, {"fiscal_date": "PLB02"}),
    )
