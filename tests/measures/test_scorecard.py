"""The scorecard repeats the figures of its measures, one row a payer, and loses nobody."""

from pathlib import Path

import polars as pl
import pytest

import analytics
from analytics.measures import MissingColumns


@pytest.fixture(scope="module")
def lines(sample_run: Path) -> pl.LazyFrame:
    return analytics.load_drug_line_outcomes(data=sample_run)


@pytest.fixture(scope="module")
def claims(sample_run: Path) -> pl.LazyFrame:
    return analytics.load_claim_outcomes(data=sample_run)


@pytest.fixture(scope="module")
def card(lines: pl.LazyFrame, claims: pl.LazyFrame) -> pl.DataFrame:
    return analytics.payer_scorecard(lines, claims, by="payer_id").collect()


def test_every_payer_stands_once(card: pl.DataFrame, lines: pl.LazyFrame):
    assert card["payer_id"].is_unique().all()
    for measure in (analytics.underpayment_by, analytics.price_match_by, analytics.denial_rate_by):
        assert set(measure(lines, by="payer_id").collect()["payer_id"]) <= set(card["payer_id"])


def test_figures_are_those_of_the_measures(card: pl.DataFrame, lines: pl.LazyFrame):
    owed = analytics.underpayment_by(lines, by="payer_id").collect()
    assert card["ask_usd"].sum() == owed["ask_usd"].sum()
    denied = analytics.denial_rate_by(lines, by="payer_id", definition="line_final").collect()
    both = card.join(denied, on="payer_id")
    assert both["final_denial_rate"].to_list() == both["rate"].to_list()
    assert both["final_lines"].to_list() == both["denominator"].to_list()


def test_scorecard_is_lazy_and_names_what_is_missing(lines: pl.LazyFrame, claims: pl.LazyFrame):
    assert isinstance(analytics.payer_scorecard(lines, claims), pl.LazyFrame)
    with pytest.raises(MissingColumns, match=r"days_from_submission.*load_claim_outcomes"):
        analytics.payer_scorecard(lines, claims.drop("days_from_submission"))
