"""What a payer should have allowed, and whose money is missing: worked cases through real text.

The causes of a gap are a table of a later version; here the gap itself is held to the cent.
"""

from datetime import date

import pytest
from scenario_site import (
    ALDER,
    MAR_1,
    Mail,
    Plan,
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
    term,
    total,
)

CAPS_LINES = Plan("caps_lines")
CAPS_CLAIMS = Plan("caps_claims")
TIES = Plan("ties")
LIMIT = Plan("limit")
LAGS = Plan("lags")
ABOVE_LIMIT = Plan("above_limit")
ROUNDS = Plan("rounds")
CLOSED = Plan("closed", look_back_days=30)
NO_CUTS = Plan("no_cuts", "medicare_advantage", "16")
PLANS = (
    ALDER, CAPS_LINES, CAPS_CLAIMS, TIES, LIMIT, LAGS, ABOVE_LIMIT, ROUNDS, CLOSED, NO_CUTS
)  # fmt: skip
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(*PLANS),
        "contract_terms": [
            *base_terms(),
            *base_terms(CAPS_LINES, charge_cap="line"),
            *base_terms(CAPS_CLAIMS, charge_cap="claim"),
            *base_terms(CLOSED),
            *base_terms(NO_CUTS, sequestration="no"),
            term(TIES, "J1324", "0.6173"),
            term(LIMIT, "*", "100", method="pct_of_limit"),
            term(LAGS, "*", "100", method="pct_of_limit", price_lag_days=60),
            term(ABOVE_LIMIT, "*", "104", method="pct_of_limit"),
            term(ROUNDS, "*", "104", method="pct_of_limit", price_decimals=2),
        ],
        # The second quarter is of the worked case, not of CMS; the first is CMS's own (59.726).
        "payment_limits": [
            {
                "effective_quarter": "2026Q2",
                "hcpcs": "J9271",
                "published_on": "2026-03-18",
                "payment_limit": "61.250",
            }
        ],
    }
    return publish(tmp_path_factory.mktemp("prices") / "site", MAIL, reference)


MAIL.settle("C01", drug(), at_contract(drug()))


def test_what_the_patient_pays_is_no_underpayment_and_a_half_cent_rounds_up(site):
    line = site.line("C01")
    # 90 x 0.7425 = 66.825: half-even would expect 66.82 and call a cent overpaid.
    says(line, outcome="paid", expected_allowed_usd="66.83", allowed_usd="66.83", gap_usd="0.00")
    says(line, paid_usd="53.46", patient_usd="13.37", coinsurance_usd="13.37", match_basis="line")
    # Expected less paid would report 13.37.
    says(line, shortfall_usd="0.00", payer_owed_usd="0.00", overpaid_usd="0.00", penny_usd="0.00")


MAIL.settle("C02", drug(), at_old_rate(drug()))


def test_stale_rate_leaves_the_difference_split_between_payer_and_patient(site):
    line = site.line("C02")
    # Expected less paid would report 15.35; a tool that reads remits alone 0.00.
    says(line, expected_allowed_usd="66.83", allowed_usd="64.35", gap_usd="2.48")
    says(line, shortfall_usd="2.48", payer_owed_usd="1.98", patient_owed_usd="0.50")
    says(line, ask_usd="1.98", match_basis=None, term_id="alder:J1324")


LAST_DAY, NEXT_DAY = date(2026, 3, 31), date(2026, 4, 1)
for number, day, plan in (
    ("C05A", LAST_DAY, LIMIT), ("C05B", NEXT_DAY, LIMIT), ("C05C", date(2026, 4, 15), LAGS),
    ("C05D", date(2026, 5, 30), LAGS), ("C05E", date(2026, 5, 31), LAGS),
):  # fmt: skip
    LINE = drug("J9271", 200, "30000.00", service_date=day)
    MAIL.bill(number, LINE, plan=plan)
    MAIL.pay(date(2026, 6, 15), answer(number, allowed(LINE, "11945.20")), plan=plan)


def test_price_of_the_service_date_holds_though_payment_comes_a_quarter_later(site):
    # The price of the payment date, 12,250.00, would accuse the payer of 304.80.
    line = site.line("C05A")
    says(line, expected_allowed_usd="11945.20", gap_usd="0.00", shortfall_usd="0.00")


def test_old_quarter_price_one_day_into_the_new_quarter_is_short(site):
    line = site.line("C05B")
    says(line, expected_allowed_usd="12250.00", gap_usd="304.80", payer_owed_usd="304.80")


