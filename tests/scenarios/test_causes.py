"""Short and overpaid by a price: other versions, quarters, vintages, roundings, in real text.

Each cause stands beside look-alikes that must not be taken for it: two cents off, five quarters
back, the same percent in another contract.
"""

from datetime import date

import pytest
from causes_site import LAST_YEAR, THIS_YEAR, causes_of, detail_of, of_limit, padcev
from scenario_site import (
    ALDER,
    APR_1,
    Mail,
    Plan,
    Published,
    allowed,
    at_old_rate,
    base_terms,
    drug,
    payers,
    publish,
    refreshed,
    term,
)

LIMIT, LAGS = Plan("limit"), Plan("lags")
ABOVE_LIMIT = Plan("above_limit")
JUST_ABOVE = Plan("just_above")
LATEST, FIRST = Plan("latest"), Plan("first")
PERCENT = Plan("percent")
LOWERED = Plan("lowered")
CAPPED = Plan("capped")
SIBLING = Plan("sibling")
ASP = Plan("asp")
AMENDED, AMENDED_PERCENT = Plan("amended"), Plan("amended_percent")
LIST = Plan("list")
PLANS = (
    ALDER, LIMIT, LAGS, ABOVE_LIMIT, JUST_ABOVE, LATEST, FIRST, PERCENT, LOWERED, CAPPED, SIBLING,
    ASP, AMENDED, AMENDED_PERCENT, LIST,
)  # fmt: skip
SIGNED, SIGNED_BACK = {"recorded_on": "2023-01-01"}, {**THIS_YEAR, "recorded_on": "2026-06-15"}
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(*PLANS),
        "contract_terms": [
            *base_terms(),
            *base_terms(CAPPED, charge_cap="line"),
            of_limit(LIMIT, "100"),
            of_limit(LAGS, "100", price_lag_days=60),
            of_limit(ABOVE_LIMIT, "104"),
            of_limit(JUST_ABOVE, "103"),
            of_limit(LATEST, "100", price_vintage="latest"),
            of_limit(FIRST, "100", price_vintage="first"),
            of_limit(PERCENT, "106", "J9177", **LAST_YEAR, recorded_on="2023-01-01"),
            of_limit(PERCENT, "108", "J9177", recorded_on="2025-10-01"),
            term(LOWERED, "J1324", "0.8000", **LAST_YEAR),
            term(LOWERED, "J1324", "0.7425", **THIS_YEAR),
            of_limit(SIBLING, "106", "J9177"),
            of_limit(SIBLING, "103", "J9271"),
            term(ASP, "J9271", "4", method="asp_plus", **SIGNED),
            term(ASP, "J9271", "6", method="asp_plus", recorded_on="2025-01-01"),
            term(AMENDED, "J1324", "0.7425", **SIGNED),
            term(AMENDED, "J1324", "0.7800", **SIGNED_BACK),
            of_limit(AMENDED_PERCENT, "104", "J9177", **SIGNED),
            of_limit(AMENDED_PERCENT, "106", "J9177", **SIGNED_BACK),
            term(LIST, "J9177", "15", method="awp_minus"),
        ],
        "list_prices": [
            {"hcpcs": "J9177", "per": "unit", "price_kind": "awp", "price": price, **begins}
            for price, begins in (
                ("45.00", {"effective_from": "2025-01-01"}),
                ("47.00", {"effective_from": "2025-10-01"}),
            )
        ],
        # The second quarter is made up; the others are CMS's own.
        "payment_limits": [
            {
                "effective_quarter": "2026Q2",
                "hcpcs": "J9271",
                "published_on": "2026-03-18",
                "payment_limit": "61.250",
            }
        ],
    }
    return publish(tmp_path_factory.mktemp("causes") / "site", MAIL, reference)


def keytruda(day: date):
    return drug("J9271", 200, "30000.00", service_date=day)


# superseded_term

MAIL.settle("STALE", drug(), at_old_rate(drug()))
MAIL.settle("STALE_CENT", drug(), allowed(drug(), "64.36"))
MAIL.settle("STALE_NEAR", drug(), allowed(drug(), "64.37"))


def test_superseded_rate_names_the_version_that_was_paid(site):
    assert causes_of(site, "STALE") == [("superseded_term", "2.48")]
    said = detail_of(site, "STALE", "superseded_term")
    assert "alder:J1324" in said
    assert "0.715" in said
    assert "2025-12-31" in said


def test_a_cent_off_the_superseded_rate_fits_and_two_cents_off_do_not(site):
    assert causes_of(site, "STALE_CENT") == [("superseded_term", "2.47")]
    assert causes_of(site, "STALE_NEAR") == [("unexplained", "2.46")]


