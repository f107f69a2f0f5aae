"""What must hold before a run is published, and what a reader should be warned of.

`sql/checks/fail_<name>.sql` and `sql/checks/warn_<name>.sql` return the offending rows: one row
from a fail check stops the publish, rows of a warn check are counted and said in a sentence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl

from analytics.warehouse.engine import first_line
from analytics.warehouse.models import EngineError, ModelError, fingerprint_of
from analytics.warehouse.sql_files import CHECK_LABELS, SqlFileError, read_sql_file

LEVELS = ("fail", "warn")
ROWS_SHOWN = 5
SENTENCES_SHOWN = 10
# What stops a letter is told to the last sentence, and before the others.
STOPS_LETTERS = "warn_terms_disagree_with_payments"


@dataclass(frozen=True)
class Check:
    """One rule: the SELECT that finds the rows against it."""

    name: str
    level: str
    sql: str
    what: str
    likely: str
    reads: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True)
class Finding:
    """What one check found.

    `rows` are the first few offending rows, `rows_found` counts them all; `found_usd` sums their
    `usd` column and `sentences` are the first of their `sentence` column, where there is one. Of
    the check that stops letters all are shown.
    """

    check: Check
    rows_found: int
    rows: pl.DataFrame
    found_usd: Decimal | None
    sentences: tuple[str, ...]

    @property
    def stops_publish(self) -> bool:
        """Whether the run may not be published."""
        return self.check.level == "fail" and self.rows_found > 0


def load_checks(sql_folder: Path) -> dict[str, Check]:
    """Every check, by file name.

    Raises   SqlFileError for a header that is missing or untrue, or a name that says neither
             fail nor warn
    """
    checks: dict[str, Check] = {}
    for path in sorted((sql_folder / "checks").glob("*.sql")):
        level = path.stem.partition("_")[0]
        if level not in LEVELS:
            raise SqlFileError(
                f"checks/{path.name}: a check says what its rows mean; found the name {path.stem}. "
                "Begin it with fail_ or warn_."
            )
        file = read_sql_file(path, CHECK_LABELS)
        checks[file.name] = Check(
            name=file.name,
            level=level,
            sql=file.sql,
            what=file.labels["what"],
            likely=file.labels["likely"],
            reads=file.reads,
            fingerprint=fingerprint_of(file.name, *file.tokens),
        )
    return checks


def run_checks(
    con: duckdb.DuckDBPyConnection,
    checks: dict[str, Check],
    rows_of: Callable[[Check], str] | None = None,
) -> list[Finding]:
    """What every check finds in the tables of `con`, failures first.

    Takes    rows_of, which has another engine find the rows of a check and returns a SELECT of them
             (DuckDB finds them when None)
    Raises   ModelError, naming the check, when its SQL does not run
    """
    rows_of = rows_of or (lambda check: check.sql)
    findings = [_run_check(con, check, rows_of) for check in checks.values()]
    return sorted(findings, key=lambda finding: (finding.check.level, finding.check.name))


def sentences_of(finding: Finding) -> list[str]:
    """The lines a reader sees for one finding; none when nothing was found."""
    if not finding.rows_found:
        return []
    if finding.sentences:
        more = finding.rows_found - len(finding.sentences)
        rest = [f"... and {more:,} more of {finding.check.name}"] if more else []
        return [*finding.sentences, *rest]
    counted = f"{finding.check.what}: {finding.rows_found:,} row{'s' * (finding.rows_found > 1)}"
    dollars = "" if finding.found_usd is None else f", ${finding.found_usd:,.2f}"
    return [f"{counted}{dollars}; likely: {finding.check.likely}"]


def rows_in_words(finding: Finding) -> list[str]:
    """The shown rows whole, a line each, as `column=value`."""
    return [
        ", ".join(f"{column}={value}" for column, value in row.items())
        for row in finding.rows.head(ROWS_SHOWN).to_dicts()
    ]


def with_thousands(sentence: str) -> str:
    """The sentence with its dollars as people write them.

    >>> with_thousands("$6383042.36 charged")
    '$6,383,042.36 charged'
    """
    return re.sub(r"\$(-?)(\d+)", lambda found: f"${found[1]}{int(found[2]):,}", sentence)


def _run_check(
    con: duckdb.DuckDBPyConnection, check: Check, rows_of: Callable[[Check], str]
) -> Finding:
    try:
        con.execute(f"create or replace temp table found as ({rows_of(check)}\n)")
        columns = [row[0] for row in con.execute("describe found").fetchall()]
        counted = con.execute("select count(*) from found").fetchall()[0][0]
        # The largest dollars first, then every column, so that the same rows are shown each time.
        order = ["usd desc nulls last"] * ("usd" in columns) + [f'"{name}"' for name in columns]
        most = counted if check.name == STOPS_LETTERS else SENTENCES_SHOWN
        shown = con.sql(f"select * from found order by {', '.join(order)} limit {most}").pl()
        usd = None
        if "usd" in columns:
            usd = con.execute("select cast(sum(usd) as decimal(18, 2)) from found").fetchall()[0][0]
        con.execute("drop table found")
    except EngineError as error:
        raise ModelError(
            f"checks/{check.name}.sql does not run; {error}. Mend the check."
        ) from None
    except duckdb.Error as error:
        raise ModelError(
            f"checks/{check.name}.sql does not run; DuckDB says: {first_line(error)}. "
            "Mend the check."
        ) from None
    sentences = ()
    if "sentence" in columns:
        sentences = tuple(map(with_thousands, shown["sentence"].drop_nulls()))
    return Finding(check, counted, shown, usd, sentences)
