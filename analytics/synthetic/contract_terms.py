"""The made-up contracts: every term with its versions and clauses. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from analytics.synthetic.drugs import ADMINISTRATION_CHARGES

SIGNED = date(2023, 12, 1)
START = date(2024, 1, 1)
HOUSE = "J1324"
RETROACTIVE_RECORDED_ON = date(2026, 1, 20)


@dataclass(frozen=True)
class Term:
    """One version of one contract term."""

    payer_id: str
    hcpcs: str
    method: str
    rate: Decimal | None = None
    line_of_business: str = "*"
    claim_type: str = "*"
    charge_cap: str = "none"
    sequestration: str = "no"
    effective_from: date = START
    effective_through: date | None = None
    recorded_on: date = SIGNED
    clause: str = ""

    @property
    def contract_id(self) -> str:
        """The contract's name."""
        return f"{self.payer_id.upper()}-2024"

    @property
    def term_id(self) -> str:
        """The term's name, shared by its versions."""
        parts = [self.payer_id.upper(), self.hcpcs.replace("*", "ALL")]
        parts += [{"medicare_advantage": "MA"}.get(self.line_of_business, "")]
        parts += [{"institutional": "INST"}.get(self.claim_type, "")]
        return "-".join(part for part in parts if part)


@cache
def terms() -> tuple[Term, ...]:
    """Every term of every made-up contract, in the order of the CSV."""
    return (
        *_commercial_terms(),
        *_government_terms(),
        *_administration_terms(),
        Term(
            "fir",
            "*",
            "capitated",
            clause="Services not listed in Exhibit B are paid by the monthly capitation.",
        ),
    )


def _commercial_terms() -> tuple[Term, ...]:
    fir = Term(
        "fir",
        HOUSE,
        "fixed",
        Decimal("148.25"),
        clause="Exhibit B: carved out of the capitation at 148.25 per milligram.",
    )
    return (*_alder_terms(), *_birch_terms(), *_cedar_terms(), fir, *_hazel_terms())


def _alder_terms() -> tuple[Term, ...]:
    house = Term(
        "alder",
        HOUSE,
        "pct_of_limit",
        Decimal(104),
        line_of_business="commercial",
        clause="Exhibit A 2.1: 104% of the CMS payment limit of the quarter of service.",
    )
    amended = replace(
        house,
        rate=Decimal(105),
        effective_from=date(2025, 4, 1),
        recorded_on=date(2025, 3, 10),
        clause="Amendment 1: 105% of the CMS payment limit from 2025-04-01.",
    )
    return (
        house,
        amended,
        replace(house, hcpcs="J9299", rate=Decimal(103), clause="Exhibit A 2.2: 103%."),
        replace(house, hcpcs="J9355", rate=Decimal(102), clause="Exhibit A 2.3: 102%."),
    )


def _birch_terms() -> tuple[Term, ...]:
    house = Term(
        "birch", HOUSE, "fixed", Decimal("146.00"), clause="Schedule 1: 146.00 per milligram."
    )
    renewed = replace(
        house,
        rate=Decimal("152.50"),
        effective_from=date(2025, 7, 1),
        recorded_on=date(2025, 6, 2),
        clause="Schedule 1 as renewed: 152.50 per milligram from 2025-07-01.",
    )
    amended = replace(
        house,
        rate=Decimal("155.00"),
        effective_from=date(2025, 10, 1),
        recorded_on=RETROACTIVE_RECORDED_ON,
        clause="Amendment 2 signed 2026-01-20: 155.00 per milligram back to 2025-10-01.",
    )
    nivolumab = replace(
        house,
        hcpcs="J9299",
        rate=Decimal("34.10"),
        charge_cap="line",
        clause="Schedule 1: 34.10 per milligram or the billed charge, whichever is less.",
    )
    trastuzumab = replace(
        house,
        hcpcs="J9355",
        method="pct_of_charge",
        rate=Decimal(48),
        clause="Schedule 2: 48% of the billed charge.",
    )
    return (house, renewed, amended, nivolumab, trastuzumab)


def _cedar_terms() -> tuple[Term, ...]:
    house = Term(
        "cedar",
        HOUSE,
        "pct_of_limit",
        Decimal(106),
        charge_cap="line",
        clause="Article 5: 106% of the CMS payment limit or the billed charge, whichever is less.",
    )
    nivolumab = replace(
        house,
        hcpcs="J9299",
        method="pct_of_charge",
        rate=Decimal("47.5"),
        charge_cap="none",
        clause="Article 6: 47.5% of the billed charge.",
    )
    trastuzumab = replace(house, hcpcs="J9355", rate=Decimal(101), clause="Article 5: 101%.")
    return (house, nivolumab, trastuzumab)


def _hazel_terms() -> tuple[Term, ...]:
    house = Term(
        "hazel",
        HOUSE,
        "pct_of_limit",
        Decimal(103),
        claim_type="professional",
        clause="Attachment C: 103% of the CMS payment limit.",
    )
    other = replace(house, rate=Decimal(104), clause="Attachment C: 104% of the CMS payment limit.")
    hospital = replace(
        house,
        claim_type="institutional",
        method="pct_of_charge",
        rate=Decimal(45),
        clause="Attachment D: hospital drugs at 45% of the billed charge.",
    )
    return (
        house,
        replace(other, hcpcs="J9299"),
        replace(other, hcpcs="J9355"),
        *(replace(hospital, hcpcs=hcpcs) for hcpcs in (HOUSE, "J9299", "J9355")),
    )


def _government_terms() -> tuple[Term, ...]:
    clauses = {
        "medicare": "42 CFR 414.904: the payment limit of the quarter, less sequestration.",
        "dogwood": "Section 4: the Medicare payment limit; sequestration is not passed on.",
        "alder": "Exhibit M: the Medicare payment limit; sequestration is not passed on.",
        "elm": "State fee schedule: the Medicare payment limit.",
    }
    rows = []
    for payer_id, clause in clauses.items():
        law = payer_id == "medicare"
        for hcpcs in ("J9177", "J9299", "J9355"):
            is_advantage = payer_id in ("dogwood", "alder")
            rows.append(
                Term(
                    payer_id,
                    hcpcs,
                    "pct_of_limit",
                    Decimal(100),
                    line_of_business="medicare_advantage" if is_advantage else "*",
                    charge_cap="line" if law else "none",
                    sequestration="yes" if law else "no",
                    clause=clause,
                )
            )
    not_covered = replace(
        rows[-1], method="not_covered", rate=None, clause="State list: not a covered drug."
    )
    return (*rows[:-1], not_covered)


def _administration_terms() -> tuple[Term, ...]:
    fees = {
        "alder": ("285.00", "62.00", "38.50"),
        "birch": ("272.50", "60.25", "36.00"),
        "cedar": ("261.00", "58.00", "35.00"),
        "medicare": ("130.15", "28.40", "14.90"),
        "dogwood": ("130.15", "28.40", "14.90"),
        "elm": ("104.00", "22.75", "12.00"),
        "hazel": ("279.00", "61.50", "37.25"),
    }
    return tuple(
        Term(
            payer_id,
            hcpcs,
            "fixed",
            Decimal(fee),
            charge_cap="line" if payer_id == "medicare" else "none",
            sequestration="yes" if payer_id == "medicare" else "no",
            clause="Fee schedule for administrations (amounts invented).",
        )
        for payer_id, row in fees.items()
        for hcpcs, fee in zip(ADMINISTRATION_CHARGES, row, strict=True)
    )
