"""Documentation by group: counts add up, scores weigh what can be told, and nothing else."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.measures import MissingColumns, documentation_by

RESULTS = ["met", "not_met", "cannot_tell"]
Gap = tuple[str, str, int]


def gaps_of(*gaps: Gap, payer_id: str = "birch") -> pl.LazyFrame:
    """Rows of a check, its result and its weight."""
    rows = [(payer_id, *gap) for gap in gaps]
    return pl.LazyFrame(rows, schema=["payer_id", "check", "result", "weight"], orient="row")


def score_of(*gaps: Gap) -> dict[str, object]:
    return documentation_by(gaps_of(*gaps), by="payer_id").collect().row(0, named=True)


def test_score_is_weight_met_over_weight_told():
    row = score_of(("ndc", "met", 3), ("diagnosis", "not_met", 1), ("rationale", "cannot_tell", 12))
    assert (row["completeness_score"], row["cannot_tell_share"]) == (0.75, 0.75)
    assert (row["met_weight"], row["not_met_weight"], row["cannot_tell_weight"]) == (3, 1, 12)


def test_heavier_check_moves_the_score_more():
    light = score_of(("ndc", "met", 3), ("rationale", "not_met", 1))
    heavy = score_of(("ndc", "not_met", 3), ("rationale", "met", 1))
    assert (light["completeness_score"], heavy["completeness_score"]) == (0.75, 0.25)


def test_nothing_told_has_no_score():
    row = score_of(("ndc", "cannot_tell", 3))
    assert (row["completeness_score"], row["cannot_tell_share"]) == (None, 1.0)


def test_check_without_weight_is_counted_and_scores_nothing():
    row = score_of(("ndc", "not_met", 0))
    assert row["not_met"] == 1
    assert (row["completeness_score"], row["cannot_tell_share"]) == (None, None)


def test_groups_stand_apart_in_their_order():
    both = pl.concat([gaps_of(("ndc", "not_met", 3), payer_id="cedar"), gaps_of(("ndc", "met", 3))])
    table = documentation_by(both, by=["payer_id", "check"]).collect()
    assert table.select("payer_id", "check", "met", "not_met", "completeness_score").rows() == [
        ("birch", "ndc", 1, 0, 1.0),
        ("cedar", "ndc", 0, 1, 0.0),
    ]


def test_column_that_is_missing_is_named_with_the_loader():
    with pytest.raises(MissingColumns, match=r"missing weight.*load_documentation_gaps"):
        documentation_by(gaps_of(("ndc", "met", 3)).drop("weight"), by="payer_id")


GAPS = st.lists(
    st.tuples(st.sampled_from(["ndc", "diagnosis"]), st.sampled_from(RESULTS), st.integers(0, 9)),
    min_size=1,
)


@given(gaps=GAPS)
def test_counts_add_up_to_the_rows_and_shares_lie_between_none_and_all(gaps: list[Gap]):
    row = score_of(*gaps)
    assert row["met"] + row["not_met"] + row["cannot_tell"] == len(gaps)
    assert all(
        row[share] is None or 0 <= row[share] <= 1
        for share in ("completeness_score", "cannot_tell_share")
    )


@given(gaps=GAPS)
def test_order_of_rows_changes_nothing(gaps: list[Gap]):
    assert score_of(*gaps) == score_of(*reversed(gaps))
