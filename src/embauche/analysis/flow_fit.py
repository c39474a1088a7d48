"""The product's own law of who works where: what is seen, what lies nearer, what neighbours tell.

Lives here: Law, fit, spoken. Not here: known laws (flow_laws), tables (flow_table).

A post is taken by who sees it (its chance falls with distance), finds nothing nearer (posts nearer to home
stand between), and by whom her neighbours, who work there or near it, have told of it. Both margins are met.
`log weight = sum_k theta_k x_k`, x: logarithm, root and length of the way, logarithm of the share of posts
nearer to home (Stouffer 1940), that of the radiation law (Simini et al. 2012), and the first by the size of
home and of workplace. Theta makes the absolute error, which is what the common part counts, least; where
persons are few it stays near the better of gravity and radiation. What neighbours tell: the flow is that
times ((seen + few) / (expected + few)) ** strength, seen and expected the flows of other known pairs of ends
near these, with weight exp(-km / reach) at each end; a pair never tells of itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from embauche.analysis.flow_laws import (
    apart,
    balanced,
    common_part,
    deterrence,
    gravity,
    margins,
    nearer,
    stretched,
)  # fmt: skip

Array = np.ndarray[Any, Any]
SOFT = 1.5  # the absolute error is rounded off at about this times the root of the flow
RIDGE = 3e-3  # of standardised thetas, about a known law's: keeps alike terms from cancelling each other
RIDGE_PERSONS = 20.0  # the same over the persons of a table: what few of them say beside it is chance
LARGE = 400  # zones from which fewer steps are taken
REACHES = (0.15, 0.3, 0.5, 1.0)  # of the usual way to a next zone
FEW = (10.0, 50.0)  # persons
STRENGTHS = (0.5, 1.0)
HELD_OUT = 4  # parts of the known homes, one at a time untold, by which strength and reach are chosen


@dataclass(frozen=True)
class Word:
    """What neighbours tell: reach in km, persons that count as few, strength (0: nothing)."""

    reach_km: float = 1.0
    few: float = 1.0
    strength: float = 0.0


@dataclass(frozen=True)
class Law:
    """A fitted law: weights float64 [home, work], and what neighbours tell."""

    weight: Array
    theta: Array
    word: Word


def terms(flow_out: Array, flow_in: Array, km: Array) -> Array:
    """Standardised terms of the law, float64 [term, home, work]; they need margins and ways only."""
    off, d = apart(len(km)), stretched(km)
    log = np.log(d)
    share = np.log(nearer(km, flow_in) / flow_in.sum() + 1e-3)
    out, into = (np.log(m + 1) - np.log(m + 1).mean() for m in (flow_out, flow_in))
    size = [log * out[:, None], log * into[None]]
    x = np.array([log, d, np.sqrt(d), share, *size, _radiant(flow_out, km)])
    mean, spread = x[:, off].mean(axis=1), x[:, off].std(axis=1)
    return np.asarray((x - mean[:, None, None]) / np.where(spread > 0, spread, 1.0)[:, None, None])


def _weight(theta: Array, x: Array, off: Array) -> Array:
    """Weights of the law, the greatest 1."""
    log = np.tensordot(theta, x, 1)
    return np.where(off, np.exp(np.minimum(log - log[off].max(), 0.0)), 0.0)


class _Loss:
    """Absolute error of balanced flows, smoothed, with its gradient through both constraints."""

    def __init__(self, flow: Array, x: Array, off: Array, centre: Array) -> None:
        self.flow, self.x, self.off, self.centre = flow, x, off, centre
        self.b: Array | None = None
        self.leave, self.arrive = margins(flow)
        self.total = float(flow.sum())
        self.ridge = RIDGE + RIDGE_PERSONS / self.total

    def __call__(self, theta: Array) -> tuple[float, Array]:
        guess, self.b = balanced(_weight(theta, self.x, self.off), self.leave, self.arrive, self.b)
        error = self.flow - guess
        size = np.sqrt(error**2 + SOFT**2 * (1 + guess))
        loss = float(size[self.off].sum()) / self.total / 2
        pull = np.where(self.off, (SOFT**2 - 2 * error) / (4 * size) * guess / self.total, 0.0)
        # margins stay: the change of a and b takes back what sums over rows and columns would change
        n = len(guess)
        both = np.block([[np.diag(guess.sum(axis=1)), guess], [guess.T, np.diag(guess.sum(axis=0))]])
        both[np.diag_indices(len(both))] += 1e-9 * self.total
        held = np.linalg.solve(both, np.concatenate([pull.sum(axis=1), pull.sum(axis=0)]))
        free = pull - guess * (held[:n, None] + held[n:])
        gone = theta - self.centre
        return loss + self.ridge * float(gone @ gone), np.tensordot(self.x, free, 2) + 2 * self.ridge * gone


def fit(flow: Array, km: Array, known: Array) -> Law:
    """Fit the law to the flows of the known homes; all margins are given.

    Args:
        flow: float64 [home, work], 0 within a zone; rows not known serve their sums only.
        km: float64 [home, work].
        known: bool [home].
    """
    n, off, ends = len(km), apart(len(km)), margins(flow[known])
    x = terms(*margins(flow), km)
    begins = [_at_gravity(x, km, *gravity(flow, km, known)), _at_radiation(x, flow, km)]
    scores = [common_part(flow[known], balanced(_weight(t, x, off)[known], *ends)[0]) for t in begins]
    centre = begins[int(np.argmax(scores))]
    loss = _Loss(flow[known], x[:, known], off[known], centre)
    other = [] if n > LARGE else [_at_gravity(x, km, "power", 2.0)]
    found = [
        minimize(loss, theta, jac=True, method="L-BFGS-B", options={"maxiter": 20 if n > LARGE else 80})
        for theta in [centre, *other]
    ]
    theta = np.asarray(min(found, key=lambda r: float(r.fun)).x)
    weight = _weight(theta, x, off)
    return Law(weight, theta, _choose_word(flow, km, known, weight))


def _at_gravity(x: Array, km: Array, form: str, size: float) -> Array:
    """Thetas at which the law is this gravity law: there the search for better ones begins."""
    theta = np.zeros(len(x))
    k, raw = (1, stretched(km) / size) if form == "exponential" else (0, size * np.log(stretched(km)))
    theta[k] = -float(raw[apart(len(km))].std())
    return theta


def _at_radiation(x: Array, flow: Array, km: Array) -> Array:
    """Thetas at which the law is that of radiation, its masses those who leave."""
    theta = np.zeros(len(x))
    theta[-1] = float(_radiant(margins(flow)[0], km)[apart(len(km))].std())
    return theta


def _radiant(mass: Array, km: Array) -> Array:
    """Logarithm of the radiation law but for what margins hold anyway; a person more, for empty zones."""
    s = nearer(km, mass) + 1
    return np.asarray(-np.log((mass[:, None] + s) * (mass[:, None] + mass[None] + s)))


def _choose_word(flow: Array, km: Array, known: Array, weight: Array) -> Word:
    """Reach and strength that serve best where a part of the known homes tells nothing.

    With all homes known a pair's own flow is what is left out, nothing else.
    """
    homes = np.flatnonzero(known)
    near = np.where(apart(len(km)), stretched(km), np.inf)
    step = float(np.median(np.sort(near, axis=1)[:, :3]))
    guess, _ = balanced(weight, *margins(flow))
    parts = [homes[k::HELD_OUT] for k in range(HELD_OUT)] if len(homes) < len(km) else [homes[:0]]
    choices = [Word()] + [Word(r * step, few, s) for r in REACHES for few in FEW for s in STRENGTHS]
    scores = []
    for word in choices:
        told = np.array(guess)
        for part in parts:
            tells = known.copy()
            tells[part] = False
            rows = part if len(part) else homes
            told[rows] = spoken(flow, guess, km, tells, word)[rows]
        scores.append(common_part(flow[homes], told[homes]))
    return choices[int(np.argmax(scores))]


def spoken(flow: Array, guess: Array, km: Array, tells: Array, word: Word) -> Array:
    """Flows after what neighbours tell, balanced anew, float64 [home, work].

    Args:
        flow: flows; only rows that tell are looked at, the others serve their sums.
        guess: flows by the law alone.
        tells: bool [home], homes whose flows are known.
        word: reach and strength.
    """
    if word.strength == 0.0:
        return guess
    kernel = np.exp(-np.where(apart(len(km)), stretched(km), 0.0) / word.reach_km)
    mask = tells[:, None].astype(np.float64)
    seen = np.maximum(kernel @ (flow * mask) @ kernel.T - flow * mask, 0.0)
    expected = np.maximum(kernel @ (guess * mask) @ kernel.T - guess * mask, 0.0)
    ratio = ((seen + word.few) / (expected + word.few)) ** word.strength
    return balanced(guess * ratio, *margins(flow))[0]


def predicted(flow: Array, km: Array, known: Array, law: Law) -> Array:
    """Flows of all homes by a law, both margins given."""
    guess, _ = balanced(law.weight, *margins(flow))
    return spoken(flow, guess, km, known, law.word)


def gravity_flows(flow: Array, km: Array, known: Array) -> Array:
    """Flows of all homes by the gravity law that fits the known ones best."""
    return balanced(deterrence(km, *gravity(flow, km, known)), *margins(flow))[0]
