"""The payers the files name and the site's reference does not: one row each, its aliases beside it.

What is put together is `payers_put_together.py`'s to say. A payer is called what it is most often
called; whatever rests on more than one id of the same spelling says so in a note.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from analytics.reference.payers_put_together import NameSeen, alias_key, put_together

# What a filing code says by itself (RULES 8.1). MA and MB say it of Medicare's own payers only.
LINE_OF_FILING_CODE = {
    **dict.fromkeys(("12", "13", "14", "15", "BL", "CI", "HM"), "commercial"),
    "16": "medicare_advantage",
    "MC": "medicaid",
}
SLUG_LENGTH = 40


@dataclass(frozen=True)
class AliasSeen:
    """One id or name, the payer it stands for (None: a person must say) and what lies behind it."""

    alias: str
    payer_id: str | None
    lines: int
    charge_usd: Decimal
    note: str = ""


@dataclass(frozen=True)
class PayerSeen:
    """A payer the site's reference does not know yet."""

    payer_id: str
    payer_name: str
    line_of_business: str | None
    lines: int
    charge_usd: Decimal
    notes: tuple[str, ...] = ()


def payers_seen(
    seen: Sequence[NameSeen], taken: Iterable[str] = ()
) -> tuple[list[PayerSeen], list[AliasSeen]]:
    """The payers to add, the most dollars first, and every alias with the payer it stands for.

    Takes    every combination of ids and name in the files; taken, the payer ids already in use
    Returns  new payers only; aliases of known payers too, but none that two known payers share
    """
    named = sorted((item for item in seen if item.ids or item.name.strip()), key=_claims_first)
    groups, shared = put_together(named)
    members: dict[str, list[NameSeen]] = defaultdict(list)
    nobodys: list[NameSeen] = []
    for item in named:
        is_nobodys = not item.ids and not item.payer_id and alias_key(item.name) in shared
        (nobodys if is_nobodys else members[groups.root(item.node)]).append(item)
    used = {payer_id.upper() for payer_id in taken}
    payers: list[PayerSeen] = []
    aliases: list[AliasSeen] = []
    for items in sorted(members.values(), key=_most_dollars_first):
        known = {item.payer_id for item in items if item.payer_id}
        if not known:
            payers.append(_new_payer(items, shared, used))
            known = {payers[-1].payer_id}
        if len(known) == 1:
            aliases += _aliases(items, known.pop(), shared)
    return payers, _each_once([*aliases, *_open_names(nobodys, shared)])


def line_of_business(filing_codes: Iterable[str]) -> str | None:
    """The line of business that all these filing codes name by themselves; else None.

    >>> line_of_business(["CI", "12"]), line_of_business(["CI", "16"]), line_of_business(["MB"])
    ('commercial', None, None)
    """
    named = {LINE_OF_FILING_CODE.get(code) for code in filing_codes}
    return named.pop() if len(named) == 1 else None


def _new_payer(
    items: Sequence[NameSeen], shared: Mapping[str, tuple[str, ...]], used: set[str]
) -> PayerSeen:
    name = _most_often((item.name, item.lines) for item in items)
    ids = sorted({sent for item in items for sent in item.ids})
    called, slugs = name or ids[0], [name or ids[0], *(f"{name} {sent}" for sent in ids)]
    notes: list[str] = []
    if alias_key(name) in shared:
        # Under its bare name it would answer for the other payer too.
        called, slugs = f"{name} ({ids[0]})", slugs[1:]
        others = " and ".join(sent for sent in shared[alias_key(name)] if sent not in ids)
        notes.append(f"id {others} sends this name too: one payer? Then one payer_id in aliases")
    codes = sorted({code for item in items for code in item.filing_codes})
    business = line_of_business(codes)
    if business:
        notes.append(f"line_of_business is a guess from filing code {' '.join(codes)}")
    lines, usd = _behind(items)
    return PayerSeen(_unused(slugs, used), called, business, lines, usd, tuple(notes))


