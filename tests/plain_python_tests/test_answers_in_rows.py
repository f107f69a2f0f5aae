"""What a payer answered, told in rows: events, reasons, reversals, and what is not told."""

from __future__ import annotations

import pytest
from plain_python_tests.written_rows import (
    AT_OLD_RATE,
    NOTHING_TYPED,
    a_claim_line,
    a_remit_line,
    an_adjustment,
    put,
)
from plain_python_tests.written_site import usd

BACK = {
    "charge_usd": "-180",
    "paid_usd": "-51.48",
    "contractual_usd": "-115.65",
    "coinsurance_usd": "-12.87",
    "status_code": "",
    "payment_date": "2026-03-01",
}


@pytest.fixture
def billed(site):
    """Return a site that has billed claim A1, one line of 180.00."""
    put(site, "billed.csv", a_claim_line())
    return site


def the_line(site):
    (line,) = site.lines()
    return line


def balance(site):
    """Return the differences of line, claim and transaction, and whether the remit balances."""
    (row,) = site.answers()["remit_balances"]
    differences = [row[f"{name}_difference_usd"] for name in ("line", "claim", "transaction")]
    return (*differences, row["balanced"])


def test_a_reversal_and_its_correction_on_one_day_leave_the_correction(billed):
    again = a_remit_line(payment_date="2026-03-01")
    put(billed, "paid.csv", a_remit_line(**AT_OLD_RATE), again, a_remit_line(**BACK))
    line = the_line(billed)
    assert (line["paid_usd"], line["gap_usd"], line["recovered_usd"]) == (
        usd("53.46"),
        0,
        usd("2.48"),
    )


def test_a_payment_and_its_reversal_on_one_day_leave_the_line_open(billed):
    # The payment stands before what opposes it, the correction after.
    same_day = BACK | {"payment_date": "2026-02-01"}
    put(billed, "paid.csv", a_remit_line(**same_day), a_remit_line(**AT_OLD_RATE))
    assert the_line(billed)["outcome"] == "open"
    right = a_remit_line(remit_claim_id="3")
    put(billed, "paid.csv", a_remit_line(**same_day), a_remit_line(**AT_OLD_RATE), right)
    assert the_line(billed)["paid_usd"] == usd("53.46")


def test_places_in_the_remit_order_events_where_all_are_told(billed):
    first = a_remit_line(remit_claim_id="Z", remit_claim_number="1")
    second = a_remit_line(
        remit_claim_id="A",
        remit_claim_number="2",
        paid_usd="0",
        contractual_usd="0",
        coinsurance_usd="0",
        denied_usd="180.00",
        denial_reason="CO-197",
    )
    put(billed, "paid.csv", first, second)
    assert the_line(billed)["initial_outcome"] == "paid"
    # Without a place each, the one with the lesser id stands first.
    put(billed, "paid.csv", first | {"remit_claim_number": ""}, second)
    assert the_line(billed)["initial_outcome"] == "denied"
    put(billed, "paid.csv", first | {"remit_claim_number": "2"}, second)
    assert the_line(billed)["initial_outcome"] == "denied"


def test_amounts_typed_are_adjustments_under_their_reasons(billed):
    typed = {
        "paid_usd": "20.00",
        "deductible_usd": "10.00",
        "coinsurance_usd": "9.00",
        "copay_usd": "8.00",
        "contractual_usd": "100.00",
        "sequestration_usd": "0.40",
        "denied_usd": "32.60",
        "denial_reason": "co-0151",
        "interest_usd": "0.25",
        "allowed_reported_usd": "47.40",
    }
    put(billed, "paid.csv", a_remit_line(**typed))
    line = the_line(billed)
    amounts = ("deductible", "coinsurance", "copay", "payment_only", "sequestration", "interest")
    assert [str(line[f"{each}_usd"]) for each in amounts] == [
        *("10.00", "9.00", "8.00", "0.40", "0.40", "0.25"),
    ]
    # Allowed: 20.00 paid, 27.00 of the patient's, 0.40 cut from the payment alone.
    assert (line["allowed_usd"], line["allowed_reported_usd"]) == (usd("47.40"), usd("47.40"))
    assert (line["outcome"], line["final_reason"]) == ("partly_denied", "CO-151")


def test_a_prior_payers_amount_is_oa_23(billed):
    typed = {"prior_payer_usd": "113.17", "contractual_usd": "", "status_code": "2"}
    put(billed, "paid.csv", a_remit_line(payer_code="BEST1", **typed))
    lines = {line["payer_id"]: line for line in billed.lines()}
    assert lines["best"]["prior_payer_usd"] == usd("113.17")
    assert lines["best"]["payer_rank"] == "secondary"


