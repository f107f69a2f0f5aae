"""Flat extracts in, raw tables out: the same tables as X12, so that all SQL stays as it is.

`EXTRACTS.md` is the contract. All extracts of a site are read together, because a row may stand in
several deliveries and an adjustment in another file than its remit line. What was read is kept
under a name that stands for its contents, the `columns.toml` that holds, the code and the key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from importlib import resources
from pathlib import Path, PurePosixPath

import polars as pl

from analytics.errors import AnalyticsError
from analytics.intake.batches import ChangedFileError, ParsedBatch, kept_batch, write_parquet
from analytics.intake.extracts.claims import raw_claims
from analytics.intake.extracts.columns import (
    ADJUSTMENTS,
    ADMINISTRATIONS,
    ASKS,
    CLAIM_LINES,
    REMIT_LINES,
    ExtractKind,
)
from analytics.intake.extracts.files import ExtractFile, read_extract, typed_schema
from analytics.intake.extracts.names import (
    COLUMN_MAP,
    ColumnMap,
    ColumnMapError,
    nearest_column_map,
    read_column_map,
)
from analytics.intake.extracts.places import DUPLICATE, FATES, NOT_OURS, REJECTED, finished
from analytics.intake.extracts.records import raw_records
from analytics.intake.extracts.remits_835 import raw_remits
from analytics.intake.extracts.untold import untold
from analytics.intake.parse import Summary
from analytics.intake.raw_tables import RAW_TABLES, REJECTS
from analytics.intake.received import (
    DamagedFileError,
    Progress,
    ReceivedFile,
    UnreadableFileError,
    read_content,
)
from analytics.warehouse.durable import write_durably

EXTRACT_KINDS = ("csv_extract", "parquet_extract")
COLUMNS = "columns"
_CODE = (
    *("csv_text", "extracts/adjustments", "extracts/answers", "extracts/cells", "extracts/claims"),
    *("extracts/columns", "extracts/copies", "extracts/csv_columns", "extracts/files"),
    *("extracts/names", "extracts/places", "extracts/records", "extracts/remits_835"),
    *("extracts/tables", "extracts/untold", "patients", "raw_tables"),
)
_BAD_MAP = "its {} cannot be used: {}; nothing of the file is used"
_MAP_NOT_USED = "columns.toml is not used: {}"
Tables = dict[str, pl.DataFrame]


@dataclass
class _Read:
    """One extract as it was read, with what became of its rows."""

    sha256: str
    kind: str
    file: ExtractFile
    counts: dict[str, int] = field(default_factory=dict)
    unanswered: int = 0


def is_column_map(file: ReceivedFile) -> bool:
    """Whether a file names the columns of the extracts beside it, the one kind known by a name."""
    return PurePosixPath(file.source_file).name == COLUMN_MAP


def read_extracts(
    store: Path,
    files: Sequence[ReceivedFile],
    kinds: dict[str, str],
    *,
    site_key: bytes,
    progress: Progress | None = None,
) -> ParsedBatch:
    """The raw tables of every extract, and what became of each and of each `columns.toml`.

    Takes    files, all that were received; kinds, what each content was found to be by its sha256
    Raises   ChangedFileError when a file is not what it was found to be; then nothing is kept
    """
    maps = {file.source_file: file for file in files if is_column_map(file)}
    extracts: dict[str, ReceivedFile] = {}
    for file in sorted(files, key=lambda file: file.source_file):
        if kinds.get(file.sha256) in EXTRACT_KINDS and not is_column_map(file):
            extracts.setdefault(file.sha256, file)
    if not extracts and not maps:
        return ParsedBatch({}, {})
    own = {sha256: nearest_column_map(file.source_file, maps) for sha256, file in extracts.items()}
    name = _name(own, maps, site_key)
    return kept_batch(store, name) or _parse(
        store, name, list(extracts.values()), maps, own, kinds, site_key, progress
    )


def _name(own: dict[str, str | None], maps: dict[str, ReceivedFile], site_key: bytes) -> str:
    said = hashlib.sha256(b"patient key " + site_key)
    for module in _CODE:
        said.update(resources.files("analytics.intake").joinpath(f"{module}.py").read_bytes())
    of_extracts = sorted(
        (sha256, maps[path].sha256 if path else "") for sha256, path in own.items()
    )
    said.update(json.dumps([of_extracts, sorted(file.sha256 for file in maps.values())]).encode())
    return said.hexdigest()[:24]


def _parse(
    store: Path,
    name: str,
    extracts: list[ReceivedFile],
    maps: dict[str, ReceivedFile],
    own: dict[str, str | None],
    kinds: dict[str, str],
    site_key: bytes,
    progress: Progress | None,
) -> ParsedBatch:
    read_maps = {path: _read_map(file) for path, file in maps.items()}
    read = []
    for place, file in enumerate(sorted(extracts, key=lambda file: file.sha256), start=1):
        column_map = read_maps.get(own[file.sha256] or "", ColumnMap())
        read.append(_Read(file.sha256, kinds[file.sha256], _read_file(file, column_map, site_key)))
        if progress:
            progress("reading extracts", place, len(extracts))
    tables, rejects = _raw_tables(read)
    tables[REJECTS] = pl.concat([tables[REJECTS], rejects, *_map_rejects(maps, read_maps)])
    paths = {
        table: [write_parquet(store, f"{table}-{name}-0", rows)]
        for table, rows in tables.items()
        if rows.height
    }
    summaries = {file.sha256: _summary(file) for file in read}
    summaries |= {file.sha256: _map_summary(read_maps[path]) for path, file in maps.items()}
    index = {
        "tables": {table: [path.name for path in found] for table, found in paths.items()},
        "summaries": {sha256: asdict(summary) for sha256, summary in summaries.items()},
    }
    write_durably(store / f"{name}.json", json.dumps(index).encode())
    return ParsedBatch(paths, summaries)


def _content(file: ReceivedFile) -> bytes:
    try:
        return read_content(file)
    except UnreadableFileError as trouble:
        raise ChangedFileError(file, f"{file.source_file} could not be read: {trouble}") from None


def _read_map(file: ReceivedFile) -> ColumnMap | str:
    """What a `columns.toml` says, or the sentence why it says nothing."""
    try:
        return read_column_map(_content(file))
    except (ColumnMapError, DamagedFileError) as trouble:
        return str(trouble)


def _read_file(file: ReceivedFile, column_map: ColumnMap | str, site_key: bytes) -> ExtractFile:
    if isinstance(column_map, str):
        read = read_extract(_content(file), ColumnMap(), site_key)
        sentence = _BAD_MAP.format(COLUMN_MAP, column_map)
        return ExtractFile(None, read.received, pl.DataFrame(), read.rejected.clear(), sentence)
    return read_extract(_content(file), column_map, site_key)


def _raw_tables(read: list[_Read]) -> tuple[Tables, pl.DataFrame]:
    """All raw tables of the files together, and what of them is rejected."""
    shas = [file.sha256 for file in read]
    tables: Tables = {REJECTS: RAW_TABLES[REJECTS].to_frame()}
    found: list[pl.DataFrame] = []

    def add(raw: tuple[Tables, pl.DataFrame]) -> None:
        for table, rows in raw[0].items():
            tables[table] = pl.concat([tables[table], rows]) if table in tables else rows
        found.append(raw[1])

    add(raw_claims(_rows(read, CLAIM_LINES), shas))
    remits, of_remits, silent = raw_remits(_rows(read, REMIT_LINES), _rows(read, ADJUSTMENTS), shas)
    add((remits, of_remits))
    for kind in (ADMINISTRATIONS, ASKS):
        add(raw_records(kind, _rows(read, kind), shas))
    fates = pl.concat([FATES.to_frame(), *found])
    for place, file in enumerate(read):
        file.counts = dict(fates.filter(file=place).group_by("fate").len().iter_rows())
        file.unanswered = silent.filter(file=place).height
        _account(file)
    return tables, _rejects(read, fates)


def _rows(read: list[_Read], kind: ExtractKind) -> pl.DataFrame:
    nothing = pl.Schema({**typed_schema(kind), "file": pl.Int32()}).to_frame()
    rows = [
        file.file.rows.with_columns(file=pl.lit(place, pl.Int32))
        for place, file in enumerate(read)
        if file.file.kind is kind and not file.file.refused
    ]
    return pl.concat([nothing, *rows])


def _account(file: _Read) -> None:
    """Every row that was received ended in one way.

    Raises   AnalyticsError otherwise: a row that is lost or counted twice is wrong money
    """
    rejected = file.file.received if file.file.refused else file.file.rejected.height
    file.counts[REJECTED] = file.counts.get(REJECTED, 0) + rejected
    if sum(file.counts.values()) != file.file.received:
        raise AnalyticsError(
            f"an extract of {file.file.received:,} rows has {sum(file.counts.values()):,} after "
            "they were read; nothing was built and the last run stays. Report it with the kinds "
            "and columns of the extracts, never with their rows."
        )


def _rejects(read: list[_Read], fates: pl.DataFrame) -> pl.DataFrame:
    """`raw_x12__rejects` of the rows and files that are not used."""
    parts = []
    for place, file in enumerate(read):
        rows = [
            file.file.rejected,
            fates.filter(file=place, fate=REJECTED).select(file.file.rejected.columns),
        ]
        pieces = pl.concat(rows).select(
            piece=pl.format("row {}", "row_number"),
            segments=pl.lit(1),
            reason="reason",
            source_offset="source_offset",
        )
        if file.file.refused:
            pieces = _whole_file(file.file.received, file.file.refused)
        parts.append(finished(REJECTS, pieces.with_columns(file_sha256=pl.lit(file.sha256))))
    return pl.concat([RAW_TABLES[REJECTS].to_frame(), *parts])


def _whole_file(received: int, reason: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"piece": ["file"], "segments": [received], "reason": [reason], "source_offset": [0]}
    )


def _map_rejects(
    maps: dict[str, ReceivedFile], read_maps: dict[str, ColumnMap | str]
) -> Iterable[pl.DataFrame]:
    for sha256, said in {file.sha256: read_maps[path] for path, file in maps.items()}.items():
        if isinstance(said, str):
            row = _whole_file(0, _MAP_NOT_USED.format(said))
            yield finished(REJECTS, row.with_columns(file_sha256=pl.lit(sha256)))


def _summary(file: _Read) -> Summary:
    kind = file.file.kind
    if file.file.refused or not kind:
        return Summary(file.kind, file.file.received, file.file.received, 0, file.file.refused)
    return Summary(
        kind.name,
        file.file.received,
        file.counts.get(REJECTED, 0),
        file.counts.get(NOT_OURS, 0),
        untold(kind, file.file.left_out, file.unanswered),
        segments_duplicate=file.counts.get(DUPLICATE, 0),
    )


def _map_summary(said: ColumnMap | str) -> Summary:
    if isinstance(said, str):
        return Summary("not_x12", 0, 0, 0, _MAP_NOT_USED.format(said))
    return Summary(COLUMNS, 0, 0, 0, None)
