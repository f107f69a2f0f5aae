"""CMS files into the reference of a site, while no refresh reads it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from analytics import settings
from analytics.cms.load import CmsLoad, load_cms
from analytics.errors import UsageError
from analytics.intake.site import read_site
from analytics.settings import DataFolder
from analytics.warehouse.durable import one_refresh_at_a_time, private_files


def load_into_site(
    folder: DataFolder, paths: Sequence[Path], *, published: date | None = None
) -> CmsLoad:
    """Return what loading CMS files into a site's reference did.

    Takes    published, the day CMS published those of the files that do not say so themselves
    Raises   AnalyticsError when a refresh is at work; UsageError where the site's reference folder
             is the one that ships with the package, or where the day is still to come
    """
    today = settings.today()
    if published is not None and published > today:
        raise UsageError(
            f"--published is the day CMS published a file; found {published}, and today is "
            f"{today}. Give a day that has come."
        )
    shipped = settings.shipped_folders().reference
    if folder.reference.resolve() == shipped.resolve():
        raise UsageError(
            "CMS files are loaded into a site; found the reference that ships with the package in "
            f"{folder.reference}. Name a site with --data."
        )
    site = read_site(folder.root, today)
    with (
        private_files(share_with_group=site.share_with_group),
        one_refresh_at_a_time(folder.warehouse),
    ):
        return load_cms(folder.reference, paths, shipped=shipped, published=published)
