"""Random contract terms: every method, key, cap, lag and vintage, amended and told wrongly."""

from datetime import date, timedelta

from analytics.synthetic.x12_records import BILLING_NPI, BILLING_TAX_ID
from tests.fuzz.chance import Chance
from tests.fuzz.plans import CODES, DRUG_OF, NDCS, OTHER_NPI, Plan
from tests.fuzz.raw_site import CELL_TOO_MANY, Row, Rows

METHODS = (
    ("fixed",) * 5
    + ("pct_of_limit",) * 5
    + ("asp_plus", "awp_minus", "wac_plus") * 2
    + ("pct_of_charge", "capitated", "case_rate", "not_covered")
)
RATES = {
    "fixed": ("0.7425", "9.1", "36.743", "0.01", "1.999999", "40.00", "148.5"),
    "pct_of_limit": ("104", "106", "95.5", "100", "103.333"),
    "pct_of_charge": ("40", "62.5", "33.333333", "100"),
    "asp_plus": ("6", "4.3", "0", "-5", "22.25"),
    "awp_minus": ("15", "17.5", "0", "33.333"),
    "wac_plus": ("6", "3", "0", "-2.5"),
}
RECORDED = ("2025-06-01", "2026-02-01", "2026-03-15", "2026-08-01", "2027-01-01")
ALL_CODES = tuple(dict.fromkeys(CODES))
# Each makes a row that is left out, with those beside it, and blocks the lines it may be of.
SPOILED = (
    {"rate": "x", "method": "fixed"},
    {"rate": "0", "method": "fixed"},
    {"rate": "", "method": "pct_of_limit"},
    {"effective_from": "soon"},
    {"effective_through": "2026-02-30"},
    {"recorded_on": "2026-13-01"},
    {"method": "percentage"},
    {"claim_type": "837P"},
    {"line_of_business": "HMO"},
    {"charge_cap": "both"},
    {"price_vintage": "newest"},
    {"sequestration": "perhaps"},
    {"price_decimals": "two"},
    {"price_decimals": "7"},
    {"price_lag_days": "a week"},
    {"price_lag_days": "366"},
    {"ndc11": "1234"},
    {"effective_from": "2026-04-01", "effective_through": "2026-03-31"},
)


def term_rows(chance: Chance, plans: list[Plan]) -> Rows:
    """Every row of contract_terms.csv, some in no order of time, a few unreadable."""
    rows = [row for plan in plans for row in _of_plan(chance, plan)]
    if chance.maybe(0.3):
        rows = chance.shuffled(rows)
    if chance.maybe(0.4):
        for place in chance.some(range(len(rows)), 4):
            rows[place] = {**rows[place], **chance.of(SPOILED)}
    if chance.maybe(0.1):
        # All cells of such a row may be out of place: it blocks whatever it may be of.
        rows[-1] = {**rows[-1], CELL_TOO_MANY: "0.5"}
    return tuple(rows)


def _of_plan(chance: Chance, plan: Plan) -> list[Row]:
    rows: list[Row] = []
    for place, code in enumerate(ALL_CODES):
        for twin in range(chance.of((0, 1, 1, 1, 1, 1, 2))):
            rows += _versions(chance, plan, code, f"{plan.payer_id}-{place}-{twin}")
    if chance.maybe(0.4):
        rows += _versions(chance, plan, "*", f"{plan.payer_id}-any")
    if chance.maybe(0.3):
        # One clause for a whole contract: its lines share the cap of their claim.
        shared = f"{plan.payer_id}-C"
        rows = [
            {**row, "charge_cap": "claim"} if row["contract_id"] == shared else row for row in rows
        ]
    return rows


