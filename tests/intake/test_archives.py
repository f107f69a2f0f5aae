"""A packed file is the file it was before: members of a zip, gzip, and what neither can hold."""

import gzip
import hashlib
import io
import os
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_x12 import CLAIMS, NAME, REMIT, interchange

from analytics.intake import archives, contents, received
from analytics.intake.contents import (
    DamagedFileError,
    ReceivedFile,
    UnreadableFileError,
    open_content,
)
from analytics.intake.files import intake_raw
from analytics.intake.raw_tables import FILES, REJECTS
from analytics.intake.received import find_files
from tests.intake.raw_folder import KEY, Intake, files_of, rows_of

REMITS, SENT = interchange(REMIT), interchange(CLAIMS)
OTHER = interchange(REMIT.replace("CLP*A1", "CLP*B1"))
CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED):
    """An archive of these members, whatever their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def with_flags(packed: bytes, flags: int) -> bytes:
    """The archive with these flags on its first member."""
    changed = bytearray(packed)
    for mark, place in ((LOCAL, 6), (CENTRAL, 8)):
        changed[packed.index(mark) + place] |= flags
    return bytes(changed)


def with_method(packed: bytes, method: int) -> bytes:
    """The archive with its first member said to be packed by this method."""
    changed = bytearray(packed)
    for mark, place in ((LOCAL, 8), (CENTRAL, 10)):
        struct.pack_into("<H", changed, packed.index(mark) + place, method)
    return bytes(changed)


def with_a_byte_turned(packed: bytes) -> bytes:
    """The archive with one of the last packed bytes of its last member another."""
    changed = bytearray(packed)
    changed[packed.index(CENTRAL) - 3] ^= 0xFF
    return bytes(changed)


def link(name: str) -> zipfile.ZipInfo:
    """A member that is a link."""
    member = zipfile.ZipInfo(name)
    member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return member


def folder(name: str) -> zipfile.ZipInfo:
    """A member that is a folder."""
    return zipfile.ZipInfo(f"{name}/")


@pytest.fixture
def drop(raw: Path) -> Callable[..., Path]:
    """Puts a file into the raw folder."""

    def put(content: bytes, name: str = "drop.zip") -> Path:
        (raw / name).write_bytes(content)
        return raw / name

    return put


def test_member_is_a_file_of_its_own_by_its_path_in_the_archive(raw: Path, intake: Intake, drop):
    path = drop(zipped(("2026/a.835", OTHER), ("b", SENT), ("note.txt", b"a note")))
    os.utime(path, (1_767_225_600, 1_767_225_600))
    found = files_of(intake())
    assert {name: row["kind"] for name, row in found.items() if "zip" in name} == {
        "drop.zip/2026/a.835": "835",
        "drop.zip/b": "837P",
        "drop.zip/note.txt": "not_x12",
    }
    member = found["drop.zip/2026/a.835"]
    assert (member["bytes"], member["file_sha256"]) == (len(OTHER), sha256_of(OTHER))
    assert member["received_at"] == datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_offsets_are_those_of_the_unpacked_member(raw: Path, intake: Intake, drop):
    drop(zipped(("first.835", SENT), ("second.835", OTHER)))
    (raw / "remit.835").unlink()
    rows = rows_of(intake(), "raw_835__remit_claims")
    assert rows.height == 2
    for offset in rows["source_offset"]:
        assert OTHER[offset : offset + 4] == b"CLP*"


def test_zip_is_known_by_its_content_and_never_by_its_name(raw: Path, intake: Intake, drop):
    drop(zipped(("a.835", OTHER)), name="holiday.jpg")
    drop(SENT, name="claims.zip")
    found = files_of(intake())
    assert found["holiday.jpg/a.835"]["kind"] == "835"
    assert found["claims.zip"]["kind"] == "837P"


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped(("a.835", content))])
def test_packed_copy_of_a_file_has_its_sha256_and_adds_no_row(
    raw: Path, intake: Intake, drop, pack: Callable[[bytes], bytes]
):
    before = intake()
    drop(pack(REMITS), name="copy")
    after = intake()
    [copy] = {name for name in files_of(after) if name.startswith("copy")}
    for cell in ("file_sha256", "bytes", "kind", "segments"):
        assert files_of(after)[copy][cell] == files_of(after)["remit.835"][cell]
    assert after.tables["raw_835__remit_claims"] == before.tables["raw_835__remit_claims"]


def test_names_that_lead_out_stay_below_the_archive_and_what_is_no_file_is_left_out(
    raw: Path, intake: Intake, drop
):
    names = ["/etc/a.835", "../../b.835", "C:\\export\\c.835", "d//./e.835", "C:f.835"]
    ignored = [".hidden", "__MACOSX/._a.835", "x/.git/config", "x/README.md", "README"]
    members = [(name, interchange(REMIT.replace("A1", f"N{at}"))) for at, name in enumerate(names)]
    members += [(name, b"a note") for name in ignored]
    drop(zipped(*members, (folder("empty"), b""), ("deep\\", b"")))
    assert {name for name in files_of(intake()) if "zip" in name} == {
        "drop.zip/etc/a.835",
        "drop.zip/b.835",
        "drop.zip/export/c.835",
        "drop.zip/d/e.835",
        "drop.zip/C:f.835",
    }


def refused_members() -> dict[str, tuple[bytes, str]]:
    """Archives whose member `a` is not read, with what is said about it; `z` is read."""
    whole = zipped(("a", OTHER), ("z", SENT))
    stored = zipped(("z", SENT), ("a", OTHER), method=zipfile.ZIP_STORED)
    return {
        "encrypted": (with_flags(whole, 1), "packed with a password"),
        "AES": (with_method(whole, 99), "packed with a password"),
        "bzip2": (with_method(whole, zipfile.ZIP_BZIP2), "packed by bzip2"),
        "deflate64": (with_method(whole, 9), "packed by deflate64"),
        "unknown method": (with_method(whole, 77), "packed by method 77"),
        "deflate": (with_a_byte_turned(zipped(("z", SENT), ("a", OTHER))), "is damaged"),
        "crc": (with_a_byte_turned(stored), "is damaged"),
        "link": (zipped((link("a"), b"../z"), ("z", SENT)), "a link or a device"),
        "zip in zip": (zipped(("a", zipped(("b", OTHER))), ("z", SENT)), "unpack it into the raw"),
        "gz cut off": (zipped(("a", gzip.compress(OTHER)[:-9]), ("z", SENT)), "is damaged"),
        "zip in gz": (
            zipped(("a", gzip.compress(zipped(("b", OTHER)))), ("z", SENT)),
            "unpack it into the raw folder",
        ),
        "two of a name": (two_of_a_name(OTHER, REMITS), "holds 2 files of this name"),
    }


def two_of_a_name(first: bytes, second: bytes) -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped(("a", first), ("a", second), ("z", SENT))


@pytest.mark.parametrize("case", refused_members())
def test_member_that_cannot_be_read_is_listed_with_its_sentence_and_the_rest_is_read(
    raw: Path, intake: Intake, drop, case: str
):
    packed, said = refused_members()[case]
    before = rows_of(intake(), "raw_835__remit_claims")
    drop(packed)
    tables = intake()
    found = files_of(tables)
    row = found["drop.zip/a"]
    assert (row["kind"], row["segments"]) == ("not_x12", 0)
    assert said in str(row["reason"])
    assert found["drop.zip/z"]["kind"] == "837P"
    assert tables.problems == [f"drop.zip/a was not used: {row['reason']}"]
    assert rows_of(tables, REJECTS)["file_sha256"].to_list() == [row["file_sha256"]]
    assert rows_of(tables, "raw_835__remit_claims").equals(before)


def refused_archives() -> dict[str, tuple[bytes, str]]:
    """Archives of which nothing is read, and what is said about them."""
    whole = zipped(("a.835", OTHER), ("b.835", REMITS))
    end = whole.index(b"PK\x05\x06")
    outside = bytearray(whole)
    struct.pack_into("<I", outside, whole.index(CENTRAL) + 20, 1 << 30)
    sheet = zipped(("[Content_Types].xml", b""), ("xl/workbook.xml", OTHER))
    return {
        "no directory": (whole[: whole.index(CENTRAL)], "damaged, cut off, or one part"),
        "directory cut off": (whole[: end + 9], "damaged, cut off, or one part"),
        "one part of several": (b"PK\x07\x08" + whole[:80], "damaged, cut off, or one part"),
        "no zip after all": (LOCAL + REMITS, "damaged, cut off, or one part"),
        "member larger than its archive": (bytes(outside), "damaged, cut off, or one part"),
        "empty": (zipped(), "holds no file"),
        "nothing but hidden": (zipped(("__MACOSX/._a", b"x"), (folder("b"), b"")), "holds no file"),
        "workbook": (sheet, "an Excel workbook; save the sheet as CSV"),
        "Word": (zipped(("[Content_Types].xml", b""), ("word/document.xml", b"")), "a Word"),
        "sheet": (
            zipped(("META-INF/manifest.xml", b""), ("content.xml", OTHER)),
            "an OpenDocument file",
        ),
    }


@pytest.mark.parametrize("case", refused_archives())
def test_archive_that_cannot_be_read_is_one_file_with_its_sentence_and_the_rest_is_read(
    raw: Path, intake: Intake, drop, case: str
):
    packed, said = refused_archives()[case]
    before = rows_of(intake(), "raw_835__remit_claims")
    drop(packed)
    tables = intake()
    [(name, row)] = [item for item in files_of(tables).items() if item[0].startswith("drop")]
    assert (name, row["kind"], row["bytes"]) == ("drop.zip", "not_x12", len(packed))
    assert row["file_sha256"] == sha256_of(packed)
    assert said in str(row["reason"])
    assert tables.problems == [f"drop.zip was not used: {row['reason']}"]
    assert rows_of(tables, "raw_835__remit_claims").equals(before)


def test_member_named_twice_with_one_content_is_one_file(raw: Path, intake: Intake, drop):
    drop(two_of_a_name(OTHER, OTHER))
    tables = intake()
    assert tables.problems == []
    assert rows_of(tables, "raw_835__remit_claims").height == 4


def test_locked_members_of_two_deliveries_are_told_apart_and_known_again(
    raw: Path, intake: Intake, drop
):
    locked = with_flags(zipped(("a", OTHER), ("b", SENT)), 1)
    drop(locked)
    drop(locked, name="again.zip")
    drop(with_flags(zipped(("a", REMITS)), 1), name="other.zip")
    found = files_of(intake())
    first, again, other = (found[f"{name}.zip/a"] for name in ("drop", "again", "other"))
    assert first["file_sha256"] == again["file_sha256"] != other["file_sha256"]


def test_archive_that_is_unchanged_is_not_read_again(
    raw: Path, intake: Intake, drop, monkeypatch: pytest.MonkeyPatch
):
    drop(zipped(("a.835", OTHER), ("locked", b"x")))
    drop(refused_archives()["empty"][0], name="empty.zip")
    drop(gzip.compress(OTHER)[:-9], name="cut.gz")
    first = intake()

    def read(*_: object) -> None:
        raise AssertionError("it was read again")

    monkeypatch.setattr(received, "identify", read)
    monkeypatch.setattr(contents, "_Content", read)
    assert intake() == first


def test_archive_that_changed_has_its_new_members_only(raw: Path, intake: Intake, drop):
    drop(zipped(("old.835", OTHER)))
    intake()
    drop(zipped(("new.835", OTHER), ("more.837", SENT)))
    assert {name for name in files_of(intake()) if "zip" in name} == {
        "drop.zip/new.835",
        "drop.zip/more.837",
    }


def test_archive_that_changes_while_it_is_read_is_left_whole_for_the_next_refresh(
    raw: Path, intake: Intake, drop, monkeypatch: pytest.MonkeyPatch
):
    path = drop(zipped(("a.835", OTHER), ("b.837", SENT), ("c.txt", b"a note")))

    def find_and_change(*given: object) -> tuple[list[ReceivedFile], list[str]]:
        found = find_files(*given)
        path.write_bytes(zipped(("a.835", REMITS)))
        return found

    monkeypatch.setattr("analytics.intake.files.find_files", find_and_change)
    tables = intake()
    assert set(files_of(tables)) == {"remit.835", "2026/january/claims.837"}
    [problem] = tables.problems
    assert problem.startswith("drop.zip/")
    assert "changed while it was read" in problem
    assert problem.endswith("; left out with it: 2 more of that archive")


def test_no_name_of_a_patient_is_in_a_sentence_about_an_archive(raw: Path, intake: Intake, drop):
    drop(zipped(("a", f"{NAME} came in".encode()), ("b", gzip.compress(NAME.encode())[:-3])))
    tables = intake()
    assert len(tables.problems) == 2
    assert not any(NAME in problem for problem in tables.problems)


def test_public_samples_are_the_same_tables_plain_and_in_one_archive(shared: Path, tmp_path: Path):
    samples = sorted(path for path in (shared / "x12").rglob("*.*") if path.is_file())
    for how in ("plain", "zip"):
        (tmp_path / how).mkdir()
    for number, path in enumerate(samples):
        (tmp_path / "plain" / f"{number}").write_bytes(path.read_bytes())
    members = [(f"{number}", path.read_bytes()) for number, path in enumerate(samples)]
    (tmp_path / "zip" / "all.zip").write_bytes(zipped(*members))
    plain, packed = (
        intake_raw(tmp_path / how, tmp_path / f"{how} store", site_key=KEY)
        for how in ("plain", "zip")
    )
    names = [
        {table: [path.name for path in paths] for table, paths in found.tables.items()}
        for found in (plain, packed)
    ]
    # The name of a Parquet file stands for its content.
    assert names[0].pop(FILES) != names[1].pop(FILES)
    assert names[0] == names[1]
    assert {f"all.zip/{name}" for name in files_of(plain)} == set(files_of(packed))


# what would fill the memory or the disk


def test_gzip_that_unpacks_to_absurd_size_is_refused_before_it_is_unpacked(
    raw: Path, intake: Intake, drop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 20)
    drop(gzip.compress(bytes(64 << 20)), name="bomb.gz")
    tracemalloc.start()
    tables = intake()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "more than 500 times its packed size" in files_of(tables)["bomb.gz"]["reason"]
    assert peak < 32 << 20


@pytest.mark.parametrize(
    ("packed", "refused"),
    [
        (zipped(("a", bytes(3 << 20)), ("z", os.urandom(9000))), "drop.zip/a"),
        (zipped(("a", bytes(3 << 20)), ("b", bytes(3 << 20))), "drop.zip"),
        (zipped(("a", gzip.compress(bytes(3 << 20)))), "drop.zip/a"),
    ],
    ids=["a member", "the whole archive", "a gzip in an archive"],
)
def test_archive_that_unpacks_to_absurd_size_is_refused(
    raw: Path, intake: Intake, drop, monkeypatch: pytest.MonkeyPatch, packed: bytes, refused: str
):
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 20)
    drop(packed)
    assert "more than 500 times its packed size" in files_of(intake())[refused]["reason"]


def test_remits_that_repeat_themselves_are_not_taken_for_harm(
    raw: Path, intake: Intake, drop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 20)
    content = REMITS * 1000
    drop(gzip.compress(content), name="copy.gz")
    assert len(content) > 1 << 20
    assert files_of(intake())["copy.gz"]["kind"] == "835"


# the stream of a file's bytes

PACKED = {
    "plain": REMITS * 40,
    "gzip": gzip.compress(REMITS * 40),
    "gzip of many members": b"".join(gzip.compress(REMITS) for _ in range(40)) + bytes(20),
    "zip": zipped(("a", REMITS * 40)),
    "zip that stores": zipped(("a", REMITS * 40), method=zipfile.ZIP_STORED),
    "gzip in a zip": zipped(("a", gzip.compress(REMITS * 40))),
    "zip behind other bytes": zipped(("other", SENT), ("a", REMITS * 40)),
}


def found_in(raw: Path, store: Path, packed: bytes) -> ReceivedFile:
    """The file of the forty remits among those found."""
    (raw / "packed").write_bytes(packed)
    files, problems = find_files(raw, store)
    assert problems == []
    return next(file for file in files if file.source_file in ("packed", "packed/a"))


@pytest.mark.parametrize("size", [1, 1000, 1 << 24])
@pytest.mark.parametrize("how", PACKED)
def test_stream_gives_every_byte_in_pieces_of_the_size_asked_for(
    raw: Path, tmp_path: Path, how: str, size: int
):
    file = found_in(raw, tmp_path, PACKED[how])
    with open_content(file) as content:
        pieces = list(iter(lambda: content.read(size), b""))
    assert b"".join(pieces) == REMITS * 40
    assert {len(piece) for piece in pieces[:-1]} <= {size}
    assert (file.bytes, file.sha256) == (len(REMITS * 40), sha256_of(REMITS * 40))
    assert (file.weight, file.interchange_date) == (file.bytes, "260116")


@pytest.mark.parametrize("how", PACKED)
def test_stream_of_a_file_that_changes_while_it_is_read_is_refused_at_its_end(
    raw: Path, tmp_path: Path, how: str
):
    file = found_in(raw, tmp_path, PACKED[how])
    with open_content(file) as content:
        content.read(10)
        os.utime(file.path, ns=(0, 0))
        with pytest.raises(UnreadableFileError, match="changed while it was read"):
            content.read()


@pytest.mark.parametrize("how", ["gzip", "zip"])
def test_stream_that_breaks_since_the_file_was_written_over_says_that_it_changed(
    raw: Path, tmp_path: Path, how: str
):
    file = found_in(raw, tmp_path, PACKED[how])
    with open_content(file) as content:
        file.path.write_bytes(PACKED[how][:200])
        with pytest.raises(UnreadableFileError, match="changed while it was read"):
            content.read()


@pytest.mark.parametrize("how", ["gzip", "zip"])
def test_stream_that_breaks_though_nobody_changed_the_file_is_damaged(
    raw: Path, tmp_path: Path, how: str
):
    file = found_in(raw, tmp_path, PACKED[how])
    packed = bytearray(PACKED[how])
    packed[120:140] = bytes(20)
    file.path.write_bytes(packed)
    os.utime(file.path, ns=(file.modified_ns, file.modified_ns))
    with pytest.raises(DamagedFileError, match="is damaged"), open_content(file) as content:
        content.read()


def test_file_that_is_gone_has_no_stream(raw: Path, tmp_path: Path):
    file = found_in(raw, tmp_path, REMITS)
    file.path.unlink()
    with pytest.raises(UnreadableFileError, match="No such file"):
        open_content(file)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    how=st.sampled_from(sorted(PACKED)),
    place=st.integers(0, 1 << 20),
    more=st.binary(min_size=1, max_size=6),
    cut=st.booleans(),
)
def test_packed_file_hurt_anywhere_is_read_as_it_was_found_or_has_a_sentence(
    raw: Path, tmp_path: Path, how: str, place: int, more: bytes, cut: bool
):
    packed = PACKED[how]
    at = place % len(packed)
    (raw / "packed").write_bytes(packed[:at] + more + (b"" if cut else packed[at + len(more) :]))
    files, problems = find_files(raw, tmp_path)
    hurt = [file for file in files if file.source_file.startswith("packed")]
    assert hurt
    assert problems == []
    for file in hurt:
        if file.refused is None:
            with open_content(file) as content:
                assert sha256_of(content.read()) == file.sha256
        else:
            assert file.refused.startswith("not read: ")
