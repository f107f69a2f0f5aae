"""The made-up infusion log: what was given and discarded, for some visits and every treatment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from analytics.synthetic.drugs import HOUSE_CODE, HOUSE_CODE_CMS_CODE, vial_mg
from analytics.synthetic.planted import PAID_AT_CONTRACT
from analytics.synthetic.story import Story
from analytics.synthetic.wastebook import book
from analytics.synthetic.wastebook.log import COLUMNS, LogRow, log_row
from analytics.synthetic.wastebook.treatment import DRUG_OF, Record

__all__ = ["COLUMNS", "log_rows"]
# The visits of one payer that were billed and paid right; the log agrees with each of them.
LOGGED_PAYER = "dogwood"


def log_rows(told: Sequence[Story], has_treatments: bool) -> Iterator[LogRow]:
    """The rows of the log, those of the visits first."""
    for story in told:
        is_right = story.scenario == PAID_AT_CONTRACT.name
        if is_right and story.claims and story.visit.plan.payer_id == LOGGED_PAYER:
            yield from _of_visit(story)
    if has_treatments:
        yield from book.log_rows()


def _of_visit(story: Story) -> Iterator[LogRow]:
    visit = story.visit
    left = vial_mg(visit.vials) - visit.dose_mg
    hcpcs = HOUSE_CODE_CMS_CODE if visit.hcpcs == HOUSE_CODE else visit.hcpcs
    for vial, count in visit.vials.items():
        yield log_row(
            f"SYNADM-{visit.claim_number}",
            visit.claim_number,
            "",
            visit.service_date,
            DRUG_OF[hcpcs],
            Record(_plain(visit.dose_mg), (), _plain(left)),
            (vial.ndc11, count),
        )


def _plain(mg: Decimal) -> str:
    """Milligrams without zeros behind the point.

    >>> _plain(Decimal("80.000")), _plain(Decimal("102.50"))
    ('80', '102.5')
    """
    return f"{mg:f}".rstrip("0").rstrip(".") if mg % 1 else str(int(mg))
