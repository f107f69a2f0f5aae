"""What a chart really draws: its letters and its marks, read from the SVG."""

import re

import altair as alt
import vl_convert


def texts(chart: alt.TopLevelMixin) -> str:
    """What the picture says, a line for each text."""
    written = re.findall(r"<text.*?</text>", _svg(chart))
    return "\n".join(" ".join(re.sub(r"<[^>]+>", " ", text).split()) for text in written)


def marks(chart: alt.TopLevelMixin, role: str) -> list[str]:
    """The fill of each mark of a role such as `bar`, in the order drawn."""
    return re.findall(rf'aria-roledescription="{role}"[^>]*fill="(#\w+|[^"]+)"', _svg(chart))


def _svg(chart: alt.TopLevelMixin) -> str:
    return vl_convert.vegalite_to_svg(chart.to_dict())
