"""Files that survive a crash whole, private to their owner, written by one refresh at a time."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analytics.errors import AnalyticsError

DRAFT = ".draft"


def settle(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk and not only in memory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(draft: Path, target: Path) -> None:
    """Give a finished draft its name: after a power cut the target is there whole or not at all."""
    settle(draft)
    os.replace(draft, target)
    settle(target.parent)


def write_durably(target: Path, content: bytes) -> None:
    """Write a small file so that a reader sees the old content or the new, never a part."""
    draft = target.with_name(f"{target.name}.{os.getpid()}{DRAFT}")
    try:
        draft.write_bytes(content)
        put_in_place(draft, target)
    except OSError:
        # What did not fit must not keep the disk full.
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def link_or_copy(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the disk knows no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        settle(target)


def sweep_drafts(folder: Path) -> None:
    """Remove what an interrupted refresh left half made."""
    for draft in sorted(folder.rglob(f"*{DRAFT}")):
        if draft.is_dir():
            shutil.rmtree(draft)
        else:
            draft.unlink(missing_ok=True)


@contextmanager
def private_files(*, share_with_group: bool) -> Iterator[None]:
    """Everything written inside is for the owner alone, or for the group to read as well."""
    before = os.umask(0o027 if share_with_group else 0o077)
    try:
        yield
    finally:
        os.umask(before)


def set_privacy(folder: Path, *, share_with_group: bool) -> None:
    """Bring files of earlier refreshes to what `share_with_group` says now, both ways."""
    folder_mode, file_mode = (0o750, 0o640) if share_with_group else (0o700, 0o600)
    for path in (folder, *folder.rglob("*")):
        # The lock keeps other refreshes out, but a person may delete the warehouse at any time.
        with suppress(FileNotFoundError):
            path.chmod(folder_mode if path.is_dir() else file_mode)


@contextmanager
def one_refresh_at_a_time(warehouse: Path) -> Iterator[None]:
    """Hold the warehouse for one writer; readers are never asked.

    The system releases the lock when its process ends, however it ends, so a lock file with a dead
    process in it never stands in the way.

    Raises   AnalyticsError when another refresh holds it, naming the process
    """
    import fcntl  # not on Windows, where reading works and refreshing needs WSL

    warehouse.mkdir(parents=True, exist_ok=True)
    with (warehouse / "refresh.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AnalyticsError(
                f"another refresh is at work on {warehouse}; it is {lock.read().strip()}. "
                "Wait for it to finish, or stop that process and try again."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()} on {socket.gethostname()}")
        lock.flush()
        yield
        lock.truncate(0)
