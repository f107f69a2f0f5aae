"""Claims as tables: what was billed and to whom, from the segments of 837 transactions.

Subscriber, patient and destination payer stand before the CLM, in the hierarchy; whoever is named
inside a 2320 loop is another payer. Service lines are read in `lines_837`.
"""

from __future__ import annotations

import polars as pl

from analytics.intake.elements import (
    DECIMAL,
    Elements,
    component_code,
    first_by,
    joined,
    read_elements,
    read_periods,
    unattached,
    with_found,
)
from analytics.intake.lines_837 import read_lines
from analytics.intake.loops import Loops
from analytics.intake.loops_837 import SERVICE_LINES, with_loops
from analytics.intake.patients import with_patient_key
from analytics.intake.segments import Segments
from analytics.intake.vectors import filtered

RANKS = {"P": "primary", "S": "secondary", "T": "tertiary"}
DIAGNOSIS_QUALIFIERS = ("ABK", "ABF", "BK", "BF")
_EMPLOYER_NUMBER = "24"
_PERSON = "1"
_NO_CLAIM = (
    "a service line stands outside any claim (CLM); it is in no figure; "
    "ask the sender for the claims again"
)


def read_claims(
    segments: Segments, wanted: pl.Series, site_key: bytes
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The `raw_837__` tables of the 837 segments of a text, and what of them could not be read.

    Takes    the segments of a text, and which of them are inside 837 transactions
    Returns  table name to rows with `tx`, `source_offset` and the table's columns but `claim_type`,
             which is the transaction's; rows of `REJECT`
    """
    loops = with_loops(segments, wanted)
    heads, in_claim = (
        loops.where(holds) for holds in (loops.table["claim"] == 0, loops.table["claim"] > 0)
    )
    claims, lost_claims = _claims(heads, in_claim, site_key)
    others, lost_others = _other_payers(in_claim.where(loops.table["other_payer"] > 0))
    lines, lost_lines = read_lines(in_claim)
    outside = heads.of(*SERVICE_LINES)
    tables = {
        "raw_837__claims": claims,
        "raw_837__claim_payers": _payers(claims, others),
        "raw_837__claim_lines": lines,
    }
    return tables, pl.concat([lost_claims, lost_others, lost_lines, unattached(outside, _NO_CLAIM)])


def _claims(heads: Loops, in_claim: Loops, site_key: bytes) -> tuple[pl.DataFrame, pl.DataFrame]:
    claims, lost_claims = _claim_segments(in_claim)
    # 2330B carries REF*F8 and REF*G1 too: another payer's number, not this claim's.
    table = in_claim.table
    own = in_claim.where(~table["in_lines"] & (table["other_payer"] == 0))
    started = heads.read("BHT", texts=(4,)).rename({"e4": "submitted_date"})
    submitted, lost_submitted = read_elements(
        started, Elements("BHT", {}, {"submitted_date": "BHT04"})
    )
    periods, lost_periods = _claim_periods(own)
    names = heads.read("NM1", texts=(2, 3, 4, 9), codes=(8,))
    subscriber, patient = _people(names, heads)
    claims = with_found(claims, "tx", first_by("tx", submitted, submitted_date="submitted_date"))
    claims = with_found(claims, "billing", *_billing_providers(names, heads))
    claims = with_found(claims, "subscriber", *_destinations(names, heads), *subscriber)
    claims = with_found(claims, "patient", *patient)
    claims = with_found(claims, "claim", *periods, *_claim_references(own), _diagnoses(in_claim))
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


def _claim_segments(in_claim: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    return read_elements(
        in_claim.read("CLM", texts=(1, 2, 5)).select(
            *["tx", "billing", "subscriber", "patient", "claim", "submission_number"],
            "source_offset",
            claim_number="e1",
            charge_usd="e2",
            place_of_service=component_code("e5", 1),
            frequency_code=component_code("e5", 3),
        ),
        Elements("CLM", {"charge_usd": "CLM02"}, {}),
    )


def _claim_periods(own: Loops) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    periods, lost = read_periods(own.read("DTP", texts=(3,), codes=(1,)), "434", "472")
    of_statement = {"statement_date": "from_date", "statement_through_date": "through_date"}
    of_service = {"service_date": "from_date", "service_through_date": "through_date"}
    return [
        first_by("claim", periods, periods["e1"] == "434", **of_statement),
        first_by("claim", periods, periods["e1"] == "472", **of_service),
    ], lost


def _claim_references(own: Loops) -> list[pl.DataFrame]:
    sent = own.read("REF", texts=(2,), codes=(1,))
    is_original, is_authorization = sent["e1"] == "F8", sent["e1"] == "G1"
    return [
        first_by("claim", sent, is_original, original_control_number="e2"),
        first_by("claim", sent, is_authorization, authorization_number="e2"),
    ]


def _diagnoses(in_claim: Loops) -> pl.DataFrame:
    """The diagnosis codes of a claim in order; an HI holds up to twelve composites."""
    sent = in_claim.where(~in_claim.table["in_lines"]).read("HI", texts=tuple(range(1, 13)))
    kept = [
        pl.when(component_code(f"e{number}", 1).is_in(DIAGNOSIS_QUALIFIERS)).then(
            component_code(f"e{number}", 2)
        )
        for number in range(1, 13)
    ]
    return (
        sent.select("claim", diagnoses=joined(kept))
        .drop_nulls("diagnoses")
        .group_by("claim", maintain_order=True)
        .agg(pl.col("diagnoses").str.join(" "))
    )


def _billing_providers(names: pl.DataFrame, heads: Loops) -> list[pl.DataFrame]:
    references = heads.read("REF", texts=(2,), codes=(1,))
    is_billing = names["party"] == "85"
    # REF*SY and NM108 = 34 are a person's social security number, which no table needs.
    has_npi, has_tax_id = names["e8"] == "XX", references["e1"] == "EI"
    # 4010 may name the billing provider by its tax id alone.
    is_tax_id = names["e8"] == _EMPLOYER_NUMBER
    return [
        first_by("billing", names, is_billing & has_npi, billing_npi="e9"),
        first_by(
            "billing", references, (references["party"] == "85") & has_tax_id, billing_tax_id="e2"
        ),
        first_by("billing", names, is_billing & is_tax_id, tax_id_as_name_code="e9"),
    ]


def _destinations(names: pl.DataFrame, heads: Loops) -> list[pl.DataFrame]:
    ranks = heads.read("SBR", texts=(3,), codes=(1, 9))
    kept = {"sbr01": "e1", "group_number": "e3", "filing_code": "e9"}
    named = {"payer_name": "payer_name", "payer_code": "e9"}
    payers = _named_payers(names)
    return [
        first_by("subscriber", ranks, **kept, rank_offset="source_offset"),
        first_by("subscriber", payers, **named, payer_offset="source_offset"),
    ]


def _named_payers(names: pl.DataFrame) -> pl.DataFrame:
    payers = filtered(names, names["party"] == "PR")
    # A payer that is a person (an injury claim goes to one) is a name nobody may keep.
    is_person = (pl.col("e2") == _PERSON).fill_null(False)
    return payers.with_columns(payer_name=pl.when(~is_person).then("e3"))


def _people(names: pl.DataFrame, heads: Loops) -> tuple[list[pl.DataFrame], list[pl.DataFrame]]:
    """What identifies subscriber and patient; it goes into the patient's key and nowhere else."""
    births = heads.read("DMG", texts=(2,))
    (is_subscriber, is_birth_of_subscriber), (is_patient, is_birth_of_patient) = (
        [
            (rows["party"] == party) & (rows["patient"].is_null() == is_self)
            for rows in (names, births)
        ]
        for party, is_self in (("IL", True), ("QC", False))
    )
    subscriber = {"member_id": "e9", "subscriber_name": "e3", "subscriber_first": "e4"}
    patient = {"patient_first": "e4", "is_patient_named": "is_named"}
    named = names.with_columns(is_named=pl.lit(True))
    return [
        first_by("subscriber", named, is_subscriber, **subscriber),
        first_by("subscriber", births, is_birth_of_subscriber, subscriber_birth="e2"),
    ], [
        first_by("patient", named, is_patient, **patient),
        first_by("patient", births, is_birth_of_patient, patient_birth="e2"),
    ]


def _other_payers(in_other_payer: Loops) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Per 2320 loop: who else may pay the claim, and what that payer paid before."""
    others = in_other_payer.read("SBR", codes=(1, 9))
    others = others.with_columns(payer_rank=_rank("e1"), filing_code="e9")
    names = in_other_payer.read("NM1", texts=(2, 3, 9))
    amounts = in_other_payer.read("AMT", texts=(2,), codes=(1,))
    paid, lost = read_elements(
        amounts.filter(pl.col("e1") == "D").rename({"e2": "prior_paid_usd"}),
        Elements("AMT", {"prior_paid_usd": "AMT02"}, {}),
    )
    named = {"payer_name": "payer_name", "payer_code": "e9"}
    return with_found(
        others,
        "other_payer",
        first_by("other_payer", _named_payers(names), **named),
        first_by("other_payer", paid, prior_paid_usd="prior_paid_usd"),
    ), lost


def _payers(claims: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """One row per payer a claim names: where it went, then the others in order."""
    columns = ("payer_rank", "filing_code", "payer_name", "payer_code")
    key = ("tx", "claim", "submission_number")
    destinations = claims.with_columns(
        is_destination=pl.lit(True),
        prior_paid_usd=pl.lit(None, DECIMAL),
        source_offset=pl.coalesce("payer_offset", "rank_offset"),
    ).filter(pl.col("source_offset").is_not_null())
    elsewhere = others.with_columns(is_destination=pl.lit(False))
    kept = [*key, *columns, "is_destination", "prior_paid_usd", "source_offset"]
    return pl.concat([destinations.select(kept), elsewhere.select(kept)]).sort(
        "claim", "is_destination", "source_offset", descending=[False, True, False]
    )


def _rank(sbr01: str) -> pl.Expr:
    sent = pl.col(sbr01).fill_null("")
    return sent.replace_strict(RANKS, default="tertiary", return_dtype=pl.String)
