"""What payers really use, week by week, and whether the contract file or the payer is doubted.

Each payer of the site tells one story about one term; the payment limit is the first quarter's of
2026, a row of the shipped reference.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from scenario_site import Mail, Plan, Published, allowed, drug, payers, publish, says, term

LIMIT = Decimal("36.718")  # REAL: J9177 in 2026Q1
MONDAY = date(2026, 1, 5)
BEFORE = {"effective_through": "2025-12-31"}
SINCE = {"effective_from": "2026-01-01"}
MAIL = Mail()

AMENDED = Plan("amended")
MIXED = Plan("mixed")
NEWCOMER = Plan("newcomer")
OLD_RATE = Plan("old_rate")
TWICE = Plan("twice")
SHARE = Plan("share")
FAITHFUL = Plan("faithful")
SLIPPED = Plan("slipped")
ALTERNATING = Plan("alternating")
STAYED = Plan("stayed")
EARLY = Plan("early")
SISTER = Plan("sister")
DOLLARS = Plan("dollars")
UNRECORDED = Plan("unrecorded")
PLANS = (
    *(AMENDED, MIXED, NEWCOMER, OLD_RATE, TWICE, SHARE, FAITHFUL, SLIPPED, ALTERNATING),
    *(STAYED, EARLY, SISTER, UNRECORDED, DOLLARS),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    at_limit = {"method": "pct_of_limit"}
    reference = {
        **payers(*PLANS),
        "contract_terms": [
            *(
                term(plan, "J9177", "104", **at_limit)
                for plan in (AMENDED, MIXED, NEWCOMER, TWICE, FAITHFUL, ALTERNATING, DOLLARS)
            ),
            term(OLD_RATE, "J1324", "0.7425"),
            term(SHARE, "J9177", "50", method="pct_of_charge"),
            term(SLIPPED, "J9177", "104", **at_limit, effective_through="2026-02-01"),
            term(SLIPPED, "J9177", "106", **at_limit, effective_from="2026-02-02"),
            term(STAYED, "J1324", "0.7150", **BEFORE, recorded_on="2022-11-01"),
            term(STAYED, "J1324", "0.7425", **SINCE, recorded_on="2025-11-01"),
            term(EARLY, "J9177", "104", **at_limit, effective_through="2026-06-30"),
            term(EARLY, "J9177", "101", **at_limit, effective_from="2026-07-01"),
            term(SISTER, "J9177", "104", **at_limit),
            term(SISTER, "J9271", "50", method="pct_of_charge"),
            term(UNRECORDED, "J1324", "0.7425", **SINCE),
            term(UNRECORDED, "J1324", "0.7150", **BEFORE, recorded_on="2026-12-01"),
        ],
    }
    return publish(tmp_path_factory.mktemp("findings") / "site", MAIL, reference)


def cents(dollars: Decimal) -> str:
    """Dollars as a payer rounds them, half away from zero."""
    return str(dollars.quantize(Decimal("0.01"), ROUND_HALF_UP))


def at_percent(plan: Plan, week: int, percent: str, units: int = 410) -> None:
    """A claim of a week, counted from the first of 2026, allowed at a percent of the limit."""
    paid(plan, week, "J9177", units, cents(units * LIMIT * Decimal(percent) / 100))


def paid(plan: Plan, week: int, hcpcs: str, units: int, allows: str, charge="60000.00") -> None:
    """A claim on the next free day of that week, with what was allowed."""
    number = f"{plan.payer_id}-{len(MAIL.claims)}"
    line = drug(hcpcs, units, charge, service_date=MONDAY + timedelta(days=7 * week))
    MAIL.settle(number, line, allowed(line, allows), plan=plan)


def findings(site: Published, plan: Plan) -> list[dict[str, object]]:
    """The payer's findings, the earliest week first."""
    rows = site.table("contract_findings").filter(payer_id=plan.payer_id)
    return rows.sort("first_week").to_dicts()


for week in range(4):
    at_percent(AMENDED, week, "104", units=400 + week)
for week in range(4, 9):
    at_percent(AMENDED, week, "106", units=400 + week)


