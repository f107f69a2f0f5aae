"""Deposits against what remits add up to: signs, take-backs, errors that must not cancel."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import analytics
from analytics.measures import MissingColumns, deposits_by

MONEY = pl.Decimal(18, 2)
REMIT = {"source_file": pl.String, "transaction_number": pl.Int32}
BALANCE = REMIT | {
    "payment_usd": MONEY,
    "transaction_difference_usd": MONEY,
    "balanced": pl.Boolean,
}
CLAIM = REMIT | {"payer_id": pl.String, "paid_usd": MONEY}
PAIR = REMIT | {"payer_id": pl.String, "reason_code": pl.String, "amount_usd": MONEY}


def frame(schema: dict[str, pl.DataType], *rows: tuple[object, ...]) -> pl.LazyFrame:
    exact = [
        [Decimal(cell) if kind == MONEY and cell is not None else cell
         for cell, kind in zip(("a.835", *row), schema.values(), strict=True)]
        for row in rows
    ]  # fmt: skip
    return pl.LazyFrame(exact, schema=schema, orient="row")


def money(row: dict[str, object], *names: str) -> list[str]:
    return [str(row[f"{name}_usd"]) for name in names]


def test_take_backs_and_interest_explain_a_smaller_deposit():
    balances = frame(BALANCE, (1, "65.25", "0.00", True), (2, "-10.00", "0.00", True))
    claims = frame(CLAIM, (1, "birch", "70.00"), (1, "birch", "30.00"), (2, "birch", "-10.00"))
    pairs = frame(
        PAIR,
        (1, "birch", "WO", "50.00"),
        (1, "birch", "72", "-15.00"),
        (1, "birch", "L6", "-0.25"),
    )
    row = deposits_by(balances, claims, pairs).collect().row(0, named=True)
    assert (row["payer_id"], row["remits"], row["balanced"], row["unbalanced"]) == (
        "birch",
        2,
        2,
        0,
    )
    assert money(row, "deposit", "payments", "take_backs", "other_adjustments", "difference") == [
        "55.25", "90.00", "35.00", "-0.25", "0.00"
    ]  # fmt: skip


def test_two_errors_never_cancel():
    balances = frame(BALANCE, (1, "105.00", "5.00", False), (2, "95.00", "-5.00", False))
    claims = frame(CLAIM, (1, "birch", "100.00"), (2, "birch", "100.00"))
    row = deposits_by(balances, claims, frame(PAIR)).collect().row(0, named=True)
    assert money(row, "difference", "off") == ["0.00", "10.00"]
    assert (row["balanced"], row["unbalanced"]) == (0, 2)
    one_by_one = deposits_by(balances, claims, frame(PAIR), by="transaction_number").collect()
    assert [str(usd) for usd in one_by_one["difference_usd"]] == ["5.00", "-5.00"]


def test_untold_remit_is_counted_and_in_no_other_dollars():
    balances = frame(BALANCE, (1, "60.00", "0.00", True), (2, None, None, None))
    claims = frame(CLAIM, (1, "birch", "60.00"), (2, "birch", "12.34"))
    pairs = frame(PAIR, (2, "birch", "WO", "7.00"))
    row = deposits_by(balances, claims, pairs).collect().row(0, named=True)
    assert (row["remits"], row["balanced"], row["unbalanced"], row["untold_remits"]) == (2, 1, 0, 1)
    assert money(row, "deposit", "payments", "take_backs", "untold_payments") == [
        "60.00", "60.00", "0.00", "12.34"
    ]  # fmt: skip


def test_remit_of_adjustments_alone_has_their_payer_and_an_empty_one_none():
    balances = frame(BALANCE, (1, "-7.00", "0.00", True), (2, "0.00", "0.00", True))
    pairs = frame(PAIR, (1, "birch", "WO", "7.00"))
    nobody, birch = deposits_by(balances, frame(CLAIM), pairs).collect().to_dicts()
    assert (nobody["payer_id"], nobody["remits"]) == (None, 1)
    assert (birch["payer_id"], *money(birch, "take_backs")) == ("birch", "7.00")


def test_frame_without_the_columns_is_told_the_loader():
    with pytest.raises(MissingColumns, match=r"missing balanced.*load_remit_balances"):
        deposits_by(frame(BALANCE).drop("balanced"), frame(CLAIM), frame(PAIR))
    with pytest.raises(MissingColumns, match=r"missing trace_number.*load_remit_balances"):
        deposits_by(frame(BALANCE), frame(CLAIM), frame(PAIR), by="trace_number")


def test_every_dollar_of_the_sample_is_explained_or_off(sample_run: Path):
    balances = analytics.load_remit_balances(data=sample_run)
    claims = analytics.load_remit_claims(data=sample_run)
    pairs = analytics.load_provider_adjustments(data=sample_run)
    table = deposits_by(balances, claims, pairs).collect()
    explained = (
        table["payments_usd"]
        - table["take_backs_usd"]
        - table["other_adjustments_usd"]
        + table["difference_usd"]
    )
    assert table["deposit_usd"].to_list() == explained.to_list()
    assert table["remits"].sum() == balances.collect().height
    assert table["take_backs_usd"].sum() > 0
