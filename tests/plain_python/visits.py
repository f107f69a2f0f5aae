"""The lines of each visit the waste ledger reads: one patient, provider, day, drug and payer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from .judged import Judged
from .money import ZERO

NO_WASTE_OUTCOMES = ("closed_unpaid", "returned", "duplicate")
BILLED_AGAIN_AFTER = ("denied", "zero_no_reason")


@dataclass(frozen=True)
class Visit:
    """The lines of one ledger row, with the patient and the billing provider of their claim."""

    patient_key: str | None
    billing_id: str | None
    lines: list[Judged]

    @property
    def service_date(self) -> date:
        return self.lines[0].line.service_date

    @property
    def drug(self) -> str:
        return self.lines[0].identity.drug

    @property
    def administered(self) -> list[Judged]:
        """Return the lines that are no waste."""
        return [each for each in self.lines if not each.line.is_waste]


def visits_of(judged: list[Judged]) -> list[Visit]:
    """Return the lines of each ledger row (RULES 10.1)."""
    of_ledger = [each for each in judged if _is_in_ledger(each)]
    owners = _owners_of_claims(of_ledger)
    visits: dict[tuple, dict[str, list[Judged]]] = defaultdict(lambda: defaultdict(list))
    for each in of_ledger:
        line = each.line
        patient_key, billing_id = owners[id(line.claim)]
        own_claim = None if patient_key else line.claim.claim_id
        key = (patient_key, own_claim, billing_id, line.service_date, each.identity.drug)
        visits[key][line.facts.payer.payer_id].append(each)
    return [
        Visit(
            patient_key,
            billing_id,
            sorted(
                _paying({payer_id: _once(lines) for payer_id, lines in by_payer.items()}),
                key=lambda each: each.line.key[:2],
            ),
        )
        for (patient_key, _, billing_id, _, _), by_payer in visits.items()
    ]


def _owners_of_claims(lines: list[Judged]) -> dict[int, tuple[str | None, str | None]]:
    """Return the one patient and the one billing provider of each claim (RULES 10.1)."""

    def worst_last(each: Judged) -> tuple:
        facts = each.line.facts
        return (
            facts.patient_key is None,
            -each.outcome.amounts.allowed,
            facts.patient_key or "",
            facts.billing_id or "",
            each.line.line_number,
            facts.payer.payer_id,
        )

    owners: dict[int, tuple[str | None, str | None]] = {}
    for each in sorted(lines, key=worst_last):
        facts = each.line.facts
        owners.setdefault(id(each.line.claim), (facts.patient_key, facts.billing_id))
    return owners


def _once(lines: list[Judged]) -> list[Judged]:
    """Return the lines less the refused ones billed again and paid (RULES 10.1)."""

    def is_again(refused: Judged, other: Judged) -> bool:
        return (
            other.line.claim is not refused.line.claim
            and other.line.hcpcs == refused.line.hcpcs
            and other.line.is_waste == refused.line.is_waste
            and other.line.units == refused.line.units
            and other.outcome.amounts.allowed != 0
        )

    return [
        each
        for each in lines
        if each.outcome.name not in BILLED_AGAIN_AFTER
        or not any(is_again(each, other) for other in lines)
    ]


def _is_in_ledger(each: Judged) -> bool:
    """Return whether a line belongs to the ledger (RULES 10.1)."""
    return bool(
        each.is_drug
        and each.line.rank == "primary"
        and each.identity.drug
        and each.identity.unit_mg
        and each.line.units is not None
        and each.line.service_date is not None
        and each.outcome.name not in NO_WASTE_OUTCOMES
    )


def _paying(by_payer: dict[str, list[Judged]]) -> list[Judged]:
    """Return the lines of the payer a ledger row is of (RULES 10.1)."""

    def rank(payer_id: str) -> tuple:
        lines = by_payer[payer_id]
        allowed = sum((each.outcome.amounts.allowed for each in lines), ZERO)
        days = [each.line.facts.submitted_date for each in lines if each.line.facts.submitted_date]
        return -allowed, -max((day.toordinal() for day in days), default=0), payer_id

    return by_payer[min(by_payer, key=rank)]
