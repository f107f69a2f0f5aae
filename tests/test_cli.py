"""The commands: what they print, how they leave, and that trouble is a sentence."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result
from measure_stubs import LEDGER, LINES, stub_measures
from rich.console import Console
from small_site import SmallSite, make_small_site
from small_sql import write_check, write_model
from typer.testing import CliRunner

from analytics.cli import app
from analytics.intake.site import Problem
from analytics.payer_tables import payer_tables
from analytics.warehouse.checks import STOPS_LETTERS

COMMANDS = ["init", "refresh", "check", "sample", "export", "score", "show"]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    """A small site with every table the commands print from."""
    site = make_small_site(tmp_path, monkeypatch)
    stub_measures(monkeypatch)
    constant(site, "marts", "drug_line_outcomes", LINES.rows(), LINES.columns)
    constant(site, "marts", "waste_ledger", LEDGER.rows(), LEDGER.columns)
    constant(site, "marts", "code_identity", [("J1324",)], ["hcpcs"])
    constant(
        site,
        "marts",
        "load_ledger",
        [("a.835", "loaded", None)],
        ["source_file", "status", "reason"],
    )
    rejects = "select claim_id, 'b.835' as source_file, 1200 as byte_offset, 'segment' as piece,\n"
    rejects += "'no SE' as reason from raw_lines where claim_id = 'REJECTED'"
    write_model(site.sql, "marts", "rejects", rejects, reads="raw_lines", key="claim_id")
    house = "select hcpcs || ' is a house code' as sentence from code_identity"
    write_check(site.sql, "warn_house_codes", house, reads="code_identity")
    return site


def constant(site: SmallSite, layer: str, name: str, rows: list[tuple], columns: list[str]) -> None:
    """A model whose rows are given, numbered so that they have a key."""
    listed = ", ".join(
        f"({', '.join([str(number), *(sql_literal(cell) for cell in row)])})"
        for number, row in enumerate(rows)
    )
    write_model(
        site.sql,
        layer,
        name,
        f"select given.* from (values {listed}) as given(row_number, {', '.join(columns)})\n"
        "where exists (select 1 from raw_lines)",
        reads="raw_lines",
        key="row_number",
    )


def sql_literal(cell: object) -> str:
    if isinstance(cell, Decimal):
        return f"cast({cell} as decimal(18, 2))"
    if cell is None:
        return "cast(null as varchar)"
    return f"'{cell}'" if isinstance(cell, str) else str(cell)


def run(site: SmallSite, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--data", str(site.folder.root)])


def refreshed(site: SmallSite, *arguments: str) -> Result:
    return run(site, "refresh", "--as-of", "2026-07-31", *arguments)


# refresh


def test_refresh_prints_one_table_then_what_no_figure_covers(site: SmallSite):
    site.lines = site.lines.head(1)
    write_check(site.sql, "warn_odd", "select claim_id from outcomes", reads="outcomes")
    printed = refreshed(site)
    assert printed.exit_code == 0, printed.output
    lines = printed.stdout.splitlines()
    assert lines[0] == "published 7 tables as of 2026-07-31"
    [birch] = [line for line in lines if line.strip().startswith("Birch")]
    assert birch.split() == [
        "Birch",
        "2",
        "50.0%",
        "$1,234.56",
        "$100.00",
        "$7.50",
        "25.0%,",
        "1/4",
        "$5.00",
    ]
    said = printed.stdout
    order = [
        "J1324 by payer",
        "files received: 1 loaded",
        "warn_odd said in words: 1 row",
    ]
    assert [said.index(part) for part in order] == sorted(said.index(part) for part in order)
    assert said.endswith("house codes:\n  J1324 is a house code\n")


def test_waste_without_a_price_stands_beside_the_dollars(site: SmallSite):
    assert "+ 2 unpriced" in refreshed(site).stdout


def test_payer_without_an_adjudicated_line_shows_no_rate(site: SmallSite):
    [alder] = [line for line in refreshed(site).stdout.splitlines() if "Alder" in line]
    assert alder.split() == ["Alder", "1", "50.0%", "$0.00", "-", "-", "-", "$5.00"]


def test_same_refresh_prints_the_same_text(site: SmallSite):
    first = refreshed(site).stdout
    for file in site.folder.warehouse.rglob("*"):
        if file.is_file():
            file.unlink()
    assert refreshed(site).stdout == first


def test_refresh_is_quiet_when_nothing_changed(site: SmallSite):
    refreshed(site)
    again = refreshed(site)
    assert again.stdout == "nothing changed: the figures of 2026-07-31 still hold\n"
    assert again.exit_code == 0


def test_failed_check_shows_whole_rows_the_cause_and_what_stays(site: SmallSite):
    good = json.loads(refreshed(site, "--json").stdout)["run_id"]
    write_check(
        site.sql,
        "fail_small",
        "select claim_id, line_number, allowed_usd from outcomes where allowed_usd < 50",
        reads="outcomes",
    )
    failed = refreshed(site)
    assert failed.exit_code == 1
    assert failed.stdout.splitlines() == [
        "failed: fail_small: fail_small said in words",
        "  found 2 rows, here the first:",
        "  claim_id=C1, line_number=2, allowed_usd=1.00",
        "  claim_id=C2, line_number=1, allowed_usd=2.00",
        "  likely: package size read as vial size?",
        f"not published: mend the above and refresh again; run {good} stays",
    ]


def test_what_could_not_be_read_is_listed_and_leaves_with_1(site: SmallSite):
    site.unread = ["a.835: the file has no ISA segment"]
    printed = refreshed(site)
    assert printed.exit_code == 1
    assert "could not be read:\n  a.835: the file has no ISA segment" in printed.stdout
    assert "published" in printed.stdout


def test_rejected_piece_is_counted_and_leaves_with_1_until_it_is_mended(site: SmallSite):
    site.lines = site.lines.with_columns(claim_id=pl.lit("REJECTED")).head(1)
    printed = refreshed(site)
    assert printed.exit_code == 1
    sentence = "  1 piece of 1 file not used, the first in b.835 at byte 1,200: no SE\n"
    assert sentence in printed.stdout
    again = refreshed(site)
    assert again.exit_code == 1
    assert sentence in again.stdout


def test_reference_that_cannot_be_used_publishes_nothing(site: SmallSite):
    site.reference_problems = (
        Problem(
            source_file="payers.csv",
            row_number=3,
            column="payer_id",
            sentence="is twice",
            is_fatal=True,
        ),
    )
    printed = refreshed(site)
    assert printed.exit_code == 1
    assert "payers.csv row 3, payer_id: is twice" in printed.stdout
    assert "there is no run yet" in printed.stdout


def test_names_from_received_files_cannot_drive_the_terminal(site: SmallSite):
    site.unread = ["\x1b[31mred.835: [bold]no[/bold] ISA"]
    assert "?[31mred.835: [bold]no[/bold] ISA" in refreshed(site).stdout


def test_refresh_as_json_is_one_object_with_exact_money(site: SmallSite):
    said = json.loads(refreshed(site, "--json").stdout)
    assert (said["status"], said["as_of"]) == ("published", "2026-07-31")
    [birch] = [payer for payer in said["payers"] if payer["payer_id"] == "birch"]
    assert birch["payer_owed_usd"] == "1234.56"
    assert (birch["ndc_leakage_usd"], birch["theory_leakage_usd"]) == ("100.00", "7.50")
    assert said["warnings"][0]["sentences"] == ["J1324 is a house code"]


def test_as_of_chooses_the_day(site: SmallSite):
    run(site, "refresh", "--as-of", "2026-06-30")
    assert site.table("run_info")["as_of"].item() == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--engine", "oracle"), "oracle"),
        (("--as-of", "yesterday"), "yesterday"),
        (("--memory", "plenty"), "the memory size cannot be read; found 'plenty'"),
        (("--nothing",), "No such option"),
    ],
)
def test_wrong_usage_leaves_with_2_and_a_sentence(
    site: SmallSite, arguments: tuple[str, ...], said: str
):
    printed = run(site, "refresh", *arguments)
    assert printed.exit_code == 2
    assert said in printed.stderr
    assert "Traceback" not in printed.output


def test_broken_model_is_a_sentence_and_no_traceback(site: SmallSite):
    write_model(site.sql, "marts", "outcomes", "select x from stg_lines", reads="stg_lines")
    printed = refreshed(site)
    assert printed.exit_code == 1
    assert printed.stderr.startswith("error: marts/outcomes.sql does not run; DuckDB says:")


def test_disk_trouble_is_a_sentence_with_the_place(site: SmallSite):
    (site.folder.root / "warehouse").write_text("in the way")
    printed = refreshed(site)
    assert printed.exit_code == 1
    assert "error: a file cannot be read or written" in printed.stderr
    assert "warehouse" in printed.stderr


def test_raw_folder_that_is_missing_or_a_file_reads_nothing_and_makes_nothing(site: SmallSite):
    site.folder.raw.rmdir()
    for _ in ("missing", "a file"):
        printed = refreshed(site)
        assert printed.exit_code == 1
        assert printed.stderr.startswith("error: there is no raw folder ")
        assert "the last run stays" in printed.stderr
        assert not site.folder.site_key.exists()
        assert not site.folder.warehouse.exists()
        site.folder.raw.write_text("not a folder")


def test_lost_key_stops_a_refresh_while_a_run_was_made_with_it(site: SmallSite):
    refreshed(site)
    site.folder.site_key.unlink()
    printed = refreshed(site)
    assert printed.exit_code == 1
    assert "error: site.key is gone from " in printed.stderr
    assert "Restore it, or delete warehouse/" in printed.stderr
    shutil.rmtree(site.folder.warehouse)
    assert refreshed(site).exit_code == 0


def test_memory_size_that_cannot_be_read_is_refused_when_nothing_changed_too(site: SmallSite):
    refreshed(site)
    printed = refreshed(site, "--memory", "plenty")
    assert printed.exit_code == 2
    assert "the memory size cannot be read; found 'plenty'" in printed.stderr


def test_full_disk_is_a_sentence_that_says_so(site: SmallSite, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "warehouse/intake/x")

    monkeypatch.setattr("analytics.refresh.gather_inputs", full)
    printed = refreshed(site)
    assert printed.exit_code == 1
    assert printed.stderr.startswith(
        "error: the disk is full or read-only; warehouse/intake/x: No space left on device."
    )


def test_narrow_terminal_gets_the_payers_as_two_tables_that_fit():
    long_name = "Alder Health of the Northern Counties (synthetic)"
    payer = {
        **{"payer_id": "alder", "payer_name": long_name, "lines": 1465},
        **{"price_match_rate": 0.917, "payer_owed_usd": Decimal("1043368.15")},
        **{"administration_leakage_usd": None, "administration_unpriced_treatments": None},
        **{"ndc_leakage_usd": Decimal("109568.39"), "ndc_unpriced_treatments": 12},
        **{"theory_leakage_usd": Decimal("102602.14"), "theory_unpriced_treatments": 0},
        **{"denial_rate": 0.131, "denied_lines": 1054, "adjudicated_lines": 8411},
        **{"interval_low": 0.102, "interval_high": 0.167},
        "unpriced_allowed_usd": Decimal("1044000.00"),
    }
    tables = payer_tables(pl.DataFrame([payer]), 80)
    assert [str(table.title) for table in tables] == [
        "J1324 by payer: price",
        "J1324 by payer: waste and denials",
    ]
    out = Console(width=80, file=StringIO())
    for table in tables:
        out.print(table)
    printed = out.file.getvalue()
    assert max(map(len, printed.splitlines())) <= 80
    assert "13.1%, 1,054/8,411" in printed
    for figure in ("$1,043,368.15", "$109,568.39", "$102,602.14", "+ 12 unpriced", "$1,044,000.00"):
        assert figure in printed
    assert len(payer_tables(pl.DataFrame([payer]), 110)) == 1
    assert "records" not in printed


@pytest.mark.parametrize(
    ("usd", "unpriced", "shown"), [("1102.29", 0, "$1,102.29"), ("0.00", 3, "+ 3 unpriced")]
)
def test_waste_missed_by_records_has_a_column_once_there_is_some(
    usd: str, unpriced: int, shown: str
):
    payer = {
        **{"payer_id": "alder", "payer_name": "Alder (synthetic)", "lines": 12},
        **{"price_match_rate": None, "payer_owed_usd": None, "denial_rate": None},
        **{"administration_leakage_usd": Decimal(usd)},
        **{"administration_unpriced_treatments": unpriced},
        **{"ndc_leakage_usd": None, "ndc_unpriced_treatments": None},
        **{"theory_leakage_usd": Decimal("7.50"), "theory_unpriced_treatments": 0},
        "unpriced_allowed_usd": Decimal("0.00"),
    }
    for width, tables_shown in ((80, 2), (110, 2), (126, 1)):
        tables = payer_tables(pl.DataFrame([payer]), width)
        assert len(tables) == tables_shown
        out = Console(width=width, file=StringIO())
        out.print(*tables)
        printed = out.file.getvalue()
        assert max(map(len, printed.splitlines())) <= width
        assert "records" in printed
        assert shown in printed
        assert "$7.50" in printed


def test_unexpected_trouble_is_not_hidden(site: SmallSite, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr("analytics.refresh.gather_inputs", broken)
    assert isinstance(refreshed(site).exception, KeyError)


# check


def test_check_shows_offending_rows_and_leaves_with_1(site: SmallSite):
    refreshed(site)
    write_check(site.sql, "fail_one", "select 'C1' as claim_id from outcomes", reads="outcomes")
    printed = run(site, "check")
    assert printed.exit_code == 1
    assert "failed: fail_one" in printed.stdout
    assert "claim_id=C1" in printed.stdout


def test_check_warns_of_house_codes_and_leaves_with_0(site: SmallSite):
    write_check(site.sql, "warn_any", "select 'C1 odd' as sentence from outcomes", reads="outcomes")
    refreshed(site)
    printed = run(site, "check")
    assert printed.exit_code == 0
    assert "to know before using the figures:\n  C1 odd" in printed.stdout
    assert "house codes:\n  J1324 is a house code" in printed.stdout
    assert printed.stdout.splitlines()[-1].endswith("as of 2026-07-31: 0 failed")


def test_what_stops_a_letter_is_said_before_every_other_warning(site: SmallSite):
    write_check(site.sql, "warn_any", "select 'C1 odd' as sentence from outcomes", reads="outcomes")
    stops = "select 'the file may be wrong ' || claim_id as sentence from outcomes"
    write_check(site.sql, STOPS_LETTERS, stops, reads="outcomes")
    refreshed(site)
    said = run(site, "check").stdout
    assert "before any letter goes out:\n  the file may be wrong C1" in said
    assert said.index("before any letter goes out:") < said.index("C1 odd")


def test_check_prints_the_false_positive_meter_of_the_run(site: SmallSite):
    refreshed(site)
    assert "Medicare check" not in run(site, "check").stdout
    in_usd = [Decimal(usd) for usd in ("2.48", "0.00", "64.35", "2.43")]
    payments = [(*in_usd, "differs", False)]
    dollars = ["shortfall_usd", "overpaid_usd", "allowed_usd", "difference_usd"]
    columns = [*dollars, "payment_check", "is_house_code"]
    constant(site, "marts", "medicare_payments", payments, columns)
    refreshed(site)
    said = run(site, "check").stdout.splitlines()[-2]
    assert said.startswith("Medicare check, the false-positive meter: $2.48 short on 1 of 1 line")
    told = json.loads(run(site, "check", "--json").stdout)["medicare_check"]
    assert (told["shortfall_usd"], told["lines_compared"]) == ("2.48", 1)
    assert (told["paid_too_little_usd"], told["paid_too_much_usd"]) == ("2.43", "0.00")
    assert told["sentence"] == said


def test_check_as_json_has_the_rows(site: SmallSite):
    refreshed(site)
    write_check(site.sql, "fail_usd", "select 1.5 as usd from outcomes", reads="outcomes")
    said = json.loads(run(site, "check", "--json").stdout)
    assert said["checks"] == 2
    assert said["failed"][0]["rows_found"] == 3
    assert said["failed"][0]["rows"][0] == {"usd": "1.5"}


def test_check_before_any_refresh_says_what_to_run(site: SmallSite):
    printed = run(site, "check")
    assert printed.exit_code == 1
    assert "nothing is published yet" in printed.stderr


# export and sample


def test_export_writes_the_table_and_says_how_many_rows(site: SmallSite, tmp_path: Path):
    refreshed(site)
    printed = run(site, "export", "outcomes", "--out", str(tmp_path / "out.csv"))
    assert printed.exit_code == 0
    assert printed.stdout.startswith("outcomes: 3 rows of run ")
    assert (tmp_path / "out.csv").read_text().count("\n") == 4


def test_export_of_an_unknown_table_lists_the_tables(site: SmallSite, tmp_path: Path):
    refreshed(site)
    printed = run(site, "export", "outcome", "--out", str(tmp_path / "out.csv"))
    assert printed.exit_code == 2
    assert "it has code_identity, drug_line_outcomes" in printed.stderr


def test_sample_hands_over_its_options_and_says_what_to_run_next(monkeypatch: pytest.MonkeyPatch):
    asked = {}
    monkeypatch.setattr(
        "analytics.synthetic.site.write_sample_site",
        lambda out, **options: asked.update(out=out, **options),
    )
    printed = CliRunner().invoke(app, ["sample", "--claims", "9", "--seed", "3", "--out", "there"])
    assert asked == {"out": Path("there"), "claims": 9, "seed": 3}
    assert "now run: analytics refresh --data there" in printed.stdout


# every command


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_and_an_example(command: str):
    printed = CliRunner().invoke(app, [command, "--help"])
    assert printed.exit_code == 0
    assert f"Example: analytics {command} " in printed.stdout


def test_no_data_folder_is_wrong_usage(tmp_path: Path):
    for command in ("refresh", "check"):
        printed = CliRunner().invoke(app, [command, "--data", str(tmp_path / "nowhere")])
        assert printed.exit_code == 2
        assert "there is no data folder" in printed.stderr


def test_package_runs_as_a_module_and_help_is_quick_to_import():
    script = (
        "import sys, runpy\n"
        "sys.argv = ['analytics', '--help']\n"
        "try:\n    runpy.run_module('analytics', run_name='__main__')\n"
        "except SystemExit as left:\n    assert not left.code\n"
        "print('sqlglot' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "refresh" in done.stdout
    assert done.stdout.splitlines()[-1] == "False"
