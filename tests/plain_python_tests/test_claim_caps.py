"""The lesser of charge and rate over a claim: what it takes, and what is paid to it."""

from __future__ import annotations

import pytest
from plain_python_tests.written_rows import a_claim_line, put
from plain_python_tests.written_site import clp, sv1, svc, usd
from plain_python_tests.written_terms import terms

CAPPED = {"charge_cap": "claim"}
# 90 x 0.7425 = 66.83 and 90 x 1.00 = 90.00: 156.83 at the rate.
TWO_DRUGS = (CAPPED, CAPPED | {"hcpcs": "J9271", "rate": "1"})


def bill_two(site, first, second):
    """Bill the two drugs for these charges."""
    lines = [sv1("J1324", first, 90), sv1("J9271", second, 90)]
    site.bill("A1", str(usd(first) + usd(second)), lines)


def pay_two(site, first, second, charges=("50", "70"), reasons=("45", "45")):
    """Pay the two drugs so much of their charges, the rest for these reasons."""
    paid = [
        svc(code, charge, allowed, _cut(charge, allowed, reason), units=90)
        for code, charge, allowed, reason in zip(
            ("J1324", "J9271"), charges, (first, second), reasons, strict=True
        )
    ]
    total = usd(first) + usd(second)
    site.remit([clp("A1", 1, str(sum(map(usd, charges))), str(total), paid)])


def _cut(charge, allowed, reason):
    cut = usd(charge) - usd(allowed)
    return [f"CO*{reason}*{cut}"] if cut else []


@pytest.mark.parametrize(
    ("charges", "expected", "limited"),
    [
        (("50", "70"), ("51.14", "68.86"), ("15.69", "21.14")),
        (("10", "300"), ("66.83", "90.00"), ("0", "0")),
        (("10", "146.83"), ("66.83", "90.00"), ("0", "0")),
        (("10", "146.82"), ("66.83", "89.99"), ("0", "0.01")),
    ],
    ids=["capped", "the claim charges enough", "just enough", "a cent too little"],
)
def test_the_charges_of_a_claim_cap_its_rates_together(site, charges, expected, limited):
    site.terms = terms(*TWO_DRUGS)
    bill_two(site, *charges)
    lines = site.lines()
    assert [line["expected_allowed_usd"] for line in lines] == list(map(usd, expected))
    assert [line["charge_limited_usd"] for line in lines] == list(map(usd, limited))


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"charge_cap": "none"}, ("50.00", "90.00")),
        ({"contract_id": "Y"}, ("50.00", "70.00")),
        ({"method": "pct_of_limit"}, ("50.00", None)),
        ({"method": "pct_of_charge", "rate": "100"}, ("58.61", "61.39")),
    ],
    ids=["not capped", "another contract", "no price", "of the charge"],
)
def test_only_priced_lines_of_one_contract_share_a_cap(site, second, expected):
    site.terms = terms(CAPPED, CAPPED | {"hcpcs": "J9271", "rate": "1"} | second)
    bill_two(site, "50", "70")
    amounts = [line["expected_allowed_usd"] for line in site.lines()]
    assert amounts == [each and usd(each) for each in expected]


def test_a_line_that_states_no_charge_leaves_its_claim_unpriced(site):
    site.terms = terms(*TWO_DRUGS)
    other = a_claim_line(line_number="2", hcpcs="J9271", charge_usd="")
    put(site, "claim_lines.csv", a_claim_line(), other)
    for line in site.lines():
        assert line["pricing_basis"] == "not priced: charge not stated"


def test_what_the_policy_does_not_pay_shares_no_cap(site):
    site.terms = terms(*TWO_DRUGS)
    policy = "payer_id,hcpcs,payer_rank,pays_waste,effective_from\nacme,*,primary,no,2025-01-01\n"
    site.reference["payer_policies"] = policy
    site.bill("A1", "120", [sv1("J1324:JW", "50", 90), sv1("J9271", "70", 90)])
    assert [line["expected_allowed_usd"] for line in site.lines()] == [0, usd("70")]


