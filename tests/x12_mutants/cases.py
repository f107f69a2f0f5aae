"""Damaged files that were once read wrongly or not at all, made small, by what was wrong."""

from __future__ import annotations

from tests.small_x12 import Style, interchange

_REMIT = "ST*835*1\nBPR*I*5*C*CHK************20260120\nCLP*A*1*5*5\nSE*4*1"


def _remit(old: str = "", new: str = "", style: Style | None = None) -> bytes:
    assert old in _REMIT
    return interchange(_REMIT.replace(old, new), style=style or Style())


CASES = {
    "the year 0 is no year": _remit("20260120", "00000101"),
    "five decimals are cut to four, not rounded": _remit("5*5", "5*10.00499999"),
    "fourteen nines and five decimals are a number": _remit("5*5", "5*99999999999999.99999"),
    "quantity that is no number is one of a QTY": _remit("SE*4", "QTY*CA*X\nSE*5"),
    "form feed behind the last segment cuts nothing": _remit().split(b"SE*")[0] + b"\x0c",
    "no-break space behind the last segment cuts nothing": _remit().split(b"SE*")[0]
    + "\u00a0".encode(),
    "byte-order mark behind ISA16 is no terminator": _remit(style=Style(terminator="\n")).replace(
        b":\nGS", b":\xef\xbb\xbf\nGS"
    ),
    "half of a character separates nothing": _remit().replace(b"*", "\u00e9".encode()),
    "whole characters of a file in cp1252 may separate": _remit().replace(b"*", b"\xa6"),
    "a segment that only looks like an SE is content": _remit(style=Style("|", ">", "\n")).replace(
        b"SE|4|1", b"SE~4"
    ),
    "half of a character is not the mark that it is by itself": _remit(
        "SE*4", "N1*PR*CAF\u00c9\nSE*5"
    ).replace(b"*P*:~", b"*P*\xc9~"),
    "no ISA, and GS says what separates": _remit()[106:],
    "no ISA, and ST says what separates": _remit()[_remit().index(b"ST*") :],
    "no ISA, and a sender whose name ends in ST": _remit()[106:].replace(b"*S*R*", b"*MIDWEST*ST*"),
    "half of an ST opens nothing": _remit()[: _remit().index(b"BPR") - 1],
    "cp1252 beside UTF-8": _remit("SE*4", "NTE*\u00e9\nSE*5").replace(b"CLP*A*", b"CLP*\xc9*"),
    "an empty remark code is no remark": _remit("SE*4", "SVC*HC:A*5*5\nLQ*HE\nLQ*HE*\nSE*7"),
}
