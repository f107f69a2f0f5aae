"""One table as a file for a spreadsheet or another program: csv, parquet or xlsx."""

import importlib.util
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import polars.selectors as cs

from analytics.errors import UsageError
from analytics.settings import DataFolder
from analytics.warehouse.durable import DRAFT, private_files, put_in_place
from analytics.warehouse.runs import Run, run_file

# A spreadsheet runs a cell that begins like this; a payer's free text must stay text.
_FORMULA_STARTS = r"^[=+\-@\t\r]"

XLSX_ROWS = 1_048_575


def export_table(folder: DataFolder, run: Run, table: str, out: Path) -> int:
    """Write one table of a run, sorted by its key, and return its number of rows.

    The ending of `out` chooses the format. The file is for its owner alone: it holds claims.

    Raises   UsageError for a table or ending that is not known, and for xlsx without xlsxwriter
    """
    writers: dict[str, Callable[[pl.LazyFrame, Path], None]] = {
        ".csv": _write_csv,
        ".parquet": lambda rows, path: rows.sink_parquet(path),
        ".xlsx": _write_xlsx,
    }
    if out.suffix.lower() not in writers:
        raise UsageError(
            f"a table cannot be written as {out.name}; the endings known are "
            f"{', '.join(writers)}. Choose one of these."
        )
    if not out.parent.is_dir():
        raise UsageError(f"there is no folder {out.parent}; found nothing there. Make it first.")
    rows = pl.scan_parquet(run_file(folder, run, table), glob=False).sort(run.tables[table].key)
    draft = out.with_name(f"{out.name}.{os.getpid()}{DRAFT}")
    with private_files(share_with_group=False):
        try:
            writers[out.suffix.lower()](rows, draft)
            put_in_place(draft, out)
        finally:
            draft.unlink(missing_ok=True)
    return run.tables[table].rows


def as_spreadsheet_text(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with an apostrophe before text that looks like a formula, and lists joined.

    >>> cells = pl.LazyFrame({"payer_id": ["b", "-b"], "name": ["=1+1", "B"], "gap_usd": [-4, 5]})
    >>> as_spreadsheet_text(cells).collect().rows()
    [('b', "'=1+1", -4), ("'-b", 'B', 5)]
    """
    joined = _lists_joined(rows)
    return joined.with_columns(
        pl.when(pl.col(name).str.contains(_FORMULA_STARTS))
        .then(pl.concat_str(pl.lit("'"), name))
        .otherwise(name)
        .alias(name)
        for name, kind in joined.collect_schema().items()
        if kind == pl.String
    )


def _lists_joined(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.with_columns(cs.list().cast(pl.List(pl.String)).list.join(" ", ignore_nulls=True))


def _write_csv(rows: pl.LazyFrame, path: Path) -> None:
    as_spreadsheet_text(rows).sink_csv(path)


def _write_xlsx(rows: pl.LazyFrame, path: Path) -> None:
    if importlib.util.find_spec("xlsxwriter") is None:
        raise UsageError(
            "xlsx needs the package xlsxwriter; it is not installed here. "
            "Install it, or export csv or parquet."
        )
    import xlsxwriter

    frame = _lists_joined(rows).collect()
    if frame.height > XLSX_ROWS:
        raise UsageError(
            f"a sheet holds {XLSX_ROWS:,} rows; the table has {frame.height:,}. "
            "Export csv or parquet."
        )
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        dollars = book.add_format({"num_format": "$#,##0.00"})
        for place, name in enumerate(frame.columns):
            sheet.write_string(0, place, name)
        for number, row in enumerate(frame.iter_rows(), start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, bool | int | float | Decimal) and not isinstance(cell, bool):
                    is_money = frame.columns[place].endswith("_usd")
                    sheet.write_number(number, place, cell, dollars if is_money else None)
                elif cell is not None:
                    sheet.write_string(number, place, str(cell))
