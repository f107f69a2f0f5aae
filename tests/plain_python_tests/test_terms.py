"""Which term prices a line: its versions, what a star may price, what Medicare's law adds."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import BILLED, SHIPPED, clp, sv1, svc, usd
from plain_python_tests.written_terms import terms

STAR = "X,acme,*,pct_of_charge,50,,2025-01-01,2024-12-01"
STAR_ROW = {"term_id": "ANY", "hcpcs": "*", "method": "pct_of_charge", "rate": "50"}
SUCCESSORS = """\
old_hcpcs,new_hcpcs,effective_from
J9000,J1324,2025-07-01
J9111,J9177,2025-07-01
J9222,J1324,2026-02-01
"""


def with_column(terms, name, values):
    """Return the terms with one more column; rows without a value have it empty."""
    header, *rows = terms.splitlines()
    values = [*values, *[""] * (len(rows) - len(values))]
    rows = [f"{row},{value}" for row, value in zip(rows, values, strict=True)]
    return "\n".join([f"{header},{name}", *rows, ""])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [(["*", "commercial"], "66.83"), (["*", "*"], "63.00")],
    ids=["another line of business", "a version"],
)
def test_rows_of_one_term_are_versions_only_with_the_same_keys(site, lines, expected):
    header = SHIPPED["contract_terms"].splitlines()[0]
    later, exact = (
        "X,acme,J1324,fixed,0.7000,,2025-01-01,2025-06-01",
        "X,acme,J1324,fixed,0.7425,,2025-01-01,2024-12-01",
    )
    site.terms = with_column("\n".join([header, later, exact]), "line_of_business", lines)
    site.bill("A1", 180, BILLED)
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd(expected)


@pytest.mark.parametrize(
    ("told_later", "day", "expected"),
    [
        ({"effective_through": "2026-01-04"}, "20260105", "90.00"),
        ({"effective_through": "2026-01-05"}, "20260105", "66.83"),
        ({"effective_through": "2026-01-04", "rate": "0.7"}, "20260104", "63.00"),
        ({"effective_through": "2026-01-04", "recorded_on": "2026-07-01"}, "20260105", "66.83"),
        ({"effective_through": "2026-01-04", "recorded_on": ""}, "20260105", "66.83"),
        ({"effective_through": "2026-01-04", "effective_from": "2025-07-01"}, "20260105", "66.83"),
        ({"effective_through": "2026-01-04", "claim_type": "professional"}, "20260105", "66.83"),
    ],
    ids=[
        "ended",
        "its last day",
        "at the rate told last",
        "told after as-of",
        "told before",
        "of another beginning",
        "of another claim type",
    ],
)
def test_a_later_version_ends_the_term_it_tells_again(site, told_later, day, expected):
    first = {"term_id": "T"}
    later = {"term_id": "T", "recorded_on": "2026-03-01"} | told_later
    site.terms = terms(STAR_ROW, first, later)
    site.bill("A1", 180, [sv1("J1324", 180, 90, day=day)])
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd(expected)


def test_an_ended_term_names_its_code_no_longer(site):
    of_code = {"term_id": "T", "hcpcs": "J9177"}
    ended = of_code | {"effective_through": "2025-12-31", "recorded_on": "2026-03-01"}
    site.terms = terms(STAR_ROW, of_code, ended)
    site.bill("A1", 180, BILLED)
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd("90.00")


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("J9177,pct_of_limit,100,,2025-01-01", "J9177"),
        ("J9000,fixed,1,,2025-01-01", "J9000"),
        ("J9111,fixed,1,,2025-01-01", "J9111"),
        ("J9222,fixed,1,,2025-01-01", None),
        ("J9177,pct_of_limit,100,,2026-02-01", None),
        ("J9271,fixed,1,,2025-01-01", None),
    ],
    ids=[
        "the CMS code of the drug",
        "what the billed code replaced",
        "what the CMS code replaced",
        "not replaced yet",
        "not in force",
        "another drug",
    ],
)
def test_a_star_never_prices_a_drug_named_elsewhere(site, key, named):
    site.reference["code_successors"] = SUCCESSORS
    header = SHIPPED["contract_terms"].splitlines()[0]
    site.terms = f"{header}\n{STAR}\nX,acme,{key},2024-12-01\n"
    site.bill("A1", 180, BILLED)
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == (None if named else usd("90.00"))
    sentence = f"not priced: code replaced, term names {named}" if named else "priced:"
    assert line["pricing_basis"] == sentence


def test_a_correction_does_not_move_the_vintage_of_the_price(site):
    restated = "2026Q1,J9177,2026-04-01,file name,36.975,19.550\n"
    site.reference["payment_limits"] = SHIPPED["payment_limits"] + restated
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    first = svc("J9177", 45000, "15000.00", ["CO*45*30000"], units=410)
    back = svc("J9177", -45000, "-15000.00", ["CO*45*-30000"], units=410)
    again = svc("J9177", 45000, "15054.38", ["CO*45*29945.62"], units=410)
    site.remit([clp("A1", 1, 45000, "15000.00", [first], icn="OLD")])
    reversal = clp("A1", 22, -45000, "-15000.00", [back], icn="OLD")
    site.remit([reversal, clp("A1", 1, 45000, "15054.38", [again])], paid_on="20260501")
    (line,) = site.lines()
    assert (line["expected_allowed_usd"], line["gap_usd"]) == (usd("15054.38"), 0)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("pays", "15159.75"), ("is cancelled", "15159.75"), ("denies again", "15054.38")],
)
def test_a_denial_does_not_fix_the_vintage_of_a_later_payment(site, answer, expected):
    restated = "2026Q1,J9177,2026-04-01,file name,36.975,19.550\n"
    site.reference["payment_limits"] = SHIPPED["payment_limits"] + restated
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    denied = svc("J9177", 45000, 0, ["CO*197*45000"], units=410)
    paid = svc("J9177", 45000, "15159.75", ["CO*45*29840.25"], units=410)
    back = svc("J9177", -45000, "-15159.75", ["CO*45*-29840.25"], units=410)
    site.remit([clp("A1", 1, 45000, 0, [denied], icn="OLD")])
    if answer == "denies again":
        site.remit([clp("A1", 1, 45000, 0, [denied], icn="NEW")], paid_on="20260501")
    else:
        site.remit([clp("A1", 1, 45000, "15159.75", [paid], icn="NEW")], paid_on="20260501")
    if answer == "is cancelled":
        reversal = clp("A1", 22, -45000, "-15159.75", [back], icn="NEW")
        site.remit([reversal], paid_on="20260601")
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd(expected)


@pytest.mark.parametrize(
    ("payer", "filing", "cap", "expected"),
    [("CMS1", "MB", "", "50.00"), ("CMS1", "MB", "none", "66.83"), ("ACME1", "CI", "", "66.83")],
    ids=["by law", "the term says none", "another payer"],
)
def test_medicare_pays_a_professional_line_no_more_than_its_charge(
    site, payer, filing, cap, expected
):
    site.terms += f"M,cms,J1324,fixed,0.7425,{cap},2025-01-01,2024-12-01\n"
    site.bill("A1", 50, [sv1("J1324", 50, 90)], payer=payer, filing=filing)
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd(expected)


def test_a_row_that_is_not_filled_in_yet_is_no_row(site):
    header, *rows = site.terms.splitlines()
    asked = f"{header},seen_lines,seen_usd\n,acme,J1324,,,,,,7,100.00\n"
    site.keep("contract_terms", asked + "".join(f"{row},,\n" for row in rows))
    site.bill("A1", 180, BILLED)
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd("66.83")


def test_a_term_may_write_its_ndc_with_hyphens(site):
    site.terms = "contract_id,payer_id,ndc11,method,rate\nX,acme,51144-020-01,fixed,0.7425\n"
    site.bill("A1", 180, [sv1("J1324", 180, 90, ndc="51144002001", vials="1")])
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd("66.83")
