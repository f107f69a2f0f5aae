"""The made-up payers: names as sent, lines of business, waste policies. All are invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.synthetic.x12_records import Payer


@dataclass(frozen=True)
class Plan:
    """A payer's product as a patient holds it."""

    payer_id: str
    line_of_business: str
    claim_filing_code: str
    remit_filing_code: str
    claim_type: str = "professional"
    group_number: str = ""


@dataclass(frozen=True)
class Policy:
    """What a payer says about waste from a date on."""

    payer_id: str
    pays_waste: bool
    requires_jw: bool
    requires_jz: bool
    line_of_business: str = "*"
    effective_from: date = date(2024, 1, 1)
    effective_through: date | None = None
    source: str = "provider manual, discarded drugs (synthetic)"


# payer_id, payer_name, line_of_business, appeal, look back, corrected claim, filing days
PAYERS = (
    ("alder", "Alder Health (synthetic)", "commercial", 180, 365, 365, 180),
    ("birch", "Birch Mutual (synthetic)", "commercial", 180, 365, 180, 180),
    ("cedar", "Cedar Care Plan (synthetic)", "commercial", 120, 180, 180, 180),
    ("medicare", "Medicare Contractor (synthetic)", "medicare_ffs", 120, 365, 365, 365),
    ("dogwood", "Dogwood Advantage (synthetic)", "medicare_advantage", 60, 365, 365, 365),
    ("elm", "Elm State Medicaid (synthetic)", "medicaid", 90, 365, 180, 180),
    ("fir", "Fir HMO (synthetic)", "commercial", 180, 365, 180, 120),
    ("hazel", "Hazel PPO (synthetic)", "commercial", 180, 730, 180, 180),
    ("ginkgo", "Ginkgo Supplement (synthetic)", "other", 180, 365, 365, 365),
)
UNKNOWN_PAYER = "juniper"
UNKNOWN_PAYER_NAME = "JUNIPER TRUST (SYNTHETIC)"

# The same payer as files name it: name, identifier, and the REF*2U identifier of its remits.
NAMES_AS_SENT = {
    "alder": (
        Payer("ALDER HEALTH (SYNTHETIC)", "SYN10"),
        Payer("Alder Hlth Plan - SYNTHETIC", "SYN10A"),
        Payer("ALDER HLTH PLN SYNTHETIC", "", "SYN10"),
    ),
    "birch": (
        Payer("BIRCH MUTUAL (SYNTHETIC)", "SYN20"),
        Payer("BIRCH MUT INS CO SYNTHETIC", "SYN20B"),
        Payer("Birch Mutual Synthetic", ""),
    ),
    "cedar": (
        Payer("CEDAR CARE PLAN (SYNTHETIC)", "SYN30"),
        Payer("CEDAR CARE SYNTHETIC", ""),
    ),
    "medicare": (
        Payer("MEDICARE CONTRACTOR (SYNTHETIC)", "SYN40"),
        Payer("MEDICARE PART B SYNTHETIC", "SYN40B"),
    ),
    "dogwood": (
        Payer("DOGWOOD ADVANTAGE (SYNTHETIC)", "SYN50"),
        Payer("DOGWOOD MEDICARE HMO SYNTHETIC", "", "SYN50"),
    ),
    "elm": (
        Payer("ELM STATE MEDICAID (SYNTHETIC)", "SYN60"),
        Payer("ELM MEDICAID SYNTHETIC", "SYN60M"),
    ),
    "fir": (
        Payer("FIR HMO (SYNTHETIC)", "SYN70"),
        Payer("FIR HEALTH MAINTENANCE SYNTHETIC", "SYN70H"),
    ),
    "hazel": (
        Payer("HAZEL PPO (SYNTHETIC)", "SYN80"),
        Payer("HAZEL PREFERRED SYNTHETIC", "SYN80P"),
    ),
    "ginkgo": (
        Payer("GINKGO SUPPLEMENT (SYNTHETIC)", "SYN90"),
        Payer("GINKGO SUPP SYNTHETIC", ""),
    ),
    UNKNOWN_PAYER: (Payer(UNKNOWN_PAYER_NAME, "SYN99"),),
}

