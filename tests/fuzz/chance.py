"""Seeded choices, named for how they read: `chance.maybe(0.2)`, `chance.of(codes)`."""

import random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Chance:
    """A seeded die."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)

    def maybe(self, probability: float) -> bool:
        """True so often."""
        return self._random.random() < probability

    def of(self, things: Sequence[Thing]) -> Thing:
        """One of them; name a thing twice to draw it twice as often."""
        return things[self._random.randrange(len(things))]

    def some(self, things: Sequence[Thing], most: int) -> list[Thing]:
        """None to so many of them, in any order."""
        return self._random.sample(list(things), self.number(0, min(most, len(things))))

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """All of them in any order."""
        return self._random.sample(list(things), len(things))

    def number(self, least: int, most: int) -> int:
        """A whole number between, both included."""
        return self._random.randint(least, most)
