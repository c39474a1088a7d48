"""Connection scans over one service day: latest departures by, earliest arrivals after.

Lives here: the two scans for many (workplace, class) rows. Not here: which trips run on a day.
Connection Scan Algorithm: Dibbelt, Pajor, Strasser, Wagner (2018), ACM JEA 23.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import kernel

NEVER = np.uint16(65535)


@kernel
def latest_departures(
    lo: int,
    hi: int,
    row_site: np.ndarray,
    row_time: np.ndarray,
    row_first: np.ndarray,
    row_last: np.ndarray,
    near_ptr: np.ndarray,
    near_stop: np.ndarray,
    near_s: np.ndarray,
    order: np.ndarray,
    trip: np.ndarray,
    dep_stop: np.ndarray,
    arr_stop: np.ndarray,
    dep_s: np.ndarray,
    arr_s: np.ndarray,
    km: np.ndarray,
    rail: np.ndarray,
    pickup: np.ndarray,
    dropoff: np.ndarray,
    foot_ptr: np.ndarray,
    foot_stop: np.ndarray,
    foot_s: np.ndarray,
    trips: int,
    change_s: float,
    longest_s: float,
    out_s: np.ndarray,
    out_km: np.ndarray,
) -> None:
    """For rows lo..hi: seconds before row_time at which one must board at each stop, at the latest.

    order[row_first[r]:row_last[r]] are the day's connections by descending arrival; out_s is
    uint16 [row, stop], 65535 where no trip arrives in time; out_km is uint16 [row, stop, 2] in
    tens of metres by road and by rail. foot_* lists stops w from which one walks to stop u.
    """
    stops = foot_ptr.shape[0] - 1
    ready = np.empty(stops)  # latest arrival by vehicle at the stop that still is in time
    ready_km = np.zeros((stops, 2), np.float32)
    board = np.empty(stops)
    board_km = np.zeros((stops, 2), np.float32)
    on = np.zeros(trips, np.int64)
    on_km = np.zeros((trips, 2), np.float32)
    stamp = 0
    for r in range(lo, hi):
        stamp += 1
        time = np.float64(row_time[r])
        ready[:] = -np.inf
        board[:] = -np.inf
        for i in range(near_ptr[row_site[r]], near_ptr[row_site[r] + 1]):
            ready[near_stop[i]] = time - near_s[i]
            ready_km[near_stop[i], 0] = 0.0
            ready_km[near_stop[i], 1] = 0.0
        for i in range(row_first[r], row_last[r]):
            c = order[i]
            if arr_s[c] > time:
                continue
            if arr_s[c] < time - longest_s:
                break
            t = trip[c]
            v = arr_stop[c]
            if on[t] != stamp:
                if not (dropoff[c] and arr_s[c] <= ready[v]):
                    continue
                on[t] = stamp
                on_km[t, 0] = ready_km[v, 0]
                on_km[t, 1] = ready_km[v, 1]
            on_km[t, rail[t]] += km[c]
            u = dep_stop[c]
            if not pickup[c] or dep_s[c] <= board[u]:
                continue
            board[u] = dep_s[c]
            board_km[u, 0] = on_km[t, 0]
            board_km[u, 1] = on_km[t, 1]
            for j in range(foot_ptr[u], foot_ptr[u + 1]):
                w = foot_stop[j]
                latest = dep_s[c] - change_s - foot_s[j]
                if latest > ready[w]:
                    ready[w] = latest
                    ready_km[w, 0] = on_km[t, 0]
                    ready_km[w, 1] = on_km[t, 1]
        for s in range(stops):
            before = time - board[s]
            if before <= longest_s:
                out_s[r, s] = np.uint16(before)
                out_km[r, s, 0] = np.uint16(min(board_km[s, 0] * 100.0, 65535.0))
                out_km[r, s, 1] = np.uint16(min(board_km[s, 1] * 100.0, 65535.0))
            else:
                out_s[r, s] = NEVER


@kernel
def earliest_arrivals(
    lo: int,
    hi: int,
    row_site: np.ndarray,
    row_time: np.ndarray,
    row_first: np.ndarray,
    row_last: np.ndarray,
    near_ptr: np.ndarray,
    near_stop: np.ndarray,
    near_s: np.ndarray,
    order: np.ndarray,
    trip: np.ndarray,
    dep_stop: np.ndarray,
    arr_stop: np.ndarray,
    dep_s: np.ndarray,
    arr_s: np.ndarray,
    km: np.ndarray,
    rail: np.ndarray,
    pickup: np.ndarray,
    dropoff: np.ndarray,
    foot_ptr: np.ndarray,
    foot_stop: np.ndarray,
    foot_s: np.ndarray,
    trips: int,
    change_s: float,
    longest_s: float,
    out_s: np.ndarray,
    out_km: np.ndarray,
) -> None:
    """For rows lo..hi: seconds after row_time at which one alights at each stop, at the earliest.

    Mirror of latest_departures: order holds connections by ascending departure.
    """
    stops = foot_ptr.shape[0] - 1
    ready = np.empty(stops)  # earliest time at which one can board at the stop
    ready_km = np.zeros((stops, 2), np.float32)
    alight = np.empty(stops)
    alight_km = np.zeros((stops, 2), np.float32)
    on = np.zeros(trips, np.int64)
    on_km = np.zeros((trips, 2), np.float32)
    stamp = 0
    for r in range(lo, hi):
        stamp += 1
        time = np.float64(row_time[r])
        ready[:] = np.inf
        alight[:] = np.inf
        for i in range(near_ptr[row_site[r]], near_ptr[row_site[r] + 1]):
            ready[near_stop[i]] = time + near_s[i]
            ready_km[near_stop[i], 0] = 0.0
            ready_km[near_stop[i], 1] = 0.0
        for i in range(row_first[r], row_last[r]):
            c = order[i]
            if dep_s[c] < time:
                continue
            if dep_s[c] > time + longest_s:
                break
            t = trip[c]
            u = dep_stop[c]
            if on[t] != stamp:
                if not (pickup[c] and dep_s[c] >= ready[u]):
                    continue
                on[t] = stamp
                on_km[t, 0] = ready_km[u, 0]
                on_km[t, 1] = ready_km[u, 1]
            on_km[t, rail[t]] += km[c]
            v = arr_stop[c]
            if not dropoff[c] or arr_s[c] >= alight[v]:
                continue
            alight[v] = arr_s[c]
            alight_km[v, 0] = on_km[t, 0]
            alight_km[v, 1] = on_km[t, 1]
            for j in range(foot_ptr[v], foot_ptr[v + 1]):
                w = foot_stop[j]
                earliest = arr_s[c] + change_s + foot_s[j]
                if earliest < ready[w]:
                    ready[w] = earliest
                    ready_km[w, 0] = on_km[t, 0]
                    ready_km[w, 1] = on_km[t, 1]
        for s in range(stops):
            after = alight[s] - time
            if after <= longest_s:
                out_s[r, s] = np.uint16(after)
                out_km[r, s, 0] = np.uint16(min(alight_km[s, 0] * 100.0, 65535.0))
                out_km[r, s, 1] = np.uint16(min(alight_km[s, 1] * 100.0, 65535.0))
            else:
                out_s[r, s] = NEVER


@kernel
def door_to_door(
    lo: int,
    hi: int,
    place: np.ndarray,
    row: np.ndarray,
    access_ptr: np.ndarray,
    access_stop: np.ndarray,
    access_s: np.ndarray,
    to_s: np.ndarray,
    to_km: np.ndarray,
    back_s: np.ndarray,
    back_km: np.ndarray,
    bus_g: float,
    rail_g: float,
    longest_min: float,
    out_min: np.ndarray,
    back_min: np.ndarray,
    out_km: np.ndarray,
    out_g: np.ndarray,
) -> None:
    """Best access stop for pairs lo..hi: minutes each way, km and grams of the tour.

    row[i] is the (site, class) row of the tables, -1 if transit is not there. Offered only if
    both ways exist within longest_min.
    """
    for i in range(lo, hi):
        out_min[i] = np.inf
        back_min[i] = np.inf
        out_km[i] = 0.0
        out_g[i] = 0.0
        r = row[i]
        if r < 0:
            continue
        best_to = np.inf
        best_back = np.inf
        stop_to = 0
        stop_back = 0
        for j in range(access_ptr[place[i]], access_ptr[place[i] + 1]):
            s = access_stop[j]
            if to_s[r, s] != NEVER:
                seconds = to_s[r, s] + access_s[j]
                if seconds < best_to:
                    best_to = seconds
                    stop_to = s
            if back_s[r, s] != NEVER:
                seconds = back_s[r, s] + access_s[j]
                if seconds < best_back:
                    best_back = seconds
                    stop_back = s
        if best_to <= longest_min * 60.0 and best_back <= longest_min * 60.0:
            out_min[i] = best_to / 60.0
            back_min[i] = best_back / 60.0
            bus = (to_km[r, stop_to, 0] + back_km[r, stop_back, 0]) / 100.0
            train = (to_km[r, stop_to, 1] + back_km[r, stop_back, 1]) / 100.0
            out_km[i] = bus + train
            out_g[i] = bus * bus_g + train * rail_g
