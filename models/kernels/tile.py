"""The one inner loop: rows of numbers times a matrix, accumulated in registers.

LLVM vectorises every other loop here by itself. This one it would run through memory: the sums must stay in registers
while the weights stream by, so it is written in LLVM's own instructions, for the width of this machine's registers.
A panel is WIDTH columns of a matrix, row after row, so that it is read from beginning to end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from models.kernels.compiled import kernel

Floats = NDArray[np.float32]


def _registers() -> tuple[int, int]:
    """Floats in one vector register of this machine, and how many such registers it has."""
    features = binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 16, 32
    if features.get("avx"):
        return 8, 16
    return 4, 32 if features.get("neon") else 16


LANES, REGISTERS = _registers()
VECTORS = 2  # registers to a row of a panel
WIDTH = VECTORS * LANES  # columns of a panel
SUMS = REGISTERS // 2  # registers that hold sums: a multiply-add takes about four cycles, two begin in each
BLOCK = SUMS // VECTORS  # rows at once
MOST_WAYS = 4  # adding up eight at the end cost a window alone a fifth more

_FLOAT, _BYTES, _INT32 = ir.FloatType(), ir.IntType(8).as_pointer(), ir.IntType(32)
_parts: Any = cgutils.unpack_tuple
_VECTOR = ir.VectorType(_FLOAT, LANES)
_FUSED = ("contract", "reassoc", "nsz")


@kernel
def add_product(out: Floats, x: Floats, panels: Floats) -> None:
    """out[rows, columns] += x[rows, inner] @ panels[panels, inner, WIDTH]; the axes after rows may be any that fit."""
    for first in range(0, len(x), BLOCK):
        multiply_add(out, x, panels, first, min(BLOCK, len(x) - first))


def panels(matrix: Floats) -> Floats:
    """matrix[..., inner, columns] as panels [..., columns / WIDTH, inner, WIDTH], aligned to cache lines."""
    *outer, inner, columns = matrix.shape
    result = aligned((*outer, columns // WIDTH, inner, WIDTH))
    result[...] = np.moveaxis(matrix.reshape(*outer, inner, columns // WIDTH, WIDTH), -3, -2)
    return result


def aligned(shape: tuple[int, ...]) -> Floats:
    """An array, not filled, that begins on a cache line of 64 bytes."""
    size = int(np.prod(shape))
    memory = np.empty(size + 16, dtype=np.float32)
    start = -memory.ctypes.data // 4 % 16
    return memory[start : start + size].reshape(shape)


def _multiply_add(typing: Any, out: Any, x: Any, panels: Any, first: Any, rows: Any) -> Any:
    """The product for 1 … BLOCK rows from `first` on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds, (first, rows) = signature.args[:3], arguments[3:]
        out, x, panels = (context.make_array(kind)(context, builder, arguments[i]) for i, kind in enumerate(kinds))
        done = builder.append_basic_block("done")
        cases = builder.switch(rows, done)
        for number in range(1, BLOCK + 1):
            case = builder.append_basic_block(f"rows{number}")
            cases.add_case(ir.Constant(rows.type, number), case)
            builder.position_at_end(case)
            _Rows(builder, number, out, x, panels, first).emit()
            builder.branch(done)
        builder.position_at_end(done)
        return context.get_dummy_value()

    return types.void(out, x, panels, types.intp, types.intp), generate


multiply_add: Any = intrinsic(_multiply_add)


