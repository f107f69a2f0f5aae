"""What was known on the day: amendments, restated limits, and which drug a code means.

A figure may differ between two as-of dates, and then each is right for what was on file.
"""

from datetime import date

import pytest
from scenario_site import (
    ALDER,
    Mail,
    Plan,
    Published,
    allowed,
    at_contract,
    base_terms,
    drug,
    payers,
    publish,
    refreshed,
    says,
    term,
)

FIRST = Plan("first")
LATEST = Plan("latest")
NO_WORD = Plan("no_word")
GUIDE = Plan("guide")
OFFICE = Plan("office")
PADCEV_NDC = "51144002001"
KEYTRUDA_NDC = "00006302602"
NOVEMBER = date(2025, 11, 10)
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    at_limit = {"method": "pct_of_limit"}
    reference = {
        **payers(ALDER, FIRST, LATEST, NO_WORD, GUIDE, OFFICE),
        "contract_terms": [
            *base_terms(),
            term(FIRST, "J1454", "100", price_vintage="first", **at_limit),
            term(LATEST, "J1454", "100", price_vintage="latest", **at_limit),
            term(NO_WORD, "J1454", "100", **at_limit),
            term(GUIDE, "*", "104", **at_limit),
            term(OFFICE, "J1324", "0.7425"),
        ],
    }
    return publish(tmp_path_factory.mktemp("days") / "site", MAIL, reference)


NETUPITANT = drug("J1454", 1, "900.00", service_date=date(2024, 2, 6))
for plan in (FIRST, LATEST, NO_WORD):
    MAIL.settle(f"C26-{plan.payer_id}", NETUPITANT, allowed(NETUPITANT, "173.55"), plan=plan)


def test_restated_limit_accuses_only_the_payer_held_to_the_latest_vintage(site):
    # REAL: 173.545 published 2023-12-12, 694.178 later.
    says(site.line("C26-first"), expected_allowed_usd="173.55", gap_usd="0.00")
    says(site.line("C26-latest"), expected_allowed_usd="694.18", shortfall_usd="520.63")
    says(site.line("C26-no_word"), expected_allowed_usd="173.55", gap_usd="0.00")


def test_restatement_not_yet_published_accuses_nobody(site):
    before = refreshed(site.folder.root, as_of=date(2024, 10, 31))
    for claim_id in ("C26-first", "C26-latest", "C26-no_word"):
        says(before.line(claim_id), expected_allowed_usd="173.55", gap_usd="0.00")


HOUSE = drug(units=100, charge="45000.00", service_date=NOVEMBER, ndc=PADCEV_NDC)
MAIL.settle("C24", HOUSE, allowed(HOUSE, "15285.09"), plan=GUIDE)


def test_house_code_is_priced_by_the_milligrams_of_the_cms_code(site):
    line = site.line("C24")
    # 36.743 / 0.25 = 146.972 per billed unit; 100 x 36.743 would expect 3,821.27.
    says(line, identity_basis="house_code", drug="enfortumab vedotin-ejfv", unit_mg="1.000000")
    says(line, expected_allowed_usd="15285.09", gap_usd="0.00", hcpcs="J1324")


def test_house_code_is_listed_beside_its_cms_meaning(site):
    says(
        site.row("code_identity", claim_id="C24"),
        hcpcs="J1324",
        units="100.000",
        cms_hcpcs="J9177",
        cms_units="400.000",
        expected_allowed_usd="15285.09",
        identity_basis="house_code",
    )


def test_house_codes_are_named_before_anybody_reads_a_figure(site):
    assert site.warning("warn_house_codes").height > 0


STRANGE = drug(units=100, charge="45000.00", service_date=NOVEMBER, ndc=KEYTRUDA_NDC)
MAIL.settle("NDC", STRANGE, allowed(STRANGE, "15285.09"), plan=GUIDE)


