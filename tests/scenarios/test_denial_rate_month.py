"""The denial rate of one payer-month of twenty remit records, and the rates it must not be.

Lines alone are counted here; `test_named_denials` has the rates by claim and by remit. The lines of
these claims give the same counts, since each claim has one drug line.
"""

from datetime import date

import pytest
from scenario_site import (
    ALDER,
    APR_1,
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

from analytics.measures.denials import denial_rate_by
from analytics.synthetic.x12_writer import reversal_of

CAPITATED = drug("J9271", 100, "500.00")
INJECTION = drug("96372", 1, "150.00")
REMIT_RECORDS = 20


def month() -> Mail:
    """Sixteen claims and their twenty answers."""
    mail, first, later = Mail(), [], []
    for number in range(1, 10):
        mail.bill(f"PAID{number}", drug())
        first.append(answer(f"PAID{number}", at_contract(drug())))
    mail.bill("BUNDLED", drug(), INJECTION)
    bundled = answered(INJECTION, cas("CO-97", "150.00"))
    first.append(answer("BUNDLED", at_contract(drug()), bundled))
    for number in (1, 2):
        mail.bill(f"DEDUCT{number}", drug())
        to_patient = answered(drug(), cas("CO-45", "113.17"), cas("PR-1", "66.83"))
        first.append(answer(f"DEDUCT{number}", to_patient))
    mail.bill("CAPITATED", CAPITATED)
    first.append(answer("CAPITATED", answered(CAPITATED, cas("CO-24", "500.00"))))
    twice = answered(drug(), cas("OA-18", "180.00"))
    later.append(answer("PAID1", twice, payer_control_number="ICN-AGAIN"))
    unauthorized = answered(drug(), cas("CO-197", "180.00"))
    for number in (1, 2):
        mail.bill(f"AUTH{number}", drug())
        first.append(answer(f"AUTH{number}", unauthorized, status="4"))
    later.append(reversal_of(answer("AUTH1", unauthorized)))
    later.append(answer("AUTH1", at_contract(drug()), payer_control_number="ICN2-AUTH1"))
    without_jz = answered(drug(), cas("CO-16", "180.00"), remark_codes=("N822",))
    mail.bill("NOJZ", drug())
    first.append(answer("NOJZ", without_jz, status="4"))
    fixed = drug(modifiers=("JZ",))
    resent = {"frequency": "7", "original_control_number": "ICN-NOJZ"}
    mail.bill("NOJZ", fixed, submitted_date=date(2026, 3, 10), **resent)
    later.append(answer("NOJZ", at_contract(fixed), payer_control_number="ICN2-NOJZ"))
    mail.pay(MAR_1, *first)
    mail.pay(APR_1, *later)
    assert len(first) + len(later) == REMIT_RECORDS
    return mail


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    capitation = term(ALDER, "J9271", "", method="capitated")
    reference = {**payers(ALDER), "contract_terms": [*base_terms(), capitation]}
    return publish(tmp_path_factory.mktemp("month") / "site", month(), reference)


def rate(site: Published, definition: str, table: str = "claim_line_outcomes") -> dict:
    lines = site.table(table).lazy()
    return denial_rate_by(lines, by="payer_id", definition=definition).collect().row(0, named=True)


@pytest.mark.parametrize("table", ["claim_line_outcomes", "drug_line_outcomes"])
def test_three_of_fifteen_lines_were_denied_at_first(site, table):
    found = rate(site, "line_initial", table)
    # Zero-allowed records would be 6 of 20 (30.00%), paid nothing 8 of 20 (40.00%).
    says(found, denied_lines=3, adjudicated_lines=15, denied_charge_usd="540.00")
    assert round(found["denial_rate"], 4) == 0.2
    assert [round(100 * found[name], 2) for name in ("interval_low", "interval_high")] == [
        7.05, 45.19
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["claim_line_outcomes", "drug_line_outcomes"])
def test_one_of_fifteen_lines_is_denied_in_the_end(site, table):
    found = rate(site, "line_final", table)
    # Remit lines would give 7 of 21 (33.33%).
    says(found, denied_lines=1, adjudicated_lines=15, denied_expected_usd="66.83")
    assert round(found["denial_rate"], 4) == 0.0667
    assert [round(100 * found[name], 2) for name in ("interval_low", "interval_high")] == [
        1.19, 29.82
    ]  # fmt: skip


def test_two_of_the_three_denials_were_overturned(site):
    for claim_id in ("AUTH1", "NOJZ"):
        says(site.line(claim_id), initial_outcome="denied", outcome="paid", gap_usd="0.00")
    says(site.line("AUTH2"), initial_outcome="denied", outcome="denied")


def test_what_is_no_denial_is_in_neither_side_of_the_rate(site):
    says(site.line("CAPITATED"), outcome="suppressed", initial_outcome="suppressed")
    says(site.outcome("BUNDLED", 2), outcome="bundled", initial_outcome="bundled")
    says(site.line("PAID1"), outcome="paid", charge_usd="180.00")
    for number in (1, 2):
        says(site.line(f"DEDUCT{number}"), outcome="paid", initial_outcome="paid")


def test_every_claim_is_counted_once(site):
    # Sixteen drug lines and the bundled injection, out of twenty records.
    assert site.table("claim_line_outcomes").height == 17
    assert site.table("drug_line_outcomes").height == 16