class _Rows:
    """The product for one number of rows. A sum's key is (way, row, vector): `ways` lines of a panel are read at once.

    The panels follow each other in memory, and the processor foresees what a load will ask for next by where the load
    stands in the code: were LLVM to unroll the loop over panels, it would have to learn that anew for each of them.
    """

    def __init__(self, builder: Any, rows: int, out: Any, x: Any, panels: Any, first: Any) -> None:
        self.builder, self.rows, self.panels = builder, rows, panels
        self.count, self.inner, _ = _parts(builder, panels.shape)
        numbers = [builder.add(first, self._int(row)) for row in range(rows)]
        self.out, self.x = ([self._line(array, number) for number in numbers] for array in (out, x))
        self.ways = min(MOST_WAYS, BLOCK // rows)
        self.keys = [(way, row, vector) for way in range(self.ways) for row in range(rows) for vector in range(VECTORS)]
        self.straight = self._metadata()

    def emit(self) -> None:
        """Panel by panel: read what is there, add the products, write."""
        with self._loop(self.count, 1) as panel:
            column = self.builder.mul(panel, self._int(WIDTH))
            addresses = [self.builder.gep(line, [column]) for line in self.out]
            zero = ir.Constant(_VECTOR, [0.0] * LANES)
            start = [zero if way else self._load(self._at(addresses[row], vector)) for way, row, vector in self.keys]
            weights = self._line(self.panels, panel)
            sums = dict(zip(self.keys, self._summed(weights, start), strict=True))
            for way, row, vector in self.keys[: self.rows * VECTORS]:
                total = sums[way, row, vector]
                for other in range(1, self.ways):
                    total = self.builder.fadd(total, sums[other, row, vector], flags=_FUSED)
                self.builder.store(total, self._at(addresses[row], vector)).align = 4

    def _summed(self, panel: Any, start: list[Any]) -> list[Any]:
        """The sums after all lines of a panel, `ways` at a time."""
        before, builder = self.builder.block, self.builder
        with self._loop(self.inner, self.ways) as index:
            body = builder.block
            sums = [builder.phi(_VECTOR) for _ in self.keys]
            added = []
            for way in range(self.ways):
                at = builder.add(index, self._int(way))
                line = builder.gep(panel, [builder.mul(at, self._int(WIDTH))])
                weights = [self._load(self._at(line, vector)) for vector in range(VECTORS)]
                factors = [self._spread(builder.load(builder.gep(row, [at]))) for row in self.x]
                added += [builder.fmul(factor, weight, flags=_FUSED) for factor in factors for weight in weights]
            added = [builder.fadd(total, more, flags=_FUSED) for total, more in zip(sums, added, strict=True)]
            for phi, initial, more in zip(sums, start, added, strict=True):
                phi.add_incoming(initial, before)
                phi.add_incoming(more, body)
        return added

    @contextmanager
    def _loop(self, stop: Any, step: int) -> Iterator[Any]:
        """A loop from 0 to `stop`, which is at least 1; what is written inside is its body, its index is given."""
        builder = self.builder
        before, body = builder.block, builder.append_basic_block("body")
        builder.branch(body)
        builder.position_at_end(body)
        index = builder.phi(self.inner.type)
        yield index
        onward = builder.add(index, self._int(step))
        index.add_incoming(self._int(0), before)
        index.add_incoming(onward, builder.block)
        after = builder.append_basic_block("after")
        branch = builder.cbranch(builder.icmp_signed("<", onward, stop), body, after)
        branch.set_metadata("llvm.loop", self.straight)
        builder.position_at_end(after)

    def _metadata(self) -> Any:
        """LLVM's note on a loop that it shall not be unrolled; it refers to itself, as LLVM asks."""
        module = self.builder.module
        rule = module.add_metadata([ir.MetaDataString(module, "llvm.loop.unroll.disable")])
        note = module.add_metadata([rule, ir.Constant(_INT32, 0)])
        note.operands = (note, rule)
        return note

    def _line(self, array: Any, number: Any) -> Any:
        """Pointer to the floats of array[number]."""
        stride = _parts(self.builder, array.strides)[0]  # bytes
        start = self.builder.bitcast(array.data, _BYTES)
        return self.builder.bitcast(self.builder.gep(start, [self.builder.mul(stride, number)]), _FLOAT.as_pointer())

    def _at(self, line: Any, vector: int) -> Any:
        moved = self.builder.gep(line, [self._int(vector * LANES)])
        return self.builder.bitcast(moved, _VECTOR.as_pointer())

    def _load(self, pointer: Any) -> Any:
        value = self.builder.load(pointer)
        value.align = 4
        return value

    def _spread(self, number: Any) -> Any:
        """The number in every lane."""
        blank = ir.Constant(_VECTOR, ir.Undefined)
        first = self.builder.insert_element(blank, number, ir.Constant(_INT32, 0))
        return self.builder.shuffle_vector(first, blank, ir.Constant(ir.VectorType(_INT32, LANES), [0] * LANES))

    def _int(self, value: int) -> Any:
        return ir.Constant(self.inner.type, value)
