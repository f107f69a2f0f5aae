"""Charts without a network: what a notebook shows live, reopened, untrusted and exported.

Altair's default renderer loads its scripts from the web; without one the cell stays blank and no
error says so.
"""

import struct
from typing import Any

import altair as alt
import vl_convert

# JupyterLab bundles one generation of Vega-Lite, the fifth; it shows nothing of a later one.
LIVE = "application/vnd.vegalite.v5+json"
LIVE_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # a name, never fetched

RENDERER = "analytics_offline"
SCALE = 2.0


def png_of(chart: alt.TopLevelMixin, *, scale: float = SCALE) -> bytes:
    """The chart as a PNG of `scale` pixels a point, drawn here and without a network."""
    return vl_convert.vegalite_to_png(chart.to_dict(), scale=scale)


def draw_offline() -> None:
    """Makes every altair chart of this session draw itself without a network.

    Chart forms call this, so that nobody has to know of it; doing it again changes nothing.
    """
    alt.renderers.register(RENDERER, offline_bundle)
    alt.renderers.enable(RENDERER)


def offline_bundle(spec: dict[str, Any], **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a notebook keeps of a chart, best form first, and how to show it.

    The live chart is for JupyterLab; the picture is for exported pages, for untrusted notebooks and
    for readers elsewhere; the text is for those who see neither.

    Takes    a Vega-Lite spec, its `description` the chart in words
    Returns  the mime bundle and its metadata
    """
    words = spec.get("description", "a chart")
    picture = vl_convert.vegalite_to_png(spec, scale=SCALE)
    width, height = struct.unpack(">II", picture[16:24])
    bundle = {LIVE: spec | {"$schema": LIVE_SCHEMA}, "image/png": picture, "text/plain": words}
    shown = {
        LIVE: {"embed_options": {"actions": False, "renderer": "svg"}},
        "image/png": {"width": int(width / SCALE), "height": int(height / SCALE), "alt": words},
    }
    return bundle, shown
