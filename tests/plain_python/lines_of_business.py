"""The line of business of a claim line, and a second one its codes may mean."""

from __future__ import annotations

from collections import defaultdict

from .claim_line import ClaimLine
from .filing_codes import line_of
from .reference import Reference


class LineOfBusinessBook:
    """What payers.csv and payer_lines.csv say of a payer's lines of business."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def of(self, line: ClaimLine) -> tuple[str, str | None]:
        """Return a line's line of business, and a second one its codes may mean (RULES 8.1)."""
        payer_id = line.facts.payer.payer_id
        payer = self._reference.payers.get(payer_id, {})
        own = payer.get("line_of_business") or None
        clp06 = line.spoken[0].event.remit_claim.filing_code if line.spoken else None
        sbr09 = line.facts.filing_code
        stated = self._payer_line(line, {clp06, sbr09} - {None})
        by_clp06, by_sbr09 = line_of(clp06, own), line_of(sbr09, own)
        disagree = bool(by_clp06 and by_sbr09 and by_clp06 != by_sbr09)
        chosen = stated or by_clp06 or by_sbr09 or own or "other"
        return chosen, by_sbr09 if disagree and not stated else None

    def _payer_line(self, line: ClaimLine, filing_codes: set[str]) -> str | None:
        """Return what payer_lines says: group before filing code before neither (RULES 8.1)."""
        ranked: dict[tuple[bool, bool], set[str]] = defaultdict(set)
        for row in self._reference.rows["payer_lines"]:
            code, group = (row.get("filing_code") or "*").upper(), row.get("group_number") or "*"
            if (
                row["payer_id"] == line.facts.payer.payer_id
                and (code == "*" or code in filing_codes)
                and group in ("*", line.facts.group_number)
            ):
                ranked[group != "*", code != "*"].add(row["line_of_business"])
        best = ranked[max(ranked)] if ranked else set()
        return next(iter(best)) if len(best) == 1 else None
