"""A made-up site as raw text that can be taken apart: files, transactions, segments, CSV rows."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

Row = dict[str, str]
Rows = tuple[Mapping[str, str], ...]
VERSIONS = {
    "835": ("HP", "005010X221A1"),
    "837P": ("HC", "005010X222A1"),
    "837I": ("HC", "005010X223A2"),
}
SITE_KEY = "0123456789abcdef" * 4
# A cell of a row that has no column, as after a comma without quotation marks.
CELL_TOO_MANY = "(a cell too many)"


@dataclass(frozen=True)
class RawTransaction:
    """One ST..SE: its control number, the segments between, and whether its SE came."""

    control: str
    segments: tuple[str, ...]
    has_se: bool = True

    def text(self, transaction_type: str) -> list[str]:
        """Its segments, ST and SE included."""
        version = VERSIONS[transaction_type][1]
        tail = "" if transaction_type == "835" else f"*{version}"
        opened = [f"ST*{transaction_type[:3]}*{self.control}{tail}", *self.segments]
        return [*opened, f"SE*{len(opened) + 1}*{self.control}"] if self.has_se else opened


@dataclass(frozen=True)
class RawFile:
    """One interchange with one group; a file cut off ends without SE, GE and IEA."""

    name: str
    transaction_type: str
    control: str
    sent_date: date
    sent_time: str
    transactions: tuple[RawTransaction, ...]
    usage: str = "P"
    delimiters: str = "*:~"

    def text(self) -> str:
        """The text of the file."""
        kind, version = VERSIONS[self.transaction_type]
        segments = [
            f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{'SYNTHETICSENDER':15}*ZZ*{'SYNTHETICRECVR':15}"
            f"*{self.sent_date:%y%m%d}*{self.sent_time}*^*00501*{self.control}*0*{self.usage}*:",
            f"GS*{kind}*SYNTHETIC*SYNTHETIC*{self.sent_date:%Y%m%d}*{self.sent_time}*1*X*{version}",
        ]
        for transaction in self.transactions:
            segments += transaction.text(self.transaction_type)
        if all(transaction.has_se for transaction in self.transactions):
            segments += [f"GE*{len(self.transactions)}*1", f"IEA*1*{self.control}"]
        element, component, terminator = self.delimiters
        swap = str.maketrans({"*": element, ":": component})
        return "".join(segment.translate(swap) + terminator + "\n" for segment in segments)


@dataclass(frozen=True)
class RawSite:
    """What a site's folder holds before its first refresh."""

    as_of: date
    files: tuple[RawFile, ...]
    reference: Mapping[str, Rows] = field(default_factory=dict)
    maturity_days: int = 90
    administrations: Rows = ()

    def write(self, folder: Path) -> None:
        """Write the folder: site.toml, site.key, raw/, reference/."""
        (folder / "raw").mkdir(parents=True)
        (folder / "reference").mkdir()
        settings = f'practice_name = "Synthetic"\nas_of = {self.as_of}\n'
        settings += f"maturity_days = {self.maturity_days}\n"
        (folder / "site.toml").write_text(settings)
        (folder / "site.key").write_text(SITE_KEY + "\n")
        for file in self.files:
            (folder / "raw" / file.name).write_text(file.text(), newline="")
        if self.administrations:
            _write_csv(
                folder / "raw" / "administrations.csv", "administrations", self.administrations
            )
        for name, rows in self.reference.items():
            _write_csv(folder / "reference" / f"{name}.csv", name, rows)

    def told(self) -> str:
        """The whole site as text, for a report: a CSV row or a segment a line."""
        parts = [f"as_of {self.as_of}, maturity_days {self.maturity_days}"]
        for name, rows in self.reference.items():
            parts.append(f"--- reference/{name}.csv")
            for row in rows:
                parts.append(_as_text(row))
        if self.administrations:
            parts.append("--- raw/administrations.csv")
        parts += [_as_text(row) for row in self.administrations]
        for file in self.files:
            parts += [f"--- raw/{file.name}", file.text().rstrip("\n")]
        return "\n".join(parts)


# A file without rows says "none": its header must still name the columns that are needed.
HEADERS = {
    "payers": ["payer_id", "payer_name", "line_of_business", "look_back_days"],
    "payer_aliases": ["alias", "payer_id"],
    "payer_lines": ["payer_id", "filing_code", "group_number", "line_of_business"],
    "contract_terms": ["payer_id", "method", "hcpcs", "rate"],
    "house_codes": ["hcpcs", "drug", "unit_mg"],
    "payer_policies": ["payer_id", "pays_waste", "effective_from"],
    "payment_limits": ["effective_quarter", "hcpcs", "published_on", "payment_limit"],
    "denial_reasons": ["code_set", "code", "denial_class", "counts_as_denial", "effect"],
    "drug_packages": ["ndc11", "drug"],
    "list_prices": ["hcpcs", "ndc11", "per", "price_kind", "price"],
    "ndc_crosswalk": ["effective_quarter", "ndc11", "hcpcs", "published_on"],
    "opps_status": ["effective_from", "hcpcs", "status_indicator", "payment_rate", "published_on"],
    "administrations": ["administration_id", "service_date"],
    "drug_codes": ["hcpcs", "effective_from", "drug", "unit_mg", "is_unlisted"],
}


def _as_text(row: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in row.items() if value)


def _write_csv(path: Path, name: str, rows: Rows) -> None:
    told = [*HEADERS[name], *(column for row in rows for column in row)]
    columns = [column for column in dict.fromkeys(told) if column != CELL_TOO_MANY]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            beyond = [row[CELL_TOO_MANY]] if CELL_TOO_MANY in row else []
            writer.writerow([*(row.get(column, "") for column in columns), *beyond])


def one_a_key(rows: list[Row], key: tuple[str, ...]) -> Rows:
    """The rows, each key once as the intake reads it: an empty cell is a star."""
    kept = {tuple((row[column] or "*").upper() for column in key): row for row in rows}
    return tuple(kept.values())
