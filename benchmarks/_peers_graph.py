"""Graphs for the routing benchmarks: read from an .npz and checked, generated, and sampled.

Lives here: NumPy only, so that a peer's own Python can load it. Not here: any routing.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

ARRAYS = ("indptr", "indices", "weight", "x", "y")


class BadGraphError(Exception):
    """The file is not a graph; the message says what was found and expected, and what to do."""


class Graph(NamedTuple):
    """A directed road graph in CSR form.

    Attributes:
        indptr: int32 [node + 1].
        indices: int32 [arc], heads.
        weight: float32 [arc], seconds.
        x, y: float64 [node], degrees or metres.
    """

    indptr: np.ndarray
    indices: np.ndarray
    weight: np.ndarray
    x: np.ndarray
    y: np.ndarray

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.indptr) - 1

    @property
    def tails(self) -> np.ndarray:
        """Int32 [arc], the node that each arc leaves."""
        return np.repeat(np.arange(self.nodes, dtype=np.int32), np.diff(self.indptr))

    def save(self, path: Path) -> None:
        """Write the .npz that `read` reads."""
        np.savez(path, indptr=self.indptr, indices=self.indices, weight=self.weight, x=self.x, y=self.y)


def read(path: Path) -> Graph:
    """Read and check a graph.

    Raises:
        BadGraphError: if the file is missing, no .npz, or its arrays do not make a graph.
    """
    if not path.is_file():
        raise BadGraphError(f"{path}: no such file\n  to do: give an .npz with {', '.join(ARRAYS)}")
    try:
        with np.load(path, allow_pickle=False) as file:
            names = set(file.files)
            missing = [name for name in ARRAYS if name not in names]
            if missing:
                raise BadGraphError(
                    f"{path}: no array {', '.join(missing)}\n  found: {', '.join(sorted(names)) or 'none'}"
                    f"\n  expected: {', '.join(ARRAYS)}"
                )
            arrays = {name: file[name] for name in ARRAYS}
    except (OSError, ValueError, EOFError, AttributeError, TypeError, zipfile.BadZipFile) as error:
        raise BadGraphError(
            f"{path}: cannot be read as .npz ({error})\n  to do: write it with numpy.savez"
        ) from None
    return check(arrays, str(path))


def check(arrays: dict[str, np.ndarray], where: str) -> Graph:
    """The arrays as a Graph, or BadGraphError that names the first fault."""

    def refuse(what: str, found: object, expected: str) -> None:
        raise BadGraphError(f"{where}: {what}\n  found: {found}\n  expected: {expected}")

    for name, array in arrays.items():
        kinds = "iu" if name in ("indptr", "indices") else "iuf"
        if array.ndim != 1:
            refuse(f"{name} has {array.ndim} dimensions", f"shape {array.shape}", "one dimension")
        if array.dtype.kind not in kinds:
            refuse(
                f"{name} is of type {array.dtype}", array.dtype, "integers" if kinds == "iu" else "numbers"
            )
    indptr, indices, weight, x, y = (arrays[name] for name in ARRAYS)
    if len(indptr) == 0 or indptr[0] != 0 or (np.diff(indptr.astype(np.int64)) < 0).any():
        refuse(
            "indptr does not start at 0 and rise",
            indptr[:5].tolist(),
            "row starts of a CSR, nodes + 1 of them",
        )
    nodes, arcs = len(indptr) - 1, int(indptr[-1])
    if nodes == 0:
        refuse("the graph has no node", "indptr of length 1", "at least one node")
    for name, array, size, of in (
        ("indices", indices, arcs, "arcs"),
        ("weight", weight, arcs, "arcs"),
        ("x", x, nodes, "nodes"),
        ("y", y, nodes, "nodes"),
    ):
        if len(array) != size:
            refuse(f"{name} has the wrong length", len(array), f"{size}, one for each of the {of} in indptr")
    outside = np.flatnonzero((indices < 0) | (indices >= nodes))
    if len(outside):
        refuse(f"indices[{outside[0]}] is no node", indices[outside[0]], f"0 to {nodes - 1}")
    bad = np.flatnonzero(~(np.isfinite(weight) & (weight >= 0)))
    if len(bad):
        refuse(f"weight[{bad[0]}] is no time", weight[bad[0]], "finite seconds of 0 or more")
    for name, array in (("x", x), ("y", y)):
        lost = np.flatnonzero(~np.isfinite(array))
        if len(lost):
            refuse(f"{name}[{lost[0]}] is no coordinate", array[lost[0]], "a finite number")
    return Graph(
        indptr.astype(np.int32),
        indices.astype(np.int32),
        weight.astype(np.float32),
        x.astype(np.float64),
        y.astype(np.float64),
    )


def generate(nodes: int, seed: int = 1) -> Graph:
    """A grid of about so many nodes with shaken coordinates, a tenth of its streets closed, some one-way.

    Like a road graph in degree (about 2.8 arcs a node) and length; not in its separators, which a grid
    has longer than any road network. Weights are whole hundredths of a second.
    """
    side = max(2, round(nodes**0.5))
    rng = np.random.default_rng(seed)
    node = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.stack([node[:, :-1].ravel(), node[:, 1:].ravel()], axis=1),
            np.stack([node[:-1].ravel(), node[1:].ravel()], axis=1),
        ]
    )
    pairs = pairs[rng.random(len(pairs)) < 0.75]  # dead ends and islands come by themselves
    x = (np.tile(np.arange(side), side) + rng.uniform(-0.35, 0.35, side * side)) * 0.001
    y = (np.repeat(np.arange(side), side) + rng.uniform(-0.35, 0.35, side * side)) * 0.001
    metres = np.hypot(x[pairs[:, 0]] - x[pairs[:, 1]], y[pairs[:, 0]] - y[pairs[:, 1]]) * 1e5
    seconds = np.maximum(np.rint(metres / rng.choice([4.0, 8.0, 14.0, 25.0], len(pairs)) * 100), 1) / 100
    both = rng.random(len(pairs)) < 0.95
    tail = np.concatenate([pairs[:, 0], pairs[both, 1]])
    head = np.concatenate([pairs[:, 1], pairs[both, 0]])
    weight = np.concatenate([seconds, seconds[both]])
    order = np.lexsort((head, tail))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=side * side))])
    return Graph(
        indptr.astype(np.int32), head[order].astype(np.int32), weight[order].astype(np.float32), x, y
    )


def sample(nodes: int, sources: int, targets: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Int32 [source] and [target], drawn without repetition while there are enough nodes."""
    rng = np.random.default_rng(seed)
    return tuple(  # type: ignore[return-value]
        rng.choice(nodes, count, replace=count > nodes).astype(np.int32) for count in (sources, targets)
    )
