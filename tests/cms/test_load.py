"""CMS files into a site's reference, by the command a person types."""

import random
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.cms.dated_tables import TABLES
from analytics.cms.load import load_cms
from analytics.cms.report import IN_NO_FIGURE, load_sentences, trouble_sentences
from analytics.reference.tables import read_reference
from tests.cms.made import (
    NEW,
    OLD,
    a_limit,
    crosswalk_text,
    limits_text,
    prices,
    rows_of,
    write,
)

HEADER = "effective_quarter,hcpcs,published_on,payment_limit,coinsurance_pct,source,seen_note\n"
BY_HAND = '2025Q1,J0009,2025-01-01,9.000,,"typed in; by hand",ask again\n'


def test_a_restated_price_stands_beside_the_first_and_the_load_says_so(
    reference: Path, downloads: Path
):
    loaded = load_cms(reference, [downloads / NEW, downloads / OLD])
    assert prices(reference) == [
        ("J0001", "2024-12-19", "1.000"),
        ("J0002", "2024-12-19", "2.202"),
        ("J0002", "2025-03-07", "1.855"),
        ("J0003", "2025-03-07", "3.000"),
    ]
    assert load_sentences(loaded) == [
        f"{NEW}: payment limits of 2025Q1, published 2025-03-07; 3 rows",
        f"{OLD}: payment limits of 2025Q1, published 2024-12-19; 2 rows; 1 CPT row left out",
        "reference/payment_limits.csv: 4 rows added",
        "restated by CMS, both kept: 2025Q1 J0002 payment_limit 2.202 to 1.855 (2025-03-07)",
    ]
    assert not loaded.has_trouble


def test_loading_twice_changes_no_byte_and_says_so(reference: Path, downloads: Path):
    load_cms(reference, [downloads / OLD, downloads / NEW])
    path = reference / "payment_limits.csv"
    before, written_at = path.read_bytes(), path.stat().st_mtime_ns
    again = load_cms(reference, [downloads / NEW, downloads / OLD, downloads / NEW])
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, written_at)
    assert load_sentences(again)[-1] == (
        "reference/payment_limits.csv: nothing new, all of it was known"
    )


