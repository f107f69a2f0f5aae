"""The chart says its finding, its population, its source and what it could not draw, in ink."""

from datetime import date
from decimal import Decimal
from typing import Any

import altair as alt
import polars as pl
import pytest
import vl_convert

from analytics.charts import payer_bars, png_of, theme
from analytics.charts.ranked import PAYERS_DRAWN
from analytics.charts.renderer import LIVE, draw_offline, offline_bundle
from analytics.errors import UsageError
from analytics.measures import MissingColumns
from tests.charts.drawn import marks, texts

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


def a_payer(name: str, rate: float | None, lines: int = 40) -> dict[str, Any]:
    """One row of `underpayment_by`, as far as the chart reads it."""
    return {
        "payer_name": name,
        "lines": lines,
        "expected_usd": Decimal("1000.00"),
        "shortfall_usd": Decimal("37.10"),
        "underpayment_rate": rate,
    }


def a_chart(*payers: dict[str, Any], **options: Any) -> alt.LayerChart:
    words = {"population": "J1324", "period": "service dates 2026", "as_of": date(2026, 7, 31)}
    schema = {"payer_name": pl.String, "lines": pl.Int64, "underpayment_rate": pl.Float64}
    frame = pl.DataFrame(list(payers), schema=None if payers else schema)
    return payer_bars(frame, **words | options)


def bars(chart: alt.LayerChart) -> list[str]:
    return marks(chart, "bar")


def test_title_is_the_finding_with_its_figure():
    assert "Birch falls 3.7% short of its contract on J1324" in texts(
        a_chart(a_payer("Ash", 0.01), a_payer("Birch", 0.0371))
    )


def test_chart_says_measure_period_source_as_of_and_lines():
    said = texts(a_chart(a_payer("Ash", 0.01), a_payer("Birch", 0.0371, lines=1200)))
    assert "Shortfall as a share of expected dollars" in said
    assert "service dates 2026" in said
    assert "835 remits, priced at contract terms; as of 2026-07-31; 1,240 lines" in said
    assert "Shortfall, % of expected dollars" in said


def test_payers_are_ranked_and_labelled_with_rate_and_dollars():
    said = texts(a_chart(a_payer("Ash", 0.01), a_payer("Birch", 0.0371), a_payer("Elm", 0.02)))
    names = [line for line in said.splitlines() if line in ("Ash", "Birch", "Elm")]
    assert names == ["Birch", "Elm", "Ash"]
    assert "3.7%" in said
    assert "$37.10 of $1,000.00, 40 lines" in said


def test_one_payer_is_in_focus_and_the_rest_are_grey():
    payers = [a_payer("Ash", 0.01), a_payer("Birch", 0.0371), a_payer("Elm", 0.02)]
    assert bars(a_chart(*payers)) == [theme.FOCUS, theme.OTHERS, theme.OTHERS]
    assert bars(a_chart(*payers, focus="Ash")) == [theme.OTHERS, theme.OTHERS, theme.FOCUS]


def test_payer_asked_for_is_the_one_the_title_is_about():
    chart = a_chart(a_payer("Ash", 0.01), a_payer("Birch", 0.0371), focus="Ash")
    assert "Ash falls 1.0% short of its contract on J1324" in texts(chart)


def test_focus_that_is_no_payer_is_refused():
    with pytest.raises(UsageError, match="no payer 'Bich'; it has Birch"):
        a_chart(a_payer("Birch", 0.0371), focus="Bich")


def test_payer_with_too_few_lines_is_named_and_not_drawn():
    chart = a_chart(a_payer("Ash", 0.9, lines=10), a_payer("Birch", 0.0371, lines=11))
    assert len(bars(chart)) == 1
    assert "too few lines to show" in texts(chart)
    assert "90.0%" not in texts(chart)


def test_payer_without_priced_lines_is_named_and_not_drawn():
    chart = a_chart(a_payer("Ash", None, lines=0), a_payer("Birch", 0.0371))
    assert len(bars(chart)) == 1
    assert "no priced line to compare" in texts(chart)


def test_when_no_payer_is_short_the_title_says_so():
    assert "No payer falls short of its contract on J1324" in texts(a_chart(a_payer("Ash", 0.0)))


