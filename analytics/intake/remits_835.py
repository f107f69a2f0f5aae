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
    first_by,
    joined,
    read_elements,
    unattached,
    with_found,
)
from analytics.intake.lines_835 import read_lines
from analytics.intake.loops import Loops
from analytics.intake.patients import with_patient_key
from analytics.intake.segments import Segments, has_id, id_number
from analytics.intake.vectors import any_of, filtered, last_of, latest, repeated

_BETWEEN_CLAIMS = ("ST", "LX", "TS2", "TS3", "PLB")
_NO_CLAIM = (
    "a service line or adjustment stands outside any claim (CLP); it is in no figure; "
    "ask the payer for the remit again"
)
_DATES = ("405", "232", "233", "050", "472", "150", "151")
_OUTPATIENT_REMARKS, _INPATIENT_REMARKS = (3, 4, 5, 6, 7), (5, 20, 21, 22, 23)


def read_remits(
    segments: Segments, wanted: pl.Series, site_key: bytes
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The `raw_835__` tables of the 835 segments of a text, and what of them could not be read.

    Takes    the segments of a text, and which of them are inside 835 transactions
    Returns  table name to rows with `tx`, `source_offset` and the table's columns; rows of `REJECT`
    """
    loops = _with_loops(segments, wanted)
    in_claim = loops.where(loops.table["claim"] > 0)
    dates, lost_dates = _dates(loops)
    amounts, lost_amounts = read_amounts(in_claim)
    references = read_references(in_claim)
    remits, lost_remits = _remits(loops.where(loops.table["is_head"]), dates)
    claims, lost_claims = _claims(in_claim, dates, references, site_key)
    lines, lost_lines = read_lines(in_claim, dates, references, amounts)
    adjustments, lost_adjustments = read_adjustments(in_claim)
    provider_adjustments, lost_provider = read_provider_adjustments(loops)
    tables = {
        "raw_835__remits": remits,
        "raw_835__remit_claims": claims,
        "raw_835__remit_lines": lines,
        "raw_835__adjustments": adjustments,
        "raw_835__amounts": amounts,
        "raw_835__references": references,
        "raw_835__provider_adjustments": provider_adjustments,
    }
    outside = loops.where(loops.table["claim"] == 0).of("SVC", "CAS")
    lost = [lost_dates, lost_amounts, lost_remits, lost_claims, lost_lines, lost_adjustments]
    return tables, pl.concat([*lost, lost_provider, unattached(outside, _NO_CLAIM)])


def _with_loops(segments: Segments, wanted: pl.Series) -> Loops:
    """`claim` and `line` count the loops of the text, 0 outside one; `_number`s begin anew."""
    opens_or_ends = has_id(segments.id, [*_BETWEEN_CLAIMS, "CLP", "SVC"]) & wanted
    ids = segments.id.filter(opens_or_ends)
    is_start, is_claim, is_line = (has_id(ids, [name]) for name in ("ST", "CLP", "SVC"))
    last_start, last_claim = latest(is_start), latest(is_claim)
    in_claim = last_claim > latest(has_id(ids, _BETWEEN_CLAIMS))
    in_line = in_claim & is_line
    claims, lines = is_claim.cum_sum(), is_line.cum_sum()
    # Both only grow, so what they were when the transaction or the claim began is the most so far.
    claims_before = claims.set(~is_start, 0).cum_max()
    lines_before = lines.set(~is_claim, 0).cum_max()
    table = pl.DataFrame(
        {
            "tx": segments.tx.filter(opens_or_ends),
            "claim": claims.set(~in_claim, 0),
            "line": lines.set(~is_line, 0),
            "is_head": last_start == latest(~is_line),
            "remit_claim_number": (claims - claims_before).set(~in_claim, None),
            "remit_line_number": (lines - lines_before).set(~in_line, None),
        }
    )
    return Loops(segments, wanted, table, last_of(opens_or_ends))


def _remits(heads: Loops, dates: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    names = {
        **{"e2": "payment_amount_usd", "e3": "credit_debit", "e4": "payment_method"},
        "e16": "payment_date",
    }
    payments, lost = read_elements(
        heads.read("BPR", texts=(2, 16), codes=(3, 4)).rename(names),
        Elements("BPR", {"payment_amount_usd": "BPR02"}, {"payment_date": "BPR16"}),
    )
    produced = (dates["qualifier"] == "405") & dates["is_head"]
    remits = with_found(
        heads.of("ST").select("tx", "source_offset"),
        "tx",
        first_by("tx", payments, **{name: name for name in names.values()}),
        first_by("tx", heads.read("TRN", texts=(2,)), trace_number="e2"),
        first_by("tx", dates, produced, production_date="date"),
        *_parties(heads.read("N1", "REF", "ST", texts=(2, 4), codes=(1, 3))),
    )
    by_party = pl.when(pl.col("payee_code_kind") == "FI").then("payee_code")
    return remits.with_columns(payee_tax_id=pl.coalesce("tax_id", by_party)), lost


def _parties(named: pl.DataFrame) -> list[pl.DataFrame]:
    """Payer and payee of each remit, from the N1 loops of its head.

    Takes    the N1, REF and ST of heads with `e1` to `e4`
    """
    is_name, is_reference, is_start = (has_id(named["id"], [name]) for name in ("N1", "REF", "ST"))
    party = pl.when(is_name).then("e1").when(is_start).then(pl.lit("")).forward_fill()
    party = named.select(party=party)["party"]
    payer, payee = party == "PR", party == "PE"
    other_code = is_reference & payer & (named["e1"] == "2U")
    tax_id = is_reference & payee & (named["e1"] == "TJ")
    return [
        first_by("tx", named, is_name & payer, payer_name="e2", payer_code="e4"),
        first_by("tx", named, other_code, payer_other_code="e2"),
        first_by("tx", named, is_name & payee, payee_code="e4", payee_code_kind="e3"),
        first_by("tx", named, tax_id, tax_id="e2"),
    ]


def _dates(loops: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    sent = loops.read("DTM", texts=(2,), codes=(1,)).rename({"e1": "qualifier", "e2": "date"})
    used = filtered(sent, any_of(sent["qualifier"], _DATES))
    return read_elements(used, Elements("DTM", {}, {"date": "DTM02"}))


def _claims(
    in_claim: Loops, dates: pl.DataFrame, references: pl.DataFrame, site_key: bytes
) -> tuple[pl.DataFrame, pl.DataFrame]:
    claims, lost = _claim_segments(in_claim)
    dates, references = (
        filtered(found, (found["claim"] > 0) & (found["line"] == 0))
        for found in (dates, references)
    )
    date, is_group = dates["qualifier"], references["qualifier"] == "1L"
    claims = with_found(
        claims,
        "claim",
        first_by("claim", dates, date == "232", service_date="date"),
        first_by("claim", dates, date == "233", service_through_date="date"),
        first_by("claim", dates, date == "050", received_date="date"),
        first_by("claim", references, is_group, group_number="reference"),
        _claim_remarks(in_claim),
        *_members(in_claim.where(in_claim.table["line"] == 0)),
    )
    claims = claims.with_columns(member=pl.coalesce("patient_member", "subscriber_member"))
    keyed = with_patient_key(claims, site_key, member="member", birth_date=None, first_name=None)
    return keyed.drop("patient_member", "subscriber_member"), lost


def _claim_segments(in_claim: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    sent = in_claim.read("CLP", texts=(1, 3, 4, 5, 7), codes=(2, 6, 8, 9))
    names = {
        **{"e1": "claim_number", "e2": "status_code", "e3": "charge_usd", "e4": "paid_usd"},
        **{"e5": "patient_responsibility_usd", "e6": "filing_code", "e7": "payer_control_number"},
        **{"e8": "place_of_service", "e9": "frequency_code"},
    }
    amounts = {"charge_usd": "CLP03", "paid_usd": "CLP04", "patient_responsibility_usd": "CLP05"}
    return read_elements(sent.rename(names), Elements("CLP", amounts, {}))


def _members(claim_heads: Loops) -> list[pl.DataFrame]:
    named = claim_heads.read("NM1", texts=(9,), codes=(1,))
    is_patient, is_subscriber = ((named["e1"] == who) for who in ("QC", "IL"))
    is_known = named["e9"].is_not_null()
    return [
        first_by("claim", named, is_known & is_patient, patient_member="e9"),
        first_by("claim", named, is_known & is_subscriber, subscriber_member="e9"),
    ]


def _claim_remarks(in_claim: Loops) -> pl.DataFrame:
    numbers = tuple({*_OUTPATIENT_REMARKS, *_INPATIENT_REMARKS})
    split = in_claim.read("MIA", "MOA", codes=numbers)
    if not split.height:
        return pl.DataFrame([split["claim"], repeated(None, 0, pl.String).alias("remark_codes")])
    outpatient, inpatient = (
        joined([pl.col(f"e{number}") for number in remarks])
        for remarks in (_OUTPATIENT_REMARKS, _INPATIENT_REMARKS)
    )
    is_outpatient = pl.col("id") == id_number("MOA")
    return (
        split.select("claim", remarks=pl.when(is_outpatient).then(outpatient).otherwise(inpatient))
        .drop_nulls("remarks")
        .group_by("claim", maintain_order=True)
        .agg(remark_codes=pl.col("remarks").str.join(" "))
    )
