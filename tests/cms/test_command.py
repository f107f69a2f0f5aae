"""`analytics load-cms` as a person types it: what it says, what comes next, how it leaves."""

import os
from pathlib import Path

from typer.testing import CliRunner

from analytics.cli import app
from tests.cms.made import OLD, a_limit, hcpcs_line, limits_text, prices, rows_of, write


def run(site: Path, *files: Path, published: str = "") -> tuple[int, str]:
    names = [str(path) for path in files]
    told = ["--published", published] if published else []
    ended = CliRunner().invoke(app, ["load-cms", *names, "--data", str(site), *told])
    return ended.exit_code, ended.output


def test_the_command_takes_the_day_and_refuses_one_that_is_to_come(tmp_path: Path, downloads: Path):
    site = tmp_path / "site"
    site.mkdir()
    copy = write(downloads, "copy.csv", limits_text([a_limit()]))
    code, said = run(site, copy)
    assert (code, "--published YYYY-MM-DD" in said.replace("\n", " ")) == (1, True)
    code, said = run(site, copy, published="2999-01-01")
    assert (code, "found 2999-01-01" in said) == (2, True)
    assert not (site / "reference").exists()
    code, said = run(site, copy, published="2024-12-19")
    assert code == 0
    assert prices(site / "reference") == [("J0001", "2024-12-19", "36.647")]


def test_the_command_sends_nobody_to_refresh_for_a_file_no_model_reads(
    tmp_path: Path, downloads: Path
):
    site = tmp_path / "site"
    site.mkdir()
    codes = write(downloads, "HCPC2025_CONTR.txt", hcpcs_line("J0001", 100, "3", "Injection"))
    said = run(site, codes)[1].replace("\n", " ")
    assert "reference/hcpcs_codes.csv: to look things up in; no figure" in said
    assert "then run" not in said
    said = run(site, codes, downloads / OLD)[1].replace("\n", " ")
    assert "then run, to use them: analytics refresh" in said


def test_the_command_says_what_to_run_next_and_nothing_new_the_second_time(
    tmp_path: Path, downloads: Path
):
    site = tmp_path / "site"
    site.mkdir()
    code, said = run(site, downloads / OLD)
    assert code == 0
    assert "then run, to use them: analytics refresh" in said.replace("\n", " ")
    code, said = run(site, downloads / OLD)
    assert code == 0
    assert "nothing new" in said
    assert "then run" not in said
    mode = (site / "reference" / "payment_limits.csv").stat().st_mode & 0o777
    assert mode == 0o600 or os.name == "nt"


def test_the_command_leaves_with_one_where_a_file_could_not_be_read(
    tmp_path: Path, downloads: Path
):
    site = tmp_path / "site"
    site.mkdir()
    code, said = run(site, downloads / OLD, write(downloads, "strange.csv", "a,b\n"))
    assert code == 1
    assert "could not be read:" in said
    assert rows_of(site / "reference")


def test_the_reference_of_the_package_is_no_site(project: Path, downloads: Path):
    code, said = run(project / "data", downloads / OLD)
    assert code == 2
    assert "CMS files are loaded into a site" in said
