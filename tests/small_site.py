"""A small site a test can refresh: stub intake and reference, and the sql folder of the test."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from small_sql import LINES, write_small_sql

from analytics import refresh as refresh_module
from analytics import settings
from analytics.intake.site import Problem, Reference
from analytics.refresh import RefreshResult, keep_input, refresh
from analytics.settings import DataFolder, Shipped

AS_OF = date(2026, 7, 31)
PACKAGES = pl.DataFrame({"drug": ["padcev"], "billable_mg": ["20"], "single_dose": ["yes"]})


@dataclass
class SmallSite:
    """The site's folder and what it has received; a test changes what it is about."""

    folder: DataFolder
    sql: Path
    lines: pl.DataFrame = field(default_factory=lambda: LINES)
    unread: list[str] = field(default_factory=list)
    reference_problems: tuple[Problem, ...] = ()

    def refresh(self, **options: object) -> RefreshResult:
        return refresh(self.folder, **{"as_of": AS_OF, **options})

    def table(self, name: str) -> pl.DataFrame:
        run_id = (self.folder.warehouse / "current").read_text().strip()
        return pl.read_parquet(self.folder.runs / run_id / f"{name}.parquet")


def make_small_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    """A site whose intake gives `site.lines`, under the models of `site.sql`."""
    folder = DataFolder(tmp_path / "site")
    folder.raw.mkdir(parents=True)
    site = SmallSite(folder, write_small_sql(tmp_path / "sql"))
    (tmp_path / "reference").mkdir()

    def intake(raw: Path, store: Path, **_: object) -> SimpleNamespace:
        store.mkdir(parents=True, exist_ok=True)
        files = [keep_input("raw_lines", site.lines, store)]
        return SimpleNamespace(tables={"raw_lines": files}, problems=site.unread)

    def reference(own: Path, shipped: Path) -> Reference:
        payers = pl.DataFrame({"payer_id": ["birch"], "row_number": [2]})
        frames = {"raw_ref__payers": payers, "raw_ref__drug_packages": PACKAGES}
        return Reference(frames, site.reference_problems)

    shipped = Shipped(site.sql, tmp_path / "reference", tmp_path / "notebooks")
    monkeypatch.setattr(settings, "shipped_folders", lambda: shipped)
    monkeypatch.setattr(refresh_module, "intake_raw", intake)
    monkeypatch.setattr(refresh_module, "read_reference", reference)
    return site