@pytest.mark.parametrize(
    "amounts",
    [{"charge_usd": ""}, {"paid_usd": ""}],
    ids=["charge", "paid"],
)
def test_charge_or_paid_not_told_is_what_the_reasons_leave(billed, amounts):
    put(billed, "paid.csv", a_remit_line(**amounts))
    line = the_line(billed)
    assert (line["paid_usd"], line["gap_usd"]) == (usd("53.46"), 0)
    assert line["match_method"] == "code_modifiers_date_charge"
    put(billed, "paid.csv", a_remit_line(**amounts, **NOTHING_TYPED))
    assert the_line(billed)["outcome"] == "open"
    put(billed, "why.csv", an_adjustment("CO", "45", "113.17"), an_adjustment("PR", "2", "13.37"))
    assert the_line(billed)["gap_usd"] == 0


def test_typed_amounts_of_nothing_are_no_reasons(billed):
    nothing = {"contractual_usd": "0.00", "coinsurance_usd": "0"}
    put(billed, "paid.csv", a_remit_line(charge_usd="", **nothing))
    assert the_line(billed)["outcome"] == "open"


def test_typed_amounts_must_be_the_sums_of_the_adjustments_told(billed):
    why = [
        an_adjustment("CO", "45", "100.00"),
        an_adjustment("OA", "045", "13.17"),
        an_adjustment("PR", "2", "13.37"),
    ]
    put(billed, "paid.csv", a_remit_line(coinsurance_usd=""))
    put(billed, "why.csv", *why)
    assert the_line(billed)["gap_usd"] == 0
    put(billed, "paid.csv", a_remit_line(coinsurance_usd="13.36"))
    assert the_line(billed)["outcome"] == "open"
    put(billed, "paid.csv", a_remit_line(deductible_usd="0.00"))
    assert the_line(billed)["gap_usd"] == 0


@pytest.mark.parametrize(
    "named",
    [
        {"payer_code": "acme 1"},
        {"payment_date": "2/1/2026"},
        {"status_code": "1"},
        {"trace_number": "T1"},
        {"payer_control_number": "N1"},
        {"remit_claim_id": "R1"},
        {},
    ],
    ids=lambda named: next(iter(named), "nothing"),
)
def test_adjustments_belong_to_the_one_answer_that_agrees(billed, named):
    denied = {"paid_usd": "0.00", **NOTHING_TYPED}
    said = {"trace_number": "T1", "payer_control_number": "N1", "remit_claim_id": "R1"}
    answer = a_remit_line(**denied, **said)
    put(billed, "paid.csv", answer)
    put(billed, "why.csv", an_adjustment("CO", "197", "180.00", **named))
    assert the_line(billed)["final_reason"] == "CO-197"
    # Told otherwise it is nobody's; told of two answers it is nobody's either.
    for name in named:
        other = {"payment_date": "2026-02-02", "status_code": "2"}.get(name, "OTHER")
        put(billed, "why.csv", an_adjustment("CO", "197", "180.00", **{name: other}))
        assert the_line(billed)["outcome"] == "open"
    put(billed, "why.csv", an_adjustment("CO", "197", "180.00", **named))
    second = {"payment_date": "2026-02-02", "status_code": "4", "payer_code": "BEST1"}
    second |= {"trace_number": "T2", "payer_control_number": "N2", "remit_claim_id": "R2"}
    put(billed, "more.csv", answer | second)
    reasons = {line["final_reason"] for line in billed.lines(payer_id="acme")}
    assert reasons == ({"CO-197"} if named else {None})


def test_an_adjustment_of_a_line_no_answer_has_is_nobodys(billed):
    put(billed, "paid.csv", a_remit_line(paid_usd="0.00", **NOTHING_TYPED))
    put(billed, "why.csv", an_adjustment("CO", "197", "180.00", remit_line_number="2"))
    assert the_line(billed)["outcome"] == "open"


def test_adjustments_told_twice_are_one(billed):
    put(billed, "paid.csv", a_remit_line(**NOTHING_TYPED))
    parts = [an_adjustment("CO", "45", amount) for amount in ("56.59", "56.58")]
    coinsurance = an_adjustment("PR", "2", "13.37")
    put(billed, "a.csv", *parts, coinsurance)
    put(billed, "b.csv", coinsurance | {"quantity": ""}, *reversed(parts))
    line = the_line(billed)
    assert (line["coinsurance_usd"], line["gap_basis"]) == (usd("13.37"), "compared")