def test_ndc_of_another_drug_is_never_priced_at_that_drug_or_by_a_general_term(site):
    line = site.line("NDC")
    says(line, identity_basis="ndc_contradicts_code", drug="pembrolizumab")
    says(line, expected_allowed_usd=None, gap_usd=None, ask_usd="0.00")


@pytest.fixture(scope="module")
def amended(tmp_path_factory: pytest.TempPathFactory) -> Published:
    mail = Mail()
    mail.settle("C13", drug(), at_contract(drug()))
    amendment = term(
        ALDER, "J1324", "0.7800", effective_from="2026-01-01", recorded_on="2026-06-15"
    )
    reference = {**payers(ALDER), "contract_terms": [*base_terms(), amendment]}
    return publish(tmp_path_factory.mktemp("amended") / "site", mail, reference)


def test_amendment_is_owed_from_the_day_it_is_recorded_and_not_before(amended):
    before = refreshed(amended.folder.root, as_of=date(2026, 3, 31)).line("C13")
    # The payer did nothing wrong in the first quarter.
    says(before, expected_allowed_usd="66.83", gap_usd="0.00", shortfall_usd="0.00")
    after = refreshed(amended.folder.root, as_of=date(2026, 6, 30)).line("C13")
    says(after, expected_allowed_usd="70.20", gap_usd="3.37", shortfall_usd="3.37")
    says(after, patient_owed_usd="0.67", payer_owed_usd="2.70")


def test_claim_is_open_before_its_payment_and_unknown_before_it_was_sent(amended):
    on_file = refreshed(amended.folder.root, as_of=date(2026, 2, 20)).line("C13")
    says(on_file, outcome="open", paid_usd="0.00", gap_usd=None, open_days=8)
    nothing = refreshed(amended.folder.root, as_of=date(2026, 2, 11))
    assert nothing.table("claim_line_outcomes").is_empty()


@pytest.fixture(scope="module")
def by_cms(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The site that deleted the house code: J1324 is enfuvirtide, as CMS lists it."""
    mail = Mail()
    no_ndc = drug(units=100, charge="45000.00", service_date=NOVEMBER)
    mail.settle("C24", no_ndc, allowed(no_ndc, "15285.09"), plan=GUIDE)
    mail.settle("C12", drug(modifiers=("JZ",)), allowed(drug(), "66.83"), plan=OFFICE)
    fuzeon = {"ndc11": "00004038139", "drug": "enfuvirtide", "hcpcs": "J1324", "package_mg": 108}
    vial = {"billable_mg": 90, "package_quantity": 1, "quantity_unit": "UN", "single_dose": "yes"}
    folder = tmp_path_factory.mktemp("by_cms") / "site"
    policy = {"payer_id": "office", "pays_waste": "yes", "requires_jz": "yes"}
    reference = {
        **payers(GUIDE, OFFICE),
        "contract_terms": [
            term(GUIDE, "*", "104", method="pct_of_limit"),
            term(OFFICE, "J1324", "0.7425"),
        ],
        "drug_packages": [fuzeon | vial],
        "payer_policies": [policy],
        "house_codes": [],
    }
    return publish(folder, mail, reference)


def test_code_without_the_house_row_is_enfuvirtide_and_has_no_price(by_cms):
    line = by_cms.line("C24")
    # A missing price read as zero would call 15,285.09 overpaid.
    says(line, drug="enfuvirtide", identity_basis="cms_code_no_ndc", overpaid_usd="0.00")
    says(line, expected_allowed_usd=None, gap_usd=None)
    says(line, pricing_basis="not priced: no CMS payment limit")


def test_overfill_is_no_waste(by_cms):
    # 108 mg in the vial, 90 mg to deliver: 18 units, 13.37, would be billed overfill.
    waste = by_cms.waste("C12")
    says(waste, finding="clean", expected_waste_units="0.000", missed_units="0.000")
    says(waste, leakage_usd="0.00", billed_waste_units="0.000")
