"""Claims whose file broke off, or that went to the wrong payer first: no money and no line is lost.

A cut-off file is written here as it is read: a claim without its lines, a remit without its last.
"""

from dataclasses import replace
from datetime import date

import pytest
from scenario_site import (
    ALDER,
    APR_1,
    BIRCH,
    MAR_1,
    Mail,
    Published,
    allowed,
    answer,
    answered,
    at_contract,
    base_terms,
    cas,
    drug,
    patient_of,
    payers,
    pays_waste,
    publish,
    says,
)

from analytics.synthetic.x12_writer import Claim, Patient

MAIL = Mail()
SENT = {"payer": ALDER.payer, "filing_code": ALDER.filing_code}
BROKEN_OFF = date(2026, 2, 12)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(ALDER, BIRCH),
        "contract_terms": [*base_terms(), *base_terms(BIRCH)],
        "payer_policies": [pays_waste(ALDER), pays_waste(BIRCH)],
    }
    return publish(tmp_path_factory.mktemp("broken") / "site", MAIL, reference)


def bill_without_lines(number: str, **parts) -> None:
    usual = {**SENT, "submitted_date": BROKEN_OFF, "patient": patient_of(number)}
    MAIL.claims.append(Claim(number, (), **{**usual, **parts}))


bill_without_lines("WHOLE")
MAIL.pay(MAR_1, replace(answer("WHOLE"), charge_usd="180.00", paid_usd="180.00"))


def test_payment_for_a_claim_without_lines_has_a_line_of_its_own(site):
    # Without one the payment would be lost, and the check that says so would stop every publish.
    line = site.outcome("WHOLE")
    says(line, billed_basis="remit_only", charge_usd="180.00", paid_usd="180.00", hcpcs=None)
    says(line, submitted_date="2026-02-12", claim_type="professional")


bill_without_lines("LINES")
MAIL.pay(MAR_1, answer("LINES", at_contract(drug())))


def test_lines_of_the_answer_stand_for_those_that_broke_off_with_the_claims_facts(site):
    line = site.line("LINES")
    says(line, billed_basis="remit_only", outcome="paid", allowed_usd="66.83", gap_usd="0.00")
    says(line, submitted_date="2026-02-12", claim_type="professional")
    assert line["patient_key"]
    assert line["billing_id"]


DOSE, WASTE = drug(), drug(units=10, charge="20.00", modifiers=("JW",))
MAIL.bill("SEVEN", DOSE, WASTE)
REFUSED = [answered(line, cas("CO-16", line.charge_usd)) for line in (DOSE, WASTE)]
MAIL.pay(MAR_1, answer("SEVEN", *REFUSED))
bill_without_lines(
    "SEVEN",
    frequency="7",
    original_control_number="ICN-SEVEN",
    submitted_date=date(2026, 3, 5),
)


def test_lines_before_a_replacement_without_lines_are_closed_and_not_gone(site):
    says(site.outcome("SEVEN", 1), outcome="closed_unpaid", charge_usd="180.00")
    says(site.outcome("SEVEN", 2), outcome="closed_unpaid", charge_usd="20.00")


AT_BIRCH = Patient(member_id="SYNOTHERMEMBER", first_name="MOVED")
MAIL.bill("MOVED", drug())
MAIL.pay(MAR_1, answer("MOVED", answered(drug(), cas("CO-24", "180.00"))))
MAIL.bill("MOVED", drug(), plan=BIRCH, patient=AT_BIRCH, submitted_date=date(2026, 3, 5))
MAIL.pay(APR_1, answer("MOVED", allowed(drug(), "66.83")), plan=BIRCH)


def test_dose_billed_to_the_wrong_payer_first_is_one_dose_in_the_waste_ledger(site):
    # The two payers know the patient by two member ids, so the dose has two pseudonyms.
    says(site.waste("MOVED"), payer_id="birch", administered_units="90.000")
