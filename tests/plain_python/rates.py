"""E(units, code, price, term): what so many units are worth under a term (RULES 8.6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .limits import Row
from .list_prices import ListPrice
from .money import rounded


@dataclass(frozen=True)
class UnitPrice:
    """The price of one billed unit before the term's percentage, and where it is from."""

    amount: Decimal
    kind: str  # fixed, limit, opps, list
    limit: Row | None = None
    list_price: ListPrice | None = None
    opps: Row | None = None  # the row of opps_status whose rate it is


@dataclass(frozen=True)
class Rate:
    """A term at work on a line: all that E needs but the units."""

    fraction: Fraction
    price: UnitPrice | None  # None: of the charge
    charge: Decimal | None
    decimals: int | None = None
    most: Decimal | None = None  # what a cap leaves of it

    @property
    def is_by_limit(self) -> bool:
        """Return whether a CMS limit, or the OPPS rate in its place, is the unit price."""
        return self.price is not None and self.price.kind in ("limit", "opps")

    def uncapped(self, units: Decimal | None) -> Decimal | None:
        """Return E before any cap, rounded once; None where the units are not known."""
        if self.price is None:
            return rounded(Fraction(self.charge) * self.fraction, 2)
        if units is None:
            return None
        of_one = Fraction(self.price.amount) * self.fraction
        if self.decimals is not None:
            of_one = Fraction(rounded(of_one, self.decimals))
        return rounded(Fraction(units) * of_one, 2)

    def at(self, units: Decimal | None) -> Decimal | None:
        """Return E, cap inside."""
        amount = self.uncapped(units)
        return amount if amount is None or self.most is None else min(amount, self.most)
