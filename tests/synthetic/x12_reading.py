"""A reader of X12 text for these tests alone: plain splits, exact decimals, nothing shared."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

Segment = list[str]


@dataclass
class ReadLine:
    """One SVC with the dollars of its own adjustments."""

    code: str
    charge: Decimal
    paid: Decimal
    units: str
    adjusted: Decimal = Decimal(0)


@dataclass
class ReadClaim:
    """One CLP: its lines, and the dollars of its claim-level adjustments."""

    number: str
    status: str
    charge: Decimal
    paid: Decimal
    adjusted: Decimal = Decimal(0)
    lines: list[ReadLine] = field(default_factory=list)


@dataclass
class ReadRemit:
    """One 835 transaction."""

    trace: str
    payment: Decimal
    claims: list[ReadClaim] = field(default_factory=list)
    provider_adjustments: Decimal = Decimal(0)

    def differences(self) -> list[str]:
        """What does not add up, in words; nothing when the remit balances."""
        found = []
        for claim in self.claims:
            for line in claim.lines:
                if line.charge - line.adjusted != line.paid:
                    found.append(f"{claim.number} line {line.code}")
            taken = claim.adjusted + sum(line.adjusted for line in claim.lines)
            if claim.charge - taken != claim.paid:
                found.append(f"{claim.number} claim")
            if claim.lines and sum(line.charge for line in claim.lines) != claim.charge:
                found.append(f"{claim.number} charge")
        paid = sum((claim.paid for claim in self.claims), Decimal(0))
        if paid - self.provider_adjustments != self.payment:
            found.append(f"{self.trace} payment")
        return found


def segments_of(text: str, element: str = "*", terminator: str = "~") -> list[Segment]:
    """The segments of an interchange, split into elements."""
    return [
        piece.strip().split(element) for piece in text.split(terminator) if piece.strip("\r\n ")
    ]


def control_differences(text: str) -> list[str]:
    """Counts and control numbers of an interchange that do not agree, in words."""
    found, segments = [], segments_of(text)
    groups = transactions = size = 0
    for segment in segments:
        name = segment[0]
        size += 1
        if name == "ISA":
            isa = segment[13]
        elif name == "GS":
            groups, transactions, group = groups + 1, 0, segment[6]
        elif name == "ST":
            transactions, size, control = transactions + 1, 1, segment[2]
        elif name == "SE" and segment[1:3] != [str(size), control]:
            found.append(f"SE {segment[1:]} after {size} segments of {control}")
        elif name == "GE" and segment[1:3] != [str(transactions), group]:
            found.append(f"GE {segment[1:]}")
        elif name == "IEA" and segment[1:3] != [str(groups), isa]:
            found.append(f"IEA {segment[1:]}")
    return found


def remits_of(text: str) -> list[ReadRemit]:
    """The remits of an 835 interchange."""
    remits: list[ReadRemit] = []
    for segment in segments_of(text):
        name = segment[0]
        if name == "BPR":
            remits.append(ReadRemit("", Decimal(segment[2])))
        elif name == "TRN":
            remits[-1].trace = segment[2]
        elif name == "CLP":
            charge, paid = Decimal(segment[3]), Decimal(segment[4])
            remits[-1].claims.append(ReadClaim(segment[1], segment[2], charge, paid))
        elif name == "SVC":
            _line(remits[-1].claims[-1], segment)
        elif name == "CAS":
            _adjust(remits[-1].claims[-1], segment)
        elif name == "PLB":
            remits[-1].provider_adjustments += sum(map(Decimal, segment[4::2]))
    return remits


def _line(claim: ReadClaim, segment: Segment) -> None:
    units = segment[5] if len(segment) > 5 else ""
    claim.lines.append(ReadLine(segment[1], Decimal(segment[2]), Decimal(segment[3]), units))


def _adjust(claim: ReadClaim, segment: Segment) -> None:
    owner = claim.lines[-1] if claim.lines else claim
    owner.adjusted += sum(map(Decimal, segment[3::3]))
