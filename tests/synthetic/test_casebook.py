"""The book of priced cases: worked out alone, each cause planted, ten look-alikes beside each."""

from __future__ import annotations

import ast
import csv
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.synthetic.casebook import contracts, prices
from analytics.synthetic.casebook.book import key_rows, raw_files, the_book
from analytics.synthetic.casebook.case import CaseLine, findings_of
from analytics.synthetic.contract_terms import terms

CAUSES = (
    "units_reduced",
    "recoded",
    "other_quarter_price",
    "superseded_term",
    "rounding",
    "rate_difference",
)
METHODS = {
    "fixed",
    "pct_of_limit",
    "asp_plus",
    "awp_minus",
    "wac_plus",
    "pct_of_charge",
    "capitated",
    "case_rate",
    "not_covered",
}
WRITER, OWN = "analytics.synthetic.x12_writer", "analytics.synthetic.casebook"


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    plain = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    return named | plain


def modules(project: Path, folder: str) -> list[Path]:
    found = sorted((project / "analytics" / "synthetic" / folder).glob("*.py"))
    assert found
    return found


def test_the_cases_import_the_writer_and_nothing_else_of_the_package(project: Path):
    foreign = {
        (path.name, name)
        for path in modules(project, "casebook")
        for name in imported(path)
        if name.startswith("analytics") and name != WRITER and not name.startswith(OWN)
    }
    assert foreign == set()


def test_no_module_of_the_made_up_site_imports_what_prices_or_reads_it(project: Path):
    allowed = ("analytics.synthetic", "analytics.errors")
    foreign = {
        (path.name, name)
        for folder in (".", "casebook", "wastebook")
        for path in modules(project, folder)
        for name in imported(path)
        if not name.startswith(allowed) and name.partition(".")[0] not in STANDARD
    }
    assert foreign == set()


STANDARD = {
    "__future__",
    "ast",
    "collections",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "functools",
    "io",
    "itertools",
    "pathlib",
    "random",
    "typing",
}


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_is_planted_short_and_too_much(cause: str):
    planted = Counter(finding for _, _, _, (finding, _, _) in key_rows())
    assert planted[f"underpaid_{cause}"] >= 3
    assert planted[f"overpaid_{cause}"] >= 1


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_has_ten_look_alikes_of_several_kinds(cause: str):
    found = [
        note.partition(":")[0]
        for _, _, _, (finding, _, note) in key_rows()
        if finding == f"look_alike_{cause}"
    ]
    assert len(found) >= 10
    assert len(set(found)) >= 4


def test_a_look_alike_is_never_planted_as_what_it_looks_like():
    by_line: dict[tuple[str, int], set[str]] = defaultdict(set)
    for claim_id, number, _, (finding, _, _) in key_rows():
        by_line[claim_id, number].add(finding)
    for findings in by_line.values():
        for cause in CAUSES:
            if f"look_alike_{cause}" in findings:
                assert not findings & {f"underpaid_{cause}", f"overpaid_{cause}"}


def test_two_causes_on_one_line_add_up_to_its_gap():
    both = [told for told in the_book() if len(told.case.lines[0].causes) == 2]
    assert {told.case.scenario for told in both} == {
        "units_cut_at_old_rate",
        "paid_as_another_drug_and_quarter",
        "cent_after_units",
    }
    for told in both:
        line = told.case.lines[0]
        assert line.expected_usd - line.allowed_usd == sum(gap for _, gap in line.causes)


def test_causes_that_do_not_add_up_are_refused():
    line = CaseLine("J9177", 1, Decimal("2.00"), Decimal("1.00"), (("rounding", Decimal("0.99")),))
    with pytest.raises(ValueError, match=r"found 0\.99 for a gap of 1\.00"):
        list(findings_of(line))


def test_units_and_price_together_are_the_worked_case():
    # 40 units at 39.25, then 360 units at 38.00 for 39.25.
    causes = next(
        told.case.lines[0].causes
        for told in the_book()
        if told.case.scenario == "units_cut_at_old_rate"
    )
    assert causes == (
        ("units_reduced", Decimal("1570.00")),
        ("superseded_term", Decimal("450.00")),
    )


def test_the_contracts_have_every_method_cap_lag_rounding_and_vintage():
    rows = contracts.term_rows()
    assert {row["method"] for row in rows} | {term.method for term in terms()} == METHODS
    assert {row["charge_cap"] for row in rows} == {"none", "line", "claim"}
    assert {row["price_vintage"] for row in rows} == {"", "first", "latest"}
    assert {row["price_lag_days"] for row in rows} == {"0", "45"}
    assert {row.get("price_decimals", "") for row in rows} == {"", "2"}
    assert {row.get("drug", "") for row in rows} == {"", "infliximab", "panitumumab"}
    amendments = [row for row in rows if row["recorded_on"] > row["effective_from"]]
    assert [row["rate"] for row in amendments] == ["40.10", "42.00"]


def test_the_cases_limits_are_the_shipped_ones(project: Path):
    path = project / "data" / "reference" / "payment_limits.csv"
    shipped: dict[tuple[str, str], list[tuple[str, Decimal]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            place = row["hcpcs"], row["effective_quarter"]
            if row["payment_limit"]:
                shipped[place].append((row["published_on"], Decimal(row["payment_limit"])))
    for hcpcs, by_quarter in prices.LIMITS.items():
        for quarter, limit in by_quarter.items():
            assert [usd for _, usd in shipped[hcpcs, quarter]] == [Decimal(limit)], (hcpcs, quarter)
    restated = sorted(shipped[prices.RESTATED_HCPCS, prices.RESTATED_QUARTER])
    assert [usd for _, usd in restated] == [prices.FIRST_VINTAGE, prices.LATEST_VINTAGE]


def test_the_book_is_the_same_every_time():
    assert raw_files() == raw_files()
    assert len({told.claim.claim_number for told in the_book()}) == len(the_book())


def test_every_payment_of_a_case_is_known_at_the_as_of_date():
    assert max(day for told in the_book() for day, _ in told.answers).isoformat() < "2026-03-31"
