"""Drug thrown away: what whole vials leave over, what was billed of it, and what it was worth."""

from datetime import date

import pytest
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
    patient_of,
    payers,
    pays_waste,
    publish,
    says,
    term,
)

PAYS = Plan("pays")
ASKS_JW = Plan("asks_jw")
SILENT = Plan("silent")
REFUSES = Plan("refuses")
JULY = date(2026, 7, 14)
NOVEMBER = date(2025, 11, 10)
AUGUST = date(2026, 8, 3)
VIAL_20, VIAL_30 = "51144002001", "51144003001"
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    at_limit = {"method": "pct_of_limit"}
    reference = {
        **payers(PAYS, ASKS_JW, SILENT, REFUSES, ALDER, MEDICARE),
        "contract_terms": [
            *(term(plan, "*", "100", **at_limit) for plan in (PAYS, ASKS_JW, SILENT, REFUSES)),
            term(MEDICARE, "*", "100", sequestration="yes", **at_limit),
            *base_terms(),
        ],
        "payer_policies": [
            pays_waste(PAYS, requires_jw="no", requires_jz="no"),
            pays_waste(ASKS_JW, requires_jw="yes", requires_jz="yes"),
            pays_waste(REFUSES) | {"pays_waste": "no"},
        ],
    }
    return publish(tmp_path_factory.mktemp("waste") / "site", MAIL, reference)


def infuse(
    number: str, hcpcs: str, *lines: tuple, plan: Plan = PAYS, day=NOVEMBER, **parts
) -> None:
    """A treatment billed in lines of (units, modifier or blank, allowed dollars)."""
    billed = [
        drug(hcpcs, units, "60000.00", service_date=day, modifiers=(mark,) if mark else (), **parts)
        for units, mark, _ in lines
    ]
    MAIL.bill(number, *billed, plan=plan)
    answers = (allowed(line, dollars) for line, (_, _, dollars) in zip(billed, lines, strict=True))
    paid_on = AUGUST if day == JULY else date(2025, 12, 1)
    MAIL.pay(paid_on, answer(number, *answers), plan=plan)


infuse("C11", "J1745", (31, "", "975.85"), (9, "JW", "283.31"), day=JULY)
infuse("C11LEFT", "J1745", (31, "", "975.85"), day=JULY)
infuse("C11JW10", "J1745", (31, "", "975.85"), (10, "JW", "314.79"), day=JULY)
infuse("C11_8", "J1745", (8, "", "251.83"), (2, "JW", "62.96"), day=JULY)
infuse("C11ASKED", "J1745", (31, "", "975.85"), plan=ASKS_JW, day=JULY)


def test_dose_rounds_up_to_units_and_waste_down_so_that_both_make_whole_vials(site):
    given, thrown = site.line("C11"), site.line("C11", 2)
    # REAL 31.479 x 40 = 1,259.16
    says(given, expected_allowed_usd="975.85", gap_usd="0.00", is_waste_line=False)
    says(thrown, expected_allowed_usd="283.31", gap_usd="0.00", is_waste_line=True)
    says(site.waste("C11"), finding="clean", expected_waste_units="9.000", leakage_usd="0.00")
    says(site.waste("C11"), administered_units="31.000", billed_waste_units="9.000")
    says(site.waste("C11_8"), finding="clean", expected_waste_units="2.000", leakage_usd="0.00")


def test_waste_never_billed_is_leakage_at_the_payer_s_price(site):
    waste = site.waste("C11LEFT")
    says(waste, finding="missed", missed_units="9.000", leakage_usd="283.31", vial_evidence="C")
    says(waste, overbilled_usd="0.00", policy_unknown_usd="0.00")


def test_waste_never_billed_to_a_payer_that_asks_for_jw_lacks_the_modifier(site):
    waste = site.waste("C11ASKED")
    says(waste, finding="modifier_missing", missed_units="9.000", leakage_usd="283.31")


def test_waste_rounded_up_is_one_unit_over_the_vials_and_a_refund_risk(site):
    waste = site.waste("C11JW10")
    says(waste, finding="overbilled", overbilled_usd="31.48", missed_units="0.000")
    says(waste, expected_waste_units="9.000", leakage_usd="0.00")


DOSES = {350: (10, "367.43"), 357: (3, "110.23"), 410: (30, "1102.29"), 500: (20, "734.86")}
PRICES = {350: "12860.05", 357: "13117.25", 410: "15064.63", 500: "18371.50", 360: "13227.48"}
for units, (left, dollars) in DOSES.items():
    infuse(f"C25-{units}", "J9177", (units, "", PRICES[units]), (left, "JW", dollars))
    infuse(f"C25-{units}-LEFT", "J9177", (units, "", PRICES[units]))
infuse("C25-360", "J9177", (360, "JZ", PRICES[360]))
infuse("C25-JW40", "J9177", (410, "", PRICES[410]), (40, "JW", "1469.72"))


@pytest.mark.parametrize(("units", "left"), [(350, 10), (357, 3), (410, 30), (500, 20)])
def test_least_waste_set_of_20_and_30_mg_vials_says_what_is_left(site, units, left):
    clean = site.waste(f"C25-{units}")
    says(clean, finding="clean", expected_waste_units=f"{left}.000", missed_units="0.000")
    says(clean, leakage_usd="0.00", overbilled_usd="0.00")
    missed = site.waste(f"C25-{units}-LEFT")
    says(missed, finding="missed", missed_units=f"{left}.000", leakage_usd=DOSES[units][1])


