"""A week of travel, household by household: who takes the car, who is late, who misses a shift.

Lives here: the household walk over 14 slots. Not here: what services offer, logsums (choice).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.choice import NEEDS_CAR
from embauche.kernels.random import agent_key, keyed_uniform, prefix
from embauche.kernels.ranking import NONE

OFF = -1
MISSED = -2
SLOTS = 14
DAY_MIN = 1440.0


@inline
def car_free(a: float, b: float, cars: int, starts: np.ndarray, ends: np.ndarray, used: int) -> bool:
    """Whether at every moment of [a, b) fewer than `cars` of the intervals are under way."""
    if cars <= 0:
        return False
    for i in range(-1, used):
        moment = a if i < 0 else starts[i]
        if moment < a or moment >= b:
            continue
        count = 0
        for j in range(used):
            if starts[j] <= moment < ends[j]:
                count += 1
        if count >= cars:
            return False
    return True


@kernel
def travel_week(
    lo: int,
    hi: int,
    seed: int,
    purpose_incident: int,
    week: int,
    houses: np.ndarray,
    house_ptr: np.ndarray,
    house_member: np.ndarray,
    cars: np.ndarray,
    worker_id: np.ndarray,
    post: np.ndarray,
    post_shift: np.ndarray,
    post_team: np.ndarray,
    roster_local: np.ndarray,
    roster_window: np.ndarray,
    roster_weeks: np.ndarray,
    window_start_min: np.ndarray,
    window_end_min: np.ndarray,
    book_start: np.ndarray,
    book_end: np.ndarray,
    out_min: np.ndarray,
    back_min: np.ndarray,
    km: np.ndarray,
    row_late: np.ndarray,
    ranked: np.ndarray,
    barred: np.ndarray,
    needs: np.ndarray,
    late: np.ndarray,
    fail: np.ndarray,
    chosen: np.ndarray,
    late_bits: np.ndarray,
) -> None:
    """Travel of households houses[lo:hi] in one week, by services as kernels.ranking ranked them.

    `barred` is uint16 [worker, SLOTS], bit s set where service s has refused the tour. Writes
    chosen int8 [worker, SLOTS] (service row, -1 off, -2 missed) and late_bits int16 [worker], bit k set
    where the tour of slot k arrived late.
    """
    head_incident = prefix(seed, purpose_incident, week)
    services = needs.shape[0]
    car = -1
    for service in range(services):
        if needs[service] == NEEDS_CAR:
            car = service
    most = 1
    for i in range(lo, hi):
        h = houses[i]
        most = max(most, house_ptr[h + 1] - house_ptr[h])
    starts, ends = np.empty(most * SLOTS), np.empty(most * SLOTS)
    order, far = np.empty(most, np.int64), np.empty(most)
    for house in range(lo, hi):
        h = houses[house]
        members = 0
        for j in range(house_ptr[h], house_ptr[h + 1]):
            w = house_member[j]
            for k in range(SLOTS):
                chosen[w, k] = OFF
            late_bits[w] = 0
            if post[w] < 0:
                continue
            distance = -1.0
            if car >= 0 and book_end[w] > book_start[w]:
                distance = np.float64(km[car, book_start[w]])
            i = members
            while i > 0 and (
                far[i - 1] < distance or (far[i - 1] == distance and worker_id[order[i - 1]] > worker_id[w])
            ):
                far[i], order[i] = far[i - 1], order[i - 1]
                i -= 1
            far[i], order[i] = distance, w
            members += 1
        used = 0
        for m in range(members):
            w = order[m]
            p = post[w]
            shift = post_shift[p]
            rota = (week + post_team[p]) % roster_weeks[shift]
            incident = agent_key(head_incident, worker_id[w])
            for k in range(SLOTS):
                c = roster_local[shift, rota, k]
                if c < 0:
                    continue
                row = book_start[w] + c
                window = roster_window[shift, rota, k]
                opens = DAY_MIN * (k // 2) + window_start_min[window]
                closes = DAY_MIN * (k // 2) + window_end_min[window]
                taken, failed = MISSED, False
                left = ranked[w, c]
                shut = np.int64(barred[w, k])
                for _ in range(services):
                    s = np.int64(left & np.uint64(15))
                    left >>= np.uint64(4)
                    if s == NONE:
                        break
                    if (shut >> s) & 1 or not out_min[s, row] < np.inf:
                        continue
                    leaves, returns = opens - out_min[s, row], closes + back_min[s, row]
                    if needs[s] == NEEDS_CAR and not car_free(leaves, returns, cars[h], starts, ends, used):
                        continue
                    risk = fail[s] + late[s] + row_late[s, row]
                    if not failed and risk > 0.0:
                        x = keyed_uniform(incident, k * 16)
                        failed = x < fail[s]
                        if x < risk:
                            late_bits[w] |= np.int16(1 << k)
                        if failed:
                            continue
                    taken = int(s)
                    if needs[s] == NEEDS_CAR:
                        starts[used], ends[used] = leaves, returns
                        used += 1
                    break
                if taken == MISSED:
                    late_bits[w] &= np.int16(~(1 << k))
                chosen[w, k] = taken


@kernel
def count_tours(
    chosen: np.ndarray,
    late_bits: np.ndarray,
    commune: np.ndarray,
    tours: np.ndarray,
    lates: np.ndarray,
    missed: np.ndarray,
) -> None:
    """Tours and late tours by (service, commune of home), missed shifts by worker."""
    tours[:] = 0
    lates[:] = 0
    for w in range(chosen.shape[0]):
        missed[w] = 0
        for k in range(chosen.shape[1]):
            s = chosen[w, k]
            if s >= 0:
                tours[s, commune[w]] += 1
                if (late_bits[w] >> k) & 1:
                    lates[s, commune[w]] += 1
            elif s == MISSED:
                missed[w] += 1


@kernel
def tour_rows(
    people: np.ndarray,
    chosen: np.ndarray,
    late_bits: np.ndarray,
    post: np.ndarray,
    post_shift: np.ndarray,
    post_team: np.ndarray,
    roster_local: np.ndarray,
    roster_window: np.ndarray,
    roster_weeks: np.ndarray,
    week: int,
    out_worker: np.ndarray,
    out_local: np.ndarray,
    out_window: np.ndarray,
    out_service: np.ndarray,
    out_tours: np.ndarray,
    out_late: np.ndarray,
) -> int:
    """Fold each worker's slots into rows (class, service) with tours and late tours; returns rows.

    The outputs need room for SLOTS rows a worker at most; people are visited in their order.
    """
    n = 0
    for i in range(people.shape[0]):
        w = people[i]
        first = n
        shift = post_shift[post[w]]
        rota = (week + post_team[post[w]]) % roster_weeks[shift]
        for k in range(SLOTS):
            if chosen[w, k] == OFF:
                continue
            s = chosen[w, k] if chosen[w, k] >= 0 else -1
            c = roster_local[shift, rota, k]
            r = first
            while r < n and not (out_local[r] == c and out_service[r] == s):
                r += 1
            if r == n:
                out_worker[r], out_local[r], out_service[r] = w, c, s
                out_window[r] = roster_window[shift, rota, k]
                out_tours[r], out_late[r] = 0, 0
                n += 1
            out_tours[r] += 1
            out_late[r] += (late_bits[w] >> k) & 1
    return n
