"""Every way a contract names a price, and what each line is then worth: worked cases, real text.

Payment limits are rows of the shipped reference, published by CMS; list prices are made up.
"""

from datetime import date

import pytest
from scenario_site import (
    Mail,
    Plan,
    Published,
    allowed,
    answered,
    cas,
    drug,
    payers,
    publish,
    says,
    term,
)

ASP = Plan("asp")
ASP_LAGS = Plan("asp_lags")
AWP = Plan("awp")
WAC = Plan("wac")
PER_MG = Plan("per_mg")
CHARGES = Plan("charges")
UNREAD = Plan("unread")
HOSPITAL = Plan("hospital", "medicare_ffs", "MA")
CAPITATED = Plan("capitated")
PLANS = (ASP, ASP_LAGS, AWP, WAC, PER_MG, CHARGES, UNREAD, HOSPITAL, CAPITATED)
NOV_10, JUL_14 = date(2025, 11, 10), date(2026, 7, 14)
MAIL = Mail()


def list_price(kind: str, price: str, since: str, per: str = "unit", **key: str) -> dict[str, str]:
    """A price the site looked up."""
    return {"price_kind": kind, "price": price, "per": per, "effective_from": since, **key}


def hospital_status(hcpcs: str, status: str, rate: str | None = None) -> dict[str, object]:
    """A row of Addendum B for the third quarter of 2026."""
    return {
        "effective_from": "2026-07-01",
        "hcpcs": hcpcs,
        "status_indicator": status,
        "payment_rate": rate,
        "published_on": "2026-06-25",
        "source": "made up",
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(*PLANS),
        "contract_terms": [
            term(ASP, "*", "6", method="asp_plus"),
            term(ASP_LAGS, "*", "4.3", method="asp_plus", price_lag_days=45, price_decimals=3),
            term(AWP, "*", "17", method="awp_minus"),
            term(WAC, "*", "3", method="wac_plus", charge_cap="line"),
            term(PER_MG, "", "2.97", drug="enfortumab vedotin-ejfv", term_id="PER-MG"),
            term(CHARGES, "*", "45", method="pct_of_charge", price_decimals=2),
            term(UNREAD, "*", "60", method="pct_of_charge"),
            term(UNREAD, "J9271", "59,5O"),
            term(HOSPITAL, "*", "100", method="pct_of_limit"),
            term(CAPITATED, "*", "", method="capitated"),
            term(CAPITATED, "J9299", "a lot"),
        ],
        "list_prices": [
            list_price("awp", "38", "2025-01-01", hcpcs="J9177"),
            list_price("awp", "40", "2025-11-10", hcpcs="J9177"),
            list_price("awp", "99", "2025-11-11", hcpcs="J9177"),
            list_price("awp", "160", "2025-01-01", "mg", ndc11="51144-0020-01"),
            list_price("wac", "60", "2025-01-01", hcpcs="J9271"),
        ],
        "opps_status": [
            hospital_status("J9303", "K", "182.189"),
            hospital_status("J9271", "N"),
            hospital_status("J9299", "E2"),
        ],
    }
    folder = tmp_path_factory.mktemp("methods") / "site"
    return publish(folder, MAIL, reference, may_say=("contract_terms.csv rows 9 and 12, rate",))


def padcev(units: int = 410, **parts) -> object:
    return drug("J9177", units, "45000.00", **{"service_date": NOV_10, **parts})


MAIL.settle("ASP6", padcev(), allowed(padcev(), "15064.63"), plan=ASP)
MAIL.settle("ASPLAG", padcev(), allowed(padcev(), "14790.75"), plan=ASP_LAGS)


def test_asp_plus_six_is_the_limit_itself_and_is_divided_once(site):
    line = site.line("ASP6")
    says(line, expected_allowed_usd="15064.63", gap_usd="0.00")
    says(
        line,
        pricing_basis="priced: 410 x 36.743 (J9177 limit 2025Q4, published 2025-09-17) x "
        "(100 + 6) / 106",
    )


