"""What counts as a denial, whose it is, and what it puts at stake."""

from datetime import date

import pytest
from scenario_site import (
    ALDER,
    APR_1,
    MAR_1,
    MEDICARE,
    Mail,
    Plan,
    Published,
    answer,
    answered,
    at_contract,
    base_terms,
    cas,
    drug,
    payers,
    publish,
    says,
    term,
)

LIMIT = Plan("limit")
COVERS_NOTHING = Plan("covers_nothing")
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(ALDER, LIMIT, COVERS_NOTHING, MEDICARE),
        "contract_terms": [
            *base_terms(),
            term(LIMIT, "*", "100", method="pct_of_limit"),
            term(COVERS_NOTHING, "*", "", method="not_covered"),
        ],
    }
    return publish(tmp_path_factory.mktemp("denials") / "site", MAIL, reference)


def refuse(number: str, *adjustments, **parts) -> None:
    MAIL.settle(number, drug(), answered(drug(), *adjustments, **parts))


PADCEV = drug("J9177", 410, "45000.00", service_date=date(2025, 11, 10))
MAIL.settle("C27", PADCEV, answered(PADCEV, cas("PR-204", "45000.00")), plan=LIMIT)


def test_denial_moved_to_the_patient_is_a_denial_and_no_patient_share(site):
    line = site.line("C27")
    # Read as patient share it would allow 45,000.00 and call 29,935.37 overpaid.
    says(line, outcome="denied", liability="patient", allowed_usd="0.00", patient_usd="0.00")
    says(line, denied_expected_usd="15064.63", overpaid_usd="0.00", gap_usd=None)
    says(line, final_reason="PR-204", denial_class="benefit_or_eligibility")


refuse("PR96", cas("PR-96", "180.00"), remark_codes=("N130",))


def test_non_covered_charge_takes_its_class_from_the_remark(site):
    line = site.line("PR96")
    says(line, outcome="denied", liability="patient", final_reason="PR-96 N130")
    says(line, denial_class="benefit_or_eligibility", patient_usd="0.00", allowed_usd="0.00")


refuse("CO16R", cas("CO-16", "180.00"), remark_codes=("N822",))
refuse("CO16", cas("CO-16", "180.00"))
refuse("CO16I", cas("CO-16", "180.00"), remark_codes=("MA01", "N822"))


def test_missing_information_is_read_through_its_remark_where_there_is_one(site):
    says(site.line("CO16R"), denial_class="missing_or_incorrect_modifier", outcome="denied")
    says(site.line("CO16R"), final_reason="CO-16 N822", liability="provider")
    says(site.line("CO16"), denial_class="missing_or_invalid_information", final_reason="CO-16")


def test_notice_of_appeal_rights_is_not_the_reason_of_a_denial(site):
    says(site.line("CO16I"), denial_class="missing_or_incorrect_modifier")


MAIL.bill("MA130", drug())
UNREAD = answered(drug(), cas("CO-16", "180.00"), remark_codes=("MA130", "N822"))
MAIL.pay(MAR_1, answer("MA130", UNREAD))
MAIL.bill("RESENT", drug())
MAIL.pay(MAR_1, answer("RESENT", UNREAD))
MAIL.bill("RESENT", drug(), submitted_date=date(2026, 3, 5))
MAIL.pay(APR_1, answer("RESENT", at_contract(drug()), payer_control_number="NEW-R"))
MAIL.bill("CLAIM130", drug())
MAIL.pay(
    MAR_1,
    answer("CLAIM130", answered(drug(), cas("CO-16", "180.00")), remark_codes=("MA130", "N822")),
)


def test_unprocessable_claim_is_returned_to_be_sent_again_and_no_denial(site):
    for claim_id in ("MA130", "CLAIM130"):
        says(site.line(claim_id), outcome="returned", initial_outcome="returned", gap_usd=None)
        says(site.line(claim_id), denial_class=None, denied_expected_usd="0.00", ask_usd="0.00")