@pytest.mark.parametrize(
    ("allowed", "reasons", "outcomes", "basis", "offsets"),
    [
        (("50", "70"), ("45", "45"), ["paid"] * 2, ["claim"] * 2, ("1.14", "-1.14")),
        (("49.99", "70"), ("45", "45"), ["paid"] * 2, ["claim"] * 2, ("1.15", "-1.14")),
        (("49.98", "70"), ("45", "45"), ["paid"] * 2, [None, "claim"], ("1.14", "-1.14")),
        (("49.99", "70"), ("197", "45"), ["partly_denied", "paid"], [None] * 2, ("0", "0")),
        (("51.14", "68.86"), ("45", "45"), ["paid"] * 2, ["line"] * 2, ("0", "0")),
    ],
    ids=["to the cap", "a cent short", "two cents short", "partly denied", "to the cent"],
)
def test_lines_paid_together_to_the_cap_match(site, allowed, reasons, outcomes, basis, offsets):
    site.terms = terms(*TWO_DRUGS)
    bill_two(site, "50", "70")
    pay_two(site, *allowed, reasons=reasons)
    lines = site.lines()
    assert [line["outcome"] for line in lines] == outcomes
    assert [line["match_basis"] for line in lines] == basis
    assert [line["pair_offset_usd"] for line in lines] == list(map(usd, offsets))


@pytest.mark.parametrize("reason", ["45", "97"], ids=["zero_no_reason", "bundled"])
def test_a_line_paid_within_another_one_of_its_cap_is_paid(site, reason):
    site.terms = terms(*TWO_DRUGS)
    bill_two(site, "50", "70")
    pay_two(site, "0", "120", reasons=(reason, "45"))
    lines = site.lines()
    assert [line["outcome"] for line in lines] == ["paid"] * 2
    assert [line["initial_outcome"] for line in lines] == ["paid"] * 2
    assert [line["match_basis"] for line in lines] == ["claim"] * 2


def test_lines_that_are_no_drugs_share_a_cap(site):
    site.terms = terms(CAPPED, CAPPED | {"hcpcs": "96372", "rate": "40"})
    site.bill("A1", 100, [sv1("J1324", "60", 90), sv1("96372", "40", 1)])
    paid = [svc("J1324", 60, 100, ["CO*45*-40"], units=90), svc("96372", 40, 0, ["CO*45*40"])]
    site.remit([clp("A1", 1, 100, 100, paid)])
    drug, other = site.lines("claim_line_outcomes")
    assert (drug["expected_allowed_usd"], other["expected_allowed_usd"]) == (
        usd("62.56"),
        usd("37.44"),
    )
    assert (drug["match_basis"], drug["outcome"], other["outcome"]) == ("claim", "paid", "paid")


@pytest.mark.parametrize("cut", ["CO*45*49.99", "OA*23*50"], ids=["unbalanced", "paid before"])
def test_a_line_that_compares_with_nothing_leaves_its_cap_without_a_match(site, cut):
    site.terms = terms(*TWO_DRUGS)
    bill_two(site, "50", "70")
    paid = [svc("J1324", 50, 0, [cut]), svc("J9271", 70, 120, ["CO*45*-50"], units=90)]
    site.remit([clp("A1", 1, 120, 120, paid)])
    assert [line["match_basis"] for line in site.lines()] == [None, None]


def third_drug(site, rates=("0.7425", "1", "1"), charges=("60", "60", "60")):
    """Bill three drugs under one cap: at 66.83, 90.00 and 90.00 the cap leaves 180.00."""
    codes = ("J1324", "J9271", "J9177")
    site.terms = terms(
        *(CAPPED | {"hcpcs": code, "rate": rate} for code, rate in zip(codes, rates, strict=True))
    )
    lines = [sv1(code, each, 90) for code, each in zip(codes, charges, strict=True)]
    site.bill("A1", str(sum(map(usd, charges))), lines)
    return codes


