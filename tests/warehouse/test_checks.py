"""A check returns the rows against its rule; what they do depends on its name."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from small_sql import write_check

from analytics.warehouse.checks import (
    STOPS_LETTERS,
    Finding,
    load_checks,
    rows_in_words,
    run_checks,
    sentences_of,
)
from analytics.warehouse.engine import open_engine
from analytics.warehouse.models import ModelError
from analytics.warehouse.sql_files import SqlFileError

LINES = pl.DataFrame(
    {
        "claim_id": [f"C{number}" for number in range(12)],
        "usd": [Decimal(number) for number in range(12)],
    },
    schema={"claim_id": pl.String, "usd": pl.Decimal(18, 2)},
)


def findings_of(sql: Path) -> list[Finding]:
    with open_engine() as con:
        con.register("lines", LINES)
        return run_checks(con, load_checks(sql))


def finding_of(sql: Path, name: str, select: str) -> Finding:
    write_check(sql, name, select, reads="lines")
    [finding] = findings_of(sql)
    return finding


def test_fail_check_with_rows_stops_the_publish(tmp_path: Path):
    finding = finding_of(tmp_path, "fail_any", "select claim_id from lines")
    assert finding.stops_publish
    assert finding.rows_found == 12


def test_fail_check_without_rows_lets_it_pass(tmp_path: Path):
    finding = finding_of(tmp_path, "fail_none", "select claim_id from lines where usd < 0")
    assert not finding.stops_publish
    assert sentences_of(finding) == []


def test_warn_check_never_stops_a_publish(tmp_path: Path):
    assert not finding_of(tmp_path, "warn_any", "select claim_id from lines").stops_publish


def test_warning_is_one_sentence_with_its_count_and_cause(tmp_path: Path):
    finding = finding_of(tmp_path, "warn_two", "select claim_id from lines where usd >= 10")
    assert sentences_of(finding) == [
        "warn_two said in words: 2 rows; likely: package size read as vial size?"
    ]


def test_warning_adds_its_dollars_over_every_row(tmp_path: Path):
    finding = finding_of(tmp_path, "warn_usd", "select claim_id, usd from lines")
    assert finding.found_usd == Decimal("66.00")
    assert "12 rows, $66.00; likely" in sentences_of(finding)[0]


def test_warning_with_its_own_words_is_said_in_them_ten_lines_at_most(tmp_path: Path):
    finding = finding_of(
        tmp_path, "warn_said", "select claim_id || ' is odd' as sentence, usd from lines"
    )
    said = sentences_of(finding)
    assert said[0] == "C11 is odd"
    assert said[-1] == "... and 2 more of warn_said"
    assert len(said) == 11


def test_what_stops_a_letter_is_said_to_the_last_line(tmp_path: Path):
    said = sentences_of(
        finding_of(
            tmp_path, STOPS_LETTERS, "select claim_id || ' is odd' as sentence, usd from lines"
        )
    )
    assert len(said) == 12
    assert (said[0], said[-1]) == ("C11 is odd", "C0 is odd")


def test_offending_rows_are_shown_whole_five_at_most(tmp_path: Path):
    finding = finding_of(tmp_path, "fail_any", "select claim_id, usd from lines")
    rows = rows_in_words(finding)
    assert rows[0] == "claim_id=C11, usd=11.00"
    assert len(rows) == 5


def test_check_with_an_empty_dollar_column_shows_no_dollars(tmp_path: Path):
    finding = finding_of(
        tmp_path, "warn_null", "select cast(null as decimal(18, 2)) as usd from lines"
    )
    assert finding.found_usd is None


def test_failures_are_told_before_warnings(tmp_path: Path):
    write_check(tmp_path, "warn_a", "select claim_id from lines", reads="lines")
    write_check(tmp_path, "fail_b", "select claim_id from lines", reads="lines")
    assert [finding.check.name for finding in findings_of(tmp_path)] == ["fail_b", "warn_a"]


def test_name_must_say_fail_or_warn(tmp_path: Path):
    write_check(tmp_path, "lines_add_up", "select claim_id from lines", reads="lines")
    with pytest.raises(SqlFileError, match=r"found the name lines_add_up.*fail_ or warn_"):
        load_checks(tmp_path)


def test_check_without_a_likely_cause_is_refused(tmp_path: Path):
    path = write_check(tmp_path, "fail_any", "select claim_id from lines", reads="lines")
    path.write_text(path.read_text().replace("-- likely", "-- grain"))
    with pytest.raises(SqlFileError, match="-- what, -- reads, -- likely"):
        load_checks(tmp_path)


def test_check_that_does_not_run_is_named(tmp_path: Path):
    write_check(tmp_path, "fail_slip", "select claim from lines", reads="lines")
    with pytest.raises(
        ModelError, match=r"checks/fail_slip\.sql does not run; DuckDB says: .*claim"
    ):
        findings_of(tmp_path)
