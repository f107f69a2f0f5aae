"""Which rows of contract_terms.csv are used, and which are left out (RULES 8.2).

A row is left out that cannot be read, that holds on a day on which a version told at the same time
holds, or that stands beside a row left out: of the same term and keys, on a common day, what cannot
be read being any.
"""

from __future__ import annotations

from collections import defaultdict

from .reference import Reference, Row
from .terms import last_day_of, recorded_on, starts_on, told_once, version_of
from .unreadable_terms import BlockingRow, unreadable_cells

ALIKE = (
    *("payer_id", "line_of_business", "claim_type", "billing_id"),
    *("ndc11", "hcpcs", "drug"),
)


def used_and_left_out(reference: Reference) -> tuple[list[Row], list[BlockingRow]]:
    """Return the rows that are terms, and those left out with what can be read of them."""
    rows = told_once(reference.rows["contract_terms"])
    unread = [row for row in rows if unreadable_cells(row)]
    used = _without(rows, unread)
    at_once = _at_once(used)
    used = _without(used, at_once)
    in_doubt = [
        *(BlockingRow(row) for row in (*unread, *at_once)),
        *(
            BlockingRow({"row_number": number}, cells, reference.payers)
            for number, cells in reference.overlong["contract_terms"].items()
        ),
    ]
    left_out: list[BlockingRow] = []
    while in_doubt:
        left_out += in_doubt
        # A row beside one in doubt puts the rows beside itself in doubt as well.
        beside = [row for row in used if any(_is_beside(row, each) for each in in_doubt)]
        used = _without(used, beside)
        in_doubt = [BlockingRow(row) for row in beside]
    return used, left_out


def _without(rows: list[Row], others: list[Row]) -> list[Row]:
    numbers = {row["row_number"] for row in others}
    return [row for row in rows if row["row_number"] not in numbers]


def _at_once(rows: list[Row]) -> list[Row]:
    """Return the versions recorded on one day that hold on a common day."""
    versions: dict[tuple, list[Row]] = defaultdict(list)
    for row in rows:
        told = row["payer_id"], term_of(row), version_of(row)[1:], recorded_on(row)
        versions[told].append(row)
    return [
        row
        for alike in versions.values()
        for row in alike
        if any(
            other is not row
            and starts_on(row) <= last_day_of(other)
            and starts_on(other) <= last_day_of(row)
            for other in alike
        )
    ]


def term_of(row: Row) -> str:
    """Return what rows of one term share: term_id, else contract_id, else the payer."""
    return row.get("term_id") or row.get("contract_id") or row["payer_id"]


def _is_beside(row: Row, doubted: BlockingRow) -> bool:
    """Return whether a row would answer for one that is left out."""
    if doubted.cells:
        named = (term_of(row), *(row.get(column) or "*" for column in ALIKE))
        return all(each == "*" or each.upper() in doubted.cells for each in named)
    starts, ends = doubted.days
    return (
        term_of(row) == term_of(doubted.row)
        and all(
            doubted.is_unread(column)
            or (row.get(column) or "*") == (doubted.row.get(column) or "*")
            for column in ALIKE
        )
        and starts <= last_day_of(row)
        and starts_on(row) <= ends
    )
