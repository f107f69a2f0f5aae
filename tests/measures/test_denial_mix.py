"""Denial rates among one mix: hand-computed strata, and payers whose mix is everybody's."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import UsageError
from analytics.measures import (
    MissingColumns,
    denial_rate_adjusted_by,
    denial_rate_by,
    many_payers_in_words,
)

LINE = {
    "payer_id": "birch",
    "payer_rank": "primary",
    "is_mature": True,
    "outcome": "paid",
    "initial_outcome": "paid",
    "service_date": date(2026, 7, 1),
    "charge_usd": 180,
    "expected_allowed_usd": 66,
    "drug": "infliximab",
    "place_of_service": "11",
}


def lines(payer: str, drug: str, answered: int, denied: int, **changes: object) -> list[dict]:
    """`answered` lines of a payer and drug, `denied` of them at first."""
    line = LINE | {"payer_id": payer, "drug": drug} | changes
    return [line | {"initial_outcome": "denied"}] * denied + [line] * (answered - denied)


def adjusted(*parts: list[dict], **arguments: object) -> dict[str, dict]:
    frame = pl.LazyFrame([line for part in parts for line in part], schema_overrides=TEXTS)
    table = denial_rate_adjusted_by(frame, **arguments).collect()
    return {row["payer_id"]: row for row in table.to_dicts()}


TEXTS = {"drug": pl.String, "place_of_service": pl.String}


def test_own_rates_are_weighted_with_all_payers_lines():
    # infliximab 40 of 100 lines, rituximab 60 of 100.
    found = adjusted(
        lines("birch", "infliximab", 30, 3),
        lines("birch", "rituximab", 10, 5),
        lines("cedar", "infliximab", 10, 4),
        lines("cedar", "rituximab", 50, 5),
    )
    assert found["birch"]["rate"] == 0.2
    assert found["birch"]["adjusted_rate"] == pytest.approx(0.4 * 0.1 + 0.6 * 0.5)
    assert found["cedar"]["rate"] == 0.15
    assert found["cedar"]["adjusted_rate"] == pytest.approx(0.4 * 0.4 + 0.6 * 0.1)
    assert (found["birch"]["others_denied"], found["birch"]["others_lines"]) == (9, 60)
    assert found["birch"]["others_rate"] == 0.15
    assert [found["birch"][name] for name in ("strata", "shared_share")] == [2, 1.0]


def test_stratum_of_another_place_is_another_stratum():
    found = adjusted(
        lines("birch", "infliximab", 10, 1, place_of_service="22"),
        lines("cedar", "infliximab", 10, 5),
    )
    assert found["birch"]["shared_share"] == 0.5


def test_strata_a_payer_has_no_line_in_are_left_out_and_their_share_is_told():
    found = adjusted(lines("birch", "infliximab", 20, 5), lines("cedar", "rituximab", 60, 6))
    # 20 of 80 lines are in birch's only stratum, and its rate there is its own.
    assert (found["birch"]["shared_share"], found["birch"]["strata"]) == (0.25, 1)
    assert found["birch"]["adjusted_rate"] == 0.25


def test_nine_lines_at_the_payer_are_pooled_and_ten_are_a_stratum():
    rest = (lines("cedar", "infliximab", 11, 0), lines("cedar", "rituximab", 70, 0))
    pooled = adjusted(lines("birch", "infliximab", 9, 9), lines("birch", "rituximab", 9, 0), *rest)[
        "birch"
    ]
    # Both strata are one: nine denied of eighteen.
    assert (pooled["strata"], pooled["adjusted_rate"], pooled["shared_share"]) == (1, 0.5, 1.0)
    apart = adjusted(
        lines("birch", "infliximab", 10, 10), lines("birch", "rituximab", 9, 0), *rest
    )["birch"]
    # infliximab 21 of 100 lines, other 79 of 100.
    assert (apart["strata"], apart["adjusted_rate"]) == (2, pytest.approx(0.21))


def test_strata_scarce_everywhere_are_pooled_even_where_the_payer_has_no_line():
    found = adjusted(
        lines("birch", "infliximab", 10, 0),
        lines("birch", "rare", 1, 1),
        lines("cedar", "infliximab", 10, 0),
        lines("cedar", "rarer", 4, 0),
    )["birch"]
    # Of 25 lines 5 are in `other`, one of them birch's own, denied.
    assert (found["adjusted_rate"], found["shared_share"]) == (pytest.approx(0.2), 1.0)


def test_line_of_unknown_drug_is_a_stratum_of_its_own():
    found = adjusted(lines("birch", None, 10, 5), lines("birch", "infliximab", 10, 0))
    assert found["birch"]["strata"] == 2
    assert found["birch"]["others_rate"] is None


def test_lines_are_those_of_the_plain_rate():
    frame = [
        *lines("birch", "infliximab", 12, 6),
        *lines("birch", "infliximab", 5, 5, is_mature=False),
        *lines("birch", "infliximab", 5, 5, payer_rank="secondary"),
        LINE | {"initial_outcome": "returned"},
        LINE | {"initial_outcome": None},
    ]
    for definition in ("line_initial", "line_final"):
        plain = denial_rate_by(pl.LazyFrame(frame), by="payer_id", definition=definition)
        row = plain.collect().row(0, named=True)
        found = adjusted(frame, definition=definition)["birch"]
        assert [found[name] for name in ("denied", "lines", "rate", "interval_low")] == [
            row[name] for name in ("numerator", "denominator", "rate", "interval_low")
        ]
    assert adjusted(frame)["birch"]["denied"] == 6


cells = st.tuples(st.integers(10, 30), st.integers(0, 10))


@given(st.lists(cells, min_size=1, max_size=4), st.integers(1, 3))
def test_payer_whose_mix_is_everybodys_keeps_its_plain_rate(mix, times):
    own = [lines("birch", f"drug {n}", size, hits) for n, (size, hits) in enumerate(mix)]
    others = [lines("cedar", f"drug {n}", size * times, 0) for n, (size, _) in enumerate(mix)]
    found = adjusted(*own, *others)["birch"]
    assert found["adjusted_rate"] == pytest.approx(found["rate"])
    assert found["shared_share"] == 1.0


parts = st.lists(
    st.tuples(
        st.sampled_from(["ash", "birch", "cedar"]),
        st.sampled_from(["infliximab", "rituximab", "trastuzumab"]),
        st.integers(1, 25),
        st.integers(0, 25),
    ),
    min_size=1,
    max_size=9,
)


@given(parts)
def test_every_line_is_counted_once_and_rates_are_rates(drawn):
    found = adjusted(*(lines(payer, drug, n, min(n, hits)) for payer, drug, n, hits in drawn))
    assert sum(row["lines"] for row in found.values()) == sum(n for _, _, n, _ in drawn)
    for row in found.values():
        assert 0 <= row["adjusted_rate"] <= 1
        assert 0 < row["shared_share"] <= 1
        assert row["lines"] + row["others_lines"] == sum(n for _, _, n, _ in drawn)
        is_none, is_all = row["denied"] == 0, row["denied"] == row["lines"]
        assert (row["adjusted_rate"] == 0) == is_none
        assert not is_all or row["adjusted_rate"] == pytest.approx(1)


def test_five_payers_need_no_warning_and_six_do():
    parts = [lines(f"payer {n}", "infliximab", 40, 4) for n in range(5)]
    frame = pl.LazyFrame([line for part in parts for line in part])
    assert many_payers_in_words(denial_rate_adjusted_by(frame).collect()) == ""
    more = pl.concat([frame, pl.LazyFrame(lines("payer 5", "infliximab", 40, 30))])
    said = many_payers_in_words(denial_rate_adjusted_by(more).collect())
    assert said.startswith("**6 payers are compared**")
    assert "about 0.3 of them outside by chance; 1 payer does lie outside here." in said


def test_rate_of_claims_and_frame_without_places_are_refused():
    frame = pl.LazyFrame(lines("birch", "infliximab", 10, 1))
    with pytest.raises(UsageError, match="'claim_initial', a rate of claims"):
        denial_rate_adjusted_by(frame, definition="claim_initial")
    with pytest.raises(UsageError, match="found drug in by="):
        denial_rate_adjusted_by(frame, by=["payer_id", "drug"])
    with pytest.raises(MissingColumns, match=r"missing place_of_service.*load_drug_line_outcomes"):
        denial_rate_adjusted_by(frame.drop("place_of_service"))