def test_dose_that_empties_its_vials_leaves_nothing(site):
    says(site.waste("C25-360"), finding="clean", expected_waste_units="0.000", leakage_usd="0.00")


def test_forty_units_thrown_away_cannot_come_from_a_least_waste_set(site):
    waste = site.waste("C25-JW40")
    says(waste, finding="overbilled", overbilled_usd="367.43", missed_units="0.000")


infuse("C29", "J9177", (440, "", "16166.92"), plan=ASKS_JW)


def test_whole_vials_on_one_line_lack_the_modifier_and_leak_nothing(site):
    # Read as a dose of 410 units, 30 would be missed.
    waste = site.waste("C29")
    says(waste, finding="modifier_missing", missed_units="0.000", leakage_usd="0.00")


GIVEN = drug("J9177", 410, "45000.00", service_date=NOVEMBER)
THROWN = drug("J9177", 30, "3300.00", service_date=NOVEMBER, modifiers=("JW",))
for number, line, dollars in (("C35A", GIVEN, "15064.63"), ("C35B", THROWN, "1102.29")):
    MAIL.bill(number, line, plan=PAYS, patient=patient_of("C35"))
    MAIL.pay(date(2025, 12, 1), answer(number, allowed(line, dollars)), plan=PAYS)


def test_waste_on_a_claim_of_its_own_meets_its_dose_in_one_row(site):
    waste = site.waste("C35A")
    # Apart they would be 1,102.29 missed and 1,102.29 overbilled.
    says(waste, claim_ids="C35A C35B", finding="clean", expected_waste_units="30.000")
    says(waste, leakage_usd="0.00", overbilled_usd="0.00", billed_waste_units="30.000")
    assert site.table("waste_ledger").filter(claim_id="C35B").is_empty()


infuse("POLICY", "J9177", (410, "", PRICES[410]), plan=SILENT)
infuse("REFUSED", "J9177", (410, "", PRICES[410]), plan=REFUSES)


def test_waste_without_a_policy_on_file_is_no_leakage(site):
    waste = site.waste("POLICY")
    says(waste, finding="policy_unknown", policy_unknown_usd="1102.29", leakage_usd="0.00")


def test_waste_the_payer_does_not_pay_is_for_the_negotiation_not_leakage(site):
    waste = site.waste("REFUSED")
    says(waste, finding="not_paid_by_policy", structural_usd="1102.29", leakage_usd="0.00")


infuse("VIALS", "J9177", (410, "", PRICES[410]), ndc=VIAL_30, ndc_quantity=4)
infuse("JZ_OVER_VIALS", "J9177", (410, "JZ", PRICES[410]), ndc=VIAL_30, ndc_quantity=4)
infuse("JZ_ALONE", "J9177", (410, "JZ", PRICES[410]))


def test_four_vials_on_the_claim_prove_the_waste_but_only_the_least_set_is_payable(site):
    waste = site.waste("VIALS")
    # 120 mg opened, 110 mg would have done: ten milligrams are a pharmacy cost.
    says(waste, vial_evidence="B", missed_units="30.000", avoidable_units="40.000")
    says(waste, finding="missed", leakage_usd="1102.29")


def test_no_waste_attested_against_vials_on_the_claim_is_a_conflict(site):
    says(site.waste("JZ_OVER_VIALS"), finding="modifier_conflict", missed_units="30.000")


def test_no_waste_attested_against_theory_alone_is_not_valued(site):
    says(site.waste("JZ_ALONE"), finding="jz_attested", leakage_usd=None, missed_units="30.000")


infuse("PAIR", "J9177", (410, "", "15566.92"), (30, "JW", "600.00"))


def test_dose_and_waste_paid_as_one_sum_match_as_a_pair(site):
    given, thrown = site.line("PAIR"), site.line("PAIR", 2)
    # Line by line one would be 502.29 overpaid and the other 502.29 short.
    says(given, match_basis="pair", pair_offset_usd="-502.29", overpaid_usd="0.00")
    says(thrown, match_basis="pair", pair_offset_usd="502.29", shortfall_usd="0.00")
    says(thrown, ask_usd="0.00", gap_usd="502.29")


def deny_waste(number: str, given_usd: str, *refusals) -> None:
    MAIL.bill(number, GIVEN, THROWN, plan=PAYS)
    found = (allowed(GIVEN, given_usd), answered(THROWN, *refusals))
    MAIL.pay(date(2025, 12, 1), answer(number, *found), plan=PAYS)


deny_waste("WHOLE97", "16166.92", cas("CO-97", "3300.00"))
deny_waste("WHOLE45", "16166.92", cas("CO-45", "3300.00"))
deny_waste("DENIED", PRICES[410], cas("CO-16", "3300.00"))


@pytest.mark.parametrize("number", ["WHOLE97", "WHOLE45"])
def test_waste_paid_within_the_dose_line_is_neither_overpaid_nor_denied(site, number):
    given, thrown = site.line(number), site.line(number, 2)
    says(given, allowed_usd="16166.92", overpaid_usd="0.00", match_basis="pair")
    says(thrown, denied_expected_usd="0.00", match_basis="pair", shortfall_usd="0.00")


def test_denied_waste_is_a_view_of_the_denial_not_new_leakage(site):
    waste = site.waste("DENIED")
    says(waste, finding="denied", denied_usd="1102.29", leakage_usd="0.00", missed_units="0.000")
    says(site.line("DENIED"), gap_usd="0.00")
    says(site.line("DENIED", 2), outcome="denied", denied_expected_usd="1102.29")
