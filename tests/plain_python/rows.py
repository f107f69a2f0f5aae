"""The rows of the line tables, with the names the published tables have."""

from __future__ import annotations

from datetime import date

from .claim_line import ClaimLine
from .judged import Judged
from .money import ZERO
from .reference import Reference
from .terms import term_id_of


def claim_line_row(each: Judged, reference: Reference) -> dict:
    """Return a row of claim_line_outcomes."""
    line, outcome, initial = each.line, each.outcome, each.initial
    return {
        **_key(line),
        **_facts(each),
        **_dollars(each),
        "billed_units": line.units,
        "paid_units": each.paid_units,
        "outcome": outcome.name,
        "initial_outcome": initial.name if initial else None,
        "initial_allowed_usd": initial.amounts.allowed if initial else None,
        "initial_paid_usd": initial.amounts.paid if initial else None,
        "initial_denial_class": initial.denial_class if initial else None,
        "final_reason": outcome.final_reason,
        "liability": outcome.liability,
        "denial_class": outcome.denial_class,
        "denial_reason": outcome.denial_reason,
        "is_mature": is_mature(line, reference),
        "open_days": _age(line, reference.as_of) if outcome.name == "open" else None,
        "match_method": line.match_method,
        "match_basis": each.gap.match_basis if each.gap else None,
        "billed_basis": line.billed_basis,
        "expected_allowed_usd": each.price.expected,
        "pricing_basis": each.price.basis,
        "source_file": line.facts.source_file,
        "source_offset": line.offset,
    }


def drug_line_row(each: Judged, reference: Reference) -> dict:
    """Return a row of drug_line_outcomes."""
    gap, term = each.gap, each.price.term
    return {
        **claim_line_row(each, reference),
        "ndc11": each.identity.ndc11,
        "drug": each.identity.drug,
        "identity_basis": each.identity.basis,
        "unit_mg": each.identity.unit_mg,
        "is_waste_line": each.line.is_waste,
        "term_id": term_id_of(term) if term else None,
        "contract_id": (term.get("contract_id") or None) if term else None,
        "gap_usd": gap.gap,
        "gap_basis": gap.basis,
        "penny_usd": gap.penny,
        "pair_offset_usd": gap.pair_offset,
        "shortfall_usd": gap.shortfall,
        "overpaid_usd": gap.overpaid,
        "payer_owed_usd": gap.payer_owed,
        "patient_owed_usd": gap.patient_owed,
        "unsupported_cut_usd": gap.unsupported_cut,
        "past_window_usd": gap.past_window,
        "ask_usd": gap.ask,
        "charge_limited_usd": each.price.charge_limited,
        "lag_effect_usd": each.price.lag_effect(each.line.units),
        "denied_expected_usd": gap.denied_expected,
        "recovered_usd": gap.recovered,
        "recovered_on": gap.recovered_on,
        "refund_basis": gap.refund_basis,
    }


def is_mature(line: ClaimLine, reference: Reference) -> bool | None:
    """Return whether the line is older than the maturity window (RULES 6.11)."""
    age = _age(line, reference.as_of)
    return None if age is None else age > reference.maturity_days


def _age(line: ClaimLine, as_of: date) -> int | None:
    day = line.facts.submitted_date or line.service_date
    return (as_of - day).days if day else None


def _key(line: ClaimLine) -> dict:
    claim_id, line_number, payer_id, payer_rank = line.key
    return {
        "claim_id": claim_id,
        "line_number": line_number,
        "payer_id": payer_id,
        "payer_rank": payer_rank,
    }


def _facts(each: Judged) -> dict:
    line, facts = each.line, each.line.facts
    deciding = each.outcome.deciding
    codes = [remit.hcpcs for remit in deciding.remit_lines] if deciding else []
    return {
        "patient_key": facts.patient_key,
        "payer_name": facts.payer.payer_name,
        "line_of_business": each.price.line_of_business,
        "claim_type": facts.claim_type,
        "billing_id": facts.billing_id,
        "place_of_service": line.place_of_service,
        "service_date": line.service_date,
        "service_through_date": line.through_date,
        "submitted_date": facts.submitted_date,
        "first_paid_date": line.first_paid_date,
        "last_paid_date": line.last_paid_date,
        "hcpcs": line.hcpcs,
        "remit_hcpcs": codes[0] if codes else None,
        "modifiers": " ".join(line.modifiers) or None,
    }


def _dollars(each: Judged) -> dict:
    amounts = each.outcome.amounts
    reported = [
        remit.allowed_reported
        for hit in each.line.spoken
        for remit in hit.remit_lines
        if remit.allowed_reported is not None
    ]
    return {
        "charge_usd": each.line.charge,
        "allowed_usd": amounts.allowed,
        "allowed_reported_usd": sum(reported, ZERO) if reported else None,
        "paid_usd": amounts.paid,
        "patient_usd": amounts.patient,
        "deductible_usd": amounts.deductible,
        "coinsurance_usd": amounts.coinsurance,
        "copay_usd": amounts.copay,
        "patient_other_usd": amounts.patient_other,
        "payment_only_usd": amounts.payment_only,
        "sequestration_usd": amounts.sequestration,
        "paid_to_patient_usd": amounts.paid_to_patient,
        "prior_payer_usd": amounts.prior_payer,
        "interest_usd": amounts.interest,
        "balance_bill_usd": amounts.balance_bill,
    }
