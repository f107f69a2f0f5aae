"""The site's list prices: by NDC, by the billed code, by the CMS code of the drug."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .money import decimal_of, is_day, iso_date
from .reference import Reference, Row

PER = ("unit", "mg")


@dataclass(frozen=True)
class ListPrice:
    """One row of list_prices.csv: dollars per unit of what it is keyed by, or per milligram."""

    key: tuple[str, str, str]  # price kind, ndc11 or hcpcs, and which of them
    starts: date
    per: str
    amount: Decimal
    unit_of: str | None = None  # the code whose unit `per` unit means, where it says so

    def is_of(self, *codes: str | None) -> bool:
        """Return whether its unit is one of these codes' (RULES 8.5)."""
        return self.per == "mg" or self.unit_of is None or self.unit_of in codes


class ListPriceBook:
    """The list prices a site has, asked by kind and key."""

    def __init__(self, reference: Reference) -> None:
        self._prices: dict[tuple[str, str, str], list[ListPrice]] = defaultdict(list)
        for row in reference.rows["list_prices"]:
            price = _price_of(row)
            if price is not None:
                self._prices[price.key].append(price)
        for prices in self._prices.values():
            # Of two rows of one day the price per unit stands, then the lower one.
            prices.sort(key=lambda each: (each.starts, -PER.index(each.per), -each.amount))

    def of_key(self, key: tuple[str, str, str], *codes: str | None) -> list[ListPrice]:
        """Return the prices of one key in the unit of one of these codes, in order of start."""
        return [each for each in self._prices.get(key, []) if each.is_of(*codes)]

    def on(
        self, kind: str, day: date, ndc11: str | None, hcpcs: str | None, drug_code: str | None
    ) -> ListPrice | None:
        """Return the price in force, of the first key that has one (RULES 8.5)."""
        asked = (("ndc11", ndc11), ("hcpcs", hcpcs), ("hcpcs", drug_code))
        for column, sought in asked:
            prices = self.of_key((kind, column, sought or ""), hcpcs, drug_code)
            in_force = [each for each in prices if each.starts <= day]
            if in_force:
                return in_force[-1]
        return None


def _price_of(row: Row) -> ListPrice | None:
    """Return the price a row states; one that cannot be read is no row."""
    amount, per = decimal_of(row.get("price"), 6), (row.get("per") or "unit").lower()
    if amount is None or per not in PER or not is_day(row.get("effective_from")):
        return None
    ndc11, hcpcs = row.get("ndc11"), row.get("hcpcs")
    if not ndc11 and hcpcs in (None, "", "*"):
        return None
    column, sought = ("ndc11", ndc11) if ndc11 else ("hcpcs", hcpcs)
    starts = iso_date(row.get("effective_from")) or date.min
    key = ((row.get("price_kind") or "").lower(), column, sought)
    return ListPrice(key, starts, per, amount, None if hcpcs in (None, "", "*") else hcpcs)
