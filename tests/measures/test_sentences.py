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


def identity(basis: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "identity_basis": [basis],
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


def test_lines_without_a_house_code_say_so_and_contradicted_ndcs_are_counted():
    said = identity_in_words(identity("ndc_contradicts_code"))
    assert said.startswith("No house code decides a drug in these lines.")
    assert "1 line with the NDC of another drug" in said


def test_owed_names_the_payer_who_owes_most_in_dollars():
    said = owed_in_words(owed(a_short_line(), a_short_line(), a_short_line(payer_name="Ash")))
    assert "payers owe **$5.94** on 3 lines compared" in said
    assert "Birch owes most, $3.96, and falls 3.7% short of its contract" in said


def test_overpaid_dollars_are_told_and_offset_nothing():
    said = owed_in_words(owed(a_short_line(), an_overpaid_line()))
    assert "payers owe **$1.98**" in said
    assert "$133.17 allowed above contract offsets none of it" in said


def test_nobody_is_named_when_nothing_is_owed():
    assert "owes most" not in owed_in_words(owed(a_line()))


def test_without_a_priced_line_nothing_is_called_owed():
    assert "nothing is compared" in owed_in_words(owed(an_unpriced_line()))
    assert "nothing is compared" in owed_in_words(owed())


def test_tiers_of_waste_are_told_apart_and_never_added():
    ledger = ledger_of(
        a_treatment(),
        a_treatment(vial_evidence="C", leakage_usd="31.48"),
        a_treatment(vial_evidence="C", leakage_usd=None),
        a_treatment(vial_evidence=None, missed_units=None, leakage_usd=None),
    )
    said = waste_in_words(waste_leakage_by(ledger, by="payer_name").collect())
    assert "**$283.31** on the NDC quantities billed (1 treatment, 0 of them" in said
    assert "**$31.48** by the least-waste theory alone (2 treatments, 1 of them missed" in said
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
    contradicting = a_line(gap_usd=None, match_basis=None, allowed_usd="10.00")
    said = uncompared_in_words(owed(an_unpriced_line(), an_unpriced_line(), contradicting))
    assert "2 lines, $360.00 charged and $133.66 allowed, no contract price on file" in said
    assert "1 line, $10.00 allowed, on remit lines that do not add up" in said
