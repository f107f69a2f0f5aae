"""What amends the ledger: how vials count, who pays for waste, by whose policy; shares."""

from __future__ import annotations

from decimal import Decimal

import pytest
from plain_python_tests.written_administrations import PADCEV, bill
from plain_python_tests.written_rows import a_claim_line, put
from plain_python_tests.written_site import (
    INSTITUTIONAL,
    PADCEV_20,
    SHIPPED,
    clp,
    sv1,
    sv2,
    svc,
    usd,
)

LIQUID = "00003377211"
MULTI_DOSE = "51144009901"
OF_LIQUID = f"{LIQUID},{PADCEV},J9177,40,40,4,ML,yes\n"
POLICY = "payer_id,payer_rank,hcpcs,pays_waste,requires_jw,requires_jz,effective_from\n"


def ledger(site):
    """Return the one row of the ledger."""
    (row,) = site.answers()["waste_ledger"]
    return row


@pytest.mark.parametrize(
    ("quantity", "unit", "evidence", "held"),
    [
        ("3", "UN", "B", 120),
        ("12", "ML", "B", 120),
        ("3", "ML", "C", None),
        ("2.5", "UN", "C", None),
        ("12", "GR", "C", None),
    ],
    ids=["vials", "millilitres of them", "millilitres of no vial", "half a vial", "grams"],
)
def test_un_on_a_package_counted_in_millilitres_counts_vials(site, quantity, unit, evidence, held):
    # 410 units are 102.5 mg: three vials of 40 mg hold 120 mg.
    site.reference["drug_packages"] = SHIPPED["drug_packages"] + OF_LIQUID
    bill(site, (410, "", {"ndc": LIQUID, "ndc_quantity": quantity, "ndc_unit": unit}))
    row = ledger(site)
    assert (row["vial_evidence"], row["actual_vial_mg"]) == (evidence, held)


@pytest.mark.parametrize(
    ("price", "cost"),
    [
        ("hcpcs,ndc11,per,price_kind,price\nJ9177,,unit,acquisition,20\n", "1600.00"),
        (f"hcpcs,ndc11,per,price_kind,price\n,{PADCEV_20},mg,acquisition,90\n", "1800.00"),
        ("hcpcs,ndc11,per,price_kind,price\nJ9177,,unit,awp,20\n", None),
    ],
    ids=["per unit", "per milligram of the NDC", "no acquisition price"],
)
def test_what_avoidable_vials_cost_is_at_the_acquisition_price(site, price, cost):
    # Six vials of 20 mg for 100 mg: (120 - 100) / 0.25 = 80 units too many.
    # 80 x 20.00 = 1,600.00; 90.00 a mg are 22.50 a unit, 80 x 22.50 = 1,800.00.
    site.keep("list_prices", price)
    bill(site, (400, "", {"ndc": PADCEV_20, "ndc_quantity": "6", "ndc_unit": "UN"}))
    row = ledger(site)
    assert (row["avoidable_units"], row["least_waste_mg"]) == (80, 100)
    assert row["avoidable_cost_usd"] == (usd(cost) if cost else None)


@pytest.mark.parametrize(
    ("rows", "payer", "finding"),
    [
        ("best,secondary,*,yes,,,2025-01-01\n", "best", "missed"),
        ("*,secondary,*,yes,,,2025-01-01\n", "best", "missed"),
        ("best,*,*,yes,,,2025-01-01\n", "acme", "not_paid_by_policy"),
        ("best,secondary,*,no,,,2025-01-01\n", "acme", "not_paid_by_policy"),
        ("best,secondary,*,yes,,,2026-02-01\n", "acme", "not_paid_by_policy"),
        ("best,secondary,*,no,,,2025-01-01\n*,secondary,*,yes,,,2025-01-01\n", "acme", None),
    ],
    ids=["its own", "any payer's", "of any rank", "pays none", "not yet", "its own before any"],
)
def test_a_secondary_payer_that_pays_waste_has_the_row_without_dollars(site, rows, payer, finding):
    site.reference["payer_policies"] = POLICY + "acme,primary,*,no,,,2025-01-01\n" + rows
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)], payer="BEST1", rank="S")
    row = ledger(site)
    assert row["payer_id"] == payer
    assert row["finding"] == (finding or "not_paid_by_policy")
    # The payer itself: 30 units at 36.718 are for the negotiation; a secondary has no price.
    is_own = payer == "acme"
    assert row["payer_rank"] == ("primary" if is_own else "secondary")
    assert row["structural_usd"] == (usd("1101.54") if is_own else None)
    assert row["leakage_usd"] == (0 if is_own else None)
    assert (row["administered_units"], row["missed_units"]) == (410, 30)


def test_a_primary_payer_that_pays_waste_keeps_the_row(site):
    site.reference["payer_policies"] = (
        POLICY + "acme,primary,*,yes,,,2025-01-01\nbest,secondary,*,yes,,,2025-01-01\n"
    )
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)])
    site.bill("A1", 45000, [sv1("J9177", 45000, 410)], payer="BEST1", rank="S")
    assert (ledger(site)["payer_id"], ledger(site)["finding"]) == ("acme", "missed")


