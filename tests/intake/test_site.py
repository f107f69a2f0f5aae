"""A site's settings and key: what is used, what is not, and the sentence that says so."""

from datetime import date
from pathlib import Path

import pytest

from analytics.errors import AnalyticsError
from analytics.intake.site import Site, read_site, site_key

TODAY = date(2026, 6, 30)


# site.toml


def test_a_site_without_settings_has_the_defaults(tmp_path: Path):
    assert read_site(tmp_path, TODAY) == Site("", TODAY, 90, 11, None, False)


def test_settings_are_read_as_written(tmp_path: Path):
    (tmp_path / "site.toml").write_text(
        'practice_name = "Alder Infusion"\nas_of = 2026-01-31\nmaturity_days = 60\n'
        'small_cell = 15\nmemory = "2GB"\nshare_with_group = true\n'
    )
    expected = Site("Alder Infusion", date(2026, 1, 31), 60, 15, "2GB", True)
    assert read_site(tmp_path, TODAY) == expected


def test_the_day_may_stand_in_quotation_marks(tmp_path: Path):
    (tmp_path / "site.toml").write_text('as_of = "2026-01-31"\n')
    assert read_site(tmp_path, TODAY).as_of == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('asof = "2026-01-31"', '"asof" is not a setting. Did you mean as_of?'),
        ('as_of = "31.01.2026"', "expected a date, written 2026-01-31"),
        ("as_of = 2026-01-31T10:00:00", "expected a date"),
        ('maturity_days = "90"', "maturity_days is '90'; expected a whole number of days"),
        ("maturity_days = -1", "maturity_days is -1"),
        ("small_cell = true", "small_cell is True"),
        ('share_with_group = "yes"', "expected true or false, without quotation marks"),
        ('memory = "lots"', 'expected a size in quotation marks, such as "4GB"'),
        ("practice_name = 7", "expected text in quotation marks"),
        ("practice_name = Alder", "site.toml cannot be read"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_expected(tmp_path: Path, line: str, expected: str):
    (tmp_path / "site.toml").write_text(line + "\n")
    with pytest.raises(AnalyticsError) as trouble:
        read_site(tmp_path, TODAY)
    assert expected in str(trouble.value)
    assert str(trouble.value).endswith("Mend that line in site.toml.")


# site.key


def test_the_key_is_made_once_and_kept(tmp_path: Path):
    key = site_key(tmp_path)
    written = (tmp_path / "site.key").read_text().strip()
    assert (len(key), bytes.fromhex(written), site_key(tmp_path)) == (32, key, key)


def test_only_the_owner_may_read_the_key(tmp_path: Path):
    site_key(tmp_path)
    (tmp_path / "site.key").chmod(0o644)
    site_key(tmp_path)
    assert (tmp_path / "site.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["site.key"]


def test_a_key_that_cannot_be_read_is_never_replaced_nor_repeated(tmp_path: Path):
    (tmp_path / "site.key").write_text("a secret")
    with pytest.raises(AnalyticsError) as trouble:
        site_key(tmp_path)
    assert "a secret" not in str(trouble.value)
    assert (tmp_path / "site.key").read_text() == "a secret"
