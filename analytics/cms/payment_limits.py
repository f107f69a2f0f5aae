"""Payment limits of Medicare Part B drugs: every layout from 2006 to the 2026 rename.

A code CMS prints without an amount (`N/A`) keeps its row with an empty limit and the reason at the
head of its notes: such a code has been published, and nothing is ever priced by it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from analytics.cms.cells import amount_of, is_open, percent_of
from analytics.cms.received import CmsFile
from analytics.cms.refusal import UnreadableLayoutError
from analytics.cms.rows import CmsRows, Issue, Row, by_code, issue_of
from analytics.cms.sheets import Grid, Heading, Layout, Sheet, sheet_of

NO_LIMIT = "N/A"
# From this quarter on CMS prints what the patient pays of each code.
COINSURANCE_SINCE = "2023Q2"

LAYOUT = Layout(
    re.compile(r"payment allowance limits for medicare part b drugs", re.I),
    (
        Heading("hcpcs", r"hcpcs(code)?", said="HCPCS Code"),
        Heading("payment_limit", r"paymentlimit", said="Payment Limit"),
        Heading("coinsurance_pct", r"coinsurance(percentage|percent|pct)?", is_needed=False),
        Heading("notes", r"notes?", said="Notes"),
    ),
)


def read_payment_limits(file: CmsFile, grid: Grid) -> CmsRows | None:
    """Return the limits of a payment limit file; None where the sheet is none.

    Raises   UnreadableLayoutError when it is one that cannot be read
    """
    sheet = sheet_of(LAYOUT, grid)
    if sheet is None:
        return None
    issue = issue_of(file, sheet)
    _refuse_without_coinsurance(sheet, issue.quarter)
    coded = by_code(sheet, amount="payment_limit")
    rows: list[Row] = []
    problems = list(coded.problems)
    for number, code, cells in coded.rows:
        row, unread = _row(issue, code, cells)
        rows.append(row)
        problems += [f"row {number}, {code}: {found}" for found in unread]
    unpriced = [row["hcpcs"] for row in rows if not row["payment_limit"]]
    return CmsRows(
        "payment limits",
        "payment_limits",
        issue.quarter,
        tuple(rows),
        coded.cpt_rows,
        (f"no price for {', '.join(unpriced)}",) if unpriced else (),
        tuple(problems),
    )


def _row(issue: Issue, code: str, cells: Mapping[str, str]) -> tuple[Row, list[str]]:
    """Return the row of a code, and what in it could not be read."""
    limit, reason = _limit(cells["payment_limit"])
    coinsurance, unread = _coinsurance(cells.get("coinsurance_pct", ""))
    problems = [f"{reason}; it prices nothing"] if reason.startswith(f"{NO_LIMIT}: ") else []
    problems += [f"{unread}; it is left empty"] if unread else []
    row = {
        "effective_quarter": issue.quarter,
        "hcpcs": code,
        **issue.dated(cells["notes"]),
        "payment_limit": limit,
        "coinsurance_pct": coinsurance,
        "notes": "; ".join(filter(None, (reason, cells["notes"]))),
    }
    return row, problems


def _refuse_without_coinsurance(sheet: Sheet, quarter: str) -> None:
    if quarter >= COINSURANCE_SINCE and "coinsurance_pct" not in sheet.columns:
        raise UnreadableLayoutError(
            f"has no column Co-insurance Percentage; found {quarter}, and CMS has printed one "
            f"since {COINSURANCE_SINCE}. Load the file as CMS publishes it"
        )


def _limit(cell: str) -> tuple[str, str]:
    """Return the limit, and why there is none: as CMS says, or what stands in its place."""
    amount = amount_of(cell)
    if amount and Decimal(amount):
        return amount, ""
    # A price of zero would call every payment an overpayment.
    return "", NO_LIMIT if is_open(cell) else f'{NO_LIMIT}: printed "{cell}"'


def _coinsurance(cell: str) -> tuple[str, str]:
    percent = percent_of(cell)
    if percent is None:
        return "", "" if is_open(cell) else f'printed "{cell}" for its coinsurance'
    if 0 < Decimal(percent) < 1 or Decimal(percent) > 100:
        raise UnreadableLayoutError(
            f'prints coinsurance that is no percent; found "{cell}", expected 20.000 for 20%. '
            "Load the file as CMS publishes it"
        )
    return percent, ""
