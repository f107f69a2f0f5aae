"""A file that does not say when it was published: nothing new in it, or a person must say.

No day is guessed for it. When a file was written is no answer: a copy would move dollars.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from analytics.cms.dated_tables import Dated, Identity, Row, Value, identity_of, value_of
from analytics.cms.rows import LoadedFile

Said = tuple[Identity, Value]


def settled(
    table: Dated, files: Sequence[LoadedFile], on_file: Iterable[Row]
) -> tuple[list[LoadedFile], list[str]]:
    """Return the files that can be loaded, and a sentence per file without a date.

    A file is loaded without its undated rows where each of them says what is on file already.

    Takes    the files of one table; on_file, what its rows say so far, the shipped ones among them
    """
    waiting = [loaded for loaded in files if any(map(_is_undated, loaded.read.rows))]
    usable = [loaded for loaded in files if loaded not in waiting]
    known = {_said(table, row) for row in on_file}
    for loaded in usable:
        known |= {_said(table, row) for row in loaded.read.rows}
    # What one of them is loaded for may be what another waits for, whichever is named first.
    while found := [loaded for loaded in waiting if not _unknown(table, loaded, known)]:
        waiting = [loaded for loaded in waiting if loaded not in found]
        for loaded in map(_without_undated, found):
            usable.append(loaded)
            known |= {_said(table, row) for row in loaded.read.rows}
    return usable, [_refusal(table, loaded, known) for loaded in waiting]


def _is_undated(row: Row) -> bool:
    return not row["published_on"]


def _said(table: Dated, row: Row) -> Said:
    return identity_of(table, row), value_of(table, row)


def _unknown(table: Dated, loaded: LoadedFile, known: set[Said]) -> list[Row]:
    return [row for row in loaded.read.rows if _is_undated(row) and _said(table, row) not in known]


def _without_undated(loaded: LoadedFile) -> LoadedFile:
    dated = tuple(row for row in loaded.read.rows if not _is_undated(row))
    return replace(
        loaded,
        read=replace(loaded.read, rows=dated),
        on_file=len(loaded.read.rows) - len(dated),
    )


def _refusal(table: Dated, loaded: LoadedFile, known: set[Said]) -> str:
    undated = sum(map(_is_undated, loaded.read.rows))
    new = _unknown(table, loaded, known)
    named = " ".join(cell for cell in identity_of(table, new[0]) if cell)
    return (
        f"{loaded.file.name} does not say when it was published, and is not loaded; found no date "
        f"in its name (such as 121924, or as downloaded 2024-11); rows whose notes have none: "
        f"{undated:,} of {len(loaded.read.rows):,}, of which not on file: {len(new):,} ({named} "
        f"the first). Load it again with --published YYYY-MM-DD, the day CMS published it."
    )
