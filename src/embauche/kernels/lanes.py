"""LANES float32 side by side as one value, so that a sweep's inner loop stays in vector registers.

Lives here: a numba type and its operations; LLVM fits them to the machine's own vectors. Not here: the
sweeps that use them (sweep). Left to itself the compiler keeps each row in memory, which costs threefold.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, models, register_model

LANES = 16
_VECTOR = ir.VectorType(ir.FloatType(), LANES)


class _Lanes(types.Type):
    """Type of a value of LANES float32."""

    def __init__(self) -> None:
        super().__init__(name=f"float32x{LANES}")


@register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: Any) -> None:
        super().__init__(dmm, fe_type, _VECTOR)


_lanes = _Lanes()


def _address(context: Any, builder: Any, array_type: Any, array: Any, row: Any) -> Any:
    """Pointer to a row of a C-contiguous float32 [row, LANES]."""
    data = context.make_array(array_type)(context, builder, array).data
    whole = builder.bitcast(data, _VECTOR.as_pointer())
    return builder.gep(whole, [row])


@intrinsic
def load(typing_context: Any, array: Any, row: Any) -> Any:
    """Row `row` of a C-contiguous float32 [row, LANES]."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        value = builder.load(_address(context, builder, signature.args[0], args[0], args[1]))
        value.align = 4
        return value

    return _lanes(array, types.intp), generate


@intrinsic
def store(typing_context: Any, array: Any, row: Any, value: Any) -> Any:
    """Write a row of a C-contiguous float32 [row, LANES]."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        done = builder.store(args[2], _address(context, builder, signature.args[0], args[0], args[1]))
        done.align = 4
        return context.get_dummy_value()

    return types.void(array, types.intp, _lanes), generate


@intrinsic
def spread(typing_context: Any, number: Any) -> Any:
    """One float32 in all lanes."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), args[0], ir.IntType(32)(0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), mask)

    return _lanes(types.float32), generate


@intrinsic
def add(typing_context: Any, a: Any, b: Any) -> Any:
    """Lane by lane a + b."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fadd(args[0], args[1])

    return _lanes(_lanes, _lanes), generate


@intrinsic
def least(typing_context: Any, a: Any, b: Any) -> Any:
    """Lane by lane the lesser of a and b, which are no NaN."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[0], args[1])

    return _lanes(_lanes, _lanes), generate


@intrinsic
def lesser(typing_context: Any, t0: Any, m0: Any, t1: Any, m1: Any) -> Any:
    """Lane by lane the lesser of the pairs (t0, m0) and (t1, m1), by first and then by second value."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        t0, m0, t1, m1 = args
        tie = builder.and_(builder.fcmp_ordered("==", t0, t1), builder.fcmp_ordered("<", m0, m1))
        first = builder.or_(builder.fcmp_ordered("<", t0, t1), tie)
        pair = [builder.select(first, t0, t1), builder.select(first, m0, m1)]
        return context.make_tuple(builder, signature.return_type, pair)

    return types.UniTuple(_lanes, 2)(_lanes, _lanes, _lanes, _lanes), generate
