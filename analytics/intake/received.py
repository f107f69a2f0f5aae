"""The files below a raw folder: which there are, what they hold, and which cannot be read.

A zip archive is as many files as it has members. A file with the path, size and time of the last
look is not read again: an index beside the parsed batches remembers what it holds. Nothing outside
the raw folder is ever followed into.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

from analytics.errors import AnalyticsError
from analytics.intake.archives import is_ignored
from analytics.intake.contents import (
    DamagedFileError,
    Member,
    ReceivedFile,
    UnreadableFileError,
    open_content,
    read_content,
    why,
)
from analytics.intake.identify import Found, Look, file_state, identify
from analytics.warehouse.durable import write_durably

__all__ = [
    "INDEX",
    "DamagedFileError",
    "Progress",
    "ReceivedFile",
    "UnreadableFileError",
    "find_files",
    "open_content",
    "read_content",
]

INDEX = "index.json"
# What an index says holds for the code that wrote it.
_CODE = ("archives", "contents", "identify", "kinds", "received", "x12")
Progress = Callable[[str, int, int], None]


def find_files(
    raw_folder: Path, store: Path, progress: Progress | None = None
) -> tuple[list[ReceivedFile], list[str]]:
    """Every file below the raw folder by path, and a sentence for each that cannot be read.

    Hidden files and READMEs are no files of the site's.

    Raises   AnalyticsError for a folder that cannot be looked into: nobody knows what is missing
    """
    known, problems = _read_index(store), []
    root = os.path.realpath(raw_folder)
    entries = _files_below(root, problems)
    looks: dict[str, Look] = {}
    files: list[ReceivedFile] = []
    for place, entry in enumerate(entries, start=1):
        source_file = _source_file(entry.path, root)
        try:
            look = looks[source_file] = _look_at(entry, known.get(source_file))
        except (OSError, UnreadableFileError) as trouble:
            problems.append(f"{source_file} could not be read: {why(trouble)}")
        else:
            files += _received(source_file, Path(entry.path), look)
        if progress and (place % 500 == 0 or place == len(entries)):
            progress("finding files", place, len(entries))
    if looks != known:
        _write_index(store, looks)
    return files, problems


def _files_below(root: str, problems: list[str]) -> list[os.DirEntry[str]]:
    files, folders = [], [root]
    while folders:
        for entry in _listing(folders.pop(), root):
            if is_ignored(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif entry.is_symlink() and not _leads_inside(entry.path, root):
                problems.append(
                    f"{_source_file(entry.path, root)} is refused: it is a link that leads out of "
                    "the raw folder; put the file itself there"
                )
            elif entry.is_file(follow_symlinks=False) or os.path.isfile(entry.path):
                files.append(entry)
            elif not os.path.isdir(entry.path):
                problems.append(
                    f"{_source_file(entry.path, root)} is refused: it is neither a file nor a "
                    "folder; take it out of the raw folder"
                )
    return sorted(files, key=lambda entry: entry.path)


def _listing(folder: str, root: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as trouble:
        place = _source_file(folder, os.path.dirname(root))
        raise AnalyticsError(
            f"the folder {place} could not be read; found: {trouble.strerror}. A whole folder of "
            "files is missing, so nothing was built and the last run stays. Mount it, or give the "
            "user that refreshes the right to read it."
        ) from None


def _leads_inside(path: str, root: str) -> bool:
    return os.path.commonpath([os.path.realpath(path), root]) == root


def _source_file(path: str, root: str) -> str:
    # A name need not be UTF-8, and a table can hold nothing else; two names stay two.
    below = path.removeprefix(root).lstrip(os.sep).replace(os.sep, "/")
    return os.fsencode(below).decode("utf-8", "backslashreplace")


def _look_at(entry: os.DirEntry[str], last: Look | None) -> Look:
    if last and last[:3] == file_state(entry.stat()):
        return last
    with open(entry.path, "rb") as handle:
        return identify(handle)


def _received(source_file: str, path: Path, look: Look) -> Iterator[ReceivedFile]:
    for found in look.found:
        yield ReceivedFile(
            source_file=f"{source_file}/{found.name}" if found.name else source_file,
            path=path,
            bytes_on_disk=look.bytes_on_disk,
            modified_ns=look.modified_ns,
            bytes=found.bytes,
            sha256=found.sha256,
            interchange_date=found.interchange_date,
            member=found.member,
            refused=found.refused,
        )


def _read_index(store: Path) -> dict[str, Look]:
    try:
        index = json.loads((store / INDEX).read_text(encoding="utf-8"))
        looks = index["files"] if index["reader"] == _reader() else {}
        return {source_file: _look(*cells) for source_file, cells in looks.items()}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _look(*cells: int | list[list]) -> Look:
    *state, found = cells
    members = (
        Found(*known, Member(*member) if member else None, refused)
        for *known, member, refused in found
    )
    return Look(*state, tuple(members))


def _write_index(store: Path, looks: dict[str, Look]) -> None:
    index = {"reader": _reader(), "files": looks}
    store.mkdir(parents=True, exist_ok=True)
    write_durably(store / INDEX, json.dumps(index).encode())


def _reader() -> str:
    code = hashlib.sha256()
    for module in _CODE:
        code.update(resources.files("analytics.intake").joinpath(f"{module}.py").read_bytes())
    return code.hexdigest()
