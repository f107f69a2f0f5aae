"""What of waste and documentation a site shows: counts by evidence, finding, check and result."""

from collections import Counter
from collections.abc import Mapping

from tests.fuzz.raw_site import Rows

FINDINGS = (
    *("not_billable", "no_package_known", "policy_unknown", "not_paid_by_policy"),
    *("modifier_conflict", "modifier_missing", "missed", "denied", "short_paid", "overbilled"),
    *("jz_attested", "clean"),
)
EVIDENCE = ("A", "B", "C")
CHECKS = {
    "ndc": ("met", "not_met", "cannot_tell"),
    "dose_units": ("met", "not_met", "cannot_tell"),
    "waste_units": ("met", "not_met", "cannot_tell"),
    "waste_modifier": ("met", "not_met", "cannot_tell"),
    "authorization": ("met", "not_met", "cannot_tell"),
    "diagnosis": ("met", "not_met", "cannot_tell"),
    "prior_therapy": ("met", "not_met", "cannot_tell"),
    "administration_procedure": ("met", "not_met", "cannot_tell"),
    "distinct_service": ("met", "not_met"),
    "infusion_record": ("met", "not_met", "cannot_tell"),
    "drug_source": ("met", "not_met", "cannot_tell"),
    "step_therapy": ("met", "not_met", "cannot_tell"),
    "rationale": ("met", "not_met", "cannot_tell"),
    "reference_current": ("met",),
}
OF_RECORDS = (
    *(f"finding {name}" for name in FINDINGS),
    *(f"evidence {name}" for name in EVIDENCE),
    *(f"{check} {result}" for check, results in CHECKS.items() for result in results),
    *("record disagrees", "secondary payer of waste", "acquisition price", "padded wrongly"),
    *("administration no treatment", "administration contradictory"),
)


def shown_of_records(expected: Mapping[str, Rows]) -> Counter[str]:
    """How many rows show each thing; 0 where nothing does."""
    counts: Counter[str] = Counter(dict.fromkeys(OF_RECORDS, 0))
    for row in expected["waste_ledger"]:
        counts[f"finding {row['finding']}"] += 1
        if row["vial_evidence"]:
            counts[f"evidence {row['vial_evidence']}"] += 1
        counts["record disagrees"] += bool(row["waste_basis"])
        counts["secondary payer of waste"] += row["payer_rank"] == "secondary"
        counts["acquisition price"] += bool(row["avoidable_cost_usd"])
    for row in expected["documentation_gaps"]:
        counts[f"{row['check']} {row['result']}"] += 1
        counts["padded wrongly"] += str(row["reason"]).startswith("padded")
    for row in expected["administrations_left_out"]:
        counts[f"administration {row['why']}"] += 1
    return counts
