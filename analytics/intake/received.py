"""The files below a raw folder: which there are, what they hold, and which cannot be read.

A file with the path, size and time of the last look is not read again: an index beside the parsed
batches remembers its sha256. Nothing outside the raw folder is ever followed into.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analytics.errors import AnalyticsError
from analytics.intake.x12 import first_interchange_date
from analytics.warehouse.durable import write_durably

GZIP = b"\x1f\x8b"
INDEX = "index.json"
_HEAD_BYTES = 1 << 16
_UNPACKED_PER_PACKED = 10
_IGNORED = ("readme", "readme.md", "readme.txt")
Progress = Callable[[str, int, int], None]


class UnreadableFileError(Exception):
    """A file whose bytes cannot be had now; the message is a sentence without its name."""


class DamagedFileError(Exception):
    """A file whose bytes will never be of use; the message is a sentence without its name."""


@dataclass(frozen=True)
class ReceivedFile:
    """A file as it lies below the raw folder. `weight` is about its unpacked size."""

    source_file: str
    path: Path
    bytes: int
    modified_ns: int
    sha256: str
    interchange_date: str
    weight: int


def find_files(
    raw_folder: Path, store: Path, progress: Progress | None = None
) -> tuple[list[ReceivedFile], list[str]]:
    """Every file below the raw folder by path, and a sentence for each that cannot be read.

    Hidden files and READMEs are no files of the site's.

    Raises   AnalyticsError for a folder that cannot be looked into: nobody knows what is missing
    """
    known, problems = _read_index(store), []
    paths = list(_paths(raw_folder.resolve(), problems))
    files: list[ReceivedFile] = []
    for place, (source_file, path) in enumerate(paths, start=1):
        try:
            files.append(_look_at(source_file, path, known))
        except (OSError, UnreadableFileError) as trouble:
            problems.append(f"{source_file} could not be read: {_why(trouble)}")
        if progress and (place % 500 == 0 or place == len(paths)):
            progress("finding files", place, len(paths))
    _write_index(store, known, files)
    return files, problems


def read_content(file: ReceivedFile) -> bytes:
    """The unpacked bytes of a file.

    Raises   UnreadableFileError when it is gone or changed since it was found; DamagedFileError
             when its gzip packing does not open
    """
    try:
        with file.path.open("rb") as handle:
            packed = handle.read()
            status = os.fstat(handle.fileno())
    except OSError as trouble:
        raise UnreadableFileError(_why(trouble)) from None
    if (status.st_size, status.st_mtime_ns) != (file.bytes, file.modified_ns):
        raise UnreadableFileError("it changed while it was read; refresh again when it is complete")
    if not packed.startswith(GZIP):
        return packed
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        raise DamagedFileError(
            "not read: its gzip packing is damaged or cut off; ask the sender for the file again"
        ) from None


def _paths(root: Path, problems: list[str]) -> Iterator[tuple[str, Path]]:
    def refuse(trouble: OSError) -> None:
        place = _printable(Path(os.path.relpath(trouble.filename or root, root.parent)))
        raise AnalyticsError(
            f"the folder {place} could not be read; found: {trouble.strerror}. A whole folder of "
            "files is missing, so nothing was built and the last run stays. Mount it, or give the "
            "user that refreshes the right to read it."
        ) from None

    for folder, folders, names in os.walk(root, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in [*folders, *sorted(names)]:
            path = Path(folder, name)
            if _is_ignored(name) or (path.is_dir() and not path.is_symlink()):
                continue
            source_file = _printable(path.relative_to(root))
            if not path.resolve().is_relative_to(root):
                problems.append(
                    f"{source_file} is refused: it is a link that leads out of the raw folder; "
                    "put the file itself there"
                )
            elif path.is_file():
                yield source_file, path
            elif not path.is_dir():
                problems.append(
                    f"{source_file} is refused: it is neither a file nor a folder; take it out of "
                    "the raw folder"
                )


def _is_ignored(name: str) -> bool:
    return name.startswith(".") or name.lower() in _IGNORED


def _printable(path: Path) -> str:
    # A name need not be UTF-8, and a table can hold nothing else.
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _look_at(source_file: str, path: Path, known: dict[str, list]) -> ReceivedFile:
    status = path.stat()
    size, modified_ns = status.st_size, status.st_mtime_ns
    last = known.get(source_file)
    if last and last[:2] == [size, modified_ns]:
        sha256, date, weight = last[2:]
    else:
        sha256, date, weight = _identify(path, size)
    return ReceivedFile(source_file, path, size, modified_ns, sha256, date, weight)


def _identify(path: Path, size: int) -> tuple[str, str, int]:
    with path.open("rb") as handle:
        head = handle.read(_HEAD_BYTES)
        handle.seek(0)
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        if handle.tell() != size:
            raise UnreadableFileError(
                "it is still being written; refresh again when it is complete"
            )
    if not head.startswith(GZIP):
        return sha256, first_interchange_date(head), size
    try:
        head = zlib.decompressobj(wbits=31).decompress(head, _HEAD_BYTES)
    except zlib.error:
        head = b""
    return sha256, first_interchange_date(head), size * _UNPACKED_PER_PACKED


def _why(trouble: Exception) -> str:
    if isinstance(trouble, PermissionError):
        return "this user may not read it; give the user that refreshes the right to"
    if isinstance(trouble, OSError):
        return f"{trouble.strerror or 'the system gave no reason'}; refresh again"
    return str(trouble)


def _read_index(store: Path) -> dict[str, list]:
    try:
        return json.loads((store / INDEX).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write_index(store: Path, known: dict[str, list], files: list[ReceivedFile]) -> None:
    index = {
        file.source_file: [
            *(file.bytes, file.modified_ns, file.sha256, file.interchange_date, file.weight),
        ]
        for file in files
    }
    if index != known:
        store.mkdir(parents=True, exist_ok=True)
        write_durably(store / INDEX, json.dumps(index).encode())