def test_two_adjustments_alike_in_one_file_are_two(billed):
    put(billed, "paid.csv", a_remit_line(paid_usd="166.63", contractual_usd="", coinsurance_usd=""))
    half = an_adjustment("PR", "2", "6.685")
    put(billed, "why.csv", half, half)
    line = the_line(billed)
    # Each is rounded to its cents away from zero: 6.69 and 6.69.
    assert line["coinsurance_usd"] == usd("13.38")


def test_adjustments_of_one_number_that_differ_are_lost(billed):
    put(billed, "paid.csv", a_remit_line(**NOTHING_TYPED))
    first = an_adjustment("CO", "45", "113.17", adjustment_number="1")
    second = an_adjustment("PR", "2", "13.37", adjustment_number="2")
    put(billed, "a.csv", first, second)
    assert the_line(billed)["gap_usd"] == 0
    other = second | {"adjustment_usd": "12.00"}
    put(billed, "b.csv", other)
    line = the_line(billed)
    assert (line["coinsurance_usd"], line["gap_basis"]) == (
        0,
        "not compared: remit line does not balance",
    )
    put(billed, "a.csv", first, second | {"extracted_on": "2026-03-01"})
    assert the_line(billed)["gap_usd"] == 0


def test_row_0_is_the_claim_and_no_line(billed):
    whole = a_remit_line(remit_line_number="0", interest_usd="0.25")
    line = a_remit_line(**NOTHING_TYPED)
    put(billed, "paid.csv", whole, line)
    told = the_line(billed)
    # The claim says why: 126.54 is what the line leaves open (RULES 5.4).
    assert (told["paid_usd"], told["allowed_usd"], told["interest_usd"]) == (
        usd("53.46"),
        usd("66.83"),
        usd("0.25"),
    )
    assert balance(billed)[:2] == (usd("126.54"), 0)


def test_row_0_alone_is_an_answer_without_lines(billed):
    put(billed, "paid.csv", a_remit_line(remit_line_number="0"))
    line = the_line(billed)
    assert (line["match_method"], line["paid_usd"]) == ("claim_level", usd("53.46"))
    assert line["gap_usd"] == 0
    assert balance(billed) == (0, 0, None, None)


def test_claim_level_adjustments_need_no_row_0(billed):
    put(billed, "paid.csv", a_remit_line(**NOTHING_TYPED))
    whole = [
        an_adjustment("CO", "45", "113.17", remit_line_number=""),
        an_adjustment("PR", "2", "13.37", remit_line_number="0"),
    ]
    put(billed, "why.csv", *whole)
    assert the_line(billed)["allowed_usd"] == usd("66.83")


def test_the_charge_and_paid_of_the_claim_are_those_it_tells(billed):
    told = {"claim_charge_usd": "200.00", "claim_paid_usd": "60.00"}
    put(billed, "paid.csv", a_remit_line(payment_amount_usd="60", **told))
    # 200.00 - 126.54 - 60.00 = 13.46.
    assert balance(billed) == (0, usd("13.46"), 0, False)


@pytest.mark.parametrize(
    ("told", "difference", "balanced"),
    [
        ({}, None, None),
        ({"payment_amount_usd": "53.46"}, 0, True),
        # 10.00 less than the claim: a take-back may explain it, and one that is told does.
        ({"payment_amount_usd": "43.46"}, None, None),
        ({"payment_amount_usd": "43.46", "provider_adjustment_usd": "10"}, 0, True),
        ({"payment_amount_usd": "43.46", "provider_adjustment_usd": "0"}, usd("-10.00"), False),
        ({"payment_amount_usd": "43.46", "provider_adjustment_usd": "4"}, usd("-6.00"), False),
        ({"provider_adjustment_usd": "10"}, None, None),
        (
            {
                "payment_amount_usd": "53.46",
                "provider_adjustment_usd": "0.00",
                "credit_debit": "d",
            },
            usd("-106.92"),
            False,
        ),
    ],
)
def test_a_payment_is_held_against_its_claims_and_what_is_taken(billed, told, difference, balanced):
    put(billed, "paid.csv", a_remit_line(**told))
    assert balance(billed) == (0, 0, difference, balanced)
    taken = [row["amount_usd"] for row in billed.answers()["provider_adjustments"]]
    moved = told.get("provider_adjustment_usd")
    assert taken == ([usd(moved)] if moved else [])


