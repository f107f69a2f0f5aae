"""The lines that usual formulas are tried on: what was billed, paid, priced, and really owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path

from analytics.scoring.rows import KEY_FILE, read_rows
from analytics.tables import sql

CENT, NOTHING = Decimal("0.01"), Decimal("0.00")
Schedule = tuple[str, str, str, str]
SIGNS = {"underpaid": 1, "overpaid": -1}
# Everything but the flaw of a formula is granted to it, so it starts from the priced lines.
LINES = """
with

last_answers as (
    select claim_id, payer_id, line_number, max(event_order) as event_order
    from int_event_lines
    where event_state = 'live' and speaks
    group by 1, 2, 3
),

counted as (
    select
        placed.claim_id,
        placed.payer_id,
        placed.line_number,
        sum(remit_lines.paid_units) as remit_units
    from int_remit_lines_placed as placed
    inner join last_answers using (claim_id, payer_id, line_number, event_order)
    inner join stg_835__remit_lines as remit_lines
        using (remit_claim_id, remit_line_number)
    group by 1, 2, 3
)

select
    lines.claim_id,
    lines.line_number,
    lines.payer_id,
    lines.hcpcs,
    coalesce(identity.cms_hcpcs, lines.hcpcs) as priced_hcpcs,
    lines.line_of_business,
    lines.service_date,
    lines.last_paid_date,
    counted.remit_units,
    lines.allowed_usd,
    lines.paid_usd,
    lines.patient_usd,
    lines.deductible_usd,
    lines.sequestration_usd,
    lines.expected_allowed_usd,
    lines.shortfall_usd - lines.overpaid_usd as gap_usd,
    priced.method,
    priced.rate,
    priced.price_decimals,
    priced.charge_cap,
    priced.units,
    priced.charge_usd,
    priced.price_usd,
    priced.price_mg,
    priced.unit_mg
from drug_line_outcomes as lines
inner join int_lines_to_price as priced using (claim_id, line_number, payer_id)
left join counted using (claim_id, line_number, payer_id)
left join code_identity as identity
    on
        lines.claim_id = identity.claim_id
        and lines.line_number = identity.line_number
        and lines.payer_id = identity.payer_id
        and identity.identity_basis = 'house_code'
where
    lines.payer_rank = 'primary'
    and lines.gap_usd is not null
    and lines.expected_allowed_usd > 0
order by 1, 2, 3
"""
LIMITS = """
select hcpcs, effective_quarter, payment_limit_usd
from stg_ref__payment_limits
where payment_limit_usd is not null
order by hcpcs, effective_quarter, published_on
"""


@dataclass(frozen=True)
class PricedLine:
    """A compared line; `gap_usd` is what the package reports, `true_gap_usd` what is planted."""

    claim_id: str
    line_number: int
    payer_id: str
    hcpcs: str
    priced_hcpcs: str
    line_of_business: str
    service_date: date
    last_paid_date: date
    remit_units: Decimal | None
    allowed_usd: Decimal
    paid_usd: Decimal
    patient_usd: Decimal
    deductible_usd: Decimal
    sequestration_usd: Decimal
    expected_allowed_usd: Decimal
    gap_usd: Decimal
    method: str
    rate: Decimal
    price_decimals: int | None
    charge_cap: str
    units: Decimal
    charge_usd: Decimal
    price_usd: Decimal | None
    price_mg: Decimal | None
    unit_mg: Decimal | None
    true_gap_usd: Decimal

    @property
    def is_by_limit(self) -> bool:
        """Whether the term prices by a CMS payment limit."""
        return self.method in ("pct_of_limit", "asp_plus")

    @property
    def unit_price(self) -> Decimal | None:
        """The price of a billed unit, of the milligrams in it where they differ."""
        if self.price_usd is None or self.price_mg is None or self.unit_mg is None:
            return self.price_usd
        return self.price_usd * self.unit_mg / self.price_mg

    @property
    def schedule(self) -> Schedule:
        """What a payer keeps one rate for, as far as remits show it."""
        return self.payer_id, self.line_of_business, self.hcpcs, quarter_of(self.service_date)


@dataclass(frozen=True)
class PricedSite:
    """The compared lines of a site, and the last published limit of each code and quarter."""

    lines: tuple[PricedLine, ...]
    limits: Mapping[tuple[str, str], Decimal]

    @cached_property
    def shares_of_charge(self) -> Mapping[Schedule, Decimal]:
        """Allowed over charged of each payer, code and quarter."""
        sums: dict[Schedule, list[Decimal]] = defaultdict(lambda: [NOTHING, NOTHING])
        for line in self.lines:
            sums[line.schedule][0] += line.allowed_usd
            sums[line.schedule][1] += line.charge_usd
        return {schedule: allowed / charge for schedule, (allowed, charge) in sums.items()}


def priced_site(data: str | Path) -> PricedSite:
    """The compared lines of a refreshed made-up site, with the gaps its key says are true."""
    true_gaps: dict[tuple[str, int, str], Decimal] = defaultdict(lambda: NOTHING)
    for row in read_rows(Path(data) / KEY_FILE).iter_rows(named=True):
        sign = SIGNS.get(row["finding"].partition("_")[0])
        if sign:
            place = row["claim_id"], row["line_number"], row["payer_id"]
            true_gaps[place] += sign * row["amount_usd"]
    lines = [
        PricedLine(
            **row, true_gap_usd=true_gaps[row["claim_id"], row["line_number"], row["payer_id"]]
        )
        for row in sql(LINES, data=data).iter_rows(named=True)
    ]
    limits = {(hcpcs, quarter): usd for hcpcs, quarter, usd in sql(LIMITS, data=data).iter_rows()}
    return PricedSite(tuple(lines), limits)


def cents(amount: Decimal) -> Decimal:
    """An amount in whole cents, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def at_rate(
    line: PricedLine,
    *,
    price: Decimal | None = None,
    units: Decimal | None = None,
    decimals: int | None = None,
) -> Decimal:
    """What the line's term gives, at another price, count or rounding where one is named."""
    each, count = price or line.unit_price, line.units if units is None else units
    if line.method == "pct_of_charge" or each is None:
        return cents(line.charge_usd * line.rate / 100)
    percent = {
        "fixed": Decimal(1),
        "pct_of_limit": line.rate / 100,
        "awp_minus": (100 - line.rate) / 100,
        "wac_plus": (100 + line.rate) / 100,
        "asp_plus": (100 + line.rate) / 106,
    }[line.method]
    rounded_to = line.price_decimals if decimals is None else decimals
    each = each * percent
    if rounded_to is not None:
        each = each.quantize(Decimal(1).scaleb(-rounded_to), ROUND_HALF_UP)
    amount = cents(count * each)
    return min(amount, line.charge_usd) if line.charge_cap == "line" else amount


def quarter_of(day: date) -> str:
    """The calendar quarter of a day.

    >>> quarter_of(date(2025, 12, 31))
    '2025Q4'
    """
    return f"{day.year}Q{(day.month + 2) // 3}"
