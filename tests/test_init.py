"""A site's first hour: raw files in, rows to decide, and figures once they are decided."""

import csv
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from readme_output import copy_sample
from scenario_site import (
    AS_OF,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    drug,
    refreshed,
)
from typer.testing import CliRunner

from analytics import settings
from analytics.cli import app
from analytics.errors import AnalyticsError, UsageError
from analytics.intake.site import Site, read_site
from analytics.printing import print_started
from analytics.reference.payers_put_together import alias_key
from analytics.settings import DataFolder
from analytics.starting import Started, start_site
from analytics.synthetic.x12_writer import Payer
from analytics.warehouse.runs import current_run

Rows = list[dict[str, str]]
NOTES = ("seen_lines", "seen_usd", "seen_note")
WITHOUT_A_QUESTION = ("closed_unpaid", "returned", "duplicate")


@dataclass(frozen=True)
class Spelled(Plan):
    """A payer under the name and ids one file sends."""

    sent: Payer = field(default_factory=Payer)

    @property
    def payer(self) -> Payer:
        return self.sent


def spelled(name: str, code: str = "", filing_code: str = "CI", other_code: str = "") -> Spelled:
    return Spelled("sent", filing_code=filing_code, sent=Payer(name, code, other_code))


def site_of(folder: Path, mail: Mail) -> DataFolder:
    """A folder with nothing in it but what was received."""
    (folder / "raw").mkdir(parents=True)
    (folder / "site.toml").write_text(f"as_of = {AS_OF}\n")
    for name, text in mail.files().items():
        (folder / "raw" / name).write_text(text, newline="")
    return DataFolder(folder)


def rows_of(folder: DataFolder, name: str) -> Rows:
    return read_rows(folder.reference / f"{name}.csv")


