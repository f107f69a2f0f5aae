"""The files below raw/ as they were before anyone packed them."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# What gzip and zipfile raise on packed bytes they cannot unpack.
CANNOT_UNPACK = (
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class ReceivedFile:
    """One file: its path below raw/, a member's behind its archive's, and its bytes."""

    source_file: str
    content: bytes


def received_files(raw_folder: Path) -> Iterator[ReceivedFile]:
    """Return every file below raw/, unpacked; what cannot be unpacked gives nothing."""
    for path in sorted(raw_folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(raw_folder).as_posix()
            yield from _unpacked(name, path.read_bytes())


def _unpacked(name: str, content: bytes) -> Iterator[ReceivedFile]:
    """Return what a file holds; its content decides how it is packed, never its name."""
    members = _members_of(name, content) if content.startswith(ZIP) else [(name, content)]
    for member, packed in members:
        plain = _ungzipped(packed)
        # A zip within a zip, or within a gzip, is not opened.
        if plain is not None and not plain.startswith(ZIP):
            yield ReceivedFile(member, plain)


def _members_of(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except CANNOT_UNPACK:
        return
    with archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            try:
                # An encrypted member raises RuntimeError.
                yield f"{name}/{member.filename}", archive.read(member)
            except CANNOT_UNPACK:
                continue


def _ungzipped(content: bytes) -> bytes | None:
    if not content.startswith(GZIP):
        return content
    try:
        return gzip.decompress(content)
    except CANNOT_UNPACK:
        return None
