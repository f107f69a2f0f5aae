"""What a cell of an extract may hold, and what it becomes: a date, an amount, a code, text.

A shape turns text into a value of its type; what it cannot turn is null and so is known to be
wrong. Nothing is guessed: a date is ISO or month first, an amount has its commas where they belong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

MONEY = pl.Decimal(18, 4)
LONGEST_TEXT = 50
LONGEST_PROSE = 200
NOT_SAID = ("null", "na", "n/a", "none", "nan")
_BODY = r"(\d{1,3}(,\d{3})+|\d+)?(\.\d{1,4})?"
_HAS_DIGIT = r"\d"
_MIDNIGHT = r"[ T]0{1,2}:00(:00(\.0+)?)?$"
_ISO = r"^(\d{4})-(\d{2})-(\d{2})$"
_US = r"^(\d{1,2})/(\d{1,2})/(\d{4})$"
_APART = r"[ ,;]+"
_NDC = r"^[0-9-]{8,14}$"
# An NDC of ten digits by its hyphens, and where the zero goes that makes it eleven (RULES 7.1).
_NDC_OF_TEN = {
    r"^(\d{4}-\d{4}-\d{2})$": "0${1}",
    r"^(\d{5})-(\d{3}-\d{2})$": "${1}0${2}",
    r"^(\d{5}-\d{4})-(\d)$": "${1}0${2}",
}

RANKS = {
    "primary": ("primary", "p", "1"),
    "secondary": ("secondary", "s", "2"),
    "tertiary": ("tertiary", "t", "3"),
}
CLAIM_TYPES = {
    "professional": ("professional", "837p", "p"),
    "institutional": ("institutional", "837i", "i"),
    "dental": ("dental", "837d", "d"),
}
YES_NO = {"true": ("yes", "y", "true", "1"), "false": ("no", "n", "false", "0")}


@dataclass(frozen=True)
class Shape:
    """How text becomes a value, the type it has, and what is expected, in words."""

    value: Callable[[pl.Expr], pl.Expr]
    dtype: pl.DataType
    expected: str


def stripped(cell: pl.Expr) -> pl.Expr:
    """A cell as text, null where it says nothing."""
    cell = cell.str.strip_chars()
    return pl.when((cell != "") & ~cell.str.to_lowercase().is_in(NOT_SAID)).then(cell)


def _matching(pattern: str, *, upper: bool = True) -> Callable[[pl.Expr], pl.Expr]:
    def value(cell: pl.Expr) -> pl.Expr:
        cell = cell.str.to_uppercase() if upper else cell
        return pl.when(cell.str.contains(pattern)).then(cell)

    return value


def _one_of(words: dict[str, tuple[str, ...]]) -> Callable[[pl.Expr], pl.Expr]:
    meaning = {word: meant for meant, spelled in words.items() for word in spelled}
    return lambda cell: cell.str.to_lowercase().replace_strict(
        meaning, default=None, return_dtype=pl.String
    )


def _list_of(pattern: str, apart: str, most: int) -> Callable[[pl.Expr], pl.Expr]:
    """Codes with something between them, in the order told with one blank between."""
    every = _matching(rf"^{pattern}( {pattern}){{0,{most - 1}}}$")

    def value(cell: pl.Expr) -> pl.Expr:
        return every(cell.str.replace_all(apart, " ").str.strip_chars())

    return value


def _text(longest: int) -> Callable[[pl.Expr], pl.Expr]:
    def value(cell: pl.Expr) -> pl.Expr:
        is_short = cell.str.len_chars() <= longest
        return pl.when(is_short & ~cell.str.contains(r"[\x00-\x1f\x7f]")).then(cell)

    return value


def _date(cell: pl.Expr) -> pl.Expr:
    day = cell.str.replace(_MIDNIGHT, "")
    us = pl.format(
        "{}-{}-{}",
        day.str.extract(_US, 3),
        day.str.extract(_US, 1).str.zfill(2),
        day.str.extract(_US, 2).str.zfill(2),
    )
    iso = pl.when(day.str.contains(_ISO)).then(day).otherwise(us)
    found = iso.str.to_date("%Y-%m-%d", strict=False)
    return pl.when(found.dt.year().is_between(1990, 2099)).then(found)


def _amount(*, dollars: bool, least: int | None = None) -> Callable[[pl.Expr], pl.Expr]:
    sign = r"\$" if dollars else ""
    forms = [rf"-?{_BODY}"]
    if dollars:
        forms = [rf"-?{sign}?{_BODY}", rf"{sign}-{_BODY}", rf"\({sign}?{_BODY}\)"]
    pattern = "^(" + "|".join(forms) + ")$"

    def value(cell: pl.Expr) -> pl.Expr:
        digits = cell.str.replace_all(r"[$,()-]", "")
        is_right = (
            cell.str.contains(pattern)
            & digits.str.contains(_HAS_DIGIT)
            & (digits.str.replace(r"\..*", "").str.len_chars() <= 14)
        )
        number = pl.when(is_right).then(digits).cast(MONEY, strict=False)
        signed = pl.when(cell.str.contains(r"[(-]")).then(-number).otherwise(number)
        return signed if least is None else pl.when(signed >= least).then(signed)

    return value


def _whole(least: int) -> Callable[[pl.Expr], pl.Expr]:
    def value(cell: pl.Expr) -> pl.Expr:
        digits = cell.str.extract(r"^(\d{1,6})(\.0+)?$", 1).cast(pl.Int32, strict=False)
        return pl.when(digits >= least).then(digits)

    return value


def _status(cell: pl.Expr) -> pl.Expr:
    number = _whole(1)(cell)
    return pl.when(number <= 25).then(number.cast(pl.String))


def _hcpcs(cell: pl.Expr) -> pl.Expr:
    cell = cell.str.to_uppercase()
    is_code = cell.str.contains(r"^[A-Z0-9]{5}$") & cell.str.contains(_HAS_DIGIT)
    return pl.when(is_code).then(cell)


def _padded(length: int, pattern: str) -> Callable[[pl.Expr], pl.Expr]:
    """A code whose leading zero a spreadsheet has eaten, whole again."""
    return lambda cell: _matching(pattern)(cell.str.to_uppercase()).str.zfill(length)


def _ndc_without_hyphens(cell: pl.Expr) -> pl.Expr:
    cell = _matching(_NDC)(cell)
    for pattern, padded in _NDC_OF_TEN.items():
        cell = cell.str.replace(pattern, padded)
    return cell.str.replace_all("-", "", literal=True)


def _diagnoses(cell: pl.Expr) -> pl.Expr:
    return _list_of(r"([A-Z]\d[A-Z0-9]{1,5}|\d{3,5})", _APART, 60)(
        cell.str.replace_all(".", "", literal=True)
    )


def _tax_id(cell: pl.Expr) -> pl.Expr:
    return _matching(r"^\d{9}$")(cell.str.replace(r"^(\d{2})-(\d{7})$", "${1}${2}"))


def _reason(cell: pl.Expr) -> pl.Expr:
    cell = _matching(r"^([A-Z]{0,2}[0-9]{1,3})$")(cell)
    return cell.str.replace(r"^0+(\d)", "${1}")


def _denial(cell: pl.Expr) -> pl.Expr:
    cell = _matching(r"^(CO|PR|OA|PI|CR)[- ][A-Z]{0,2}[0-9]{1,3}$")(cell)
    return cell.str.replace(" ", "-", literal=True).str.replace(r"-0+(\d)", "-${1}")


def _clock(cell: pl.Expr) -> pl.Expr:
    """A time of day as text, `14:05:00`, or a day with it, `2026-01-31 14:05:00`."""
    cell = cell.str.replace("T", " ", literal=True).str.replace(r"\.0+$", "")
    cell = cell.str.replace(r"^((\d{4}-\d{2}-\d{2} )?\d{1,2}:\d{2})$", "${1}:00")
    cell = cell.str.replace(r"^(\d):", "0${1}:").str.replace(r" (\d):", " 0${1}:")
    day = pl.when(cell.str.len_chars() == 8).then(pl.lit("2000-01-01 ") + cell).otherwise(cell)
    is_time = day.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False).is_not_null()
    return pl.when(is_time & cell.str.contains(r"^(\d{4}-\d{2}-\d{2} )?\d{2}:\d{2}:\d{2}$")).then(
        cell
    )


_REMARKS = _list_of(r"[A-Z]{1,2}\d{1,4}", _APART, 20)
_MODIFIERS = _list_of(r"[A-Z0-9]{2}", r"[ ,:;/]+", 4)
_STRING, _LINES = pl.String(), pl.Int32()

SHAPES: dict[str, Shape] = {
    "text": Shape(_text(LONGEST_TEXT), _STRING, f"text of at most {LONGEST_TEXT} characters"),
    "long_text": Shape(_text(LONGEST_PROSE), _STRING, f"at most {LONGEST_PROSE} characters"),
    "drug": Shape(
        lambda cell: _text(LONGEST_TEXT)(cell.str.to_lowercase()),
        _STRING,
        "the drug's name in at most 50 characters",
    ),
    "words": Shape(
        _matching(r"^[A-Za-z][A-Za-z _]{0,29}$", upper=False), _STRING, "a word or two, no digits"
    ),
    "date": Shape(_date, pl.Date(), "a date from 1990 on, written 2026-01-31 or 1/31/2026"),
    "clock": Shape(_clock, _STRING, "a time written 14:05, or a day and time 2026-01-31 14:05"),
    "money": Shape(
        _amount(dollars=True), MONEY, "an amount such as 1234.50, $1,234.50 or (12.00), 4 decimals"
    ),
    "dollars": Shape(
        _amount(dollars=True, least=0), MONEY, "an amount of 0 or more, such as $1,234.50"
    ),
    "number": Shape(_amount(dollars=False), MONEY, "a number with at most 4 decimals"),
    "quantity": Shape(
        _amount(dollars=False, least=0), MONEY, "a number of 0 or more with at most 4 decimals"
    ),
    "whole": Shape(_whole(1), _LINES, "a whole number from 1"),
    "place_number": Shape(_whole(0), _LINES, "a whole number; 0 is the claim as a whole"),
    "yes_no": Shape(_one_of(YES_NO), _STRING, "yes or no"),
    "rank": Shape(_one_of(RANKS), _STRING, "primary, secondary or tertiary"),
    "claim_type": Shape(_one_of(CLAIM_TYPES), _STRING, "professional, institutional or dental"),
    "frequency": Shape(_matching(r"^[1-9]$"), _STRING, "one digit from 1 to 9"),
    "filing": Shape(_matching(r"^[A-Z0-9]{1,3}$"), _STRING, "a filing code such as CI, MB or 12"),
    "npi": Shape(_matching(r"^\d{10}$"), _STRING, "an NPI of ten digits"),
    "tax_id": Shape(_tax_id, _STRING, "a tax id of nine digits"),
    "diagnoses": Shape(_diagnoses, _STRING, "diagnosis codes with blanks between them"),
    "place": Shape(_padded(2, r"^[A-Z0-9]{1,2}$"), _STRING, "a place of service such as 11"),
    "revenue": Shape(_padded(4, r"^[A-Z0-9]{3,4}$"), _STRING, "a revenue code such as 0636"),
    "hcpcs": Shape(_hcpcs, _STRING, "a code of five letters and digits, such as J9177"),
    "modifier": Shape(_matching(r"^[A-Z0-9]{2}$"), _STRING, "a modifier of two characters"),
    "modifiers": Shape(_MODIFIERS, _STRING, "at most four modifiers of two characters"),
    "ndc": Shape(_matching(_NDC), _STRING, "an NDC of digits and hyphens"),
    "vial_ndc": Shape(_ndc_without_hyphens, _STRING, "an NDC of digits and hyphens"),
    "ndc_unit": Shape(_matching(r"^(UN|ML|GR|F2|ME)$"), _STRING, "UN, ML, GR, F2 or ME"),
    "remarks": Shape(_REMARKS, _STRING, "remark codes such as N115 with blanks between them"),
    "status": Shape(_status, _STRING, "a claim status from 1 to 25"),
    "group": Shape(_matching(r"^(CO|PR|OA|PI|CR)$"), _STRING, "CO, PR, OA, PI or CR"),
    "reason": Shape(_reason, _STRING, "a claim adjustment reason code such as 45 or B7"),
    "denial": Shape(_denial, _STRING, "a group and a reason code, such as CO-50"),
    "credit_debit": Shape(_matching(r"^[CD]$"), _STRING, "C or D"),
    "method": Shape(_matching(r"^[A-Z0-9]{3}$"), _STRING, "three letters, such as ACH or CHK"),
}


def without_blanks(name: pl.Expr) -> pl.Expr:
    """A payer's code or name as it is compared: upper case without blanks."""
    return name.str.to_uppercase().str.replace_all(r"\s", "")


def payer_as_compared() -> pl.Expr:
    """The payer of a row: its code, else its name; empty where it tells neither."""
    return pl.coalesce(
        without_blanks(pl.col("payer_code")), without_blanks(pl.col("payer_name")), pl.lit("")
    )
