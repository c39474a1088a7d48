"""Times between many nodes: upward searches and restricted sweeps, LANES sources side by side.

Lives here: select (RPHAST: Delling, Goldberg, Nowatzyk, Werneck 2011), sweep, sweep_pairs. Not here:
weights (customise), paths (unpack). Seconds and metres are float32; unreachable is inf.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.lanes import (
    LANES,
    SQUARE,
    add,
    fetch,
    least,
    lesser,
    load,
    load_at,
    pour,
    reached,
    settle,
    spread,
    spread_at,
    store,
    turn,
)

INF = np.float32(np.inf)
TILE = 2048  # places written at a time
AHEAD = 32  # places from the one being written to the one asked for
POURED = 65_536  # places from which on lines are written past the caches


@inline
def _above(
    lo: int, hi: int, seed_rank: np.ndarray, parent: np.ndarray, local: np.ndarray, found: np.ndarray
) -> int:
    """All ranks at or above seeds lo:hi, each after those above it; local is set to their rows.

    Args:
        lo, hi: seeds.
        seed_rank: int32 [seed].
        parent: int32 [rank].
        local: int32 [rank], -1 on entry.
        found: int32 [rank], of which the first rows are written.

    Returns:
        How many.
    """
    count = 0
    for i in range(lo, hi):
        steps = 0
        r = seed_rank[i]
        while r >= 0 and local[r] < 0:
            local[r] = 0
            steps += 1
            r = parent[r]
        r = seed_rank[i]
        for k in range(count + steps - 1, count - 1, -1):
            local[r] = k
            found[k] = r
            r = parent[r]
        count += steps
    return count


@kernel
def select(
    parent: np.ndarray, up_ptr: np.ndarray, head: np.ndarray, ranks: np.ndarray, by: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The part of the hierarchy that a sweep to `ranks` needs: them and all that lies above them.

    Args:
        parent, up_ptr, head: the topology.
        ranks: int32.
        by: int32 the same, sorted, so that neighbours in the tree lie near each other.

    Returns:
        chosen int32 [row] ranks, each after those above it; row_ptr int64 [row + 1]; row_head int32: the
        rows of the heads of each row's slots, which are all slots of its rank; place int32 [ranks] the
        rows of the ranks asked for.
    """
    row_of = np.full(parent.shape[0], -1, np.int32)
    found = np.empty(parent.shape[0], np.int32)
    count = _above(0, by.shape[0], by, parent, row_of, found)
    row_ptr = np.zeros(count + 1, np.int64)
    for row in range(count):
        row_ptr[row + 1] = row_ptr[row] + up_ptr[found[row] + 1] - up_ptr[found[row]]
    row_head = np.empty(row_ptr[count], np.int32)
    for row in range(count):
        e = up_ptr[found[row]] - row_ptr[row]
        for a in range(row_ptr[row], row_ptr[row + 1]):
            row_head[a] = row_of[head[a + e]]
    place = np.empty(ranks.shape[0], np.int32)
    for i in range(ranks.shape[0]):
        place[i] = row_of[ranks[i]]
    return found[:count].copy(), row_ptr, row_head, place


@inline
def _write(
    rows: np.ndarray,
    place: np.ndarray,
    out: np.ndarray,
    lane_of: np.ndarray,
    first: int,
    last: int,
    tile: np.ndarray,
) -> None:
    """out[lane_of[lane], p] = rows[place[p], lane - first] for lanes first:last.

    Tile by tile, so that each line of `out` is written from end to end in long runs. Lines too long for
    the caches to hold are poured past them: they would only be read from memory to be overwritten.
    """
    n = place.shape[0]
    begins = np.int64(out.ctypes.data) // 4
    for p in range(0, n, TILE):
        wide = min(TILE, n - p)
        squares = wide // SQUARE * SQUARE
        for k in range(0, squares, SQUARE):
            if p + k + AHEAD + SQUARE <= n:
                fetch(rows, place, p + k + AHEAD)
            for j in range(0, last - first, SQUARE):
                turn(rows, place, p + k, tile, k, j)
        for k in range(squares, wide):
            for j in range(last - first):
                tile[j, k] = rows[place[p + k], j]
        for lane in range(first, last):
            line, j, k = lane_of[lane], lane - first, 0
            if n >= POURED:
                cell = np.int64(line) * n + p
                for k in range(min(-(begins + cell) % SQUARE, wide)):  # up to the next cache line
                    out[line, p + k] = tile[j, k]
                k = min(-(begins + cell) % SQUARE, wide)
                while k + SQUARE <= wide:
                    pour(tile, j * tile.shape[1] + k, out, cell + k)
                    k += SQUARE
            for i in range(k, wide):
                out[line, p + i] = tile[j, i]
    settle()


