"""Charts of finished frames, the same live in a notebook, in an exported page and as a PNG.

Imported only by those who draw: altair and vl-convert are slow to load.
"""

from analytics.charts.bars import payer_bars
from analytics.charts.renderer import png_of
from analytics.charts.tables import Table, table_of

__all__ = ["Table", "payer_bars", "png_of", "table_of"]