def test_an_answer_told_under_two_ids_is_one(billed):
    put(billed, "a.csv", a_remit_line(remit_claim_id="R2"))
    put(billed, "b.csv", a_remit_line(remit_claim_id="R1", remit_claim_number="4"))
    put(billed, "c.csv", a_remit_line())
    assert the_line(billed)["paid_usd"] == usd("53.46")
    put(billed, "b.csv", a_remit_line(remit_claim_id="R1", trace_number="T1"))
    assert the_line(billed)["paid_usd"] == usd("106.92")


@pytest.mark.parametrize("named", ["R1", "R2"])
def test_adjustments_of_an_answer_told_under_two_ids_name_either(billed, named):
    denied = a_remit_line(paid_usd="0.00", **NOTHING_TYPED)
    put(billed, "a.csv", denied | {"remit_claim_id": "R2"}, denied | {"remit_claim_id": "R1"})
    put(billed, "why.csv", an_adjustment("CO", "197", "180.00", remit_claim_id=named))
    assert the_line(billed)["final_reason"] == "CO-197"
    put(billed, "why.csv", an_adjustment("CO", "197", "180.00", remit_claim_id="R3"))
    assert the_line(billed)["outcome"] == "open"


def test_what_only_an_adjustment_or_its_answer_tells_speaks_against_nothing(billed):
    denied = {"paid_usd": "0.00", "payer_name": "Acme Health", **NOTHING_TYPED}
    put(billed, "paid.csv", a_remit_line(**denied))
    said = {"trace_number": "T1", "payer_control_number": "N1", "remit_claim_id": "R1"}
    put(billed, "why.csv", an_adjustment("CO", "197", "180.00", **said, payer_name="ACME health"))
    assert the_line(billed)["final_reason"] == "CO-197"


def test_zeros_without_a_reason_anywhere_are_not_answered(billed):
    put(billed, "billed.csv", a_claim_line(), a_claim_line(line_number="2", units="60"))
    first = a_remit_line(**NOTHING_TYPED)
    nothing = a_remit_line(remit_line_number="2", paid_usd="0.00", **NOTHING_TYPED)
    put(billed, "paid.csv", first, nothing)
    paid, left = billed.lines()
    assert (paid["outcome"], paid["paid_usd"], paid["gap_usd"]) == ("paid", usd("53.46"), None)
    assert paid["gap_basis"] == "not compared: remit line does not balance"
    assert (left["outcome"], left["match_method"]) == ("open", None)
    assert balance(billed) == (None, None, None, None)
    # One reason anywhere, and the zero is an answer.
    put(billed, "paid.csv", a_remit_line(), nothing)
    assert [line["outcome"] for line in billed.lines()] == ["paid", "zero_no_reason"]


@pytest.mark.parametrize("number", ["0", "1"])
def test_an_answer_of_zeros_without_a_reason_is_no_event(billed, number):
    nothing = a_remit_line(remit_line_number=number, paid_usd="0.00", **NOTHING_TYPED)
    put(billed, "paid.csv", nothing)
    line = the_line(billed)
    assert (line["outcome"], line["initial_outcome"]) == ("open", None)
    assert balance(billed) == (None, None, None, None)
    put(billed, "paid.csv", nothing | {"payment_amount_usd": "0.00"})
    assert balance(billed) == (None, None, 0, None)


@pytest.mark.parametrize(("status", "outcome"), [("4", "zero_no_reason"), ("1", "open")])
def test_a_denial_said_by_its_status_answers_without_a_reason(billed, status, outcome):
    put(billed, "paid.csv", a_remit_line(paid_usd="0", status_code=status, **NOTHING_TYPED))
    assert the_line(billed)["outcome"] == outcome


def test_a_reversal_of_a_denial_stands_without_a_reason(billed):
    denied = {"paid_usd": "0.00", "denied_usd": "180.00", "denial_reason": "CO-197"}
    denied = a_remit_line(**denied, **NOTHING_TYPED)
    put(billed, "paid.csv", denied)
    assert the_line(billed)["outcome"] == "denied"
    back = {"charge_usd": "-180", "paid_usd": "0", "payment_date": "2026-03-01", "status_code": ""}
    put(billed, "back.csv", a_remit_line(**back, **NOTHING_TYPED))
    assert the_line(billed)["outcome"] == "open"


