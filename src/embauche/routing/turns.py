"""Turn restrictions and turn costs: a road graph whose vertices also tell by which arcs a car came.

Lives here: TurnGraph, turn_costs. Not here: searching (hierarchy), OSM's relations (territory).

The edge-expanded graph (Caldwell 1961; Winter 2002; Buchhold, Wagner, Zeitz, Zündorf 2020, "Customizable
contraction hierarchies with turn costs"), expanded only where it must be. The ban on a sequence of
arcs is a word that may not occur in a path: vertices for its beginnings, with transitions to the
longest beginning that still holds, are the automaton of Aho and Corasick (1975). Bans by via node
and by via ways are the same thing, words of two arcs and of more.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import UserError

if TYPE_CHECKING:
    from embauche.routing.hierarchy import RoadHierarchy

Array = np.ndarray[Any, Any]
_Word = tuple[int, ...]


class TurnGraph:
    """A directed graph in which a car's next arc may depend on the arcs it came by.

    Vertices are the nodes of the given graph, under their own numbers; then one for each arrival
    that must be told apart (an arc, or the beginning of a banned sequence); then one *sink* for
    each node at which such arrivals end. Journeys start at the node itself, where every arc may be
    taken, and end at `arrive[node]`: so times from node to node are
    `weighting.times(sources, graph.arrive[targets])`, and rows backwards from a node start at
    `arrive[node]` and are read at the nodes.

    Attributes:
        nodes: number of nodes of the given graph.
        tail, head: int64 [arc of the given graph].
        every: whether all arrivals are told apart.
        vertices: number of vertices, at least `nodes`.
        indptr, indices: int32, the expanded graph in CSR form.
        x, y: float64 [vertex], where the vertex lies.
        base_arc: int32 [arc], the given graph's arc that is driven, -1 on arcs into sinks.
        came: int32 [vertex], the arc by which a car has come, -1 where that is not told apart.
        banned: bool [arc], turns that the sequences forbid; other modes may take them.
        arrive: int32 [node], the vertex at which journeys to a node end.
    """

    def __init__(
        self,
        indptr: Array,
        indices: Array,
        x: Array,
        y: Array,
        *,
        turn: Array | None = None,
        arc: Array | None = None,
        every: bool = False,
    ) -> None:
        """Expand a graph.

        Args:
            indptr, indices: int32, CSR of the given graph.
            x, y: float [node], metres or degrees.
            turn, arc: int [row], banned sequences end to end: the number of the sequence and its
                next arc (the columns of a territory's `turns`).
            every: tell all arrivals apart, as turn costs need it; else only those with which a
                banned sequence begins.

        Raises:
            UserError: a banned sequence of one arc, or arcs that do not follow one another.
        """
        base = np.ascontiguousarray(indptr, np.int64)
        head = np.ascontiguousarray(indices, np.int64)
        self.nodes, self.every = len(base) - 1, every
        self.tail, self.head = np.repeat(np.arange(self.nodes), np.diff(base)), head
        words = _words(base, head, turn, arc)
        first = np.zeros(len(head), bool)
        first[[word[0] for word in words]] = True
        single = np.arange(len(head)) if every else np.flatnonzero(first)
        plain = head.copy()  # the vertex reached by an arc when nothing before it matters
        plain[single] = self.nodes + np.arange(len(single))
        deep = sorted({word[:k] for word in words for k in range(2, len(word))})
        last = np.concatenate([single, np.array([word[-1] for word in deep], np.int64)])
        where = head[last]  # node of each arrival
        sinks = np.unique(where)
        self.vertices = self.nodes + len(last) + len(sinks)
        self.arrive = np.arange(self.nodes, dtype=np.int32)
        self.arrive[sinks] = self.nodes + len(last) + np.arange(len(sinks))
        self.came = np.full(self.vertices, -1, np.int32)
        self.came[self.nodes : self.nodes + len(last)] = last

        out = np.diff(base)[where]
        begin = np.cumsum(out) - out
        onward = np.repeat(base[where] - begin, out) + np.arange(int(out.sum()))
        to, banned = plain[onward], np.zeros(len(onward), bool)
        vertex = {word: self.nodes + len(single) + i for i, word in enumerate(deep)}
        for state, taken, target in _transitions(words, set(deep), base, head):
            at = plain[state[0]] if len(state) == 1 else vertex[state]
            at = begin[at - self.nodes] + taken - base[head[state[-1]]]
            if target is None:
                banned[at] = True
            else:
                to[at] = vertex[target]
        states = self.nodes + np.arange(len(last))
        tails = np.concatenate([self.tail, np.repeat(states, out), states, sinks])
        heads = np.concatenate([plain, to, self.arrive[where], self.arrive[sinks]])
        ends = np.full(len(states) + len(sinks), -1, np.int64)
        order = np.argsort(tails, kind="stable")
        self.indptr = np.zeros(self.vertices + 1, np.int32)
        np.cumsum(np.bincount(tails, minlength=self.vertices), out=self.indptr[1:])
        self.indices = heads[order].astype(np.int32)
        self.base_arc = np.concatenate([np.arange(len(head)), onward, ends])[order].astype(np.int32)
        mask = np.zeros(len(tails), bool)
        mask[len(head) : len(head) + len(onward)] = banned
        self.banned = mask[order]
        node = np.concatenate([np.arange(self.nodes), where, sinks])
        self.x, self.y = np.asarray(x, float)[node], np.asarray(y, float)[node]

    def spread(self, values: Array, end: float = 0.0) -> Array:
        """Values of the given graph's arcs on the expanded arcs; arcs into sinks have `end`."""
        return np.append(np.asarray(values), end)[self.base_arc]

    def seconds(self, seconds: Array, turn_s: Array | None = None, *, obey: bool = True) -> Array:
        """Seconds of the expanded arcs, for RoadHierarchy.customize.

        Args:
            seconds: [arc of the given graph].
            turn_s: [arc], seconds of the turn from the arc that one came by (see turn_costs).
            obey: whether banned turns are closed; bikes and pedestrians may take them.
        """
        out = self.spread(np.asarray(seconds, float))
        if turn_s is not None:
            out = out + turn_s
        return np.where(self.banned, np.inf, out) if obey else out

    def hierarchy(self) -> RoadHierarchy:
        """The expanded graph contracted.

        Where all arrivals are told apart, the order follows from that of the given graph: a cell's
        streets are cut where its nodes part, and an arc of a cut street waits until then. So a cut of
        k streets makes a separator of 2 k arcs, where the arrivals at k nodes would make 3 k or more.
        """
        from embauche.kernels.contraction import undirected
        from embauche.kernels.turns import partings
        from embauche.routing.hierarchy import RoadHierarchy

        if not self.every:
            return RoadHierarchy(self.indptr, self.indices, self.x, self.y)
        base = np.searchsorted(self.tail, np.arange(self.nodes + 1)).astype(np.int32)
        plain = RoadHierarchy(base, self.head.astype(np.int32), self.x[: self.nodes], self.y[: self.nodes])
        ptr, adj = undirected(plain.indptr, plain.indices)
        parting = partings(
            ptr, adj, plain.rank, plain.order, plain.topology.parent,
            self.tail.astype(np.int32), plain.indices,
        )  # fmt: skip
        level = np.full(self.vertices, -1, np.int32)  # departures and sinks first: they lead nowhere else
        told = self.came >= 0
        level[told] = parting[self.came[told]]
        order = np.argsort(level, kind="stable").astype(np.int32)
        return RoadHierarchy(self.indptr, self.indices, order=order)

    def driven(self, arcs: Array) -> Array:
        """Arcs of the given graph along a path of expanded arcs."""
        out = self.base_arc[arcs]
        return out[out >= 0]


def _words(base: Array, head: Array, turn: Array | None, arc: Array | None) -> list[_Word]:
    """Banned sequences as tuples of arcs, each once."""
    if turn is None or arc is None or not len(turn):
        return []
    turn, arc = np.asarray(turn, np.int64), np.asarray(arc, np.int64)
    cut = np.flatnonzero(turn[1:] != turn[:-1]) + 1
    words = sorted({tuple(part.tolist()) for part in np.split(arc, cut)})
    for word in words:
        inside = min(word) >= 0 and max(word) < len(head)
        if len(word) < 2 or not inside or not _follows(base, head, word):
            raise UserError(
                "a banned turn is no path of the road graph",
                found=f"arcs {', '.join(map(str, word[:10]))}",
                expected=f"two or more of {len(head)} arcs, each from where the one before leads",
                fix="build the territory again",
            )
    return words


def _follows(base: Array, head: Array, word: _Word) -> bool:
    return all(base[head[a]] <= b < base[head[a] + 1] for a, b in pairwise(word))


def _transitions(
    words: list[_Word], deep: set[_Word], base: Array, head: Array
) -> list[tuple[_Word, int, _Word | None]]:
    """(beginning, arc taken, beginning that then holds or None where banned), if not simply the arc."""
    full = set(words)
    out: list[tuple[_Word, int, _Word | None]] = []
    starts = {word[:1]: set[int]() for word in words}
    for word in words:
        starts[word[:1]].add(word[1])
    for state in [*starts, *sorted(deep)]:
        node = head[state[-1]]
        # from a single arc only the next arcs of its own words matter; further on, of any suffix
        for taken in (
            sorted(starts[state]) if len(state) == 1 else range(int(base[node]), int(base[node + 1]))
        ):
            path = (*state, taken)
            tails = [path[i:] for i in range(len(path) - 1)]
            if any(t in full for t in tails):
                out.append((state, taken, None))
            elif (longest := next((t for t in tails if t in deep), None)) is not None:
                out.append((state, taken, longest))
    return out


def turn_costs(
    graph: TurnGraph,
    *,
    turn_s: float,
    bias: float,
    u_turn_s: float,
    u_turns: bool = False,
    left: bool = False,
) -> Array:
    """Seconds of each turn by its angle, after the form that OSRM's car profile has made usual.

    A turn costs `turn_s / (1 + exp(steepness * (middle - angle)))`: nothing straight on, all of it
    for a hairpin, half at a right angle; `bias` makes turns across oncoming traffic dearer. Where two
    roads only meet there is nothing to wait for, and no cost.

    Args:
        graph: expanded at every node, or turns at the others cost nothing; x and y in metres.
        turn_s: seconds of the sharpest turn.
        bias: 1 or more: how much sooner turns across the oncoming traffic cost.
        u_turn_s: seconds more to turn back.
        u_turns: whether one may turn back where other roads lead on; at dead ends one may always.
        left: traffic keeps left.

    Returns:
        float64 [arc of graph], 0 on departures and arrivals, inf where one may not turn back.
    """
    tail = np.repeat(np.arange(graph.vertices), np.diff(graph.indptr))
    told = np.flatnonzero((graph.came[tail] >= 0) & (graph.base_arc >= 0))
    into, onto = graph.came[tail[told]], graph.base_arc[told]
    a, b, c = graph.tail[into], graph.head[into], graph.head[onto]
    angle = _angle(graph, a, b, c)
    roads = _roads(graph.nodes, graph.tail, graph.head)
    back = a == c
    sharp = np.abs(angle) / 180.0
    across = (angle > 0) != left  # a left turn, where traffic keeps right
    slope, middle = np.where(across, 13.0 * bias, 13.0 / bias), np.where(across, 6.5 / bias, 6.5 * bias)
    cost = np.where((roads[b] > 2) | back, turn_s / (1.0 + np.exp(middle - slope * sharp)), 0.0)
    cost += np.where(back, u_turn_s, 0.0)
    if not u_turns:
        cost[back & (roads[b] > 1)] = np.inf
    out = np.zeros(len(graph.base_arc))
    out[told] = cost
    return out


def _angle(graph: TurnGraph, a: Array, b: Array, c: Array) -> Array:
    """Degrees by which one turns at b coming from a and going to c: left is positive, 0 straight on."""
    x1, y1 = graph.x[b] - graph.x[a], graph.y[b] - graph.y[a]
    x2, y2 = graph.x[c] - graph.x[b], graph.y[c] - graph.y[b]
    out: Array = np.degrees(np.arctan2(x1 * y2 - y1 * x2, x1 * x2 + y1 * y2))
    return out


def _roads(nodes: int, tail: Array, head: Array) -> Array:
    """Number of distinct neighbours of each node, whatever the direction."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    pair = np.unique((low * nodes + high)[low != high])
    return np.bincount(pair // nodes, minlength=nodes) + np.bincount(pair % nodes, minlength=nodes)
