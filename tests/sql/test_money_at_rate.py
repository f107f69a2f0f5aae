"""The expected amount of a line, `int_lines_at_rate`, against exact whole-number arithmetic.

The whole SELECT runs on both engines: every method, prices per milligram, rounded unit prices, caps
and ceilings; exact halves, credits and the ends of the ranges among them (RULES 8.5, 8.6).
"""

import random
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace

import polars as pl
import pytest
from model_slices import Types, insert_scaled, rows_scaled, slice_of
from two_engines import Asked
from whole_numbers import half_away

from analytics.warehouse.engine import open_engine

MODEL = "int_lines_at_rate"
METHODS = ("fixed", "pct_of_limit", "asp_plus", "awp_minus", "wac_plus", "pct_of_charge")
DRAWN = 60_000
TIES = 20_000
ONE = 1_000_000
DEAREST = 999_999_999_999
FOUND = ("line_number", "unit_price_usd", "rounded_price_usd", "at_rate_usd", "amount_usd")


@dataclass(frozen=True)
class Line:
    """One row that is asked: thousandths of a unit, cents, and millionths of the rest."""

    method: str = "pct_of_limit"
    rate: int | None = 100 * ONE
    price_decimals: int | None = None
    charge_cap: str = "none"
    ceiling_usd: int | None = None
    units: int | None = 90_000
    charge_usd: int | None = 18_000
    price_usd: int | None = 742_500
    price_mg: int | None = None
    unit_mg: int | None = None

    @property
    def unit_price(self) -> int | None:
        """The price of a billed unit before the percent."""
        if self.method == "pct_of_charge" or self.price_usd is None or self.price_mg is None:
            return None if self.method == "pct_of_charge" else self.price_usd
        return None if self.unit_mg is None else half_away(
            self.price_usd * self.unit_mg, self.price_mg
        )  # fmt: skip

    @property
    def part(self) -> tuple[int, int]:
        """What of the price (or charge) the rate leaves, as numerator and denominator."""
        percent = 0 if self.method in ("fixed", "asp_plus") else half_away(self.rate, 100)
        return {
            "fixed": (1, 1),
            "asp_plus": (100 * ONE + self.rate, 106 * ONE),
            "awp_minus": (ONE - percent, ONE),
            "wac_plus": (ONE + percent, ONE),
        }.get(self.method, (percent, ONE))

    @property
    def rounded_price(self) -> int | None:
        """The unit price at the rate, rounded to so many decimals; in millionths."""
        if self.unit_price is None or self.price_decimals is None:
            return None
        of, over = self.part
        step = 10 ** (6 - self.price_decimals)
        return half_away(self.unit_price * of, over * step) * step

    @property
    def at_rate(self) -> int | None:
        """Cents before any cap."""
        of, over = self.part
        if self.method == "pct_of_charge":
            return None if self.charge_usd is None else half_away(self.charge_usd * of, over)
        if self.units is None or self.unit_price is None:
            return None
        if self.rounded_price is not None:
            return half_away(self.units * self.rounded_price, 10**7)
        return half_away(self.units * self.unit_price * of, over * 10**7)

    @property
    def amount(self) -> int | None:
        """Cents after the cap of the line or its part of a cap over the claim."""
        if self.at_rate is None or (self.charge_cap == "line" and self.charge_usd is None):
            return None
        caps = [self.charge_usd] if self.charge_cap == "line" else []
        return min([self.at_rate, *caps, *([] if self.ceiling_usd is None else [self.ceiling_usd])])


def answers(asked: Asked, types: Types, lines: list[Line]) -> list[tuple]:
    """What the model makes of the lines, in their order, as whole numbers."""
    query = slice_of(MODEL, given=["int_lines_to_price"], wanted=FOUND, last="final")
    names = [field.name for field in fields(Line)]
    whole = dict.fromkeys(set(names) - {"method", "charge_cap"}, pl.Int64)
    schema = {name: whole.get(name, pl.String) for name in names}
    rows = pl.DataFrame([astuple(line) for line in lines], schema=schema, orient="row")
    keyed = rows.with_row_index("line_number", offset=1).with_columns(
        claim_id=pl.lit("C"), payer_id=pl.lit("P"), candidate=pl.lit("contract")
    )
    with open_engine() as con:
        insert_scaled(con, "int_lines_to_price", keyed, types["int_lines_to_price"])
        return rows_scaled(con, asked(con, ["int_lines_to_price"], query), FOUND)


def differing(asked: Asked, types: Types, lines: list[Line]) -> list[tuple]:
    """The first lines on which the model and exact arithmetic part."""
    wanted = [
        (place, line.unit_price, line.rounded_price, line.at_rate, line.amount)
        for place, line in enumerate(lines, start=1)
    ]
    found = answers(asked, types, lines)
    assert len(found) == len(wanted)
    pairs = zip(lines, found, wanted, strict=True)
    return [(line, one, other) for line, one, other in pairs if one != other][:3]


def size(chance: random.Random, digits: int) -> int:
    """A number of any size up to so many digits, small ones as likely as large."""
    return chance.randrange(1, 10 ** chance.randrange(1, digits + 1))