def test_a_charge_paid_whole_is_told_without_reasons(billed):
    put(billed, "paid.csv", a_remit_line(paid_usd="180", payment_amount_usd="180", **NOTHING_TYPED))
    line = the_line(billed)
    assert (line["outcome"], line["overpaid_usd"]) == ("paid", usd("113.17"))
    assert balance(billed) == (0, 0, 0, True)


def test_rows_of_an_answer_that_differ_on_it_are_all_lost(billed):
    second = a_remit_line(remit_line_number="2", charge_usd="60", paid_usd="60", **NOTHING_TYPED)
    put(billed, "paid.csv", a_remit_line(trace_number="T1"), second | {"trace_number": "T2"})
    assert the_line(billed)["outcome"] == "open"
    # Spellings of a payer are one.
    first = a_remit_line(payer_name="Acme Health")
    put(billed, "paid.csv", first, second | {"payer_name": "ACME health", "payer_code": "acme 1"})
    assert sorted(line["paid_usd"] for line in billed.lines()) == [usd("53.46"), usd("60.00")]


def test_answers_of_one_payment_are_one_remit(billed):
    said = {"trace_number": "T1", "payment_amount_usd": "106.92"}
    other = a_remit_line(claim_number="B1", payer_code="acme 1", trace_number="T1")
    put(billed, "paid.csv", a_remit_line(**said), other)
    assert balance(billed) == (0, 0, 0, True)
    # Told differently the payment is not told.
    put(billed, "paid.csv", a_remit_line(**said), other | {"payment_amount_usd": "53.46"})
    assert balance(billed) == (0, 0, None, None)
    put(billed, "paid.csv", a_remit_line(**said), other | {"trace_number": "T2"})
    assert len(billed.answers()["remit_balances"]) == 2


def test_remits_of_a_file_are_numbered_by_their_first_rows(billed):
    rows = [a_remit_line(claim_number=each, trace_number=f"T{each}") for each in "ZYX"]
    put(billed, "paid.csv", *rows, a_remit_line(trace_number="TZ"))
    numbered = {
        row["transaction_number"]: row["line_difference_usd"]
        for row in billed.answers()["remit_balances"]
    }
    assert sorted(numbered) == [1, 2, 3]


def test_an_answer_without_a_claim_is_remit_only(site):
    put(site, "paid.csv", a_remit_line(payee_tax_id="12-3456789", place_of_service="1"))
    line = the_line(site)
    assert (line["billed_basis"], line["claim_id"]) == ("remit_only", "A1")
    assert (line["billing_id"], line["place_of_service"]) == ("123456789", "01")
    assert (line["billed_units"], line["charge_usd"]) == (90, 180)


def test_a_remark_tells_what_16_means(billed):
    denied = {"paid_usd": "0.00", "denied_usd": "180.00", "denial_reason": "CO-16"}
    put(billed, "paid.csv", a_remit_line(**denied, **NOTHING_TYPED, remark_codes="n822, M51"))
    line = the_line(billed)
    assert (line["final_reason"], line["denial_class"]) == (
        "CO-16 N822",
        "missing_or_incorrect_modifier",
    )
    whole = {"claim_remark_codes": "MA130"}
    put(billed, "paid.csv", a_remit_line(**denied, **NOTHING_TYPED, **whole))
    assert the_line(billed)["outcome"] == "returned"


def test_a_line_is_found_by_its_control_number_first(billed):
    first = a_claim_line(line_control_number="L1")
    second = a_claim_line(line_number="2", line_control_number="L2")
    put(billed, "billed.csv", first, second)
    put(billed, "paid.csv", a_remit_line(line_control_number="L2"))
    outcomes = [(line["outcome"], line["match_method"]) for line in billed.lines()]
    assert outcomes == [("open", None), ("paid", "line_control_number")]


def test_the_code_and_units_billed_are_read_beside_those_paid(billed):
    paid = {"hcpcs": "J9177", "original_hcpcs": "J1324", "paid_units": "9", "original_units": "90"}
    put(billed, "paid.csv", a_remit_line(**paid))
    line = the_line(billed)
    assert (line["match_method"], line["remit_hcpcs"]) == ("original_code", "J9177")
    # Scenario 15: 9 of 90 units paid, 6.68 allowed: 60.15 short.
    cut = {"paid_usd": "6.68", "contractual_usd": "173.32", "coinsurance_usd": ""}
    put(billed, "paid.csv", a_remit_line(paid_units="9", original_units="90", **cut))
    line = the_line(billed)
    assert (line["paid_units"], line["shortfall_usd"]) == (9, usd("60.15"))


