"""Bounded shortest paths by Dijkstra with an indexed binary heap.

Lives here: stops within a walk. Not here: times between homes and workplaces (contraction, labels).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel


@inline
def _sift_up(heap: np.ndarray, where: np.ndarray, dist: np.ndarray, i: int) -> None:
    node = heap[i]
    key = dist[node]
    while i > 0:
        parent = (i - 1) >> 1
        other = heap[parent]
        if dist[other] < key or (dist[other] == key and other <= node):
            break
        heap[i] = other
        where[other] = i
        i = parent
    heap[i] = node
    where[node] = i


@inline
def _sift_down(heap: np.ndarray, where: np.ndarray, dist: np.ndarray, size: int) -> None:
    node = heap[0]
    key = dist[node]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        right = child + 1
        if right < size:
            a, b = heap[right], heap[child]
            if dist[a] < dist[b] or (dist[a] == dist[b] and a < b):
                child = right
        other = heap[child]
        if dist[other] > key or (dist[other] == key and other >= node):
            break
        heap[i] = other
        where[other] = i
        i = child
    heap[i] = node
    where[node] = i


@inline
def search(
    source: int,
    start: float,
    limit: float,
    indptr: np.ndarray,
    head: np.ndarray,
    weight: np.ndarray,
    length: np.ndarray,
    dist: np.ndarray,
    metres: np.ndarray,
    heap: np.ndarray,
    where: np.ndarray,
    touched: np.ndarray,
) -> int:
    """Settle all nodes within limit of source; dist must be inf on entry.

    `touched[:count]` are the nodes reached, to be reset by the caller; where is -1 unseen,
    -2 settled. Returns count.
    """
    dist[source] = start
    metres[source] = 0.0
    heap[0] = source
    where[source] = 0
    size = 1
    touched[0] = source
    count = 1
    while size > 0:
        node = heap[0]
        size -= 1
        where[node] = -2
        if size > 0:
            heap[0] = heap[size]
            where[heap[0]] = 0
            _sift_down(heap, where, dist, size)
        for arc in range(indptr[node], indptr[node + 1]):
            other = head[arc]
            new = dist[node] + weight[arc]
            if new > limit or where[other] == -2:
                continue
            if where[other] == -1:
                touched[count] = other
                count += 1
                dist[other] = new
                metres[other] = metres[node] + length[arc]
                heap[size] = other
                where[other] = size
                size += 1
                _sift_up(heap, where, dist, size - 1)
            elif new < dist[other]:
                dist[other] = new
                metres[other] = metres[node] + length[arc]
                _sift_up(heap, where, dist, where[other])
    return count


@kernel
def reach(
    indptr: np.ndarray,
    head: np.ndarray,
    weight: np.ndarray,
    sources: np.ndarray,
    starts: np.ndarray,
    limit: float,
    marks: np.ndarray,
    out_source: np.ndarray,
    out_mark: np.ndarray,
    out_s: np.ndarray,
) -> int:
    """Marked nodes within limit seconds of each source (with a head start of starts[k]).

    marks is [node], -1 where unmarked, else a row number. Writes triples (source, mark, seconds)
    until the outputs are full and returns the number found, so that a caller can size them.
    """
    n = indptr.shape[0] - 1
    dist = np.full(n, np.inf)
    metres = np.zeros(n)
    heap = np.empty(n, np.int32)
    where = np.full(n, -1, np.int32)
    touched = np.empty(n, np.int32)
    found = 0
    for k in range(sources.shape[0]):
        if sources[k] < 0:
            continue
        count = search(
            sources[k], starts[k], limit, indptr, head, weight, weight, dist, metres, heap, where, touched
        )
        for i in range(count):
            node = touched[i]
            if marks[node] >= 0 and dist[node] <= limit:
                if found < out_source.shape[0]:
                    out_source[found] = k
                    out_mark[found] = marks[node]
                    out_s[found] = dist[node]
                found += 1
            dist[node] = np.inf
            where[node] = -1
    return found
