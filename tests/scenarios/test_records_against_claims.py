"""What the record of a dose says against the claim: waste nobody had to bill, and doses not billed.

The advice about a dose without treatment must never have somebody bill it a second time.
"""

from datetime import date, timedelta

import pytest
from scenario_site import (
    Mail,
    Plan,
    Published,
    answer,
    answered,
    cas,
    drug,
    payers,
    pays_waste,
    publish,
    term,
)
from waste_site import NOV_10, VIAL_20, VIAL_30, infusion_log, record, treat

# The second asks for a JZ too: a missing modifier is one whatever the vials were.
PAYS, ASKS_JZ = Plan("pays"), Plan("asks_jz")
NEXT_DAY = NOV_10 + timedelta(days=1)
ONLY_30 = ((VIAL_30, 4),)
MAIL, LOG = Mail(), []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    at_limit = {"method": "pct_of_limit"}
    reference = {
        **payers(PAYS, ASKS_JZ),
        "contract_terms": [term(plan, "*", "100", **at_limit) for plan in (PAYS, ASKS_JZ)],
        "payer_policies": [
            pays_waste(PAYS, requires_jw="yes", requires_jz="no"),
            pays_waste(ASKS_JZ, requires_jw="yes", requires_jz="yes"),
        ],
    }
    folder = tmp_path_factory.mktemp("records") / "site"
    return publish(folder, MAIL, reference, infusion_log(*LOG))


def check_of(site: Published, number: str, check: str, line_number: int = 1) -> tuple[str, str]:
    """Result and reason of one check of a line."""
    found = site.row("documentation_gaps", claim_id=number, line_number=line_number, check=check)
    return found["result"], found["reason"]


def told(site: Published, administration_id: str) -> dict[str, object]:
    """The row that lists an administration without treatment."""
    listed = site.warning("warn_administrations_without_treatment")
    return listed.filter(administration_id=administration_id).row(0, named=True)


def refuse(number: str, units: int, day: date = NOV_10) -> None:
    """Bill a dose that the payer denies in full."""
    line = drug("J9177", units, "60000.00", service_date=day)
    MAIL.bill(number, line, plan=PAYS)
    denied = answered(line, cas("CO-50", "60000.00"))
    MAIL.pay(day + timedelta(days=20), answer(number, denied), plan=PAYS)


# 102.5 mg from four vials of 30: 17.5 mg left, of which a vial of 20 would have saved 10.
for name, waste in (("FEWEST", 30), ("ALL-LEFT", 70), ("NEITHER", 50)):
    dose = ((410, "", "15064.63"), (waste, "JW", "1102.29"))
    treat(MAIL, name, "J9177", *dose, plan=PAYS)
    LOG.append(
        record(name, NOV_10, "102.5", *ONLY_30, discarded_mg="17.5", discard_reason="no 20 mg vial")
    )
treat(MAIL, "NO-REASON", "J9177", (410, "", "15064.63"), (30, "JW", "1102.29"), plan=PAYS)
LOG.append(record("NO-REASON", NOV_10, "102.5", *ONLY_30, discarded_mg="17.5"))


def test_waste_of_the_fewest_vials_is_as_right_as_all_that_was_left(site):
    result, reason = check_of(site, "FEWEST", "waste_units")
    assert (result, reason) == (
        "met",
        "the administration record says 70 units discarded, with a reason; the fewest vials leave "
        "30, as billed",
    )
    assert check_of(site, "FEWEST", "waste_units", 2)[0] == "met"
    assert check_of(site, "ALL-LEFT", "waste_units")[0] == "met"


def test_any_other_waste_is_not_what_was_left(site):
    assert check_of(site, "NEITHER", "waste_units") == (
        "not_met",
        "the administration record says 70 units discarded (the fewest vials leave 30), the claim "
        "50",
    )


def test_waste_of_the_fewest_vials_needs_its_reason_all_the_same(site):
    assert check_of(site, "NO-REASON", "waste_units") == (
        "not_met",
        "the administration record gives no reason for what was discarded",
    )


