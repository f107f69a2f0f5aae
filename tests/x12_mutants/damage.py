"""Ways to damage a file: each knows what X12 is made of, and changes one thing of it.

Damage to the inside of one transaction must leave every other one as it was; `Draft.touched` keeps
which were damaged, and turns None once the damage may reach anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.small_x12 import Style
from tests.x12_mutants.bases import BASES, Base
from tests.x12_mutants.values import ANY_BYTES, BYTES, FRAMES, INSIDE, QUALIFIERS, VALUES


@dataclass
class Draft:
    """A file on its way to being damaged."""

    segments: list[str]
    owners: list[int]
    style: Style
    touched: set[int] | None = field(default_factory=set)

    @classmethod
    def of(cls, base: Base) -> Draft:
        """An undamaged draft."""
        return cls([*base.segments], [*base.owners], base.style)

    def written(self) -> bytes:
        """The draft as bytes."""
        table = str.maketrans({"*": self.style.element, ":": self.style.component})
        end = self.style.terminator + self.style.line_break
        return "".join(line.translate(table) + end for line in self.segments).encode()

    def reaches_anything(self) -> None:
        """Note that no transaction can be told to be untouched."""
        self.touched = None

    def touch(self, place: int) -> None:
        """Note that the segment of this place is changed."""
        owner = self.owners[place] if place < len(self.owners) else -1
        if owner < 0:
            self.touched = None
        elif self.touched is not None:
            self.touched.add(owner)

    def put(self, place: int, line: str, owner: int) -> None:
        """Put a segment before the one of this place."""
        self.segments.insert(place, line)
        self.owners.insert(place, owner)

    def drop(self, place: int) -> None:
        """Leave out a segment."""
        self.touch(place)
        del self.segments[place], self.owners[place]


def _place(chance: Random, draft: Draft) -> int:
    """A place, most often inside a transaction."""
    inside = [place for place, owner in enumerate(draft.owners) if owner >= 0]
    if inside and chance.random() < 0.85:
        return chance.choice(inside)
    return chance.randrange(len(draft.segments))


def drop_segments(chance: Random, draft: Draft) -> None:
    place = _place(chance, draft)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        if place < len(draft.segments) > 1:
            draft.drop(place)


def repeat_segments(chance: Random, draft: Draft) -> None:
    place = _place(chance, draft)
    last = place + chance.choice((1, 1, 2, 4))
    if len({*draft.owners[place:last]}) > 1:
        last = place + 1
    draft.touch(place)
    again = list(zip(draft.segments[place:last], draft.owners[place:last], strict=True))
    for line, owner in again * chance.choice((1, 1, 3)):
        draft.put(last, line, owner)


def swap_segments(chance: Random, draft: Draft) -> None:
    one = _place(chance, draft)
    other = (
        min(one + 1, len(draft.segments) - 1) if chance.random() < 0.5 else _place(chance, draft)
    )
    for place in (one, other):
        draft.touch(place)
    lines = draft.segments
    lines[one], lines[other] = lines[other], lines[one]


def insert_inside(chance: Random, draft: Draft) -> None:
    place = _place(chance, draft)
    draft.touch(place)
    draft.put(place, chance.choice(INSIDE), draft.owners[place])


def insert_frame(chance: Random, draft: Draft) -> None:
    draft.reaches_anything()
    draft.put(chance.randrange(len(draft.segments) + 1), chance.choice(FRAMES), -1)


def change_id(chance: Random, draft: Draft) -> None:
    place = _place(chance, draft)
    draft.touch(place)
    _, star, rest = draft.segments[place].partition("*")
    other = chance.choice(INSIDE).partition("*")[0]
    draft.segments[place] = f"{other}{star}{rest}"


def change_element(chance: Random, draft: Draft) -> None:
    _change_element(chance, draft, chance.choice(VALUES))


def change_qualifier(chance: Random, draft: Draft) -> None:
    _change_element(chance, draft, chance.choice(QUALIFIERS))


def _change_element(chance: Random, draft: Draft, value: str) -> None:
    place = _place(chance, draft)
    draft.touch(place)
    elements = draft.segments[place].split("*")
    nth = chance.randrange(len(elements)) if chance.random() < 0.1 else _nth(chance, elements)
    elements[nth] = value if chance.random() < 0.8 else elements[nth] + value
    draft.segments[place] = "*".join(elements)
    if nth == 0:
        draft.reaches_anything()


def _nth(chance: Random, elements: list[str]) -> int:
    return chance.randrange(1, len(elements)) if len(elements) > 1 else 0


def move_elements(chance: Random, draft: Draft) -> None:
    place = _place(chance, draft)
    draft.touch(place)
    elements = draft.segments[place].split("*")
    nth = _nth(chance, elements)
    how = chance.randrange(5)
    if how == 0:
        del elements[nth]
    elif how == 1:
        elements.insert(nth, elements[nth])
    elif how == 2:
        other = _nth(chance, elements)
        elements[nth], elements[other] = elements[other], elements[nth]
    elif how == 3:
        elements = elements[: max(nth, 1)]
    else:
        elements += chance.choice((["1", "2", "3"], [""] * 30, ["45", "1", "1"] * 7))
    draft.segments[place] = "*".join(elements)


def change_count(chance: Random, draft: Draft) -> None:
    counts = [
        place
        for place, line in enumerate(draft.segments)
        if line.startswith(("SE*", "GE*", "IEA*"))
    ]
    if counts:
        place = chance.choice(counts)
        draft.touch(place)
        elements = draft.segments[place].split("*")
        elements[1] = chance.choice(("0", "", "-1", "9" * 25, "X"))
        draft.segments[place] = "*".join(elements)


def damage_isa(chance: Random, draft: Draft) -> None:
    draft.reaches_anything()
    elements = draft.segments[0].split("*")
    nth = chance.randrange(1, len(elements)) if len(elements) > 1 else 0
    how = chance.randrange(7)
    if how == 0:
        del elements[nth]
    elif how == 1:
        elements[nth] = chance.choice(("", "X", " " * 40, "\u00c9", "260116", "T"))
    elif how == 2:
        elements[-1] = chance.choice(("", "A", "*", "~", " ", "\t", "\n", "::", "\\"))
    elif how == 3:
        elements = [element.strip() for element in elements]
    elif how == 4:
        elements[0] = chance.choice(("isa", "ISA ", " ISA", "XISA", "IS", "\ufeffISA"))
    elif how == 5:
        elements.insert(nth, "")
    else:
        elements[-1:] = []
    draft.segments[0] = "*".join(elements)


def change_marks_midway(chance: Random, draft: Draft) -> None:
    """From here on other marks, with an ISA that says so or without."""
    place = chance.randrange(1, len(draft.segments) + 1)
    draft.reaches_anything()
    element, component = chance.choice(("|>", "^:", "+|", "\x1d\x1f"))
    table = str.maketrans({"*": element, ":": component})
    told = [line.translate(table) for line in draft.segments[place:]]
    if chance.random() < 0.6:
        told.insert(0, BASES[0].segments[0][:-1].translate(table) + component)
        draft.owners.insert(place, -1)
    draft.segments[place:] = told


def join_another(chance: Random, draft: Draft) -> None:
    """Another file behind this one, or in the middle of it, in marks of its own or the same."""
    other = chance.choice(BASES)
    draft.reaches_anything()
    place = chance.choice((len(draft.segments), chance.randrange(len(draft.segments))))
    draft.segments[place:place] = other.segments
    draft.owners[place:place] = [-1] * len(other.segments)


def change_style(chance: Random, draft: Draft) -> None:
    """The same said in other marks; an ISA that is whole says which."""
    styles = (
        *(Style(line_break="\n"), Style(line_break="\r\n   "), Style(terminator="\r")),
        *(Style("|", ">", "\x1c"), Style("^", ":", "_"), Style(terminator="\n", line_break="\r")),
    )
    draft.reaches_anything()
    draft.style = chance.choice(styles)


SEGMENT_DAMAGE: tuple[Callable[[Random, Draft], None], ...] = (
    *(drop_segments, repeat_segments, swap_segments, insert_inside, insert_inside, insert_frame),
    *(change_id, change_element, change_element, change_element, change_qualifier, move_elements),
    *(move_elements, change_count, damage_isa, change_marks_midway, join_another, change_style),
)


def damaged_bytes(chance: Random, content: bytes) -> bytes:
    """Damage that knows nothing of segments: cut, torn out, repeated, wrapped, or written over."""
    at = chance.randrange(len(content) + 1)
    size = chance.choice((1, 1, 2, 10, 100))
    return chance.choice(
        (
            content[:at],
            content[at:],
            content[:at] + content[at + size :],
            content[: at + size] + content[at:],
            content[:at] + chance.choice(BYTES) + content[at:],
            content[:at] + chance.choice(BYTES) + content[at + size :],
            content[:at] + bytes(chance.choices(ANY_BYTES, k=size)) + content[at:],
            b"\r\n".join(content[start : start + 80] for start in range(0, len(content), 80)),
            chance.choice((b"\xef\xbb\xbf", b"  \r\n", b"Dear practice\n", b"\x00")) + content,
            content + chance.choice((b"\x1a", b"\x00\x00", b"~", b"\x0c", b"trailing", b" \r\n")),
        )
    )
