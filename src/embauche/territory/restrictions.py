"""Turn restrictions of OpenStreetMap: relations read, and made into sequences of links banned to cars.

Lives here: Restrictions, resolve. Not here: reading files (osm), graphs that obey them (routing.turns).

https://wiki.openstreetmap.org/wiki/Relation:restriction. A `no_` restriction forbids one sequence of
links: from, via, to. An `only_` restriction forbids, after from and via, every other way on: who
turns off before the end of the via ways is free. Restrictions with conditions (hours, weather) are
not read. What cannot be understood is counted by its cause and left out.
"""

from __future__ import annotations

import itertools
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from embauche.territory.roads import RawRoads

# The more exact key decides; "restriction" alone holds for every vehicle that is not in "except".
KEYS: tuple[str, ...] = ("restriction:motorcar", "restriction:motor_vehicle", "restriction")
CONDITIONAL: tuple[str, ...] = tuple(f"{key}:conditional" for key in KEYS)
_HOURS = ("day_on", "day_off", "hour_on", "hour_off")  # conditions in the form used before 2013
_KINDS = frozenset(
    ("no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit",
     "only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn")
)  # fmt: skip
_CARS = frozenset(("motorcar", "motor_vehicle", "vehicle"))
_MOST_CHAINS = 64  # ways through the via members that are tried before a relation counts as ambiguous

READ, KEPT = "turn restrictions read", "turn restrictions kept"
_OUT = "turn restrictions left out, "
CONDITIONS = _OUT + "with conditions"
OTHERS = _OUT + "for other vehicles"
UNKNOWN = _OUT + "of unknown kind"
MEMBERS = _OUT + "members missing or of a wrong role"
ABSENT = _OUT + "ways that are no roads of the extract"
APART = _OUT + "members that do not meet"
AMBIGUOUS = _OUT + "more than one reading"
MOOT = _OUT + "turns that no car can make anyway"

Sequence = tuple[int, ...]


@dataclass(frozen=True)
class Relation:
    """One restriction: its kind and members by role; via is one node or one or more ways."""

    version: int
    kind: str
    start: tuple[int, ...]
    via_node: int | None
    via_ways: tuple[int, ...]
    end: tuple[int, ...]


@dataclass
class Restrictions:
    """Relations by id, and how many were left out for which cause."""

    found: dict[int, Relation] = field(default_factory=dict)
    causes: dict[int, str] = field(default_factory=dict)

    def keep(self, thing: Any, tags: Any) -> None:
        """Take a relation in, or note why not; of one that comes twice the newest version stays."""
        if tags.get("type") != "restriction":
            return
        before = self.found.get(thing.id)
        if before is not None and before.version >= thing.version:
            return
        self.causes.pop(thing.id, None)
        read = _relation(thing, tags)
        if isinstance(read, str):
            self.causes[thing.id] = read
        else:
            self.found[thing.id] = read


def _relation(thing: Any, tags: Any) -> Relation | str:
    kind = next((tags.get(key) for key in KEYS if key in tags), None)
    if kind is None:
        return CONDITIONS if any(key in tags for key in CONDITIONAL) else UNKNOWN
    if any(key in tags for key in _HOURS):
        return CONDITIONS
    if _CARS & {part.strip() for part in (tags.get("except") or "").split(";")}:
        return OTHERS
    if kind not in _KINDS:
        return UNKNOWN
    members = [(m.type, m.ref, m.role) for m in thing.members]
    start = tuple(ref for type_, ref, role in members if role == "from" and type_ == "w")
    end = tuple(ref for type_, ref, role in members if role == "to" and type_ == "w")
    nodes = [ref for type_, ref, role in members if role == "via" and type_ == "n"]
    ways = tuple(ref for type_, ref, role in members if role == "via" and type_ == "w")
    single = len(start) == len(end) == 1
    if not start or not end or not (single or kind.startswith("no_")):
        return MEMBERS
    if (len(nodes), bool(ways)) not in ((1, False), (0, True)):
        return MEMBERS
    return Relation(thing.version, kind, start, nodes[0] if nodes else None, ways, end)


