"""Worked case 10: twenty remit records of a payer and month, and every rate made of them.

The site is that of `test_denial_rate_month`; as known on 2026-04-01 its remits lie in four weeks.
"""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from scenario_site import ALDER, Published, base_terms, payers, publish, refreshed, says, term

from analytics.measures.denials import denial_rate_by
from tests.scenarios.test_denial_rate_month import REMIT_RECORDS, month


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    capitation = term(ALDER, "J9271", "", method="capitated")
    reference = {**payers(ALDER), "contract_terms": [*base_terms(), capitation]}
    return publish(tmp_path_factory.mktemp("named") / "site", month(), reference)


def rate(site: Published, definition: str, table: str) -> dict[str, object]:
    frame = site.table(table).lazy()
    return denial_rate_by(frame, by="payer_id", definition=definition).collect().row(0, named=True)


def percents(row: dict[str, object]) -> list[float]:
    return [round(100 * row[name], 2) for name in ("rate", "interval_low", "interval_high")]


@pytest.mark.parametrize(
    ("table", "definition", "counts", "shown"),
    [
        ("claim_line_outcomes", "line_initial", (3, 15), [20.00, 7.05, 45.19]),
        ("claim_line_outcomes", "line_final", (1, 15), [6.67, 1.19, 29.82]),
        ("claim_outcomes", "claim_initial", (3, 15), [20.00, 7.05, 45.19]),
        ("claim_outcomes", "claim_final", (1, 15), [6.67, 1.19, 29.82]),
    ],
)
def test_three_of_fifteen_at_first_and_one_in_the_end(site, table, definition, counts, shown):
    row = rate(site, definition, table)
    assert (row["numerator"], row["denominator"]) == counts
    assert percents(row) == shown
    assert row["immature"] == 0


def test_naive_tools_say_six_of_twenty(site):
    row = rate(site, "any_zero_allowed", "remit_claims")
    says(row, numerator=6, denominator=REMIT_RECORDS, date_basis="payment date")
    assert (round(100 * row["rate"], 2), row["interval_low"]) == (30.00, None)


def test_zero_paid_records_are_eight_of_twenty(site):
    remits = site.table("remit_claims")
    assert (remits.filter(pl.col("paid_usd") <= 0).height, remits.height) == (8, REMIT_RECORDS)


def test_remits_older_than_four_weeks_leave_the_zero_pay_rate(site, tmp_path):
    frame = site.table("remit_claims").lazy()
    assert (
        denial_rate_by(frame, by="payer_id", definition="hfma_zero_pay_remits").collect().is_empty()
    )
    # Two records of the first remit lie 27 days back with as-of on 2026-03-28: the duplicate and
    # the reversal came on 2026-04-01 and are not yet known.
    early = refreshed(site.folder.root, as_of=date(2026, 3, 28))
    row = rate(early, "hfma_zero_pay_remits", "remit_claims")
    says(row, numerator=6, denominator=16, window="2026-03-01 to 2026-03-28")
    later = refreshed(site.folder.root, as_of=date(2026, 4, 28))
    row = rate(later, "hfma_zero_pay_remits", "remit_claims")
    # Of four records on that day one is the duplicate, one the reversal.
    says(row, numerator=0, denominator=2, window="2026-04-01 to 2026-04-28")


def test_states_of_the_twenty_records(site):
    states = site.table("remit_claims").group_by("event_state").len()
    counted = dict(states.iter_rows())
    assert counted == {"live": 17, "reversal": 1, "cancelled": 1, "ended": 1}
    assert site.table("remit_claims")["is_duplicate"].sum() == 1


def test_a_month_without_three_before_has_no_hfma_rate(site):
    row = rate(site, "hfma_initial_claims", "claim_outcomes")
    says(row, numerator=3, denominator=None, rate=None, submitted_month="2026-02-01")
    row = rate(site, "hfma_initial_dollars", "claim_outcomes")
    says(row, numerator="540.00", denominator=None, rate=None)


def test_claim_says_how_soon_it_was_answered_and_paid(site):
    row = site.row("claim_outcomes", claim_id="AUTH1")
    says(row, submitted_date="2026-02-12", first_answer_date="2026-03-01", days_from_submission=17)
    says(row, first_paid_date="2026-04-01", denied_initial=True, denied_final=False)
    assert row["charge_usd"] == Decimal("180.00")


def test_every_claim_has_one_row(site):
    claims = site.table("claim_outcomes")
    assert claims.height == claims["claim_id"].n_unique() == 16
    assert claims["lines"].sum() == site.table("claim_line_outcomes").height
    says(site.row("claim_outcomes", claim_id="CAPITATED"), counts_initial=False, counts_final=False)
