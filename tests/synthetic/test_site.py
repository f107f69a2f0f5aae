"""The made-up site is one seed's work to the byte, adds up, and names nobody real."""

from __future__ import annotations

import csv
import io
import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from synthetic.x12_reading import control_differences, remits_of, segments_of

from analytics.errors import UsageError
from analytics.synthetic.answers import WHERE_TO_LOOK
from analytics.synthetic.drugs import DRUGS, LIMITS
from analytics.synthetic.payers import UNKNOWN_PAYER_NAME
from analytics.synthetic.planted import SCENARIOS
from analytics.synthetic.site import site_files, write_sample_site

SAMPLE_CLAIMS, SAMPLE_SEED = 1200, 42
AS_OF = date(2026, 3, 31)
MOST_BYTES = 4_000_000
# What git keeps; a refresh of the sample in place makes the rest.
MADE_BY_THE_GENERATOR = ("site.toml", "answer_key.csv", "raw", "reference")


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """The sample's files as the generator makes them."""
    return site_files(claims=SAMPLE_CLAIMS, seed=SAMPLE_SEED)


@pytest.fixture(scope="module")
def answers(files: dict[str, str]) -> list[dict[str, str]]:
    return rows(files["answer_key.csv"])


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def raw(files: dict[str, str], kind: str) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.startswith(f"raw/{kind}/")}


def shipped(project: Path, name: str) -> list[dict[str, str]]:
    return rows((project / "data" / "reference" / f"{name}.csv").read_text(encoding="utf-8"))


def test_one_seed_gives_one_site():
    assert site_files(claims=40, seed=3) == site_files(claims=40, seed=3)


def test_another_seed_gives_another_site():
    assert site_files(claims=40, seed=3) != site_files(claims=40, seed=4)


def test_the_sample_is_what_the_generator_writes(project: Path, files: dict[str, str]):
    sample = project / "data" / "sample"
    kept = {
        path.relative_to(sample).as_posix(): path.read_bytes().decode()
        for path in sample.rglob("*")
        if path.is_file() and path.relative_to(sample).parts[0] in MADE_BY_THE_GENERATOR
    }
    assert sorted(kept) == sorted(files)
    assert [path for path in files if kept[path] != files[path]] == []


def test_the_data_page_says_how_the_sample_was_made(project: Path):
    page = (project / "data" / "README.md").read_text(encoding="utf-8")
    assert f"--claims {SAMPLE_CLAIMS} --seed {SAMPLE_SEED} --out data/sample" in page


def test_the_sample_is_small_enough_to_clone(files: dict[str, str]):
    assert sum(len(text.encode()) for text in files.values()) < MOST_BYTES


def test_every_remit_balances_but_the_planted_one(files: dict[str, str]):
    remits = [remit for text in raw(files, "835").values() for remit in remits_of(text)]
    off = [remit for remit in remits if remit.differences()]
    assert len(remits) > 500
    assert [remit.trace[-10:] for remit in off] == ["UNBALANCED"]


def test_every_envelope_agrees_with_what_is_in_it(files: dict[str, str]):
    texts = raw(files, "835") | raw(files, "837")
    assert [path for path, text in texts.items() if control_differences(text)] == []


def test_no_two_interchanges_share_a_control_number(files: dict[str, str]):
    texts = raw(files, "835") | raw(files, "837")
    controls = Counter(segments_of(text)[0][13] for text in texts.values())
    assert max(controls.values()) == 1


def test_every_interchange_is_production_text(files: dict[str, str]):
    texts = raw(files, "835") | raw(files, "837")
    assert {segments_of(text)[0][15] for text in texts.values()} == {"P"}


def test_one_transaction_is_delivered_twice_in_another_file(files: dict[str, str]):
    bodies = Counter(
        body
        for text in raw(files, "835").values()
        for body in text.split("ST*835*")[1:]
        for body in [body.partition("\nSE*")[0]]
    )
    assert sorted(bodies.values())[-2:] == [1, 2]


def test_nothing_is_sent_or_paid_after_the_as_of_date(files: dict[str, str]):
    days = [
        segment[16] if segment[0] == "BPR" else segment[4]
        for text in (raw(files, "835") | raw(files, "837")).values()
        for segment in segments_of(text)
        if segment[0] in ("BPR", "BHT")
    ]
    assert max(days) <= f"{AS_OF:%Y%m%d}"


def test_every_name_says_that_it_is_made_up(files: dict[str, str]):
    names = {
        segment[3] if segment[0] == "NM1" else segment[2]
        for text in (raw(files, "835") | raw(files, "837")).values()
        for segment in segments_of(text)
        if segment[0] in ("NM1", "N1", "PER")
    }
    assert [name for name in names if "SYNTHETIC" not in name.upper()] == []
    payers = rows(files["reference/payers.csv"])
    assert all("synthetic" in payer["payer_name"] for payer in payers)


def test_every_member_id_is_made_up(files: dict[str, str]):
    members = {
        segment[9]
        for text in (raw(files, "835") | raw(files, "837")).values()
        for segment in segments_of(text)
        if segment[0] == "NM1" and segment[1] in ("IL", "QC")
    }
    assert all(member.startswith("SYN0") for member in members)