def test_price_lag_is_what_the_contract_costs_and_no_shortfall(site):
    line = site.line("C05C")
    says(line, expected_allowed_usd="11945.20", gap_usd="0.00", lag_effect_usd="304.80")
    says(
        line,
        pricing_basis="priced: 200 x 59.726 (J9271 limit 2026Q1, published 2025-12-17) x 100%, "
        "the price of 2026Q1 under a lag of 60 days",
    )


def test_new_price_applies_from_the_day_the_lag_is_over(site):
    # 60 days after April 1 is May 31: the day before still has the old price.
    says(site.line("C05D"), expected_allowed_usd="11945.20", lag_effect_usd="304.80")
    line = site.line("C05E")
    says(line, expected_allowed_usd="12250.00", lag_effect_usd="0.00", gap_usd="304.80")


for number, plan in (("C06A", CAPS_LINES), ("C06B", CAPS_CLAIMS)):
    CHEAP, INJECTION = drug(charge="60.00"), drug("96372", 1, "150.00")
    MAIL.bill(number, CHEAP, INJECTION, plan=plan)
    MAIL.pay(MAR_1, answer(number, allowed(CHEAP, "60.00"), allowed(INJECTION, "40.00")), plan=plan)


def test_charge_below_contract_under_a_line_clause_is_the_practice_s_own_loss(site):
    line, injection = site.line("C06A"), site.outcome("C06A", 2)
    says(line, expected_allowed_usd="60.00", gap_usd="0.00", charge_limited_usd="6.83")
    says(line, shortfall_usd="0.00", ask_usd="0.00")
    says(injection, expected_allowed_usd="40.00", allowed_usd="40.00", outcome="paid")


def test_claim_clause_looks_at_the_claim_and_leaves_the_line_short(site):
    # A line clause in its place would call the claim paid in full.
    line = site.line("C06B")
    says(line, expected_allowed_usd="66.83", gap_usd="6.83", shortfall_usd="6.83")
    says(line, charge_limited_usd="0.00", match_basis=None)


for number, paid in (("C06C", ("50.00", "40.00")), ("C06D", ("60.00", "30.00"))):
    CHEAP, INJECTION = drug(charge="60.00"), drug("96372", 1, "30.00")
    MAIL.bill(number, CHEAP, INJECTION, plan=CAPS_CLAIMS)
    ANSWERS = (allowed(CHEAP, paid[0]), answered(INJECTION, paid_units=1))
    MAIL.pay(MAR_1, answer(number, *ANSWERS), plan=CAPS_CLAIMS)


def test_claim_cap_that_takes_something_is_spread_by_the_amounts_at_the_rate(site):
    # 90.00 over 66.83 and 40.00: 56.30 and 33.70.
    line, injection = site.line("C06C"), site.outcome("C06C", 2)
    says(line, expected_allowed_usd="56.30", charge_limited_usd="10.53", gap_usd="6.30")
    says(
        line, pricing_basis="priced: 90 x 0.7425 (term caps_claims:J1324), cut from 66.83 by the "
        "claim's charges",
    )  # fmt: skip
    says(injection, expected_allowed_usd="33.70")


def test_capped_claim_paid_in_full_matches_however_the_payer_spread_it(site):
    line = site.line("C06D")
    says(line, allowed_usd="60.00", expected_allowed_usd="56.30", match_basis="claim")
    says(line, gap_usd="-3.70", pair_offset_usd="-3.70", overpaid_usd="0.00", ask_usd="0.00")


GIVEN, ALSO = drug(charge="60.00"), drug(units=60, charge="40.00")
# 66.83 and 44.55 at contract, 100.00 charged: 60.00 and 40.00 of it.
for number, paid in (
    ("CAP-SHORT", ("50.00", "43.00")),
    ("CAP-OVER", ("58.00", "47.00")),
    ("CAP-BOTH-SHORT", ("50.00", "39.00")),
):
    MAIL.bill(number, GIVEN, ALSO, plan=CAPS_CLAIMS)
    ANSWERS = tuple(allowed(line, usd) for line, usd in zip((GIVEN, ALSO), paid, strict=True))
    MAIL.pay(MAR_1, answer(number, *ANSWERS), plan=CAPS_CLAIMS)


def test_under_a_claim_cap_what_is_short_is_what_the_claim_is_short(site):
    first, second = (site.line("CAP-SHORT", number) for number in (1, 2))
    says(first, gap_usd="10.00", shortfall_usd="7.00", pair_offset_usd="3.00", match_basis=None)
    says(second, gap_usd="-3.00", overpaid_usd="0.00", pair_offset_usd="-3.00")
    says(second, match_basis="claim", outcome="paid")
    says(first, expected_allowed_usd="60.00", payer_owed_usd="7.00", ask_usd="7.00")
    causes = site.table("underpayment_causes").filter(claim_id="CAP-SHORT")
    assert total(causes, "gap_usd") == "7.00"


