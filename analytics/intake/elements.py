"""The elements of a segment as text, decimals and dates, and what could not be read as one.

Text is stripped and empty text is null. A decimal or date that cannot be read is null and leaves
a row for `raw_x12__rejects`, which names the element and its place and never quotes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from analytics.intake.fields import views
from analytics.intake.segments import Segments, id_names
from analytics.intake.vectors import (
    any_of,
    as_numbers,
    at,
    at_keys,
    count_up,
    repeated,
    starts_run,
    without,
)
from analytics.intake.x12 import COMPONENT, END

Numbers = tuple[int, ...]
DECIMAL = pl.Decimal(18, 4)
REJECT = pl.Schema(
    {
        "tx": pl.Int32,
        "piece": pl.String,
        "segment_id": pl.String,
        "segments": pl.Int64,
        "reason": pl.String,
        "source_offset": pl.Int64,
    }
)
_NOT_A_DECIMAL = (
    "{} is not a decimal number of at most 14 digits before the point; the element is left empty; "
    "ask the sender what it should be"
)
_TOO_FINE = "{} has more than four decimals; four were kept; ask the sender what it should be"
_NOT_A_DATE = (
    "{} is not a date (CCYYMMDD); the date is left empty; ask the sender what it should be"
)
_MOST_DECIMALS = 4
_EXPONENT, _FINE, _LONG = "[eE]", r"\.\d{4}\d*[1-9]", r"\.\d{5}"
# A date as a number is its year times so many, and its month and day.
_DAYS, _YEARS = 10_000, 10_000
_FIRST_FOUR = r"^([^.]*\.\d{4})\d+$"


@dataclass(frozen=True)
class Elements:
    """Columns of text that stand for decimals or dates: column name to element name (`CLP03`)."""

    segment_id: str | pl.Expr
    decimals: dict[str, str]
    dates: dict[str, str]


def with_elements(
    segments: Segments, rows: pl.DataFrame, *, texts: Numbers = (), codes: Numbers = ()
) -> pl.DataFrame:
    """Rows of `Segments.of` with columns `e1`, `e2` ... for the elements of these numbers.

    Returns  elements without blanks around them, codes in upper case; null where nothing is left
    """
    first, count = rows["first"], rows["count"]
    shortest = count.min() or 0
    is_padded = segments.spelling.is_padded(rows["id"])
    elements = []
    for number in (*texts, *codes):
        place = first + number
        # An element past the last one was left out by the sender; what stands there is not his.
        place = place if number <= shortest else place.set(count < number, None)
        element = segments.fields[place].alias(f"e{number}")
        element = element.str.strip_chars().replace("", None) if is_padded else element
        is_mixed = number in codes and not segments.spelling.is_upper_case
        elements.append(element.str.to_uppercase() if is_mixed else element)
    return without(rows, "first", "count").hstack(elements)


def component(raw: str, number: int) -> pl.Expr:
    """The `number`-th component of a composite element; null where nothing is left."""
    return text(pl.col(raw).str.split_exact(COMPONENT, 7).struct.field(f"field_{number - 1}"))


def component_code(raw: str, number: int) -> pl.Expr:
    """The `number`-th component of a composite element, a code: upper case."""
    return component(raw, number).str.to_uppercase()


def text(raw: pl.Expr) -> pl.Expr:
    """Text without blanks around it, null where nothing is left."""
    return raw.str.strip_chars().replace("", None)


def joined(parts: list[pl.Expr]) -> pl.Expr:
    """Those of `parts` that are not null, joined by a blank; null where none is."""
    return text(pl.concat_str(parts, separator=" ", ignore_nulls=True))


def with_procedure(
    rows: pl.DataFrame, raw: str, *, hcpcs: str, modifiers: str, qualifier: str = "qualifier"
) -> pl.DataFrame:
    """`rows` with the parts of a procedure composite: its qualifier, code, and modifiers in order.

    The same few composites recur on every line, so each is taken apart once.
    """
    if rows[raw].null_count() == rows.height:
        nothing = repeated(None, rows.height, pl.String)
        return rows.hstack([nothing.alias(name) for name in (qualifier, hcpcs, modifiers)])
    composites = rows[raw].drop_nulls().unique().to_frame()
    parts = composites.select(
        raw,
        component_code(raw, 1).alias(qualifier),
        component_code(raw, 2).alias(hcpcs),
        joined([component_code(raw, number) for number in (3, 4, 5, 6)]).alias(modifiers),
    )
    return rows.join(parts, on=raw, how="left", validate="m:1", maintain_order="left")


def read_elements(rows: pl.DataFrame, wanted: Elements) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows` with the wanted text columns read, and a reject row for each that could not be.

    Takes    rows with `tx`, `source_offset` and the wanted columns as text
    Returns  the rows, and rows of `REJECT`
    """
    read: dict[str, pl.Series] = {}
    lost, too_fine = [], []
    with_exponents, with_long = _unusual(rows, list(wanted.decimals))
    for name, place in wanted.decimals.items():
        raw = plain = rows[name]
        if name in with_exponents:
            # An exponent is no decimal number, though it can be read as one.
            plain = plain.set(raw.str.contains(_EXPONENT), None)
        if name in with_long:
            # Four decimals are kept as they stand: rounding here and again to cents is a cent off.
            plain = plain.str.replace(_FIRST_FOUR, "$1")
            fine = rows.filter(raw.str.contains(_FINE))
            too_fine.append(_rejects(fine, _TOO_FINE.format(place), wanted))
        read[name] = plain.cast(DECIMAL, strict=False)
        lost += _lost(rows, raw, read[name], _NOT_A_DECIMAL.format(place), wanted)
    for name, place in wanted.dates.items():
        read[name] = dates(rows[name])
        lost += _lost(rows, rows[name], read[name], _NOT_A_DATE.format(place), wanted)
    columns = [read.get(name, rows[name]).alias(name) for name in rows.columns]
    return pl.DataFrame(columns), pl.concat([REJECT.to_frame(), *lost, *too_fine])


