"""What a test asks of the raw tables that intake made of a raw folder."""

from collections.abc import Callable

import polars as pl

from analytics.intake.files import RawTables
from analytics.intake.raw_tables import FILES

KEY = bytes(range(32))
Intake = Callable[..., RawTables]


def rows_of(tables: RawTables, name: str) -> pl.DataFrame:
    """Every row of a raw table."""
    return pl.concat([pl.read_parquet(path) for path in tables.tables[name]])


def files_of(tables: RawTables) -> dict[str, dict[str, object]]:
    """The rows of the files, by path."""
    return {row["source_file"]: row for row in rows_of(tables, FILES).iter_rows(named=True)}
