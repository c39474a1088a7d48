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
# (atanh(s)/s - 1)/s**2 as a polynomial in s**2 through Chebyshev's points of [0, (3 - sqrt 8)**2]:
# it puts log off by less than 2**-57
_A = tuple(
    float.fromhex(a)
    for a in (
        "0x1.5555555555558p-2", "0x1.99999999952e2p-3", "0x1.2492492df1492p-3", "0x1.c71c62e57fa3fp-4",
        "0x1.7462b4ab4c062p-4", "0x1.39fe60617ce73p-4", "0x1.2b584add1c619p-4",
    )
)  # fmt: skip
_PI_LOW = float.fromhex("0x1.1a62633145c07p-53")  # what math.pi leaves out


@merged
def exp_down(x: float) -> float:
    """exp(x) for x <= 0; below -708 some number under 4e-308, which adds nothing to a sum from 1e-290 on."""
    x = max(x, _LEAST)
    t = x * _PER_LN2 + _ROUND
    n = t - _ROUND
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    q = r * r
    p = _F[12] + r * _F[13]
    p = (_F[10] + r * _F[11]) + q * p
    p = (_F[8] + r * _F[9]) + q * p
    p = (_F[6] + r * _F[7]) + q * p
    p = (_F[4] + r * _F[5]) + q * p
    p = (0.5 + r * _F[3]) + q * p
    p = q * p + r + 1.0
    power = (np.uint64(np.float64(t).view(np.int64) - _ROUND_BITS) << _E52) + np.uint64(_ONE_BITS)
    return p * np.uint64(power).view(np.float64)


@merged
def log_up(x: float) -> float:
    """log(x) for a normal x > 0: 2 atanh((m - 1)/(m + 1)) + e log 2, x = m 2**e with m next to 1."""
    bits = np.float64(x).view(np.int64)
    biased = np.uint64(bits + (_ONE_BITS - _ROOT_HALF_BITS)) >> _E52
    m = np.uint64(np.uint64(bits) - (biased << _E52) + np.uint64(_ONE_BITS)).view(np.float64)
    e = np.int64(np.int64(biased) + (_ROUND_BITS - np.int64(1023))).view(np.float64) - _ROUND
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    p = (_A[0] + z * _A[1]) + w * ((_A[2] + z * _A[3]) + w * ((_A[4] + z * _A[5]) + w * _A[6]))
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
