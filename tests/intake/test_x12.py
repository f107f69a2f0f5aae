"""However an interchange is written down, the same rows come out, each at its place in the file."""

import io

import pytest
from polars.testing import assert_frame_equal
from small_x12 import CLAIMS, NAME, REMIT, Style, interchange, written

from analytics.intake.parse import parse_x12
from analytics.intake.parts import FileParts, Part
from analytics.intake.raw_tables import FILES
from analytics.intake.texts import Tables
from analytics.intake.x12 import Delimiters

PLAIN = interchange(REMIT, CLAIMS)
FIRST_BYTES = {
    "raw_x12__transactions": {b"ST*"},
    "raw_835__remits": {b"ST*"},
    "raw_835__remit_claims": {b"CLP"},
    "raw_835__remit_lines": {b"SVC"},
    "raw_835__adjustments": {b"CAS"},
    "raw_835__amounts": {b"AMT", b"QTY"},
    "raw_835__references": {b"REF"},
    "raw_835__provider_adjustments": {b"PLB"},
    "raw_837__claims": {b"CLM"},
    "raw_837__claim_payers": {b"NM1", b"SBR"},
    "raw_837__claim_lines": {b"SV1"},
}


def parts_of(content: bytes, part_bytes: int = 1 << 20) -> list[Part]:
    return list(FileParts(io.BytesIO(content), part_bytes))


def said(content: bytes) -> Tables:
    """What a file says, apart from where it lies and what it is called."""
    tables = parse_x12(content, site_key=b"key")
    return {
        name: rows.drop("file_sha256", "source_offset", "bytes", strict=False)
        for name, rows in tables.items()
    }


def assert_says_the_same(content: bytes, as_content: bytes = PLAIN) -> None:
    expected = said(as_content)
    for name, rows in said(content).items():
        assert_frame_equal(rows, expected[name])


def wrapped(content: bytes, columns: int, line_break: bytes = b"\r\n") -> bytes:
    lines = [content[start : start + columns] for start in range(0, len(content), columns)]
    return line_break.join(lines) + line_break


@pytest.mark.parametrize(
    "style",
    [
        Style(line_break="\n"),
        Style(line_break="\r\n"),
        Style(line_break="\r"),
        Style(line_break="\n\n  \t"),
        Style(terminator="\n"),
        Style(terminator="\r"),
        Style(terminator="\r", line_break="\n"),
        Style(element="|", component="^"),
        Style(element="+", component=">", terminator="'"),
        Style(element="\x1d", component="\x1f", terminator="\x1c"),
        Style(element="\x1f", component="\x1d", terminator="\x0b"),
        Style(terminator="_", line_break="\n"),
        Style(terminator="$"),
    ],
    ids=repr,
)
def test_delimiters_and_line_breaks_change_nothing_that_is_said(style: Style):
    assert_says_the_same(interchange(REMIT, CLAIMS, style=style))


@pytest.mark.parametrize("columns", [80, 105, 106, 64, 33])
def test_page_wraps_change_nothing_that_is_said(columns: int):
    assert_says_the_same(wrapped(PLAIN, columns))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + PLAIN,
        b" \r\n\t " + PLAIN,
        PLAIN + b"\x1a",
        PLAIN + b"\r\n\x1a\x00\x00\x00",
        PLAIN[:-1],
        PLAIN.replace(b"~", b"~~"),
    ],
    ids=["byte order mark", "leading blanks", "ctrl-z", "nuls", "no last terminator", "doubled"],
)
def test_bytes_around_segments_change_nothing_that_is_said(content: bytes):
    assert_says_the_same(content)


@pytest.mark.parametrize(
    "isa",
    [
        {2: "", 4: "", 6: "S", 8: "R"},
        {6: "S".ljust(30)},
        {16: ""},
        {16: "", 2: ""},
    ],
)
def test_isa_of_any_width_is_read_by_counting_separators(isa: dict[int, str]):
    assert_says_the_same(interchange(REMIT, CLAIMS, style=Style(isa=isa)))