# 15,064.63 at the limit: 16,269.80 at 108%, 15,968.51 at 106%.
for number, usd in (("PCT", "15968.51"), ("PCT_NEAR", "15968.53")):
    LINE = padcev()
    MAIL.settle(number, LINE, allowed(LINE, usd), plan=PERCENT)


def test_superseded_percent_is_priced_on_the_line_s_own_date(site):
    assert causes_of(site, "PCT") == [("superseded_term", "301.29")]
    assert "recorded 2023-01-01" in detail_of(site, "PCT", "superseded_term")
    assert causes_of(site, "PCT_NEAR") == [("unexplained", "301.27")]


MAIL.settle("LOWERED", drug(), allowed(drug(), "72.00"), plan=LOWERED)


def test_rate_that_was_lowered_and_is_still_paid_is_overpaid_for_the_same_cause(site):
    assert causes_of(site, "LOWERED") == [("superseded_term", "-5.17")]


# 103% of the limit is 15,516.57, the rate of another drug of the contract.
MAIL.settle("SIBLING", padcev(), allowed(padcev(), "15516.57"), plan=SIBLING)
MAIL.settle("STRANGER", padcev(), allowed(padcev(), "15516.57"), plan=ABOVE_LIMIT)


def test_percent_of_another_term_of_the_contract_fits_that_of_another_contract_does_not(site):
    assert causes_of(site, "SIBLING") == [("superseded_term", "451.94")]
    assert "sibling:J9271" in detail_of(site, "SIBLING", "superseded_term")
    assert causes_of(site, "STRANGER") == [("unexplained", "150.65")]


# 60.291 x 200 in 2025Q4 is 12,058.20, which is ASP + 6%; at ASP + 4% it is 11,830.69.
WINTER = keytruda(date(2025, 11, 10))
MAIL.settle("ASP", WINTER, allowed(WINTER, "11830.69"), plan=ASP)
# The charge of 65.00 caps the contract's 66.83 and leaves the old rate's 64.35 alone.
CHEAP = drug(charge="65.00")
MAIL.settle("CAPPED", CHEAP, allowed(CHEAP, "64.35"), plan=CAPPED)
MAIL.settle("CAPPED_IN_FULL", CHEAP, allowed(CHEAP, "65.00"), plan=CAPPED)


def test_superseded_version_is_priced_by_its_own_method_and_under_its_own_cap(site):
    assert causes_of(site, "ASP") == [("superseded_term", "227.51")]
    assert causes_of(site, "CAPPED") == [("superseded_term", "0.65")]
    assert causes_of(site, "CAPPED_IN_FULL") == []


SPRING = padcev(day=date(2026, 2, 10))
MAIL.settle("RETRO", drug(), allowed(drug(), "66.83"), plan=AMENDED)
# 36.718 x 410 in 2026Q1 is 15,054.38: 15,656.56 at 104%, 15,957.64 at 106%.
MAIL.settle("RETRO_PERCENT", SPRING, allowed(SPRING, "15656.56"), plan=AMENDED_PERCENT)
MAIL.settle("RETRO_OVER", SPRING, allowed(SPRING, "15957.64"), plan=AMENDED_PERCENT)


def test_amendment_back_in_time_blames_nobody_before_it_was_signed(site):
    assert causes_of(site, "RETRO") == [("superseded_term", "3.37")]
    said = detail_of(site, "RETRO", "superseded_term")
    assert "fixed 0.7425" in said
    assert "the term in force was recorded 2026-06-15" in said
    assert causes_of(site, "RETRO_PERCENT") == [("superseded_term", "301.08")]
    assert causes_of(site, "RETRO_OVER") == []
    in_march = refreshed(site.folder.root, as_of=date(2026, 3, 31))
    assert causes_of(in_march, "RETRO") == []
    assert causes_of(in_march, "RETRO_PERCENT") == []
    # What is not on record yet explains nothing yet.
    assert causes_of(in_march, "RETRO_OVER") == [("unexplained", "-301.08")]


# other_quarter_price

for number, day, usd in (
    ("QTR_PREVIOUS", APR_1, "11945.20"),
    ("QTR_NEXT", date(2026, 3, 31), "12250.00"),
    ("QTR_NEAR", APR_1, "11945.22"),
    ("QTR_FOUR_BACK", APR_1, "11869.80"),
    ("QTR_FIVE_BACK", APR_1, "11520.60"),
):
    MAIL.settle(number, keytruda(day), allowed(keytruda(day), usd), plan=LIMIT)