PLANS = {
    "alder": Plan("alder", "commercial", "CI", "12", group_number="SYNGRP10"),
    "alder_ma": Plan("alder", "medicare_advantage", "16", "16", group_number="SYNGRP16"),
    "birch": Plan("birch", "commercial", "BL", "12"),
    "cedar": Plan("cedar", "commercial", "CI", "13"),
    "medicare": Plan("medicare", "medicare_ffs", "MB", "MB"),
    # The plan's remits say HM; payer_lines.csv knows that it is Medicare Advantage.
    "dogwood": Plan("dogwood", "medicare_advantage", "16", "HM"),
    "elm": Plan("elm", "medicaid", "MC", "MC"),
    "fir": Plan("fir", "commercial", "HM", "HM"),
    "hazel": Plan("hazel", "commercial", "CI", "12"),
    "hazel_hospital": Plan("hazel", "commercial", "CI", "12", claim_type="institutional"),
    "ginkgo": Plan("ginkgo", "other", "CI", "15"),
    UNKNOWN_PAYER: Plan(UNKNOWN_PAYER, "commercial", "CI", "12"),
}
PLAN_WEIGHTS = {
    "alder": 24,
    "alder_ma": 4,
    "birch": 16,
    "cedar": 8,
    "medicare": 18,
    "dogwood": 10,
    "elm": 6,
    "fir": 4,
    "hazel": 7,
    "hazel_hospital": 3,
}

PAYER_LINES = (
    ("alder", "16", "", "medicare_advantage"),
    ("alder", "", "SYNGRP10", "commercial"),
    ("dogwood", "16", "", "medicare_advantage"),
    ("dogwood", "HM", "", "medicare_advantage"),
    ("ginkgo", "", "", "other"),
)

# Medicare's own rows are in the shipped reference; Elm has none on purpose.
POLICIES = (
    Policy("alder", pays_waste=True, requires_jw=False, requires_jz=False),
    Policy("alder", True, True, True, line_of_business="medicare_advantage"),
    Policy("birch", pays_waste=True, requires_jw=True, requires_jz=True),
    Policy("cedar", pays_waste=False, requires_jw=False, requires_jz=False),
    Policy("dogwood", pays_waste=True, requires_jw=True, requires_jz=True),
    Policy("fir", pays_waste=True, requires_jw=True, requires_jz=False),
    Policy("hazel", True, True, False, effective_through=date(2024, 12, 31)),
    Policy("hazel", True, True, True, effective_from=date(2025, 1, 1)),
)
MEDICARE_POLICY = Policy("medicare", pays_waste=True, requires_jw=True, requires_jz=True)


def name_as_sent(payer_id: str, turn: int) -> Payer:
    """One of the names a payer goes by, taken in turn."""
    names = NAMES_AS_SENT[payer_id]
    return names[turn % len(names)]


def name_on_claim(payer_id: str, turn: int) -> Payer:
    """A name with an identifier: a claim cannot be sent to a payer without one."""
    names = [name for name in NAMES_AS_SENT[payer_id] if name.code]
    return names[turn % len(names)]


def published_payer_id(payer_id: str) -> str:
    """The payer id the published tables show; a payer nobody listed is `unknown:` and its name."""
    return f"unknown:{UNKNOWN_PAYER_NAME}" if payer_id == UNKNOWN_PAYER else payer_id


def policy_for(plan: Plan, day: date) -> Policy | None:
    """The waste policy of a plan on a day, its own line of business before any."""
    if plan.payer_id == "medicare":
        return MEDICARE_POLICY
    found = [
        policy
        for policy in POLICIES
        if policy.payer_id == plan.payer_id
        and policy.line_of_business in ("*", plan.line_of_business)
        and policy.effective_from <= day <= (policy.effective_through or date.max)
    ]
    return min(found, key=lambda policy: policy.line_of_business == "*", default=None)
