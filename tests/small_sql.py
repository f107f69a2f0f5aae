"""A small sql folder and its inputs, for tests of the engine: one idea a table, no claims rules."""

from pathlib import Path

import polars as pl

LINES = pl.DataFrame(
    {"claim_id": ["C1", "C1", "C2"], "line_number": [1, 2, 1], "allowed_usd": ["66.83", "1", "2"]}
)


def write_model(
    sql: Path, layer: str, name: str, select: str, *, reads: str, key: str = "claim_id, line_number"
) -> Path:
    """One model file with a true header; a test overrides what it is about."""
    path = sql / layer / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    header = f"-- what    {name}\n-- grain   one row per line\n-- key     {key}\n-- reads   {reads}"
    path.write_text(f"{header}\n\n{select}\n")
    return path


def write_check(sql: Path, name: str, select: str, *, reads: str) -> Path:
    """One check file with a true header."""
    path = sql / "checks" / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"-- what    {name} said in words\n-- reads   {reads}\n"
        f"-- likely  package size read as vial size?\n\n{select}\n"
    )
    return path


def write_small_sql(sql: Path) -> Path:
    """Two models: billed lines, and the mart that reads them."""
    write_model(
        sql,
        "staging",
        "stg_lines",
        "select claim_id, line_number, cast(allowed_usd as decimal(18, 2)) as allowed_usd\n"
        "from raw_lines",
        reads="raw_lines",
    )
    write_model(sql, "marts", "outcomes", "select * from stg_lines", reads="stg_lines")
    return sql


def write_input(folder: Path, name: str, rows: pl.DataFrame, fingerprint: str = "f1") -> list[Path]:
    """One Parquet file as an input; its name stands for its content."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{fingerprint}.parquet"
    rows.write_parquet(path)
    return [path]