def test_isa_without_its_last_element_on_a_line_of_its_own_is_read():
    isa = Style(terminator="\n", isa={16: ""})
    assert_says_the_same(interchange(REMIT, CLAIMS, style=isa))


def test_interchanges_with_other_delimiters_in_one_file_are_all_read():
    mixed = PLAIN + b"\r\n" + interchange(REMIT, CLAIMS, style=Style(element="|", component=">"))
    assert_says_the_same(mixed, PLAIN + PLAIN)


def test_interchange_that_follows_one_cut_off_mid_segment_is_read():
    cut_off = PLAIN[: PLAIN.index(b"CLP*A2") + 9]
    tables = parse_x12(cut_off + PLAIN)
    assert tables["raw_x12__transactions"]["has_se"].to_list() == [False, True, True]
    # The CLP cut in two is a reject: its amounts may be half of what was sent.
    assert tables["raw_835__remit_claims"]["claim_number"].to_list() == ["A1", "A1", "A2"]
    assert tables["raw_x12__rejects"]["segment_id"].to_list() == ["CLP"]


def test_isa_inside_a_name_starts_no_interchange():
    named = PLAIN.replace(f"QC*1*{NAME}*{NAME}".encode(), b"QC*1*VISA*ISA")
    assert len(parts_of(named)) == 1
    lines = "raw_835__remit_lines"
    assert_frame_equal(said(named)[lines], said(PLAIN)[lines])


def test_name_in_latin_1_is_read_and_does_not_change_how_another_file_is_read():
    latin = PLAIN.replace(b"BIRCH HEALTH", "CAFÉ SANTÉ".encode("cp1252"))
    unicode = PLAIN.replace(b"BIRCH HEALTH", "CAFÉ SANTÉ".encode())
    assert_says_the_same(latin, unicode)
    assert said(latin)["raw_835__remits"]["payer_name"].item() == "CAFÉ SANTÉ"


def test_offsets_in_a_latin_1_file_count_its_own_bytes():
    latin = PLAIN.replace(NAME.encode(), "ÉÉÉ".encode("cp1252"))
    assert_rows_start_at_their_offsets(latin)


@pytest.mark.parametrize("line_break", ["", "\r\n", "\n   "])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n "])
def test_every_row_points_at_the_first_byte_of_its_segment(line_break: str, before: bytes):
    assert_rows_start_at_their_offsets(
        before + interchange(REMIT, CLAIMS, style=Style(line_break=line_break))
    )


def test_rows_of_a_second_interchange_point_into_the_file_not_into_the_interchange():
    assert_rows_start_at_their_offsets(PLAIN + b"\r\n" + interchange(CLAIMS, REMIT))


def assert_rows_start_at_their_offsets(content: bytes) -> None:
    tables = parse_x12(content)
    for name, expected in FIRST_BYTES.items():
        offsets = tables[name]["source_offset"].to_list()
        assert offsets
        assert {content[offset : offset + 3] for offset in offsets} <= expected, name


@pytest.mark.parametrize("text_bytes", [1, 500, 3000])
def test_cutting_a_big_file_after_an_se_changes_nothing(text_bytes: int):
    big = PLAIN + interchange(CLAIMS, REMIT, REMIT, style=Style(line_break="\r\n"))
    whole, in_parts = parse_x12(big), parse_x12(big, text_bytes=text_bytes)
    for name, rows in whole.items():
        assert_frame_equal(rows, in_parts[name])


def test_text_before_the_first_interchange_is_listed_and_the_rest_is_read():
    noted = b"Dear practice,\r\nplease find\r\n" + PLAIN
    reject = parse_x12(noted)["raw_x12__rejects"].row(0, named=True)
    assert (reject["piece"], reject["segments"], reject["segment_id"]) == ("segment", 0, None)
    assert parse_x12(noted)[FILES]["segments"].item() == parse_x12(PLAIN)[FILES]["segments"].item()


def test_delimiters_are_those_of_the_isa():
    (part,) = parts_of(interchange(REMIT, style=Style("|", ">", "\x1c")))
    assert part.delimiters == Delimiters(b"|", b">", b"\x1c")


