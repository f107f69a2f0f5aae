"""Hazards of envelopes, delimiters and whole files: each small file has just these rows."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.intake.files import intake_raw
from tests.intake.hazards import CLAIM, FIXTURES, PLAIN, REMIT, RETOLD, rows, what_is_said
from tests.intake.parsed_together import FileRows, rows_together
from tests.intake.raw_folder import KEY, files_of, rows_of
from tests.intake.row_differences import differences, plain_reading
from tests.small_x12 import interchange

DAY = date(2026, 1, 10)
REMITS, CLAIMS, LINES = "raw_835__remits", "raw_837__claims", "raw_837__claim_lines"
REMIT_CLAIMS, REMIT_LINES = "raw_835__remit_claims", "raw_835__remit_lines"
FILES, TRANSACTIONS, REJECTS = "raw_x12__files", "raw_x12__transactions", "raw_x12__rejects"


def test_told_file_says_what_it_says():
    assert rows("told", REMITS, "payment_amount_usd payment_date payer_name payer_code") == [
        (Decimal("95.5"), date(2026, 1, 20), "BIRCH HEALTH", "84980")
    ]
    claim = "claim_number status_code charge_usd paid_usd patient_responsibility_usd"
    assert rows("told", REMIT_CLAIMS, f"{claim} filing_code payer_control_number") == [
        ("A1", "1", 200, 100, 20, "CI", "ICN1")
    ]
    line = "hcpcs modifiers charge_usd paid_usd paid_units service_date line_control_number"
    assert rows("told", REMIT_LINES, line) == [("J9177", "JW", 200, 100, 40, DAY, "L1")]
    cut = "remit_line_number group_code reason_code adjustment_usd quantity"
    assert rows("told", "raw_835__adjustments", cut) == [
        (1, "CO", "45", 80, None),
        (1, "PR", "2", 20, None),
    ]
    taken = "reason_code reference_id adjustment_usd"
    assert rows("told", "raw_835__provider_adjustments", taken) == [("WO", "ICN0", Decimal("4.5"))]
    assert rows("told", CLAIMS, "claim_number charge_usd payer_rank payer_name payer_code") == [
        ("A1", 200, "primary", "BIRCH HEALTH", "84980")
    ]
    billed = "line_number hcpcs modifiers charge_usd units service_date line_control_number"
    assert rows("told", LINES, billed) == [(1, "J9177", "JW", 200, 40, DAY, "L1")]
    assert rows("told", REJECTS) == []


@pytest.mark.parametrize("way", RETOLD)
def test_retold_file_says_the_same(way: str):
    assert what_is_said(way) == what_is_said("told")


def test_delimiters_are_read_again_at_every_isa():
    hazard = "two interchanges, two sets of delimiters"
    claims = rows(hazard, REMIT_CLAIMS, "transaction_number claim_number paid_usd")
    assert claims == [(1, "A1", 100), (2, "A2", 100), (3, "A3", 100)]
    assert rows(hazard, REMIT_LINES, "hcpcs modifiers") == [("J9177", "JW")] * 3
    assert rows(hazard, TRANSACTIONS, "segments se_count_agrees") == [(14, True)] * 3


def test_isa_within_a_name_starts_no_interchange():
    hazard = "ISA within a name"
    assert rows(hazard, FILES, "segments segments_rejected") == [(18, 0)]
    assert rows(hazard, REMIT_LINES, "hcpcs paid_usd") == [("J9177", 100)]


@pytest.mark.parametrize(
    ("hazard", "kind", "segments"),
    [
        ("no ISA, from GS", "mixed", 33),
        ("no ISA, from ST", "835", 14),
        ("no ISA, on lines", "835", 17),
    ],
)
def test_file_without_isa_is_read_by_its_own_separators(hazard: str, kind: str, segments: int):
    counts = "kind segments segments_rejected segments_not_ours"
    assert rows(hazard, FILES, counts)[0][:3] == (kind, segments, 0)
    money = "claim_number charge_usd paid_usd patient_responsibility_usd"
    assert rows(hazard, REMIT_CLAIMS, money) == [("A1", 200, 100, 20)]
    assert rows(hazard, REMIT_LINES, "hcpcs modifiers paid_usd") == [("J9177", "JW", 100)]
    assert set(rows(hazard, TRANSACTIONS, "isa_control usage_indicator")) == {(None, None)}
    assert "ISA" in rows(hazard, FILES, "reason")[0][0]


def test_file_whose_isa_cannot_be_read_is_refused_with_its_reason():
    hazard = "ISA that cannot be read"
    [(kind, segments, reason)] = rows(hazard, FILES, "kind segments reason")
    assert (kind, segments) == ("not_x12", 0)
    assert "sixteen elements" in reason
    assert rows(hazard, REJECTS, "piece segments source_offset") == [("file", 0, 0)]


def test_text_before_the_isa_is_told_and_the_rest_is_read():
    hazard = "text before the ISA"
    assert rows(hazard, REJECTS, "piece segments source_offset") == [("segment", 0, 0)]
    assert rows(hazard, FILES, "segments") == rows("told", FILES, "segments")
    assert rows(hazard, REMIT_CLAIMS, "claim_number paid_usd") == [("A1", 100)]


def test_segment_ids_in_lower_case_are_counted_and_told():
    hazard = "lower-case ids"
    counts = "segments segments_rejected segments_not_ours"
    assert rows(hazard, FILES, counts) == [(34, 33, 1)]
    assert rows(hazard, REJECTS, "piece segment_id segments") == [("segment", None, 33)]


def test_4010_is_read_beside_5010():
    hazard = "4010 beside 5010"
    assert rows(hazard, TRANSACTIONS, "transaction_type version") == [
        ("835", "004010X091A1"),
        ("835", "005010X221A1"),
    ]
    lines = rows(hazard, REMIT_LINES, "transaction_number hcpcs modifiers paid_usd")
    assert lines == [(1, "J9177", "JW", 100), (2, "J9177", "JW", 100)]


def test_4010_claims_have_the_rows_of_5010():
    hazard = "4010 claims"
    version = "transaction_type version"
    assert rows(hazard, TRANSACTIONS, version) == [("837P", "004010X098A1")]
    for table in (CLAIMS, LINES):
        without_place = [row[2:-1] for row in rows(hazard, table)]
        assert without_place == [row[2:-1] for row in rows("told", table)]


def test_cp1252_is_read_and_changes_no_other_file():
    assert FIXTURES["cp1252"] != FIXTURES["UTF-8"]
    for hazard in ("cp1252", "UTF-8"):
        assert rows(hazard, REMITS, "payer_name") == [("CAFÉ SANTÉ €",)]
    said, expected = what_is_said("cp1252"), what_is_said("UTF-8")
    assert said == expected
    offsets = [offset for (offset,) in rows("cp1252", REMIT_LINES, "source_offset")]
    assert [FIXTURES["cp1252"][offset : offset + 4] for offset in offsets] == [b"SVC*"]


@pytest.mark.parametrize("packing", ["gzip", "zip"])
def test_packed_file_has_the_rows_of_the_file_in_it(tmp_path: Path, packing: str):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "packed").write_bytes(_packed(packing))
    tables = intake_raw(tmp_path / "raw", tmp_path / "store", site_key=KEY)
    [row] = files_of(tables).values()
    assert (row["kind"], row["segments"], row["segments_rejected"]) == ("mixed", 34, 0)
    for table in (REMIT_CLAIMS, REMIT_LINES, "raw_835__adjustments", LINES):
        found = rows_of(tables, table).drop("file_sha256", "patient_key", strict=False)
        known = " ".join(found.columns)
        assert found.rows() == rows("told", table, known), table


def test_remits_and_claims_in_one_file_are_both_read():
    hazard = "remits and claims in one"
    assert rows(hazard, FILES, "kind segments segments_rejected") == [("mixed", 34, 0)]
    assert rows(hazard, TRANSACTIONS, "transaction_type") == [("835",), ("837P",)]
    numbers = "transaction_number claim_number charge_usd"
    assert rows(hazard, REMIT_CLAIMS, numbers) == [(1, "A1", 200)]
    assert rows(hazard, CLAIMS, numbers) == [(2, "A1", 200)]


def test_x12_that_is_not_ours_is_counted():
    counts = "kind segments segments_rejected segments_not_ours"
    assert rows("not ours", FILES, counts) == [("x12_other", 8, 0, 4)]
    assert rows("not ours", TRANSACTIONS, "transaction_type segments") == [("999", 4)]


def test_segments_between_transactions_are_counted():
    hazard = "segments between transactions"
    assert rows(hazard, FILES, "segments segments_rejected") == [(36, 2)]
    offset = FIXTURES[hazard].index(b"CLP*X")
    assert rows(hazard, REJECTS, "piece segment_id segments source_offset") == [
        ("segment", "CLP", 2, offset)
    ]
    assert rows(hazard, REMIT_CLAIMS, "claim_number") == [("A1",)]


def test_transaction_without_se_is_read_and_marked():
    hazard = "no SE"
    assert rows(hazard, TRANSACTIONS, "segments has_se se_count_agrees") == [(13, False, False)]
    for table in (REMIT_CLAIMS, REMIT_LINES, "raw_835__provider_adjustments"):
        told = [row[1:] for row in rows("told", table)]
        assert [row[1:] for row in rows(hazard, table)] == told


def test_segment_cut_in_two_is_rejected_whole():
    hazard = "cut within a segment"
    assert FIXTURES[hazard].endswith(b"SVC*HC:J9177:JW*200*1")
    assert rows(hazard, REMIT_LINES) == []
    assert rows(hazard, REMIT_CLAIMS, "claim_number paid_usd") == [("A1", 100)]
    assert rows(hazard, REJECTS, "piece segment_id segments") == [("segment", "SVC", 1)]
    assert rows(hazard, FILES, "segments segments_rejected") == [(10, 1)]


def test_interchange_behind_one_cut_off_is_read():
    hazard = "cut before another interchange"
    assert rows(hazard, TRANSACTIONS, "transaction_type segments has_se") == [
        ("835", 9, False),
        ("837P", 14, True),
    ]
    assert rows(hazard, "raw_835__adjustments") == []
    assert rows(hazard, REJECTS, "piece segment_id segments") == [("segment", "CAS", 1)]
    assert rows(hazard, LINES, "hcpcs charge_usd") == [("J9177", 200)]


def test_file_cut_at_any_byte_says_nothing_it_did_not_say_whole():
    whole = interchange(REMIT, CLAIM)
    cut = [whole[:length] for length in range(len(whole) + 1)]
    everything = rows_together([whole])[0]
    for length, found in enumerate(rows_together(cut)):
        assert _half_told(found, everything) == [], f"cut after {length} bytes"
        assert differences(found, plain_reading(cut[length])) == [], f"cut after {length} bytes"


def _half_told(found: FileRows, everything: FileRows) -> list[str]:
    """Tables with money, a number of units or a code that the whole file does not have."""
    exact = ("raw_835__adjustments", "raw_835__amounts", "raw_835__provider_adjustments")
    wrong = [table for table in exact if not _begins(everything[table], found[table])]
    for table, columns in ((REMIT_CLAIMS, 10), (REMIT_LINES, 13), (CLAIMS, 6), (LINES, 11)):
        kept = [row[1:columns] for row in found[table]]
        if not _begins([row[1:columns] for row in everything[table]], kept):
            wrong.append(table)
    return wrong


def _begins(whole: list[tuple], part: list[tuple]) -> bool:
    return [row[1:] for row in part] == [row[1:] for row in whole[: len(part)]]


def test_interchange_told_twice_has_one_content():
    hazard = "twice in one file"
    assert len(set(rows(hazard, TRANSACTIONS, "content_sha256"))) == 1
    assert rows(hazard, REMIT_CLAIMS, "transaction_number claim_number") == [(1, "A1"), (2, "A1")]


def test_interchange_numbered_anew_has_the_same_content():
    content = rows("numbered anew", TRANSACTIONS, "content_sha256")
    assert content == rows("told", TRANSACTIONS, "content_sha256")[:1]
    assert rows("numbered anew", TRANSACTIONS, "isa_control st_control") == [("000000777", "0777")]


def test_test_interchange_is_read_marked_and_not_ours():
    hazard = "test interchange"
    assert rows(hazard, TRANSACTIONS, "usage_indicator") == [("T",), ("P",)]
    assert rows(hazard, FILES, "segments segments_not_ours") == [(36, 4)]
    assert rows(hazard, REMIT_CLAIMS, "claim_number") == [("A1",), ("A2",)]


def _packed(packing: str) -> bytes:
    if packing == "gzip":
        return gzip.compress(PLAIN)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner/mixed.x12", PLAIN)
    return packed.getvalue()
