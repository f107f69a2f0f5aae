"""An amendment that ends a term, and what a run before it said: told in real text."""

from datetime import date

import pytest
from scenario_site import (
    ALDER,
    BIRCH,
    Mail,
    Published,
    at_contract,
    base_terms,
    drug,
    payers,
    publish,
    refreshed,
    says,
    term,
)

MAIL = Mail()
LAST_DAY, DAY_AFTER = drug(), drug(service_date=date(2026, 2, 11))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    # Recorded in June: Birch's term was over after 10 February.
    ended = {"effective_through": "2026-02-10", "recorded_on": "2026-06-01"}
    # Alder's was replaced for the days after it by a lower rate, and is open at its own end.
    replaced = {"effective_from": "2026-02-11", "recorded_on": "2026-06-01"}
    reference = {
        **payers(ALDER, BIRCH),
        "contract_terms": [
            *base_terms(),
            term(ALDER, "J1324", "0.7000", **replaced),
            term(BIRCH, "J1324", "0.7425"),
            term(BIRCH, "J1324", "0.7425", **ended),
        ],
    }
    return publish(tmp_path_factory.mktemp("ended") / "site", MAIL, reference)


for plan in (ALDER, BIRCH):
    for number, line in (("LAST", LAST_DAY), ("AFTER", DAY_AFTER)):
        MAIL.settle(f"{plan.payer_id.upper()}-{number}", line, at_contract(line), plan=plan)


def test_amendment_recorded_later_ends_the_term_it_is_a_version_of(site):
    says(site.line("BIRCH-LAST"), expected_allowed_usd="66.83", gap_usd="0.00")
    says(site.line("BIRCH-AFTER"), expected_allowed_usd=None, pricing_basis="not priced: no term")


def test_amendment_of_later_days_leaves_the_days_before_it(site):
    says(site.line("ALDER-LAST"), expected_allowed_usd="66.83", gap_usd="0.00")
    # 90 x 0.70
    says(site.line("ALDER-AFTER"), expected_allowed_usd="63.00", overpaid_usd="3.83")


def test_as_of_the_day_before_it_was_recorded_the_term_still_stands(site):
    before = refreshed(site.folder.root, as_of=date(2026, 5, 31))
    on_its_day = refreshed(site.folder.root, as_of=date(2026, 6, 1))
    for number in ("BIRCH-LAST", "BIRCH-AFTER", "ALDER-LAST", "ALDER-AFTER"):
        says(before.line(number), expected_allowed_usd="66.83", gap_usd="0.00")
    says(on_its_day.line("BIRCH-AFTER"), expected_allowed_usd=None)
    says(on_its_day.line("ALDER-AFTER"), expected_allowed_usd="63.00")
