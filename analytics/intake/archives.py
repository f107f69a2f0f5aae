"""The members of a zip archive, each a file of its own, and a sentence for each that is not read.

A member counts as the file it would be were the archive unpacked into the raw folder; nothing is
unpacked to the disk. What an archive says of its sizes is held against limits before it is read.
"""

from __future__ import annotations

import errno
import stat
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo, compressor_names

from analytics.intake.contents import Member, UnreadableFileError, why
from analytics.intake.kinds import ZIP_MAGICS, office_document

# X12 packs 5 to 30 to 1, one interchange repeated 200 to 1; deflate ends at 1,032 to 1. Whatever
# is smaller than the free bytes costs nobody anything.
MOST_UNPACKED_PER_PACKED = 500
FREE_BYTES = 100 << 20
TOO_LARGE = (
    f"not read: it unpacks to more than {MOST_UNPACKED_PER_PACKED} times its packed size, as no "
    "835 or 837 does; if it is one, unpack it and put it into the raw folder"
)
_DAMAGED = (
    "not read: the zip archive is damaged, cut off, or one part of several; "
    "ask the sender for the archive again"
)
_EMPTY = "not read: the zip archive holds no file; ask the sender for the archive again"
_LOCKED = (
    "not read: it is packed with a password; unpack it and put the file into the raw folder, "
    "or ask the sender for it without one"
)
_LINK = (
    "not read: it is a link or a device and no file; put the file itself into the archive, "
    "or take it out"
)
_UNKNOWN_METHOD = (
    "not read: it is packed by {method}, which this version does not unpack; unpack it and put "
    "the file into the raw folder"
)
_SAME_NAME = (
    "not read: the archive holds {count} files of this name that differ, and which of them counts "
    "cannot be told; unpack it, or ask the sender which is right"
)
_HIDDEN_FOLDER = "__MACOSX"
_READMES = ("readme", "readme.md", "readme.txt")
_UNIX = (3, 19)
_LOCKED_BITS = 0x1 | 0x40 | 0x2000
_AES = 99
# What zipfile raises on a directory that makes no sense.
_NO_DIRECTORY = (BadZipFile, EOFError, NotImplementedError, ValueError, OverflowError, struct.error)


@dataclass(frozen=True)
class Listed:
    """What an archive lists: a member to read, or what it is called and why it is not read.

    Without a name it is the archive itself, of which nothing is read.
    """

    name: str
    bytes: int = 0
    member: Member | None = None
    refused: str | None = None


def is_zip(head: bytes) -> bool:
    """Whether a file is a zip archive, by its first bytes and never by its name."""
    return head.startswith(ZIP_MAGICS)


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name is none of the site's: hidden, or a README."""
    return name.startswith(".") or name == _HIDDEN_FOLDER or name.lower() in _READMES


def list_members(archive: BinaryIO, bytes_on_disk: int) -> list[Listed]:
    """What is in an archive, by name: one row at least, and no name twice.

    Raises   UnreadableFileError for trouble with the disk
    """
    try:
        with ZipFile(archive) as opened:
            entries = opened.infolist()
    except _NO_DIRECTORY:
        return [Listed("", refused=_DAMAGED)]
    except OSError as trouble:
        # A directory that claims to lie before the first byte.
        if trouble.errno == errno.EINVAL:
            return [Listed("", refused=_DAMAGED)]
        raise UnreadableFileError(why(trouble)) from None
    refused = _refuse_whole(entries, bytes_on_disk)
    return [Listed("", refused=refused)] if refused else _list_by_name(entries)


def _refuse_whole(entries: list[ZipInfo], bytes_on_disk: int) -> str | None:
    document = office_document([entry.filename for entry in entries])
    if document:
        return f"not read: {document}"
    packed = sum(entry.compress_size for entry in entries)
    is_inside = all(0 <= entry.header_offset < bytes_on_disk for entry in entries)
    if packed > bytes_on_disk or not is_inside:
        # Members that share their bytes, or bytes that are not there.
        return _DAMAGED
    if is_too_large(sum(entry.file_size for entry in entries), bytes_on_disk):
        return TOO_LARGE
    return None if any(_is_file(entry) for entry in entries) else _EMPTY


def is_too_large(unpacked: int, packed: int) -> bool:
    """Whether so much comes out of so little that somebody means harm."""
    return unpacked > FREE_BYTES and unpacked > MOST_UNPACKED_PER_PACKED * packed


def _list_by_name(entries: Iterable[ZipInfo]) -> list[Listed]:
    by_name: dict[str, list[ZipInfo]] = {}
    for entry in entries:
        if _is_file(entry):
            by_name.setdefault("/".join(_path(entry)), []).append(entry)
    return [_listed(name, same) for name, same in sorted(by_name.items())]


def _listed(name: str, same: list[ZipInfo]) -> Listed:
    entry, size = same[0], same[0].file_size
    if len({(each.CRC, each.file_size) for each in same}) > 1:
        return Listed(name, size, refused=_SAME_NAME.format(count=len(same)))
    refused = _refuse(entry)
    if refused:
        return Listed(name, size, refused=refused)
    packed = (entry.compress_type, entry.compress_size, size, entry.CRC)
    return Listed(name, size, Member(entry.header_offset, *packed))


def _refuse(entry: ZipInfo) -> str | None:
    if entry.create_system in _UNIX and _mode(entry) not in (0, stat.S_IFREG):
        return _LINK
    if entry.flag_bits & _LOCKED_BITS or entry.compress_type == _AES:
        return _LOCKED
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        number = entry.compress_type
        return _UNKNOWN_METHOD.format(method=compressor_names.get(number, f"method {number}"))
    return TOO_LARGE if is_too_large(entry.file_size, entry.compress_size) else None


def _is_file(entry: ZipInfo) -> bool:
    path = _path(entry)
    is_folder = entry.filename.endswith(("/", "\\")) or _mode(entry) == stat.S_IFDIR
    return bool(path) and not is_folder and not any(is_ignored(part) for part in path)


def _mode(entry: ZipInfo) -> int:
    return stat.S_IFMT(entry.external_attr >> 16)


def _path(entry: ZipInfo) -> list[str]:
    """The name of a member, made to stay below its archive as any unpacker would."""
    parts = entry.filename.replace("\\", "/").split("/")
    if len(parts[0]) == 2 and parts[0].endswith(":"):
        parts = parts[1:]
    return [part for part in parts if part not in ("", ".", "..")]
