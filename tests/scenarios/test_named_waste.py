"""The worked cases of waste by another path: what proves the vials, and what the vials may hold.

Each variant says in its comment what a naive tool would find in its place.
"""

from datetime import date

import pytest
from scenario_site import (
    MEDICARE,
    Mail,
    Plan,
    Published,
    payers,
    pays_waste,
    publish,
    says,
    term,
)
from waste_site import REMICADE, infusion_log, is_clean, leaks, record, treat

PAYS, ATTESTS = Plan("pays"), Plan("attests")
HOSPITAL = {"claim_type": "institutional", "revenue_code": "0636"}
JULY = date(2026, 7, 14)
WIDE_VIAL = "99999040001"  # invented: 400 mg of infliximab, so that case 18 has its own price
FUZEON, BOTOX_100, BOTOX_200 = "00004038139", "00023114501", "00023392102"
HERCEPTIN_440 = "50242013468"
MAIL, LOG = Mail(), []


def package(ndc11: str, drug: str, hcpcs: str, mg: int, **more: object) -> dict[str, object]:
    """A single-dose vial counted in UN."""
    usual = {"package_mg": mg, "billable_mg": mg, "package_quantity": 1, "quantity_unit": "UN"}
    return {"ndc11": ndc11, "drug": drug, "hcpcs": hcpcs, "single_dose": "yes", **usual, **more}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(PAYS, ATTESTS, MEDICARE),
        "house_codes": [],
        "contract_terms": [
            *(term(plan, "J1745", "100", method="pct_of_limit") for plan in (PAYS, ATTESTS)),
            *(term(plan, "J1324", "0.7425") for plan in (PAYS, ATTESTS)),
            term(PAYS, "J0585", "6.506"),
            term(PAYS, "J9355", "76.00"),
            term(PAYS, "J9303", "180.00"),
            term(MEDICARE, "*", "100", method="pct_of_limit", sequestration="yes"),
        ],
        "payer_policies": [
            pays_waste(PAYS, requires_jw="no", requires_jz="no"),
            pays_waste(ATTESTS, requires_jw="yes", requires_jz="yes"),
            {"payer_id": "medicare", "hcpcs": "J1324", "covered": "no", "source": "SAD list"},
        ],
        "drug_packages": [
            package(FUZEON, "enfuvirtide", "J1324", 108, billable_mg=90),
            # Units of botulinum toxin are no milligrams; one stands for one here.
            package(BOTOX_100, "onabotulinumtoxina", "J0585", 100),
            package(BOTOX_200, "onabotulinumtoxina", "J0585", 200),
            package(WIDE_VIAL, "infliximab", "J1745", 400),
        ],
        "drug_codes": [
            {"hcpcs": "J0585", "drug": "onabotulinumtoxina", "unit_mg": 1, "source": "made up"}
        ],
        "list_prices": [
            {"hcpcs": "J1745", "per": "unit", "price_kind": "acquisition", "price": "31.479"}
        ],
    }
    folder = tmp_path_factory.mktemp("named_waste") / "site"
    return publish(folder, MAIL, reference, infusion_log(*LOG))


def remember(number: str, given_mg: str, *vials: tuple[str, int], day=JULY, **more) -> None:
    """Put a treatment into the infusion log."""
    LOG.append(record(number, day, given_mg, *vials, **more))


# Case 11: the dose rounds up, the waste down (REAL: 31.479 for 10 mg of J1745 in July 2026)

FOUR = (REMICADE, 4)
treat(MAIL, "C11-A", "J1745", (31, "", "975.85"), plan=PAYS, day=JULY)
remember("C11-A", "305", FOUR)
treat(MAIL, "C11-A77", "J1745", (8, "", "251.83"), plan=PAYS, day=JULY)
remember("C11-A77", "77", (REMICADE, 1))
for number, left, usd in (("C11-B", 9, "283.31"), ("C11-B10", 10, "314.79")):
    treat(
        MAIL, number, "J1745", (31, "", "975.85", *FOUR), (left, "JW", usd),
        plan=PAYS, day=JULY, **HOSPITAL,
    )  # fmt: skip


