"""Run the models on Spark: the same files, the same results, each made from Parquet by Spark alone.

Spark is an extra (`pip install 'infusion-analytics[spark]'`) and is imported only where it is asked
for. `SPARK.md` says how to run it and where the two engines differ.
"""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.errors import UsageError
from analytics.settings import DataFolder
from analytics.warehouse.durable import DRAFT
from analytics.warehouse.engine import quoted_text
from analytics.warehouse.models import (
    EngineError,
    Inputs,
    Model,
    Plan,
    Select,
    plan_build,
    result_file,
)
from analytics.warehouse.spark_session import open_spark, spark_version
from analytics.warehouse.spark_sql import in_spark

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

# Where pyspark itself prints what a query stumbled over, the value among it.
_TELLTALES = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")
_ADVICE = {
    "OutOfMemoryError": " (allow it more with --memory)",
    "IOException": " (is the disk full or read-only?)",
    "FSError": " (is the disk full or read-only?)",
}


def plan_on_spark(
    models: dict[str, Model], inputs: Inputs, given: "SparkSession | None" = None
) -> Plan:
    """The build order and every fingerprint of a build on Spark.

    A fingerprint covers the SQL as Spark is told it and the version of Spark, so that no result of
    one engine is taken for the other's.

    Takes    given, the session a caller hands in
    Raises   UsageError where Spark or Java is missing, SqlFileError for SQL Spark has no words for
    """
    version = spark_version(given)
    told = {
        name: replace(model, tokens=tuple(each.sql for each in in_spark(model.name, model.sql)))
        for name, model in models.items()
    }
    return plan_build(told, inputs, f"spark {version}")


@contextmanager
def spark_writer(
    plan: Plan, folder: DataFolder, given: "SparkSession | None" = None, memory: str | None = None
) -> Iterator["SparkWriter"]:
    """What writes the results of the plan, with Spark behind it until the end.

    Takes    given, a session to work beside, else one is started here; memory, the most that one
             may hold
    """
    scratch = folder.warehouse / "spill" / f"spark-{os.getpid()}{DRAFT}"
    scratch.mkdir(parents=True, exist_ok=True)
    read = sum(file.stat().st_size for files in plan.inputs.values() for file in files)
    try:
        with open_spark(given, scratch, memory=memory, input_bytes=read) as session:
            yield SparkWriter(session, plan, folder.results, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class SparkWriter:
    """Writes the rows of a model or check to a Parquet file, made by Spark from Parquet.

    What a SELECT reads is bound to the raw tables of the plan and to the results of its own
    fingerprints: those hold the engine, so a result of DuckDB is never read.
    """

    def __init__(self, session: "SparkSession", plan: Plan, results: Path, scratch: Path) -> None:
        """Takes    scratch, a private folder both Spark and this process can write to"""
        self._session = session
        self._scratch = scratch
        self._files = plan.inputs | {
            name: [result_file(results, plan, name)] for name in plan.models
        }
        self._schemas: dict[str, StructType] = {}
        self._bound: set[str] = set()

    def __call__(self, select: Select, draft: Path) -> None:
        """Write the rows of the SELECT to the draft file.

        Raises   EngineError where Spark does not run it, with no value of any row
        """
        *steps, last = in_spark(select.name, select.sql)
        folders = []
        with _said_plainly():
            for name in select.reads:
                self._bind(name)
            for step in steps:
                folders.append(self._scratch / step.table)
                rows = self._session.sql(step.sql)
                rows.write.parquet(str(folders[-1]))
                self._view(step.table, [folders[-1]], rows.schema)
            rows = self._session.sql(last.sql)
            self._write_one_file(rows, draft)
        self._schemas[select.name] = rows.schema
        for folder in folders:
            shutil.rmtree(folder)

    def rows_of(self, check: Select) -> str:
        """The SELECT, for DuckDB, of the rows a check finds on Spark."""
        found = self._scratch / f"{check.name}.parquet"
        self(check, found)
        return f"select * from read_parquet({quoted_text(found)})"

    def _bind(self, name: str) -> None:
        if name not in self._bound:
            self._view(name, self._files[name], self._schemas.get(name))
            self._bound.add(name)

    def _view(self, name: str, files: list[Path], schema: "StructType | None") -> None:
        reader = self._session.read.schema(schema) if schema else self._session.read
        reader.parquet(*map(str, files)).createOrReplaceTempView(name)

    def _write_one_file(self, rows: "DataFrame", draft: Path) -> None:
        folder = self._scratch / f"{draft.name}.parts"
        rows.coalesce(1).write.option("compression", "zstd").parquet(str(folder))
        parts = list(folder.glob("*.parquet"))
        if len(parts) != 1:
            raise UsageError(
                f"Spark wrote {len(parts)} files where this machine looks for one, in {folder}. "
                "Keep the data folder on a disk that Spark and this machine both see."
            )
        os.replace(parts[0], draft)
        shutil.rmtree(folder)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """What Spark stumbles over becomes the name of the trouble: its own words hold rows."""
    from py4j.protocol import Py4JError
    from pyspark.errors import AnalysisException, PySparkException
    from pyspark.logger import PySparkLogger

    loggers = [PySparkLogger.getLogger(name) for name in _TELLTALES]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    except AnalysisException as error:
        # Found before any row is read: names of tables and columns alone.
        raise EngineError(f"Spark says: {str(error).splitlines()[0]}") from None
    except (PySparkException, Py4JError) as error:
        raise EngineError(f"Spark says: {_trouble(error)}") from None
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _trouble(error: Exception) -> str:
    """The innermost cause as Spark names it (`DIVIDE_BY_ZERO`), else the kind of error."""
    from py4j.java_gateway import is_instance_of
    from pyspark import SparkContext
    from pyspark.errors import PySparkException

    named = [type(error).__name__]
    thrown = getattr(error, "java_exception", None) or getattr(error, "_origin", None)
    if thrown is None and isinstance(error, PySparkException):
        named.append(error.getCondition() or named[0])
    while thrown is not None:
        is_named = is_instance_of(SparkContext._gateway, thrown, "org.apache.spark.SparkThrowable")
        condition = thrown.getCondition() if is_named else None
        named.append(condition or thrown.getClass().getSimpleName())
        thrown = thrown.getCause()
    return f"{named[-1]}{_ADVICE.get(named[-1], '')}"
