"""Short and overpaid by units, by another code, by a rate of the payer: in real text.

Each cause stands beside look-alikes that must not be taken for it: units nothing supports, the same
dollars under the billed code, two claims where three are asked.
"""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from causes_site import (
    LAST_YEAR,
    NOV_10,
    THIS_YEAR,
    causes_of,
    detail_of,
    of_limit,
    padcev,
    settle_each,
)
from scenario_site import (
    ALDER,
    APR_1,
    FEB_10,
    MAR_1,
    Mail,
    Plan,
    Published,
    allowed,
    answer,
    answered,
    base_terms,
    cas,
    drug,
    payers,
    publish,
    term,
)

from analytics.synthetic.x12_writer import RemitLine

LIMIT = Plan("limit")
LOWERED = Plan("lowered")
CODES = Plan("codes")
DOLLAR, DOLLAR_TWICE, DOLLAR_APART = Plan("dollar"), Plan("dollar_twice"), Plan("dollar_apart")
CHARGES, CHARGES_TOO = Plan("charges"), Plan("charges_too")
ONE_CODE, UNCOVERED = Plan("one_code"), Plan("uncovered")
NO_WASTE = Plan("no_waste")
PLANS = (
    ALDER, LIMIT, LOWERED, CODES, DOLLAR, DOLLAR_TWICE, DOLLAR_APART, CHARGES, CHARGES_TOO,
    ONE_CODE, UNCOVERED, NO_WASTE,
)  # fmt: skip
MAIL = Mail()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Published:
    reference = {
        **payers(*PLANS),
        "contract_terms": [
            *base_terms(),
            of_limit(LIMIT, "100"),
            term(LOWERED, "J1324", "0.8000", **LAST_YEAR),
            term(LOWERED, "J1324", "0.7425", **THIS_YEAR),
            term(CODES, "J1324", "140.00"),
            term(CODES, "J9177", "34.00", **LAST_YEAR),
            term(CODES, "J9177", "33.00", **THIS_YEAR),
            *(term(plan, "J1324", "1.00") for plan in (DOLLAR, DOLLAR_TWICE, DOLLAR_APART)),
            *(term(plan, "*", "60", method="pct_of_charge") for plan in (CHARGES, CHARGES_TOO)),
            term(ONE_CODE, "J1324", "140.00", **LAST_YEAR),
            term(ONE_CODE, "J1324", "148.00", **THIS_YEAR),
            term(UNCOVERED, "J1324", "140.00"),
            term(UNCOVERED, "J9271", "60.00"),
            term(NO_WASTE, "J1324", "0.7425"),
        ],
        "payer_policies": [
            {"payer_id": "no_waste", "pays_waste": "no", "source": "made up"},
            {"payer_id": "uncovered", "hcpcs": "J9271", "covered": "no", "source": "made up"},
        ],
    }
    return publish(tmp_path_factory.mktemp("causes") / "site", MAIL, reference)


# units_reduced

MAIL.settle("UNITS", drug(), allowed(drug(), "6.68", paid_units=9, original_units=90))
MAIL.settle("UNITS_CAS", drug(), answered(drug(), cas("CO-45", "173.32", 81), paid_units=9))
MAIL.settle("UNITS_UNTOLD", drug(), allowed(drug(), "10.00", paid_units=9))
MAIL.settle("UNITS_MORE", drug(), allowed(drug(), "74.25", paid_units=100, original_units=90))


HOSPITAL = drug(revenue_code="0636")
MAIL.bill("UNITS_HOSPITAL", HOSPITAL, claim_type="institutional", place_of_service="13")
MAIL.pay(
    MAR_1,
    answer(
        "UNITS_HOSPITAL",
        allowed(HOSPITAL, "6.68", paid_units=9, original_units=90, revenue_code="0636"),
        place_of_service="13",
    ),
)


