"""CMS files of our own making, in the layouts CMS has used; every code and price is invented."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from analytics.cms.kinds import read_cms_file
from analytics.cms.received import CmsFile
from analytics.cms.rows import CmsRows

OLD, NEW = "Jan 2025 ASP Pricing File 121924.csv", "Jan 2025 ASP Pricing File updated 030725.csv"
LIMITS_TITLE = "Payment Allowance Limits for Medicare Part B Drugs"
FIRST_QUARTER_2025 = "Effective January 1, 2025 through March 31, 2025"
LIMIT_COLUMNS = (
    "HCPCS Code", "Short Description", "HCPCS Code Dosage", "Payment Limit",
    "Co-insurance Percentage", "Vaccine AWP%", "Vaccine Limit", "Blood AWP%", "Blood limit",
    "Clotting Factor", "Notes",
)  # fmt: skip
CROSSWALK_COLUMNS = (
    "_2024_CODE", "Short Description", "LABELER NAME", "NDC2", "Drug Name", "HCPCS dosage",
    "PKG SIZE", "PKG QTY", "BILLUNITS", "BILLUNITSPKG",
)  # fmt: skip
OPPS_COLUMNS = (
    "HCPCS Code", "Short Descriptor", "SI", "APC", "Relative Weight", "Payment Rate",
    "National Unadjusted Copayment", "Minimum Unadjusted Copayment", "IRA Coinsurance percentage",
    "Adjusted Beneficiary Copayment", "Note", "* Indicates a Change",
)  # fmt: skip

# Places of the HCPCS record layout, counted from 0.
HCPCS_PLACES = {
    "short": 91, "coverage": 229, "added": 268, "acted": 276, "ended": 284, "act": 292,
}  # fmt: skip

Cells = dict[str, str]


def a_limit(code: str = "J0001", limit: str = "36.647", **cells: str) -> Cells:
    """One row of a payment limit file."""
    named = {"coinsurance": "Co-insurance Percentage", "notes": "Notes"}
    return {
        "HCPCS Code": code,
        "Short Description": "Invented injection",
        "HCPCS Code Dosage": "1 MG",
        "Payment Limit": limit,
        "Co-insurance Percentage": "20.000",
        **{named[name]: cell for name, cell in cells.items()},
    }


def limits_text(
    rows: Iterable[Cells],
    *,
    columns: Sequence[str] = LIMIT_COLUMNS,
    effective: str = FIRST_QUARTER_2025,
    above: int = 0,
    below: int = 2,
    blank_columns: int = 0,
) -> str:
    """A payment limit file; `above` and `below` are the blank lines of its preamble."""
    preamble = [
        *[""] * above,
        LIMITS_TITLE,
        "",
        effective,
        "",
        "Note 1: Payment allowance limits are based on ASP data.",
        "Note 2: The absence or presence of a HCPCS code does not indicate coverage.",
        *[""] * below,
    ]
    return sheet_text(preamble, rows, (*columns, *[""] * blank_columns))


def crosswalk_text(rows: Iterable[Sequence[str]], *, ndc: str = "NDC2", blank: int = 0) -> str:
    columns = [ndc if name == "NDC2" else name for name in CROSSWALK_COLUMNS]
    cells = [dict(zip(columns, row, strict=True)) for row in rows]
    preamble = [
        "January 2025 ASP NDC - HCPCS Crosswalk for Medicare Part B Drugs",
        f"     {FIRST_QUARTER_2025}",
        *[""] * 6,
    ]
    return sheet_text(preamble, cells, (*columns, *[""] * blank))


def opps_text(rows: Iterable[Cells], *, year: int = 2025) -> str:
    title = f"Addendum B.-- OPPS Payment by HCPCS Code for CY {year}"
    return sheet_text(["", title, "", ""], rows, OPPS_COLUMNS)


def sheet_text(preamble: Sequence[str], rows: Iterable[Cells], columns: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    width = len(columns)
    writer.writerows([[line, *[""] * (width - 1)] for line in preamble])
    writer.writerow(columns)
    writer.writerows([[row.get(name, "") for name in columns] for row in rows])
    return text.getvalue()


def hcpcs_line(code: str, number: int, kind: str, text: str, **facts: str) -> str:
    """One record of the HCPCS file: 320 characters, as the record layout places them."""
    record = list(f"{code:<5}{number:05d}{kind}{text:<80}".ljust(320))
    if kind in "37":
        places = {
            "short": 91,
            "coverage": 229,
            "added": 268,
            "acted": 276,
            "ended": 284,
            "act": 292,
        }
        for name, place in places.items():
            cell = facts.get(name, "")
            record[place : place + len(cell)] = cell
    return "".join(record)


def named(text: str | bytes, name: str = "limits 121924.csv", archive: str = "") -> CmsFile:
    content = text if isinstance(text, bytes) else text.encode()
    return CmsFile(name, content, archive)


def read(text: str | bytes, name: str = "limits 121924.csv", archive: str = "") -> CmsRows:
    return read_cms_file(named(text, name, archive))


def write(folder: Path, name: str, text: str | bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows_of(reference: Path, name: str = "payment_limits") -> list[dict[str, str]]:
    with (reference / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def prices(reference: Path) -> list[tuple[str, str, str]]:
    columns = ("hcpcs", "published_on", "payment_limit")
    return [tuple(row[name] for name in columns) for row in rows_of(reference)]
