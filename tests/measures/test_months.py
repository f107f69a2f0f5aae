"""The monthly counts and dollars carry the measures' own figures: a rate made of either is one."""

from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from small_lines import LINE, MONEY, UNITS, a_line, lines_of

import analytics
from analytics.measures import denial_rate_by, price_match_by, underpayment_by
from analytics.measures.denial_definitions import LEFT_OUT
from analytics.warehouse.engine import open_engine

KEY = ["payer_id", "hcpcs"]
DENIALS = {
    ("line_initial", "denied_lines"): "initially_denied_lines",
    ("line_initial", "adjudicated_lines"): "initially_adjudicated_lines",
    ("line_final", "denied_lines"): "finally_denied_lines",
    ("line_final", "adjudicated_lines"): "finally_adjudicated_lines",
}
OWED = {
    "lines": "compared_lines",
    "expected_usd": "compared_expected_usd",
    "allowed_usd": "compared_allowed_usd",
    **{
        column: column
        for column in (
            "shortfall_usd",
            "overpaid_usd",
            "payer_owed_usd",
            "past_window_usd",
            "ask_usd",
            "unpriced_lines",
            "unpriced_allowed_usd",
            "unpriced_charge_usd",
        )
    },
}
MATCHES = ["matched_lines", "short_lines", "over_lines"]
FIGURES = [*DENIALS.values(), *OWED.values(), *MATCHES]
# What the model reads beside the columns of a small line.
ALSO_READ = {"line_of_business": pl.String, "billed_units": UNITS, "paid_usd": MONEY}
LEDGER = {"payer_id": pl.String, "line_of_business": pl.String, "drug": pl.String}
LEDGER |= {"hcpcs": pl.String, "service_date": pl.Date, "vial_evidence": pl.String}
LEDGER |= {"leakage_usd": MONEY}


def sums_of(months: pl.LazyFrame) -> pl.DataFrame:
    """Months added up to one row per payer and code."""
    return as_counted(months.group_by(KEY).agg(pl.col(FIGURES).sum()))


def measured(lines: pl.LazyFrame) -> pl.DataFrame:
    """The same figures as the measures give them, zero where a measure has no row."""
    lines = lines.with_columns(pl.col("hcpcs").fill_null("none"))
    table = lines.filter(pl.col("payer_rank") == "primary").select(KEY).unique()
    for definition in ("line_initial", "line_final"):
        names = {ours: month for (of, ours), month in DENIALS.items() if of == definition}
        rates = denial_rate_by(lines, by=KEY, definition=definition).select(*KEY, *names)
        table = table.join(rates.rename(names), on=KEY, how="left")
    owed = underpayment_by(lines, by=KEY).select(*KEY, *OWED).rename(OWED)
    matches = price_match_by(lines, by=KEY).select(*KEY, *MATCHES)
    return as_counted(table.join(owed, on=KEY, how="left").join(matches, on=KEY, how="left"))


def as_counted(table: pl.LazyFrame) -> pl.DataFrame:
    money = [name for name in FIGURES if name.endswith("_usd")]
    counts = [name for name in FIGURES if name not in money]
    return (
        table.select(*KEY, *FIGURES)
        .with_columns(pl.col(counts).cast(pl.Int64), pl.col(money).cast(pl.Decimal(38, 2)))
        .with_columns(pl.col(FIGURES).fill_null(0))
        .sort(KEY)
        .collect()
    )


def months_of(lines: pl.LazyFrame, project: Path) -> pl.LazyFrame:
    """What the model makes of these lines and no treatment."""
    sql = (project / "sql" / "marts" / "payer_drug_months.sql").read_text(encoding="utf-8")
    more = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in ALSO_READ.items()]
    with open_engine() as con:
        con.register("drug_line_outcomes", lines.with_columns(more).collect())
        con.register("waste_ledger", pl.DataFrame(schema=LEDGER))
        return con.sql(sql).pl().lazy()


def test_months_of_the_sample_add_up_to_the_measures(sample_run: Path):
    found = sums_of(analytics.load_payer_drug_months(data=sample_run))
    assert found["finally_adjudicated_lines"].sum() > found["finally_denied_lines"].sum() > 0
    assert_frame_equal(found, measured(analytics.load_drug_line_outcomes(data=sample_run)))


ANSWERS = ["paid", "partly_denied", "denied", "zero_no_reason", "not_covered", *LEFT_OUT]
answers = st.sampled_from(ANSWERS)


@st.composite
def any_line(draw: st.DrawFn) -> dict[str, object]:
    """One line at any point of its life; compared when it is a paid primary line with a price."""
    line = a_line(
        payer_id=draw(st.sampled_from(["ash", "birch"])),
        payer_rank=draw(st.sampled_from(["primary", "primary", "secondary"])),
        hcpcs=draw(st.sampled_from(["J1324", None])),
        service_date=date(2026, draw(st.integers(1, 3)), 2),
        outcome=draw(answers | st.just("closed_unpaid")),
        initial_outcome=draw(st.none() | answers),
        is_mature=draw(st.sampled_from([True, True, False, None])),
        expected_allowed_usd=draw(st.sampled_from(["66.83", None])),
    )
    is_paid = line["outcome"] in ("paid", "partly_denied") and line["payer_rank"] == "primary"
    if not is_paid or line["expected_allowed_usd"] is None or draw(st.booleans()):
        return line | {"gap_usd": None, "match_basis": None}
    short = draw(st.sampled_from(["0.00", "0.01", "0.02", "2.48"]))
    asked = draw(st.sampled_from(["past_window_usd", "ask_usd"]))
    basis = "line" if short == "0.00" else None
    return (
        line
        | {"shortfall_usd": short, "payer_owed_usd": short, asked: short}
        | {"match_basis": basis}
    )


@given(lines=st.lists(any_line(), max_size=12))
def test_months_of_any_lines_add_up_to_the_measures(lines: list[dict[str, object]], project: Path):
    drug_lines = lines_of(*lines).select(*LINE)
    assert_frame_equal(sums_of(months_of(drug_lines, project)), measured(drug_lines))
