"""When a row was published: by the name, its own note, what is told, or the named download."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.cms.kinds import read_cms_file
from analytics.cms.refusal import UnreadableLayoutError
from tests.cms.made import a_limit, hcpcs_line, limits_text, named, read

UNDATED = ("", "")
NOTE = "Updated July 2025 - updated April 2025"


def published(name: str, note: str = "", archive: str = "") -> tuple[str, str]:
    (row,) = read(limits_text([a_limit(notes=note)]), name, archive).rows
    return row["published_on"], row["published_on_basis"]


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("section 508 version of Jan 2025 ASP Pricing File 121924.csv", "2024-12-19"),
        ("section 508 version of Jan 2025 ASP Pricing File updated 030725.csv", "2025-03-07"),
        ("Jan 2025 Web Addendum.12.31.24.csv", "2024-12-31"),
        ("limits 12312024.csv", "2024-12-31"),
        ("limits 121924 updated 030725.csv", "2025-03-07"),
        ("section 508 verision of JAN 2025 File 121924.TRIMMED.csv", "2024-12-19"),
    ],
)
def test_the_date_in_the_name_comes_first(name: str, on: str):
    assert published(name, NOTE) == (on, "file_name")


def test_else_the_latest_month_its_own_note_was_updated_in():
    assert published("limits (as downloaded 2026-11).csv", NOTE) == ("2025-07-01", "notes")


def test_a_code_that_was_added_was_not_restated():
    assert published("limits.csv", "Added January 2025") == UNDATED
    assert published("limits (as downloaded 2026-11).csv", "Added January 2025") == (
        "2026-11-01",
        "download_month_estimated",
    )


def test_else_the_month_of_the_download_in_the_name():
    found = published("limits (as downloaded 2026-11).csv")
    assert found == ("2026-11-01", "download_month_estimated")


@pytest.mark.parametrize("name", ["limits.csv", "limits (as downloaded 2026-13).csv"])
def test_with_none_of_these_a_row_has_no_date(name: str):
    assert published(name) == UNDATED


def test_a_download_before_cms_publishes_such_a_file_is_refused():
    with pytest.raises(UnreadableLayoutError, match="found 2025-01-01 in it") as refused:
        published("limits (as downloaded 2024-09).csv")
    assert str(refused.value).endswith("with --published YYYY-MM-DD")
    assert published("limits (as downloaded 2024-10).csv")[0] == "2024-10-01"


# What a person says


def told(name: str, on: date, note: str = "") -> tuple[str, str]:
    file = replace(named(limits_text([a_limit(notes=note)]), name), told_on=on)
    (row,) = read_cms_file(file).rows
    return row["published_on"], row["published_on_basis"]


def test_what_is_told_stands_behind_name_and_note_and_before_the_download():
    on = date(2025, 2, 3)
    assert told("limits.csv", on) == ("2025-02-03", "told")
    assert told("limits (as downloaded 2026-11).csv", on) == ("2025-02-03", "told")
    assert told("limits 121924.csv", on) == ("2024-12-19", "file_name")
    assert told("limits.csv", on, NOTE) == ("2025-07-01", "notes")


def test_a_day_long_before_the_quarter_is_refused():
    with pytest.raises(UnreadableLayoutError, match="--published 2024-09-30"):
        told("limits.csv", date(2024, 9, 30))
    assert told("limits.csv", date(2024, 10, 1)) == ("2024-10-01", "told")


def test_the_hcpcs_file_has_a_year_in_its_name_and_may_be_told_a_day():
    file = named(hcpcs_line("J0001", 100, "3", "Injection"), "HCPC2019_CONTR_ANWEB.txt")
    (by_year,) = read_cms_file(file).rows
    assert by_year["published_on_basis"] == "download_month_estimated"
    (by_day,) = read_cms_file(replace(file, told_on=date(2018, 11, 2))).rows
    assert (by_day["published_on"], by_day["published_on_basis"]) == ("2018-11-02", "told")
    assert read_cms_file(replace(file, told_on=date(2018, 11, 2))).period == "2019"


def test_the_archive_dates_a_member_that_has_no_date():
    assert published("limits.csv", archive="jan-2025 121924.zip") == ("2024-12-19", "file_name")


@pytest.mark.parametrize(
    "name", ["limits 993124.csv", "order 101112.csv", "order 123199.csv", "limits 1219245.csv"]
)
def test_digits_that_are_no_date_of_the_file_are_not_taken_for_one(name: str):
    assert published(name) == UNDATED
