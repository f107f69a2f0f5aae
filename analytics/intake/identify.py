"""What a file on the disk holds: itself, unpacked, or the members of the archive it is.

It is read once to its end, so that what is damaged is known before anything of it is used.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from analytics.intake.archives import TOO_LARGE, Listed, is_too_large, is_zip, list_members
from analytics.intake.contents import (
    GZIP,
    DamagedFileError,
    Member,
    UnreadableFileError,
    packing,
    unpacked,
)
from analytics.intake.x12 import first_interchange_date

_HEAD_BYTES = 1 << 16
_CHUNK_BYTES = 1 << 20


class Found(NamedTuple):
    """One file that was found: what is on the disk, or a member of it by its name."""

    name: str
    bytes: int
    sha256: str
    interchange_date: str = ""
    member: Member | None = None
    refused: str | None = None


class Look(NamedTuple):
    """What a file on the disk was found to hold, and by what to tell that it is still the same.

    An unpacker may give the file it writes over another the same `modified_ns`; when the disk
    `changed_ns` it, nobody can set.
    """

    bytes_on_disk: int
    modified_ns: int
    changed_ns: int
    found: tuple[Found, ...]


def identify(handle: BinaryIO) -> Look:
    """What a file holds; at least one row, though nothing of it may be of use.

    Raises   UnreadableFileError when it changes meanwhile, or for trouble with the disk
    """
    before = file_state(os.fstat(handle.fileno()))
    head = handle.read(len(GZIP) + 2)
    if is_zip(head):
        found = tuple(_find_members(handle, before[0]))
    else:
        found = (_find_content(handle, before[0]),)
    if file_state(os.fstat(handle.fileno())) != before:
        raise UnreadableFileError("it is still being written; refresh again when it is complete")
    return Look(*before, found)


def file_state(status: os.stat_result) -> tuple[int, int, int]:
    """What a file has for as long as nobody writes to it: the first cells of its `Look`."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _find_content(handle: BinaryIO, bytes_on_disk: int) -> Found:
    try:
        return _read(handle, "", None, bytes_on_disk)
    except DamagedFileError as trouble:
        return Found("", bytes_on_disk, _sha256_on_disk(handle), refused=str(trouble))


def _find_members(archive: BinaryIO, bytes_on_disk: int) -> Iterator[Found]:
    of_archive = ""
    for listed in list_members(archive, bytes_on_disk):
        try:
            yield _find_member(archive, listed)
        except DamagedFileError as trouble:
            of_archive = of_archive or _sha256_on_disk(archive)
            if listed.name:
                # What cannot be unpacked has no content to be known by.
                sha256 = hashlib.sha256(f"{of_archive}/{listed.name}".encode()).hexdigest()
                yield Found(listed.name, listed.bytes, sha256, refused=str(trouble))
            else:
                yield Found("", bytes_on_disk, of_archive, refused=str(trouble))


def _find_member(archive: BinaryIO, listed: Listed) -> Found:
    if not listed.member:
        raise DamagedFileError(listed.refused)
    return _read(archive, listed.name, listed.member, listed.member.packed_bytes)


def _read(handle: BinaryIO, name: str, member: Member | None, packed_bytes: int) -> Found:
    sha256, size, head = hashlib.sha256(), 0, b""
    handle.seek(0)
    with packing(member):
        content = unpacked(handle, member)
        while chunk := content.read(_CHUNK_BYTES):
            sha256.update(chunk)
            size += len(chunk)
            head = head or chunk[:_HEAD_BYTES]
            if is_too_large(size, packed_bytes):
                raise DamagedFileError(TOO_LARGE)
    return Found(name, size, sha256.hexdigest(), first_interchange_date(head), member)


def _sha256_on_disk(handle: BinaryIO) -> str:
    handle.seek(0)
    with packing(None):
        return hashlib.file_digest(handle, "sha256").hexdigest()
