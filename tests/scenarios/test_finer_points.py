"""The last day of a term, the second modifier, an NDC with hyphens: where one sign decides."""

from datetime import date

import pytest
from scenario_site import (
    ALDER,
    BIRCH,
    MAR_1,
    MEDICARE,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    answered,
    at_contract,
    base_terms,
    cas,
    drug,
    payers,
    pays_waste,
    publish,
    says,
    term,
)

from analytics.synthetic.x12_writer import ProviderAdjustment

LIMIT = Plan("limit")
EDGE = Plan("edge", look_back_days=183)
SPRING_2022 = date(2022, 5, 10)
LAST_DAY = date(2026, 2, 28)
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    lapsed = term(BIRCH, "J1324", "0.7425", effective_through=str(LAST_DAY))
    of_medicare = term(MEDICARE, "J9355", "0.7425", effective_from="2018-01-01")
    at_limit = term(LIMIT, "*", "100", method="pct_of_limit")
    reference = {
        **payers(ALDER, BIRCH, EDGE, LIMIT, MEDICARE),
        "contract_terms": [*base_terms(), *base_terms(EDGE), lapsed, at_limit, of_medicare],
        "payer_policies": [pays_waste(LIMIT), pays_waste(MEDICARE, pays_waste="no")],
    }
    return publish(tmp_path_factory.mktemp("finer") / "site", MAIL, reference)


ON_LAST_DAY = drug(service_date=LAST_DAY)
DAY_AFTER = drug(service_date=MAR_1)
MAIL.settle("LAST-DAY", ON_LAST_DAY, at_contract(ON_LAST_DAY), plan=BIRCH)
MAIL.settle("DAY-AFTER", DAY_AFTER, at_contract(DAY_AFTER), plan=BIRCH)


def test_term_prices_its_last_day_and_not_the_day_after(site):
    says(site.line("LAST-DAY"), expected_allowed_usd="66.83", gap_usd="0.00")
    says(site.line("DAY-AFTER"), expected_allowed_usd=None, pricing_basis="not priced: no term")


GIVEN = drug("J9177", 410, "45000.00")
THROWN = drug("J9177", 30, "3300.00", modifiers=("TB", "JW"))
MAIL.bill("SECOND", GIVEN, THROWN, plan=LIMIT)


def test_waste_modifier_in_the_second_place_is_waste(site):
    says(site.line("SECOND", 2), is_waste_line=True)
    says(site.waste("SECOND"), administered_units="410.000", billed_waste_units="30.000")


HYPHENS = drug("J1324", 100, "40000.00", ndc="51144-020-01")
MAIL.bill("HYPHENS", HYPHENS, plan=LIMIT)


def test_ndc_written_with_hyphens_is_padded_in_its_middle(site):
    says(site.line("HYPHENS"), ndc11="51144002001", has_unknown_ndc=False)


BASE = drug()
MAIL.bill("RANK", BASE)
MAIL.pay(MAR_1, answer("RANK", at_contract(BASE), status="2"))


def test_claim_sent_as_primary_stays_primary_whatever_the_payer_calls_it(site):
    says(site.line("RANK"), payer_rank="primary", outcome="paid", gap_usd="0.00")


MAIL.bill("TWO-PAYERS", BASE)
MAIL.bill("TWO-PAYERS", BASE, plan=BIRCH)
PAID = answer("TWO-PAYERS", at_contract(BASE), payer_control_number="ICN-A")
TAKEN_BACK = answer(
    "TWO-PAYERS",
    answered(
        drug(charge="-180.00"), cas("CO-45", "-113.17"), cas("PR-2", "-13.37"), paid_units=-90
    ),
    status="22",
    payer_control_number="ICN-B",
)
MAIL.pay(MAR_1, PAID)
MAIL.pay(
    date(2026, 3, 20),
    TAKEN_BACK,
    plan=BIRCH,
    provider_adjustments=(ProviderAdjustment("FB", "FORWARD", "-53.46"),),
)


def test_reversal_of_one_payer_never_cancels_the_payment_of_another(site):
    says(site.line("TWO-PAYERS", payer_id="alder"), outcome="paid", allowed_usd="66.83")
    says(site.line("TWO-PAYERS", payer_id="birch"), outcome="open", allowed_usd="0.00")


MAIL.bill("OWN-POLICY", GIVEN, plan=MEDICARE)


def test_policy_of_the_payer_itself_stands_before_the_one_for_all_medicare(site):
    says(site.waste("OWN-POLICY"), finding="not_paid_by_policy", leakage_usd="0.00")


MAIL.settle("ONE-CENT", BASE, allowed(BASE, "66.82"))
MAIL.settle("TWO-CENTS", BASE, allowed(BASE, "66.81"))


def test_one_cent_is_a_match_and_two_cents_are_short(site):
    says(site.line("ONE-CENT"), shortfall_usd="0.00", penny_usd="0.01", match_basis="line")
    says(site.line("TWO-CENTS"), shortfall_usd="0.02", penny_usd="0.00", match_basis=None)


MAIL.bill("EDGE", BASE, plan=EDGE)
MAIL.pay(MAR_1, answer("EDGE", allowed(BASE, "60.00")), plan=EDGE)


def test_look_back_window_is_open_on_its_last_day(site):
    # Paid on 1 March, 183 days before the as-of date.
    says(site.line("EDGE"), shortfall_usd="6.83", past_window_usd="0.00", ask_usd="6.83")


IN_SPRING = drug("J9355", service_date=SPRING_2022)
CUT_BY_TWO = allowed(IN_SPRING, "66.83", cas("PR-2", "13.37"), cas("CO-253", "1.07"))
MAIL.settle("SPRING", IN_SPRING, CUT_BY_TWO, plan=MEDICARE)


def test_sequestration_was_one_percent_in_spring_2022(site):
    # 1% of 53.46 is 0.53; what is cut beyond it is asked for.
    says(site.line("SPRING"), sequestration_usd="1.07", unsupported_cut_usd="0.54")
