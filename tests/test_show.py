"""One line's story says what the tables say, and what is not known it does not say."""

import json
import re
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result
from rich.console import Console
from scenario_site import (
    ALDER,
    APR_1,
    MAR_1,
    Mail,
    Published,
    answer,
    answered,
    at_contract,
    at_old_rate,
    base_terms,
    cas,
    drug,
    patient_of,
    payers,
    publish,
)
from typer.testing import CliRunner

from analytics.cli import app
from analytics.settings import DataFolder
from analytics.show import print_story
from analytics.story import read_claim_story
from analytics.warehouse.runs import find_run, run_file


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A short line, a denied one, one paid at contract beside its injection, one paid anew."""
    mail = Mail()
    mail.settle("C1", drug(), at_old_rate(drug()))
    mail.settle("C2", drug(), answered(drug(), cas("CO-50", "180.00")))
    injection = drug("96372", 1, "60.00")
    mail.bill("C3", drug(), injection)
    paid = answered(injection, cas("CO-45", "20.00"))
    mail.pay(MAR_1, answer("C3", at_contract(drug()), paid))
    mail.settle("C4", drug(), at_old_rate(drug()))
    mail.pay(APR_1, answer("C4", at_contract(drug()), payer_control_number="ICN-C4B"))
    reference = {**payers(ALDER), "contract_terms": base_terms(clause="Exhibit [bold]B[/bold]")}
    reference["payers"][0] |= {"look_back_days": 365, "appeal_days": 180}
    return publish(tmp_path_factory.mktemp("story") / "site", mail, reference)


def shown(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["show", *arguments, "--data", str(folder)])


def said(site: Published, *arguments: str) -> str:
    done = shown(site.folder.root, *arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_short_line_tells_the_price_the_gap_and_the_day_it_can_be_asked_until(site: Published):
    text = said(site, "C1", "1")
    for sentence in (
        "$2.48 short: $66.83 expected, $64.35 allowed",
        "line: 90 units of J1324, enfortumab vedotin-ejfv",
        "by its parts: $51.48 paid + $12.87 patient share = $64.35",
        "term: alder:J1324 of alder-contract: $0.7425 a unit, in force from 2026-01-01\n",
        'clause: "Exhibit [bold]B[/bold]"',
        "gap: $66.83 expected - $64.35 allowed = $2.48 short",
        "until: 2027-03-01 (182 days left): look-back of 365 days from the payment of 2026-03-01",
    ):
        assert sentence in text
    line = site.line("C1")
    assert f"of the payer: ${line['ask_usd']}" in text
    assert f"{line['source_file']} at byte {line['source_offset']:,}" in text


def test_line_of_a_house_code_says_so_with_the_cms_code_and_units(site: Published):
    text = said(site, "C1", "1")
    assert "house code: J1324 is read as enfortumab vedotin-ejfv; CMS lists it as" in text
    assert "90 units of J1324 are 360 units of J9177" in text


def test_denied_line_tells_what_was_expected_and_its_appeal_window(site: Published):
    text = said(site, "C2", "1")
    assert "denied (CO-50); $66.83 expected for what was denied" in text
    assert "until: 2026-08-28 (3 days ago): appeal of 180 days" in text
    assert "of the payer" not in text


def test_line_paid_at_contract_asks_for_nothing(site: Published):
    text = said(site, "C3", "1")
    assert "$66.83 allowed, as the contract says" in text
    assert "ask:" not in text


def test_claim_without_a_line_number_lists_all_and_tells_the_line_with_most_money(
    site: Published,
):
    text = said(site, "C3")
    sums = next(line for line in text.splitlines() if "all, primary" in line)
    assert sums.split()[2:] == ["$240.00", "$106.83", "$106.83", "$0.00"]
    assert "C3 line 1: " in text
    assert "C3 line 2: " not in text


def test_line_that_is_no_drug_has_a_story_without_a_gap(site: Published):
    text = said(site, "C3", "2")
    assert "paid; not a drug line, so no gap is computed" in text
    assert "gap:" not in text


def test_each_answer_stands_in_its_turn_with_its_bytes(site: Published):
    story = json.loads(said(site, "C4", "1", "--json"))["stories"][0]
    days = [(row["payment_date"], row["line"]["paid_usd"]) for row in story["answers"]]
    assert days == [("2026-03-01", "51.48"), ("2026-04-01", "53.46")]
    assert all(row["source_file"] == "remits.835" for row in story["answers"])


def test_json_has_the_rows_of_the_tables_with_their_cents(site: Published):
    claim = json.loads(said(site, "C1", "--json"))
    [story] = claim["stories"]
    row = site.line("C1")
    assert story["outcome"] == {
        name: str(value) if isinstance(value, Decimal | date) else value
        for name, value in row.items()
    }
    assert claim["sums"]["primary"]["gap_usd"] == "2.48"
    assert story["headline"].startswith("$2.48 short")


def test_no_story_holds_a_name_or_member_id_of_a_patient(site: Published):
    for claim_id in ("C1", "C2", "C3", "C4"):
        patient = patient_of(claim_id)
        for text in (said(site, claim_id), said(site, claim_id, "--json")):
            assert patient.member_id not in text
            assert patient.last_name not in text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["c1"], "there is no claim c1 in run .*; the nearest are C1"),
        (["X2"], "the nearest are C2"),
        (["C3", "7"], "claim C3 has no line 7 in run .*; found 1, 2. Choose one of these."),
    ],
)
def test_what_is_not_there_is_said_with_what_comes_nearest(
    site: Published, arguments: list[str], sentence: str
):
    done = shown(site.folder.root, *arguments)
    assert done.exit_code == 2
    assert re.search(sentence, done.stderr), done.stderr


def test_terminal_draws_one_frame_no_wider_than_itself(
    site: Published, monkeypatch: pytest.MonkeyPatch
):
    drawing = StringIO()
    screen = Console(
        file=drawing, force_terminal=True, no_color=True, width=90, markup=False, highlight=False
    )
    monkeypatch.setattr("analytics.show.Console", lambda **_: screen)
    folder = DataFolder(site.folder.root)
    print_story(read_claim_story(folder, find_run(folder), "C1"), with_lines=True)
    drawn = re.sub(r"\x1b\[[0-9;]*m", "", drawing.getvalue())
    assert max(len(line) for line in drawn.splitlines()) <= 90
    assert "╭─ C1 line 1: " in drawn
    assert "[bold]B[/bold]" in drawn


def test_every_kind_of_sample_line_can_be_told(sample_run: Path):
    folder = DataFolder(sample_run)
    run = find_run(folder)
    lines = pl.read_parquet(run_file(folder, run, "claim_line_outcomes"), glob=False)
    kinds = lines.sort("claim_id").unique(
        ["outcome", "payer_rank", "line_of_business"], keep="first"
    )
    assert kinds.height > 10
    for row in kinds.sort("claim_id").to_dicts():
        done = shown(sample_run, row["claim_id"], str(row["line_number"]))
        assert done.exit_code == 0, done.output
        assert str(row["patient_key"]) not in done.stdout


def test_missed_waste_is_told_with_its_evidence_and_its_window(sample_run: Path):
    text = shown(sample_run, "S000827").stdout
    assert "as the contract says; $1,010.16 (on NDC evidence) of waste missed" in text
    assert "bill waste: 13 units, $1,010.16 (on NDC evidence)" in text


def test_medicare_line_carries_its_check(sample_run: Path):
    assert "agrees: 4882.93 less coinsurance of 20%" in shown(sample_run, "S000015", "1").stdout
