"""Charts of finished frames, the same live in a notebook, in an exported page and as a PNG.

Imported only by those who draw: altair and vl-convert are slow to load.
"""

from analytics.charts.bars import payer_bars
from analytics.charts.dots import payer_dots
from analytics.charts.dumbbell import price_dumbbell
from analytics.charts.heat import denial_heat
from analytics.charts.months import monthly_rate
from analytics.charts.renderer import png_of
from analytics.charts.tables import Table, table_of
from analytics.charts.tiers import waste_by_tier
from analytics.charts.waterfall import cause_waterfall
from analytics.charts.words import said

__all__ = [
    "Table",
    "cause_waterfall",
    "denial_heat",
    "monthly_rate",
    "payer_bars",
    "payer_dots",
    "png_of",
    "price_dumbbell",
    "said",
    "table_of",
    "waste_by_tier",
]
