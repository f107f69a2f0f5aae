"""What the tests of loading share: two publications of one quarter, and a site without any."""

from pathlib import Path

import pytest

from tests.cms.made import NEW, OLD, a_limit, limits_text, write


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """Two publications of one quarter; the later restates J0002 and adds J0003."""
    folder = tmp_path / "downloads"
    first = [a_limit("J0001", "1.000"), a_limit("J0002", "2.202"), a_limit("90371")]
    write(folder, OLD, limits_text(first))
    restated = a_limit("J0002", "1.855", notes="Updated April 2025")
    write(folder, NEW, limits_text([first[0], restated, a_limit("J0003", "3.000")]))
    return folder


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    return tmp_path / "site" / "reference"
