"""A raw folder becomes raw tables: each content parsed once, kept, and named for what it holds."""

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pytest
from small_x12 import ACKNOWLEDGEMENT, NAME, REMIT, Style, interchange

from analytics.errors import AnalyticsError
from analytics.intake import batches, contents, received
from analytics.intake.extracts.records import RECORD_TABLES
from analytics.intake.files import RawTables, intake_raw
from analytics.intake.identify import Look
from analytics.intake.raw_tables import FILES, RAW_TABLES, REJECTS, TRANSACTIONS
from analytics.warehouse import durable
from tests.intake.raw_folder import KEY, Intake, files_of, rows_of

CSV = b"colour,size,patient\n1,A1,SYNTHETIC-NAME\n"


def names_of(tables: RawTables) -> dict[str, list[str]]:
    return {name: [path.name for path in paths] for name, paths in tables.tables.items()}


def forbid_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> bytes:
        raise AssertionError("X12 was read again")

    monkeypatch.setattr(contents, "_Content", read)
    monkeypatch.setattr(received, "identify", read)


def test_every_table_is_there_with_all_its_columns_even_when_empty(tmp_path: Path):
    (tmp_path / "raw").mkdir()
    tables = intake_raw(tmp_path / "raw", tmp_path / "store", site_key=KEY)
    every = RAW_TABLES | RECORD_TABLES
    assert set(tables.tables) == set(every)
    for name, schema in every.items():
        assert rows_of(tables, name).schema == schema
        assert rows_of(tables, name).height == 0


def test_files_at_any_depth_are_read_and_listed_by_path(intake: Intake):
    found = files_of(intake())
    assert {name: row["kind"] for name, row in found.items()} == {
        "remit.835": "835",
        "2026/january/claims.837": "837P",
    }


def test_file_row_has_size_time_and_counts(raw: Path, intake: Intake):
    path = raw / "remit.835"
    os.utime(path, (1_767_225_600, 1_767_225_600))
    row = files_of(intake())["remit.835"]
    assert row["bytes"] == path.stat().st_size
    assert row["received_at"] == datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    assert (row["segments"], row["segments_rejected"], row["segments_not_ours"]) == (53, 0, 0)


def test_kind_comes_from_the_content_whatever_the_name(raw: Path, intake: Intake):
    (raw / "remit.835").rename(raw / "holiday.jpg")
    assert files_of(intake())["holiday.jpg"]["kind"] == "835"


def test_gzip_is_unpacked_whatever_the_name_and_offsets_are_those_of_the_unpacked_file(
    raw: Path, intake: Intake
):
    content = interchange(REMIT)
    (raw / "remit.835").write_bytes(gzip.compress(content))
    tables = intake()
    assert files_of(tables)["remit.835"]["kind"] == "835"
    for offset in rows_of(tables, "raw_835__remit_claims")["source_offset"]:
        assert content[offset : offset + 4] == b"CLP*"


def test_damaged_gzip_is_listed_and_the_rest_is_read(raw: Path, intake: Intake):
    (raw / "cut.gz").write_bytes(gzip.compress(interchange(REMIT))[:60])
    tables = intake()
    assert files_of(tables)["cut.gz"]["kind"] == "not_x12"
    assert "damaged or cut off" in tables.problems[0]
    assert rows_of(tables, "raw_835__remit_claims").height == 2


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "empty"),
        (b"Dear practice, thank you.", "no ISA segment in 25 bytes"),
        (b"GS*HC*1~", "segments without an ISA"),
        (b"ISA*00*short~", "sixteen elements"),
        (b"PK\x03\x04rest", "zip archive"),
        ("ISA*00*".encode("utf-16"), "UTF-16"),
        (bytes(range(256)), "no ISA segment"),
    ],
)
def test_file_that_is_not_x12_is_listed_with_what_was_found_and_the_rest_is_read(
    raw: Path, intake: Intake, content: bytes, found: str
):
    (raw / "other").write_bytes(content)
    tables = intake()
    row, reject = files_of(tables)["other"], rows_of(tables, REJECTS).row(0, named=True)
    assert (row["kind"], row["segments"]) == ("not_x12", 0)
    assert found in str(row["reason"])
    assert (reject["piece"], reject["file_sha256"]) == ("file", row["file_sha256"])
    assert [problem.partition(" ")[0] for problem in tables.problems] == ["other"]
    assert rows_of(tables, "raw_835__remit_claims").height == 2


