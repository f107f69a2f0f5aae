"""What counts as short, what never offsets it, and what stands beside it uncompared."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from small_lines import (
    a_denied_line,
    a_line,
    a_short_line,
    an_overpaid_line,
    an_unpriced_line,
    lines_of,
)

from analytics.measures import MissingColumns, price_match_by, underpayment_by

COMPARED = ["lines", "expected_usd", "allowed_usd", "shortfall_usd", "underpayment_rate"]


def underpayment_of(*lines: dict[str, object], by: str = "payer_id") -> pl.DataFrame:
    return underpayment_by(lines_of(*lines), by=by).collect()


def price_match_of(*lines: dict[str, object]) -> pl.DataFrame:
    return price_match_by(lines_of(*lines), by=["payer_id"]).collect()


def test_stale_rate_is_short_by_its_part_of_the_payer_and_of_the_patient():
    row = underpayment_of(a_short_line()).row(0, named=True)
    assert (row["shortfall_usd"], row["payer_owed_usd"], row["patient_owed_usd"]) == (
        Decimal("2.48"),
        Decimal("1.98"),
        Decimal("0.50"),
    )
    assert row["underpayment_rate"] == pytest.approx(2.48 / 66.83)


def test_overpaid_line_never_offsets_an_underpaid_one():
    table = underpayment_of(a_short_line(), an_overpaid_line())
    assert table["shortfall_usd"].item() == Decimal("2.48")
    assert table["overpaid_usd"].item() == Decimal("133.17")


def test_unpriced_line_leaves_both_sides_of_the_rate():
    with_unpriced = underpayment_of(a_short_line(), an_unpriced_line(allowed_usd="900.00"))
    assert_frame_equal(with_unpriced.select(COMPARED), underpayment_of(a_short_line())[COMPARED])


def test_unpriced_dollars_stand_beside_the_figures():
    row = underpayment_of(
        a_short_line(), an_unpriced_line(), a_denied_line(expected_allowed_usd=None)
    ).row(0, named=True)
    assert row["unpriced_lines"] == 2
    assert row["unpriced_allowed_usd"] == Decimal("66.83")
    assert row["unpriced_charge_usd"] == Decimal("360.00")


def test_payer_with_only_unpriced_lines_keeps_its_row_and_has_no_rate():
    table = underpayment_of(a_line(), an_unpriced_line(payer_id="cedar"))
    cedar = table.row(1, named=True)
    assert (cedar["payer_id"], cedar["lines"], cedar["unpriced_lines"]) == ("cedar", 0, 1)
    assert cedar["underpayment_rate"] is None


@pytest.mark.parametrize("outcome", ["open", "returned", "suppressed", "duplicate", "bundled"])
def test_line_without_an_answer_on_its_price_is_not_unpriced(outcome: str):
    assert underpayment_of(an_unpriced_line(outcome=outcome)).is_empty()


def test_secondary_line_is_neither_compared_nor_unpriced():
    assert underpayment_of(an_unpriced_line(payer_rank="secondary")).is_empty()


def test_denied_line_is_no_underpayment():
    table = underpayment_of(a_line(), a_denied_line())
    assert (table["lines"].item(), table["shortfall_usd"].item()) == (1, Decimal("0.00"))


def test_denied_part_of_a_line_is_no_shortfall():
    # Scenario 33: 81 of 90 units denied, a cent of rounding is the shortfall.
    partly = a_line(
        outcome="partly_denied",
        allowed_usd="6.68",
        gap_usd="60.15",
        match_basis=None,
        denied_expected_usd="60.14",
        shortfall_usd="0.01",
    )
    assert underpayment_of(partly)["shortfall_usd"].item() == Decimal("0.01")


def test_paid_line_that_cannot_be_compared_is_counted_apart():
    contradicting = a_line(gap_usd=None, match_basis=None, allowed_usd="10.00")
    row = underpayment_of(a_short_line(), contradicting).row(0, named=True)
    assert (row["lines"], row["unpriced_lines"]) == (1, 0)
    assert (row["not_compared_lines"], row["not_compared_allowed_usd"]) == (1, Decimal("10.00"))


def test_owed_past_the_look_back_window_and_what_can_still_be_asked_stand_apart():
    late = a_short_line(past_window_usd="1.98", ask_usd="0.00")
    row = underpayment_of(late, a_short_line(), an_unpriced_line()).row(0, named=True)
    assert row["payer_owed_usd"] == Decimal("3.96")
    assert (row["past_window_usd"], row["ask_usd"]) == (Decimal("1.98"), Decimal("1.98"))


def test_nothing_expected_gives_no_rate():
    not_covered = a_line(expected_allowed_usd="0.00", allowed_usd="0.00")
    assert underpayment_of(not_covered)["underpayment_rate"].item() is None


def test_money_stays_exact_to_the_cent():
    table = underpayment_of(*[a_short_line() for _ in range(1000)])
    assert table["shortfall_usd"].item() == Decimal("2480.00")
    dollars = [table.schema[column] for column in table.columns if column.endswith("_usd")]
    assert all(dtype.is_decimal() and dtype.scale == 2 for dtype in dollars)


def test_groups_come_sorted_whatever_the_order_of_lines():
    names = underpayment_of(*[a_line(payer_id=name) for name in ("elm", "ash", "birch")])
    assert names["payer_id"].to_list() == ["ash", "birch", "elm"]


def test_several_columns_group_together():
    lines = lines_of(a_short_line(), a_short_line(hcpcs="J9177"))
    table = underpayment_by(lines, by=["payer_id", "hcpcs"]).collect()
    assert table.select("payer_id", "hcpcs", "lines").rows() == [
        ("birch", "J1324", 1),
        ("birch", "J9177", 1),
    ]


def test_no_column_to_group_by_gives_the_total():
    table = underpayment_by(lines_of(a_short_line(), a_line(payer_id="ash")), by=[]).collect()
    assert table.select("lines", "shortfall_usd").rows() == [(2, Decimal("2.48"))]


def test_frame_without_the_columns_is_told_what_it_lacks_and_where_they_are():
    with pytest.raises(MissingColumns) as raised:
        underpayment_by(lines_of(a_line()).drop("gap_usd", "outcome"), by=["plan"])
    said = str(raised.value)
    assert said.startswith("missing outcome, gap_usd, plan; the frame has claim_id, line_number,")
    assert said.endswith("Load it with analytics.load_drug_line_outcomes().")


def test_penny_and_pair_lines_are_matches():
    administered = a_line(gap_usd="100.00", match_basis="pair")
    row = price_match_of(a_line(gap_usd="0.01"), administered, a_short_line(), an_overpaid_line())
    assert row.select("matched_lines", "short_lines", "over_lines").row(0) == (2, 1, 1)
    assert row["price_match_rate"].item() == 0.5


def test_line_whose_whole_gap_was_denied_says_nothing_about_price():
    denied_part = a_line(
        outcome="partly_denied", gap_usd="60.15", match_basis=None, denied_expected_usd="60.15"
    )
    table = price_match_of(denied_part)
    assert table.select("matched_lines", "short_lines", "over_lines").row(0) == (0, 0, 0)
    assert table["price_match_rate"].item() is None
    assert_frame_equal(price_match_of(a_line(), denied_part), price_match_of(a_line()))


def test_cent_left_of_a_denied_part_is_neither_a_match_nor_short():
    def partly(cents: str) -> dict[str, object]:
        denied = {"outcome": "partly_denied", "match_basis": None, "gap_usd": "60.16"}
        return a_line(**denied, denied_expected_usd="60.14", shortfall_usd=cents)

    row = price_match_of(a_line(), partly("0.01"))
    assert row.select("matched_lines", "short_lines", "over_lines").row(0) == (1, 0, 0)
    assert row["price_match_rate"].item() == 1.0
    assert price_match_of(partly("0.02"))["short_lines"].item() == 1


def test_unpriced_and_denied_lines_leave_the_price_match():
    assert_frame_equal(
        price_match_of(a_line(), an_unpriced_line(), a_denied_line()), price_match_of(a_line())
    )


cents = st.integers(0, 10_000_000).map(lambda number: Decimal(number) / 100)


@st.composite
def any_lines(draw: st.DrawFn) -> list[dict[str, object]]:
    """Lines of three payers, priced or not, allowed anything; the gap columns follow RULES 9.2."""
    return [
        _gap_line(
            payer_id=draw(st.sampled_from(["ash", "birch", "cedar"])),
            payer_rank=draw(st.sampled_from(["primary", "secondary"])),
            outcome=draw(st.sampled_from(["paid", "denied", "open"])),
            expected=draw(st.none() | cents),
            allowed=draw(cents),
        )
        for _ in range(draw(st.integers(0, 12)))
    ]


def _gap_line(
    *, payer_id: str, payer_rank: str, outcome: str, expected: Decimal | None, allowed: Decimal
) -> dict[str, object]:
    line = a_line(payer_id=payer_id, payer_rank=payer_rank, outcome=outcome, allowed_usd=allowed)
    line |= {"expected_allowed_usd": expected, "gap_usd": None, "match_basis": None}
    if payer_rank != "primary" or outcome != "paid" or expected is None:
        return line
    gap = expected - allowed
    if abs(gap) <= Decimal("0.01"):
        return line | {"gap_usd": gap, "penny_usd": gap, "match_basis": "line"}
    short, over = max(gap, Decimal(0)), max(-gap, Decimal(0))
    return line | {"gap_usd": gap, "shortfall_usd": short, "overpaid_usd": over}


def underpayment_in_plain_python(lines: list[dict[str, object]]) -> dict[str, tuple]:
    """The same figures from the contract's words, line by line."""
    by_payer: dict[str, list] = {}
    for line in lines:
        expected, allowed = line["expected_allowed_usd"], line["allowed_usd"]
        if line["payer_rank"] != "primary" or line["outcome"] == "open":
            continue
        if expected is not None and line["outcome"] != "paid":
            continue
        # lines, expected, short, over, unpriced lines, unpriced allowed
        sums = by_payer.setdefault(
            line["payer_id"], [0, *[Decimal("0.00")] * 3, 0, Decimal("0.00")]
        )
        if expected is None:
            sums[4] += 1
            sums[5] += allowed
            continue
        sums[0] += 1
        sums[1] += expected
        if expected - allowed > Decimal("0.01"):
            sums[2] += expected - allowed
        if allowed - expected > Decimal("0.01"):
            sums[3] += allowed - expected
    return {payer: tuple(sums) for payer, sums in by_payer.items()}


@given(any_lines())
def test_agrees_with_plain_python(lines: list[dict[str, object]]):
    table = underpayment_of(*lines).select(
        "payer_id",
        *("lines", "expected_usd", "shortfall_usd", "overpaid_usd"),
        *("unpriced_lines", "unpriced_allowed_usd"),
    )
    found = {row[0]: row[1:] for row in table.rows()}
    assert found == underpayment_in_plain_python(lines)


@given(any_lines())
def test_rates_are_fractions_and_parts_add_up_to_the_total(lines: list[dict[str, object]]):
    by_payer = underpayment_of(*lines)
    assert by_payer["underpayment_rate"].drop_nulls().is_between(0, 1).all()
    total = underpayment_by(lines_of(*lines), by=[]).collect()
    money = ["expected_usd", "shortfall_usd", "overpaid_usd", "unpriced_allowed_usd"]
    assert by_payer[money].sum().rows() == (total[money].rows() or [(Decimal(0),) * 4])
    matched = price_match_of(*lines)["price_match_rate"].drop_nulls()
    assert matched.is_between(0, 1).all()
