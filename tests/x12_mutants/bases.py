"""Small valid interchanges to damage: remits and claims of every kind, every name SYNTHETIC."""

from __future__ import annotations

from dataclasses import dataclass

from tests.small_x12 import (
    ACKNOWLEDGEMENT,
    CLAIMS,
    GUIDES,
    HOSPITAL_CLAIMS,
    REMIT,
    Style,
    isa_elements,
    segments,
)

SHORT_REMIT = """
ST*835*0002
BPR*I*80*C*ACH************20260120
TRN*1*EFT78*1512345678
N1*PR*CEDAR CARE*XV*C1
N1*PE*SYNTHETIC-NAME CLINIC*FI*741234567
LX*1
CLP*B1*1*100*80*20*CI*ICN3*11*1
CAS*CO*45*5
NM1*QC*1*SYNTHETIC-NAME*SYNTHETIC-NAME****MI*M500
SVC*HC:J9299:JZ*100*80**10
DTM*472*20260110
CAS*PR*2*15
REF*6R*L9
SE*14*0002
"""

BARE_REMIT = """
ST*835*0003
BPR*I*-40.25*D*NON************20260121
TRN*1*EFT79*1512345678
N1*PR*CAFÉ SANTÉ*XV*C2
CLP*B2*22*-50*-40.25**MB*ICN4
CAS*CO*45*-9.75
PLB*1999999992*20261231*WO:ICN4*0.00
SE*8*0003
"""

SHORT_CLAIM = """
ST*837*0004*005010X222A1
BHT*0019*00*B4*20260112*1200*CH
HL*1**20*1
NM1*85*2*SYNTHETIC-NAME*****XX*1999999992
REF*EI*741234567
HL*2*1*22*0
SBR*P*18*******CI
NM1*IL*1*SYNTHETIC-NAME*SYNTHETIC-NAME****MI*M500
NM1*PR*2*CEDAR CARE*****PI*C1
CLM*B1*100***11:B:1*Y*A*Y*Y
HI*ABK:C679
LX*1
SV1*HC:J9299:JZ*100*UN*10***1
DTP*472*D8*20260110
REF*6R*L9
LIN**N4*00003377211
CTP****10*ML
SE*18*0004
"""


@dataclass(frozen=True)
class Base:
    """A valid file as segments; `owners` says which transaction each is inside, -1 for none."""

    name: str
    segments: tuple[str, ...]
    owners: tuple[int, ...]
    style: Style


def base(name: str, *transactions: str, style: Style | None = None) -> Base:
    """One interchange; ST and SE belong to the frame, what is between to the transaction."""
    style = style or Style()
    lines = [(f"ISA*{'*'.join(isa_elements(style))}", -1)]
    for number, transaction in enumerate(transactions):
        code, guide = GUIDES[transaction.split("*", 2)[1]]
        start, *inside, end = segments(transaction)
        lines.append((f"GS*{code}*S*R*20260116*1201*{number + 1}*X*{guide}", -1))
        lines += [(start, -1), *[(line, number) for line in inside], (end, -1)]
        lines.append((f"GE*1*{number + 1}", -1))
    lines.append((f"IEA*{len(transactions)}*000000001", -1))
    told, owners = zip(*lines, strict=True)
    return Base(name, told, owners, style)


BASES = (
    base("two remits", SHORT_REMIT, BARE_REMIT),
    base("long remit", REMIT, SHORT_REMIT),
    base("remits of other marks", SHORT_REMIT, BARE_REMIT, style=Style("|", ">", "\n")),
    base("wrapped remits", BARE_REMIT, SHORT_REMIT, style=Style(line_break="\r\n")),
    base("test remits", SHORT_REMIT, BARE_REMIT, style=Style(isa={15: "T"})),
    base("claim and remit", SHORT_CLAIM, SHORT_REMIT),
    base("long claims", CLAIMS, SHORT_CLAIM),
    base("hospital claims", HOSPITAL_CLAIMS, SHORT_CLAIM, style=Style(line_break="\n")),
    base("control marks", HOSPITAL_CLAIMS, BARE_REMIT, style=Style("\x1d", "\x1f", "\x1c")),
    base("foreign beside ours", ACKNOWLEDGEMENT, SHORT_CLAIM, SHORT_REMIT),
)
