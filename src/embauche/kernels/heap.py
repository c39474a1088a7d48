"""Binary heaps: the indexed one of Dijkstra's algorithm, and one of events that may go stale.

Lives here: moving a node up and down, push and pop. Not here: the searches that use them (assignment_paths,
matching).
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


@inline
def push(heap: np.ndarray, size: int, key: int, what: int) -> np.ndarray:
    """Add (key, what) to a heap of `size` rows, int64 [*, 2]; the heap, in a larger array if it was full."""
    if size == len(heap):
        more = np.empty((2 * size, 2), np.int64)
        more[:size] = heap
        heap = more
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if heap[parent, 0] < key or (heap[parent, 0] == key and heap[parent, 1] <= what):
            break
        heap[i, 0], heap[i, 1] = heap[parent, 0], heap[parent, 1]
        i = parent
    heap[i, 0], heap[i, 1] = key, what
    return heap


@inline
def pop(heap: np.ndarray, size: int) -> None:
    """Take the top off a heap of which `size` rows are left."""
    key, what = heap[size, 0], heap[size, 1]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        a = child + 1
        if a < size and (
            heap[a, 0] < heap[child, 0] or (heap[a, 0] == heap[child, 0] and heap[a, 1] < heap[child, 1])
        ):
            child = a
        if heap[child, 0] > key or (heap[child, 0] == key and heap[child, 1] >= what):
            break
        heap[i, 0], heap[i, 1] = heap[child, 0], heap[child, 1]
        i = child
    heap[i, 0], heap[i, 1] = key, what
