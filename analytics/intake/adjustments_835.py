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
from analytics.intake.vectors import at, each_times, filtered, without

KEPT_REFERENCES = (
    *("6R", "F8", "CE", "0K", "G1", "1L", "9A", "9C", "BB", "LU", "1S", "APC", "E9", "G3", "RB"),
)
LEVEL = ("tx", "remit_claim_number", "remit_line_number")
_TRIPLET, _MOST_TRIPLETS, _MOST_PAIRS = 3, 6, 6


def read_adjustments(in_claim: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per CAS triplet; a segment holds up to six, and few hold more than one."""
    split = _triplets(in_claim)
    names = {"e2": "reason_code", "e3": "adjustment_usd", "e4": "quantity"}
    rows = pl.DataFrame([column.alias(names.get(column.name, column.name)) for column in split])
    reason, amount = rows["reason_code"], rows["adjustment_usd"]
    if reason.null_count() and amount.null_count():
        rows = filtered(rows, reason.is_not_null() | amount.is_not_null())
    return read_elements(
        rows.hstack([nth_within(rows["claim"]).alias("adjustment_number")]),
        Elements("CAS", {"adjustment_usd": "CAS amount", "quantity": "CAS quantity"}, {}),
    )


def _triplets(in_claim: Loops) -> pl.DataFrame:
    """The CAS segments, each as often as it holds triplets: `group_code`, `e2` to `e4`."""
    sent = in_claim.of("CAS")
    triplets = (sent["count"] + 1) // _TRIPLET
    nth, place = each_times(triplets.set(triplets > _MOST_TRIPLETS, _MOST_TRIPLETS))
    rows, shift = at(sent, nth), place * _TRIPLET
    group = with_elements(in_claim.segments, rows, codes=(1,))["e1"]
    # A later triplet is read as the first one is, of a segment that begins so much later.
    rows = without(rows, "first", "count").hstack(
        [(rows["first"] + shift).alias("first"), (rows["count"] - shift).alias("count")]
    )
    split = with_elements(in_claim.segments, rows, texts=(3, 4), codes=(2,))
    return split.hstack([group.alias("group_code")])


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
    sent = loops.of("PLB")
    # Few segments hold more than one, and most texts no segment at all.
    most = min(max((sent["count"].max() or 0) - 1, 2) // 2, _MOST_PAIRS)
    sent = with_elements(loops.segments, sent, texts=tuple(range(1, 3 + 2 * most)))
    sent = sent.with_row_index("nth")
    pairs = [
        sent.select(
            *["nth", "tx", "source_offset"],
            provider_id="e1",
            fiscal_date="e2",
            reason_code=component_code(f"e{3 + 2 * place}", 1),
            reference_id=component(f"e{3 + 2 * place}", 2),
            adjustment_usd=f"e{4 + 2 * place}",
        ).filter(pl.col("reason_code").is_not_null() | pl.col("adjustment_usd").is_not_null())
        for place in range(most)
    ]
    rows = pl.concat(pairs).sort("nth", maintain_order=True)
    return read_elements(
        rows.with_columns(adjustment_number=nth_within(rows["tx"])),
        Elements("PLB", {"adjustment_usd": "PLB amount"}, {"fiscal_date": "PLB02"}),
    )
