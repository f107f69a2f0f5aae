"""A damaged file made smaller for as long as the same thing is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.x12_mutants.checked import Fault, faults_in
from tests.x12_mutants.mutants import NOTHING_UNTOUCHED, Mutant

ROUNDS = 40


def kind_of(sentence: str) -> str:
    """What is wrong, without the numbers of this one file."""
    return re.sub(r"\d+", "N", sentence)[:60]


def shrunk(fault: Fault) -> Fault:
    """The smallest file found that has a fault of the same kind."""
    smallest = fault
    for _ in range(ROUNDS):
        smaller = _smaller(smallest)
        if smaller is None:
            break
        smallest = smaller
    return smallest


def _smaller(fault: Fault) -> Fault | None:
    kind = kind_of(fault.sentence)
    for tried in _shorter(fault.mutant.content):
        found = [each for each in faults_in(tried, seed=0) if kind_of(each.sentence) == kind]
        if found:
            return min(found, key=lambda each: len(each.mutant.content))
    return None


def _shorter(content: bytes) -> Iterator[list[Mutant]]:
    """Files with a part left out: halves first, then ever smaller parts."""
    size = len(content) // 2
    while size:
        cuts = range(0, len(content), size)
        yield [
            Mutant(content[:at] + content[at + size :], 0, NOTHING_UNTOUCHED) for at in cuts[:200]
        ]
        size //= 2
