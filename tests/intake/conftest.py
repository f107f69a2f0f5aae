"""A raw folder with a remit and a claims file in it, and intake of it."""

from pathlib import Path

import pytest
from small_x12 import CLAIMS, REMIT, interchange

from analytics.intake.files import RawTables, intake_raw
from tests.intake.extract_site import Read, read_files
from tests.intake.raw_folder import KEY, Intake


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    (folder / "2026" / "january").mkdir(parents=True)
    (folder / "remit.835").write_bytes(interchange(REMIT))
    (folder / "2026" / "january" / "claims.837").write_bytes(interchange(CLAIMS))
    return folder


@pytest.fixture
def intake(raw: Path, tmp_path: Path) -> Intake:
    def run(**changes: object) -> RawTables:
        given = {"store": tmp_path / "store", "site_key": KEY, **changes}
        return intake_raw(raw, **given)

    return run


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The raw tables of extracts by file name; files of an earlier call stay."""
    return lambda files: read_files(tmp_path / "raw", files)
