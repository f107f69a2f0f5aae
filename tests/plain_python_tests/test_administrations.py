"""What administrations prove of vials and doses (RULES 10.9), and what they are left out for."""

from __future__ import annotations

import pytest
from plain_python_tests.written_administrations import (
    OF_20_MG,
    OF_30_MG,
    PADCEV,
    a_dose,
    bill,
    give,
)
from plain_python_tests.written_site import PADCEV_20, PADCEV_30, SHIPPED, clp, sv1, svc, usd

MULTI_DOSE = "51144009901"


def ledger(site):
    """Return the one row of the ledger."""
    (row,) = site.answers()["waste_ledger"]
    return row


def left_out(site):
    """Return which administrations no figure uses, and why."""
    return [
        (row["administration_id"], row["why"]) for row in site.answers()["administrations_left_out"]
    ]


def test_a_record_that_agrees_proves_the_vials(site):
    # 102.5 mg of 0.25 mg are 410 units. 4 x 20 + 30 = 110 mg are 440: the least for 102.5 mg.
    # floor(7.5 / 0.25) = 30 units of waste, none billed: 30 x 36.718 = 1,101.54.
    bill(site, (410, ""))
    give(site)
    row = ledger(site)
    assert (row["vial_evidence"], row["recorded_administered_units"]) == ("A", 410)
    assert (row["actual_vial_mg"], row["least_waste_mg"]) == (110, 110)
    assert (row["expected_waste_units"], row["missed_units"]) == (30, 30)
    assert (row["finding"], row["leakage_usd"]) == ("modifier_missing", usd("1101.54"))
    assert (row["avoidable_units"], row["avoidable_cost_usd"]) == (0, None)


def test_vials_beyond_the_least_waste_set_are_avoidable_and_no_leakage(site):
    # 4 x 30 = 120 mg opened where 110 do: (120 - 110) / 0.25 = 40 units too many; the payer owes
    # no more than floor((110 - 102.5) / 0.25) = 30 units. 40 x 20.00 a unit were paid for nothing.
    site.keep("list_prices", "hcpcs,ndc11,per,price_kind,price\nJ9177,,unit,acquisition,20\n")
    bill(site, (410, ""), (30, "JW"))
    give(site, a_dose(vial_ndc11=PADCEV_30, vial_count="4"))
    row = ledger(site)
    assert (row["vial_evidence"], row["actual_vial_mg"]) == ("A", 120)
    assert (row["expected_waste_units"], row["missed_units"]) == (30, 0)
    assert (row["avoidable_units"], row["avoidable_cost_usd"]) == (40, usd("800.00"))


def test_whole_vials_on_one_line_agree_and_hold_their_waste_inside(site):
    # 440 units billed are floor(110 / 0.25), 410 were given: 30 were waste, inside the line; all
    # 440 payable units are billed, so nothing is missed.
    site.reference["payer_policies"] = SHIPPED["payer_policies"].replace(
        "yes,yes,2025", "no,no,2025"
    )
    bill(site, (440, ""))
    give(site)
    row = ledger(site)
    assert (row["vial_evidence"], row["expected_waste_units"], row["missed_units"]) == ("A", 30, 0)
    assert row["finding"] == "modifier_missing"


@pytest.mark.parametrize(
    ("given", "evidence"),
    [
        ({"administered_mg": "100"}, "C"),
        ({"administered_mg": ""}, "C"),
        ({"administered_mg": "102.4"}, "A"),
        ({"vial_count": ""}, "C"),
        ({"vial_count": "3.5"}, "C"),
        ({"vial_count": "3"}, "C"),
        ({"vial_ndc11": ""}, "C"),
        ({"vial_ndc11": "51144-0020-01"}, "A"),
    ],
    ids=[
        "400 units, neither 410 nor 440",
        "no dose told",
        "409.6 units are 410 begun",
        "no count",
        "half a vial",
        "90 mg hold less than the dose",
        "no vial named",
        "as on the label",
    ],
)
def test_a_record_that_does_not_hold_together_with_the_claim_is_no_evidence(site, given, evidence):
    bill(site, (410, ""))
    rows = [a_dose(**(OF_20_MG | given)), a_dose(**(OF_30_MG | _of_the_dose(given)))]
    give(site, *rows)
    assert ledger(site)["vial_evidence"] == evidence


def _of_the_dose(given):
    return {name: said for name, said in given.items() if name == "administered_mg"}


def test_a_record_that_disagrees_is_said_and_c_stands(site):
    # Recorded 25 mg are 100 units. C for 410 units: 110 mg, 30 units of waste.
    bill(site, (410, ""))
    give(site, a_dose(administered_mg="25", vial_ndc11=PADCEV_30, vial_count="1"))
    row = ledger(site)
    assert (row["recorded_administered_units"], row["vial_evidence"]) == (100, "C")
    assert row["waste_basis"] == (
        "the administration record (100 units) and the claim (410 units) disagree"
    )
    assert (row["expected_waste_units"], row["actual_vial_mg"]) == (30, None)


def test_jz_against_a_record_is_a_conflict(site):
    bill(site, (410, "JZ"))
    assert ledger(site)["finding"] == "jz_attested"
    give(site)
    row = ledger(site)
    assert (row["finding"], row["leakage_usd"]) == ("modifier_conflict", usd("1101.54"))


