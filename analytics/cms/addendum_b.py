"""OPPS Addendum B: how Medicare pays a code in a hospital outpatient department.

The sheet names its calendar year and not its quarter: that stands in the name of the file alone.
"""

import re
from datetime import date

from analytics.cms.cells import percent_of
from analytics.cms.published import named_quarter, quarter_begins
from analytics.cms.received import CmsFile
from analytics.cms.refusal import UnreadableLayoutError
from analytics.cms.rows import CmsRows, Row, amounts, by_code, dated
from analytics.cms.sheets import Grid, Heading, Layout, Sheet, sheet_of

_YEAR = re.compile(r"\bfor CY\s*(20\d\d)", re.I)
_AMOUNTS = ("payment_rate", "national_copayment", "minimum_copayment", "adjusted_copayment")

LAYOUT = Layout(
    re.compile(r"addendum b\b.*OPPS payment", re.I),
    (
        Heading("hcpcs", r"hcpcs(code)?", said="HCPCS Code"),
        Heading("status_indicator", r"si|statusindicator", said="SI"),
        Heading("apc", r"apc", said="APC"),
        Heading("payment_rate", r"paymentrate", said="Payment Rate"),
        Heading(
            "national_copayment",
            r"nationalunadjustedcopayment",
            said="National Unadjusted Copayment",
        ),
        Heading(
            "minimum_copayment", r"minimumunadjustedcopayment", said="Minimum Unadjusted Copayment"
        ),
        Heading("coinsurance_pct", r"iracoinsurancepercentage", is_needed=False),
        Heading("adjusted_copayment", r"adjustedbeneficiarycopayment", is_needed=False),
        Heading("notes", r"notes?", is_needed=False),
    ),
)


def read_addendum_b(file: CmsFile, grid: Grid) -> CmsRows | None:
    """Return the status and rates of an Addendum B; None where the sheet is none.

    Raises   UnreadableLayoutError when it is one that cannot be read
    """
    sheet = sheet_of(LAYOUT, grid)
    if sheet is None:
        return None
    begins = _begins(file, sheet)
    coded = by_code(sheet, amount="status_indicator")
    rows: list[Row] = []
    problems = list(coded.problems)
    for number, code, cells in coded.rows:
        paid, unread = amounts(number, cells, _AMOUNTS)
        problems += unread
        rows.append(
            {
                "effective_from": begins.isoformat(),
                "hcpcs": code,
                "status_indicator": cells["status_indicator"].upper(),
                "apc": cells["apc"],
                **paid,
                "coinsurance_pct": percent_of(cells.get("coinsurance_pct", "")) or "",
                "notes": cells.get("notes", ""),
                **dated(file, begins, cells.get("notes", "")),
            }
        )
    return CmsRows(
        "OPPS Addendum B",
        "opps_status",
        begins.isoformat(),
        tuple(rows),
        coded.cpt_rows,
        problems=tuple(problems),
    )


def _begins(file: CmsFile, sheet: Sheet) -> date:
    named = named_quarter(file.name) or named_quarter(file.also_named)
    year = _YEAR.search(sheet.preamble)
    if named is None or (year and year[1] != named[:4]):
        found = f'"{year[0]}" in its title and the name {file.name}' if year else file.name
        raise UnreadableLayoutError(
            f"does not say which quarter it is for; found {found}. Give it the name CMS gave it, "
            "such as January 2025 Web Addendum B.12.31.24.csv"
        )
    return quarter_begins(int(named[:4]), int(named[-1]))