PUBLISHED = st.lists(
    st.tuples(
        st.sampled_from(["121924", "010825", "030725", "(as downloaded 2025-02)"]),
        st.lists(
            st.tuples(
                st.sampled_from(["J0001", "J0002"]),
                st.sampled_from(["1.000", "2.000", "N/A"]),
                st.sampled_from(["", "Updated February 2025"]),
            ),
            min_size=1,
            max_size=3,
            unique_by=lambda row: row[0],
        ),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PUBLISHED, st.randoms(use_true_random=False))
def test_the_order_of_loading_changes_no_byte(
    tmp_path_factory: pytest.TempPathFactory,
    published: list[tuple[str, list[tuple[str, str, str]]]],
    chance: random.Random,
):
    folder = tmp_path_factory.mktemp("order")
    paths = [
        write(
            folder,
            f"file {place} {tag}.csv",
            limits_text([a_limit(code, limit, notes=note) for code, limit, note in rows]),
        )
        for place, (tag, rows) in enumerate(published)
    ]
    load_cms(folder / "together", paths)
    chance.shuffle(paths)
    for path in paths:
        load_cms(folder / "apart", [path])
    whole = (folder / "together" / "payment_limits.csv").read_bytes()
    assert (folder / "apart" / "payment_limits.csv").read_bytes() == whole


def test_rows_a_person_wrote_stay_with_their_notes(reference: Path, downloads: Path):
    write(reference, "payment_limits.csv", HEADER + BY_HAND)
    load_cms(reference, [downloads / OLD])
    (by_hand,) = [row for row in rows_of(reference) if row["hcpcs"] == "J0009"]
    assert (by_hand["payment_limit"], by_hand["source"], by_hand["seen_note"]) == (
        "9.000",
        "typed in; by hand",
        "ask again",
    )
    assert len(rows_of(reference)) == 3


def test_two_prices_of_one_day_are_told_and_neither_is_used(
    reference: Path, downloads: Path, project: Path
):
    write(reference, "payment_limits.csv", HEADER + BY_HAND.replace("J0009", "J0001"))
    other = write(downloads, "other 010125.csv", limits_text([a_limit("J0001", "1.000")]))
    loaded = load_cms(reference, [other])
    assert loaded.has_trouble
    assert trouble_sentences(loaded) == [
        "reference/payment_limits.csv: 2025Q1 J0001 has two rows published 2025-01-01; found "
        "9.000/nothing and 1.000/20.000. Keep the one that is right; until then neither is used."
    ]
    read = read_reference(reference, project / "data" / "reference")
    used = read.frames["raw_ref__payment_limits"]
    assert used.filter(hcpcs="J0001").is_empty()


def test_what_load_cms_wrote_passes_the_checks_of_a_sites_files(
    reference: Path, downloads: Path, project: Path
):
    rows = [a_limit("J0001", "N/A", notes="-as AWP"), a_limit("J0002", notes="=1+1")]
    odd = write(downloads, "odd 121924.csv", limits_text(rows))
    vial = ("J0001", "x", "M", "51144-0020-01", "Drug", "1 MG", "1", "1", "80", "80")
    cross = write(downloads, "cross 122024.csv", crosswalk_text([vial]))
    load_cms(reference, [odd, cross])
    read = read_reference(reference, project / "data" / "reference")
    assert [str(problem) for problem in read.problems] == []
    notes = read.frames["raw_ref__payment_limits"].filter(row_source="site")["notes"]
    assert notes.to_list() == ["N/A; -as AWP", "=1+1"]
    assert read.frames["raw_ref__ndc_crosswalk"]["ndc11"].to_list() == ["51144002001"]
    assert "nothing new" in load_sentences(load_cms(reference, [odd]))[-1]


def test_an_empty_limit_without_a_reason_is_not_accepted(reference: Path, project: Path):
    write(reference, "payment_limits.csv", HEADER + "2025Q1,J0001,2025-01-01,,,by hand,\n")
    (problem,) = read_reference(reference, project / "data" / "reference").problems
    assert "every row needs one; where CMS prints none, begin the notes with N/A" in str(problem)


def test_a_file_that_is_none_of_them_does_not_stop_the_others(reference: Path, downloads: Path):
    strange = write(downloads, "strange.csv", "a,b\n1,2\n")
    layout = write(downloads, "half.csv", limits_text([a_limit()]).replace("Payment Limit,", "P,"))
    loaded = load_cms(reference, [strange, downloads / "absent.csv", layout, downloads / OLD])
    assert loaded.has_trouble
    assert [sentence.split(" ", 2)[0] for sentence in trouble_sentences(loaded)] == [
        "strange.csv",
        "absent.csv",
        "half.csv",
    ]
    assert len(rows_of(reference)) == 2


def test_a_reference_file_that_cannot_be_read_whole_is_left_as_it_is(
    reference: Path, downloads: Path
):
    path = write(reference, "payment_limits.csv", HEADER.replace("seen_note", "remark") + BY_HAND)
    before = path.read_bytes()
    loaded = load_cms(reference, [downloads / OLD])
    assert path.read_bytes() == before
    assert trouble_sentences(loaded) == [
        "reference/payment_limits.csv cannot be added to; found the unknown column remark. "
        "Mend it and load again."
    ]


def test_a_zip_is_read_member_by_member_and_what_is_none_of_ours_is_only_told(
    reference: Path, downloads: Path
):
    archive = downloads / "january-2025-asp-pricing-files 121924.zip"
    with ZipFile(archive, "w") as packed:
        packed.writestr("folder/limits.csv", limits_text([a_limit()]))
        packed.writestr("folder/notice.txt", "Read this first")
        packed.writestr("__MACOSX/limits.csv", "nothing")
    loaded = load_cms(reference, [archive])
    assert not loaded.has_trouble
    assert loaded.beside == ("notice.txt",)
    assert prices(reference) == [("J0001", "2024-12-19", "36.647")]


def test_a_zip_without_a_cms_file_a_workbook_and_a_broken_zip_are_refused(
    reference: Path, downloads: Path
):
    none, book = downloads / "none.zip", downloads / "book.xlsx"
    with ZipFile(none, "w") as packed:
        packed.writestr("notice.txt", "Read this first")
    with ZipFile(book, "w") as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/workbook.xml", "<x/>")
    broken = write(downloads, "broken.zip", none.read_bytes()[:40])
    loaded = load_cms(reference, [none, book, broken, downloads])
    said = trouble_sentences(loaded)
    assert [sentence.split()[0] for sentence in said] == [
        "notice.txt",
        "book.xlsx",
        "broken.zip",
        "downloads",
    ]
    assert "save the sheet as CSV" in said[1]


def test_an_undated_copy_of_a_first_publication_does_not_outdate_the_shipped_restatement(
    reference: Path, downloads: Path, tmp_path: Path
):
    shipped = tmp_path / "shipped"
    load_cms(shipped, [downloads / OLD, downloads / NEW])
    copy = write(tmp_path, "copy.csv", (downloads / OLD).read_bytes())
    loaded = load_cms(reference, [copy], shipped=shipped)
    assert not (reference / "payment_limits.csv").exists()
    assert not loaded.has_trouble
    assert load_sentences(loaded) == [
        "copy.csv: payment limits of 2025Q1, no new row; 2 rows without a date, on file "
        "already; 1 CPT row left out",
        "reference/payment_limits.csv: nothing new, all of it was known",
    ]


def test_a_price_that_differs_from_the_shipped_one_is_told(
    reference: Path, downloads: Path, tmp_path: Path
):
    shipped = tmp_path / "shipped"
    load_cms(shipped, [downloads / OLD])
    loaded = load_cms(reference, [downloads / NEW], shipped=shipped)
    assert load_sentences(loaded)[-1] == (
        "restated by CMS, both kept: 2025Q1 J0002 payment_limit 2.202 to 1.855 (2025-03-07)"
    )
    assert len(rows_of(reference)) == 3


def test_a_restatement_that_ships_already_is_no_news(
    reference: Path, downloads: Path, tmp_path: Path
):
    shipped = tmp_path / "shipped"
    load_cms(shipped, [downloads / OLD, downloads / NEW])
    loaded = load_cms(reference, [downloads / OLD, downloads / NEW], shipped=shipped)
    assert load_sentences(loaded)[-1] == "reference/payment_limits.csv: 4 rows added"


def test_the_files_no_model_reads_are_those_the_load_says_nothing_rests_on(project: Path):
    read_by_models = {
        name
        for name in TABLES
        for model in (project / "sql").rglob("*.sql")
        if f"raw_ref__{name}" in model.read_text()
    }
    assert {*IN_NO_FIGURE} == TABLES.keys() - read_by_models