def _unusual(rows: pl.DataFrame, names: list[str]) -> tuple[list[str], list[str]]:
    """Those columns of decimals that hold an exponent, and those that hold five decimals.

    The columns are one text here: looking at its bytes costs less than asking of every row.
    """
    if not names or not rows.height:
        return [], []
    joined_up = rows.select(pl.col(names).str.join(END)).row(0)
    if not _may_be_unusual(END.join(joined_up).encode()):
        return [], []
    exponents, longs = (
        [name for name in names if rows[name].str.contains(what).any()]
        for what in (_EXPONENT, _LONG)
    )
    return exponents, longs


def _may_be_unusual(numbers: bytes) -> bool:
    told = as_numbers(numbers)
    if not numbers.isascii() or any_of(told, b"eE").any():
        return True
    # Below "0" the numbers begin again from above.
    is_digit, end = (told - ord("0")) < 10, max(len(told) - _MOST_DECIMALS - 1, 0)
    is_long = (told == ord(".")).slice(0, end)
    for place in range(1, _MOST_DECIMALS + 2):
        is_long &= is_digit.slice(place, end)
    return is_long.any()


def read_periods(periods: pl.DataFrame, *qualifiers: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The DTP segments of these qualifiers with `from_date` and `through_date`.

    DTP03 is one day (D8) or two (RD8); one day is both ends.

    Takes    DTP with `e1` and `e3`
    """
    days = pl.col("e3").str.splitn("-", 2)
    read, lost = read_elements(
        periods.filter(pl.col("e1").is_in(qualifiers)).with_columns(
            from_date=text(days.struct.field("field_0")),
            through_date=text(days.struct.field("field_1")),
        ),
        Elements("DTP", {}, {"from_date": "DTP03", "through_date": "DTP03"}),
    )
    return read.with_columns(through_date=pl.coalesce("through_date", "from_date")), lost


def dates(raw: pl.Series) -> pl.Series:
    """Dates from eight digits; null where there is no such day."""
    if raw.null_count() == len(raw):
        return repeated(None, len(raw), pl.Date)
    lengths, first_four = views(raw)
    first = first_four & 0xFF
    is_day = (lengths == 8) & (first >= ord("0")) & (first <= ord("9"))
    number = raw.cast(pl.UInt32, strict=False).set(~is_day, None)
    year = number // _DAYS
    starts, shift, nth_days = _calendar()
    return (starts[year] + nth_days[number - year * _DAYS + shift[year]]).cast(pl.Date)


@cache
def _calendar() -> tuple[pl.Series, pl.Series, pl.Series]:
    """By year its first day and where its days are told; by month and day the days before it.

    Looking a day up takes a tenth of the time of reading it. Null where there is no such day.
    """
    first_days = pl.select(pl.date(pl.int_range(1, _YEARS), 1, 1)).to_series()
    starts = pl.concat([repeated(None, 1, pl.Int32), first_days.cast(pl.Int32)]).rechunk()
    shift = repeated(0, _YEARS, pl.UInt32).set(starts.cast(pl.Date).dt.is_leap_year(), _DAYS)
    nth_days = repeated(None, 2 * _DAYS, pl.Int32)
    for place, year in enumerate((2001, 2000)):
        days = pl.date_range(date(year, 1, 1), date(year, 12, 31), eager=True)
        places = days.dt.month().cast(pl.UInt32) * 100 + days.dt.day() + place * _DAYS
        nth_days = nth_days.scatter(places, count_up(len(days)).cast(pl.Int32))
    return starts, shift, nth_days


def first_by(
    key: str, rows: pl.DataFrame, where: pl.Series | None = None, **columns: str
) -> pl.DataFrame:
    """The first row of each `key` for which `where` holds: `key` and the named columns.

    Takes    rows in file order, in which a key never comes back once another has come
    """
    found = [rows[key], *(rows[old].alias(name) for name, old in columns.items())]
    if where is not None:
        found = [column.filter(where) for column in found]
    is_first = starts_run(found[0])
    return pl.DataFrame([column.filter(is_first) for column in found])


def with_found(rows: pl.DataFrame, key: str, *found: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the columns of each of `found` that has a row for its `key`; else null.

    Takes    keys that count from 0, once each in `found`; a null key finds nothing
    """
    columns = []
    for one in found:
        places, told = at_keys(rows[key], one[key]), without(one, key)
        columns += (told if places is None else at(told, places)).get_columns()
    return rows.hstack(columns)


def nth_within(key: pl.Series) -> pl.Series:
    """Places 1, 2, ... within each run of `key`, for rows in file order."""
    is_start, place = starts_run(key), count_up(len(key))
    return (place + 1 - place.filter(is_start)[is_start.cum_sum() - 1]).cast(pl.Int32)


def unattached(rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    """Reject rows for segments that belong to nothing; their transaction still counts them."""
    if not rows.height:
        return REJECT.to_frame()
    return rows.select(
        "tx",
        piece=pl.lit("segment"),
        segment_id=id_names(pl.col("id")),
        segments=pl.lit(0, pl.Int64),
        reason=pl.lit(reason),
        source_offset="source_offset",
    ).cast(dict(REJECT))


def _lost(
    rows: pl.DataFrame, raw: pl.Series, read: pl.Series, reason: str, wanted: Elements
) -> list[pl.DataFrame]:
    if raw.null_count() == read.null_count():
        return []
    return [_rejects(rows.filter(raw.is_not_null() & read.is_null()), reason, wanted)]


def _rejects(rows: pl.DataFrame, reason: str, wanted: Elements) -> pl.DataFrame:
    return rows.select(
        "tx",
        piece=pl.lit("element"),
        segment_id=pl.lit(wanted.segment_id)
        if isinstance(wanted.segment_id, str)
        else wanted.segment_id,
        segments=pl.lit(0, pl.Int64),
        reason=pl.lit(reason),
        source_offset="source_offset",
    ).cast(dict(REJECT))
