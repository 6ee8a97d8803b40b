"""What processors do in one instruction or two and Python has no word for."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir
from numba import types
from numba.core.base import BaseContext
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

LANES = 8
BLOCK = 64  # numbers told apart at once: as many as a whole number has bits
_SINGLES = ir.VectorType(ir.FloatType(), LANES)
_DOUBLES = ir.VectorType(ir.DoubleType(), LANES)
_SHORTS = ir.VectorType(ir.IntType(16), BLOCK)
_BYTE, _SHORT, _INT, _LONG = (ir.IntType(bits) for bits in (8, 16, 32, 64))
_FIRST = _INT(0)


@intrinsic
def add_product(_, sums, place, table, row, factor):  # noqa: ARG001
    """Add a row of a table, times a factor, to a row of sums in double precision; both are contiguous.

    A compiler hesitates where two arrays might overlap; here it is told that they do not.
    """

    def generate(
        context: BaseContext, builder: ir.IRBuilder, signature: Signature, arguments: Sequence[ir.Value]
    ) -> None:
        sums_type, _, table_type, _, _ = signature.args
        sums, place, table, row, factor = arguments
        total = builder.gep(_pointer(context, builder, sums_type, sums, _DOUBLES), [place])
        vectors = _SINGLES if table_type.dtype == types.float32 else _DOUBLES
        addend = builder.load(builder.gep(_pointer(context, builder, table_type, table, vectors), [row]), align=4)
        addend = addend if vectors == _DOUBLES else builder.fpext(addend, _DOUBLES)
        product = builder.fmul(addend, _spread(builder, factor, _DOUBLES))
        builder.store(builder.fadd(builder.load(total, align=8), product), total, align=8)

    return types.void(sums, types.int64, table, types.int64, types.float64), generate


@intrinsic
def add_row(_, sums, place, table, row):  # noqa: ARG001
    """Add a row of a table in double precision to a row of sums; both are contiguous."""

    def generate(
        context: BaseContext, builder: ir.IRBuilder, signature: Signature, arguments: Sequence[ir.Value]
    ) -> None:
        sums_type, _, table_type, _ = signature.args
        sums, place, table, row = arguments
        total = builder.gep(_pointer(context, builder, sums_type, sums, _DOUBLES), [place])
        addend = builder.load(builder.gep(_pointer(context, builder, table_type, table, _DOUBLES), [row]), align=8)
        builder.store(builder.fadd(builder.load(total, align=8), addend), total, align=8)

    return types.void(sums, types.int64, table, types.int64), generate


@intrinsic
def dot(_, table, row, other, place):  # noqa: ARG001
    """Return the scalar product of two rows of contiguous tables in double precision."""

    def generate(
        context: BaseContext, builder: ir.IRBuilder, signature: Signature, arguments: Sequence[ir.Value]
    ) -> ir.Value:
        first, second = (
            builder.load(builder.gep(_pointer(context, builder, kind, array, _DOUBLES), [place]), align=8)
            for kind, array, place in zip(signature.args[::2], arguments[::2], arguments[1::2], strict=True)
        )
        sums = builder.fmul(first, second)
        while sums.type.count > 1:  # the halves of it are added up until one number is left
            count = sums.type.count // 2
            halves = (
                builder.shuffle_vector(
                    sums, sums, ir.Constant(ir.VectorType(_INT, count), [*range(start, start + count)])
                )
                for start in (0, count)
            )
            sums = builder.fadd(*halves)
        return builder.extract_element(sums, _FIRST)

    return types.float64(table, types.int64, other, types.int64), generate


@intrinsic
def fetch_soon(_, table, place):  # noqa: ARG001
    """Have the cache line of a contiguous table at a place, counted in numbers, brought near without waiting for it."""

    def generate(
        context: BaseContext, builder: ir.IRBuilder, signature: Signature, arguments: Sequence[ir.Value]
    ) -> None:
        table, place = arguments
        data = context.make_array(signature.args[0])(context, builder, table).data
        pointer = builder.bitcast(builder.gep(data, [place]), _BYTE.as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [_BYTE.as_pointer(), _INT, _INT, _INT])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [_BYTE.as_pointer()], kind)
        builder.call(prefetch, [pointer, *map(_INT, (0, 3, 1))])  # to be read, kept, data

    return types.void(table, types.int64), generate


@intrinsic
def four_at(_, shorts, place):  # noqa: ARG001
    """Return four neighbouring numbers of a contiguous array of 16 bits each as one, the first being the lowest."""

    def generate(
        context: BaseContext, builder: ir.IRBuilder, signature: Signature, arguments: Sequence[ir.Value]
    ) -> ir.Value:
        first = builder.gep(_pointer(context, builder, signature.args[0], arguments[0], _SHORT), [arguments[1]])
        return builder.load(builder.bitcast(first, _LONG.as_pointer()), align=2)

    return types.uint64(shorts, types.int64), generate


@intrinsic
def bits_where(_, shorts, place, wanted):  # noqa: ARG001
    """Return a bit for each of 64 neighbouring numbers of 16 bits, set where it shares one with what is wanted."""

    def generate(
        context: BaseContext, builder: ir.IRBuilder, signature: Signature, arguments: Sequence[ir.Value]
    ) -> ir.Value:
        shorts, place, wanted = arguments
        first = builder.gep(_pointer(context, builder, signature.args[0], shorts, _SHORT), [place])
        found = builder.load(builder.bitcast(first, _SHORTS.as_pointer()), align=2)
        shared = builder.and_(found, _spread(builder, builder.trunc(wanted, _SHORT), _SHORTS))
        return builder.bitcast(builder.icmp_unsigned("!=", shared, ir.Constant(_SHORTS, None)), _LONG)

    return types.uint64(shorts, types.int64, types.int64), generate


@intrinsic
def count_bits(_, bits):  # noqa: ARG001
    """Return how many bits of a whole number are set."""

    def generate(_: BaseContext, builder: ir.IRBuilder, __: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@intrinsic
def lowest_bit(_, bits):  # noqa: ARG001
    """Return the place of the lowest bit set, 64 if there is none."""

    def generate(_: BaseContext, builder: ir.IRBuilder, __: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        return builder.cttz(arguments[0], ir.IntType(1)(0))

    return types.int64(types.uint64), generate


def _pointer(context: BaseContext, builder: ir.IRBuilder, kind: types.Array, array: ir.Value, of: ir.Type) -> ir.Value:
    """Return a pointer to the data of an array, seen as numbers or vectors of a kind."""
    return builder.bitcast(context.make_array(kind)(context, builder, array).data, of.as_pointer())


def _spread(builder: ir.IRBuilder, value: ir.Value, over: ir.VectorType) -> ir.Value:
    """Return a vector of one value."""
    single = builder.insert_element(ir.Constant(over, ir.Undefined), value, _FIRST)
    return builder.shuffle_vector(single, single, ir.Constant(ir.VectorType(_INT, over.count), None))
