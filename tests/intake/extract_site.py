"""A small site of two claims and a remit as extracts, and what its raw tables say."""

from collections.abc import Callable, Mapping
from pathlib import Path

from small_extracts import Row, as_csv

from analytics.intake.files import RawTables, intake_raw
from analytics.intake.raw_tables import RAW_TABLES, REJECTS, TRANSACTIONS
from tests.intake.raw_folder import KEY, files_of, rows_of

NAME = "SYNTHETIC-NAME"
Read = Callable[[Mapping[str, str | bytes]], RawTables]


def billed(number: str, line: int = 1, **parts: object) -> Row:
    """A row of claim_lines."""
    usual = {"hcpcs": "J1324", "units": 90, "charge_usd": "180.00", "service_date": "2026-02-10"}
    sent = {"submitted_date": "2026-02-12", "payer_code": "SYNALDER", "patient_id": f"M-{number}"}
    return {"claim_number": number, "line_number": line, **usual, **sent, **parts}


def answered(number: str, line: int = 1, **parts: object) -> Row:
    """A row of remit_lines: 66.83 allowed, 13.37 of it coinsurance."""
    usual = {"hcpcs": "J1324", "charge_usd": "180.00", "paid_usd": "53.46", "paid_units": 90}
    told = {"payer_code": "SYNALDER", "payment_date": "2026-03-01", "trace_number": "T1"}
    own = {"payer_control_number": f"ICN-{number}", "status_code": "1"}
    return {"claim_number": number, "remit_line_number": line, **usual, **told, **own, **parts}


def adjusted(number: str, line: int | str, code: str, amount: str, **parts: object) -> Row:
    """A row of adjustments, its code as people say it."""
    group, reason = code.split("-")
    told = {"group_code": group, "reason_code": reason, "adjustment_usd": amount}
    return {"claim_number": number, "remit_line_number": line, **told, **parts}


CLAIMS = [billed("A1"), billed("A1", 2, hcpcs="96372", units=1, charge_usd="50"), billed("A2")]
REMITS = [answered("A1"), answered("A1", 2, charge_usd="50", paid_usd="40"), answered("A2")]
WHY = [
    adjusted("A1", 1, "CO-45", "113.17"),
    adjusted("A1", 1, "PR-2", "13.37"),
    adjusted("A1", 2, "CO-45", "10"),
    adjusted("A2", 1, "CO-45", "113.17"),
    adjusted("A2", 1, "PR-2", "13.37"),
]


def read_files(raw: Path, files: Mapping[str, str | bytes]) -> RawTables:
    for name, text in files.items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return intake_raw(raw, raw.parent / f"store of {raw.name}", site_key=KEY)


def everything(tables: RawTables) -> dict[str, list[tuple]]:
    """What the raw tables say, without where it was said."""
    places = ("file_sha256", "transaction_number", "source_offset", "row_number")
    names = [name for name in RAW_TABLES if name[4] == "8"]
    rows = {name: rows_of(tables, name) for name in names}
    rows[TRANSACTIONS] = rows_of(tables, TRANSACTIONS).drop("segments")
    return {
        name: sorted(map(repr, found.drop(places, strict=False).rows()))
        for name, found in rows.items()
    }


def counts(tables: RawTables, name: str) -> tuple[int, int, int]:
    """Rows of a file: received, rejected, duplicate."""
    row = files_of(tables)[name]
    return row["segments"], row["segments_rejected"], row["segments_duplicate"]


def reasons(tables: RawTables) -> list[str]:
    return rows_of(tables, REJECTS).sort("source_offset")["reason"].to_list()


def amounts(tables: RawTables, table: str, *columns: str) -> list[tuple]:
    return sorted(rows_of(tables, table).select(columns).rows(), key=str)


SITE = {"c.csv": as_csv(CLAIMS), "r.csv": as_csv(REMITS), "a.csv": as_csv(WHY)}
