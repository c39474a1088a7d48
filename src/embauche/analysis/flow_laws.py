"""Known laws of commuting flows, all doubly constrained, and how well flows are met.

Lives here: balanced, common_part, uniform, gravity, radiation. Not here: the product's law (flow_fit).
Sources: Wilson 1971 (constraints), Simini et al. 2012 (radiation), Lenormand, Bassolas & Ramasco 2016
(comparison of laws, all constrained alike, by the common part of commuters).
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
ROUNDS, CLOSE = 100, 1e-6
GRID = 20  # values of a law's one parameter that are tried, then as many between the two best


def margins(flow: Array) -> tuple[Array, Array]:
    """Who leaves and who arrives, float64 [zone] each."""
    return flow.sum(axis=1), flow.sum(axis=0)


def balanced(
    weight: Array, leave: Array, arrive: Array, start: Array | None = None, rounds: int = ROUNDS
) -> tuple[Array, Array]:
    """Flows a_i b_j weight_ij with these margins (Furness 1965), and b for a next start.

    Where weights leave no way to meet both margins, those of homes are met. Zones without flow may be there.
    """
    b = np.ones(len(arrive)) if start is None else start
    for _ in range(rounds):
        a = _over(leave, weight @ b)
        last, b = b, _over(arrive, a @ weight)
        if np.max(np.abs(b - last)) <= CLOSE * np.max(b):
            break
    return _over(leave, weight @ b)[:, None] * weight * b, b


def _over(top: Array, bottom: Array) -> Array:
    """A ratio, 0 where there is nothing below."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def common_part(flow: Array, guess: Array) -> float:
    """Common part of commuters, 2 sum min(T, T') / (sum T + sum T'), in [0, 1] (Gargiulo et al. 2012)."""
    return float(2 * np.minimum(flow, guess).sum() / (flow.sum() + guess.sum()))


def apart(n: int) -> Array:
    """Pairs of different zones, bool [zone, zone]."""
    return ~np.eye(n, dtype=bool)


def stretched(km: Array) -> Array:
    """Kilometres with 1 within a zone, and between zones at the same spot a tenth of the least others."""
    off = apart(len(km))
    some = km[off & (km > 0)]
    least = float(some.min()) / 10 if len(some) else 1.0
    return np.where(off, np.maximum(km, least), 1.0)


def nearer(km: Array, count: Array) -> Array:
    """What is counted in zones nearer to i than j is, both left out, float64 [i, j]."""
    order = np.argsort(np.where(apart(len(km)), km, -1.0), axis=1, kind="stable")
    ranked = count[order]
    ranked[:, 0] = 0.0  # the zone itself
    out = np.empty_like(km, dtype=np.float64)
    np.put_along_axis(out, order, np.cumsum(ranked, axis=1) - ranked, axis=1)
    return out


def uniform(km: Array) -> Array:
    """Weights of a law that knows no distance."""
    return apart(len(km)).astype(np.float64)


def deterrence(km: Array, form: str, size: float) -> Array:
    """Gravity's weights: exp(-km / size) or km ** -size."""
    d = stretched(km)
    log = -d / size if form == "exponential" else -size * np.log(d)
    off = apart(len(km))
    return np.where(off, np.exp(log - log[off].max()), 0.0)


def gravity(flow: Array, km: Array, known: Array) -> tuple[str, float]:
    """Form and size of the gravity law of highest common part on the flows of the known homes.

    Args:
        flow: float64 [home, work].
        km: float64 [home, work].
        known: bool [home], homes whose flows may be looked at.
    """
    leave, arrive = margins(flow[known])
    d = stretched(km)[apart(len(km))]
    ranges = {"exponential": (float(np.quantile(d, 0.001)) / 2, float(d.max())), "power": (0.1, 8.0)}
    best = (-1.0, "power", 1.0)
    for form, (low, high) in ranges.items():
        top = best[0]
        for _ in range(2):
            grid, b = np.geomspace(low, high, GRID), None
            for size in grid[:: -1 if form == "exponential" else 1]:  # from weak to strong decay
                guess, b = balanced(deterrence(km, form, float(size))[known], leave, arrive, b)
                best = max(best, (common_part(flow[known], guess), form, float(size)))
            if best[0] == top or best[1] != form:
                break
            step = grid[1] / grid[0]
            low, high = best[2] / step, best[2] * step
    return best[1], best[2]


def radiation(flow: Array, km: Array, known: Array) -> Array:
    """Weights of the radiation law; masses are those who leave, who arrive, or both, as fits best."""
    leave, arrive = margins(flow)
    best, weights = -1.0, uniform(km)
    for mass in (leave, arrive, leave + arrive):
        s = nearer(km, mass)
        below = (mass[:, None] + s) * (mass[:, None] + mass[None] + s)
        weight = np.where(apart(len(km)), _over(mass[:, None] * mass[None], below), 0.0)
        guess, _ = balanced(weight[known], *margins(flow[known]))
        found = common_part(flow[known], guess)
        if found > best:
            best, weights = found, weight
    return weights
