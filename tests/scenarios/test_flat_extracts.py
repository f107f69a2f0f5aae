"""The same site told as X12 and as flat extracts says the same; what is left out is not guessed."""

import shutil
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from scenario_site import (
    ALDER,
    AS_OF,
    MAR_1,
    Mail,
    Published,
    answer,
    at_contract,
    base_terms,
    drug,
    payers,
    publish,
    refreshed,
    says,
)
from small_extracts import Row, as_csv, told_by_staging

from analytics.settings import DataFolder

FIGURES = (
    *("claim_line_outcomes", "drug_line_outcomes", "waste_ledger", "code_identity"),
    "payer_drug_months",
)
REFERENCE = {**payers(ALDER), "contract_terms": base_terms()}
# What an export of a site's own system does not have, and how adjustments find their answer then.
IDS = (
    *("submission_id", "transaction_id", "submission_number", "remit_claim_id"),
    *("remit_claim_number", "adjustment_number", "source_offset"),
)
INFUSION_LOG = Path("raw", "administrations.csv")
# The patients told here are pseudonyms already: no member id of the log makes them again.
BY_PATIENT, BY_CLAIM = "SYNADM00039-1,,SYN080039,", "SYNADM00039-1,W00039,,"
MARKS = ("payment_date", "payer_control_number", "status_code", "trace_number")


def figures(folder: Path) -> dict[str, pl.DataFrame]:
    """The published figures, without where they were said and who the patients are."""
    runs = folder / "warehouse" / "runs" / (folder / "warehouse" / "current").read_text().strip()
    places = ("source_file", "source_offset", "patient_key")
    return {
        name: pl.read_parquet(runs / f"{name}.parquet").drop(places, strict=False)
        for name in FIGURES
    }


def assert_same(found: dict[str, pl.DataFrame], expected: dict[str, pl.DataFrame]) -> None:
    for name, rows in expected.items():
        assert rows.height > 0, name
        both = [frame.sort(rows.columns) for frame in (found[name], rows)]
        assert both[0].equals(both[1]), name


def copy_log(source: Path, folder: Path) -> None:
    """The infusion log, with the claim named where it names the patient alone."""
    log = (source / INFUSION_LOG).read_text(encoding="utf-8")
    assert BY_PATIENT in log
    (folder / INFUSION_LOG).write_text(log.replace(BY_PATIENT, BY_CLAIM), encoding="utf-8")


def site_of(folder: Path, source: Path, files: dict[str, pl.DataFrame]) -> Path:
    """A site with the reference of another and extracts in place of its X12."""
    (folder / "raw").mkdir(parents=True)
    shutil.copytree(source / "reference", folder / "reference")
    shutil.copy(source / "site.toml", folder)
    copy_log(source, folder)
    for name, rows in files.items():
        rows.write_csv(folder / "raw" / f"{name}.csv")
    return folder


@pytest.fixture(scope="module")
def told(sample_run: Path) -> dict[str, pl.DataFrame]:
    """The sample site's claims and remits as extracts."""
    return told_by_staging(sample_run / "warehouse" / "results")


def test_sample_told_as_extracts_gives_the_same_figures(
    sample_run: Path, told: dict[str, pl.DataFrame], tmp_path: Path
):
    refreshed(site_of(tmp_path / "flat", sample_run, told))
    assert_same(figures(tmp_path / "flat"), figures(sample_run))


