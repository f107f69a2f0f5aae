"""What a load of CMS files did, in sentences: each file, what is new, what CMS restated."""

from collections.abc import Iterator

from analytics.cms.load import CmsLoad, LoadedFile, LoadedTable
from analytics.cms.published import ESTIMATED, FILE_NAME, NOTES, names_its_download
from analytics.cms.rows import CmsRows, Row
from analytics.cms.vintages import TABLES

_MOST_NAMED = 8


def load_sentences(load: CmsLoad) -> list[str]:
    """Return what a load did, in the order a person reads it: files, tables, restated prices."""
    return [
        *(_file_sentence(loaded) for loaded in load.files),
        *(f"{name}: no CMS file, left alone" for name in load.beside),
        *(sentence for table in load.tables for sentence in _table_sentences(table)),
    ]


def trouble_sentences(load: CmsLoad) -> list[str]:
    """Return what could not be read or told, a sentence each."""
    return [
        *load.troubles,
        *(
            f"{loaded.file.name}: {problem}."
            for loaded in load.files
            for problem in loaded.read.problems
        ),
        *(sentence for table in load.tables for sentence in _conflict_sentences(table)),
    ]


def _file_sentence(loaded: LoadedFile) -> str:
    read = loaded.read
    counted = (
        _rows(len(read.rows)),
        *((f"{_rows(read.cpt_rows, 'CPT ')} left out",) if read.cpt_rows else ()),
        *read.notes,
    )
    return f"{loaded.file.name}: {read.kind} of {read.period}, {_dated(loaded)}; " + "; ".join(
        counted
    )


def _dated(loaded: LoadedFile) -> str:
    rows = loaded.read.rows
    if not rows:
        return "no row kept"
    named = _days(loaded.read, FILE_NAME)
    if named:
        return f"published {named[0]}"
    by_notes = sum(row["published_on_basis"] == NOTES for row in rows)
    said = f"{_rows(by_notes)} dated by their notes, the others" if by_notes else "dated"
    estimated = _days(loaded.read, ESTIMATED)
    if not estimated:
        return "dated by its notes"
    if loaded.read.table == "hcpcs_codes":
        return f"dated {estimated[0]} by the year in its name, an estimate"
    month = estimated[0][:7]
    if names_its_download(loaded.file):
        return f"{said} by the month it was downloaded, {month}, an estimate"
    return (
        f"{said} by the month the file was written, {month}, an estimate: its name has no date "
        "(MMDDYY)"
    )


def _rows(count: int, kind: str = "") -> str:
    return f"{count:,} {kind}row{'s' * (count != 1)}"


def _days(read: CmsRows, basis: str) -> list[str]:
    return sorted({row["published_on"] for row in read.rows if row["published_on_basis"] == basis})


def _table_sentences(table: LoadedTable) -> Iterator[str]:
    if not table.is_written:
        yield f"reference/{table.name}.csv: nothing new, all of it was known"
        return
    replaced = f", {table.replaced:,} dated earlier than before" if table.replaced else ""
    yield f"reference/{table.name}.csv: {_rows(table.added)} added{replaced}"
    if table.restated:
        named = [_restated(table, *pair) for pair in table.restated[:_MOST_NAMED]]
        more = len(table.restated) - len(named)
        and_more = f"; and {more:,} more" if more else ""
        yield f"restated by CMS, both kept: {'; '.join(named)}{and_more}"


def _restated(table: LoadedTable, earlier: Row, later: Row) -> str:
    changed = (name for name in TABLES[table.name].values if earlier[name] != later[name])
    said = ", ".join(f"{name} {_cell(earlier[name])} to {_cell(later[name])}" for name in changed)
    return f"{_about(table, later)} {said} ({later['published_on']})"


def _conflict_sentences(table: LoadedTable) -> Iterator[str]:
    for one, other in table.conflicts[:_MOST_NAMED]:
        said = " and ".join(
            "/".join(_cell(row.get(name, "")) for name in TABLES[table.name].values)
            for row in (one, other)
        )
        yield (
            f"reference/{table.name}.csv: {_about(table, one)} has two rows published "
            f"{one.get('published_on', '')}; found {said}. Keep the one that is right; until then "
            "neither is used."
        )
    more = len(table.conflicts) - _MOST_NAMED
    if more > 0:
        yield f"reference/{table.name}.csv: {more:,} more such pairs."


def _about(table: LoadedTable, row: Row) -> str:
    return " ".join(_cell(row.get(name, "")) for name in TABLES[table.name].identity)


def _cell(cell: str) -> str:
    return cell or "nothing"
