"""Damaged X12 by the thousand: no crash, no segment unaccounted, nothing undamaged is changed.

`python -m tests.x12_mutants --count 1000000` makes a million.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analytics.intake.raw_tables import FILES, RAW_TABLES, REJECTS, TRANSACTIONS
from tests.intake.parsed_together import FileRows, rows_alone
from tests.x12_mutants.bases import BASES
from tests.x12_mutants.cases import CASES
from tests.x12_mutants.checked import Fault, faults_in, faults_of
from tests.x12_mutants.damage import SEGMENT_DAMAGE, Draft
from tests.x12_mutants.mutants import Mutant, mutants
from tests.x12_mutants.shrinking import shrunk

BATCH = 1000
REMIT = next(place for place, base in enumerate(BASES) if base.name == "two remits")


def told(faults: list[Fault]) -> str:
    """What is wrong with the first of them, made small."""
    small = shrunk(faults[0])
    return f"{len(faults)} faults; {small.sentence}; {small.mutant.content!r}"


# A seed does not shrink, so the damaged file that is at fault is made small instead.
@settings(max_examples=20, phases=(Phase.explicit, Phase.generate))
@given(st.integers(0, 2**32))
def test_damaged_files_are_read_as_far_as_they_can_be(seed: int):
    faults = faults_in(mutants(seed, BATCH), seed)
    assert not faults, told(faults)


@pytest.mark.parametrize("name", CASES)
def test_damaged_file_that_was_read_wrongly_once_is_read_right(name: str):
    faults = faults_in([Mutant(CASES[name], 0, frozenset())], seed=0)
    assert not faults, told(faults)


def test_undamaged_bases_have_no_fault():
    everyone = [
        Mutant(
            Draft.of(base).written(), place, frozenset(each for each in base.owners if each >= 0)
        )
        for place, base in enumerate(BASES)
    ]
    assert faults_in(everyone, seed=0) == []


def test_mutants_of_a_seed_are_the_same_for_ever_and_differ_from_each_other():
    some = mutants(3, 500)
    assert some == mutants(3, 500)
    assert len({mutant.content for mutant in some}) > 450
    assert {mutant.base for mutant in some} == set(range(len(BASES)))


def test_every_kind_of_damage_changes_files():
    whole = {Draft.of(base).written() for base in BASES}
    changed = Counter()
    for damage in SEGMENT_DAMAGE:
        for seed in range(30):
            draft = Draft.of(BASES[seed % len(BASES)])
            damage(Random(seed), draft)
            changed[damage] += draft.written() not in whole
    assert min(changed.values()) > 15


def test_many_mutants_leave_a_transaction_untouched_and_many_reach_anything():
    untouched = Counter(len(mutant.untouched) for mutant in mutants(4, 2000))
    assert untouched[0] > 500
    assert untouched[1] > 300


@pytest.mark.parametrize("table", [name for name in RAW_TABLES if name not in (FILES, REJECTS)])
def test_a_row_that_is_lost_is_a_fault(table: str):
    mutant, rows = _whole(table)
    assert faults_of(mutant, rows) == []
    assert faults_of(mutant, {**rows, table: rows[table][:-1]})


def test_a_segment_that_is_counted_nowhere_is_a_fault():
    mutant, rows = _whole(TRANSACTIONS)
    place = list(RAW_TABLES[FILES]).index("segments")
    [row] = rows[FILES]
    more = {**rows, FILES: [(*row[:place], row[place] + 1, *row[place + 1 :])]}
    assert [fault for fault in faults_of(mutant, more) if fault.startswith("unaccounted")]


def test_a_transaction_reached_by_damage_beside_it_is_a_fault():
    draft = Draft.of(BASES[REMIT])
    place = next(n for n, line in enumerate(draft.segments) if line.startswith("CLP*B1"))
    draft.segments[place] = draft.segments[place].replace("*80*", "*8*")
    mutant = Mutant(draft.written(), REMIT, frozenset({0, 1}))
    assert faults_of(mutant, rows_alone(mutant.content)) == [
        "reached: transaction 1 says something else"
    ]


def test_a_crash_is_a_fault_of_the_file_that_crashes(monkeypatch: pytest.MonkeyPatch):
    def crash(contents: list[bytes]) -> list[FileRows]:
        if any(b"CLP*CRASH" in content for content in contents):
            raise ValueError("a digit too many")
        return [rows_alone(content) for content in contents]

    monkeypatch.setattr("tests.x12_mutants.checked.rows_together", crash)
    some = [Mutant(b"ISA", 0, frozenset())] * 2 + [Mutant(b"~CLP*CRASH~", 0, frozenset())]
    [fault] = faults_in(some, seed=0)
    assert fault.mutant is some[2]
    assert fault.sentence == "crash: ValueError: a digit too many"


def _whole(table: str) -> tuple[Mutant, FileRows]:
    """An undamaged base with rows in a table, of which nothing is said to be untouched."""
    for place, base in enumerate(BASES):
        content = Draft.of(base).written()
        rows = rows_alone(content)
        if rows[table]:
            return Mutant(content, place, frozenset()), rows
    raise AssertionError(table)
