"""One function finds what is shipped, one finds the site; nothing else looks for files."""

import re
from pathlib import Path

import pytest

from analytics import settings
from analytics.errors import AnalyticsError, UsageError
from analytics.settings import data_folder, shipped_folders


def make_package(root: Path, *, beside: bool, inside: bool) -> Path:
    package = root / "analytics"
    package.mkdir(parents=True)
    if beside:
        (root / "sql" / "marts").mkdir(parents=True)
        (root / "data" / "reference").mkdir(parents=True)
    if inside:
        (package / "_shipped" / "sql" / "marts").mkdir(parents=True)
        (package / "_shipped" / "reference").mkdir(parents=True)
    return package


def test_checkout_uses_the_sql_beside_the_package(tmp_path: Path):
    shipped = shipped_folders(make_package(tmp_path, beside=True, inside=True))
    assert (shipped.sql, shipped.reference) == (tmp_path / "sql", tmp_path / "data" / "reference")


def test_wheel_uses_what_it_carries(tmp_path: Path):
    package = make_package(tmp_path, beside=False, inside=True)
    shipped = shipped_folders(package)
    assert shipped.sql == package / "_shipped" / "sql"
    assert shipped.reference == package / "_shipped" / "reference"


def test_stray_sql_folder_beside_an_installed_package_does_not_win(tmp_path: Path):
    package = make_package(tmp_path, beside=False, inside=True)
    (tmp_path / "sql").mkdir()
    assert shipped_folders(package).sql == package / "_shipped" / "sql"


def test_broken_installation_names_both_places(tmp_path: Path):
    package = make_package(tmp_path, beside=False, inside=False)
    with pytest.raises(AnalyticsError, match=r"looked in .* and .*Install the package again"):
        shipped_folders(package)


def test_this_checkout_has_its_models_and_reference(project: Path):
    assert shipped_folders().sql == project / "sql"
    assert (shipped_folders().reference / "house_codes.csv").is_file()


def test_named_folder_comes_before_the_environment_and_that_before_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("named", "environment", "data"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANALYTICS_DATA", raising=False)
    assert data_folder().root == tmp_path / "data"
    monkeypatch.setenv("ANALYTICS_DATA", "environment")
    assert data_folder().root == tmp_path / "environment"
    assert data_folder("named").root == tmp_path / "named"


def test_folder_that_is_not_there_says_how_to_get_one(tmp_path: Path):
    with pytest.raises(UsageError, match="analytics sample --out") as told:
        data_folder(tmp_path / "nowhere")
    assert told.value.exit_code == 2


def test_every_place_of_a_site_is_in_its_folder(tmp_path: Path):
    folder = data_folder(tmp_path)
    assert folder.site_key.parent == folder.warehouse.parent == folder.decks.parent == tmp_path
    assert {folder.raw.name, folder.reference.name} == {"raw", "reference"}
    for place in (folder.results, folder.inputs, folder.intake, folder.runs):
        assert place.parent == folder.warehouse


def test_version_is_known_even_without_an_installation(monkeypatch: pytest.MonkeyPatch):
    assert re.fullmatch(r"\d.*|checkout", settings.package_version())
    monkeypatch.setattr(settings, "DISTRIBUTION", "no-such-distribution")
    assert settings.package_version() == "checkout"


def test_moments_are_utc_without_a_zone():
    assert settings.utc_now().tzinfo is None
