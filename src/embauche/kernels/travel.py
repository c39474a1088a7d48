"""A week of travel, household by household: who takes the car, who is late, who misses a shift.

Lives here: the household walk over 14 slots. Not here: what services offer, logsums (choice).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.choice import NEEDS_CAR, to_gumbel, tour_utility, weekly_error, weekly_uniforms
from embauche.kernels.random import agent_key, keyed_uniform, prefix

OFF = -1
MISSED = -2
SLOTS = 14
DAY_MIN = 1440.0
HOUSES = 64  # households whose errors are drawn side by side


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


@inline
def insert_ranked(
    ranked: np.ndarray, utility: np.ndarray, count: int, s: int, u: float, service_id: np.ndarray
) -> int:
    """Put service s at its place among `count` ranked ones, best first; ties go to the lowest id.

    Returns the new count; what is worth -inf is left out.
    """
    if not u > -np.inf:
        return count
    i = count
    while i > 0 and (
        utility[i - 1] < u or (utility[i - 1] == u and service_id[ranked[i - 1]] > service_id[s])
    ):
        ranked[i], utility[i] = ranked[i - 1], utility[i - 1]
        i -= 1
    ranked[i], utility[i] = s, u
    return count + 1


@kernel
def travel_week(
    lo: int,
    hi: int,
    seed: int,
    purpose_taste: int,
    purpose_nest: int,
    purpose_incident: int,
    week: int,
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
    felt_min: np.ndarray,
    eur: np.ndarray,
    km: np.ndarray,
    fixed_eur: np.ndarray,
    vot_eur_min: np.ndarray,
    service_id: np.ndarray,
    needs: np.ndarray,
    nest: np.ndarray,
    nest_id: np.ndarray,
    spread: np.ndarray,
    late: np.ndarray,
    fail: np.ndarray,
    unit: float,
    chosen: np.ndarray,
    late_bits: np.ndarray,
) -> None:
    """Travel of households lo..hi in one week.

    Writes chosen int8 [worker, SLOTS] (service row, -1 off, -2 missed) and late_bits int16
    [worker], bit k set where the tour of slot k arrived late.
    """
    head_taste = prefix(seed, purpose_taste, week)
    head_nest = prefix(seed, purpose_nest, week)
    head_incident = prefix(seed, purpose_incident, week)
    services = needs.shape[0]
    car = -1
    for s in range(services):
        if needs[s] == NEEDS_CAR:
            car = s
    most, room = 1, 1
    for h in range(lo, hi):
        most = max(most, house_ptr[h + 1] - house_ptr[h])
        room = max(room, house_ptr[min(h + HOUSES, hi)] - house_ptr[h])
    starts, ends = np.empty(most * SLOTS), np.empty(most * SLOTS)
    order, draw, far = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most)
    classes = 1
    for a in range(roster_local.shape[0]):
        for b in range(roster_local.shape[1]):
            for c in range(SLOTS):
                classes = max(classes, roster_local[a, b, c] + 1)
    ranked, count = np.empty((classes, services), np.int64), np.empty(classes, np.int64)
    utility = np.empty(services)
    gumbel = np.empty(room * services)
    error = np.empty(services)
    for block in range(lo, hi, HOUSES):
        drawn = 0
        for j in range(house_ptr[block], house_ptr[min(block + HOUSES, hi)]):
            w = house_member[j]
            if post[w] >= 0:
                weekly_uniforms(head_taste, worker_id[w], service_id, gumbel, drawn)
                drawn += services
        to_gumbel(gumbel, drawn)
        drawn = 0
        for h in range(block, min(block + HOUSES, hi)):
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
                    far[i - 1] < distance
                    or (far[i - 1] == distance and worker_id[order[i - 1]] > worker_id[w])
                ):
                    far[i], order[i], draw[i] = far[i - 1], order[i - 1], draw[i - 1]
                    i -= 1
                far[i], order[i], draw[i] = distance, w, drawn
                members += 1
                drawn += services
            used = 0
            for m in range(members):
                w = order[m]
                p = post[w]
                shift = post_shift[p]
                rota = (week + post_team[p]) % roster_weeks[shift]
                for s in range(services):
                    error[s] = weekly_error(
                        gumbel[draw[m] + s], head_nest, worker_id[w], nest_id[nest[s]], spread[nest[s]], unit
                    )
                count[:] = -1
                incident = agent_key(head_incident, worker_id[w])
                for k in range(SLOTS):
                    c = roster_local[shift, rota, k]
                    if c < 0:
                        continue
                    row = book_start[w] + c
                    if count[c] < 0:
                        count[c] = 0
                        for s in range(services):
                            u = error[s] + tour_utility(
                                fixed_eur[w, s], vot_eur_min[w], felt_min[s, row], eur[s, row]
                            )
                            count[c] = insert_ranked(ranked[c], utility, count[c], s, u, service_id)
                    window = roster_window[shift, rota, k]
                    opens = DAY_MIN * (k // 2) + window_start_min[window]
                    closes = DAY_MIN * (k // 2) + window_end_min[window]
                    taken, failed = MISSED, False
                    for i in range(count[c]):
                        s = ranked[c, i]
                        leaves, returns = opens - out_min[s, row], closes + back_min[s, row]
                        if needs[s] == NEEDS_CAR and not car_free(
                            leaves, returns, cars[h], starts, ends, used
                        ):
                            continue
                        if not failed and fail[s] + late[s] > 0.0:
                            x = keyed_uniform(incident, k * 16)
                            failed = x < fail[s]
                            if x < fail[s] + late[s]:
                                late_bits[w] |= np.int16(1 << k)
                            if failed:
                                continue
                        taken = s
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
