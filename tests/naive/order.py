"""The order of contraction written plainly: small degrees first, then cells cut where fewest nodes part them.

Lives here: the plain twins of kernels.reduction and kernels.dissection. Not here: the contracted graph.
"""

from __future__ import annotations

from itertools import pairwise

LEAF, SHARE = 6, 0.25
Graph = list[set[int]]


def reduced(graph: Graph, rounds: int = 64) -> tuple[list[int], Graph]:
    """Nodes of at most two neighbours in the order in which they go, and what is left of the graph."""
    left = [set(near) for near in graph]
    order: list[int] = []
    for _ in range(rounds):
        touched: set[int] = set()
        for v in range(len(left)):
            if v in order or v in touched or len(left[v]) > 2:
                continue
            order.append(v)
            for w in left[v]:
                left[w] = (left[w] | left[v]) - {v, w}
            touched |= left[v]
            left[v] = set()
        if not touched and all(len(left[v]) > 2 for v in range(len(left)) if v not in order):
            break
    return order, left


def cut(graph: Graph, cell: list[int]) -> tuple[set[int], set[int], int]:
    """Of a cell in order along a line: the side of its beginning, what parts it from the end, paths between.

    The fewest nodes are cut whose loss parts the first quarter from the last, of several such sets the one
    nearest to the first; nodes of the first quarter may be among them (Ford and Fulkerson 1956, Menger 1927).
    """
    ends = max(1, int(SHARE * len(cell)))
    inside, source, sink = set(cell), set(cell[:ends]), set(cell[-ends:])
    source -= sink
    after: dict[int, int | None] = {}  # the next node of the path through a node, None: the sink
    before: dict[int, int | None] = {}  # the one before, None: it begins there

    def spread() -> tuple[dict[tuple[int, bool], tuple[int, bool] | None], tuple[int, bool] | None]:
        """States that a further path may reach, entered (False) or to be left (True), and where it ends."""
        come: dict[tuple[int, bool], tuple[int, bool] | None] = {
            (v, True): None for v in source - before.keys()
        }
        queue = list(come)
        for v, leaving in queue:
            ways: list[tuple[int, bool]] = []
            if leaving:
                near = graph[v] & inside
                if near & sink:
                    return come, (v, True)
                ways = [(w, w not in before) for w in sorted(near - source)]
                if before.get(v) is not None:
                    ways.append((v, False))
            elif (u := before[v]) is not None:
                ways = [(u, True)]
            for state in ways:
                if state not in come:
                    come[state] = (v, leaving)
                    queue.append(state)
        return come, None

    paths = 0
    while True:
        come, end = spread()
        if end is None:
            break
        paths += 1
        trail = [end]
        while (origin := come[trail[-1]]) is not None:
            trail.append(origin)
        edges = {(u, v) for v, u in before.items()} | {(v, None) for v, w in after.items() if w is None}
        trail.reverse()
        edges.add((None, trail[0][0]))
        for (u, leaving), (v, _) in pairwise(trail):
            if u == v:
                continue
            if leaving:
                edges.add((u, v))
            else:
                edges.discard((v, u))
        edges.add((end[0], None))
        before = {v: u for u, v in edges if v is not None}
        after = {u: v for u, v in edges if u is not None}
    side = {v for v, leaving in come if leaving}
    return side, ({v for v, _ in come} | source) - side, paths


def dissected(graph: Graph, lines: list[list[int]]) -> list[int]:
    """Nodes in order: the halves of the graph, each so again, then what parts them.

    Args:
        graph: neighbours.
        lines: the nodes in order along each direction in which the graph may be cut.
    """
    size = len(lines[0])
    if size <= LEAF:
        return lines[0]
    best, chosen = float("inf"), (set[int](), set[int]())
    for line in lines:
        side, between, paths = cut(graph, line)
        score = paths / max(1, min(len(side), size - len(side) - len(between)))
        if score < best:
            best, chosen = score, (side, between)
    side, between = chosen
    halves = [[v for v in line if v in side] for line in lines]
    others = [[v for v in line if v not in side | between] for line in lines]
    return [*dissected(graph, halves), *dissected(graph, others), *(v for v in lines[0] if v in between)]
