"""The answer key: what an engine must report on the made-up site, in exact dollars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from analytics.synthetic.adjudication import NOTHING, Truth
from analytics.synthetic.casebook.book import key_rows
from analytics.synthetic.drugs import CENT
from analytics.synthetic.payers import published_payer_id
from analytics.synthetic.story import LineKey, Marker, Story
from analytics.synthetic.waste_answers import waste_markers
from analytics.synthetic.wastebook import book as treatments

# finding (or its beginning): the published table, or the check, and the column of the amount
WHERE_TO_LOOK = {
    "underpaid_": ("underpayment_causes", "gap_usd"),
    "overpaid_": ("underpayment_causes", "gap_usd"),
    "rounding_penny": ("drug_line_outcomes", "penny_usd"),
    "unsupported_cut": ("drug_line_outcomes", "unsupported_cut_usd"),
    "sequestration": ("drug_line_outcomes", "sequestration_usd"),
    "charge_limited": ("drug_line_outcomes", "charge_limited_usd"),
    "lag_effect": ("drug_line_outcomes", "lag_effect_usd"),
    "recovered": ("drug_line_outcomes", "recovered_usd"),
    "partly_denied_": ("drug_line_outcomes", "denied_expected_usd"),
    "denied_": ("claim_line_outcomes", "expected_allowed_usd"),
    "outcome_": ("claim_line_outcomes", "expected_allowed_usd"),
    "waste_missed": ("waste_ledger", "leakage_usd"),
    "waste_modifier_missing": ("waste_ledger", "leakage_usd"),
    "waste_modifier_conflict": ("waste_ledger", "leakage_usd"),
    "waste_jz_attested": ("waste_ledger", "leakage_usd"),
    "waste_denied": ("waste_ledger", "denied_usd"),
    "waste_short_paid": ("waste_ledger", "short_paid_usd"),
    "waste_overbilled": ("waste_ledger", "overbilled_usd"),
    "waste_not_paid_by_policy": ("waste_ledger", "structural_usd"),
    "waste_policy_unknown": ("waste_ledger", "policy_unknown_usd"),
    "waste_no_package_known": ("waste_ledger", "leakage_usd"),
    "waste_vial_choice": ("waste_ledger", "avoidable_cost_usd"),
    "waste_not_billable": ("waste_ledger", "leakage_usd"),
    "waste_always_whole_vials": ("warn_whole_multi_dose_vials", "usd"),
    "record_not_billed": ("warn_administrations_without_treatment", ""),
    "record_disagrees": ("warn_administrations_disagree", ""),
    "record_contradictory": ("warn_administrations_contradict_themselves", ""),
    "documentation_": ("documentation_gaps", ""),
    "unbalanced": ("remit_balances", "line_difference_usd"),
    "look_alike_": ("drug_line_outcomes", "shortfall_usd"),
}
OUTCOMES_IN_KEY = (
    "open",
    "returned",
    "suppressed",
    "not_covered",
    "bundled",
    "closed_unpaid",
    "zero_no_reason",
)


@dataclass(frozen=True)
class Answer:
    """One row of `answer_key.csv`; `claim_number` is CLM01, the note names the scenario."""

    claim_number: str
    line_number: int
    payer_id: str
    finding: str
    amount_usd: Decimal | None
    note: str
    claim_id: str


def answers_of(story: Story) -> list[Answer]:
    """Every row a visit's story puts into the answer key; a line without a row has no finding."""
    numbers = {key.claim_id: key.claim_id.partition("-")[0] for key in story.truths}
    rows = []
    for key, truth in story.truths.items():
        for finding, amount, note in line_findings(truth):
            rows.append(_answer(numbers[key.claim_id], key, finding, amount, note))
    markers = [*story.markers, *waste_markers(story.truths)]
    rows += [_marked(marker) for marker in markers]
    return [replace(row, note=_with_scenario(story.scenario, row.note)) for row in rows]


def case_answers() -> list[Answer]:
    """The rows of the book of priced cases."""
    return [
        Answer(claim_number, line_number, payer_id, finding, amount, note, claim_number)
        for claim_number, line_number, payer_id, (finding, amount, note) in key_rows()
    ]


def treatment_answers() -> list[Answer]:
    """The rows of the book of treatments."""
    return [
        Answer(
            row.claim_id,
            row.line_number,
            row.payer_id,
            row.finding,
            row.amount_usd,
            row.note,
            row.claim_id,
        )
        for row in treatments.key_rows()
    ]


def line_findings(truth: Truth) -> Iterator[tuple[str, Decimal | None, str]]:
    """The findings of one line from what is true of it: outcome first, then its dollars."""
    if truth.outcome in OUTCOMES_IN_KEY:
        yield f"outcome_{truth.outcome}", truth.expected_usd, ""
    elif truth.outcome == "denied":
        yield f"denied_{truth.denial_class}", truth.expected_usd, ""
    elif truth.is_drug and truth.expected_usd is not None:
        yield from _gap_findings(truth)
        yield from _side_findings(truth)


def _gap_findings(truth: Truth) -> Iterator[tuple[str, Decimal | None, str]]:
    assert truth.expected_usd is not None
    gap = truth.expected_usd - truth.allowed_usd
    if truth.cause == "pair":
        yield "look_alike_pair", NOTHING, "administered and discarded units paid as one"
    elif abs(gap) <= CENT:
        if gap:
            yield "rounding_penny", gap, "the payer rounds another way"
    elif truth.outcome == "partly_denied":
        yield f"partly_denied_{truth.denial_class}", truth.denied_expected_usd, ""
        rest = gap - truth.denied_expected_usd
        if rest:
            # The units are denied, not cut: what is left is the rounding of their price.
            yield "underpaid_rounding", rest, "the rest beyond the denied units"
    elif gap > 0:
        yield f"underpaid_{truth.cause}", gap, ""
    else:
        yield f"overpaid_{truth.cause}", -gap, ""


def _side_findings(truth: Truth) -> Iterator[tuple[str, Decimal | None, str]]:
    assert truth.expected_usd is not None
    if truth.sequestration_usd:
        yield "sequestration", truth.sequestration_usd, "granted by law; not a shortfall"
    if truth.unsupported_usd:
        yield "unsupported_cut", truth.unsupported_usd, "CO-253 without a clause that grants it"
    if truth.charge_limited_usd:
        yield "charge_limited", truth.charge_limited_usd, "charge below the contract rate"
    if truth.initial_allowed_usd is not None:
        before = min(truth.initial_allowed_usd, truth.expected_usd)
        recovered = min(truth.allowed_usd, truth.expected_usd) - before
        if recovered > 0:
            yield "recovered", recovered, "paid after the first adjudication"


def _with_scenario(scenario: str, note: str) -> str:
    return f"{scenario}: {note}" if note else scenario


def _answer(number: str, key: LineKey, finding: str, amount: Decimal | None, note: str) -> Answer:
    payer_id = published_payer_id(key.payer_id)
    return Answer(number, key.line_number, payer_id, finding, amount, note, key.claim_id)


def _marked(marker: Marker) -> Answer:
    return Answer(
        marker.claim_number,
        marker.line_number,
        published_payer_id(marker.payer_id),
        marker.finding,
        marker.amount_usd,
        marker.note,
        marker.claim_id,
    )
