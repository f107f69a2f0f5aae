"""What the papers of a line show and lack, told in claims, remits, policies and records.

A claim that has everything, one that has nothing, and in between what one fact more or less does.
"""

from datetime import date, timedelta

import pytest
from scenario_site import (
    FEB_10,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    drug,
    patient_of,
    payers,
    publish,
    term,
)
from waste_site import VIAL_20, VIAL_30, infusion_log, record

from analytics.reference.columns import DOCUMENTATION_CHECKS

ASKS, EASY, SILENT = Plan("asks"), Plan("easy"), Plan("silent")
PADCEV = {"ndc": VIAL_20, "ndc_quantity": 5}
WRONGLY_PADDED = "05114402001"
HERCEPTIN = "50242013201"
DAY_AFTER_DAY = {
    "FIRST-ASK": date(2019, 12, 17),
    "ALONE-2019": date(2019, 12, 18),
    "BESIDE-MAR": date(2023, 4, 2),
    "BESIDE-APR": date(2023, 4, 3),
    "BESIDE-DEC": date(2023, 12, 15),
}
FULL_RECORD = {
    "route": "IV",
    "site": "left arm",
    "started_at": "09:00",
    "stopped_at": "09:30",
    "prior_therapies": "platinum, PD-1",
    "rationale_documented": "yes",
}
VIALS_OF_90, VIALS_OF_100 = ((VIAL_30, 3),), ((VIAL_20, 2), (VIAL_30, 2))
NO_RECORD = "no administration record"
NO_CLAIM = "no claim on file for this line"
MAIL, LOG = Mail(), []


def billed(units: int = 100, *marks: str, day: date = FEB_10, **parts):
    """A J1324 line of so many milligrams, its vials in the NDC quantity unless told otherwise."""
    return drug("J1324", units, "40000.00", modifiers=marks, service_date=day, **PADCEV | parts)


def given(day: date = FEB_10):
    """The procedure that gives the drug."""
    return drug("96413", 1, "300.00", service_date=day)


def send(number: str, *lines, plan: Plan = ASKS, **parts) -> None:
    """Bill the lines and have them answered in full."""
    MAIL.bill(number, *lines, plan=plan, **parts)
    day = lines[0].service_date + timedelta(days=20)
    MAIL.pay(day, answer(number, *(allowed(line, "100.00") for line in lines)), plan=plan)


def send_beside_pembrolizumab(number: str, day: date) -> None:
    """Bill J1324 and, on a claim of its own, pembrolizumab for the same patient that day."""
    send(number, billed(100, "JZ", day=day), given(day), authorization_number="AUTH")
    beside = drug("J9271", 200, "20000.00", service_date=day)
    send(f"{number}-P", beside, patient=patient_of(number))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    asked = ("requires_jw", "requires_jz", "requires_prior_auth", "requires_step_therapy")
    asked += ("specialty_pharmacy",)
    policies = [
        {"payer_id": plan.payer_id, "pays_waste": "yes", **dict.fromkeys(asked, said)}
        for plan, said in ((ASKS, "yes"), (EASY, "no"))
    ]
    reference = {
        **payers(ASKS, EASY, SILENT),
        "payer_policies": policies,
        "contract_terms": [
            term(ASKS, "J1324", "104", method="pct_of_limit", effective_from=""),
            term(ASKS, "J9355", "104", method="pct_of_limit", effective_from=""),
            term(EASY, "J1324", "150.00"),
        ],
    }
    return publish(tmp_path_factory.mktemp("documentation"), MAIL, reference, infusion_log(*LOG))


def results(site: Published, number: str, line_number: int = 1) -> dict[str, str]:
    """The result of every check that applies to a line."""
    return {check: result for check, (result, _) in told(site, number, line_number).items()}


def told(site: Published, number: str, line_number: int = 1) -> dict[str, tuple[str, str]]:
    """Result and reason of every check that applies to a line."""
    rows = site.table("documentation_gaps").filter(claim_id=number, line_number=line_number)
    return {row["check"]: (row["result"], row["reason"]) for row in rows.to_dicts()}


