"""What a payer says of waste, authorization and the source of a drug on a day (RULES 10.6)."""

from __future__ import annotations

from datetime import date

from .claim_line import ClaimLine
from .money import iso_date
from .reference import Reference, Row, is_in_force

ASKED = ("payer_id", "line_of_business", "claim_type", "payer_rank", "hcpcs")


class PolicyBook:
    """The rows of payer_policies.csv, asked by line."""

    def __init__(self, reference: Reference) -> None:
        self._rows = reference.rows["payer_policies"]

    def row(
        self,
        line: ClaimLine,
        hcpcs: str | None,
        lob: str,
        basis: str,
        *,
        names_rank: bool = False,
    ) -> Row | None:
        """Return the policy row of a line, the most exact first.

        Takes    basis, what decided the drug of the line: of a house code the shipped rows on
                 codes do not speak; names_rank, for rows alone that name the payer's rank
        """
        asked = (line.facts.payer.payer_id, lob, line.facts.claim_type, line.rank, hcpcs)
        fitting = [
            row
            for row in self._rows
            if is_in_force(row, line.service_date)
            and all(row[name] in ("*", each) for name, each in zip(ASKED, asked, strict=True))
            and not (basis == "house_code" and _is_on_a_cms_code(row))
            and not (names_rank and row["payer_rank"] == "*")
        ]
        return min(fitting, key=_closeness, default=None)


def _is_on_a_cms_code(row: Row) -> bool:
    return row["row_source"] == "shipped" and row["hcpcs"] != "*"


def _closeness(row: Row) -> tuple:
    """Return what a row ranks by: exact before `*`, the site's before shipped, then the latest."""
    starts = iso_date(row.get("effective_from")) or date.min
    exact = (row[name] == "*" for name in ASKED)
    return (*exact, row["row_source"] != "site", -starts.toordinal())
