"""The payer table puts measures side by side and adds nothing that must not be added."""

from decimal import Decimal

import polars as pl
import pytest
from measure_stubs import LEDGER, LINES, stub_measures

from analytics.overview import intake_sentences, overview_by_payer, question_sentences


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


def test_waste_by_administration_records_is_a_column_of_its_own():
    by_record = LEDGER.head(1).with_columns(vial_evidence=pl.lit("A"))
    ledger = pl.concat([LEDGER, by_record]).lazy()
    birch = overview_by_payer(LINES.lazy(), ledger).row(1, named=True)
    assert birch["administration_leakage_usd"] == Decimal("100.00")
    assert (birch["ndc_leakage_usd"], birch["theory_leakage_usd"]) == (
        Decimal("100.00"),
        Decimal("7.50"),
    )


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


def rejected(reasons: list[str], files: list[str], pieces: list[str]) -> pl.LazyFrame:
    return pl.LazyFrame(
        {
            "source_file": files,
            "byte_offset": list(range(1000, 1000 + len(reasons))),
            "piece": pieces,
            "reason": reasons,
        },
        schema_overrides={"source_file": pl.String, "piece": pl.String, "reason": pl.String},
    )


def ledger_of(*rows: tuple[str, str, str | None]) -> pl.LazyFrame:
    columns = ["source_file", "status", "reason"]
    return pl.LazyFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


NONE_REJECTED = rejected([], [], [])


def test_every_piece_not_used_is_counted_under_its_reason():
    received = ledger_of(*[("x.835", status, None) for status in ("loaded", "loaded", "not_ours")])
    reasons = ["a"] * 9 + ["b"] * 3 + ["c", "d", "e", "f", "g"]
    rejects = rejected(reasons, ["x.835"] * len(reasons), ["element"] * len(reasons))
    said = intake_sentences(received, rejects)
    assert said[0] == "files received: 2 loaded, 1 not ours"
    assert said[1] == "9 pieces of 1 file not used, the first in x.835 at byte 1,000: a"
    assert said[-1] == "2 more pieces not used; see the table rejects"


def test_piece_names_its_file_and_place():
    rejects = rejected(
        ["a", "a", "b"], ["y.835", "x.835", "t.csv"], ["element", "element", "row 5"]
    )
    assert intake_sentences(ledger_of(("x.835", "loaded", None)), rejects)[1:] == [
        "2 pieces of 2 files not used, the first in x.835 at byte 1,001: a",
        "1 piece of 1 file not used, the first in t.csv, row 5: b",
    ]


def test_files_of_which_nothing_is_used_are_named_under_their_reason():
    acknowledged = [(f"{number}.999", "not_ours", "X12 999") for number in range(1, 8)]
    copy = ("again.835", "duplicate", "same content as a file already received")
    said = intake_sentences(ledger_of(*acknowledged, copy), NONE_REJECTED)
    assert said == [
        "files received: 1 duplicate, 7 not ours",
        "1.999, 2.999, 3.999, 4.999, 5.999 and 2 more files: X12 999",
    ]


def test_what_was_told_already_is_not_told_again():
    received = ledger_of(
        ("a.pdf", "rejected", "not X12"), ("b.835", "partly_rejected", "2 astray.")
    )
    rejects = rejected(["not X12", "astray"], ["a.pdf", "b.835"], ["file", "segment"])
    assert intake_sentences(received, rejects, told=["a.pdf was not used: not X12"]) == [
        "files received: 1 partly rejected, 1 rejected",
        "b.835: 2 astray.",
    ]


def test_nothing_received_is_said():
    assert intake_sentences(ledger_of(), NONE_REJECTED) == ["no file received: raw/ is empty"]


def test_empty_folder_is_no_news_beside_files_that_could_not_be_read():
    assert intake_sentences(ledger_of(), NONE_REJECTED, told=["a.835 could not be read"]) == []


# What to fill in next


def test_questions_are_said_in_their_order_and_the_rest_is_counted():
    asked = pl.LazyFrame(
        {
            "place": [2, 1, 3, 4, 5, 6, 7],
            "reference_file": ["payers.csv"] * 6 + [None],
            "sentence": [f"number {place}: $1234.50" for place in (2, 1, 3, 4, 5, 6, 7)],
        }
    )
    assert question_sentences(asked) == [
        *(f"number {place}: $1,234.50" for place in range(1, 6)),
        "... and 1 more question in reference_questions",
    ]
    assert question_sentences(asked.filter(pl.col("reference_file").is_null())) == []
