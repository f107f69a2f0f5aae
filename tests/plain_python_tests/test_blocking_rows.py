"""A term row that cannot be read stops the lines it may be about from being priced."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import BILLED, PADCEV_20, sv1, usd
from plain_python_tests.written_terms import terms

ANY = {"hcpcs": "*", "method": "pct_of_charge", "rate": "50"}
BLOCKED = "not priced: row 3 of contract_terms.csv could not be used"


# Of another contract: it stands beside no row of ours.
APART = {"contract_id": "Y"}


def basis(site, *rows, line=None, **sent):
    """Return the pricing basis and the expected amount of one line under these rows."""
    site.terms = terms(*rows)
    site.bill("A1", "180", [line] if line else BILLED, **sent)
    (found,) = site.lines()
    return found["pricing_basis"], found["expected_allowed_usd"]


@pytest.mark.parametrize(
    "cell",
    [
        {"rate": "0.74 per mg"},
        {"rate": "104%"},
        {"rate": ""},
        {"rate": "0"},
        {"rate": "1.04", "method": "pct_of_limit"},
        {"rate": "1001", "method": "pct_of_limit"},
        {"rate": "101", "method": "pct_of_charge"},
        {"rate": "106", "method": "asp_plus"},
        {"rate": "-100", "method": "wac_plus"},
        {"rate": "100", "method": "awp_minus"},
        {"method": "ASP+6"},
        {"method": ""},
        {"effective_from": "01/01/2025"},
        {"effective_through": "2025-02-30"},
        {"recorded_on": "soon"},
        {"price_decimals": "two"},
        {"price_decimals": "7"},
        {"price_lag_days": "-5"},
        {"price_lag_days": "366"},
        {"payer_id": ""},
        {"charge_cap": "yes"},
        {"price_vintage": "newest"},
        {"sequestration": "2"},
        {"line_of_business": "HMO"},
        {"claim_type": "837P"},
        {"ndc11": "51144-02-1", "hcpcs": "", "contract_id": "Y"},
    ],
    ids=lambda cell: " ".join(word for told in cell.items() for word in told),
)
def test_a_cell_that_cannot_be_read_blocks(site, cell):
    assert basis(site, ANY, cell) == (BLOCKED, None)


@pytest.mark.parametrize(
    "row",
    [
        {"hcpcs": "J9271"},
        {"effective_through": "2025-12-31"},
        {"effective_from": "2026-01-06"},
        {"recorded_on": "2026-07-01"},
        {"payer_id": "best"},
        {"line_of_business": "medicaid"},
        {"claim_type": "institutional"},
        {"billing_id": "1999999999"},
        {"ndc11": PADCEV_20},
        {"drug": "pembrolizumab"},
    ],
    ids=lambda row: next(iter(row)),
)
def test_a_row_that_cannot_be_about_the_line_does_not_block(site, row):
    assert basis(site, ANY, {"rate": "?"} | row) == ("priced:", usd("90.00"))


@pytest.mark.parametrize(
    ("chosen", "row", "blocks"),
    [
        ({}, {"hcpcs": "*"}, False),
        ({}, {}, True),
        ({"drug": "enfortumab vedotin-ejfv", "hcpcs": ""}, {}, True),
        ({"line_of_business": "commercial"}, {}, False),
        ({"line_of_business": "commercial"}, {"billing_id": "1234567893"}, True),
        ({"line_of_business": "commercial"}, {"line_of_business": "HMO"}, True),
        ({"line_of_business": "commercial"}, {"claim_type": "837P", "hcpcs": "*"}, True),
        ({"ndc11": PADCEV_20}, {"ndc11": "5114"}, True),
        ({"ndc11": PADCEV_20}, {}, False),
    ],
)
def test_a_row_blocks_unless_the_chosen_one_ranks_before_it(site, chosen, row, blocks):
    line = sv1("J1324", "180", 90, ndc=PADCEV_20, vials="5")
    found = basis(site, chosen, APART | {"rate": "?"} | row, line=line)
    assert found == ((BLOCKED, None) if blocks else ("priced:", usd("66.83")))


@pytest.mark.parametrize("method", ["capitated", "not_covered", "case_rate"])
def test_a_suppressed_or_not_covered_line_is_blocked_likewise(site, method):
    row = APART | {"rate": "?"}
    assert basis(site, {"method": method, "rate": ""}, row) == (BLOCKED, None)


def test_the_least_row_is_named(site):
    rows = ({"rate": "0.70", "payer_id": "best"}, {"rate": "?"}, {"rate": "x"})
    assert basis(site, *rows) == (BLOCKED, None)


def test_a_row_that_cannot_be_read_still_names_its_code(site):
    found = basis(site, ANY, {"hcpcs": "J9177", "rate": "?"})
    assert found == ("not priced: code replaced, term names J9177", None)


def test_a_row_that_is_asked_and_not_answered_blocks_nothing(site):
    site.terms = terms({})
    header = "payer_id,hcpcs,method,rate,seen_lines"
    site.keep("contract_terms", f"{header}\nacme,J1324,,,7\nacme,J1324,fixed,0.7425,\n")
    site.bill("A1", "180", BILLED)
    assert site.lines()[0]["expected_allowed_usd"] == usd("66.83")


@pytest.mark.parametrize(
    "days",
    [("2026-06-01", "2026-05-31"), ("2027-01-01", "2025-12-31")],
    ids=["after the line", "around the line"],
)
def test_of_days_that_end_before_they_begin_neither_is_read(site, days):
    row = {"effective_from": days[0], "effective_through": days[1]}
    assert basis(site, ANY, row) == (BLOCKED, None)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"recorded_on": "2025-06-01"}, 2),
        ({"recorded_on": "2025-06-01", "effective_through": "2025-12-31"}, 2),
        ({"recorded_on": "2025-06-01", "line_of_business": "HMO"}, 2),
        ({"term_id": "T"}, 3),
        ({"recorded_on": "2025-06-01", "line_of_business": "commercial"}, 3),
    ],
    ids=["a version", "ended by now", "of an unknown line", "another term", "other keys"],
)
def test_a_version_of_a_row_left_out_is_left_out_with_it(site, row, named):
    found = basis(site, {}, {"rate": "?"} | row)
    if row.get("effective_through"):
        named_now = f"not priced: row {named} of contract_terms.csv could not be used"
        assert found == (named_now, None)
    else:
        assert found[0] == f"not priced: row {named} of contract_terms.csv could not be used"


def test_versions_that_share_no_day_are_not_left_out_with_one_another(site):
    ended = {"rate": "?", "effective_through": "2025-12-31", "recorded_on": "2025-06-01"}
    found = basis(site, {"effective_from": "2026-01-01"}, ended)
    assert found == ("priced:", usd("66.83"))


def test_a_row_in_doubt_puts_the_rows_beside_it_in_doubt(site):
    chain = (
        {"effective_from": "2026-01-01", "recorded_on": "2025-07-01"},
        {"effective_through": "2026-06-30", "recorded_on": "2025-06-01"},
        {"effective_through": "2025-12-31", "recorded_on": "2025-08-01", "rate": "?"},
    )
    blocked = "not priced: row 2 of contract_terms.csv could not be used"
    assert basis(site, *chain) == (blocked, None)


def test_versions_told_on_one_day_that_hold_at_once_are_left_out(site):
    blocked = "not priced: row 2 of contract_terms.csv could not be used"
    assert basis(site, {}, {"rate": "0.70"}) == (blocked, None)


@pytest.mark.parametrize(
    ("cells", "blocks"),
    [("X,acme,J9271,fixed", True), ("X,best,J1324,fixed", False), ("X,acne,J1324,fixed", True)],
    ids=["names the payer", "names another payer", "names no payer"],
)
def test_a_row_with_a_comma_too_many_fits_every_line_of_its_payer(site, cells, blocks):
    header, first = terms({}).splitlines()
    beyond = "," * (header.count(",") - cells.count(",") + 1)
    site.terms = f"{header}\n{first}\n{cells}{beyond}0.5\n"
    site.bill("A1", "180", BILLED)
    (line,) = site.lines()
    found = line["pricing_basis"], line["expected_allowed_usd"]
    assert found == ((BLOCKED, None) if blocks else ("priced:", usd("66.83")))


def test_a_row_of_another_file_with_a_comma_too_many_is_no_row(site):
    site.terms = terms({"method": "pct_of_limit", "rate": "100"})
    rows = "2026Q1,J9177,2025-12-17,36.7,,\n2026Q1,J9177,2026-01-17,36,743,,\n"
    header = "effective_quarter,hcpcs,published_on,payment_limit,notes,source\n"
    site.reference["payment_limits"] = header + rows
    site.bill("A1", "99999", BILLED)
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd("13212.00")
