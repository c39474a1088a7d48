"""Random-utility choice of a service, and logsums of posts.

Lives here: utilities, exact Gumbel errors with a constant and a weekly part, logsums.
Not here: a household's cars over the week (kernels.travel). Utilities are EUR a tour.
"""

from __future__ import annotations

import math

import numpy as np

from embauche.kernels import inline, kernel
from embauche.kernels.random import log_stable, prefix

MONTH = 52.0 / 12.0
NEEDS_CAR = 1
NEEDS_BIKE = 2


@kernel
def constant_tastes(
    lo: int,
    hi: int,
    seed: int,
    purpose: int,
    worker_id: np.ndarray,
    service_id: np.ndarray,
    alpha: float,
    out: np.ndarray,
) -> None:
    """Constant part of the error over scale: alpha * log S, float64 [worker, service]."""
    head = prefix(seed, purpose, 0)
    for i in range(lo, hi):
        for s in range(service_id.shape[0]):
            out[i, s] = alpha * log_stable(head, worker_id[i], service_id[s], alpha)


@inline
def systematic(
    vot_eur_min: float,
    weight: float,
    asc: float,
    minutes: float,
    eur: float,
    late_eur: float,
    expected_late: float,
    fail_eur: float,
    fail: float,
) -> float:
    """Systematic utility of one tour, EUR."""
    return asc - vot_eur_min * weight * minutes - eur - late_eur * expected_late - fail_eur * fail


@inline
def add_logsum(m: float, total: float, x: float) -> tuple[float, float]:
    """Fold x into a running log-sum-exp kept as (maximum, sum of exp(x - maximum))."""
    if total == 0.0:
        return x, 1.0
    if x <= m:
        return m, total + math.exp(x - m)
    return x, total * math.exp(m - x) + 1.0


@kernel
def month_logsums(
    lo: int,
    hi: int,
    person: np.ndarray,
    row_start: np.ndarray,
    row_end: np.ndarray,
    row_tours: np.ndarray,
    out_min: np.ndarray,
    back_min: np.ndarray,
    eur: np.ndarray,
    vot_eur_min: np.ndarray,
    commune: np.ndarray,
    car_share: np.ndarray,
    has_bike: np.ndarray,
    taste: np.ndarray,
    needs: np.ndarray,
    weight: np.ndarray,
    asc: np.ndarray,
    fail: np.ndarray,
    expected_late: np.ndarray,
    scale: float,
    alpha: float,
    late_eur: float,
    fail_eur: float,
    no_car_eur: float,
    out: np.ndarray,
) -> None:
    """Logsum of pairs lo..hi in EUR a month, -inf where a tour of the rotation has no service.

    Rows row_start[i]:row_end[i] are the trip classes of pair i with their tours a week; offers
    are float32 [service, row]. taste is alpha * log S, [worker, service].
    """
    mu = scale * alpha
    services = needs.shape[0]
    for i in range(lo, hi):
        p = person[i]
        total = 0.0
        for r in range(row_start[i], row_end[i]):
            m_all, s_all = -np.inf, 0.0
            m_no, s_no = -np.inf, 0.0
            for s in range(services):
                if out_min[s, r] == np.inf:
                    continue
                if needs[s] == NEEDS_BIKE and not has_bike[p]:
                    continue
                if needs[s] == NEEDS_CAR and car_share[p] <= 0.0:
                    continue
                v = systematic(
                    vot_eur_min[p], weight[s], asc[s], np.float64(out_min[s, r]) + back_min[s, r],
                    eur[s, r], late_eur, expected_late[s, commune[p]], fail_eur, fail[s],
                )  # fmt: skip
                x = (v + scale * taste[p, s]) / mu
                m_all, s_all = add_logsum(m_all, s_all, x)
                if needs[s] != NEEDS_CAR:
                    m_no, s_no = add_logsum(m_no, s_no, x)
            with_car = mu * (m_all + math.log(s_all)) if s_all > 0.0 else -np.inf
            without = mu * (m_no + math.log(s_no)) if s_no > 0.0 else -np.inf
            share = car_share[p]
            if share <= 0.0 or with_car == -np.inf:
                ls = without
            elif share >= 1.0:
                ls = with_car
            else:
                if without == -np.inf:
                    without = with_car - no_car_eur
                ls = share * with_car + (1.0 - share) * without
            if ls == -np.inf:
                total = -np.inf
                break
            total += row_tours[r] * ls
        out[i] = total * MONTH
