"""Which column of an extract is which: by its own name, or by what a site's `columns.toml` says.

Names of columns may be quoted in a sentence, cells never; where no column is known, what looks like
a header may be a patient, and nothing of it is quoted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import PurePosixPath

from analytics.intake.extracts.columns import KINDS, MODIFIERS, ExtractKind, kind_of

COLUMN_MAP = "columns.toml"
IGNORE = "ignore"
NO_EXTRACT = (
    "a table with none of the columns of claim_lines, remit_lines, adjustments, administrations or "
    "asks; name its columns so, or map them in a columns.toml beside it (analytics/intake/"
    "EXTRACTS.md)"
)
_NAMES_SHOWN = 5
_LONGEST_NAME = 60
_ALIKE = 0.8
_KINDS = {kind.name: kind for kind in KINDS}
KNOWN_COLUMNS = frozenset(name for kind in KINDS for name in kind.known)


class ColumnMapError(ValueError):
    """A `columns.toml` that cannot be used; the message is a sentence."""


@dataclass(frozen=True)
class ColumnMap:
    """A site's own names with the columns they stand for, and those it does not want read.

    The empty name of a kind holds what is said of every kind.
    """

    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    ignored: dict[str, frozenset[str]] = field(default_factory=dict)

    def named(self, header: Iterable[str], kind: str) -> list[str | None]:
        """The columns of a header for a kind; None for one that is not to be read."""
        ignored = self.ignored.get("", frozenset()) | self.ignored.get(kind, frozenset())
        own = {**self.columns.get("", {}), **self.columns.get(kind, {})}
        plain = [plain_name(name) for name in header]
        return [None if name in ignored or not name else own.get(name, name) for name in plain]


@dataclass(frozen=True)
class Header:
    """What the columns of a file are: `columns` by place, None for one that is not read."""

    kind: ExtractKind | None
    columns: tuple[str | None, ...]
    refused: str | None = None


def plain_name(name: str) -> str:
    """A column's name as it is compared.

    >>> plain_name(" Claim Number")
    'claim_number'
    """
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def read_column_map(content: bytes) -> ColumnMap:
    """What a `columns.toml` says.

    Raises   ColumnMapError when it is no TOML, or names a kind or column that does not exist
    """
    try:
        told = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise ColumnMapError(f"it is no TOML ({trouble}); mend that line") from None
    columns: dict[str, dict[str, str]] = {"": {}}
    ignored: dict[str, frozenset[str]] = {"": _ignored(told)}
    for own, said in told.items():
        if isinstance(said, dict):
            if own not in _KINDS:
                raise ColumnMapError(f"[{own}] is no kind of extract; it knows {_listed(_KINDS)}")
            columns[own] = dict(_entry(*entry) for entry in said.items() if entry[0] != IGNORE)
            ignored[own] = _ignored(said)
        elif own != IGNORE:
            columns[""].update([_entry(own, said)])
    return ColumnMap(columns, ignored)


def nearest_column_map(source_file: str, maps: Iterable[str]) -> str | None:
    """The path of the `columns.toml` that holds for a file: beside it, else in a folder above."""
    known = set(maps)
    folders = PurePosixPath(source_file).parents
    return next((path for path in (str(up / COLUMN_MAP) for up in folders) if path in known), None)


def read_header(names: Sequence[str], own: ColumnMap) -> Header:
    """What each column of a file is, or why the file is refused.

    A site's own name may stand for columns of two kinds: the first kind that can be, is.
    """
    kinds = (kind for kind in KINDS if kind_of(_given(own, names, kind)) is kind)
    headers = [_header_as(kind, names, own) for kind in kinds]
    accepted = (header for header in headers if not header.refused)
    return next(accepted, headers[0] if headers else Header(None, (), NO_EXTRACT))


def _header_as(kind: ExtractKind, names: Sequence[str], own: ColumnMap) -> Header:
    given = own.named(names, kind.name)
    unknown = [
        name
        for name, column in zip(names, given, strict=True)
        if column and column not in kind.known
    ]
    columns = tuple(
        None if column in kind.unread else kind.other_names.get(column or "", column)
        for column in given
    )
    return Header(kind, columns, _refused(kind, unknown, columns))


def _given(own: ColumnMap, names: Sequence[str], kind: ExtractKind) -> list[str]:
    return [column for column in own.named(names, kind.name) if column]


def _refused(kind: ExtractKind, unknown: list[str], columns: tuple[str | None, ...]) -> str | None:
    found = [column for column in columns if column]
    twice = sorted({column for column in found if found.count(column) > 1})
    missing = [column for column in kind.keys if column not in found]
    if unknown:
        return (
            f"{_quoted(unknown)} is not a column of {kind.name}.{_nearest(unknown[0], kind)} Map it"
            f" in a {COLUMN_MAP} beside the file, or list it there under {IGNORE}; nothing of the "
            "file is used"
        )
    if twice:
        return f"two columns are {_listed(twice)} of {kind.name}; keep one. Nothing of it is used"
    if missing:
        return (
            f"{kind.name} without the column {_listed(missing)}; add it, or map it in a "
            f"{COLUMN_MAP} beside the file. Nothing of it is used"
        )
    if "modifiers" in found and set(MODIFIERS) & set(found):
        return "modifiers and modifier_1 to modifier_4 stand side by side; keep one form"
    return None


def _entry(one: str, other: object) -> tuple[str, str]:
    """The site's own name and the column, whichever stands left."""
    if not isinstance(other, str):
        raise ColumnMapError(f'"{_short(one)}" is not mapped to a name in quotation marks')
    left, right = plain_name(one), plain_name(other)
    if right in KNOWN_COLUMNS:
        return left, right
    if left in KNOWN_COLUMNS:
        return right, left
    raise ColumnMapError(
        f'neither "{_short(one)}" nor "{_short(other)}" is a column of an extract; see analytics/'
        "intake/EXTRACTS.md"
    )


def _ignored(told: dict[str, object]) -> frozenset[str]:
    names = told.get(IGNORE, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ColumnMapError(f'{IGNORE} is a list of names in quotation marks: ["Notes"]')
    return frozenset(plain_name(name) for name in names)


def _nearest(found: str, kind: ExtractKind) -> str:
    # A patient's name must never be taken for another column, not even as a suggestion.
    known = [name for name in kind.known if not name.startswith("patient")]
    close = get_close_matches(plain_name(found), known, n=1, cutoff=_ALIKE)
    return f" Did you mean {close[0]}?" if close else ""


def _quoted(names: Sequence[str]) -> str:
    shown = ", ".join(f'"{_short(name)}"' for name in names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _short(name: str) -> str:
    printable = "".join(letter if letter.isprintable() else "?" for letter in name.strip())
    return printable[:_LONGEST_NAME]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