def _versions(chance: Chance, plan: Plan, code: str, term_id: str) -> list[Row]:
    """A term as it was first told, with what was told of it later, back in time too."""
    first = _term(chance, plan, code, term_id)
    # Two versions told on one day would hold at once: the intake refuses them, as a rule.
    told_on = chance.shuffled(RECORDED)
    if chance.maybe(0.02):
        told_on = [told_on[0]] * len(told_on)
    if chance.maybe(0.1):
        first |= {"recorded_on": told_on.pop()}
    how = chance.of(("one", "one", "one", "dated", "recorded", "amended", "amended", "ended"))
    if how == "dated":
        ends = chance.of((date(2025, 12, 31), date(2026, 2, 10)))
        starts = str(ends + timedelta(days=chance.of((1, 1, 1, 30))))
        later = {**first, "effective_from": starts, "rate": _rate(chance, first["method"])}
        earlier = {**first, "effective_from": "2018-01-01", "effective_through": str(ends)}
        return [earlier, later]
    if how == "ended":
        return _ended(chance, first, told_on)
    if how == "recorded":
        return [first, _retold(chance, first, told_on.pop())]
    if how == "amended":
        # An amendment back in time: from a day before the one it was recorded on.
        starts = chance.of(("2025-10-01", "2026-01-01", "2026-02-11"))
        amended = {**_retold(chance, first, told_on.pop()), "effective_from": starts}
        again = [_retold(chance, amended, told_on.pop())] if chance.maybe(0.3) else []
        return [first, amended, *again]
    return [first]


def _ended(chance: Chance, first: Row, told_on: list[str]) -> list[Row]:
    """A term told again with an end, and perhaps the one agreed from the next day on."""
    last = chance.of((date(2025, 12, 31), date(2026, 2, 10), date(2026, 3, 31)))
    ended = {**first, "recorded_on": told_on.pop(), "effective_through": str(last)}
    if chance.maybe(0.3):
        ended |= {"rate": _rate(chance, first["method"])}
    if chance.maybe(0.5):
        return [first, ended]
    follows = _retold(chance, first, told_on.pop())
    return [first, ended, {**follows, "effective_from": str(last + timedelta(days=1))}]


def _retold(chance: Chance, row: Row, recorded_on: str) -> Row:
    """The row as it was told later: another rate, or another method, cap or vintage."""
    told = {**row, "recorded_on": recorded_on, "rate": _rate(chance, row["method"])}
    if chance.maybe(0.25):
        method = chance.of(METHODS)
        told |= {"method": method, "rate": _rate(chance, method)}
    if chance.maybe(0.2):
        told |= _ways_to_price(chance)
    return told


def _term(chance: Chance, plan: Plan, code: str, term_id: str) -> Row:
    method = chance.of(METHODS)
    drug = DRUG_OF.get(code, "")
    own = f"{plan.payer_id}-{term_id}"
    row = {
        "term_id": term_id if chance.maybe(0.8) else "",
        "contract_id": chance.of((own, f"{plan.payer_id}-C", f"{plan.payer_id}-C", "")),
        "payer_id": plan.payer_id,
        "hcpcs": code,
        "method": method,
        "rate": _rate(chance, method),
        "effective_from": chance.of(("", "2018-01-01", "2026-01-01")),
        "line_of_business": chance.of(
            ("*",) * 4 + ("", plan.line_of_business, "medicare_advantage")
        ),
        "claim_type": chance.of(("*",) * 5 + ("", "professional", "institutional")),
        "billing_id": chance.of(("*",) * 6 + ("", BILLING_NPI, BILLING_TAX_ID, OTHER_NPI)),
        **_ways_to_price(chance),
    }
    if not row["term_id"]:
        row["contract_id"] = own
    if drug and chance.maybe(0.12):
        row |= {"ndc11": chance.of(NDCS[drug]), "hcpcs": chance.of((code, "", ""))}
    elif drug and chance.maybe(0.12):
        row |= {"drug": drug, "hcpcs": chance.of((code, "", ""))}
    return row


def _ways_to_price(chance: Chance) -> Row:
    """How a term caps, dates, cuts and rounds its price."""
    return {
        "charge_cap": chance.of(("", "none", "none", "line", "line", "claim", "claim")),
        "price_vintage": chance.of(("", "", "first", "latest")),
        "sequestration": chance.of(("yes", "no", "")),
        "price_lag_days": chance.of(("",) * 6 + ("0", "30", "60")),
        "price_decimals": chance.of(("",) * 8 + ("3", "2", "0")),
    }


def _rate(chance: Chance, method: str) -> str:
    return chance.of(RATES[method]) if method in RATES else ""
