"""Which cause the lines paid at another rate have, once every visit of the site is told.

One rate on three claims of a payer, code and quarter is a rate difference; a rate seen less often
explains nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from analytics.synthetic.adjudication import Truth
from analytics.synthetic.drugs import CENT, limit_per_unit, quarter_of
from analytics.synthetic.story import LineKey, Story

CLAIMS_THAT_MAKE_A_RATE = 3
Rate = tuple[str, str, str, Decimal]


def with_cause_of_another_rate(told: list[Story]) -> list[Story]:
    """The same stories, the cause of each line paid at another rate set."""
    claims: dict[Rate, set[str]] = defaultdict(set)
    lines = list(_at_another_rate(told))
    for _, key, truth in lines:
        claims[_rate(truth)].add(key.claim_id)
    for story, key, truth in lines:
        if len(claims[_rate(truth)]) < CLAIMS_THAT_MAKE_A_RATE:
            story.truths[key] = replace(truth, cause="unexplained")
    return told


def _at_another_rate(told: list[Story]) -> Iterator[tuple[Story, LineKey, Truth]]:
    for story in told:
        for key, truth in story.truths.items():
            if truth.cause == "rate_difference" and truth.allowed_usd:
                yield story, key, truth


def _rate(truth: Truth) -> Rate:
    line = truth.line
    quarter = quarter_of(line.service_date)
    exact = truth.allowed_usd / Decimal(line.units) / limit_per_unit(line.hcpcs, quarter)
    return truth.plan.payer_id, line.hcpcs, quarter, (100 * exact).quantize(CENT)
