"""What must hold of the causes of any gap, on drawn sites through real claims and remits.

Every drawn line is told several times over, to payers whose contracts say the same in other words:
with a term split in two, with ten times the units, in another code for the same milligrams. Only
words may differ between them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenario_site import (
    AS_OF,
    Mail,
    Plan,
    Published,
    allowed,
    drug,
    payers,
    publish,
    refreshed,
    term,
    write_reference,
)

PLAIN, SPLIT, TENFOLD, CMS = Plan("plain"), Plan("split"), Plan("tenfold"), Plan("cms")
PLANS = (PLAIN, SPLIT, TENFOLD, CMS)
LAST_YEAR, THIS_YEAR = {"effective_through": "2025-12-31"}, {"effective_from": "2026-01-01"}
NEW_YEAR = date(2026, 1, 1)
FEW = {"deadline": None, "suppress_health_check": list(HealthCheck)}
Rows = list[dict[str, object]]


@dataclass(frozen=True)
class Drawn:
    """One billed line: milligrams, those paid, and what a milligram was paid at, in cents."""

    day: int
    mg: int
    paid_mg: int
    paid_at: str
    off_cents: int

    def paid_cents(self, old: int, new: int) -> int:
        """What is allowed, in cents: the milligrams paid at the old rate or the new, and off it."""
        return self.paid_mg * (old if self.paid_at == "old" else new) - self.off_cents


@st.composite
def lines_drawn(draw: st.DrawFn) -> list[Drawn]:
    """Lines short and over, cut and whole; off every rate are two at most, so that none recurs."""
    off = draw(st.lists(st.integers(-2000, 2000).filter(lambda c: abs(c) > 6), max_size=2))
    made = []
    for off_cents in [0] * draw(st.integers(6, 12)) + off:
        mg = draw(st.integers(50, 400))
        paid_mg = draw(st.one_of(st.just(mg), st.integers(mg // 2, mg + 20)))
        paid_at = draw(st.sampled_from(["old", "new"]))
        made.append(Drawn(draw(st.integers(0, 89)), mg, paid_mg, paid_at, off_cents))
    return made


def tell(mail: Mail, number: int, line: Drawn, rates: tuple[int, int]) -> None:
    """Bill and answer the line to every payer, each in its own units."""
    for plan in PLANS:
        times = 10 if plan is TENFOLD else 1
        hcpcs, units_a_mg = ("J9177", 4) if plan is CMS else ("J1324", times)
        day = NEW_YEAR + timedelta(days=line.day)
        charge = f"{times * 90_000}.00"
        billed = drug(hcpcs, line.mg * units_a_mg, charge, service_date=day)
        paid = allowed(
            billed,
            str(Decimal(times * line.paid_cents(*rates)).scaleb(-2)),
            paid_units=line.paid_mg * units_a_mg,
            original_units=billed.units,
        )
        mail.settle(f"{plan.payer_id.upper()}{number}", billed, paid, plan=plan)


def contract(plan: Plan, rates: tuple[int, int], split_on: date) -> Rows:
    """The same contract in each payer's words: a rate of last year and a rate of this."""
    hcpcs, a_mg = ("J9177", 4) if plan is CMS else ("J1324", 1)
    old, new = (str(Decimal(rate // a_mg).scaleb(-2)) for rate in rates)
    versions = [term(plan, hcpcs, old, **LAST_YEAR)]
    if plan is not SPLIT:
        return [*versions, term(plan, hcpcs, new, **THIS_YEAR)]
    before = {**THIS_YEAR, "effective_through": str(split_on - timedelta(days=1))}
    return [
        *versions,
        term(plan, hcpcs, new, **before),
        term(plan, hcpcs, new, effective_from=str(split_on)),
    ]


def dollars_of(site: Published, plan: Plan) -> list[tuple[str, str, Decimal]]:
    """Per claim of a payer the causes and their dollars, without the words."""
    rows = site.table("underpayment_causes").filter(payer_id=plan.payer_id)
    named = pl.col("claim_id").str.strip_prefix(plan.payer_id.upper())
    return rows.select(named, "cause", "gap_usd").sort(pl.all()).rows()


@settings(max_examples=3, **FEW)
@given(
    lines=lines_drawn(),
    rates=st.tuples(st.integers(30, 300), st.integers(30, 300)).map(lambda r: (r[0] * 4, r[1] * 4)),
    split_after=st.integers(1, 88),
)
def test_no_words_of_a_contract_or_code_change_a_dollar_of_a_cause(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[Drawn],
    rates: tuple[int, int],
    split_after: int,
):
    mail = Mail()
    for number, line in enumerate(lines):
        tell(mail, number, line, rates)
    split_on = NEW_YEAR + timedelta(days=split_after)
    terms = [row for plan in PLANS for row in contract(plan, rates, split_on)]
    reference = {**payers(*PLANS), "contract_terms": terms}
    site = publish(tmp_path_factory.mktemp("drawn") / "site", mail, reference)
    plain = dollars_of(site, PLAIN)
    assert dollars_of(site, SPLIT) == plain
    assert dollars_of(site, CMS) == plain
    assert dollars_of(site, TENFOLD) == [(claim, cause, 10 * usd) for claim, cause, usd in plain]
    assert sums_of(site) == gaps_of(site)


def sums_of(site: Published) -> dict[str, Decimal]:
    """What the causes of each claim add up to."""
    rows = site.table("underpayment_causes").group_by("claim_id").agg(pl.col("gap_usd").sum())
    return dict(rows.rows())


def gaps_of(site: Published) -> dict[str, Decimal]:
    """What each claim that is off its contract is short, less what it is over."""
    off = pl.col("shortfall_usd") - pl.col("overpaid_usd")
    lines = site.table("drug_line_outcomes").select("claim_id", off_usd=off)
    return dict(lines.filter(pl.col("off_usd") != 0).rows())


@settings(max_examples=2, **FEW)
@given(lines=lines_drawn(), later=st.integers(1, 60))
def test_a_day_gone_by_has_the_causes_it_had(
    tmp_path_factory: pytest.TempPathFactory, lines: list[Drawn], later: int
):
    rates = (120, 200)
    mail = Mail()
    for number, line in enumerate(lines):
        tell(mail, number, line, rates)
    terms = [row for plan in PLANS for row in contract(plan, rates, date(2026, 2, 1))]
    folder = tmp_path_factory.mktemp("replay") / "site"
    site = publish(folder, mail, {**payers(*PLANS), "contract_terms": terms})
    before = site.table("underpayment_causes")
    # An amendment signed later, back to the new year, at the rate that some lines were paid at.
    signed = {**THIS_YEAR, "recorded_on": str(AS_OF + timedelta(days=later))}
    amended = [term(plan, "J1324", "1.20", **signed) for plan in (PLAIN, SPLIT, TENFOLD)]
    write_reference(folder, "contract_terms", [*terms, *amended])
    now = refreshed(folder, as_of=AS_OF + timedelta(days=later)).table("underpayment_causes")
    again = refreshed(folder, as_of=AS_OF).table("underpayment_causes")
    key = ["claim_id", "line_number", "payer_id", "cause"]
    assert again.sort(key).equals(before.sort(key))
    if any(line.paid_at == "old" and line.off_cents == 0 for line in lines):
        assert not now.sort(key).equals(before.sort(key))