def drawn() -> Iterator[Line]:
    """Lines of every method, decimals, cap and milligrams; a credit now and then."""
    chance = random.Random(86)
    for _ in range(DRAWN):
        is_per_mg = chance.random() < 0.3
        method = chance.choice(METHODS)
        rate = chance.choice((0, 6 * ONE, 4_300_000, 17 * ONE, chance.randrange(100 * ONE)))
        dollars = chance.randrange(10 ** chance.randrange(1, 11))
        line = Line(
            method=method,
            rate=dollars if method == "fixed" else rate,
            price_decimals=chance.choice((None, None, 0, 1, 2, 3, 4, 5, 6)),
            charge_cap=chance.choice(("none", "line", "claim")),
            ceiling_usd=chance.choice((None, size(chance, 8))),
            units=chance.choice((1, 1, 1, -1)) * size(chance, 9),
            charge_usd=chance.choice((size(chance, 9), size(chance, 9), None)),
            price_usd=dollars,
            price_mg=chance.choice((250_000, ONE, 3 * ONE, size(chance, 8))) if is_per_mg else None,
            unit_mg=chance.choice((250_000, ONE, 500 * ONE)) if is_per_mg else None,
        )
        if (line.unit_price or 0) < DEAREST:
            yield line


def ties() -> Iterator[Line]:
    """Amounts that end in exactly half a cent, plain and through 106, and a millionth beside."""
    chance = random.Random(1324)
    for _ in range(TIES):
        units = 2 ** chance.randrange(6) * 5 ** chance.randrange(6)
        fraction = 2 ** chance.randrange(6) * 5 ** chance.randrange(6) * 100
        half = 10**13 // 2 // (units * fraction)
        if half == 0 or units * fraction * half * 2 != 10**13:
            continue
        price = half * (2 * chance.randrange(max(1, 10**11 // half)) + 1) + chance.choice((0, 0, 1))
        sign = chance.choice((1, 1, -1))
        yield Line(rate=fraction * 100, units=sign * units, price_usd=price)
        through_106 = 106 * fraction - 100 * ONE
        yield Line(method="asp_plus", rate=through_106, units=sign * units, price_usd=price)


def halves_of_a_step() -> Iterator[Line]:
    """Unit prices at the rate that lie exactly between two roundings, and just beside."""
    chance = random.Random(30)
    for _ in range(TIES):
        decimals = chance.randrange(6)
        half = 5 * 10 ** (5 - decimals)
        price = (2 * chance.randrange(10**4) + 1) * half + chance.choice((0, 0, 1, -1))
        method, rate = chance.choice((("pct_of_limit", 100 * ONE), ("asp_plus", 6 * ONE)))
        yield Line(method=method, rate=rate, price_decimals=decimals, price_usd=price)


def is_tie(line: Line) -> bool:
    of, over = line.part
    return abs(line.units * line.unit_price * of) % (over * 10**7) * 2 == over * 10**7


def test_every_method_is_right_to_the_cent_on_every_line(asked: Asked, types: Types):
    assert differing(asked, types, list(drawn())) == []


def test_half_a_cent_goes_away_from_zero_also_after_the_division_of_asp(asked: Asked, types: Types):
    lines = list(ties())
    assert sum(is_tie(line) for line in lines if line.method == "asp_plus") > 5_000
    assert sum(is_tie(line) for line in lines if line.method == "pct_of_limit") > 5_000
    assert differing(asked, types, lines) == []


def test_unit_price_halfway_between_two_roundings_goes_away_from_zero(asked: Asked, types: Types):
    assert differing(asked, types, list(halves_of_a_step())) == []


def test_ends_of_the_ranges_overflow_nowhere(asked: Asked, types: Types):
    ends = [
        Line(method=method, rate=rate, price_decimals=decimals, units=units, price_usd=DEAREST)
        for method, rate in (
            ("fixed", DEAREST), ("pct_of_limit", 999 * ONE), ("asp_plus", 900 * ONE),
            ("awp_minus", 100 * ONE), ("wac_plus", 800 * ONE),
        )
        for decimals in (None, 0, 6)
        for units in (1, 10**7, -(10**7))
    ]  # fmt: skip
    ends += [
        Line(method="pct_of_charge", rate=ONE, charge_usd=10**14),
        Line(method="capitated", rate=45_000 * ONE),
        Line(units=10**15 - 1, price_usd=1),
        Line(price_usd=ONE, price_mg=1, unit_mg=1),
        Line(price_usd=DEAREST, price_mg=500 * ONE, unit_mg=500 * ONE),
    ]
    wanted = [line for line in ends if line.method != "capitated"]
    assert differing(asked, types, wanted) == []
    (capitated,) = answers(asked, types, [line for line in ends if line.method == "capitated"])
    assert capitated[3:] == (None, None)


@pytest.mark.parametrize("missing", ["rate", "units", "price_usd", "unit_mg"])
def test_amount_is_null_where_something_needed_is_not_known(
    asked: Asked, types: Types, missing: str
):
    lines = [Line(method=method, price_mg=ONE, unit_mg=ONE) for method in METHODS[1:5]]
    found = answers(asked, types, [replace(line, **{missing: None}) for line in lines])
    assert [row[3:] for row in found] == [(None, None)] * len(lines)


def test_worked_cases_of_the_definitions_come_out(asked: Asked, types: Types):
    padcev = Line(rate=104 * ONE, units=410_000, price_usd=36_743_000, charge_usd=4_500_000)
    lines = [
        Line(method="fixed", price_usd=742_500),
        padcev,
        replace(padcev, price_decimals=2),
        replace(padcev, method="asp_plus", rate=6 * ONE),
        replace(padcev, method="asp_plus", rate=0),
        replace(padcev, charge_cap="line", charge_usd=1_500_000),
        replace(padcev, ceiling_usd=1_234),
        # A fixed rate a milligram on a code of a quarter of one.
        Line(method="fixed", price_usd=2_970_000, price_mg=ONE, unit_mg=250_000),
    ]
    found = [row[3:] for row in answers(asked, types, lines)]
    assert found == [
        (6_683, 6_683), (1_566_722, 1_566_722), (1_566_610, 1_566_610), (1_506_463, 1_506_463),
        (1_421_192, 1_421_192), (1_566_722, 1_500_000), (1_566_722, 1_234), (6_683, 6_683),
    ]  # fmt: skip
