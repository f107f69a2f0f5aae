"""The NDC-HCPCS crosswalk: which package is billed under which code, and for how many units.

Bandages and the like stand in it under numbers that are no NDC; no claim can carry those as one,
so they are counted and left out.
"""

import re

from analytics.cms.cells import ndc11_of
from analytics.cms.received import CmsFile
from analytics.cms.rows import CmsRows, Row, amounts, by_code, issue_of
from analytics.cms.sheets import Grid, Heading, Layout, sheet_of

QUANTITIES = ("package_size", "package_quantity", "bill_units", "bill_units_per_package")
QUANTITY_HEADINGS = (
    Heading("package_size", r"(pkg|package)size", said="PKG SIZE"),
    Heading("package_quantity", r"(pkg|package)(qty|quantity)", said="PKG QTY"),
    Heading("bill_units", r"billunits?", said="BILLUNITS"),
    Heading("bill_units_per_package", r"billunits?(per)?(pkg|package)", said="BILLUNITSPKG"),
)

LAYOUT = Layout(
    re.compile(r"\b(?<!NOC )NDC\s*-\s*HCPCS crosswalk", re.I),
    (
        # `_2024_CODE` names the year it was made in, which is not always that of the quarter.
        Heading("hcpcs", r"(\d{4})?code|hcpcs(code)?", said="_<year>_CODE"),
        Heading("ndc11", r"ndc2?|ndc11", said="NDC or NDC2"),
        Heading("drug_name", r"drugname", said="Drug Name"),
        *QUANTITY_HEADINGS,
    ),
)


def read_crosswalk(file: CmsFile, grid: Grid) -> CmsRows | None:
    """Return the packages of an NDC-HCPCS crosswalk; None where the sheet is none.

    Raises   UnreadableLayoutError when it is one that cannot be read
    """
    sheet = sheet_of(LAYOUT, grid)
    if sheet is None:
        return None
    issue = issue_of(file, sheet)
    published = issue.dated()
    coded = by_code(sheet, amount="ndc11")
    rows: list[Row] = []
    problems = list(coded.problems)
    without_ndc = 0
    for number, code, cells in coded.rows:
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
                "hcpcs": code,
                **quantities,
                "drug_name": cells["drug_name"],
                **published,
            }
        )
    return CmsRows(
        "NDC-HCPCS crosswalk",
        "ndc_crosswalk",
        issue.quarter,
        tuple(rows),
        coded.cpt_rows,
        (f"{without_ndc:,} left out whose number is no NDC",) if without_ndc else (),
        tuple(problems),
    )
