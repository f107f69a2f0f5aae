"""Random payers, contract terms, policies and prices of a made-up site."""

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.synthetic.x12_records import BILLING_NPI, BILLING_TAX_ID
from tests.fuzz.chance import Chance
from tests.fuzz.raw_site import Rows

Row = dict[str, str]
OTHER_NPI, OTHER_TAX_ID = "1888888885", "888888888"
LINES_OF_BUSINESS = ("commercial", "medicare_ffs", "medicare_advantage", "medicaid", "other")
CODES = (
    *("J1324",) * 5,
    *("J9177", "J9271", "J9299", "J9355", "J1745") * 2,
    *("J9999", "96413", "J7777", "J9181", "J9187", "A9900", "J9303"),
)
DRUG_OF = {
    "J1324": "enfortumab vedotin-ejfv",
    "J9177": "enfortumab vedotin-ejfv",
    "J9271": "pembrolizumab",
    "J9299": "nivolumab",
    "J9355": "trastuzumab",
    "J1745": "infliximab",
    "J9303": "panitumumab",
}
NDCS = {
    "enfortumab vedotin-ejfv": ("51144-0020-01", "51144003001"),
    "pembrolizumab": ("00006302602",),
    "nivolumab": ("0003-3772-11", "00003377412", "00003373413"),
    "trastuzumab": ("50242013201", "50242013468"),
    "infliximab": ("57894-030-01",),
    "panitumumab": ("55513095401",),
}
SERVICE_DAYS = (
    *(date(2026, 1, 14), date(2026, 2, 10), date(2026, 2, 11), date(2026, 3, 31)) * 4,
    *(date(2025, 11, 20), date(2025, 12, 31), date(2026, 4, 1), date(2026, 10, 2)) * 2,
    *(date(2021, 6, 1), date(2022, 5, 5), date(2019, 3, 3), date(2026, 9, 30)),
)


@dataclass(frozen=True)
class Plan:
    """A payer as the site knows it, and the names its mail may give it."""

    payer_id: str
    payer_name: str
    line_of_business: str
    aliases: tuple[str, ...] = ()
    is_known: bool = True


PLANS = (
    Plan("alder", "Alder Health", "commercial", ("SYNALDER", "ALDER HLTH")),
    Plan("birch", "Birch Mutual", "commercial", ("SYNBIRCH",)),
    Plan("cedar", "Cedar Care", "medicaid", ("SYNCEDAR",)),
    Plan("medicare", "Medicare Contractor", "medicare_ffs", ("SYNMEDI", "MAC J1")),
    Plan("dogwood", "Dogwood Advantage", "medicare_advantage", ("SYNDOG",)),
    Plan("elm", "Elm Nobody Knows", "commercial", ("SYNELM",), is_known=False),
)


def reference_rows(chance: Chance) -> dict[str, Rows]:
    """The CSVs of a site, by name."""
    known = [plan for plan in PLANS if plan.is_known]
    rows = {
        "payers": tuple(_payer(chance, plan) for plan in known),
        "payer_aliases": tuple(
            {"alias": alias, "payer_id": plan.payer_id} for plan in known for alias in plan.aliases
        ),
        "payer_lines": _payer_lines(chance),
        "contract_terms": tuple(row for plan in known for row in _terms(chance, plan)),
        "payer_policies": _policies(chance, known),
        "payment_limits": _limits(chance),
    }
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
    return _one_a_key(rows, ("payer_id", "filing_code", "group_number"))


def _terms(chance: Chance, plan: Plan) -> list[Row]:
    rows: list[Row] = []
    for place, code in enumerate(dict.fromkeys(CODES)):
        for twin in range(chance.of((0, 1, 1, 1, 1, 2))):
            rows += _versions(chance, plan, code, f"{plan.payer_id}-{place}-{twin}")
    if chance.maybe(0.3):
        rows += _versions(chance, plan, "*", f"{plan.payer_id}-any")
    return rows


