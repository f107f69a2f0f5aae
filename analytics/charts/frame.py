"""What stands around every chart: title, subtitle, footer, size, look, and the chart in words."""

from textwrap import wrap

import altair as alt

from analytics.charts import theme
from analytics.charts.renderer import draw_offline

FOOTER_DROP = 56


def finished(
    layers: alt.LayerChart | alt.Chart,
    *,
    kind: str,
    title: str,
    subtitle: str,
    footer: str,
    words: list[str],
    height: int,
) -> alt.LayerChart:
    """The chart with title, subtitle, footer, size and look, and in words for a screen reader.

    Takes    the marks; `kind`, such as `Bar chart`; the finding; measure, population and period;
             source, as-of and count; `words`, what each mark says; `height` in points
    """
    draw_offline()
    note = (
        alt.Chart(alt.Data(values=[{}]))
        .mark_text(align="left", baseline="top", color=theme.QUIET, fontSize=11)
        .encode(
            x=alt.value(0),
            y=alt.value(height + FOOTER_DROP),
            text=alt.value(wrap(footer, theme.NOTE_LETTERS)),
        )
    )
    heading = alt.TitleParams(
        wrap(title, theme.TITLE_LETTERS), subtitle=wrap(subtitle, theme.NOTE_LETTERS)
    )
    said = f"{kind}. {title}. {subtitle}. {'; '.join(words)}. {footer}."
    return (
        alt.layer(layers, note)
        .properties(width=theme.WIDTH, height=height, title=heading, description=said)
        .configure(**theme.theme())
    )