@pytest.mark.parametrize(
    ("allowed", "short", "over", "offsets"),
    [
        # The cap leaves 48.74, 65.63 and 65.63.
        (("30", "60", "75"), ("11.53", "3.47", "0"), ("0", "0", "0"), ("7.21", "2.16", "-9.37")),
        (("60", "60", "65.65"), ("0", "0", "0"), ("5.64", "0", "0.01"), ("-5.62", "5.63", "-0.01")),
        (("40", "60", "60"), ("8.74", "5.63", "5.63"), ("0", "0", "0"), ("0", "0", "0")),
        (("50", "70", "70"), ("0", "0", "0"), ("1.26", "4.37", "4.37"), ("0", "0", "0")),
    ],
    ids=["short", "over", "each short", "each over"],
)
def test_a_claim_under_a_cap_is_short_or_over_as_one(site, allowed, short, over, offsets):
    codes = third_drug(site)
    paid = [
        svc(code, 60, each, _cut("60", each, "45"), units=90)
        for code, each in zip(codes, allowed, strict=True)
    ]
    site.remit([clp("A1", 1, 180, str(sum(map(usd, allowed))), paid)])
    lines = site.lines()
    assert [line["expected_allowed_usd"] for line in lines] == list(
        map(usd, ("48.74", "65.63", "65.63"))
    )
    assert [line["shortfall_usd"] for line in lines] == list(map(usd, short))
    assert [line["overpaid_usd"] for line in lines] == list(map(usd, over))
    assert [line["pair_offset_usd"] for line in lines] == list(map(usd, offsets))
    for line in lines:
        is_match = not (line["shortfall_usd"] or line["overpaid_usd"])
        assert line["match_basis"] == ("claim" if is_match else None)
    took = sum(row["gap_usd"] for row in site.answers()["underpayment_causes"])
    assert took == sum(map(usd, short)) - sum(map(usd, over))


def test_a_partly_denied_line_is_no_part_of_what_its_claim_is_short(site):
    codes = third_drug(site)
    allowed, reasons = ("30", "75", "60"), ("197", "45", "45")
    paid = [
        svc(code, 60, each, _cut("60", each, reason), units=90)
        for code, each, reason in zip(codes, allowed, reasons, strict=True)
    ]
    site.remit([clp("A1", 1, 180, 165, paid)])
    first, second, third = site.lines()
    assert first["outcome"] == "partly_denied"
    assert (first["pair_offset_usd"], first["gap_usd"]) == (0, usd("18.74"))
    # 9.37 over and 5.63 short: 3.74 over.
    assert (second["overpaid_usd"], third["shortfall_usd"]) == (usd("3.74"), 0)
    assert third["match_basis"] == "claim"


def test_paid_lines_even_but_for_a_partly_denied_one_are_matches(site):
    codes = third_drug(site)
    allowed, reasons = ("30", "70.63", "60.62"), ("197", "45", "45")
    paid = [
        svc(code, 60, each, _cut("60", each, reason), units=90)
        for code, each, reason in zip(codes, allowed, reasons, strict=True)
    ]
    site.remit([clp("A1", 1, 180, "161.25", paid)])
    _, *even = site.lines()
    assert [line["match_basis"] for line in even] == ["claim", "claim"]
    assert [line["pair_offset_usd"] for line in even] == [usd("-5.00"), usd("5.01")]
    assert [line["shortfall_usd"] + line["overpaid_usd"] for line in even] == [0, 0]