def test_amendment_that_is_not_on_file_is_looked_for_in_the_contract_file(site):
    before, since = findings(site, AMENDED)
    says(before, verdict="agrees", lines=4, lines_off_term=0, between_usd="0.00")
    says(since, verdict="look_at_contract_file", first_week="2026-02-02", last_week="2026-03-02")
    says(since, lines=5, claims=5, lines_at_rate=5, rate_seen="106.0000", shortfall_usd="0.00")
    over = sum(
        Decimal(cents(units * LIMIT * Decimal("1.06")))
        - Decimal(cents(units * LIMIT * Decimal("1.04")))
        for units in range(404, 409)
    )
    says(since, overpaid_usd=str(over), between_usd=str(over))
    says(since, term_says="104% of the CMS limit", paid_says="106% of the CMS limit")
    assert since["sentence"].startswith("look at the contract file before you write a letter: ")


for week in range(10):
    paid(DOLLARS, week // 4, "J9177", 400 + 7 * week, f"{37 * (400 + 7 * week)}.00")


def test_fixed_schedule_loaded_as_a_percent_is_seen_in_dollars_a_unit(site):
    (finding,) = findings(site, DOLLARS)
    says(finding, verdict="look_at_contract_file", lines=10, claims=10, lines_at_rate=10)
    says(finding, rate_basis="dollars_per_unit", rate_seen="37.0000", paid_says="$37 a unit")
    assert " allowed J9177 at $37 a unit on 10 of 10 lines " in finding["sentence"]
    # The cause of its lines tells the same rate.
    causes = site.table("underpayment_causes").filter(payer_id="dollars")
    assert causes.select("cause", "candidate").unique().rows() == [
        ("rate_difference", "dollars a unit 37")
    ]


for percent in ("104", "100", "104", "98.5", "104", "101", "104", "99"):
    at_percent(MIXED, 1, percent)


def test_payer_that_allows_now_this_now_that_varies_and_the_file_is_not_doubted(site):
    (finding,) = findings(site, MIXED)
    says(finding, verdict="payer_varies", lines=8, lines_off_term=4, claims_off_term=4)
    says(finding, rate_seen=None, paid_says=None, overpaid_usd="0.00")
    assert finding["sentence"].startswith(
        "payer varies: Mixed (commercial, professional) kept to term "
    )


for week, percent in enumerate(("104", "100", "104", "104", "101", "104", "104", "99")):
    at_percent(ALTERNATING, week, percent)


def test_odd_weeks_too_short_to_be_stretches_are_told_together(site):
    (finding,) = findings(site, ALTERNATING)
    says(finding, verdict="payer_varies", lines=8, lines_off_term=3, first_week="2026-01-05")
    says(finding, last_week="2026-02-23")


at_percent(NEWCOMER, 0, "106")
at_percent(NEWCOMER, 1, "106")


def test_two_claims_are_too_few_to_doubt_file_or_payer(site):
    (finding,) = findings(site, NEWCOMER)
    says(finding, verdict="too_few_claims", lines=2, claims=2, lines_off_term=2)


# 85 x 0.7150 is 60.775, paid 60.78: by itself a rate of 0.7151.
for week, (units, allows) in enumerate(
    ((85, "60.78"), (85, "60.78"), (90, "64.35"), (100, "71.50"), (17, "12.16"))
):
    paid(OLD_RATE, week, "J1324", units, allows, charge="900.00")


def test_fixed_rate_is_read_from_lines_of_any_number_of_units(site):
    (finding,) = findings(site, OLD_RATE)
    says(finding, verdict="look_at_contract_file", rate_seen="0.7150", lines_at_rate=5)
    says(finding, rate_basis="dollars_per_unit", paid_says="$0.715 a unit")
    says(finding, term_says="$0.7425 a unit", first_week="2026-01-05", last_week="2026-02-02")


for week in range(3):
    at_percent(TWICE, week, "100")
for week in range(3, 7):
    at_percent(TWICE, week, "102.25")


def test_two_rates_one_after_the_other_are_two_stretches(site):
    first, second = findings(site, TWICE)
    says(first, verdict="look_at_contract_file", rate_seen="100.0000", lines=3)
    says(second, verdict="look_at_contract_file", rate_seen="102.2500", lines=4)
    says(second, first_week="2026-01-26", last_week="2026-02-16")


for week, (charge, allows) in enumerate(
    (("10000.00", "4500.00"), ("12345.67", "5555.55"), ("20000.01", "9000.00"))
):
    paid(SHARE, week, "J9177", 410, allows, charge=charge)


def test_percent_of_charge_is_implied_from_the_charge(site):
    (finding,) = findings(site, SHARE)
    says(finding, verdict="look_at_contract_file", rate_seen="45.0000", lines_at_rate=3)
    says(finding, term_says="50% of the charge", paid_says="45% of the charge")


for week in range(6):
    at_percent(FAITHFUL, week, "104", units=100 + week)
at_percent(FAITHFUL, 2, "60")


def test_one_claim_paid_wrongly_does_not_make_the_payer_vary(site):
    (finding,) = findings(site, FAITHFUL)
    says(finding, verdict="agrees", lines=7, lines_off_term=1)
    assert finding["shortfall_usd"] > 0


for week in range(8):
    at_percent(SLIPPED, week, "104" if week < 4 else "106")


def test_term_that_changed_with_the_payer_agrees_on_both_sides(site):
    (finding,) = findings(site, SLIPPED)
    says(finding, verdict="agrees", lines=8, lines_off_term=0, term_says="106% of the CMS limit")


for plan in (STAYED, UNRECORDED):
    for week in range(3):
        paid(plan, week, "J1324", 90 + week, cents((90 + week) * Decimal("0.715")), "900.00")
for week in range(3):
    at_percent(EARLY, week, "101", units=400 + week)
    paid(SISTER, week, "J9177", 410, f"{6000 + week}.00", charge=f"{12000 + 2 * week}.00")


def test_superseded_rate_for_everybody_is_the_payer_s_and_names_the_row(site):
    (finding,) = findings(site, STAYED)
    says(finding, verdict="payer_uses_another_row", lines=3, lines_at_rate=3)
    row = "term stayed:J1324 (fixed 0.715, from 2023-01-01 to 2025-12-31, recorded 2022-11-01)"
    said = f"; that is {row}; term stayed:J1324 in force says $0.7425 a unit. "
    assert said in finding["sentence"]
    # The cause of its lines says the same row.
    causes = site.table("underpayment_causes").filter(payer_id="stayed")
    assert causes.select("cause", "candidate").unique().rows() == [("superseded_term", row)]


def test_rate_that_is_not_yet_in_force_is_another_row_too(site):
    (finding,) = findings(site, EARLY)
    says(finding, verdict="payer_uses_another_row", rate_seen="101.0000")
    assert "term early:J9177 (pct_of_limit 101, from 2026-07-01)" in finding["sentence"]


def test_rate_of_another_term_of_the_contract_is_named_though_no_one_percent_is_seen(site):
    causes = site.table("underpayment_causes").filter(payer_id="sister")
    assert set(causes["cause"]) == {"superseded_term"}
    (finding,) = findings(site, SISTER)
    # Half the charge is no one percent of the limit: there is no stretch to doubt a file by.
    says(finding, verdict="payer_varies", lines=3, lines_off_term=3, rate_seen=None)


def test_row_recorded_after_as_of_explains_nothing(site):
    (finding,) = findings(site, UNRECORDED)
    says(finding, verdict="look_at_contract_file", paid_says="$0.715 a unit")


def test_check_lists_what_does_not_agree_and_a_payer_that_varies_once(site):
    wrong_file = site.warning("warn_terms_disagree_with_payments")
    assert wrong_file["usd"].to_list() == sorted(wrong_file["usd"], reverse=True)
    varying = site.warning("warn_payers_vary")
    (payer_ids,) = varying["payer_ids"]
    assert {*wrong_file["payer_id"], *payer_ids.split(", ")} == {
        "amended",
        "mixed",
        "alternating",
        "old_rate",
        "twice",
        "share",
        "stayed",
        "early",
        "dollars",
        "sister",
        "unrecorded",
    }


def test_rates_seen_are_kept_week_by_week(site):
    weeks = site.table("payer_rates_seen").filter(payer_id="amended").sort("service_week")
    assert weeks["is_at_term"].to_list() == [True] * 4 + [False] * 5
    assert weeks["rate_seen"].drop_nulls().unique().to_list() == [Decimal("106.0000")]
    last = weeks.row(8, named=True)
    says(last, service_week="2026-03-02", lines=1, claims=1, lines_at_term=0, rate_lines=1)
    # 408 x 36.718 x 106% is 15,879.80: a unit at 38.9211 to four decimals.
    says(last, rate_per_unit="38.9211", allowed_usd="15879.80", rate_per_unit_claims=1)
