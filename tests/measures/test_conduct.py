"""Payer conduct: medians of claims by month, and take-backs followed along their reference."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from analytics.measures import MissingColumns, payer_conduct_by, take_backs_by

MONEY = pl.Decimal(18, 2)


def a_claim(**changes: object) -> dict[str, object]:
    claim = {
        "payer_id": "birch",
        "first_answer_date": date(2026, 3, 9),
        "days_from_submission": 10,
        "days_from_receipt": None,
        "interest_usd": Decimal("0.25"),
    }
    return claim | changes


def claims_of(*claims: dict[str, object]) -> pl.LazyFrame:
    return pl.LazyFrame(
        claims, schema_overrides={"interest_usd": MONEY, "days_from_receipt": pl.Int64}
    )


def pairs_of(*pairs: tuple[str, str | None, str, str | None]) -> pl.LazyFrame:
    rows = [
        {
            "payer_id": "birch",
            "reason_code": code,
            "reference_id": reference,
            "amount_usd": Decimal(amount),
            "linked_claim_id": claim,
        }
        for code, reference, amount, claim in pairs
    ]
    text = {"reference_id": pl.String, "linked_claim_id": pl.String, "amount_usd": MONEY}
    return pl.LazyFrame(rows, schema_overrides=text)


def test_medians_are_of_claims_by_month_of_the_first_answer():
    claims = claims_of(
        a_claim(),
        a_claim(days_from_submission=20, days_from_receipt=5),
        a_claim(days_from_submission=90),
        a_claim(first_answer_date=date(2026, 4, 1), days_from_submission=None),
        a_claim(first_answer_date=None, days_from_submission=None),
    )
    march, april = payer_conduct_by(claims, by="payer_id").collect().to_dicts()
    assert (march["answer_month"], march["answered_claims"]) == (date(2026, 3, 1), 3)
    assert (march["median_days_from_submission"], march["submission_claims"]) == (20.0, 3)
    assert (march["median_days_from_receipt"], march["receipt_claims"]) == (5.0, 1)
    assert march["interest_usd"] == Decimal("0.75")
    assert (april["answered_claims"], april["median_days_from_submission"]) == (1, None)


def test_chain_that_was_given_back_is_not_out_and_fees_are_no_take_back():
    pairs = pairs_of(
        ("WO", "old icn", "40.00", "C1"),
        ("72", "OLDICN", "-15.00", None),
        ("FB", "OTHER", "7.00", None),
        ("L6", "OLDICN", "-0.25", None),
    )
    first, second = take_backs_by(pairs).collect().to_dicts()
    assert (first["chain"], first["pairs"]) == ("OLDICN", 2)
    assert [str(first[name]) for name in ("taken_usd", "given_usd", "still_out_usd")] == [
        "40.00", "15.00", "25.00"
    ]  # fmt: skip
    assert (first["unlinked_pairs"], str(first["unlinked_usd"])) == (1, "-15.00")
    assert (second["chain"], second["unlinked_pairs"]) == ("OTHER", 1)
    whole = take_backs_by(pairs, by="payer_id").collect().row(0, named=True)
    assert str(whole["still_out_usd"]) == "32.00"


def test_frames_without_the_columns_are_told_the_loader():
    with pytest.raises(MissingColumns, match=r"missing interest_usd.*load_claim_outcomes"):
        payer_conduct_by(claims_of(a_claim()).drop("interest_usd"), by="payer_id")
    with pytest.raises(MissingColumns, match=r"missing amount_usd.*load_provider_adjustments"):
        take_backs_by(pairs_of(("WO", "X", "1.00", None)).drop("amount_usd"))