@pytest.mark.parametrize("number", ["UNITS", "UNITS_CAS", "UNITS_HOSPITAL"])
def test_units_not_paid_are_the_difference_of_two_rounded_amounts(site, number):
    assert causes_of(site, number) == [("units_reduced", "60.15")]
    assert "9 of 90" in detail_of(site, number, "units_reduced")


def test_a_unit_count_that_nothing_supports_explains_nothing(site):
    assert causes_of(site, "UNITS_UNTOLD") == [("unexplained", "56.83")]


def test_more_units_paid_than_billed_are_overpaid(site):
    assert causes_of(site, "UNITS_MORE") == [("units_reduced", "-7.42")]


MAIL.settle("BOTH", drug(), allowed(drug(), "57.20", paid_units=80, original_units=90))
MAIL.settle(
    "BOTH_LIMIT",
    padcev(),
    allowed(padcev(), "14665.20", paid_units=400, original_units=410),
    plan=LIMIT,
)
# 80 units at 0.8000 come to 64.00, where 80 at 0.7425 would be 59.40.
MAIL.settle(
    "BOTH_WAYS", drug(), allowed(drug(), "64.00", paid_units=80, original_units=90), plan=LOWERED
)


def test_units_come_first_and_price_explains_the_rest_at_the_units_paid(site):
    assert causes_of(site, "BOTH") == [("superseded_term", "2.20"), ("units_reduced", "7.43")]
    assert causes_of(site, "BOTH_LIMIT") == [
        ("other_quarter_price", "32.00"),
        ("units_reduced", "367.43"),
    ]


def test_a_price_above_contract_on_fewer_units_works_against_the_shortfall(site):
    assert causes_of(site, "BOTH_WAYS") == [("superseded_term", "-4.60"), ("units_reduced", "7.43")]
    rows = site.table("underpayment_causes").filter(claim_id="BOTH_WAYS")
    assert (str(rows["shortfall_usd"].sum()), str(rows["overpaid_usd"].sum())) == ("2.83", "0.00")


CUTS = cas("CO-151", "162.00", 81), cas("CO-45", "11.32")
MAIL.settle("DENIED", drug(), answered(drug(), *CUTS, paid_units=9, original_units=90))
MAIL.settle(
    "DENIED_SPREAD",
    drug(),
    answered(drug(), cas("CO-151", "162.00"), cas("CO-45", "11.32"), paid_units=9,
             original_units=90),
)  # fmt: skip
# 45 of 90 units denied, 9 paid: 26.73 more than the denial explains, as 36 units.
MAIL.settle(
    "DENIED_MORE",
    drug(),
    answered(drug(), cas("CO-151", "90.00", 45), cas("CO-45", "83.32"), paid_units=9,
             original_units=90),
)  # fmt: skip
# 45 denied units paid for the rest at the old rate: 45 x 0.7150 = 32.18.
MAIL.settle(
    "DENIED_STALE",
    drug(),
    answered(drug(), cas("CO-151", "90.00", 45), cas("CO-45", "57.82"), paid_units=45,
             original_units=90),
)  # fmt: skip


@pytest.mark.parametrize("number", ["DENIED", "DENIED_SPREAD"])
def test_a_cent_left_of_the_denied_part_is_rounding(site, number):
    assert causes_of(site, number) == [("rounding", "0.01")]
    assert "one cent" in detail_of(site, number, "rounding")


def test_what_was_denied_is_not_counted_again_as_units(site):
    line = site.line("DENIED_MORE")
    assert str(line["denied_expected_usd"]) == "33.41"
    assert causes_of(site, "DENIED_MORE") == [("units_reduced", "26.74")]
    assert causes_of(site, "DENIED_STALE") == [("superseded_term", "1.24")]


# recoded


def as_j9177(usd: str, **parts: object) -> RemitLine:
    parts = {"original_hcpcs": "J1324", "original_units": 100, "paid_units": 400, **parts}
    return allowed(drug("J9177", 100, "30000.00"), usd, **parts)


