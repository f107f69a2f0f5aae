"""One small file for each hazard of real X12, every name in them SYNTHETIC-NAME.

`FIXTURES` are the files by the name of their hazard. `RETOLD` all say the same as `told`: a remit
and a claim whose rows are known by heart, which most of the others tell in another way.
"""

from __future__ import annotations

from functools import cache

from analytics.intake.raw_tables import RAW_TABLES
from tests.intake.parsed_together import FileRows, rows_together
from tests.small_x12 import Style, interchange, isa_elements, written

NAME = "SYNTHETIC-NAME"

REMIT = """
ST*835*0001
BPR*I*95.5*C*ACH************20260120
TRN*1*EFT1*1512345678
N1*PR*BIRCH HEALTH*XV*84980
LX*1
CLP*A1*1*200*100*20*CI*ICN1*11*1
NM1*QC*1*SYNTHETIC-NAME*SYNTHETIC-NAME****MI*M100
SVC*HC:J9177:JW*200*100**40
DTM*472*20260110
CAS*CO*45*80
CAS*PR*2*20
REF*6R*L1
PLB*1999999992*20261231*WO:ICN0*4.5
SE*14*0001
"""

CLAIM = """
ST*837*0002*005010X222A1
BHT*0019*00*B1*20260112*1200*CH
HL*1**20*1
NM1*85*2*SYNTHETIC-NAME*****XX*1999999992
HL*2*1*22*0
SBR*P*18*******CI
NM1*IL*1*SYNTHETIC-NAME*SYNTHETIC-NAME****MI*M100
NM1*PR*2*BIRCH HEALTH*****PI*84980
CLM*A1*200***11:B:1*Y*A*Y*Y
LX*1
SV1*HC:J9177:JW*200*UN*40***1
DTP*472*D8*20260110
REF*6R*L1
SE*14*0002
"""


def remit(*changes: tuple[str, str], style: Style | None = None, version: str = "") -> bytes:
    """The remit with some of its text changed."""
    return interchange(changed(REMIT, *changes), style=style or Style(), version=version)


def claim(*changes: tuple[str, str], style: Style | None = None, version: str = "") -> bytes:
    """The claim with some of its text changed."""
    return interchange(changed(CLAIM, *changes), style=style or Style(), version=version)


