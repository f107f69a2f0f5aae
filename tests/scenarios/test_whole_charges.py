"""Token charges, whole charges, milligrams of another drug, denials before the first payment."""

from dataclasses import replace
from datetime import date

import pytest
from causes_site import NOV_10, causes_of, detail_of, of_limit
from scenario_site import (
    MEDICARE,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    answered,
    cas,
    drug,
    payers,
    publish,
    says,
)

LIMIT = Plan("limit")
CAPPED = Plan("capped")
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(LIMIT, CAPPED, MEDICARE),
        "contract_terms": [
            of_limit(LIMIT, "100"),
            of_limit(CAPPED, "100", charge_cap="line"),
            of_limit(MEDICARE, "100"),
        ],
    }
    return publish(tmp_path_factory.mktemp("charges") / "site", MAIL, reference)


# 9.1: 410 units are 15,064.63 at the limit.
for number, charge in (("PENNY", "0.01"), ("DOLLAR", "1.00"), ("MORE", "1.01")):
    FREE = drug("J9177", 410, charge, service_date=NOV_10)
    MAIL.settle(number, FREE, answered(FREE), plan=LIMIT)


def test_drug_billed_at_a_token_charge_is_not_compared(site):
    token = {"gap_usd": None, "ask_usd": "0.00", "gap_basis": "not compared: token charge"}
    says(site.line("PENNY"), **token)
    says(site.line("DOLLAR"), **token)
    says(site.line("MORE"), gap_usd="15063.62")


# 16.9: the charge of 10,001.37 is below the contract's 15,064.63.
BELOW = drug("J9177", 410, "10001.37", service_date=NOV_10)
MAIL.settle("WHOLE", BELOW, answered(BELOW), plan=LIMIT)
MAIL.settle("WHOLE_CENT", BELOW, allowed(BELOW, "10001.36"), plan=LIMIT)
MAIL.settle("WHOLE_NEAR", BELOW, allowed(BELOW, "10001.35"), plan=LIMIT)
MAIL.settle("WHOLE_CAPPED", BELOW, answered(BELOW), plan=CAPPED)


def test_whole_charge_allowed_names_the_lesser_of_clause(site):
    assert causes_of(site, "WHOLE") == [("rate_difference", "5063.26")]
    assert detail_of(site, "WHOLE", "rate_difference") == (
        "the whole charge was allowed: a lesser-of clause that is not on file "
        "would make this 0.00"
    )  # fmt: skip
    assert causes_of(site, "WHOLE_CENT") == [("rate_difference", "5063.27")]
    assert causes_of(site, "WHOLE_NEAR") == [("unexplained", "5063.28")]
    says(site.line("WHOLE_CAPPED"), gap_usd="0.00")


# 9.8: a unit of J9177 is 0.25 mg, one of J9271 is 1 mg of another drug.
FULL = drug("J9177", 410, "45000.00", service_date=NOV_10)
MAIL.settle(
    "OTHER_DRUG",
    FULL,
    replace(
        allowed(FULL, "24600.00"),
        hcpcs="J9271",
        original_hcpcs="J9177",
        original_units=410,
    ),
    plan=LIMIT,
)


def test_milligrams_of_another_drug_are_not_units_of_this_one(site):
    assert site.line("OTHER_DRUG")["paid_units"] is None
    assert "units_reduced" not in dict(causes_of(site, "OTHER_DRUG"))


# 8.5: CMS restated J1454 of 2024Q1 from 173.545 to 694.178.
FOSNETU = drug("J1454", 1, "2000.00", service_date=date(2024, 2, 5))
FIRST_DAY, LATER_DAY = date(2024, 2, 25), date(2024, 12, 20)
DENIAL = answered(FOSNETU, cas("CO-16", "2000.00"))
for number, first in (("DENIED", DENIAL), ("PAID", allowed(FOSNETU, "173.55"))):
    MAIL.bill(number, FOSNETU, plan=MEDICARE)
    MAIL.pay(FIRST_DAY, answer(number, first), plan=MEDICARE, file=f"{number}_first.835")
MAIL.pay(LATER_DAY, answer("DENIED", allowed(FOSNETU, "694.18"), payer_control_number="LATER"),
         plan=MEDICARE, file="later.835")  # fmt: skip


def test_first_payment_is_the_first_that_allowed_something(site):
    says(site.line("DENIED"), expected_allowed_usd="694.18", gap_usd="0.00")
    says(site.outcome("DENIED"), first_paid_date=FIRST_DAY)
    says(site.line("PAID"), expected_allowed_usd="173.55")
