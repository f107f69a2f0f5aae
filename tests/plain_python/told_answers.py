"""The answers that rows of remit_lines and adjustments tell, each row's amounts made whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from .extract_columns import OF_THE_ANSWER, TYPED_REASONS
from .extract_rows import ExtractRow
from .told_once import (
    SPELT_FREELY,
    ToldRow,
    grouped,
    payer_of,
    squeezed,
    told_between,
    told_once,
)

WHOLE_CLAIM = 0
REVERSAL = 22
DENIED = 4
TELLS_WHOSE = (
    "payer_code",
    "payer_name",
    "payment_date",
    "trace_number",
    "payer_control_number",
    "status_code",
)


@dataclass(frozen=True)
class ToldAdjustment:
    """One reason and amount: a row of adjustments, or an amount typed on the remit line."""

    group_code: str
    reason_code: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(eq=False)
class Answer:
    """One answer: what its rows tell of it, its rows and their adjustments by line number."""

    told: dict[str, object]
    rows: dict[int, ToldRow]
    ids: set[str]
    adjustments: dict[int, list[ToldAdjustment]] = field(default_factory=dict)

    @property
    def all_rows(self) -> list[ToldRow]:
        """Return its rows, in line order."""
        return [self.rows[number] for number in sorted(self.rows)]

    @property
    def has_adjustments(self) -> bool:
        """Return whether it says anywhere why charge and paid differ."""
        return any(self.adjustments.values())

    @property
    def keeps_lines(self) -> bool:
        """Return whether a line paid nothing of its charge is answered by it (RULES 14.8)."""
        return self.has_adjustments or self.told.get("status_code") in (REVERSAL, DENIED)


def answers_told(remit_rows: list[ExtractRow], adjustment_rows: list[ExtractRow]) -> list[Answer]:
    """Return the answers that have a row left, charge and paid filled in (RULES 14.4, 14.7)."""
    rows = told_once(remit_rows, lambda row: (_answer(row.told), row.told["remit_line_number"]))
    found = []
    for of_one in grouped(rows, _answer):
        for row in of_one:
            row.told |= {"status_code": status} if (status := _status(row.told)) else {}
        told = told_between(of_one, [*OF_THE_ANSWER, "remit_claim_id"])
        if told is not None:
            numbered = {row.told["remit_line_number"]: row for row in of_one}
            found.append(Answer(told, numbered, {told.get("remit_claim_id", "")} - {""}))
    found = _told_under_one_id(found)
    _join_adjustments(found, adjustment_rows)
    for answer in found:
        _settle(answer)
    return [answer for answer in found if answer.rows]


def _told_under_one_id(found: list[Answer]) -> list[Answer]:
    """Return answers that differ in nothing but their id and place once (RULES 14.4)."""
    alike: dict[tuple, Answer] = {}
    for answer in sorted(found, key=lambda each: each.told.get("remit_claim_id", "")):
        first = alike.setdefault(_all_it_tells(answer), answer)
        if first is not answer:
            first.ids |= answer.ids
            for number, row in answer.rows.items():
                first.rows[number].copies += row.copies
    return list(alike.values())


def _all_it_tells(answer: Answer) -> tuple:
    told = [
        (number, column, squeezed(value) if column in SPELT_FREELY else value)
        for number, row in answer.rows.items()
        for column, value in row.told.items()
        if column not in ("remit_claim_id", "remit_claim_number")
    ]
    return tuple(sorted(told, key=lambda each: each[:2]))


def _answer(told: dict) -> tuple:
    """Return what tells one answer from another (RULES 14.4)."""
    if "remit_claim_id" in told:
        return (told["remit_claim_id"],)
    named = told.get("payer_control_number")
    whose = ("control number", named) if named else ("payer", payer_of(told))
    return (told["claim_number"], told["payment_date"], whose, _status(told))


def _status(told: dict) -> int | None:
    """Return the status told, else 22 where money is taken back (EXTRACTS.md)."""
    amount = told.get("charge_usd", told.get("paid_usd", Decimal(0)))
    return told.get("status_code", REVERSAL if amount < 0 else None)


def _join_adjustments(found: list[Answer], rows: list[ExtractRow]) -> None:
    """Give each answer the adjustments that are its own alone, in order (RULES 14.7)."""
    by_claim: dict[str, list[Answer]] = defaultdict(list)
    for answer in found:
        by_claim[answer.told["claim_number"]].append(answer)
    of_answer: dict[int, Answer] = {}
    joined: list[ExtractRow] = []
    for row in rows:
        fits = [each for each in by_claim[row.told["claim_number"]] if _is_whose(row.told, each)]
        if len(fits) == 1:
            of_answer[id(row)] = fits[0]
            joined.append(row)
    numbers = _numbers(joined, of_answer)
    kept = told_once(joined, lambda row: (id(of_answer[id(row)]), numbers[id(row)]))
    for told_row in sorted(kept, key=lambda each: numbers[id(each.copies[0])]):
        answer, told = of_answer[id(told_row.copies[0])], told_row.told
        own = answer.adjustments.setdefault(_line_number(told), [])
        own.append(
            ToldAdjustment(
                told["group_code"],
                told["reason_code"],
                told["adjustment_usd"],
                told.get("quantity"),
            )
        )


def _is_whose(told: dict, answer: Answer) -> bool:
    """Return whether an answer agrees with all an adjustment tells, and has its line."""
    if told.get("remit_claim_id") not in {None, *answer.ids} and answer.ids:
        return False
    for column in TELLS_WHOSE:
        said, known = told.get(column), answer.told.get(column)
        if column in SPELT_FREELY:
            said, known = squeezed(str(said or "")), squeezed(str(known or ""))
        # What only one of the two tells speaks against nothing.
        if said and known and said != known:
            return False
    return _line_number(told) in {WHOLE_CLAIM, *answer.rows}


def _line_number(told: dict) -> int:
    return told.get("remit_line_number", WHOLE_CLAIM)


def _numbers(rows: list[ExtractRow], of_answer: dict[int, Answer]) -> dict[int, tuple]:
    """Return each adjustment's line and number; one not told is its place in its file."""
    untold: dict[tuple, list[ExtractRow]] = defaultdict(list)
    numbers: dict[int, tuple] = {}
    for row in rows:
        line = _line_number(row.told)
        if "adjustment_number" in row.told:
            numbers[id(row)] = (line, "", row.told["adjustment_number"])
        else:
            untold[id(row.file), id(of_answer[id(row)]), line].append(row)
    for (_, _, line), of_file in untold.items():
        for place, row in enumerate(sorted(of_file, key=_untold_order), start=1):
            numbers[id(row)] = (line, "not told", place)
    return numbers


