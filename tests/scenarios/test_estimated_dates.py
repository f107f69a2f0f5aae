"""A restatement whose day is an estimate: what was paid at it, or before it, accuses nobody."""

from datetime import date

import pytest
from scenario_site import (
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    drug,
    payers,
    publish,
    refreshed,
    says,
    term,
    total,
)

SILENT, LATEST, CAPS = Plan("silent"), Plan("latest"), Plan("caps")
MAIL = Mail()
NOT_COMPARED = "not compared: the date of a restatement is estimated"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    restated = {"effective_quarter": "2026Q1", "payment_limit": "60.000"}
    reference = {
        **payers(SILENT, LATEST, CAPS),
        "contract_terms": [
            term(SILENT, "*", "100", method="pct_of_limit"),
            term(LATEST, "*", "100", method="pct_of_limit", price_vintage="latest"),
            term(CAPS, "*", "100", method="pct_of_limit", charge_cap="line"),
        ],
        # Made up. CMS's own limits of the quarter: J9271 59.726, J9299 of a date that is told.
        "payment_limits": [
            {
                **restated,
                "hcpcs": "J9271",
                "published_on": "2026-02-15",
                "published_on_basis": "download_month_estimated",
            },
            {
                **restated,
                "hcpcs": "J9299",
                "published_on": "2026-02-15",
                "published_on_basis": "file_name",
            },
        ],
    }
    return publish(tmp_path_factory.mktemp("estimated") / "site", MAIL, reference)


GIVEN = drug("J9271", 10, "900.00")
# Paid on 1 March, after the restatement as far as its date is known: 600.00, not 597.26.
for number, usd in (("OLD", "597.26"), ("NEW", "600.00"), ("LESS", "590.00")):
    MAIL.settle(number, GIVEN, allowed(GIVEN, usd), plan=SILENT)
MAIL.settle("HELD", GIVEN, allowed(GIVEN, "597.26"), plan=LATEST)
MAIL.bill("BEFORE", GIVEN, plan=SILENT)
MAIL.pay(date(2026, 2, 14), answer("BEFORE", allowed(GIVEN, "600.00")), plan=SILENT)
TOLD = drug("J9299", 10, "900.00")
MAIL.settle("TOLD", TOLD, allowed(TOLD, "597.00"), plan=SILENT)
CHEAP = drug("J9271", 10, "300.00")
MAIL.settle("CHEAP", CHEAP, allowed(CHEAP, "300.00"), plan=CAPS)


def test_estimated_day_of_publication_is_said_to_be_about_that_day(site):
    basis = "priced: 10 x 60 (J9271 limit 2026Q1, published about 2026-02-15) x 100%"
    says(site.line("NEW"), pricing_basis=basis, gap_usd="0.00", match_basis="line")
    before = site.line("BEFORE")["pricing_basis"]
    assert "10 x 59.726 (J9271 limit 2026Q1, published 2025-" in before
    assert "published 2026-02-15" in site.line("TOLD")["pricing_basis"]


def test_line_paid_at_the_limit_on_the_other_side_of_that_day_is_not_compared(site):
    for number in ("OLD", "BEFORE"):
        says(site.line(number), gap_usd=None, gap_basis=NOT_COMPARED, match_basis=None)
        says(site.line(number), shortfall_usd="0.00", overpaid_usd="0.00", ask_usd="0.00")
    says(site.line("OLD"), expected_allowed_usd="600.00", outcome="paid")
    assert site.table("underpayment_causes").filter(claim_id="OLD").is_empty()


def test_what_no_limit_of_the_quarter_explains_is_short_all_the_same(site):
    says(site.line("LESS"), gap_usd="10.00", shortfall_usd="10.00")
    causes = site.table("underpayment_causes").filter(claim_id="LESS")
    assert total(causes, "gap_usd") == "10.00"


def test_contract_that_names_the_vintage_and_a_date_that_is_told_are_held_to(site):
    says(site.line("HELD"), gap_usd="2.74", shortfall_usd="2.74")
    says(site.line("TOLD"), expected_allowed_usd="600.00", gap_usd="3.00", shortfall_usd="3.00")


def test_match_at_its_own_price_stays_one_though_the_other_limit_comes_to_the_same(site):
    # Either limit is above the charge, which the contract makes the most that is owed.
    says(site.line("CHEAP"), gap_usd="0.00", match_basis="line", charge_limited_usd="300.00")


def test_as_of_the_day_before_it_was_published_there_is_but_one_limit(site):
    before = refreshed(site.folder.root, as_of=date(2026, 2, 14))
    says(before.line("BEFORE"), gap_usd="-2.74", overpaid_usd="2.74")