EIGHTY_MG = {"original_units": 100, "paid_units": 320}
CODED = drug("J1324", 100, "30000.00")
MAIL.settle("CODE", CODED, as_j9177("13200.00"), plan=CODES)
MAIL.settle("CODE_UNITS_UNTOLD", CODED, as_j9177("13200.00", paid_units=None), plan=CODES)
MAIL.settle("CODE_AND_UNITS", CODED, as_j9177("10560.00", **EIGHTY_MG), plan=CODES)
MAIL.settle("CODE_AND_RATE", CODED, as_j9177("13600.00"), plan=CODES)
MAIL.settle(
    "CODE_NO_TERM",
    CODED,
    allowed(drug("J9999", 100, "30000.00"), "10000.00", original_hcpcs="J1324", paid_units=1),
    plan=CODES,
)
MAIL.settle("CODE_SAME", CODED, allowed(CODED, "13200.00"), plan=CODES)
MAIL.settle(
    "CODE_OVER",
    drug("J9177", 400, "30000.00"),
    allowed(
        drug("J1324", 400, "30000.00"), "14000.00", original_hcpcs="J9177", original_units=400,
        paid_units=100,
    ),
    plan=CODES,
)  # fmt: skip


@pytest.mark.parametrize("number", ["CODE", "CODE_UNITS_UNTOLD"])
def test_another_code_is_priced_by_its_own_term_at_its_own_units(site, number):
    assert causes_of(site, number) == [("recoded", "800.00")]
    said = detail_of(site, number, "recoded")
    assert "J1324" in said
    assert "J9177: 400 units" in said


def test_units_then_code_each_have_their_dollars(site):
    # 20 of 100 mg at 140.00; then 80 mg at 4 x 33.00 a mg in place of 140.00.
    assert causes_of(site, "CODE_AND_UNITS") == [
        ("recoded", "640.00"),
        ("units_reduced", "2800.00"),
    ]


def test_what_a_code_leaves_is_explained_by_that_code_s_own_term(site):
    # At 140.00 a mg nothing fits; at J9177's rate of last year 400 x 34.00 does.
    assert causes_of(site, "CODE_AND_RATE") == [
        ("recoded", "800.00"),
        ("superseded_term", "-400.00"),
    ]


def test_code_without_a_term_takes_the_whole_rest(site):
    assert causes_of(site, "CODE_NO_TERM") == [("recoded", "4000.00")]
    assert detail_of(site, "CODE_NO_TERM", "recoded") == "J9999 has no term"


def test_the_same_dollars_under_the_billed_code_are_no_recoding(site):
    assert causes_of(site, "CODE_SAME") == [("unexplained", "800.00")]


MAIL.settle("SAME_SERVICE", CODED, as_j9177("14000.00"), plan=ONE_CODE)
MAIL.settle("SAME_UNTOLD", CODED, as_j9177("14000.00", paid_units=None), plan=ONE_CODE)
UNPROVED = {"paid_units": 500, "original_units": None}
MAIL.settle("MORE_OF_IT", CODED, as_j9177("14000.00", **UNPROVED), plan=ONE_CODE)
AS_KEYTRUDA = allowed(
    drug("J9271", 100, "30000.00"), "6500.00", original_hcpcs="J1324", original_units=100,
    paid_units=100,
)  # fmt: skip
MAIL.settle("NOT_COVERED", CODED, AS_KEYTRUDA, plan=UNCOVERED)


@pytest.mark.parametrize("number", ["SAME_SERVICE", "SAME_UNTOLD"])
def test_same_milligrams_of_the_drug_under_a_code_without_a_price_are_no_recoding(site, number):
    # 100 mg at last year's 140.00 in place of 148.00: the code is not the cause.
    assert causes_of(site, number) == [("superseded_term", "800.00")]


def test_other_milligrams_under_a_code_without_a_price_are_recoded(site):
    assert causes_of(site, "MORE_OF_IT") == [("recoded", "800.00")]
    assert detail_of(site, "MORE_OF_IT", "recoded") == "J9177 has no term"


