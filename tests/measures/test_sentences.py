"""Figures read aloud say what stands beside them, and say so when there are none."""

import polars as pl
from small_lines import (
    a_denied_line,
    a_line,
    a_short_line,
    a_treatment,
    an_overpaid_line,
    an_unpriced_line,
    ledger_of,
    lines_of,
)

from analytics.measures import (
    denial_rate_by,
    denied_in_words,
    identity_in_words,
    owed_in_words,
    uncompared_in_words,
    underpayment_by,
    waste_in_words,
    waste_leakage_by,
)


def owed(*lines: dict[str, object]) -> pl.DataFrame:
    return underpayment_by(lines_of(*lines), by="payer_name").collect()


def owed_words(*lines: dict[str, object]) -> str:
    return owed_in_words(owed(*lines), population="J1324")


def identity(basis: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "identity_basis": [basis],
            "payer_rank": ["primary"],
            "hcpcs": ["J1324"],
            "drug": ["enfortumab vedotin-ejfv"],
            "cms_hcpcs": ["J9177"],
            "cms_descriptor": ["Injection, enfuvirtide, 1 mg"],
            "units": [100],
            "cms_units": [400],
            "allowed_usd": [15285.09],
        }
    )


def denials(*lines: dict[str, object]) -> str:
    return denied_in_words(denial_rate_by(lines_of(*lines), by="payer_name").collect())


def test_house_code_is_told_with_cms_meaning_and_the_dollars_that_rest_on_it():
    said = identity_in_words(identity("house_code"))
    assert "J1324 is read as enfortumab vedotin-ejfv" in said
    assert "CMS lists J1324 as “Injection, enfuvirtide, 1 mg”" in said
    assert "100 units billed are 400 units of J9177" in said
    assert "1 line with $15,285.09 allowed" in said


def test_line_answered_by_two_payers_rests_on_the_house_code_once():
    answered_twice = pl.concat(
        [identity("house_code"), identity("house_code").with_columns(payer_rank=pl.lit("other"))]
    )
    assert identity_in_words(answered_twice) == identity_in_words(identity("house_code"))


def test_lines_without_a_house_code_say_so_and_contradicted_ndcs_are_counted():
    said = identity_in_words(identity("ndc_contradicts_code"))
    assert said.startswith("No house code decides a drug in these lines.")
    assert "1 line with the NDC of another drug" in said


def test_owed_names_the_payer_who_owes_most_in_dollars():
    said = owed_words(*[a_short_line()] * 11, a_short_line(payer_name="Ash"))
    assert "payers owe **$23.76** on J1324, 12 lines compared" in said
    assert "Birch owes most, $21.78, and falls 3.7% short of its contract on J1324" in said


def test_rate_of_a_payer_with_few_lines_is_chance_and_not_told():
    said = owed_words(*[a_short_line()] * 10)
    assert "Birch owes most, $19.80. " in said
    assert "%" not in said


def test_owed_past_the_look_back_window_is_told_with_what_is_left():
    late = a_short_line(past_window_usd="1.98", ask_usd="0.00")
    said = owed_words(late, a_short_line(), a_short_line())
    assert (
        "Of all that is owed, $1.98 is past the look-back window and $3.96 can still be asked for. "
    ) in said
    assert "look-back" not in owed_words(a_short_line())


def test_unsupported_cuts_past_the_window_are_not_called_owed():
    # Scenario of a cut the term does not grant: 1.07 beside the 1.98 of the shortfall.
    late = a_short_line(past_window_usd="3.05", ask_usd="0.00")
    said = owed_words(late)
    assert "payers owe **$1.98**" in said
    assert "Of all that is owed and $1.07 of unsupported payment cuts, $3.05 is past" in said


def test_overpaid_dollars_are_told_and_offset_nothing():
    said = owed_words(a_short_line(), an_overpaid_line())
    assert "payers owe **$1.98**" in said
    assert "$133.17 allowed above contract offsets none of it" in said


def test_nobody_is_named_when_nothing_is_owed():
    assert "owes most" not in owed_words(a_line())


def test_without_a_priced_line_nothing_is_called_owed():
    assert "nothing is compared" in owed_words(an_unpriced_line())
    assert "nothing is compared" in owed_words()


def test_tiers_of_waste_are_told_apart_and_never_added():
    ledger = ledger_of(
        a_treatment(),
        a_treatment(vial_evidence="C", leakage_usd="31.48"),
        a_treatment(vial_evidence="C", leakage_usd=None),
        a_treatment(vial_evidence="C", finding="clean", missed_units="0.000", leakage_usd="0.00"),
        a_treatment(vial_evidence=None, missed_units=None, leakage_usd=None),
    )
    said = waste_in_words(waste_leakage_by(ledger, by="payer_name").collect())
    assert "**$283.31** on the NDC quantities billed (1 treatment; 0 more missed" in said
    assert "**$31.48** by the least-waste theory alone (1 treatment; 1 more missed" in said
    assert "314.79" not in said
    assert "The vials of 1 treatment cannot be told." in said


def test_without_treatments_nothing_is_called_waste():
    nothing = waste_leakage_by(ledger_of(), by="payer_name").collect()
    assert waste_in_words(nothing) == "**Waste**: no treatment whose vials can be told."


def test_denials_are_told_with_count_rate_stake_and_interval():
    said = denials(*[a_denied_line()] * 3, *[a_line()] * 12)
    assert "(line_initial): 3 of 15 lines, **20.0%**, with $200.49 expected at contract" in said
    assert "Birch highest, 20.0% (95% interval 7.0% to 45.2%)" in said


def test_payer_with_few_lines_is_never_named_as_the_highest():
    assert "highest" not in denials(a_denied_line(), a_line())
    said = denials(a_denied_line(payer_name="Ash"), *[a_line()] * 19, a_denied_line())
    assert "Birch highest, 5.0%" in said


def test_young_lines_alone_give_no_denial_rate():
    assert "old enough" in denials(a_denied_line(is_mature=False))


def test_dollars_outside_every_rate_are_told():
    whole = a_line(gap_usd=None, match_basis=None, allowed_usd="10.00")
    said = uncompared_in_words(owed(an_unpriced_line(), an_unpriced_line(), whole))
    assert "2 lines, $360.00 charged and $133.66 allowed, not priced; `pricing_basis` says" in said
    assert "1 line, $10.00 allowed, that cannot be compared line by line; `gap_basis` says" in said
