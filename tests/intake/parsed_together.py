"""Many small files parsed in one batch, and each file's own rows: the one place that knows how."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.intake.parse import TEXT_BYTES, Batch, Content, files_row, parse_x12
from analytics.intake.raw_tables import FILES, RAW_TABLES

# Table name to rows, each with the columns of its table in order.
FileRows = dict[str, list[tuple]]
SITE_KEY = b"key"


def rows_alone(content: bytes, text_bytes: int = TEXT_BYTES) -> FileRows:
    """The rows of a file that is parsed by itself, in parts of about so many bytes."""
    tables = parse_x12(content, site_key=SITE_KEY, text_bytes=text_bytes)
    return {name: tables[name].select(schema.names()).rows() for name, schema in RAW_TABLES.items()}


def rows_together(contents: Sequence[bytes]) -> list[FileRows]:
    """The rows of each file, in the order given, all parsed as one batch.

    A file is known by its place and not by its hash, so the same bytes may come twice.
    """
    names = [f"{place:06}" for place in range(len(contents))]
    batch = Batch(SITE_KEY)
    parts = list(batch.parse(map(Content, names, contents)))
    by_file: dict[str, FileRows] = {name: {table: [] for table in RAW_TABLES} for name in names}
    for table, schema in RAW_TABLES.items():
        if table == FILES:
            continue
        for rows in (part[table] for part in parts if table in part):
            for row in rows.select(schema.names()).iter_rows():
                by_file[row[0]][table].append(row)
    for name, content in zip(names, contents, strict=True):
        row = files_row("", name, len(content), None, batch.summaries[name])
        by_file[name][FILES] = [tuple(row[column] for column in RAW_TABLES[FILES])]
    return [by_file[name] for name in names]
