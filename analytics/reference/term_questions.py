"""What is asked about contract terms that stand beside each other: gaps, two terms, late versions.

All of these rows are used; each question says what becomes of their lines.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from analytics.reference.problems import CELLS_QUOTED, Question, listed
from analytics.reference.term_rows import TermRow, by_rank

FILE = "reference/contract_terms.csv"
A_DAY = timedelta(days=1)
Gap = tuple[date, date]


def gaps_between_versions(rows: Sequence[TermRow]) -> list[Question]:
    """Return a question per run of days on which no version of a term holds, but one did before."""
    terms: dict[Gap, list[str]] = defaultdict(list)
    numbers: dict[Gap, set[int]] = defaultdict(set)
    for alike in by_rank(rows).values():
        for term in dict.fromkeys(row.term for row in alike):
            for gap, sides in _gaps([row for row in alike if row.term == term]):
                terms[gap].append(term)
                numbers[gap] |= {row.number for row in sides}
    return [
        Question(
            FILE,
            tuple(sorted(numbers[gap])),
            "effective_from",
            f"no version of {listed(terms[gap], CELLS_QUOTED)} holds from {gap[0]} to {gap[1]}"
            f" ({_days(gap)}): lines of those days have no price, or a wider term's."
            " Is a date wrong?",
        )
        for gap in sorted(terms)
    ]


def two_terms_of_one_rank(rows: Sequence[TermRow]) -> list[Question]:
    """Return a question per payer whose terms cannot be told apart on some days."""
    pairs: dict[str, list[tuple[TermRow, TermRow]]] = defaultdict(list)
    for (payer_id, _), alike in by_rank(rows).items():
        pairs[payer_id] += [
            (one, other)
            for one, other in combinations(alike, 2)
            if one.term != other.term and one.meets(other.begins, other.ends)
        ]
    return [
        Question(
            FILE,
            tuple(sorted({row.number for pair in found for row in pair})),
            "effective_from",
            f"terms that fit the same lines hold on the same days:"
            f" {listed([_both(pair) for pair in found], CELLS_QUOTED)}. Their lines are not priced"
            " (two terms): end one before the other begins, or give both one term_id.",
        )
        for found in pairs.values()
        if found
    ]


def amended_back_in_time(rows: Sequence[TermRow]) -> list[Question]:
    """Return a question about the versions recorded after the day they begin to hold."""
    late = [
        row
        for alike in by_rank(rows).values()
        for row in alike
        if row.recorded_on > row.begins > date.min
        and any(
            row.term == other.term
            and other.recorded_on < row.recorded_on
            and other.meets(row.begins, row.recorded_on)
            for other in alike
        )
    ]
    if not late:
        return []
    late.sort(key=lambda row: row.number)
    said = listed([_late(row) for row in late], CELLS_QUOTED)
    moved = "it moves" if len(late) == 1 else "they move"
    return [
        Question(
            FILE,
            tuple(row.number for row in late),
            "recorded_on",
            f"amended back in time ({said}): {moved} figures of days already reported."
            " An --as-of before recorded_on shows them as they were.",
        )
    ]


def _gaps(versions: Sequence[TermRow]) -> Iterator[tuple[Gap, tuple[TermRow, TermRow]]]:
    ordered = sorted(versions, key=lambda row: (row.begins, row.number))
    last = ordered[0]
    for row in ordered[1:]:
        if last.ends < date.max and row.begins > last.ends + A_DAY:
            yield (last.ends + A_DAY, row.begins - A_DAY), (last, row)
        last = max(last, row, key=lambda version: version.ends)


def _days(gap: Gap) -> str:
    days = (gap[1] - gap[0]).days + 1
    return f"{days:,} day{'s' * (days != 1)}"


def _both(pair: tuple[TermRow, TermRow]) -> str:
    first, second = sorted(pair, key=lambda row: row.number)
    return f"{first.term} (row {first.number}) with {second.term} (row {second.number})"


def _late(row: TermRow) -> str:
    return f"row {row.number} by {(row.recorded_on - row.begins).days:,} days to {row.begins}"
