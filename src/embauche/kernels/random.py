"""Keyed random draws: a counter-based hash of (seed, purpose, step, agent, alternative).

Lives here: the hash and the distributions built on one draw. Not here: what each draw is for.
Mixing is SplitMix64's finaliser (Steele, Lea, Flood 2014), applied once per key part.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from embauche.kernels import inline, kernel, merged
from embauche.kernels.elementary import log_up, sin_half_turn

_G = np.uint64(0x9E3779B97F4A7C15)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S30 = np.uint64(30)
_S27 = np.uint64(27)
_S31 = np.uint64(31)
_S12 = np.uint64(12)
SECOND = 0x5DEECE66D  # tells the second draw of a key from the first


@inline
def mix(z: Any) -> Any:
    """SplitMix64 finaliser of z + golden gamma."""
    z = z + _G
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


@inline
def prefix(seed: int, purpose: int, step: int) -> Any:
    """Hash of the first three key parts, to be reused over agents."""
    h = mix(np.uint64(seed))
    h = mix(h ^ np.uint64(purpose))
    return mix(h ^ np.uint64(step))


@inline
def agent_key(head: np.uint64, agent: int) -> Any:
    """Hash of the first four key parts, to be reused over an agent's alternatives."""
    return mix(head ^ np.uint64(agent))


@inline
def bits(head: np.uint64, agent: int, alternative: int) -> Any:
    """The 64 random bits of (prefix, agent, alternative)."""
    return mix(agent_key(head, agent) ^ np.uint64(alternative))


@inline
def keyed_uniform(key: np.uint64, alternative: int) -> float:
    """Uniform on the open interval (0, 1), 52 bits, of an agent's key and an alternative."""
    return (np.float64(mix(key ^ np.uint64(alternative)) >> _S12) + 0.5) * (1.0 / 4503599627370496.0)


@inline
def uniform(head: np.uint64, agent: int, alternative: int) -> float:
    """Uniform on the open interval (0, 1), 52 bits."""
    u: float = keyed_uniform(agent_key(head, agent), alternative)
    return u


@inline
def gumbel(head: np.uint64, agent: int, alternative: int) -> float:
    """Standard Gumbel (location 0, scale 1)."""
    return -math.log(-math.log(uniform(head, agent, alternative)))


@merged
def log_kanter(angle: float, wait: float, alpha: float) -> float:
    """log_stable of a uniform draw and a standard exponential one, alpha < 1; the sines under two logs."""
    u = math.pi * angle
    whole = sin_half_turn(u)
    own, rest = sin_half_turn(alpha * u), sin_half_turn((1.0 - alpha) * u)
    log_rest: float = log_up(rest / (whole * wait))
    return log_up(own / whole) + (1.0 - alpha) / alpha * log_rest  # type: ignore[no-any-return]


@merged
def keyed_exponential(key: np.uint64, alternative: int) -> float:
    """Standard exponential of an agent's key and an alternative."""
    return -log_up(keyed_uniform(key, alternative))  # type: ignore[no-any-return]


@merged
def log_stable(key: np.uint64, alternative: int, alpha: float) -> float:
    """Log of a positive alpha-stable variable with Laplace transform exp(-t**alpha), of an agent's key.

    Kanter's representation (Kanter 1975; Chambers, Mallows, Stuck 1976). For G standard Gumbel,
    alpha * (G + log S) is again standard Gumbel, so a constant and a weekly part add up exactly.
    """
    if alpha >= 1.0:
        return 0.0
    wait = keyed_exponential(key, alternative ^ SECOND)
    return log_kanter(keyed_uniform(key, alternative), wait, alpha)  # type: ignore[no-any-return]


@inline
def normal(head: np.uint64, agent: int, alternative: int) -> float:
    """Standard normal (Box-Muller on two keyed uniforms)."""
    r = math.sqrt(-2.0 * math.log(uniform(head, agent, alternative)))
    return r * math.cos(2.0 * math.pi * uniform(head, agent, alternative ^ SECOND))


@kernel
def uniforms(
    seed: int, purpose: int, step: int, agents: np.ndarray, alternative: int, out: np.ndarray
) -> None:
    """Fill out[i] with the uniform of (seed, purpose, step, agents[i], alternative)."""
    head = prefix(seed, purpose, step)
    for i in range(agents.shape[0]):
        out[i] = uniform(head, agents[i], alternative)


@kernel
def pair_uniforms(
    seed: int, purpose: int, step: int, agents: np.ndarray, alternatives: np.ndarray, out: np.ndarray
) -> None:
    """Fill out[i] with the uniform of (seed, purpose, step, agents[i], alternatives[i])."""
    head = prefix(seed, purpose, step)
    for i in range(agents.shape[0]):
        out[i] = uniform(head, agents[i], alternatives[i])
