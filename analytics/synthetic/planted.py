"""Which visit goes which way: every planted scenario at least once, most visits paid right."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

from analytics.synthetic.contracts import AS_OF
from analytics.synthetic.planted_company import COMPANY
from analytics.synthetic.planted_denials import DENIALS
from analytics.synthetic.planted_forms import FORMS
from analytics.synthetic.planted_histories import HISTORIES
from analytics.synthetic.planted_payments import PAYMENTS, at_contract
from analytics.synthetic.planted_waste import WASTE
from analytics.synthetic.scenario import Scenario
from analytics.synthetic.story import Story
from analytics.synthetic.visits import Visit

SCENARIOS = (*PAYMENTS, *FORMS, *DENIALS, *HISTORIES, *COMPANY, *WASTE)
PAID_AT_CONTRACT = Scenario("at_contract", at_contract, {})


def stories(visits: list[Visit], rng: Random) -> list[Story]:
    """The story of every visit, in order.

    A scenario is drawn for each visit; one that no visit drew takes the first visits it fits that
    drew nothing, rarest scenario first, so that even a small site shows as many as it can hold.
    """
    chosen = {visit.number: _drawn(visit, rng) for visit in visits}
    _fill_gaps(chosen, visits)
    told = []
    for visit in visits:
        scenario = chosen[visit.number]
        story = Story(visit, rng, scenario.name)
        scenario.act(story)
        told.append(story)
    return told


def _drawn(visit: Visit, rng: Random) -> Scenario:
    ticket = rng.randrange(1000)
    for scenario in SCENARIOS:
        share = scenario.per_mille.get(visit.plan.payer_id, 0)
        if share and _fits(scenario, visit):
            if ticket < share:
                return scenario
            ticket -= share
    return PAID_AT_CONTRACT


def _fill_gaps(chosen: dict[int, Scenario], visits: list[Visit]) -> None:
    drawn = Counter(scenario.name for scenario in chosen.values())
    scarce = [scenario for scenario in SCENARIOS if drawn[scenario.name] < scenario.least]
    fitting = {scenario.name: _fitting(scenario, visits) for scenario in scarce}
    scarce.sort(key=lambda scenario: len(fitting[scenario.name]))
    for wanted in range(1, max((scenario.least for scenario in scarce), default=0) + 1):
        for scenario in scarce:
            if drawn[scenario.name] >= min(wanted, scenario.least):
                continue
            free = (n for n in fitting[scenario.name] if chosen[n] is PAID_AT_CONTRACT)
            number = next(free, None)
            if number is not None:
                chosen[number] = scenario
                drawn[scenario.name] += 1


def _fitting(scenario: Scenario, visits: list[Visit]) -> list[int]:
    return [
        visit.number
        for visit in visits
        if visit.plan.payer_id in scenario.per_mille and _fits(scenario, visit)
    ]


def _fits(scenario: Scenario, visit: Visit) -> bool:
    is_settled = visit.service_date <= AS_OF - timedelta(days=scenario.days)
    return is_settled and scenario.fits(visit)
