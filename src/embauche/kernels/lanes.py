"""LANES float32 side by side as one value, so that a sweep's inner loop stays in vector registers.

Lives here: a numba type and its operations; LLVM fits them to the machine's own vectors. Not here: the
sweeps that use them (sweep). Left to itself the compiler keeps each row in memory, which costs threefold.
"""

from __future__ import annotations

from typing import Any

import numba
import numba.core.cgutils
import numba.extending
from llvmlite import ir

LANES = 32
SQUARE = 16  # written at a time, divides LANES
LINE = 4 * SQUARE  # bytes of a cache line on most machines
types: Any = numba.types
cgutils: Any = numba.core.cgutils
models: Any = numba.extending.models


def operation(build: Any) -> Any:
    """Numba's intrinsic, whose own annotation shows the arguments that the compiler gives."""
    return numba.extending.intrinsic(build)


_VECTOR = ir.VectorType(ir.FloatType(), LANES)


class _Lanes(types.Type):  # type: ignore[misc]
    """Type of a value of LANES float32."""

    def __init__(self) -> None:
        super().__init__(name=f"float32x{LANES}")


@numba.extending.register_model(_Lanes)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, dmm: Any, fe_type: Any) -> None:
        super().__init__(dmm, fe_type, _VECTOR)


_lanes = _Lanes()


def _address(context: Any, builder: Any, array_type: Any, array: Any, row: Any) -> Any:
    """Pointer to a row of a C-contiguous float32 [row, LANES]."""
    data = context.make_array(array_type)(context, builder, array).data
    whole = builder.bitcast(data, _VECTOR.as_pointer())
    return builder.gep(whole, [row])


def _entry(context: Any, builder: Any, array_type: Any, array: Any, i: Any) -> Any:
    """array[i] of a contiguous array, i not negative."""
    return builder.load(builder.gep(context.make_array(array_type)(context, builder, array).data, [i]))


def _spread(builder: Any, number: Any) -> Any:
    one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.IntType(32)(0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), mask)


@operation
def load(typing_context: Any, array: Any, row: Any) -> Any:
    """Row `row` of a C-contiguous float32 [row, LANES]."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_address(context, builder, signature.args[0], args[0], args[1]), align=4)

    return _lanes(array, types.intp), generate


@operation
def store(typing_context: Any, array: Any, row: Any, value: Any) -> Any:
    """Write a row of a C-contiguous float32 [row, LANES]."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[2], _address(context, builder, signature.args[0], args[0], args[1]), align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, _lanes), generate


@operation
def spread(typing_context: Any, number: Any) -> Any:
    """One float32 in all lanes."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _spread(builder, args[0])

    return _lanes(types.float32), generate


@operation
def load_at(typing_context: Any, array: Any, rows: Any, i: Any) -> Any:
    """Row rows[i] (int32, not negative) of a C-contiguous float32 [row, LANES]."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        row = _entry(context, builder, signature.args[1], args[1], args[2])
        place = _address(context, builder, signature.args[0], args[0], builder.zext(row, ir.IntType(64)))
        return builder.load(place, align=4)

    return _lanes(array, rows, types.intp), generate


@operation
def spread_at(typing_context: Any, numbers: Any, i: Any) -> Any:
    """numbers[i] (float32, i not negative) in all lanes."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _spread(builder, _entry(context, builder, signature.args[0], args[0], args[1]))

    return _lanes(numbers, types.intp), generate


@operation
def add(typing_context: Any, a: Any, b: Any) -> Any:
    """Lane by lane a + b."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fadd(args[0], args[1])

    return _lanes(_lanes, _lanes), generate


@operation
def least(typing_context: Any, a: Any, b: Any) -> Any:
    """Lane by lane the lesser of a and b, which are no NaN."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[0], args[1])

    return _lanes(_lanes, _lanes), generate


@operation
def reached(typing_context: Any, t: Any, m: Any) -> Any:
    """Lane by lane m where t is finite, else inf."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        inf = ir.Constant(_VECTOR, [float("inf")] * LANES)
        return builder.select(builder.fcmp_ordered("<", args[0], inf), args[1], inf)

    return _lanes(_lanes, _lanes), generate


