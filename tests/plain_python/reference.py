"""The site's settings and reference rows, the shipped ones filling what is not there."""

from __future__ import annotations

import csv
import hashlib
import hmac
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .money import iso_date

Row = dict[str, str]

MERGED_BY_KEY = {
    "payment_limits": ("effective_quarter", "hcpcs", "published_on"),
    "ndc_crosswalk": ("effective_quarter", "ndc11", "hcpcs", "published_on"),
    "opps_status": ("effective_from", "hcpcs", "published_on"),
    "drug_codes": ("hcpcs", "effective_from"),
    "drug_packages": ("ndc11", "hcpcs"),
    "code_successors": ("old_hcpcs", "new_hcpcs"),
    "denial_reasons": ("code_set", "code", "group_code", "rarc", "payer_id"),
    "payer_policies": (
        "payer_id",
        "line_of_business",
        "claim_type",
        "payer_rank",
        "hcpcs",
        "effective_from",
    ),
}
REPLACED_WHOLE = (
    "payers",
    "payer_aliases",
    "payer_lines",
    "contract_terms",
    "house_codes",
    "list_prices",
    "label_indications",
    "discarded_shares",
    "documentation_weights",
    "administration_codes",
)
ANY_WHERE_EMPTY = (
    "group_code",
    "payer_id",
    "line_of_business",
    "claim_type",
    "payer_rank",
    "billing_id",
    "hcpcs",
)
WITH_ANY = ("contract_terms", "payer_policies", "denial_reasons")
# A payer not told at all (RULES 14.11).
NO_NAME = "NO NAME"
# What a row of a site is about, while the site has not filled it in (RULES 15.1).
ASKED = {
    "payer_aliases": ("alias",),
    "payer_lines": ("payer_id", "filing_code"),
    "contract_terms": ("payer_id", "line_of_business", "ndc11", "hcpcs", "contract_id"),
    "payer_policies": ("payer_id", "line_of_business"),
    "drug_codes": ("hcpcs",),
    "drug_packages": ("ndc11",),
}
UPPER_CASE = ("hcpcs", "old_hcpcs", "new_hcpcs", "ndc11", "code", "group_code", "rarc")


@dataclass(frozen=True)
class Payer:
    """A payer as recognised: its id, its name, and whether payers.csv has it."""

    payer_id: str
    payer_name: str
    is_known: bool


class Reference:
    """All reference rows of a site, and the look-ups that need nothing but them."""

    def __init__(self, site_folder: Path, shipped: Path, as_of: date | None = None) -> None:
        """Read site.toml, site.key and the CSVs of both folders."""
        settings = _settings(site_folder / "site.toml")
        stated = settings.get("as_of")
        stated = iso_date(stated) if isinstance(stated, str) else stated
        self.as_of: date = as_of or stated or date.today()
        self.maturity_days = int(settings.get("maturity_days", 90))
        self._key = _site_key(site_folder / "site.key")
        site = site_folder / "reference"
        self.rows: dict[str, list[Row]] = {
            name: _merged(name, shipped, site) for name in (*MERGED_BY_KEY, *REPLACED_WHOLE)
        }
        # Rows with a comma too many, by file and row number: nothing but their cells is known.
        self.overlong = {name: _overlong(name, shipped, site) for name in self.rows}
        self.payers = {row["payer_id"]: row for row in self.rows["payers"]}
        self._names = self._name_tables()

    def payer_named(self, ids: list[str | None], name: str | None) -> Payer:
        """Return the payer by id first, then by name (RULES 2.1, 2.2)."""
        for sent in (*ids, name):
            for table in self._names:
                if sent and _squeezed(sent) in table:
                    payer_id = table[_squeezed(sent)]
                    row = self.payers.get(payer_id)
                    return Payer(payer_id, row["payer_name"] if row else payer_id, row is not None)
        sent = name or next((each for each in ids if each), "")
        shown = " ".join(sent.upper().split()) or NO_NAME
        return Payer(f"unknown:{shown}", shown, False)

    def patient_key(self, member: str | None, birth: str | None, first: str | None) -> str | None:
        """Return the pseudonym of a patient, None where nothing names one (TABLES.md)."""
        parts = [(part or "").strip().upper() for part in (member, birth, first)]
        if not any(parts):
            return None
        return hmac.new(self._key, "|".join(parts).encode(), hashlib.sha256).hexdigest()[:16]

    def _name_tables(self) -> list[dict[str, str]]:
        aliases = {_squeezed(row["alias"]): row["payer_id"] for row in self.rows["payer_aliases"]}
        ids = {_squeezed(payer_id): payer_id for payer_id in self.payers}
        names = {_squeezed(row["payer_name"]): row["payer_id"] for row in self.payers.values()}
        return [aliases, ids, names]