def test_waste_alone_has_no_administered_line_and_so_no_secondary_payer(site):
    site.reference["payer_policies"] = POLICY + "best,secondary,*,yes,,,2025-01-01\n"
    site.bill("A1", 3300, [sv1("J9177:JW", 3300, 30)])
    site.bill("A1", 3300, [sv1("J9177:JW", 3300, 30)], payer="BEST1", rank="S")
    assert (ledger(site)["payer_id"], ledger(site)["finding"]) == ("acme", "policy_unknown")


@pytest.mark.parametrize(
    ("where", "code", "units", "finding"),
    [
        ("shipped", "J1324", 90, "policy_unknown"),
        ("shipped", "J9177", 410, "missed"),
        ("site", "J1324", 102, "missed"),
    ],
    ids=["a house code", "a CMS code", "the site's own row"],
)
def test_a_shipped_policy_on_a_code_speaks_of_its_cms_meaning(site, where, code, units, finding):
    # J1324 is enfuvirtide to CMS and 1 mg of enfortumab vedotin to the house: 102 mg leave 8.
    text = POLICY + f"*,*,{code},yes,,,2025-01-01\n"
    site.reference["payer_policies"] = text if where == "shipped" else POLICY
    if where == "site":
        site.keep("payer_policies", text)
    site.bill("A1", 45000, [sv1(code, 45000, units)])
    assert ledger(site)["finding"] == finding


def test_a_drug_that_is_packaged_leaves_no_billable_waste(site):
    site.reference["opps_status"] = (
        "effective_from,hcpcs,status_indicator,payment_rate,published_on\n"
        "2026-01-01,J9177,N,,2025-12-20\n"
    )
    site.terms += "M,cms,J9177,pct_of_limit,106,,2025-01-01,2024-12-01\n"
    lines = [sv2("J9177", 45000, 410)]
    site.bill("A1", 45000, lines, payer="CMS1", filing="MB", version=INSTITUTIONAL)
    row = ledger(site)
    assert (row["finding"], row["expected_waste_units"]) == ("not_billable", None)
    assert (row["leakage_usd"], row["structural_usd"]) == (0, 0)


def test_discarded_shares_stand_beside_what_cms_published(site):
    # 15,054.38 administered and 1,101.54 of waste: 1,101.54 / 16,155.92 = 0.068182.
    site.reference["discarded_shares"] = (
        "hcpcs,year,discarded_share,source\nJ9177,2022,0.05,x\nJ9177,2023,0.03199,x\n"
    )
    site.bill("A1", 48300, [sv1("J9177", 45000, 410), sv1("J9177:JW", 3300, 30)])
    paid = [
        svc("J9177", 45000, "15054.38", ["CO*45*29945.62"], units=410),
        svc("J9177:JW", 3300, "1101.54", ["CO*45*2198.46"], units=30),
    ]
    site.remit([clp("A1", 1, 48300, "16155.92", paid)])
    site.bill("A2", 45000, [sv1("J9271", 45000, 200, day="20251231")])
    (row,) = site.answers()["discarded_shares"]
    assert (row["drug"], row["cms_hcpcs"], row["service_year"]) == (PADCEV, "J9177", 2026)
    assert (row["allowed_usd"], row["discarded_usd"]) == (usd("16155.92"), usd("1101.54"))
    assert row["discarded_share"] == Decimal("0.068182")
    assert (row["cms_year"], row["cms_share"]) == (2023, Decimal("0.03199"))


@pytest.mark.parametrize(
    ("patients", "units", "is_listed"),
    [
        (["M1", "M2", "M3"], [400] * 10, True),
        (["M1", "M2", "M3"], [400, 800, 1200, 400, 400, 400, 400, 400, 400, 400], True),
        (["M1", "M2", "M3"], [400] * 9 + [410], False),
        (["M1", "M2", "M3"], [400] * 9, False),
        (["M1", "M2"], [400] * 10, False),
    ],
    ids=["one vial each", "one to three", "one is not whole", "nine doses", "two patients"],
)
def test_doses_that_are_always_whole_multi_dose_vials_are_listed(site, patients, units, is_listed):
    # A vial of 100 mg is 400 units of 0.25 mg.
    row = f"{MULTI_DOSE},{PADCEV},J9177,100,100,1,UN,no\n"
    site.reference["drug_packages"] = SHIPPED["drug_packages"] + row
    rows = [
        a_claim_line(
            claim_number=f"A{number}",
            hcpcs="J9177",
            ndc=MULTI_DOSE,
            units=str(each),
            patient_id=patients[number % len(patients)],
            service_date=f"2026-01-{number + 1:02d}",
        )
        for number, each in enumerate(units)
    ]
    put(site, "billed.csv", *rows)
    found = site.answers()["whole_multi_dose_vials"]
    assert [row["drug"] for row in found] == ([PADCEV] if is_listed else [])
