"""Lines a payer paid as one are compared as one."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import clp, sv1, svc, usd


@pytest.mark.parametrize(
    ("paid", "cut", "gap", "match_basis", "offset", "basis"),
    [
        ("106.83", "CO*45*193.17", "2.73", "claim", "2.73", "compared"),
        ("106.81", "CO*45*193.19", "2.74", "claim", "2.74", "compared"),
        ("106.80", "CO*45*193.20", None, None, "0", "not compared: paid as a whole claim"),
        ("106.83", "CO*197*193.17", None, None, "0", "not compared: paid as a whole claim"),
    ],
    ids=["even", "a cent a line short", "more", "partly denied"],
)
def test_a_claim_paid_without_service_lines_matches_whole_or_has_no_gap(
    site, paid, cut, gap, match_basis, offset, basis
):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("96372", 120, 1)])
    site.remit([clp("A1", 1, 300, paid, cas=[cut])])
    (line,) = site.lines()
    assert (line["match_basis"], line["gap_basis"]) == (match_basis, basis)
    assert line["gap_usd"] == (None if gap is None else usd(gap))
    assert line["pair_offset_usd"] == usd(offset)
    sides = ("shortfall_usd", "overpaid_usd", "payer_owed_usd", "ask_usd", "denied_expected_usd")
    assert [line[column] for column in sides] == [0] * len(sides)


def test_one_unpriced_line_leaves_a_claim_paid_whole_without_a_gap(site):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("99999", 120, 1)])
    site.remit([clp("A1", 1, 300, "111.38", cas=["CO*45*188.62"])])
    (line,) = site.lines()
    assert line["allowed_usd"] == line["expected_allowed_usd"] == usd("66.83")
    assert (line["gap_usd"], line["match_basis"]) == (None, None)
    assert line["gap_basis"] == "not compared: paid as a whole claim"


def test_a_claim_paid_whole_whose_every_line_is_right_compares_line_by_line(site):
    site.bill("A1", 360, [sv1("J1324", 180, 90), sv1("J1324:76", 180, 90)])
    site.remit([clp("A1", 1, 360, "133.66", cas=["CO*45*226.34"])])
    assert [line["match_basis"] for line in site.lines()] == ["line", "line"]


def test_lines_of_one_drug_that_sum_to_contract_match_as_a_pair(site):
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    paid = [
        svc("J9177", 45000, "15155.92", ["CO*45*29844.08"], units=410),
        svc("J9177:JW", 3300, "1000.00", ["CO*45*2300"], units=30),
    ]
    site.remit([clp("A1", 1, 48300, "16155.92", paid)])
    lines = site.lines()
    assert [line["match_basis"] for line in lines] == ["pair", "pair"]
    assert [line["pair_offset_usd"] for line in lines] == [usd("-101.54"), usd("101.54")]
    assert [line["shortfall_usd"] + line["overpaid_usd"] for line in lines] == [0, 0]


@pytest.mark.parametrize("reason", ["45", "97"], ids=["zero_no_reason", "bundled"])
def test_waste_paid_in_the_administered_line_is_paid_as_one(site, reason):
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    paid = [
        svc("J9177", 45000, "16155.92", ["CO*45*28844.08"], units=410),
        svc("J9177:JW", 3300, 0, [f"CO*{reason}*3300"], units=30),
    ]
    site.remit([clp("A1", 1, 48300, "16155.92", paid)])
    for line in site.lines():
        assert (line["outcome"], line["initial_outcome"]) == ("paid", "paid")
        assert (line["match_basis"], line["denial_class"]) == ("pair", None)
        assert (line["shortfall_usd"], line["denied_expected_usd"]) == (0, 0)


def test_a_zero_line_beside_a_line_paid_its_own_rate_stays_without_a_reason(site):
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    paid = [
        svc("J9177", 45000, "15054.38", ["CO*45*29945.62"], units=410),
        svc("J9177:JW", 3300, 0, ["CO*45*3300"], units=30),
    ]
    site.remit([clp("A1", 1, 48300, "15054.38", paid)])
    assert [line["outcome"] for line in site.lines()] == ["paid", "zero_no_reason"]
    assert [line["match_basis"] for line in site.lines()] == ["line", None]


def test_lines_of_one_drug_paid_within_a_whole_claim_are_no_pair(site):
    lines = [sv1("J1324", 120, 90), sv1("J1324:76", 240, 90), sv1("99999", 100, 1)]
    site.bill("A1", 460, lines)
    site.remit([clp("A1", 1, 460, "170.79", cas=["CO*45*289.21"])])
    first, second = site.lines()
    assert first["allowed_usd"] + second["allowed_usd"] == 2 * usd("66.83")
    for line in (first, second):
        assert (line["gap_usd"], line["match_basis"]) == (None, None)
        assert line["gap_basis"] == "not compared: paid as a whole claim"


@pytest.mark.parametrize(
    ("cut", "gap", "basis"),
    [
        ("CO*45*193.17", None, "not compared: paid as a whole claim"),
        ("CO*253*193.17", "-113.17", "compared"),
    ],
    ids=["reduces what is allowed", "reduces the payment alone"],
)
def test_a_claim_level_reduction_spread_over_service_lines_is_no_price_of_a_line(
    site, cut, gap, basis
):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("99999", 120, 1)])
    paid = [svc("J1324", 180, 180, units=90), svc("99999", 120, 120, units=1)]
    site.remit([clp("A1", 1, 300, "106.83", paid, cas=[cut])])
    (line,) = site.lines()
    assert (line["gap_usd"], line["gap_basis"]) == (gap and usd(gap), basis)


def test_a_line_another_payer_paid_first_takes_no_part_in_a_pair(site):
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    paid = [
        svc("J9177", 45000, "15155.92", ["CO*45*29844.08"], units=410),
        svc("J9177:JW", 3300, "990.00", ["CO*45*2300", "OA*23*10"], units=30),
    ]
    site.remit([clp("A1", 1, 48300, "16145.92", paid)])
    dose, waste = site.lines()
    assert (dose["match_basis"], dose["overpaid_usd"]) == (None, usd("101.54"))
    assert (waste["match_basis"], waste["gap_usd"]) == (None, None)


@pytest.mark.parametrize(
    ("charge", "matches", "over"),
    [("1.00", [None, None], "65.83"), ("1.01", ["pair", "pair"], "0")],
    ids=["token", "not token"],
)
def test_a_token_charge_takes_no_part_in_a_pair(site, charge, matches, over):
    site.bill("A1", 301, [sv1("J1324", 300, 90), sv1("J1324:76", charge, 90)])
    rest = 2 * usd("66.83") - usd(charge)
    paid = [
        svc("J1324", 300, rest, [f"CO*45*{300 - rest}"], units=90),
        svc("J1324:76", charge, charge, units=90),
    ]
    site.remit([clp("A1", 1, 301, rest + usd(charge), paid)])
    lines = site.lines()
    assert [line["match_basis"] for line in lines] == matches
    assert [line["overpaid_usd"] for line in lines] == [usd(over), 0]
