"""Draws that hit their margins: quotas, systematic sampling and largest remainders on keyed draws.

Lives here: the drawing methods, the codes of the draws, ids. Not here: what is drawn (persons,
firms, posts), nor any figure.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np

from embauche.core.draws import Purpose, uniforms

Array = np.ndarray[Any, Any]

ORDINAL_BITS = 24  # persons and households of a commune
COHORT_BITS = 12
CODE_SHIFT = ORDINAL_BITS + COHORT_BITS
FIRM_BITS = 20  # firms of a commune
SLOT_BITS = 16  # posts of a firm
_PLAIN_CODES = 36**5  # five-letter codes in base 36; longer codes are hashed above them
_ALL_CODES = 1 << 26


class Draw(IntEnum):
    """Sub-purpose of each draw of the synthesis. Codes are part of every result: never reused."""

    CELL = 1
    AGE = 2
    SKILL = 3
    APPRENTICE = 4
    LICENCE = 5
    WAGE = 6
    SPELL = 7
    BIKE = 8
    AT_HOME = 9
    COUPLE = 10
    PARTNER_AGE = 11
    HOST = 12
    CHILDREN = 13
    UNDER_SIX = 14
    ELDERS = 15
    INCOME = 16
    CARS = 17
    MORE_CARS = 18
    PLACE = 19
    GATHER = 20
    LEVEL = 21
    ATTRACTION = 30
    FIRM_SIZE = 31
    FIRM_COMMUNE = 32
    FIRM_SITE = 33
    POST_SKILL = 34
    POST_SHIFT = 35
    POST_CONTRACT = 36
    POST_WAGE = 37
    POST_TEAM = 38
    SPARE = 39
    EXTERNAL = 40
    VACANT = 41
    POST_LEVEL = 42
    NAF = 43
    CENTRE = 60
    CENTRE_RHYTHM = 61
    IDLE_PLACE = 62


def keyed(seed: int, draw: Draw, ids: Array, step: int = 0) -> Array:
    """Independent uniforms keyed by id, float64 [id]."""
    purpose = Purpose.POPULATION if draw < Draw.ATTRACTION else Purpose.FIRMS
    return uniforms(seed, purpose, step, np.asarray(ids, np.int64), int(draw))


def normals(v: Array) -> Array:
    """Standard normal quantiles of uniforms."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(v, 1e-12, 1 - 1e-12)))


def stratified(seed: int, draw: Draw, ids: Array, cell: Array | None = None) -> Array:
    """One uniform a row, evenly spread within each cell.

    Within a cell of n rows the values are (rank + phase) / n, with the rank by keyed uniform and a
    keyed phase: a share p of the cell falls below p, within one row.

    Args:
        ids: int64 [row], sorted.
        cell: cell of each row, int [row]; one cell if None.

    Returns:
        float64 [row] in (0, 1).
    """
    n = len(ids)
    if n == 0:
        return np.empty(0)
    cells = np.zeros(n, np.int64) if cell is None else np.asarray(cell, np.int64)
    order = np.argsort(cells + keyed(seed, draw, ids), kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(cells[order]) != 0])
    size = np.diff(np.r_[first, n])
    phase = keyed(seed, draw, cells[order][first], step=1)
    rank = np.arange(n) - np.repeat(first, size)
    out = np.empty(n)
    out[order] = (rank + np.repeat(phase, size)) / np.repeat(size, size)
    return out


def choose(v: Array, shares: Array, cell: Array) -> Array:
    """Category of each row by inverse distribution of its cell's shares.

    Args:
        v: uniforms [row].
        shares: weights [cell, category]; a cell's weights need not sum to one.
        cell: row of shares [row].

    Returns:
        int8 [row].
    """
    total = shares.sum(1, keepdims=True)
    cdf = np.cumsum(shares / np.where(total > 0, total, 1.0), 1)
    out = np.zeros(len(v), np.int8)
    for k in range(shares.shape[1] - 1):
        out += v >= cdf[cell, k] - 1e-12
    return out


def systematic(p: Array, order: Array, phase: float) -> Array:
    """Systematic sampling with unequal probabilities.

    In the order given, every stretch of rows holds the sum of its probabilities within one row.

    Args:
        p: probability of each row [row].
        order: the order of rows [row].
        phase: start in [0, 1).

    Returns:
        bool [row].
    """
    steps = np.floor(np.cumsum(p[order]) + phase)
    out = np.empty(len(p), bool)
    out[order] = np.diff(np.r_[0.0, steps]) >= 1
    return out


def sample(seed: int, draw: Draw, ids: Array, p: Array, cell: Array, step: int = 10) -> Array:
    """Systematic sampling in the order of cells, and by keyed uniform within each. bool [row].

    Several samples of one draw differ by `step`. Probabilities of an integer sum give that number.
    """
    order = np.argsort(np.asarray(cell, np.int64) + keyed(seed, draw, ids, step=step), kind="stable")
    phase = 0.01 + 0.98 * float(keyed(seed, draw, np.array([-1]), step=step)[0])
    return systematic(p, order, phase)


