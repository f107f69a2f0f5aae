"""An engine's answers against the answer key of a made-up site: found, right, dollars."""

from analytics.scoring.naive import naive_formulas
from analytics.scoring.rows import read_rows
from analytics.scoring.score import Score, score
from analytics.scoring.site import score_site

__all__ = ["Score", "naive_formulas", "read_rows", "score", "score_site"]
