"""What a cell of an extract says, or that it is bad (EXTRACTS.md, Cells)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal

EMPTY = {"", "NULL", "NA", "N/A", "NONE", "NAN"}
MIDNIGHT = r"(?:[ T]00:00:00(?:\.0+)?)?"
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})" + MIDNIGHT)
US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})" + MIDNIGHT)
AMOUNT = r"(?:\d{1,14}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,4})?"
MONEY = re.compile(rf"-?\$?(?P<plain>{AMOUNT})|\$-(?P<minus>{AMOUNT})|\(\$?(?P<in>{AMOUNT})\)")
NUMBER = re.compile(rf"-?{AMOUNT}")
WHOLE = re.compile(r"(\d+)(?:\.0+)?")
LIST_OF_CODES = re.compile(r"[ ,;]+")
LIST_OF_MODIFIERS = re.compile(r"[ ,:;/]+")
LONGEST_TEXT = 50
TIME = re.compile(r"(\d{4}-\d{2}-\d{2}[ T])?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?")
YES, NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}
RANKS = {"P": "primary", "S": "secondary", "T": "tertiary"}
RANKS |= {"1": "primary", "2": "secondary", "3": "tertiary"}
CLAIM_TYPES = {"P": "professional", "I": "institutional", "D": "dental"}

Reader = Callable[[str], object]


class BadCellError(ValueError):
    """A cell that says nothing its column can hold."""


def is_empty(text: str) -> bool:
    """Return whether a cell is a thing not said."""
    return text.strip().upper() in EMPTY


def day(text: str) -> date:
    """Return the day of an ISO or a month-first text, from 1990 to 2099."""
    found = ISO_DATE.fullmatch(text)
    year, month, of_month = found.groups() if found else (0, 0, 0)
    if american := US_DATE.fullmatch(text):
        month, of_month, year = american.groups()
    try:
        read = date(int(year), int(month), int(of_month))
    except ValueError:
        raise BadCellError from None
    if not 1990 <= read.year <= 2099:
        raise BadCellError
    return read


def money(text: str) -> Decimal:
    """Return dollars with up to four decimals, negative in parentheses."""
    found = MONEY.fullmatch(text)
    if not found:
        raise BadCellError
    amount = Decimal((found["plain"] or found["minus"] or found["in"]).replace(",", ""))
    return amount if found["plain"] and not text.startswith("-") else -amount


def number(text: str) -> Decimal:
    """Return a number with up to four decimals."""
    if not NUMBER.fullmatch(text):
        raise BadCellError
    return Decimal(text.replace(",", ""))


def whole(least: int, most: int) -> Reader:
    """Return a reader of whole numbers in a range."""

    def read(text: str) -> int:
        found = WHOLE.fullmatch(text)
        if not found or not least <= int(found[1]) <= most:
            raise BadCellError
        return int(found[1])

    return read


def code(pattern: str) -> Reader:
    """Return a reader of codes of one shape, upper case."""

    def read(text: str) -> str:
        if not text.isascii() or not re.fullmatch(pattern, text.upper()):
            raise BadCellError
        return text.upper()

    return read


def text_of(text: str) -> str:
    """Return printable text of at most fifty characters."""
    return text_up_to(LONGEST_TEXT)(text)


def text_up_to(longest: int) -> Reader:
    """Return a reader of printable text of at most so many characters."""

    def read(text: str) -> str:
        if len(text) > longest or not text.isprintable():
            raise BadCellError
        return text

    return read


def drug(text: str) -> str:
    """Return the name of a drug, lower case."""
    return text_of(text).lower()


def amount(text: str) -> Decimal:
    """Return a number of 0 or more."""
    read = number(text)
    if read < 0:
        raise BadCellError
    return read


def yes_no(text: str) -> bool:
    """Return whether a cell says yes."""
    if text.lower() not in YES | NO:
        raise BadCellError
    return text.lower() in YES


def clock(text: str) -> tuple[date | None, time]:
    """Return a time of day, and the day where one stands before it."""
    if not TIME.fullmatch(text):
        raise BadCellError
    stated, _, told = text.replace("T", " ").rpartition(" ")
    try:
        return (date.fromisoformat(stated) if stated else None), time.fromisoformat(told.zfill(5))
    except ValueError:
        raise BadCellError from None


def without_hyphens(pattern: str) -> Reader:
    """Return a reader of codes that are stored without their hyphens."""

    def read(text: str) -> str:
        return code(pattern)(text.replace("-", ""))

    return read


def padded(pattern: str, digits: int) -> Reader:
    """Return a reader of codes whose digits get leading zeros."""

    def read(text: str) -> str:
        read_code = code(pattern)(text)
        return read_code.zfill(digits) if read_code.isdigit() else read_code

    return read


def codes(pattern: str) -> Reader:
    """Return a reader of codes separated by blank, comma or semicolon, in order."""

    def read(text: str) -> tuple[str, ...]:
        parts = [part for part in LIST_OF_CODES.split(text) if part]
        return tuple(code(pattern)(part.replace(".", "")) for part in parts)

    return read


def modifiers(text: str) -> tuple[str, ...]:
    """Return up to four modifiers, in order."""
    parts = [part for part in LIST_OF_MODIFIERS.split(text) if part]
    if len(parts) > 4:
        raise BadCellError
    return tuple(code(r"[A-Z0-9]{2}")(part) for part in parts)


def payer_rank(text: str) -> str:
    """Return whom a claim was sent to: primary, secondary or tertiary."""
    rank = RANKS.get(text.upper(), text.lower())
    if rank not in RANKS.values():
        raise BadCellError
    return rank


def claim_type(text: str) -> str:
    """Return professional, institutional or dental."""
    kind = CLAIM_TYPES.get(text.upper().removeprefix("837"), text.lower())
    if kind not in CLAIM_TYPES.values():
        raise BadCellError
    return kind


def reason_code(text: str) -> str:
    """Return a CARC without leading zeros."""
    found = re.fullmatch(r"([A-Z]{0,2})0*(\d+)", code(r"[A-Z]{0,2}\d+")(text))
    return found[1] + found[2]


def denial_reason(text: str) -> tuple[str, str]:
    """Return the group and the CARC of a reason such as CO-50."""
    group, hyphen, carc = text.partition("-")
    if not hyphen:
        raise BadCellError
    return group_code(group), reason_code(carc)


group_code = code(r"CO|PR|OA|PI|CR")
