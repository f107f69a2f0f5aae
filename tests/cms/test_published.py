"""When a row was published: by the file's name, else by its own note, else by the download."""

import pytest

from tests.cms.made import a_limit, limits_text, read

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
    assert published("limits.csv", "Added July 2025") == (
        "2026-02-01",
        "download_month_estimated",
    )


def test_else_the_month_of_the_download_in_the_name():
    found = published("limits (as downloaded 2026-11).csv")
    assert found == ("2026-11-01", "download_month_estimated")


def test_else_the_month_the_file_was_written_in():
    assert published("limits.csv") == ("2026-02-01", "download_month_estimated")


def test_the_archive_dates_a_member_that_has_no_date():
    assert published("limits.csv", archive="jan-2025 121924.zip") == ("2024-12-19", "file_name")


@pytest.mark.parametrize(
    "name", ["limits 993124.csv", "order 101112.csv", "order 123199.csv", "limits 1219245.csv"]
)
def test_digits_that_are_no_date_of_the_file_are_not_taken_for_one(name: str):
    assert published(name)[1] == "download_month_estimated"