def test_small_shortfall_never_reads_as_none():
    assert "Ash falls under 0.1% short" in texts(a_chart(a_payer("Ash", 0.0002)))


@pytest.mark.parametrize("payers", [[], [a_payer("Ash", 0.5, lines=3)]])
def test_chart_without_a_rate_still_says_what_it_lacks(payers: list[dict[str, Any]]):
    assert "Too few J1324 lines to show a rate" in texts(a_chart(*payers))


def test_many_payers_are_cut_and_counted_and_the_one_in_focus_stays():
    many = [a_payer(f"Payer {place:02}", 0.5 - place / 100) for place in range(PAYERS_DRAWN + 8)]
    chart = a_chart(*many, focus="Payer 19")
    assert len(bars(chart)) == PAYERS_DRAWN + 1
    assert bars(chart)[-1] == theme.FOCUS
    assert "7 payers with lower rates not drawn" in texts(chart)


def test_denial_rates_have_words_of_their_own():
    denials = {
        "payer_name": ["Birch"],
        "definition": ["line_initial"],
        "denied_lines": [3],
        "adjudicated_lines": [15],
        "denial_rate": [0.2],
    }
    said = texts(
        payer_bars(
            pl.DataFrame(denials),
            measure="denial_rate",
            population="J1324",
            period="2026",
            as_of=date(2026, 7, 31),
        )
    )
    assert "Birch denies 20.0% of its J1324 lines" in said
    assert "(line_initial)" in said
    assert "3 of 15 lines" in said


def test_rate_without_words_and_frame_without_columns_are_refused():
    with pytest.raises(UsageError, match="no chart has words for 'paid_rate'"):
        a_chart(a_payer("Ash", 0.1), measure="paid_rate")
    with pytest.raises(MissingColumns, match="missing denial_rate, adjudicated_lines"):
        a_chart(a_payer("Ash", 0.1), measure="denial_rate")


def test_png_has_its_text_drawn():
    # A font that is not there gives bars and no letter, and no warning.
    chart = a_chart(a_payer("Birch", 0.0371))
    picture, wordless = png_of(chart), chart.copy(deep=True)
    wordless.title = alt.Undefined
    wordless.layer = [wordless.layer[0].copy(deep=True)]
    wordless.layer[0].layer = wordless.layer[0].layer[:1]
    assert picture.startswith(PNG_HEAD)
    assert len(picture) > 2 * len(png_of(wordless))
    assert theme.FONT.endswith("sans-serif")


def test_chart_shows_without_a_network_live_and_as_a_picture():
    chart = a_chart(a_payer("Birch", 0.0371))
    bundle, shown = chart._repr_mimebundle_()
    assert set(bundle) == {LIVE, "image/png", "text/plain"}
    assert bundle[LIVE]["$schema"].endswith("/v5.json")
    assert bundle["image/png"].startswith(PNG_HEAD)
    assert 0 < shown["image/png"]["width"] < 800


def test_chart_can_be_read_by_those_who_do_not_see_it():
    _, shown = offline_bundle(a_chart(a_payer("Birch", 0.0371)).to_dict())
    assert shown["image/png"]["alt"].startswith("Bar chart. Birch falls 3.7% short")
    assert "Birch 3.7% $37.10 of $1,000.00, 40 lines" in shown["image/png"]["alt"]


def test_any_altair_chart_of_the_session_draws_offline():
    draw_offline()
    draw_offline()
    bundle, _ = (
        alt.Chart(pl.DataFrame({"x": [1.0]})).mark_point().encode(x="x:Q")._repr_mimebundle_()
    )
    assert LIVE in bundle


def test_chart_draws_under_the_vega_lite_generation_that_jupyterlab_bundles():
    fifth = next(version for version in vl_convert.get_vegalite_versions() if version[0] == "5")
    bundle, _ = offline_bundle(a_chart(a_payer("Birch", 0.0371)).to_dict())
    svg = vl_convert.vegalite_to_svg(bundle[LIVE], vl_version=fifth)
    assert "Birch falls 3.7% short of its contract on J1324" in svg
    assert 'font-weight="bold"' in svg
