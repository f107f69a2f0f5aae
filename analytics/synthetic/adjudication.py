"""How a made-up payer rules on a claim line, and what is true of the line afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from analytics.synthetic.contracts import AS_OF, expected_usd, term_for
from analytics.synthetic.drugs import DRUGS, cents, medicare_coinsurance
from analytics.synthetic.payers import Plan, policy_for
from analytics.synthetic.visits import Visit
from analytics.synthetic.x12_records import Adjustment, ClaimLine, RemitLine

NOTHING = Decimal("0.00")
SEQUESTRATION = Decimal("0.02")
UNLISTED_PAYER_SHARE = Decimal("0.55")
REPORTS_ALLOWED = ("alder", "medicare")
TAKES_COPAY = ("alder", "hazel", "dogwood")


@dataclass(frozen=True)
class Denial:
    """Why a line is denied: group, code, remark codes, and its class in the reference."""

    group: str
    reason: str
    denial_class: str
    remark_codes: tuple[str, ...] = ()
    outcome: str = "denied"


@dataclass(frozen=True)
class Share:
    """What the patient owes on a line."""

    deductible_usd: Decimal = NOTHING
    copay_usd: Decimal = NOTHING
    coinsurance: Decimal = NOTHING

    def adjustments(self, allowed: Decimal) -> tuple[Adjustment, ...]:
        """The PR adjustments for an allowed amount."""
        deductible = min(self.deductible_usd, allowed)
        copay = min(self.copay_usd, allowed - deductible)
        coinsurance = cents((allowed - deductible - copay) * self.coinsurance)
        kinds = (("1", deductible), ("2", coinsurance), ("3", copay))
        return tuple(Adjustment("PR", reason, amount) for reason, amount in kinds if amount)


@dataclass(frozen=True)
class Ruling:
    """What the payer does differently from its contract on one line; empty: nothing."""

    allowed_usd: Decimal | None = None
    cause: str = ""
    denial: Denial | None = None
    share: Share | None = None
    unsupported_cut: bool = False
    denied_units: Decimal = Decimal(0)
    units_denial: Denial | None = None
    on_remit: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Truth:
    """What the package must find on one line of one payer."""

    line: ClaimLine
    plan: Plan
    outcome: str = "open"
    expected_usd: Decimal | None = None
    allowed_usd: Decimal = NOTHING
    cause: str = ""
    denial_class: str = ""
    denied_expected_usd: Decimal = NOTHING
    sequestration_usd: Decimal = NOTHING
    unsupported_usd: Decimal = NOTHING
    charge_limited_usd: Decimal = NOTHING
    initial_allowed_usd: Decimal | None = None
    is_outside_ledger: bool = False

    @property
    def is_drug(self) -> bool:
        """Whether the line bills a drug."""
        return self.line.hcpcs in DRUGS


def open_truth(plan: Plan, line: ClaimLine) -> Truth:
    """What is true of a line before any remit: its price as known at as-of."""
    return Truth(line, plan, expected_usd=_expected(plan, line, AS_OF))


def rule_line(
    visit: Visit, plan: Plan, line: ClaimLine, ruling: Ruling, day: date
) -> tuple[RemitLine, Truth]:
    """The remit line of a ruling, and what is true of the claim line after it.

    Without a ruling the payer allows what its contract says as it knows it on the payment date.
    """
    truth = open_truth(plan, line)
    denial = ruling.denial or _denial_by_contract(plan, line)
    if denial is not None:
        outcome = "paid" if denial.outcome == "no_event" else denial.outcome
        truth = replace(truth, outcome=outcome, denial_class=denial.denial_class)
        return _denied(line, denial, ruling), truth
    allowed = ruling.allowed_usd
    if allowed is None:
        allowed = _expected(plan, line, day)
    if allowed is None:
        allowed = cents(Decimal(line.charge_usd) * UNLISTED_PAYER_SHARE)
    share = ruling.share or usual_share(visit, plan, line)
    remit = _paid(plan, line, allowed, share, ruling)
    return remit, _paid_truth(truth, ruling, remit, allowed)


def usual_share(visit: Visit, plan: Plan, line: ClaimLine) -> Share:
    """What the patient of a visit owes on a line when nothing is planted."""
    coinsurance = visit.coinsurance
    if plan.payer_id == "medicare":
        coinsurance = medicare_coinsurance(line.hcpcs, line.service_date)
    is_first_drug_line = line.hcpcs in DRUGS and "JW" not in line.modifiers
    deductible = NOTHING
    if is_first_drug_line and visit.number % 9 == 0 and coinsurance:
        deductible = Decimal("240.00")
    takes_copay = plan.payer_id in TAKES_COPAY and visit.number % 5 == 0
    copay = Decimal("40.00") if takes_copay and line.hcpcs == "96413" else NOTHING
    return Share(deductible, copay, coinsurance)


def _expected(plan: Plan, line: ClaimLine, known_on: date) -> Decimal | None:
    policy = policy_for(plan, line.service_date)
    if "JW" in line.modifiers and policy is not None and not policy.pays_waste:
        return NOTHING
    return expected_usd(term_for(plan, line, known_on=known_on), line)


def _denial_by_contract(plan: Plan, line: ClaimLine) -> Denial | None:
    term = term_for(plan, line)
    if term is not None and term.method == "capitated":
        return Denial("CO", "24", "", outcome="suppressed")
    if term is not None and term.method == "not_covered":
        return Denial("CO", "96", "", ("N448",), outcome="not_covered")
    policy = policy_for(plan, line.service_date)
    if "JW" in line.modifiers and policy is not None and not policy.pays_waste:
        return Denial("CO", "96", "benefit_or_eligibility", ("N130",))
    return None


def _denied(line: ClaimLine, denial: Denial, ruling: Ruling) -> RemitLine:
    whole = Adjustment(denial.group, denial.reason, Decimal(line.charge_usd))
    remit = _remit_line(line, (whole,), ruling)
    return replace(remit, remark_codes=denial.remark_codes + remit.remark_codes)


def _paid(plan: Plan, line: ClaimLine, allowed: Decimal, share: Share, ruling: Ruling) -> RemitLine:
    patient = share.adjustments(allowed)
    patient_usd = sum((Decimal(one.amount_usd) for one in patient), NOTHING)
    cut = NOTHING
    term = term_for(plan, line)
    if ruling.unsupported_cut or (term is not None and term.sequestration == "yes"):
        cut = cents((allowed - patient_usd) * SEQUESTRATION)
    denied = _units_denied(line, ruling)
    write_off = (
        Decimal(line.charge_usd)
        - allowed
        - sum((Decimal(one.amount_usd) for one in denied), NOTHING)
    )
    contractual = (Adjustment("CO", "45", write_off),) if write_off else ()
    sequestered = (Adjustment("CO", "253", cut),) if cut else ()
    remit = _remit_line(line, (*contractual, *denied, *sequestered, *patient), ruling)
    if plan.payer_id in REPORTS_ALLOWED:
        remit = replace(remit, allowed_reported_usd=allowed)
    return remit


def _units_denied(line: ClaimLine, ruling: Ruling) -> tuple[Adjustment, ...]:
    if not ruling.denied_units or ruling.units_denial is None:
        return ()
    charge = cents(Decimal(line.charge_usd) * ruling.denied_units / Decimal(line.units))
    reason = ruling.units_denial
    return (Adjustment(reason.group, reason.reason, charge, ruling.denied_units),)


def _remit_line(line: ClaimLine, adjustments: tuple[Adjustment, ...], ruling: Ruling) -> RemitLine:
    remit = RemitLine(
        line.hcpcs,
        line.charge_usd,
        adjustments=adjustments,
        paid_units=line.units,
        modifiers=line.modifiers,
        service_date=line.service_date,
        revenue_code=line.revenue_code,
        line_control_number=line.line_control_number,
    )
    return replace(remit, **ruling.on_remit)


def _paid_truth(truth: Truth, ruling: Ruling, remit: RemitLine, allowed: Decimal) -> Truth:
    line, plan = truth.line, truth.plan
    cut = sum((Decimal(o.amount_usd) for o in remit.adjustments if o.reason == "253"), NOTHING)
    term = term_for(plan, line)
    is_granted = term is not None and term.sequestration == "yes"
    uncapped = expected_usd(term, line, is_capped=False)
    limited = NOTHING
    if truth.expected_usd is not None and uncapped is not None and truth.expected_usd:
        limited = uncapped - truth.expected_usd
    truth = replace(
        truth,
        outcome="paid",
        allowed_usd=allowed,
        cause=ruling.cause or "superseded_term",
        sequestration_usd=cut if is_granted else NOTHING,
        unsupported_usd=NOTHING if is_granted else cut,
        charge_limited_usd=limited,
    )
    if not ruling.denied_units or ruling.units_denial is None or truth.expected_usd is None:
        return truth
    part = expected_usd(term, line, units=ruling.denied_units, is_capped=False) or NOTHING
    return replace(
        truth,
        outcome="partly_denied",
        denial_class=ruling.units_denial.denial_class,
        denied_expected_usd=min(truth.expected_usd - allowed, part),
    )
