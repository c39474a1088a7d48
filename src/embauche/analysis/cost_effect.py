"""What one more post filled costs, where the posts can be told from none; by payer, gross beside net.

Lives here: CostPerPost, cost_per_post. Not here: differences of figures (compare), the books (accounts).

The interval of a ratio is that of the paired bootstrap over seeds (Efron, Tibshirani 1993, percentiles):
whole seeds are drawn again with replacement, cost and posts together, by keyed draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import stdtrit

from embauche.core.accounts import head
from embauche.core.draws import Purpose, uniforms
from embauche.core.results import Result

Array = np.ndarray[Any, Any]
LEVEL = 0.95
RESAMPLES = 4000
PAYERS = ("user", "employer", "authority", "region", "state")
NAN = float("nan")


@dataclass(frozen=True)
class Paid:
    """What one kind of payer pays more than in the baseline.

    Attributes:
        payer: user, employer, authority, region or state.
        eur_week, low, high: mean of the paired differences, EUR a week, with its interval (NaN: none).
        eur_per_post_week: over the net posts; None where these cannot be told from none.
    """

    payer: str
    eur_week: float
    low: float
    high: float
    eur_per_post_week: float | None


@dataclass(frozen=True)
class CostPerPost:
    """Public cost of one more post filled at the end of the run.

    Attributes:
        scenario: the scenario compared with the baseline.
        net_posts, low, high: paired difference of posts filled at the end, with its interval (NaN: none).
        gross_hires, gross_low, gross_high: the same of hires, those counted too that empty another post.
        extra_cost_eur_week: paired difference of the net public cost, EUR a week.
        eur_per_post_week: public cost a week of one extra post; None where the net posts are not above zero
            with their whole interval.
        eur_low, eur_high: its interval (bootstrap of the ratio); NaN where there is no ratio.
        bound_eur_per_post_week: where it is None and net posts may be above zero, the cost if the
            interval's upper end were true: one extra post costs at least this.
        payers: who pays more or less.
    """

    scenario: str
    net_posts: float
    low: float
    high: float
    extra_cost_eur_week: float
    eur_per_post_week: float | None
    bound_eur_per_post_week: float | None
    eur_low: float = NAN
    eur_high: float = NAN
    gross_hires: float = NAN
    gross_low: float = NAN
    gross_high: float = NAN
    payers: tuple[Paid, ...] = field(default=())


def interval(differences: Array) -> tuple[Array, Array]:
    """Student's t interval of the mean, at 95 %.

    Args:
        differences: paired differences [row, seed]; at least two seeds, else NaN.

    Returns:
        Lower and upper ends [row].
    """
    n = differences.shape[1]
    if n < 2:
        nothing = np.full(len(differences), np.nan)
        return nothing, nothing.copy()
    mean = differences.mean(axis=1)
    half = stdtrit(n - 1, 0.5 + LEVEL / 2) * differences.std(axis=1, ddof=1) / np.sqrt(n)
    return mean - half, mean + half


def ratio_interval(top: Array, bottom: Array, resamples: int = RESAMPLES) -> tuple[float, float]:
    """Percentile bootstrap of mean(top) / mean(bottom) over pairs.

    Args:
        top, bottom: paired values [seed].
        resamples: times that all seeds are drawn again; the draws are keyed, hence always the same.

    Returns:
        Lower and upper ends at 95 %; a resample whose bottom is not above zero counts as infinite, of
        the sign of its top.
    """
    n = len(top)
    agents = np.arange(resamples, dtype=np.int64)
    drawn = np.stack([(uniforms(0, Purpose.BOOTSTRAP, 0, agents, k) * n).astype(np.int64) for k in range(n)])
    above, below = top[drawn].mean(axis=0), bottom[drawn].mean(axis=0)
    ratio = np.where(below > 0, above / np.where(below > 0, below, 1.0), np.copysign(np.inf, above))
    ratio.sort()
    tail = (1.0 - LEVEL) / 2.0
    # Order statistics, not their mean: one of them may be infinite.
    return float(ratio[math.floor(tail * resamples)]), float(ratio[math.ceil((1.0 - tail) * resamples) - 1])


def figures(result: Result, seeds: Sequence[int], indicator: str, dimension: str = "all") -> dict[str, Array]:
    """A figure of the whole run by group, float64 [seed]; 0 where a seed has none."""
    frame = result.indicators
    frame = frame[(frame["week"] == -1) & (frame["indicator"] == indicator) & (frame["statistic"] == "value")]
    frame = frame[(frame["dimension"] == dimension) & frame["seed"].isin(seeds)]
    row = {seed: k for k, seed in enumerate(seeds)}
    out: dict[str, Array] = {}
    for seed, group, value in zip(frame["seed"], frame["group"], frame["value"], strict=True):
        out.setdefault(str(group), np.zeros(len(seeds)))[row[int(seed)]] = float(value)
    return out


def _paid(baseline: Result, other: Result, seeds: Sequence[int]) -> dict[str, Array]:
    """Extra euros a week by kind of payer, [seed]."""
    out = {payer: np.zeros(len(seeds)) for payer in PAYERS}
    for run, sign in ((other, 1.0), (baseline, -1.0)):
        for account, values in figures(run, seeds, "paid_eur_week", "payer").items():
            out[head(account)] += sign * values
    return out


def cost_per_post(baseline: Result, other: Result, seeds: Sequence[int]) -> CostPerPost:
    """Cost of an extra post of a scenario against its baseline, from paired seeds."""

    def difference(indicator: str) -> Array:
        nothing = np.zeros(len(seeds))
        a, b = (figures(run, seeds, indicator).get("all", nothing) for run in (baseline, other))
        return b - a

    posts, cost, hires = (difference(k) for k in ("posts_filled_end", "public_cost_eur_week", "hires_gross"))
    payers = _paid(baseline, other, seeds)
    table = np.stack([posts, hires, *payers.values()])
    low, high = interval(table)
    net, extra = float(posts.mean()), float(cost.mean())
    # Seeds that agree to the unit by luck prove nothing: an interval has a width.
    sure = bool(low[0] > 0 and low[0] < high[0])
    may_gain = not sure and bool(high[0] > 0)
    ends = ratio_interval(cost, posts) if sure else (NAN, NAN)
    paid = tuple(
        Paid(payer, float(v.mean()), float(low[k]), float(high[k]), float(v.mean()) / net if sure else None)
        for k, (payer, v) in enumerate(payers.items(), start=2)
    )
    return CostPerPost(
        other.name, net, float(low[0]), float(high[0]), extra,
        extra / net if sure else None, extra / float(high[0]) if may_gain else None,
        *ends, float(hires.mean()), float(low[1]), float(high[1]), paid,
    )  # fmt: skip