class _Links:
    """Links by way and by tail; those that cars drive apart."""

    def __init__(self, raw: RawRoads) -> None:
        self.raw = raw
        self.car = np.isfinite(raw.car_s)
        self._order = np.argsort(raw.way, kind="stable")
        self._way = raw.way[self._order]
        drive = np.flatnonzero(self.car)
        self._by_tail = drive[np.argsort(raw.tail[drive], kind="stable")]
        self._tail = raw.tail[self._by_tail]

    def of(self, way: int) -> list[int]:
        """Every link of a way."""
        low, high = np.searchsorted(self._way, [way, way + 1])
        return [int(link) for link in self._order[low:high]]

    def out(self, node: int) -> list[int]:
        """Links on which cars leave a node."""
        low, high = np.searchsorted(self._tail, [node, node + 1])
        return [int(link) for link in self._by_tail[low:high]]

    def nodes(self, way: int) -> set[int]:
        """Nodes of a way."""
        return {int(node) for link in self.of(way) for node in (self.raw.tail[link], self.raw.head[link])}

    def into(self, way: int, node: int) -> list[int]:
        """Links of a way on which cars reach a node."""
        return [link for link in self.of(way) if self.car[link] and self.raw.head[link] == node]

    def from_(self, way: int, node: int) -> list[int]:
        """Links of a way on which cars leave a node."""
        return [link for link in self.of(way) if self.car[link] and self.raw.tail[link] == node]

    def along(self, way: int, start: int, end: int) -> Sequence | None:
        """Links on which a car goes along a way from one node to another, None if it cannot."""
        before: dict[int, int | None] = {start: None}
        links = [link for link in self.of(way) if self.car[link]]
        queue = deque([start])
        while queue and end not in before:
            node = queue.popleft()
            for link in links:
                head = int(self.raw.head[link])
                if self.raw.tail[link] == node and head not in before:
                    before[head] = link
                    queue.append(head)
        if end not in before:
            return None
        path: list[int] = []
        at = end
        while (came := before[at]) is not None:
            path.append(came)
            at = int(self.raw.tail[came])
        return tuple(reversed(path))


def _chains_at(links: _Links, way_in: int, node: int, way_out: int, kind: str) -> list[Sequence] | str:
    """The turn at a via node as a list of one sequence of two links, or why there is none."""
    if node not in links.nodes(way_in) or node not in links.nodes(way_out):
        return APART
    into, out = links.into(way_in, node), links.from_(way_out, node)
    if kind.endswith("_u_turn") and way_in == way_out:  # the way may pass the node: back where one came from
        raw = links.raw
        return [(a, b) for a in into for b in out if raw.tail[a] == raw.head[b]] or MOOT
    if not into or not out:
        return MOOT
    return [(into[0], out[0])] if len(into) == len(out) == 1 else AMBIGUOUS


def _chains_through(links: _Links, way_in: int, vias: Sequence, way_out: int) -> list[Sequence] | str:
    """The one way from a way through via ways onto another, or why there is none."""
    sets = [links.nodes(way) for way in (way_in, *vias, way_out)]
    meet = [sorted(a & b) for a, b in itertools.pairwise(sets)]
    if not all(meet):
        return APART
    chains: list[Sequence] = []
    for tried, nodes in enumerate(itertools.product(*meet)):
        if tried == _MOST_CHAINS:
            return AMBIGUOUS
        legs = [links.along(way, a, b) for way, (a, b) in zip(vias, itertools.pairwise(nodes), strict=True)]
        if not all(legs):
            continue
        into, out = links.into(way_in, nodes[0]), links.from_(way_out, nodes[-1])
        middle = tuple(link for leg in legs if leg for link in leg)
        chains += [(a, *middle, b) for a in into for b in out]
    if not chains:
        return MOOT
    return chains if len(chains) == 1 else AMBIGUOUS


def _sequences(links: _Links, one: Relation, row: dict[int, int]) -> list[Sequence] | str:
    """Sequences of links that a relation forbids, or why it is left out."""
    if any(not links.of(way) for way in (*one.start, *one.via_ways, *one.end)):
        return ABSENT
    if one.via_node is not None and one.via_node not in row:
        return APART
    chains: list[Sequence] = []
    cause = MOOT
    for way_in, way_out in itertools.product(one.start, one.end):
        found = (
            _chains_through(links, way_in, one.via_ways, way_out)
            if one.via_node is None
            else _chains_at(links, way_in, row[one.via_node], way_out, one.kind)
        )
        if isinstance(found, str):
            cause = found
        else:
            chains += found
    if not chains:
        return cause
    if one.kind.startswith("no_"):
        return chains
    return [
        (*chain[:-1], other)
        for chain in chains
        for other in links.out(int(links.raw.tail[chain[-1]]))
        if other != chain[-1]
    ]


def resolve(restrictions: Restrictions, raw: RawRoads) -> None:
    """Fill raw.turns with the sequences of links that the relations forbid to cars, and count.

    Args:
        restrictions: relations as read.
        raw: roads with their links; `turns` and `counts` are changed.
    """
    causes = Counter(restrictions.causes.values())
    wanted = sorted({r.via_node for r in restrictions.found.values() if r.via_node is not None})
    ids = np.array(wanted, np.int64)
    at = np.minimum(np.searchsorted(raw.node_id, ids), max(len(raw.node_id) - 1, 0))
    row = {n: int(i) for n, i in zip(wanted, at, strict=True) if raw.node_id[i] == n}
    links = _Links(raw)
    forbidden: dict[Sequence, int] = {}
    for number, relation in sorted(restrictions.found.items()):
        found = _sequences(links, relation, row)
        if isinstance(found, str):
            causes[found] += 1
            continue
        causes[KEPT] += 1
        for sequence in found:
            forbidden.setdefault(sequence, number)
    raw.turns = [(number, sequence) for sequence, number in forbidden.items()]
    raw.counts[READ] = len(restrictions.found) + len(restrictions.causes)
    raw.counts |= {cause: causes[cause] for cause in sorted(causes)}
