"""Small answer keys and answers, written as the CSVs a person would write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = "claim_id,line_number,payer_id,finding,amount_usd"
Writer = Callable[..., Path]


@pytest.fixture
def csv_of(tmp_path: Path) -> Writer:
    """A CSV of answers from its rows."""

    def write(*rows: str, name: str = "answers.csv", header: str = HEADER) -> Path:
        path = tmp_path / name
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return path

    return write
