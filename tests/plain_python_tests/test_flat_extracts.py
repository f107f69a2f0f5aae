"""Rows of a flat extract tell what X12 tells, and come to the same figures."""

from __future__ import annotations

import gzip
import zipfile
from datetime import date

import pytest
from plain_python_tests.written_rows import (
    AT_OLD_RATE,
    NOTHING_TYPED,
    a_claim_line,
    a_remit_line,
    an_adjustment,
    csv_of,
    put,
)
from plain_python_tests.written_site import BILLED, CONTRACT_PAID, SHIPPED, clp, sv1, usd

# Extracts name the patient otherwise and state no tax id; the rest is the same.
OF_THE_FILE = ("source_file", "source_offset", "patient_key")


def all_lines(site):
    return sorted(site.answers()["claim_line_outcomes"], key=lambda line: line["line_number"])


def told(rows):
    return [{key: row[key] for key in row if key not in OF_THE_FILE} for row in rows]


def test_rows_come_to_the_figures_of_the_x12_they_say(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    expected = told(site.lines())
    assert expected[0]["gap_usd"] == 0
    for path in (site.folder / "raw").iterdir():
        path.unlink()
    said = {"claim_type": "837P", "billing_npi": "1234567893", "claim_place_of_service": "11"}
    said |= {"place_of_service": "1", "filing_code": "ci"}
    put(site, "billed.csv", a_claim_line(**said))
    put(site, "paid.csv", a_remit_line(filing_code="12"))
    expected[0]["place_of_service"] = "01"
    assert told(site.lines()) == expected


def test_a_short_payment_told_in_rows_is_owed(site):
    put(site, "billed.csv", a_claim_line())
    put(site, "paid.csv", a_remit_line(**AT_OLD_RATE))
    (line,) = site.lines()
    assert (line["gap_usd"], line["shortfall_usd"]) == (usd("2.48"), usd("2.48"))
    assert (line["payer_owed_usd"], line["patient_owed_usd"]) == (usd("1.98"), usd("0.50"))


def test_rows_and_x12_join_in_one_claim(site):
    site.bill("A1", 180, BILLED)
    put(site, "paid.csv", a_remit_line())
    (line,) = site.lines()
    assert (line["source_file"], line["paid_usd"]) == ("001.837", usd("53.46"))
    put(site, "secondary.csv", a_claim_line(payer_code="BEST1", payer_rank="S"))
    site.remit([clp("A1", 2, 180, "13.37", [], icn="B")], payer="BEST1", paid_on="20260301")
    primary, secondary = sorted(site.lines(), key=lambda line: line["payer_rank"])
    assert (primary["claim_id"], secondary["claim_id"]) == ("A1", "A1")
    assert (secondary["payer_rank"], secondary["paid_usd"]) == ("secondary", usd("13.37"))


def test_an_extract_is_no_copy_of_x12_and_an_original_sent_again_counts_once(site):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    put(site, "billed.csv", a_claim_line())
    put(site, "paid.csv", a_remit_line())
    (line,) = site.lines()
    assert (line["billed_units"], line["paid_usd"]) == (90, usd("106.92"))
    assert len(site.answers()["remit_balances"]) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("pack", ["plain", "gz", "zip", "bom", "crlf"])
def test_the_spelling_of_a_csv_changes_nothing(site, delimiter, pack):
    text = csv_of([a_claim_line(payer_name='An "own; payer, | name')], delimiter)
    content = text.encode()
    path = site.folder / "raw" / "any.name"
    if pack == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("inner", content)
    else:
        made = {
            "plain": content,
            "gz": gzip.compress(content),
            "bom": b"\xef\xbb\xbf" + content,
            "crlf": content.replace(b"\n", b"\r\n") + b"\r\n\r\n",
        }
        path.write_bytes(made[pack])
    (line,) = site.lines()
    assert (line["payer_id"], line["billed_units"]) == ("acme", 90)
    start = {"bom": 3, "crlf": 1}.get(pack, 0)
    assert line["source_offset"] == text.index("\nA1") + 1 + start


def test_cp1252_text_is_read_and_utf_16_is_not(site):
    row = a_claim_line(payer_code="", payer_name="Krankenkasse Grün")
    (site.folder / "raw" / "a").write_bytes(csv_of([row]).encode("cp1252"))
    (line,) = site.lines()
    assert line["payer_id"] == "unknown:KRANKENKASSE GRÜN"
    (site.folder / "raw" / "a").write_bytes(csv_of([row]).encode("utf-16"))
    assert site.lines() == []


def test_a_cell_over_two_lines_is_one_cell_and_its_row_is_bad(site):
    rows = [a_claim_line(line_number="1", payer_name="two\nlines"), a_claim_line(line_number="2")]
    put(site, "billed.csv", *rows)
    (line,) = site.lines()
    assert line["source_offset"] == csv_of(rows).rindex("\nA1") + 1


@pytest.mark.parametrize(
    ("kind", "column", "cell"),
    [
        ("claim", "service_date", "5.1.2026"),
        ("claim", "service_date", "2026-02-30"),
        ("claim", "service_date", "2026-01-05 10:00:00"),
        ("claim", "service_date", "1989-12-31"),
        ("claim", "units", "$90"),
        ("claim", "units", "90.00001"),
        ("claim", "charge_usd", "1,80.00"),
        ("claim", "charge_usd", "180.00 USD"),
        ("claim", "charge_usd", "(-180)"),
        ("claim", "line_number", "0"),
        ("claim", "line_number", "1.5"),
        ("claim", "claim_number", ""),
        ("claim", "claim_number", "A" * 51),
        ("claim", "hcpcs", "J132"),
        ("claim", "hcpcs", "ABCDE"),
        ("claim", "modifiers", "JW JZ 59 76 LT"),
        ("claim", "modifiers", "J"),
        ("claim", "payer_rank", "4"),
        ("claim", "frequency_code", "0"),
        ("claim", "claim_type", "837Q"),
        ("claim", "billing_npi", "123456789"),
        ("claim", "billing_tax_id", "12345678"),
        ("claim", "ndc", "123-45"),
        ("claim", "ndc_unit", "U"),
        ("claim", "ndc_unit", "XX"),
        ("claim", "revenue_code", "36"),
        ("claim", "filing_code", "COMM"),
        ("remit", "payment_date", ""),
        ("remit", "status_code", "26"),
        ("remit", "remit_line_number", ""),
        ("remit", "remark_codes", "OLD"),
        ("remit", "credit_debit", "X"),
        ("remit", "payment_method", "ACHX"),
        ("remit", "denied_usd", "1.00"),
        ("remit", "denial_reason", "CO-50"),
        ("remit", "original_hcpcs", "J1"),
    ],
)
def test_a_row_with_a_bad_cell_tells_nothing_and_the_rest_loads(site, kind, column, cell):
    good = {"claim": a_claim_line(), "remit": a_remit_line()}
    bad = good[kind] | {"claim_number": "BAD", column: cell}
    put(site, "billed.csv", good["claim"], *([bad] if kind == "claim" else []))
    put(site, "paid.csv", good["remit"], *([bad] if kind == "remit" else []))
    (line,) = site.lines()
    assert (line["claim_id"], line["gap_usd"]) == ("A1", 0)


@pytest.mark.parametrize(
    "cells",
    [
        {"service_date": "1/5/2026", "submitted_date": "01/06/2026"},
        {"service_date": "2026-01-05 00:00:00", "submitted_date": "2026-01-06T00:00:00.000"},
        {"charge_usd": "$180.00", "units": "90.0"},
        {"charge_usd": " 180 ", "units": "90.0000"},
        {"hcpcs": "j1324", "payer_rank": "p", "frequency_code": "1", "claim_type": "null"},
        {"payer_code": "acme 1", "modifiers": "N/A", "ndc": "nan", "line_number": "01.0"},
        {"payer_code": "None", "payer_name": "acme HEALTH", "payer_rank": "1"},
    ],
    ids=lambda cells: " ".join(cells),
)
def test_cells_may_be_spelt_many_ways(site, cells):
    put(site, "billed.csv", a_claim_line(**cells))
    put(site, "paid.csv", a_remit_line())
    (line,) = site.lines()
    assert (line["gap_usd"], line["payer_rank"], line["modifiers"]) == (0, "primary", None)
    assert (line["service_date"], line["submitted_date"]) == (date(2026, 1, 5), date(2026, 1, 6))


@pytest.mark.parametrize(
    ("charge", "paid"),
    [
        ("(180.00)", "(53.46)"),
        ("-180.00", "-53.46"),
        ("-$180.00", "$-53.46"),
        ("($180.00)", "-53.4600"),
    ],
)
def test_money_taken_back_may_be_spelt_many_ways(site, charge, paid):
    put(site, "billed.csv", a_claim_line())
    back = {"charge_usd": charge, "paid_usd": paid, "payment_date": "2026-03-01"}
    back |= {"contractual_usd": "(113.17)", "coinsurance_usd": "-13.37", "status_code": ""}
    put(site, "paid.csv", a_remit_line(), a_remit_line(**back))
    (line,) = site.lines()
    assert (line["outcome"], line["paid_usd"], line["initial_outcome"]) == ("open", 0, "paid")


def test_thousands_and_four_decimals_are_read(site):
    site.terms = site.terms.replace("0.7425", "13.7175")
    put(site, "billed.csv", a_claim_line(charge_usd="1,234.5749"))
    # 90 x 13.7175 = 1,234.575, rounded away from zero; the charge of 1,234.5749 is 1,234.57.
    paid = {"charge_usd": "1,234.5749", "paid_usd": "1,234.5749", **NOTHING_TYPED}
    put(site, "paid.csv", a_remit_line(**paid))
    (line,) = site.lines()
    assert (line["charge_usd"], line["paid_usd"]) == (usd("1234.57"), usd("1234.57"))
    assert (line["expected_allowed_usd"], line["penny_usd"]) == (usd("1234.58"), usd("0.01"))


@pytest.mark.parametrize("unnamed", ["", ",", ", ,"])
def test_only_an_empty_cell_may_stand_where_no_column_is_named(site, unnamed):
    text = csv_of([a_claim_line()])
    header, row = text.splitlines()
    short = row.rpartition(",")[0].replace("A1", "A2")
    long, too_long = row.replace("A1", "A3") + ", ,NA", row.replace("A1", "A4") + ",,x"
    lines = [header + unnamed, row, short, long, too_long, ",,,", "", ""]
    (site.folder / "raw" / "billed.csv").write_text("\n".join(lines), encoding="utf-8")
    assert [line["claim_id"] for line in site.lines()] == ["A1", "A2", "A3"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("units", "patient_name"),
        lambda text: text.replace("units", "charge_usd"),
        lambda text: text.replace("units", "payer_id"),
        lambda text: text.replace("line_number", "ndc"),
        lambda text: text.replace("claim_number", "account"),
    ],
    ids=["unknown", "twice", "twice by its other name", "no key", "no kind"],
)
def test_a_file_whose_columns_are_not_known_is_refused_whole(site, change):
    put(site, "good.csv", a_claim_line())
    text = change(csv_of([a_claim_line(claim_number="A2")]))
    (site.folder / "raw" / "bad.csv").write_text(text, encoding="utf-8")
    assert [line["claim_id"] for line in site.lines()] == ["A1"]


