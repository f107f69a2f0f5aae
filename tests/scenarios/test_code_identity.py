"""Which drug a code means: by the house code, by CMS's crosswalk, and what looks like a slip.

The crosswalk rows are invented where a comment does not say otherwise; so are the patients.
"""

from datetime import date, timedelta

import pytest
from scenario_site import (
    MEDICARE,
    Mail,
    Plan,
    Published,
    allowed,
    drug,
    payers,
    pays_waste,
    publish,
    refreshed,
    says,
    term,
)

from analytics.synthetic.x12_writer import Patient

GUIDE = Plan("guide")
PER_MG = Plan("per_mg")
PER_UNIT = Plan("per_unit")
PADCEV_20 = "51144002001"  # REAL: J9177 in every crosswalk since 2024
NEW_PACK = "51144009901"
STRANGER = "00006990201"
NAMELESS = "99999990201"
RESTATED = "51144009902"
NOVEMBER = date(2025, 11, 10)
MAIL = Mail()


def mapped(ndc11: str, hcpcs: str, quarter: str = "2025Q4", published: str = "2025-09-05") -> dict:
    """A row of the crosswalk."""
    return {
        "effective_quarter": quarter,
        "ndc11": ndc11,
        "hcpcs": hcpcs,
        "published_on": published,
        "source": "made up",
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(GUIDE, PER_MG, PER_UNIT),
        "contract_terms": [
            term(GUIDE, "*", "104", method="pct_of_limit"),
            term(PER_MG, "", "150", drug="enfortumab vedotin-ejfv"),
            term(PER_UNIT, "J1324", "152.8509"),
        ],
        "ndc_crosswalk": [
            mapped(NEW_PACK, "J9177"),
            mapped(STRANGER, "J9271", "2024Q1", "2023-12-12"),
            mapped(NAMELESS, "J9321"),
            mapped(RESTATED, "J9271"),
            mapped(RESTATED, "J9177", published="2026-06-01"),
        ],
    }
    return publish(tmp_path_factory.mktemp("identity") / "site", MAIL, reference)


def house(number: str, plan: Plan = GUIDE, allows: str = "15285.09", **parts) -> None:
    """A hundred units of the house code, a hundred milligrams, in November 2025."""
    line = drug(units=100, charge="45000.00", service_date=NOVEMBER, **parts)
    MAIL.settle(number, line, allowed(line, allows), plan=plan)


house("C24", ndc=PADCEV_20)
house("C24-NEW", ndc=NEW_PACK)
house("C24-NONE")


@pytest.mark.parametrize("number", ["C24", "C24-NEW", "C24-NONE"])
def test_house_code_is_priced_both_ways_whatever_says_that_the_ndc_is_that_drug(site, number):
    row = site.row("code_identity", claim_id=number)
    says(row, finding="house_code", cms_hcpcs="J9177", units="100.000", cms_units="400.000")
    # REAL 36.743: 100 x 146.972 x 104%, and 100 x 36.743 x 104% were the units J9177's.
    says(row, expected_allowed_usd="15285.09", expected_if_cms_units_usd="3821.27")
    says(site.line(number), gap_usd="0.00", has_unknown_ndc=False)


house("C24-MG", plan=PER_MG, allows="15000.00", ndc=NEW_PACK)
house("C24-UNIT", plan=PER_UNIT, allows="15285.09", ndc=NEW_PACK)


def test_rate_per_milligram_is_told_both_ways_and_one_per_unit_is_the_same_either_way(site):
    by_milligram = site.row("code_identity", claim_id="C24-MG")
    says(by_milligram, expected_allowed_usd="15000.00", expected_if_cms_units_usd="3750.00")
    by_unit = site.row("code_identity", claim_id="C24-UNIT")
    says(by_unit, expected_allowed_usd="15285.09", expected_if_cms_units_usd=None)


house("STRANGER", ndc=STRANGER)
house("NAMELESS", ndc=NAMELESS)


def test_ndc_that_the_crosswalk_gives_to_another_code_contradicts_the_house_code(site):
    # The quarter of 2024 is the nearest earlier one that has this NDC.
    says(site.line("STRANGER"), identity_basis="ndc_contradicts_code", drug="pembrolizumab")
    says(site.line("NAMELESS"), identity_basis="ndc_contradicts_code", drug=None)
    for number in ("STRANGER", "NAMELESS"):
        says(site.line(number), expected_allowed_usd=None, gap_usd=None)
        says(site.row("code_identity", claim_id=number), finding="ndc_contradicts_code")
    told = site.warning("warn_ndc_contradicts_code")["sentence"].to_list()
    assert any("the NDC says another code, of a drug that is not on file" in said for said in told)


house("RESTATED", ndc=RESTATED)


def test_restated_crosswalk_counts_from_the_day_it_is_published(site):
    says(site.line("RESTATED"), identity_basis="house_code", expected_allowed_usd="15285.09")
    before = refreshed(site.folder.root, as_of=date(2026, 5, 31)).line("RESTATED")
    says(before, identity_basis="ndc_contradicts_code", drug="pembrolizumab")


KNOWN_TO_CMS = drug("J9321", 1, "900.00", service_date=NOVEMBER, ndc=NAMELESS)
MAIL.settle("PRICED", KNOWN_TO_CMS, allowed(KNOWN_TO_CMS, "10.00"), plan=GUIDE)


def test_code_that_only_the_crosswalk_and_the_limits_know_is_cms_s_without_milligrams(site):
    # REAL: J9321 has a payment limit and no row in drug_codes.csv.
    says(site.line("PRICED"), identity_basis="cms_code_ndc_agrees", drug=None, unit_mg=None)
    assert site.line("PRICED")["expected_allowed_usd"] is not None
    assert site.table("code_identity").filter(claim_id="PRICED").is_empty()