def test_under_a_claim_cap_what_is_too_much_is_what_the_claim_got_too_much(site):
    first, second = (site.line("CAP-OVER", number) for number in (1, 2))
    says(first, gap_usd="2.00", shortfall_usd="0.00", pair_offset_usd="2.00", match_basis="claim")
    says(second, gap_usd="-7.00", overpaid_usd="5.00", pair_offset_usd="-2.00", match_basis=None)


def test_lines_of_a_cap_that_are_all_short_keep_each_its_own_gap(site):
    first, second = (site.line("CAP-BOTH-SHORT", number) for number in (1, 2))
    says(first, gap_usd="10.00", shortfall_usd="10.00", pair_offset_usd="0.00")
    says(second, gap_usd="1.00", shortfall_usd="1.00", pair_offset_usd="0.00")


MAIL.settle(
    "C15",
    drug(),
    allowed(drug(), "6.68", cas("PR-2", "1.34"), paid_units=9, original_units=90),
)


def test_units_cut_on_the_remit_are_priced_as_billed(site):
    line = site.line("C15")
    # Priced on the nine units of the remit nothing would be missing.
    says(line, billed_units="90.000", paid_units="9.000", expected_allowed_usd="66.83")
    says(line, outcome="paid", gap_usd="60.15", shortfall_usd="60.15")
    says(line, patient_owed_usd="12.03", payer_owed_usd="48.12")


MAIL.settle("C20", drug(units=50), allowed(drug(units=50), "30.87"), plan=TIES)


def test_product_is_rounded_once_at_the_line_half_away_from_zero(site):
    # Floats and half-even give 30.86; rounding the unit price first gives 31.00.
    says(site.line("C20", payer_id="ties"), expected_allowed_usd="30.87", gap_usd="0.00")


PADCEV = drug("J9177", 410, "45000.00", service_date=date(2025, 11, 10))
MAIL.settle("C28", PADCEV, allowed(PADCEV, "15064.63", paid_units=None), plan=LIMIT)


def test_absent_unit_count_means_nothing(site):
    line = site.line("C28")
    # Read as one unit paid, 15,027.89 would be missing.
    says(line, expected_allowed_usd="15064.63", gap_usd="0.00", paid_units=None)


MAIL.settle("C30A", PADCEV, allowed(PADCEV, "15666.10"), plan=ABOVE_LIMIT)
MAIL.settle("C30B", PADCEV, allowed(PADCEV, "15666.10"), plan=ROUNDS)


def test_payer_that_rounds_the_unit_price_without_a_clause_for_it_is_short(site):
    line = site.line("C30A")
    says(line, expected_allowed_usd="15667.22", gap_usd="1.12", shortfall_usd="1.12")
    says(
        line,
        pricing_basis="priced: 410 x 36.743 (J9177 limit 2025Q4, published 2025-09-17) x 104%",
    )


def test_payer_whose_contract_rounds_the_unit_price_is_at_contract(site):
    line = site.line("C30B")
    says(line, expected_allowed_usd="15666.10", gap_usd="0.00", shortfall_usd="0.00")
    says(
        line,
        pricing_basis="priced: 410 x 36.743 (J9177 limit 2025Q4, published 2025-09-17) x 104%, "
        "unit price rounded to 38.21",
    )


# Without a quantity the denied units follow the charge: 162 of 180 dollars, 81 of 90 units.
for number, denied_units in (("C33", 81), ("C33NOQTY", None)):
    CUTS = cas("CO-151", "162.00", denied_units), cas("CO-45", "11.32")
    MAIL.settle(number, drug(), answered(drug(), *CUTS, paid_units=9, original_units=90))


@pytest.mark.parametrize("number", ["C33", "C33NOQTY"])
def test_partial_denial_takes_its_part_of_the_gap_first_and_no_dollar_is_in_both(site, number):
    line = site.line(number)
    says(line, outcome="partly_denied", allowed_usd="6.68", gap_usd="60.15")
    says(line, denied_expected_usd="60.14", shortfall_usd="0.01", paid_units="9.000")
    says(line, denial_class="dosage_or_units", final_reason="CO-151")


MAIL.settle("C34", drug(), allowed(drug(), "57.20", paid_units=80, original_units=90))


