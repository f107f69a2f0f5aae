"""Other prices, other terms and other roundings that may have made an allowed amount."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from .money import CENT, iso_date, quarter_by, quarter_of
from .prices import PriceBook
from .rates import UnitPrice
from .reference import Row
from .terms import AT_A_RATE, keys_of, lag_of, recorded_on, term_id_of

if TYPE_CHECKING:
    from .causes import Ladder

# The quarters, or list prices, a payer may have used instead, in order (RULES 16.6).
STEPS = (-1, 1, -2, -3, -4)
DECIMALS = (2, 3, 4, 1, 0)


def is_close(amount: Decimal | None, allowed: Decimal) -> bool:
    """Return whether an amount comes within a cent of what was allowed."""
    return amount is not None and abs(amount - allowed) <= CENT


class Candidates:
    """What may explain an allowed amount, in the order it is asked."""

    def __init__(self, prices: PriceBook) -> None:
        self._prices = prices

    def fitting(self, found: Ladder) -> Iterator[tuple[str, str]]:
        """Yield cause and name of each candidate within a cent of allowed (RULES 16.6 to 16.8)."""
        for cause, candidates in (
            ("other_quarter_price", self._other_prices(found)),
            ("superseded_term", self._other_terms(found)),
            ("rounding", self._roundings(found)),
        ):
            for name, amount in candidates:
                if is_close(amount, found.allowed):
                    yield cause, name

    def _other_prices(self, found: Ladder) -> Iterator[tuple[str, Decimal | None]]:
        """Yield E at the other quarters, vintages or list prices (RULES 16.6)."""
        price = found.rate.price
        if price is None or price.kind == "fixed":
            return
        named = self._other_lists(found) if price.kind == "list" else self._other_limits(found)
        for name, other in named:
            if other is not None:
                yield name, replace(found.rate, price=other).at(found.units)

    def _other_limits(self, found: Ladder) -> Iterator[tuple[str, UnitPrice | None]]:
        rates, price = self._prices.rates, found.rate.price
        priced = quarter_of(found.line.service_date - timedelta(days=lag_of(found.term)))
        for steps in (0, *STEPS):
            quarter = quarter_by(priced, steps)
            for limit in reversed(rates.limits.vintages(quarter, found.identity.priced_code)):
                if price.kind == "limit" and limit is price.limit:
                    continue
                name = f"{quarter}, published {limit.get('published_on')}"
                yield name, rates.by_limit(limit, found.identity)

    def _other_lists(self, found: Ladder) -> Iterator[tuple[str, UnitPrice | None]]:
        rates, used = self._prices.rates, found.rate.price.list_price
        codes = (found.line.hcpcs, found.identity.priced_code)
        listed = rates.list_prices.of_key(used.key, *codes)
        place = next(number for number, each in enumerate(listed) if each is used)
        for steps in STEPS:
            if 0 <= place + steps < len(listed):
                other = listed[place + steps]
                yield f"from {other.starts}", rates.by_list(other, found.line, found.identity)

    def _other_terms(self, found: Ladder) -> Iterator[tuple[str, Decimal | None]]:
        """Yield E under the other versions, then the other terms (RULES 16.7)."""
        own = term_id_of(found.term)
        rows = [
            row
            for row in self._prices.terms.on_record(found.line.facts.payer.payer_id)
            if row is not found.term and row["method"] in AT_A_RATE and _may_price(row, found)
        ]
        versions = [row for row in rows if term_id_of(row) == own]
        others = [
            row
            for row in rows
            if term_id_of(row) != own
            and (row.get("contract_id") or "") == (found.term.get("contract_id") or "")
            and (row["method"] != "fixed" or _is_of_line(row, found))
        ]
        price = found.judged.price
        for row in (*sorted(versions, key=_newest_first), *sorted(others, key=_newest_first)):
            rate = self._prices.rates.rate(
                found.line,
                found.identity,
                price.line_of_business,
                row,
                part=price.part,
                is_candidate=True,
            )
            if not isinstance(rate, str):
                yield f"row {row['row_number']}", rate.at(found.units)

    @staticmethod
    def _roundings(found: Ladder) -> Iterator[tuple[str, Decimal | None]]:
        """Yield E with the unit price rounded to so many decimals (RULES 16.8)."""
        if found.rate.price is not None:
            for decimals in DECIMALS:
                amount = replace(found.rate, decimals=decimals).at(found.units)
                yield f"{decimals} decimals", amount


def _may_price(row: Row, found: Ladder) -> bool:
    """Return whether a row speaks of the line's code where its NDC contradicts it (RULES 16.7)."""
    if found.identity.basis != "ndc_contradicts_code":
        return True
    return keys_of(row).get("hcpcs") == found.line.hcpcs


def _is_of_line(row: Row, found: Ladder) -> bool:
    """Return whether a row's keys fit the line, or are those of its term (RULES 16.7)."""
    keys, line, identity = keys_of(row), found.line, found.identity
    own = {"ndc11": identity.ndc11, "hcpcs": line.hcpcs, "drug": identity.drug}
    return keys == keys_of(found.term) or all(own[name] == key for name, key in keys.items())


def _newest_first(row: Row) -> tuple[int, int, int]:
    starts = iso_date(row.get("effective_from")) or date.min
    return -recorded_on(row).toordinal(), -starts.toordinal(), int(row["row_number"])
