"""Whose the money is: shares that took all, a house code's copayment, bills by the stay.

Payment limits are rows of the shipped reference, published by CMS.
"""

from dataclasses import replace
from datetime import date

import pytest
from causes_site import causes_of, detail_of, of_limit, padcev
from scenario_site import (
    ALDER,
    MEDICARE,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    answered,
    base_terms,
    cas,
    drug,
    payers,
    publish,
    says,
    term,
)

JULY, AUGUST = date(2026, 7, 14), date(2026, 8, 1)
NAMELESS = Plan("nameless")
LISTED = Plan("listed")
CODES = Plan("codes")
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(ALDER, MEDICARE, NAMELESS, LISTED, CODES),
        "contract_terms": [
            *base_terms(),
            of_limit(MEDICARE, "100"),
            term(NAMELESS, "J9177", "40.00", contract_id=""),
            term(NAMELESS, "*", "46", method="pct_of_charge", contract_id="", term_id="share"),
            term(LISTED, "*", "33.333", method="awp_minus"),
            term(CODES, "*", "3", method="wac_plus"),
            term(CODES, "J9177", "104", method="pct_of_limit"),
            term(CODES, "J9299", "12.50"),
        ],
        "list_prices": [
            # By the package: of milligrams whatever its code, of units only whose they are.
            list_price("awp", "151.333333", "mg", hcpcs="J9177", ndc11="51144003001"),
            list_price("awp", "38.00", "unit", hcpcs="J9177", ndc11="51144002001"),
            list_price("awp", "1.25", "unit", hcpcs="J1324"),
            list_price("wac", "1.40", "unit", hcpcs="J1324"),
        ],
        "opps_status": [
            {
                "effective_from": "2026-07-01",
                "hcpcs": "J9177",
                "status_indicator": "K",
                "payment_rate": "36.658",
                "adjusted_copayment": "7.13",
                "published_on": "2026-06-25",
                "source": "made up",
            }
        ],
    }
    return publish(tmp_path_factory.mktemp("shares") / "site", MAIL, reference)


def list_price(kind: str, price: str, per: str, **key: str) -> dict[str, str]:
    """A price the site looked up, in force since 2018."""
    return {"price_kind": kind, "price": price, "per": per, "effective_from": "2018-01-01", **key}


for number, reason in (("COPAY", "PR-3"), ("SPEND_DOWN", "PR-142"), ("COINSURANCE", "PR-2")):
    MAIL.settle(number, drug(), allowed(drug(), "64.35", cas(reason, "64.35")))
MAIL.settle("NEARLY", drug(), allowed(drug(), "64.35", cas("PR-3", "64.34")))


@pytest.mark.parametrize("number", ["COPAY", "SPEND_DOWN", "COINSURANCE"])
def test_share_that_took_all_that_was_allowed_takes_the_shortfall_too(site, number):
    line = site.line(number)
    # Asked of the payer, 2.48 would be owed by somebody who was to pay nothing.
    says(line, shortfall_usd="2.48", patient_owed_usd="2.48", payer_owed_usd="0.00")
    says(line, paid_usd="0.00", ask_usd="0.00")


def test_share_that_left_a_cent_leaves_the_shortfall_with_the_payer(site):
    says(site.line("NEARLY"), shortfall_usd="2.48", payer_owed_usd="2.48", paid_usd="0.01")


COUNTLESS = allowed(drug(), "64.35", cas("PR-2", "12.87"), paid_units=0, original_units=90)
MAIL.settle("COUNTLESS", drug(), COUNTLESS)


def test_count_of_zero_on_a_paid_line_states_nothing(site):
    says(site.line("COUNTLESS"), paid_units=None, shortfall_usd="2.48")
    # Believed, 66.83 would be missing for units and 64.35 paid for nothing.
    assert causes_of(site, "COUNTLESS") == [("superseded_term", "2.48")]


def hospital(number: str, line, paid, bill: str = "13") -> None:
    MAIL.bill(number, line, plan=MEDICARE, claim_type="institutional", place_of_service=bill)
    MAIL.pay(AUGUST, answer(number, paid, place_of_service=bill), plan=MEDICARE)