def test_names_of_columns_are_compared_loosely(site):
    text = csv_of([a_claim_line()])
    text = text.replace("claim_number", "Claim ID").replace("line_number", " LINE-NUMBER ")
    text = text.replace("payer_code", "Payer Id").replace("units", "billed units")
    (site.folder / "raw" / "billed.csv").write_text(text, encoding="utf-8")
    text = csv_of([a_remit_line()]).replace("remit_line_number", "line number")
    (site.folder / "raw" / "paid.csv").write_text(text, encoding="utf-8")
    (line,) = site.lines()
    assert (line["gap_usd"], line["billed_units"]) == (0, 90)


def test_columns_of_our_own_export_are_accepted_and_not_read(site):
    exported = {"transaction_id": "x", "submission_number": "9", "source_offset": "y"}
    exported |= {"sorted_modifiers": "zz", "is_waste_line": "?"}
    put(site, "billed.csv", a_claim_line(**exported))
    exported = {"transaction_id": "x", "source_offset": "y", "sorted_modifiers": "zz"}
    put(site, "paid.csv", a_remit_line(**exported))
    assert [line["gap_usd"] for line in site.lines()] == [0]


def test_asks_and_administrations_are_no_claims(site):
    put(site, "asks.csv", {"claim_id": "A1", "line_number": "1", "asked_on": "2026-03-01"})
    given = {"administration_id": "1", "claim_id": "A1", "service_date": "2026-01-05"}
    put(site, "given.csv", given)
    assert site.answers()["claim_line_outcomes"] == []