def test_a_remit_without_a_status_has_the_rank_its_payer_has(billed):
    put(billed, "billed.csv", a_claim_line(), a_claim_line(payer_code="BEST1", payer_rank="2"))
    paid = {"paid_usd": "13.37", "prior_payer_usd": "166.63", "status_code": ""}
    put(billed, "paid.csv", a_remit_line(payer_code="BEST1", **paid, **NOTHING_TYPED))
    (second,) = billed.lines(payer_id="best")
    assert (second["payer_rank"], second["paid_usd"]) == ("secondary", usd("13.37"))


def test_a_reversal_of_what_came_before_leaves_the_correction_beside_it(billed):
    # 53.46 does not oppose -51.48: it stands after the reversal, which finds nothing earlier.
    same_day = BACK | {"payment_date": "2026-02-01", "payer_control_number": "N1"}
    put(billed, "paid.csv", a_remit_line(payer_control_number="N1"), a_remit_line(**same_day))
    assert the_line(billed)["paid_usd"] == usd("53.46")
    # Of another claim number of the payer's it is no reversal of this.
    put(billed, "paid.csv", a_remit_line(**AT_OLD_RATE), a_remit_line(**same_day))
    assert the_line(billed)["paid_usd"] == usd("51.48")


@pytest.mark.parametrize(("charge", "outcome"), [("-0.01", "open"), ("0.00", "paid")])
def test_only_a_charge_below_zero_makes_a_reversal(billed, charge, outcome):
    put(billed, "billed.csv", a_claim_line(charge_usd="0.00"))
    paid = a_remit_line(charge_usd=charge, paid_usd=charge, status_code="", **NOTHING_TYPED)
    put(billed, "paid.csv", paid)
    assert the_line(billed)["outcome"] == outcome


def test_money_paid_back_without_a_charge_is_a_reversal(billed):
    back = BACK | {"charge_usd": "", "payment_date": "2026-03-01"}
    put(billed, "paid.csv", a_remit_line(**AT_OLD_RATE), a_remit_line(**back))
    assert (the_line(billed)["outcome"], the_line(billed)["initial_outcome"]) == ("open", "paid")


def test_a_payment_of_the_as_of_date_counts(billed):
    put(billed, "paid.csv", a_remit_line(payment_date="2026-06-30"))
    assert the_line(billed)["outcome"] == "paid"
    put(billed, "paid.csv", a_remit_line(payment_date="2026-07-01"))
    assert the_line(billed)["outcome"] == "open"


def test_the_least_spelling_of_an_unknown_payer_stands(site):
    lines = [a_remit_line(payer_code="", payer_name=name) for name in ("NOBODY", "NO BODY")]
    put(site, "paid.csv", lines[0], lines[1] | {"remit_line_number": "2"})
    assert {line["payer_id"] for line in site.lines()} == {"unknown:NO BODY"}


@pytest.mark.parametrize(
    ("payee", "billing_id"),
    [
        ({"payee_npi": "1234567893"}, "1234567893"),
        ({"payee_npi": "1234567893", "payee_tax_id": "123456789"}, "1234567893"),
        ({}, None),
    ],
)
def test_the_payee_bills_what_is_known_from_remits_alone(site, payee, billing_id):
    put(site, "paid.csv", a_remit_line(**payee))
    assert the_line(site)["billing_id"] == billing_id


def test_amounts_have_cents_and_units_three_decimals(billed):
    said = {"payment_amount_usd": "53.4649", "interest_usd": "0.2449", "paid_units": "90.0004"}
    said |= {"original_units": "90.0003", "allowed_reported_usd": "66.8251"}
    said |= {"coinsurance_usd": "13.3749", "contractual_usd": "113.1651"}
    put(billed, "paid.csv", a_remit_line(**said, claim_charge_usd="180.0049"))
    line = the_line(billed)
    assert (line["interest_usd"], line["allowed_reported_usd"]) == (usd("0.24"), usd("66.83"))
    assert (line["paid_units"], line["coinsurance_usd"]) == (90, usd("13.37"))
    assert balance(billed) == (0, 0, 0, True)


def test_row_0_that_says_denied_is_an_answer(billed):
    denied = {"remit_line_number": "0", "paid_usd": "0.00", "status_code": "4"}
    put(billed, "paid.csv", a_remit_line(**denied, **NOTHING_TYPED))
    line = the_line(billed)
    assert (line["match_method"], line["outcome"]) == ("claim_level", "zero_no_reason")
