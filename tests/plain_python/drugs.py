"""Which drug a line is, and what decided it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .claim_line import ClaimLine
from .crosswalk import Crosswalk
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


@dataclass(frozen=True)
class NdcFound:
    """What crosswalk and packages say of one NDC: its codes, and its drugs, the nearest first."""

    codes: frozenset[str]
    drugs: tuple[str, ...]
    is_known: bool

    def agrees(self, hcpcs: str | None, cms: Row | None) -> bool:
        """Return whether it names the billed code, or the drug of that code (RULES 7.2, 7.6)."""
        return hcpcs in self.codes or (cms is not None and cms["drug"] in self.drugs)

    def drug(self, *codes: Row | None) -> str | None:
        """Return its drug: that of a code where it is one of its own (RULES 7.2, 7.6)."""
        of_codes = [code["drug"] for code in codes if code and code["drug"] in self.drugs]
        return next(iter([*of_codes, *self.drugs]), None)


class DrugBook:
    """The reference rows on drugs, asked by code, NDC and day."""

    def __init__(self, reference: Reference) -> None:
        rows = reference.rows
        self._codes = _by(rows["drug_codes"], "hcpcs")
        self._house = _by(rows["house_codes"], "hcpcs")
        self._by_ndc = _by(rows["drug_packages"], "ndc11")
        self._by_drug = _by(rows["drug_packages"], "drug")
        self._limit_codes = {row["hcpcs"] for row in rows["payment_limits"]}
        self._crosswalk = Crosswalk(reference)
        self._cms_codes: dict[tuple[str | None, date | None], Row | None] = {}

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
        if (drug, day) not in self._cms_codes:
            in_force = (_latest(rows, day) for rows in self._codes.values())
            rows = [
                row
                for row in in_force
                if row and row["drug"] == drug and row.get("is_unlisted") != "yes"
            ]
            self._cms_codes[drug, day] = min(rows, key=lambda row: row["hcpcs"], default=None)
        return self._cms_codes[drug, day]

    def unit_mg_of(self, hcpcs: str | None, day: date | None) -> Decimal | None:
        """Return the milligrams in a code's unit: house code, else CMS (RULES 9.8)."""
        return _mg(self.house_row(hcpcs, day) or self.cms_row(hcpcs, day))

    def drug_of(self, hcpcs: str | None, day: date | None) -> str | None:
        """Return the drug of a code: house code, else CMS; None where neither says (RULES 9.8)."""
        row = self.house_row(hcpcs, day) or self.cms_row(hcpcs, day)
        return (row["drug"] or None) if row else None

    def is_biosimilar(self, hcpcs: str | None, day: date | None) -> bool:
        """Return whether a code is a biosimilar's (RULES 8.6)."""
        return (self.cms_row(hcpcs, day) or {}).get("is_biosimilar") == "yes"

    def identity_as(self, hcpcs: str, line: ClaimLine) -> Identity:
        """Return the drug of a line had it been billed with another code (RULES 16.4)."""
        ndc11, day = ndc11_of(line.ndc), line.service_date
        house, cms = self.house_row(hcpcs, day), self.cms_row(hcpcs, day)
        if house:
            decided = self._by_house(line, house, ndc11)
        elif cms:
            decided = self._by_cms("cms_code_no_ndc", hcpcs, cms, ndc11)
        else:
            decided = Identity("unknown_code", None, None, ndc11, hcpcs, None)
        return self._with_drug_code(decided, day)

    def drugs_of_ndc(self, ndc11: str | None, day: date | None) -> tuple[str, ...]:
        """Return the drugs crosswalk and packages give an NDC, the nearest first (RULES 7.6)."""
        return self._ndc_found(ndc11, day).drugs

    def is_known_ndc(self, ndc11: str | None, day: date | None) -> bool:
        """Return whether a package or the crosswalk has an NDC (RULES 7.1, 7.6)."""
        return self._ndc_found(ndc11, day).is_known

    def is_multi_dose(self, ndc11: str | None, drug: str | None) -> bool:
        """Return whether an NDC is a multi-dose package of the drug (RULES 10.3)."""
        package = self.package(ndc11, drug)
        return package is not None and package.get("single_dose") != "yes"

    def packages_of(self, drug: str | None) -> list[Row]:
        """Return the package rows of a drug."""
        return self._by_drug.get(drug or "", [])

    def packages_named(self, ndc11: str | None) -> list[Row]:
        """Return the package rows of an NDC, whatever their drug."""
        return self._by_ndc.get(ndc11 or "", [])

    def package(self, ndc11: str | None, drug: str | None) -> Row | None:
        """Return a package of that NDC and drug."""
        rows = [row for row in self._by_ndc.get(ndc11 or "", []) if row["drug"] == drug]
        return rows[0] if rows else None

    def identity(self, line: ClaimLine) -> Identity:
        """Return a line's drug, what decided it, and the CMS code of that drug."""
        return self._with_drug_code(self._decided(line), line.service_date)

    def _with_drug_code(self, decided: Identity, day: date | None) -> Identity:
        cms = self.cms_code_of(decided.drug, day)
        return replace(decided, drug_code=cms["hcpcs"] if cms else None)

    def _decided(self, line: ClaimLine) -> Identity:
        """Return what decides a line's drug, first that applies (metrics 2)."""
        day = line.service_date
        cms, house = self.cms_row(line.hcpcs, day), self.house_row(line.hcpcs, day)
        ndc11 = ndc11_of(line.ndc)
        found = self._ndc_found(ndc11, day)
        ndc_drug = found.drug(cms, house)
        # An unlisted code says nothing of the drug, so no NDC agrees with it (RULES 7.6).
        named = None if self._is_unlisted(line.hcpcs, cms) else line.hcpcs
        if found.agrees(named, cms):
            agreed = self._by_cms("cms_code_ndc_agrees", line.hcpcs, cms, ndc11)
            # Where the code means nothing that day the NDC still says what the drug is.
            return agreed if cms else replace(agreed, drug=ndc_drug)
        if house and (not found.is_known or house["drug"] in found.drugs):
            return self._by_house(line, house, ndc11)
        if found.is_known and self._is_unlisted(line.hcpcs, cms):
            return Identity("unlisted_code_ndc_decides", ndc_drug, None, ndc11, line.hcpcs, None)
        if found.is_known:
            mg = _mg(cms)
            return Identity("ndc_contradicts_code", ndc_drug, None, ndc11, line.hcpcs, mg)
        if cms or self._is_known_by_its_limit(line.hcpcs):
            basis = "cms_code_ndc_unknown" if line.ndc else "cms_code_no_ndc"
            return self._by_cms(basis, line.hcpcs, cms, ndc11)
        return Identity("unknown_code", None, None, ndc11, line.hcpcs, None)

    def _ndc_found(self, ndc11: str | None, day: date | None) -> NdcFound:
        """Return what crosswalk and packages say of an NDC (RULES 7.2, 7.6)."""
        packages = self._by_ndc.get(ndc11 or "", [])
        codes = self._crosswalk.codes(ndc11, day)
        by_code = [drug for code in sorted(codes) if (drug := self._drug_of_code(code, day))]
        codes |= {row["hcpcs"] for row in packages if row.get("hcpcs")}
        by_package = sorted({row["drug"] for row in packages if row["drug"]})
        return NdcFound(frozenset(codes), (*by_code, *by_package), bool(codes or packages))

    def _drug_of_code(self, hcpcs: str, day: date | None) -> str | None:
        """Return the drug of a code on a day, else by its latest row; unlisted none (RULES 7.6)."""
        rows = self._codes.get(hcpcs, [])
        row = _latest(rows, day) or max(rows, key=_starts, default=None)
        return None if row is None or self._is_unlisted(hcpcs, row) else row["drug"] or None

    def _is_known_by_its_limit(self, hcpcs: str | None) -> bool:
        """Return whether only the payment limits know a code (RULES 7.7)."""
        return hcpcs not in self._codes and hcpcs in self._limit_codes

    @staticmethod
    def _is_unlisted(hcpcs: str | None, cms: Row | None) -> bool:
        return hcpcs in UNLISTED or (cms is not None and cms.get("is_unlisted") == "yes")

    @staticmethod
    def _by_cms(basis: str, hcpcs: str | None, cms: Row | None, ndc11: str | None) -> Identity:
        drug = (cms["drug"] or None) if cms else None
        return Identity(basis, drug, _mg(cms), ndc11, hcpcs, _mg(cms))

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


def _mg(row: Row | None) -> Decimal | None:
    return decimal_of(row.get("unit_mg"), 6) if row else None


def _starts(row: Row) -> date:
    return iso_date(row.get("effective_from")) or date.min


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
        key=lambda row: (row["row_source"] == "site", _starts(row)),
        default=None,
    )
