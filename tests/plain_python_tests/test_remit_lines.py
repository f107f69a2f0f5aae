"""Each remit line answers the billed line it is about, and what no line has is spread."""

from __future__ import annotations

from plain_python_tests.written_site import BILLED, CONTRACT_PAID, clp, sv1, svc, usd


def test_claim_level_reductions_reach_the_lines_to_the_cent(site):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("96372", 120, 1)])
    lines = [svc("J1324", 180, "66.83", ["CO*45*113.17"]), svc("96372", 120, 40, ["CO*45*80"])]
    site.remit([clp("A1", 1, 300, "96.83", lines, cas=["PR*1*10"])])
    rows = site.lines("claim_line_outcomes")
    assert [row["deductible_usd"] for row in rows] == [usd("6.26"), usd("3.74")]
    assert [row["paid_usd"] for row in rows] == [usd("60.57"), usd("36.26")]
    assert [row["allowed_usd"] for row in rows] == [usd("66.83"), usd("40.00")]


def test_a_claim_paid_without_service_lines_is_spread_by_charge(site):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("96372", 120, 1)])
    site.remit([clp("A1", 1, 300, "106.83", cas=["CO*45*193.17"])])
    rows = site.lines("claim_line_outcomes")
    assert [row["paid_usd"] for row in rows] == [usd("64.10"), usd("42.73")]
    assert {row["match_method"] for row in rows} == {"claim_level"}


def test_a_line_the_payer_added_stands_on_its_own(site):
    site.bill("A1", 180, BILLED)
    added = svc("J9271", 500, 500, units=8, day="20260110")
    site.remit([clp("A1", 1, 680, "553.46", [CONTRACT_PAID, added])])
    billed, other = site.lines()
    assert (billed["paid_usd"], billed["line_number"]) == (usd("53.46"), 1)
    assert (other["billed_basis"], other["match_method"]) == ("remit_only", "unmatched")
    assert other["pricing_basis"] == "not priced: no term"


def test_a_line_whose_remit_contradicts_itself_carries_no_gap(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [svc("J1324", 180, "51.48", ["CO*45*113.17"])])])
    (line,) = site.lines()
    assert line["gap_basis"] == "not compared: remit line does not balance"
    assert (line["gap_usd"], line["shortfall_usd"]) == (None, 0)
    (balance,) = site.answers()["remit_balances"]
    assert (balance["line_difference_usd"], balance["balanced"]) == (usd("15.35"), False)


def test_a_split_line_answers_the_first_line_of_its_original_code_taken_or_not(site):
    site.bill("A1", 350, [*BILLED, sv1("J1324", 170, 85)])
    split = svc("J9177", 50, 10, ["CO*45*40"], original="HC:J1324")
    site.remit([clp("A1", 1, 230, "63.46", [CONTRACT_PAID, split])])
    first, second = site.lines()
    assert (first["paid_usd"], first["match_method"]) == (usd("63.46"), "original_code")
    assert (second["outcome"], second["match_method"]) == ("open", None)


def test_a_remit_line_without_any_date_has_the_claims_first(site):
    site.bill("A1", 360, [sv1("J1324", 180, 90, day="20260106"), *BILLED])
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], day="")])
    later, first = site.lines()
    assert (later["outcome"], first["outcome"]) == ("open", "paid")
    assert first["match_method"] == "code_modifiers_date_charge"


def test_two_absent_codes_are_not_the_same_code(site):
    site.bill("A1", 180, [sv1("", 180, 1)])
    site.remit([clp("A1", 1, 180, 50, [svc("", 180, 50, ["CO*45*130"])])])
    (line,) = site.lines("claim_line_outcomes")
    assert (line["match_method"], line["paid_usd"]) == ("position", 50)


def test_a_part_of_nothing_is_not_put_on_a_line(site):
    site.bill("A1", 330, [*BILLED, sv1("96372", 150, 1)])
    lines = [svc("J1324", 180, "66.83", ["CO*45*113.17"]), svc("96372", 150, 40, ["CO*45*110"])]
    site.remit([clp("A1", 1, 330, "106.82", lines, cas=["CO*197*0.01"])])
    rows = site.lines("claim_line_outcomes")
    assert [row["outcome"] for row in rows] == ["partly_denied", "paid"]
    assert [row["final_reason"] for row in rows] == ["CO-197", None]


def test_a_claim_level_reduction_explains_what_paid_lines_leave_open(site):
    site.bill("A1", 330, [*BILLED, sv1("96372", 150, 1)])
    lines = [svc("J1324", 180, "53.46", ["CO*45*113.17"]), svc("96372", 150, 40, ["CO*45*110"])]
    site.remit([clp("A1", 1, 330, "93.46", lines, cas=["PR*2*13.37"])])
    rows = site.lines("claim_line_outcomes")
    assert [row["paid_usd"] for row in rows] == [usd("53.46"), usd("40.00")]
    assert [row["coinsurance_usd"] for row in rows] == [usd("13.37"), 0]
    (line,) = site.lines()
    assert (line["gap_usd"], line["match_basis"]) == (0, "line")


def test_a_claim_level_reduction_nothing_is_left_open_for_leaves_no_gap(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID], cas=["CO*45*10"])])
    (line,) = site.lines()
    assert line["gap_basis"] == "not compared: remit line does not balance"
    assert line["paid_usd"] == usd("53.46")


def test_a_pended_answer_does_not_say_how_a_paid_line_was_matched(pending_site):
    pended = clp("A1", 4, 180, 0, cas=["CO*133*180"])
    pending_site.bill("A1", 180, BILLED)
    pending_site.remit([pended])
    (line,) = pending_site.lines()
    assert (line["outcome"], line["match_method"]) == ("open", "claim_level")
    pending_site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])], paid_on="20260301")
    pending_site.remit([pended], paid_on="20260401")
    (line,) = pending_site.lines()
    assert (line["outcome"], line["match_method"]) == ("paid", "code_modifiers_date_charge")
