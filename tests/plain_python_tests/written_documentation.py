"""Documentation checks as a test asks for them, and a policy that says one thing."""

from __future__ import annotations

LABEL = "drug,diagnosis_prefix,with_drug,requires_prior_therapy,effective_from,effective_through\n"
POLICY = "payer_id,hcpcs,{},effective_from\nacme,*,{},2025-01-01\n"


def said(site, check, line=1):
    """Return the result of a check on a line of claim A1; None where it does not apply."""
    rows = site.answers()["documentation_gaps"]
    found = [
        row["result"]
        for row in rows
        if (row["claim_id"], row["line_number"], row["check"]) == ("A1", line, check)
    ]
    return found[0] if found else None


def policy(site, column, word):
    """Let the payer's one policy row say this alone."""
    site.reference["payer_policies"] = POLICY.format(column, word)
