"""Claims and remits in, raw tables out: what is parsed already is kept, what is new is read.

`TABLES.md` tells the tables. The same files give the same Parquet files, whatever their order and
whenever they came, and a second call with nothing new reads no X12.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from analytics.intake.batches import (
    INTAKE_VERSION,
    ChangedFileError,
    ParsedBatch,
    group_files,
    intake_fingerprint,
    kept_batch,
    name_batch,
    parse_batch,
    write_parquet,
)
from analytics.intake.extracts.records import RECORD_TABLES
from analytics.intake.extracts.tables import is_column_map, read_extracts
from analytics.intake.kinds import NOTHING_USED
from analytics.intake.parse import Summary, files_row, parse_x12
from analytics.intake.raw_tables import FILES, RAW_TABLES
from analytics.intake.received import Progress, ReceivedFile, find_files

__all__ = ["INTAKE_VERSION", "RawTables", "intake_raw", "parse_x12"]


@dataclass(frozen=True)
class RawTables:
    """Every raw X12 table as immutable Parquet files, and sentences on what could not be read."""

    tables: dict[str, list[Path]]
    problems: list[str] = field(default_factory=list)


def intake_raw(
    raw_folder: Path, store: Path, *, site_key: bytes, progress: Progress | None = None
) -> RawTables:
    """The raw tables of all claims and remits below a folder, X12 and flat extracts alike.

    Takes    raw_folder, any depth; store, where parsed batches are kept and which may be deleted;
             site_key, which patients' pseudonyms are made with; progress, called with a step, its
             place and the number of steps
    Returns  every table of `RAW_TABLES` and `RECORD_TABLES` with at least one file each, empty
             tables included
    """
    store.mkdir(parents=True, exist_ok=True)
    with _imports_left_alone():
        return _intake(raw_folder, store, site_key, progress)


def _intake(raw_folder: Path, store: Path, site_key: bytes, progress: Progress | None) -> RawTables:
    files, problems = find_files(raw_folder, store, progress)
    reader = intake_fingerprint()
    batches = None
    while batches is None:
        try:
            batches = _batches(store, files, reader, site_key, progress)
        except ChangedFileError as changed:
            problems += _left_for_later(changed, files)
            files = [file for file in files if file.path != changed.file.path]
    summaries = {sha256: found for batch in batches for sha256, found in batch.summaries.items()}
    tables = _paths_by_table(batches) | {FILES: [_write_files(store, files, summaries)]}
    problems += _refused(files, summaries) + _cut_off(files, summaries)
    return RawTables(_with_empty_tables(store, tables, reader), problems)


@contextmanager
def _imports_left_alone() -> Iterator[None]:
    # Looking through all that was imported for what may be thrown away stops every thread.
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _left_for_later(changed: ChangedFileError, files: list[ReceivedFile]) -> list[str]:
    """A file that changed, and with a member of an archive all that came in the archive."""
    more = sum(file.path == changed.file.path for file in files) - 1
    return [f"{changed}; left out with it: {more:,} more of that archive" if more else str(changed)]


def _batches(
    store: Path,
    files: list[ReceivedFile],
    reader: str,
    site_key: bytes,
    progress: Progress | None,
) -> list[ParsedBatch]:
    groups = group_files(file for file in files if not is_column_map(file))
    batches = []
    for place, group in enumerate(groups, start=1):
        name = name_batch(group, reader, site_key)
        batches.append(kept_batch(store, name) or parse_batch(store, name, group, site_key))
        if progress:
            progress("parsing batches", place, len(groups))
    kinds = {sha: found.kind for batch in batches for sha, found in batch.summaries.items()}
    extracts = read_extracts(store, files, kinds, site_key=site_key, progress=progress)
    # Last, so that what an extract was found to be stands before what it looked like.
    return [*batches, extracts]


def _paths_by_table(batches: Iterable[ParsedBatch]) -> dict[str, list[Path]]:
    tables: dict[str, list[Path]] = {}
    for batch in batches:
        for table, paths in batch.tables.items():
            tables.setdefault(table, []).extend(paths)
    return {table: sorted(paths) for table, paths in tables.items()}


def _write_files(store: Path, files: list[ReceivedFile], summaries: dict[str, Summary]) -> Path:
    rows = [
        files_row(
            file.source_file,
            file.sha256,
            file.bytes,
            datetime.fromtimestamp(file.modified_ns // 1000 / 1e6, UTC).replace(tzinfo=None),
            summaries[file.sha256],
        )
        for file in files
    ]
    received = pl.DataFrame(rows, schema=RAW_TABLES[FILES])
    name = hashlib.sha256(received.write_ndjson().encode()).hexdigest()[:24]
    return write_parquet(store, f"{FILES}-{name}", received)


def _with_empty_tables(
    store: Path, tables: dict[str, list[Path]], reader: str
) -> dict[str, list[Path]]:
    return {
        table: tables.get(table)
        or [write_parquet(store, f"{table}-empty-{reader[:16]}", schema.to_frame())]
        for table, schema in (RAW_TABLES | RECORD_TABLES).items()
    }


def _refused(files: list[ReceivedFile], summaries: dict[str, Summary]) -> list[str]:
    return [
        f"{file.source_file} was not used: {summaries[file.sha256].reason}"
        for file in files
        if summaries[file.sha256].kind in NOTHING_USED
    ]


def _cut_off(files: list[ReceivedFile], summaries: dict[str, Summary]) -> list[str]:
    """Files that end before their last transaction does: asked for again, they may say more."""
    return [
        f"{file.source_file}: {summaries[file.sha256].reason}"
        for file in files
        if summaries[file.sha256].transactions_cut_off
    ]