def calibrate(p: Array, total: float) -> Array:
    """Scale weights to probabilities of this sum, none above one. float64 [row]."""
    weight = np.maximum(np.asarray(p, float), 0.0)
    free = weight > 0
    certain = np.zeros(len(weight), bool)
    total = min(max(total, 0.0), float(np.count_nonzero(free)))
    scale = 0.0
    while free.any():
        scale = max(total - np.count_nonzero(certain), 0.0) / float(weight[free].sum())
        over = free & (weight * scale >= 1.0)
        if not over.any():
            break
        certain |= over
        free &= ~over
    return np.asarray(np.where(certain, 1.0, np.where(free, weight * scale, 0.0)))


def largest_remainder(total: int, shares: Array) -> Array:
    """Integers that sum to total, nearest to the shares (ties to the first). int64 [share]."""
    weights = np.asarray(shares, float)
    if total == 0 or weights.sum() <= 0:
        return np.zeros(len(weights), np.int64)
    exact = total * weights / weights.sum()
    out = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-(exact - out), kind="stable")
    out[order[: total - int(out.sum())]] += 1
    return np.asarray(out)


def interleave(counts: Array, phases: Array) -> Array:
    """Categories in a sequence so even that every stretch holds each in proportion, within about one.

    Args:
        counts: how many of each category [category].
        phases: start of each category in (0, 1) [category].

    Returns:
        int16 [sum of counts].
    """
    label = np.repeat(np.arange(len(counts), dtype=np.int16), counts)
    ordinal = np.arange(len(label)) - np.repeat(np.cumsum(counts) - counts, counts)
    position = (ordinal + phases[label]) / np.asarray(counts)[label]
    return label[np.argsort(position, kind="stable")]


def rake(seed_table: Array, rows: Array, columns: Array, rounds: int = 200) -> Array:
    """Iterative proportional fitting of a table to its row and column sums. float64 [row, column].

    Columns are fitted last but one and rows last, so row sums are exact and columns as near as the
    zeros of the seed allow.
    """
    table = np.array(seed_table, float)
    for _ in range(rounds):
        had = table.sum(0)
        table *= np.where(had > 0, columns / np.where(had > 0, had, 1.0), 0.0)
        sums = table.sum(1)
        table *= np.where(sums > 0, rows / np.where(sums > 0, sums, 1.0), 0.0)[:, None]
        if np.abs(table.sum(0) - columns).max(initial=0.0) < 1e-9 * max(float(columns.sum()), 1.0):
            break
    return table


def spread_over(v: Array, cell: Array, weight: Array, weight_cell: Array) -> Array:
    """Put rows on targets of their cell in proportion to weight (systematic if v is stratified).

    Args:
        v: uniforms [row].
        cell: cell of each row [row]; each must have a target of positive weight.
        weight: weights of targets [target].
        weight_cell: cell of each target [target].

    Returns:
        row of the target, int64 [row].
    """
    order = np.argsort(weight_cell, kind="stable")
    c, w = np.asarray(weight_cell)[order], np.asarray(weight, float)[order]
    ends = np.cumsum(w)
    first = np.searchsorted(c, cell, side="left")
    last = np.searchsorted(c, cell, side="right") - 1
    low = ends[first] - w[first]
    target = np.searchsorted(ends, low + v * (ends[last] - low), side="right")
    return np.asarray(order[np.clip(target, first, last)])


def code_numbers(codes: Sequence[str]) -> Array:
    """A number under 2**26 for each commune code, unique and independent of the order of codes.

    Codes of up to five letters and digits (INSEE codes) are read in base 36. Others (external zones
    such as "X59350") are hashed into the numbers above; two that meet move on to the next free one,
    in the order of the codes.
    """
    numbers: dict[str, int] = {}
    taken: set[int] = set()
    for code in sorted(set(codes)):
        if len(code) <= 5 and code.isascii() and code.isalnum():
            numbers[code] = int(code, 36)
            taken.add(numbers[code])
    for code in sorted(set(codes) - set(numbers)):
        number = _PLAIN_CODES + zlib.crc32(code.encode()) % (_ALL_CODES - _PLAIN_CODES)
        while number in taken:
            number = _PLAIN_CODES + (number + 1 - _PLAIN_CODES) % (_ALL_CODES - _PLAIN_CODES)
        numbers[code] = number
        taken.add(number)
    return np.array([numbers[c] for c in codes], np.int64)


def group_rank(group: Array) -> Array:
    """Rank of each row within its group, in row order. int64 [row]."""
    order = np.argsort(group, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(np.asarray(group)[order]) != 0]) if len(order) else order
    size = np.diff(np.r_[first, len(order)])
    out = np.empty(len(order), np.int64)
    out[order] = np.arange(len(order)) - np.repeat(first, size)
    return out
