"""Planted prices: stale, cut, recoded, a cent off, too high; and the ladder each should climb."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from analytics.synthetic.adjudication import Ruling
from analytics.synthetic.contracts import expected_usd, term_for
from analytics.synthetic.drugs import (
    CENT,
    DRUGS,
    HOUSE_CODE,
    HOUSE_CODE_CMS_CODE,
    cents,
    limit_per_unit,
    quarter_before,
    quarter_of,
)
from analytics.synthetic.scenario import (
    Scenario,
    has_waste,
    is_house_code,
    is_percent_of_limit,
)
from analytics.synthetic.story import Story
from analytics.synthetic.visits import Visit, bill
from analytics.synthetic.x12_records import ProviderAdjustment

CUT_PERCENT = Decimal(98)


def at_contract(story: Story) -> None:
    """The payer pays what its contract says, as it knows it that day."""
    story.answered(bill(story.visit))


def stale_rate(story: Story) -> None:
    """The payer pays the rate before the last one."""
    _priced_anew(story, "superseded_term", lambda plan, line: (term_for(plan, line, back=1), {}))


def last_quarter_price(story: Story) -> None:
    """The payer prices by the CMS limit of the quarter before."""
    before = quarter_before(quarter_of(story.visit.service_date))
    _priced_anew(
        story, "other_quarter_price", lambda plan, line: (term_for(plan, line), {"quarter": before})
    )


def rate_cut(story: Story) -> None:
    """The payer pays a lower percent of the limit than the contract says, again and again."""

    def cut(plan, line):
        term = term_for(plan, line)
        return replace(term, rate=CUT_PERCENT), {}

    _priced_anew(story, "rate_difference", cut)


def units_cut(story: Story) -> None:
    """The remit counts fewer units than billed and gives no reason."""
    claim = bill(story.visit)
    line = claim.lines[0]
    paid_units = max(Decimal(1), Decimal(line.units) // story.rng.choice((2, 4, 10)))
    allowed = expected_usd(term_for(story.visit.plan, line), line, units=paid_units)
    on_remit = {"paid_units": paid_units, "original_units": line.units}
    ruling = Ruling(allowed_usd=allowed, cause="units_reduced", on_remit=on_remit)
    story.answered(claim, {1: ruling})


def recoded(story: Story) -> None:
    """The payer pays house-code milligrams as units of the CMS code: a quarter of the price."""
    claim = bill(story.visit)
    line, plan = claim.lines[0], story.visit.plan
    term = term_for(plan, line)
    assert term is not None
    assert term.rate is not None
    price = limit_per_unit(HOUSE_CODE_CMS_CODE, quarter_of(line.service_date))
    on_remit = {"hcpcs": HOUSE_CODE_CMS_CODE, "original_hcpcs": HOUSE_CODE}
    allowed = cents(Decimal(line.units) * price * term.rate / 100)
    story.answered(claim, {1: Ruling(allowed, "recoded", on_remit=on_remit)})


def overpaid(story: Story) -> None:
    """The payer pays for more units than billed; half the time it takes the money back later."""
    claim = bill(story.visit)
    line, plan = claim.lines[0], story.visit.plan
    term, units = term_for(plan, line), Decimal(line.units)
    paid_units = units + max(Decimal(1), units // 25)
    right = expected_usd(term, line) or Decimal(0)
    too_much = expected_usd(term, line, units=paid_units) or Decimal(0)
    on_remit = {"paid_units": paid_units, "original_units": line.units}
    ruling = Ruling(too_much, "units_reduced", on_remit=on_remit)
    remit, day = story.answered(claim, {1: ruling})
    reference, excess = remit.payer_control_number, too_much - right
    later = day + timedelta(days=28)
    if story.visit.number % 2:
        take_back = ProviderAdjustment("WO", reference, excess)
        story.provider_adjustments.append((later, plan.payer_id, take_back))
    if story.visit.number % 4 == 1:
        # The practice had sent the money itself: the payer hands the take-back back.
        returned = ProviderAdjustment("72", reference, -excess)
        story.provider_adjustments.append((later, plan.payer_id, returned))


def rounding_penny(story: Story) -> None:
    """The payer is a cent under."""
    claim = bill(story.visit)
    line = claim.lines[0]
    allowed = expected_usd(term_for(story.visit.plan, line), line) or Decimal(0)
    story.answered(claim, {1: Ruling(allowed - CENT, "rounding")})


def paid_as_one(story: Story) -> None:
    """The administered line is paid short and the discarded one long by the same amount."""
    claim = bill(story.visit)
    plan = story.visit.plan
    place = next(n for n, line in enumerate(claim.lines, start=1) if "JW" in line.modifiers)
    moved = Decimal("25.00")
    rulings = {}
    for number, change in ((1, -moved), (place, moved)):
        line = claim.lines[number - 1]
        right = expected_usd(term_for(plan, line), line) or Decimal(0)
        rulings[number] = Ruling(right + change, "pair")
    story.answered(claim, rulings)


def _priced_anew(story: Story, cause: str, priced) -> None:
    claim = bill(story.visit)
    rulings = {}
    for number, line in enumerate(claim.lines, start=1):
        if line.hcpcs in DRUGS:
            term, changes = priced(story.visit.plan, line)
            rulings[number] = Ruling(expected_usd(term, line, **changes), cause)
    story.answered(claim, rulings)


def _is_stale(visit: Visit) -> bool:
    day, payer_id = visit.service_date, visit.plan.payer_id
    if visit.hcpcs != HOUSE_CODE:
        return False
    if payer_id == "birch":
        return date(2025, 7, 1) <= day < date(2025, 10, 1)
    return day >= date(2025, 4, 1)


def _limit_rose(visit: Visit) -> bool:
    quarter = quarter_of(visit.service_date)
    rose = limit_per_unit(visit.hcpcs, quarter) - limit_per_unit(
        visit.hcpcs, quarter_before(quarter)
    )
    return visit.plan.line_of_business == "commercial" and rose * visit.units > 1


def _is_cut(visit: Visit) -> bool:
    is_professional = visit.plan.claim_type == "professional"
    return (
        is_professional and visit.hcpcs == HOUSE_CODE and quarter_of(visit.service_date) == "2025Q3"
    )


PAYMENTS = (
    Scenario("stale_rate", stale_rate, {"alder": 90, "birch": 350}, _is_stale),
    Scenario("last_quarter_price", last_quarter_price, {"alder": 60}, _limit_rose),
    Scenario("rate_cut", rate_cut, {"hazel": 1000}, _is_cut),
    Scenario(
        "units_cut", units_cut, {"alder": 22, "dogwood": 25, "birch": 20}, is_percent_of_limit
    ),
    Scenario("recoded", recoded, {"alder": 22}, is_house_code),
    Scenario("overpaid", overpaid, {"alder": 18, "dogwood": 30, "elm": 30}, is_percent_of_limit),
    Scenario("rounding_penny", rounding_penny, {"alder": 18, "dogwood": 20}, is_percent_of_limit),
    Scenario("paid_as_one", paid_as_one, {"alder": 12, "dogwood": 10}, has_waste),
)
