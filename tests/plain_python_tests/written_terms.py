"""Contract terms and limits as a test writes them, and a visit billed and answered in one call."""

from __future__ import annotations

from plain_python_tests.written_rows import csv_of
from plain_python_tests.written_site import clp, sv1, svc, usd

A_TERM = {
    "contract_id": "X",
    "payer_id": "acme",
    "hcpcs": "J1324",
    "method": "fixed",
    "rate": "0.7425",
    "effective_from": "2025-01-01",
    "recorded_on": "2024-12-01",
}
LIMITS = "effective_quarter,hcpcs,published_on,payment_limit,notes"


def terms(*told):
    """Return contract_terms.csv: each row is base contract X but for what is told."""
    return csv_of([A_TERM | row for row in told])


def limits(*rows):
    """Return payment_limits.csv; a row is quarter, code, published, limit and perhaps a note."""
    cells = [[*row, ""][:5] for row in rows]
    told = [f"{each[0]},{each[1]},{each[2]},{each[3]},{each[4]}" for each in cells]
    return "\n".join([LIMITS, *told, ""])


def visit(
    site,
    number,
    allowed,
    *,
    code="J1324",
    units=90,
    charge="180.00",
    day="20260105",
    cas=(),
    answered=None,
    paid_units=None,
    billed="",
    original="",
    paid_on="20260201",
    **sent,
):
    """Bill one line and pay it; allowed is paid whole, the rest is contractual.

    Takes    answered, the code of the remit; paid_units, its SVC05 (the billed ones unless told);
             billed, its SVC07; original, its SVC06; cas, adjustments before the contractual one
    """
    site.bill(number, charge, [sv1(code, charge, units, day=day)], **sent)
    cut = sum((usd(each.split("*")[2]) for each in cas), usd("0"))
    contractual = usd(charge) - usd(allowed) - cut
    cas = [*cas, f"CO*45*{contractual}"] if contractual else list(cas)
    answer = svc(
        answered or code,
        charge,
        allowed,
        cas,
        units=units if paid_units is None else paid_units,
        billed=billed,
        original=original,
    )
    payer = sent.get("payer", "ACME1")
    claim = clp(number, 1, charge, allowed, [answer], day=day, filing=sent.get("filing", "12"))
    site.remit([claim], payer=payer, paid_on=paid_on)


def causes(site, claim_id=None, **asked):
    """Return cause and dollars of each row, of one claim where it is named."""
    rows = site.answers(**asked)["underpayment_causes"]
    return [
        (row["cause"], row["gap_usd"])
        for row in rows
        if claim_id is None or row["claim_id"] == claim_id
    ]
