"""Each usual formula says the wrong thing it is known for, to the cent, and ours does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.errors import UsageError
from analytics.scoring.naive import FORMULAS, naive_formulas
from analytics.scoring.naive_lines import PricedLine, PricedSite, priced_site

D = Decimal
# 90 units at 0.7425, a fifth of it the patient's.
BASE = PricedLine(
    claim_id="A",
    line_number=1,
    payer_id="p",
    hcpcs="J1324",
    priced_hcpcs="J1324",
    line_of_business="commercial",
    service_date=date(2025, 11, 3),
    last_paid_date=date(2025, 12, 1),
    remit_units=D(90),
    allowed_usd=D("66.83"),
    paid_usd=D("53.46"),
    patient_usd=D("13.37"),
    deductible_usd=D("0.00"),
    sequestration_usd=D("0.00"),
    expected_allowed_usd=D("66.83"),
    gap_usd=D("0.00"),
    method="fixed",
    rate=D("0.7425"),
    price_decimals=None,
    charge_cap="none",
    units=D(90),
    charge_usd=D("180.00"),
    price_usd=D("0.7425"),
    price_mg=None,
    unit_mg=D(1),
    true_gap_usd=D("0.00"),
)
# 100 mg billed under the house code, priced per milligram from the limit of J9177.
HOUSE = replace(
    BASE,
    priced_hcpcs="J9177",
    method="pct_of_limit",
    rate=D(104),
    units=D(100),
    price_usd=D("36.743"),
    price_mg=D("0.25"),
    expected_allowed_usd=D("15285.09"),
    allowed_usd=D("15285.09"),
)
# 410 units for Medicare at 19.401% coinsurance, two percent sequestered.
MEDICARE = replace(
    BASE,
    hcpcs="J9177",
    priced_hcpcs="J9177",
    line_of_business="medicare_ffs",
    method="pct_of_limit",
    rate=D(100),
    units=D(410),
    price_usd=D("36.743"),
    price_mg=D("0.25"),
    unit_mg=D("0.25"),
    expected_allowed_usd=D("15064.63"),
    allowed_usd=D("15064.63"),
    patient_usd=D("2922.69"),
    sequestration_usd=D("242.84"),
    paid_usd=D("11899.10"),
)
QUARTERS = replace(
    MEDICARE,
    hcpcs="J9271",
    priced_hcpcs="J9271",
    line_of_business="commercial",
    units=D(200),
    price_usd=D("59.726"),
    price_mg=None,
    service_date=date(2026, 3, 31),
    last_paid_date=date(2026, 5, 5),
    allowed_usd=D("11945.20"),
    expected_allowed_usd=D("11945.20"),
)
LIMITS = {("J9271", "2026Q1"): D("59.726"), ("J9271", "2026Q2"): D("61.250")}


def said(formula: str, *lines: PricedLine) -> Decimal:
    report = next(report for name, _, report in FORMULAS if name == formula)
    return report(lines[0], PricedSite(lines, LIMITS))


def test_patient_share_is_taken_for_a_shortfall():
    assert said("expected less paid", BASE) == D("13.37")


def test_sequestration_is_taken_for_a_shortfall():
    assert said("expected less paid and PR", BASE) == 0
    assert said("expected less paid and PR", MEDICARE) == D("242.84")


def test_a_fifth_is_taken_for_every_quarters_coinsurance():
    # 12,141.94 before the cut is 80% of 15,177.43, which nobody allowed.
    assert said("Medicare pays 80%", MEDICARE) == D("-112.80")
    assert said("Medicare pays 80%", BASE) == 0


def test_the_price_of_the_payment_date_is_of_another_quarter():
    assert said("price of the payment date", QUARTERS) == D("304.80")
    in_time = replace(QUARTERS, last_paid_date=date(2026, 3, 31))
    assert said("price of the payment date", in_time) == 0


def test_a_price_lag_is_taken_for_an_old_price():
    lagged = replace(QUARTERS, service_date=date(2026, 4, 15))
    assert said("one limit a quarter", lagged) == D("304.80")
    assert said("one limit a quarter", QUARTERS) == 0


def test_units_cut_on_the_remit_go_unseen():
    cut = replace(
        BASE,
        remit_units=D(9),
        allowed_usd=D("6.68"),
        gap_usd=D("60.15"),
        true_gap_usd=D("60.15"),
    )
    assert said("units of the 835", cut) == 0
    assert said("units of the 835", replace(cut, remit_units=None)) == D("60.15")


def test_milligrams_are_taken_for_units():
    assert said("CMS unit for billed unit", HOUSE) == D("3821.27") - D("15285.09")
    assert said("CMS unit for billed unit", MEDICARE) == 0


def test_a_code_without_a_limit_is_worth_nothing():
    assert said("no CMS row is $0.00", HOUSE) == D("-15285.09")
    assert said("no CMS row is $0.00", BASE) == 0


def test_rounding_too_early_and_to_even():
    tie = replace(
        BASE,
        units=D(50),
        rate=D("0.6173"),
        price_usd=D("0.6173"),
        allowed_usd=D("30.87"),
        expected_allowed_usd=D("30.87"),
    )
    assert said("unit price in cents", tie) == D("0.13")
    assert said("floats, half to even", tie) == D("-0.01")


def test_the_usual_share_of_charges_hides_a_cut_everyone_got():
    short = replace(BASE, allowed_usd=D("60.00"), gap_usd=D("6.83"), true_gap_usd=D("6.83"))
    assert said("usual share of charges", short, short) == 0
    other = replace(short, allowed_usd=D("66.83"))
    assert said("usual share of charges", short, other) == D("3.42")


def test_a_remit_by_itself_shows_no_gap():
    assert said("the remit against itself", replace(BASE, gap_usd=D("5.00"))) == 0


def test_the_sample_lines_are_each_looked_at_once(sample_run: Path):
    lines = priced_site(sample_run).lines
    places = {(line.claim_id, line.line_number, line.payer_id) for line in lines}
    assert len(places) == len(lines) > 2000


def test_only_the_package_is_right_on_the_sample(sample_run: Path):
    rows = {row["formula"]: row for row in naive_formulas(sample_run).iter_rows(named=True)}
    ours = rows.pop("this package")
    assert (ours["lines_wrong"], ours["false_usd"], ours["missed_usd"]) == (0, 0, 0)
    assert {row["lines"] for row in rows.values()} == {ours["lines"]}
    assert rows.pop("floats, half to even")["lines_wrong"] == 0
    for row in rows.values():
        assert row["lines_wrong"] > 0, row["formula"]
        assert row["false_usd"] + row["missed_usd"] > 100, row["formula"]


def test_a_site_without_a_key_has_no_truth(tmp_path: Path):
    with pytest.raises(UsageError, match=r"answer_key\.csv"):
        naive_formulas(tmp_path)
