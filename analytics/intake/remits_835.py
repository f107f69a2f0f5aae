"""Remits as tables: what a payer says it paid, from the segments of 835 transactions.

A loop is carried from the segment that opens it: a claim from its CLP to the next CLP, LX, TS2, TS3
or PLB; a line from its SVC to the next SVC or CLP. So nothing between an LX and a CLP sticks to the
claim before it.
"""

from __future__ import annotations

import polars as pl

from analytics.intake.adjustments_835 import (
    read_adjustments,
    read_amounts,
    read_provider_adjustments,
    read_references,
)
from analytics.intake.elements import (
    Elements,
    code,
    first_by,
    joined,
    read_elements,
    segments_of,
    split_elements,
    text,
    unattached,
)
from analytics.intake.lines_835 import read_lines
from analytics.intake.patients import with_patient_key

_USED = (
    *("ST", "BPR", "TRN", "N1", "REF", "DTM", "LX", "TS2", "TS3", "CLP", "CAS", "NM1", "MIA"),
    *("MOA", "AMT", "QTY", "SVC", "LQ", "PLB"),
)
_BETWEEN_CLAIMS = ("ST", "LX", "TS2", "TS3", "PLB")
_NO_CLAIM = (
    "a service line or adjustment stands outside any claim (CLP); it is in no figure; "
    "ask the payer for the remit again"
)


