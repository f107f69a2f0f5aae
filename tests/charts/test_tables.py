"""A table reads the unit of a column from its name, computes nothing and escapes what it shows."""

from decimal import Decimal

import polars as pl

from analytics.charts import table_of


def test_units_are_read_from_column_names():
    row = {
        "payer_name": "Birch",
        "lines": 1234,
        "missed_units": Decimal("9.500"),
        "billed_units": Decimal("410.000"),
        "payer_owed_usd": Decimal("7893.50"),
        "denial_rate": 0.2,
        "interval_low": 0.0705,
    }
    assert table_of(pl.DataFrame([row])).rows == (
        ("Birch", "1,234", "9.500", "410", "$7,893.50", "20.0%", "7.0%"),
    )


def test_cents_of_large_sums_are_kept():
    money = pl.DataFrame({"allowed_usd": [Decimal("90071992547409.93")]})
    assert table_of(money).rows == (("$90,071,992,547,409.93",),)


def test_missing_price_is_a_dash_and_never_zero():
    assert table_of(pl.DataFrame({"expected_usd": [None]})).rows == (("–",),)


def test_numbers_stand_right_and_names_left():
    html = table_of(pl.DataFrame({"payer_name": ["Birch"], "lines": [1]}))._repr_html_()
    assert 'text-align:left">Birch<' in html
    assert 'text-align:right">1<' in html


def test_name_as_a_payer_sends_it_is_text_and_not_markup():
    html = table_of(pl.DataFrame({"payer_name": ["<b>A & B</b>"]}))._repr_html_()
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in html
