"""Contract terms that are used, as Python rows, for what is asked about them together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from analytics.reference.checks import FIRST_DAY, LAST_DAY, term_of
from analytics.reference.shapes import ANY

Key = tuple[str | None, ...]


@dataclass(frozen=True)
class TermRow:
    """One version of one term: where it stands, what it is of, what it says, and when it holds.

    `rank` is what two terms share that decide the same lines: line of business, claim type, billing
    id and the three keys.
    """

    number: int
    term: str
    payer_id: str
    rank: Key
    ndc11: str | None
    hcpcs: str
    drug: str | None
    method: str
    rate: Decimal | None
    begins: date
    ends: date
    recorded_on: date

    @property
    def is_by_drug(self) -> bool:
        """Whether the drug is all that it is keyed by: a fixed rate is then per milligram."""
        return self.drug is not None and self.ndc11 is None and self.hcpcs == ANY

    def meets(self, begins: date, ends: date) -> bool:
        """Whether it holds on one of these days."""
        return self.begins <= ends and begins <= self.ends


def term_rows(terms: pl.DataFrame) -> list[TermRow]:
    """Return the used rows of contract_terms.csv in their order.

    Takes    the raw table: text that can be cast
    """
    rows = terms.with_columns(term=term_of()).sort("row_number").to_dicts()
    return [_term_row(row) for row in rows]


def by_rank(rows: Iterable[TermRow]) -> dict[tuple[str, Key], list[TermRow]]:
    """Return the rows that can decide the same lines, by payer and rank."""
    found: dict[tuple[str, Key], list[TermRow]] = defaultdict(list)
    for row in rows:
        found[row.payer_id, row.rank].append(row)
    return found


def day_of(cell: object, otherwise: date) -> date:
    """Return the day a cell names, and the other one where it is empty."""
    return date.fromisoformat(str(cell)) if cell else otherwise


def _term_row(row: Mapping[str, str | None]) -> TermRow:
    ndc11, drug, hcpcs = row["ndc11"], row["drug"], row["hcpcs"] or ANY
    place = (row["line_of_business"], row["claim_type"], row["billing_id"])
    return TermRow(
        number=int(row["row_number"] or 0),
        term=row["term"] or "",
        payer_id=row["payer_id"] or "",
        rank=(*place, ndc11, hcpcs, drug),
        ndc11=ndc11,
        hcpcs=hcpcs,
        drug=drug,
        method=row["method"] or "",
        rate=Decimal(row["rate"]) if row["rate"] else None,
        begins=day_of(row["effective_from"], FIRST_DAY),
        ends=day_of(row["effective_through"], LAST_DAY),
        recorded_on=day_of(row["recorded_on"], FIRST_DAY),
    )
