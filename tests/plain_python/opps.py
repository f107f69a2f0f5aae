"""The OPPS status and payment rate of a code in a quarter (Addendum B)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from .money import is_day, iso_date, quarter_of
from .reference import Reference, Row

PAID_APART = ("K", "G")


class OppsBook:
    """The rows of opps_status.csv known at as-of, asked by quarter and code."""

    def __init__(self, reference: Reference) -> None:
        self._rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in reference.rows["opps_status"]:
            is_readable = is_day(row.get("effective_from")) and is_day(row.get("published_on"))
            if is_readable and row.get("effective_from") and _order(row)[0] <= reference.as_of:
                quarter = quarter_of(iso_date(row["effective_from"]))
                self._rows[quarter, row["hcpcs"]].append(row)

    def status(self, quarter: str, code: str | None) -> Row | None:
        """Return the latest publication of a code's row in a quarter (RULES 8.5)."""
        return max(self._rows.get((quarter, code or ""), []), key=_order, default=None)


def _order(row: Row) -> tuple[date, date]:
    return iso_date(row.get("published_on")) or date.min, iso_date(row["effective_from"])
