"""Where the results of DuckDB and of Spark differ: in the columns, the types, the rows."""

import shutil
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from analytics.settings import DataFolder
from analytics.warehouse.checks import Finding
from analytics.warehouse.engine import add_view, open_engine, quoted_text
from analytics.warehouse.runs import Run, run_file
from analytics.warehouse.spark_sql import in_spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SHOWN = 3
# From tables of a connection and a query of them to a SELECT, for that connection, of its rows.
Asked = Callable[[duckdb.DuckDBPyConnection, Iterable[str], str], str]


def copy_of(site: Path, target: Path) -> DataFolder:
    """A copy of a site with its key, its parsed files and its runs."""
    shutil.copytree(site, target)
    return DataFolder(target)


def differences(folder: DataFolder, one: Run, other: Run, table: str) -> list[str]:
    """What differs between two runs in one table; nothing where types and rows are the same."""
    files = [run_file(folder, run, table) for run in (one, other)]
    with open_engine() as con:
        for name, file in zip(("one", "other"), files, strict=True):
            add_view(con, name, [file])
        types = [con.execute(f"describe {name}").fetchall() for name in ("one", "other")]
        if types[0] != types[1]:
            return [f"{a} | {b}" for a, b in zip(*types, strict=False) if a != b] or ["columns"]
        schemas = [pl.read_parquet_schema(file) for file in files]
        if schemas[0] != schemas[1]:
            return [f"polars reads {schemas[0]} and {schemas[1]}"]
        missing = "select * from one except all select * from other"
        added = "select * from other except all select * from one"
        return [
            f"{side} {row}"
            for side, rows in (("-", missing), ("+", added))
            for row in con.execute(f"{rows} order by all limit {SHOWN}").fetchall()
        ]


def said_of(finding: Finding) -> tuple:
    """All that a finding tells a reader."""
    rows = finding.rows.to_dicts()
    return (finding.check.name, finding.rows_found, finding.found_usd, finding.sentences, rows)


def ask_duckdb(con: duckdb.DuckDBPyConnection, tables: Iterable[str], query: str) -> str:
    """The query itself: DuckDB runs it where the rows are asked for."""
    return query


def ask_spark(session: "SparkSession", scratch: Path) -> Asked:
    """Spark as the one that answers: it reads the tables as Parquet and writes its rows so."""
    return partial(_answered_by_spark, session, scratch)


def _answered_by_spark(
    session: "SparkSession",
    scratch: Path,
    con: duckdb.DuckDBPyConnection,
    tables: Iterable[str],
    query: str,
) -> str:
    for table in tables:
        file = scratch / f"{table}.parquet"
        con.execute(f'copy "{table}" to {quoted_text(file)} (format parquet)')
        session.read.parquet(str(file)).createOrReplaceTempView(table)
    answers = scratch / "answers"
    (statement,) = in_spark("part", query)
    session.sql(statement.sql).write.mode("overwrite").parquet(str(answers))
    return f"select * from read_parquet({quoted_text(answers / '*.parquet')})"