def read_rows(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(folder: DataFolder, name: str, rows: Iterable[dict[str, str]]) -> None:
    """The file again, in the columns init gave it."""
    path = folder.reference / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def contents(folder: DataFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.reference.iterdir()}


def questions(site: Published) -> pl.DataFrame:
    return site.table("reference_questions").sort("place")


# One site whose payers are spelled in every way


def everything() -> Mail:
    """Claims that payers answered under other names and ids than they were sent to."""
    mail, line, paid = Mail(), drug("J9299"), allowed(drug("J9299"), "66.83")
    for number, name in enumerate(("ALDER HEALTH", "Alder Health", "ALDERHEALTH")):
        mail.bill(f"ALDER{number}", line, plan=spelled(name, "A1"))
    remits = (
        spelled("ALDER HLTH PLN", other_code="A1"),
        spelled("alder  health"),
        spelled("ALDER HEALTH", "A1"),
    )
    for number, plan in enumerate(remits):
        mail.pay(AS_OF, answer(f"ALDER{number}", paid), plan=plan, file=f"alder{number}.835")
    mail.bill("ELM1", line, plan=spelled("ELM", "E1"))
    mail.pay(AS_OF, answer("ELM1", paid), plan=spelled("ELM TRUST", "E9"), file="elm.835")
    for number, code in enumerate(("MB", "12")):
        mail.settle(f"PARTB{number}", line, paid, spelled("PART B", "M1", filing_code=code))
    formula = spelled("=HYPERLINK(1)", "")
    odd = (drug("J0001"), drug("J1324", ndc="99999000101"), drug("J1324", ndc="99999000101"))
    for number, billed in enumerate(odd):
        mail.settle(f"ODD{number}", billed, allowed(billed, "66.83"), formula)
    dear = drug("J9355", charge="9000.00")
    mail.settle("DEAR", dear, allowed(dear, "66.83"), spelled("ALDER HEALTH", "A1"))
    return mail


@pytest.fixture(scope="module")
def first_hour(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataFolder, Started]:
    folder = site_of(tmp_path_factory.mktemp("first_hour") / "site", everything())
    (folder.root / "site.toml").unlink()
    # The same claims under another name are seen once.
    shutil.copy(folder.raw / "claims.837", folder.raw / "again.837")
    return folder, start_site(folder)


@pytest.fixture(scope="module")
def folder(first_hour: tuple[DataFolder, Started]) -> DataFolder:
    return first_hour[0]


@pytest.fixture(scope="module")
def first_refresh(folder: DataFolder) -> Published:
    return refreshed(folder.root, as_of=AS_OF)


def test_rows_say_what_was_seen_with_lines_and_dollars_beside(folder: DataFolder):
    payer = rows_of(folder, "payers")[0]
    assert (payer["payer_id"], payer["payer_name"], payer["line_of_business"]) == (
        "alder-health",
        "ALDER HEALTH",
        "commercial",
    )
    assert (payer["seen_lines"], payer["seen_usd"]) == ("4", "9540.00")
    assert payer["seen_note"] == "line_of_business is a guess from filing code CI"
    [contract] = [
        row
        for row in rows_of(folder, "contract_terms")
        if (row["payer_id"], row["hcpcs"]) == ("alder-health", "J9299")
    ]
    assert (contract["line_of_business"], contract["method"], contract["rate"]) == (
        "commercial",
        "",
        "",
    )
    assert [contract[name] for name in NOTES] == [
        "3",
        "540.00",
        "270 units; served 2026-02-10 to 2026-02-10",
    ]
    policies = {row["payer_id"]: row["pays_waste"] for row in rows_of(folder, "payer_policies")}
    assert policies["alder-health"] == ""


def test_payer_spelled_five_ways_is_one_and_its_remits_answer_its_claims(
    folder: DataFolder, first_refresh: Published
):
    of_alder = [
        row for row in rows_of(folder, "payer_aliases") if row["payer_id"] == "alder-health"
    ]
    assert [row["alias"] for row in of_alder] == ["A1", "ALDER HEALTH", "ALDER HLTH PLN"]
    lines = first_refresh.table("drug_line_outcomes").filter(
        pl.col("claim_id").str.starts_with("ALDER")
    )
    assert set(lines.select("payer_id", "outcome", "billed_basis").rows()) == {
        ("alder-health", "paid", "claim")
    }


def test_payers_that_answer_for_each_other_are_proposed_and_not_put_together(
    first_hour: tuple[DataFolder, Started],
):
    folder, started = first_hour
    notes = {row["payer_id"]: row["seen_note"] for row in rows_of(folder, "payers")}
    answered = "claims sent to one and answered by the other: 1"
    assert f"one payer with elm-trust? {answered}" in notes["elm"]
    assert f"one payer with elm? {answered}" in notes["elm-trust"]
    [asked] = started.questions.filter(question="same_payer").to_dicts()
    assert (asked["payer_id"], asked["other_payer_id"], asked["settles_usd"]) == (
        "elm",
        "elm-trust",
        Decimal("180.00"),
    )


def test_unknown_codes_and_packages_are_asked_for_and_decide_nothing(
    folder: DataFolder, first_refresh: Published
):
    [code], [package] = rows_of(folder, "drug_codes"), rows_of(folder, "drug_packages")
    assert (code["hcpcs"], code["drug"], code["seen_usd"]) == ("J0001", "", "180.00")
    # Were the code written beside it, the NDC would make the house code CMS's own drug.
    assert (package["ndc11"], package["hcpcs"], package["drug"]) == ("99999-0001-01", "", "")
    assert (package["seen_lines"], package["seen_note"][:15]) == ("2", "billed as J1324")
    assert first_refresh.line("ODD1")["identity_basis"] == "house_code"
    assert {"drug_code", "package"} <= set(questions(first_refresh)["question"])


def test_medicare_code_leaves_the_line_of_business_to_a_person(
    first_hour: tuple[DataFolder, Started],
):
    folder, started = first_hour
    [payer] = [row for row in rows_of(folder, "payers") if row["payer_id"] == "part-b"]
    assert (payer["line_of_business"], payer["seen_note"]) == ("", "")
    codes = [row for row in rows_of(folder, "payer_lines") if row["payer_id"] == "part-b"]
    assert {(row["filing_code"], row["line_of_business"]) for row in codes} == {
        ("MB", ""),
        ("12", ""),
    }
    [asked] = started.questions.filter(question="line_of_business").to_dicts()
    assert (asked["payer_id"], asked["evidence"], asked["lines"]) == ("part-b", "MB", 1)


def test_name_that_would_be_a_formula_is_known_under_its_own_letters(
    folder: DataFolder, first_refresh: Published
):
    written = b"\n".join(contents(folder).values())
    assert (b",=" in written, b"\n=" in written, b"'=HYPERLINK(1)" in written) == (
        False,
        False,
        True,
    )
    assert first_refresh.line("ODD0")["payer_name"] == "=HYPERLINK(1)"


def test_settings_and_files_are_new_and_for_their_owner_alone(
    first_hour: tuple[DataFolder, Started],
):
    folder, started = first_hour
    assert started.has_settings
    assert read_site(folder.root, AS_OF) == Site(practice_name="", as_of=AS_OF)
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.reference.iterdir()}
    assert set(modes.values()) == {0o600}
    assert (folder.root / "site.toml").stat().st_mode & 0o777 == 0o600
    assert folder.reference.stat().st_mode & 0o777 == 0o700
    assert (folder.root / "templates" / "paper_eob.csv").exists()


