"""The elements of a segment as text, decimals and dates, and what could not be read as one.

Text is stripped and empty text is null. A decimal or date that cannot be read is null and leaves
a row for `raw_x12__rejects`, which names the element and its place and never quotes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics.intake.segments import Segments, id_names
from analytics.intake.vectors import at, at_keys, filtered, repeated, starts_run, without
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
_FINE, _LONG = r"\.\d{4}\d*[1-9]", r"\.\d{5}"
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
            plain = plain.set(raw.str.contains("[eE]"), None)
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
    columns = {name: read.get(name, rows[name]) for name in rows.columns}
    return pl.DataFrame(columns), pl.concat([REJECT.to_frame(), *lost, *too_fine])


def _unusual(rows: pl.DataFrame, names: list[str]) -> tuple[list[str], list[str]]:
    """Those columns of decimals that hold an exponent, and those that hold five decimals.

    A whole column is one text here: searching it once costs less than asking of every row.
    """
    if not names or not rows.height:
        return [], []
    joined_up = rows.select(pl.col(names).str.join(END).fill_null(""))
    found = joined_up.select(
        pl.all().str.contains("[eE]").name.suffix(" exponent"),
        pl.all().str.contains(_LONG).name.suffix(" long"),
    ).row(0, named=True)
    exponents, longs = (
        [name for name in names if found[f"{name} {what}"]] for what in ("exponent", "long")
    )
    return exponents, longs


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
    """Dates from eight digits; null where there is no such day. Each day is read once."""
    if raw.null_count() == len(raw):
        return repeated(None, len(raw), pl.Date)
    days = raw.unique().drop_nulls().to_frame("day")
    is_day = pl.col("day").str.contains(r"^\d{8}$") & ~pl.col("day").str.starts_with("0000")
    read = days.select(
        "day", date=pl.when(is_day).then(pl.col("day").str.to_date("%Y%m%d", strict=False))
    )
    return raw.replace_strict(read["day"], read["date"], return_dtype=pl.Date, default=None)


def first_by(
    key: str, rows: pl.DataFrame, where: pl.Series | None = None, **columns: str
) -> pl.DataFrame:
    """The first row of each `key` for which `where` holds: `key` and the named columns.

    Takes    rows in file order, in which a key never comes back once another has come
    """
    found = pl.DataFrame({key: rows[key]} | {name: rows[old] for name, old in columns.items()})
    found = found if where is None else filtered(found, where)
    return filtered(found, starts_run(found[key]))


def with_found(rows: pl.DataFrame, key: str, *found: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the columns of each of `found` that has a row for its `key`; else null.

    Takes    keys that count from 0, once each in `found`; a null key finds nothing
    """
    columns = []
    for one in found:
        places, told = at_keys(rows[key], one[key]), without(one, key)
        columns += (told if places is None else at(told, places)).get_columns()
    return rows.hstack(columns)


def nth_within(key: str) -> pl.Expr:
    """Places 1, 2, ... within each run of `key`, for rows in file order."""
    place = pl.int_range(pl.len(), dtype=pl.Int32)
    starts = pl.col(key) != pl.col(key).shift(1)
    return place - pl.when(starts.fill_null(True)).then(place).forward_fill() + 1


def unattached(rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    """Reject rows for segments that belong to nothing; their transaction still counts them."""
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
