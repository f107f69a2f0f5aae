"""Small interchanges as text, one of each kind, whose every name is SYNTHETIC-NAME."""

from dataclasses import dataclass, field

NAME = "SYNTHETIC-NAME"

REMIT = """
ST*835*0001
BPR*I*310.5*C*ACH*CCP*01*999*DA*1*1512345678**01*999*DA*2*20260115
TRN*1*EFT77*1512345678
DTM*405*20260114
N1*PR*BIRCH HEALTH*XV*84980
N3*SYNTHETIC-NAME ROAD 1
N4*SYNTHETIC-NAME CITY*NY*10001
REF*2U*BIRCH2
PER*BL*SYNTHETIC-NAME*TE*8005550100
N1*PE*SYNTHETIC-NAME CLINIC*XX*1999999992
REF*TJ*741234567
LX*1
TS3*1999999992*11*20261231*2*500
CLP*A1*1*400*300.5*50*12*ICN1*11*1
CAS*OA*23*-10.5
NM1*QC*1*SYNTHETIC-NAME*SYNTHETIC-NAME****MI*M100
NM1*82*1*SYNTHETIC-NAME*SYNTHETIC-NAME****XX*1888888888
MIA*0****N1***************N20*N21**N23
MOA***MA01*MA130**N5
REF*1L*GRP1
REF*EA*SYNTHETIC-NAME
DTM*232*20260101
DTM*233*20260102
DTM*050*20260105
AMT*AU*400
QTY*CA*3
SVC*HC:J9177:JW:59::XU*400*300.5*0636*4.5*HC:J9178:JZ*5
DTM*150*20260101
DTM*151*20260102
CAS*CO*45*60*1.5*253*5.25**96*4.75*2
CAS*PR*2*20**3*20
CAS*CO*131*-5
REF*6R*L1
AMT*B6*340.5
AMT*I*1.25
LQ*HE*N115
LQ*HE*M62
LQ*RX*99
SVC*NU:0300*0*0
DTM*472*20260103
LX*2
TS2*1
REF*1L*STRAY
CLP*A2*22*-50*10**MB*ICN2
NM1*IL*1*SYNTHETIC-NAME*SYNTHETIC-NAME****MI*M200
CAS*CO*45*-60
PLB*1999999992*20261231*WO:REF1*12.5*72*-1*L6:REF3*-.5
PLB*1999999992*20261231*CS*5.
SE*49*0001
"""

CLAIMS = """
ST*837*0001*005010X222A1
BHT*0019*00*B1*20260110*1200*CH
NM1*41*2*SYNTHETIC-NAME*****46*1
NM1*40*2*SYNTHETIC-NAME*****46*2
HL*1**20*1
PRV*BI*PXC*1
NM1*85*2*SYNTHETIC-NAME*****XX*1999999992
N3*SYNTHETIC-NAME ROAD 1
REF*EI*741234567
NM1*87*2
REF*EI*999999999
HL*2*1*22*0
SBR*P*18*GRP9******CI
NM1*IL*1*SYNTHETIC-NAME*SYNTHETIC-NAME****MI*M100
DMG*D8*19610203*F
NM1*PR*2*BIRCH HEALTH*****PI*84980
REF*FY*1
CLM*A1*400***11:B:1*Y*A*Y*Y
DTP*431*D8*20251201
REF*G1*AUTH1
REF*F8*ICN0
HI*ABK:C679*ABF:Z5111*BF:R11:X
HI*ABF:D649
NM1*82*1*SYNTHETIC-NAME*SYNTHETIC-NAME****XX*1888888888
SBR*S*18*OTHER******MB
CAS*PR*1*5
AMT*D*12.5
NM1*IL*1*SYNTHETIC-NAME*SYNTHETIC-NAME****MI*OTHER
NM1*PR*2*CEDAR CARE*****PI*C1
REF*F8*OTHERICN
REF*G1*OTHERAUTH
SBR*T*18*******ZZ
NM1*PR*2*ELM*****PI*E1
LX*1
SV1*HC:J9177:JW*300*UN*40*11**1:2
DTP*472*D8*20260101
REF*6R*L1
REF*G1*OTHERLINE**2U:C1
REF*G1*LINEAUTH
LIN**N4*51144002001
CTP****2*UN
NM1*82*1*SYNTHETIC-NAME*SYNTHETIC-NAME
SVD*C1*10*HC:J9177**1
CAS*CO*45*290
DTP*573*D8*20260108
LX*2
SV1*HC:96413*100*UN*1***1
DTP*472*RD8*20260101-20260103
HL*3*1*22*1
SBR*S********MC
NM1*IL*1*SYNTHETIC-NAME*SYNTHETIC-NAME****MI*M300
DMG*D8*19500101*M
NM1*PR*2*DOGWOOD*****PI*D1
HL*4*3*23*0
PAT*19
NM1*QC*1*SYNTHETIC-NAME*KID
DMG*D8*20150505*M
CLM*A2*50***22:B:7*Y*A*Y*Y
LX*1
SV1*HC:99213*50*UN*1***1
DTP*472*D8*20260104
SE*62*0001
"""