send_beside_pembrolizumab("FULL", FEB_10 + timedelta(days=1))
LOG.append(record("FULL", FEB_10 + timedelta(days=1), "100", *VIALS_OF_100, **FULL_RECORD))


def test_a_claim_that_has_everything_lacks_nothing_but_the_source_the_payer_asks_for(site):
    found = results(site, "FULL")
    assert found.pop("drug_source") == "not_met"
    # Nothing was discarded and no JW is billed: no waste to compare.
    assert set(found) == set(DOCUMENTATION_CHECKS) - {"drug_source", "waste_units"}
    assert set(found.values()) == {"met"}
    assert told(site, "FULL")["prior_therapy"][1] == (
        "the label from 2025-11-21 names C67 with pembrolizumab, without prior therapy"
    )


send("BARE", billed(90, "JZ", "59", ndc="", ndc_quantity=None), diagnoses=("C61",))
LOG.append(record("BARE", FEB_10, "88", *VIALS_OF_90, route="IV", rationale_documented="no"))


def test_a_claim_that_has_nothing_lacks_every_thing_by_name(site):
    assert told(site, "BARE") == {
        "ndc": ("not_met", "no NDC was sent"),
        "dose_units": ("not_met", "the administration record says 88 units, the claim 90"),
        "waste_modifier": ("met", "JW and JZ stand as the policy asks"),
        "authorization": (
            "not_met",
            "the policy asks for a number and the claim states none",
        ),
        "diagnosis": ("not_met", "no diagnosis of the claim is on the label that day"),
        "administration_procedure": (
            "not_met",
            "no procedure that gives a drug is billed that day",
        ),
        "distinct_service": ("not_met", "modifier 59, XE, XP, XS or XU stands on a drug line"),
        "infusion_record": ("not_met", "the administration record lacks start, stop, site"),
        "drug_source": (
            "not_met",
            "the payer asks for a specialty pharmacy; the practice billed the drug",
        ),
        "step_therapy": (
            "not_met",
            "the policy asks for step therapy and the administration record tells no prior therapy",
        ),
        "rationale": ("not_met", "a record says that no rationale is documented"),
        "reference_current": ("met", "CMS limits of 2026Q1 are on file"),
    }


send("SILENT", billed(100), given(), plan=SILENT)


def test_what_no_policy_and_no_record_tells_cannot_be_told(site):
    found = told(site, "SILENT")
    cannot_tell = {check for check, (result, _) in found.items() if result == "cannot_tell"}
    assert cannot_tell == {
        "dose_units", "waste_modifier", "authorization", "prior_therapy", "infusion_record",
        "drug_source", "step_therapy", "rationale",
    }  # fmt: skip
    assert found["dose_units"][1] == found["prior_therapy"][1] == NO_RECORD
    assert found["reference_current"] == ("met", "no CMS limit is needed")


send("EASY", billed(100), given(), plan=EASY)


def test_a_policy_that_asks_for_nothing_is_met(site):
    found = results(site, "EASY")
    asked = ("authorization", "drug_source", "step_therapy", "waste_modifier")
    assert {found[check] for check in asked} == {"met"}


MAIL.pay(date(2026, 3, 3), answer("PAID-ONLY", allowed(billed(100), "100.00")), plan=ASKS)


def test_a_line_that_only_a_remit_names_says_that_its_claim_is_missing(site):
    found = told(site, "PAID-ONLY")
    of_claim = ("authorization", "diagnosis", "administration_procedure")
    assert {found[check] for check in of_claim} == {("cannot_tell", NO_CLAIM)}
    assert found["ndc"] == ("cannot_tell", "no claim on file says which NDC was sent")


WITH_WASTE = (("WASTE", "8", "single-dose vial"), ("LESS", "7", "vial"), ("SILENT-WHY", "8", ""))
for number, mg, why in WITH_WASTE:
    send(number, billed(82, ndc=VIAL_30, ndc_quantity=3), billed(8, "JW", ndc_quantity=None))
    LOG.append(record(number, FEB_10, "82", *VIALS_OF_90, discarded_mg=mg, discard_reason=why))