def test_asp_plus_with_a_lag_and_a_rounded_price_takes_them_in_that_order(site):
    line = site.line("ASPLAG")
    # 2025-11-10 less 45 days lies in 2025Q3: 36.663 x 104.3 / 106 = 36.0750 a unit, not 36.154.
    says(line, expected_allowed_usd="14790.75", gap_usd="0.00", lag_effect_usd="32.39")
    says(
        line,
        pricing_basis="priced: 410 x 36.663 (J9177 limit 2025Q3, published 2025-06-23) x "
        "(100 + 4.3) / 106, the price of 2025Q3 under a lag of 45 days, "
        "unit price rounded to 36.075",
    )


MAIL.settle("AWPCODE", padcev(), allowed(padcev(), "13612.00"), plan=AWP)
OWN_NDC = padcev(ndc="51144002001")
MAIL.settle("AWPNDC", OWN_NDC, allowed(OWN_NDC, "13612.00"), plan=AWP)
HOUSE = drug("J1324", 100, "20000.00", service_date=NOV_10)
MAIL.settle("AWPHOUSE", HOUSE, allowed(HOUSE, "13280.00"), plan=AWP)
MAIL.settle("AWPNONE", drug("J9271"), allowed(drug("J9271"), "100.00"), plan=AWP)


def test_awp_minus_takes_the_list_price_in_force_on_the_day(site):
    line = site.line("AWPCODE")
    # 410 x 40 x 83%: the price of the day before is 38, of the day after 99.
    says(line, expected_allowed_usd="13612.00", gap_usd="0.00")
    says(line, pricing_basis="priced: 410 x 40 (AWP of 2025-11-10) x 83%")


def test_list_price_of_the_package_stands_before_that_of_the_code(site):
    # 160 per mg is 40 per unit of 0.25 mg.
    says(
        site.line("AWPNDC"), expected_allowed_usd="13612.00",
        pricing_basis="priced: 410 x 40 (AWP of 2025-01-01 160 per mg, billed per 0.25 mg) x 83%",
    )  # fmt: skip


def test_house_code_takes_the_list_price_of_its_drugs_code_per_milligram(site):
    # 100 units of 1 mg are 400 units of 0.25 mg: 400 x 40 x 83%.
    says(
        site.line("AWPHOUSE"), expected_allowed_usd="13280.00", gap_usd="0.00",
        pricing_basis="priced: 100 x 160 (J9177 AWP of 2025-11-10 40 per 0.25 mg, billed per 1 mg)"
        " x 83%",
    )  # fmt: skip


def test_drug_without_a_list_price_is_not_priced(site):
    line = site.line("AWPNONE")
    says(line, expected_allowed_usd=None, pricing_basis="not priced: no AWP list price")


KEYTRUDA = drug("J9271", 200, "13000.00")
DEAR = drug("J9271", 200, "12000.00")
MAIL.settle("WAC", KEYTRUDA, allowed(KEYTRUDA, "12360.00"), plan=WAC)
MAIL.settle("WACCAP", DEAR, allowed(DEAR, "12000.00"), plan=WAC)


def test_wac_plus_adds_its_percent_and_the_lines_charge_caps_it(site):
    says(
        site.line("WAC"), expected_allowed_usd="12360.00", charge_limited_usd="0.00",
        pricing_basis="priced: 200 x 60 (WAC of 2025-01-01) x 103%",
    )  # fmt: skip
    says(
        site.line("WACCAP"), expected_allowed_usd="12000.00", charge_limited_usd="360.00",
        pricing_basis="priced: 200 x 60 (WAC of 2025-01-01) x 103%, at most the charge 12000.00",
    )  # fmt: skip


MAIL.settle("MGCODE", padcev(), allowed(padcev(), "304.43"), plan=PER_MG)
MAIL.settle("MGHOUSE", HOUSE, allowed(HOUSE, "297.00"), plan=PER_MG)