def test_second_init_changes_nothing_and_publishes_nothing(
    folder: DataFolder, first_refresh: Published
):
    before = contents(folder)
    again = start_site(folder)
    assert (again.added, again.has_settings, contents(folder)) == ({}, False, before)
    assert current_run(folder) == first_refresh.result.run


def test_init_broken_off_after_its_first_file_is_completed_by_the_next(
    folder: DataFolder, tmp_path: Path
):
    broken = DataFolder(shutil.copytree(folder.root, tmp_path / "broken"))
    before = contents(broken)
    for name in before.keys() - {"payers.csv"}:
        (broken.reference / name).unlink()
    start_site(broken)
    assert contents(broken) == before


def test_open_rows_are_counted_and_no_problem(first_refresh: Published):
    assert first_refresh.result.problems == ()
    [said] = [note for note in first_refresh.result.notes if "contract_terms" in note]
    assert said.startswith("reference/contract_terms.csv: 8 rows still open, $10,800.00 charged;")
    assert said.endswith(
        "payer_id alder-health, line_of_business commercial, hcpcs J9355, $9,000.00."
    )


def test_init_and_refresh_name_the_largest_question_first(
    folder: DataFolder, first_refresh: Published
):
    wanted = (
        "reference/contract_terms.csv, payer_id alder-health, line_of_business commercial,"
        " hcpcs J9355: write method and rate; no term is in force for 1 line, $9,000.00 charged,"
        " $66.83 allowed, from 2026-02-10 to 2026-02-10."
    )
    for command in ("init", "refresh"):
        printed = CliRunner().invoke(app, [command, "--data", str(folder.root)])
        assert printed.exit_code == 0, printed.output
        asked = printed.stdout.split("fill in next, the most dollars first:\n")[1]
        assert asked.splitlines()[0].strip() == wanted
        assert printed.stdout.count(wanted) == 1
    checked = CliRunner().invoke(app, ["check", "--data", str(folder.root)])
    assert (checked.exit_code, wanted in checked.stdout) == (0, True)
    printed = CliRunner().invoke(app, ["refresh", "--json", "--data", str(folder.root)])
    said = json.loads(printed.stdout)
    assert (said["status"], said["next"][0]) == ("unchanged", wanted)