def test_code_that_the_policy_does_not_cover_has_no_price_whatever_its_term(site):
    # By its term alone, 100 x 60.00, it would be 8,000.00 recoded and -500.00 unexplained.
    assert causes_of(site, "NOT_COVERED") == [("recoded", "7500.00")]
    said = detail_of(site, "NOT_COVERED", "recoded")
    assert said == "J9271 is not covered: policy made up"


def test_a_dearer_code_is_overpaid(site):
    assert causes_of(site, "CODE_OVER") == [("recoded", "-800.00")]


# rate_difference


settle_each(
    MAIL,
    DOLLAR,
    *[
        ("RATE1", "J1324", 90, "63.00", FEB_10),
        ("RATE2", "J1324", 45, "31.50", MAR_1),
        ("RATE3", "J1324", 30, "21.00", date(2026, 3, 31)),
        ("RATE_NEXT_QUARTER", "J1324", 30, "21.00", APR_1),
        ("RATE_NEAR", "J1324", 90, "63.10", FEB_10),
    ],
)
settle_each(
    MAIL,
    DOLLAR_TWICE,
    *[("TWICE1", "J1324", 90, "63.00", FEB_10), ("TWICE2", "J1324", 45, "31.50", MAR_1)],
)
ONE_CLAIM = [drug("J1324", units, "45000.00") for units in (90, 45, 30)]
MAIL.bill("ONE_CLAIM", *ONE_CLAIM, plan=DOLLAR_APART)
MAIL.pay(
    MAR_1,
    answer(
        "ONE_CLAIM",
        *(
            allowed(line, usd)
            for line, usd in zip(ONE_CLAIM, ("63.00", "31.50", "21.00"), strict=True)
        ),
    ),
    plan=DOLLAR_APART,
)


def test_rate_that_three_claims_share_is_a_rate_difference(site):
    assert causes_of(site, "RATE1") == [("rate_difference", "27.00")]
    assert causes_of(site, "RATE2") == [("rate_difference", "13.50")]
    assert causes_of(site, "RATE3") == [("rate_difference", "9.00")]
    said = detail_of(site, "RATE1", "rate_difference")
    assert "0.7 dollars a unit on 3 claims of J1324 in 2026Q1" in said


@pytest.mark.parametrize(
    ("number", "usd"),
    [
        ("RATE_NEXT_QUARTER", ["9.00"]),
        ("RATE_NEAR", ["26.90"]),
        ("TWICE1", ["27.00"]),
        ("TWICE2", ["13.50"]),
        ("ONE_CLAIM", ["27.00", "13.50", "9.00"]),
    ],
)
def test_another_quarter_another_rate_two_claims_or_one_claim_share_no_rate(site, number, usd):
    found = causes_of(site, number)
    assert sorted(found) == sorted(("unexplained", dollars) for dollars in usd)


# 97.25% of the limit on three claims; 57.5% of the charge on three.
settle_each(
    MAIL,
    LIMIT,
    *[
        ("SHARE1", "J9177", 410, "14650.35", NOV_10),
        ("SHARE2", "J9177", 400, "14293.03", NOV_10),
        ("SHARE3", "J9177", 350, "12506.40", NOV_10),
    ],
)
settle_each(
    MAIL,
    CHARGES,
    *[(f"CHARGE{units}", "J9177", units, "25875.00", NOV_10) for units in (410, 400, 350)],
)


def test_percent_of_the_limit_and_of_the_charge_are_told_as_percents(site):
    assert causes_of(site, "SHARE1") == [("rate_difference", "414.28")]
    assert "97.25% of the limit on 3 claims" in detail_of(site, "SHARE1", "rate_difference")
    assert causes_of(site, "CHARGE410") == [("rate_difference", "1125.00")]
    assert "57.5% of the charge on 3 claims" in detail_of(site, "CHARGE410", "rate_difference")