@operation
def lesser(typing_context: Any, t0: Any, m0: Any, t1: Any, m1: Any) -> Any:
    """Lane by lane the lesser of the pairs (t0, m0) and (t1, m1), by first and then by second value."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        t0, m0, t1, m1 = args
        tie = builder.and_(builder.fcmp_ordered("==", t0, t1), builder.fcmp_ordered("<", m0, m1))
        first = builder.or_(builder.fcmp_ordered("<", t0, t1), tie)
        pair = [builder.select(first, t0, t1), builder.select(first, m0, m1)]
        return context.make_tuple(builder, signature.return_type, pair)

    return types.UniTuple(_lanes, 2)(_lanes, _lanes, _lanes, _lanes), generate


@operation
def fetch(typing_context: Any, rows: Any, place: Any, q: Any) -> Any:
    """Ask for rows[place[q + k]] of all k below SQUARE, which will be read soon."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        ask = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        for k in range(SQUARE):
            at = builder.add(args[2], ir.IntType(64)(k))
            row = builder.zext(_entry(context, builder, signature.args[1], args[1], at), ir.IntType(64))
            first = builder.bitcast(_address(context, builder, signature.args[0], args[0], row), byte)
            for offset in range(0, 4 * LANES, LINE):
                line = builder.gep(first, [ir.IntType(64)(offset)])
                builder.call(ask, [line, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(rows, place, types.intp), generate


@operation
def turn(typing_context: Any, rows: Any, place: Any, q: Any, tile: Any, k: Any, j: Any) -> Any:
    """Write tile[j + i, k + l] = rows[place[q + l], j + i] for all i and l below SQUARE.

    A square of SQUARE by SQUARE is transposed in registers, by halves, quarters and so on.

    Args:
        rows: C-contiguous float32 [row, LANES].
        place: int32 rows.
        q: first place.
        tile: C-contiguous float32 [lane, column].
        k: its first column.
        j: its first lane, a column of rows.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        whole = ir.IntType(64)
        line_type = ir.VectorType(ir.FloatType(), SQUARE).as_pointer()
        rows_type, place_type, _, tile_type, _, _ = signature.args
        data = context.make_array(rows_type)(context, builder, args[0]).data
        square = []
        for i in range(SQUARE):
            row = _entry(context, builder, place_type, args[1], builder.add(args[2], whole(i)))
            at = builder.add(builder.mul(builder.zext(row, whole), whole(LANES)), args[5])
            square.append(builder.load(builder.bitcast(builder.gep(data, [at]), line_type), align=4))
        step = SQUARE // 2
        while step:
            mask = ir.VectorType(ir.IntType(32), SQUARE)
            upper = ir.Constant(mask, [k + SQUARE - step if k & step else k for k in range(SQUARE)])
            lower = ir.Constant(mask, [k + SQUARE if k & step else k + step for k in range(SQUARE)])
            for i in range(SQUARE):
                if not i & step:
                    a, b = square[i], square[i + step]
                    square[i] = builder.shuffle_vector(a, b, upper)
                    square[i + step] = builder.shuffle_vector(a, b, lower)
            step //= 2
        target = context.make_array(tile_type)(context, builder, args[3])
        width = cgutils.unpack_tuple(builder, target.shape)[1]
        for i in range(SQUARE):
            lane = builder.mul(builder.add(args[5], whole(i)), width)
            cell = builder.gep(target.data, [builder.add(lane, args[4])])
            builder.store(square[i], builder.bitcast(cell, line_type), align=4)
        return context.get_dummy_value()

    return types.void(rows, place, types.intp, tile, types.intp, types.intp), generate


@operation
def pour(typing_context: Any, tile: Any, at: Any, out: Any, cell: Any) -> Any:
    """Copy SQUARE values past the caches, from tile.flat[at] on to out.flat[cell], which begins a LINE."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        line_type = ir.VectorType(ir.FloatType(), SQUARE).as_pointer()
        source, target = (
            builder.bitcast(
                builder.gep(context.make_array(kind)(context, builder, array).data, [i]), line_type
            )
            for kind, array, i in zip(signature.args[::2], args[::2], args[1::2], strict=True)
        )
        stored = builder.store(builder.load(source, align=4), target, align=LINE)
        stored.set_metadata("nontemporal", builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)]))
        return context.get_dummy_value()

    return types.void(tile, types.intp, out, types.intp), generate


@operation
def settle(typing_context: Any) -> Any:
    """What was poured is there for every thread from here on."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return types.void(), generate
