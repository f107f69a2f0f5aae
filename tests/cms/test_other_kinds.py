"""Crosswalks, NOC files, the HCPCS file and Addendum B."""

import pytest

from analytics.cms.refusal import UnreadableLayoutError
from tests.cms.made import crosswalk_text, hcpcs_line, opps_text, read, sheet_text

VIAL = (
    "J0001", "Invented", "MAKER", "51144-0020-01", "Drug ", "1 MG", "2.5", "10", "80", "800",
)  # fmt: skip
NOC_LIMITS = "Payment Allowance Limits for Medicare Part B Not Otherwise Classified (NOC) Drugs"
QUARTER = "Effective October 1, 2025 through December 31, 2025"


@pytest.mark.parametrize("ndc", ["NDC", "NDC2"])
@pytest.mark.parametrize("blank", [0, 242])
def test_both_header_forms_of_the_crosswalk_give_the_same_package(ndc: str, blank: int):
    found = read(crosswalk_text([VIAL], ndc=ndc, blank=blank), "crosswalk 122024.csv")
    assert found.table == "ndc_crosswalk"
    assert dict(found.rows[0]) == {
        "effective_quarter": "2025Q1",
        "ndc11": "51144002001",
        "hcpcs": "J0001",
        "package_size": "2.5",
        "package_quantity": "10",
        "bill_units": "80",
        "bill_units_per_package": "800",
        "drug_name": "Drug",
        "published_on": "2024-12-20",
        "published_on_basis": "file_name",
        "source": "CMS crosswalk 122024.csv",
    }


def test_what_has_no_ndc_is_counted_and_left_out():
    rows = [VIAL, (*VIAL[:3], "GG100", *VIAL[4:]), (*VIAL[:3], "888867413689", *VIAL[4:])]
    found = read(crosswalk_text(rows))
    assert len(found.rows) == 1
    assert found.notes == ("2 left out whose number is no NDC",)


def test_a_quantity_that_is_no_number_is_left_empty_and_told():
    found = read(crosswalk_text([(*VIAL[:8], "21.3125?", "127.8")]))
    assert (found.rows[0]["bill_units"], found.rows[0]["bill_units_per_package"]) == ("", "127.8")
    assert found.problems == (
        'row 10 has "21.3125?" for bill_units, which is no amount; it is left empty',
    )


def test_a_crosswalk_without_its_ndc_column_is_refused_by_name():
    with pytest.raises(UnreadableLayoutError, match="has no column NDC or NDC2; found _2024_CODE"):
        read(crosswalk_text([VIAL], ndc="Package"))


def test_noc_prices_are_known_by_the_drugs_name():
    columns = ("Drug Generic Name (Trade Name)", "Dosage", "Payment Limit", "Notes")
    row = dict(zip(columns, ("Vasopress (Maker)", "1 UNIT", "$2.462", ""), strict=True))
    found = read(sheet_text(["", NOC_LIMITS, "", QUARTER, *[""] * 8], [row], columns), "noc.csv")
    (price,) = found.rows
    assert found.table == "noc_prices"
    assert (price["drug_name"], price["dosage"], price["payment_limit"]) == (
        "Vasopress (Maker)",
        "1 UNIT",
        "2.462",
    )


def test_the_noc_crosswalk_is_not_taken_for_the_crosswalk():
    columns = (
        "Drug Generic Name", "LABELER NAME", "NDC or ALTERNATE ID", "Drug Name", "Dosage",
        "PKG SIZE", "PKG QTY", "BILLUNITS", "BILLUNITSPKG",
    )  # fmt: skip
    row = dict(
        zip(
            columns,
            ("Vasopress", "Maker", "81298-8552-03", "V", "1 UNIT", "100", "10", "20", "200"),
            strict=True,
        )
    )
    preamble = [
        "October 2025 ASP NOC NDC - HCPCS Crosswalk for Medicare Part B Drugs",
        QUARTER.removeprefix("Effective "),
    ]
    found = read(sheet_text(preamble, [row], columns), "noc crosswalk.csv")
    assert (found.table, found.rows[0]["ndc11"]) == ("noc_packages", "81298855203")


