"""What must hold of every damaged file: no crash, each segment counted, the rest as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from polars.exceptions import PanicException

from analytics.intake.raw_tables import FILES, RAW_TABLES, REJECTS, TRANSACTIONS
from tests.intake.parsed_together import FileRows, rows_alone, rows_together
from tests.intake.plain_splitter import PlainFile
from tests.intake.row_differences import differences, files_row_of, plain_reading
from tests.x12_mutants.bases import BASES
from tests.x12_mutants.damage import Draft
from tests.x12_mutants.mutants import Mutant

ALONE = 1
PART_BYTES = 200
# A panic in polars is no Exception.
CRASHES = (Exception, PanicException)
_SEGMENTS = list(RAW_TABLES[TRANSACTIONS]).index("segments")


@dataclass(frozen=True)
class Fault:
    """A damaged file of which something does not hold."""

    mutant: Mutant
    sentence: str


def faults_in(mutants: Sequence[Mutant], seed: int) -> list[Fault]:
    """What does not hold of these, parsed as one batch; a few are parsed alone too."""
    try:
        found = rows_together([mutant.content for mutant in mutants])
    except CRASHES as error:
        return _crashes(mutants, error)
    faults = [
        Fault(mutant, sentence)
        for mutant, rows in zip(mutants, found, strict=True)
        for sentence in faults_of(mutant, rows)
    ]
    for place in Random(seed).sample(range(len(mutants)), min(ALONE, len(mutants))):
        faults += _alone(mutants[place], found[place])
    return faults


def _alone(mutant: Mutant, found: FileRows) -> list[Fault]:
    """Whether a file says the same by itself, whole and cut into small parts."""
    ways = {"alone": rows_alone(mutant.content), "in parts": rows_alone(mutant.content, PART_BYTES)}
    return [
        Fault(mutant, f"{way}: other rows than among other files")
        for way, rows in ways.items()
        if _without_name(rows) != _without_name(found)
    ]


def faults_of(mutant: Mutant, rows: FileRows) -> list[str]:
    """What does not hold of one damaged file, given its rows."""
    plain = plain_reading(mutant.content)
    told = differences(rows, plain)
    return [*told, *_unaccounted(rows, plain), *_reached(mutant, rows)]


def _crashes(mutants: Sequence[Mutant], error: BaseException) -> list[Fault]:
    """The files that crash: halves are parsed until each stands alone."""
    said = f"crash: {type(error).__name__}: {str(error)[:200]}"
    if len(mutants) == 1:
        return [Fault(mutants[0], said)]
    half = len(mutants) // 2
    crashed = []
    for part in (mutants[:half], mutants[half:]):
        try:
            rows_together([mutant.content for mutant in part])
        except CRASHES as own:
            crashed += _crashes(part, own)
    return crashed or [Fault(mutants[0], f"together only, a {said}")]


def _unaccounted(rows: FileRows, plain: PlainFile) -> list[str]:
    """received = in transactions + rejected + frames, each by its own table."""
    row = files_row_of(rows)
    inside = sum(each[_SEGMENTS] for each in rows[TRANSACTIONS])
    counted = inside + row["segments_rejected"] + plain.frames
    if row["segments"] != counted:
        return [f"unaccounted: {row['segments']} received, {counted} told"]
    return []


def _reached(mutant: Mutant, rows: FileRows) -> list[str]:
    """Transactions that no damage reached and that say something else than before."""
    if not mutant.untouched:
        return []
    told = _by_transaction(rows)
    before = _undamaged(mutant.base)
    last = max(before)
    shift = max(told, default=0) - last
    # What was damaged may have become several transactions; those before and behind have not moved.
    damaged = {*before} - {number + 1 for number in mutant.untouched}
    first_damaged = min(damaged, default=last + 1)
    return [
        f"reached: transaction {number} says something else"
        for number in (each + 1 for each in sorted(mutant.untouched))
        if told.get(number + (shift if number > first_damaged else 0)) != before[number]
        and len(damaged) <= 1
    ]


@cache
def _undamaged(base: int) -> dict[int, dict[str, list[tuple]]]:
    return _by_transaction(rows_alone(Draft.of(BASES[base]).written()))


def _by_transaction(rows: FileRows) -> dict[int, dict[str, list[tuple]]]:
    """Transaction number to its rows by table, without their places in the file."""
    by_number: dict[int, dict[str, list[tuple]]] = {}
    for name in RAW_TABLES:
        if name in (FILES, REJECTS):
            continue
        for row in rows[name]:
            by_number.setdefault(row[1], {}).setdefault(name, []).append(row[2:-1])
    return by_number


def _without_name(rows: FileRows) -> FileRows:
    """The rows without what the file is called; rejects stand in any order."""
    told = {
        name: [row[2:] if name == FILES else row[1:] for row in found]
        for name, found in rows.items()
    }
    return told | {REJECTS: sorted(told[REJECTS], key=repr)}