def _versions(chance: Chance, plan: Plan, code: str, term_id: str) -> list[Row]:
    first = _term(chance, plan, code, term_id)
    if chance.maybe(0.1):
        first |= {"recorded_on": chance.of(("2025-06-01", "2026-03-01", "2026-09-15"))}
    how = chance.of(("one", "one", "one", "dated", "recorded"))
    if how == "dated":
        ends = chance.of((date(2025, 12, 31), date(2026, 2, 10)))
        starts = str(ends + timedelta(days=chance.of((1, 1, 1, 30))))
        later = {**first, "effective_from": starts, "rate": _rate(chance, first["method"])}
        earlier = {**first, "effective_from": "2018-01-01", "effective_through": str(ends)}
        return [earlier, later]
    if how == "recorded":
        on = chance.of(("2026-02-01", "2026-03-15", "2026-08-01", "2027-01-01"))
        return [first, {**first, "recorded_on": on, "rate": _rate(chance, first["method"])}]
    return [first]


def _term(chance: Chance, plan: Plan, code: str, term_id: str) -> Row:
    method = chance.of(
        ("fixed",) * 6
        + ("pct_of_limit",) * 6
        + ("pct_of_charge", "capitated", "case_rate", "not_covered", "asp_plus", "awp_minus")
    )
    drug = DRUG_OF.get(code, "")
    row = {
        "term_id": term_id if chance.maybe(0.8) else "",
        "contract_id": f"{plan.payer_id}-{term_id}",
        "payer_id": plan.payer_id,
        "hcpcs": code,
        "method": method,
        "rate": _rate(chance, method),
        "effective_from": chance.of(("", "2018-01-01", "2026-01-01")),
        "line_of_business": chance.of(("*", "*", "", plan.line_of_business, "medicare_advantage")),
        "claim_type": chance.of(("*", "*", "", "professional", "institutional")),
        "billing_id": chance.of(("*", "*", "", BILLING_NPI, BILLING_TAX_ID, OTHER_NPI)),
        "charge_cap": chance.of(("", "none", "none", "line", "line", "claim")),
        "price_vintage": chance.of(("", "first", "latest")),
        "sequestration": chance.of(("yes", "no", "")),
        "price_lag_days": chance.of(("",) * 9 + ("0", "30")),
        "price_decimals": chance.of(("",) * 15 + ("3",)),
    }
    if drug and chance.maybe(0.1):
        row |= {"ndc11": chance.of(NDCS[drug])}
        row |= {"hcpcs": chance.of((code, "", ""))}
    elif drug and chance.maybe(0.1):
        row |= {"drug": drug, "hcpcs": chance.of((code, ""))}
    return row


def _rate(chance: Chance, method: str) -> str:
    if method == "fixed":
        return chance.of(("0.7425", "0.715", "9.1", "36.743", "0", "1.999999", "40.00"))
    if method == "pct_of_charge":
        return chance.of(("40", "62.5", "33.333333", "100"))
    return chance.of(("104", "106", "95.5", "100", "103.333"))


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
    return _one_a_key(rows, alike)


def _limits(chance: Chance) -> Rows:
    """Second vintages: published late, later than any as-of, or instead of a shipped row."""
    rows = [
        {
            "effective_quarter": chance.of(("2025Q4", "2026Q1", "2026Q1", "2026Q2")),
            "hcpcs": chance.of(("J9177", "J9271", "J9299", "J9355", "J9181")),
            "published_on": chance.of(("2025-12-17", "2026-01-30", "2026-03-05", "2026-08-20")),
            "payment_limit": chance.of(("36.9", "60.123", "1.5", "37.000001")),
            "coinsurance_pct": chance.of(("", "20", "19.55")),
        }
        for _ in range(chance.number(0, 6))
    ]
    return _one_a_key(rows, ("effective_quarter", "hcpcs", "published_on"))


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
    return _one_a_key(rows, ("code", "group_code", "payer_id"))


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


def _one_a_key(rows: list[Row], key: tuple[str, ...]) -> Rows:
    """The rows, each key once as the intake reads it: an empty cell is a star."""
    kept = {tuple((row[column] or "*").upper() for column in key): row for row in rows}
    return tuple(kept.values())