def test_a_line_without_a_date_has_the_claims_and_through_is_from(site):
    first = a_claim_line(service_through_date="2026-01-07")
    second = a_claim_line(line_number="2", service_date="")
    put(site, "billed.csv", first, second)
    days = [(line["service_date"], line["service_through_date"]) for line in site.lines()]
    assert days == [(date(2026, 1, 5), date(2026, 1, 7)), (date(2026, 1, 5), date(2026, 1, 5))]
    stated = {"statement_date": "2026-01-04", "statement_through_date": "2026-01-08"}
    put(site, "billed.csv", first | stated, second | stated)
    days = [(line["service_date"], line["service_through_date"]) for line in site.lines()]
    assert days == [(date(2026, 1, 5), date(2026, 1, 7)), (date(2026, 1, 4), date(2026, 1, 8))]


def test_a_through_date_alone_is_no_date_of_the_line(site):
    alone = {"service_date": "", "service_through_date": "2026-01-09"}
    put(site, "billed.csv", a_claim_line(statement_date="2026-01-04", **alone))
    (line,) = site.lines()
    assert (line["service_date"], line["service_through_date"]) == (
        date(2026, 1, 4),
        date(2026, 1, 4),
    )


def test_a_payer_not_told_at_all_has_no_name(site):
    put(site, "billed.csv", a_claim_line(payer_code=""))
    put(site, "paid.csv", a_remit_line(claim_number="R9", payer_code=""))
    named = {line["claim_id"]: (line["payer_id"], line["payer_name"]) for line in site.lines()}
    assert named == dict.fromkeys(("A1", "R9"), ("unknown:NO NAME", "NO NAME"))


