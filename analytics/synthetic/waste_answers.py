"""What the waste ledger must say of each patient, day and drug, from the billed lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analytics.synthetic.adjudication import NOTHING, Truth
from analytics.synthetic.contracts import expected_usd, term_for
from analytics.synthetic.drugs import (
    DRUGS,
    Vial,
    least_waste_vials,
    units_for,
    vial_mg,
    whole_units,
)
from analytics.synthetic.payers import Plan, policy_for
from analytics.synthetic.story import LineKey, Marker

OUTSIDE_THE_LEDGER = ("closed_unpaid", "returned", "duplicate")
Lines = list[tuple[LineKey, Truth]]


@dataclass(frozen=True)
class Opened:
    """What a ledger row's claim lines show: units, the waste to expect, and how it is known."""

    administered_units: Decimal
    waste_units: Decimal
    expected_units: Decimal
    missed_units: Decimal
    avoidable_units: Decimal
    evidence: str


def waste_markers(truths: Mapping[LineKey, Truth]) -> Iterator[Marker]:
    """The ledger rows of a story that are not clean, or of vials nobody needed, as key rows."""
    days: dict[tuple[date, str], Lines] = defaultdict(list)
    for key, truth in truths.items():
        is_seen = truth.outcome not in OUTSIDE_THE_LEDGER and not truth.is_outside_ledger
        if truth.is_drug and is_seen:
            days[truth.line.service_date, truth.line.hcpcs].append((key, truth))
    for (day, _), lines in days.items():
        yield from _rows(_of_one_payer(lines), day)


def _of_one_payer(lines: Lines) -> Lines:
    allowed: dict[str, Decimal] = defaultdict(Decimal)
    for key, truth in lines:
        allowed[key.payer_id] += truth.allowed_usd
    payer_id = max(sorted(allowed), key=lambda payer: allowed[payer])
    return [(key, truth) for key, truth in lines if key.payer_id == payer_id]


def _rows(lines: Lines, day: date) -> Iterator[Marker]:
    administered = [(k, t) for k, t in lines if "JW" not in t.line.modifiers] or lines
    key, first = administered[0]
    opened = _opened([truth for _, truth in lines])
    finding = _finding([truth for _, truth in lines], opened, first.plan, day)
    place = key.claim_id.partition("-")[0], key.claim_id, key.line_number, key.payer_id
    if finding != "clean":
        amount = _dollars(finding, [truth for _, truth in lines], opened, first)
        note = (
            f"evidence {opened.evidence}; {opened.expected_units} expected, "
            f"{opened.waste_units} billed, {opened.missed_units} missed units"
        )
        yield Marker(*place, f"waste_{finding}", amount, note)
    if opened.avoidable_units:
        # The practice has no purchase price of this drug on file.
        note = f"{opened.avoidable_units} units in vials that the dose did not need"
        yield Marker(*place, "waste_vial_choice", None, note)


def _opened(truths: list[Truth]) -> Opened:
    hcpcs = truths[0].line.hcpcs
    waste = _units(truths, is_waste=True)
    administered = _units(truths, is_waste=False)
    if not administered:
        return Opened(administered, waste, Decimal(0), Decimal(0), Decimal(0), "none")
    dose_mg = administered * DRUGS[hcpcs].unit_mg
    least = vial_mg(least_waste_vials(hcpcs, dose_mg))
    counted = _counted_mg(truths, (administered + waste) * DRUGS[hcpcs].unit_mg)
    payable = least if counted is None else min(counted, least)
    payable_units = whole_units(hcpcs, payable)
    expected = min(whole_units(hcpcs, payable - dose_mg), payable_units - units_for(hcpcs, dose_mg))
    expected = max(Decimal(0), expected)
    missed = max(Decimal(0), min(expected - waste, payable_units - administered - waste))
    avoidable = whole_units(hcpcs, (counted or least) - least)
    evidence = "C" if counted is None else "B"
    return Opened(administered, waste, expected, missed, avoidable, evidence)


def _counted_mg(truths: list[Truth], billed_mg: Decimal) -> Decimal | None:
    by_ndc = {vial.ndc11: vial for vial in DRUGS[truths[0].line.hcpcs].vials}
    totals = {True: Decimal(0), False: Decimal(0)}
    named: list[Vial] = []
    for truth in truths:
        line, is_waste = truth.line, "JW" in truth.line.modifiers
        if line.ndc_quantity is None or line.ndc not in by_ndc:
            if not is_waste:
                return None
            continue
        vial = by_ndc[line.ndc]
        named.append(vial)
        totals[is_waste] += vial.mg * Decimal(line.ndc_quantity) / vial.quantity
    both, smallest = sum(totals.values()), min(vial.mg for vial in named)
    if both >= billed_mg and both - billed_mg < smallest:
        return Decimal(both)
    return max(totals.values())


def _units(truths: list[Truth], *, is_waste: bool) -> Decimal:
    return sum(
        (Decimal(t.line.units) for t in truths if ("JW" in t.line.modifiers) == is_waste),
        Decimal(0),
    )


def _finding(truths: list[Truth], opened: Opened, plan: Plan, day: date) -> str:
    policy = policy_for(plan, day)
    if policy is None:
        return "policy_unknown"
    if not policy.pays_waste:
        return "not_paid_by_policy"
    has_jz = any("JZ" in truth.line.modifiers for truth in truths)
    has_both = any({"JW", "JZ"} <= set(truth.line.modifiers) for truth in truths)
    waste_lines = [truth for truth in truths if "JW" in truth.line.modifiers]
    if has_both or (has_jz and opened.evidence == "B" and opened.missed_units):
        return "modifier_conflict"
    is_bare = not waste_lines and not has_jz
    if is_bare and (policy.requires_jz or (policy.requires_jw and opened.expected_units)):
        return "modifier_missing"
    if opened.missed_units and not has_jz:
        return "missed"
    if any(truth.outcome in ("denied", "zero_no_reason") for truth in waste_lines):
        return "denied"
    if any(_shortfall(truth) for truth in waste_lines):
        return "short_paid"
    if opened.waste_units > opened.expected_units:
        return "overbilled"
    return "jz_attested" if opened.missed_units else "clean"


def _dollars(finding: str, truths: list[Truth], opened: Opened, first: Truth) -> Decimal | None:
    waste_lines = [truth for truth in truths if "JW" in truth.line.modifiers]
    if finding == "denied":
        denied = [t for t in waste_lines if t.outcome in ("denied", "zero_no_reason")]
        return sum((truth.expected_usd or NOTHING for truth in denied), NOTHING)
    if finding == "short_paid":
        return sum((_shortfall(truth) for truth in waste_lines), NOTHING)
    units = {
        "not_paid_by_policy": opened.expected_units,
        "overbilled": opened.waste_units - opened.expected_units,
    }.get(finding, opened.missed_units)
    if finding == "jz_attested":
        return None
    return _price_of(first, units) if units else NOTHING


def _shortfall(truth: Truth) -> Decimal:
    if truth.outcome != "paid" or truth.expected_usd is None or truth.cause == "pair":
        return NOTHING
    gap = truth.expected_usd - truth.allowed_usd
    return gap if gap > Decimal("0.01") else NOTHING


def _price_of(truth: Truth, units: Decimal) -> Decimal | None:
    term = term_for(truth.plan, truth.line)
    if term is None or term.method not in ("fixed", "pct_of_limit"):
        return None
    return expected_usd(term, truth.line, units=units, is_capped=False)
