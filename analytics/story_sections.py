"""One claim line's story in reading order: a headline, then sections of labelled sentences.

Each figure is as its table has it; only sums that a reader can check by eye are made, in decimals.
"""

from dataclasses import dataclass
from datetime import date

from analytics.story import LineStory, Row
from analytics.story_answers import (
    allowed_said,
    answers_said,
    billed_said,
    code_said,
    documentation_said,
)
from analytics.story_gaps import ask_said, contract_said, gap_said, medicare_check_said, waste_said
from analytics.story_words import DENIED, in_words, missed_waste, usd


@dataclass(frozen=True)
class Section:
    """One part of the story: labelled sentences under a title."""

    title: str
    said: list[tuple[str, str]]


def headline(story: LineStory) -> str:
    """The finding in one sentence, missed waste behind it."""
    missed = [
        f"; {missed_waste(row)} of waste missed"
        for row in story.waste_ledger
        if row["finding"] == "missed"
    ]
    return f"{_finding(story.outcome)}{''.join(missed)}"


def _finding(line: Row) -> str:
    if line.get("gap_basis") is None:
        return f"{in_words(line['outcome'])}; not a drug line, so no gap is computed"
    both = f"{usd(line['expected_allowed_usd'])} expected, {usd(line['allowed_usd'])} allowed"
    denied = line["denied_expected_usd"]
    if line["shortfall_usd"]:
        more = f"; {usd(denied)} more was denied" if denied else ""
        return f"{usd(line['shortfall_usd'])} short: {both}{more}"
    if line["overpaid_usd"]:
        return f"{usd(line['overpaid_usd'])} over: {both}"
    if line["outcome"] in DENIED:
        worth = "not priced" if denied is None else f"{usd(denied)} expected for what was denied"
        return f"{in_words(line['outcome'])} ({line['final_reason'] or 'no reason given'}); {worth}"
    if line["gap_usd"] is not None:
        return f"{usd(line['allowed_usd'])} allowed, as the contract says"
    return f"{in_words(line['outcome'])}; {line['gap_basis']}"


def sections(story: LineStory, as_of: date) -> list[Section]:
    """The whole story in reading order; a part of which nothing is known is left out."""
    parts = [
        Section("billed", billed_said(story.outcome)),
        Section("code", code_said(story.code_identity)),
        Section("answers", answers_said(story)),
        Section("allowed", allowed_said(story.outcome)),
        Section("contract", contract_said(story)),
        Section("gap", gap_said(story)),
        Section("waste", waste_said(story.waste_ledger)),
        Section("Medicare check", medicare_check_said(story.medicare_payment)),
        Section("documentation", documentation_said(story.documentation_gaps)),
        Section("ask", ask_said(story, as_of)),
    ]
    return [part for part in parts if part.said]
