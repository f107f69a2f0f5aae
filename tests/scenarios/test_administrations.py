"""Administration records beside the claims, and multi-dose vials that are always billed whole.

A record joins one treatment or is listed with the reason; it never overrides a claim it
contradicts.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from scenario_site import (
    Mail,
    Plan,
    Published,
    patient_of,
    payers,
    pays_waste,
    publish,
    says,
    term,
)
from waste_site import NOV_10, VIAL_20, VIAL_30, infusion_log, record, treat

PAYS = Plan("pays")
WHOLE, PARTLY, NINE, TWO_PATIENTS = (
    Plan(name) for name in ("whole", "partly", "nine", "two_patients")
)
PLANS = (PAYS, WHOLE, PARTLY, NINE, TWO_PATIENTS)
MULTI_DOSE = "50242013468"
TUESDAY = date(2025, 11, 11)
MAIL = Mail()
GIVEN = (VIAL_20, 1), (VIAL_30, 3)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    at_limit = {"method": "pct_of_limit"}
    reference = {
        **payers(*PLANS),
        "contract_terms": [term(plan, "*", "100", **at_limit) for plan in PLANS],
        "payer_policies": [pays_waste(plan) for plan in PLANS],
        "list_prices": [
            {"hcpcs": "J9177", "per": "unit", "price_kind": "acquisition", "price": "30"}
        ],
    }
    folder = tmp_path_factory.mktemp("administrations") / "site"
    return publish(folder, MAIL, reference, infusion_log(*RECORDS))


for number in ("AGREES", "DISAGREES", "TOLD-TWICE", "OTHER-DRUG", "IN-TWO"):
    treat(MAIL, number, "J9177", (410, "", "15064.63"), plan=PAYS)
treat(MAIL, "BEYOND", "J9177", (410, "", "15064.63"), plan=PAYS)
RECORDS = [
    record("AGREES", NOV_10, "102.5", *GIVEN),
    record("DISAGREES", NOV_10, "100", *GIVEN),
    # rows of one administration that tell two discarded amounts
    [
        {**row, "discarded_mg": wasted}
        for row, wasted in zip(record("TOLD-TWICE", NOV_10, "102.5", *GIVEN), (7.5, 5), strict=True)
    ],
    record("OTHER-DRUG", NOV_10, "102.5", (MULTI_DOSE, 1)),
    record("NEVER-BILLED", NOV_10, "102.5", *GIVEN),
    record("AGREES", TUESDAY, "102.5", *GIVEN, administration_id="ADM-NEXT-DAY"),
    # one dose of two infusions: their milligrams and vials add up
    record("IN-TWO", NOV_10, "60", (VIAL_30, 2), administration_id="ADM-IN-TWO-1"),
    record("IN-TWO", NOV_10, "42.5", (VIAL_20, 1), (VIAL_30, 1), administration_id="ADM-IN-TWO-2"),
    record("BEYOND", NOV_10, "102.5", (VIAL_30, 4)),
]


def test_record_that_agrees_is_the_evidence(site):
    # 30 units x 36.743 (REAL, 2025Q4)
    found = site.waste("AGREES")
    says(found, vial_evidence="A", finding="missed", missed_units="30.000", leakage_usd="1102.29")
    says(found, recorded_administered_units="410.000", actual_vial_mg="110.000000")


def test_two_administrations_of_a_treatment_are_one_dose(site):
    found = site.waste("IN-TWO")
    says(found, vial_evidence="A", recorded_administered_units="410.000", missed_units="30.000")
    says(found, actual_vial_mg="110.000000")


def test_vials_beyond_the_least_set_cost_what_the_practice_paid(site):
    found = site.waste("BEYOND")
    says(found, vial_evidence="A", missed_units="30.000", leakage_usd="1102.29")
    says(found, actual_vial_mg="120.000000", least_waste_mg="110.000000")
    says(found, avoidable_units="40.000", avoidable_cost_usd="1200.00")


def test_record_never_overrides_a_claim_it_contradicts(site):
    found = site.waste("DISAGREES")
    says(found, vial_evidence="C", recorded_administered_units="400.000", missed_units="30.000")
    disagree = "the administration record (400 units) and the claim (410 units) disagree"
    assert found["waste_basis"].endswith(disagree)
    listed = site.warning("warn_administrations_disagree")
    assert listed["claim_id"].to_list() == ["DISAGREES"]
    assert disagree in listed["sentence"].item()


def test_record_that_contradicts_itself_is_listed_and_not_used(site):
    says(site.waste("TOLD-TWICE"), vial_evidence="C", recorded_administered_units=None)
    listed = site.warning("warn_administrations_contradict_themselves")
    assert listed["administration_id"].to_list() == ["ADM-TOLD-TWICE"]
    assert listed["contradiction"].to_list() == ["discarded_mg"]


def test_dose_that_no_claim_bills_is_listed_with_the_reason(site):
    listed = site.warning("warn_administrations_without_treatment")
    said = dict(listed.select("administration_id", "sentence").iter_rows())
    assert said.keys() == {"ADM-OTHER-DRUG", "ADM-NEVER-BILLED", "ADM-NEXT-DAY"}
    assert "trastuzumab: its claim bills no such drug that day" in said["ADM-OTHER-DRUG"]
    assert "2025-11-11" in said["ADM-NEXT-DAY"]
    assert "neither a claim of ours nor a patient is told" in said["ADM-NEVER-BILLED"]


def give_whole_vials(plan: Plan, treatments: int, patients: int, last_units: int = 88) -> None:
    """One vial of 440 mg (44 units) a visit, to each patient in turn, two at the last."""
    for visit in range(treatments):
        units = last_units if visit == treatments - 1 else 44
        patient = replace(patient_of("MULTI"), member_id=f"SYN{plan.payer_id}{visit % patients}")
        day = NOV_10 - timedelta(days=visit)
        treat(
            MAIL,
            f"{plan.payer_id}-{visit}",
            "J9355",
            (units, "", "100.00", MULTI_DOSE, 1),
            plan=plan,
            day=day,
            patient=patient,
        )


give_whole_vials(WHOLE, treatments=10, patients=3)
give_whole_vials(PARTLY, treatments=12, patients=4, last_units=30)
give_whole_vials(NINE, treatments=9, patients=3)
give_whole_vials(TWO_PATIENTS, treatments=10, patients=2)


def test_doses_that_are_always_whole_multi_dose_vials_are_found(site):
    listed = site.warning("warn_whole_multi_dose_vials")
    assert listed.select("payer_id", "drug", "treatments", "patients").rows() == [
        ("whole", "trastuzumab", 10, 3)
    ]
    says(listed.row(0, named=True), usd="1000.00")


def test_whole_multi_dose_vials_are_never_waste(site):
    says(site.waste("whole-0"), finding="not_billable", leakage_usd="0.00", vial_evidence=None)