def _untold_order(row: ExtractRow) -> tuple:
    told = row.told
    quantity = told.get("quantity")
    return (
        told["group_code"],
        told["reason_code"],
        told["adjustment_usd"],
        quantity is not None,
        quantity or Decimal(0),
    )


def _settle(answer: Answer) -> None:
    """Take the amounts typed, check them, fill in charge and paid; else drop the row."""
    for number, row in list(answer.rows.items()):
        typed = _typed(row.told)
        own = answer.adjustments.get(number)
        if own and not _agree(row.told, own):
            del answer.rows[number], answer.adjustments[number]
            continue
        if not own:
            own = answer.adjustments[number] = [each for each in typed if each.amount]
        adjusted = sum((each.amount for each in own), Decimal(0))
        if own and "paid_usd" in row.told:
            row.told.setdefault("charge_usd", row.told["paid_usd"] + adjusted)
        elif own and "charge_usd" in row.told:
            row.told["paid_usd"] = row.told["charge_usd"] - adjusted
        if not {"charge_usd", "paid_usd"} <= set(row.told):
            del answer.rows[number], answer.adjustments[number]


def _typed(told: dict) -> list[ToldAdjustment]:
    """Return the amounts typed on a remit line, in the order of their columns."""
    found = [
        ToldAdjustment(group, reason, told[column])
        for column, (group, reason) in TYPED_REASONS.items()
        if column in told
    ]
    if "denied_usd" in told:
        group, reason = told["denial_reason"]
        found.append(ToldAdjustment(group, reason, told["denied_usd"]))
    return found


def _agree(told: dict, own: list[ToldAdjustment]) -> bool:
    """Return whether each amount typed is the sum of the adjustments of its reason."""
    sums: Counter = Counter()
    for each in own:
        sums[each.reason_code] += each.amount
    return all(each.amount == sums[each.reason_code] for each in _typed(told))