def test_term_on_a_drug_is_a_price_per_milligram_whatever_code_is_billed(site):
    says(
        site.line("MGCODE"), expected_allowed_usd="304.43", gap_usd="0.00",
        pricing_basis="priced: 410 x 0.7425 (2.97 per mg, billed per 0.25 mg, term PER-MG)",
    )  # fmt: skip
    says(
        site.line("MGHOUSE"), expected_allowed_usd="297.00", gap_usd="0.00",
        pricing_basis="priced: 100 x 2.97 (2.97 per mg, billed per 1 mg, term PER-MG)",
    )  # fmt: skip


MAIL.settle("CHARGE", drug(), allowed(drug(), "81.00"), plan=CHARGES)
CUT = cas("CO-151", "60.00"), cas("CO-45", "66.00")
MAIL.settle("CHARGEDENIED", drug(), answered(drug(), *CUT), plan=CHARGES)


def test_share_of_the_charge_has_no_unit_price_to_round(site):
    line = site.line("CHARGE")
    says(
        line,
        expected_allowed_usd="81.00",
        pricing_basis="priced: charge 180.00 x 45% (term charges:*)",
    )
    # A third of the charge is denied: 27.00 of the 81.00.
    says(
        site.line("CHARGEDENIED"),
        gap_usd="27.00",
        denied_expected_usd="27.00",
        shortfall_usd="0.00",
    )


MAIL.settle("UNREAD", drug("J9271"), allowed(drug("J9271"), "100.00"), plan=UNREAD)
MAIL.settle("READ", drug("J9299"), allowed(drug("J9299"), "108.00"), plan=UNREAD)
MAIL.settle("CAPCODE", drug("J9299"), allowed(drug("J9299"), "1.00"), plan=CAPITATED)
MAIL.settle("CAP", drug("J9271"), allowed(drug("J9271"), "1.00"), plan=CAPITATED)


def test_row_that_could_not_be_read_lets_no_wider_row_price_its_lines(site):
    row = "of contract_terms.csv could not be used"
    says(
        site.line("UNREAD"), expected_allowed_usd=None, outcome="paid",
        pricing_basis=f"not priced: row 9 {row}",
    )  # fmt: skip
    says(site.line("READ"), expected_allowed_usd="108.00", gap_usd="0.00")


def test_capitated_line_is_blocked_likewise(site):
    says(site.line("CAPCODE"), outcome="paid", pricing_basis=(
        "not priced: row 12 of contract_terms.csv could not be used"
    ))  # fmt: skip
    says(site.line("CAP"), outcome="suppressed")


for number, line in (
    ("OPPSK", drug("J9303", 60, "20000.00", service_date=JUL_14)),
    ("OPPSN", drug("J9271", 200, "20000.00", service_date=JUL_14)),
    ("OPPSE2", drug("J9299", 200, "20000.00", service_date=JUL_14)),
):
    MAIL.bill(number, line, plan=HOSPITAL, claim_type="institutional", place_of_service="13")
    MAIL.bill(f"{number}B", line, plan=HOSPITAL)


def test_hospital_line_takes_the_outpatient_rate_for_the_limit(site):
    says(
        site.line("OPPSK"), expected_allowed_usd="10931.34",
        pricing_basis="priced: 60 x 182.189 (J9303 OPPS rate 2026Q3, published 2026-06-25) x 100%",
    )  # fmt: skip


def test_packaged_and_unpaid_drugs_are_not_priced_in_a_hospital(site):
    says(site.line("OPPSN"), pricing_basis="not priced: packaged under OPPS (status N)")
    says(site.line("OPPSE2"), pricing_basis="not priced: not paid under OPPS (status E2)")


def test_status_says_nothing_about_a_professional_claim(site):
    line = site.line("OPPSNB")
    says(line, expected_allowed_usd="12129.00")
    assert "J9271 limit 2026Q3" in line["pricing_basis"]
