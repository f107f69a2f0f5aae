"""Rows of an answer key, or of an engine's answers, read from a CSV and held to their columns."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from analytics.errors import UsageError

KEY_FILE = "answer_key.csv"
PLACE = ("claim_id", "line_number", "payer_id", "finding")
COLUMNS = (*PLACE, "amount_usd")
# Beside these a key has more columns, and an engine may: nothing is scored by them.
IGNORED = ("claim_number", "note")
SCHEMA = {
    "claim_id": pl.String(),
    "line_number": pl.Int64(),
    "payer_id": pl.String(),
    "finding": pl.String(),
    "amount_usd": pl.Decimal(18, 2),
}
DOLLARS = r"^-?\d{1,16}(\.\d{1,2})?$"
LINE = r"^\d{1,9}$"
# A row of the ledger or the infusion log is told by its claim or record: no line stands for it.
OF_THE_WHOLE_CLAIM = r"^(waste|record)_"
SHOWN = 3


def read_rows(path: Path) -> pl.DataFrame:
    """Findings with the dollars of each, one row per claim, line, payer and finding.

    Takes    a CSV with the columns claim_id, line_number, payer_id, finding and amount_usd;
             an empty amount says that no dollars can be stated; a finding of the ledger or of
             the infusion log needs no line
    Raises   UsageError for a file that is not there, another column, a number that is none, and
             a finding told twice
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}; found nothing there. Name a CSV of answers.")
    try:
        told = pl.read_csv(path, infer_schema=False)
    except pl.exceptions.PolarsError:
        raise UsageError(
            f"{path} cannot be read as a CSV; found rows that do not fit its header. Write it as "
            "UTF-8 with commas, a header and one finding a row."
        ) from None
    _refuse_columns(path, told.columns)
    told = told.with_columns(pl.col(pl.String).fill_null("").str.strip_chars())
    line = pl.col("line_number").str.contains(LINE)
    _refuse_cells(path, told, "line_number", line | _may_be_empty(), "the number of a line")
    dollars = pl.col("amount_usd").str.contains(DOLLARS) | (pl.col("amount_usd") == "")
    _refuse_cells(path, told, "amount_usd", dollars, "dollars and cents")
    rows = told.select(
        pl.when(pl.col(name) != "").then(name).cast(kind) for name, kind in SCHEMA.items()
    )
    return without_repeats(path.name, rows)


def without_repeats(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, lines of whole claims' findings left out; the same finding twice is refused."""
    is_whole = pl.col("finding").str.contains(OF_THE_WHOLE_CLAIM)
    rows = rows.with_columns(pl.when(~is_whole).then("line_number").alias("line_number"))
    repeated = rows.filter(rows.select(PLACE).is_duplicated())
    if repeated.height:
        first = repeated.row(0, named=True)
        raise UsageError(
            f"{name} tells a finding twice; found {first['finding']} of claim {first['claim_id']} "
            f"{repeated.height} times. Tell each finding of a line once, its dollars added up."
        )
    return rows


def _refuse_columns(path: Path, found: list[str]) -> None:
    missing = [name for name in COLUMNS if name not in found]
    unknown = [name for name in found if name not in (*COLUMNS, *IGNORED)]
    if missing or unknown:
        said = [f"no {name}" for name in missing] + [f"an unknown {name}" for name in unknown]
        raise UsageError(
            f"{path} has other columns than answers have; found {', '.join(said)}. "
            f"The columns are {', '.join(COLUMNS)}; {' and '.join(IGNORED)} may stand beside them."
        )


def _may_be_empty() -> pl.Expr:
    is_whole = pl.col("finding").str.contains(OF_THE_WHOLE_CLAIM)
    return is_whole & (pl.col("line_number") == "")


def _refuse_cells(path: Path, told: pl.DataFrame, column: str, fits: pl.Expr, what: str) -> None:
    wrong = told.with_row_index("row", offset=2).filter(~fits)
    if wrong.height:
        rows = ", ".join(str(row) for row in wrong["row"].head(SHOWN))
        more = " and more" if wrong.height > SHOWN else ""
        raise UsageError(
            f"{path} has a {column} that is not {what}; found it in row {rows}{more}. "
            "Write plain digits with a point, no signs of a currency."
        )
