"""Which drug a line is, and what decided it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .claim_line import ClaimLine
from .money import decimal_of, iso_date
from .reference import Reference, Row, is_in_force, ndc11_of

UNLISTED = ("J9999", "C9399", "J3490", "J3590")


@dataclass(frozen=True)
class Identity:
    """The drug of a line, the milligrams in its unit, and the code CMS prices it by."""

    basis: str
    drug: str | None
    unit_mg: Decimal | None
    ndc11: str | None
    priced_code: str | None
    priced_code_mg: Decimal | None
    drug_code: str | None = None  # the CMS code of the drug on the service date


class DrugBook:
    """The reference rows on drugs, asked by code, NDC and day."""

    def __init__(self, reference: Reference) -> None:
        rows = reference.rows
        self._codes = _by(rows["drug_codes"], "hcpcs")
        self._house = _by(rows["house_codes"], "hcpcs")
        self._by_ndc = _by(rows["drug_packages"], "ndc11")
        self._by_drug = _by(rows["drug_packages"], "drug")
        self._limit_codes = {row["hcpcs"] for row in rows["payment_limits"]}

    def is_drug_line(self, line: ClaimLine) -> bool:
        """Return whether a line bills a drug (metrics 1)."""
        code = line.hcpcs or ""
        return (
            code in self._codes
            or code in self._house
            or code in self._limit_codes
            or code.startswith("J")
            or bool(line.ndc)
            or line.revenue_code == "0636"
        )

    def cms_row(self, hcpcs: str | None, day: date | None) -> Row | None:
        """Return the CMS meaning of a code on a day."""
        return _latest(self._codes.get(hcpcs or "", []), day)

    def house_row(self, hcpcs: str | None, day: date | None) -> Row | None:
        """Return the house meaning of a code on a day (RULES 7.4)."""
        return _latest(self._house.get(hcpcs or "", []), day)

    def cms_code_of(self, drug: str | None, day: date | None) -> Row | None:
        """Return the CMS code of a drug on a day (RULES 7.3)."""
        in_force = (_latest(rows, day) for rows in self._codes.values())
        rows = [
            row
            for row in in_force
            if row and row["drug"] == drug and row.get("is_unlisted") != "yes"
        ]
        return min(rows, key=lambda row: row["hcpcs"], default=None)

    def is_multi_dose(self, ndc11: str | None, drug: str | None) -> bool:
        """Return whether an NDC is a multi-dose package of the drug (RULES 10.3)."""
        package = self.package(ndc11, drug)
        return package is not None and package.get("single_dose") != "yes"

    def packages_of(self, drug: str | None) -> list[Row]:
        """Return the package rows of a drug."""
        return self._by_drug.get(drug or "", [])

    def package(self, ndc11: str | None, drug: str | None) -> Row | None:
        """Return a package of that NDC and drug."""
        rows = [row for row in self._by_ndc.get(ndc11 or "", []) if row["drug"] == drug]
        return rows[0] if rows else None

    def identity(self, line: ClaimLine) -> Identity:
        """Return a line's drug, what decided it, and the CMS code of that drug."""
        decided = self._decided(line)
        cms = self.cms_code_of(decided.drug, line.service_date)
        return replace(decided, drug_code=cms["hcpcs"] if cms else None)

    def _decided(self, line: ClaimLine) -> Identity:
        """Return what decides a line's drug, first that applies (metrics 2)."""
        cms = self.cms_row(line.hcpcs, line.service_date)
        house = self.house_row(line.hcpcs, line.service_date)
        ndc11 = ndc11_of(line.ndc)
        packages = self._by_ndc.get(ndc11 or "", [])
        ndc_drug = _drug_of(packages, cms, house)
        if self._ndc_agrees(line.hcpcs, cms, packages):
            agreed = self._by_cms("cms_code_ndc_agrees", line, cms, ndc11)
            # Where the code means nothing that day the package still says what it holds.
            return agreed if cms else replace(agreed, drug=ndc_drug)
        if house and (not packages or house["drug"] == ndc_drug):
            return self._by_house(line, house, ndc11)
        if packages and self._is_unlisted(line.hcpcs, cms):
            return Identity("unlisted_code_ndc_decides", ndc_drug, None, ndc11, line.hcpcs, None)
        if packages:
            mg = _mg(cms)
            return Identity("ndc_contradicts_code", ndc_drug, None, ndc11, line.hcpcs, mg)
        if cms:
            basis = "cms_code_ndc_unknown" if line.ndc else "cms_code_no_ndc"
            return self._by_cms(basis, line, cms, ndc11)
        return Identity("unknown_code", None, None, ndc11, line.hcpcs, None)

    @staticmethod
    def _ndc_agrees(hcpcs: str | None, cms: Row | None, packages: list[Row]) -> bool:
        """Return whether a package names the code, or the drug of the code (RULES 7.2)."""
        return any(
            (hcpcs is not None and row.get("hcpcs") == hcpcs)
            or (cms is not None and cms["drug"] != "" and row["drug"] == cms["drug"])
            for row in packages
        )

    @staticmethod
    def _is_unlisted(hcpcs: str | None, cms: Row | None) -> bool:
        return hcpcs in UNLISTED or (cms is not None and cms.get("is_unlisted") == "yes")

    @staticmethod
    def _by_cms(basis: str, line: ClaimLine, cms: Row | None, ndc11: str | None) -> Identity:
        drug = (cms["drug"] or None) if cms else None
        return Identity(basis, drug, _mg(cms), ndc11, line.hcpcs, _mg(cms))

    def _by_house(self, line: ClaimLine, house: Row, ndc11: str | None) -> Identity:
        cms = self.cms_code_of(house["drug"], line.service_date)
        return Identity(
            "house_code",
            house["drug"],
            _mg(house),
            ndc11,
            cms["hcpcs"] if cms else None,
            _mg(cms),
        )


def _drug_of(packages: list[Row], *codes: Row | None) -> str | None:
    """Return the drug of an NDC: that of the code where a package names it (RULES 7.2)."""
    named = sorted({row["drug"] for row in packages})
    of_codes = [code["drug"] for code in codes if code and code["drug"] in named]
    return next(iter(of_codes + named), None)


def _mg(row: Row | None) -> Decimal | None:
    return decimal_of(row.get("unit_mg"), 6) if row else None


def _by(rows: list[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return dict(found)


def _latest(rows: list[Row], day: date | None) -> Row | None:
    """Return the row in force: the site's, then the latest to start (RULES 7.3)."""
    in_force = [row for row in rows if is_in_force(row, day)]
    return max(
        in_force,
        key=lambda row: (
            row["row_source"] == "site",
            iso_date(row.get("effective_from")) or date.min,
        ),
        default=None,
    )