def changed(text: str, *changes: tuple[str, str]) -> str:
    """The text with each first part, which must be in it, in place of the second."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def wrapped(content: bytes, columns: int = 80) -> bytes:
    """The content as a terminal of so many columns prints it."""
    lines = [content[start : start + columns] for start in range(0, len(content), columns)]
    return b"\r\n".join(lines) + b"\r\n"


PLAIN = interchange(REMIT, CLAIM)

_SHORT_ISA = {2: "", 4: "", 6: "S", 8: "R"}
_NO_SUCH_ISA = f"ISA*{'*'.join(isa_elements()[:12])}~"

# The same said in other ways: the rows are those of `TOLD`.
RETOLD: dict[str, bytes] = {
    "element separator": interchange(REMIT, CLAIM, style=Style(element="|")),
    "component separator": interchange(REMIT, CLAIM, style=Style(component=">")),
    "repetition separator": interchange(REMIT, CLAIM, style=Style(isa={11: "|"})),
    "all separators are control characters": interchange(
        REMIT, CLAIM, style=Style("\x1d", "\x1f", "\x1c")
    ),
    "terminator LF": interchange(REMIT, CLAIM, style=Style(terminator="\n")),
    "terminator CR": interchange(REMIT, CLAIM, style=Style(terminator="\r")),
    "terminator CRLF": interchange(REMIT, CLAIM, style=Style(terminator="\r", line_break="\n")),
    "terminator 0x1C": interchange(REMIT, CLAIM, style=Style(terminator="\x1c")),
    "terminator $": interchange(REMIT, CLAIM, style=Style(terminator="$")),
    "terminator _": interchange(REMIT, CLAIM, style=Style(terminator="_", line_break="\r\n")),
    "line feeds after segments": interchange(REMIT, CLAIM, style=Style(line_break="\n")),
    "CRLF after segments": interchange(REMIT, CLAIM, style=Style(line_break="\r\n")),
    "blank lines and indents": interchange(REMIT, CLAIM, style=Style(line_break="\n\n   \t")),
    "wrapped at 80 columns": wrapped(PLAIN),
    "wrapped at 106 columns": wrapped(PLAIN, 106),
    "byte-order mark": b"\xef\xbb\xbf" + PLAIN,
    "leading blanks": b"  \r\n\t " + PLAIN,
    "trailing ctrl-Z": PLAIN + b"\x1a",
    "trailing NULs": PLAIN + b"\r\n\x00\x00\x00",
    "no last terminator": PLAIN[:-1],
    "short ISA": interchange(REMIT, CLAIM, style=Style(isa=_SHORT_ISA)),
    "long ISA": interchange(REMIT, CLAIM, style=Style(isa={6: "S" * 40})),
    "no ISA16": interchange(REMIT, CLAIM, style=Style(isa={16: ""})),
    "no ISA16 on a line of its own": interchange(
        REMIT, CLAIM, style=Style(terminator="\n", isa={16: ""})
    ),
}

CLOSING = {"LX": "LX*2", "TS3": "TS3*1*11*20261231*1*5", "TS2": "TS2*1"}

# A file for each thing that is said otherwise; its rows stand in the test of the hazard.
FIXTURES: dict[str, bytes] = {
    "told": PLAIN,
    **RETOLD,
    "two interchanges, two sets of delimiters": remit()
    + remit(("*A1*", "*A2*"), style=Style("|", ">", "\x1c"))
    + remit(("*A1*", "*A3*"), style=Style("^", "|", "\n")),
    "ISA within a name": remit(("QC*1*SYNTHETIC-NAME*SYNTHETIC-NAME", "QC*1*VISA*ISA")),
    "ISA that cannot be read": _NO_SUCH_ISA.encode() + b"GS*HP*S*R~ST*835*1~SE*2*1~",
    "4010 beside 5010": remit(style=Style(isa={11: "U", 12: "00401"}), version="004010X091A1")
    + remit(("*A1*", "*A2*")),
    "4010 claims": claim(
        ("*005010X222A1", ""), style=Style(isa={11: "U", 12: "00401"}), version="004010X098A1"
    ),
    "cp1252": remit(("BIRCH HEALTH", "CAFÉ SANTÉ €")).decode().encode("cp1252"),
    "UTF-8": remit(("BIRCH HEALTH", "CAFÉ SANTÉ €")),
    "test interchange": remit(style=Style(isa={15: "T"})) + remit(("*A1*", "*A2*")),
    "twice in one file": remit() + remit(),
    "numbered anew": remit(("835*0001", "835*0777"), style=Style(isa={13: "000000777"})),
    "remits and claims in one": interchange(REMIT, CLAIM),
    "no SE": remit(("SE*14*0001\n", "")),
    "cut within a segment": PLAIN[: PLAIN.index(b"SVC*HC:J9177:JW*200*10") + 21],
    "cut before another interchange": remit()[: remit().index(b"CAS*CO*45*8") + 11] + claim(),
    "lower-case ids": written(
        [
            line if line.startswith("ISA") else line.lower()
            for line in PLAIN.decode().split("~")[:-1]
        ]
    ),
    "text before the ISA": b"Dear practice, please find\r\n" + PLAIN,
    "segments between transactions": PLAIN.replace(
        b"GE*1*1~", b"CLP*X*1*5*5~SVC*HC:J1*5*5~GE*1*1~"
    ),
    "no ISA, from GS": PLAIN[PLAIN.index(b"GS*HP") :],
    "no ISA, from ST": PLAIN[PLAIN.index(b"ST*835") : PLAIN.index(b"GE*1*1~")],
    "no ISA, on lines": remit(style=Style(terminator="\n"))[106:],
    "not ours": interchange("ST*999*0001\nAK1*HC*1\nAK9*A*1*1*1\nSE*4*0001"),
    "four modifiers": remit(("HC:J9177:JW*", "HC:J9177:JW:59:RT:XU:SYNTHETIC-NAME*")),
    "original code and units": remit(("**40\n", "**40*HC:J9178:JZ*50\n")),
    "empty SVC05": remit(("**40\n", "\n")),
    "revenue code as SVC01": remit(("HC:J9177:JW*", "NU:0300*")),
    "revenue code beside": remit(("*100**40", "*100*0636*40")),
    "six triplets": remit(
        ("CAS*CO*45*80", "CAS*CO*45*10*1*253*20**96*5*2*97*15**144*-30*1*B10*60*3")
    ),
    "same group again": remit(("CAS*CO*45*80", "CAS*CO*45*60\nCAS*CO*253*20\nCAS*CO*45*0")),
    "claim-level CAS": remit(
        ("NM1*QC", "CAS*CO*45*80**96*-5\nNM1*QC"), ("CAS*CO*45*80\nCAS*PR", "CAS*PR")
    ),
    "negative CAS of a reversal": remit(
        ("CLP*A1*1*200*100*20", "CLP*A1*22*-200*-100*-20"),
        ("JW*200*100**40", "JW*-200*-100**-40"),
        ("CAS*CO*45*80", "CAS*CO*45*-80"),
        ("CAS*PR*2*20", "CAS*PR*2*-20"),
    ),
    "CLP without SVC": remit(
        ("SVC*HC:J9177:JW*200*100**40\nDTM*472*20260110\n", ""), ("REF*6R*L1\n", "")
    ),
    **{
        f"{closing} closes a claim": remit(
            ("PLB*", f"{told}\nREF*1L*STRAY\nCAS*CO*45*7\nCLP*A2*4*50*0\nPLB*")
        )
        for closing, told in CLOSING.items()
    },
    "SVC before any claim": remit(("LX*1\n", "LX*1\nSVC*HC:J1*5*5\n")),
    "six PLB pairs": remit(
        (
            "PLB*1999999992*20261231*WO:ICN0*4.5",
            "PLB*1*20261231*WO:R1*1*72*-2*L6:R3*-.5*FB:R4*4.*CS*5*AM:R6*-6",
        )
    ),
    "amounts": remit(
        ("CLP*A1*1*200*100*20", "CLP*A1*1*15000*.5*-.5"), ("*200*100**40", "*5.*0**+4")
    ),
    "more than two decimals": remit(("CLP*A1*1*200*100*20", "CLP*A1*1*0.12345*10.00499999*0.005")),
    "no decimal": remit(("CLP*A1*1*200*100*20", "CLP*A1*1*1e3*1,000*$5")),
    "dates of a range": remit(("DTM*472*20260110", "DTM*150*20260110\nDTM*151*20260112")),
    "day and range": remit(("DTM*472*20260110", "DTM*151*20260113\nDTM*472*20260110")),
    "dates of the claim only": remit(
        ("DTM*472*20260110\n", ""), ("NM1*QC", "DTM*232*20260109\nDTM*233*20260111\nNM1*QC")
    ),
    "no such day": remit(("DTM*472*20260110", "DTM*472*20260230")),
    "RD8": claim(("D8*20260110", "RD8*20260110-20260112")),
    "dates of the 837 claim only": claim(
        ("DTP*472*D8*20260110\n", ""), ("LX*1", "DTP*472*RD8*20260110-20260111\nLX*1")
    ),
    "other payers": claim(
        (
            "LX*1",
            "REF*F8*OWN\nSBR*S*18*******MB\nAMT*D*12.5\nNM1*IL*1*SYNTHETIC-NAME****MI*OTHER\n"
            "NM1*PR*2*CEDAR CARE*****PI*C1\nDTP*573*D8*20260111\nREF*F8*OTHERS\n"
            "SBR*T*18*******ZZ\nNM1*PR*2*ELM*****PI*E1\nLX*1",
        )
    ),
    "patient is not the subscriber": claim(
        ("CLM*A1", "HL*3*2*23*0\nPAT*19\nNM1*QC*1*SYNTHETIC-NAME*KID\nDMG*D8*20150505*M\nCLM*A1")
    ),
    "replacement": claim(("11:B:1", "11:B:7"), ("LX*1", "REF*F8*ICN1\nLX*1")),
    "void": claim(("11:B:1", "11:B:8"), ("LX*1", "REF*F8*ICN1\nLX*1")),
    "drug of a line": claim(("REF*6R*L1", "REF*6R*L1\nLIN**N4*51144-0020-01\nCTP****2.5*ML")),
    "hospital claim": claim(
        ("005010X222A1", "005010X223A2"),
        (
            "LX*1\nSV1*HC:J9177:JW*200*UN*40***1",
            "DTP*434*RD8*20260110-20260111\nLX*1\nSV2*0636*HC:J9177:JW*200*UN*40",
        ),
    ),
}


@cache
def _parsed() -> dict[str, FileRows]:
    """The rows of every fixture, all parsed as one batch: no file changes how another is read."""
    return dict(zip(FIXTURES, rows_together(list(FIXTURES.values())), strict=True))


def rows(hazard: str, table: str, columns: str = "") -> list[tuple]:
    """The rows of a table in the fixture of a hazard; all columns, or those named."""
    places = [list(RAW_TABLES[table]).index(column) for column in columns.split()]
    found = _parsed()[hazard][table]
    return [tuple(row[place] for place in places) for row in found] if places else found


def what_is_said(hazard: str) -> FileRows:
    """Every row of a fixture, apart from where it lies in the file and what the file is called."""
    hidden = {"file_sha256", "source_offset", "bytes", "source_file"}
    return {
        table: rows(hazard, table, " ".join(name for name in schema if name not in hidden))
        for table, schema in RAW_TABLES.items()
    }
