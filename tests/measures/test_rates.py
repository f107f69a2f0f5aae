"""Ratios and Wilson intervals, against worked values."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.measures.rates import ratio, wilson_high, wilson_low


def interval(hits: int, trials: int) -> tuple[float | None, float | None]:
    counts = pl.DataFrame({"hits": [hits], "trials": [trials]})
    return counts.select(low=wilson_low("hits", "trials"), high=wilson_high("hits", "trials")).row(
        0
    )


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    # The first two are scenario 10; the others from the closed form at 0 and at all of n.
    [(3, 15, 7.05, 45.19), (1, 15, 1.19, 29.82), (0, 10, 0.0, 27.75), (10, 10, 72.25, 100.0)],
)
def test_wilson_interval_is_the_worked_one(hits: int, trials: int, low: float, high: float):
    assert [round(100 * end, 2) for end in interval(hits, trials)] == [low, high]


def test_nothing_out_of_nothing_has_no_rate_and_no_interval():
    counts = pl.DataFrame({"hits": [0], "trials": [0]})
    assert counts.select(ratio("hits", "trials")).item() is None
    assert interval(0, 0) == (None, None)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_holds_the_rate_and_stays_between_0_and_1(counts: tuple[int, int]):
    hits, trials = counts
    low, high = interval(hits, trials)
    assert 0 <= low <= hits / trials + 1e-12
    assert hits / trials - 1e-12 <= high <= 1


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_each_end_is_where_a_score_test_would_just_reject(counts: tuple[int, int]):
    # The definition Wilson starts from: |share - end| = z x the standard error at that end.
    hits, trials = counts
    for end in interval(hits, trials):
        distance = abs(hits / trials - end)
        assert distance == pytest.approx(
            1.959963984540054 * math.sqrt(end * (1 - end) / trials), abs=1e-6
        )
