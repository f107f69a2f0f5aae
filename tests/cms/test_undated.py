"""Files that do not say when they were published: what is new in them is never dated by a guess."""

import os
from datetime import date
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from analytics.cms.load import load_cms
from analytics.cms.report import load_sentences, trouble_sentences
from tests.cms.made import NEW, OLD, a_limit, limits_text, prices, write

AFTER_THE_QUARTER, BEFORE_IT, ZIP_EPOCH = 1_735_689_600, 1_704_067_200, 315_532_800


def undated_copy(downloads: Path, of: str, written: int) -> Path:
    path = write(downloads, "copy.csv", (downloads / of).read_bytes())
    os.utime(path, (written, written))
    return path


@pytest.mark.parametrize("written", [AFTER_THE_QUARTER, BEFORE_IT, ZIP_EPOCH])
def test_when_a_file_was_written_dates_nothing(reference: Path, downloads: Path, written: int):
    load_cms(reference, [downloads / OLD])
    before = (reference / "payment_limits.csv").read_bytes()
    loaded = load_cms(reference, [undated_copy(downloads, NEW, written)])
    assert (reference / "payment_limits.csv").read_bytes() == before
    assert (loaded.files, loaded.tables) == ((), ())
    assert trouble_sentences(loaded) == [
        "copy.csv does not say when it was published, and is not loaded; found no date in its name "
        "(such as 121924, or as downloaded 2024-11); rows whose notes have none: 2 of 3, of which "
        "not on file: 1 (2025Q1 J0003 the first). Load it again with --published YYYY-MM-DD, the "
        "day CMS published it."
    ]


@pytest.mark.parametrize("written", [(1980, 1, 1), (2024, 1, 15), (2026, 2, 14)])
def test_nor_does_the_day_a_zip_says_a_member_was_written(
    reference: Path, downloads: Path, written: tuple[int, int, int]
):
    archive = downloads / "january-2025.zip"
    with ZipFile(archive, "w") as packed:
        member = ZipInfo("limits.csv", date_time=(*written, 0, 0, 0))
        packed.writestr(member, limits_text([a_limit()]))
    assert load_cms(reference, [archive]).has_trouble
    assert not reference.exists()
    load_cms(reference, [archive], published=date(2024, 12, 19))
    assert prices(reference) == [("J0001", "2024-12-19", "36.647")]


def test_an_undated_copy_adds_what_its_own_notes_date_where_the_rest_is_on_file(
    reference: Path, downloads: Path
):
    whole = [a_limit("J0001", "1.000"), a_limit("J0002", "2.202")]
    restated = [whole[0], a_limit("J0002", "1.855", notes="Updated April 2025")]
    copy = write(downloads, "copy.csv", limits_text(restated))
    loaded = load_cms(reference, [copy, downloads / OLD])
    assert not loaded.has_trouble
    assert prices(reference)[1:] == [
        ("J0002", "2024-12-19", "2.202"),
        ("J0002", "2025-04-01", "1.855"),
    ]
    before = (reference / "payment_limits.csv").read_bytes()
    assert not load_cms(reference, [copy]).tables[0].is_written
    assert (reference / "payment_limits.csv").read_bytes() == before


def test_undated_copies_that_wait_for_each_other_load_in_any_order(
    reference: Path, downloads: Path, tmp_path: Path
):
    first = [a_limit("J0001", "1.000"), a_limit("J0002", "1.855", notes="Updated April 2025")]
    second = [a_limit("J0002", "1.855"), a_limit("J0001", "1.500", notes="Updated May 2025")]
    third = [a_limit("J0001", "1.500"), a_limit("J0002", "1.955", notes="Updated June 2025")]
    copies = [
        write(downloads, name, limits_text(rows))
        for name, rows in (("third.csv", third), ("second.csv", second), ("first.csv", first))
    ]
    loaded = load_cms(reference, [*copies, downloads / OLD])
    assert not loaded.has_trouble
    load_cms(tmp_path / "other", [downloads / OLD, *reversed(copies)])
    whole = (reference / "payment_limits.csv").read_bytes()
    assert (tmp_path / "other" / "payment_limits.csv").read_bytes() == whole
    assert len(prices(reference)) == 5


def test_an_estimate_in_the_month_of_a_date_is_left_out_told_and_may_be_dated(
    reference: Path, downloads: Path
):
    early = write(
        downloads, "jan (as downloaded 2024-12).csv", limits_text([a_limit("J0002", "2.000")])
    )
    said = (
        "jan (as downloaded 2024-12).csv: 1 row left out (2025Q1 J0002); found 2024-12, the month "
        "of its download, and another row dated in that month: which came first is not known. "
        "Load it again with --published YYYY-MM-DD, the day CMS published it."
    )
    load_cms(reference, [early])
    loaded = load_cms(reference, [downloads / OLD])
    assert trouble_sentences(loaded) == [said]
    assert [row for row in prices(reference) if row[0] == "J0002"] == [
        ("J0002", "2024-12-19", "2.202")
    ]
    assert trouble_sentences(load_cms(reference, [early])) == [said]
    loaded = load_cms(reference, [early], published=date(2024, 12, 5))
    assert not loaded.has_trouble
    assert [row[1:] for row in prices(reference) if row[0] == "J0002"] == [
        ("2024-12-05", "2.000"),
        ("2024-12-19", "2.202"),
    ]


def test_a_file_whose_name_says_a_day_keeps_it_whatever_is_told(reference: Path, downloads: Path):
    loaded = load_cms(reference, [downloads / OLD], published=date(2025, 1, 31))
    assert load_sentences(loaded)[0].startswith(
        f"{OLD}: payment limits of 2025Q1, published 2024-12-19 by its name, not 2025-01-31; 2 rows"
    )


def test_rows_that_nothing_dates_are_as_told_and_the_load_says_so(reference: Path, downloads: Path):
    copy = write(downloads, "copy.csv", (downloads / NEW).read_bytes())
    loaded = load_cms(reference, [copy], published=date(2025, 3, 7))
    assert load_sentences(loaded)[0] == (
        "copy.csv: payment limits of 2025Q1, 1 row dated by its note, the others published "
        "2025-03-07 as told; 3 rows"
    )
    assert prices(reference)[1] == ("J0002", "2025-04-01", "1.855")