def test_two_administrations_of_one_treatment_are_added(site):
    # 60 + 42.5 = 102.5 mg; vials 60 + 50 = 110 mg.
    bill(site, (410, ""))
    one = a_dose(administered_mg="60", discarded_mg="0", vial_ndc11=PADCEV_20, vial_count="3")
    other = a_dose(administration_id="G2", administered_mg="42.5", discarded_mg="7.5")
    vials = [OF_20_MG | {"vial_count": "1"}, OF_30_MG]
    give(site, one, *(other | each for each in vials))
    row = ledger(site)
    assert (row["vial_evidence"], row["actual_vial_mg"]) == ("A", 110)
    assert row["recorded_administered_units"] == 410


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, None),
        ({"claim_id": " a 1"}, None),
        ({"drug": ""}, None),
        ({"drug": PADCEV.upper()}, None),
        ({"claim_id": "", "patient_id": "M1"}, None),
        ({"claim_id": "UNHEARD", "patient_id": "m1 "}, None),
        ({"claim_id": "", "patient_id": "M2"}, "no treatment"),
        ({"claim_id": ""}, "no treatment"),
        ({"claim_id": "B2", "patient_id": "M1"}, "no treatment"),
        ({"service_date": "2026-01-06"}, "no treatment"),
        ({"drug": "pembrolizumab"}, "no treatment"),
        ({"drug": "", "vial_ndc11": "99999999999"}, "no treatment"),
    ],
    ids=[
        "claim",
        "claim in other letters",
        "the drug of its vial",
        "the drug in capitals",
        "patient",
        "patient where no claim of ours is named",
        "another patient",
        "neither claim nor patient",
        "a claim of ours without that treatment",
        "another day",
        "another drug",
        "a vial nobody knows and no drug",
    ],
)
def test_an_administration_joins_by_claim_then_by_patient(site, told, why):
    bill(
        site,
        (410, ""),
        (90, "", {"claim_number": "B2", "hcpcs": "J9271", "patient_id": "M9"}),
    )
    give(site, a_dose(**(OF_20_MG | {"vial_count": "6"} | told)))
    rows = {row["claim_id"]: row for row in site.answers()["waste_ledger"]}
    assert (rows["A1"]["recorded_administered_units"] is None) == bool(why)
    assert left_out(site) == ([("G1", why)] if why else [])


def test_a_patient_with_two_treatments_of_a_day_joins_neither(site):
    other = {"claim_number": "B2", "billing_npi": "1999999984"}
    bill(site, (410, ""), (410, "", other))
    give(site, a_dose(claim_id="", patient_id="M1", **OF_20_MG))
    rows = site.answers()["waste_ledger"]
    assert [row["recorded_administered_units"] for row in rows] == [None, None]
    assert left_out(site) == [("G1", "no treatment")]


@pytest.mark.parametrize(
    "told",
    [
        {"administered_mg": "100"},
        {"discarded_mg": "0"},
        {"service_date": "2026-01-06"},
        {"claim_id": "A2"},
        {"drug": "pembrolizumab"},
    ],
    ids=lambda told: next(iter(told)),
)
def test_an_administration_whose_rows_contradict_each_other_is_not_used(site, told):
    bill(site, (410, ""))
    give(site, a_dose(**OF_20_MG), a_dose(**(OF_30_MG | told)))
    row = ledger(site)
    assert (row["recorded_administered_units"], row["vial_evidence"]) == (None, "C")
    assert left_out(site) == [("G1", "contradictory")]


def test_what_one_row_alone_tells_contradicts_nothing(site):
    bill(site, (410, ""))
    give(site, a_dose(**OF_20_MG), a_dose(**(OF_30_MG | {"administered_mg": "", "claim_id": ""})))
    assert ledger(site)["vial_evidence"] == "A"


def test_a_multi_dose_vial_on_record_leaves_no_billable_waste(site):
    row = f"{MULTI_DOSE},{PADCEV},J9177,100,100,1,UN,no\n"
    site.reference["drug_packages"] = SHIPPED["drug_packages"] + row
    bill(site, (410, ""))
    give(site, a_dose(vial_ndc11=MULTI_DOSE, vial_count="2"))
    row = ledger(site)
    assert (row["finding"], row["expected_waste_units"]) == ("not_billable", None)
    assert row["recorded_administered_units"] == 410


def test_an_administration_of_an_x12_claim_joins_by_its_claim(site):
    site.bill("A1", 45000, [sv1("J9177", 45000, 410, ndc=PADCEV_20, vials=1)])
    give(site)
    assert ledger(site)["vial_evidence"] == "A"


@pytest.mark.parametrize(
    "told",
    [{"started_at": "10:00", "stopped_at": "09:59"}, {"administered_mg": "-1"}, {"drug": "x" * 51}],
    ids=["stopped before started", "below zero", "too long"],
)
def test_a_row_with_a_bad_cell_is_no_row(site, told):
    bill(site, (410, ""))
    give(site, a_dose(**(OF_20_MG | {"vial_count": "6"} | told)))
    assert ledger(site)["recorded_administered_units"] is None


@pytest.mark.parametrize(("member", "evidence"), [("M1", "A"), ("M2", "C")])
def test_a_record_names_a_patient_as_the_remit_of_the_claim_does(site, member, evidence):
    # The claim says a first name beside the member, so its key is another one; the remit does not.
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)], member="M1")
    give(site, a_dose(claim_id="", patient_id=member, **(OF_20_MG | {"vial_count": "6"})))
    assert ledger(site)["vial_evidence"] == "C"
    paid = svc("J9177", 45000, "15054.38", ["CO*45*29945.62"], units=410)
    site.remit([clp("A1", 1, 45000, "15054.38", [paid])])
    assert ledger(site)["vial_evidence"] == evidence
