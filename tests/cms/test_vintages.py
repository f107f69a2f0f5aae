"""Every vintage of a price, whatever order its files come in."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cms.dated_tables import TABLES, Dated
from analytics.cms.vintages import conflicts, restatements
from analytics.cms.vintages import put_together as put_all_together

ESTIMATED = "download_month_estimated"
LIMITS = TABLES["payment_limits"]
# A table each publication of which stands whole, on the rows of the other: one set of cases.
WHOLE = replace(LIMITS, is_whole=True)
Row = Mapping[str, str]


def a_row(limit: str = "36.647", on: str = "2024-12-19", **cells: str) -> dict[str, str]:
    """One row of payment_limits.csv as `load-cms` writes it."""
    basis = cells.pop("basis", "file_name")
    return {
        "effective_quarter": "2025Q1",
        "hcpcs": "J0001",
        "published_on": on,
        "published_on_basis": basis,
        "payment_limit": limit,
        "coinsurance_pct": "20.000",
        "notes": "",
        "source": f"CMS file {on} {basis}.csv",
        **cells,
    }


def prices(rows: Sequence[Row]) -> list[tuple[str, str]]:
    return [(row["published_on"], row["payment_limit"]) for row in rows]


def put_together(table: Dated, rows: Sequence[Row]) -> list[Row]:
    return put_all_together(table, rows).rows


def together(*rows: Row) -> list[Row]:
    return put_together(LIMITS, rows)


def test_two_publications_that_agree_are_one_row_the_earlier():
    (row,) = together(a_row(on="2025-03-07"), a_row())
    assert row["published_on"] == "2024-12-19"
    assert row["source"] == (
        "CMS file 2024-12-19 file_name.csv; "
        "again 2025-03-07 (file_name) in file 2025-03-07 file_name.csv"
    )


def test_prices_that_differ_in_trailing_zeros_agree():
    assert len(together(a_row("36.7"), a_row("36.700", on="2025-03-07"))) == 1


def test_a_restated_price_is_a_second_row_and_the_first_stays():
    rows = together(a_row("2.202"), a_row("1.855", on="2025-03-07"))
    assert prices(rows) == [("2024-12-19", "2.202"), ("2025-03-07", "1.855")]
    assert restatements(LIMITS, rows) == [tuple(rows)]


def test_a_coinsurance_alone_is_a_restatement_too():
    rows = together(a_row(), a_row(on="2025-03-07", coinsurance_pct="19.401"))
    assert [row["coinsurance_pct"] for row in rows] == ["20.000", "19.401"]


def test_a_price_that_comes_back_is_told_in_whatever_order_it_is_loaded():
    first, second, third = (
        a_row("2.202"),
        a_row("1.855", on="2025-03-07"),
        a_row("2.202", on="2025-06-01"),
    )
    expected = [("2024-12-19", "2.202"), ("2025-03-07", "1.855"), ("2025-06-01", "2.202")]
    assert prices(together(first, second, third)) == expected
    assert prices(put_together(LIMITS, [*together(first, third), second])) == expected


def test_an_estimate_that_repeats_what_was_published_by_then_is_not_kept():
    estimate = a_row(on="2026-02-01", basis=ESTIMATED)
    assert prices(together(a_row(), estimate)) == [("2024-12-19", "36.647")]


def test_an_estimate_gives_way_to_a_date_that_is_known():
    estimate = a_row(on="2026-02-01", basis=ESTIMATED)
    assert put_together(LIMITS, [*together(estimate), a_row()]) == together(a_row())


def test_an_estimate_of_an_earlier_day_gives_way_too_and_nothing_is_left_out():
    estimate = a_row(on="2024-11-01", basis=ESTIMATED)
    found = put_all_together(LIMITS, [estimate, a_row()])
    assert (found.rows, found.outranked) == ([a_row()], [])


def test_an_estimate_of_an_earlier_month_stands_before_what_came_later():
    estimate = a_row("1.000", on="2024-11-01", basis=ESTIMATED)
    assert prices(together(a_row("2.000"), estimate)) == [
        ("2024-11-01", "1.000"),
        ("2024-12-19", "2.000"),
    ]


@pytest.mark.parametrize("on", ["2024-12-01", "2025-03-01"])
def test_an_estimate_in_the_month_of_a_known_date_is_left_out_and_told(on: str):
    dated = [a_row("2.000"), a_row("3.000", on="2025-03-07", basis="notes")]
    estimate = a_row("1.000", on=on, basis=ESTIMATED)
    found = put_all_together(LIMITS, [estimate, *dated])
    assert (found.rows, found.outranked) == (dated, [estimate])
    shipped = put_all_together(LIMITS, [estimate], known=dated)
    assert (shipped.rows, shipped.outranked) == ([], [estimate])


def test_an_estimate_behind_every_date_that_is_known_is_a_restatement():
    estimate = a_row("1.000", on="2025-04-01", basis=ESTIMATED)
    assert prices(together(estimate, a_row("2.000"))) == [
        ("2024-12-19", "2.000"),
        ("2025-04-01", "1.000"),
    ]


def test_estimates_of_one_value_are_one_row_whatever_came_first():
    early = a_row("1.000", on="2024-11-01", basis=ESTIMATED, notes="early")
    late = a_row("1.000", on="2025-04-01", basis=ESTIMATED, notes="late")
    rows = together(early, late, a_row("2.000"))
    assert prices(rows) == [("2024-11-01", "1.000"), ("2024-12-19", "2.000")]
    assert put_together(LIMITS, [*together(late, early), a_row("2.000")]) == rows


def test_what_a_person_tells_is_a_date_that_is_known():
    told = a_row(on="2024-12-20", basis="told")
    estimate = a_row(on="2024-11-01", basis=ESTIMATED)
    assert together(estimate, told) == [told]
    (row,) = together(told, a_row())
    assert row["source"].endswith("; again 2024-12-20 (told) in file 2024-12-20 told.csv")


def test_an_estimate_of_a_whole_publication_gives_way_to_a_date_of_its_quarter():
    other = a_row(on="2024-12-01", basis=ESTIMATED, hcpcs="J0002")
    found = put_all_together(WHOLE, [a_row(), other])
    assert (found.rows, found.outranked) == ([a_row()], [other])
    assert together(a_row(), other) == [a_row(), other]


def test_two_prices_of_one_day_are_both_kept_and_told():
    rows = together(a_row("1.000"), a_row("2.000"), a_row("1.000", on="2024-11-30"))
    assert prices(rows) == [
        ("2024-11-30", "1.000"),
        ("2024-12-19", "1.000"),
        ("2024-12-19", "2.000"),
    ]
    assert [prices(pair) for pair in conflicts(LIMITS, rows)] == [prices(rows[1:])]


def test_each_publication_of_a_crosswalk_stands_whole():
    rows = put_together(WHOLE, [a_row(), a_row(on="2025-03-07"), a_row()])
    assert prices(rows) == [("2024-12-19", "36.647"), ("2025-03-07", "36.647")]
    assert restatements(WHOLE, rows) == []
    assert {name for name, table in TABLES.items() if table.is_whole} == {
        "ndc_crosswalk",
        "noc_packages",
    }


def test_a_row_a_person_wrote_stays_as_it_is():
    by_hand = a_row(on="2025-06-01", source="typed in by hand", seen_note="ours")
    rows = together(by_hand, a_row())
    assert by_hand in rows
    assert len(rows) == 2
    same_day = a_row(on="2025-06-01")
    assert together(by_hand, same_day) == [by_hand]


def test_a_missing_price_restates_one_and_is_no_price():
    rows = together(a_row("5.000"), a_row("", on="2025-03-07", notes="N/A"))
    assert prices(rows) == [("2024-12-19", "5.000"), ("2025-03-07", "")]


SOME_ROWS = st.lists(
    st.builds(
        a_row,
        st.sampled_from(["", "1.000", "2.000", "2.00"]),
        on=st.sampled_from([f"2025-0{month}-01" for month in range(1, 6)]),
        basis=st.sampled_from(["file_name", "notes", "told", ESTIMATED]),
        hcpcs=st.sampled_from(["J0001", "J0002"]),
        notes=st.sampled_from(["", "Updated March 2025"]),
    ),
    max_size=9,
)


@pytest.mark.parametrize("table", [LIMITS, WHOLE], ids=["vintages", "whole"])
@given(rows=SOME_ROWS, chance=st.randoms(use_true_random=False), split=st.integers(0, 9))
def test_neither_order_nor_the_number_of_loads_changes_the_result(
    table: Dated, rows: list[Row], chance: random.Random, split: int
):
    expected = put_together(table, rows)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    first = put_together(table, shuffled[:split])
    assert put_together(table, [*first, *shuffled[split:]]) == expected
    assert put_together(table, [*expected, *rows]) == expected
    one_by_one: list[Row] = []
    for row in shuffled:
        one_by_one = put_together(table, [*one_by_one, row])
    assert one_by_one == expected


@given(SOME_ROWS)
def test_no_price_is_lost_and_none_is_invented(rows: list[Row]):
    found = put_all_together(LIMITS, rows)

    def said(some: Sequence[Row]) -> set[tuple[str, str]]:
        return {(row["hcpcs"], row["payment_limit"].rstrip("0")) for row in some}

    assert said(found.rows) | said(found.outranked) == said(rows)
    assert {row["published_on"] for row in found.rows} <= {row["published_on"] for row in rows}


@given(SOME_ROWS)
def test_no_estimate_stands_in_the_month_of_a_known_date_of_its_quarter_and_code(rows: list[Row]):
    for estimate in put_together(LIMITS, rows):
        if estimate["published_on_basis"] == ESTIMATED:
            months = {
                row["published_on"][:7]
                for row in rows
                if row["hcpcs"] == estimate["hcpcs"] and row["published_on_basis"] != ESTIMATED
            }
            assert estimate["published_on"][:7] not in months


@given(SOME_ROWS)
def test_neighbours_differ_or_stand_beside_a_conflict(rows: list[Row]):
    kept = put_together(LIMITS, rows)
    torn = {row["published_on"] for pair in conflicts(LIMITS, kept) for row in pair}
    for one, other in pairwise(kept):
        same = one["hcpcs"] == other["hcpcs"] and one["payment_limit"] == other["payment_limit"]
        assert not same or torn & {one["published_on"], other["published_on"]}
