"""What a load of CMS files did, in sentences: each file, what is new, what CMS restated."""

from collections.abc import Iterator

from analytics.cms.dated_tables import TABLES, Row
from analytics.cms.load import CmsLoad, LoadedTable
from analytics.cms.published import ESTIMATED, FILE_NAME, NOTES, TOLD
from analytics.cms.rows import CmsRows, LoadedFile

_MOST_NAMED = 8
# Kept for whoever opens them: no model reads these files, so no figure rests on them.
IN_NO_FIGURE = ("noc_prices", "noc_packages", "hcpcs_codes")


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
        *(sentence for table in load.tables for sentence in _outranked_sentences(table)),
        *(sentence for table in load.tables for sentence in _conflict_sentences(table)),
    ]


def next_sentence(load: CmsLoad, command: str) -> str | None:
    """Return what to do after a load: nothing where nothing is new, or where no model reads it.

    Takes    command, what brings the figures up to date
    """
    written = [table.name for table in load.tables if table.is_written]
    if any(name not in IN_NO_FIGURE for name in written):
        return f"then run, to use them: {command}"
    if written:
        named = ", ".join(f"reference/{name}.csv" for name in written)
        return f"{named}: to look things up in; no figure of this version rests on that"
    return None


def _file_sentence(loaded: LoadedFile) -> str:
    read = loaded.read
    counted = (
        *((_rows(len(read.rows)),) if read.rows or not loaded.on_file else ()),
        *((f"{_rows(loaded.on_file)} without a date, on file already",) if loaded.on_file else ()),
        *((f"{_rows(read.cpt_rows, 'CPT ')} left out",) if read.cpt_rows else ()),
        *read.notes,
    )
    return f"{loaded.file.name}: {read.kind} of {read.period}, {_dated(loaded)}; " + "; ".join(
        counted
    )


def _dated(loaded: LoadedFile) -> str:
    """What dates the rows: one thing for the whole file, and the notes of single rows before it."""
    if not loaded.read.rows:
        return "no new row" if loaded.on_file else "no row kept"
    named = _days(loaded.read, FILE_NAME)
    if named:
        told = loaded.file.told_on
        is_another = told is not None and told.isoformat() != named[0]
        return f"published {named[0]}" + (f" by its name, not {told}" if is_another else "")
    by_notes = sum(row["published_on_basis"] == NOTES for row in loaded.read.rows)
    otherwise = _dated_otherwise(loaded)
    if not by_notes or not otherwise:
        return otherwise or "dated by its notes"
    whose = "its note" if by_notes == 1 else "their notes"
    return f"{_rows(by_notes)} dated by {whose}, the others {otherwise}"


def _dated_otherwise(loaded: LoadedFile) -> str:
    told, estimated = _days(loaded.read, TOLD), _days(loaded.read, ESTIMATED)
    if told:
        return f"published {told[0]} as told"
    if not estimated:
        return ""
    if loaded.read.table == "hcpcs_codes":
        return f"dated {estimated[0]} by the year in its name, an estimate"
    return f"dated by the month it was downloaded, {estimated[0][:7]}, an estimate"


def _rows(count: int, kind: str = "") -> str:
    return f"{count:,} {kind}row{'s' * (count != 1)}"


def _days(read: CmsRows, basis: str) -> list[str]:
    return sorted({row["published_on"] for row in read.rows if row["published_on_basis"] == basis})


def _table_sentences(table: LoadedTable) -> Iterator[str]:
    if not table.is_written:
        yield f"reference/{table.name}.csv: nothing new, all of it was known"
        return
    replaced = f", {table.replaced:,} gave way to a better date" if table.replaced else ""
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


def _outranked_sentences(table: LoadedTable) -> Iterator[str]:
    """A sentence per file whose estimate lies in the month of a date that is known."""
    by_file: dict[str, list[Row]] = {}
    for row in table.outranked:
        by_file.setdefault(row["source"].removeprefix("CMS "), []).append(row)
    for name, rows in by_file.items():
        named = ", ".join(_about(table, row) for row in rows[:_MOST_NAMED])
        more = len(rows) - _MOST_NAMED
        yield (
            f"{name}: {_rows(len(rows))} left out ({named}{f' and {more:,} more' * (more > 0)}); "
            f"found {rows[0]['published_on'][:7]}, the month of its download, and another row "
            "dated in that month: which came first is not known. Load it again with "
            "--published YYYY-MM-DD, the day CMS published it."
        )


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
