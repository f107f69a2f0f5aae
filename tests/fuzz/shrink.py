"""The smallest site that still shows a disagreement: pieces are taken out greedily, large first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from tests.fuzz.raw_site import RawFile, RawSite, RawTransaction

Part = TypeVar("Part")
StillShows = Callable[[RawSite], bool]
# Segments without which a text is another text; all else may go.
KEPT = ("BPR", "BHT", "ST", "CLP", "CLM", "SVC", "SV1", "SV2", "N1", "HL", "LX", "NM1", "SBR")
STARTS = {
    "835": (("CLP",), ("CLP", "PLB")),
    "837": (("HL",), ("HL",)),
}
LINE_STARTS = {"835": (("SVC",), ("SVC", "CLP", "PLB")), "837": (("LX",), ("LX", "HL"))}


def shrunk(site: RawSite, still_shows: StillShows, claim_number: str = "") -> RawSite:
    """The site without any piece it shows the same without.

    Takes    claim_number, of the claim to try alone first: mostly it is enough
    """
    alone = _only(site, claim_number)
    if claim_number and still_shows(alone):
        site = alone
    site = _without_files(site, still_shows)
    for level in (_transactions, _claims, _lines, _segments):
        site = level(site, still_shows)
    site = _without_rows(site, still_shows)
    given = fewer(
        site.administrations, lambda left: still_shows(replace(site, administrations=left))
    )
    site = replace(site, administrations=given)
    return _without_files(site, still_shows)


def fewer(parts: Sequence[Part], holds: Callable[[tuple[Part, ...]], bool]) -> tuple[Part, ...]:
    """The parts that are needed: halves are tried before quarters, down to single parts."""
    kept = tuple(parts)
    size = max(1, len(kept) // 2)
    while kept:
        place = 0
        while place < len(kept):
            tried = kept[:place] + kept[place + size :]
            if holds(tried):
                kept = tried
            else:
                place += size
        if size == 1:
            return kept
        size //= 2
    return kept


def _only(site: RawSite, claim_number: str) -> RawSite:
    """The site with the claims and remit claims of one number alone."""
    files = []
    for file in site.files:
        opens, ends = STARTS[file.transaction_type[:3]]
        sent = f"CLP*{claim_number}*", f"CLM*{claim_number}*"
        transactions = []
        for transaction in file.transactions:
            blocks = list(_cut(transaction.segments, opens, ends))
            kept = [block for loose, block in blocks if not loose or _holds(block, sent)]
            if len(kept) > sum(not loose for loose, _ in blocks):
                segments = tuple(text for block in kept for text in block)
                transactions.append(replace(transaction, segments=segments))
        if transactions:
            files.append(replace(file, transactions=tuple(transactions)))
    return replace(site, files=tuple(files))


def _holds(block: tuple[str, ...], starts: tuple[str, ...]) -> bool:
    return any(text.startswith(starts) for text in block)


def _without_files(site: RawSite, still_shows: StillShows) -> RawSite:
    files = fewer(site.files, lambda left: still_shows(replace(site, files=left)))
    return replace(site, files=files)


def _without_rows(site: RawSite, still_shows: StillShows) -> RawSite:
    for name in site.reference:

        def having(rows: tuple, name: str = name, site: RawSite = site) -> RawSite:
            return replace(site, reference={**site.reference, name: rows})

        rows = fewer(site.reference[name], lambda left, having=having: still_shows(having(left)))
        site = having(rows)
        dropped = {key: rows for key, rows in site.reference.items() if key != name}
        if not rows and still_shows(replace(site, reference=dropped)):
            site = replace(site, reference=dropped)
    return site


def _transactions(site: RawSite, still_shows: StillShows) -> RawSite:
    for place, file in enumerate(site.files):

        def having(left: tuple, place: int = place, file: RawFile = file, site=site) -> RawSite:
            return _with_file(site, place, replace(file, transactions=left))

        left = fewer(
            file.transactions, lambda left, having=having: bool(left) and still_shows(having(left))
        )
        site = having(left)
    return site


def _claims(site: RawSite, still_shows: StillShows) -> RawSite:
    return _blocks(site, still_shows, STARTS)


def _lines(site: RawSite, still_shows: StillShows) -> RawSite:
    return _blocks(site, still_shows, LINE_STARTS)


def _segments(site: RawSite, still_shows: StillShows) -> RawSite:
    for file_place, place, transaction in list(_all_transactions(site)):

        def having(left, file_place=file_place, place=place, one=transaction, site=site):
            return _with_transaction(site, file_place, place, replace(one, segments=left))

        loose = {n for n, text in enumerate(transaction.segments) if not text.startswith(KEPT)}

        def only(left, loose=loose, one=transaction):
            kept = set(left)
            return tuple(text for n, text in enumerate(one.segments) if n not in loose or n in kept)

        left = fewer(
            sorted(loose),
            lambda left, having=having, only=only: still_shows(having(only(left))),
        )
        site = having(only(left))
    return site


def _blocks(site: RawSite, still_shows: StillShows, starts: dict) -> RawSite:
    """The site with fewer claims, or fewer lines: what opens with a segment, to the next one."""
    for file_place, place, transaction in list(_all_transactions(site)):
        opens, ends = starts[site.files[file_place].transaction_type[:3]]
        blocks = list(_cut(transaction.segments, opens, ends))

        def having(left, file_place=file_place, place=place, one=transaction, site=site):
            segments = tuple(text for _, block in left for text in block)
            return _with_transaction(site, file_place, place, replace(one, segments=segments))

        def holds(left, having=having, blocks=blocks):
            is_whole = all(block in left for block in blocks if not block[0])
            return is_whole and still_shows(having(left))

        site = having(fewer(blocks, holds))
    return site


def _cut(
    segments: tuple[str, ...], opens: tuple[str, ...], ends: tuple[str, ...]
) -> Iterator[tuple[bool, tuple[str, ...]]]:
    """The segments in blocks; the first says whether a block may be taken out."""
    block: list[str] = []
    is_loose = False
    for text in segments:
        name = text.split("*", 1)[0]
        if name in ends:
            if block:
                yield is_loose, tuple(block)
            block, is_loose = [], name in opens and not text.endswith("**20*1")
        block.append(text)
    if block:
        yield is_loose, tuple(block)


def _all_transactions(site: RawSite) -> Iterator[tuple[int, int, RawTransaction]]:
    for file_place, file in enumerate(site.files):
        for place, transaction in enumerate(file.transactions):
            yield file_place, place, transaction


def _with_file(site: RawSite, place: int, file: RawFile) -> RawSite:
    return replace(site, files=(*site.files[:place], file, *site.files[place + 1 :]))


def _with_transaction(
    site: RawSite, file_place: int, place: int, transaction: RawTransaction
) -> RawSite:
    file = site.files[file_place]
    left = (*file.transactions[:place], transaction, *file.transactions[place + 1 :])
    return _with_file(site, file_place, replace(file, transactions=left))