def test_rows_with_a_note_to_read_are_counted(
    folder: DataFolder, capsys: pytest.CaptureFixture[str]
):
    added = {
        "payers": [{"seen_note": "a guess"}, {"seen_note": ""}],
        "payer_lines": [{"seen_note": "x"}],
    }
    questions = pl.DataFrame(schema={"place": int, "reference_file": str, "sentence": str})
    print_started(folder, Started(has_settings=True, added=added, questions=questions))
    assert capsys.readouterr().out.splitlines()[:-1] == [
        "site.toml: written; put the practice's name into it",
        "reference/payers.csv: 2 rows added, 1 with a note to read",
        "reference/payer_lines.csv: 1 row added",
    ]


def test_filled_in_row_prices_just_the_lines_it_named(folder: DataFolder, tmp_path: Path):
    decided = DataFolder(shutil.copytree(folder.root, tmp_path / "decided"))
    rows = rows_of(decided, "contract_terms")
    for row in rows:
        if (row["payer_id"], row["hcpcs"]) == ("alder-health", "J9299"):
            row |= {"method": "fixed", "rate": "0.7425"}
    write_rows(decided, "contract_terms", rows)
    site = refreshed(decided.root, as_of=AS_OF)
    priced = site.table("drug_line_outcomes").drop_nulls("expected_allowed_usd")
    assert set(priced.select("claim_id", "expected_allowed_usd").rows()) == {
        (f"ALDER{number}", Decimal("66.83")) for number in range(3)
    }
    asked = questions(site).filter(question="term", payer_id="alder-health")
    assert asked["hcpcs"].to_list() == ["J9355"]


# What a person has written


def test_new_payer_and_new_code_are_added_behind_what_a_person_has_written(tmp_path: Path):
    mail = Mail()
    for number, (code, plan) in enumerate(
        (
            ("J9299", spelled("ALDER", "A1")),
            ("J9355", spelled("ALDER", "A1")),
            ("J9355", spelled("ELM", "E1")),
        )
    ):
        mail.settle(f"C{number}", drug(code), allowed(drug(code), "10.00"), plan)
    folder = site_of(tmp_path / "site", mail)
    own = {
        "payers.csv": b"line_of_business,payer_id\r\ncommercial,mine\r\n",
        "payer_aliases.csv": b"payer_id,alias\nmine,A1",
        "contract_terms.csv": b"rate,method,hcpcs,payer_id,contract_id\n37,fixed,J9299,mine,M-1\n",
        "payer_lines.csv": b"payer_id,filing_code,line_of_business\nmine,16,medicare_advantage\n",
    }
    folder.reference.mkdir()
    for name, content in own.items():
        (folder.reference / name).write_bytes(content)
    start_site(folder)
    after = contents(folder)
    for name, content in own.items():
        (head, rows), (new_head, new_rows) = content.split(b"\n", 1), after[name].split(b"\n", 1)
        assert (new_head.startswith(head.strip()), new_rows.startswith(rows)) == (True, True), name
    assert [row["payer_id"] for row in rows_of(folder, "payers")] == ["mine", "elm"]
    asked = [row for row in rows_of(folder, "contract_terms") if not row["method"]]
    assert {(row["payer_id"], row["hcpcs"]) for row in asked} == {
        ("mine", "J9355"),
        ("elm", "J9355"),
    }
    assert [row["line_of_business"] for row in rows_of(folder, "payer_lines")] == [
        "medicare_advantage",
        "commercial",
        "",
    ]
    assert start_site(folder).added == {}
    assert contents(folder) == after


