"""The files a person hands over: each as it lies, or member by member where it is a zip archive.

What a file is called decides nothing but its dates, and when it was written decides nothing at all:
copying a file would move dollars. A spreadsheet is a zip archive too, and is refused in a sentence:
CMS publishes each of its sheets as CSV beside it.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from analytics.intake.archives import is_ignored, is_too_large, is_zip
from analytics.intake.kinds import office_document

_LOCKED = 0x1


@dataclass(frozen=True)
class CmsFile:
    """One file as received: its name and its bytes.

    `also_named` is the name of the archive it came in, which may carry the date its own lacks;
    `told_on` the day a person says CMS published it.
    """

    name: str
    content: bytes
    also_named: str = ""
    told_on: date | None = None


@dataclass(frozen=True)
class Refused:
    """A file, or a member of an archive, that could not be had at all, and why."""

    name: str
    sentence: str


def received_files(path: Path, *, told_on: date | None = None) -> Iterator[CmsFile | Refused]:
    """Yield the file at `path`, or each member of it where it is a zip archive.

    Takes    told_on, the day a person says CMS published it
    """
    if path.is_dir():
        yield Refused(path.name, "is a folder; name the files in it")
        return
    try:
        content = path.read_bytes()
    except OSError as trouble:
        yield Refused(path.name, f"cannot be read: {trouble.strerror}; check the name")
        return
    if not is_zip(content[:8]):
        yield CmsFile(path.name, content, told_on=told_on)
        return
    try:
        with ZipFile(path) as archive:
            yield from _members(archive, path.name, told_on)
    except (BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as trouble:
        yield Refused(path.name, f"is a damaged zip archive ({trouble}); download it again")


def _members(archive: ZipFile, name: str, told_on: date | None) -> Iterator[CmsFile | Refused]:
    entries = [entry for entry in archive.infolist() if _is_file(entry)]
    document = office_document([entry.filename for entry in entries])
    if document:
        yield Refused(name, f"is no CSV: {document}; save the sheet as CSV and load that")
        return
    if not entries:
        yield Refused(name, "is a zip archive without a file in it; download it again")
    for entry in sorted(entries, key=lambda entry: entry.filename):
        member = _path(entry)[-1]
        if entry.flag_bits & _LOCKED:
            yield Refused(member, f"is packed in {name} with a password; unpack it first")
        elif is_too_large(entry.file_size, entry.compress_size):
            yield Refused(member, f"unpacks from {name} to more than any CMS file; not read")
        else:
            try:
                yield CmsFile(member, archive.read(entry), name, told_on)
            except (BadZipFile, EOFError, NotImplementedError, zlib.error) as trouble:
                yield Refused(member, f"cannot be unpacked from {name} ({trouble}); download again")


def _is_file(entry: ZipInfo) -> bool:
    path = _path(entry)
    return not entry.is_dir() and bool(path) and not any(is_ignored(part) for part in path)


def _path(entry: ZipInfo) -> list[str]:
    return [part for part in entry.filename.replace("\\", "/").split("/") if part]
