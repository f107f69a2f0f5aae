"""Rows of contract_terms.csv that are left out: they are no terms, and they block (RULES 8.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from .money import decimal_of, is_day
from .reference import Row, ndc11_of
from .terms import (
    AT_A_RATE,
    KEYS,
    WITHOUT_LINES,
    keys_of,
    last_day_of,
    recorded_on,
    starts_on,
    strongest_key,
)

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
# Whole numbers, with the most each can be: a price comes at most a year late.
COUNTS = {"price_decimals": 6, "price_lag_days": 365}
EVERY_PAYER = "*"


def unreadable_cells(row: Row) -> set[str]:
    """Return the columns of a term row that cannot be read; none of a row that is a term.

    A word no definition knows, a date that is no ISO day, days that end before they begin, a count
    that is no whole number in its bounds, an NDC that has not eleven digits, a rate that is no
    number where the method needs one, and a payer that is not told.
    """
    found = {column for column, words in WORDS.items() if (row.get(column) or "") not in words}
    found |= {column for column in DAYS if not is_day(row.get(column))}
    if not found & {*DAYS[:2]} and last_day_of(row) < starts_on(row):
        found |= {*DAYS[:2]}
    found |= {column for column, most in COUNTS.items() if not _is_count(row.get(column), most)}
    if row["payer_id"] == EVERY_PAYER:
        found.add("payer_id")
    if row.get("ndc11") not in (None, "", "*") and ndc11_of(row["ndc11"]) is None:
        found.add("ndc11")
    needs_rate = row.get("method") in AT_A_RATE
    rate = decimal_of(row.get("rate"), 6)
    if rate is None and (needs_rate or row.get("rate")):
        found.add("rate")
    if rate is not None and not _can_be_rate_of(row.get("method"), rate):
        found.add("rate")
    return found


def _is_count(text: str | None, most: int) -> bool:
    return not text or (text.isdigit() and int(text) <= most)


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

    def __init__(
        self, row: Row, cells: tuple[str, ...] = (), payer_ids: Iterable[str] = ()
    ) -> None:
        """Take a row; of one with a comma too many its number, its cells, and the known payers."""
        self.row = row
        self.number = int(row["row_number"])
        self.cells = {cell.upper() for cell in cells}
        self._unread = set() if cells else unreadable_cells(row)
        self._named = {payer_id for payer_id in payer_ids if payer_id.upper() in self.cells}

    def is_unread(self, column: str) -> bool:
        """Return whether a column cannot be read, so that it may be anything."""
        return bool(self.cells) or column in self._unread

    def is_of_payer(self, payer_id: str) -> bool:
        """Return whether it is a payer's, or may be; cells out of place may name their payer."""
        if self.cells:
            return payer_id in self._named or not self._named
        return self.is_unread("payer_id") or self.row["payer_id"] == payer_id

    def is_on_record(self, as_of: date) -> bool:
        """Return whether it was recorded by as-of; an unreadable day counts as on record."""
        return self.is_unread("recorded_on") or recorded_on(self.row) <= as_of

    def is_in_force(self, day: date | None) -> bool:
        """Return whether its dates hold a day; a date that cannot be read fits any."""
        starts, ends = self.days
        return day is not None and starts <= day <= ends

    @property
    def days(self) -> tuple[date, date]:
        """Return its first and its last day; one that cannot be read leaves that end open."""
        starts, ends = DAYS[:2]
        return (
            date.min if self.is_unread(starts) else starts_on(self.row),
            date.max if self.is_unread(ends) else last_day_of(self.row),
        )

    def fits(self, column: str, *values: str | None) -> bool:
        """Return whether a column is `*`, one of the values, or cannot be read."""
        return self.is_unread(column) or (self.row.get(column) or "*") in {"*", *values}

    @property
    def keys(self) -> dict[str, str]:
        return {name: key for name, key in keys_of(self.row).items() if not self.is_unread(name)}

    @property
    def rank(self) -> tuple:
        """Return what a row ranks by; what cannot be read counts as exact, a key as ndc11."""
        key = "ndc11" if self.is_unread("ndc11") else strongest_key(self.row)
        return (
            *(self._is_any(name) for name in ("billing_id", "claim_type", "line_of_business")),
            KEYS.index(key),
        )

    def _is_any(self, column: str) -> bool:
        return not self.is_unread(column) and self.row[column] == "*"
