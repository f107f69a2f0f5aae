"""What reduces a payment and what is noted beside it: CAS triplets, PLB pairs, AMT, QTY, REF."""

from __future__ import annotations

import polars as pl

from analytics.intake.elements import (
    Elements,
    component,
    component_code,
    nth_within,
    read_elements,
    with_elements,
)
from analytics.intake.loops import Loops
from analytics.intake.segments import id_names
from analytics.intake.vectors import filtered

KEPT_REFERENCES = (
    *("6R", "F8", "CE", "0K", "G1", "1L", "9A", "9C", "BB", "LU", "1S", "APC", "E9", "G3", "RB"),
)
LEVEL = ("tx", "remit_claim_number", "remit_line_number")
_ONE_TRIPLET, _MOST_TRIPLETS, _MOST_PAIRS = 4, 6, 6


def read_adjustments(in_claim: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per CAS triplet; a segment holds up to six, and few hold more than one."""
    sent = in_claim.of("CAS").with_row_index("nth")
    is_longer = sent["count"] > _ONE_TRIPLET
    triplets = [_triplet(_split(in_claim, filtered(sent, ~is_longer), 1), 0)]
    if is_longer.any():
        split = _split(in_claim, filtered(sent, is_longer), _MOST_TRIPLETS)
        triplets += [_triplet(split, place) for place in range(_MOST_TRIPLETS)]
    rows = pl.concat(triplets)
    rows = rows.sort("nth", maintain_order=True) if len(triplets) > 1 else rows
    numbered = rows.drop("nth").with_columns(adjustment_number=nth_within("claim"))
    return read_elements(
        numbered, Elements("CAS", {"adjustment_usd": "CAS amount", "quantity": "CAS quantity"}, {})
    )


def _split(in_claim: Loops, sent: pl.DataFrame, triplets: int) -> pl.DataFrame:
    reasons = tuple(2 + 3 * place for place in range(triplets))
    numbers = tuple(reason + more for reason in reasons for more in (1, 2))
    return with_elements(in_claim.segments, sent, texts=numbers, codes=(1, *reasons))


def _triplet(split: pl.DataFrame, place: int) -> pl.DataFrame:
    elements = {
        "group_code": "e1",
        "reason_code": f"e{2 + 3 * place}",
        "adjustment_usd": f"e{3 + 3 * place}",
        "quantity": f"e{4 + 3 * place}",
    }
    kept = {name: name for name in ("nth", "claim", *LEVEL, "source_offset")} | elements
    triplet = pl.DataFrame({name: split[old] for name, old in kept.items()})
    reason, amount = triplet["reason_code"], triplet["adjustment_usd"]
    if not (reason.null_count() and amount.null_count()):
        return triplet
    return filtered(triplet, reason.is_not_null() | amount.is_not_null())


def read_amounts(in_claim: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per AMT or QTY inside a claim, with the claim and line it stands in."""
    rows = in_claim.read("AMT", "QTY", texts=(2,), codes=(1,)).select(
        *["line", *LEVEL, "source_offset"],
        segment_id=id_names(pl.col("id")),
        qualifier="e1",
        amount="e2",
    )
    return read_elements(rows, Elements(pl.col("segment_id"), {"amount": "AMT02 or QTY02"}, {}))


def read_references(in_claim: Loops) -> pl.DataFrame:
    """One row per REF inside a claim whose qualifier names no person."""
    rows = in_claim.read("REF", texts=(2,), codes=(1,)).select(
        *["claim", "line", *LEVEL, "source_offset"], qualifier="e1", reference="e2"
    )
    return rows.filter(pl.col("qualifier").is_in(KEPT_REFERENCES))


def read_provider_adjustments(loops: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per PLB pair; a segment holds up to six."""
    sent = loops.read("PLB", texts=tuple(range(1, 3 + 2 * _MOST_PAIRS))).with_row_index("nth")
    pairs = [
        sent.select(
            *["nth", "tx", "source_offset"],
            provider_id="e1",
            fiscal_date="e2",
            reason_code=component_code(f"e{3 + 2 * place}", 1),
            reference_id=component(f"e{3 + 2 * place}", 2),
            adjustment_usd=f"e{4 + 2 * place}",
        ).filter(pl.col("reason_code").is_not_null() | pl.col("adjustment_usd").is_not_null())
        for place in range(_MOST_PAIRS)
    ]
    rows = pl.concat(pairs).sort("nth", maintain_order=True)
    return read_elements(
        rows.with_columns(adjustment_number=nth_within("tx")),
        Elements("PLB", {"adjustment_usd": "PLB amount"}, {"fiscal_date": "PLB02"}),
    )
