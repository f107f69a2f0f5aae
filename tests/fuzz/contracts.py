"""Random reference files of a made-up site: payers, policies, packages and what they say."""

from tests.fuzz.chance import Chance
from tests.fuzz.plans import PLANS, Plan
from tests.fuzz.price_files import crosswalk_rows, limit_rows, list_price_rows, opps_rows
from tests.fuzz.raw_site import Row, Rows, one_a_key
from tests.fuzz.terms import term_rows

LINES_OF_BUSINESS = ("commercial", "medicare_ffs", "medicare_advantage", "medicaid", "other")


def reference_rows(chance: Chance) -> dict[str, Rows]:
    """The CSVs of a site, by name."""
    known = [plan for plan in PLANS if plan.is_known]
    rows = {
        "payers": tuple(_payer(chance, plan) for plan in known),
        "payer_aliases": tuple(
            {"alias": alias, "payer_id": plan.payer_id} for plan in known for alias in plan.aliases
        ),
        "payer_lines": _payer_lines(chance),
        "contract_terms": term_rows(chance, known),
        "payer_policies": _policies(chance, known),
        "payment_limits": limit_rows(chance),
        "list_prices": list_price_rows(chance),
    }
    if chance.maybe(0.5):
        rows["ndc_crosswalk"] = crosswalk_rows(chance)
    if chance.maybe(0.5):
        rows["opps_status"] = opps_rows(chance)
    if chance.maybe(0.3):
        rows["house_codes"] = _house_codes(chance)
    if chance.maybe(0.3):
        rows["denial_reasons"] = _reasons(chance)
    if chance.maybe(0.3):
        rows["drug_packages"] = _packages(chance)
    return rows


def _payer(chance: Chance, plan: Plan) -> Row:
    return {
        "payer_id": plan.payer_id,
        "payer_name": plan.payer_name,
        "line_of_business": chance.of((plan.line_of_business,) * 9 + ("",)),
        "look_back_days": chance.of(("", "365", "60", "0")),
    }


def _payer_lines(chance: Chance) -> Rows:
    rows = [
        {
            "payer_id": chance.of(("alder", "birch", "dogwood")),
            "filing_code": chance.of(("", "16", "CI", "HM", "*", "mb")),
            "group_number": chance.of(("", "GRP1", "GRP2", "*")),
            "line_of_business": chance.of(LINES_OF_BUSINESS),
        }
        for _ in range(chance.number(0, 4))
    ]
    return one_a_key(rows, ("payer_id", "filing_code", "group_number"))


def _policies(chance: Chance, plans: list[Plan]) -> Rows:
    rows = [
        {
            "payer_id": chance.of((plan.payer_id, plan.payer_id, "*", "")),
            "line_of_business": chance.of(("*", "", plan.line_of_business, "medicare_advantage")),
            "claim_type": chance.of(("*", "*", "professional", "institutional")),
            "payer_rank": chance.of(("*", "primary", "secondary")),
            "hcpcs": chance.of(("*", "*", "J1324", "J9271", "J9355")),
            "covered": chance.of(("",) * 6 + ("yes", "no")),
            "pays_waste": chance.of(("yes", "yes", "yes", "no", "")),
            "requires_jw": chance.of(("yes", "no", "")),
            "requires_jz": chance.of(("yes", "no", "")),
            "effective_from": chance.of(("", "2020-01-01", "2026-02-11")),
            "source": "made up",
        }
        for plan in plans
        for _ in range(chance.number(0, 4))
    ]
    alike = ("payer_id", "line_of_business", "claim_type", "payer_rank", "hcpcs")
    return one_a_key(rows, alike)


def _house_codes(chance: Chance) -> Rows:
    house = {"hcpcs": "J1324", "drug": "enfortumab vedotin-ejfv", "unit_mg": "1"}
    return chance.of(
        (
            (),
            ({**house, "effective_from": "2026-02-11"},),
            ({**house, "effective_through": "2026-02-10"},),
            (house, {"hcpcs": "J7777", "drug": "nivolumab", "unit_mg": "2.5"}),
        )
    )


def _reasons(chance: Chance) -> Rows:
    rows = [
        {
            "code_set": "CARC",
            "code": chance.of(("45", "50", "97", "24", "999", "2", "253", "133")),
            "group_code": chance.of(("", "*", "CO", "PR")),
            "payer_id": chance.of(("", "alder", "birch")),
            "precedence": chance.of(("", "5", "400")),
            "denial_class": chance.of(
                ("contractual", "medical_necessity", "bundled", "pend", "duplicate", "audit")
            ),
            "counts_as_denial": chance.of(("yes", "no", "apart")),
            "effect": chance.of(
                ("reduces_allowed", "patient", "payment_only", "prior_payer", "informational")
            ),
            "meaning": "ours",
        }
        for _ in range(chance.number(1, 3))
    ]
    return one_a_key(rows, ("code", "group_code", "payer_id"))


def _packages(chance: Chance) -> Rows:
    package = {
        "ndc11": chance.of(("51144002001", "77777000101")),
        "drug": chance.of(("enfortumab vedotin-ejfv", "nivolumab")),
        "hcpcs": chance.of(("J9177", "J9999", "J7777", "")),
        "package_mg": chance.of(("25", "20", "7.5")),
        "package_quantity": chance.of(("1", "2", "")),
        "quantity_unit": chance.of(("UN", "ML")),
        "single_dose": chance.of(("yes", "yes", "no")),
    }
    return (package,)