def test_waste_is_what_the_record_says_and_why(site):
    assert {number: told(site, number)["waste_units"] for number, *_ in WITH_WASTE} == {
        "WASTE": (
            "met",
            "the administration record and the claim both say 8 units discarded, with a reason",
        ),
        "LESS": (
            "not_met",
            "the administration record says 7 units discarded, the claim 8",
        ),
        "SILENT-WHY": (
            "not_met",
            "the administration record gives no reason for what was discarded",
        ),
    }


def test_a_waste_line_is_asked_for_its_own_papers_alone(site):
    found = results(site, "WASTE", line_number=2)
    assert found["waste_units"] == "met"
    of_the_dose = {"dose_units", "administration_procedure", "infusion_record", "rationale"}
    assert not of_the_dose & set(found)


send("PADDED", billed(100, ndc=WRONGLY_PADDED))
send("OTHER-DRUG", billed(100, ndc=HERCEPTIN))
send("NO-FILE", billed(100, ndc="99999999999"))
send("CUT-SHORT", billed(100, ndc="5114402001"))


def test_ndc_is_of_the_drug_or_says_what_is_wrong_with_it(site):
    cases = ("FULL", "PADDED", "OTHER-DRUG", "NO-FILE", "CUT-SHORT")
    assert {number: told(site, number)["ndc"] for number in cases} == {
        "FULL": ("met", "the NDC is one of enfortumab vedotin-ejfv"),
        "PADDED": ("not_met", f"padded in the wrong segment: {VIAL_20} is known"),
        "OTHER-DRUG": (
            "not_met",
            "the NDC is of trastuzumab, not of what J1324 stands for",
        ),
        "NO-FILE": ("cannot_tell", "no crosswalk and no package on file has this NDC"),
        "CUT-SHORT": ("not_met", "the NDC as sent does not come to eleven digits"),
    }


for number, day in DAY_AFTER_DAY.items():
    send_beside_pembrolizumab(number, day)


def test_label_is_read_on_the_day_of_service(site):
    found = {number: results(site, number) for number in DAY_AFTER_DAY}
    told_of = {n: (row["diagnosis"], row.get("prior_therapy")) for n, row in found.items()}
    assert told_of == {
        "FIRST-ASK": ("not_met", None),
        "ALONE-2019": ("met", "cannot_tell"),
        "BESIDE-MAR": ("met", "cannot_tell"),
        # Prior platinum is not needed with pembrolizumab from here on.
        "BESIDE-APR": ("met", "met"),
        "BESIDE-DEC": ("met", "met"),
    }


send("OTHER-LABEL", drug("J9355", 15, "2000.00", ndc=HERCEPTIN, service_date=date(2017, 11, 6)))


def test_a_drug_without_a_label_row_and_a_quarter_without_limits_are_said(site):
    found = told(site, "OTHER-LABEL")
    assert found["diagnosis"] == (
        "cannot_tell",
        "label_indications.csv has no row for trastuzumab",
    )
    assert found["reference_current"] == (
        "not_met",
        "no CMS limit of 2017Q4 is on file; the last is 2026Q3",
    )


MAIL.bill("RESENT", billed(100), billed(20), plan=ASKS)
MAIL.pay(date(2026, 3, 3), answer("RESENT", allowed(billed(100), "0.00")), plan=ASKS)
MAIL.bill(
    "RESENT",
    billed(100, authorization_number="LATE-AUTH"),
    plan=ASKS,
    frequency="7",
    original_control_number="ICN-RESENT",
    submitted_date=date(2026, 4, 1),
)


def test_papers_are_those_of_the_sending_that_counts_and_dropped_lines_need_none(site):
    assert told(site, "RESENT")["authorization"] == ("met", "the claim states a number")
    rows = site.table("documentation_gaps").filter(claim_id="RESENT")
    assert set(rows["line_number"]) == {1}


def test_every_row_has_a_result_a_reason_and_the_weight_of_its_check(site):
    rows = site.table("documentation_gaps")
    assert set(rows["result"]) == {"met", "not_met", "cannot_tell"}
    assert rows.filter(rows["reason"].is_null() | (rows["weight"] < 1)).is_empty()
    assert set(rows["check"]) == set(DOCUMENTATION_CHECKS)
