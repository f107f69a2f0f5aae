"""Which lines a question is about: a payer, a code, a stretch of service dates."""

from datetime import date

import polars as pl

from analytics.errors import UsageError
from analytics.measures.columns import LINES_LOADER, require


def in_scope(
    lines: pl.LazyFrame,
    *,
    payer_id: str | None = None,
    hcpcs: str | None = None,
    service_from: date | str | None = None,
    service_to: date | str | None = None,
) -> pl.LazyFrame:
    """The lines or treatments of one payer, code and period; what is left out does not narrow.

    Both ends of the period belong to it. A row without a service date is in no period.

    Takes    rows with `payer_id`, `hcpcs` and `service_date`, as far as they are asked for; the
             ends of the period as dates or ISO text
    Returns  the same columns, fewer rows, in the order they came
    Raises   MissingColumns, naming the columns and the loader; UsageError for a date that is none
    Source   drug_line_outcomes, claim_line_outcomes, waste_ledger, code_identity

    >>> lines = pl.LazyFrame({"hcpcs": ["J1324", "J9177"], "service_date": [date(2026, 7, 1)] * 2})
    >>> in_scope(lines, hcpcs="J1324", service_to="2026-07-31").collect().height
    1
    """
    wanted = {
        column: value
        for column, value in {"payer_id": payer_id, "hcpcs": hcpcs}.items()
        if value is not None
    }
    period = [pl.col("service_date") >= _day(service_from)] if service_from else []
    period += [pl.col("service_date") <= _day(service_to)] if service_to else []
    require(lines, [*wanted, *(["service_date"] if period else [])], load_with=LINES_LOADER)
    return lines.filter(pl.lit(True), *period, **wanted)


def _day(day: date | str) -> date:
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise UsageError(
            f"a service date is not a date; found {day!r}. Write it as 2026-07-31."
        ) from None
