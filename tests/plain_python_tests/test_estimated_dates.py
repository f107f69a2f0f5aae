"""A restatement whose day of publication is a guess accuses nobody."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import INSTITUTIONAL, clp, sv1, sv2, svc, usd
from plain_python_tests.written_terms import terms

HEADER = "effective_quarter,hcpcs,published_on,published_on_basis,payment_limit\n"
GUESSED = "download_month_estimated"
EXPLAINED = "not compared: the date of a restatement is estimated"
BY_LIMIT = {"hcpcs": "J9271", "method": "pct_of_limit", "rate": "100"}


def paid(site, allowed, *published, **term):
    """Return the line of ten units paid so much; published are day, basis and limit."""
    rows = "".join(f"2026Q1,J9271,{day},{basis},{limit}\n" for day, basis, limit in published)
    site.reference["payment_limits"] = HEADER + rows
    site.terms = terms(BY_LIMIT | term)
    site.bill("A1", 2000, [sv1("J9271", 2000, 10)])
    cut = usd("2000") - usd(allowed)
    site.remit(
        [clp("A1", 1, 2000, allowed, [svc("J9271", 2000, allowed, [f"CO*45*{cut}"], units=10)])]
    )
    (line,) = site.lines()
    return line


@pytest.mark.parametrize(
    ("allowed", "bases", "is_explained"),
    [
        ("610.00", ("file_name", GUESSED), True),
        ("610.01", ("file_name", GUESSED), True),
        ("610.00", (GUESSED, "file_name"), True),
        ("610.02", ("file_name", GUESSED), False),
        ("610.00", ("file_name", "notes"), False),
        ("600.00", ("file_name", GUESSED), False),
    ],
    ids=["paid by it", "to a cent", "the other is a guess", "two cents", "no guess", "a match"],
)
def test_a_limit_restated_on_a_guessed_day_explains_what_was_allowed(
    site, allowed, bases, is_explained
):
    first, second = bases
    # Paid on 2026-02-01: by the dates the first publication is the price.
    line = paid(site, allowed, ("2025-12-17", first, "60"), ("2026-03-01", second, "61"))
    assert line["expected_allowed_usd"] == usd("600.00")
    assert (line["gap_basis"] == EXPLAINED) is is_explained
    assert line["gap_usd"] == (None if is_explained else usd("600") - usd(allowed))
    assert len(site.answers()["underpayment_causes"]) == (
        not is_explained and line["match_basis"] is None
    )


@pytest.mark.parametrize(
    ("published", "term"),
    [
        (
            (("2025-12-17", "notes", "60"), ("2026-03-01", GUESSED, "61")),
            {"price_vintage": "first"},
        ),
        ((("2025-12-17", "notes", "60"), ("2026-12-31", GUESSED, "61")), {}),
        ((("2025-12-17", "notes", "60"), ("2026-03-01", GUESSED, "")), {}),
        ((("2025-12-17", GUESSED, "60"),), {}),
        ((("2025-12-17", GUESSED, "60"),), {"method": "fixed", "rate": "60"}),
    ],
    ids=["the term says which", "after as-of", "no limit", "one publication", "no limit priced"],
)
def test_nothing_else_is_explained_by_a_guess(site, published, term):
    line = paid(site, "610.00", *published, **term)
    assert (line["gap_basis"], line["gap_usd"]) == ("compared", usd("-10.00"))


def test_what_is_a_match_is_not_asked_for_another_limit(site):
    published = "2026Q1,J9271,2025-12-17,notes,60\n2026Q1,J9271,2026-03-01,"
    site.reference["payment_limits"] = f"{HEADER}{published}{GUESSED},61\n"
    site.terms = terms(BY_LIMIT)
    site.bill("A1", 4000, [sv1("J9271", 2000, 10), sv1("J9271:JW", 2000, 10)])
    paid = [
        svc("J9271", 2000, 610, ["CO*45*1390"], units=10),
        svc("J9271:JW", 2000, 590, ["CO*45*1410"], units=10),
    ]
    site.remit([clp("A1", 1, 4000, 1200, paid)])
    assert [line["match_basis"] for line in site.lines()] == ["pair", "pair"]


def test_an_opps_rate_is_no_limit_and_is_not_asked(site):
    published = "2026Q1,J9271,2025-12-17,notes,60\n2026Q1,J9271,2026-03-01,"
    site.reference["payment_limits"] = f"{HEADER}{published}{GUESSED},61\n"
    rows = "effective_from,hcpcs,status_indicator,published_on,payment_rate\n"
    site.reference["opps_status"] = f"{rows}2026-01-01,J9271,K,2025-12-20,60\n"
    site.terms = terms(BY_LIMIT | {"payer_id": "cms"})
    hospital = {"payer": "CMS1", "filing": "MB", "version": INSTITUTIONAL}
    site.bill("A1", 2000, [sv2("J9271", 2000, 10)], **hospital)
    answer = svc("J9271", 2000, 610, ["CO*45*1390"], units=10)
    site.remit([clp("A1", 1, 2000, 610, [answer], filing="MB")], payer="CMS1")
    (line,) = site.lines()
    assert (line["gap_basis"], line["overpaid_usd"]) == ("compared", usd("10.00"))