def test_sample_without_ids_shuffled_split_and_told_twice_gives_the_same_figures(
    sample_run: Path, told: dict[str, pl.DataFrame], tmp_path: Path
):
    heads = told["remit_lines"].select("remit_claim_id", *MARKS).unique()
    marked = {
        **told,
        "adjustments": told["adjustments"].join(heads, on="remit_claim_id", how="left"),
    }
    files = {}
    for name, rows in marked.items():
        # Two rows that say the same in all that is left would be one: each keeps its place.
        plain = (
            rows.drop(IDS, strict=False) if name != "adjustments" else rows.drop("remit_claim_id")
        )
        mixed = plain.sample(fraction=1, shuffle=True, seed=7)
        files[f"first/{name}"] = mixed.head(mixed.height * 2 // 3)
        files[f"second/{name}"] = mixed.tail(mixed.height * 2 // 3)
    (tmp_path / "flat" / "raw" / "first").mkdir(parents=True)
    (tmp_path / "flat" / "raw" / "second").mkdir(parents=True)
    folder = tmp_path / "flat"
    shutil.copytree(sample_run / "reference", folder / "reference")
    shutil.copy(sample_run / "site.toml", folder)
    copy_log(sample_run, folder)
    for name, rows in files.items():
        rows.write_csv(folder / "raw" / f"{name}.csv")
    site = refreshed(folder)
    assert_same(figures(folder), figures(sample_run))
    ledger = site.table("load_ledger")
    repeated = sum(rows.height for rows in files.values()) - sum(r.height for r in told.values())
    assert ledger["segments_duplicate"].sum() == repeated
    assert ledger["segments_rejected"].sum() == 0
    counted = ["segments_loaded", "segments_rejected", "segments_duplicate", "segments_not_ours"]
    assert ledger.select(pl.sum_horizontal(counted) == pl.col("segments")).to_series().all()


def eob(number: str, **parts: object) -> Row:
    """A line of a paper EOB at the base contract: 66.83 allowed, 13.37 of it coinsurance."""
    return {
        "payer_name": "Alder",
        "payment_date": "3/1/2026",
        "trace_number": "SYN0001",
        "claim_number": number,
        "payer_control_number": f"ICN-{number}",
        "remit_line_number": 1,
        "service_date": "2/10/2026",
        "hcpcs": "J1324",
        "paid_units": 90,
        "charge_usd": "$180.00",
        "contractual_usd": "113.17",
        "coinsurance_usd": "13.37",
        "paid_usd": "53.46",
        **parts,
    }


def test_paper_eob_says_what_its_835_would(tmp_path: Path):
    x12 = Mail()
    x12.settle("C1", drug(), at_contract(drug()))
    told = publish(tmp_path / "x12", x12, REFERENCE)
    billed = Mail()
    billed.bill("C1", drug())
    typed = publish(tmp_path / "eob", billed, REFERENCE, {"eob.csv": as_csv([eob("C1")])})
    expected = told.outcome("C1")
    found = typed.outcome("C1")
    places = ("source_file", "source_offset", "patient_key")
    assert {name: found[name] for name in found if name not in places} == {
        name: expected[name] for name in expected if name not in places
    }
    says(typed.line("C1"), gap_usd="0.00", shortfall_usd="0.00", match_basis="line")


def typed_site(folder: Path, *rows: Row, **lines: int) -> Published:
    """A site that billed C1 by X12 and typed these EOB lines."""
    mail = Mail()
    mail.bill("C1", *(drug() for _ in range(lines.get("lines", 1))))
    return publish(folder, mail, REFERENCE, {"eob.csv": as_csv(rows)})


def test_paid_line_without_its_reasons_carries_no_gap(tmp_path: Path):
    row = eob("C1", contractual_usd="", coinsurance_usd="")
    site = typed_site(tmp_path / "site", row)
    says(
        site.line("C1"),
        outcome="paid",
        paid_usd="53.46",
        gap_usd=None,
        gap_basis="not compared: remit line does not balance",
        shortfall_usd="0.00",
    )
    says(site.row("remit_balances"), balanced=None, line_difference_usd=None)
    assert site.warning("warn_unbalanced_remits").height == 0


def test_unpaid_line_without_its_reasons_stays_open(tmp_path: Path):
    row = eob("C1", contractual_usd="", coinsurance_usd="", paid_usd="0.00")
    site = typed_site(tmp_path / "site", row)
    says(site.line("C1"), outcome="open", denied_expected_usd="0.00", first_paid_date=None)
    says(site.row("load_ledger", source_file="eob.csv"), status="loaded", segments_loaded=1)
    assert "1 row is paid 0.00" in site.row("load_ledger", source_file="eob.csv")["reason"]


@pytest.mark.parametrize(
    ("told", "balanced", "difference"),
    [
        ({"payment_amount_usd": "53.46"}, True, "0.00"),
        ({"payment_amount_usd": "50.00"}, None, None),
        ({"payment_amount_usd": "50.00", "provider_adjustment_usd": "3.46"}, True, "0.00"),
        ({"payment_amount_usd": "50.00", "provider_adjustment_usd": "0"}, False, "-3.46"),
        ({}, None, None),
        ({"payment_amount_usd": "53.46", "contractual_usd": "113.16"}, False, "0.00"),
    ],
)
def test_remit_balances_where_all_of_it_was_told(
    tmp_path: Path, told: Row, balanced: bool | None, difference: str | None
):
    site = typed_site(tmp_path / "site", eob("C1", **told))
    says(site.row("remit_balances"), balanced=balanced, transaction_difference_usd=difference)
    assert site.warning("warn_unbalanced_remits").height == (balanced is False)


def test_reversal_and_correction_typed_for_one_day_leave_the_correction(tmp_path: Path):
    taken_back = {
        "charge_usd": "(180.00)",
        "contractual_usd": "(113.17)",
        "coinsurance_usd": "(13.37)",
        "paid_usd": "(53.46)",
    }
    rows = [
        eob("C1", status_code="1"),
        eob("C1", payment_date="2026-04-01", trace_number="T2", **taken_back),
        eob(
            "C1",
            payment_date="2026-04-01",
            trace_number="T2",
            contractual_usd="100.00",
            coinsurance_usd="16.00",
            paid_usd="64.00",
        ),
    ]
    site = typed_site(tmp_path / "site", *reversed(rows))
    says(site.line("C1"), paid_usd="64.00", allowed_usd="80.00", last_paid_date="2026-04-01")


def test_payment_told_by_x12_and_by_hand_is_listed(tmp_path: Path):
    mail = Mail()
    mail.bill("C1", drug())
    mail.pay(MAR_1, answer("C1", at_contract(drug())))
    site = publish(tmp_path / "site", mail, REFERENCE, {"eob.csv": as_csv([eob("C1")])})
    assert site.warning("warn_payments_told_twice").height == 1


def test_as_of_cuts_extracts_by_their_dates(tmp_path: Path):
    later = eob("C1", payment_date=f"{AS_OF.month}/{AS_OF.day}/{AS_OF.year + 1}")
    says(typed_site(tmp_path / "site", later).line("C1"), outcome="open")


def test_extract_without_its_optional_columns_loads_and_says_so(tmp_path: Path):
    claims = [{"claim_number": "C1", "line_number": 1, "service_date": "2026-02-10"}]
    remits = [
        {
            "claim_number": "C1",
            "remit_line_number": 1,
            "payment_date": "2026-03-01",
            "charge_usd": "180",
            "paid_usd": "180",
        }
    ]
    files = {"c.csv": as_csv(claims), "r.csv": as_csv(remits)}
    site = publish(tmp_path / "site", Mail(), REFERENCE, files)
    line = site.outcome("C1")
    says(line, payer_id="unknown:NO NAME", paid_usd="180.00", outcome="paid", hcpcs=None)
    assert line["pricing_basis"].startswith("not priced: ")
    reason = site.row("load_ledger", source_file="c.csv")["reason"]
    assert reason.startswith("it does not tell: the payer, so no line is priced")
    assert "billed units" in reason
    assert Decimal(str(line["allowed_usd"])) == Decimal(180)


def test_refreshing_again_changes_nothing(tmp_path: Path):
    site = typed_site(tmp_path / "site", eob("C1"))
    again = refreshed(site.folder.root)
    assert again.result.status == "unchanged"
    assert DataFolder(site.folder.root).raw.is_dir()


def test_line_without_a_charge_is_not_priced_where_the_charge_decides(tmp_path: Path):
    capped = [{**term, "charge_cap": "line"} for term in base_terms()]
    claim = {
        "claim_number": "C1",
        "line_number": 1,
        "service_date": "2026-02-10",
        "hcpcs": "J1324",
        "units": 90,
        "payer_name": "Alder",
    }
    files = {"c.csv": as_csv([claim])}
    site = publish(tmp_path / "capped", Mail(), {**REFERENCE, "contract_terms": capped}, files)
    says(site.line("C1"), pricing_basis="not priced: charge not stated", expected_allowed_usd=None)
    site = publish(tmp_path / "plain", Mail(), REFERENCE, files)
    says(site.line("C1"), expected_allowed_usd="66.83")
