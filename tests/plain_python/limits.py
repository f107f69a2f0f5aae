"""The CMS payment limit a line is priced by: its quarter, its vintage, per billed unit."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .claim_line import ClaimLine
from .drugs import Identity
from .money import decimal_of, iso_date, quarter_of, rounded
from .reference import Reference, Row


class LimitBook:
    """The rows of payment_limits.csv, asked by quarter and code."""

    def __init__(self, reference: Reference) -> None:
        self._as_of = reference.as_of
        self._limits: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in reference.rows["payment_limits"]:
            if decimal_of(row["payment_limit"], 6) is not None:
                self._limits[row["effective_quarter"], row["hcpcs"]].append(row)

    def limit(self, line: ClaimLine, identity: Identity, term: Row) -> Row | None:
        """Return the limit row of the quarter, in the vintage the term asks (RULES 8.5)."""
        rows = self._limits.get((quarter_of(line.service_date), identity.priced_code or ""), [])
        published = sorted((row for row in rows if _published(row) <= self._as_of), key=_published)
        if not published:
            return None
        if term.get("price_vintage") == "first":
            return published[0]
        first_answered = line.first_answered_date
        if term.get("price_vintage") == "latest" or first_answered is None:
            return published[-1]
        by_then = [row for row in published if _published(row) <= first_answered]
        return (by_then or published[:1])[-1]


def limit_per_billed_unit(limit: Row | None, line: ClaimLine, identity: Identity) -> Decimal | None:
    """Return the limit per billed unit, by milligrams where the codes differ (RULES 8.5)."""
    if limit is None:
        return None
    amount = decimal_of(limit["payment_limit"], 6)
    if identity.priced_code == line.hcpcs:
        return amount
    if not identity.unit_mg or not identity.priced_code_mg:
        return None
    return rounded(
        Fraction(amount) * Fraction(identity.unit_mg) / Fraction(identity.priced_code_mg), 6
    )


def _published(row: Row) -> date:
    return iso_date(row.get("published_on")) or date.min
