"""What runs the models: DuckDB, or Spark where a refresh asks for it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from analytics.settings import DataFolder
from analytics.warehouse.engine import open_engine
from analytics.warehouse.models import Inputs, Model, Plan, plan_build
from analytics.warehouse.spark import SparkWriter, plan_on_spark, spark_writer
from analytics.warehouse.spark_session import spark_version

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Engine:
    """The choice of one refresh.

    `session` is a Spark session to work beside (one is started when None); `memory` is the most the
    engine may hold.
    """

    is_spark: bool = False
    session: "SparkSession | None" = None
    memory: str | None = None

    def refuse_missing(self) -> None:
        """Stop before anything is read where the engine cannot run.

        Raises   UsageError, saying what to install, or that the memory size cannot be read
        """
        if self.memory:
            # A size nobody can read is wrong usage, also when nothing changed and no model runs.
            open_engine(memory=self.memory).close()
        if self.is_spark:
            spark_version(self.session)

    def plan(self, models: dict[str, Model], inputs: Inputs) -> Plan:
        """The build order and every fingerprint on this engine."""
        if self.is_spark:
            return plan_on_spark(models, inputs, self.session)
        return plan_build(models, inputs)

    @contextmanager
    def opened(
        self, plan: Plan, folder: DataFolder
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, SparkWriter | None]]:
        """The DuckDB that sees every result, and what writes them in its place, if anything."""
        with ExitStack() as stack:
            memory = None if self.is_spark else self.memory
            scratch = folder.warehouse / "spill"
            con = stack.enter_context(open_engine(memory=memory, scratch=scratch))
            writer = None
            if self.is_spark:
                writer = stack.enter_context(spark_writer(plan, folder, self.session, self.memory))
            yield con, writer
