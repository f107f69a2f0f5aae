"""Formulas many tools use, each at its best, beside the planted truth of a made-up site.

Whatever is not the flaw of a formula is granted to it: the right term, the right match of remit and
claim, the denied part taken out. So a row shows what that one shortcut costs.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl

from analytics.scoring.naive_lines import (
    CENT,
    NOTHING,
    PricedLine,
    PricedSite,
    at_rate,
    cents,
    priced_site,
    quarter_of,
)

SHARE = Decimal("0.8")
Reported = Callable[[PricedLine, PricedSite], Decimal]


def naive_formulas(data: str | Path) -> pl.DataFrame:
    """What each usual formula gets right, and the dollars it invents and misses.

    `false_usd` is reported and not owed (either way), `missed_usd` owed and not reported; a line
    is wrong when it is more than a cent off. The last row is the package itself.

    Takes    the folder of a made-up site (with its answer key) that has been refreshed
    Returns  formula, gets_right, lines, lines_wrong, false_usd, missed_usd
    Raises   UsageError without an answer key; AnalyticsError before the first `analytics refresh`
    """
    site = priced_site(data)
    rows = [_row(formula, right, report, site) for formula, right, report in FORMULAS]
    money = pl.Decimal(18, 2)
    return pl.DataFrame(rows, schema_overrides={"false_usd": money, "missed_usd": money})


def _row(formula: str, gets_right: str, report: Reported, site: PricedSite) -> dict[str, object]:
    false, missed, wrong = NOTHING, NOTHING, 0
    for line in site.lines:
        said, true = report(line, site), line.true_gap_usd
        # A cent is forgiven, as it is to the package, which may have told one beside a denial.
        said = NOTHING if abs(said) <= CENT and said != line.gap_usd else said
        is_same_way = said * true > 0
        false += max(abs(said) - abs(true), NOTHING) if is_same_way else abs(said)
        missed += max(abs(true) - abs(said), NOTHING) if is_same_way else abs(true)
        wrong += abs(said - true) > CENT
    return {
        "formula": formula,
        "gets_right": gets_right,
        "lines": len(site.lines),
        "lines_wrong": wrong,
        "false_usd": false,
        "missed_usd": missed,
    }


def _allowed_as(line: PricedLine, allowed: Decimal) -> Decimal:
    return line.gap_usd + line.allowed_usd - allowed


def _expected_as(line: PricedLine, expected: Decimal) -> Decimal:
    return line.gap_usd + expected - at_rate(line)


def _paid_alone(line: PricedLine, site: PricedSite) -> Decimal:
    return _allowed_as(line, line.paid_usd)


def _paid_and_patient(line: PricedLine, site: PricedSite) -> Decimal:
    return _allowed_as(line, line.paid_usd + line.patient_usd)


def _flat_coinsurance(line: PricedLine, site: PricedSite) -> Decimal:
    if line.line_of_business != "medicare_ffs":
        return line.gap_usd
    before_cut = line.paid_usd + line.sequestration_usd
    return _allowed_as(line, cents(before_cut / SHARE) + line.deductible_usd)


def _remit_alone(line: PricedLine, site: PricedSite) -> Decimal:
    return NOTHING


def _share_of_charge(line: PricedLine, site: PricedSite) -> Decimal:
    share = site.shares_of_charge[line.schedule]
    return cents(line.charge_usd * share) - line.allowed_usd


def _paid_date(line: PricedLine, site: PricedSite) -> Decimal:
    return _at_limit_of(line, site, quarter_of(line.last_paid_date))


def _one_price_a_quarter(line: PricedLine, site: PricedSite) -> Decimal:
    return _at_limit_of(line, site, quarter_of(line.service_date))


def _remit_units(line: PricedLine, site: PricedSite) -> Decimal:
    if line.remit_units is None or line.method == "pct_of_charge":
        return line.gap_usd
    return _expected_as(line, at_rate(line, units=line.remit_units))


def _floats(line: PricedLine, site: PricedSite) -> Decimal:
    price, percent = line.unit_price, float(line.rate) / 100
    if price is None or line.method not in ("fixed", "pct_of_limit") or line.charge_cap != "none":
        return line.gap_usd
    each = float(price) * (1.0 if line.method == "fixed" else percent)
    if line.price_decimals is not None:
        each = round(each, line.price_decimals)
    return _expected_as(line, Decimal(str(round(float(line.units) * each, 2))))


def _rounded_unit_price(line: PricedLine, site: PricedSite) -> Decimal:
    return _expected_as(line, at_rate(line, decimals=2))


def _unit_for_unit(line: PricedLine, site: PricedSite) -> Decimal:
    return _expected_as(line, at_rate(line, price=line.price_usd))


def _null_as_zero(line: PricedLine, site: PricedSite) -> Decimal:
    is_unknown_to_cms = line.is_by_limit and line.hcpcs != line.priced_hcpcs
    return -line.allowed_usd if is_unknown_to_cms else line.gap_usd


def _ours(line: PricedLine, site: PricedSite) -> Decimal:
    return line.gap_usd


def _at_limit_of(line: PricedLine, site: PricedSite, quarter: str) -> Decimal:
    limit = site.limits.get((line.priced_hcpcs, quarter))
    if not line.is_by_limit or limit is None or not line.price_usd or line.unit_price is None:
        return line.gap_usd
    return _expected_as(line, at_rate(line, price=limit * line.unit_price / line.price_usd))


FORMULAS: tuple[tuple[str, str, Reported], ...] = (
    ("expected less paid", "lines without patient share", _paid_alone),
    ("expected less paid and PR", "lines without sequestration", _paid_and_patient),
    ("Medicare pays 80%", "quarters at 20% coinsurance", _flat_coinsurance),
    ("usual share of charges", "payers that never change", _share_of_charge),
    ("price of the payment date", "paid within the quarter", _paid_date),
    ("one limit a quarter", "terms without lag or vintage", _one_price_a_quarter),
    ("units of the 835", "remits that count as billed", _remit_units),
    ("CMS unit for billed unit", "codes CMS prices itself", _unit_for_unit),
    ("no CMS row is $0.00", "codes CMS prices itself", _null_as_zero),
    ("unit price in cents", "contracts that say so", _rounded_unit_price),
    ("floats, half to even", "all, a cent forgiven", _floats),
    ("the remit against itself", "lines paid at contract", _remit_alone),
    ("this package", "all of them", _ours),
)