HOSPITAL_CLAIMS = """
ST*837*0001*005010X223A2
BHT*0019*00*B2*20260111*1200*CH
HL*1**20*1
NM1*85*2*SYNTHETIC-NAME*****XX*1999999992
HL*2*1*22*0
SBR*P*18*******MA
NM1*IL*1*SYNTHETIC-NAME*SYNTHETIC-NAME****MI*M400
NM1*PR*2*MEDICARE*****PI*12202
CLM*H1*900***13:A:1**A*Y*Y
DTP*434*RD8*20260101-20260105
HI*BK:C679
HI*BJ:X99
LX*1
SV2*0636*HC:J9299:JZ*900*UN*90
DTP*472*D8*20260102
SE*16*0001
"""

ACKNOWLEDGEMENT = """
ST*999*0001*005010X231A1
AK1*HC*1*005010X222A1
AK9*A*1*1*1
SE*4*0001
"""

GUIDES = {
    "835": ("HP", "005010X221A1"),
    "837": ("HC", "005010X222A1"),
    "999": ("FA", "005010X231A1"),
}


@dataclass(frozen=True)
class Style:
    """How an interchange is written down; what it says stays the same."""

    element: str = "*"
    component: str = ":"
    terminator: str = "~"
    line_break: str = ""
    isa: dict[int, str] = field(default_factory=dict)


PLAIN = Style()


def segments(transaction: str) -> list[str]:
    """The segments of one of the texts above, with `*` and `:`."""
    return [line for line in transaction.splitlines() if line]


def interchange(*transactions: str, style: Style = PLAIN, version: str = "") -> bytes:
    """One interchange with the transactions in a group each, as `style` writes it."""
    body = [f"ISA*{'*'.join(isa_elements(style))}"]
    for number, transaction in enumerate(transactions, start=1):
        code, guide = GUIDES[transaction.split("*", 2)[1]]
        body.append(f"GS*{code}*S*R*20260116*1201*{number}*X*{version or guide}")
        body += [*segments(transaction), f"GE*1*{number}"]
    return written([*body, f"IEA*{len(transactions)}*000000001"], style)


def isa_elements(style: Style = PLAIN) -> list[str]:
    """The sixteen elements of an ISA; `style.isa` overrides some by number."""
    plain = ["00", " " * 10, "00", " " * 10, "ZZ", "S".ljust(15), "ZZ", "R".ljust(15)]
    is_free = "^" not in (style.element, style.component, style.terminator)
    repetition = "^" if is_free else "U"
    plain += ["260116", "1200", repetition, "00501", "000000001", "0", "P", ":"]
    return [style.isa.get(number, text) for number, text in enumerate(plain, start=1)]


def written(lines: list[str], style: Style = PLAIN) -> bytes:
    """Segments with the delimiters and line breaks of `style`."""
    table = str.maketrans({"*": style.element, ":": style.component})
    end = style.terminator + style.line_break
    return "".join(line.translate(table) + end for line in lines).encode()
