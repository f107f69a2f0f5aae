"""What a received file is, and its unpacked bytes as a stream: plain, gzip or a member of a zip.

What is damaged is refused whole. Only the checksum at the end of a packing vouches for the digits
before it, and half a remit reads as another payment.
"""

from __future__ import annotations

import gzip
import io
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast
from zipfile import BadZipFile, ZipExtFile, ZipInfo

GZIP = b"\x1f\x8b"
DAMAGED_GZIP = "not read: its gzip packing is damaged or cut off; ask the sender for the file again"
DAMAGED_MEMBER = (
    "not read: its packing in the zip archive is damaged; ask the sender for the archive again"
)
_CHANGED = "it changed while it was read; refresh again when it is complete"
_BUFFER_BYTES = 1 << 18
_LOCAL_HEADER = 30
_NO_PACKING = (gzip.BadGzipFile, BadZipFile, EOFError, zlib.error, struct.error)


class UnreadableFileError(Exception):
    """A file whose bytes cannot be had now; the message is a sentence without its name."""


class DamagedFileError(Exception):
    """A file whose bytes will never be of use; the message is a sentence without its name."""


class Member(NamedTuple):
    """Where the packed bytes of a member lie in its zip archive, and what they unpack to."""

    header_offset: int
    method: int
    packed_bytes: int
    bytes: int
    crc: int


@dataclass(frozen=True)
class ReceivedFile:
    """A file as it lies below the raw folder, or as it would were its archive unpacked there.

    `path` is the file on the disk and `bytes_on_disk` its size; `bytes` and `sha256` are those of
    the unpacked content. What `refused` says a word about is listed and never read.
    """

    source_file: str
    path: Path
    bytes_on_disk: int
    modified_ns: int
    bytes: int
    sha256: str
    interchange_date: str
    member: Member | None = None
    refused: str | None = None

    @property
    def weight(self) -> int:
        """How many bytes reading it takes."""
        return 0 if self.refused else self.bytes


def open_content(file: ReceivedFile) -> BinaryIO:
    """The unpacked bytes of a file, once from the first to the last; `read` reads what it is asked.

    Raises   UnreadableFileError when the file is gone, cannot be read, or is not what it was found
             to be, here or at its end; DamagedFileError when its packing does not open, here or
             where it breaks
    """
    if file.refused:
        raise DamagedFileError(file.refused)
    try:
        handle = file.path.open("rb")
    except OSError as trouble:
        raise UnreadableFileError(why(trouble)) from None
    try:
        return io.BufferedReader(_Content(file, handle), _BUFFER_BYTES)
    except BaseException:
        handle.close()
        raise


def read_content(file: ReceivedFile) -> bytes:
    """All unpacked bytes of a small file at once.

    Raises   what `open_content` does
    """
    with open_content(file) as content:
        return content.read()


def unpacked(handle: BinaryIO, member: Member | None = None) -> BinaryIO:
    """What a file holds, or a member of the archive it is: a gzip is unpacked in either.

    Takes    handle, at its start; it is not closed
    Raises   what `packing` turns into sentences, here or when it is read
    """
    content = handle if member is None else _open_member(handle, member)
    is_gzip = content.read(len(GZIP)) == GZIP
    content.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=content)) if is_gzip else content


@contextmanager
def packing(member: Member | None) -> Iterator[None]:
    """Troubles of unpacking as sentences.

    Raises   UnreadableFileError for trouble with the disk; DamagedFileError for trouble with the
             packing
    """
    try:
        yield
    except _NO_PACKING:
        raise DamagedFileError(DAMAGED_MEMBER if member else DAMAGED_GZIP) from None
    except OSError as trouble:
        raise UnreadableFileError(why(trouble)) from None


def why(trouble: Exception) -> str:
    """Why a file cannot be read now, and what to do."""
    if isinstance(trouble, PermissionError):
        return "this user may not read it; give the user that refreshes the right to"
    if isinstance(trouble, OSError):
        return f"{trouble.strerror or 'the system gave no reason'}; refresh again"
    return str(trouble)


class _Content(io.RawIOBase):
    """The unpacked bytes of a file, which must be the file that was found until its end."""

    def __init__(self, file: ReceivedFile, handle: BinaryIO) -> None:
        self._file, self._handle, self._unpacked = file, handle, handle
        self._bytes = 0
        self._refuse_changed()
        with packing(file.member):
            self._unpacked = unpacked(handle, file.member)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            with packing(self._file.member):
                count = self._unpacked.readinto(buffer)  # type: ignore[attr-defined]
        except DamagedFileError:
            # It was whole when it was found.
            self._refuse_changed()
            raise
        self._bytes += count
        if not count:
            self._refuse_changed()
            if self._bytes != self._file.bytes:
                raise UnreadableFileError(_CHANGED)
        return count

    def close(self) -> None:
        if not self.closed:
            self._unpacked.close()
            self._handle.close()
        super().close()

    def _refuse_changed(self) -> None:
        try:
            status = os.fstat(self._handle.fileno())
        except OSError as trouble:
            raise UnreadableFileError(why(trouble)) from None
        found = (self._file.bytes_on_disk, self._file.modified_ns)
        if (status.st_size, status.st_mtime_ns) != found:
            raise UnreadableFileError(_CHANGED)


def _open_member(handle: BinaryIO, member: Member) -> BinaryIO:
    # What ZipFile.open does, without reading the directory of a large archive for every member.
    handle.seek(member.header_offset)
    name, extra = struct.unpack("<26xHH", handle.read(_LOCAL_HEADER))
    handle.seek(name + extra, os.SEEK_CUR)
    info = ZipInfo()
    info.compress_type, info.CRC = member.method, member.crc
    info.compress_size, info.file_size = member.packed_bytes, member.bytes
    return cast(BinaryIO, ZipExtFile(handle, "r", info))
