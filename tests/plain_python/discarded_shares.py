"""How much of each drug was discarded in a year, beside what CMS published (RULES 10.12)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from .drugs import DrugBook
from .judged import Judged
from .money import ZERO, decimal_of, rounded
from .reference import Reference, Row


def discarded_share_rows(
    drug_lines: list[Judged], drugs: DrugBook, reference: Reference
) -> list[dict]:
    """Return one row per drug and service year, over primary lines with something allowed."""
    by_year: dict[tuple[str, int], list[Judged]] = defaultdict(list)
    for each in drug_lines:
        line, drug = each.line, each.identity.drug
        is_dated = drug and line.service_date and line.rank == "primary"
        if is_dated and each.outcome.amounts.allowed > 0:
            by_year[drug, line.service_date.year].append(each)
    published = _latest_by_code(reference.rows["discarded_shares"])
    return [_row(drug, year, lines, drugs, published) for (drug, year), lines in by_year.items()]


def _row(
    drug: str, year: int, lines: list[Judged], drugs: DrugBook, published: dict[str, Row]
) -> dict:
    code = drugs.cms_code_of(drug, max(each.line.service_date for each in lines))
    hcpcs = code["hcpcs"] if code else None
    allowed = sum((each.outcome.amounts.allowed for each in lines), ZERO)
    discarded = sum((each.outcome.amounts.allowed for each in lines if each.line.is_waste), ZERO)
    cms = published.get(hcpcs or "", {})
    return {
        "drug": drug,
        "cms_hcpcs": hcpcs,
        "service_year": year,
        "lines": len(lines),
        "waste_lines": sum(each.line.is_waste for each in lines),
        "allowed_usd": allowed,
        "discarded_usd": discarded,
        "discarded_share": _share(discarded, allowed),
        "cms_year": int(cms["year"]) if cms else None,
        "cms_share": decimal_of(cms.get("discarded_share"), 6) if cms else None,
    }


def _share(discarded: Decimal, allowed: Decimal) -> Decimal | None:
    return rounded(Fraction(discarded) / Fraction(allowed), 6) if allowed else None


def _latest_by_code(rows: list[Row]) -> dict[str, Row]:
    latest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: int(row["year"])):
        latest[row["hcpcs"]] = row
    return latest
