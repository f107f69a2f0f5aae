"""What two public readers of X12 make of a file: how many claims, and how much money.

oxedi 0.6 reads remits; openx12 0.2 reads remits and claims, with `*`, `:` and `~` only. Neither is
needed to run the package or its tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module


@dataclass(frozen=True)
class Reading:
    """Claims and dollars a reader found: paid in remits, charged in claims."""

    claims: int
    dollars: Decimal


def read_by_oxedi(content: bytes, kind: str) -> Reading | None:
    """The remits of a file; None where it refuses the file, or for claims, which it never reads."""
    if kind != "835":
        return None
    oxedi = import_module("oxedi")
    try:
        claims = oxedi.parse(content).tables["claims"].to_polars()
    except oxedi.ParseError:
        return None
    return Reading(claims.height, Decimal(claims["payment_amount"].sum() or 0))


def read_by_openx12(content: bytes, kind: str) -> Reading | None:
    """The remits or claims of a file; dental claims it never reads."""
    if kind not in ("835", "837p", "837i"):
        return None
    read = import_module(f"openx12.x{kind}").parse(_text(content))
    if kind == "835":
        return Reading(
            len(read.claims), _sum(claim["claim_payment_amount"] for claim in read.claims)
        )
    return Reading(len(read.claims), _cents(read.total_billed))


READERS: dict[str, Callable[[bytes, str], Reading | None]] = {
    "oxedi": read_by_oxedi,
    "openx12": read_by_openx12,
}


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _sum(amounts: Iterable[float]) -> Decimal:
    return sum((_cents(amount) for amount in amounts), Decimal(0))


def _cents(amount: float) -> Decimal:
    # openx12 keeps dollars as binary floats; to the cent they are what was sent.
    return round(Decimal(str(amount)), 2)