def test_table_that_is_no_extract_is_known_by_its_header_and_listed(raw: Path, intake: Intake):
    (raw / "administrations.csv").write_bytes(CSV)
    tables = intake()
    row = files_of(tables)["administrations.csv"]
    assert (row["kind"], row["segments"], row["segments_rejected"]) == ("csv_extract", 1, 1)
    assert "a table with none of the columns of claim_lines" in str(row["reason"])
    assert rows_of(tables, REJECTS)["piece"].to_list() == ["file"]
    assert tables.problems == [f"administrations.csv was not used: {row['reason']}"]


def test_hidden_files_and_readmes_are_no_files_of_the_site(raw: Path, intake: Intake):
    for name in (".gitkeep", ".DS_Store", "README.md", "README"):
        (raw / name).write_text("a note")
    (raw / ".git").mkdir()
    (raw / ".git" / "config").write_text("a note")
    assert set(files_of(intake())) == {"remit.835", "2026/january/claims.837"}


def test_link_out_of_the_raw_folder_is_refused_with_a_sentence(
    raw: Path, intake: Intake, tmp_path: Path
):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.835").write_bytes(interchange(REMIT, REMIT))
    (raw / "file.835").symlink_to(tmp_path / "outside" / "secret.835")
    (raw / "folder").symlink_to(tmp_path / "outside")
    (raw / "nothing.835").symlink_to(raw / "gone.835")
    (raw / "round").symlink_to(raw / "round")
    (raw / "within.835").symlink_to(raw / "remit.835")
    (raw / "years").symlink_to(raw / "2026")
    tables = intake()
    assert set(files_of(tables)) == {"remit.835", "2026/january/claims.837", "within.835"}
    assert [problem.split(" is refused")[0] for problem in sorted(tables.problems)] == [
        "file.835",
        "folder",
        "nothing.835",
        "round",
    ]


def test_pipe_in_the_raw_folder_is_refused_and_never_waited_for(raw: Path, intake: Intake):
    os.mkfifo(raw / "pipe.835")
    assert "pipe.835 is refused: it is neither a file nor a folder" in intake().problems[0]


def test_names_that_are_not_utf_8_stay_apart(raw: Path, intake: Intake):
    for name in (b"caf\xe9.835", b"caf\xe8.835"):
        Path(os.fsdecode(os.fsencode(raw) + b"/" + name)).write_bytes(interchange(REMIT))
    assert {"caf\\xe9.835", "caf\\xe8.835"} <= set(files_of(intake()))