def test_site_without_a_raw_folder_is_told_so(tmp_path: Path):
    with pytest.raises(AnalyticsError, match="there is no raw folder"):
        start_site(DataFolder(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [None, "notes.txt"])
def test_raw_folder_without_a_claim_is_told_so_and_what_belongs_there(
    tmp_path: Path, name: str | None
):
    folder = site_of(tmp_path / "site", Mail())
    for path in folder.raw.iterdir():
        path.unlink()
    if name:
        (folder.raw / name).write_text("Call back on Monday.")
    printed = CliRunner().invoke(app, ["init", "--data", str(folder.root)])
    said = " ".join(printed.stdout.split())
    # A file nobody can read is trouble; a folder that waits for its first mail is none.
    assert printed.exit_code == (1 if name else 0)
    assert "raw holds no claim. Put 837 and 835 files there (plain, .gz or .zip)" in said
    assert "for every payer and code seen" not in said
    assert "then run" not in said


def test_terms_without_their_list_price_are_asked_about(tmp_path: Path):
    mail = Mail()
    mail.settle("C1", drug("J9355"), allowed(drug("J9355"), "10.00"), spelled("ALDER", "A1"))
    folder = site_of(tmp_path / "site", mail)
    folder.reference.mkdir()
    for name, text in {
        "payers": "payer_id,line_of_business\nmine,commercial\n",
        "payer_aliases": "alias,payer_id\nA1,mine\nALDER,mine\n",
        "contract_terms": "contract_id,payer_id,hcpcs,method,rate\nM,mine,J9355,awp_minus,15\n",
    }.items():
        (folder.reference / f"{name}.csv").write_text(text)
    wanted = "list_prices.csv has no awp price for J9355: such lines are not priced. Add one"
    printed = CliRunner().invoke(app, ["init", "--data", str(folder.root)])
    assert wanted in " ".join(printed.stdout.split())
    (folder.reference / "list_prices.csv").write_text(
        "hcpcs,per,price_kind,price,effective_from\nJ9355,unit,awp,100,2020-01-01\n"
    )
    assert start_site(folder).list_prices == ()


def test_reference_that_ships_with_the_package_is_no_sites_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = site_of(tmp_path / "data", everything())
    folder.reference.mkdir()
    shipped = replace(settings.shipped_folders(), reference=folder.reference)
    monkeypatch.setattr(settings, "shipped_folders", lambda: shipped)
    with pytest.raises(UsageError, match="name it with --data"):
        start_site(folder)
    assert list(folder.reference.iterdir()) == []


def test_reference_that_cannot_be_read_is_left_alone(tmp_path: Path):
    folder = site_of(tmp_path / "site", everything())
    folder.reference.mkdir()
    (folder.reference / "payers.csv").write_text("payer,name\na,b\n")
    printed = CliRunner().invoke(app, ["init", "--data", str(folder.root)])
    assert printed.exit_code == 1
    assert '"payer" is not a column of this file' in printed.stdout
    assert "no row added: mend the above and run init again" in printed.stdout
    assert list(contents(folder)) == ["payers.csv"]


# The sample, its reference taken away


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataFolder, Started]:
    """The sample after init, its reference taken away before."""
    root = tmp_path_factory.mktemp("init") / "site"
    copy_sample(root)
    shutil.rmtree(root / "reference")
    folder = DataFolder(root)
    return folder, start_site(folder)


@pytest.fixture(scope="module")
def undecided(sample: tuple[DataFolder, Started]) -> Published:
    """The first refresh, nothing decided yet."""
    return refreshed(sample[0].root)


def test_first_refresh_is_a_list_of_decisions(undecided: Published):
    assert undecided.result.problems == ()
    asked = questions(undecided)
    assert asked["settles_usd"].drop_nulls().is_sorted(descending=True)
    assert asked.filter(question="payer").is_empty()


def test_every_unpriced_dollar_is_in_one_question(undecided: Published):
    lines = undecided.table("drug_line_outcomes").filter(
        pl.col("payer_rank") == "primary",
        pl.col("expected_allowed_usd").is_null(),
        ~pl.col("outcome").is_in(WITHOUT_A_QUESTION),
    )
    assert lines.height > 3000
    by_key: dict[tuple, list[Decimal]] = defaultdict(list)
    for line in lines.to_dicts():
        assert line["pricing_basis"] == "not priced: no term"
        by_key[line["payer_id"], line["line_of_business"], line["hcpcs"]].append(line["charge_usd"])
    asked = questions(undecided).filter("is_unpriced")
    assert {
        (row["payer_id"], row["line_of_business"], row["hcpcs"]): (row["lines"], row["charge_usd"])
        for row in asked.to_dicts()
    } == {key: (len(usd), sum(usd)) for key, usd in by_key.items()}