@kernel
def sweep(
    lo: int,
    hi: int,
    lane_of: np.ndarray,
    seed_ptr: np.ndarray,
    seed_rank: np.ndarray,
    seed_start: np.ndarray,
    parent: np.ndarray,
    up_ptr: np.ndarray,
    head: np.ndarray,
    climb: np.ndarray,
    fall: np.ndarray,
    chosen: np.ndarray,
    row_ptr: np.ndarray,
    row_head: np.ndarray,
    place: np.ndarray,
    out: np.ndarray,
    far: np.ndarray,
) -> None:
    """Least head start + seconds from the seeds of each lane to the places asked for.

    Args:
        lo, hi: groups of LANES lanes.
        lane_of: int32 [lane] row of `out` of the k-th lane in the order worked on.
        seed_ptr: int64 [lane + 1], in the order worked on.
        seed_rank: int32 [seed].
        seed_start: float32 [seed].
        parent, up_ptr, head: the topology.
        climb, fall: float32 [slot] weights up and down the way travelled.
        chosen, row_ptr, row_head, place: of select.
        out: float32 [lane, place].
        far: float32 [row, LANES], whatever it holds, for the work.
    """
    lanes = seed_ptr.shape[0] - 1
    local = np.full(parent.shape[0], -1, np.int32)
    found = np.empty(parent.shape[0], np.int32)
    rows = chosen.shape[0]
    near = np.empty((0, LANES), np.float32)
    tile = np.empty((LANES, TILE + SQUARE), np.float32)  # lanes a whole power of two apart share cache sets
    for group in range(lo, hi):
        first = group * LANES
        last = min(first + LANES, lanes)
        count = _above(seed_ptr[first], seed_ptr[last], seed_rank, parent, local, found)
        if near.shape[0] < count:
            near = np.empty((count, LANES), np.float32)
        near[:count] = INF
        for lane in range(first, last):
            for i in range(seed_ptr[lane], seed_ptr[lane + 1]):
                row = local[seed_rank[i]]
                near[row, lane - first] = min(near[row, lane - first], seed_start[i])
        for k in range(count - 1, -1, -1):
            r = found[k]
            here = load(near, k)
            for e in range(up_ptr[r], up_ptr[r + 1]):
                to = local[head[e]]
                store(near, to, least(add(here, spread_at(climb, e)), load(near, to)))
        for row in range(rows):
            r = chosen[row]
            here = load(near, local[r]) if local[r] >= 0 else spread(INF)
            also = here  # two chains of minima, since each waits for the one before it
            e = up_ptr[r] - row_ptr[row]
            begin, end = row_ptr[row], row_ptr[row + 1]
            for a in range(begin, end - 1, 2):
                here = least(add(load_at(far, row_head, a), spread_at(fall, a + e)), here)
                also = least(add(load_at(far, row_head, a + 1), spread_at(fall, a + 1 + e)), also)
            if (end - begin) % 2 == 1:
                here = least(add(load_at(far, row_head, end - 1), spread_at(fall, end - 1 + e)), here)
            store(far, row, least(here, also))
        _write(far, place, out, lane_of, first, last, tile)
        for k in range(count):
            local[found[k]] = -1


@kernel
def sweep_pairs(
    lo: int,
    hi: int,
    lane_of: np.ndarray,
    seed_ptr: np.ndarray,
    seed_rank: np.ndarray,
    seed_start: np.ndarray,
    seed_second: np.ndarray,
    parent: np.ndarray,
    up_ptr: np.ndarray,
    head: np.ndarray,
    climb: np.ndarray,
    fall: np.ndarray,
    climb_second: np.ndarray,
    fall_second: np.ndarray,
    chosen: np.ndarray,
    row_ptr: np.ndarray,
    row_head: np.ndarray,
    place: np.ndarray,
    out: np.ndarray,
    out_second: np.ndarray,
) -> None:
    """As sweep, with a second value along: of equal seconds the smaller second value wins.

    seed_second is float32 [seed], climb_second and fall_second float32 [slot], out_second float32
    [lane, place]; inf where unreachable.
    """
    lanes = seed_ptr.shape[0] - 1
    local = np.full(parent.shape[0], -1, np.int32)
    found = np.empty(parent.shape[0], np.int32)
    rows = chosen.shape[0]
    near, near_second = np.empty((0, LANES), np.float32), np.empty((0, LANES), np.float32)
    tile = np.empty((LANES, TILE + SQUARE), np.float32)
    far, far_second = np.empty((rows, LANES), np.float32), np.empty((rows, LANES), np.float32)
    for group in range(lo, hi):
        first = group * LANES
        last = min(first + LANES, lanes)
        count = _above(seed_ptr[first], seed_ptr[last], seed_rank, parent, local, found)
        if near.shape[0] < count:
            near = np.empty((count, LANES), np.float32)
            near_second = np.empty((count, LANES), np.float32)
        near[:count] = INF
        near_second[:count] = INF
        for lane in range(first, last):
            for i in range(seed_ptr[lane], seed_ptr[lane + 1]):
                row = local[seed_rank[i]]
                j = lane - first
                t, m = seed_start[i], seed_second[i]
                if t < near[row, j] or (t == near[row, j] and m < near_second[row, j]):
                    near[row, j] = t
                    near_second[row, j] = m
        for k in range(count - 1, -1, -1):
            r = found[k]
            t, m = load(near, k), load(near_second, k)
            for e in range(up_ptr[r], up_ptr[r + 1]):
                to = local[head[e]]
                t1, m1 = lesser(
                    add(t, spread_at(climb, e)), add(m, spread_at(climb_second, e)),
                    load(near, to), load(near_second, to),
                )  # fmt: skip
                store(near, to, t1)
                store(near_second, to, m1)
        for row in range(rows):
            r = chosen[row]
            k = local[r]
            here = load(near, k) if k >= 0 else spread(INF)
            also = load(near_second, k) if k >= 0 else spread(INF)
            e = up_ptr[r] - row_ptr[row]
            for a in range(row_ptr[row], row_ptr[row + 1]):
                here, also = lesser(
                    add(load_at(far, row_head, a), spread_at(fall, a + e)),
                    add(load_at(far_second, row_head, a), spread_at(fall_second, a + e)),
                    here, also,
                )  # fmt: skip
            store(far, row, here)
            store(far_second, row, reached(here, also))
        _write(far, place, out, lane_of, first, last, tile)
        _write(far_second, place, out_second, lane_of, first, last, tile)
        for k in range(count):
            local[found[k]] = -1