def test_price_of_the_previous_quarter_is_short_and_of_the_next_is_over(site):
    assert causes_of(site, "QTR_PREVIOUS") == [("other_quarter_price", "304.80")]
    assert "J9271 limit 2026Q1" in detail_of(site, "QTR_PREVIOUS", "other_quarter_price")
    assert causes_of(site, "QTR_NEXT") == [("other_quarter_price", "-304.80")]
    assert "limit 2026Q2" in detail_of(site, "QTR_NEXT", "other_quarter_price")


def test_two_cents_off_another_quarter_is_not_that_quarter(site):
    assert causes_of(site, "QTR_NEAR") == [("unexplained", "304.78")]


def test_quarters_are_looked_for_four_back_and_no_further(site):
    assert causes_of(site, "QTR_FOUR_BACK") == [("other_quarter_price", "380.20")]
    assert "limit 2025Q2" in detail_of(site, "QTR_FOUR_BACK", "other_quarter_price")
    assert causes_of(site, "QTR_FIVE_BACK") == [("unexplained", "729.40")]


# 36.663 / 0.25 x 100 in 2025Q3, 36.743 / 0.25 x 100 in 2025Q4.
HOUSE = drug("J1324", 100, "45000.00", service_date=date(2025, 11, 10))
MAIL.settle("QTR_HOUSE", HOUSE, allowed(HOUSE, "14665.20"), plan=LIMIT)


def test_house_code_is_compared_with_other_quarters_per_milligram(site):
    assert causes_of(site, "QTR_HOUSE") == [("other_quarter_price", "32.00")]
    assert "J9177 limit 2025Q3" in detail_of(site, "QTR_HOUSE", "other_quarter_price")


RESTATED = drug("J1454", 1, "2000.00", service_date=date(2024, 2, 10))
MAIL.settle("VINTAGE_FIRST", RESTATED, allowed(RESTATED, "173.55"), plan=LATEST)
MAIL.settle("VINTAGE_LAST", RESTATED, allowed(RESTATED, "694.18"), plan=FIRST)
MAIL.settle("VINTAGE_HELD", RESTATED, allowed(RESTATED, "173.55"), plan=FIRST)


def test_restated_limit_is_named_by_its_vintage_and_accuses_nobody_who_keeps_to_the_term(site):
    assert causes_of(site, "VINTAGE_FIRST") == [("other_quarter_price", "520.63")]
    said = detail_of(site, "VINTAGE_FIRST", "other_quarter_price")
    assert "J1454 limit 2024Q1, first published 2023-12-12" in said
    assert causes_of(site, "VINTAGE_LAST") == [("other_quarter_price", "-520.63")]
    assert causes_of(site, "VINTAGE_HELD") == []


MAIL.settle("LIST", padcev(), allowed(padcev(), "15682.50"), plan=LIST)
MAIL.settle("LIST_NEAR", padcev(), allowed(padcev(), "15682.47"), plan=LIST)


def test_list_price_of_another_day_is_named(site):
    assert causes_of(site, "LIST") == [("other_quarter_price", "697.00")]
    said = detail_of(site, "LIST", "other_quarter_price")
    assert "AWP of J9177 in force from 2025-01-01: 45" in said
    assert causes_of(site, "LIST_NEAR") == [("unexplained", "697.03")]


LATE = keytruda(date(2026, 4, 15))
MAIL.settle("LAG_KEPT", LATE, allowed(LATE, "11945.20"), plan=LAGS)
MAIL.settle("LAG_FORGONE", LATE, allowed(LATE, "12250.00"), plan=LAGS)


def test_price_that_a_lag_still_grants_is_no_other_quarter_s(site):
    assert causes_of(site, "LAG_KEPT") == []
    assert causes_of(site, "LAG_FORGONE") == [("other_quarter_price", "-304.80")]


# rounding

MAIL.settle("ROUND", padcev(), allowed(padcev(), "15666.10"), plan=ABOVE_LIMIT)
MAIL.settle("ROUND_NEAR", padcev(), allowed(padcev(), "15666.13"), plan=ABOVE_LIMIT)
MAIL.settle("ROUND_UP", padcev(), allowed(padcev(), "15518.50"), plan=JUST_ABOVE)
MAIL.settle("ROUND_FIXED", drug(), allowed(drug(), "66.60"))


def test_a_rounded_unit_price_is_rounding_short_or_over(site):
    assert causes_of(site, "ROUND") == [("rounding", "1.12")]
    assert "2 decimals" in detail_of(site, "ROUND", "rounding")
    assert causes_of(site, "ROUND_UP") == [("rounding", "-1.93")]
    assert causes_of(site, "ROUND_FIXED") == [("rounding", "0.23")]


def test_three_cents_off_a_rounded_price_is_not_rounding(site):
    assert causes_of(site, "ROUND_NEAR") == [("unexplained", "1.09")]
