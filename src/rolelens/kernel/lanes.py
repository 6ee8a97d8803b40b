"""Eight numbers at once: a compiler hesitates where two arrays might overlap; here it is told that they do not."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir
from numba import types
from numba.core.base import BaseContext
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

LANES = 8
_SINGLES = ir.VectorType(ir.FloatType(), LANES)
_DOUBLES = ir.VectorType(ir.DoubleType(), LANES)
_BYTES = ir.IntType(8).as_pointer()
_FIRST = ir.IntType(32)(0)
_ALL_FIRST = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)


@intrinsic
def add_product(_, sums, place, table, row, factor):  # noqa: ARG001
    """Add a row of a table in single precision, times a factor, to a row of sums in double; both are contiguous."""

    def generate(
        context: BaseContext, builder: ir.IRBuilder, signature: Signature, arguments: Sequence[ir.Value]
    ) -> None:
        sums_type, _, table_type, _, _ = signature.args
        sums, place, table, row, factor = arguments
        total = _row(context, builder, sums_type, sums, place, _DOUBLES)
        addend = builder.load(_row(context, builder, table_type, table, row, _SINGLES), align=4)
        factors = builder.insert_element(ir.Constant(_DOUBLES, ir.Undefined), factor, _FIRST)
        factors = builder.shuffle_vector(factors, factors, _ALL_FIRST)
        product = builder.fmul(builder.fpext(addend, _DOUBLES), factors)
        builder.store(builder.fadd(builder.load(total, align=8), product), total, align=8)

    return types.void(sums, types.int64, table, types.int64, types.float64), generate


@intrinsic
def fetch_soon(_, table, place):  # noqa: ARG001
    """Have the cache line of a contiguous table at a place, counted in numbers, brought near without waiting for it."""

    def generate(
        context: BaseContext, builder: ir.IRBuilder, signature: Signature, arguments: Sequence[ir.Value]
    ) -> None:
        table, place = arguments
        data = context.make_array(signature.args[0])(context, builder, table).data
        pointer = builder.bitcast(builder.gep(data, [place]), _BYTES)
        kind = ir.FunctionType(ir.VoidType(), [_BYTES, *[ir.IntType(32)] * 3])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [_BYTES], kind)
        builder.call(prefetch, [pointer, *map(ir.IntType(32), (0, 3, 1))])  # to be read, kept, data

    return types.void(table, types.int64), generate


def _row(
    context: BaseContext, builder: ir.IRBuilder, kind: types.Array, array: ir.Value, row: ir.Value, of: ir.VectorType
) -> ir.Value:
    """Return a pointer to a row of an array."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.gep(builder.bitcast(data, of.as_pointer()), [row])
