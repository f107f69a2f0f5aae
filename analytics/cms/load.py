"""CMS files into a site's reference: what each gave, what was new, and what could not be loaded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.cms.kinds import read_cms_file
from analytics.cms.received import CmsFile, Refused, received_files
from analytics.cms.reference_rows import standing_rows, write_rows
from analytics.cms.refusal import UnknownFileError, UnreadableLayoutError
from analytics.cms.rows import CmsRows, Row
from analytics.cms.vintages import (
    TABLES,
    Dated,
    conflicts,
    identity_of,
    put_together,
    restatements,
    value_of,
)
from analytics.errors import AnalyticsError


@dataclass(frozen=True)
class LoadedFile:
    """One file that was read, and what it gave."""

    file: CmsFile
    read: CmsRows


@dataclass(frozen=True)
class LoadedTable:
    """One reference file the rows went to: how many came and went, and the values restated.

    `replaced` rows gave way to one of an earlier day. `conflicts` are rows that differ on one day;
    neither is used until a person decides.
    """

    name: str
    is_written: bool
    added: int
    replaced: int
    restated: tuple[tuple[Row, Row], ...]
    conflicts: tuple[tuple[Row, Row], ...]


@dataclass(frozen=True)
class CmsLoad:
    """What a load did: the files read, the tables they went to, and a sentence per trouble.

    `beside` are members of an archive that are no CMS file, such as a notice: no trouble.
    """

    files: tuple[LoadedFile, ...]
    tables: tuple[LoadedTable, ...]
    troubles: tuple[str, ...]
    beside: tuple[str, ...] = ()

    @property
    def has_trouble(self) -> bool:
        """Whether anything could not be read, or not be told."""
        return bool(
            self.troubles
            or any(loaded.read.problems for loaded in self.files)
            or any(table.conflicts for table in self.tables)
        )


def load_cms(reference: Path, paths: Sequence[Path], *, shipped: Path | None = None) -> CmsLoad:
    """Return what loading CMS files into a site's `reference/` folder did; write what is new.

    Takes    reference, the folder, which need not be there; paths, CMS files and their zips;
             shipped, the reference of the package, which an undated copy must not outdate
    """
    files: list[LoadedFile] = []
    troubles: list[str] = []
    beside: list[str] = []
    for path in paths:
        found, refused, others = _read(path)
        files += found
        troubles += refused
        beside += others
    tables: list[LoadedTable] = []
    for name in TABLES:
        rows = [row for loaded in files if loaded.read.table == name for row in loaded.read.rows]
        try:
            tables += [_added(reference, shipped, name, rows)] if rows else []
        except AnalyticsError as trouble:
            troubles.append(str(trouble))
    return CmsLoad(tuple(files), tuple(tables), tuple(troubles), tuple(beside))


def _read(path: Path) -> tuple[list[LoadedFile], list[str], list[str]]:
    """Return the files of one path that could be read, and sentences for those that could not."""
    files: list[LoadedFile] = []
    refused: list[str] = []
    unknown: list[str] = []
    for received in received_files(path):
        if isinstance(received, Refused):
            refused.append(f"{received.name} {received.sentence}.")
            continue
        try:
            files.append(LoadedFile(received, read_cms_file(received)))
        except UnreadableLayoutError as trouble:
            refused.append(f"{received.name} {trouble}.")
        except UnknownFileError as trouble:
            unknown.append(f"{received.name} {trouble}.")
    if files:
        return files, refused, [sentence.partition(" is none of ")[0] for sentence in unknown]
    return files, [*refused, *unknown], []


def _added(reference: Path, shipped: Path | None, name: str, rows: list[Row]) -> LoadedTable:
    table = TABLES[name]
    standing = standing_rows(reference, name)
    about = {identity_of(table, row) for row in rows}
    known = [row for row in _shipped_rows(shipped, name) if identity_of(table, row) in about]
    together = put_together(table, [*standing, *rows], known=known)
    is_written = _as_set(standing) != _as_set(together)
    if is_written:
        reference.mkdir(parents=True, exist_ok=True)
        write_rows(reference, name, together)
    before, after = ({_said(table, row) for row in each} for each in (standing, together))
    told = before | {_said(table, row) for row in known}
    in_use = put_together(table, [*known, *together]) if known else together
    return LoadedTable(
        name,
        is_written,
        len(after - before),
        len(before - after),
        tuple(
            (earlier, later)
            for earlier, later in restatements(table, in_use)
            if {_said(table, earlier), _said(table, later)} - told
        ),
        tuple(conflicts(table, together)),
    )


def _shipped_rows(shipped: Path | None, name: str) -> list[Row]:
    return [] if shipped is None else standing_rows(shipped, name)


def _as_set(rows: Iterable[Row]) -> set[tuple[tuple[str, str], ...]]:
    return {tuple(sorted((name, cell) for name, cell in row.items() if cell)) for row in rows}


def _said(table: Dated, row: Row) -> tuple[object, ...]:
    return identity_of(table, row), value_of(table, row), row.get("published_on", "")
