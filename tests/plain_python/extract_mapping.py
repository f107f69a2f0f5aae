"""What a site's own column names mean: the columns.toml beside its extracts."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

from .extract_columns import KEY_COLUMNS, KINDS_WITHOUT_FIGURES, TOLD_BY, known_names, other_names
from .files import ReceivedFile

FILE_NAME = "columns.toml"
IGNORE = "ignore"


class RefusedError(ValueError):
    """A columns.toml that cannot be read as one."""


@dataclass(frozen=True)
class Mapping:
    """The names a columns.toml maps, those of one kind and those of all; and what it ignores."""

    names: dict[str, dict[str, str]]
    ignored: dict[str, set[str]]
    is_refused: bool = False

    def renamed(self, name: str, kind: str) -> str | None:
        """Return the column a name of the site's stands for, None where it is not read."""
        if name in self.ignored.get(kind, set()) | self.ignored.get("", set()):
            return None
        return self.names.get(kind, {}).get(name) or self.names.get("", {}).get(name) or name


NO_MAPPING = Mapping({}, {})


def mappings_in(received: list[ReceivedFile]) -> dict[str, Mapping]:
    """Return the mapping of each folder that holds a columns.toml, archives being folders."""
    found: dict[str, Mapping] = {}
    for file in received:
        path = PurePosixPath(file.source_file)
        if path.name == FILE_NAME:
            found[str(path.parent)] = _mapping_of(file.content)
    return found


def nearest(mappings: dict[str, Mapping], source_file: str) -> Mapping:
    """Return the mapping beside a file, else the one in the nearest folder above it."""
    folders = [str(folder) for folder in PurePosixPath(source_file).parents]
    return next((mappings[each] for each in folders if each in mappings), NO_MAPPING)


def columns_of(names: tuple[str, ...], mapping: Mapping) -> tuple[str, list[str | None]] | None:
    """Return the kind of a table and the column of each of its cells, None where it is refused.

    The first kind one of its columns tells it is, and whose columns all of them are, counts.
    """
    sent = [normal(name) for name in names]
    for kind, told_by in TOLD_BY.items():
        mapped = [mapping.renamed(name, kind) for name in sent]
        columns = [other_names(kind).get(name or "", name) for name in mapped]
        # A column without a name holds nothing; one that is ignored may hold anything.
        named = Counter(column for column in columns if column)
        is_told = bool(told_by & set(mapped)) and KEY_COLUMNS.get(kind, set()) <= set(named)
        if is_told and set(named) <= known_names(kind) and max(named.values()) == 1:
            return None if mapping.is_refused else (kind, columns)
    return None


def normal(name: str) -> str:
    """Return a column's name as names are compared."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _mapping_of(content: bytes) -> Mapping:
    names: dict[str, dict[str, str]] = {}
    ignored: dict[str, set[str]] = {}
    try:
        stated = tomllib.loads(content.decode("utf-8-sig"))
        sections = {key: entry for key, entry in stated.items() if isinstance(entry, dict)}
        general = {key: entry for key, entry in stated.items() if key not in sections}
        for kind, entries in {"": general, **sections}.items():
            ignored[kind] = _ignored_in(entries)
            names[kind] = _names_in(kind, entries)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RefusedError):
        return Mapping({}, {}, is_refused=True)
    return Mapping(names, ignored)


def _ignored_in(entries: dict[str, object]) -> set[str]:
    stated = entries.get(IGNORE, [])
    if not isinstance(stated, list) or not all(isinstance(each, str) for each in stated):
        raise RefusedError
    return {normal(each) for each in stated}


def _names_in(kind: str, entries: dict[str, object]) -> dict[str, str]:
    """Return the site's own names of one section and the columns they stand for."""
    if kind and kind not in TOLD_BY:
        raise RefusedError
    kinds = [kind] if kind else [*KEY_COLUMNS, *KINDS_WITHOUT_FIGURES]
    known = set().union(*map(known_names, kinds))
    found = {}
    for left, right in entries.items():
        if left == IGNORE:
            continue
        if not isinstance(right, str):
            raise RefusedError
        own, column = normal(left), normal(right)
        if column not in known:
            own, column = column, own
        if column not in known:
            raise RefusedError
        found[own] = column
    return found
