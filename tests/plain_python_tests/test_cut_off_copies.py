"""An upload that broke off and its repetition are one delivery, and count once."""

from __future__ import annotations

import pytest
from plain_python_tests.written_site import BILLED, CONTRACT_PAID, clp, sv1, usd

PAID_A1 = clp("A1", 1, 180, "53.46", [CONTRACT_PAID])
PAID_B1 = clp("B1", 1, 180, "53.46", [CONTRACT_PAID])


def cut_off(site, name, before):
    """Put a copy of a file beside it that ends before a text; its name would come first."""
    text = (site.folder / "raw" / name).read_text(encoding="utf-8")
    assert text.count(before) == 1
    copy = site.folder / "raw" / f"000-{name}"
    copy.write_text(text.split(before)[0], encoding="utf-8")
    return copy


def respelled(path, old, new):
    """Write a file anew with one text changed."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def remits_of(site):
    return sorted(row["source_file"] for row in site.answers()["remit_balances"])


def paid(site):
    return sum(line["paid_usd"] for line in site.lines())


@pytest.mark.parametrize("before", ["CLP*B1", "CAS*CO", "SVC*", "N1*PE", "BPR*", "DTM*232"])
def test_a_remit_that_broke_off_and_came_again_counts_once(site, before):
    site.bill("A1", 180, BILLED)
    site.remit([PAID_A1, PAID_B1] if before == "CLP*B1" else [PAID_A1])
    expected = paid(site)
    cut_off(site, "002.835", before)
    assert remits_of(site) == ["002.835"]
    assert paid(site) == expected
    (line,) = site.lines(claim_id="A1")
    assert (line["paid_usd"], line["gap_usd"]) == (usd("53.46"), 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CLP*A1*1*180*53.46*", "CLP*A1*1*180*51.48*"),
        ("CLP*A1*1*180*53.46*", "CLP*A1*1*190*53.46*"),
        ("CLP*A1*1*180*53.46*", "CLP*A1*19*180*53.46*"),
        ("CLP*A1*1*180*53.46*", "CLP*A2*1*180*53.46*"),
        ("CLP*A1*1*180*53.46*", "CLP*C1*1*180*53.46*~CLP*A1*1*180*53.46*"),
    ],
    ids=["paid amount", "charge", "status", "number", "place"],
)
def test_where_a_claim_differs_both_load(site, old, new):
    site.bill("A1", 180, BILLED)
    site.remit([PAID_A1, PAID_B1])
    respelled(cut_off(site, "002.835", "CLP*B1"), old, new)
    assert remits_of(site) == ["000-002.835", "002.835"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("*00501*000000002*", "*00501*000000009*"),
        ("*1200*2*X*", "*1200*3*X*"),
        ("ST*835*0002*", "ST*835*0003*"),
        ("*A*B*20260201*1200*", "*A*B*20260202*1200*"),
        ("*A*B*20260201*1200*", "*A*B*20260201*1201*"),
    ],
    ids=["ISA13", "GS06", "ST02", "GS date", "GS time"],
)
def test_another_delivery_continues_nothing(site, old, new):
    site.bill("A1", 180, BILLED)
    site.remit([PAID_A1, PAID_B1])
    respelled(cut_off(site, "002.835", "CLP*B1"), old, new)
    assert remits_of(site) == ["000-002.835", "002.835"]
    assert sum(line["paid_usd"] for line in site.lines(claim_id="A1")) == usd("106.92")


def test_an_amount_written_otherwise_is_the_same_amount(site):
    site.remit([PAID_A1, PAID_B1])
    respelled(cut_off(site, "001.835", "CLP*B1"), "CLP*A1*1*180*53.46*", "CLP*A1*1*180.00*53.460*")
    assert remits_of(site) == ["001.835"]


def test_of_two_that_broke_off_the_longer_one_counts(site):
    site.bill("A1", 180, BILLED)
    site.remit([PAID_A1, PAID_B1])
    shorter = cut_off(site, "002.835", "CLP*B1")
    whole = site.folder / "raw" / "002.835"
    whole.write_text(whole.read_text(encoding="utf-8").split("SE*")[0], encoding="utf-8")
    assert remits_of(site) == ["002.835"]
    assert paid(site) == usd("106.92")
    whole.unlink()
    assert remits_of(site) == [shorter.name]
    assert paid(site) == usd("53.46")


def test_a_whole_one_with_fewer_segments_continues_too(site):
    site.remit([PAID_A1])
    long = cut_off(site, "001.835", "SE*")
    respelled(long, "DTM*232*20260105~\n", "DTM*232*20260105~\n" + "REF*EA*1~\n" * 9)
    assert remits_of(site) == ["001.835"]


def test_a_test_interchange_continues_nothing(site):
    site.remit([PAID_A1, PAID_B1])
    cut_off(site, "001.835", "CLP*B1")
    respelled(site.folder / "raw" / "001.835", "*0*P*:", "*0*T*:")
    assert remits_of(site) == ["000-001.835"]


def test_a_claim_file_does_not_continue_a_remit(site):
    site.bill("A1", 180, BILLED, sent_on="20260201")
    site.sent -= 1
    site.remit([PAID_A1])
    cut_off(site, "001.835", "BPR*")
    (site.folder / "raw" / "001.835").unlink()
    assert remits_of(site) == ["000-001.835"]


def test_a_remit_broken_off_under_control_numbers_of_a_duplicate_counts_once(site):
    site.remit([PAID_A1, PAID_B1])
    whole = site.folder / "raw" / "001.835"
    cut_off(site, "001.835", "CLP*B1")
    # The same content under lesser control numbers is the copy that is loaded.
    earlier = whole.read_text(encoding="utf-8").replace("000000001", "000000000")
    (site.folder / "raw" / "002.835").write_text(earlier, encoding="utf-8")
    assert remits_of(site) == ["002.835"]


@pytest.mark.parametrize("before", ["LX*2", "DTP*472*D8*20260112", "SV1*HC:J1324*180"])
def test_claims_that_broke_off_within_a_claim_and_came_again_are_sent_once(site, before):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("J1324", 120, 60, day="20260112")])
    cut_off(site, "001.837", before)
    lines = site.lines()
    assert [(line["claim_id"], line["billed_units"]) for line in lines] == [("A1", 90), ("A1", 60)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CLM*A1*300*", "CLM*A1*301*"),
        ("CLM*A1*", "CLM*A2*"),
        ("11:B:1*", "11:B:3*"),
    ],
    ids=["charge", "number", "frequency"],
)
def test_where_a_billed_claim_differs_both_load(site, old, new):
    site.bill("A1", 300, [sv1("J1324", 180, 90), sv1("J1324", 120, 60, day="20260112")])
    respelled(cut_off(site, "001.837", "LX*2"), old, new)
    assert sum(line["billed_units"] for line in site.lines()) == 240


@pytest.mark.parametrize(
    ("half", "paid_usd"),
    [
        ("CLP*B1*1*18", "0.00"),
        ("CLP*B1*1*180*5", "0.00"),
        # The whole claim was paid 53.46, however its line was.
        ("SVC*HC:J1324*180*5", "53.46"),
        ("CAS*CO", "53.46"),
    ],
)
def test_a_segment_cut_in_two_is_never_read(site, half, paid_usd):
    site.bill("A1", 180, BILLED)
    site.bill("B1", 180, BILLED, member="M2")
    site.remit([PAID_A1, PAID_B1])
    whole = site.folder / "raw" / "003.835"
    text = whole.read_text(encoding="utf-8")
    (site.folder / "raw" / "000.835").write_text(text[: text.rindex(half)] + half, encoding="utf-8")
    assert remits_of(site) == ["003.835"]
    whole.unlink()
    (line,) = site.lines(claim_id="B1")
    assert (line["paid_usd"], line["shortfall_usd"]) == (usd(paid_usd), 0)


def test_a_transaction_whose_se_is_the_end_of_the_file_is_whole(site):
    site.remit([PAID_A1])
    whole = site.folder / "raw" / "001.835"
    text = whole.read_text(encoding="utf-8")
    whole.write_text(text.split("~\nGE*")[0], encoding="utf-8")
    (remit,) = site.answers()["remit_balances"]
    assert remit["balanced"] is True


def test_a_payment_stands_on_its_own_line_where_the_claims_lines_were_lost(site):
    site.bill("A1", 180, BILLED)
    whole = site.folder / "raw" / "001.837"
    whole.write_text(whole.read_text(encoding="utf-8").split("LX*1")[0], encoding="utf-8")
    site.remit([clp("A1", 1, 180, "53.46", [CONTRACT_PAID])])
    (line,) = site.lines()
    assert (line["billed_basis"], line["paid_usd"]) == ("remit_only", usd("53.46"))
    # It has the facts of the claim that was sent (RULES 4.10).
    assert (line["claim_type"], line["submitted_date"].isoformat()) == (
        "professional",
        "2026-01-06",
    )
    assert (line["gap_usd"], line["source_file"]) == (0, "002.835")
