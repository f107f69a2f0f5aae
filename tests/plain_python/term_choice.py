"""Which term row prices a line: its versions, its rank, and the rows left out that block it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from .claim_line import ClaimLine
from .drugs import Identity
from .left_out_terms import used_and_left_out
from .money import iso_date
from .reference import Reference, Row, is_in_force
from .terms import KEYS, keys_of, recorded_on, starts_on, strongest_key, version_of
from .unreadable_terms import BlockingRow


class TermBook:
    """The rows of contract_terms.csv, asked by line."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._on_record: dict[str, list[Row]] = defaultdict(list)
        used, self._left_out = used_and_left_out(reference)
        for row in used:
            if recorded_on(row) <= reference.as_of:
                self._on_record[row["payer_id"]].append(row)
        self._standing = {payer_id: _standing(rows) for payer_id, rows in self._on_record.items()}

    def on_record(self, payer_id: str) -> list[Row]:
        """Return a payer's term rows on record at as-of, whatever their dates (RULES 16.7)."""
        return self._on_record.get(payer_id, [])

    def best(self, line: ClaimLine, identity: Identity, lob: str) -> list[Row]:
        """Return the term rows left equal first (RULES 8.2)."""
        fitting = [
            row
            for row in self._standing.get(line.facts.payer.payer_id, [])
            if _applies(row, line, identity, lob)
        ]
        latest: dict[tuple, date] = {}
        for row in fitting:
            version = version_of(row)
            latest[version] = max(latest.get(version, date.min), recorded_on(row))
        fitting = [row for row in fitting if recorded_on(row) == latest[version_of(row)]]
        best = min(map(_rank, fitting), default=None)
        return [row for row in fitting if _rank(row) == best]

    def blocking_row(
        self, line: ClaimLine, identity: Identity, lob: str, terms: list[Row]
    ) -> int | None:
        """Return the first row left out that may be the line's term (RULES 8.2)."""
        return min(
            (
                row.number
                for row in self._left_out
                if self._may_apply(row, line, identity, lob)
                and not (len(terms) == 1 and _rank(terms[0]) < row.rank)
            ),
            default=None,
        )

    def code_named_elsewhere(self, line: ClaimLine, identity: Identity) -> str | None:
        """Return the code of the line's drug a term is keyed by, so `*` is not (RULES 8.2)."""
        codes = {line.hcpcs, identity.drug_code} - {None}
        replaced = {
            row["old_hcpcs"]
            for row in self._reference.rows["code_successors"]
            if row["new_hcpcs"] in codes
            and (iso_date(row.get("effective_from")) or date.min) <= line.service_date
        }
        payer_id, day = line.facts.payer.payer_id, line.service_date
        named = {
            keys_of(row).get("hcpcs")
            for row in self._standing.get(payer_id, [])
            if is_in_force(row, day)
        }
        # A row that is left out still says that the payer has a price for its code.
        named |= {
            row.keys.get("hcpcs")
            for row in self._left_out
            if row.is_of_payer(payer_id)
            and row.is_in_force(day)
            and row.is_on_record(self._reference.as_of)
        }
        return min(named & (replaced | codes - {line.hcpcs}), default=None)

    def _may_apply(self, row: BlockingRow, line: ClaimLine, identity: Identity, lob: str) -> bool:
        facts = line.facts
        return (
            row.is_of_payer(facts.payer.payer_id)
            and row.fits("billing_id", facts.npi, facts.tax_id)
            and row.fits("claim_type", facts.claim_type)
            and row.fits("line_of_business", lob)
            and row.is_in_force(line.service_date)
            and row.is_on_record(self._reference.as_of)
            and _keys_fit(row.keys, line, identity, is_code_unread=row.is_unread("hcpcs"))
        )


def _standing(rows: list[Row]) -> list[Row]:
    """Return the rows no later version of the same beginning took the place of (RULES 8.2)."""
    latest: dict[tuple, date] = {}
    for row in rows:
        begun = version_of(row), starts_on(row)
        latest[begun] = max(latest.get(begun, date.min), recorded_on(row))
    return [row for row in rows if recorded_on(row) == latest[version_of(row), starts_on(row)]]


def _applies(row: Row, line: ClaimLine, identity: Identity, lob: str) -> bool:
    facts = line.facts
    return (
        row["billing_id"] in {"*", facts.npi, facts.tax_id}
        and row["claim_type"] in {"*", facts.claim_type}
        and row["line_of_business"] in {"*", lob}
        and is_in_force(row, line.service_date)
        and _keys_fit(keys_of(row), line, identity)
    )


def _rank(row: Row) -> tuple:
    """Return what a term row ranks by, the least first (RULES 8.2)."""
    return (
        row["billing_id"] == "*",
        row["claim_type"] == "*",
        row["line_of_business"] == "*",
        KEYS.index(strongest_key(row)),
    )


def _keys_fit(
    keys: dict[str, str], line: ClaimLine, identity: Identity, *, is_code_unread: bool = False
) -> bool:
    """Return whether all the keys of a row fit a line (RULES 8.2)."""
    fits = (
        keys.get("ndc11") in {None, identity.ndc11}
        and keys.get("hcpcs") in {None, line.hcpcs}
        and keys.get("drug") in {None, identity.drug}
    )
    is_by_code = is_code_unread or "hcpcs" in keys
    return fits and (is_by_code or identity.basis != "ndc_contradicts_code")
