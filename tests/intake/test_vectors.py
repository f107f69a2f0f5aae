"""Columns of numbers say what a loop over their rows says."""

from datetime import datetime
from itertools import groupby

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from analytics.intake.elements import dates, nth_within
from analytics.intake.vectors import each_times, last_of, latest, places_of, translated

FLAGS = st.lists(st.booleans(), max_size=40)
DAYS = st.one_of(
    st.none(),
    st.dates().map("{:%Y%m%d}".format),
    st.from_regex(r"[0-9+ .-]{0,2}[0-9]{6,8}[0-9 ]?", fullmatch=True),
    st.text(alphabet="0123456789٣+-_ ", max_size=9),
)


def numbers(values: list[int]) -> pl.Series:
    return pl.Series(values, dtype=pl.UInt32)


def flags(values: list[bool]) -> pl.Series:
    return pl.Series(values, dtype=pl.Boolean)


@given(FLAGS)
def test_places_are_the_rows_that_hold(holds: list[bool]):
    assert places_of(flags(holds)).to_list() == [row for row, one in enumerate(holds) if one]


def test_places_of_a_column_longer_than_a_block_go_on_counting():
    holds = flags([False, True] * 300_000)
    assert places_of(holds).to_list() == list(range(1, 600_000, 2))


@given(st.lists(st.integers(0, 4), max_size=20))
def test_each_row_comes_as_often_as_told(times: list[int]):
    rows, nth = each_times(numbers(times))
    expected = [(row, place) for row, count in enumerate(times) for place in range(count)]
    assert list(zip(rows, nth, strict=True)) == expected


@given(FLAGS)
def test_latest_is_the_last_row_so_far(holds: list[bool]):
    expected = [
        max((row + 1 for row in range(end + 1) if holds[row]), default=0)
        for end in range(len(holds))
    ]
    assert latest(flags(holds)).to_list() == expected


@given(FLAGS)
def test_last_of_counts_what_held_before(holds: list[bool]):
    counts = [sum(holds[: end + 1]) for end in range(len(holds))]
    assert last_of(flags(holds)).to_list() == [max(count - 1, 0) for count in counts]


@given(st.lists(st.integers(0, 2), max_size=20))
def test_places_within_a_run_begin_anew_with_it(keys: list[int]):
    expected = [place for _, run in groupby(keys) for place, _ in enumerate(run, start=1)]
    assert nth_within(numbers(keys)).to_list() == expected


@given(st.binary(max_size=60), st.dictionaries(st.integers(0, 255), st.integers(0, 255)))
def test_large_text_is_translated_as_a_small_one(content: bytes, changed: dict[int, int]):
    table = bytes(changed.get(byte, byte) for byte in range(256))
    large = content * 4_000
    assert translated(large, table) == large.translate(table)


@given(st.lists(DAYS, max_size=20))
def test_dates_are_the_eight_digits_that_name_a_day(raw: list[str | None]):
    assert dates(pl.Series(raw, dtype=pl.String)).to_list() == [day_of(one) for one in raw]


def test_every_day_of_a_leap_year_and_none_more():
    named = [f"{year}{day:04}" for year in (1900, 2000, 2023, 2024) for day in range(10_000)]
    assert dates(pl.Series(named)).to_list() == [day_of(one) for one in named]


def day_of(raw: str | None) -> object:
    if raw is None or len(raw) != 8 or not (raw.isascii() and raw.isdigit()):
        return None
    try:
        return datetime.strptime(raw, "%Y%m%d").date()
    except ValueError:
        return None
