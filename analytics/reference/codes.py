"""What the reference files know of codes: their drugs and units, and what else a drug goes by."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import polars as pl

from analytics.reference.checks import FIRST_DAY, LAST_DAY
from analytics.reference.term_rows import day_of


@dataclass(frozen=True)
class Meaning:
    """What a code is on some days: the drug, and the milligrams in one unit."""

    drug: str
    unit_mg: Decimal
    begins: date
    ends: date


@dataclass
class Codes:
    """What the reference files know of codes: their meanings, house codes first, and packages."""

    known: set[str] = field(default_factory=set)
    drugs: set[str] = field(default_factory=set)
    meanings: dict[str, list[Meaning]] = field(default_factory=lambda: defaultdict(list))
    of_drug: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    of_ndc: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def drugs_of(self, name: str) -> set[str]:
        """Every drug a code or an NDC may be, on any day."""
        meant = {meaning.drug for meaning in self.meanings.get(name, ())}
        return meant | self.of_ndc.get(name, set())


def known_codes(frames: Mapping[str, pl.DataFrame]) -> Codes:
    """Return what the reference files know of codes and drugs."""
    codes = Codes()
    for name, columns in (
        ("drug_codes", ("hcpcs",)),
        ("house_codes", ("hcpcs",)),
        ("payment_limits", ("hcpcs",)),
        ("code_successors", ("old_hcpcs", "new_hcpcs")),
    ):
        for column in columns:
            codes.known |= set(frames[name][column].drop_nulls().to_list())
    for name in ("house_codes", "drug_codes"):
        for row in frames[name].drop_nulls(["drug", "unit_mg"]).to_dicts():
            begins, ends = (
                day_of(row["effective_from"], FIRST_DAY),
                day_of(row["effective_through"], LAST_DAY),
            )
            meaning = Meaning(row["drug"], Decimal(row["unit_mg"]), begins, ends)
            codes.meanings[row["hcpcs"]].append(meaning)
            codes.of_drug[meaning.drug].add(row["hcpcs"])
    for ndc11, drug in frames["drug_packages"].select("ndc11", "drug").rows():
        codes.of_ndc[ndc11].add(drug)
        codes.of_drug[drug].add(ndc11)
    codes.drugs = set(codes.of_drug)
    return codes
