"""The indexed binary heap of Dijkstra's algorithm.

Lives here: moving a node up and down. Not here: the searches that use it (assignment_paths).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline


@inline
def sift_up(heap: np.ndarray, where: np.ndarray, dist: np.ndarray, i: int) -> None:
    """Move the node at place i up: its dist fell. Ties go to the lower node."""
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
def sift_down(heap: np.ndarray, where: np.ndarray, dist: np.ndarray, size: int) -> None:
    """Move the node at the top down: it was the last of a heap that had one more."""
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
