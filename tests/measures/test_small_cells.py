"""No count of 1 to 10 leaves the building, nor one that can be worked out from what is shown."""

from itertools import combinations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from analytics.measures import hide_small_cells


def shown(*payers: tuple[str, int, int]) -> list[tuple[str, int | None, int | None]]:
    table = pl.LazyFrame(
        payers, schema={"payer": pl.String, "denied": pl.UInt32, "lines": pl.UInt32}, orient="row"
    )
    return hide_small_cells(table, group="payer", part="denied", whole="lines").collect().rows()


def is_small(count: int) -> bool:
    return 1 <= count <= 10


def test_hiding_one_payer_is_not_enough_when_the_total_gives_it_away():
    # Scenario 19: with B shown as 12/60 and the total as 15/75, A is 3/15.
    assert shown(("A", 3, 15), ("B", 12, 60), ("C", 40, 90)) == [("C", 40, 90), ("other", 15, 75)]


def test_complement_is_as_telling_as_the_count():
    assert shown(("A", 57, 60), ("B", 30, 60), ("C", 40, 90)) == [("C", 40, 90), ("other", 87, 120)]


def test_table_without_small_cells_is_left_alone():
    assert shown(("A", 0, 40), ("B", 30, 60)) == [("A", 0, 40), ("B", 30, 60)]


def test_no_figure_is_shown_when_all_groups_together_are_small():
    assert shown(("A", 3, 15), ("B", 2, 30)) == [("other", None, None)]


def test_further_sums_merge_with_their_groups():
    table = pl.LazyFrame(
        {"payer": ["A", "B", "C"], "denied": [3, 12, 40], "lines": [15, 60, 90], "usd": [1, 2, 4]}
    )
    merged = hide_small_cells(table, group="payer", part="denied", whole="lines", sums=["usd"])
    assert merged.collect().rows() == [("C", 40, 90, 4), ("other", 15, 75, 3)]


groups = st.lists(
    st.integers(0, 80).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))),
    max_size=6,
)


@given(groups)
def test_totals_tie_and_nothing_small_can_be_worked_out(counts: list[tuple[int, int]]):
    rows = shown(*((f"payer {place}", *count) for place, count in enumerate(counts)))
    whole = [(part, of) for _, part, of in rows if of is not None]
    if len(whole) == len(rows):
        assert sum(of for _, of in whole) == sum(of for _, of in counts)
        assert sum(part for part, _ in whole) == sum(part for part, _ in counts)
    for size in range(1, len(whole) + 1):
        for chosen in combinations(whole, size):
            part, of = (sum(column) for column in zip(*chosen, strict=True))
            assert [count for count in (part, of, of - part) if is_small(count)] == []


@given(groups)
def test_figures_are_hidden_only_when_the_total_itself_is_small(counts: list[tuple[int, int]]):
    rows = shown(*((f"payer {place}", *count) for place, count in enumerate(counts)))
    if any(of is None for _, _, of in rows):
        part, of = (sum(column) for column in zip(*counts, strict=True))
        assert rows == [("other", None, None)]
        assert is_small(part) or is_small(of) or is_small(of - part)
