"""Which claim line each remit line of an event answers (RULES 5.1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .claim_line import ClaimLine
from .events import Event
from .money import is_same_charge
from .remits import RemitLine


@dataclass
class Matching:
    """The remit lines of one event against the lines of its claim, payer and rank."""

    event: Event
    lines: list[ClaimLine]
    found: dict[int, tuple[ClaimLine, str]] = field(default_factory=dict)

    @property
    def remit_lines_left(self) -> list[RemitLine]:
        """Return the remit lines no step has matched yet."""
        return [line for line in self.event.remit_claim.lines if id(line) not in self.found]

    @property
    def taken(self) -> set[int]:
        """Return the claim lines some step has matched."""
        return {id(line) for line, _ in self.found.values()}

    def by_control_number(self) -> None:
        """Match REF*6R where it names one line only; several may take one line."""
        numbers = Counter(line.control_number for line in self.lines)
        for remit_line in self.remit_lines_left:
            for line in self.lines:
                number = line.control_number
                if number and number == remit_line.control_number and numbers[number] == 1:
                    self.found[id(remit_line)] = (line, "line_control_number")

    def by_code_modifiers_date_charge(self) -> None:
        """Match code, modifiers, date and charge, first with first."""
        for remit_line in self.remit_lines_left:
            for line in self.lines:
                if (
                    id(line) not in self.taken
                    and sorted(remit_line.modifiers) == sorted(line.modifiers)
                    and self._fits(remit_line, remit_line.hcpcs, line)
                    and is_same_charge(remit_line.charge, line.charge)
                ):
                    self.found[id(remit_line)] = (line, "code_modifiers_date_charge")
                    break

    def by_original_code(self) -> None:
        """Match the code billed, date and charge; then SVC06 to the first line, taken or not."""
        for remit_line in self.remit_lines_left:
            code = remit_line.original_hcpcs or remit_line.hcpcs
            for line in self.lines:
                if (
                    id(line) not in self.taken
                    and self._fits(remit_line, code, line)
                    and is_same_charge(remit_line.charge, line.charge)
                ):
                    self.found[id(remit_line)] = (line, "original_code")
                    break
        for remit_line in self.remit_lines_left:
            code = remit_line.original_hcpcs
            same = [line for line in self.lines if self._fits(remit_line, code, line)]
            if same:
                self.found[id(remit_line)] = (same[0], "original_code")

    def by_position(self) -> None:
        """Match the k-th SVC with live line number k where neither is matched."""
        for remit_line in self.remit_lines_left:
            for line in self.lines:
                is_free = id(line) not in self.taken and line.standing != "dropped"
                if is_free and line.line_number == remit_line.number:
                    self.found[id(remit_line)] = (line, "position")

    def _fits(self, remit_line: RemitLine, code: str | None, line: ClaimLine) -> bool:
        """Return whether code and service date are the same; absent codes are not."""
        day = self.event.day_of(remit_line)
        return code is not None and code == line.hcpcs and day == line.service_date


def match(event: Event, lines: list[ClaimLine]) -> dict[int, tuple[ClaimLine, str]]:
    """Return the claim line and method of each remit line that has one (RULES 5.1)."""
    matching = Matching(event, lines)
    matching.by_control_number()
    matching.by_code_modifiers_date_charge()
    matching.by_original_code()
    matching.by_position()
    return matching.found