def test_lines_matched_as_a_pair_are_not_in_the_sum_of_their_cap(site):
    site.terms = terms(*TWO_DRUGS, CAPPED | {"hcpcs": "J9177", "rate": "1"})
    lines = [sv1("J1324", 40, 90), sv1("J9271", 60, 90), sv1("J9271:JW", 60, 90)]
    site.bill("A1", 160, lines)
    # The cap leaves 43.32, 58.34 and 58.34; waste and dose are 5.00 apart and even.
    paid = [
        svc("J1324", 40, 30, ["CO*45*10"], units=90),
        svc("J9271", 60, "63.34", ["CO*45*-3.34"], units=90),
        svc("J9271:JW", 60, "53.34", ["CO*45*6.66"], units=90),
    ]
    site.remit([clp("A1", 1, 160, "146.68", paid)])
    first, *pair = site.lines()
    assert (first["shortfall_usd"], first["pair_offset_usd"]) == (usd("13.32"), 0)
    assert [line["pair_offset_usd"] for line in pair] == [usd("-5.00"), usd("5.00")]
    assert [line["match_basis"] for line in pair] == ["pair", "pair"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (["CO*197*70"], ("50.00", "70.00")),
        (["CO*97*70"], ("51.14", "68.86")),
        (["CO*45*70"], ("51.14", "68.86")),
        (None, ("50.00", "70.00")),
    ],
    ids=["denied", "bundled", "zero without a reason", "open"],
)
def test_what_is_not_paid_for_shares_no_cap_with_what_is(site, answer, expected):
    site.terms = terms(*TWO_DRUGS)
    bill_two(site, "50", "70")
    paid = [svc("J1324", 50, 50, units=90)]
    paid += [svc("J9271", 70, 0, answer, units=90)] if answer else []
    site.remit([clp("A1", 1, 120 if answer else 50, 50, paid)])
    assert [line["expected_allowed_usd"] for line in site.lines()] == list(map(usd, expected))


def test_an_amount_short_of_the_cap_is_a_difference_to_the_spread_part(site):
    site.terms = terms(*TWO_DRUGS)
    bill_two(site, "50", "70")
    pay_two(site, "50", "60")
    first, second = site.lines()
    assert (first["shortfall_usd"], second["shortfall_usd"]) == (usd("1.14"), usd("8.86"))
    rows = site.answers()["underpayment_causes"]
    assert {row["line_number"]: row["gap_usd"] for row in rows} == {1: usd("1.14"), 2: usd("8.86")}


def test_a_line_dropped_by_a_replacement_shares_no_cap(site):
    site.terms = terms(*TWO_DRUGS)
    bill_two(site, "50", "70")
    site.bill("A1", "50", [sv1("J1324", "50", 90)], frequency="7", sent_on="20260301")
    live, dropped = site.lines()
    assert dropped["outcome"] == "closed_unpaid"
    assert (live["expected_allowed_usd"], dropped["expected_allowed_usd"]) == (50, usd("90.00"))


@pytest.mark.parametrize(
    ("token", "matches"),
    [("1.00", [None, None]), ("1.01", ["claim", "claim"])],
    ids=["token", "not token"],
)
def test_a_token_charge_takes_no_part_in_a_match_to_the_cap(site, token, matches):
    site.terms = terms(*TWO_DRUGS)
    bill_two(site, "70", token)
    pay_two(site, "70", token, charges=("70", token))
    assert [line["match_basis"] for line in site.lines()] == matches


def test_lines_paid_together_to_a_cap_match_beside_a_token_charge(site):
    site.terms = terms(*TWO_DRUGS, CAPPED | {"hcpcs": "J9177", "rate": "40"})
    lines = [sv1("J1324", 200, 90), sv1("J9271", 200, 90), sv1("J9177", 1, 1)]
    site.bill("A1", 401, lines)
    paid = [
        svc("J1324", 200, 70, ["CO*45*130"], units=90),
        svc("J9271", 200, "86.83", ["CO*45*113.17"], units=90),
        svc("J9177", 1, 1, units=1),
    ]
    site.remit([clp("A1", 1, 401, "157.83", paid)])
    lines = site.lines()
    assert [line["match_basis"] for line in lines] == ["claim", "claim", None]
    assert lines[2]["gap_basis"] == "not compared: token charge"