treat(MAIL, "THEORY", "J9177", (410, "", "15064.63"), plan=PAYS)
treat(MAIL, "JZ-ASKED", "J9177", (410, "", "15064.63"), plan=ASKS_JZ)
treat(MAIL, "PROVED", "J9177", (410, "", "15064.63"), plan=PAYS)
LOG.append(record("PROVED", NOV_10, "102.5", (VIAL_20, 1), (VIAL_30, 3), discarded_mg="7.5"))


def test_missing_modifier_is_not_told_from_theory_alone(site):
    assert site.waste("THEORY")["finding"] == "modifier_missing"
    assert site.waste("THEORY")["vial_evidence"] == "C"
    assert check_of(site, "THEORY", "waste_modifier") == (
        "cannot_tell",
        "by theory alone: which vials were opened is not known",
    )


def test_missing_modifier_is_told_where_jz_is_asked_or_the_vials_are_proved(site):
    assert check_of(site, "JZ-ASKED", "waste_modifier")[0] == "not_met"
    assert site.waste("PROVED")["vial_evidence"] == "A"
    assert check_of(site, "PROVED", "waste_modifier")[0] == "not_met"


refuse("DENIED", 410)
treat(MAIL, "SEEN", "J9177", (410, "", "15064.63"), plan=PAYS)
LOG.extend(
    [
        # a log that calls the drug by its brand: no such drug that day on the claim it names
        record("DENIED", NOV_10, "102.5", (VIAL_30, 4), drug="padcev"),
        # claim number typed wrong, the patient's other claim of that day is there
        record("TYPO", NOV_10, "102.5", (VIAL_30, 4), patient_id="SYNSEEN", drug="padcev"),
        record("SEEN", NEXT_DAY, "102.5", (VIAL_30, 4), administration_id="ADM-NO-CLAIM"),
    ]
)


@pytest.mark.parametrize(
    ("administration_id", "claim_id", "outcome"),
    [("ADM-DENIED", "DENIED", "denied"), ("ADM-TYPO", "SEEN", "paid")],
)
def test_claim_of_that_day_is_looked_at_first(site, administration_id, claim_id, outcome):
    found = told(site, administration_id)
    assert (found["claim_id"], found["hcpcs"], found["outcome"]) == (claim_id, "J9177", outcome)
    assert f"look at claim {claim_id} first" in found["sentence"]
    assert f"J9177 of that day ({outcome})" in found["sentence"]
    assert "bill the dose" not in found["sentence"].lower()


def test_dose_is_billed_only_where_no_claim_of_that_day_exists(site):
    found = told(site, "ADM-NO-CLAIM")
    assert found["claim_id"] is None
    assert found["sentence"].endswith(
        "; no claim of that day was found: look for the claim, and bill the dose only if none "
        "exists."
    )


def test_half_a_record_is_no_evidence(tmp_path_factory: pytest.TempPathFactory):
    mail = Mail()
    treat(mail, "HALF", "J9177", (410, "", "15064.63"), plan=PAYS)
    reference = {
        **payers(PAYS),
        "contract_terms": [term(PAYS, "*", "100", method="pct_of_limit")],
        "payer_policies": [pays_waste(PAYS)],
    }
    # The second row has a count nobody can read.
    half = record("HALF", NOV_10, "102.5", (VIAL_30, 4), (VIAL_20, 1))
    half[1]["vial_count"] = "one"
    folder = tmp_path_factory.mktemp("half") / "site"
    site = publish(folder, mail, reference, infusion_log(half), may_say=("vial_count", "rejected"))
    found = site.waste("HALF")
    assert found["vial_evidence"] == "C"
    assert found["recorded_administered_units"] is None
    ledger = site.table("load_ledger").filter(kind="administrations").row(0, named=True)
    assert (ledger["segments"], ledger["segments_rejected"]) == (2, 2)