def test_version_4010_is_read_like_5010():
    old = interchange(REMIT, version="004010X091A1", style=Style(isa={11: "U", 12: "00401"}))
    versions = said(old)["raw_x12__transactions"]["version"].to_list()
    assert versions == ["004010X091A1"]
    tables, expected = said(old), said(interchange(REMIT))
    assert_frame_equal(tables["raw_835__remit_lines"], expected["raw_835__remit_lines"])


def test_segment_ids_in_lower_case_are_rejected_and_counted():
    lower = written([line.lower() if i else line for i, line in enumerate(_lines())])
    files = parse_x12(lower)[FILES].row(0, named=True)
    assert files["segments"] == files["segments_rejected"] + files["segments_not_ours"]
    assert parse_x12(lower)["raw_x12__rejects"]["segment_id"].to_list() == [None]


def _lines() -> list[str]:
    return interchange(REMIT).decode().rstrip("~").split("~")


@pytest.mark.parametrize("line_break", ["", "\r\n"])
@pytest.mark.parametrize("sender", ["SENDER", "MIDWEST", "ST"])
def test_file_that_begins_with_its_gs_is_read_by_the_delimiters_of_its_segments(
    line_break: str, sender: str
):
    whole = interchange(REMIT, style=Style(line_break=line_break))
    without = whole[whole.index(b"GS*") : whole.index(b"IEA*")].replace(b"SENDER", sender.encode())
    assert_frame_equal(said(without)["raw_835__remit_lines"], said(whole)["raw_835__remit_lines"])
    assert said(without)[FILES]["reason"].item().startswith("No ISA stands before its segments")


def test_amount_with_more_than_four_decimals_keeps_the_first_four():
    fine = PLAIN.replace(b"CLP*A1*1*", b"CLP*A1*1*10.00499999*", 1)
    assert str(parse_x12(fine)["raw_835__remit_claims"]["charge_usd"][0]) == "10.0049"


@pytest.mark.parametrize("tail", [b"\x0c", b"\xc2\xa0", b"\xa0", b" \t\r\n"])
def test_blanks_after_the_last_terminator_are_no_segment_cut_in_two(tail: bytes):
    cut_off = PLAIN[: PLAIN.index(b"SE*")]
    assert parse_x12(cut_off + tail)["raw_x12__rejects"].height == 0


def test_control_number_cut_in_two_opens_no_transaction():
    cut_off = PLAIN + PLAIN[: PLAIN.index(b"ST*") + 9]
    tables = parse_x12(cut_off)
    assert (
        tables["raw_x12__transactions"].height == parse_x12(PLAIN)["raw_x12__transactions"].height
    )
    assert tables["raw_x12__rejects"]["segment_id"].to_list() == ["ST"]


@pytest.mark.parametrize("text_bytes", [1, 200, 5000])
def test_stray_segments_are_one_run_wherever_a_big_file_is_cut(text_bytes: int):
    stray = b"N1*PR*NOBODY~N3*NOWHERE~" * 3
    strayed = PLAIN.replace(b"GE*", stray + b"GE*", 1)
    whole, in_parts = parse_x12(strayed), parse_x12(strayed, text_bytes=text_bytes)
    for name, rows in whole.items():
        assert_frame_equal(rows, in_parts[name])


def test_segments_in_latin_1_and_in_utf_8_are_each_read_as_they_were_written():
    both = PLAIN.replace(b"BIRCH HEALTH", "CAFÉ".encode("cp1252")) + PLAIN.replace(
        b"BIRCH HEALTH", "CAFÉ".encode()
    )
    assert set(parse_x12(both)["raw_835__remits"]["payer_name"].to_list()) == {"CAFÉ"}


def test_isa_whose_delimiter_is_part_of_a_longer_character_cannot_be_read():
    isa = interchange(REMIT).replace(b"*", "é".encode())
    assert parse_x12(isa)[FILES]["kind"].item() == "not_x12"


def test_remark_without_a_code_is_no_remark():
    remarked = PLAIN.replace(b"~SVC*", b"~LQ*HE~LQ*HE*~SVC*")
    assert "" not in parse_x12(remarked)["raw_835__remit_lines"]["remark_codes"].to_list()
