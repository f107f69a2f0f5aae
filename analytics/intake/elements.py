"""The elements of a segment as text, decimals and dates, and what could not be read as one.

Text is stripped and empty text is null. A decimal or date that cannot be read is null and leaves
a row for `raw_x12__rejects`, which names the element and its place and never quotes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics.intake.x12 import COMPONENT, ELEMENT

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


@dataclass(frozen=True)
class Elements:
    """Columns of text that stand for decimals or dates: column name to element name (`CLP03`)."""

    segment_id: str
    decimals: dict[str, str]
    dates: dict[str, str]


def split_elements(segments: pl.DataFrame, last: int) -> pl.DataFrame:
    """Columns `e1` to `e<last>` in place of `segment`, as sent."""
    names = [f"e{number}" for number in range(last + 1)]
    parts = pl.col("segment").str.split_exact(ELEMENT, last).struct.rename_fields(names)
    return segments.with_columns(parts.alias("parts")).unnest("parts").drop("segment", "e0")


def segments_of(rows: pl.DataFrame, segment_id: str, last: int) -> pl.DataFrame:
    """The segments of one id, taken apart to `e<last>`."""
    return split_elements(rows.filter(pl.col("id") == segment_id), last)


def text(raw: pl.Expr | str) -> pl.Expr:
    """Text without blanks around it, null where nothing is left."""
    return (pl.col(raw) if isinstance(raw, str) else raw).str.strip_chars().replace("", None)


def code(raw: pl.Expr | str) -> pl.Expr:
    """A code: text in upper case."""
    return text(raw).str.to_uppercase()


def component(raw: str, number: int) -> pl.Expr:
    """The `number`-th component of a composite element, as sent."""
    return pl.col(raw).str.split_exact(COMPONENT, 7).struct.field(f"field_{number - 1}")


def joined(parts: list[pl.Expr]) -> pl.Expr:
    """Those of `parts` that are not null, joined by a blank; null where none is."""
    return text(pl.concat_str(parts, separator=" ", ignore_nulls=True))


def with_procedure(
    rows: pl.DataFrame, raw: str, *, hcpcs: str, modifiers: str, qualifier: str = "qualifier"
) -> pl.DataFrame:
    """`rows` with the parts of a procedure composite: its qualifier, code, and modifiers in order.

    The same few composites recur on every line, so each is taken apart once.
    """
    composites = rows.select(raw).unique().drop_nulls()
    parts = composites.select(
        raw,
        code(component(raw, 1)).alias(qualifier),
        code(component(raw, 2)).alias(hcpcs),
        joined([code(component(raw, number)) for number in (3, 4, 5, 6)]).alias(modifiers),
    )
    return rows.join(parts, on=raw, how="left", validate="m:1", maintain_order="left")


def decimal(raw: pl.Expr) -> pl.Expr:
    """A decimal with four places; null where the text is none. An exponent is not a decimal."""
    return pl.when(~raw.str.contains("[eE]")).then(raw.cast(DECIMAL, strict=False))


def date(raw: pl.Expr) -> pl.Expr:
    """A date from eight digits; null where there is no such day."""
    eight_digits = raw.str.contains(r"^\d{8}$")
    return pl.when(eight_digits).then(raw.str.to_date("%Y%m%d", strict=False))


def read_elements(rows: pl.DataFrame, wanted: Elements) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows` with the wanted text columns read, and a reject row for each that could not be.

    Takes    rows with `tx`, `source_offset` and the wanted columns as text
    Returns  the rows, and rows of `REJECT`
    """
    read = rows.with_columns(
        *[decimal(pl.col(name)).alias(name) for name in wanted.decimals],
        *[date(pl.col(name)).alias(name) for name in wanted.dates],
    )
    lost = [
        _rejects(rows.filter(pl.col(name).is_not_null() & read[name].is_null()), sentence, wanted)
        for name, sentence in _sentences(wanted)
        if rows[name].null_count() != read[name].null_count()
    ]
    too_fine = [
        _rejects(fine, _TOO_FINE.format(place), wanted)
        for name, place in wanted.decimals.items()
        if (fine := rows.filter(pl.col(name).str.contains(r"\.\d{4}\d*[1-9]"))).height
    ]
    return read, pl.concat([REJECT.to_frame(), *lost, *too_fine])


def read_periods(
    rows: pl.DataFrame, qualifiers: tuple[str, ...]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The DTP segments of these qualifiers with `qualifier`, `from_date`, `through_date`.

    DTP03 is one day (D8) or two (RD8); one day is both ends.
    """
    sent = split_elements(rows.filter(pl.col("id") == "DTP"), 3).with_columns(qualifier=code("e1"))
    days = text("e3").str.splitn("-", 2)
    read, lost = read_elements(
        sent.filter(pl.col("qualifier").is_in(qualifiers)).with_columns(
            from_date=text(days.struct.field("field_0")),
            through_date=text(days.struct.field("field_1")),
        ),
        Elements("DTP", {}, {"from_date": "DTP03", "through_date": "DTP03"}),
    )
    both = pl.coalesce("through_date", "from_date")
    return read.with_columns(through_date=both), lost


def first_by(key: str, rows: pl.DataFrame, where: pl.Expr, **columns: str) -> pl.DataFrame:
    """The first row of each `key` for which `where` holds: `key` and the named columns.

    Takes    rows in file order, in which a key never comes back once another has come
    """
    is_first = pl.col(key).ne_missing(pl.col(key).shift(1))
    return rows.filter(where).filter(is_first).select(key, **columns)


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
        segment_id=pl.col("id").cast(pl.String),
        segments=pl.lit(0, pl.Int64),
        reason=pl.lit(reason),
        source_offset="source_offset",
    ).cast(dict(REJECT))


def _sentences(wanted: Elements) -> list[tuple[str, str]]:
    return [(name, _NOT_A_DECIMAL.format(place)) for name, place in wanted.decimals.items()] + [
        (name, _NOT_A_DATE.format(place)) for name, place in wanted.dates.items()
    ]


def _rejects(rows: pl.DataFrame, reason: str, wanted: Elements) -> pl.DataFrame:
    return rows.select(
        "tx",
        piece=pl.lit("element"),
        segment_id=pl.lit(wanted.segment_id),
        segments=pl.lit(0, pl.Int64),
        reason=pl.lit(reason),
        source_offset="source_offset",
    ).cast(dict(REJECT))
