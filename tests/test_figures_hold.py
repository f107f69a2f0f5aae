"""Order, names, splitting, joining, packing, spelling and second deliveries change no figure."""

from __future__ import annotations

import gzip
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analytics.refresh import refresh
from analytics.settings import DataFolder
from tests.deliveries import AGAIN, Delivery, Way, broken_off, gathered, plain, write_site
from tests.fuzz.made import made_site
from tests.fuzz.raw_site import RawFile, RawSite
from tests.intake.plain_splitter import split_file

# Where a row came from, and how often a piece was sent; everything else is a figure.
PROVENANCE = ("source_file", "source_offset", "byte_offset", "transaction_number", "piece_number")
NO_FIGURES = ("load_ledger", "run_info")
SITES = (12, 46)
MANY_SITES = (9, 12, 14, 40, 46, 51, 56)
# A refresh takes seconds, and a way that changes a figure says in five words what it does.
UNSHRUNK = (Phase.explicit, Phase.generate)
Figures = dict[str, list[tuple]]
WAYS = st.builds(
    Way,
    seed=st.integers(0, 2**32),
    **dict.fromkeys(("splits", "joins", "respells", "packs", "renames"), st.booleans()),
    comes_again=st.sampled_from(sorted(AGAIN)),
)


@cache
def site_of(seed: int) -> RawSite:
    """A random nasty site: reversals, replacements, tests, copies and files that broke off."""
    return gathered(made_site(seed, claims=8))


@cache
def figures_as_received(seed: int) -> Figures:
    site = site_of(seed)
    return figures_of(site, Way().deliver(site.files))


def figures_of(site: RawSite, deliveries: list[Delivery]) -> Figures:
    """Every published row of a refresh of these files; each of their segments must be counted."""
    with TemporaryDirectory(prefix="figures-") as scratch:
        folder = DataFolder(Path(scratch) / "site")
        write_site(site, deliveries, folder.root)
        result = refresh(folder)
        assert result.status == "published", [
            found.check.name for found in result.findings if found.stops_publish
        ]
        run = folder.runs / result.run.run_id
        assert_every_segment_is_counted(pl.read_parquet(run / "load_ledger.parquet"), deliveries)
        return {
            path.stem: rows_without_provenance(pl.read_parquet(path))
            for path in sorted(run.glob("*.parquet"))
            if path.stem not in NO_FIGURES
        }


def rows_without_provenance(table: pl.DataFrame) -> list[tuple]:
    """The rows in one order, whatever it was; a piece that came twice is the same piece."""
    rows = table.drop(PROVENANCE, strict=False).rows()
    return sorted(set(rows) if "byte_offset" in table.columns else rows, key=repr)


def assert_every_segment_is_counted(ledger: pl.DataFrame, deliveries: list[Delivery]) -> None:
    received = segments_received(deliveries)
    assert set(ledger["source_file"]) == set(received)
    for row in ledger.iter_rows(named=True):
        counted = [
            row[f"segments_{what}"] for what in ("loaded", "rejected", "duplicate", "not_ours")
        ]
        assert min(counted) >= 0, row
        assert sum(counted) == row["segments"] == received[row["source_file"]], row


def segments_received(deliveries: list[Delivery]) -> dict[str, int]:
    """Segments per file, counted by a plain loop over its bytes; a zip is the files in it."""
    counts = {}
    for name, content in (member for delivery in deliveries for member in members(delivery)):
        counts[name] = split_file(content).segments
    return counts


def members(delivery: Delivery) -> list[tuple[str, bytes]]:
    if delivery.name.endswith(".gz"):
        return [(delivery.name, gzip.decompress(delivery.content))]
    if not delivery.name.endswith(".zip"):
        return [(delivery.name, delivery.content)]
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "archive"
        path.write_bytes(delivery.content)
        with zipfile.ZipFile(path) as archive:
            return [(f"{delivery.name}/{name}", archive.read(name)) for name in archive.namelist()]


def changes(seed: int, deliveries: list[Delivery]) -> dict[str, list[tuple]]:
    """Per table the rows that are in one of the two and not in the other."""
    before, after = figures_as_received(seed), figures_of(site_of(seed), deliveries)
    assert before.keys() == after.keys()
    return {
        name: found
        for name in before
        if (
            found := [
                row for row in (*before[name], *after[name]) if _times(row, name, before, after)
            ]
        )
    }


def _times(row: tuple, name: str, before: Figures, after: Figures) -> int:
    return before[name].count(row) - after[name].count(row)


@settings(max_examples=6, phases=UNSHRUNK)
@given(seed=st.sampled_from(SITES), way=WAYS)
def test_however_the_mail_comes_no_figure_changes(seed: int, way: Way):
    assert changes(seed, way.deliver(site_of(seed).files)) == {}


@pytest.mark.slow
@settings(max_examples=300, phases=UNSHRUNK)
@given(seed=st.sampled_from(MANY_SITES), way=WAYS)
def test_however_the_mail_of_many_sites_comes_no_figure_changes(seed: int, way: Way):
    assert changes(seed, way.deliver(site_of(seed).files)) == {}


@pytest.mark.parametrize("way", ["same", "numbered anew"])
def test_second_delivery_changes_no_figure(way: str):
    deliveries = Way(comes_again=way).deliver(site_of(46).files)
    assert len(deliveries) == 2 * len(site_of(46).files)
    assert changes(46, deliveries) == {}


def test_overlapping_delivery_changes_no_figure():
    deliveries = Way(seed=5, comes_again="overlapping").deliver(site_of(46).files)
    assert len(site_of(46).files) < len(deliveries) < 2 * len(site_of(46).files)
    assert changes(46, deliveries) == {}


@pytest.mark.parametrize("seed", [1, 2])
def test_upload_that_broke_off_and_came_again_whole_counts_once(seed: int):
    chance = Random(seed)
    site = site_of(46)
    broken = [
        Delivery(f"000-{number}", broken_off(chance, file))
        for number, file in enumerate(site.files)
    ]
    found = changes(46, [*broken, *Way().deliver(site.files)])
    # What is cut in two is told as rejected; no figure knows of it.
    assert set(found) <= {"rejects"}


def test_another_cent_is_a_change():
    files = site_of(46).files
    place = next(n for n, file in enumerate(files) if is_paid(file))
    changed = [*files[:place], with_another_cent(files[place]), *files[place + 1 :]]
    assert "claim_line_outcomes" in changes(46, Way().deliver(changed))


def test_mail_that_comes_another_way_is_in_other_files():
    files = site_of(46).files
    ways = [
        Way(),
        Way(splits=True),
        Way(joins=True),
        Way(respells=True),
        Way(packs=True),
        Way(renames=True),
        *(Way(comes_again=again) for again in AGAIN if again != "no"),
    ]
    told = {tuple(sorted((each.name, each.content) for each in way.deliver(files))) for way in ways}
    assert len(told) == len(ways)


def is_paid(file: RawFile) -> bool:
    return file.transaction_type == "835" and file.usage != "T" and b"SVC*" in plain(file)


def with_another_cent(file: RawFile) -> RawFile:
    [first, *rest] = file.transactions
    told = [
        "*".join((*segment.split("*")[:3], "0.07", *segment.split("*")[4:]))
        if segment.startswith("SVC*")
        else segment
        for segment in first.segments
    ]
    return replace(file, transactions=(replace(first, segments=tuple(told)), *rest))
