"""The dictionary says what the headers say, and a header that is missing or untrue is named."""

from pathlib import Path

import pytest

from analytics.warehouse.dictionary import sql_readme
from analytics.warehouse.sql_files import SqlFileError

STAGING = """\
-- what    every claim a payer answered
-- grain   one row per CLP
-- key     remit_claim_id
-- reads   raw_835__remit_claims

select remit_claim_id from raw_835__remit_claims
"""
MART = """\
-- what    payers seen
-- grain   one row per payer
-- key     payer_id
-- reads   stg_835__remit_claims
-- beware  a | stands in some names

select distinct remit_claim_id as payer_id from stg_835__remit_claims
"""
CHECK = """\
-- what    payers without a name
-- reads   payers_seen
-- likely  the alias file is old

select payer_id from payers_seen where payer_id is null
"""


@pytest.fixture
def sql_folder(tmp_path: Path) -> Path:
    write(tmp_path, "staging/stg_835__remit_claims", STAGING)
    write(tmp_path, "marts/payers_seen", MART)
    write(tmp_path, "checks/fail_payers_have_names", CHECK)
    return tmp_path


def write(folder: Path, name: str, sql: str) -> None:
    path = folder / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sql, encoding="utf-8")


def test_lineage_draws_what_reads_what_without_raw_tables_and_checks(sql_folder: Path):
    lineage = sql_readme(sql_folder).split("```")[1]
    assert "stg_835__remit_claims --> payers_seen" in lineage
    assert "raw_835" not in lineage
    assert "fail_payers" not in lineage


def test_every_model_has_a_row_with_its_grain_key_and_trap(sql_folder: Path):
    readme = sql_readme(sql_folder)
    assert (
        "| [`payers_seen`](marts/payers_seen.sql) | payers seen | one row per payer | payer_id "
        "| stg_835__remit_claims | a \\| stands in some names |"
    ) in readme


def test_a_check_says_the_likely_cause_of_its_rows(sql_folder: Path):
    assert "| payers without a name | payers_seen | the alias file is old |" in sql_readme(
        sql_folder
    )


def test_model_that_runs_the_select_of_another_says_so(sql_folder: Path):
    same = MART.replace("reads   stg_835__remit_claims", "reads   other_claims").split("\n\n")[0]
    said = "-- same    payers_seen, reading other_claims for stg_835__remit_claims\n"
    write(sql_folder, "marts/others_seen", f"{same}\n{said}")
    readme = sql_readme(sql_folder)
    assert "| payers seen (the SELECT of `payers_seen`) | one row per payer " in readme


def test_a_header_that_names_another_table_than_the_sql_reads_is_refused(sql_folder: Path):
    write(
        sql_folder, "marts/payers_seen", MART.replace("reads   stg_835__remit_claims", "reads   x")
    )
    with pytest.raises(SqlFileError, match="payers_seen"):
        sql_readme(sql_folder)
