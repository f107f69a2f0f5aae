"""The writer's claims and remits are well-formed 5010 text whose amounts and counts add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic.x12_reading import control_differences, remits_of, segments_of

from analytics.synthetic.x12_writer import (
    Adjustment,
    Claim,
    ClaimLine,
    Envelope,
    OtherPayer,
    Payer,
    ProviderAdjustment,
    Remit,
    RemitClaim,
    RemitLine,
    number_text,
    render_835,
    render_837,
    reversal_of,
)

VISIT, SENT, PAID = date(2026, 2, 10), date(2026, 2, 12), date(2026, 3, 6)
LINE = ClaimLine("J1324", "180.00", 90, VISIT, ndc="51144003001", ndc_quantity=3)
CUT = (Adjustment("CO", "45", "113.17"), Adjustment("PR", "2", "13.37"))
REMIT_LINE = RemitLine("J1324", "180.00", adjustments=CUT, paid_units=90, service_date=VISIT)
REMIT_CLAIM = RemitClaim("SYN-1", (REMIT_LINE,), payer_control_number="SYNICN1")

cents = st.integers(-5_000_000, 5_000_000).map(lambda number: Decimal(number) / 100)
adjustments = st.lists(
    st.builds(Adjustment, st.sampled_from(["CO", "PR", "OA"]), st.just("45"), cents), max_size=15
).map(tuple)
remit_lines = st.builds(RemitLine, st.just("J1324"), cents, adjustments=adjustments)
remit_claims = st.builds(
    RemitClaim,
    st.just("SYN-1"),
    st.lists(remit_lines, min_size=1, max_size=3).map(tuple),
    adjustments=adjustments,
)


def a_claim(**changes: object) -> Claim:
    """One professional claim of one J1324 line; override what the test is about."""
    return replace(Claim("SYN-1", (LINE,), SENT), **changes)


def a_remit(*claims: RemitClaim, **changes: object) -> Remit:
    """One remit of one paid claim; override what the test is about."""
    return replace(Remit(PAID, claims or (REMIT_CLAIM,)), **changes)


def named(text: str, name: str) -> list[list[str]]:
    return [segment for segment in segments_of(text) if segment[0] == name]


def test_paid_is_charge_less_adjustments_at_every_level():
    (remit,) = remits_of(render_835([a_remit()]))
    assert (remit.payment, remit.claims[0].paid) == (Decimal("53.46"), Decimal("53.46"))
    assert remit.differences() == []


@given(st.lists(remit_claims, min_size=1, max_size=3), st.lists(cents, max_size=8))
@settings(max_examples=50, deadline=None)
def test_every_remit_balances_and_keeps_its_amounts(claims: list[RemitClaim], taken: list[Decimal]):
    pairs = tuple(ProviderAdjustment("WO", f"SYN{place}", usd) for place, usd in enumerate(taken))
    remit = a_remit(*claims, provider_adjustments=pairs)
    if remit.payment < 0:
        carried = ProviderAdjustment("FB", "SYNNEXT", remit.payment)
        remit = replace(remit, provider_adjustments=(*pairs, carried))
    text = render_835([remit])
    (read,) = remits_of(text)
    assert read.differences() == []
    assert control_differences(text) == []
    assert [claim.charge for claim in read.claims] == [claim.charge for claim in claims]
    assert read.payment == remit.payment


def test_a_reversal_and_its_correction_leave_nothing_behind():
    (remit,) = remits_of(render_835([a_remit(reversal_of(REMIT_CLAIM), REMIT_CLAIM)]))
    assert [claim.status for claim in remit.claims] == ["22", "1"]
    assert remit.payment == 0
    assert remit.differences() == []


def test_a_reversal_repeats_the_groups_and_codes_it_takes_back():
    text = render_835([a_remit(reversal_of(REMIT_CLAIM), REMIT_CLAIM)])
    assert named(text, "CAS")[:2] == [["CAS", "CO", "45", "-113.17"], ["CAS", "PR", "2", "-13.37"]]


def test_a_negative_cheque_is_refused_in_three_parts():
    with pytest.raises(ValueError, match=r"cannot be negative; found -53\.46 .* Add a provider"):
        render_835([a_remit(reversal_of(REMIT_CLAIM))])


def test_a_stated_payment_is_written_as_stated():
    (remit,) = remits_of(render_835([a_remit(payment_usd="50.00")]))
    assert remit.differences() == ["SYN0001 payment"]


def test_an_absent_unit_count_leaves_its_element_out():
    silent = replace(REMIT_CLAIM, lines=(replace(REMIT_LINE, paid_units=None),))
    assert named(render_835([a_remit(silent)]), "SVC") == [["SVC", "HC:J1324", "180", "53.46"]]


def test_a_remit_line_says_what_was_billed_and_why_it_was_cut():
    line = replace(
        REMIT_LINE,
        hcpcs="J9177",
        modifiers=("JW", "76"),
        paid_units=9,
        original_hcpcs="J1324",
        original_units=90,
        remark_codes=("N115",),
        allowed_reported_usd="66.83",
        line_control_number="7",
    )
    text = render_835([a_remit(replace(REMIT_CLAIM, lines=(line,), remark_codes=("MA130",)))])
    svc = ["SVC", "HC:J9177:JW:76", "180", "53.46", "", "9", "HC:J1324", "90"]
    assert named(text, "SVC") == [svc]
    assert named(text, "REF")[-1] == ["REF", "6R", "7"]
    assert named(text, "AMT") == [["AMT", "B6", "66.83"]]
    assert named(text, "LQ") == [["LQ", "HE", "N115"]]
    assert named(text, "MOA") == [["MOA", "", "", "MA130"]]


def test_six_adjustments_share_a_segment_and_the_seventh_starts_another():
    seven = tuple(Adjustment("CO", str(code), 1, 2) for code in range(1, 8))
    line = replace(REMIT_LINE, adjustments=seven)
    counts = [
        len(cas) for cas in named(render_835([a_remit(replace(REMIT_CLAIM, lines=(line,)))]), "CAS")
    ]
    assert counts == [2 + 18, 2 + 3]


def test_a_payer_without_an_id_is_named_only():
    text = render_835([a_remit(payer=Payer("BIRCH SYNTHETIC", "", "SYN20"))])
    assert ["N1", "PR", "BIRCH SYNTHETIC"] in named(text, "N1")
    assert ["REF", "2U", "SYN20"] in named(text, "REF")


@pytest.mark.parametrize(
    ("claim_type", "version", "place"),
    [
        ("professional", "005010X222A1", "11:B:1"),
        ("institutional", "005010X223A2", "13:A:1"),
    ],
)
def test_each_claim_type_has_its_own_guide(claim_type: str, version: str, place: str):
    claim = a_claim(claim_type=claim_type, place_of_service=place[:2])
    text = render_837([claim])
    assert named(text, "GS")[0][8] == version
    assert named(text, "ST")[0][3] == version
    assert named(text, "CLM")[0][5] == place
    assert control_differences(text) == []


def test_both_claim_types_may_share_an_interchange():
    text = render_837([a_claim(), a_claim(claim_type="institutional")])
    assert [group[8] for group in named(text, "GS")] == ["005010X222A1", "005010X223A2"]
    assert control_differences(text) == []


def test_claims_of_two_days_are_two_transactions():
    later = a_claim(claim_number="SYN-2", submitted_date=date(2026, 2, 13))
    text = render_837([a_claim(), later])
    assert [bht[4] for bht in named(text, "BHT")] == ["20260212", "20260213"]


def test_a_claims_charge_is_the_sum_of_its_lines():
    text = render_837([a_claim(lines=(LINE, replace(LINE, charge_usd="20.50")))])
    assert named(text, "CLM")[0][2] == "200.50"


def test_a_line_names_its_vials_after_its_date():
    text = render_837([a_claim(lines=(replace(LINE, modifiers=("JZ",), line_control_number="7"),))])
    start = [segment[0] for segment in segments_of(text)].index("LX")
    assert segments_of(text)[start : start + 6] == [
        ["LX", "1"],
        ["SV1", "HC:J1324:JZ", "180", "UN", "90", "", "", "1"],
        ["DTP", "472", "D8", "20260210"],
        ["REF", "6R", "7"],
        ["LIN", "", "N4", "51144003001"],
        ["CTP", "", "", "", "3", "UN"],
    ]


def test_a_hospital_line_has_its_revenue_code_and_date_range():
    line = replace(LINE, revenue_code="0636", service_through_date=date(2026, 2, 11))
    text = render_837([a_claim(claim_type="institutional", lines=(line,))])
    assert named(text, "SV2") == [["SV2", "0636", "HC:J1324", "180", "UN", "90"]]
    assert named(text, "DTP") == [
        ["DTP", "434", "RD8", "20260210-20260211"],
        ["DTP", "472", "RD8", "20260210-20260211"],
    ]


def test_a_replacement_names_the_claim_it_replaces():
    text = render_837([a_claim(frequency="7", original_control_number="SYNICN1")])
    assert named(text, "CLM")[0][5] == "11:B:7"
    assert ["REF", "F8", "SYNICN1"] in named(text, "REF")


def test_a_secondary_claim_says_what_the_first_payer_did():
    first = OtherPayer(Payer("ALDER SYNTHETIC", "SYN10"), "P", "CI", "53.46", CUT)
    text = render_837([a_claim(payer_rank="S", other_payers=(first,))])
    assert [sbr[1] for sbr in named(text, "SBR")] == ["S", "P"]
    assert named(text, "AMT") == [["AMT", "D", "53.46"]]
    assert [nm1[9] for nm1 in named(text, "NM1") if nm1[1] == "PR"] == ["SYNALDER", "SYN10"]


def test_an_interchange_header_is_106_characters():
    assert len(render_837([a_claim()]).split("\n")[0]) == 106


def test_delimiters_may_be_chosen():
    envelope = Envelope(
        element="|", component="^", repetition="!", terminator="\x1c", line_break=""
    )
    text = render_837([a_claim()], envelope)
    assert "SV1|HC^J1324|180|UN|90|||1\x1c" in text
    assert text[3] == "|"
    assert text[104:106] == "^\x1c"


@pytest.mark.parametrize("mark", ["*", "~", "^"])
def test_a_delimiter_inside_an_element_is_refused(mark: str):
    with pytest.raises(ValueError, match="an element holds a delimiter"):
        render_837([a_claim(claim_number=f"SYN{mark}1")])


def test_an_empty_interchange_is_refused():
    for render in (render_837, render_835):
        with pytest.raises(ValueError, match="needs something in it"):
            render([])


@given(st.decimals(-(10**9), 10**9, places=3))
def test_numbers_keep_their_value_and_show_no_exponent(number: Decimal):
    text = number_text(number)
    assert Decimal(text) == number
    assert "E" not in text
