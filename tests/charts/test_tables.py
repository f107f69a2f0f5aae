"""A table reads the unit of a column from its name, computes nothing and escapes what it shows."""

from decimal import Decimal

import polars as pl

from analytics.charts import table_of


def test_units_are_read_from_column_names():
    row = {
        "payer_name": "Birch",
        "lines": 1234,
        "missed_units": Decimal("9.500"),
        "actual_vial_mg": Decimal("110.000000"),
        "billed_units": Decimal("410.000"),
        "payer_owed_usd": Decimal("7893.50"),
        "denial_rate": 0.2,
        "interval_low": 0.0705,
    }
    assert table_of(pl.DataFrame([row])).rows == (
        ("Birch", "1,234", "9.500", "110", "410", "$7,893.50", "20.0%", "7.0%"),
    )


def test_cents_of_large_sums_are_kept():
    money = pl.DataFrame({"allowed_usd": [Decimal("90071992547409.93")]})
    assert table_of(money).rows == (("$90,071,992,547,409.93",),)


def test_missing_price_is_a_dash_and_never_zero():
    assert table_of(pl.DataFrame({"expected_usd": [None]})).rows == (("–",),)


def test_numbers_stand_right_and_names_left():
    html = table_of(pl.DataFrame({"payer_name": ["Birch"], "lines": [1]}))._repr_html_()
    assert 'text-align:left;max-width:30em">Birch<' in html
    assert 'text-align:right;white-space:nowrap">1<' in html


def test_name_as_a_payer_sends_it_is_text_and_not_markup():
    html = table_of(pl.DataFrame({"payer_name": ["<b>A & B</b>"]}))._repr_html_()
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in html


def test_sentence_breaks_over_lines_and_two_dollar_signs_in_it_are_no_formula():
    html = table_of(pl.DataFrame({"why": ["$19.20 billed, $4.00 allowed"]}))._repr_html_()
    assert "nowrap" not in html
    assert html.startswith('<div class="tex2jax_ignore mathjax_ignore"')


def test_shares_prices_and_counts_read_as_such():
    row = {"shortfall_share": 0.3971, "allowed_price": Decimal("28.5714"), "files": 1240}
    row |= {"median_days_from_submission": 26.5}
    assert table_of(pl.DataFrame([row])).rows == (("39.7%", "$28.5714", "1,240", "26.5"),)
