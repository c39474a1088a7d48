"""Fastest journeys where some sequences of arcs are banned and turns cost: a search over histories.

Lives here: the plain twin of routing.turns. Not here: the expanded graph.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence


def turn_seconds(
    nodes: int,
    tail: Sequence[int],
    head: Sequence[int],
    seconds: Sequence[float],
    banned: Sequence[Sequence[int]],
    origin: int,
    cost: Callable[[int, int], float] = lambda a, b: 0.0,
) -> list[float]:
    """Seconds from a node to every node, inf where there is no way.

    A state is the last arc, and those before it with which a ban may have begun.

    Args:
        nodes: number of nodes.
        tail, head, seconds: of each arc.
        banned: sequences of arcs that may not be driven one after the other.
        origin: where the journey starts; its first arc is free to choose.
        cost: seconds of turning from an arc into another.
    """
    forbidden = {tuple(word) for word in banned}
    beginnings = {word[:k] for word in forbidden for k in range(1, len(word))}
    best = [math.inf] * nodes
    best[origin] = 0.0
    leaving: dict[int, list[int]] = {}
    for arc, node in enumerate(tail):
        leaving.setdefault(int(node), []).append(arc)
    queue: list[tuple[float, int, tuple[int, ...], tuple[int, ...]]] = [(0.0, origin, (), ())]
    done: set[tuple[int, tuple[int, ...], tuple[int, ...]]] = set()
    while queue:
        now, node, last, history = heapq.heappop(queue)
        if (node, last, history) in done:
            continue
        done.add((node, last, history))
        best[node] = min(best[node], now)
        for arc in leaving.get(node, []):
            path = (*history, arc)
            if any(path[i:] in forbidden for i in range(len(path))):
                continue
            then = now + seconds[arc] + (cost(last[0], arc) if last else 0.0)
            while path and path not in beginnings:
                path = path[1:]  # no ban begins so: forget the oldest arc
            if then < math.inf:
                heapq.heappush(queue, (then, head[arc], (arc,), path))
    return best
