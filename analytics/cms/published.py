"""When a CMS file holds and when it was published, from its preamble, its name and its notes.

A quarter comes from the preamble ("Effective January 1, 2025 through March 31, 2025"). A date of
publication comes from the name, else from the row's own "Updated July 2021", else from what a
person says, else it is the month the name says the file was downloaded in, which is an estimate and
marked as one. When a file was last written says nothing: a copy is as good as the file.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.cms.received import CmsFile
from analytics.cms.refusal import UnreadableLayoutError

FILE_NAME = "file_name"
NOTES = "notes"
TOLD = "told"
ESTIMATED = "download_month_estimated"
BASES = (FILE_NAME, NOTES, TOLD, ESTIMATED)

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTH = r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|" \
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"  # fmt: skip
_DAY = rf"{_MONTH}\.?\s+(\d{{1,2}})\s*,?\s+(\d{{4}})"
_EFFECTIVE = re.compile(rf"{_DAY}\s*(?:through|thru|to|-)\s*{_DAY}", re.I)
_UPDATED = re.compile(rf"\bupdated?\s+{_MONTH}\.?,?\s+(\d{{4}})", re.I)
_NAMED_MONTH = re.compile(rf"(?<![a-z]){_MONTH}[\s_.-]*(20\d\d)(?!\d)", re.I)
_DOWNLOADED = re.compile(r"downloaded[\s_-]+(20\d\d)-(\d\d)", re.I)
_TAGS = (
    re.compile(r"(?<!\d)(?P<month>\d\d)(?P<day>\d\d)(?P<year>20\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<month>\d\d)(?P<day>\d\d)(?P<year>\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<month>\d{1,2})[.-](?P<day>\d{1,2})[.-](?P<year>\d\d(?:\d\d)?)(?!\d)"),
)
# CMS publishes weeks before a quarter and restates it for a year or two; a tag far off is no date.
_EARLIEST, _LATEST = timedelta(days=366), timedelta(days=5 * 366)
# The soonest a file can be had before the days it is for; Addendum B comes two months ahead.
_SOONEST = timedelta(days=92)


@dataclass(frozen=True)
class Published:
    """The day a row was published and what says so, one of `BASES`."""

    on: date
    basis: str


def effective_quarter(preamble: str) -> str:
    """Return the quarter a preamble is for.

    Raises   UnreadableLayoutError when it names none, or days that are no quarter

    >>> effective_quarter("Effective January 1, 2025 through March 31, 2025")
    '2025Q1'
    """
    found = _EFFECTIVE.search(preamble)
    if found is None:
        raise UnreadableLayoutError(
            "does not say which quarter it is for; found no line such as "
            '"Effective January 1, 2025 through March 31, 2025" above its header. '
            "Load the file as CMS publishes it"
        )
    begins, ends = _day(*found.group(1, 2, 3)), _day(*found.group(4, 5, 6))
    if begins is not None and ends is not None:
        number = (begins.month + 2) // 3
        if (begins, ends) == (quarter_begins(begins.year, number), _ends(begins.year, number)):
            return f"{begins.year}Q{number}"
    raise UnreadableLayoutError(
        f'is for no quarter; found "{found[0]}" above its header. Load the file as CMS publishes it'
    )


def quarter_begins(year: int, number: int) -> date:
    """Return the first day of a quarter."""
    return date(year, 3 * number - 2, 1)


def named_quarter(name: str) -> str | None:
    """Return the quarter a file's name is about, where it names a month and a year.

    >>> named_quarter("section 508 version of JUL 2025 ASP Pricing File 062325.csv")
    '2025Q3'
    """
    found = _NAMED_MONTH.search(name.replace("_", " "))
    return f"{found[2]}Q{(_month(found[1]) + 2) // 3}" if found else None


def publication(file: CmsFile, begins: date) -> Published | None:
    """Return the publication date in the name of a file, or of the archive it came in.

    Takes    begins, the first day the file is for
    """
    for name in (file.name, file.also_named):
        tagged = [day for day in _tagged(name) if -_EARLIEST <= day - begins <= _LATEST]
        if tagged:
            return Published(max(tagged), FILE_NAME)
    return None


def publication_of_note(note: str) -> Published | None:
    """Return the first day of the latest month a note says the row was updated in.

    >>> publication_of_note("Updated July 2021; updated October 2021").on.isoformat()
    '2021-10-01'
    """
    months = [date(int(year), _month(month), 1) for month, year in _UPDATED.findall(note)]
    return Published(max(months), NOTES) if months else None


def publication_told(file: CmsFile, begins: date) -> Published | None:
    """Return the publication date a person gives a file.

    Takes    begins, the first day the file is for
    Raises   UnreadableLayoutError when no file for these days can have been published by then
    """
    if file.told_on is None:
        return None
    if file.told_on < begins - _SOONEST:
        raise UnreadableLayoutError(
            f"cannot have been published so long before its first day; found {begins} in it and "
            f"--published {file.told_on}. Give the day CMS published this file"
        )
    return Published(file.told_on, TOLD)


def download_month(file: CmsFile, begins: date) -> Published | None:
    """Return the month a file was downloaded in, where its name says so.

    Takes    begins, the first day the file is for
    Raises   UnreadableLayoutError when no file for these days can have been had by then
    """
    for name in (file.name, file.also_named):
        found = _DOWNLOADED.search(name)
        if found and 1 <= int(found[2]) <= len(_MONTHS):
            month = date(int(found[1]), int(found[2]), 1)
            if month < begins - _SOONEST:
                raise UnreadableLayoutError(
                    "cannot have been downloaded so long before its first day; found "
                    f'{begins} in it and "{found[0]}" in its name. '
                    "Mend the name, or give the day CMS published it with --published YYYY-MM-DD"
                )
            return Published(month, ESTIMATED)
    return None


def _tagged(name: str) -> Iterator[date]:
    for tag in _TAGS:
        for found in tag.finditer(name):
            year = int(found["year"])
            try:
                yield date(year + 2000 * (year < 100), int(found["month"]), int(found["day"]))
            except ValueError:
                continue


def _month(name: str) -> int:
    return next(number for full, number in _MONTHS.items() if full.startswith(name.lower()[:3]))


def _day(month: str, day: str, year: str) -> date | None:
    try:
        return date(int(year), _month(month), int(day))
    except ValueError:
        return None


def _ends(year: int, number: int) -> date:
    last = calendar.monthrange(year, 3 * number)[1]
    return date(year, 3 * number, last)
