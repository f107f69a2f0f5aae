"""What a payer would ask for of a drug line, and whether claims and policies show it (RULES 20)."""

from __future__ import annotations

import pytest
from plain_python_tests.written_administrations import PADCEV, bill, give
from plain_python_tests.written_documentation import LABEL, policy, said
from plain_python_tests.written_rows import a_remit_line, put
from plain_python_tests.written_site import PADCEV_20, SHIPPED, sv1

MULTI_DOSE = "51144009901"
PROCEDURES = "code_prefix\n9641\n"


@pytest.mark.parametrize(
    ("ndc", "result"),
    [
        (PADCEV_20, "met"),
        ("51144-0020-01", "met"),
        ("51144-020-01", "met"),
        ("", "not_met"),
        ("5114402001", "not_met"),
        ("05114402001", "not_met"),
        ("51144020001", "not_met"),
        ("99999999999", "cannot_tell"),
        ("00006302602", "not_met"),
    ],
    ids=[
        "its own",
        "with hyphens",
        "of ten digits with hyphens",
        "none",
        "of ten digits",
        "the zero before the labeler",
        "the zero before the package",
        "unknown",
        "of another drug",
    ],
)
def test_an_ndc_is_eleven_digits_of_the_drug(site, ndc, result):
    other = "00006302602,pembrolizumab,J9271,100,100,4,ML,yes\n"
    site.reference["drug_packages"] = SHIPPED["drug_packages"] + other
    bill(site, (410, "", {"ndc": ndc}))
    assert said(site, "ndc") == result


def test_a_zero_in_the_wrong_segment_is_told_with_the_ndc_that_is_known(site):
    # 51144-020-01 padded before the labeler is 05114-4020-01.
    bill(site, (410, "", {"ndc": "05114402001"}))
    (row,) = [row for row in site.answers()["documentation_gaps"] if row["check"] == "ndc"]
    assert row["reason"] == f"padded in the wrong segment: {PADCEV_20} is known"


@pytest.mark.parametrize(
    ("lines", "words", "result"),
    [
        ([(410, "JZ")], "yes,yes,yes", "met"),
        ([(410, "")], "yes,yes,yes", "not_met"),
        ([(410, "JW JZ")], "yes,yes,yes", "not_met"),
        ([(410, "")], "yes,no,no", "met"),
        ([(410, "")], "yes,,", "cannot_tell"),
        ([(410, "JZ")], "no,yes,yes", "met"),
        ([("", "")], "yes,yes,yes", "cannot_tell"),
        ([("", "JW JZ")], "yes,yes,yes", "not_met"),
    ],
    ids=[
        "JZ",
        "missing",
        "both",
        "none asked",
        "not known",
        "not paid, and asked",
        "no treatment",
        "no treatment, both",
    ],
)
def test_jw_and_jz_stand_where_the_policy_asks(site, lines, words, result):
    policy(site, "pays_waste,requires_jw,requires_jz", words)
    bill(site, *lines)
    assert said(site, "waste_modifier") == result


@pytest.mark.parametrize(
    ("is_recorded", "words", "result"),
    [
        (False, "yes,yes,no", "cannot_tell"),
        (False, "yes,yes,", "cannot_tell"),
        (False, "yes,yes,yes", "not_met"),
        (True, "yes,yes,no", "not_met"),
    ],
    ids=["by theory", "by theory, JZ not known", "a JZ is asked", "by the record"],
)
def test_theory_alone_proves_no_missing_jw(site, is_recorded, words, result):
    policy(site, "pays_waste,requires_jw,requires_jz", words)
    bill(site, (410, ""))
    if is_recorded:
        give(site)
    assert site.answers()["waste_ledger"][0]["finding"] == "modifier_missing"
    assert said(site, "waste_modifier") == result


def test_waste_of_a_multi_dose_package_may_not_be_billed(site):
    row = f"{MULTI_DOSE},{PADCEV},J9177,100,100,1,UN,no\n"
    site.reference["drug_packages"] = SHIPPED["drug_packages"] + row
    bill(site, (410, "", {"ndc": MULTI_DOSE}), (30, "JW"))
    assert [said(site, "waste_modifier", line) for line in (1, 2)] == ["met", "not_met"]


@pytest.mark.parametrize(
    ("asked", "told", "result"),
    [
        ("yes", {"claim_authorization_number": "X"}, "met"),
        ("yes", {"authorization_number": "X"}, "met"),
        ("yes", {}, "not_met"),
        ("no", {}, "met"),
        ("", {"authorization_number": "X"}, "met"),
        ("", {}, "cannot_tell"),
    ],
)
def test_a_number_stands_where_the_policy_asks_for_authorization(site, asked, told, result):
    policy(site, "requires_prior_auth", asked)
    bill(site, (410, "", told))
    assert said(site, "authorization") == result


@pytest.mark.parametrize("place", ["claim", "line"])
def test_an_x12_claim_has_its_number_in_ref_g1(site, place):
    policy(site, "requires_prior_auth", "yes")
    line = sv1("J9177", 45000, 410)
    site.bill("A1", 45000, [[*line, "REF*G1*X"] if place == "line" else line])
    if place == "claim":
        (path,) = (site.folder / "raw").glob("*.837")
        path.write_text(
            path.read_text().replace("LX*1~", "REF*G1*X~\nLX*1~").replace("SE*13", "SE*14")
        )
    assert said(site, "authorization") == "met"


