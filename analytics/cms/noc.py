"""Drugs not otherwise classified: their payment limits, and the packages they come in.

They have no code of their own, so a row is known by the drug's name as CMS prints it.
"""

import re

from analytics.cms.cells import ndc11_of
from analytics.cms.crosswalk import QUANTITIES, QUANTITY_HEADINGS
from analytics.cms.received import CmsFile
from analytics.cms.rows import CmsRows, Row, amounts, issue_of
from analytics.cms.sheets import Grid, Heading, Layout, sheet_of

_DRUG = Heading("drug_name", r"druggenericname(tradename)?", said="Drug Generic Name")
_DOSAGE = Heading("dosage", r"dosage", said="Dosage")

PRICES = Layout(
    re.compile(r"payment allowance limits.*not otherwise classified", re.I),
    (
        _DRUG,
        _DOSAGE,
        Heading("payment_limit", r"paymentlimit", said="Payment Limit"),
        Heading("notes", r"notes?", said="Notes"),
    ),
)
PACKAGES = Layout(
    re.compile(r"NOC NDC\s*-\s*HCPCS crosswalk", re.I),
    (
        _DRUG,
        _DOSAGE,
        Heading("ndc11", r"ndc2?|ndc11|ndcoralternateid", said="NDC or ALTERNATE ID"),
        *QUANTITY_HEADINGS,
    ),
)


def read_noc_prices(file: CmsFile, grid: Grid) -> CmsRows | None:
    """Return the limits of a NOC pricing file; None where the sheet is none.

    Raises   UnreadableLayoutError when it is one that cannot be read
    """
    sheet = sheet_of(PRICES, grid)
    if sheet is None:
        return None
    issue = issue_of(file, sheet)
    rows: list[Row] = []
    problems = list(sheet.problems)
    for number, cells in sheet.rows:
        price, unread = amounts(number, cells, ("payment_limit",))
        problems += unread
        if cells["drug_name"] and (price["payment_limit"] or cells["dosage"]):
            rows.append(
                {
                    "effective_quarter": issue.quarter,
                    "drug_name": cells["drug_name"],
                    "dosage": cells["dosage"],
                    **price,
                    "notes": cells["notes"],
                    **issue.dated(cells["notes"]),
                }
            )
    return CmsRows("NOC prices", "noc_prices", issue.quarter, tuple(rows), problems=tuple(problems))


def read_noc_packages(file: CmsFile, grid: Grid) -> CmsRows | None:
    """Return the packages of a NOC crosswalk; None where the sheet is none.

    Raises   UnreadableLayoutError when it is one that cannot be read
    """
    sheet = sheet_of(PACKAGES, grid)
    if sheet is None:
        return None
    issue = issue_of(file, sheet)
    published = issue.dated()
    rows: list[Row] = []
    problems = list(sheet.problems)
    without_ndc = 0
    for number, cells in sheet.rows:
        if not cells["ndc11"]:
            continue
        ndc11 = ndc11_of(cells["ndc11"])
        if ndc11 is None:
            without_ndc += 1
            continue
        quantities, unread = amounts(number, cells, QUANTITIES)
        problems += unread
        rows.append(
            {
                "effective_quarter": issue.quarter,
                "ndc11": ndc11,
                "drug_name": cells["drug_name"],
                "dosage": cells["dosage"],
                **quantities,
                **published,
            }
        )
    return CmsRows(
        "NOC crosswalk",
        "noc_packages",
        issue.quarter,
        tuple(rows),
        notes=(f"{without_ndc:,} left out whose number is no NDC",) if without_ndc else (),
        problems=tuple(problems),
    )
