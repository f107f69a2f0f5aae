"""Why a line was short or over: every cause both ways, and what adds up."""

from __future__ import annotations

import pytest
from plain_python_tests.written_rows import csv_of
from plain_python_tests.written_site import SHIPPED, clp, sv1, svc, usd
from plain_python_tests.written_terms import causes, limits, terms, visit

MOVING = (
    ("2024Q4", "J9271", "2024-09-17", "50.000"),
    ("2025Q1", "J9271", "2024-12-17", "52.000"),
    ("2025Q2", "J9271", "2025-03-17", "54.000"),
    ("2025Q3", "J9271", "2025-06-17", "56.000"),
    ("2025Q4", "J9271", "2025-09-17", "58.000"),
    ("2026Q1", "J9271", "2025-12-17", "60.000"),
    ("2026Q1", "J9271", "2026-01-17", "61.000"),
    ("2026Q2", "J9271", "2026-03-17", "62.000"),
)
BY_LIMIT = {"hcpcs": "J9271", "method": "pct_of_limit", "rate": "100"}


@pytest.mark.parametrize(
    ("paid_units", "allowed", "gap"),
    [(80, "59.40", "7.43"), (100, "74.25", "-7.42")],
    ids=["short", "over"],
)
def test_units_paid_other_than_billed(site, paid_units, allowed, gap):
    site.terms = terms({})
    visit(site, "A1", allowed, paid_units=paid_units)
    (line,) = site.lines()
    assert line["paid_units"] == paid_units
    assert causes(site) == [("units_reduced", usd(gap))]


def test_units_without_evidence_are_no_cause(site):
    site.terms = terms({})
    visit(site, "A1", "59.00", paid_units=80)
    assert causes(site) == [("unexplained", usd("7.83"))]


@pytest.mark.parametrize(
    ("answered", "rate", "gap"),
    [("J9271", "0.50", "21.83"), ("J9271", "1.00", "-23.17")],
    ids=["short", "over"],
)
def test_a_code_the_payer_put_in_place_of_ours(site, answered, rate, gap):
    site.terms = terms({}, {"hcpcs": "J9271", "rate": rate})
    visit(site, "A1", str(usd("66.83") - usd(gap)), answered=answered, original="HC:J1324")
    assert causes(site) == [("recoded", usd(gap))]


def test_a_code_without_a_term_takes_all_of_the_rest(site):
    site.terms = terms({})
    visit(site, "A1", "20.00", answered="J9999", original="HC:J1324")
    (row,) = site.answers()["underpayment_causes"]
    assert (row["cause"], row["gap_usd"]) == ("recoded", usd("46.83"))
    assert row["explained_by"] == "J9999 has no term"


def test_the_same_milligrams_in_another_code_are_no_cause_of_their_own(site):
    site.terms = terms(
        {"method": "pct_of_limit", "rate": "104"},
        {"hcpcs": "J9177", "method": "pct_of_limit", "rate": "104"},
    )
    # 400 units of J9177 at the quarter before: 400 x 36.743 x 1.04.
    facts = {"units": 100, "charge": "20000", "day": "20260105", "original": "HC:J1324"}
    visit(site, "A1", "15285.09", answered="J9177", paid_units=400, billed=100, **facts)
    (line,) = site.lines()
    assert (line["expected_allowed_usd"], line["paid_units"]) == (usd("15274.69"), 100)
    assert causes(site) == [("other_quarter_price", usd("-10.40"))]


@pytest.mark.parametrize(
    ("limit", "named"),
    [
        ("60.000", "2026Q1, published 2025-12-17"),
        ("58.000", "2025Q4, published 2025-09-17"),
        ("62.000", "2026Q2, published 2026-03-17"),
        ("52.000", "2025Q1, published 2024-12-17"),
        ("50.000", None),
    ],
    ids=["another vintage", "the quarter before", "the next", "four back", "five back"],
)
def test_the_limit_of_another_quarter(site, limit, named):
    site.terms = terms(BY_LIMIT | {"price_vintage": "latest"})
    site.reference["payment_limits"] = limits(*MOVING)
    allowed = usd(limit) * 10
    visit(site, "A1", str(allowed), code="J9271", units=10, charge="2000")
    (row,) = site.answers()["underpayment_causes"]
    cause = "other_quarter_price" if named else "unexplained"
    assert (row["cause"], row["gap_usd"]) == (cause, 610 - allowed)
    assert row["explained_by"] == named


def test_of_two_vintages_that_fit_the_latest_is_named(site):
    site.terms = terms(BY_LIMIT)
    again = ("2025Q4", "J9271", "2026-03-17", "58.000")
    site.reference["payment_limits"] = limits(*MOVING, again)
    facts = {"code": "J9271", "units": 10, "charge": "2000", "paid_on": "20260115"}
    visit(site, "A1", "580.00", **facts)
    (row,) = site.answers()["underpayment_causes"]
    assert row["explained_by"] == "2025Q4, published 2026-03-17"


