"""What charts of ranked payers share: who is drawn, who has too few lines, and the words around."""

from dataclasses import dataclass
from datetime import date

import altair as alt
import polars as pl

from analytics.charts import theme
from analytics.charts.findings import Finding, finding_of, percent, title_of
from analytics.errors import UsageError
from analytics.measures import require

SMALLEST = 11
PAYERS_DRAWN = 12

# Points above and below the middle of a payer's row: its name, and its mark.
NAME_RISE = -12
MARK_DROP = 8


@dataclass(frozen=True)
class Ranked:
    """Payers in the order drawn, one row each, with the chart's words."""

    drawn: pl.DataFrame
    finding: Finding
    title: str
    subtitle: str
    footer: str

    @property
    def words(self) -> list[str]:
        """Each payer's row as a reader of the screen hears it."""
        return self.drawn["words"].to_list()

    def rows(self) -> alt.Chart:
        """A chart with a row for each payer, in order."""
        names = self.drawn["name"].to_list()
        return alt.Chart(self.drawn).encode(y=alt.Y("name:N", sort=names, axis=None))

    def labels(self) -> list[alt.Chart]:
        """The payer above its mark, its counts at the right; or why it has no mark."""
        rows = self.rows()
        bold = {"expr": "datum.is_focus ? 'bold' : 'normal'"}
        return [
            rows.mark_text(align="left", dy=NAME_RISE, fontWeight=bold).encode(
                x=alt.value(0), text="name:N"
            ),
            rows.mark_text(align="right", dy=NAME_RISE, color=theme.QUIET, fontSize=12).encode(
                x=alt.value(theme.WIDTH), text="detail:N"
            ),
            rows.transform_filter("datum.rate === null")
            .mark_text(align="left", dy=MARK_DROP, fontStyle="italic", color=theme.QUIET)
            .encode(x=alt.value(0), text="label:N"),
        ]

    def across(self, column: str, largest: float) -> alt.X:
        """The axis of the rate, from zero."""
        axis = alt.Axis(title=self.finding.axis, format="~%", tickCount=4, grid=False, offset=4)
        return alt.X(column, axis=axis, scale=alt.Scale(domain=[0, max(largest, 0.001) * 1.12]))


def ranked_payers(
    by_payer: pl.DataFrame,
    *,
    population: str,
    period: str,
    as_of: date,
    measure: str,
    payer: str,
    focus: str | None,
    smallest: int,
) -> Ranked:
    """Payers by falling rate; those with fewer lines than `smallest`, or without a rate, last.

    Raises   MissingColumns, naming the columns; UsageError for a rate no chart has words for, or a
             focus that is no payer of the frame
    """
    finding = finding_of(measure)
    require(by_payer.lazy(), [payer, measure, finding.count], load_with="the measure of that rate")
    _check_focus(focus, by_payer[payer].to_list())
    ranked = by_payer.sort(measure, payer, descending=[True, False], nulls_last=True)
    has_enough = (pl.col(finding.count) >= smallest) & pl.col(measure).is_not_null()
    rated = ranked.filter(has_enough)
    rows = rated.rows(named=True)
    about = next((row for row in rows if focus in (None, row[payer])), None)
    drawn = _drawn(rated, ranked.filter(~has_enough), finding, payer, about and about[payer])
    return Ranked(
        drawn=drawn,
        finding=finding,
        title=title_of(finding, rows, about, payer=payer, population=population),
        subtitle=_subtitle(finding, ranked, period),
        footer=_footer(finding, ranked, rated.height - drawn["rate"].count(), as_of),
    )


def paint(focus: str, others: str) -> dict[str, object]:
    """One colour for the payer in focus, another for the rest."""
    return alt.condition("datum.is_focus", alt.value(focus), alt.value(others))


def _check_focus(focus: str | None, payers: list[str]) -> None:
    if focus is not None and focus not in payers:
        raise UsageError(
            f"the chart has no payer {focus!r}; it has {', '.join(map(str, payers)) or 'none'}. "
            "Choose one of these as focus=."
        )


def _drawn(
    rated: pl.DataFrame, too_few: pl.DataFrame, finding: Finding, payer: str, about: str | None
) -> pl.DataFrame:
    """One row per payer as the chart needs it: floats and finished text, bars before names."""
    is_drawn = (pl.int_range(pl.len()) < PAYERS_DRAWN) | pl.col(payer).eq_missing(pl.lit(about))
    bars = [
        {
            "name": row[payer],
            "rate": row[finding.measure],
            "low": row.get("interval_low"),
            "high": row.get("interval_high"),
            "label": percent(row[finding.measure]),
            "detail": finding.detail.format(**row),
            "is_focus": row[payer] == about,
        }
        for row in rated.filter(is_drawn).rows(named=True)
    ]
    named = [
        {
            "name": row[payer],
            "rate": None,
            "low": None,
            "high": None,
            "label": "too few lines to show" if row[finding.count] else finding.nothing,
            "detail": "",
            "is_focus": False,
        }
        for row in too_few.sort(payer).rows(named=True)
    ]
    schema = {
        "name": pl.String,
        "rate": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "label": pl.String,
        "detail": pl.String,
        "is_focus": pl.Boolean,
    }
    return pl.DataFrame([*bars, *named], schema=schema).with_columns(
        words=pl.concat_str("name", "label", "detail", separator=" ").str.strip_chars()
    )


def _subtitle(finding: Finding, ranked: pl.DataFrame, period: str) -> str:
    # A frame of denial rates names its definition in every row.
    first = ranked.head(1).to_dicts() or [{"definition": "no line"}]
    return finding.subtitle.format(**first[0] | {"period": period})


def _footer(finding: Finding, ranked: pl.DataFrame, left_out: int, as_of: date) -> str:
    lines = ranked[finding.count].sum()
    more = f"; {left_out:,} payers with lower rates not drawn" if left_out > 0 else ""
    return f"Source: {finding.source}; as of {as_of:%Y-%m-%d}; {lines:,} lines{more}"
