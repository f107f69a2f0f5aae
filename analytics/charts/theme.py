"""How every chart looks: one focus colour among greys, one stack of fonts, quiet axes."""

from typing import Any

# A lone missing font exports a PNG without text and without a warning; sans-serif always exists.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

FOCUS = "#0072B2"  # the blue of Okabe and Ito, told apart in every common form of colour blindness
OTHERS = "#B4BAC1"
TEXT = "#1F2A37"
QUIET = "#5B6570"
LINE = "#D5D9DE"

WIDTH = 620
ROW_HEIGHT = 54
TITLE_LETTERS = 66
NOTE_LETTERS = 104


def theme() -> dict[str, Any]:
    """The Vega-Lite config of every chart: sizes, colours, no frame, no grid that is not needed."""
    return {
        "background": "white",
        "font": FONT,
        "padding": {"left": 18, "right": 18, "top": 16, "bottom": 14},
        "view": {"stroke": None},
        "title": {
            "anchor": "start",
            "frame": "group",
            "color": TEXT,
            "fontSize": 19,
            "fontWeight": "bold",
            "subtitleColor": QUIET,
            "subtitleFontSize": 13,
            "subtitlePadding": 7,
            "offset": 18,
        },
        "axis": {
            "domain": False,
            "gridColor": LINE,
            "tickColor": LINE,
            "labelColor": QUIET,
            "labelFontSize": 11,
            "titleColor": QUIET,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "titleAnchor": "start",
            "titlePadding": 8,
        },
        "text": {"color": TEXT, "fontSize": 13},
    }
