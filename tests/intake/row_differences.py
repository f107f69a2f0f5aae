"""Where the package's raw tables and the plain splitter's rows differ, in words."""

from __future__ import annotations

from analytics.intake.kinds import NOTHING_USED, kind_by_head
from analytics.intake.raw_tables import FILES, RAW_TABLES, REJECTS
from tests.intake.parsed_together import FileRows
from tests.intake.plain_rows import Row
from tests.intake.plain_splitter import PlainFile, split_file

# A key needs the site's secret, a test may name a file by its place, and sentences are our own.
HIDDEN = ("file_sha256", "patient_key", "reason")
COUNTS = ("kind", "segments", "segments_rejected", "segments_not_ours")
COLUMNS = {
    name: [column for column in schema if column not in HIDDEN]
    for name, schema in RAW_TABLES.items()
}
_PLACES = {name: [list(RAW_TABLES[name]).index(each) for each in COLUMNS[name]] for name in COLUMNS}


def plain_reading(content: bytes) -> PlainFile:
    """What the splitter reads of a file; nothing of an archive or document, whatever is in it."""
    return PlainFile() if kind_by_head(content) else split_file(content)


def differences(found: FileRows, plain: PlainFile) -> list[str]:
    """What differs between a file's rows as the package reads them and as the splitter does."""
    if plain.kind == "not_x12":
        return _read_all_the_same(found)
    told = _count_differences(found, plain)
    for name in RAW_TABLES:
        if name != FILES:
            rows, expected = _shown(name, found[name]), _expected(name, plain.tables[name])
            if rows != expected:
                told.append(f"{name}: {_first_difference(name, rows, expected)}")
    return told


def files_row_of(found: FileRows) -> dict[str, object]:
    """What became of the file as a whole."""
    return dict(zip(RAW_TABLES[FILES], found[FILES][0], strict=True))


def _read_all_the_same(found: FileRows) -> list[str]:
    """What the package read of a file in which the splitter finds no X12."""
    row = files_row_of(found)
    tables = [name for name in RAW_TABLES if name not in (FILES, REJECTS) and found[name]]
    told = [f"{name}: rows of no X12" for name in tables]
    is_x12 = row["segments"] or row["kind"] not in NOTHING_USED
    return [*told, f"{FILES}: kind is {row['kind']} and should be no X12"] if is_x12 else told


def _count_differences(found: FileRows, plain: PlainFile) -> list[str]:
    row = files_row_of(found)
    return [
        f"{FILES}: {name} is {row[name]}, the splitter has {getattr(plain, name)}"
        for name in COUNTS
        if row[name] != getattr(plain, name)
    ]


def _shown(name: str, rows: list[tuple]) -> list[tuple]:
    shown = [tuple(row[place] for place in _PLACES[name]) for row in rows]
    return _told_once(shown) if name == REJECTS else shown


def _expected(name: str, rows: list[Row]) -> list[tuple]:
    expected = [tuple(row[column] for column in COLUMNS[name]) for row in rows]
    return _told_once(expected) if name == REJECTS else expected


def _told_once(rows: list[tuple]) -> list[tuple]:
    # One element may be told once for each row it stands in, and in any order.
    return sorted(set(rows), key=repr)


def _first_difference(name: str, found: list[tuple], expected: list[tuple]) -> str:
    if len(found) != len(expected):
        extra = [row for row in found if row not in expected][:2]
        missing = [row for row in expected if row not in found][:2]
        counts = f"{len(found)} rows, the splitter has {len(expected)}"
        return f"{counts}; only found {extra}; only expected {missing}"
    place = next(n for n, row in enumerate(found) if row != expected[n])
    cells = zip(COLUMNS[name], found[place], expected[place], strict=True)
    told = [f"{column} {one!r} for {two!r}" for column, one, two in cells if one != two]
    return f"row {place}: {'; '.join(told)}"
