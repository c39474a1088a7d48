"""The choice of services: a worker's tours ranked by utility, with the errors of the week she last chose.

Lives here: weekly errors, ranks. Not here: utilities and logsums (kernels.choice), who finds a car at home
(kernels.travel).
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.choice import BLOCK, tour_utility
from embauche.kernels.elementary import log_up
from embauche.kernels.random import SECOND, agent_key, keyed_exponential, keyed_uniform, log_kanter, prefix

NONE = 15  # no service: at most 15 are told apart


@inline
def add_weekly_errors(
    x: np.ndarray,
    n: int,
    owner: np.ndarray,
    u: np.ndarray,
    people: int,
    nest_key: np.ndarray,
    nest: np.ndarray,
    nest_id: np.ndarray,
    spread: np.ndarray,
    unit: float,
) -> None:
    """Add each row's weekly errors to its utilities, EUR; x [service, row], owner [row] a column of u.

    u [service, person] holds uniform draws and is used up; `nest_key` are its people's keys of nests. Below
    spread 1 services of a nest share a stable part.
    """
    shared, wait = np.zeros(people), np.empty(people)
    for k in range(spread.shape[0]):
        r = spread[k]
        if r < 1.0:  # log_stable in two loops: each with few enough constants for the registers
            for j in range(people):
                wait[j] = keyed_exponential(nest_key[j], nest_id[k] ^ SECOND)
            for j in range(people):
                shared[j] = log_kanter(keyed_uniform(nest_key[j], nest_id[k]), wait[j], r)
        else:
            shared[:] = 0.0
        for s in range(x.shape[0]):
            if nest[s] == k:
                draw, row = u[s], x[s]
                for j in range(people):
                    draw[j] = unit * r * (shared[j] - log_up(-log_up(draw[j])))
                for j in range(n):
                    row[j] += draw[owner[j]]


@inline
def rank(x: np.ndarray, n: int, service_id: np.ndarray, place: np.ndarray, ranked: np.ndarray) -> None:
    """Services by falling utility, [row]: four bits each from the lowest on, NONE after the last.

    x is [service, row], -inf where not offered; ties go to the lowest id; `place` is scratch.
    """
    ranked[:n] = np.uint64(0xFFFFFFFFFFFFFFFF)
    for s in range(x.shape[0]):
        mine = x[s]
        place[:n] = np.uint64(0)
        for t in range(x.shape[0]):
            other = x[t]
            if t == s:
                continue
            if service_id[t] < service_id[s]:
                for j in range(n):
                    place[j] += np.uint64(4) if other[j] >= mine[j] else np.uint64(0)
            else:
                for j in range(n):
                    place[j] += np.uint64(4) if other[j] > mine[j] else np.uint64(0)
        flip = np.uint64(NONE ^ s)
        for j in range(n):
            ranked[j] ^= (flip if mine[j] > -np.inf else np.uint64(0)) << place[j]


@kernel
def rank_services(
    lo: int,
    hi: int,
    seed: int,
    purpose_taste: int,
    purpose_nest: int,
    people: np.ndarray,
    considered: np.ndarray,
    worker_id: np.ndarray,
    book_start: np.ndarray,
    book_end: np.ndarray,
    felt_min: np.ndarray,
    eur: np.ndarray,
    fixed_eur: np.ndarray,
    vot_eur_min: np.ndarray,
    service_id: np.ndarray,
    nest: np.ndarray,
    nest_id: np.ndarray,
    spread: np.ndarray,
    unit: float,
    ranked: np.ndarray,
) -> None:
    """Rank services for the trip classes of people[lo:hi], with the errors of the week they last considered.

    Writes uint64 [worker, class of the shift] as `rank` does, of their rows of the book (felt_min, eur:
    float32 [service, row]).
    """
    services = service_id.shape[0]
    room = BLOCK + ranked.shape[1]
    x, u = np.empty((services, room)), np.empty((services, room))
    owner, at = np.empty(room, np.int64), np.empty(room, np.int64)
    mine, key, nest_key = np.empty(room, np.int64), np.empty(room, np.uint64), np.empty(room, np.uint64)
    place, block = np.empty(room, np.uint64), np.empty(room, np.uint64)
    begin = lo
    while begin < hi:
        n, holders, end = 0, 0, begin
        while end < hi and n < BLOCK:
            w = people[end]
            first = n
            for r in range(book_start[w], book_end[w]):
                owner[n], at[n], mine[n] = holders, r, w
                n += 1
            week = considered[w]
            key[holders] = agent_key(prefix(seed, purpose_taste, week), worker_id[w])
            nest_key[holders] = agent_key(prefix(seed, purpose_nest, week), worker_id[w])
            holders += n > first
            end += 1
        for s in range(services):
            minutes, euros, values, draws = felt_min[s], eur[s], x[s], u[s]
            for j in range(n):
                w, r = mine[j], at[j]
                values[j] = tour_utility(fixed_eur[w, s], vot_eur_min[w], minutes[r], euros[r])
            for j in range(holders):
                draws[j] = keyed_uniform(key[j], service_id[s])
        add_weekly_errors(x, n, owner, u, holders, nest_key, nest, nest_id, spread, unit)
        rank(x, n, service_id, place, block)
        for j in range(n):
            ranked[mine[j], at[j] - book_start[mine[j]]] = block[j]
        begin = end