# 46% of the charge is 0.92 dollars a unit of 2.00 each: the term's own kind is told.
for number, units, charge, usd in (
    ("OWN_KIND1", 90, "180.00", "82.80"),
    ("OWN_KIND2", 45, "90.00", "41.40"),
    ("OWN_KIND3", 30, "60.00", "27.60"),
):
    LINE = drug("J1324", units, charge)
    MAIL.settle(number, LINE, allowed(LINE, usd), plan=CHARGES_TOO)
CHARGED = drug("J1324", 90, "150.00")
MAIL.settle(
    "CHARGE_UNITS",
    CHARGED,
    allowed(CHARGED, "60.00", paid_units=60, original_units=90),
    plan=CHARGES_TOO,
)


def test_rate_of_the_term_s_own_kind_comes_before_dollars_a_unit(site):
    said = detail_of(site, "OWN_KIND1", "rate_difference")
    assert said == "allowed at 46% of the charge on 3 claims of J1324 in 2026Q1"


def test_units_not_paid_of_a_percent_of_the_charge_are_its_share(site):
    assert causes_of(site, "CHARGE_UNITS") == [("units_reduced", "30.00")]
    assert "60 of 90" in detail_of(site, "CHARGE_UNITS", "units_reduced")


# unexplained, and no cause at all

MAIL.settle("OVER", drug(), allowed(drug(), "71.83"))
WASTE = drug(units=10, modifiers=("JW",))
MAIL.settle("WASTE", WASTE, allowed(WASTE, "7.43"), plan=NO_WASTE)
MAIL.settle("PENNY", drug(), allowed(drug(), "66.82"))


def test_what_nothing_explains_is_said_with_its_sign(site):
    assert causes_of(site, "OVER") == [("unexplained", "-5.00")]
    assert "71.83" in detail_of(site, "OVER", "unexplained")


def test_waste_paid_against_the_policy_says_so(site):
    assert causes_of(site, "WASTE") == [("unexplained", "-7.43")]
    assert "policy pays no waste" in detail_of(site, "WASTE", "unexplained")


def test_a_match_has_no_cause(site):
    assert causes_of(site, "PENNY") == []


MAIL.bill("SECOND", drug(), payer_rank="S")
MAIL.pay(MAR_1, answer("SECOND", allowed(drug(), "61.83"), status="2"))


def test_a_payer_that_is_not_the_first_has_no_gap_to_explain(site):
    assert str(site.line("SECOND", payer_rank="secondary")["allowed_usd"]) == "61.83"
    assert causes_of(site, "SECOND") == []


def test_causes_sum_to_the_gap_of_every_line(site):
    key = ["claim_id", "line_number", "payer_id", "payer_rank"]
    sums = site.table("underpayment_causes").group_by(key).agg(pl.col("gap_usd").sum())
    lines = site.table("drug_line_outcomes").select(
        *key, off_usd=pl.col("shortfall_usd") - pl.col("overpaid_usd")
    )
    joined = lines.join(sums, on=key, how="left").with_columns(pl.col("gap_usd").fill_null(0))
    assert joined.filter(pl.col("gap_usd") != pl.col("off_usd")).height == 0
    assert sums.height == lines.filter(pl.col("off_usd") != 0).height > 25


def test_unexplained_dollars_are_warned_of_with_their_lines(site):
    found = site.warning("warn_unexplained_gaps")
    causes = site.table("underpayment_causes").filter(cause="unexplained")
    assert found.height == 10  # of more lines the ten with most dollars are shown
    assert max(found["usd"]) == max(causes["gap_usd"].abs())
    assert Decimal("800.00") in set(found["usd"])
    share = causes["gap_usd"].abs().sum() / site.table("underpayment_causes")["gap_usd"].abs().sum()
    assert abs(float(found["percent_unexplained"][0]) - 100 * float(share)) < 0.006