HOUSE = drug("J1324", 100, "45000.00", service_date=JULY, revenue_code="0636")
CUT = cas("PR-2", "2852.00"), cas("CO-253", "236.22")
hospital("HOUSE", HOUSE, allowed(HOUSE, "14663.20", *CUT))
SHORT = cas("PR-2", "2852.00"), cas("CO-253", "222.96")
hospital("HOUSE_SHORT", HOUSE, allowed(HOUSE, "14000.00", *SHORT))


def test_copayment_of_a_house_code_is_of_its_milligrams_as_its_price_is(site):
    says(site.line("HOUSE"), expected_allowed_usd="14663.20", gap_usd="0.00")
    row = site.row("medicare_payments", claim_id="HOUSE")
    # 7.13 for each of 100 units would be 713.00, and the cheque 2,096.22 too small.
    says(row, payment_check="agrees", expected_patient_usd="2852.00", difference_usd="0.00")
    assert "copayment of 28.52 a unit (2852.00)" in row["check_basis"]
    line = site.line("HOUSE_SHORT")
    says(line, shortfall_usd="663.20", patient_owed_usd="0.00", payer_owed_usd="663.20")


KEYTRUDA = drug("J9271", 200, "30000.00", service_date=JULY, revenue_code="0636")
for bill in ("11", "72", "13"):
    hospital(f"BILL_{bill}", KEYTRUDA, answered(KEYTRUDA, cas("CO-45", "30000.00")), bill)


@pytest.mark.parametrize("bill", ["11", "72"])
def test_drug_of_a_stay_or_a_bundle_is_not_priced_by_the_limit(site, bill):
    line = site.line(f"BILL_{bill}")
    # Paid with the stay: 12,129.00 would be at stake for nothing.
    says(line, denied_expected_usd=None, expected_allowed_usd=None, shortfall_usd="0.00")
    says(line, pricing_basis=f"not priced: type of bill {bill} is not paid by the drug")


def test_drug_of_an_outpatient_bill_is_at_stake(site):
    says(site.line("BILL_13"), outcome="zero_no_reason", denied_expected_usd="12129.00")


MAIL.settle("NAMELESS", padcev(), allowed(padcev(), "20700.00"), plan=NAMELESS)


def test_rows_without_a_contract_are_of_one_contract(site):
    # 46% of 45,000.00 charged, not 410 x 40.00.
    assert causes_of(site, "NAMELESS") == [("superseded_term", "-4300.00")]
    assert "term share (pct_of_charge 46" in detail_of(site, "NAMELESS", "superseded_term")


def packed(number: str, hcpcs: str, ndc: str, allows: str) -> None:
    line = drug(hcpcs, 1, "500.00", ndc=ndc, ndc_quantity=1, service_date=JULY)
    MAIL.settle(number, line, allowed(line, allows), plan=LISTED)


packed("PER_MG", "J1324", "51144003001", "100.89")
packed("PER_UNIT", "J1324", "51144002001", "101.33")


def test_list_price_of_a_package_is_found_whatever_code_stands_beside_it(site):
    # By the code J1324 it would be 1.25 x 66.667% = 0.83.
    says(site.line("PER_MG"), expected_allowed_usd="100.89", gap_usd="0.00")
    # 38.00 a unit of J9177 is 152.00 a milligram, and the house code's unit is one.
    says(site.line("PER_UNIT"), expected_allowed_usd="101.33", gap_usd="0.00")


OPDIVO = drug("J9299", 9, "4000.00", service_date=JULY)
AS_PADCEV = replace(allowed(OPDIVO, "1807.63"), hcpcs="J1324", original_hcpcs="J9299")
MAIL.settle("RECODED", OPDIVO, AS_PADCEV, plan=CODES)


def test_answer_under_a_code_that_the_contract_names_by_another_ends_the_ladder(site):
    # `wac_plus *` does not price J1324 while a row names J9177: all of the rest is the code's.
    assert causes_of(site, "RECODED") == [("recoded", "-1695.13")]
    assert detail_of(site, "RECODED", "recoded") == (
        "J1324 is not priced: code replaced, term names J9177"
    )