FIRST = {
    "short": "Drug injection",
    "coverage": "C",
    "added": "20070101",
    "acted": "20180101",
    "act": "D",
    "ended": "20181231",
}
RECORDS = (
    hcpcs_line("J0001", 100, "3", "Injection, drug, administered under the", **FIRST),
    hcpcs_line("J0001", 200, "4", "direct supervision of a physician"),
    hcpcs_line("99213", 100, "3", "words of the AMA", **FIRST),
    hcpcs_line("D0120", 100, "3", "words of the ADA", **FIRST),
    hcpcs_line("   JW", 100, "7", "a modifier", **FIRST),
)


def test_a_long_descriptor_runs_over_its_records_and_dates_say_since_when():
    found = read("\r\n".join(RECORDS), "HCPC2019_CONTR_ANWEB.txt")
    assert [dict(row) for row in found.rows] == [
        {
            "hcpcs": "J0001",
            "long_descriptor": "Injection, drug, administered under the direct supervision of a "
            "physician",
            "short_descriptor": "Drug injection",
            "coverage": "C",
            "added_on": "2007-01-01",
            "action": "D",
            "action_on": "2018-01-01",
            "terminated_on": "2018-12-31",
            "published_on": "2019-01-01",
            "published_on_basis": "download_month_estimated",
            "source": "CMS HCPC2019_CONTR_ANWEB.txt",
        }
    ]
    assert (found.cpt_rows, found.notes) == (1, ("1 dental left out",))


def test_the_records_of_a_code_are_put_in_order_by_their_number():
    found = read("\n".join(reversed(RECORDS)), "HCPC2019_CONTR_ANWEB.txt")
    assert found == read("\n".join(RECORDS), "HCPC2019_CONTR_ANWEB.txt")


def test_a_hcpcs_file_with_a_line_cut_short_is_refused():
    lines = [*RECORDS[:1] * 25, RECORDS[1][:8]]
    with pytest.raises(UnreadableLayoutError, match="found 8 characters in line 26"):
        read("\n".join(lines), "HCPC2019.txt")


def test_a_hcpcs_file_without_a_year_in_its_name_is_refused():
    with pytest.raises(UnreadableLayoutError, match="which year it is for; found the name codes"):
        read("\n".join(RECORDS), "codes.txt")


def an_opps_row(code: str = "J0001", **cells: str) -> dict[str, str]:
    return {
        "HCPCS Code": code,
        "SI": "K",
        "APC": "9364",
        "Payment Rate": "$36.743",
        "National Unadjusted Copayment": ".",
        "Minimum Unadjusted Copayment": "$7.35",
        "IRA Coinsurance percentage": "19.401%",
        "Adjusted Beneficiary Copayment": "$7.13",
        **cells,
    }


def test_addendum_b_takes_its_quarter_from_its_name():
    found = read(opps_text([an_opps_row()]), "October 2025 Web Addendum B.10.31.25.csv")
    (row,) = found.rows
    assert (row["effective_from"], row["published_on"]) == ("2025-10-01", "2025-10-31")
    assert (row["status_indicator"], row["apc"], row["payment_rate"]) == ("K", "9364", "36.743")
    copayments = (row["national_copayment"], row["minimum_copayment"], row["adjusted_copayment"])
    assert copayments == ("", "7.35", "7.13")
    assert row["coinsurance_pct"] == "19.401"


@pytest.mark.parametrize("name", ["Addendum B.csv", "January 2024 Addendum B.csv"])
def test_addendum_b_without_its_quarter_is_refused(name: str):
    with pytest.raises(UnreadableLayoutError, match="which quarter it is for; found"):
        read(opps_text([an_opps_row()]), name)


def test_a_gene_therapy_of_seven_digits_and_a_code_with_a_dos_blank_are_kept():
    row = an_opps_row("J0001ÿ", **{"Payment Rate": "$3,402,000.000"})
    text = opps_text([row]).encode("cp1252")
    (found,) = read(text, "January 2025 Addendum B.csv").rows
    assert (found["hcpcs"], found["payment_rate"]) == ("J0001", "3402000.000")