def test_second_call_with_nothing_new_reads_no_x12_and_names_the_same_files(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    first = intake()
    index = (tmp_path / "store" / received.INDEX).stat().st_mtime_ns
    forbid_parsing(monkeypatch)
    assert intake() == first
    assert (tmp_path / "store" / received.INDEX).stat().st_mtime_ns == index


def test_same_files_have_the_same_names_whatever_their_order_and_paths(
    raw: Path, intake: Intake, tmp_path: Path
):
    first = names_of(intake())
    (raw / "remit.835").rename(raw / "2026" / "zz.835")
    moved = names_of(intake(store=tmp_path / "other"))
    assert {k: v for k, v in moved.items() if k != FILES} == {
        k: v for k, v in first.items() if k != FILES
    }
    assert moved[FILES] != first[FILES]


def test_files_that_came_one_by_one_have_the_names_of_files_that_came_at_once(
    raw: Path, intake: Intake, tmp_path: Path
):
    intake()
    for day in range(10, 15):
        style = Style(isa={9: f"2601{day}"})
        (raw / f"{day}.835").write_bytes(interchange(REMIT, style=style))
        last = intake()
    assert names_of(last) == names_of(intake(store=tmp_path / "fresh"))


def test_file_that_is_gone_leaves_no_rows(raw: Path, intake: Intake):
    intake()
    (raw / "remit.835").unlink()
    tables = intake()
    assert rows_of(tables, "raw_835__remit_claims").height == 0
    assert rows_of(tables, "raw_837__claims").height == 2
    assert rows_of(tables, TRANSACTIONS).height == 1


def test_file_that_changed_has_its_new_rows_only(raw: Path, intake: Intake):
    intake()
    (raw / "remit.835").write_bytes(interchange(REMIT.replace("CLP*A1", "CLP*B1")))
    claims = rows_of(intake(), "raw_835__remit_claims")
    assert claims["claim_number"].to_list() == ["B1", "A2"]


def test_file_written_over_with_the_size_and_time_of_the_last_is_read_again(
    raw: Path, intake: Intake
):
    # An archive tool gives what it unpacks the time it was packed with.
    path = raw / "remit.835"
    os.utime(path, (0, 0))
    intake()
    path.write_bytes(interchange(REMIT.replace("CLP*A1", "CLP*B1")))
    os.utime(path, (0, 0))
    claims = rows_of(intake(), "raw_835__remit_claims")
    assert claims["claim_number"].to_list() == ["B1", "A2"]


def test_file_received_twice_is_parsed_once_and_listed_twice(raw: Path, intake: Intake):
    (raw / "again.835").write_bytes(interchange(REMIT))
    tables = intake()
    found = files_of(tables)
    assert found["again.835"]["file_sha256"] == found["remit.835"]["file_sha256"]
    assert found["again.835"]["segments"] == found["remit.835"]["segments"]
    assert rows_of(tables, "raw_835__remit_claims").height == 2


def test_other_key_of_the_site_gives_other_files_and_patients(intake: Intake):
    ours, other = intake(), intake(site_key=b"another key")
    assert names_of(ours)["raw_837__claims"] != names_of(other)["raw_837__claims"]
    keys = [set(rows_of(tables, "raw_837__claims")["patient_key"]) for tables in (ours, other)]
    assert keys[0] & keys[1] == set()


def test_mended_reader_reads_everything_again(intake: Intake, monkeypatch: pytest.MonkeyPatch):
    before = names_of(intake())
    monkeypatch.setattr(batches, "INTAKE_VERSION", "next")
    assert set(names_of(intake())["raw_837__claims"]) & set(before["raw_837__claims"]) == set()


def test_batch_whose_files_were_deleted_is_parsed_again(intake: Intake):
    first = intake()
    for path in first.tables["raw_837__claims"]:
        path.unlink()
    assert rows_of(intake(), "raw_837__claims").height == 2


def test_intake_killed_while_writing_starts_over_and_ends_the_same(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    expected = names_of(intake(store=tmp_path / "whole"))
    finish = durable.put_in_place
    calls = []

    def die_at_the_third(draft: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) == 3:
            raise KeyboardInterrupt
        finish(draft, target)

    with monkeypatch.context() as patched:
        patched.setattr(durable, "put_in_place", die_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            intake()
    after = intake()
    assert names_of(after) == expected
    assert rows_of(after, "raw_835__remit_lines").height == 2


def test_file_that_changes_while_it_is_read_is_left_for_the_next_refresh(
    raw: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
):
    class Growing(contents._Content):
        def __init__(self, file: contents.ReceivedFile, handle: BinaryIO) -> None:
            if file.source_file == "remit.835" and not grown:
                grown.append(file)
                with file.path.open("ab") as appended:
                    appended.write(interchange(REMIT))
            super().__init__(file, handle)

    grown: list[contents.ReceivedFile] = []
    monkeypatch.setattr(contents, "_Content", Growing)
    tables = intake()
    assert "remit.835" in tables.problems[0]
    assert set(files_of(tables)) == {"2026/january/claims.837"}
    assert rows_of(intake(), "raw_835__remit_claims").height == 4


def test_file_that_fails_half_way_is_left_for_the_next_refresh(
    raw: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
):
    class Failing(contents._Content):
        reads = 0

        def readinto(self, buffer: memoryview) -> int:
            # A first piece comes; only the parser, long after the file was opened, sees it end.
            self.reads += 1
            if self._file.source_file == "remit.835" and self.reads > 1:
                raise received.UnreadableFileError("Input/output error; refresh again")
            return super().readinto(buffer[:100])

    with monkeypatch.context() as patched:
        patched.setattr(contents, "_Content", Failing)
        tables = intake()
    assert any("remit.835 could not be read" in problem for problem in tables.problems)
    assert set(files_of(tables)) == {"2026/january/claims.837"}
    assert rows_of(intake(), "raw_835__remit_claims").height == 2


def test_file_nobody_may_read_is_a_problem_and_the_rest_is_read(
    raw: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
):
    identify = received.identify

    def refuse(handle: BinaryIO) -> Look:
        if handle.name.endswith("remit.835"):
            raise PermissionError(13, "Permission denied", handle.name)
        return identify(handle)

    monkeypatch.setattr(received, "identify", refuse)
    tables = intake()
    assert "may not read it" in tables.problems[0]
    assert rows_of(tables, "raw_837__claims").height == 2


def test_folder_nobody_may_look_into_stops_the_refresh(
    raw: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
):
    look = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("january"):
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(AnalyticsError, match="the folder raw/2026/january could not be read"):
        intake()


def test_file_cut_off_is_a_problem_that_says_to_ask_again(raw: Path, intake: Intake):
    content = interchange(REMIT)
    (raw / "remit.835").write_bytes(content[: content.index(b"SE*49")])
    [problem] = intake().problems
    assert problem.startswith("remit.835: 1 transaction has no SE")
    assert "ask the sender for the file again" in problem


def test_full_disk_while_parsing_is_an_error_of_the_disk_and_leaves_no_draft(
    intake: Intake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    def full(draft: Path, _: Path) -> None:
        raise OSError(28, "No space left on device", str(draft))

    with monkeypatch.context() as patched:
        patched.setattr(durable, "put_in_place", full)
        with pytest.raises(OSError, match="No space left"):
            intake()
    assert list((tmp_path / "store").glob("*.draft")) == []
    assert intake().problems == []


def test_index_that_is_damaged_is_made_again(intake: Intake, tmp_path: Path):
    first = intake()
    (tmp_path / "store" / received.INDEX).write_text("{half")
    assert intake() == first


def test_progress_tells_step_place_and_number_of_steps(intake: Intake):
    told: list[tuple[str, int, int]] = []
    intake(progress=lambda *step: told.append(step))
    assert told == [("finding files", 2, 2), ("parsing batches", 1, 1)]


def test_batches_hold_eight_to_sixteen_megabytes_and_a_new_file_changes_few_of_them():
    files = [a_file(number) for number in range(2000)]
    before = batches.group_files(files)
    after = batches.group_files([*files, a_file(2000)])
    kept = [group for group in after if group in before]
    assert max(sum(file.weight for file in group) for group in before) <= 16 << 20
    assert len(before) > 5
    assert len(after) - len(kept) <= 2


def a_file(number: int) -> received.ReceivedFile:
    sha256 = f"{number * 7919 % 4096:03x}{number:061x}"
    date = f"{2601 + number // 200}{number % 28:02d}"
    return received.ReceivedFile(f"{number}", Path(f"{number}"), 40_000, 0, 40_000, sha256, date)


def test_acknowledgements_are_counted_and_no_problem(raw: Path, intake: Intake):
    (raw / "ack.999").write_bytes(interchange(ACKNOWLEDGEMENT))
    tables = intake()
    assert files_of(tables)["ack.999"]["kind"] == "x12_other"
    assert tables.problems == []


def test_no_name_or_address_is_in_any_file_that_intake_writes(
    raw: Path, intake: Intake, tmp_path: Path
):
    (raw / "stray.835").write_bytes(f"{NAME}*{NAME}~".encode().join([interchange(REMIT)] * 2))
    (raw / "note.txt").write_bytes(f"{NAME} came in".encode())
    (raw / "latin.835").write_bytes(interchange(REMIT).replace(b"BIRCH HEALTH", b"CAF\xc9"))
    tables = intake()
    for name in RAW_TABLES:
        rows = rows_of(tables, name)
        texts = rows.select(pl.col(pl.String).str.contains(NAME).any())
        assert not any(texts.row(0)), name
    for path in (tmp_path / "store").iterdir():
        assert NAME.encode() not in path.read_bytes()
    assert not any(NAME in problem for problem in tables.problems)
