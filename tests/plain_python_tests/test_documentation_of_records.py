"""What only a record of the administration can tell of a drug line (RULES 20.3 to 20.14)."""

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
from plain_python_tests.written_documentation import LABEL, policy, said


@pytest.mark.parametrize(
    ("units", "given", "result"),
    [
        (410, {}, "met"),
        (410, {"administered_mg": "102.6"}, "not_met"),
        (411, {"administered_mg": "102.6"}, "met"),
        (410, {"administered_mg": ""}, "cannot_tell"),
        (410, {"claim_id": "NOBODY"}, "cannot_tell"),
    ],
    ids=["the same", "a unit begun more", "a unit begun", "no dose told", "no record"],
)
def test_the_units_billed_are_those_recorded(site, units, given, result):
    bill(site, (units, ""), (30, "JW"))
    give(site, a_dose(**(OF_20_MG | given)))
    assert said(site, "dose_units") == result
    assert said(site, "dose_units", line=2) is None


@pytest.mark.parametrize(
    ("waste", "given", "result"),
    [
        (30, {}, "met"),
        (29, {}, "not_met"),
        (30, {"discarded_mg": "7.74"}, "met"),
        (30, {"discard_reason": ""}, "not_met"),
        (30, {"discarded_mg": ""}, "cannot_tell"),
        (30, {"claim_id": "NOBODY"}, "cannot_tell"),
        (None, {}, "not_met"),
        (None, {"discarded_mg": "0.2", "discard_reason": ""}, "met"),
        (None, {"discarded_mg": "0"}, None),
        (None, {"discarded_mg": ""}, None),
    ],
    ids=[
        "7.5 mg are 30 units",
        "a unit short",
        "less than a unit over",
        "no reason",
        "not told",
        "no record",
        "recorded and not billed",
        "less than a unit recorded",
        "none recorded",
        "none billed, none told",
    ],
)
def test_the_waste_billed_is_that_recorded_with_a_reason(site, waste, given, result):
    bill(site, (410, ""), *([(waste, "JW")] if waste else []))
    give(site, a_dose(**(OF_20_MG | given)))
    assert said(site, "waste_units") == result


@pytest.mark.parametrize(
    ("units", "waste", "result"),
    [(410, 30, "met"), (410, 70, "met"), (410, 50, "not_met"), (409, 31, "not_met")],
    ids=["the payable part", "all of it", "neither", "the payable part by theory"],
)
def test_vials_beyond_the_least_waste_set_need_not_be_billed(site, units, waste, result):
    # 102.5 mg from four of 30 mg leave 17.5 mg, 70 units; from 80 and 30 mg they leave 30. The
    # record of 410 units does not stand for a claim of 409: 110 mg then leave 31 by theory alone.
    bill(site, (units, ""), (waste, "JW"))
    give(site, a_dose(**(OF_30_MG | {"vial_count": "4", "discarded_mg": "17.5"})))
    assert said(site, "waste_units") == result


@pytest.mark.parametrize(
    ("told", "result"), [("platinum", "met"), ("", "not_met")], ids=["told", "not told"]
)
def test_earlier_treatment_is_told_by_the_record(site, told, result):
    site.reference["label_indications"] = f"{LABEL}{PADCEV},C67,,yes,,\n"
    policy(site, "requires_step_therapy", "yes")
    bill(site, (410, "", {"diagnoses": "C679"}))
    give(site, a_dose(prior_therapies=told, **OF_20_MG))
    assert (said(site, "prior_therapy"), said(site, "step_therapy")) == (result, result)


@pytest.mark.parametrize("left_out", ["", "started_at", "stopped_at", "route", "site"])
def test_an_infusion_is_recorded_with_start_stop_route_and_site(site, left_out):
    bill(site, (410, ""))
    told = {left_out: ""} if left_out else {}
    # What one row leaves out the other may tell; here neither does.
    give(site, a_dose(**(OF_20_MG | told)), a_dose(**(OF_30_MG | told)))
    assert said(site, "infusion_record") == ("not_met" if left_out else "met")


@pytest.mark.parametrize(
    ("told", "result"),
    [(("yes", "Y"), "met"), (("yes", "no"), "not_met"), (("yes", ""), "cannot_tell")],
    ids=["on both", "not on one", "not told on one"],
)
def test_the_rationale_is_documented_on_every_administration(site, told, result):
    bill(site, (410, ""))
    first, second = told
    give(
        site,
        a_dose(rationale_documented=first, **OF_20_MG),
        a_dose(administration_id="G2", rationale_documented=second, **OF_30_MG),
    )
    assert said(site, "rationale") == result
