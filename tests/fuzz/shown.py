"""What of the contract rules a site shows: counts by method, key, cap, lag, vintage and cause.

A generator that stops making one of these is a defect: the agreement would mean less than it says.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from tests.fuzz.raw_site import CELL_TOO_MANY, RawSite, Rows

METHODS = (
    *("fixed", "pct_of_limit", "asp_plus", "awp_minus", "wac_plus", "pct_of_charge"),
    *("capitated", "case_rate", "not_covered"),
)
# What the sentence of a priced line says, word by word.
SAID = {
    "method fixed": r"^priced: [\d.]+ x [\d.]+ \(term ",
    "method pct_of_limit": r"^priced: .* limit .*\) x [\d.]+%",
    "method asp_plus": r"^priced: .* x \(100 [+-] [\d.]+\) / 106",
    "method awp_minus": r"^priced: .*\(AWP",
    "method wac_plus": r"^priced: .*\(WAC",
    "method pct_of_charge": r"^priced: charge ",
    "method capitated": r"^suppressed: capitated",
    "method case_rate": r"^suppressed: case_rate",
    "method not_covered": r"^not covered: term ",
    "cap by line": r"at most the charge",
    "cap by claim": r"by the claim's charges",
    "lag": r"under a lag of",
    "decimals": r"unit price rounded to",
    "house code by milligrams": r"per [\d.]+ mg, billed per",
    "row left out": r"contract_terms\.csv could not be used",
    "two terms": r"^not priced: two terms",
    "code replaced": r"code replaced, term names",
    "OPPS": r"OPPS",
    "ASP not told": r"ASP cannot be told",
}
OF_GAPS = {
    "gap an estimated date explains": lambda row: "is estimated" in row["gap_basis"],
    "gap shared under a claim cap": lambda row: (
        row["pair_offset_usd"] != 0 and row["charge_limited_usd"] != 0
    ),
    "ask net of what was overpaid": lambda row: (
        row["unsupported_cut_usd"] > 0 and row["overpaid_usd"] > 0
    ),
}
CAUSES = (
    *("units_reduced", "recoded", "other_quarter_price", "superseded_term", "rounding"),
    *("rate_difference", "unexplained"),
)
MADE = {
    "charge_cap": ("none", "line", "claim"),
    "price_vintage": ("first", "latest"),
    "sequestration": ("yes", "no"),
    "method": METHODS,
}


def shown_by(
    site: RawSite, lines: Rows | list, expected: Mapping[str, Rows | list]
) -> Counter[str]:
    """How many lines, terms and causes show each thing; 0 where nothing does.

    Takes    lines as published; expected, the oracle's rows by table
    """
    counts: Counter[str] = Counter(dict.fromkeys(map("cause {}".format, CAUSES), 0))
    counts.update(f"cause {row['cause']}" for row in expected["underpayment_causes"])
    for name, is_shown in OF_GAPS.items():
        counts[name] = sum(map(is_shown, expected["drug_line_outcomes"]))
    for name, said in SAID.items():
        counts[name] = sum(bool(re.search(said, row["pricing_basis"])) for row in lines)
    cut = {_key_of(row) for row in expected["underpayment_causes"] if _is_cut(row)}
    counts["units cut of a charge"] = sum(
        _key_of(row) in cut and row["pricing_basis"].startswith("priced: charge ") for row in lines
    )
    terms = site.reference.get("contract_terms", ())
    for column, words in MADE.items():
        for word in words:
            counts[f"term {column} {word}"] = sum(row[column] == word for row in terms)
    for column in ("ndc11", "drug", "recorded_on", "price_lag_days", "price_decimals"):
        counts[f"term {column}"] = sum(bool(row.get(column)) for row in terms)
    for column in ("billing_id", "claim_type", "line_of_business"):
        counts[f"term {column}"] = sum(row[column] not in ("", "*") for row in terms)
    counts["amendment back in time"] = sum(map(_is_back_in_time, terms))
    counts["amendment that ends a term"] = sum(_ends_another(row, terms) for row in terms)
    counts["term with a cell too many"] = sum(CELL_TOO_MANY in row for row in terms)
    return counts


def missing(counts: Mapping[str, int], wanted: Iterable[str]) -> list[str]:
    """What of the wanted nothing shows."""
    return [name for name in wanted if not counts.get(name)]


def _key_of(row: Mapping[str, object]) -> tuple:
    return tuple(row[name] for name in ("claim_id", "line_number", "payer_id", "payer_rank"))


def _is_cut(row: Mapping[str, object]) -> bool:
    return row["cause"] == "units_reduced"


def _ends_another(row: Mapping[str, str], terms: Rows) -> bool:
    """Whether a row tells another one of its term again, with an end."""
    alike = ("payer_id", "term_id", "contract_id", "hcpcs", "effective_from", "line_of_business")
    return bool(row.get("effective_through")) and any(
        not other.get("effective_through")
        and other.get("recorded_on", "") < row.get("recorded_on", "")
        and all(other[name] == row[name] for name in alike)
        for other in terms
    )


def _is_back_in_time(row: Mapping[str, str]) -> bool:
    starts, told = row["effective_from"], row.get("recorded_on", "")
    return bool(starts) and starts < told
