"""Which ids and names in the files are one payer, and which names two payers may share.

Put together are: ids that stand in one loop, ids the site's own reference gives one payer, and a
name with the ids it comes with. A name may join one id of claims to one of remits, since the two
are numbered apart; it never joins two ids of one kind of file. Such a name stands for nobody until
a person says whose it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class NameSeen:
    """Ids and a name as one kind of file (837 or 835) sends them together, and what lies behind.

    `payer_id` is the site's own for them, None where its reference does not know them.
    """

    kind: str
    ids: tuple[str, ...]
    name: str
    lines: int
    charge_usd: Decimal
    filing_codes: frozenset[str] = frozenset()
    payer_id: str | None = None

    @property
    def node(self) -> str:
        """What stands for it among the groups: its first id, else its name."""
        return _id(self.ids[0]) if self.ids else _name(self.name)


@dataclass
class Groups:
    """Ids and names that belong together, joined pair by pair."""

    parents: dict[str, str] = field(default_factory=dict)

    def root(self, node: str) -> str:
        """The one member that stands for all of them."""
        parent = self.parents.setdefault(node, node)
        if parent != node:
            self.parents[node] = parent = self.root(parent)
        return parent

    def join(self, nodes: Iterable[str]) -> None:
        """Make one group of these and everything that belongs to them."""
        first, *rest = sorted({self.root(node) for node in nodes})
        for root in rest:
            self.parents[root] = first

    def members(self) -> list[set[str]]:
        """Every group."""
        by_root: dict[str, set[str]] = defaultdict(set)
        for node in list(self.parents):
            by_root[self.root(node)].add(node)
        return list(by_root.values())


def alias_key(text: str) -> str:
    """The id or name as it is compared: upper case, without blanks.

    >>> alias_key("Alder  Health") == alias_key("ALDERHEALTH")
    True
    """
    return text.upper().replace(" ", "")


def put_together(seen: Sequence[NameSeen]) -> tuple[Groups, dict[str, tuple[str, ...]]]:
    """The groups, and by key the names that may be two payers', with the ids that send them."""
    groups = Groups()
    for item in seen:
        groups.join([_id(sent) for sent in item.ids] or [item.node])
        if item.payer_id:
            groups.join((item.node, f"known {item.payer_id}"))
    senders = _senders(seen, groups)
    kin = Groups()
    for roots in senders.values():
        kin.join(roots)
    doubtful = {
        root
        for roots in kin.members()
        if len(roots) > 1 and not _are_one(roots, seen, groups)
        for root in roots
    }
    shared = {
        name: _ids_sending(name, seen)
        for name, roots in senders.items()
        if len(roots) > 1 and roots <= doubtful
    }
    for name, roots in senders.items():
        if name not in shared:
            groups.join((_name(name), *roots))
    return groups, shared


def _senders(seen: Sequence[NameSeen], groups: Groups) -> dict[str, set[str]]:
    """By the key of a name, the groups that send it with an id or are known by it."""
    senders: dict[str, set[str]] = defaultdict(set)
    for item in seen:
        if item.name.strip() and (item.ids or item.payer_id):
            senders[alias_key(item.name)].add(groups.root(item.node))
    return senders


def _are_one(roots: set[str], seen: Sequence[NameSeen], groups: Groups) -> bool:
    """Whether these are one group of claims and one of remits, at most one of them known."""
    kinds: dict[str, set[str]] = {root: set() for root in roots}
    known: set[str | None] = {None}
    for item in seen:
        root = groups.root(item.node)
        if root in roots:
            kinds[root].add(item.kind)
            known.add(item.payer_id)
    return len(roots) == 2 and not set.intersection(*kinds.values()) and len(known) <= 2


def _ids_sending(name: str, seen: Sequence[NameSeen]) -> tuple[str, ...]:
    return tuple(sorted({sent for i in seen if alias_key(i.name) == name for sent in i.ids}))


def _id(sent: str) -> str:
    return f"id {alias_key(sent)}"


def _name(name: str) -> str:
    return f"name {alias_key(name)}"
