"""Parsed batches, kept: which files are parsed together, and the Parquet files they became.

A batch is a group of files found by their contents alone, whatever their names and order. Files of
nearby interchange dates go together, so what arrives today does not break up the batches of last
year. A batch is written once under a name that stands for its contents, the reader and the key.
"""

from __future__ import annotations

import base64
import ctypes
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path

import polars as pl

from analytics.intake.parse import WORKERS, Batch, Content, Summary
from analytics.intake.received import (
    DamagedFileError,
    ReceivedFile,
    UnreadableFileError,
    open_content,
)
from analytics.intake.texts import Tables
from analytics.warehouse.durable import write_durably

INTAKE_VERSION = "4"
BATCH_BYTES = 8 << 20
LARGEST_BATCH_BYTES = 16 << 20
_ROWS_AT_ONCE = 1 << 16
_CODE = (
    *("adjustments_835", "archives", "batches", "claims_837", "contents", "elements"),
    *(
        "extracts/columns",
        "extracts/names",
        "fields",
        "identify",
        "kinds",
        "lines_835",
        "lines_837",
    ),
    *("loops", "loops_837", "parse", "parts", "patients", "raw_tables", "reasons", "received"),
    *("remits_835", "segments", "spine", "texts", "transactions", "vectors", "x12"),
)


class ChangedFileError(Exception):
    """A file that was found and could not be had when its batch was parsed; the refresh goes on."""

    def __init__(self, file: ReceivedFile, sentence: str) -> None:
        super().__init__(sentence)
        self.file = file


@dataclass(frozen=True)
class ParsedBatch:
    """The Parquet files of a batch by table, and what became of each of its contents."""

    tables: dict[str, list[Path]]
    summaries: dict[str, Summary]


def intake_fingerprint() -> str:
    """The reader's version and code as a hash, so that a mended reader reads everything again."""
    code = hashlib.sha256(INTAKE_VERSION.encode())
    for module in _CODE:
        code.update(resources.files("analytics.intake").joinpath(f"{module}.py").read_bytes())
    return code.hexdigest()


def group_files(files: Iterable[ReceivedFile]) -> list[list[ReceivedFile]]:
    """The files to parse together, one per content, in batches of 8 to 16 MB.

    Whether a batch ends after a file depends on that file, so a new one changes the batch it
    falls into and leaves the others as they are.
    """
    by_content: dict[str, ReceivedFile] = {}
    for file in sorted(files, key=lambda file: file.source_file):
        by_content.setdefault(file.sha256, file)
    groups: list[list[ReceivedFile]] = []
    size, is_open = 0, False
    for file in sorted(by_content.values(), key=lambda file: (file.interchange_date, file.sha256)):
        if not is_open or size + file.weight > LARGEST_BATCH_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(file)
        size += file.weight
        is_open = not _ends_batch(file)
    return groups


def name_batch(group: list[ReceivedFile], reader: str, site_key: bytes) -> str:
    """What stands for a batch in file names: its contents, the reader and the key."""
    contents = ",".join(sorted(file.sha256 for file in group))
    key = hashlib.sha256(b"patient key " + site_key).hexdigest()
    return hashlib.sha256(f"{reader} {key} {contents}".encode()).hexdigest()[:24]


