"""The finding of a ledger row, first that applies (RULES 10.7)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .reference import Row
from .vials import Vials
from .visits import Visit

UNPAID_OUTCOMES = ("denied", "zero_no_reason", "bundled")


@dataclass
class Units:
    """The units of a treatment, in those of its first administered line."""

    administered: Decimal
    waste: Decimal
    recorded: Decimal | None = None
    expected: Decimal | None = None
    missed: Decimal | None = None


def finding_of(visit: Visit, vials: Vials, units: Units, policy: Row | None) -> str:
    """Return the finding of a treatment under a policy."""
    unseen = _without_policy(vials, policy)
    if unseen:
        return unseen
    waste = [each for each in visit.lines if each.line.is_waste]
    has_jz = any("JZ" in each.line.modifiers for each in visit.lines)
    if _is_in_conflict(visit, vials, units):
        return "modifier_conflict"
    if _lacks_a_modifier(visit, vials, units, policy):
        return "modifier_missing"
    if units.missed > 0 and not has_jz:
        return "missed"
    if any(each.outcome.name in UNPAID_OUTCOMES for each in waste):
        return "denied"
    if any(each.gap.shortfall > 0 for each in waste):
        return "short_paid"
    if units.waste > units.expected:
        return "overbilled"
    if has_jz and vials.evidence == "C" and units.missed > 0:
        return "jz_attested"
    return "clean"


def requires(policy: Row | None, column: str) -> str | None:
    """Return whether a policy asks for a modifier, None where it does not say."""
    policy = policy or {}
    return policy.get(column) or policy.get("requires_jw_jz") or None


def _without_policy(vials: Vials, policy: Row | None) -> str | None:
    """Return the finding of a row no policy for waste speaks of."""
    if not vials.has_packages:
        return "no_package_known"
    if not vials.is_billable:
        return "not_billable"
    pays_waste = (policy or {}).get("pays_waste")
    if not pays_waste:
        return "policy_unknown"
    return "not_paid_by_policy" if pays_waste == "no" else None


def _is_in_conflict(visit: Visit, vials: Vials, units: Units) -> bool:
    modifiers = [set(each.line.modifiers) for each in visit.lines]
    denies_waste = any("JZ" in each for each in modifiers) and vials.evidence in ("A", "B")
    on_one_line = any({"JW", "JZ"} <= each for each in modifiers)
    return on_one_line or (denies_waste and units.missed > 0)


def _lacks_a_modifier(visit: Visit, vials: Vials, units: Units, policy: Row | None) -> bool:
    if any({"JW", "JZ"} & set(each.line.modifiers) for each in visit.lines):
        return False
    is_inside = vials.evidence == "A" and units.administered > units.recorded
    wants_jw = requires(policy, "requires_jw") == "yes" or is_inside
    return requires(policy, "requires_jz") == "yes" or (wants_jw and units.expected > 0)
