"""The same mail in other files: split and joined, named, packed, spelled and sent again otherwise.

What a site has received is a list of `RawFile`s; every function here gives files that say no more
and no less, so no figure may change by it.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from tests.fuzz.raw_site import RawFile, RawSite

# Without ^: ISA11 says it repeats elements.
DELIMITERS = ("*:~", "|>~", "+|\x1c", "*:\n", "\x1d\x1f'")
LINE_BREAKS = ("", "\n", "\r\n", "\n  ")


@dataclass(frozen=True)
class Delivery:
    """A file as it lies below raw/."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Way:
    """How the mail comes; False everywhere is as the site has it."""

    seed: int = 0
    splits: bool = False
    joins: bool = False
    respells: bool = False
    packs: bool = False
    renames: bool = False
    comes_again: str = "no"

    def deliver(self, files: Sequence[RawFile]) -> list[Delivery]:
        """The mail that comes in these files, coming this way."""
        chance = Random(self.seed)
        sent = [part for file in files for part in (split(file) if self.splits else [file])]
        sent += AGAIN[self.comes_again](chance, files)
        contents = [spelled(chance, file) if self.respells else plain(file) for file in sent]
        if self.renames or self.joins:
            chance.shuffle(contents)
        if self.joins:
            contents = joined(chance, contents)
        named = [
            Delivery(_name(chance, number) if self.renames else f"{number:03d}.x12", content)
            for number, content in enumerate(contents)
        ]
        return packed(chance, named) if self.packs else named


def gathered(site: RawSite, most: int = 3) -> RawSite:
    """The site with up to so many files of a kind in one, so that files hold many transactions."""
    files: list[RawFile] = []
    for file in site.files:
        last = next((each for each in files if _may_be_gathered(each, file, most)), None)
        if last is None:
            files.append(file)
        else:
            together = (*last.transactions, *file.transactions)
            numbered = tuple(
                replace(each, control=f"{number:04d}") for number, each in enumerate(together, 1)
            )
            files[files.index(last)] = replace(last, transactions=numbered)
    return replace(site, files=tuple(files))


def _may_be_gathered(last: RawFile, file: RawFile, most: int) -> bool:
    kinds = {(each.transaction_type, each.usage) for each in (last, file)}
    together = (*last.transactions, *file.transactions)
    return len(kinds) == 1 and len(together) <= most and all(each.has_se for each in together)


def split(file: RawFile) -> list[RawFile]:
    """A file for each transaction, each in an envelope of its own that says what theirs said."""
    return [replace(file, transactions=(each,)) for each in file.transactions]


def plain(file: RawFile) -> bytes:
    """The file as the site has it."""
    return file.text().encode()


def spelled(chance: Random, file: RawFile) -> bytes:
    """The file with other delimiters and line breaks."""
    delimiters = chance.choice(DELIMITERS)
    text = replace(file, delimiters=delimiters).text()
    terminator = delimiters[2]
    if terminator == "\n":
        return text.replace("\n\n", "\n").encode()
    return text.replace(f"{terminator}\n", terminator + chance.choice(LINE_BREAKS)).encode()


def joined(chance: Random, contents: Sequence[bytes]) -> list[bytes]:
    """Fewer files: some of the interchanges behind each other in one."""
    parts: list[list[bytes]] = []
    for content in contents:
        if not parts or chance.random() < 0.4:
            parts.append([])
        parts[-1].append(content)
    return [b"".join(part) for part in parts]


def packed(chance: Random, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Some files as gzip, some together in a zip archive, the rest as they are."""
    kept, in_archive = [], []
    for delivery in deliveries:
        how = chance.choice(("plain", "gzip", "zip"))
        if how == "zip":
            in_archive.append(delivery)
        elif how == "gzip":
            kept.append(Delivery(f"{delivery.name}.gz", gzip.compress(delivery.content, mtime=0)))
        else:
            kept.append(delivery)
    if in_archive:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for delivery in in_archive:
                archive.writestr(delivery.name, delivery.content)
        kept.append(Delivery("month.zip", buffer.getvalue()))
    return kept


def same_again(_: Random, files: Sequence[RawFile]) -> list[RawFile]:
    """Every file once more as it is."""
    return list(files)


def numbered_anew(_: Random, files: Sequence[RawFile]) -> list[RawFile]:
    """Every file once more, sent a day later under other control numbers."""
    return [_later(file) for file in files]


def overlapping(chance: Random, files: Sequence[RawFile]) -> list[RawFile]:
    """Some of the transactions of some of the files once more, sent later under other numbers."""
    return [
        replace(_later(file), transactions=tuple(kept))
        for file in files
        if (kept := [each for each in _later(file).transactions if chance.random() < 0.5])
    ]


AGAIN = {
    "no": lambda *_: [],
    "same": same_again,
    "numbered anew": numbered_anew,
    "overlapping": overlapping,
}


def broken_off(chance: Random, file: RawFile) -> bytes:
    """The file as an upload left it that broke off at some byte behind its envelope's first."""
    whole = plain(file)
    start = whole.index(b"GS" + whole[3:4])
    return whole[: chance.randrange(start, len(whole))]


def write_site(site: RawSite, deliveries: Sequence[Delivery], folder: Path) -> None:
    """The site's folder with these files below raw/."""
    replace(site, files=()).write(folder)
    for delivery in deliveries:
        path = folder / "raw" / delivery.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(delivery.content)


def _later(file: RawFile) -> RawFile:
    transactions = tuple(
        replace(each, control=f"9{number:03d}") for number, each in enumerate(file.transactions)
    )
    return replace(
        file,
        control=f"9{file.control[1:]}",
        sent_date=file.sent_date + timedelta(days=1),
        transactions=transactions,
    )


def _name(chance: Random, number: int) -> str:
    folder = chance.choice(("", "2026/", "from payer/old/"))
    return f"{folder}{chance.randrange(10**6):06d}-{number}.{chance.choice(('835', 'txt', 'X12'))}"
