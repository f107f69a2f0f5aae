"""A whole made-up site in a folder: raw files, contracts, policies, settings and the answer key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

from analytics.errors import UsageError
from analytics.synthetic.another_rate import with_cause_of_another_rate
from analytics.synthetic.answers import Answer, answers_of, case_answers, treatment_answers
from analytics.synthetic.casebook.book import raw_files
from analytics.synthetic.contracts import AS_OF
from analytics.synthetic.infusion_log import COLUMNS as LOG_COLUMNS
from analytics.synthetic.infusion_log import log_rows
from analytics.synthetic.planted import stories
from analytics.synthetic.reference_files import csv_text, reference_files
from analytics.synthetic.story import Event, Story
from analytics.synthetic.visits import visits
from analytics.synthetic.wastebook import book as treatments
from analytics.synthetic.x12_records import Claim, ProviderAdjustment, Remit
from analytics.synthetic.x12_text import Envelope
from analytics.synthetic.x12_writer import render_835, render_837

SETTINGS = f"""# A made-up practice. No patient, payer, contract or payment in this folder is real.
practice_name = "Synthetic Infusion Center (not a real practice)"
as_of = {AS_OF.isoformat()}
maturity_days = 90
small_cell = 11
"""
CLAIM_FILES = {"professional": "837p", "institutional": "837i"}
REDELIVERED_PAYER = "birch"
# A smaller site has no room for the books of priced cases and treatments and their payers.
CLAIMS_WITH_CASES = 200


def write_sample_site(out: Path, *, claims: int, seed: int) -> None:
    """Write a made-up site: the same seed and number of claims give the same bytes.

    `claims` is the number of visits; a visit may send several claims or none, and most have one.
    From 200 visits on the book of priced cases (`casebook`) and that of treatments (`wastebook`)
    are added, the same in every site.

    Takes    the folder (made if absent; a made-up site in it is written over), visits, seed
    Raises   UsageError when `claims` is below 1 or the folder holds a site that is not made up
    """
    if claims < 1:
        raise UsageError(f"a site needs at least one claim; found {claims}. Pass a number above 0.")
    _refuse_a_real_site(out)
    for path, text in sorted(site_files(claims=claims, seed=seed).items()):
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")


def site_files(*, claims: int, seed: int) -> dict[str, str]:
    """Every file of a made-up site, by its path in the folder.

    >>> files = site_files(claims=12, seed=1)
    >>> sorted(files)[0], "site.toml" in files
    ('answer_key.csv', True)
    """
    rng = Random(seed)
    has_cases = claims >= CLAIMS_WITH_CASES
    told = with_cause_of_another_rate(stories(visits(claims, rng), rng))
    answers = [answer for story in told for answer in answers_of(story)]
    answers += [*case_answers(), *treatment_answers()] if has_cases else []
    return {
        "site.toml": SETTINGS,
        "answer_key.csv": csv_text(
            [field.name for field in fields(Answer)],
            (_answer_row(answer) for answer in sorted(answers, key=_place)),
        ),
        **{f"reference/{name}": text for name, text in reference_files(has_cases).items()},
        **_claim_files(told),
        **_remit_files(told),
        **({**raw_files(), **treatments.raw_files()} if has_cases else {}),
        **_log_files(told, has_cases),
    }


def _refuse_a_real_site(out: Path) -> None:
    found = [name for name in ("site.toml", "raw", "reference") if (out / name).exists()]
    if found and not (out / "answer_key.csv").is_file():
        raise UsageError(
            f"{out} holds a site without an answer key, so it may be real; found "
            f"{', '.join(found)}. Name another folder."
        )


def _answer_row(answer: Answer) -> list[object]:
    return [getattr(answer, field.name) for field in fields(Answer)]


def _place(answer: Answer) -> tuple[str, int, str, str]:
    return (answer.claim_id, answer.line_number, answer.payer_id, answer.finding)


def _claim_files(told: Sequence[Story]) -> dict[str, str]:
    by_file: dict[str, list[Claim]] = defaultdict(list)
    for story in told:
        for claim in story.claims:
            suffix = CLAIM_FILES[claim.claim_type]
            by_file[f"raw/837/{claim.submitted_date:%Y-%m}.{suffix}"].append(claim)
    files = {}
    for number, (path, claims) in enumerate(sorted(by_file.items()), start=1):
        claims.sort(key=lambda claim: claim.submitted_date)
        files[path] = render_837(claims, Envelope(control_number=number))
    return files


def _remit_files(told: Sequence[Story]) -> dict[str, str]:
    by_file: dict[str, list[Remit]] = defaultdict(list)
    for remit, payer_id in _remits(told):
        by_file[f"raw/835/{payer_id}/{remit.payment_date:%Y-%m}.835"].append(remit)
    files = {}
    for number, (path, remits) in enumerate(sorted(by_file.items()), start=1):
        files[path] = render_835(remits, Envelope(control_number=500_000 + number))
    delivered_again = sorted(path for path in by_file if f"/{REDELIVERED_PAYER}/" in path)
    if delivered_again:
        # The first transaction of a file comes again in another one, control numbers and all.
        path = delivered_again[len(delivered_again) // 2]
        again = by_file[path][:1]
        envelope = Envelope(control_number=900_001, sent_time="1800")
        files[path.replace(".835", "-again.835")] = render_835(again, envelope)
    return files


def _log_files(told: Sequence[Story], has_treatments: bool) -> dict[str, str]:
    rows = list(log_rows(told, has_treatments))
    return {"raw/administrations.csv": csv_text(LOG_COLUMNS, rows)} if rows else {}


@dataclass(frozen=True)
class _Cheque:
    """What shares a payer's transaction of a day; an odd remit claim has one of its own."""

    payer_id: str
    day: date
    alone: int