def test_every_payer_is_sent_under_several_names_that_its_aliases_cover(files: dict[str, str]):
    aliases = {row["alias"]: row["payer_id"] for row in rows(files["reference/payer_aliases.csv"])}
    sent = {
        segment[2].upper()
        for text in raw(files, "835").values()
        for segment in segments_of(text)
        if segment[:2] == ["N1", "PR"]
    }
    assert sent - set(aliases) == {UNKNOWN_PAYER_NAME}
    names = Counter(aliases[name] for name in sent & set(aliases))
    assert len(names) == len(rows(files["reference/payers.csv"]))
    assert min(names.values()) >= 2


def test_the_site_is_of_every_line_of_business(files: dict[str, str]):
    lines = Counter(row["line_of_business"] for row in rows(files["reference/payers.csv"]))
    assert set(lines) == {"commercial", "medicare_ffs", "medicare_advantage", "medicaid", "other"}
    assert lines["commercial"] >= 2


def test_medicare_is_billed_the_cms_code_and_never_the_house_code(files: dict[str, str]):
    billed = set()
    for text in raw(files, "837").values():
        for segment in segments_of(text):
            if segment[0] == "NM1" and segment[1] == "PR":
                payer = segment[9]
            elif segment[0] == "SV1":
                billed.add((payer, segment[1].split(":")[1]))
    medicare = {code for payer, code in billed if payer.startswith("SYN40")}
    assert "J9177" in medicare
    assert "J1324" not in medicare


def test_settings_pin_the_day(files: dict[str, str]):
    stated = tomllib.loads(files["site.toml"])
    assert stated["as_of"] == AS_OF
    assert (stated["maturity_days"], stated["small_cell"]) == (90, 11)
    assert "not a real practice" in stated["practice_name"]


def test_every_scenario_happens_in_the_sample(answers: list[dict[str, str]]):
    # A penny and a still pending claim leave few rows; each scenario must leave one at least.
    told = {answer["note"].partition(":")[0] for answer in answers}
    assert {scenario.name for scenario in SCENARIOS} - told == set()


def test_every_finding_says_where_to_look(answers: list[dict[str, str]]):
    lost = {
        answer["finding"]
        for answer in answers
        if not any(answer["finding"].startswith(beginning) for beginning in WHERE_TO_LOOK)
    }
    assert lost == set()


def test_look_alikes_carry_no_dollars(answers: list[dict[str, str]]):
    amounts = {
        answer["amount_usd"] for answer in answers if answer["finding"].startswith("look_alike_")
    }
    assert amounts == {"0.00"}


def test_most_lines_have_no_finding(files: dict[str, str], answers: list[dict[str, str]]):
    billed = sum(
        segment[0] in ("SV1", "SV2")
        for text in raw(files, "837").values()
        for segment in segments_of(text)
    )
    wrong = ("underpaid_", "overpaid", "denied_", "partly_denied_", "waste_missed")
    assert sum(answer["finding"].startswith(wrong) for answer in answers) < billed / 5


def test_a_small_site_has_every_payer():
    paths = {path.split("/")[2] for path in site_files(claims=200, seed=1) if "raw/835" in path}
    assert {"alder", "birch", "cedar", "medicare", "dogwood", "elm", "fir", "hazel"} <= paths


def test_a_folder_that_may_hold_a_real_site_is_left_alone(tmp_path: Path):
    (tmp_path / "site.toml").write_text('practice_name = "Real"\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"may be real; found site\.toml\. Name another folder"):
        write_sample_site(tmp_path, claims=5, seed=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site.toml"]


def test_a_made_up_site_may_be_written_again(tmp_path: Path):
    for _ in range(2):
        write_sample_site(tmp_path, claims=5, seed=1)
    assert (tmp_path / "answer_key.csv").is_file()


def test_a_site_without_claims_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="at least one claim; found 0"):
        write_sample_site(tmp_path, claims=0, seed=1)


def test_the_generators_prices_are_the_shipped_ones(project: Path):
    limits = {
        (row["effective_quarter"], row["hcpcs"]): (row["payment_limit"], row["coinsurance_pct"])
        for row in shipped(project, "payment_limits")
    }
    for quarter, by_code in LIMITS.items():
        for hcpcs, (limit, coinsurance) in by_code.items():
            found = limits[quarter, hcpcs]
            assert Decimal(found[0]) == Decimal(limit), (quarter, hcpcs)
            assert Decimal(found[1]) == Decimal(coinsurance), (quarter, hcpcs)


def test_the_generators_vials_are_the_shipped_single_dose_ones(project: Path):
    known = {
        row["ndc11"]: (
            Decimal(row["billable_mg"]),
            Decimal(row["package_quantity"]),
            row["quantity_unit"],
            row["single_dose"],
        )
        for row in shipped(project, "drug_packages")
    }
    for drug in DRUGS.values():
        for vial in drug.vials:
            assert known[vial.ndc11] == (vial.mg, vial.quantity, vial.unit, "yes")
