"""KFF's and HFMA's tables side by side, and the shares of lines no rate can rest on."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from small_lines import a_denied_line, a_line, lines_of

import analytics
from analytics.measures import denial_definitions, denial_rate_by, denial_tables_by
from analytics.measures.line_shares import line_shares

TOLD = {"billed_basis": "claim", "match_method": "line_control_number"}
TOLD |= {"denial_class": None, "initial_denial_class": None}


def told(*lines: dict[str, object]) -> pl.LazyFrame:
    """The lines with what a match and a reason are told by."""
    frame = lines_of(*({k: v for k, v in line.items() if k not in TOLD} for line in lines))
    beside = [{name: line.get(name, value) for name, value in TOLD.items()} for line in lines]
    texts = pl.LazyFrame(beside, schema=dict.fromkeys(TOLD, pl.String))
    return pl.concat([frame, texts], how="horizontal")


def test_shares_are_of_all_primary_lines():
    row = (
        denial_rate_by(
            told(
                a_line(),
                a_denied_line(initial_denial_class="unmapped", denial_class="unmapped"),
                a_line(initial_outcome="zero_no_reason", initial_denial_class="unmapped"),
                a_line(billed_basis="remit_only", match_method="unmatched"),
                a_line(outcome="open", initial_outcome=None, match_method=None, is_mature=False),
                a_line(is_mature=None),
                a_line(payer_rank="secondary", match_method=None, is_mature=False),
            ),
            by="payer_id",
        )
        .collect()
        .row(0, named=True)
    )
    # Six primary lines: two unmatched, two unmapped, two immature; one of these has no answer.
    assert (row["numerator"], row["denominator"], row["immature"]) == (2, 4, 1)
    assert row["primary_lines"] == 6
    assert [row[f"{share}_share"] for share in ("unmatched", "unmapped", "immature")] == [
        pytest.approx(1 / 3)
    ] * 3


def test_shares_are_null_where_the_frame_does_not_tell_them():
    row = denial_rate_by(lines_of(a_line()), by="payer_id").collect().row(0, named=True)
    assert (row["primary_lines"], row["unmatched_share"]) == (None, None)
    assert row["denominator"] == 1


def test_rows_stay_sorted_with_the_shares_beside():
    payers = [f"payer {n}" for n in range(40)]
    table = denial_rate_by(told(*(a_line(payer_id=payer) for payer in payers)), by="payer_id")
    assert table.collect()["payer_id"].to_list() == sorted(payers)


def claims_of(*months: tuple[date, int, int, bool]) -> pl.LazyFrame:
    rows = [
        {
            "payer_id": "birch",
            "submitted_date": day,
            "cohort_month": day.replace(day=1),
            "denied_initial": place < denied,
            "denied_final": False,
            "is_mature": is_mature,
        }
        for day, claims, denied, is_mature in months
        for place in range(claims)
    ]
    dollars = pl.lit(Decimal("100.00"), pl.Decimal(18, 2))
    return pl.LazyFrame(rows).with_columns(
        counts_initial=True,
        counts_final=True,
        charge_usd=dollars,
        denied_initial_expected_usd=dollars,
        denied_final_expected_usd=dollars,
    )


NO_REMITS = pl.LazyFrame(
    schema={
        "payer_id": pl.String,
        "payer_rank": pl.String,
        "event_state": pl.String,
        "is_duplicate": pl.Boolean,
        "paid_usd": pl.Decimal(18, 2),
        "charge_usd": pl.Decimal(18, 2),
        "payment_date": pl.Date,
        "as_of": pl.Date,
    }
)


def test_the_two_styles_stand_beside_each_other():
    claims = claims_of(
        (date(2026, 1, 9), 10, 0, True),
        (date(2026, 2, 9), 11, 0, True),
        (date(2026, 3, 9), 9, 1, True),
        (date(2026, 4, 9), 5, 2, True),
        (date(2026, 5, 9), 5, 5, False),
    )
    row = denial_tables_by(told(a_line()), claims, NO_REMITS).collect().row(0, named=True)
    # KFF: 3 of the 35 claims old enough. HFMA: April's 2 over the mean of 10, 11 and 9.
    # May is too young for both.
    assert (row["kff_initial_numerator"], row["kff_initial_denominator"]) == (3, 35)
    assert (row["kff_final_rate"], row["hfma_claims_numerator"]) == (0.0, 2)
    assert (row["hfma_claims_denominator"], row["hfma_claims_rate"]) == (10.0, 0.2)
    assert (str(row["hfma_dollars_numerator"]), str(row["hfma_dollars_denominator"])) == (
        "200.00", "1000.00"
    )  # fmt: skip
    assert row["hfma_claims_window"] == "2026-04 over the mean of 2026-01 to 2026-03"
    assert (row["hfma_zero_pay_rate"], row["primary_lines"]) == (None, 1)
    assert row["kff_initial_interval_low"] < 3 / 35 < row["kff_initial_interval_high"]


def test_every_column_of_figures_has_its_definition():
    table = denial_tables_by(told(a_line()), claims_of((date(2026, 1, 9), 1, 0, True)), NO_REMITS)
    words = denial_definitions()
    known = [
        name
        for name in table.collect_schema().names()
        if name.endswith("_rate") and name.removesuffix("_rate") in words["columns"].to_list()
    ]
    assert len(known) == words.height == 5
    assert words.filter("has_interval")["style"].to_list() == ["KFF", "KFF"]


def test_sample_has_the_rates_of_each_definition(sample_run: Path):
    lines = analytics.load_claim_line_outcomes(data=sample_run)
    claims = analytics.load_claim_outcomes(data=sample_run)
    remits = analytics.load_remit_claims(data=sample_run)
    table = denial_tables_by(lines, claims, remits).collect()
    assert table["payer_id"].is_unique().all()
    kff = denial_rate_by(claims, by="payer_id", definition="claim_initial").collect()
    both = table.join(kff, on="payer_id")
    assert both.height == kff.height
    assert both["kff_initial_rate"].to_list() == both["rate"].to_list()
    assert table["primary_lines"].sum() == lines.filter(payer_rank="primary").collect().height
    shares = line_shares(lines, ["payer_id"]).collect()
    assert shares["unmatched_share"].max() > 0
