"""The whole book: files, reference rows and key rows of every case, the same in every site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from analytics.synthetic.casebook import (
    other_quarter_price,
    rate_difference,
    recoded,
    rounding,
    superseded_term,
    units_reduced,
)
from analytics.synthetic.casebook.case import Case, Finding, findings_of
from analytics.synthetic.casebook.contracts import NAMES_AS_SENT
from analytics.synthetic.casebook.written import Written, written
from analytics.synthetic.x12_writer import (
    Claim,
    Envelope,
    Remit,
    render_835,
    render_837,
)

CAUSES = (
    units_reduced,
    recoded,
    other_quarter_price,
    superseded_term,
    rounding,
    rate_difference,
)
SUFFIXES = {"professional": "837p", "institutional": "837i"}
FIRST_CONTROL_NUMBER = 700_000


@cache
def the_book() -> tuple[Written, ...]:
    """Every case in order, numbered; a second claim of one patient has the first one's number."""
    told: list[Written] = []
    for number, case in enumerate(_cases(), start=1):
        patient = number - 1 if case.is_of_the_same_patient else number
        claim_number = f"C{patient:05d}B" if case.is_of_the_same_patient else f"C{number:05d}"
        told.append(written(case, claim_number, patient))
    return tuple(told)


def key_rows() -> Iterator[tuple[str, int, str, Finding]]:
    """Claim, line, payer and finding of every row the cases put into the answer key."""
    for told in the_book():
        for number, line in enumerate(told.case.lines, start=1):
            for finding, amount, _ in findings_of(line):
                note = f"{told.case.scenario}: {told.case.note}"
                yield told.claim.claim_number, number, told.case.payer_id, (finding, amount, note)


def raw_files() -> dict[str, str]:
    """The claims, one file a year and claim type; the remits, one file a payer and year."""
    claims: dict[str, list[Claim]] = defaultdict(list)
    for told in the_book():
        suffix = SUFFIXES[told.claim.claim_type]
        claims[f"raw/837/cases-{told.claim.submitted_date.year}.{suffix}"].append(told.claim)
    remits: dict[str, list[Remit]] = defaultdict(list)
    for payer_id, remit in _remits():
        remits[f"raw/835/{payer_id}/cases-{remit.payment_date.year}.835"].append(remit)
    files = {}
    for number, path in enumerate((*sorted(claims), *sorted(remits)), start=1):
        envelope = Envelope(control_number=FIRST_CONTROL_NUMBER + number)
        if path in claims:
            in_order = sorted(claims[path], key=lambda claim: claim.submitted_date)
            files[path] = render_837(in_order, envelope)
        else:
            files[path] = render_835(remits[path], envelope)
    return files


def _cases() -> Iterator[Case]:
    for cause in CAUSES:
        yield from cause.cases()


def _remits() -> Iterator[tuple[str, Remit]]:
    sent = [
        (told.case.payer_id, day, told.case.billing_npi, answer)
        for told in the_book()
        for day, answer in told.answers
    ]
    sent.sort(key=lambda one: one[:3])
    for (payer_id, day, npi), answers in groupby(sent, key=lambda one: one[:3]):
        names = NAMES_AS_SENT[payer_id]
        yield (
            payer_id,
            Remit(
                day,
                tuple(answer for _, _, _, answer in answers),
                payer=names[day.toordinal() % len(names)],
                trace_number=f"SYN{payer_id.upper()}{day:%y%m%d}C{npi[-2:]}",
                payee_npi=npi,
            ),
        )