@pytest.mark.parametrize(("allowed", "gap"), [("85.00", "15.00"), ("130.00", "-30.00")])
def test_another_list_price(site, allowed, gap):
    site.terms = terms({"method": "awp_minus", "rate": "15"})
    prices = [("2025-01-01", "1"), ("2025-07-01", "1.1765"), ("2026-06-01", "1.52942")]
    rows = [
        {"hcpcs": "J1324", "price_kind": "awp", "price": price, "effective_from": day}
        for day, price in prices
    ]
    site.keep("list_prices", csv_of(rows))
    visit(site, "A1", allowed, units=100, charge="500")
    assert causes(site) == [("other_quarter_price", usd(gap))]


@pytest.mark.parametrize(
    ("row", "allowed", "gap"),
    [
        ({"rate": "0.715", "recorded_on": "2024-11-01"}, "64.35", "2.48"),
        (
            {"rate": "0.8", "effective_from": "2026-06-01", "recorded_on": "2026-05-01"},
            "72.00",
            "-5.17",
        ),
        ({"rate": "0.715", "recorded_on": "2024-11-01", "hcpcs": "J9177"}, "64.35", None),
        ({"rate": "50", "method": "pct_of_charge", "hcpcs": "*"}, "90.00", "-23.17"),
        ({"rate": "0.715", "contract_id": "Y", "effective_through": "2025-12-31"}, "64.35", None),
        ({"rate": "0.715", "payer_id": "best", "recorded_on": "2024-11-01"}, "64.35", None),
        (
            {"rate": "0.715", "effective_from": "2026-07-02", "recorded_on": "2026-07-01"},
            "64.35",
            None,
        ),
    ],
    ids=[
        "an older version",
        "one not in force yet",
        "a fixed rate of another code",
        "another term of the contract",
        "another contract",
        "another payer",
        "not on record",
    ],
)
def test_another_row_of_the_contract(site, row, allowed, gap):
    site.terms = terms(row, {})
    visit(site, "A1", allowed)
    short = usd("66.83") - usd(allowed)
    assert causes(site) == [("superseded_term" if gap else "unexplained", short)]


def test_another_quarter_comes_before_another_term(site):
    site.terms = terms(
        BY_LIMIT | {"rate": "100"},
        BY_LIMIT
        | {"rate": "96.666667", "effective_from": "2020-01-01", "recorded_on": "2020-01-01"},
    )
    site.reference["payment_limits"] = limits(*MOVING)
    visit(site, "A1", "580.00", code="J9271", units=10, charge="2000", paid_on="20260115")
    assert causes(site) == [("other_quarter_price", usd("20.00"))]


@pytest.mark.parametrize(("price", "gap"), [("0.74", "0.23"), ("0.743", "-0.04"), ("1", "-23.17")])
def test_a_rounded_unit_price(site, price, gap):
    site.terms = terms({})
    visit(site, "A1", str(usd("66.83") - usd(gap)))
    assert usd(price) * 90 == usd("66.83") - usd(gap)
    assert causes(site) == [("rounding", usd(gap))]


@pytest.mark.parametrize("percent", [88, 107], ids=["short", "over"])
def test_a_percent_of_the_limit_on_three_claims(site, percent):
    site.terms = terms(BY_LIMIT)
    site.reference["payment_limits"] = limits(*MOVING)
    for number, units in (("A1", 10), ("A2", 20), ("A3", 33)):
        allowed = usd("60") * units * percent / 100
        visit(
            site, number, str(allowed), code="J9271", units=units, charge="9000", paid_on="20260115"
        )
    found = site.answers()["underpayment_causes"]
    assert [row["cause"] for row in found] == ["rate_difference"] * 3
    assert {row["explained_by"] for row in found} == {f"percent of the limit {percent}.00"}


@pytest.mark.parametrize(
    ("claims", "cause"),
    [(("A1", "A2", "A3"), "rate_difference"), (("A1", "A2"), "unexplained")],
    ids=["three claims", "two claims"],
)
def test_dollars_a_unit_are_a_rate_from_three_claims_on(site, claims, cause):
    site.terms = terms({})
    for number in claims:
        visit(site, number, "62.10")
    assert causes(site) == [(cause, usd("4.73"))] * len(claims)


@pytest.mark.parametrize("percent", ["35", "71"], ids=["short", "over"])
def test_a_percent_of_the_charge_on_three_claims(site, percent):
    site.terms = terms({"method": "pct_of_charge", "rate": "50"})
    for number, charge in (("A1", "100"), ("A2", "230"), ("A3", "317")):
        visit(site, number, str(usd(charge) * usd(percent) / 100), charge=charge)
    found = site.answers()["underpayment_causes"]
    assert {row["explained_by"] for row in found} == {f"percent of the charge {percent}.00"}
    assert [row["cause"] for row in found] == ["rate_difference"] * 3


