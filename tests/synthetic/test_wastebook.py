"""The book of treatments: waste by every tier and policy, documents, and what only looks wrong."""

from __future__ import annotations

import csv
import io
from collections import Counter
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from synthetic.test_casebook import STANDARD, imported, modules

from analytics.scoring.published import OF_CHECKS, published_answers
from analytics.settings import DataFolder
from analytics.synthetic.answers import WHERE_TO_LOOK
from analytics.synthetic.site import site_files, write_sample_site
from analytics.synthetic.wastebook.book import key_rows, raw_files, the_book
from analytics.synthetic.wastebook.parties import RATES

WRITER, OWN = "analytics.synthetic.x12_writer", "analytics.synthetic.wastebook"
PRICES = "analytics.synthetic.casebook.prices"
# The one check that no file of a made-up site can fail: its prices are shipped with the package.
NOT_PLANTED = {"reference_current"}
# What the ledger must show of the treatments: each finding with the evidence it rests on.
BY_EVIDENCE = {
    *(("missed", tier) for tier in "ABC"),
    *(("modifier_missing", tier) for tier in "ABC"),
    *(("overbilled", tier) for tier in "ABC"),
    *(("not_paid_by_policy", tier) for tier in "ABC"),
    *(("policy_unknown", tier) for tier in "ABC"),
    *(("clean", tier) for tier in "ABC"),
    ("modifier_conflict", "A"),
    ("modifier_conflict", "B"),
    ("jz_attested", "C"),
}
LOOK_ALIKES = {
    *("below_a_unit", "overfill", "apart", "split_dose", "house_code", "recorded", "two_bags"),
    *("two_sizes", "same_quantity_twice", "quantity_shared", "vial_too_many", "record_in_doubt"),
    *("fourth_modifier", "no_modifier_asked"),
}


def log_of(files: dict[str, str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["raw/administrations.csv"])))


@pytest.fixture(scope="module")
def ledger(sample_run: Path) -> pl.DataFrame:
    """The ledger rows of the treatments."""
    folder = DataFolder(sample_run)
    run = (sample_run / "warehouse" / "current").read_text().strip()
    rows = pl.read_parquet(folder.runs / run / "waste_ledger.parquet")
    return rows.filter(pl.col("claim_id").str.starts_with("W"))


def test_the_treatments_import_the_writer_prices_and_nothing_else_of_the_package(project: Path):
    names = {name for path in modules(project, "wastebook") for name in imported(path)}
    own = {name for name in names if name.startswith("analytics")}
    assert {name for name in own if not name.startswith(OWN)} == {WRITER, PRICES}
    assert {name for name in names - own if name.partition(".")[0] not in STANDARD} == set()


def test_every_finding_is_planted_by_every_evidence_that_can_show_it(ledger: pl.DataFrame):
    told = {(row["finding"], row["vial_evidence"]) for row in ledger.to_dicts()}
    assert BY_EVIDENCE - told == set()


def test_every_right_treatment_is_clean_in_the_ledger(ledger: pl.DataFrame):
    looks = {row.finding for row in key_rows() if row.finding.startswith("look_alike_waste_")}
    assert looks == {f"look_alike_waste_{what}" for what in LOOK_ALIKES}
    claims = {row.claim_id for row in key_rows() if row.finding in looks}
    found = ledger.filter(pl.col("claim_id").is_in(list(claims)))
    assert set(found["claim_id"]) == claims
    assert set(found["finding"]) == {"clean"}


def test_every_check_of_documentation_is_planted(project: Path):
    path = project / "data" / "reference" / "documentation_weights.csv"
    with path.open(encoding="utf-8", newline="") as opened:
        checks = {row["check"] for row in csv.DictReader(opened)}
    planted = {row.finding for row in key_rows() if row.finding.startswith("documentation_")}
    assert planted == {f"documentation_{check}" for check in checks - NOT_PLANTED}


def test_a_line_is_never_planted_as_whole_and_as_lacking():
    whole = {
        (row.claim_id, row.line_number)
        for row in key_rows()
        if row.finding.startswith("look_alike_documentation_")
    }
    lacking = {
        (row.claim_id, row.line_number)
        for row in key_rows()
        if row.finding.startswith("documentation_")
    }
    assert whole
    assert lacking
    assert whole & lacking == set()


def test_twenty_units_are_worth_what_the_contract_says():
    # 20 x 38.00, 5 x 33.00 and 5 x 152.00: 5 mg of each drug.
    amounts = {row.amount_usd for row in key_rows() if row.finding == "waste_missed"}
    assert amounts == {Decimal("760.00"), Decimal("165.00"), None}
    assert RATES["J9177"] * 20 == RATES["J1324"] * 5 == Decimal("760.00")


def test_the_practice_that_always_bills_whole_multi_dose_vials_is_found(tmp_path: Path):
    from scenario_site import refreshed

    write_sample_site(tmp_path / "site", claims=200, seed=7)
    refreshed(tmp_path / "site", may_say=("",))
    found = published_answers(tmp_path / "site")
    listed = found.filter(finding="waste_always_whole_vials")
    # Twelve treatments of 44 units at 76.00; not the payer with two treatments of part of a vial.
    assert listed.select("payer_id", "amount_usd").rows() == [("spruce", Decimal("40128.00"))]


def test_ten_other_treatments_of_that_vial_are_not_always_whole():
    units = Counter(
        told.treatment.bills[0].lines[0].units
        for told in the_book()
        if told.treatment.scenario == "not_always_whole_multi_dose_vials"
    )
    assert units == {44: 8, 31: 1, 27: 1}


def test_the_log_tells_of_visits_and_of_treatments():
    rows = log_of(site_files(claims=400, seed=5))
    claims = [row["claim_id"] for row in rows]
    assert sum(claim.startswith("S") for claim in claims) > 5
    assert sum(claim.startswith("W") for claim in claims) > 40
    assert {row["patient_id"][:4] for row in rows if row["patient_id"]} == {"SYN0"}
    assert all(Decimal(row["administered_mg"]) > 0 for row in rows)


def test_a_small_site_has_a_log_and_no_treatments():
    rows = log_of(site_files(claims=199, seed=6))
    assert rows
    assert not [row for row in rows if row["claim_id"].startswith("W")]


def test_every_finding_of_a_check_says_which_check():
    for finding, (check, *_, usd) in OF_CHECKS.items():
        assert WHERE_TO_LOOK[finding] == (check, usd)


def test_the_book_is_the_same_every_time_and_known_at_the_as_of_date():
    assert raw_files() == raw_files()
    days = [day for told in the_book() for day, _, _ in told.mail.answers]
    assert max(days).isoformat() < "2026-03-31"
