"""The whole book: files, the infusion log and key rows of every treatment, alike in every site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby

from analytics.synthetic.wastebook import documents, look_alikes, tiers
from analytics.synthetic.wastebook.log import LogRow, administration_ids, rows_of
from analytics.synthetic.wastebook.parties import NAMES_AS_SENT, PAYS_AND_ASKS
from analytics.synthetic.wastebook.treatment import NOTHING, Treatment
from analytics.synthetic.wastebook.written import Answered, answered, claim_numbers
from analytics.synthetic.x12_writer import Claim, Envelope, Remit, render_835, render_837

SUFFIXES = {"professional": "837p", "institutional": "837i"}
FIRST_CONTROL_NUMBER = 800_000
OF_NO_LINE = 0


@dataclass(frozen=True)
class KeyRow:
    """A row of the answer key; a finding of a record or a payer has no claim, payer or line."""

    claim_id: str
    line_number: int
    payer_id: str
    finding: str
    amount_usd: Decimal | None
    note: str


@dataclass(frozen=True)
class Told:
    """A treatment under its number, with its patient's, and what was sent of it."""

    treatment: Treatment
    number: int
    patient_number: int
    mail: Answered


@cache
def the_book() -> tuple[Told, ...]:
    """Every treatment in order, numbered; treatments of one named patient share its number."""
    patients: dict[str, int] = {}
    told = []
    for number, treatment in enumerate(_treatments(), start=1):
        patient = patients.setdefault(treatment.patient or f"of {number}", number)
        told.append(Told(treatment, number, patient, answered(treatment, number, patient)))
    return tuple(told)


def raw_files() -> dict[str, str]:
    """The claims, one file a year and claim type; the remits, one file a payer and year."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    for told in the_book():
        for claim in told.mail.claims:
            suffix = SUFFIXES[claim.claim_type]
            claims[f"raw/837/treatments-{claim.submitted_date.year}.{suffix}"].append(claim)
    remits: dict[str, list[Remit]] = defaultdict(list)
    for payer_id, remit in _remits():
        remits[f"raw/835/{payer_id}/treatments-{remit.payment_date.year}.835"].append(remit)
    files = {}
    for number, path in enumerate((*sorted(claims), *sorted(remits)), start=1):
        envelope = Envelope(control_number=FIRST_CONTROL_NUMBER + number)
        if path in claims:
            in_order = sorted(claims[path], key=lambda claim: claim.submitted_date)
            files[path] = render_837(in_order, envelope)
        else:
            files[path] = render_835(remits[path], envelope)
    return files


def log_rows() -> Iterator[LogRow]:
    """The rows of the infusion log."""
    for told in the_book():
        yield from rows_of(told.treatment, told.number, told.patient_number)


def key_rows() -> Iterator[KeyRow]:
    """Every row the treatments put into the answer key."""
    for told in the_book():
        treatment, note = told.treatment, told.treatment.scenario
        names = claim_numbers(treatment, told.number)
        payer_id = treatment.payer_id
        if treatment.waste is not None:
            finding, amount = treatment.waste
            whose = treatment.waste_payer_id or payer_id
            yield KeyRow(names[0], 1, whose, f"waste_{finding}", amount, note)
        for cost in treatment.vial_choice:
            yield KeyRow(names[0], 1, payer_id, "waste_vial_choice", cost, note)
        if treatment.looks_like:
            finding = f"look_alike_{treatment.looks_like}"
            yield KeyRow(names[0], 1, payer_id, finding, NOTHING, note)
        yield from _documentation(told, names)
        yield from _on_record(told, names)
    yield _always_whole()


def _documentation(told: Told, names: list[str]) -> Iterator[KeyRow]:
    treatment, note = told.treatment, told.treatment.scenario
    for name, bill in zip(names, treatment.bills, strict=True):
        for number, line in enumerate(bill.lines, start=1):
            for check in line.lacks:
                finding = f"documentation_{check}"
                yield KeyRow(name, number, treatment.payer_id, finding, None, note)
            if not line.lacks:
                finding = "look_alike_documentation_whole"
                yield KeyRow(name, number, treatment.payer_id, finding, NOTHING, note)


def _on_record(told: Told, names: list[str]) -> Iterator[KeyRow]:
    finding = told.treatment.on_record
    if finding:
        # What disagrees is a claim; what was never billed or contradicts itself is a record.
        ids = administration_ids(told.treatment, told.number)
        name = names[0] if finding == "record_disagrees" else ids[0]
        yield KeyRow(name, OF_NO_LINE, "", finding, None, told.treatment.scenario)


def _always_whole() -> KeyRow:
    scenario = "always_whole_multi_dose_vials"
    allowed = sum(
        (
            line.allowed_usd
            for told in the_book()
            if told.treatment.scenario == scenario
            for line in told.treatment.bills[0].lines
        ),
        NOTHING,
    )
    return KeyRow("", OF_NO_LINE, PAYS_AND_ASKS, "waste_always_whole_vials", allowed, scenario)


def _treatments() -> Iterator[Treatment]:
    for part in (tiers, look_alikes, documents):
        yield from part.treatments()


def _remits() -> Iterator[tuple[str, Remit]]:
    sent = [
        (payer_id, day, answer)
        for told in the_book()
        for day, payer_id, answer in told.mail.answers
    ]
    sent.sort(key=lambda one: one[:2])
    for (payer_id, day), answers in groupby(sent, key=lambda one: one[:2]):
        names = NAMES_AS_SENT[payer_id]
        yield (
            payer_id,
            Remit(
                day,
                tuple(answer for _, _, answer in answers),
                payer=names[day.toordinal() % len(names)],
                trace_number=f"SYN{payer_id.upper()}{day:%y%m%d}W",
            ),
        )
