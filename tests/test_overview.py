"""The payer table puts measures side by side and adds nothing that must not be added."""

from decimal import Decimal

import polars as pl
import pytest
from measure_stubs import LEDGER, LINES, stub_measures

from analytics.overview import intake_sentences, overview_by_payer


@pytest.fixture(autouse=True)
def measures(monkeypatch: pytest.MonkeyPatch) -> None:
    stub_measures(monkeypatch)


def test_each_payer_with_the_code_has_one_row():
    payers = overview_by_payer(LINES.lazy(), LEDGER.lazy())
    assert payers["payer_name"].to_list() == ["Alder", "Birch"]
    assert payers["lines"].to_list() == [1, 2]


def test_waste_on_evidence_and_waste_in_theory_are_never_added():
    birch = overview_by_payer(LINES.lazy(), LEDGER.lazy()).row(1, named=True)
    assert birch["ndc_leakage_usd"] == Decimal("100.00")
    assert birch["theory_leakage_usd"] == Decimal("7.50")
    assert Decimal("107.50") not in birch.values()


def test_payer_without_waste_rows_has_none_rather_than_zero():
    alder = overview_by_payer(LINES.lazy(), LEDGER.lazy()).row(0, named=True)
    assert alder["ndc_leakage_usd"] is None


def test_payer_without_a_compared_line_owes_nothing_known_rather_than_zero(
    monkeypatch: pytest.MonkeyPatch,
):
    def no_match_at_alder(lines: pl.LazyFrame, *, by: list[str]) -> pl.LazyFrame:
        compared = lines.filter(pl.col("payer_id") != "alder").group_by(by)
        counts = ("matched_lines", "short_lines", "over_lines")
        return compared.agg(**dict.fromkeys(counts, pl.len()), price_match_rate=pl.lit(0.5))

    monkeypatch.setattr("analytics.overview.price_match_by", no_match_at_alder)
    payers = overview_by_payer(LINES.lazy(), LEDGER.lazy())
    assert payers["payer_owed_usd"].to_list() == [None, Decimal("1234.56")]


def test_other_codes_are_another_table():
    payers = overview_by_payer(LINES.lazy(), LEDGER.lazy(), hcpcs="J9177")
    assert payers["payer_name"].to_list() == ["Birch"]


def test_every_piece_not_used_is_counted_under_its_reason():
    received = pl.LazyFrame({"status": ["loaded", "loaded", "not_ours"]})
    reasons = ["a"] * 9 + ["b"] * 3 + ["c", "d", "e", "f", "g"]
    rejects = pl.LazyFrame({"reason": reasons, "source_file": ["x.835"] * len(reasons)})
    said = intake_sentences(received, rejects)
    assert said[0] == "files received: 2 loaded, 1 not_ours"
    assert said[1] == "9 pieces of 1 file not used: a"
    assert said[-1] == "2 more pieces not used; see the table rejects"


def test_nothing_received_says_nothing():
    empty = pl.LazyFrame(schema={"status": pl.String})
    rejects = pl.LazyFrame(schema={"reason": pl.String, "source_file": pl.String})
    assert intake_sentences(empty, rejects) == []