@pytest.mark.parametrize(
    ("label", "diagnoses", "result", "therapy"),
    [
        ("C67,,no,2019-01-01,", "Z51.11 C67.9", "met", "met"),
        ("C67,,no,2019-01-01,", "c679", "met", "met"),
        ("C67,,no,2019-01-01,", "C34.90", "not_met", None),
        ("C67,,no,2019-01-01,", "", "not_met", None),
        ("C67,,no,2019-01-01,2026-01-04", "C679", "not_met", None),
        ("C67,,no,2026-01-06,", "C679", "not_met", None),
        ("C67,,yes,2019-01-01,", "C679", "met", "cannot_tell"),
        ("C67,pembrolizumab,no,2019-01-01,", "C679", "not_met", None),
    ],
    ids=[
        "the second",
        "in small letters",
        "another",
        "none",
        "no longer",
        "not yet",
        "after another drug",
        "beside another drug",
    ],
)
def test_a_diagnosis_is_one_of_the_label(site, label, diagnoses, result, therapy):
    site.reference["label_indications"] = f"{LABEL}{PADCEV},{label}\n"
    bill(site, (410, "", {"diagnoses": diagnoses}))
    assert (said(site, "diagnosis"), said(site, "prior_therapy")) == (result, therapy)


def test_a_drug_without_a_label_row_cannot_be_told(site):
    site.reference["label_indications"] = f"{LABEL}pembrolizumab,C67,,no,,\n"
    bill(site, (410, "", {"diagnoses": "C679"}))
    assert said(site, "diagnosis") == "cannot_tell"


@pytest.mark.parametrize(
    ("day", "patient", "result"),
    [
        ("2026-02-02", "M1", "met"),
        ("2025-12-08", "M1", "met"),
        ("2026-02-03", "M1", "not_met"),
        ("2026-01-05", "M2", "not_met"),
    ],
    ids=["28 days later", "28 days before", "29 days later", "another patient's"],
)
def test_a_drug_given_together_is_billed_within_28_days(site, day, patient, result):
    site.reference["label_indications"] = f"{LABEL}{PADCEV},C67,pembrolizumab,no,,\n"
    beside = {"claim_number": "A2", "hcpcs": "J9271", "service_date": day, "patient_id": patient}
    bill(site, (410, "", {"diagnoses": "C679"}), (200, "", beside))
    assert said(site, "diagnosis") == result


@pytest.mark.parametrize(
    ("beside", "result"),
    [
        ({"hcpcs": "96413"}, "met"),
        ({"hcpcs": "96413", "claim_number": "A2"}, "met"),
        ({"hcpcs": "96413", "claim_number": "A2", "payer_rank": "S"}, "met"),
        ({"hcpcs": "96413", "claim_number": "A2", "patient_id": "M2"}, "not_met"),
        ({"hcpcs": "96413", "service_date": "2026-01-06"}, "not_met"),
        ({"hcpcs": "99213"}, "not_met"),
    ],
    ids=["same claim", "another claim", "another rank", "another patient", "next day", "a visit"],
)
def test_the_procedure_that_gave_the_drug_is_billed_that_day(site, beside, result):
    site.reference["administration_codes"] = PROCEDURES
    bill(site, (410, ""), (1, "", beside))
    assert said(site, "administration_procedure") == result


@pytest.mark.parametrize("modifier", ["59", "XE", "XP", "XS", "XU", "JZ"])
def test_59_and_x_modifiers_are_no_modifiers_of_a_drug(site, modifier):
    bill(site, (410, f"JZ {modifier}" if modifier != "JZ" else "JZ"))
    assert said(site, "distinct_service") == ("met" if modifier == "JZ" else "not_met")


@pytest.mark.parametrize(
    ("column", "check", "results"),
    [
        ("specialty_pharmacy", "drug_source", ("not_met", "met", "cannot_tell")),
        ("requires_step_therapy", "step_therapy", ("cannot_tell", "met", "cannot_tell")),
    ],
)
def test_what_the_policy_says_of_source_and_steps(site, column, check, results):
    bill(site, (410, ""))
    for word, result in zip(("yes", "no", ""), results, strict=True):
        policy(site, column, word)
        assert said(site, check) == result


@pytest.mark.parametrize(
    ("code", "day", "result"),
    [
        ("J9177", "2026-03-31", "met"),
        ("J9177", "2026-04-01", "not_met"),
        ("J1324", "2026-04-01", "met"),
        ("J9271", "2026-04-01", "met"),
    ],
    ids=["in the last quarter", "after it", "at a fixed rate", "without a term"],
)
def test_a_price_of_a_limit_needs_a_limit_of_its_quarter(site, code, day, result):
    bill(site, (410, "", {"hcpcs": code, "service_date": day}))
    assert said(site, "reference_current") == result


def test_a_line_of_a_remit_alone_tells_little(site):
    policy(site, "requires_prior_auth", "yes")
    site.reference["label_indications"] = f"{LABEL}{PADCEV},C67,,no,,\n"
    site.reference["administration_codes"] = PROCEDURES
    put(site, "paid.csv", a_remit_line())
    checks = ("ndc", "authorization", "diagnosis", "administration_procedure")
    assert [said(site, check) for check in checks] == ["cannot_tell"] * 4


def test_a_check_carries_its_weight(site):
    site.reference["documentation_weights"] = "check,weight\nndc,3\n"
    bill(site, (410, ""))
    weights = {row["check"]: row["weight"] for row in site.answers()["documentation_gaps"]}
    assert (weights["ndc"], weights["drug_source"]) == (3, 0)
