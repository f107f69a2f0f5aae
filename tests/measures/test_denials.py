"""Denial rates: who is in the population, what the first answer was, what stands now."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from small_lines import a_denied_line, a_line, lines_of

from analytics.errors import UsageError
from analytics.measures import MissingColumns, denial_rate_by
from analytics.measures.denial_definitions import LEFT_OUT

OUTCOMES = [
    "paid",
    "partly_denied",
    "denied",
    "zero_no_reason",
    "not_covered",
    "open",
    "returned",
    "suppressed",
    "duplicate",
    "bundled",
    "closed_unpaid",
]


def denials_of(*lines: dict[str, object], definition: str = "line_initial") -> pl.DataFrame:
    return denial_rate_by(lines_of(*lines), by=["payer_id"], definition=definition).collect()


def overturned(**changes: object) -> dict[str, object]:
    return a_line(initial_outcome="denied", **changes)


def test_overturned_denial_counts_at_first_and_not_in_the_end():
    lines = [overturned(), a_denied_line(), a_line(), a_line()]
    assert denials_of(*lines)["denial_rate"].item() == 0.5
    assert denials_of(*lines, definition="line_final")["denial_rate"].item() == 0.25


def test_three_of_fifteen_has_the_worked_interval():
    row = denials_of(*[a_denied_line()] * 3, *[a_line()] * 12).row(0, named=True)
    assert (row["denied_lines"], row["adjudicated_lines"]) == (3, 15)
    assert round(row["interval_low"], 4) == 0.0705
    assert round(row["interval_high"], 4) == 0.4519


def test_zero_paid_without_a_reason_is_a_denial():
    silent = a_line(outcome="zero_no_reason", initial_outcome="zero_no_reason")
    assert denials_of(silent)["denied_lines"].item() == 1


@pytest.mark.parametrize("answer", ["paid", "partly_denied", "not_covered"])
def test_line_paid_in_part_or_not_covered_is_below_the_line_and_no_denial(answer: str):
    row = denials_of(a_line(initial_outcome=answer)).row(0, named=True)
    assert (row["denied_lines"], row["adjudicated_lines"]) == (0, 1)


@pytest.mark.parametrize("definition", ["line_initial", "line_final"])
@pytest.mark.parametrize("answer", LEFT_OUT)
def test_answer_that_is_no_decision_leaves_the_rate(answer: str, definition: str):
    line = a_line(outcome=answer, initial_outcome=answer)
    assert denials_of(line, definition=definition).is_empty()


def test_line_never_answered_leaves_the_first_rate():
    assert denials_of(a_line(outcome="open", initial_outcome=None)).is_empty()


def test_immature_lines_leave_the_rate_and_are_counted():
    young = a_denied_line(is_mature=False)
    row = denials_of(a_line(), young, young).row(0, named=True)
    assert (row["denial_rate"], row["immature_lines"]) == (0.0, 2)
    assert row["denied_charge_usd"] == Decimal("0.00")


def test_payer_with_only_immature_lines_keeps_its_row_and_has_no_rate():
    row = denials_of(a_denied_line(is_mature=False)).row(0, named=True)
    assert (row["adjudicated_lines"], row["denial_rate"], row["interval_low"]) == (0, None, None)


def test_line_of_unknown_age_is_immature():
    assert denials_of(a_denied_line(is_mature=None))["immature_lines"].item() == 1


def test_secondary_lines_leave_the_rate():
    assert denials_of(a_denied_line(payer_rank="secondary")).is_empty()


def test_dropped_line_stays_below_the_line_only_after_a_first_answer():
    dropped = a_denied_line(outcome="closed_unpaid")
    never_answered = a_line(outcome="closed_unpaid", initial_outcome=None)
    only_returned = a_line(outcome="closed_unpaid", initial_outcome="returned")
    row = denials_of(dropped, never_answered, only_returned, definition="line_final")
    assert row.select("denied_lines", "adjudicated_lines").row(0) == (0, 1)


def test_dollars_at_stake_are_the_contracts_and_the_charge_stands_beside():
    row = denials_of(a_denied_line(), a_line()).row(0, named=True)
    assert row["denied_expected_usd"] == Decimal("66.83")
    assert row["denied_charge_usd"] == Decimal("180.00")


def test_denied_line_without_a_price_is_counted_beside_the_dollars():
    row = denials_of(a_denied_line(), a_denied_line(expected_allowed_usd=None)).row(0, named=True)
    assert (row["denied_expected_usd"], row["denied_unpriced_lines"]) == (Decimal("66.83"), 1)


def test_rate_names_its_definition():
    table = denials_of(a_line(), definition="line_final")
    assert table["definition"].to_list() == ["line_final"]


def test_other_definition_is_refused_with_those_there_are():
    with pytest.raises(UsageError) as raised:
        denials_of(a_line(), definition="all")
    said = str(raised.value)
    assert "'all'" in said
    assert "line_initial, line_final, claim_initial, claim_final, hfma_initial_claims" in said


@pytest.mark.parametrize(
    ("definition", "column", "loader"),
    [
        ("claim_initial", "counts_initial", "load_claim_outcomes"),
        ("hfma_initial_claims", "submitted_date", "load_claim_outcomes"),
        ("any_zero_allowed", "payment_date", "load_remit_claims"),
    ],
)
def test_frame_of_another_table_is_told_which_loader_has_it(definition, column, loader):
    with pytest.raises(MissingColumns, match=rf"missing .*{column}.*{loader}"):
        denials_of(a_line(), definition=definition)


def claims_of(*months: tuple[date, int, int]) -> pl.LazyFrame:
    """Claims of 100.01 each: (day submitted, claims, of them denied at first)."""
    rows = [
        {"payer_id": "birch", "submitted_date": day, "denied_initial": place < denied}
        for day, claims, denied in months
        for place in range(claims)
    ]
    shape = {"payer_id": pl.String, "submitted_date": pl.Date, "denied_initial": pl.Boolean}
    return pl.LazyFrame(rows, schema=shape).with_columns(
        charge_usd=pl.lit(Decimal("100.01"), pl.Decimal(18, 2)), is_mature=pl.lit(True)
    )


FOUR_MONTHS = ((date(2026, 1, 9), 10, 0), (date(2026, 2, 9), 11, 0), (date(2026, 3, 9), 10, 0))


def test_month_is_held_against_the_mean_of_the_three_before_it():
    claims = claims_of(*FOUR_MONTHS, (date(2026, 4, 30), 5, 2))
    table = denial_rate_by(claims, by="payer_id", definition="hfma_initial_claims").collect()
    row = table.row(-1, named=True)
    assert (row["numerator"], round(row["denominator"], 4)) == (2, 10.3333)
    assert round(row["rate"], 6) == round(6 / 31, 6)
    assert (row["interval_low"], row["window"]) == (
        None,
        "2026-04 over the mean of 2026-01 to 2026-03",
    )


def test_dollars_of_a_month_are_held_against_the_mean_to_the_cent():
    claims = claims_of(*FOUR_MONTHS, (date(2026, 4, 30), 5, 2))
    table = denial_rate_by(claims, by="payer_id", definition="hfma_initial_dollars").collect()
    row = table.row(-1, named=True)
    # 31 x 100.01 = 3,100.31; a third is 1,033.4366...
    assert (row["numerator"], row["denominator"]) == (Decimal("200.02"), Decimal("1033.44"))


def test_month_after_a_gap_has_no_rate_of_months_before():
    claims = claims_of(FOUR_MONTHS[0], FOUR_MONTHS[2], (date(2026, 4, 30), 5, 2))
    table = denial_rate_by(claims, by="payer_id", definition="hfma_initial_claims").collect()
    assert table["denominator"].to_list() == [None, None, None]
    with pytest.raises(MissingColumns, match="missing cohort_month"):
        denial_rate_by(claims, by="cohort_month", definition="hfma_initial_claims")


def test_all_billed_lines_will_do_since_denials_need_no_gap():
    table = denial_rate_by(
        lines_of(a_denied_line()).drop("gap_usd", "match_basis", "shortfall_usd"), by="payer_id"
    )
    assert table.collect()["denied_lines"].item() == 1


def test_frame_without_the_columns_is_told_what_it_lacks():
    with pytest.raises(MissingColumns, match="missing is_mature; the frame has claim_id"):
        denial_rate_by(lines_of(a_line()).drop("is_mature"), by="payer_id")


answers = st.tuples(
    st.sampled_from(OUTCOMES),
    st.none() | st.sampled_from([outcome for outcome in OUTCOMES if outcome != "closed_unpaid"]),
    st.booleans(),
)


def rate_in_plain_python(
    lines: list[tuple[str, str | None, bool]], definition: str
) -> tuple[int, int, int]:
    """Denied, adjudicated and immature lines, from RULES 11.1 read aloud."""
    denied = adjudicated = immature = 0
    for now, first, mature in lines:
        first_counts = first is not None and first not in LEFT_OUT
        if definition == "line_initial":
            counts, answer = first_counts, first
        elif now == "closed_unpaid":
            counts, answer = first_counts, now
        else:
            counts, answer = now not in LEFT_OUT, now
        if not counts:
            continue
        immature += not mature
        adjudicated += mature
        denied += mature and answer in ("denied", "zero_no_reason")
    return denied, adjudicated, immature


@given(st.lists(answers, max_size=12), st.sampled_from(["line_initial", "line_final"]))
def test_agrees_with_plain_python(lines: list[tuple[str, str | None, bool]], definition: str):
    table = denials_of(
        *(a_line(outcome=now, initial_outcome=first, is_mature=old) for now, first, old in lines),
        definition=definition,
    )
    found = table.select("denied_lines", "adjudicated_lines", "immature_lines").rows()
    assert found in ([rate_in_plain_python(lines, definition)], [])
    assert found or rate_in_plain_python(lines, definition) == (0, 0, 0)
    assert table["denial_rate"].drop_nulls().is_between(0, 1).all()


def test_order_of_lines_changes_nothing():
    lines = [a_denied_line(), a_line(payer_id="ash"), overturned(payer_id="cedar")]
    assert_frame_equal(denials_of(*lines), denials_of(*reversed(lines)))
