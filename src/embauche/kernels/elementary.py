"""exp, log and sin in plain arithmetic, which the compiler makes vectors of; libm's are calls, one by one.

Lives here: exp of what is not above 0, log of normal numbers, sin of a half turn, each within two units in
the last place.
Not here: any use of them. Loops over them give each value the same bits, whatever its place in a vector.
"""

from __future__ import annotations

import math

import numpy as np

from embauche.kernels import merged

# log 2 in two parts (Cody, Waite 1980): whole multiples of the first are exact
_LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
_PER_LN2 = 1.0 / math.log(2.0)
_ROUND = 1.5 * 2.0**52  # adding it rounds to a whole number, which then stands in the lowest bits
_ROUND_BITS = np.int64(np.float64(_ROUND).view(np.int64))
_ONE_BITS = np.int64(0x3FF0000000000000)
_ROOT_HALF_BITS = np.int64(np.float64(math.sqrt(0.5)).view(np.int64))
_E52 = np.uint64(52)
_LEAST = -708.0  # exp of less is no normal number
_F = tuple(1.0 / math.factorial(n) for n in range(22))
_PI_LOW = float.fromhex("0x1.1a62633145c07p-53")  # what math.pi leaves out


@merged
def exp_down(x: float) -> float:
    """exp(x) for x <= 0; below -708 some number under 4e-308, which adds nothing to a sum from 1e-290 on."""
    x = max(x, _LEAST)
    t = x * _PER_LN2 + _ROUND
    n = t - _ROUND
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    p = _F[13]
    p = p * r + _F[12]
    p = p * r + _F[11]
    p = p * r + _F[10]
    p = p * r + _F[9]
    p = p * r + _F[8]
    p = p * r + _F[7]
    p = p * r + _F[6]
    p = p * r + _F[5]
    p = p * r + _F[4]
    p = p * r + _F[3]
    p = p * r + 0.5
    p = p * r * r + r + 1.0
    power = (np.uint64(np.float64(t).view(np.int64) - _ROUND_BITS) << _E52) + np.uint64(_ONE_BITS)
    return p * np.uint64(power).view(np.float64)


@merged
def log_up(x: float) -> float:
    """log(x) for a normal x > 0: atanh's series of (m - 1)/(m + 1), x = m 2**e with m next to 1."""
    bits = np.float64(x).view(np.int64)
    biased = np.uint64(bits + (_ONE_BITS - _ROOT_HALF_BITS)) >> _E52
    m = np.uint64(np.uint64(bits) - (biased << _E52) + np.uint64(_ONE_BITS)).view(np.float64)
    e = np.int64(np.int64(biased) + (_ROUND_BITS - np.int64(1023))).view(np.float64) - _ROUND
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    p = 1.0 / 21.0
    p = p * z + 1.0 / 19.0
    p = p * z + 1.0 / 17.0
    p = p * z + 1.0 / 15.0
    p = p * z + 1.0 / 13.0
    p = p * z + 1.0 / 11.0
    p = p * z + 1.0 / 9.0
    p = p * z + 1.0 / 7.0
    p = p * z + 1.0 / 5.0
    p = p * z + 1.0 / 3.0
    return e * _LN2_HIGH + (2.0 * s + (2.0 * s * z * p + e * _LN2_LOW))


@merged
def sin_half_turn(x: float) -> float:
    """sin(x) for 0 <= x <= math.pi: its series about the nearer end, up to x**21."""
    y = min(x, (math.pi - x) + _PI_LOW)
    z = y * y
    p = _F[21]
    p = p * z - _F[19]
    p = p * z + _F[17]
    p = p * z - _F[15]
    p = p * z + _F[13]
    p = p * z - _F[11]
    p = p * z + _F[9]
    p = p * z - _F[7]
    p = p * z + _F[5]
    p = p * z - _F[3]
    return y + y * z * p
