"""Which codes an NDC belongs to, by the NDC-HCPCS crosswalk of a quarter."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from .money import is_day, iso_date, quarter_of
from .reference import Reference, Row


class Crosswalk:
    """The rows of ndc_crosswalk.csv known at as-of, asked by NDC and day."""

    def __init__(self, reference: Reference) -> None:
        self._by_ndc: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in reference.rows["ndc_crosswalk"]:
            is_known = is_day(row.get("published_on")) and _published(row) <= reference.as_of
            if is_known and row.get("hcpcs") and row.get("effective_quarter"):
                self._by_ndc[row["ndc11"]][row["effective_quarter"]].append(row)

    def codes(self, ndc11: str | None, day: date | None) -> set[str]:
        """Return the codes of an NDC: of its quarter, else the nearest earlier, else later."""
        by_quarter = self._by_ndc.get(ndc11 or "", {})
        if not by_quarter:
            return set()
        # Of a line without a date the latest quarter is the best guess there is.
        asked = quarter_of(day) if day else max(by_quarter)
        earlier = [quarter for quarter in by_quarter if quarter <= asked]
        rows = by_quarter[max(earlier) if earlier else min(by_quarter)]
        latest = max(map(_published, rows))
        return {row["hcpcs"] for row in rows if _published(row) == latest}


def _published(row: Row) -> date:
    return iso_date(row.get("published_on")) or date.min
