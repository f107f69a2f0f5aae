"""The public X12 samples beside the project: their bytes, what is expected, what we read."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from analytics.intake.raw_tables import FILES, RAW_TABLES, TRANSACTIONS
from tests.intake.parsed_together import FileRows, rows_together

COUNTED = {
    "clp": "raw_835__remit_claims",
    "svc": "raw_835__remit_lines",
    "cas_triplets": "raw_835__adjustments",
    "plb_pairs": "raw_835__provider_adjustments",
    "clm": "raw_837__claims",
}
SUMMED = {
    "sum_clp03": ("raw_835__remit_claims", "charge_usd"),
    "sum_clp04": ("raw_835__remit_claims", "paid_usd"),
    "sum_svc02": ("raw_835__remit_lines", "charge_usd"),
    "sum_svc03": ("raw_835__remit_lines", "paid_usd"),
    "sum_bpr02": ("raw_835__remits", "payment_amount_usd"),
    "sum_cas": ("raw_835__adjustments", "adjustment_usd"),
    "sum_plb": ("raw_835__provider_adjustments", "adjustment_usd"),
    "sum_clm02": ("raw_837__claims", "charge_usd"),
    "sum_sv_charge": ("raw_837__claim_lines", "charge_usd"),
}
# What is counted wherever it stands; outside remits it tells of other things and has no table.
IN_REMITS = ("svc", "cas_triplets", "sum_cas", "sum_svc02", "sum_svc03", "sum_bpr02")
Figures = dict[str, Decimal]


@dataclass(frozen=True)
class Sample:
    """A sample file: its unpacked bytes, its row of `expected.csv` if any, and our rows of it."""

    name: str
    content: bytes
    expected: dict[str, str] | None
    rows: FileRows

    @property
    def kinds(self) -> list[str]:
        """What is in it that some reader may read: 835, 837p, 837i."""
        counted = {"835": "st835", "837p": "sv1", "837i": "sv2"}
        said = self.expected or {}
        return [kind for kind, column in counted.items() if int(said.get(column) or 0)]


def read_samples(folder: Path) -> dict[str, Sample]:
    """Every file below the folders of `folder` by name, all parsed as one batch."""
    with (folder / "expected.csv").open(encoding="utf-8") as lines:
        expected = {row["file"]: row for row in csv.DictReader(lines)}
    paths = sorted(path for path in folder.glob("*/*") if path.is_file())
    contents = {path.relative_to(folder).as_posix(): _unpacked(path) for path in paths}
    assert expected.keys() <= contents.keys(), "a sample that is expected is not there"
    found = rows_together(list(contents.values()))
    return {
        name: Sample(name, content, expected.get(name), rows)
        for (name, content), rows in zip(contents.items(), found, strict=True)
    }


def figures_of(rows: FileRows, *, has_remits: bool) -> Figures:
    """Counts and sums of a file, under the names of `expected.csv`."""
    types = [str(kind) for kind in column(rows, TRANSACTIONS, "transaction_type")]
    found = {
        "segments": column(rows, FILES, "segments")[0],
        "st": len(types),
        "st835": types.count("835"),
        "st837": sum(kind.startswith("837") for kind in types),
        "service_lines": len(rows["raw_837__claim_lines"]),
        **{name: len(rows[table]) for name, table in COUNTED.items()},
        **{name: _sum(column(rows, *place)) for name, place in SUMMED.items()},
    }
    return {
        name: Decimal(value) for name, value in found.items() if has_remits or name not in IN_REMITS
    }


def expected_figures(row: dict[str, str]) -> Figures:
    """What `expected.csv` says, of the figures that are compared."""
    lines = sum(int(row[name]) for name in ("sv1", "sv2", "sv3"))
    told = row | {"service_lines": str(lines)}
    names = ("segments", "st", "st835", "st837", "service_lines", *COUNTED, *SUMMED)
    has_remits = row["st835"] != "0"
    return {name: Decimal(told[name] or 0) for name in names if has_remits or name not in IN_REMITS}


def column(rows: FileRows, table: str, name: str) -> list:
    """A column of the rows of a file."""
    place = list(RAW_TABLES[table]).index(name)
    return [row[place] for row in rows[table]]


def _sum(amounts: list[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