def _unused(names: Sequence[str], used: set[str]) -> str:
    """The first name as a payer_id that nobody has; a number behind it where all are taken."""
    slugs = [_slug(name) or "payer" for name in names]
    numbered = (f"{slugs[0]}-{number}" for number in range(2, len(used) + 3))
    chosen = next(slug for slug in (*slugs, *numbered) if slug.upper() not in used)
    used.add(chosen.upper())
    return chosen


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:SLUG_LENGTH].strip("-")


def _aliases(
    items: Sequence[NameSeen], payer_id: str, shared: Mapping[str, object]
) -> list[AliasSeen]:
    """A row per id and name of one payer, ids first; a spelling stands once whatever its blanks."""
    notes = _notes_of_ids(items)
    by_key: dict[str, list[tuple[str, NameSeen]]] = defaultdict(list)
    for item in items:
        for sent in item.ids:
            by_key[alias_key(sent)].append((sent, item))
    for item in items:
        if item.name.strip() and alias_key(item.name) not in shared:
            by_key[alias_key(item.name)].append((item.name, item))
    return [
        AliasSeen(
            _most_often((text, item.lines) for text, item in found),
            payer_id,
            *_behind([item for _, item in found]),
            notes.get(key, ""),
        )
        for key, found in by_key.items()
    ]


def _notes_of_ids(items: Sequence[NameSeen]) -> dict[str, str]:
    """Which ids are one payer for their name alone: each says with what other it shares it."""
    by_name: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for item in items:
        if item.ids and item.name.strip():
            by_name[alias_key(item.name)].add(item.ids)
    notes: dict[str, str] = {}
    for together in by_name.values():
        for ids in together:
            others = {sent for other in together if not set(other) & set(ids) for sent in other}
            if others:
                said = f"one payer with {' and '.join(sorted(others))}, which sends the same name"
                notes |= {alias_key(sent): said for sent in ids}
    return notes


def _open_names(
    nobodys: Sequence[NameSeen], shared: Mapping[str, tuple[str, ...]]
) -> list[AliasSeen]:
    """A row without payer per name that comes without an id and that two payers' ids send."""
    by_key: dict[str, list[NameSeen]] = defaultdict(list)
    for item in nobodys:
        by_key[alias_key(item.name)].append(item)
    return [
        AliasSeen(
            _most_often((item.name, item.lines) for item in items),
            None,
            *_behind(items),
            f"comes without an id here, and with {' and '.join(shared[key])}: whose is it?",
        )
        for key, items in sorted(by_key.items())
    ]


def _each_once(aliases: Sequence[AliasSeen]) -> list[AliasSeen]:
    """The aliases, a text that is an id of one payer and a name of another left to a person."""
    payers: dict[str, set[str | None]] = defaultdict(set)
    for alias in aliases:
        payers[alias_key(alias.alias)].add(alias.payer_id)
    once = {alias_key(alias.alias): alias for alias in reversed(aliases)}
    note = "an id of one payer and a name of another: whose is it?"
    return [
        alias if len(payers[key]) == 1 else replace(alias, payer_id=None, note=note)
        for key, alias in reversed(once.items())
    ]


def _behind(items: Sequence[NameSeen]) -> tuple[int, Decimal]:
    """Billed lines and charges; those of remits where no claim on file is behind them."""
    billed = [item for item in items if item.kind == "837"] or items
    return sum(item.lines for item in billed), sum((i.charge_usd for i in billed), Decimal(0))


def _most_often(spelled: Iterable[tuple[str, int]]) -> str:
    """The spelling with the most lines behind it, of two alike the first in the alphabet."""
    lines: dict[str, int] = defaultdict(int)
    for text, count in spelled:
        if text.strip():
            lines[text] += count
    return min(lines, key=lambda text: (-lines[text], text), default="")


def _claims_first(item: NameSeen) -> tuple[object, ...]:
    """An order that does not depend on how the names came."""
    codes = sorted(item.filing_codes)
    known = item.payer_id or ""
    return item.kind != "837", item.ids, item.name, known, item.lines, item.charge_usd, codes


def _most_dollars_first(items: Sequence[NameSeen]) -> tuple[Decimal, str]:
    return -_behind(items)[1], min(item.node for item in items)