def test_units_and_price_wrong_together_leave_one_gap(site):
    line = site.line("C34")
    says(line, gap_usd="9.63", shortfall_usd="9.63", paid_units="80.000")


MAIL.settle("OVER", drug(), allowed(drug(), "71.83"))
MAIL.settle("SHORT", drug(), allowed(drug(), "61.83"))


def test_overpaid_line_never_offsets_an_underpaid_one(site):
    says(site.line("OVER"), overpaid_usd="5.00", shortfall_usd="0.00", ask_usd="0.00")
    says(site.line("SHORT"), overpaid_usd="0.00", shortfall_usd="5.00", ask_usd="5.00")
    lines, months = site.table("drug_line_outcomes"), site.table("payer_drug_months")
    for column in ("shortfall_usd", "overpaid_usd", "ask_usd"):
        assert total(months, column) == total(lines, column)


MAIL.settle("PENNY", drug(), allowed(drug(), "66.82"))


def test_one_cent_is_a_match_and_is_published_as_a_penny(site):
    says(site.line("PENNY"), gap_usd="0.01", penny_usd="0.01", shortfall_usd="0.00")
    says(site.line("PENNY"), match_basis="line", ask_usd="0.00")


MAIL.settle("PR45", drug(), answered(drug(), cas("PR-45", "113.17"), cas("PR-2", "13.37")))


def test_charge_above_contract_put_on_the_patient_is_balance_billing_not_patient_share(site):
    line = site.line("PR45")
    # Read as patient share it would allow 180.00 and call 113.17 overpaid.
    says(line, allowed_usd="66.83", patient_usd="13.37", balance_bill_usd="113.17")
    says(line, outcome="paid", gap_usd="0.00", overpaid_usd="0.00")


MAIL.settle("DEDUCT", drug(), allowed(drug(), "66.83", cas("PR-1", "66.83")))
MAIL.settle("DEDUCT2", drug(), allowed(drug(), "64.35", cas("PR-1", "64.35")))


def test_nothing_paid_because_of_the_deductible_is_paid(site):
    line = site.line("DEDUCT")
    says(line, outcome="paid", paid_usd="0.00", deductible_usd="66.83", allowed_usd="66.83")
    says(line, gap_usd="0.00", denied_expected_usd="0.00")


def test_shortfall_of_a_line_wholly_in_the_deductible_is_the_patient_s_not_the_payer_s(site):
    line = site.line("DEDUCT2")
    says(line, shortfall_usd="2.48", patient_owed_usd="2.48", payer_owed_usd="0.00", ask_usd="0.00")


MAIL.settle(
    "CUT",
    drug(),
    allowed(drug(), "66.83", cas("PR-2", "13.37"), cas("CO-253", "1.07")),
    plan=NO_CUTS,
)


def test_sequestration_taken_by_a_plan_whose_contract_grants_none_is_asked_back(site):
    line = site.line("CUT")
    # The cut is in the cheque, not in the allowed amount: no gap, and no silence either.
    says(line, paid_usd="52.39", allowed_usd="66.83", gap_usd="0.00", shortfall_usd="0.00")
    says(line, payment_only_usd="1.07", unsupported_cut_usd="1.07", ask_usd="1.07")


GIVEN_BACK = drug(service_date=date(2026, 2, 11))
for number, usd in (("SENT-SOME", "67.40"), ("SENT-MORE", "68.00")):
    share = "13.48" if number == "SENT-SOME" else "13.60"
    MAIL.settle(
        number,
        GIVEN_BACK,
        allowed(GIVEN_BACK, usd, cas("PR-2", share), cas("CO-253", "1.07")),
        plan=NO_CUTS,
    )


def test_cut_is_asked_back_only_above_what_the_same_line_was_overpaid(site):
    # 67.40 - 66.83 = 0.57 too much, 1.07 cut from the cheque: 0.50 is still owed.
    some, more = site.line("SENT-SOME"), site.line("SENT-MORE")
    says(some, overpaid_usd="0.57", unsupported_cut_usd="1.07", ask_usd="0.50")
    # 68.00 - 66.83 = 1.17: the payer sent more than it cut.
    says(more, overpaid_usd="1.17", unsupported_cut_usd="1.07", ask_usd="0.00")
    says(more, payer_owed_usd="0.00", past_window_usd="0.00")


MAIL.settle("LATE", drug(), at_old_rate(drug()), plan=CLOSED)


def test_shortfall_past_the_payer_s_look_back_is_shown_but_not_asked(site):
    line = site.line("LATE")
    says(line, shortfall_usd="2.48", payer_owed_usd="1.98", past_window_usd="1.98", ask_usd="0.00")
