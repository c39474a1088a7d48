"""RAPTOR over the lines of one service day: earliest arrivals in rounds, for many starts at once.

Lives here: the search. Not here: which trips run (routing.lines), walks (routing), fares (services).
Delling, Pajor, Werneck (2012), ALENEX: Round-Based Public Transit Routing. Latest departures are the same
search over the timetable with time reversed.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.lines import FAR, FIELDS, Labels, LineArrays, describe


@inline
def _lower(time: np.ndarray, parent: np.ndarray, stop: int, round_: int, top: int, value: int) -> None:
    """With more rides one is there by then at the latest, by the journey of the lower round."""
    for k in range(round_ + 1, top + 1):
        if time[k, stop] < value:
            break
        time[k, stop] = value
        parent[k, stop] = -1


@inline
def _scan_line(
    lines: LineArrays, labels: Labels, line: int, start: int, k: int, top: int, limit: int,
    fresh: np.ndarray, n: int, is_fresh: np.ndarray,
) -> int:  # fmt: skip
    """Ride one line from position `start`; stops with better arrivals join `fresh`; their number."""
    p0, trips, base = lines.first[line], lines.trips[line], lines.base[line]
    width = lines.first[line + 1] - p0
    current, seat = trips, -1
    for p in range(start, lines.first[line + 1]):
        s = lines.stop[p]
        if current < trips and lines.alight[p]:
            time = lines.arr[base + current * width + (p - p0)]
            old = labels.alight[k, s]
            if time <= limit and time <= old:
                trip = lines.trip0[line] + current
                better = time < old
                if not better and labels.trip[k, s] >= 0:
                    held = labels.trip[k, s]
                    better = lines.rank[trip] < lines.rank[held] or (
                        trip == held
                        and (
                            seat < labels.seat[k, s] or (seat == labels.seat[k, s] and p < labels.leave[k, s])
                        )
                    )
                if better:
                    labels.alight[k, s] = time
                    labels.trip[k, s] = trip
                    labels.seat[k, s] = seat
                    labels.leave[k, s] = p
                if time < old:
                    _lower(labels.alight, labels.trip, s, k, top, time)
                    if not is_fresh[s]:
                        is_fresh[s] = True
                        fresh[n] = s
                        n += 1
        if lines.board[p] and current > 0:
            ready = labels.ready[k - 1, s]
            column = base + (p - p0) * trips
            if ready <= limit and lines.dep[column + current - 1] >= ready:
                lo, hi = 0, current - 1  # dep[hi] is in time: find the first that is
                while lo < hi:
                    middle = (lo + hi) >> 1
                    if lines.dep[column + middle] >= ready:
                        hi = middle
                    else:
                        lo = middle + 1
                current, seat = hi, p
    return n


@inline
def _copy_round(labels: Labels, k: int) -> None:
    """Round k begins as what fewer rides give."""
    for s in range(labels.alight.shape[1]):
        labels.alight[k, s] = labels.alight[k - 1, s]
        labels.ready[k, s] = labels.ready[k - 1, s]
        labels.trip[k, s] = -1
        labels.walk[k, s] = -1


@inline
def _rounds(
    lines: LineArrays, labels: Labels, top: int, limit: int, marked: np.ndarray, n_marked: int,
    is_marked: np.ndarray, fresh: np.ndarray, is_fresh: np.ndarray, queue: np.ndarray, start: np.ndarray,
) -> int:  # fmt: skip
    """Rounds from the marked stops until no stop is reached earlier.

    Rows of labels up to `top` are filled; a further round begins as a copy. Returns the new top.
    """
    last = labels.ready.shape[0] - 1
    for k in range(1, last + 1):
        if k > top:
            _copy_round(labels, k)
            top = k
        queued = 0
        for i in range(n_marked):
            s = marked[i]
            is_marked[s] = False
            for j in range(lines.at_ptr[s], lines.at_ptr[s + 1]):
                line, p = lines.at_line[j], lines.at_position[j]
                if start[line] < 0:
                    start[line] = p
                    queue[queued] = line
                    queued += 1
                elif p < start[line]:
                    start[line] = p
        n_marked = 0
        n_fresh = 0
        for i in range(queued):
            line = queue[i]
            n_fresh = _scan_line(lines, labels, line, start[line], k, top, limit, fresh, n_fresh, is_fresh)
            start[line] = -1
        for i in range(n_fresh):
            u = fresh[i]
            is_fresh[u] = False
            if k == last:
                continue
            for j in range(lines.foot_ptr[u], lines.foot_ptr[u + 1]):
                w = lines.foot_to[j]
                time = labels.alight[k, u] + lines.foot_s[j]
                if time > limit:
                    continue
                if time < labels.ready[k, w]:
                    labels.ready[k, w] = time
                    labels.walk[k, w] = j
                    _lower(labels.ready, labels.walk, w, k, top, time)
                    if not is_marked[w]:
                        is_marked[w] = True
                        marked[n_marked] = w
                        n_marked += 1
                elif time == labels.ready[k, w] and j < labels.walk[k, w]:
                    labels.walk[k, w] = j
        if n_marked == 0:
            break
    return top


@kernel
def search_rows(
    lo: int,
    hi: int,
    lines: LineArrays,
    group_ptr: np.ndarray,
    row_time: np.ndarray,
    seed_ptr: np.ndarray,
    seed_stop: np.ndarray,
    seed_s: np.ndarray,
    longest_s: int,
    mirrored: bool,
    chance: np.ndarray,
    labels: Labels,
    alight: np.ndarray,
    count: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Search from groups lo..hi; rows of a group have the same seeds and times that never rise.

    Labels of a later start bound those of an earlier one (self-pruning, rRAPTOR). group_ptr: int64
    [group + 1] rows; row_time: int32 [row]; seed_ptr: int64 [group + 1]; seed_s: int32 walk from the start.
    chance: see describe. labels: used and left filled if a single group is searched, else a template of its
    shape. alight: filled if not empty, int32 [row, stop], FAR where not reached by vehicle within longest_s.
    count: filled if not empty, int32 [row] stops reached; then what is returned tells of them row by row,
    stops rising:
    stop int32 [found], and how one gets there, uint16 [found, FIELDS]. A workplace of a region reaches one
    stop in a hundred, so these are kept and no others.
    """
    stops = lines.at_ptr.shape[0] - 1
    shape = labels.alight.shape
    mine = labels
    if lo > 0 or hi < group_ptr.shape[0] - 1:
        mine = Labels(
            np.empty(shape, np.int32), np.empty(shape, np.int32), np.empty(shape, np.int32),
            np.empty(shape, np.int32), np.empty(shape, np.int32), np.empty(shape, np.int32),
        )  # fmt: skip
    marked, is_marked = np.empty(stops, np.int32), np.zeros(stops, np.bool_)
    fresh, is_fresh = np.empty(stops, np.int32), np.zeros(stops, np.bool_)
    queue = np.empty(lines.trips.shape[0], np.int32)
    start = np.full(lines.trips.shape[0], -1, np.int32)
    last = labels.alight.shape[0] - 1
    found = 0
    found_stop, found_fields = np.empty(stops, np.int32), np.empty((stops, FIELDS), np.uint16)
    for g in range(lo, hi):
        mine.alight[0] = FAR
        mine.trip[0] = -1
        mine.ready[0] = FAR
        mine.walk[0] = -1
        top = 0
        for r in range(group_ptr[g], group_ptr[g + 1]):
            time = row_time[r]
            n = 0
            for i in range(seed_ptr[g], seed_ptr[g + 1]):
                s, at = seed_stop[i], time + seed_s[i]
                if seed_s[i] <= longest_s and at < mine.ready[0, s]:
                    mine.ready[0, s] = at
                    mine.walk[0, s] = i
                    _lower(mine.ready, mine.walk, s, 0, top, at)
                    is_marked[s] = True
                    marked[n] = s
                    n += 1
            limit = time + longest_s
            if n > 0:
                top = _rounds(
                    lines, mine, top, limit, marked, n, is_marked, fresh, is_fresh, queue, start
                )  # fmt: skip
            best = mine.alight[top]
            if alight.shape[0] > 0:
                for s in range(stops):
                    alight[r, s] = best[s] if best[s] <= limit else FAR
            if count.shape[0] > 0:
                if found + stops > found_stop.shape[0]:
                    old_stop, old_fields = found_stop, found_fields
                    found_stop = np.empty(2 * (found + stops), np.int32)
                    found_fields = np.empty((2 * (found + stops), FIELDS), np.uint16)
                    for i in range(found):
                        found_stop[i] = old_stop[i]
                        for f in range(FIELDS):
                            found_fields[i, f] = old_fields[i, f]
                first = found
                for s in range(stops):
                    if best[s] <= limit:
                        found_stop[found] = s
                        describe(lines, mine, top, s, time, seed_s, mirrored, chance, found_fields[found])
                        found += 1
                count[r] = found - first
    if lo == 0 and hi == 1:
        for k in range(top + 1, last + 1):
            _copy_round(mine, k)
    return found_stop[:found].copy(), found_fields[:found].copy()