def kept_batch(store: Path, name: str) -> ParsedBatch | None:
    """The batch of this name if it was parsed before and is whole; else None."""
    try:
        kept = json.loads((store / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    tables = {table: [store / file for file in files] for table, files in kept["tables"].items()}
    if not all(path.exists() for paths in tables.values() for path in paths):
        return None
    summaries = {sha256: Summary(**summary) for sha256, summary in kept["summaries"].items()}
    return ParsedBatch(tables, summaries)


def parse_batch(store: Path, name: str, group: list[ReceivedFile], site_key: bytes) -> ParsedBatch:
    """Parse a batch and keep it. Its index is written last: killed before, it was never parsed.

    Raises   ChangedFileError when a file is not what it was found to be; then nothing is kept
    """
    batch, reading = Batch(site_key), _Reading(group)
    try:
        with ThreadPoolExecutor(WORKERS) as pool:
            files = _TableFiles(store, name, pool)
            for part in batch.parse(reading.contents()):
                files.add(part)
            files.write()
    except (UnreadableFileError, DamagedFileError) as trouble:
        # Half way through: the parser reads the stream, so only here is it known whose it was.
        file = reading.file
        raise ChangedFileError(file, f"{file.source_file} could not be read: {trouble}") from None
    index = {
        "tables": {table: [path.name for path in paths] for table, paths in files.paths.items()},
        "summaries": {sha256: asdict(summary) for sha256, summary in batch.summaries.items()},
    }
    write_durably(store / f"{name}.json", json.dumps(index).encode())
    return ParsedBatch(files.paths, batch.summaries)


def write_parquet(store: Path, name: str, rows: pl.DataFrame) -> Path:
    """Write rows under a name that stands for them; whole or not at all, and only once."""
    target = store / f"{name}.parquet"
    if not target.exists():
        # Packed first: a disk that is full is an OSError of ours and not trouble inside polars.
        packed = io.BytesIO()
        # Statistics would be read by nobody: whoever reads a raw table reads all of it.
        schema = _schema_as_text(tuple(rows.schema.items()))
        rows.write_parquet(packed, compression="lz4", statistics=False, metadata=schema)
        write_durably(target, packed.getvalue())
    return target


@lru_cache(maxsize=64)
def _schema_as_text(schema: tuple[tuple[str, pl.DataType], ...]) -> dict[str, str] | None:
    """What a file says of its columns where some are written by category: that they are text.

    That is faster to write and the same to read.
    """
    if not any(kind == pl.Categorical for _, kind in schema):
        return None
    kinds = {name: pl.String() if kind == pl.Categorical else kind for name, kind in schema}
    told = pl.Schema(kinds).to_frame().to_arrow().schema.serialize().to_pybytes()
    return {"ARROW:schema": base64.b64encode(told).decode()}


@dataclass
class _TableFiles:
    """The tables of a batch on their way to the disk, so many rows at once that files are few."""

    store: Path
    name: str
    pool: ThreadPoolExecutor
    paths: dict[str, list[Path]] = field(default_factory=dict)
    _waiting: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    _writing: list[Future[Path]] = field(default_factory=list)
    _rows: int = 0

    def add(self, part: Tables) -> None:
        for table, rows in part.items():
            if rows.height:
                self._waiting.setdefault(table, []).append(rows)
                self._rows += rows.height
        if self._rows > _ROWS_AT_ONCE:
            self._begin()

    def write(self) -> None:
        """Write what is left, and wait until all is on the disk."""
        self._begin()
        self._wait()

    def _begin(self) -> None:
        # Two sets of tables never wait to be written, so memory has an end.
        self._wait()
        for table, parts in self._waiting.items():
            paths = self.paths.setdefault(table, [])
            name = f"{table}-{self.name}-{len(paths)}"
            paths.append(self.store / f"{name}.parquet")
            rows = pl.concat(parts)
            self._writing.append(self.pool.submit(write_parquet, self.store, name, rows))
        self._waiting, self._rows = {}, 0
        _give_back_memory()

    def _wait(self) -> None:
        for written in self._writing:
            written.result()
        self._writing = []


def _give_back_memory() -> None:
    # What one text was read with lies in pieces between what the next needs; where the system's
    # allocator can be told so (glibc), it returns them, else a large file grows without an end.
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _ends_batch(file: ReceivedFile) -> bool:
    # A file ends a batch by its own content, more likely the bigger it is.
    return int(file.sha256[:12], 16) % BATCH_BYTES < file.weight


@dataclass
class _Reading:
    """The contents of a batch one after another, and the file that is being read."""

    group: list[ReceivedFile]
    file: ReceivedFile | None = None

    def contents(self) -> Iterator[Content]:
        for file in self.group:
            self.file = file
            try:
                stream = open_content(file)
            except DamagedFileError as trouble:
                yield Content(file.sha256, unreadable=str(trouble))
                continue
            with stream as content:
                yield Content(file.sha256, content)
