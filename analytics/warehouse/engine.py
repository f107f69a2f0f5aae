"""How DuckDB is opened here: in memory, in UTC, with views over Parquet, never over a network."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from analytics.errors import UsageError


def open_engine(
    *, memory: str | None = None, scratch: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB.

    Takes    memory, the most it may hold before it spills (`2GB`; DuckDB's default when None), and
             scratch, the folder it spills to: inside the warehouse, since what spills is claims;
             without one it never spills (left alone it would, into the folder one stands in)
    Raises   UsageError for a memory size DuckDB cannot read
    """
    con = duckdb.connect(
        config={
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
    )
    con.execute("set TimeZone = 'UTC'")
    # A slow query would draw its bar on standard output, into the JSON of `--json` too.
    con.execute("set enable_progress_bar = false")
    if scratch is not None:
        scratch.mkdir(parents=True, exist_ok=True)
    con.execute(f"set temp_directory = {quoted_text(scratch or '')}")
    if memory:
        try:
            con.execute(f"set memory_limit = {quoted_text(memory)}")
        except duckdb.Error as error:
            raise UsageError(
                f"the memory size cannot be read; found {memory!r} ({first_line(error)}). "
                "Write a number and a unit, as in 2GB."
            ) from None
    return con


def add_view(con: duckdb.DuckDBPyConnection, name: str, files: Iterable[Path]) -> None:
    """Make `name` a view over Parquet files of one shape."""
    listed = ", ".join(quoted_text(file) for file in files)
    con.execute(f'create or replace view "{name}" as select * from read_parquet([{listed}])')


def close_doors(con: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
    """Leave a connection nothing but these files: no other file, no network, no way back."""
    listed = ", ".join(quoted_text(file) for file in files)
    con.execute(f"set allowed_paths = [{listed}]")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


def quoted_text(value: object) -> str:
    """A SQL text literal."""
    return "'" + str(value).replace("'", "''") + "'"


def first_line(error: duckdb.Error) -> str:
    """What DuckDB says, without the query printed beneath it."""
    return str(error).strip().splitlines()[0]
