"""Packing a file changes no figure; what cannot be unpacked gives nothing and harms nothing."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from plain_python_tests.test_files_received import without_sources
from plain_python_tests.written_site import BILLED, CONTRACT_PAID, clp, usd


@pytest.fixture
def paid_site(site):
    """Return a site of one claim sent and paid."""
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    return site


def zipped(members):
    """Return the bytes of an archive of these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def taken_from(site):
    """Take the files out of raw/ and return them by name."""
    found = {path.name: path.read_bytes() for path in sorted((site.folder / "raw").iterdir())}
    for name in found:
        (site.folder / "raw" / name).unlink()
    return found


def put(site, name, content):
    (site.folder / "raw" / name).write_bytes(content)


def test_an_archive_holds_files_of_its_own(paid_site):
    before = without_sources(paid_site.answers())
    sent, remit = taken_from(paid_site).values()
    members = {
        "deep/er/one.edi": sent,
        "two.bin": gzip.compress(remit),
        "empty/": b"",
        "a.txt": b"",
    }
    put(paid_site, "named.835", zipped(members))
    assert without_sources(paid_site.answers()) == before
    (line,) = paid_site.lines()
    (remit,) = paid_site.answers()["remit_balances"]
    assert line["source_file"] == "named.835/deep/er/one.edi"
    assert remit["source_file"] == "named.835/two.bin"


def test_a_file_and_its_archive_count_once(paid_site):
    before = without_sources(paid_site.answers())
    found = {path.name: path.read_bytes() for path in sorted((paid_site.folder / "raw").iterdir())}
    put(paid_site, "again.zip", zipped(found))
    assert without_sources(paid_site.answers()) == before


@pytest.mark.parametrize("pack", [lambda inner: inner, gzip.compress], ids=["zip", "gz of a zip"])
def test_an_archive_within_an_archive_is_not_opened(paid_site, pack):
    found = taken_from(paid_site)
    inner = pack(zipped({"remit": found.pop("002.835")}))
    put(paid_site, "outer.zip", zipped({"inner.zip": inner, **found}))
    assert [line["outcome"] for line in paid_site.lines()] == ["open"]


def test_a_zip_within_a_gzip_is_not_opened(paid_site):
    put(paid_site, "all.zip.gz", gzip.compress(zipped(taken_from(paid_site))))
    assert paid_site.lines() == []


def test_a_damaged_member_gives_nothing_and_its_neighbours_load(paid_site):
    found = taken_from(paid_site)
    packed = bytearray(zipped(found))
    # A byte of what the second member, the remit, was packed into.
    directory = packed.index(b"PK\x01\x02")
    packed[directory - 40] ^= 0xFF
    put(paid_site, "hurt.zip", bytes(packed))
    assert [line["outcome"] for line in paid_site.lines()] == ["open"]


def test_an_encrypted_member_gives_nothing(paid_site):
    packed = bytearray(zipped(taken_from(paid_site)))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + flags] |= 1
    put(paid_site, "locked.zip", bytes(packed))
    # The first member, the claim, is locked; the remit is not.
    (line,) = paid_site.lines()
    assert (line["billed_basis"], line["paid_usd"]) == ("remit_only", usd("53.46"))


@pytest.mark.parametrize(
    "broken",
    [b"PK\x03\x04 no archive", b"\x1f\x8b no gzip", gzip.compress(b"ISA" * 999)[:-9]],
    ids=["zip", "gzip", "gzip cut off"],
)
def test_a_damaged_archive_gives_nothing(paid_site, broken):
    before = paid_site.answers()
    put(paid_site, "broken", broken)
    assert paid_site.answers() == before