def _remits(told: Sequence[Story]) -> Iterator[tuple[Remit, str]]:
    by_cheque: dict[_Cheque, list[Event]] = defaultdict(list)
    for story in told:
        for event in story.events:
            alone = story.visit.number if event.is_alone else 0
            by_cheque[_Cheque(event.payer_id, event.day, alone)].append(event)
    waiting = sorted(
        (pair for story in told for pair in story.provider_adjustments),
        key=lambda pair: (pair[1], pair[0], pair[2].reference, pair[2].reason),
    )
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for cheque in sorted(by_cheque, key=lambda one: (one.payer_id, one.day, one.alone)):
        events = by_cheque[cheque]
        pairs = [pair for event in events for pair in event.provider_adjustments]
        if not cheque.alone:
            due = [one for one in waiting if one[1] == cheque.payer_id and one[0] <= cheque.day]
            waiting = [one for one in waiting if one not in due]
            pairs += [pair for _, _, pair in due]
            pairs += _balance_brought(owed, cheque)
        yield _with_balance_carried(events, pairs, owed, cheque), cheque.payer_id


def _balance_brought(owed: dict[str, Decimal], cheque: _Cheque) -> list[ProviderAdjustment]:
    amount = owed.pop(cheque.payer_id, Decimal(0))
    return [ProviderAdjustment("FB", _trace(cheque), amount)] if amount else []


def _with_balance_carried(
    events: list[Event],
    pairs: list[ProviderAdjustment],
    owed: dict[str, Decimal],
    cheque: _Cheque,
) -> Remit:
    remit = Remit(
        cheque.day,
        tuple(event.claim for event in events),
        payer=events[0].sent_as,
        trace_number=_trace(cheque),
        provider_adjustments=tuple(pairs),
    )
    if remit.payment >= 0:
        return remit
    # A cheque cannot be negative: what is missing is carried to the payer's next one.
    owed[cheque.payer_id] = owed.get(cheque.payer_id, Decimal(0)) - remit.payment
    carried = ProviderAdjustment("FB", remit.trace_number, remit.payment)
    return Remit(
        remit.payment_date,
        remit.claims,
        payer=remit.payer,
        trace_number=remit.trace_number,
        provider_adjustments=(*pairs, carried),
    )


def _trace(cheque: _Cheque) -> str:
    last = "UNBALANCED" if cheque.alone else ""
    return f"SYN{cheque.payer_id.upper()}{cheque.day:%y%m%d}{last}"