def test_a_month_without_a_known_charge_has_none(site):
    put(site, "billed.csv", a_claim_line(charge_usd=""))
    (month,) = site.answers()["payer_drug_months"]
    assert (month["lines"], month["charge_usd"]) == (1, None)
    put(site, "more.csv", a_claim_line(claim_number="A2"))
    (month,) = site.answers()["payer_drug_months"]
    assert (month["lines"], month["charge_usd"]) == (2, usd("180.00"))


@pytest.mark.parametrize(
    ("claim_type", "expected"),
    [("", "50.00"), ("professional", "50.00"), ("institutional", "66.83")],
)
def test_medicare_caps_a_line_of_no_told_claim_type_and_no_institutional_one(
    site, claim_type, expected
):
    site.terms += "M,cms,J1324,fixed,0.7425,,2025-01-01,2024-12-01\n"
    told_so = {"payer_code": "CMS1", "charge_usd": "50.00", "claim_type": claim_type}
    put(site, "billed.csv", a_claim_line(**told_so))
    (line,) = site.lines()
    assert line["expected_allowed_usd"] == usd(expected)


def test_modifiers_come_in_one_column_or_in_four(site):
    put(site, "one.csv", a_claim_line(modifiers="jw:59/LT"))
    four = {"modifier_1": "jw", "modifier_2": "", "modifier_3": "59", "modifier_4": "LT"}
    put(site, "four.csv", a_claim_line(claim_number="A2", **four))
    assert [line["modifiers"] for line in site.lines()] == ["JW 59 LT", "JW 59 LT"]
    assert all(line["is_waste_line"] for line in site.lines())


def test_codes_get_their_leading_zeros(site):
    put(site, "billed.csv", a_claim_line(revenue_code="636", place_of_service="1", hcpcs=""))
    (line,) = site.lines()
    assert (line["place_of_service"], line["is_waste_line"]) == ("01", False)


def test_claims_and_remits_are_cut_at_the_as_of_date(site):
    put(site, "billed.csv", a_claim_line())
    put(site, "paid.csv", a_remit_line())
    (line,) = site.answers(date(2026, 1, 31))["drug_line_outcomes"]
    assert (line["outcome"], line["paid_usd"]) == ("open", 0)
    assert site.answers(date(2026, 1, 5))["drug_line_outcomes"] == []


