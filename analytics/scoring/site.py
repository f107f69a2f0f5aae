"""The score of a made-up site: its key against its own run, or against another engine's answers."""

from __future__ import annotations

from pathlib import Path

from analytics.errors import UsageError
from analytics.scoring.published import published_answers
from analytics.scoring.rows import KEY_FILE, read_rows
from analytics.scoring.score import Score, score


def score_site(folder: Path, answers: Path | None = None) -> Score:
    """How the published run of a site, or an engine's answers to it, compare to its answer key.

    Raises   UsageError for a folder without a key and for answers that cannot be read;
             AnalyticsError where the published run is asked and there is none
    """
    path = folder / KEY_FILE
    if not path.is_file():
        raise UsageError(
            f"{folder} has no {KEY_FILE}, so nothing is known to be right; found none there. "
            "Name a made-up site: analytics sample --out DIR writes one."
        )
    told = published_answers(folder) if answers is None else read_rows(answers)
    return score(read_rows(path), told)
