"""CMS files into a site's reference: what each gave, what was new, and what could not be loaded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analytics.cms.dated_tables import TABLES, Dated, Row, identity_of, value_of
from analytics.cms.kinds import read_cms_file
from analytics.cms.received import Refused, received_files
from analytics.cms.reference_rows import standing_rows, write_rows
from analytics.cms.refusal import UnknownFileError, UnreadableLayoutError
from analytics.cms.rows import LoadedFile
from analytics.cms.undated import settled
from analytics.cms.vintages import conflicts, put_together, restatements
from analytics.errors import AnalyticsError


@dataclass(frozen=True)
class LoadedTable:
    """One reference file the rows went to: how many came and went, and the values restated.

    `replaced` rows gave way to one of a better day. `outranked` are estimates left out, since they
    would stand before a date that is known; `conflicts` are rows that differ on one day: neither is
    used until a person decides.
    """

    name: str
    is_written: bool
    added: int
    replaced: int
    restated: tuple[tuple[Row, Row], ...]
    outranked: tuple[Row, ...]
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
            or any(table.conflicts or table.outranked for table in self.tables)
        )


def load_cms(
    reference: Path,
    paths: Sequence[Path],
    *,
    shipped: Path | None = None,
    published: date | None = None,
) -> CmsLoad:
    """Return what loading CMS files into a site's `reference/` folder did; write what is new.

    Takes    reference, the folder, which need not be there; paths, CMS files and their zips;
             shipped, the reference of the package, which an undated copy must not outdate;
             published, the day CMS published those of the files that do not say so themselves
    """
    files: list[LoadedFile] = []
    troubles: list[str] = []
    beside: list[str] = []
    for path in paths:
        found, refused, others = _read(path, published)
        files += found
        troubles += refused
        beside += others
    loaded: list[LoadedFile] = []
    tables: list[LoadedTable] = []
    for table in TABLES.values():
        of_table = [each for each in files if each.read.table == table.name]
        if of_table:
            usable, written, refused = _into_table(reference, shipped, table, of_table)
            loaded += usable
            tables += written
            troubles += refused
    places = {id(each.file): place for place, each in enumerate(files)}
    loaded.sort(key=lambda each: places[id(each.file)])
    return CmsLoad(tuple(loaded), tuple(tables), tuple(troubles), tuple(beside))


def _read(path: Path, published: date | None) -> tuple[list[LoadedFile], list[str], list[str]]:
    """Return the files of one path that could be read, and sentences for those that could not."""
    files: list[LoadedFile] = []
    refused: list[str] = []
    unknown: list[str] = []
    for received in received_files(path, told_on=published):
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


def _into_table(
    reference: Path, shipped: Path | None, table: Dated, files: list[LoadedFile]
) -> tuple[list[LoadedFile], list[LoadedTable], list[str]]:
    """Add the files of one table to it; return those used, what that did, and what was refused."""
    try:
        standing = standing_rows(reference, table.name)
    except AnalyticsError as trouble:
        return files, [], [str(trouble)]
    given = [] if shipped is None else standing_rows(shipped, table.name)
    usable, refused = settled(table, files, [*standing, *given])
    rows = [row for each in usable for row in each.read.rows]
    written = [_added(reference, table, standing, rows, given)] if usable else []
    return usable, written, refused


def _added(
    reference: Path, table: Dated, standing: list[Row], rows: list[Row], given: list[Row]
) -> LoadedTable:
    """Write the rows of new files among those that stand there, and return what that did.

    Takes    given, the shipped rows: those of the same quarters are looked at beside them
    """
    about = {row[table.identity[0]] for row in (*standing, *rows)}
    known = [row for row in given if row[table.identity[0]] in about]
    together = put_together(table, [*standing, *rows], known=known)
    is_written = _as_set(standing) != _as_set(together.rows)
    if is_written:
        reference.mkdir(parents=True, exist_ok=True)
        write_rows(reference, table.name, together.rows)
    before, after, outranked = (
        {_said(table, row) for row in each}
        for each in (standing, together.rows, together.outranked)
    )
    told = before | {_said(table, row) for row in known}
    in_use = put_together(table, [*known, *together.rows]).rows if known else together.rows
    return LoadedTable(
        table.name,
        is_written,
        len(after - before),
        len(before - after - outranked),
        tuple(
            (earlier, later)
            for earlier, later in restatements(table, in_use)
            if {_said(table, earlier), _said(table, later)} - told
        ),
        tuple(together.outranked),
        tuple(conflicts(table, together.rows)),
    )


def _as_set(rows: Iterable[Row]) -> set[tuple[tuple[str, str], ...]]:
    return {tuple(sorted((name, cell) for name, cell in row.items() if cell)) for row in rows}


def _said(table: Dated, row: Row) -> tuple[object, ...]:
    return identity_of(table, row), value_of(table, row), row.get("published_on", "")
