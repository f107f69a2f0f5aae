"""Claims as tables: what was billed and to whom, from the segments of 837 transactions.

Subscriber, patient and destination payer stand before the CLM, in the hierarchy; whoever is named
inside a 2320 loop is another payer. Service lines are read in `lines_837`.
"""

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
    segments_of,
    text,
    unattached,
)
from analytics.intake.lines_837 import read_lines
from analytics.intake.loops_837 import SERVICE_LINES, with_loops
from analytics.intake.patients import with_patient_key

RANKS = {"P": "primary", "S": "secondary", "T": "tertiary"}
DIAGNOSIS_QUALIFIERS = ("ABK", "ABF", "BK", "BF")
_EMPLOYER_NUMBER = "24"
_PERSON = "1"
_NO_CLAIM = (
    "a service line stands outside any claim (CLM); it is in no figure; "
    "ask the sender for the claims again"
)


def read_claims(
    rows: pl.DataFrame, site_key: bytes
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The `raw_837__` tables of the 837 segments of a text, and what of them could not be read.

    Takes    rows of `read_segments`, those of 837 transactions only
    Returns  table name to rows with `tx`, `source_offset` and the table's columns but `claim_type`,
             which is the transaction's; rows of `REJECT`
    """
    looped = with_loops(rows)
    heads, in_claim = looped.filter(pl.col("claim") == 0), looped.filter(pl.col("claim") > 0)
    claims, lost_claims = _claims(heads, in_claim, site_key)
    others, lost_others = _other_payers(in_claim)
    lines, lost_lines = read_lines(in_claim)
    outside = heads.filter(pl.col("id").is_in(SERVICE_LINES))
    tables = {
        "raw_837__claims": claims,
        "raw_837__claim_payers": _payers(claims, others),
        "raw_837__claim_lines": lines,
    }
    return tables, pl.concat([lost_claims, lost_others, lost_lines, unattached(outside, _NO_CLAIM)])


def _claims(
    heads: pl.DataFrame, in_claim: pl.DataFrame, site_key: bytes
) -> tuple[pl.DataFrame, pl.DataFrame]:
    claims, lost_claims = _claim_segments(in_claim)
    submitted, lost_submitted = read_elements(
        segments_of(heads, "BHT", 4).select("tx", "source_offset", submitted_date=text("e4")),
        Elements("BHT", {}, {"submitted_date": "BHT04"}),
    )
    periods, lost_periods = _claim_periods(in_claim)
    anything = pl.lit(True)
    for key, found in (
        ("tx", first_by("tx", submitted, anything, submitted_date="submitted_date")),
        *[("billing", found) for found in _billing_providers(heads)],
        *[("subscriber", found) for found in _destinations(heads)],
        *_people(heads),
        *[("claim", found) for found in (*periods, *_claim_references(in_claim))],
        ("claim", _diagnoses(in_claim)),
    ):
        claims = claims.join(found, on=key, how="left", validate="m:1", maintain_order="left")
    claims = claims.with_columns(
        payer_rank=_rank("sbr01"),
        statement_date=pl.coalesce("statement_date", "service_date"),
        statement_through_date=pl.coalesce("statement_through_date", "service_through_date"),
        billing_tax_id=pl.coalesce("billing_tax_id", "tax_id_as_name_code"),
        member=pl.coalesce("member_id", "subscriber_name"),
        birth_date=pl.when("is_patient_named").then("patient_birth").otherwise("subscriber_birth"),
        first_name=pl.when("is_patient_named").then("patient_first").otherwise("subscriber_first"),
    )
    keyed = with_patient_key(
        claims, site_key, member="member", birth_date="birth_date", first_name="first_name"
    )
    return keyed, pl.concat([lost_claims, lost_submitted, lost_periods])


def _claim_segments(in_claim: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    return read_elements(
        segments_of(in_claim, "CLM", 5).select(
            *["tx", "billing", "subscriber", "patient", "claim", "submission_number"],
            "source_offset",
            claim_number=text("e1"),
            charge_usd=text("e2"),
            place_of_service=code(component("e5", 1)),
            frequency_code=code(component("e5", 3)),
        ),
        Elements("CLM", {"charge_usd": "CLM02"}, {}),
    )


def _claim_periods(in_claim: pl.DataFrame) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    own = ~pl.col("in_lines") & (pl.col("other_payer") == 0)
    periods, lost = read_periods(in_claim.filter(own), ("434", "472"))
    statement, service = pl.col("qualifier") == "434", pl.col("qualifier") == "472"
    return [
        first_by(
            *("claim", periods, statement),
            statement_date="from_date",
            statement_through_date="through_date",
        ),
        first_by(
            *("claim", periods, service),
            service_date="from_date",
            service_through_date="through_date",
        ),
    ], lost


def _claim_references(in_claim: pl.DataFrame) -> list[pl.DataFrame]:
    # 2330B carries REF*F8 and REF*G1 too: another payer's number, not this claim's.
    own = ~pl.col("in_lines") & (pl.col("other_payer") == 0)
    sent = segments_of(in_claim.filter(own), "REF", 2).with_columns(
        qualifier=code("e1"), reference=text("e2")
    )
    is_original, is_authorization = pl.col("qualifier") == "F8", pl.col("qualifier") == "G1"
    return [
        first_by("claim", sent, is_original, original_control_number="reference"),
        first_by("claim", sent, is_authorization, authorization_number="reference"),
    ]


def _diagnoses(in_claim: pl.DataFrame) -> pl.DataFrame:
    """The diagnosis codes of a claim in order; an HI holds up to twelve composites."""
    sent = segments_of(in_claim.filter(~pl.col("in_lines")), "HI", 12)
    kept = [
        pl.when(code(component(f"e{number}", 1)).is_in(DIAGNOSIS_QUALIFIERS)).then(
            code(component(f"e{number}", 2))
        )
        for number in range(1, 13)
    ]
    return (
        sent.select("claim", diagnoses=joined(kept))
        .drop_nulls("diagnoses")
        .group_by("claim", maintain_order=True)
        .agg(pl.col("diagnoses").str.join(" "))
    )


def _billing_providers(heads: pl.DataFrame) -> list[pl.DataFrame]:
    names = segments_of(heads, "NM1", 9).with_columns(kind=code("e8"), number=text("e9"))
    references = segments_of(heads, "REF", 2).with_columns(kind=code("e1"), number=text("e2"))
    is_billing, kind = pl.col("party") == "85", pl.col("kind")
    # REF*SY and NM108 = 34 are a person's social security number, which no table needs.
    has_npi, has_tax_id = kind == "XX", kind == "EI"
    # 4010 may name the billing provider by its tax id alone.
    is_tax_id = kind == _EMPLOYER_NUMBER
    return [
        first_by("billing", names, is_billing & has_npi, billing_npi="number"),
        first_by("billing", references, is_billing & has_tax_id, billing_tax_id="number"),
        first_by("billing", names, is_billing & is_tax_id, tax_id_as_name_code="number"),
    ]


def _destinations(heads: pl.DataFrame) -> list[pl.DataFrame]:
    ranks = segments_of(heads, "SBR", 9).with_columns(
        sbr01=code("e1"), group_number=text("e3"), filing_code=code("e9")
    )
    payers = _named_payers(heads)
    is_payer = pl.col("party") == "PR"
    kept = {name: name for name in ("sbr01", "group_number", "filing_code")}
    named = {name: name for name in ("payer_name", "payer_code")}
    return [
        first_by("subscriber", ranks, pl.lit(True), **kept, rank_offset="source_offset"),
        first_by("subscriber", payers, is_payer, **named, payer_offset="source_offset"),
    ]


def _named_payers(rows: pl.DataFrame) -> pl.DataFrame:
    # A payer that is a person (an injury claim goes to one) is a name nobody may keep.
    is_person = (code("e2") == _PERSON).fill_null(False)
    return segments_of(rows, "NM1", 9).with_columns(
        payer_name=pl.when(~is_person).then(text("e3")), payer_code=text("e9")
    )


def _people(heads: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    """What identifies subscriber and patient; it goes into the patient's key and nowhere else."""
    names = segments_of(heads, "NM1", 9).with_columns(
        last=text("e3"), first=text("e4"), member=text("e9"), is_named=pl.lit(True)
    )
    births = segments_of(heads, "DMG", 2).with_columns(birth=text("e2"))
    is_subscriber = (pl.col("party") == "IL") & pl.col("patient").is_null()
    is_patient = (pl.col("party") == "QC") & pl.col("patient").is_not_null()
    subscriber = {"member_id": "member", "subscriber_name": "last", "subscriber_first": "first"}
    patient = {"patient_first": "first", "is_patient_named": "is_named"}
    return [
        ("subscriber", first_by("subscriber", names, is_subscriber, **subscriber)),
        ("subscriber", first_by("subscriber", births, is_subscriber, subscriber_birth="birth")),
        ("patient", first_by("patient", names, is_patient, **patient)),
        ("patient", first_by("patient", births, is_patient, patient_birth="birth")),
    ]


def _other_payers(in_claim: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Per 2320 loop: who else may pay the claim, and what that payer paid before."""
    loops = in_claim.filter(pl.col("other_payer") > 0)
    others = segments_of(loops, "SBR", 9).with_columns(
        payer_rank=_rank(code("e1")), filing_code=code("e9")
    )
    payers = _named_payers(loops)
    paid, lost = read_elements(
        segments_of(loops, "AMT", 2)
        .filter(code("e1") == "D")
        .with_columns(prior_paid_usd=text("e2")),
        Elements("AMT", {"prior_paid_usd": "AMT02"}, {}),
    )
    is_payer = pl.col("party") == "PR"
    named = {name: name for name in ("payer_name", "payer_code")}
    for found in (
        first_by("other_payer", payers, is_payer, **named),
        first_by("other_payer", paid, pl.lit(True), prior_paid_usd="prior_paid_usd"),
    ):
        others = others.join(
            found, on="other_payer", how="left", validate="1:1", maintain_order="left"
        )
    return others, lost


def _payers(claims: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """One row per payer a claim names: where it went, then the others in order."""
    columns = ("payer_rank", "filing_code", "payer_name", "payer_code")
    key = ("tx", "claim", "submission_number")
    destinations = claims.with_columns(
        is_destination=pl.lit(True),
        prior_paid_usd=pl.lit(None, pl.Decimal(18, 4)),
        source_offset=pl.coalesce("payer_offset", "rank_offset"),
    ).filter(pl.col("source_offset").is_not_null())
    elsewhere = others.with_columns(is_destination=pl.lit(False))
    kept = [*key, *columns, "is_destination", "prior_paid_usd", "source_offset"]
    return pl.concat([destinations.select(kept), elsewhere.select(kept)]).sort(
        "claim", "is_destination", "source_offset", descending=[False, True, False]
    )


def _rank(sbr01: pl.Expr | str) -> pl.Expr:
    sent = pl.col(sbr01) if isinstance(sbr01, str) else sbr01
    return sent.fill_null("").replace_strict(RANKS, default="tertiary", return_dtype=pl.String)
