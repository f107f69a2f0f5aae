"""The CMS payment limits: by quarter and vintage, and whether they tell a drug's ASP."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal

from .money import decimal_of, iso_date
from .reference import Reference, Row

MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
HARMLESS_NOTES = re.compile(
    rf"(?:inflation-adjusted coinsurance|(?:added|updated) (?:{MONTHS}) \d{{4}}|[\s,;-]+)*"
)


class LimitBook:
    """The rows of payment_limits.csv known at as-of, asked by quarter and code."""

    def __init__(self, reference: Reference) -> None:
        self._limits: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in sorted(reference.rows["payment_limits"], key=_published):
            if _published(row) <= reference.as_of:
                self._limits[row["effective_quarter"], row["hcpcs"]].append(row)
        self._quarters: dict[str, list[str]] = defaultdict(list)
        for quarter, code in sorted(self._limits):
            self._quarters[code].append(quarter)

    def quarters(self) -> set[str]:
        """Return the quarters any code has a limit row of by as-of (RULES 20.15)."""
        return {quarter for quarter, _ in self._limits}

    def vintages(self, quarter: str, code: str | None) -> list[Row]:
        """Return the publications of a quarter's limit by as-of, in order."""
        return self._limits.get((quarter, code or ""), [])

    def limit(
        self, quarter: str, code: str | None, vintage: str | None, first_answered: date | None
    ) -> Row | None:
        """Return the limit row of a quarter, in the vintage the term asks (RULES 8.5)."""
        published = self.vintages(quarter, code)
        if not published:
            return None
        if vintage == "first":
            return published[0]
        if vintage == "latest" or first_answered is None:
            return published[-1]
        by_then = [row for row in published if _published(row) <= first_answered]
        return (by_then or published[:1])[-1]

    def why_no_asp(self, limit: Row) -> str | None:
        """Return why ASP cannot be told from a limit row, None where it can (RULES 8.6)."""
        notes = " ".join((limit.get("notes") or "").lower().split())
        if not HARMLESS_NOTES.fullmatch(notes):
            return "its note"
        code, priced = limit["hcpcs"], limit["effective_quarter"]
        amounts = [
            self._latest_amount(each, code) for each in self._quarters[code] if each <= priced
        ]
        stated = [amount for amount in amounts if amount is not None]
        has_moved = any(amount != stated[0] for amount in stated)
        return None if has_moved else "unchanged since its first quarter"

    def _latest_amount(self, quarter: str, code: str) -> Decimal | None:
        return decimal_of(self.vintages(quarter, code)[-1]["payment_limit"], 6)


def _published(row: Row) -> date:
    return iso_date(row.get("published_on")) or date.min
