"""Where files live: the shipped SQL and reference, one site's data folder, and the clock.

Nothing below this module and `cli.py` reads the environment or the time of day.
"""

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from analytics.errors import AnalyticsError, UsageError

PACKAGE = Path(__file__).resolve().parent
DISTRIBUTION = "infusion-analytics"


@dataclass(frozen=True)
class Shipped:
    """The folders that come with the package: the models, the dated reference, the notebooks."""

    sql: Path
    reference: Path
    notebooks: Path

    @property
    def is_checkout(self) -> bool:
        """Whether the notebooks are those of a checkout, to be worked on in place."""
        return self.notebooks.parent == PACKAGE.parent


@dataclass(frozen=True)
class DataFolder:
    """One site's folder, with the places `interfaces` names in it."""

    root: Path

    @property
    def raw(self) -> Path:
        """Claims and remits as received."""
        return self.root / "raw"

    @property
    def reference(self) -> Path:
        """The site's own CSVs."""
        return self.root / "reference"

    @property
    def site_key(self) -> Path:
        """The pseudonym key; it outlives the warehouse, which anyone may delete."""
        return self.root / "site.key"

    @property
    def warehouse(self) -> Path:
        """Everything that a refresh can make again."""
        return self.root / "warehouse"

    @property
    def results(self) -> Path:
        """One immutable Parquet file per model and fingerprint."""
        return self.warehouse / "results"

    @property
    def inputs(self) -> Path:
        """Reference and site tables as Parquet, named by their content."""
        return self.warehouse / "inputs"

    @property
    def intake(self) -> Path:
        """Parsed claims and remits, kept so that a file is read once."""
        return self.warehouse / "intake"

    @property
    def runs(self) -> Path:
        """One folder per published run."""
        return self.warehouse / "runs"

    @property
    def notebooks(self) -> Path:
        """Copies of the shipped notebooks, where the package is no checkout."""
        return self.root / "notebooks"

    @property
    def decks(self) -> Path:
        """Built decks, workbooks and reports."""
        return self.root / "decks"


def shipped_folders(package: Path = PACKAGE) -> Shipped:
    """The models and the reference: beside the package in a checkout, else inside the wheel.

    Raises   AnalyticsError, naming both places, when neither holds them
    """
    root = package.parent
    beside = Shipped(root / "sql", root / "data" / "reference", root / "notebooks")
    packed = package / "_shipped"
    inside = Shipped(packed / "sql", packed / "reference", packed / "notebooks")
    for shipped in (beside, inside):
        # A stray `sql` folder next to site-packages must not win: a checkout has the marts too.
        if (shipped.sql / "marts").is_dir() and shipped.reference.is_dir():
            return shipped
    raise AnalyticsError(
        "the SQL models are missing; looked in "
        f"{beside.sql} and {inside.sql}. Install the package again."
    )


def data_folder(chosen: str | Path | None = None) -> DataFolder:
    """The site to work on: what the caller chose, else ANALYTICS_DATA, else `data`.

    Raises   UsageError when that folder does not exist
    """
    root = Path(chosen or os.environ.get("ANALYTICS_DATA") or "data")
    if not root.is_dir():
        raise UsageError(
            f"there is no data folder {root}; a site is a folder with raw/ and reference/ in it. "
            f"Name one with --data or ANALYTICS_DATA, or make one: analytics sample --out {root}"
        )
    return DataFolder(root.resolve())


def package_version() -> str:
    """The installed version, or `checkout` when the package runs without being installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "checkout"


def today() -> date:
    """The date here, the as-of date when nothing else sets one."""
    return date.today()


def utc_now() -> datetime:
    """The moment in UTC, without a zone: every `_at` column is UTC."""
    return datetime.now(UTC).replace(tzinfo=None)
