"""The rows of one reference file of a site, read to be added to and written back whole."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from analytics.errors import AnalyticsError
from analytics.intake.csv_text import UnreadableCsvError, read_csv_text
from analytics.reference.columns import NOTE_COLUMNS, REFERENCE_FILES
from analytics.reference.rows import path_of
from analytics.reference.shapes import ReferenceFile
from analytics.reference.writing import formula_safe
from analytics.warehouse.durable import write_durably

Row = Mapping[str, str]
FILES = {file.name: file for file in REFERENCE_FILES}
_APOSTROPHE = re.compile(r"^'(?=[=+\-@])")


def standing_rows(folder: Path, name: str) -> list[Row]:
    """Return the rows of `<folder>/<name>.csv` by column; none where there is no such file.

    Raises   AnalyticsError when it cannot be read whole: written back, it would lose something
    """
    path = path_of(folder, f"{name}.csv")
    if path is None:
        return []
    named = f"reference/{path.name}"
    try:
        table = read_csv_text(path)
    except UnreadableCsvError as trouble:
        raise AnalyticsError(
            f"{named} cannot be added to; found that {trouble}. Mend it and load again."
        ) from None
    known = (*FILES[name].column_names, *NOTE_COLUMNS)
    unknown = [column for column in table.columns if column not in known]
    if unknown or table.overlong_rows:
        found = (
            f"the unknown column {unknown[0]}"
            if unknown
            else f"more cells in row {min(table.overlong_rows)} than the header has columns"
        )
        raise AnalyticsError(f"{named} cannot be added to; found {found}. Mend it and load again.")
    return [
        {column: _APOSTROPHE.sub("", cell or "") for column, cell in row.items()}
        for row in table.cells.drop("row_number").to_dicts()
    ]


def write_rows(folder: Path, name: str, rows: Sequence[Row]) -> None:
    """Write `<folder>/<name>.csv` whole: a reader sees the old file or the new one.

    Takes    the rows by column; what a file has besides its own columns, such as notes of `init`,
             stands behind them
    """
    file = FILES[name]
    noted = tuple(note for note in NOTE_COLUMNS if any(row.get(note) for row in rows))
    columns = (*file.column_names, *noted)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(_cells(file, row, columns) for row in rows)
    content = text.getvalue()
    path = path_of(folder, f"{name}.csv") or folder / f"{name}.csv"
    mode = path.stat().st_mode if path.exists() else None
    # What a link points to is written, the link stays.
    write_durably(path.resolve(), content.encode("utf-8" if content.isascii() else "utf-8-sig"))
    if mode is not None:
        path.chmod(mode & 0o777)


def _cells(file: ReferenceFile, row: Row, columns: Sequence[str]) -> list[str]:
    texts = {column.name for column in file.columns if column.kind == "text"}
    return [
        formula_safe(row.get(name, "")) if name in texts else row.get(name, "") for name in columns
    ]
