"""Random-utility choice of a service: nested logit with a constant and a weekly part of each error.

Lives here: constant tastes, utilities, logsums. Not here: the week's errors and the ranking that they make
(kernels.ranking), a household's cars over the week (kernels.travel). Utilities are EUR a tour; the nests and
their draws are those of docs/model.md.
"""

from __future__ import annotations

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.elementary import exp_down, log_up
from embauche.kernels.random import agent_key, log_stable, prefix

MONTH = 52.0 / 12.0
NEEDS_CAR = 1
NEEDS_BIKE = 2
BLOCK = 256  # rows worked on side by side: enough for vectors, few enough for the first-level cache


@kernel
def constant_tastes(
    lo: int,
    hi: int,
    seed: int,
    purpose: int,
    purpose_nest: int,
    worker_id: np.ndarray,
    service_id: np.ndarray,
    nest: np.ndarray,
    nest_id: np.ndarray,
    held: np.ndarray,
    alpha: float,
    out: np.ndarray,
) -> None:
    """Constant part of the error over scale, float64 [worker, service].

    alpha * log A of the service plus held * log B of its nest, with A positive (alpha / held)-stable and
    B positive held-stable. `held` is float64 [nest], at least alpha.
    """
    head, head_nest = prefix(seed, purpose, 0), prefix(seed, purpose_nest, 0)
    for s in range(service_id.shape[0]):
        k = nest[s]
        a, h = alpha / held[k], held[k]
        for i in range(lo, hi):
            own = log_stable(agent_key(head, worker_id[i]), service_id[s], a)
            shared = log_stable(agent_key(head_nest, worker_id[i]), nest_id[k], h)
            out[i, s] = alpha * own + h * shared


@kernel
def felt_minutes(
    lo: int,
    hi: int,
    out_min: np.ndarray,
    back_min: np.ndarray,
    early_min: np.ndarray,
    wait_min: np.ndarray,
    transfers: np.ndarray,
    late: np.ndarray,
    weight: float,
    early_weight: float,
    wait_weight: float,
    change_min: float,
    late_felt_min: float,
    felt_min: np.ndarray,
) -> None:
    """Minutes of a tour as they weigh on its traveller, float32 [row]; inf where not offered."""
    for r in range(lo, hi):
        early, wait = np.float64(early_min[r]), np.float64(wait_min[r])
        moving = np.float64(out_min[r]) + back_min[r] - early - wait
        felt = weight * moving + early_weight * early + wait_weight * wait + change_min * transfers[r]
        felt += late_felt_min * late[r]
        felt_min[r] = felt if out_min[r] < np.inf and back_min[r] < np.inf else np.inf


@kernel
def fixed_parts(
    lo: int,
    hi: int,
    base_eur: np.ndarray,
    needs: np.ndarray,
    late_eur: float,
    late_felt_min: float,
    scale: float,
    vot_eur_min: np.ndarray,
    commune: np.ndarray,
    can_drive: np.ndarray,
    has_bike: np.ndarray,
    taste: np.ndarray,
    expected_late: np.ndarray,
    out: np.ndarray,
) -> None:
    """What a person's utility of a service owes to no trip, EUR, float64 [person, service].

    -inf where she lacks what the service needs.
    """
    for p in range(lo, hi):
        late = late_eur + vot_eur_min[p] * late_felt_min
        for s in range(needs.shape[0]):
            if (needs[s] == NEEDS_CAR and not can_drive[p]) or (needs[s] == NEEDS_BIKE and not has_bike[p]):
                out[p, s] = -np.inf
            else:
                out[p, s] = base_eur[s] + scale * taste[p, s] - late * expected_late[s, commune[p]]


@inline
def tour_utility(fixed_eur: float, vot_eur_min: float, felt_min: float, eur: float) -> float:
    """Utility of one tour by one service without its weekly error, EUR; -inf where not offered."""
    return fixed_eur - vot_eur_min * felt_min - eur if felt_min < np.inf else -np.inf


