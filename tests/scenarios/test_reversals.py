"""What is left of a payment after reversals, corrections and take-backs, in whatever file.

Net of reversals means: an outcome never counts money that was taken back, and no cash is lost.
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
    at_old_rate,
    base_terms,
    cas,
    drug,
    payers,
    publish,
    says,
    total,
)

from analytics.synthetic.x12_writer import ProviderAdjustment, reversal_of

MAR_18 = date(2026, 3, 18)
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(ALDER, BIRCH),
        "contract_terms": [*base_terms(), *base_terms(BIRCH)],
    }
    return publish(tmp_path_factory.mktemp("reversals") / "site", MAIL, reference)


def wrong_then_right(number: str) -> tuple:
    """The old-rate answer, its reversal, and the corrected answer under a new control number."""
    wrong = answer(number, at_old_rate(drug()))
    right = answer(number, at_contract(drug()), payer_control_number=f"ICN2-{number}")
    return wrong, reversal_of(wrong), right


MAIL.bill("C07", drug())
WRONG, TAKEN_BACK, RIGHT = wrong_then_right("C07")
MAIL.pay(MAR_1, WRONG)
MAIL.pay(
    MAR_18,
    TAKEN_BACK,
    replace(RIGHT, interest_usd="0.25"),
    file="corrected.835",
    provider_adjustments=(ProviderAdjustment("L6", "C07", "-0.25"),),
)


def test_correction_replaces_what_was_reversed_and_counts_as_recovered(site):
    line = site.line("C07")
    # All payments added would be 104.94; the first payment alone still 2.48 open.
    says(line, paid_usd="53.46", allowed_usd="66.83", patient_usd="13.37", gap_usd="0.00")
    says(line, recovered_usd="2.48", initial_allowed_usd="64.35", initial_paid_usd="51.48")
    says(line, first_paid_date="2026-03-18", outcome="paid", ask_usd="0.00")


def test_interest_stands_apart_from_paid_and_allowed(site):
    says(site.line("C07"), interest_usd="0.25", overpaid_usd="0.00")
    says(site.row("provider_adjustments", reason_code="L6"), amount_usd="-0.25")


def test_cheque_of_reversal_correction_and_interest_ties(site):
    # -51.48 + 53.46 + 0.25
    balance = site.row("remit_balances", source_file="corrected.835")
    says(balance, payment_usd="2.23", transaction_difference_usd="0.00", balanced=True)


MAIL.settle("OLD8", drug(), at_contract(drug()))
MAIL.bill("C08", drug())
MAIL.pay(
    MAR_18,
    answer("C08", at_contract(drug())),
    file="takeback.835",
    provider_adjustments=(ProviderAdjustment("WO", "ICN-OLD8", "40.00"),),
)


def test_take_back_of_another_claim_is_not_this_claim_s_underpayment(site):
    # Read from the deposit of 13.46 this claim would be 40.00 short.
    says(site.line("C08"), paid_usd="53.46", gap_usd="0.00", shortfall_usd="0.00")
    taken = site.row("provider_adjustments", source_file="takeback.835")
    says(taken, reason_code="WO", amount_usd="40.00", linked_claim_id="OLD8")
    balance = site.row("remit_balances", source_file="takeback.835")
    says(balance, payment_usd="13.46", balanced=True)


MAIL.bill("EARLY", drug())
WRONG, TAKEN_BACK, RIGHT = wrong_then_right("EARLY")
MAIL.pay(MAR_1, WRONG, file="zz-first.835")
MAIL.pay(MAR_18, RIGHT, TAKEN_BACK, file="00-second.835")


def test_file_names_and_the_order_of_files_change_nothing(site):
    line = site.line("EARLY")
    says(line, paid_usd="53.46", gap_usd="0.00", recovered_usd="2.48", ask_usd="0.00")


MAIL.bill("ONEDAY", drug(), plan=BIRCH)
WRONG, TAKEN_BACK, RIGHT = wrong_then_right("ONEDAY")
# The reversal's interchange has the lower control number: it was grouped ahead of the payment's.
MAIL.pay(MAR_1, TAKEN_BACK, RIGHT, plan=BIRCH, file="reversed.835")
MAIL.pay(MAR_1, WRONG, plan=BIRCH, file="paid.835")


def test_reversal_of_a_payment_of_the_same_day_cancels_it_however_the_day_is_grouped(site):
    # Not cancelled, both payments stand: 104.94 paid and 64.35 overpaid.
    says(site.line("ONEDAY"), paid_usd="53.46", allowed_usd="66.83", overpaid_usd="0.00")


MAIL.bill("SAME", drug())
MAIL.pay(MAR_1, *wrong_then_right("SAME"), file="same.835")


def test_payment_reversal_and_correction_in_one_remit_leave_the_correction(site):
    says(site.line("SAME"), paid_usd="53.46", allowed_usd="66.83", gap_usd="0.00")
    says(site.line("SAME"), recovered_usd="2.48", initial_allowed_usd="64.35")


MAIL.bill("TWICE", drug())
WRONG, TAKEN_BACK, RIGHT = wrong_then_right("TWICE")
LESS = answer("TWICE", allowed(drug(), "60.00"), payer_control_number="ICN3-TWICE")
MAIL.pay(MAR_1, WRONG)
MAIL.pay(MAR_18, TAKEN_BACK, RIGHT)
MAIL.pay(APR_1, reversal_of(RIGHT), LESS)


def test_two_reversals_leave_the_last_answer_alone(site):
    line = site.line("TWICE")
    says(line, paid_usd="60.00", allowed_usd="60.00", patient_usd="0.00", shortfall_usd="6.83")
    # What was recovered in March was taken again in April.
    says(line, recovered_usd="0.00")


MAIL.bill("AGAIN", drug())
PAID = answer("AGAIN", at_contract(drug()))
MAIL.pay(MAR_1, PAID)
MAIL.pay(MAR_18, reversal_of(PAID), answer("PAYS1", allowed(drug(), "66.83")))
MAIL.pay(APR_1, reversal_of(PAID), answer("PAYS2", allowed(drug(), "66.83")))
MAIL.bill("PAYS1", drug())
MAIL.bill("PAYS2", drug())


def test_second_reversal_of_one_payment_is_an_orphan_and_takes_no_more_from_the_line(site):
    line = site.line("AGAIN")
    # Added up the claim would have paid -53.46.
    says(line, outcome="open", paid_usd="0.00", allowed_usd="0.00", gap_usd=None)
    says(line, initial_outcome="paid", initial_paid_usd="53.46")


MAIL.bill("ORPHAN", drug())
MAIL.pay(
    MAR_18,
    reversal_of(answer("ORPHAN", allowed(drug(), "50.00"))),
    answer("PAYS3", allowed(drug(), "66.83")),
    file="orphan.835",
)
MAIL.bill("PAYS3", drug())


def test_reversal_of_a_payment_not_on_file_is_listed_and_stays_in_cash_alone(site):
    says(site.line("ORPHAN"), outcome="open", paid_usd="0.00", allowed_usd="0.00")
    says(site.row("remit_balances", source_file="orphan.835"), payment_usd="16.83", balanced=True)
    orphans = site.warning("warn_orphan_reversals").filter(payer_name="Alder")
    # This one and the second reversal of AGAIN: 50.00 + 53.46.
    assert orphans["reversals"].to_list() == [2]
    assert total(orphans, "usd") == "103.46"


MAIL.bill("REUSED", drug())
FIRST = answer("REUSED", at_old_rate(drug()))
MAIL.pay(MAR_1, FIRST)
MAIL.pay(MAR_18, reversal_of(FIRST), answer("REUSED", at_contract(drug())))


def test_correction_under_the_same_control_number_is_not_what_its_reversal_cancels(site):
    says(site.line("REUSED"), paid_usd="53.46", gap_usd="0.00", recovered_usd="2.48")


MAIL.settle("DOUBLE", drug(), at_contract(drug()))
AGAIN = answer("DOUBLE", at_contract(drug()), payer_control_number="ICN2-DOUBLE")
MAIL.pay(MAR_18, AGAIN)
MAIL.pay(APR_1, reversal_of(AGAIN), answer("FUNDS", at_contract(drug())))
MAIL.bill("FUNDS", drug())


def test_second_payment_taken_back_leaves_the_first(site):
    says(site.line("DOUBLE"), paid_usd="53.46", gap_usd="0.00", first_paid_date="2026-03-01")


MAIL.bill("UNNAMED", drug())
FIRST = answer("UNNAMED", at_old_rate(drug()))
MAIL.pay(MAR_1, FIRST)
MAIL.pay(
    MAR_18,
    replace(reversal_of(FIRST), payer_control_number="ADJ-1"),
    answer("UNNAMED", at_contract(drug()), payer_control_number="ADJ-2"),
)


def test_reversal_under_a_new_control_number_is_found_by_its_amounts(site):
    says(site.line("UNNAMED"), paid_usd="53.46", gap_usd="0.00", recovered_usd="2.48")


MAIL.bill("DENIED", drug())
REFUSED = answer("DENIED", answered(drug(), cas("CO-197", "180.00")), status="4")
MAIL.pay(MAR_1, REFUSED)
MAIL.pay(
    MAR_18,
    reversal_of(REFUSED),
    answer("DENIED", at_contract(drug()), payer_control_number="ICN2-DENIED"),
)


def test_denial_reversed_and_paid_is_paid_now_and_was_denied_first(site):
    line = site.line("DENIED")
    says(line, outcome="paid", initial_outcome="denied", initial_denial_class="prior_authorization")
    says(line, gap_usd="0.00", denied_expected_usd="0.00", recovered_usd="66.83")


def test_every_dollar_of_the_cheques_is_in_an_outcome_or_an_orphan_reversal(site):
    lines = site.table("claim_line_outcomes")
    cheques = site.table("remit_balances")["payment_usd"].sum()
    beside = site.table("provider_adjustments")["amount_usd"].sum()
    orphans = site.warning("warn_orphan_reversals")["usd"].sum()
    assert lines["paid_usd"].sum() == cheques + beside + orphans