def is_in_force(row: Row, day: date | None) -> bool:
    """Return whether a dated row holds on a day; an empty date is open-ended."""
    if day is None:
        return False
    starts = iso_date(row.get("effective_from")) or date.min
    ends = iso_date(row.get("effective_through")) or date.max
    return starts <= day <= ends


def ndc11_of(sent: str | None) -> str | None:
    """Return the eleven digits of an NDC, None where it is not one (RULES 7.1)."""
    text = (sent or "").strip()
    segments = text.split("-")
    if len(segments) == 3 and tuple(map(len, segments)) in ((4, 4, 2), (5, 3, 2), (5, 4, 1)):
        text = segments[0].zfill(5) + segments[1].zfill(4) + segments[2].zfill(2)
    text = text.replace("-", "")
    return text if re.fullmatch(r"\d{11}", text) else None


def _squeezed(text: str) -> str:
    return "".join(text.upper().split())


def _settings(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _site_key(path: Path) -> bytes:
    # Without a key the pseudonyms are only good to tell patients apart.
    return bytes.fromhex(path.read_text(encoding="ascii").strip()) if path.exists() else bytes(32)


def _merged(name: str, shipped: Path, site: Path) -> list[Row]:
    """Return a file's rows, site and shipped put together (RULES 1.5)."""
    own = _rows(site / f"{name}.csv", name, "site")
    given = _rows(shipped / f"{name}.csv", name, "shipped")
    if own is None or given is None:
        return own or given or []
    if name in REPLACED_WHOLE:
        return own
    columns = MERGED_BY_KEY[name]
    replaced = {tuple(row.get(column, "") for column in columns) for row in own}
    kept = [row for row in given if tuple(row.get(each, "") for each in columns) not in replaced]
    return kept + own


def _is_open(row: Row, name: str) -> bool:
    """Return whether a row asks and does not answer yet: it is no row (RULES 15.1)."""
    asks = {*ASKED.get(name, ()), "seen_lines", "seen_usd", "seen_note"}
    filled = {column for column, text in row.items() if text} - {"row_number"}
    return name in ASKED and "seen_lines" in filled and filled <= asks


def _rows(path: Path, name: str, source: str) -> list[Row] | None:
    told = _told(path)
    if told is None:
        return None
    rows = [
        {key: (text or "").strip() for key, text in row.items()} | {"row_number": str(number)}
        for number, row in told
        if None not in row
    ]
    if source == "site":
        rows = [row for row in rows if not _is_open(row, name)]
    for row in rows:
        row["row_source"] = source
        if name in WITH_ANY:
            row.update({column: row.get(column) or "*" for column in ANY_WHERE_EMPTY})
        row.update({column: row[column].upper() for column in UPPER_CASE if column in row})
        if "ndc11" in row:
            # A row may write an NDC as a label does (RULES 7.1).
            row["ndc11"] = ndc11_of(row["ndc11"]) or row["ndc11"]
    return rows


def _overlong(name: str, shipped: Path, site: Path) -> dict[str, tuple[str, ...]]:
    """Return the cells of each row that has more of them than the header, by its number."""
    own = _told(site / f"{name}.csv")
    told = _told(shipped / f"{name}.csv") if own is None else own
    return {str(number): tuple(_cells_of(row)) for number, row in told or [] if None in row}


def _cells_of(row: dict) -> list[str]:
    beyond = row.get(None, [])
    cells = [*(cell for name, cell in row.items() if name is not None), *beyond]
    return [cell.strip() for cell in cells if cell and cell.strip()]


def _told(path: Path) -> list[tuple[int, dict]] | None:
    """Return a file's rows, each with the number a spreadsheet shows: the header is row 1.

    The cells beyond the header of a row that has more stand under None.
    """
    if not path.exists():
        return None
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(enumerate(csv.DictReader(lines), start=2))
