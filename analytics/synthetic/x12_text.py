"""How X12 text is written: segments, numbers, and the envelope whose counts agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from analytics.synthetic.x12_records import Adjustment, Number, Patient

PRACTICE = "SYNTHETIC INFUSION CENTER"
ADDRESS = ("N3*1 SYNTHETIC WAY", "N4*NOWHERE*NY*000000000")
TRIPLETS_PER_CAS = 6


@dataclass(frozen=True)
class Envelope:
    """The interchange around the transactions: who, when, control number, delimiters."""

    control_number: int = 1
    sent_date: date | None = None
    sent_time: str = "1200"
    usage: str = "P"
    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    line_break: str = "\n"


@dataclass(frozen=True)
class Group:
    """One functional group (GS) and the bodies of its transactions."""

    kind: str
    transaction: str
    version: str
    bodies: list[list[str]]


def number_text(number: Number) -> str:
    """A number as X12 writes it: no exponent, no trailing zeros, cents kept in pairs.

    >>> (
    ...     number_text(Decimal("180.00")),
    ...     number_text("53.40"),
    ...     number_text("7.500"),
    ...     number_text("-0.5"),
    ... )
    ('180', '53.40', '7.50', '-0.50')
    """
    exact = Decimal(number)
    if exact == exact.to_integral_value():
        return f"{exact:.0f}" if exact else "0"
    text = f"{exact:f}".rstrip("0")
    decimals = len(text.partition(".")[2])
    return text + "0" * max(0, 2 - decimals)


def segment(*elements: str) -> str:
    """One segment without its terminator, empty elements at the end left off."""
    for element in elements:
        if any(mark in element for mark in "*~^"):
            raise ValueError(
                "an element holds a delimiter; found one of * ~ ^ in a "
                f"{elements[0]} segment. Take it out of the text."
            )
    return "*".join(elements).rstrip("*")


def person(role: str, patient: Patient) -> str:
    """The NM1 that names an invented patient."""
    return segment(
        "NM1", role, "1", patient.last_name, patient.first_name, "", "", "", "MI", patient.member_id
    )


def adjustment_segments(adjustments: tuple[Adjustment, ...]) -> Iterator[str]:
    """CAS segments: neighbours of one group share a segment, six triplets at most."""
    for group, found in groupby(adjustments, key=lambda one: one.group):
        same_group = list(found)
        for start in range(0, len(same_group), TRIPLETS_PER_CAS):
            elements = ["CAS", group]
            for one in same_group[start : start + TRIPLETS_PER_CAS]:
                quantity = "" if one.quantity is None else number_text(one.quantity)
                elements += [one.reason, number_text(one.amount_usd), quantity]
            yield segment(*elements)


def interchange(groups: Sequence[Group], envelope: Envelope, sent: date | None) -> str:
    """One ISA..IEA around the groups, with the control counts every reader checks."""
    if not groups or sent is None:
        raise ValueError("an interchange needs something in it; found none. Pass at least one.")
    isa_control = f"{envelope.control_number:09d}"
    segments = [
        f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{'SYNTHETICSENDER':15}*ZZ*{'SYNTHETICRECVR':15}"
        f"*{sent:%y%m%d}*{envelope.sent_time}*^*00501*{isa_control}*0*{envelope.usage}*:"
    ]
    for place, group in enumerate(groups, start=1):
        control = str(envelope.control_number * 10 + place)
        segments.append(
            f"GS*{group.kind}*SYNTHETIC*SYNTHETIC*{sent:%Y%m%d}*{envelope.sent_time}"
            f"*{control}*X*{group.version}"
        )
        for number, body in enumerate(group.bodies, start=1):
            tail = "" if group.transaction == "835" else f"*{group.version}"
            segments.append(f"ST*{group.transaction}*{number:04d}{tail}")
            segments.extend(body)
            segments.append(f"SE*{len(body) + 2}*{number:04d}")
        segments.append(f"GE*{len(group.bodies)}*{control}")
    segments.append(f"IEA*{len(groups)}*{isa_control}")
    return "".join(_delimited(text, envelope) for text in segments)


def _delimited(segment: str, envelope: Envelope) -> str:
    swap = {
        "*": envelope.element,
        ":": envelope.component,
        "^": envelope.repetition,
    }
    return segment.translate(str.maketrans(swap)) + envelope.terminator + envelope.line_break
