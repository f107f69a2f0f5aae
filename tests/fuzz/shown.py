"""What of the contract rules a site shows: counts by method, key, cap, lag, vintage and cause.

A generator that stops making one of these is a defect: the agreement would mean less than it says.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from tests.fuzz.raw_site import RawSite, Rows

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


def shown_by(site: RawSite, lines: Rows | list, causes: Rows | list) -> Counter[str]:
    """How many lines, terms and causes show each thing; 0 where nothing does."""
    counts: Counter[str] = Counter(dict.fromkeys(map("cause {}".format, CAUSES), 0))
    counts.update(f"cause {row['cause']}" for row in causes)
    for name, said in SAID.items():
        counts[name] = sum(bool(re.search(said, row["pricing_basis"])) for row in lines)
    terms = site.reference.get("contract_terms", ())
    for column, words in MADE.items():
        for word in words:
            counts[f"term {column} {word}"] = sum(row[column] == word for row in terms)
    for column in ("ndc11", "drug", "recorded_on", "price_lag_days", "price_decimals"):
        counts[f"term {column}"] = sum(bool(row.get(column)) for row in terms)
    for column in ("billing_id", "claim_type", "line_of_business"):
        counts[f"term {column}"] = sum(row[column] not in ("", "*") for row in terms)
    counts["amendment back in time"] = sum(map(_is_back_in_time, terms))
    return counts


def missing(counts: Mapping[str, int], wanted: Iterable[str]) -> list[str]:
    """What of the wanted nothing shows."""
    return [name for name in wanted if not counts.get(name)]


def _is_back_in_time(row: Mapping[str, str]) -> bool:
    starts, told = row["effective_from"], row.get("recorded_on", "")
    return bool(starts) and starts < told
