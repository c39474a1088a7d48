"""Checks of the arrays that a Weighting is given.

Lives here: values of arcs, memory to write to. Not here: nodes (hierarchy), what is done with them
(weighting).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from embauche.core.errors import UserError

if TYPE_CHECKING:
    from embauche.routing.hierarchy import RoadHierarchy

Array = np.ndarray[Any, Any]


def checked_out(out: Array | None, shape: tuple[int, int]) -> Array:
    """Where to write float32 of this shape: what the caller gave, else fresh memory."""
    if out is None:
        return np.empty(shape, np.float32)
    if out.shape != shape or out.dtype != np.float32 or not (out.flags.carray and out.dtype.isnative):
        raise UserError(
            "out does not fit",
            found=f"{out.dtype}{list(out.shape)}",
            expected=f"float32{list(shape)}, writeable, aligned and C-contiguous",
        )
    return out


def checked_values(hierarchy: RoadHierarchy, values: Array, name: str) -> Array:
    """Values of arcs as float32; metres are finite, seconds may be inf."""
    given = np.asarray(values)
    if given.shape != (hierarchy.arcs,) or given.dtype.kind not in "fiu":
        raise UserError(
            f"{name} are not one number an arc",
            found=f"{given.dtype}{list(given.shape)}",
            expected=f"float [{hierarchy.arcs}]",
        )
    with np.errstate(over="ignore"):
        out = np.array(given, np.float32)  # the caller may change theirs
    fault = (
        np.isnan(out) | (out < 0) | (np.isinf(out) if name == "metres" else np.isinf(out) & ~np.isinf(given))
    )
    if fault.any():
        arc = int(np.argmax(fault))
        tail = int(np.searchsorted(hierarchy.indptr, arc, side="right")) - 1
        raise UserError(
            f"{name} of arc {arc} (from node {tail} to node {hierarchy.indices[arc]}) cannot be used",
            found=str(given[arc]),
            expected="0 or more, inf where closed" if name == "seconds" else "0 or more",
        )
    return out
