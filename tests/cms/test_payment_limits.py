"""Payment limit files in every layout CMS has used, and in those it may use next."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cms.refusal import UnknownFileError, UnreadableLayoutError
from tests.cms.made import LIMIT_COLUMNS, a_limit, limits_text, read

EARLY = (
    "HCPCS Code", "Short Description", "HCPCS Code Dosage", "Payment Limit", "Vaccine AWP%",
    "Vaccine Limit", "Infusion AWP%", "DME Infusion Limit", "Blood AWP%", "Blood Limit", "Notes",
)  # fmt: skip
BEFORE_COINSURANCE = tuple(name for name in LIMIT_COLUMNS if name != "Co-insurance Percentage")
LAYOUTS = {
    "2006": {"columns": EARLY, "above": 1, "below": 3,
             "effective": "Effective October 1, 2006 through December 31, 2006"},
    "2010": {"columns": (*EARLY[:-1], "Clotting Factor", "Notes"), "below": 3, "blank_columns": 1,
             "effective": "Effective October 1, 2010 through December 31, 2010"},
    "2018": {"columns": BEFORE_COINSURANCE, "below": 3, "blank_columns": 2,
             "effective": "Effective January 1, 2018 through March 31, 2018"},
    "2022": {"columns": BEFORE_COINSURANCE,
             "effective": "Effective April 1, 2022 through June 30, 2022"},
    "2025": {},
    "2026": {"effective": "Effective October 1, 2026 through December 31, 2026",
             "blank_columns": 2},
}  # fmt: skip
QUARTERS = {
    "2006": "2006Q4", "2010": "2010Q4", "2018": "2018Q1",
    "2022": "2022Q2", "2025": "2025Q1", "2026": "2026Q4",
}  # fmt: skip


@pytest.mark.parametrize("year", LAYOUTS)
def test_every_layout_gives_the_same_price(year: str):
    (row,) = read(limits_text([a_limit(limit="36.647")], **LAYOUTS[year]), "file.csv").rows
    assert (row["effective_quarter"], row["hcpcs"], row["payment_limit"]) == (
        QUARTERS[year],
        "J0001",
        "36.647",
    )
    assert row["coinsurance_pct"] == ("20.000" if year >= "2025" else "")


@given(st.randoms(use_true_random=False), st.integers(0, 5), st.integers(0, 30), st.booleans())
def test_columns_in_another_order_one_more_and_a_longer_preamble_change_nothing(
    chance: random.Random, above: int, blank: int, has_one_more: bool
):
    columns = [*LIMIT_COLUMNS, *(["A Column Nobody Knows"] if has_one_more else [])]
    chance.shuffle(columns)
    rows = [a_limit("J0001", "1.500", notes="Added May 2025"), a_limit("Q5101", "2.250")]
    text = limits_text(rows, columns=columns, above=above, blank_columns=blank)
    assert read(text) == read(limits_text(rows))


@pytest.mark.parametrize("missing", ["HCPCS Code", "Payment Limit", "Notes"])
def test_a_missing_column_is_named_with_those_found(missing: str):
    columns = [name for name in LIMIT_COLUMNS if name != missing]
    with pytest.raises(UnreadableLayoutError) as refused:
        read(limits_text([a_limit()], columns=columns))
    assert f"has no column {missing}; found {', '.join(columns)}." in str(refused.value)


def test_a_file_since_2023_without_its_coinsurance_is_refused():
    with pytest.raises(UnreadableLayoutError, match="no column Co-insurance Percentage"):
        read(limits_text([a_limit()], columns=BEFORE_COINSURANCE))


def test_two_columns_for_one_thing_are_refused():
    columns = [*LIMIT_COLUMNS, "PAYMENT  LIMIT"]
    with pytest.raises(UnreadableLayoutError, match="two columns for one thing"):
        read(limits_text([a_limit()], columns=columns))


@pytest.mark.parametrize(
    ("printed", "limit"),
    [("$68.620", "68.620"), ("$18,262.316", "18262.316"), (" 0.609 ", "0.609"), (".5", "0.5")],
)
def test_prices_lose_their_dollar_sign_and_their_comma_and_nothing_else(printed: str, limit: str):
    (row,) = read(limits_text([a_limit(limit=printed)])).rows
    assert row["payment_limit"] == limit


def test_a_price_cms_does_not_print_is_empty_with_its_reason_and_never_zero():
    rows = [a_limit("A9606", "N/A", notes="microCurie 100% AWP"), a_limit("J0002", "N/A")]
    found = read(limits_text(rows))
    assert [(row["payment_limit"], row["notes"]) for row in found.rows] == [
        ("", "N/A; microCurie 100% AWP"),
        ("", "N/A"),
    ]
    assert found.notes == ("no price for A9606, J0002",)
    assert found.problems == ()


@pytest.mark.parametrize("printed", ["0.000", "see note", "1.385,861", "1e3", "36.6470000001"])
def test_what_is_no_price_prices_nothing_and_is_told(printed: str):
    found = read(limits_text([a_limit(limit=printed), a_limit("J0002")]))
    assert [row["payment_limit"] for row in found.rows] == ["", "36.647"]
    assert found.rows[0]["notes"] == f'N/A: printed "{printed}"'
    assert found.problems == (f'row 10, J0001: N/A: printed "{printed}"; it prices nothing',)


def test_notes_over_two_lines_and_blanks_that_do_not_break_become_plain_blanks():
    rows = [a_limit(notes="microCurie 100% AWP = $212.84\nmicroCurie 100%\xa0WAC = $177.37")]
    (row,) = read(limits_text(rows).encode("cp1252")).rows
    assert row["notes"] == "microCurie 100% AWP = $212.84 microCurie 100% WAC = $177.37"


def test_cpt_codes_are_counted_and_not_kept():
    found = read(limits_text([a_limit("90371"), a_limit("J0001"), a_limit("0001A")]))
    assert ([row["hcpcs"] for row in found.rows], found.cpt_rows) == (["J0001"], 2)


def test_a_code_that_is_none_is_told():
    found = read(limits_text([a_limit("J00011"), a_limit("J0001"), a_limit("Total", "")]))
    assert found.problems == ('row 10 has "J00011" for a code; the row is left out',)
    assert len(found.rows) == 1


def test_a_coinsurance_written_as_a_fraction_refuses_the_file():
    with pytest.raises(UnreadableLayoutError, match=r'found "0\.2", expected 20'):
        read(limits_text([a_limit(coinsurance="0.2")]))


def test_a_coinsurance_nobody_can_read_is_told():
    found = read(limits_text([a_limit(coinsurance="twenty")]))
    assert found.rows[0]["coinsurance_pct"] == ""
    assert found.problems == (
        'row 10, J0001: printed "twenty" for its coinsurance; it is left empty',
    )


@pytest.mark.parametrize("separator", ["\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_same_file_saved_again_says_the_same(separator: str, encoding: str):
    text = limits_text([a_limit(notes="fuer 1 Million\xa0PFU")]).replace(",", separator)
    text = text.replace(f"January 1{separator} 2025", "January 1, 2025")
    text = text.replace(f"March 31{separator} 2025", "March 31, 2025")
    (row,) = read(text.encode(encoding)).rows
    assert (row["hcpcs"], row["payment_limit"]) == ("J0001", "36.647")


@pytest.mark.parametrize(
    ("effective", "said"),
    [
        ("", "does not say which quarter"),
        ("Effective January 1, 2025 through June 30, 2025", "is for no quarter"),
        ("Effective February 1, 2025 through April 30, 2025", "is for no quarter"),
        ("Effective January 41, 2025 through March 31, 2025", "is for no quarter"),
    ],
)
def test_a_file_without_a_quarter_is_refused(effective: str, said: str):
    with pytest.raises(UnreadableLayoutError, match=said):
        read(limits_text([a_limit()], effective=effective))


def test_a_name_that_says_another_quarter_refuses_the_file():
    with pytest.raises(UnreadableLayoutError, match="for 2025Q1 by its preamble and for 2025Q2"):
        read(limits_text([a_limit()]), "section 508 version of APR 2025 ASP Pricing File.csv")


def test_a_header_without_rows_is_refused():
    with pytest.raises(UnreadableLayoutError, match="a header and no rows"):
        read(limits_text([]))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"%PDF-1.7 nothing", "a PDF"),
        (b"\x00\x01\x02", "bytes that are no text"),
        (b"ISA*00*SECRET~", "text of 14 bytes without any of their headers"),
        (b'"a quote that never closes\n1,2,3', "text of 32 bytes without any of their headers"),
    ],
)
def test_a_file_of_another_kind_gets_a_sentence_that_quotes_nothing_of_it(
    content: bytes, found: str
):
    with pytest.raises(UnknownFileError) as refused:
        read(content)
    assert f"; found {found}. Give the CSV" in str(refused.value)
    assert "SECRET" not in str(refused.value)


def test_the_quarter_is_that_of_the_preamble_in_every_quarter():
    ends = {1: "March 31", 4: "June 30", 7: "September 30", 10: "December 31"}
    names = {1: "January", 4: "April", 7: "July", 10: "October"}
    quarters = [
        read(
            limits_text(
                [a_limit()], effective=f"Effective {names[month]} 1, 2024 through {end}, 2024"
            ),
            "file.csv",
        ).period
        for month, end in ends.items()
    ]
    assert quarters == ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]


def test_a_comma_without_quotation_marks_moves_no_price():
    text = limits_text([a_limit("J0001"), a_limit("J0002", "5.000")])
    shifted = text.replace("J0001,Invented injection,1 MG", "J0001,Invented, a, 20.000,1 MG")
    found = read(shifted)
    assert [row["hcpcs"] for row in found.rows] == ["J0002"]
    assert found.problems == ("row 10 has 13 cells under 11 columns; the row is left out",)


def test_a_quotation_mark_that_stays_open_hides_no_row():
    text = limits_text([a_limit("J0001"), a_limit("J0002"), a_limit("J0003")])
    with pytest.raises(UnreadableLayoutError, match="a quotation mark that does not close"):
        read(text.replace("J0002,Invented", 'J0002,"Invented'))
