"""Each hazard of real X12 has a small file of ours, and a test that knows its rows.

`HAZARDS` is the list: a hazard that loses its test, or its fixture, fails here.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.intake.hazards import CLOSING, FIXTURES, NAME, RETOLD, what_is_said
from tests.intake.parsed_together import rows_together
from tests.intake.row_differences import differences, plain_reading

# Hazards of how a file is written down, each with its fixture: the same is said.
RETOLD_HAZARDS = {
    "delimiters come from each ISA": "element separator",
    "component separator of the ISA": "component separator",
    "repetition separator of the ISA": "repetition separator",
    "control characters separate": "all separators are control characters",
    "ISA of the wrong width, too short": "short ISA",
    "ISA of the wrong width, too long": "long ISA",
    "no ISA16": "no ISA16",
    "no ISA16, LF ends segments": "no ISA16 on a line of its own",
    "terminator LF": "terminator LF",
    "terminator CR": "terminator CR",
    "terminator CRLF": "terminator CRLF",
    "terminator 0x1C": "terminator 0x1C",
    "terminator $": "terminator $",
    "terminator _": "terminator _",
    "CR and LF that end nothing": "CRLF after segments",
    "line feeds that end nothing": "line feeds after segments",
    "indents": "blank lines and indents",
    "80-column wraps": "wrapped at 80 columns",
    "106-column wraps": "wrapped at 106 columns",
    "byte-order mark": "byte-order mark",
    "leading blanks": "leading blanks",
    "trailing ^Z": "trailing ctrl-Z",
    "trailing NULs": "trailing NULs",
    "no last terminator": "no last terminator",
}
# Every other hazard with its test, by module.
HAZARDS = {
    "intake/test_hazards_x12.py": {
        "delimiters are read again at every ISA": "test_delimiters_are_read_again_at_every_isa",
        "ISA within a name": "test_isa_within_a_name_starts_no_interchange",
        "no ISA, the file begins with GS": "test_file_without_isa_is_read_by_its_own_separators",
        "no ISA, the file begins with ST": "test_file_without_isa_is_read_by_its_own_separators",
        "ISA that cannot be read": "test_file_whose_isa_cannot_be_read_is_refused_with_its_reason",
        "text before the ISA": "test_text_before_the_isa_is_told_and_the_rest_is_read",
        "lower-case segment ids": "test_segment_ids_in_lower_case_are_counted_and_told",
        "4010 beside 5010": "test_4010_is_read_beside_5010",
        "4010 claims": "test_4010_claims_have_the_rows_of_5010",
        "cp1252": "test_cp1252_is_read_and_changes_no_other_file",
        "gzip": "test_packed_file_has_the_rows_of_the_file_in_it",
        "zip": "test_packed_file_has_the_rows_of_the_file_in_it",
        "remits and claims in one file": "test_remits_and_claims_in_one_file_are_both_read",
        "other X12": "test_x12_that_is_not_ours_is_counted",
        "segments outside transactions": "test_segments_between_transactions_are_counted",
        "truncated between segments": "test_transaction_without_se_is_read_and_marked",
        "truncated within a segment": "test_segment_cut_in_two_is_rejected_whole",
        "truncated anywhere": "test_file_cut_at_any_byte_says_nothing_it_did_not_say_whole",
        "truncated, then another interchange": "test_interchange_behind_one_cut_off_is_read",
        "the same interchange twice": "test_interchange_told_twice_has_one_content",
        "told again under other numbers": "test_interchange_numbered_anew_has_the_same_content",
        "test interchange": "test_test_interchange_is_read_marked_and_not_ours",
    },
    "test_figures_hold.py": {
        "broken upload, then whole": "test_upload_that_broke_off_and_came_again_whole_counts_once",
        "second delivery": "test_second_delivery_changes_no_figure",
        "overlapping delivery": "test_overlapping_delivery_changes_no_figure",
    },
    "intake/test_hazards_835.py": {
        "SVC06 original code, SVC07 original units": "test_original_code_and_units_stand_beside",
        "SVC01 composite": "test_four_modifiers_are_those_of_the_composite",
        "empty SVC05": "test_empty_svc05_states_no_units",
        "revenue codes": "test_revenue_code_stands_in_its_own_column",
        "six CAS triplets": "test_six_triplets_are_six_adjustments",
        "empty CAS quantity": "test_six_triplets_are_six_adjustments",
        "the same CAS group again": "test_same_group_again_adds_adjustments",
        "claim-level CAS": "test_claim_level_adjustments_have_no_line",
        "negative CAS in reversals": "test_reversal_keeps_its_signs",
        "CLP without SVC": "test_claim_without_lines_is_a_claim",
        "LX, TS3, TS2": "test_lx_ts3_and_ts2_close_a_claim",
        "service line before any claim": "test_line_before_any_claim_is_told",
        "PLB": "test_six_plb_pairs_are_six_provider_adjustments",
        "decimal text": "test_amounts_are_decimal_text",
        "more than two decimals": "test_four_decimals_are_kept_and_more_are_told",
        "no decimal": "test_amount_that_is_none_is_empty_and_told",
        "835 dates of a line": "test_dates_of_a_range_are_those_of_the_line",
        "835 dates of the claim": "test_dates_of_the_claim_stay_on_the_claim",
        "no such day": "test_day_that_does_not_exist_is_empty_and_told",
    },
    "intake/test_hazards_837.py": {
        "D8 and RD8": "test_range_of_days_has_both_ends",
        "837 dates of the claim": "test_dates_of_the_claim_stay_on_the_claim",
        "2320/2330 other payers": "test_other_payers_are_not_the_destination",
        "patient at HL 23": "test_patient_below_the_subscriber_has_another_key",
        "CLM05-3 = 7": "test_replacement_and_void_name_the_claim_they_end",
        "CLM05-3 = 8": "test_replacement_and_void_name_the_claim_they_end",
        "LIN and CTP": "test_drug_of_a_line_has_its_ndc_as_sent",
        "837I": "test_hospital_claim_has_revenue_code_and_statement_dates",
    },
}


@pytest.mark.parametrize("module", HAZARDS)
def test_every_hazard_has_its_test(project: Path, module: str):
    tests = _tests_in(project / "tests" / module)
    missing = {hazard: test for hazard, test in HAZARDS[module].items() if test not in tests}
    assert missing == {}


def test_every_way_of_writing_a_file_down_has_its_fixture(project: Path):
    assert set(RETOLD_HAZARDS.values()) == set(RETOLD)
    tests = _tests_in(project / "tests/intake/test_hazards_x12.py")
    assert "test_retold_file_says_the_same" in tests


def test_every_fixture_has_its_test(project: Path):
    text = "".join(
        (project / "tests/intake" / f"test_hazards_{which}.py").read_text(encoding="utf-8")
        for which in ("x12", "835", "837")
    )
    told_apart = {*RETOLD, *(f"{closing} closes a claim" for closing in CLOSING)}
    assert [name for name in FIXTURES if name not in told_apart and f'"{name}"' not in text] == []


def test_every_fixture_has_the_rows_of_the_plain_splitter():
    found = rows_together(list(FIXTURES.values()))
    told = {
        name: differences(each, plain_reading(content))
        for (name, content), each in zip(FIXTURES.items(), found, strict=True)
    }
    assert {name: sentences for name, sentences in told.items() if sentences} == {}


def test_no_fixture_leaves_a_name_in_any_row():
    for hazard in FIXTURES:
        for table, found in what_is_said(hazard).items():
            assert not [row for row in found if any(NAME in str(cell) for cell in row)], table


def _tests_in(module: Path) -> set[str]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