@pytest.mark.parametrize(("allowed", "gap"), [("61.17", "5.66"), ("70.17", "-3.34")])
def test_what_nothing_explains_is_said_so(site, allowed, gap):
    site.terms = terms({})
    visit(site, "A1", allowed)
    assert causes(site) == [("unexplained", usd(gap))]


def test_waste_paid_although_the_policy_pays_none(site):
    site.reference["payer_policies"] = SHIPPED["payer_policies"].replace("yes,yes,", "yes,no,", 1)
    site.bill("A1", 180, [sv1("J1324:JW", 180, 90)])
    site.remit([clp("A1", 1, 180, "66.83", [svc("J1324:JW", 180, "66.83", ["CO*45*113.17"])])])
    (row,) = site.answers()["underpayment_causes"]
    assert (row["cause"], row["gap_usd"]) == ("unexplained", usd("-66.83"))
    assert row["explained_by"] == "paid although the policy pays no waste"


def test_the_denied_part_goes_before_the_units_and_is_in_no_cause(site):
    site.terms = terms(
        {"rate": "0.7150", "recorded_on": "2024-11-01"}, {"recorded_on": "2024-12-02"}
    )
    # 90 billed, 20 denied by name, 60 paid at the superseded rate.
    visit(site, "A1", "42.90", cas=["CO*151*40*20"], paid_units=60, billed=90)
    (line,) = site.lines()
    assert (line["gap_usd"], line["denied_expected_usd"]) == (usd("23.93"), usd("14.85"))
    assert causes(site) == [("units_reduced", usd("7.43")), ("superseded_term", usd("1.65"))]


def test_units_denied_altogether_are_paid_units_without_dollars(site):
    older = {"rate": "0.7150", "recorded_on": "2024-11-01"}
    site.terms = terms(older, {"recorded_on": "2024-12-02"})
    visit(site, "A1", "42.90", cas=["CO*151*60*30"], paid_units=60, billed=90)
    (line,) = site.lines()
    assert (line["denied_expected_usd"], line["shortfall_usd"]) == (usd("22.28"), usd("1.65"))
    assert causes(site) == [("superseded_term", usd("1.65"))]


def test_a_code_worth_a_cent_less_is_no_cause(site):
    site.terms = terms({}, {"hcpcs": "J9271", "rate": "0.74244"})
    visit(site, "A1", "61.17", answered="J9271", original="HC:J1324")
    assert causes(site) == [("unexplained", usd("5.66"))]


@pytest.mark.parametrize("allowed", ["5.17", "42.90", "59.40", "66.80", "66.90", "71.50", "99.99"])
@pytest.mark.parametrize("paid_units", [60, 80, 90, 100])
@pytest.mark.parametrize("answered", ["J1324", "J9177", "J9271", "J9999"])
@pytest.mark.parametrize("denied", [(), ("CO*151*40*20",)], ids=["whole", "partly denied"])
def test_causes_add_up_to_the_gap(site, allowed, paid_units, answered, denied):
    site.terms = terms(
        {"rate": "0.7150", "recorded_on": "2024-11-01"},
        {"recorded_on": "2024-12-02"},
        {"hcpcs": "J9177", "rate": "0.1788"},
        {"hcpcs": "J9271", "method": "pct_of_charge", "rate": "40"},
    )
    visit(
        site,
        "A1",
        allowed,
        cas=denied,
        paid_units=paid_units,
        billed=90,
        answered=answered,
        original="HC:J1324",
    )
    found = site.answers()
    (line,) = found["drug_line_outcomes"]
    took = [row["gap_usd"] for row in found["underpayment_causes"]]
    assert sum(took) == line["shortfall_usd"] - line["overpaid_usd"]
    assert 0 not in took


@pytest.mark.parametrize(
    ("cap", "charge", "allowed", "cause"),
    [
        ("", "60.00", "60.00", "rate_difference"),
        ("none", "60.00", "59.99", "rate_difference"),
        ("claim", "60.00", "60.00", "rate_difference"),
        ("", "60.00", "59.98", "unexplained"),
        ("", "71.17", "71.17", "unexplained"),
    ],
    ids=["silent", "a cent less", "by claim", "two cents less", "more than the rate"],
)
def test_a_whole_charge_below_the_rate_is_a_clause_not_on_file(site, cap, charge, allowed, cause):
    site.terms = terms({"charge_cap": cap}, {"charge_cap": cap, "hcpcs": "96372", "rate": "40"})
    site.bill("A1", 500, [sv1("J1324", charge, 90), sv1("96372", 150, 1)])
    cut = usd(charge) - usd(allowed)
    paid = [
        svc("J1324", charge, allowed, [f"CO*45*{cut}"] if cut else [], units=90),
        svc("96372", 150, 40, ["CO*45*110"], units=1),
    ]
    site.remit([clp("A1", 1, usd(charge) + 150, usd(allowed) + 40, paid)])
    (line,) = site.lines()
    short = line["expected_allowed_usd"] - usd(allowed)
    assert causes(site) == [(cause, short)]
