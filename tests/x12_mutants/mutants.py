"""Damaged files from a seed: `mutants(7, 100)` are the same hundred for ever."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.x12_mutants.bases import BASES
from tests.x12_mutants.damage import SEGMENT_DAMAGE, Draft, damaged_bytes

NOTHING_UNTOUCHED: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Mutant:
    """A damaged file, the base it was, and the transactions of it that no damage reached."""

    content: bytes
    base: int
    untouched: frozenset[int]


def mutants(seed: int, count: int) -> list[Mutant]:
    """So many damaged files."""
    chance = Random(seed)
    return [_mutant(chance) for _ in range(count)]


def _mutant(chance: Random) -> Mutant:
    place = chance.randrange(len(BASES))
    draft = Draft.of(BASES[place])
    by_bytes = chance.random() < 0.25
    for _ in range(chance.choice((0, 0, 1) if by_bytes else (1, 1, 1, 2, 3, 5))):
        if draft.segments:
            chance.choice(SEGMENT_DAMAGE)(chance, draft)
    content = draft.written()
    if by_bytes:
        draft.reaches_anything()
        content = damaged_bytes(chance, content)
    if draft.touched is None:
        return Mutant(content, place, NOTHING_UNTOUCHED)
    everyone = {owner for owner in BASES[place].owners if owner >= 0}
    return Mutant(content, place, frozenset(everyone - draft.touched))
