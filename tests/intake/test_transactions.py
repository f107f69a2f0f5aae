"""Every segment of a file is counted once: loaded, not ours, or rejected."""

import hashlib
from datetime import date

import polars as pl
import pytest
from small_x12 import (
    ACKNOWLEDGEMENT,
    CLAIMS,
    HOSPITAL_CLAIMS,
    REMIT,
    Style,
    interchange,
    segments,
    written,
)

from analytics.intake.parse import Batch, Content, parse_x12
from analytics.intake.raw_tables import FILES, REJECTS, TRANSACTIONS
from analytics.intake.texts import Tables

TEST_RUN = Style(isa={15: "T"})
STRAY = b"CLP*SYNTHETIC-NAME*1~SYNTHETIC-NAME*2~"


def file_row(tables: Tables) -> dict[str, object]:
    return tables[FILES].row(0, named=True)


def assert_adds_up(content: bytes) -> dict[str, object]:
    """Segments = those in transactions + framing ours + framing nothing of ours + rejected."""
    tables = parse_x12(content)
    row = file_row(tables)
    sent = [part for part in content.replace(b"\n", b"").split(b"~") if part.strip()]
    framing = sum(
        part[:2] in (b"GS", b"GE") or part[:3] in (b"ISA", b"IEA", b"TA1") for part in sent
    )
    outside = framing + row["segments_rejected"]
    assert row["segments"] == len(sent)
    assert row["segments"] == tables[TRANSACTIONS]["segments"].sum() + outside
    assert row["segments_not_ours"] <= framing
    assert row["segments_rejected"] == tables[REJECTS]["segments"].sum()
    return row


def test_segments_of_a_file_of_ours_are_all_loaded():
    row = assert_adds_up(interchange(REMIT, CLAIMS))
    assert (row["segments_rejected"], row["segments_not_ours"], row["reason"]) == (0, 0, None)


def test_file_of_remits_and_claims_is_mixed():
    assert file_row(parse_x12(interchange(REMIT, CLAIMS)))["kind"] == "mixed"


@pytest.mark.parametrize(
    ("transaction", "version", "kind"),
    [
        (REMIT, "", "835"),
        (CLAIMS, "", "837P"),
        (HOSPITAL_CLAIMS, "", "837I"),
        (CLAIMS.replace("*005010X222A1", ""), "004010X098A1", "837P"),
        (HOSPITAL_CLAIMS.replace("*005010X223A2", ""), "004010X096A1", "837I"),
        (HOSPITAL_CLAIMS.replace("*005010X223A2", ""), "HOUSE", "837I"),
        (CLAIMS.replace("*005010X222A1", "").replace("SV1*", "SV3*"), "HOUSE", "837D"),
        (CLAIMS.replace("*005010X222A1", ""), "HOUSE", "837P"),
    ],
)
def test_kind_of_claims_comes_from_the_guide_else_from_the_service_lines(
    transaction: str, version: str, kind: str
):
    assert file_row(parse_x12(interchange(transaction, version=version)))["kind"] == kind


def test_other_x12_is_counted_and_named_and_not_used():
    row = assert_adds_up(interchange(ACKNOWLEDGEMENT))
    assert (row["kind"], row["segments_not_ours"]) == ("x12_other", 4)
    assert "999" in str(row["reason"])


def test_group_that_frames_nothing_of_ours_is_not_ours_inside_an_interchange_that_is():
    row = assert_adds_up(interchange(REMIT, ACKNOWLEDGEMENT))
    assert row["segments_not_ours"] == 2


def test_interchange_acknowledgement_is_not_ours():
    note = written(["TA1*000000001*260116*1200*A*000"])
    content = interchange(REMIT).replace(b"GS*", note + b"GS*", 1)
    assert assert_adds_up(content)["segments_not_ours"] == 1


def test_test_interchange_is_parsed_marked_and_counted_with_its_frame_as_not_ours():
    content = interchange(REMIT, style=TEST_RUN)
    row, tables = assert_adds_up(content), parse_x12(content)
    assert tables[TRANSACTIONS]["usage_indicator"].to_list() == ["T"]
    assert tables["raw_835__remit_claims"].height == 2
    assert row["segments_not_ours"] == 4
    assert "test interchange" in str(row["reason"])


def test_test_interchange_beside_a_real_one_marks_its_own_transactions_only():
    both = interchange(REMIT, style=TEST_RUN) + interchange(REMIT)
    assert parse_x12(both)[TRANSACTIONS]["usage_indicator"].to_list() == ["T", "P"]


@pytest.mark.parametrize("cut", [b"SE*", b"PLB*", b"SVC*NU", b"TRN*", b"BPR*"])
def test_transaction_cut_off_anywhere_is_kept_and_marked(cut: bytes):
    content = interchange(REMIT)
    cut_off = content[: content.index(cut)]
    row, tables = assert_adds_up(cut_off), parse_x12(cut_off)
    assert tables[TRANSACTIONS].select("has_se", "se_count_agrees").row(0) == (False, False)
    assert "ask the sender for the file again" in str(row["reason"])


