"""Stand-ins for the measures where a test is about the columns beside each other, not the rates."""

from decimal import Decimal

import polars as pl
import pytest

MONEY = pl.Decimal(18, 2)
LINES = pl.DataFrame(
    {
        "payer_id": ["birch", "birch", "birch", "alder"],
        "payer_name": ["Birch", "Birch", "Birch", "Alder"],
        "payer_rank": ["primary", "primary", "primary", "primary"],
        "hcpcs": ["J1324", "J1324", "J9177", "J1324"],
        "payer_owed_usd": [Decimal("1234.56"), Decimal(0), Decimal(0), Decimal(0)],
    },
    schema_overrides={"payer_owed_usd": MONEY},
)
LEDGER = pl.DataFrame(
    {
        "payer_id": ["birch", "birch"],
        "hcpcs": ["J1324", "J1324"],
        "vial_evidence": ["B", "C"],
        "leakage_usd": [Decimal("100.00"), Decimal("7.50")],
        "unpriced_treatments": [0, 2],
    },
    schema_overrides={"leakage_usd": MONEY},
)


def stub_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every payer matches on half its lines and denied one of four."""

    def underpayment_by(lines: pl.LazyFrame, *, by: list[str]) -> pl.LazyFrame:
        return lines.group_by(by).agg(
            pl.col("payer_owed_usd").sum(),
            unpriced_lines=pl.lit(0),
            unpriced_allowed_usd=pl.lit(Decimal("5.00")),
            unpriced_charge_usd=pl.lit(Decimal("9.00")),
        )

    def price_match_by(lines: pl.LazyFrame, *, by: list[str]) -> pl.LazyFrame:
        return lines.group_by(by).agg(
            price_match_rate=pl.lit(0.5),
            matched_lines=pl.lit(1),
            short_lines=pl.lit(1),
            over_lines=pl.lit(0),
        )

    def waste_leakage_by(ledger: pl.LazyFrame, *, by: list[str]) -> pl.LazyFrame:
        return ledger.group_by([*by, "vial_evidence"]).agg(
            pl.col("leakage_usd").sum(), pl.col("unpriced_treatments").sum()
        )

    def denial_rate_by(lines: pl.LazyFrame, *, by: list[str], definition: str) -> pl.LazyFrame:
        assert definition == "line_initial"
        return lines.group_by(by).agg(
            denial_rate=pl.when(pl.col("payer_id").first() == "birch").then(0.25),
            interval_low=pl.lit(0.05),
            interval_high=pl.lit(0.7),
            denied_lines=pl.lit(1),
            adjudicated_lines=pl.lit(4),
        )

    for measure in (underpayment_by, price_match_by, waste_leakage_by, denial_rate_by):
        monkeypatch.setattr(f"analytics.overview.{measure.__name__}", measure)
