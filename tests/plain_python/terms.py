"""How a contract term's row is keyed, versioned, dated and capped."""

from __future__ import annotations

from datetime import date

from .claim_line import ClaimLine
from .money import decimal_of, iso_date
from .reference import Row

KEYS = ("ndc11", "hcpcs", "drug", "*")
OF_LIMIT = ("pct_of_limit", "asp_plus")
OF_LIST = {"awp_minus": "awp", "wac_plus": "wac"}
AT_A_RATE = ("fixed", "pct_of_charge", *OF_LIMIT, *OF_LIST)
WITHOUT_LINES = ("capitated", "case_rate")

LITIGATED = (date(2018, 1, 1), date(2022, 9, 27))


def term_id_of(row: Row) -> str:
    """Return a term's id (RULES 8.3)."""
    keys = keys_of(row)
    key = keys.get("hcpcs") or keys.get("ndc11") or keys.get("drug") or "*"
    return row.get("term_id") or f"{row.get('contract_id', '')}:{key}"


def keys_of(row: Row) -> dict[str, str]:
    """Return what a term row is keyed by; `*` and empty are no key (RULES 8.2)."""
    keys = {column: row.get(column) or "*" for column in ("ndc11", "hcpcs", "drug")}
    return {column: sought for column, sought in keys.items() if sought != "*"}


def strongest_key(row: Row) -> str:
    """Return what a row ranks by: its strongest key (RULES 8.2)."""
    keys = keys_of(row)
    return next((key for key in KEYS if key in keys), "*")


def version_of(row: Row) -> tuple:
    """Return what rows share that are versions of one another (RULES 8.2)."""
    columns = ("line_of_business", "claim_type", "billing_id")
    return (term_id_of(row), *(row[each] for each in columns), *keys_of(row).items())


def told_once(rows: list[Row]) -> list[Row]:
    """Return the rows without those that say again what an earlier row says."""
    first: dict[tuple, Row] = {}
    for row in rows:
        said = tuple(sorted((name, cell) for name, cell in row.items() if name != "row_number"))
        first.setdefault(said, row)
    return list(first.values())


def charge_cap_of(term: Row, lob: str, claim_type: str | None) -> str:
    """Return how charges cap a term: none, line or claim; Medicare's by law (RULES 8.6)."""
    # An institutional claim is not capped by default; one of no told type is.
    by_law = lob == "medicare_ffs" and claim_type in ("professional", None)
    return term.get("charge_cap") or ("line" if by_law else "none")


def grants_sequestration(term: Row | None, lob: str) -> bool:
    """Return whether a cut by law is granted; Medicare's is law, not term (RULES 8.6, 9.5)."""
    stated = (term or {}).get("sequestration")
    return (stated or ("yes" if lob == "medicare_ffs" else "no")) == "yes"


def recorded_on(row: Row) -> date:
    """Return when a version was recorded; empty is earliest (RULES 8.2)."""
    return iso_date(row.get("recorded_on")) or date.min


def starts_on(row: Row) -> date:
    """Return the first day of a row; empty is open-ended."""
    return iso_date(row.get("effective_from")) or date.min


def last_day_of(row: Row) -> date:
    """Return the last day of a row; empty is open-ended."""
    return iso_date(row.get("effective_through")) or date.max


def lag_of(term: Row) -> int:
    """Return the days a quarter's limit reaches the payer late (RULES 8.5)."""
    return int(decimal_of(term.get("price_lag_days"), 0) or 0)


def decimals_of(term: Row) -> int | None:
    """Return the decimals a unit price is rounded to, None where it is not (RULES 8.6)."""
    stated = decimal_of(term.get("price_decimals"), 0)
    return None if stated is None else int(stated)


def is_litigated(line: ClaimLine, lob: str) -> bool:
    """Return whether a Medicare 340B line falls in the years before the courts (RULES 8.7)."""
    is_jg = "JG" in line.modifiers and lob == "medicare_ffs"
    return is_jg and LITIGATED[0] <= line.service_date <= LITIGATED[1]