def test_a_waste_line_told_in_rows_stands_in_the_ledger(site):
    # Scenario 23: 102.5 mg from vials of 110 mg: 410 units and 30 of waste.
    lines = [
        a_claim_line(hcpcs="J9177", units="410", charge_usd="45000", patient_id="M1"),
        a_claim_line(
            line_number="2",
            hcpcs="J9177",
            units="30",
            modifiers="JW",
            charge_usd="3000",
            patient_id="M1",
        ),
    ]
    put(site, "billed.csv", *lines)
    (row,) = site.answers()["waste_ledger"]
    assert (row["administered_units"], row["billed_waste_units"]) == (410, 30)
    assert (row["expected_waste_units"], row["missed_units"]) == (30, 0)
    key = row["patient_key"]
    site.bill("A2", 180, [sv1("J1324", 180, 90)])
    site.remit([clp("R9", 1, 180, "53.46", [CONTRACT_PAID])])
    (remitted,) = site.lines(claim_id="R9")
    # A remit names the member alone, and so do rows (TABLES.md).
    assert remitted["patient_key"] == key


def test_lines_stand_at_the_places_told_whatever_is_missing(site):
    first = a_claim_line(line_number="1", hcpcs="")
    third = a_claim_line(line_number="3", hcpcs="", charge_usd="")
    bad = a_claim_line(line_number="2", units="many")
    put(site, "billed.csv", first, bad, third)
    answer = a_remit_line(remit_line_number="3", hcpcs="", charge_usd="180", paid_usd="53.46")
    put(site, "paid.csv", answer)
    outcomes = {line["line_number"]: line["match_method"] for line in all_lines(site)}
    assert outcomes == {1: None, 3: "position"}
    # The second remit line answers no line that is known: it is not the third line's.
    put(site, "paid.csv", answer | {"remit_line_number": "2"})
    outcomes = {line["line_number"]: line["match_method"] for line in all_lines(site)}
    assert outcomes == {1: None, 3: None, 4: "unmatched"}


def test_dropped_lines_are_numbered_after_the_last(site):
    rows = [a_claim_line(line_number="2"), a_claim_line(line_number="5", hcpcs="J9271")]
    again = {"frequency_code": "7", "submitted_date": "2026-02-01"}
    put(site, "billed.csv", *rows, a_claim_line(line_number="4", **again))
    numbered = {line["line_number"]: (line["hcpcs"], line["outcome"]) for line in site.lines()}
    assert numbered == {4: ("J1324", "open"), 5: ("J9271", "closed_unpaid")}


def test_a_paper_eob_is_read_as_it_is_typed(site):
    site.reference["payers"] = SHIPPED["payers"] + "syn,Synthetic Health,commercial,,\n"
    site.terms += "S,syn,J1324,fixed,0.7425,,2025-01-01,2024-12-01\n"
    names = "payer_name,payment_date,trace_number,payment_amount_usd,claim_number"
    names += ",payer_control_number,remit_line_number,service_date,hcpcs,modifiers,paid_units"
    names += ",charge_usd,contractual_usd,coinsurance_usd,denied_usd,denial_reason,paid_usd"
    check = "SYNTHETIC HEALTH,3/1/2026,CHK 1001,$53.46,A-100,ICN-1"
    rows = [
        f"{check},1,2/10/2026,J1324,,90,$180.00,113.17,13.37,,,53.46",
        f"{check},2,2/10/2026,J1324,JW,10,$20.00,,,20.00,CO-204,0.00",
    ]
    (site.folder / "raw" / "eob").write_text("\n".join([names, *rows]), encoding="utf-8")
    paid, denied = site.lines()
    assert (paid["payer_id"], paid["gap_usd"], paid["coinsurance_usd"]) == ("syn", 0, usd("13.37"))
    assert (denied["outcome"], denied["final_reason"]) == ("denied", "CO-204")
    # Ten units of waste at 0.7425.
    assert denied["denied_expected_usd"] == usd("7.43")
    (remit,) = site.answers()["remit_balances"]
    assert (remit["transaction_difference_usd"], remit["balanced"]) == (0, True)


def test_adjustments_of_a_file_of_their_own_are_the_reasons(site):
    put(site, "billed.csv", a_claim_line())
    put(site, "paid.csv", a_remit_line(paid_usd="0.00", **NOTHING_TYPED))
    put(site, "why.csv", an_adjustment("CO", "197", "180.00"))
    (line,) = site.lines()
    assert (line["outcome"], line["final_reason"]) == ("denied", "CO-197")
    assert line["denied_expected_usd"] == usd("66.83")