@pytest.mark.parametrize("left", [b"SVC*HC:J9177:JW:59::XU*400*30", b"CLP*A2*22*-5", b"C", b"CAS"])
@pytest.mark.parametrize("ending", [b"", b"\r\n", b" \x1a\x00"])
def test_segment_cut_in_two_is_rejected_and_never_read(left: bytes, ending: bytes):
    content = interchange(REMIT)
    place = content.rindex(b"~" + left.split(b"*")[0])
    cut_off = content[:place] + b"~" + left + ending
    assert_adds_up(cut_off)
    tables, whole = parse_x12(cut_off), parse_x12(content[:place] + b"~")
    reject = tables[REJECTS].row(0, named=True)
    assert tables[REJECTS].height == 1
    assert (reject["piece"], reject["segments"]) == ("segment", 1)
    assert reject["source_offset"] == place + 1
    assert "last segment is cut in two" in reject["reason"]
    assert "last segment is cut in two" in str(file_row(tables)["reason"])
    for name in tables.keys() - {FILES, REJECTS}:
        hide = pl.all().exclude("file_sha256")
        assert tables[name].select(hide).equals(whole[name].select(hide)), name


@pytest.mark.parametrize("last", [b"IEA*1*000000001~", b"GE*1*1~", b"SE*49*0001~"])
def test_last_terminator_alone_may_be_missing(last: bytes):
    content = interchange(REMIT)
    without = content[: content.index(last) + len(last) - 1]
    row = assert_adds_up(without)
    assert (row["segments_rejected"], row["reason"]) == (0, None)


def test_segment_cut_in_two_leaves_the_file_behind_it_as_it_was():
    content = interchange(REMIT)
    cut_off = content[: content.index(b"CLP*A2") + 8]
    batch = Batch(b"key")
    contents = [Content("a", cut_off), Content("b", content)]
    parts = list(batch.parse(contents))
    claims = pl.concat([part["raw_835__remit_claims"] for part in parts[:-1]])
    assert claims["claim_number"].to_list() == ["A1", "A1", "A2"]
    assert [summary.segments_rejected for summary in batch.summaries.values()] == [1, 0]


def test_transaction_without_se_ends_where_the_next_one_starts():
    two = interchange(REMIT.replace("SE*49*0001\n", ""), REMIT)
    found = parse_x12(two)[TRANSACTIONS].select("segments", "has_se", "se_count_agrees")
    assert found.rows() == [(48, False, False), (49, True, True)]


def test_wrong_count_of_segments_is_marked():
    wrong = interchange(REMIT.replace("SE*49", "SE*48"))
    assert parse_x12(wrong)[TRANSACTIONS]["se_count_agrees"].to_list() == [False]


def test_segments_outside_transactions_are_one_reject_a_run_and_never_shown():
    content = interchange(REMIT).replace(b"GE*1", STRAY + b"GE*1") + STRAY
    row = assert_adds_up(content)
    rejects = parse_x12(content)[REJECTS]
    assert row["segments_rejected"] == 4
    assert rejects["segment_id"].to_list() == ["CLP", "CLP"]
    assert rejects["source_offset"].to_list() == [content.index(STRAY), content.rindex(STRAY)]
    assert rejects["transaction_number"].null_count() == 2


def test_envelope_of_each_transaction_is_kept():
    row = parse_x12(interchange(REMIT, CLAIMS))[TRANSACTIONS].row(1, named=True)
    assert row["transaction_number"] == 2
    assert row["gs_date"] == date(2026, 1, 16)
    assert (row["gs_time"], row["gs_control"], row["st_control"]) == ("1201", "2", "0001")
    assert (row["isa_control"], row["version"]) == ("000000001", "005010X222A1")


def test_control_numbers_of_an_ended_interchange_are_not_those_of_what_follows():
    lines = written(segments(REMIT))
    last = parse_x12(interchange(CLAIMS) + lines)[TRANSACTIONS].row(1, named=True)
    assert (last["isa_control"], last["gs_control"]) == (None, None)
    assert last["transaction_type"] == "835"


def test_content_is_the_same_for_other_delimiters_and_other_for_another_cent():
    def contents(content: bytes) -> pl.Series:
        return parse_x12(content)[TRANSACTIONS]["content_sha256"]

    one = contents(interchange(REMIT)).item()
    other_style = Style("|", ">", "\n", isa={13: "000000009"})
    assert contents(interchange(REMIT, style=other_style)).item() == one
    assert contents(interchange(REMIT.replace("300.5*50", "300.6*50"))).item() != one


def test_content_is_the_same_under_other_control_numbers():
    renumbered = REMIT.replace("ST*835*0001", "ST*835*0077").replace("SE*49*0001", "SE*49*0077")
    found = parse_x12(interchange(REMIT, renumbered))[TRANSACTIONS]
    assert found["content_sha256"].n_unique() == 1
    assert found["st_control"].to_list() == ["0001", "0077"]


def test_content_is_hashed_over_canonical_segments_without_control_numbers():
    told = ["ST*999", *segments(ACKNOWLEDGEMENT)[1:-1]]
    found = parse_x12(interchange(ACKNOWLEDGEMENT, style=Style("|", ">", "\x1c", "\r\n")))
    expected = hashlib.sha256(("~".join(told) + "~").encode()).hexdigest()
    assert found[TRANSACTIONS]["content_sha256"].item() == expected


@pytest.mark.parametrize("claim", ["clp*A9", "CLP *A9", "CLX*A9"])
def test_segment_with_an_id_that_x12_does_not_have_is_listed_and_never_shown(claim: str):
    content = interchange(REMIT).replace(b"CLP*", f"{claim}~CLP*".encode(), 1)
    tables = parse_x12(content)
    [reject] = tables[REJECTS].to_dicts()
    assert (reject["piece"], reject["segment_id"], reject["segments"]) == ("segment", None, 0)
    assert reject["source_offset"] == content.index(claim.encode())
    assert "none of X12's" in reject["reason"]
    assert "A9" not in reject["reason"]