def test_returned_claim_sent_again_and_paid_was_never_denied(site):
    line = site.line("RESENT")
    says(line, outcome="paid", initial_outcome="paid", gap_usd="0.00", recovered_usd="0.00")
    assert site.table("claim_line_outcomes").filter(claim_id="RESENT").height == 1


refuse("SILENT", cas("CO-45", "180.00"))


def test_nothing_paid_and_no_reason_given_is_valued_with_the_denials(site):
    line = site.line("SILENT")
    says(line, outcome="zero_no_reason", denial_class="unmapped", final_reason=None)
    says(line, denied_expected_usd="66.83", gap_usd=None, shortfall_usd="0.00")
    says(line, liability="provider")


refuse("MOVED45", cas("PR-45", "180.00"))


def test_whole_charge_moved_to_the_patient_as_contractual_is_no_payment(site):
    line = site.line("MOVED45")
    says(line, outcome="zero_no_reason", balance_bill_usd="180.00", patient_usd="0.00")
    says(line, allowed_usd="0.00", overpaid_usd="0.00")


refuse("CO24", cas("CO-24", "180.00"))


def test_managed_care_refusal_outside_a_capitated_term_is_a_denial(site):
    says(site.line("CO24"), outcome="denied", denial_class="coordination_of_benefits")


refuse("PEND", cas("OA-133", "180.00"))


def test_pended_line_is_open_and_not_denied(site):
    says(site.line("PEND"), outcome="open", initial_outcome=None, gap_usd=None)
    # 2026-02-12 to 2026-08-31
    says(site.line("PEND"), open_days=200, denied_expected_usd="0.00")


refuse("NEWCODE", cas("CO-999", "180.00"))


def test_unknown_reason_code_is_a_denial_of_no_known_class_and_is_listed(site):
    says(site.line("NEWCODE"), outcome="denied", denial_class="unmapped", final_reason="CO-999")
    asked = site.table("reference_questions").filter(question="denial_reason")
    assert asked["detail"].to_list() == ["CO-999"]


BOTH = (cas("CO-45", "100.00"), cas("CO-197", "30.00"), cas("CO-50", "50.00"))
refuse("MANY", *BOTH)


def test_largest_reason_that_is_not_contractual_is_the_primary_one(site):
    says(site.line("MANY"), final_reason="CO-50", denial_class="medical_necessity")


PAIR = (drug(), drug("96372", 1, "150.00"))
MAIL.bill("BUNDLE", *PAIR)
MAIL.pay(MAR_1, answer("BUNDLE", at_contract(PAIR[0]), answered(PAIR[1], cas("CO-97", "150.00"))))


def test_bundled_service_is_no_denial_and_leaves_the_drug_line_alone(site):
    says(site.line("BUNDLE"), outcome="paid", gap_usd="0.00")
    says(site.outcome("BUNDLE", 2), outcome="bundled", denial_class="bundled", allowed_usd="0.00")


MAIL.settle("NOTCOV", drug(), answered(drug(), cas("PR-204", "180.00")), plan=COVERS_NOTHING)


def test_drug_the_contract_does_not_cover_is_neither_denied_nor_at_stake(site):
    line = site.line("NOTCOV")
    says(line, outcome="not_covered", expected_allowed_usd="0.00", denied_expected_usd="0.00")


FORWARDED = answer("CROSS", answered(drug(), cas("OA-23", "180.00")), status="23")
MAIL.bill("CROSS", drug())
MAIL.pay(MAR_1, FORWARDED)


def test_forwarded_claim_is_open(site):
    says(site.line("CROSS"), outcome="open", initial_outcome=None, paid_usd="0.00")


MAIL.settle("UPHELD", drug(), answered(drug(), cas("CO-197", "180.00")))
MAIL.pay(
    APR_1,
    answer("UPHELD", answered(drug(), cas("CO-197", "180.00"), cas("OA-193", "0.00"))),
)


def test_upheld_appeal_is_one_denial_with_its_first_reason(site):
    line = site.line("UPHELD")
    says(line, outcome="denied", final_reason="CO-197", denial_class="prior_authorization")
    says(line, denied_expected_usd="66.83", charge_usd="180.00")
