"""Keyed draws with Python integers, written anew from the definition in kernels/random.py.

Lives here: SplitMix64's finaliser and the distributions. Not here: what each draw is for.
"""

from __future__ import annotations

import math

MASK = (1 << 64) - 1
SECOND = 0x5DEECE66D


def mix(z: int) -> int:
    """SplitMix64's finaliser of z + golden gamma, on 64 bits."""
    z = (z + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Draws:
    """All draws of one replication.

    Args:
        seed: the replication's seed.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def bits(self, purpose: int, step: int, agent: int, alt: int) -> int:
        """The 64 random bits of the key."""
        h = 0
        for part in (self.seed, purpose, step, agent, alt):
            h = mix(h ^ (part & MASK))
        return h

    def uniform(self, purpose: int, step: int, agent: int, alt: int) -> float:
        """Uniform on (0, 1) with 52 bits."""
        return (float(self.bits(purpose, step, agent, alt) >> 12) + 0.5) * 2.0**-52

    def gumbel(self, purpose: int, step: int, agent: int, alt: int) -> float:
        """Standard Gumbel."""
        return -math.log(-math.log(self.uniform(purpose, step, agent, alt)))

    def normal(self, purpose: int, step: int, agent: int, alt: int) -> float:
        """Standard normal, Box-Muller."""
        radius = math.sqrt(-2.0 * math.log(self.uniform(purpose, step, agent, alt)))
        return radius * math.cos(2.0 * math.pi * self.uniform(purpose, step, agent, alt ^ SECOND))

    def log_stable(self, purpose: int, step: int, agent: int, alt: int, a: float) -> float:
        """Log of a positive a-stable variable (Kanter 1975); 0 where a is 1."""
        if a >= 1.0:
            return 0.0
        angle = math.pi * self.uniform(purpose, step, agent, alt)
        wait = -math.log(self.uniform(purpose, step, agent, alt ^ SECOND))
        kanter = math.log(math.sin((1.0 - a) * angle)) - math.log(wait)
        return math.log(math.sin(a * angle)) - math.log(math.sin(angle)) / a + (1.0 - a) / a * kanter
