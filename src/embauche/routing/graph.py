"""Adjacency arrays (CSR) of one mode of a road network, forwards and backwards.

Lives here: Graph. Not here: reading roads (territory), searching (kernels.shortest_path).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Graph:
    """A directed graph in CSR form.

    Attributes:
        indptr: int32 [node + 1].
        head: int32 [arc].
        seconds: float64 [arc].
        metres: float64 [arc].
    """

    indptr: Array
    head: Array
    seconds: Array
    metres: Array

    @classmethod
    def make(
        cls, nodes: int, tail: Array, head: Array, seconds: Array, metres: Array, *, backward: bool = False
    ) -> Graph:
        """Build from arc lists; arcs with infinite time are left out.

        Args:
            nodes: number of nodes.
            tail, head: int [arc].
            seconds, metres: float [arc].
            backward: reverse every arc.
        """
        usable = np.isfinite(seconds)
        a, b = (head, tail) if backward else (tail, head)
        a, b, s, m = a[usable], b[usable], seconds[usable], metres[usable]
        order = np.lexsort((s, b, a))
        indptr = np.zeros(nodes + 1, np.int32)
        np.cumsum(np.bincount(a, minlength=nodes), out=indptr[1:])
        return cls(
            indptr, b[order].astype(np.int32), s[order].astype(np.float64), m[order].astype(np.float64)
        )
