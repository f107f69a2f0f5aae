"""Rows of contract_terms.csv that cannot be read: they are no terms, and they block (RULES 8.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .money import decimal_of, is_day, iso_date
from .reference import Row, ndc11_of
from .terms import AT_A_RATE, KEYS, WITHOUT_LINES, keys_of, strongest_key

LINES_OF_BUSINESS = ("commercial", "medicare_ffs", "medicare_advantage", "medicaid", "other")
WORDS = {
    "method": (*AT_A_RATE, *WITHOUT_LINES, "not_covered"),
    "line_of_business": (
        "*",
        "commercial",
        "medicare_ffs",
        "medicare_advantage",
        "medicaid",
        "other",
    ),
    "claim_type": ("*", "professional", "institutional"),
    "charge_cap": ("", "none", "line", "claim"),
    "price_vintage": ("", "first", "latest"),
    "sequestration": ("", "yes", "no"),
}
# Percents of the limit or the charge, with the most each can be.
SHARES = {"pct_of_limit": 1000, "pct_of_charge": 100}
DAYS = ("effective_from", "effective_through", "recorded_on")
COUNTS = ("price_decimals", "price_lag_days")


def unreadable_cells(row: Row) -> set[str]:
    """Return the columns of a term row that cannot be read; none of a row that is a term.

    A word no definition knows, a date that is no ISO day, a count that is no whole number, an NDC
    that has not eleven digits, and a rate that is no number where the method needs one.
    """
    found = {column for column, words in WORDS.items() if (row.get(column) or "") not in words}
    found |= {column for column in DAYS if not is_day(row.get(column))}
    found |= {column for column in COUNTS if row.get(column) and not row[column].isdigit()}
    if row.get("ndc11") not in (None, "", "*") and ndc11_of(row["ndc11"]) is None:
        found.add("ndc11")
    needs_rate = row.get("method") in AT_A_RATE
    rate = decimal_of(row.get("rate"), 6)
    if rate is None and (needs_rate or row.get("rate")):
        found.add("rate")
    if rate is not None and not _can_be_rate_of(row.get("method"), rate):
        found.add("rate")
    return found


def _can_be_rate_of(method: str | None, rate: Decimal) -> bool:
    """Return whether a rate may be one of its method: no price of nothing, no fraction."""
    if method in SHARES:
        return 2 <= rate <= SHARES[method]
    if method in ("asp_plus", "wac_plus"):
        return -100 < rate <= 100
    if method == "awp_minus":
        return 0 <= rate < 100
    return method != "fixed" or rate > 0


class BlockingRow:
    """A term row left out, and which lines it would fit by what can be read of it."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.number = int(row["row_number"])
        self._unread = unreadable_cells(row)

    def is_on_record(self, as_of: date) -> bool:
        """Return whether it was recorded by as-of; an unreadable day counts as on record."""
        unread = "recorded_on" in self._unread
        return unread or (iso_date(self.row.get("recorded_on")) or date.min) <= as_of

    def is_in_force(self, day: date | None) -> bool:
        """Return whether its dates hold a day; a date that cannot be read fits any."""
        if day is None:
            return False
        starts, ends = (
            self._day("effective_from", date.min),
            self._day("effective_through", date.max),
        )
        return starts <= day <= ends

    def fits(self, column: str, *values: str | None) -> bool:
        """Return whether a column is `*`, one of the values, or cannot be read."""
        return column in self._unread or (self.row.get(column) or "*") in {"*", *values}

    @property
    def keys(self) -> dict[str, str]:
        return {name: key for name, key in keys_of(self.row).items() if name not in self._unread}

    @property
    def rank(self) -> tuple:
        """Return what a row ranks by; what cannot be read counts as exact, a key as ndc11."""
        key = "ndc11" if "ndc11" in self._unread else strongest_key(self.row)
        return (
            self.row["billing_id"] == "*",
            self._is_any("claim_type"),
            self._is_any("line_of_business"),
            KEYS.index(key),
        )

    def _is_any(self, column: str) -> bool:
        return column not in self._unread and self.row[column] == "*"

    def _day(self, column: str, else_day: date) -> date:
        if column in self._unread:
            return else_day
        return iso_date(self.row.get(column)) or else_day