def test_case_11_recorded_dose_proves_the_waste_nobody_billed(site):
    # 40 x 31.479 = 1,259.16 less 975.85; 95 mg rounded up to 10 units would leak 314.79.
    leaks(site, "C11-A", "A", "9.000", "283.31")
    says(site.waste("C11-A"), recorded_administered_units="31.000", avoidable_units="0.000")
    # 77 mg of 100: 23 mg are two units, not three.
    leaks(site, "C11-A77", "A", "2.000", "62.96")


def test_case_11_vials_on_a_hospital_claim_leave_nine_units_and_no_tenth(site):
    is_clean(site, "C11-B", "B", "9.000")
    over = site.waste("C11-B10")
    says(over, finding="overbilled", vial_evidence="B", overbilled_usd="31.48")
    says(over, expected_waste_units="9.000", missed_units="0.000", leakage_usd="0.00")


# Case 12: overfill (enfuvirtide: 108 mg of powder for delivery of 90 mg, no house code)

treat(MAIL, "C12-A", "J1324", (90, "JZ", "66.83", FUZEON), plan=ATTESTS)
remember("C12-A", "90", (FUZEON, 1), day=date(2025, 11, 10))
for number, vials in (("C12-B", (FUZEON, 1)), ("C12-CHILD", (FUZEON,))):
    treat(MAIL, number, "J1324", (63, "", "46.78", *vials), plan=PAYS)
remember("C12-CHILD", "63", (FUZEON, 1), day=date(2025, 11, 10))
treat(MAIL, "C12-SAD", "J1324", (63, "JZ", "0.00", FUZEON, 1), plan=MEDICARE)
remember("C12-SAD", "63", (FUZEON, 1), day=date(2025, 11, 10))


def test_case_12_recorded_dose_of_a_whole_vial_leaves_no_overfill_to_bill(site):
    # From 108 mg of powder 18 units, 13.37, would contradict the JZ.
    is_clean(site, "C12-A", "A", "0.000")


@pytest.mark.parametrize(("number", "evidence"), [("C12-B", "B"), ("C12-CHILD", "A")])
def test_case_12_part_of_a_vial_leaves_what_the_label_delivers_as_a_floor(site, number, evidence):
    # 27 x 0.7425 = 20.0475; 45 units of powder would be 33.41.
    leaks(site, number, evidence, "27.000", "20.05")
    assert "floor" in site.waste(number)["waste_basis"]


def test_case_12_self_administered_drug_with_vial_and_record_leaks_nothing(site):
    found = site.table("waste_ledger").filter(claim_id="C12-SAD")
    assert found["leakage_usd"].fill_null(0).sum() == 0
    says(site.line("C12-SAD"), outcome="not_covered", shortfall_usd="0.00")


# Case 16: 155 units of a vial of 200 (REAL: 6.506 a unit)

treat(MAIL, "C16", "J0585", (155, "", "1008.43"), (45, "JW", "292.77"), plan=PAYS)
treat(
    MAIL, "C16-PAIR", "J0585",
    (155, "", "1008.43", BOTOX_200, 1), (45, "JW", "292.77", BOTOX_200, 1), plan=PAYS,
)  # fmt: skip
VISITS = [date(2025, month, 10) for month in (2, 5, 8, 11)]
for place, visit in enumerate(VISITS):
    treat(MAIL, f"C16-{place}", "J0585", (155, "", "1008.43"), plan=PAYS, day=visit, **HOSPITAL)
    remember(f"C16-{place}", "155", (BOTOX_100, 2), day=visit)
treat(MAIL, "C16-C", "J0585", (155, "", "1008.43", BOTOX_200), plan=PAYS)


def test_case_16_dose_and_waste_are_the_whole_vial_to_the_cent(site):
    is_clean(site, "C16", "C", "45.000")
    # 200 x 6.506 = 1,301.20
    says(site.line("C16"), expected_allowed_usd="1008.43", gap_usd="0.00")
    says(site.line("C16", 2), expected_allowed_usd="292.77", gap_usd="0.00")


def test_case_16_dose_and_waste_that_name_the_same_vial_name_it_once(site):
    # Two vials of 200 would be 245 units of waste, 200 of them never billed.
    is_clean(site, "C16-PAIR", "B", "45.000")


