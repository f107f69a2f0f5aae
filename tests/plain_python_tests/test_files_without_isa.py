"""A file that starts with its GS or its ST: what its first segments say of delimiters."""

from __future__ import annotations

import pytest
from plain_python_tests.test_files_received import without_sources
from plain_python_tests.written_site import BILLED, OLD_RATE_PAID, clp

from plain_python.files import ReceivedFile
from plain_python.x12 import transactions_in

FRAME = {"GS": ("ISA", "IEA"), "ST": ("ISA", "IEA", "GS", "GE")}


def unframed(text, start):
    """Return X12 text without its envelopes, so that it starts with GS or ST."""
    segments = text.removesuffix("~\n").split("~\n")
    kept = [each for each in segments if each.split("*", 1)[0] not in FRAME[start]]
    return "~\n".join(kept) + "~\n"


@pytest.mark.parametrize("start", ["GS", "ST"])
@pytest.mark.parametrize("before", ["", "\ufeff", " \r\n\x00\x1a"], ids=["", "bom", "blanks"])
@pytest.mark.parametrize(
    ("terminator", "element"),
    [("~\n", "*"), ("~", "*"), ("~\r\n", "|"), ("\n", "*"), ("\r\n", "\x1d"), ("\x1c", "\x1d")],
    ids=["tilde and line", "tilde", "pipes", "line", "crlf", "control characters"],
)
def test_a_file_without_its_isa_is_read(site, start, before, terminator, element):
    site.bill("A1", 180, BILLED)
    site.remit([clp("A1", 1, 180, "51.48", [OLD_RATE_PAID])])
    expected = without_sources(site.answers())
    for path in (site.folder / "raw").iterdir():
        text = unframed(path.read_text(encoding="utf-8"), start)
        text = before + text.replace("~\n", terminator).replace("*", element)
        path.write_bytes(text.encode())
    assert without_sources(site.answers()) == expected


def transactions(text):
    return transactions_in(ReceivedFile("a", text.encode()))


def test_the_missing_isa_tells_nothing():
    (found,) = transactions("GS*HP*A*B*20260201*1200*7*X*V~ST*835*0001~BPR*I*1.00~SE*3*0001~")
    assert (found.isa_control, found.gs_control, found.is_test) == ("", "7", False)
    (found,) = transactions("st*835*0001~bpr*I*1.00~SE*3*0001~")
    assert (found.gs_date, found.st_control, found.has_se) == ("", "0001", True)
    assert [each.elements for each in found.segments][1] == ("bpr", "I", "1.00")


@pytest.mark.parametrize(
    "text",
    [
        "HELLO~GS*HP*A~ST*835*0001~BPR*I*1.00~",
        "ST*835*0001 BPR*I*1.00~",
        "ST*835*0001*BPR*I*1.00~",
        "ST 835 0001~BPR I 1.00~",
        "ST*835*0001~CLP*A1*1~",
    ],
    ids=["not first", "behind a blank", "an element", "blanks separate", "no next segment"],
)
def test_what_does_not_show_its_delimiters_is_not_read(text):
    assert transactions(text) == []


def test_a_name_within_an_element_is_no_next_segment():
    (found,) = transactions("GS*BPR*ST*A1ST*BHT*C~ST*837*0001~BHT*0019~")
    assert (found.kind, found.st_control) == ("837", "0001")
