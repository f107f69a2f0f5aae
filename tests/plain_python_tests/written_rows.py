"""Flat extracts as a test writes them: one good row of each kind, and what a test overrides."""

from __future__ import annotations

import csv
import io

A_CLAIM_LINE = {
    "claim_number": "A1",
    "line_number": "1",
    "submitted_date": "2026-01-06",
    "payer_code": "ACME1",
    "hcpcs": "J1324",
    "units": "90",
    "charge_usd": "180.00",
    "service_date": "2026-01-05",
}
# Base case 1: 90 x 0.7425 = 66.83 allowed, of which the patient owes 13.37.
A_REMIT_LINE = {
    "claim_number": "A1",
    "remit_line_number": "1",
    "payment_date": "2026-02-01",
    "payer_code": "ACME1",
    "status_code": "1",
    "hcpcs": "J1324",
    "service_date": "2026-01-05",
    "paid_units": "90",
    "charge_usd": "180.00",
    "paid_usd": "53.46",
    "contractual_usd": "113.17",
    "coinsurance_usd": "13.37",
}
# Scenario 2: at the old rate, 64.35 allowed, 2.48 short.
AT_OLD_RATE = {"paid_usd": "51.48", "contractual_usd": "115.65", "coinsurance_usd": "12.87"}
AN_ADJUSTMENT = {
    "claim_number": "A1",
    "remit_line_number": "1",
    "group_code": "CO",
    "reason_code": "45",
    "adjustment_usd": "113.17",
}
NOTHING_TYPED = {"contractual_usd": "", "coinsurance_usd": ""}


def a_claim_line(**told):
    """Return a row of claim_lines: one billed line of claim A1."""
    return A_CLAIM_LINE | told


def a_remit_line(**told):
    """Return a row of remit_lines: claim A1 paid at contract."""
    return A_REMIT_LINE | told


def an_adjustment(group, reason, amount, **told):
    """Return a row of adjustments of line 1 of claim A1."""
    said = {"group_code": group, "reason_code": reason, "adjustment_usd": amount}
    return AN_ADJUSTMENT | said | told


def csv_of(rows, delimiter=","):
    """Return rows as the text of a CSV file, with the columns any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def put(site, name, *rows):
    """Write rows into a file below raw/."""
    path = site.folder / "raw" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_of(rows), encoding="utf-8")
    return path
