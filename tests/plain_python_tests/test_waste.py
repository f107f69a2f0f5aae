"""What the vials of a visit left over, and what became of it."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import PADCEV_20, PADCEV_30, SHIPPED, clp, sv1, svc, usd


def test_waste_on_its_own_claim_joins_the_visits_ledger_row(site):
    billed = [sv1("J9177", 45000, 410, ndc=PADCEV_20, vials=1)]
    site.bill("A1", 45000, billed)
    site.bill("A2", 3300, [sv1("J9177:JW", 3300, 30, ndc=PADCEV_30, vials=3)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["claim_ids"]) == ("clean", "A1 A2")
    assert (row["administered_units"], row["billed_waste_units"]) == (410, 30)
    assert (row["vial_evidence"], row["expected_waste_units"]) == ("B", 30)
    assert (row["leakage_usd"], row["overbilled_usd"]) == (0, 0)


def test_unbilled_waste_is_leakage_at_the_payers_price(site):
    site.bill("A1", 45000, [sv1("J9177:JZ", 45000, 410)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["leakage_usd"]) == ("jz_attested", None)
    assert (row["vial_evidence"], row["missed_units"]) == ("C", 30)


def test_whole_vials_on_one_line_miss_a_modifier_and_no_waste(site):
    site.bill("A1", 45000, [sv1("J9177", 45000, 440)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["leakage_usd"]) == ("modifier_missing", 0)


def test_waste_a_policy_does_not_pay_is_no_leakage(site):
    site.reference["payer_policies"] = SHIPPED["payer_policies"].replace("yes,yes,", "yes,no,", 1)
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["leakage_usd"]) == ("not_paid_by_policy", 0)
    assert row["structural_usd"] == usd("1101.54")
    (waste,) = site.lines(is_waste_line=True)
    assert waste["expected_allowed_usd"] == 0


def test_waste_without_a_policy_stands_outside_leakage(site):
    site.reference["payer_policies"] = SHIPPED["payer_policies"].splitlines()[0] + "\n"
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["leakage_usd"]) == ("policy_unknown", 0)
    assert row["policy_unknown_usd"] == usd("1101.54")


@pytest.mark.parametrize(("dose", "waste"), [(350, 10), (357, 3), (410, 30), (500, 20), (360, 0)])
def test_least_waste_vials_leave_what_they_leave(site, dose, waste):
    site.bill("A1", 45000, [sv1("J9177:JZ", 45000, dose)])
    (row,) = site.answers()["waste_ledger"]
    assert row["expected_waste_units"] == row["missed_units"] == waste


def test_a_line_without_units_is_left_out_of_the_ledger(site):
    site.bill("A1", 45000, [sv1("J9177", 45000, "")])
    assert site.answers()["waste_ledger"] == []


def test_a_multi_dose_vial_leaves_no_billable_waste(site):
    many = "51144009901"
    row = f"{many},enfortumab vedotin-ejfv,J9177,100,100,1,UN,no\n"
    site.reference["drug_packages"] = SHIPPED["drug_packages"] + row
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, ndc=many, vials=2)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["leakage_usd"]) == ("not_billable", 0)
    assert (row["expected_waste_units"], row["missed_units"]) == (None, None)


def test_the_sites_policy_comes_before_a_later_shipped_one(site):
    own = SHIPPED["payer_policies"].replace("yes,yes,", "yes,no,", 1)
    site.keep("payer_policies", own.replace("2025-01-01", "2024-01-01"))
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    (row,) = site.answers()["waste_ledger"]
    assert row["finding"] == "not_paid_by_policy"


@pytest.mark.parametrize(
    ("priced", "denied"), [("J9177", "1101.54"), ("J9271", "0.00")], ids=["priced", "unpriced"]
)
def test_bundled_waste_is_denied_at_its_expected_amount(site, priced, denied):
    site.terms = site.terms.replace("J9177", priced)
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    paid = [
        svc("J9177", 45000, "15054.38", ["CO*45*29945.62"], units=410),
        svc("J9177:JW", 3300, 0, ["CO*97*3300"], units=30),
    ]
    site.remit([clp("A1", 1, 48300, "15054.38", paid)])
    (waste,) = site.lines(is_waste_line=True)
    assert (waste["outcome"], waste["denied_expected_usd"]) == ("bundled", 0)
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["denied_usd"]) == ("denied", usd(denied))


@pytest.mark.parametrize(
    ("again", "paid", "administered", "claim_ids"),
    [(410, "15054.38", 410, "A2"), (410, "0", 820, "A1 A2"), (400, "14687.20", 810, "A1 A2")],
    ids=["paid", "refused again", "other units"],
)
def test_a_refused_dose_billed_again_and_paid_is_one_dose(
    site, again, paid, administered, claim_ids
):
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    site.bill("A2", 45000, [sv1("J9177", 45000, again)], sent_on="20260301")
    refused = svc("J9177", 45000, 0, ["CO*197*45000"], units=410)
    site.remit([clp("A1", 4, 45000, 0, [refused])])
    cut = "CO*197*45000" if paid == "0" else f"CO*45*{45000 - usd(paid)}"
    site.remit([clp("A2", 1, 45000, paid, [svc("J9177", 45000, paid, [cut])])], paid_on="20260401")
    (row,) = site.answers()["waste_ledger"]
    assert (row["administered_units"], row["claim_ids"]) == (administered, claim_ids)


@pytest.mark.parametrize(
    ("ndc", "units", "vials", "evidence"),
    [
        (PADCEV_20, 400, 5, "B"),
        (PADCEV_20, 400, 400, "C"),
        (PADCEV_20, 410, 5, "C"),
        ("51144009901", 40, 40, "B"),
    ],
    ids=["vials", "the units copied", "vials that hold less than the dose", "a unit is a vial"],
)
def test_an_ndc_quantity_proves_vials_only_where_it_counts_them(site, ndc, units, vials, evidence):
    quarter = "51144009901,enfortumab vedotin-ejfv,J9177,0.25,0.25,1,UN,yes\n"
    site.reference["drug_packages"] = SHIPPED["drug_packages"] + quarter
    site.bill("A1", 45000, [sv1("J9177", 45000, units, ndc=ndc, vials=vials)])
    (row,) = site.answers()["waste_ledger"]
    assert row["vial_evidence"] == evidence


def test_a_line_without_a_service_date_is_in_no_visit_and_no_month(site):
    undated, _ = sv1("J9177", 45000, 410)
    site.bill("A1", 45000, [[undated]])
    answers = site.answers()
    assert [line["service_date"] for line in answers["drug_line_outcomes"]] == [None]
    assert (answers["waste_ledger"], answers["payer_drug_months"]) == ([], [])


def test_a_package_that_says_not_what_may_be_billed_is_no_package(site):
    site.reference["drug_packages"] = SHIPPED["drug_packages"].replace("20,20,1", "20,,1")
    # 102.5 mg from 30 mg vials alone are 120 mg: 480 units; with 20 mg vials they are 110 mg.
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, ndc=PADCEV_20, vials=1)])
    (row,) = site.answers()["waste_ledger"]
    assert (row["vial_evidence"], row["expected_waste_units"]) == ("C", 70)
    site.reference["drug_packages"] = site.reference["drug_packages"].replace("30,30,1", "30,,1")
    (row,) = site.answers()["waste_ledger"]
    assert (row["finding"], row["expected_waste_units"]) == ("no_package_known", None)


def test_a_line_on_no_day_is_the_drug_its_package_names(site):
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, ndc=PADCEV_20, vials=1, day="")])
    (line,) = site.lines()
    assert (line["identity_basis"], line["service_date"]) == ("cms_code_ndc_agrees", None)
    assert (line["drug"], line["unit_mg"]) == ("enfortumab vedotin-ejfv", None)


def test_a_dose_billed_to_the_wrong_payer_first_is_one_dose(site):
    site.bill("A1", 45000, [sv1("J9177:JZ", 45000, 410)], member="M1")
    site.bill("A1", 45000, [sv1("J9177:JZ", 45000, 410)], payer="BEST1", member="OTHER")
    paid = svc("J9177:JZ", 45000, "15064.63", ["CO*45*29935.37"], units=410, day="20260105")
    site.remit([clp("A1", 1, 45000, "15064.63", [paid])])
    (row,) = site.answers()["waste_ledger"]
    assert (row["payer_id"], row["administered_units"]) == ("acme", 410)


@pytest.mark.parametrize(("code", "is_drug"), [("636", True), ("0636", True), ("0250", False)])
def test_a_revenue_code_of_three_digits_has_a_leading_zero(site, code, is_drug):
    line = [f"SV2*{code}**180*UN*90", "DTP*472*D8*20260105"]
    site.bill("A1", 180, [line])
    assert bool(site.lines()) == is_drug