def test_case_16_four_recorded_visits_miss_four_times_the_waste(site):
    for place in range(4):
        leaks(site, f"C16-{place}", "A", "45.000", "292.77")
    ledger = site.table("waste_ledger").filter(vial_evidence="A", drug="onabotulinumtoxina")
    assert str(ledger["leakage_usd"].sum()) == "1171.08"


def test_case_16_vial_named_without_a_quantity_proves_nothing(site):
    leaks(site, "C16-C", "C", "45.000", "292.77")


# Case 17: a multi-dose vial billed whole

treat(MAIL, "C17-LINE", "J9355", (44, "", "3344.00", HERCEPTIN_440, 1), plan=PAYS)
remember("C17-LINE", "100", (HERCEPTIN_440, 1), day=date(2025, 11, 10))
treat(MAIL, "C17-RECORD", "J9355", (44, "", "3344.00"), plan=PAYS, **HOSPITAL)
remember("C17-RECORD", "100", (HERCEPTIN_440, 1), day=date(2025, 11, 10))
treat(
    MAIL, "C17-JW", "J9355",
    (10, "", "760.00", HERCEPTIN_440, 1), (34, "JW", "2584.00", HERCEPTIN_440), plan=PAYS,
)  # fmt: skip


def is_34_units_too_many(site: Published, number: str) -> None:
    """Fails unless the row has 44 units billed, ten recorded, no waste, and is documented so."""
    found = site.waste(number)
    says(found, finding="not_billable", leakage_usd="0.00", overbilled_usd="0.00")
    says(found, administered_units="44.000", recorded_administered_units="10.000")
    check = site.row("documentation_gaps", claim_id=number, line_number=1, check="dose_units")
    says(check, result="not_met")


def test_case_17_whole_multi_dose_vial_on_the_line_is_34_units_too_many_and_no_waste(site):
    # As a single-dose vial 34 units would be waste the payer owes.
    is_34_units_too_many(site, "C17-LINE")


def test_case_17_record_alone_shows_that_a_hospital_s_vial_was_a_multi_dose_one(site):
    # By the claim alone 440 mg are three vials of 150 with one unit left over.
    is_34_units_too_many(site, "C17-RECORD")


def test_case_17_rest_of_a_multi_dose_vial_may_not_be_billed_as_waste(site):
    found = site.waste("C17-JW")
    says(found, finding="not_billable", billed_waste_units="34.000", leakage_usd="0.00")
    check = site.row("documentation_gaps", claim_id="C17-JW", line_number=2, check="waste_modifier")
    says(check, result="not_met")


# Case 18: 300 mg out of a vial of 400, though three vials of 100 exist

treat(MAIL, "C18-A", "J1745", (30, "", "944.37", WIDE_VIAL), plan=PAYS, day=JULY)
remember("C18-A", "300", (WIDE_VIAL, 1))
treat(
    MAIL, "C18-JW", "J1745",
    (30, "", "944.37", WIDE_VIAL, 1), (10, "JW", "314.79", WIDE_VIAL, 1),
    plan=PAYS, day=JULY, **HOSPITAL,
)  # fmt: skip
treat(MAIL, "C18-ML", "J9303", (30, "", "5400.00", "55513095601", 20, "ML"), plan=PAYS)


def test_case_18_recorded_vial_beyond_the_least_set_is_the_pharmacy_s_cost(site):
    found = site.waste("C18-A")
    # As leakage the payer would be asked for 314.79 it does not owe.
    is_clean(site, "C18-A", "A", "0.000")
    says(found, avoidable_units="10.000", avoidable_cost_usd="314.79")
    says(found, actual_vial_mg="400.000000", least_waste_mg="300.000000")


def test_case_18_rest_of_the_wrong_vial_billed_as_waste_is_a_refund_risk(site):
    found = site.waste("C18-JW")
    says(found, finding="overbilled", vial_evidence="B", overbilled_usd="314.79")
    says(found, expected_waste_units="0.000", avoidable_units="10.000", leakage_usd="0.00")


def test_case_18_vial_counted_in_millilitres_has_units_but_no_price_of_purchase(site):
    is_clean(site, "C18-ML", "B", "0.000")
    says(site.waste("C18-ML"), avoidable_units="10.000", avoidable_cost_usd=None)
