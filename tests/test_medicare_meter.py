"""The false-positive meter counts only what was compared, and says so."""

from decimal import Decimal

import polars as pl

from analytics.medicare_meter import read_meter

MONEY = pl.Decimal(18, 2)
SCHEMA = {
    "shortfall_usd": MONEY,
    "overpaid_usd": MONEY,
    "allowed_usd": MONEY,
    "payment_check": pl.String,
    "is_house_code": pl.Boolean,
    "difference_usd": MONEY,
}


def payments(*rows: tuple[str, str, str, str]) -> pl.LazyFrame:
    """Lines: short, or over with a minus; allowed; the payment check, and how it differs."""
    cells = [
        (
            max(Decimal(short), Decimal(0)),
            max(-Decimal(short), Decimal(0)),
            Decimal(allowed),
            check,
            check == "differs",
            Decimal(difference),
        )
        for short, allowed, check, difference in rows
    ]
    return pl.LazyFrame(cells, schema=SCHEMA, orient="row")


def test_meter_is_the_shortfall_and_stands_beside_what_was_compared():
    meter = read_meter(
        payments(
            ("0.00", "15064.63", "agrees", "0.01"),
            ("714.63", "14350.00", "differs", "88.43"),
            ("0.00", "15064.63", "differs", "11.57"),
            ("0.00", "15064.63", "differs", "-2864.24"),
            ("-520.63", "694.18", "not_checked", "500.00"),
        )
    )
    assert meter.sentence == (
        "Medicare check, the false-positive meter: $714.63 short on 1 of 5 lines compared,"
        " $60,238.07 allowed (3 on a house code); $520.63 over on 1; 1 of 4 payments checked"
        " agree after coinsurance and sequestration, $100.00 paid too little and $2,864.24 too"
        " much on the rest"
    )
    assert (meter.shortfall_usd, meter.cheques_checked) == (Decimal("714.63"), 4)
    assert (meter.paid_too_little_usd, meter.paid_too_much_usd) == (
        Decimal("100.00"),
        Decimal("2864.24"),
    )


def test_one_line_is_one_line():
    assert (
        "0 of 1 line compared" in read_meter(payments(("0.00", "5.00", "agrees", "0.00"))).sentence
    )


def test_practice_without_medicare_is_not_told_that_it_is_perfect():
    meter = read_meter(payments())
    assert meter.sentence.endswith("no Medicare fee-for-service line could be compared")
    assert meter.shortfall_usd == Decimal("0.00")