# Slips of the pen

ROSA, OTTO, IDA, EVA = (Patient(member_id=f"SYN-{name}", first_name=name) for name in "ROIE")


def given(number: str, patient: Patient, hcpcs: str, units: int, day: int, **parts) -> None:
    """A dose of a patient on a day of November 2025, paid at the limit or not at all."""
    at = NOVEMBER + timedelta(days=day)
    line = drug(hcpcs, units, "45000.00", service_date=at, **parts)
    MAIL.bill(number, line, plan=GUIDE, patient=patient)


given("ROSA-1", ROSA, "J9177", 400, 0)
given("ROSA-2", ROSA, "J9178", 400, 7)
given("OTTO-1", OTTO, "J9271", 200, 0)
given("OTTO-2", OTTO, "J9178", 50, 7)


def test_neighbour_of_the_code_is_asked_about_where_the_patient_has_that_drug(site):
    row = site.row("code_identity", claim_id="ROSA-2")
    says(row, finding="wrong_neighbour", hcpcs="J9178")
    assert row["finding_detail"] == "the same patient has lines of enfortumab vedotin-ejfv"
    listed = site.table("code_identity")["claim_id"].to_list()
    assert not {"ROSA-1", "OTTO-1", "OTTO-2"} & set(listed)
    (told,) = site.warning("warn_wrong_neighbours")["sentence"]
    assert "1 line of J9178" in told


given("IDA-1", IDA, "J9177", 400, 0)
given("IDA-2", IDA, "J9177", 100, 7)
given("IDA-3", IDA, "J9177", 410, 20)
given("IDA-4", IDA, "J9271", 25, 7)
given("EVA-1", EVA, "J9177", 1600, 0, ndc=PADCEV_20, ndc_quantity=5, ndc_unit="UN")
given("EVA-2", EVA, "J9177", 360, 7, ndc=PADCEV_20, ndc_quantity=5, ndc_unit="UN")


def test_dose_of_four_times_or_a_quarter_the_one_next_to_it_is_asked_about(site):
    found = site.table("code_identity").filter(finding="units_by_four").sort("claim_id")
    details = dict(found.select("claim_id", "finding_detail").iter_rows())
    assert details == {
        "IDA-1": "four times the 25 mg of 2025-11-17",
        "IDA-2": "a quarter of the 100 mg of 2025-11-10",
        # 1,600 quarter milligrams, where five vials of 20 mg were billed.
        "EVA-1": "four times the 100 mg its vials hold",
    }
    (told,) = site.warning("warn_units_by_four")["sentence"]
    assert "Guide, J9177: 3 lines are four times or a quarter" in told


# An enfuvirtide practice: the house code deleted

FUZEON = "00004038140"


@pytest.fixture(scope="module")
def without_house_code(tmp_path_factory: pytest.TempPathFactory) -> Published:
    mail = Mail()
    for number, units, modifiers in (("ADULT", 90, ("JZ",)), ("CHILD", 63, ())):
        line = drug(units=units, modifiers=modifiers, ndc=FUZEON)
        mail.settle(number, line, allowed(line, "66.83"), plan=PER_UNIT)
    line = drug(units=100, charge="45000.00", service_date=NOVEMBER)
    mail.settle("DELETED", line, allowed(line, "15285.09"), plan=GUIDE)
    mail.settle("SAD", drug(), allowed(drug(), "0.00"), plan=MEDICARE)
    reference = {
        **payers(PER_UNIT, GUIDE, MEDICARE),
        "house_codes": [],
        "contract_terms": [
            term(PER_UNIT, "J1324", "0.7425"),
            term(GUIDE, "*", "104", method="pct_of_limit"),
            term(MEDICARE, "*", "100", method="pct_of_limit"),
        ],
        "drug_packages": [
            {
                "ndc11": FUZEON,
                "drug": "enfuvirtide",
                "hcpcs": "J1324",
                "package_mg": 108,
                "billable_mg": 90,
                "package_quantity": 1,
                "quantity_unit": "UN",
                "single_dose": "yes",
            }
        ],
        "payer_policies": [
            pays_waste(PER_UNIT),
            {"payer_id": "medicare", "hcpcs": "J1324", "covered": "no", "source": "SAD list"},
        ],
    }
    return publish(tmp_path_factory.mktemp("fuzeon") / "site", mail, reference)


def test_overfill_of_enfuvirtide_is_never_waste(without_house_code):
    site = without_house_code
    says(site.waste("ADULT"), finding="clean", missed_units="0.000", leakage_usd="0.00")
    # 27 of the 90 mg for delivery; from the 108 mg of powder it would be 45 units, 33.41.
    says(site.waste("CHILD"), missed_units="27.000", leakage_usd="20.05")
    says(site.line("CHILD"), identity_basis="cms_code_ndc_agrees", drug="enfuvirtide")


def test_deleted_house_code_is_enfuvirtide_and_has_no_medicare_price(without_house_code):
    site = without_house_code
    says(site.line("DELETED"), identity_basis="cms_code_no_ndc", drug="enfuvirtide")
    says(site.line("DELETED"), expected_allowed_usd=None, gap_usd=None)
    assert site.line("DELETED")["pricing_basis"].startswith("not priced: no CMS payment limit")
    assert site.table("code_identity").is_empty()


def test_self_administered_drug_is_neither_owed_nor_wasted_under_medicare(without_house_code):
    line = without_house_code.line("SAD")
    says(line, outcome="not_covered", expected_allowed_usd="0.00", shortfall_usd="0.00")
