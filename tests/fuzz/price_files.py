"""Random prices of a made-up site: limits and restatements, list prices, crosswalk and OPPS."""

from tests.fuzz.chance import Chance
from tests.fuzz.plans import DRUG_OF, NDCS
from tests.fuzz.raw_site import Row, Rows, one_a_key

PRICED = ("J9177", "J9271", "J9299", "J9355", "J1745", "J9181", "J9303")
QUARTERS = ("2025Q3", "2025Q4", "2026Q1", "2026Q1", "2026Q2", "2026Q3")
# How a day of publication was told; one that ends in estimated is a guess.
BASES = ("file_name", "notes", "download_month_estimated", "download_month_estimated", "")
NOTES = (
    *("",) * 3,
    "Inflation-adjusted coinsurance",
    "Updated March 2026; Inflation-adjusted coinsurance",
    "Added January 2026",
    "100% WAC = $12.50",
    "Biosimilar, updated",
)


def limit_rows(chance: Chance) -> Rows:
    """Second vintages: published late, later than any as-of, or instead of a shipped row."""
    restated = [(chance.of(QUARTERS[1:5]), chance.of(PRICED)) for _ in range(chance.number(0, 6))]
    rows = [
        {
            "effective_quarter": quarter,
            "hcpcs": code,
            "published_on": chance.of(("2025-12-17", "2026-01-30", "2026-03-05", "2026-08-20")),
            "published_on_basis": chance.of(BASES),
            "payment_limit": chance.of(("36.9", "60.123", "36.5", "1.5", "37.000001", "31.244")),
            "coinsurance_pct": chance.of(("", "20", "19.55")),
            "notes": chance.of(NOTES),
        }
        for quarter, code in (
            *((chance.of(QUARTERS), chance.of(PRICED)) for _ in range(chance.number(0, 12))),
            *restated * 2,
        )
    ]
    return one_a_key(rows, ("effective_quarter", "hcpcs", "published_on"))


def list_price_rows(chance: Chance) -> Rows:
    """AWP, WAC and what a vial cost, by code and by NDC, per unit and per milligram."""
    days = ("", "2018-01-01", "2025-10-01", "2026-01-01", "2026-02-11", "2026-04-01", "2026-07-01")
    rows = [
        {
            **_list_key(chance, code),
            "per": chance.of(("unit", "unit", "mg")),
            "price_kind": kind,
            "price": chance.of(("37.1", "1.25", "60.5", "0.7425", "44", "151.333333")),
            "effective_from": day,
        }
        for code in DRUG_OF
        for kind in ("awp", "wac", chance.of(("awp", "wac", "acquisition")))
        for day in chance.some(days, 4)
    ]
    return one_a_key(rows, ("hcpcs", "ndc11", "price_kind", "effective_from"))


def _list_key(chance: Chance, code: str) -> Row:
    ndc11 = chance.of(NDCS[DRUG_OF[code]])
    keys = {"hcpcs": code, "ndc11": ""}, {"hcpcs": "", "ndc11": ndc11}
    return chance.of((keys[0], keys[0], keys[1], {"hcpcs": code, "ndc11": ndc11}))


def crosswalk_rows(chance: Chance) -> Rows:
    """Which codes NDCs belong to, other codes and other drugs among them."""
    rows = [
        {
            "effective_quarter": chance.of(("2025Q4", "2026Q1", "2026Q2")),
            "ndc11": chance.of((chance.of(NDCS[drug]), "77777000101")),
            "hcpcs": chance.of(("J9177", "J1324", "J9271", "J9299", "J9355", "J9999", "A9900")),
            "published_on": chance.of(("2025-12-17", "2026-03-05")),
        }
        for drug in NDCS
        for _ in range(chance.number(0, 2))
    ]
    return one_a_key(rows, ("effective_quarter", "ndc11", "hcpcs", "published_on"))


def opps_rows(chance: Chance) -> Rows:
    """Addendum B rows: paid apart, with and without a rate, packaged and not paid."""
    rows = [
        {
            "effective_from": chance.of(("2025-10-01", "2026-01-01", "2026-01-01", "2026-04-01")),
            "hcpcs": code,
            "status_indicator": status,
            "payment_rate": chance.of(("36.1", "60.2", "")) if status in ("K", "G") else "",
            "published_on": chance.of(("2025-12-20", "2026-03-10")),
        }
        for code in ("J9177", "J9271", "J9299", "J9355")
        for status in chance.some(("K", "K", "G", "N", "E2"), 3)
    ]
    return one_a_key(rows, ("effective_from", "hcpcs", "published_on"))