def test_unpriced_allowed_is_that_of_the_payer_table(undecided: Published):
    months = undecided.table("payer_drug_months")["unpriced_allowed_usd"].sum()
    assert questions(undecided).filter("is_unpriced")["allowed_usd"].sum() == months


def test_figures_are_those_of_the_samples_own_reference_once_its_rows_are_filled_in(
    sample: tuple[DataFolder, Started], undecided: Published, sample_run: Path, project: Path
):
    folder, _ = sample
    fill_in_from(project / "data" / "sample" / "reference", folder)
    site = refreshed(folder.root)
    assert site.result.notes != ()
    run_id = (sample_run / "warehouse" / "current").read_text().strip()
    original = sample_run / "warehouse" / "runs" / run_id
    tables = set(site.result.run.published) - {"run_info", "load_ledger"}
    assert tables == {path.stem for path in original.glob("*.parquet")} - {
        "run_info",
        "load_ledger",
    }
    for table in sorted(tables):
        expected = pl.read_parquet(original / f"{table}.parquet")
        found = site.table(table)
        patients = [name for name in expected.columns if name == "patient_key"]
        key = list(site.result.run.tables[table].key)
        assert found.drop(patients).sort(key).equals(expected.drop(patients).sort(key)), table


def fill_in_from(source: Path, folder: DataFolder) -> None:
    """Decide as the sample's own reference does, row by row, the way a person edits the files."""
    own = {path.stem: read_rows(path) for path in source.glob("*.csv")}
    payer_of = {alias_key(row["alias"]): row["payer_id"] for row in own["payer_aliases"]}
    renamed = {
        row["payer_id"]: payer_of.get(alias_key(row["alias"]), row["payer_id"])
        for row in rows_of(folder, "payer_aliases")
    }
    aliases = [
        row | {"payer_id": renamed[row["payer_id"]]} for row in rows_of(folder, "payer_aliases")
    ]
    # The sample leaves one payer unknown on purpose.
    left_open = [row for row in aliases if row["payer_id"] not in set(payer_of.values())]
    assert {row["payer_id"] for row in left_open} == {"juniper-trust-synthetic"}
    write_rows(folder, "payer_aliases", [row for row in aliases if row not in left_open])
    write_rows(folder, "payers", own["payers"])
    write_rows(folder, "payer_lines", own["payer_lines"])
    write_rows(folder, "payer_policies", own["payer_policies"])
    # Init writes no list prices: their file is the site's own.
    list_prices = (source / "list_prices.csv").read_bytes()
    (folder.reference / "list_prices.csv").write_bytes(list_prices)
    asked = [
        row | {"payer_id": renamed[row["payer_id"]], "contract_id": ""}
        for row in rows_of(folder, "contract_terms")
    ]
    decided: Rows = []
    for row in asked:
        terms = [
            contract
            for contract in own["contract_terms"]
            if (contract["payer_id"], contract["hcpcs"]) == (row["payer_id"], row["hcpcs"])
        ]
        decided += [contract for contract in terms if contract not in decided]
    unseen = [contract for contract in own["contract_terms"] if contract not in decided]
    still_open = [row for row in asked if row["payer_id"] == "juniper-trust-synthetic"]
    write_rows(folder, "contract_terms", [*decided, *unseen, *still_open])


def test_folder_whose_name_reads_as_a_pattern_is_a_folder(tmp_path: Path):
    folder = site_of(tmp_path / "site [1]*", everything())
    start_site(folder)
    assert refreshed(folder.root).table("claim_line_outcomes").height
    exported = CliRunner().invoke(
        app,
        ["export", "load_ledger", "--out", str(tmp_path / "o.csv"), "--data", str(folder.root)],
    )
    assert exported.exit_code == 0, exported.output
