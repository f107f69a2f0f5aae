"""Where published rows and the plain-Python oracle's differ: one comparison for every test of it.

A column is compared wherever both have it; the lists below say what is left out. Rows that share a
key are compared as a bag, so that nothing hides behind another row of its key.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from analytics.measures import denial_rate_by, price_match_by

LINE_KEY = ("claim_id", "line_number", "payer_id", "payer_rank")
KEYS = {
    "claim_line_outcomes": LINE_KEY,
    "drug_line_outcomes": LINE_KEY,
    "code_identity": LINE_KEY,
    "waste_ledger": ("claim_id", "service_date", "drug"),
    "remit_balances": ("source_file", "transaction_number"),
    "provider_adjustments": ("source_file", "transaction_number", "reason_code", "reference_id"),
    "payer_drug_months": ("payer_id", "line_of_business", "drug", "hcpcs", "service_month"),
    "underpayment_causes": (*LINE_KEY, "cause"),
    "medicare_payments": LINE_KEY,
    "discarded_shares": ("drug", "service_year"),
    "documentation_gaps": (*LINE_KEY, "check"),
}
# The oracle's sentences are the start of ours; the rest of ours is arithmetic in words.
COMPARED_BY_START = ("pricing_basis", "gap_basis")
# Of these the oracle has only words the rules give; ours must hold them, whatever else they say.
COMPARED_BY_WORDS = ("reason", "waste_basis")
# Checks whose rows the oracle finds too: its table, and what of it.
CHECKS = {
    "warn_administrations_without_treatment": ("administrations_left_out", "no treatment"),
    "warn_whole_multi_dose_vials": ("whole_multi_dose_vials", None),
}
ROW = "(row)"
RATE_CODE = "J1324"
Rows = list[dict[str, object]]


@dataclass(frozen=True)
class Difference:
    """One value that differs; column `(row)` stands for a row only one side has."""

    table: str
    key: tuple
    column: str
    published: object
    oracle: object

    def __str__(self) -> str:
        return (
            f"{self.table} {self.key} {self.column}: "
            f"published {self.published!r}, oracle {self.oracle!r}"
        )


def differences(table: str, published: Rows, oracle: Rows) -> list[Difference]:
    """Every value of a table on which the two sides differ, rows of one side only first."""
    columns = _shared_columns(table, published, oracle)
    ours, theirs = _by_key(table, published), _by_key(table, oracle)
    found: list[Difference] = []
    values: list[Difference] = []
    for key in sorted(ours.keys() | theirs.keys(), key=str):
        one, other = ours.get(key, []), theirs.get(key, [])
        if len(one) != len(other):
            found.append(Difference(table, key, ROW, len(one), len(other)))
            continue
        values += _values_differing(table, key, one, other, columns)
    return found + values


def rate_differences(drug_lines: Rows, oracle: Rows) -> Iterator[Difference]:
    """Where the counts behind the measures' rates of one code are not the oracle's."""
    if not drug_lines:
        return
    lines = pl.DataFrame(drug_lines, infer_schema_length=None).lazy()
    lines = lines.filter(pl.col("hcpcs") == RATE_CODE)
    match = _by_payer(price_match_by(lines, by=["payer_id"]))
    rates = {
        definition: _by_payer(denial_rate_by(lines, by=["payer_id"], definition=definition))
        for definition in ("line_initial", "line_final")
    }
    for row in oracle:
        payer_id = row["payer_id"]
        counted = {
            column: match.get(payer_id, {}).get(column)
            for column in ("matched_lines", "short_lines", "over_lines")
        }
        for definition, rate in rates.items():
            found = rate.get(payer_id, {})
            counted[f"{definition}_denied"] = found.get("denied_lines")
            counted[f"{definition}_lines"] = found.get("adjudicated_lines")
        for column, count in counted.items():
            if (count or 0) != row[column]:
                yield Difference("rates", (payer_id,), column, count, row[column])


def check_differences(found: Mapping[str, int], oracle: Mapping[str, Rows]) -> Iterator[Difference]:
    """Where a check finds not as many rows as the oracle; checks that did not run are left out."""
    for name, (table, why) in CHECKS.items():
        expected = sum(why in (None, row.get("why")) for row in oracle[table])
        if found.get(name, expected) != expected:
            yield Difference("checks", (name,), name, found[name], expected)


def _by_payer(rates: pl.LazyFrame) -> dict[object, dict[str, object]]:
    return {row["payer_id"]: row for row in rates.collect().to_dicts()}


def _shared_columns(table: str, published: Rows, oracle: Rows) -> list[str]:
    if not (published and oracle):
        return []
    shared = sorted(set(published[0]) & set(oracle[0]))
    if len(shared) <= len(_key_of(table)):
        raise AssertionError(f"{table}: nothing but its key is compared; found {shared}")
    return shared


def _by_key(table: str, rows: Rows) -> dict[tuple, list[dict[str, object]]]:
    keyed = defaultdict(list)
    for row in rows:
        keyed[tuple(row[column] for column in _key_of(table))].append(row)
    return keyed


def _key_of(table: str) -> tuple[str, ...]:
    return KEYS[table]


def _values_differing(
    table: str, key: tuple, ours: list[dict], theirs: list[dict], columns: list[str]
) -> Iterator[Difference]:
    if len(ours) > 1:
        in_words = (*COMPARED_BY_START, *COMPARED_BY_WORDS)
        plain = [name for name in columns if name not in in_words]
        ours, theirs = (
            sorted(rows, key=lambda row: [_sortable(row[name]) for name in plain])
            for rows in (ours, theirs)
        )
    for one, other in zip(ours, theirs, strict=True):
        for column in columns:
            if not _same(column, one[column], other[column]):
                yield Difference(table, key, column, one[column], other[column])


def _sortable(value: object) -> str:
    return str(value.normalize() + 0) if isinstance(value, Decimal) else str(value)


def _same(column: str, published: object, oracle: object) -> bool:
    if column in COMPARED_BY_START and isinstance(published, str) and isinstance(oracle, str):
        return published.startswith(oracle)
    if column in COMPARED_BY_WORDS:
        return oracle is None or str(oracle) in str(published)
    if isinstance(published, Decimal | date) or isinstance(oracle, Decimal | date):
        return published == oracle
    return published == oracle and type(published) is type(oracle)
