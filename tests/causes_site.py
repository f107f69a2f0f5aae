"""Gaps and their causes as a published site tells them, and the lines the worked cases share."""

from datetime import date

from scenario_site import Mail, Plan, Published, allowed, drug, term

NOV_10 = date(2025, 11, 10)
LAST_YEAR, THIS_YEAR = {"effective_through": "2025-12-31"}, {"effective_from": "2026-01-01"}


def causes_of(site: Published, claim_id: str) -> list[tuple[str, str]]:
    """The causes of a claim in alphabetical order, each with its dollars."""
    rows = site.table("underpayment_causes").filter(claim_id=claim_id).sort("cause", "gap_usd")
    return [(row["cause"], str(row["gap_usd"])) for row in rows.to_dicts()]


def detail_of(site: Published, claim_id: str, cause: str) -> str:
    """What the table says in words of the one row a claim has for a cause."""
    return site.row("underpayment_causes", claim_id=claim_id, cause=cause)["cause_detail"]


def padcev(units: int = 410, day: date = NOV_10):
    """A line of J9177; 410 units of 2025Q4 are 15,064.63 at the limit of 36.743."""
    return drug("J9177", units, "45000.00", service_date=day)


def of_limit(plan: Plan, percent: str, hcpcs: str = "*", **parts: object) -> dict[str, object]:
    """A term at a percent of the CMS limit."""
    return term(plan, hcpcs, percent, method="pct_of_limit", **parts)


def settle_each(mail: Mail, plan: Plan, *lines: tuple[str, str, int, str, date]) -> None:
    """Bill and answer lines: claim number, code, units, dollars allowed, service date."""
    for number, hcpcs, units, usd, day in lines:
        line = drug(hcpcs, units, "45000.00", service_date=day)
        mail.settle(number, line, allowed(line, usd), plan=plan)
