"""What a planted scenario is: what happens, to whom, how often; and the conditions they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analytics.synthetic.contracts import term_for
from analytics.synthetic.drugs import HOUSE_CODE
from analytics.synthetic.story import Story
from analytics.synthetic.visits import Visit, bill

SETTLED_AFTER_DAYS = 60


def any_visit(visit: Visit) -> bool:
    """Every visit fits."""
    return True


def is_house_code(visit: Visit) -> bool:
    """The drug is billed under the house code."""
    return visit.hcpcs == HOUSE_CODE


def has_waste(visit: Visit) -> bool:
    """The least-waste vials leave at least one billable unit."""
    return visit.waste_units > 0


def has_no_waste(visit: Visit) -> bool:
    """The least-waste vials leave less than a unit."""
    return not has_waste(visit)


def needs_jz(visit: Visit) -> bool:
    """A right claim carries JZ."""
    return "JZ" in bill(visit).lines[0].modifiers


def is_covered(visit: Visit) -> bool:
    """The contract does not exclude the drug."""
    return _method(visit) != "not_covered"


def is_carved_out(visit: Visit) -> bool:
    """The drug is paid apart from any capitation."""
    return _method(visit) != "capitated"


def is_percent_of_limit(visit: Visit) -> bool:
    """The drug is priced by the CMS limit."""
    return _method(visit) == "pct_of_limit"


def is_priced_by_unit(visit: Visit) -> bool:
    """The drug has a price per unit."""
    return _method(visit) in ("fixed", "pct_of_limit")


@dataclass(frozen=True)
class Scenario:
    """A way a visit's money can go, and how many visits in a thousand of a payer go that way.

    `days` is how long before as-of the visit must lie for the whole story to be known; `least` is
    how many visits of a site go that way if so many fit.
    """

    name: str
    act: Callable[[Story], None]
    per_mille: Mapping[str, int]
    fits: Callable[[Visit], bool] = any_visit
    days: int = SETTLED_AFTER_DAYS
    least: int = 3


def _method(visit: Visit) -> str:
    term = term_for(visit.plan, bill(visit).lines[0])
    return "" if term is None else term.method
