"""A site's own column names are read through the nearest columns.toml."""

from __future__ import annotations

import zipfile

import pytest
from plain_python_tests.written_rows import a_claim_line, a_remit_line, csv_of, put

OWN_NAMES = {"claim_number": "Acct #", "service_date": "DOS", "units": "Qty", "payer_code": "Plan"}
MAPPING = """\
"Acct #" = "claim_number"
plan = "payer_code"

[claim_lines]
"DOS" = "service_date"
"Qty" = "units"

[remit_lines]
service_date = "DOS"
"qty" = "paid_units"
"""


def own(row):
    """Return a row under the site's own names."""
    return {OWN_NAMES.get(name, name): cell for name, cell in row.items()}


def map_with(site, text, folder=""):
    path = site.folder / "raw" / folder / "columns.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_section_maps_its_kind_before_the_general_names(site):
    put(site, "deep/er/billed.csv", own(a_claim_line()))
    paid = a_remit_line()
    paid["Qty"] = paid.pop("paid_units")
    put(site, "deep/paid.csv", own(paid))
    assert site.lines() == []
    map_with(site, MAPPING, "deep")
    (line,) = site.lines()
    assert (line["gap_usd"], line["billed_units"], line["paid_units"]) == (0, 90, 90)


def test_a_section_tells_what_kind_a_file_is(site):
    put(site, "billed.csv", a_claim_line())
    paid = a_remit_line()
    for column in ("remit_line_number", "payment_date", "paid_usd"):
        paid[f"my {column}"] = paid.pop(column)
    put(site, "paid.csv", paid)
    sections = '[remit_lines]\nmy_remit_line_number = "remit_line_number"\n'
    sections += 'my_payment_date = "payment_date"\n"My Paid-USD" = "paid_usd"\n'
    map_with(site, sections)
    (line,) = site.lines()
    assert line["gap_usd"] == 0


def test_the_nearest_mapping_counts_alone(site):
    put(site, "near/billed.csv", own(a_claim_line()))
    put(site, "far/billed.csv", own(a_claim_line(claim_number="A2")))
    map_with(site, MAPPING)
    assert [line["claim_id"] for line in site.lines()] == ["A1", "A2"]
    map_with(site, '"Acct #" = "claim_number"\n', "near")
    assert [line["claim_id"] for line in site.lines()] == ["A2"]


def test_an_archive_is_a_folder(site):
    with zipfile.ZipFile(site.folder / "raw" / "all.zip", "w") as archive:
        archive.writestr("in/columns.toml", MAPPING)
        archive.writestr("in/billed.csv", csv_of([own(a_claim_line())]))
    put(site, "billed.csv", own(a_claim_line(claim_number="A2")))
    assert [line["claim_id"] for line in site.lines()] == ["A1"]


def test_ignored_columns_are_not_read(site):
    put(site, "billed.csv", a_claim_line() | {"Patient Name": "SYNTHETIC", "Notes": "x" * 99})
    assert site.lines() == []
    map_with(site, 'ignore = ["patient_name", "NOTES"]\n')
    assert [line["claim_id"] for line in site.lines()] == ["A1"]


def test_of_two_known_names_the_left_one_is_the_sites_own(site):
    row = a_claim_line(units="1")
    row["ndc_quantity"] = "90"
    del row["units"]
    put(site, "billed.csv", row)
    map_with(site, '[claim_lines]\nndc_quantity = "units"\n')
    (line,) = site.lines()
    assert line["billed_units"] == 90


@pytest.mark.parametrize(
    "text",
    [
        '"Acct" = "account"\n',
        '[claims]\n"Acct" = "claim_number"\n',
        '[adjustments]\n"Qty" = "units"\n',
        "ignore = 'Notes'\n",
        '"Acct" = 1\n',
        "not = toml = at all\n",
    ],
    ids=["no column", "no kind", "no column of the kind", "no list", "no text", "no toml"],
)
def test_a_mapping_that_says_nothing_refuses_the_extracts_beside_it(site, text):
    put(site, "beside/billed.csv", a_claim_line())
    put(site, "elsewhere/billed.csv", a_claim_line(claim_number="A2"))
    map_with(site, text, "beside")
    assert [line["claim_id"] for line in site.lines()] == ["A2"]


def test_a_name_that_two_kinds_have_is_read_as_the_kind_that_holds_the_rest(site):
    amounts = '[remit_lines]\n"Amt" = "paid_usd"\n\n[claim_lines]\n"Amt" = "charge_usd"\n'
    map_with(site, amounts)
    billed, paid = a_claim_line(), a_remit_line()
    billed["Amt"], paid["Amt"] = billed.pop("charge_usd"), paid.pop("paid_usd")
    put(site, "billed.csv", billed)
    put(site, "paid.csv", paid)
    (line,) = site.lines()
    assert (line["charge_usd"], line["gap_usd"]) == (180, 0)