@inline
def log_sum(
    x: np.ndarray, n: int, nest: np.ndarray, only: int, unit: float, top: np.ndarray, out: np.ndarray
) -> None:
    """out[:n] = unit * log(sum exp(x / unit)) over the services of nest `only` (of all if below 0).

    x is [service, row], `top` scratch. -inf where every term is.
    """
    top[:n] = -np.inf
    for s in range(x.shape[0]):
        if only < 0 or nest[s] == only:
            row = x[s]
            for j in range(n):
                top[j] = max(top[j], row[j])
    out[:n] = 0.0
    for s in range(x.shape[0]):
        if only < 0 or nest[s] == only:
            row = x[s]
            for j in range(n):
                below = row[j] - top[j] if top[j] > -np.inf else 0.0
                out[j] += exp_down(below / unit)
    for j in range(n):
        out[j] = top[j] + unit * log_up(out[j])


@inline
def nested_log_sum(
    x: np.ndarray, n: int, nest: np.ndarray, spread: np.ndarray, unit: float, top: np.ndarray, out: np.ndarray
) -> None:
    """Logsum over nests of the logsums within, [row]; x [service, row] is used up.

    `spread` is float64 [nest]: dissimilarity that the week's errors have within each nest. At 1 they are
    independent, and its services stand beside all others.
    """
    for k in range(spread.shape[0]):
        first, members = -1, 0
        for s in range(x.shape[0]):
            if nest[s] == k:
                first = s if first < 0 else first
                members += 1
        if spread[k] < 1.0 and members > 1:
            log_sum(x, n, nest, k, unit * spread[k], top, out)
            for s in range(x.shape[0]):
                if nest[s] == k:
                    x[s, :n] = -np.inf
            for j in range(n):
                x[first, j] = out[j]
    log_sum(x, n, nest, -1, unit, top, out)


@kernel
def month_logsums(
    lo: int,
    hi: int,
    person: np.ndarray,
    row_start: np.ndarray,
    row_end: np.ndarray,
    row_tours: np.ndarray,
    felt_min: np.ndarray,
    eur: np.ndarray,
    fixed_eur: np.ndarray,
    vot_eur_min: np.ndarray,
    car_share: np.ndarray,
    needs: np.ndarray,
    nest: np.ndarray,
    spread: np.ndarray,
    unit: float,
    no_car_eur: float,
    out: np.ndarray,
) -> None:
    """Logsum of pairs lo..hi in EUR a month, -inf where a tour of the rotation has no service.

    Rows row_start[i]:row_end[i] are the trip classes of pair i with their tours a week; offers are
    float32 [service, row]. A row counts twice, with the car and without, where the car may be out.
    `unit` is the scale of the week's errors.
    """
    services = needs.shape[0]
    room = BLOCK
    for i in range(lo, hi):
        room = max(room, 2 * (row_end[i] - row_start[i]))
    x, top, sums = np.empty((services, room)), np.empty(room), np.empty(room)
    begin = lo
    while begin < hi:
        n, end = 0, begin
        while end < hi:
            p, first = person[end], row_start[end]
            rows = row_end[end] - first
            both = 0.0 < car_share[p] < 1.0
            if n + rows * (1 + both) > room:
                break
            for s in range(services):
                fixed = -np.inf if needs[s] == NEEDS_CAR and car_share[p] <= 0.0 else fixed_eur[p, s]
                for j in range(rows):
                    r = first + j
                    x[s, n + j] = tour_utility(fixed, vot_eur_min[p], felt_min[s, r], eur[s, r])
                if both:
                    for j in range(rows):
                        x[s, n + rows + j] = -np.inf if needs[s] == NEEDS_CAR else x[s, n + j]
            n += rows * (1 + both)
            end += 1
        nested_log_sum(x, n, nest, spread, unit, top, sums)
        n = 0
        for i in range(begin, end):
            share = car_share[person[i]]
            both = 0.0 < share < 1.0
            rows = row_end[i] - row_start[i]
            total = 0.0
            for j in range(rows):
                ls = sums[n + j]
                if both:
                    without = sums[n + rows + j]
                    if without == -np.inf:
                        without = ls - no_car_eur
                    if without != ls:
                        ls = share * ls + (1.0 - share) * without
                total += row_tours[row_start[i] + j] * ls
            out[i] = total * MONTH
            n += rows * (1 + both)
        begin = end