def read_remits(
    rows: pl.DataFrame, site_key: bytes
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The `raw_835__` tables of the 835 segments of a text, and what of them could not be read.

    Takes    rows of `read_segments`, those of 835 transactions only
    Returns  table name to rows with `tx`, `source_offset` and the table's columns; rows of `REJECT`
    """
    looped = _with_loops(rows.filter(pl.col("id").is_in(_USED)))
    in_claim = looped.filter(pl.col("claim") > 0)
    dates, lost_dates = _dates(looped)
    amounts, lost_amounts = read_amounts(in_claim)
    references = read_references(in_claim)
    remits, lost_remits = _remits(looped.filter("is_head"), dates)
    claims, lost_claims = _claims(in_claim, dates, references, site_key)
    lines, lost_lines = read_lines(in_claim, dates, references, amounts)
    adjustments, lost_adjustments = read_adjustments(in_claim)
    provider_adjustments, lost_provider = read_provider_adjustments(looped)
    outside = (pl.col("claim") == 0) & pl.col("id").is_in(["SVC", "CAS"])
    tables = {
        "raw_835__remits": remits,
        "raw_835__remit_claims": claims,
        "raw_835__remit_lines": lines,
        "raw_835__adjustments": adjustments,
        "raw_835__amounts": amounts,
        "raw_835__references": references,
        "raw_835__provider_adjustments": provider_adjustments,
    }
    lost = [lost_dates, lost_amounts, lost_remits, lost_claims, lost_lines, lost_adjustments]
    return tables, pl.concat([*lost, lost_provider, unattached(looped.filter(outside), _NO_CLAIM)])


def _with_loops(rows: pl.DataFrame) -> pl.DataFrame:
    """`claim` and `line` count the loops of the text, 0 outside one; `_number`s begin anew."""
    is_start, is_claim, is_line = (pl.col("id") == name for name in ("ST", "CLP", "SVC"))
    ends_claim = pl.col("id").is_in(_BETWEEN_CLAIMS)
    claims, lines = is_claim.cum_sum().cast(pl.Int32), is_line.cum_sum().cast(pl.Int32)
    claim = pl.when(is_claim).then(claims).when(ends_claim).then(0).forward_fill()
    line = pl.when(is_line).then(lines).when(is_claim | ends_claim).then(0).forward_fill()
    looped = rows.with_columns(
        claim=claim,
        line=line,
        claims_before=pl.when(is_start).then(claims).forward_fill(),
        lines_before=pl.when(is_claim).then(lines).forward_fill(),
        is_head=pl.when(is_start).then(True).when(is_claim | ends_claim).then(False).forward_fill(),
    )
    in_claim, in_line = pl.col("claim") > 0, (pl.col("claim") > 0) & (pl.col("line") > 0)
    nth_claim = pl.col("claim") - pl.col("claims_before")
    nth_line = pl.col("line") - pl.col("lines_before")
    return looped.select(
        *["tx", "id", "segment", "claim", "line", "is_head"],
        source_offset="offset",
        remit_claim_number=pl.when(in_claim).then(nth_claim),
        remit_line_number=pl.when(in_line).then(nth_line),
    )


def _remits(heads: pl.DataFrame, dates: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    payments, lost = read_elements(
        segments_of(heads, "BPR", 16).select(
            "tx",
            "source_offset",
            payment_amount_usd=text("e2"),
            credit_debit=code("e3"),
            payment_method=code("e4"),
            payment_date=text("e16"),
        ),
        Elements("BPR", {"payment_amount_usd": "BPR02"}, {"payment_date": "BPR16"}),
    )
    any_payment = pl.lit(True)
    kept = ("payment_amount_usd", "credit_debit", "payment_method", "payment_date")
    traces = segments_of(heads, "TRN", 2).with_columns(trace=text("e2"))
    produced = (pl.col("qualifier") == "405") & pl.col("is_head")
    remits = heads.filter(pl.col("id") == "ST").select("tx", "source_offset")
    for found in (
        first_by("tx", payments, any_payment, **{name: name for name in kept}),
        first_by("tx", traces, any_payment, trace_number="trace"),
        first_by("tx", dates, produced, production_date="date"),
        *_parties(heads),
    ):
        remits = remits.join(found, on="tx", how="left", validate="1:1", maintain_order="left")
    by_party = pl.when(pl.col("payee_code_kind") == "FI").then("payee_code")
    return remits.with_columns(payee_tax_id=pl.coalesce("tax_id", by_party)), lost


def _parties(heads: pl.DataFrame) -> list[pl.DataFrame]:
    """Payer and payee of each remit, from the N1 loops of its head."""
    is_name, is_reference, is_start = (pl.col("id") == name for name in ("N1", "REF", "ST"))
    named = split_elements(heads.filter(is_name | is_reference | is_start), 4).with_columns(
        party=pl.when(is_name).then(code("e1")).when(is_start).then(pl.lit("")),
        name=text("e2"),
        code_kind=code("e3"),
        code=text("e4"),
        qualifier=code("e1"),
    )
    named = named.with_columns(pl.col("party").forward_fill())
    payer, payee = pl.col("party") == "PR", pl.col("party") == "PE"
    other_code = is_reference & payer & (pl.col("qualifier") == "2U")
    tax_id = is_reference & payee & (pl.col("qualifier") == "TJ")
    return [
        first_by("tx", named, is_name & payer, payer_name="name", payer_code="code"),
        first_by("tx", named, other_code, payer_other_code="name"),
        first_by("tx", named, is_name & payee, payee_code="code", payee_code_kind="code_kind"),
        first_by("tx", named, tax_id, tax_id="name"),
    ]


def _dates(looped: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    sent = segments_of(looped, "DTM", 2).with_columns(qualifier=code("e1"), date=text("e2"))
    used = sent.filter(pl.col("qualifier").is_in(["405", "232", "233", "050", "472", "150", "151"]))
    return read_elements(used, Elements("DTM", {}, {"date": "DTM02"}))


def _claims(
    in_claim: pl.DataFrame, dates: pl.DataFrame, references: pl.DataFrame, site_key: bytes
) -> tuple[pl.DataFrame, pl.DataFrame]:
    claims, lost = read_elements(
        segments_of(in_claim, "CLP", 9).select(
            *["tx", "claim", "source_offset", "remit_claim_number"],
            claim_number=text("e1"),
            status_code=code("e2"),
            charge_usd=text("e3"),
            paid_usd=text("e4"),
            patient_responsibility_usd=text("e5"),
            filing_code=code("e6"),
            payer_control_number=text("e7"),
            place_of_service=code("e8"),
            frequency_code=code("e9"),
        ),
        Elements(
            "CLP",
            {"charge_usd": "CLP03", "paid_usd": "CLP04", "patient_responsibility_usd": "CLP05"},
            {},
        ),
    )
    qualifier = pl.col("qualifier")
    own_dates, own_references = (
        found.filter((pl.col("claim") > 0) & (pl.col("line") == 0)) for found in (dates, references)
    )
    for found in (
        first_by("claim", own_dates, qualifier == "232", service_date="date"),
        first_by("claim", own_dates, qualifier == "233", service_through_date="date"),
        first_by("claim", own_dates, qualifier == "050", received_date="date"),
        first_by("claim", own_references, qualifier == "1L", group_number="reference"),
        _claim_remarks(in_claim),
        *_members(in_claim),
    ):
        claims = claims.join(found, on="claim", how="left", validate="1:1", maintain_order="left")
    claims = claims.with_columns(member=pl.coalesce("patient_member", "subscriber_member"))
    keyed = with_patient_key(claims, site_key, member="member", birth_date=None, first_name=None)
    return keyed.drop("patient_member", "subscriber_member"), lost


def _members(in_claim: pl.DataFrame) -> list[pl.DataFrame]:
    names = in_claim.filter((pl.col("id") == "NM1") & (pl.col("line") == 0))
    members = split_elements(names, 9).with_columns(who=code("e1"), member=text("e9"))
    known = members.filter(pl.col("member").is_not_null())
    return [
        first_by("claim", known, pl.col("who") == "QC", patient_member="member"),
        first_by("claim", known, pl.col("who") == "IL", subscriber_member="member"),
    ]


def _claim_remarks(in_claim: pl.DataFrame) -> pl.DataFrame:
    outpatient = [code(f"e{number}") for number in (3, 4, 5, 6, 7)]
    inpatient = [code(f"e{number}") for number in (5, 20, 21, 22, 23)]
    split = split_elements(in_claim.filter(pl.col("id").is_in(["MIA", "MOA"])), 23)
    remarks = pl.when(pl.col("id") == "MOA").then(joined(outpatient)).otherwise(joined(inpatient))
    return (
        split.select("claim", remarks=remarks)
        .drop_nulls("remarks")
        .group_by("claim", maintain_order=True)
        .agg(remark_codes=pl.col("remarks").str.join(" "))
    )
