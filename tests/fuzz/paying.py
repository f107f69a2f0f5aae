"""How a made-up payer comes by an allowed amount: by its term, or wrongly in a way that has a name.

The guesses here are rough on purpose: they choose a term by code and dates alone, and share nothing
with the models or the oracle. Where a guess is wrong, the line is one more that is paid oddly.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from analytics import settings
from analytics.synthetic.x12_records import ClaimLine
from tests.fuzz.chance import Chance
from tests.fuzz.plans import DRUG_OF
from tests.fuzz.raw_site import Row, Rows

CENT = Decimal("0.01")
CMS_CODE_OF = {"J1324": ("J9177", Decimal(4))}
LIST_KINDS = {"awp_minus": "awp", "wac_plus": "wac"}
LATEST_KNOWN = "2026-08-31"
WAYS = (
    *("right",) * 9,
    *("other_quarter", "older_version", "cut_units", "recoded", "rounded", "other_percent") * 2,
    *("other_vintage",) * 2,
    *("garbage",) * 4,
)


@dataclass(frozen=True)
class Allowed:
    """What a payer allows of a line; the code and units it says it paid, where it says others."""

    amount: Decimal
    hcpcs: str = ""
    units: Decimal | None = None


class Paying:
    """The payers of a site, at work."""

    def __init__(self, chance: Chance, reference: Mapping[str, Rows]) -> None:
        self.chance = chance
        self._terms: dict[str, list[Row]] = {}
        for row in reference["contract_terms"]:
            if is_readable(row):
                self._terms.setdefault(row["payer_id"], []).append(row)
        self._lists = reference.get("list_prices", ())
        own = {
            (row["effective_quarter"], row["hcpcs"]): Decimal(row["payment_limit"])
            for row in reference.get("payment_limits", ())
        }
        self._limits = shipped_limits() | (own if chance.maybe(0.5) else {})
        self._restated = [
            {(row["effective_quarter"], row["hcpcs"]): Decimal(row["payment_limit"])}
            for row in reference.get("payment_limits", ())
        ]
        self._percents: dict[tuple[str, str], Decimal] = {}

    def allowed(self, payer_id: str, line: ClaimLine) -> Allowed:
        """What the payer allows of a line."""
        units, charge = Decimal(line.units), Decimal(line.charge_usd)
        term = self._term(payer_id, line.hcpcs, line.service_date)
        price = self._amount(term, line, units) if term else None
        if price is None:
            return self._garbage(charge / 2, charge)
        ways: dict[str, Callable[..., Allowed | None]] = {
            "other_quarter": self._other_quarter,
            "older_version": self._older_version,
            "cut_units": self._cut_units,
            "recoded": self._recoded,
            "rounded": self._rounded,
            "other_percent": self._other_percent,
            "other_vintage": self._other_vintage,
        }
        way = self.chance.of(WAYS)
        if way == "garbage":
            return self._garbage(price, charge)
        found = ways[way](payer_id, term, line) if way in ways else None
        return found or Allowed(self._capped(term, price, charge))

    def charge(self, hcpcs: str, units: str, day: date) -> str:
        """A charge for so many units: around what their limit comes to, or any."""
        code, times = CMS_CODE_OF.get(hcpcs, (hcpcs, Decimal(1)))
        limit = self._limits.get((quarter_of(day), code)) or Decimal(20)
        factor = Decimal(self.chance.of(("3", "1.5", "1.5", "1.1", "1.02", "0.9")))
        worth = _cents(Decimal(units) * limit * times * factor)
        any_charge = self.chance.of(("180", "66.83", "4000", "10.01", "333.33", "0"))
        return str(worth) if self.chance.maybe(0.75) else any_charge

    def _other_quarter(self, _payer_id: str, term: Row, line: ClaimLine) -> Allowed | None:
        months = self.chance.of((-3, -3, 3, -6, -9, -12))
        return self._as_paid(term, line, service_date=line.service_date + timedelta(30 * months))

    def _older_version(self, payer_id: str, term: Row, line: ClaimLine) -> Allowed | None:
        alike = [
            row
            for row in self._terms[payer_id]
            if row is not term
            and (row["term_id"] == term["term_id"] or row["contract_id"] == term["contract_id"])
        ]
        of_code = [row for row in alike if row["hcpcs"] == term["hcpcs"]] or alike
        return self._as_paid(self.chance.of(of_code), line) if of_code else None

    def _cut_units(self, _payer_id: str, term: Row, line: ClaimLine) -> Allowed | None:
        units = Decimal(line.units) - self.chance.of((Decimal(1), Decimal(10), Decimal("2.5")))
        found = self._amount(term, line, units) if units > 0 else None
        if found and term["method"] == "pct_of_charge":
            found = _cents(found * units / Decimal(line.units))
        return found if found is None else Allowed(self._capped_line(term, found, line), "", units)

    def _recoded(self, payer_id: str, term: Row, line: ClaimLine) -> Allowed | None:
        drug = DRUG_OF.get(line.hcpcs)
        alike = [code for code in DRUG_OF if DRUG_OF[code] == drug and code != line.hcpcs]
        code = self.chance.of((*alike * 3, "J9999", "J9271"))
        units = Decimal(line.units)
        other = self._term(payer_id, code, line.service_date)
        if code in alike and self.chance.maybe(0.7):
            units = units * 4 if line.hcpcs == "J1324" else units / 4
            if other is None:
                # The same milligrams under a name that has no term: paid as it was billed.
                found = self._amount(term, line, Decimal(line.units))
                return found if found is None else Allowed(found, code, units)
        found = self._amount(other or term, line, units, code)
        return (
            found if found is None else Allowed(self._capped_line(term, found, line), code, units)
        )

    def _rounded(self, _payer_id: str, term: Row, line: ClaimLine) -> Allowed | None:
        return self._as_paid({**term, "price_decimals": self.chance.of("23410")}, line)

    def _other_percent(self, payer_id: str, term: Row, line: ClaimLine) -> Allowed | None:
        """The same other rate for a code, whoever asks: what the linter and 16.9 look for."""
        key = payer_id, line.hcpcs
        if key not in self._percents:
            factor = self.chance.of(("0.95", "0.9", "1.03", "0.985"))
            self._percents[key] = Decimal(factor)
        found = self._amount(term, line, Decimal(line.units), of=self._percents[key])
        return found if found is None else Allowed(self._capped_line(term, found, line))

    def _other_vintage(self, _payer_id: str, term: Row, line: ClaimLine) -> Allowed | None:
        """By the limit as it was restated, or as it was before."""
        quarter = quarter_of(line.service_date - timedelta(days=int(term["price_lag_days"] or 0)))
        key = quarter, CMS_CODE_OF.get(line.hcpcs, (line.hcpcs,))[0]
        told = [{key: shipped_limits()[key]}] if key in shipped_limits() else []
        told += [each for each in self._restated if key in each]
        kept, found = self._limits, None
        if told:
            self._limits = kept | self.chance.of(told)
            found = self._as_paid(term, line)
            self._limits = kept
        return found

    def _garbage(self, price: Decimal, charge: Decimal) -> Allowed:
        near = (price + CENT, price - CENT, price - 2 * CENT, price + 2 * CENT)
        far = (price * Decimal("0.9"), price / 2, price + 10, charge, *(Decimal(0),) * 5)
        amount = self.chance.of((*near, *far))
        return Allowed(_cents(max(min(amount, charge), Decimal(0))))

    def _as_paid(self, term: Row, line: ClaimLine, **other: object) -> Allowed | None:
        day = other.get("service_date", line.service_date)
        found = self._amount(term, line, Decimal(line.units), day=day)
        return found if found is None else Allowed(self._capped_line(term, found, line))

    def _capped_line(self, term: Row, amount: Decimal, line: ClaimLine) -> Decimal:
        return self._capped(term, amount, Decimal(line.charge_usd))

    def _capped(self, term: Row, amount: Decimal, charge: Decimal) -> Decimal:
        """The amount, as a rule at most the charge; some payers forget, some caps do not ask."""
        is_capped = term["charge_cap"] == "line" or self.chance.maybe(0.3)
        return min(amount, charge) if is_capped else amount

    def _term(self, payer_id: str, code: str, day: date) -> Row | None:
        drug = DRUG_OF.get(code)
        fitting = [
            row
            for row in self._terms.get(payer_id, [])
            if (row["hcpcs"] == code or (not row["hcpcs"] and drug and row.get("drug") == drug))
            and row["effective_from"] <= str(day) <= (row.get("effective_through") or "9")
            and row.get("recorded_on", "") <= LATEST_KNOWN
            and row["rate"]
        ]
        return max(fitting, key=lambda row: row.get("recorded_on", ""), default=None)

    def _amount(
        self,
        term: Row,
        line: ClaimLine,
        units: Decimal,
        code: str = "",
        day: date | None = None,
        of: Decimal = Decimal(1),
    ) -> Decimal | None:
        """E under a term, rounded once; None where the guess has no price."""
        if not term["rate"]:
            return None
        method, rate = term["method"], Decimal(term["rate"])
        if method == "pct_of_charge":
            return _cents(Decimal(line.charge_usd) * rate / 100 * of)
        price = self._unit_price(term, code or line.hcpcs, day or line.service_date)
        if price is None:
            return None
        times = {
            "pct_of_limit": rate / 100,
            "asp_plus": (100 + rate) / 106,
            "awp_minus": 1 - rate / 100,
            "wac_plus": 1 + rate / 100,
        }.get(method, Decimal(1))
        of_one = price * times * of
        if term["price_decimals"]:
            step = Decimal(1).scaleb(-int(term["price_decimals"]))
            of_one = of_one.quantize(step, ROUND_HALF_UP)
        return _cents(units * of_one)

    def _unit_price(self, term: Row, code: str, day: date) -> Decimal | None:
        if term["method"] == "fixed":
            return Decimal(term["rate"])
        if term["method"] in LIST_KINDS:
            rows = [
                row
                for row in self._lists
                if (row["hcpcs"], row["price_kind"]) == (code, LIST_KINDS[term["method"]])
                and row["effective_from"] <= str(day)
            ]
            listed = max(rows, key=lambda row: row["effective_from"], default=None)
            return Decimal(listed["price"]) if listed else None
        day -= timedelta(days=int(term["price_lag_days"] or 0))
        cms_code, times = CMS_CODE_OF.get(code, (code, Decimal(1)))
        limit = self._limits.get((quarter_of(day), cms_code))
        return limit * times if limit else None


def is_readable(row: Row) -> bool:
    """Whether a payer could act on the row: its rate, decimals and lag are numbers or empty."""
    numbers = (row["rate"], row["price_decimals"], row["price_lag_days"])
    return all(text.lstrip("-").replace(".", "", 1).isdigit() for text in numbers if text)


def quarter_of(day: date) -> str:
    """The quarter of a day, as `2026Q1`."""
    return f"{day.year}Q{(day.month + 2) // 3}"


@cache
def shipped_limits() -> dict[tuple[str, str], Decimal]:
    """The shipped payment limits that are numbers, by quarter and code."""
    path = settings.shipped_folders().reference / "payment_limits.csv"
    with path.open(newline="") as file:
        # A row without a limit says N/A in its note: CMS priced the code in words.
        return {
            (row["effective_quarter"], row["hcpcs"]): Decimal(row["payment_limit"])
            for row in csv.DictReader(file)
            if row["payment_limit"]
        }


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
