"""What is left of a line when the payer speaks of the claim: amounts spread to the cent."""

from decimal import Decimal

import pytest
from scenario_site import (
    ALDER,
    MAR_1,
    Mail,
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

MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    flat = [term(ALDER, hcpcs, "1.00") for hcpcs in ("J9271", "J1745", "J9177")]
    reference = {**payers(ALDER), "contract_terms": [*base_terms(), *flat]}
    return publish(tmp_path_factory.mktemp("spread") / "site", MAIL, reference)


THREE = [drug(hcpcs, 100, "100.00") for hcpcs in ("J9271", "J1745", "J9177")]
MAIL.bill("TIES", *THREE)
MAIL.pay(
    MAR_1,
    answer("TIES", *(answered(line) for line in THREE), adjustments=(cas("PR-1", "100.00"),)),
)


def test_claim_deductible_over_three_equal_lines_gives_the_odd_cent_to_the_first(site):
    lines = [site.line("TIES", number) for number in (1, 2, 3)]
    # A share rounded line by line, 33.33 each, would lose a cent.
    assert [str(line["deductible_usd"]) for line in lines] == ["33.34", "33.33", "33.33"]
    assert [str(line["paid_usd"]) for line in lines] == ["66.66", "66.67", "66.67"]
    for line in lines:
        says(line, allowed_usd="100.00", outcome="paid", gap_usd="0.00")


UNEVEN = [drug(), drug("96372", 1, "150.00")]
MAIL.bill("CUT", *UNEVEN)
MAIL.pay(
    MAR_1,
    answer(
        "CUT",
        answered(UNEVEN[0], cas("CO-45", "113.17")),
        answered(UNEVEN[1], cas("CO-45", "110.00")),
        adjustments=(cas("CO-253", "2.14"),),
    ),
)


def test_claim_level_cut_is_spread_by_what_each_line_was_paid(site):
    # 2.14 x 66.83 / 106.83 = 1.3387 and 0.8013: both are cut in cents, none is lost.
    says(site.line("CUT"), payment_only_usd="1.34", paid_usd="65.49", allowed_usd="66.83")
    says(site.outcome("CUT", 2), payment_only_usd="0.80", paid_usd="39.20", allowed_usd="40.00")
    says(site.line("CUT"), gap_usd="0.00", unsupported_cut_usd="1.34")


MAIL.bill("NOSVC", drug())
MAIL.pay(
    MAR_1,
    answer(
        "NOSVC",
        charge_usd="180.00",
        paid_usd="53.46",
        adjustments=(cas("CO-45", "113.17"), cas("PR-2", "13.37")),
    ),
)


def test_claim_answered_without_lines_is_compared_through_its_one_line(site):
    line = site.line("NOSVC")
    says(line, match_method="claim_level", allowed_usd="66.83", paid_usd="53.46", gap_usd="0.00")
    says(line, patient_usd="13.37", charge_usd="180.00", billed_units="90.000")


MAIL.bill("NOSVC2", *UNEVEN)
MAIL.pay(
    MAR_1,
    answer(
        "NOSVC2",
        charge_usd="330.00",
        paid_usd="85.46",
        adjustments=(cas("CO-45", "223.17"), cas("PR-2", "21.37")),
    ),
)


def test_claim_answered_without_lines_is_spread_by_charge_and_loses_no_cent(site):
    lines = [site.outcome("NOSVC2", number) for number in (1, 2)]
    assert [str(line["paid_usd"]) for line in lines] == ["46.61", "38.85"]
    assert [str(line["patient_usd"]) for line in lines] == ["11.66", "9.71"]
    assert sum((line["allowed_usd"] for line in lines), Decimal(0)) == Decimal("106.83")
    assert {line["match_method"] for line in lines} == {"claim_level"}


def test_claim_paid_to_contract_as_a_whole_accuses_no_line_of_its_split(site):
    # The claim was allowed 106.83 as the contract says; the split by charge is ours.
    says(site.line("NOSVC2"), shortfall_usd="0.00", ask_usd="0.00")


MAIL.bill("HALVES", drug(line_control_number="L1"))
MAIL.pay(
    MAR_1,
    answer(
        "HALVES",
        *(
            answered(
                drug(units=45, charge="90.00"),
                cas("CO-45", cut),
                original_units=45,
                line_control_number="L1",
            )
            for cut in ("56.58", "56.59")
        ),
    ),
)


def test_line_the_payer_splits_in_two_is_one_line_again(site):
    line = site.line("HALVES")
    says(line, paid_usd="66.83", paid_units="90.000", gap_usd="0.00", charge_usd="180.00")


OFF = answered(drug(), cas("CO-45", "100.00"), paid_usd="53.46")
MAIL.bill("OFF", drug())
MAIL.pay(MAR_1, answer("OFF", OFF, paid_usd="53.46"))


def test_line_whose_own_amounts_contradict_each_other_accuses_nobody(site):
    line = site.line("OFF")
    says(line, paid_usd="53.46", gap_usd=None, shortfall_usd="0.00", overpaid_usd="0.00")
    says(line, gap_basis="not compared: remit line does not balance")


def test_claim_denied_as_a_whole_denies_its_silent_lines_and_stops_no_other_claim(tmp_path):
    # The payer states the denial once, over lines that say 0.00 and nothing else: CLP balances.
    refused, mail = [drug(), drug("96372", 1, "150.00")], Mail()
    mail.bill("WHOLE", *refused)
    mail.settle("OTHER", drug(), at_contract(drug()))
    silent = (answered(line, paid_usd="0.00") for line in refused)
    stated = {"paid_usd": "0.00", "adjustments": (cas("CO-197", "330.00"),), "status": "4"}
    mail.pay(MAR_1, answer("WHOLE", *silent, **stated))
    site = publish(tmp_path / "site", mail, {**payers(ALDER), "contract_terms": base_terms()})
    says(site.line("OTHER"), gap_usd="0.00")
    says(site.line("WHOLE"), outcome="denied", final_reason="CO-197", allowed_usd="0.00")
    says(site.outcome("WHOLE", 2), outcome="denied", final_reason="CO-197", allowed_usd="0.00")
