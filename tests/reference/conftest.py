"""A site's reference folder, and reading it over the shipped rows."""

from pathlib import Path

import pytest

from analytics.reference.tables import Reference, read_reference
from tests.reference.site_csvs import PAYERS, ReadSite

# The codes these tests speak of: of the files CMS publishes whole, only their rows are read here.
CODES = ("J9177", "J9271", "J9299", "J9352", "J9355", "J9362")
PUBLISHED = ("payment_limits.csv", "ndc_crosswalk.csv", "opps_status.csv")


@pytest.fixture(scope="session")
def shipped(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped reference, with the rows of few codes where there are thousands."""
    folder = tmp_path_factory.mktemp("shipped")
    for path in (project / "data" / "reference").glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if path.name in PUBLISHED:
            rows = [row for row in rows if any(code in row for code in CODES)]
        (folder / path.name).write_text("".join([head, *rows]), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "reference").mkdir()
    return tmp_path / "reference"


@pytest.fixture
def read(folder: Path, shipped: Path) -> ReadSite:
    """Reads a site whose CSVs are given as text or bytes, over the shipped reference."""

    def written_and_read(**files: str | bytes) -> Reference:
        for name, content in {"payers": PAYERS, **files}.items():
            packed = content if isinstance(content, bytes) else content.encode()
            (folder / f"{name}.csv").write_bytes(packed)
        return read_reference(folder, shipped)

    return written_and_read
