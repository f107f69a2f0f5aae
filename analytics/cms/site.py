"""CMS files into the reference of a site, while no refresh reads it."""

from collections.abc import Sequence
from pathlib import Path

from analytics import settings
from analytics.cms.load import CmsLoad, load_cms
from analytics.errors import UsageError
from analytics.intake.site import read_site
from analytics.settings import DataFolder
from analytics.warehouse.durable import one_refresh_at_a_time, private_files


def load_into_site(folder: DataFolder, paths: Sequence[Path]) -> CmsLoad:
    """Return what loading CMS files into a site's reference did.

    Raises   AnalyticsError when a refresh is at work; UsageError where the site's reference folder
             is the one that ships with the package
    """
    shipped = settings.shipped_folders().reference
    if folder.reference.resolve() == shipped.resolve():
        raise UsageError(
            "CMS files are loaded into a site; found the reference that ships with the package in "
            f"{folder.reference}. Name a site with --data."
        )
    site = read_site(folder.root, settings.today())
    with (
        private_files(share_with_group=site.share_with_group),
        one_refresh_at_a_time(folder.warehouse),
    ):
        return load_cms(folder.reference, paths, shipped=shipped)
