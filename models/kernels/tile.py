"""The one inner loop: rows of numbers times a matrix, accumulated in registers.

LLVM vectorises every other loop here by itself. This one it would run through memory: the sums must stay in registers
while the weights stream by, so it is written in LLVM's own instructions, for the width of this machine's registers.
A panel is WIDTH columns of a matrix, row after row, so that it is read from beginning to end.
"""

from collections.abc import Iterator
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

_FLOAT, _BYTES, _INT32 = ir.FloatType(), ir.IntType(8).as_pointer(), ir.IntType(32)
_parts: Any = cgutils.unpack_tuple
_VECTOR = ir.VectorType(_FLOAT, LANES)
_FUSED = ("contract", "reassoc", "nsz")


@kernel
def add_product(out: Floats, x: Floats, panels: Floats) -> None:
    """out[rows, columns] += x[rows, inner] @ panels[panels, inner, WIDTH]; the axes after rows may be any that fit."""
    for first in range(0, len(x), BLOCK):
        rows = min(BLOCK, len(x) - first)
        for panel in range(len(panels)):
            multiply_add(out, x, panels, first, rows, panel)


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


def _multiply_add(typing: Any, out: Any, x: Any, panels: Any, first: Any, rows: Any, panel: Any) -> Any:
    """The columns of one panel for 1 … BLOCK rows from `first` on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        out, x, panels = (
            context.make_array(kind)(context, builder, value)
            for kind, value in zip(signature.args[:3], arguments[:3], strict=True)
        )
        first, rows, panel = arguments[3:]
        done = builder.append_basic_block("done")
        cases = builder.switch(rows, done)
        for number in range(1, BLOCK + 1):
            case = builder.append_basic_block(f"rows{number}")
            cases.add_case(ir.Constant(rows.type, number), case)
            builder.position_at_end(case)
            _Tile(builder, number, out, x, panels, first, panel).emit()
            builder.branch(done)
        builder.position_at_end(done)
        return context.get_dummy_value()

    return types.void(out, x, panels, types.intp, types.intp, types.intp), generate


multiply_add: Any = intrinsic(_multiply_add)


class _Tile:
    """The loop for one number of rows. A sum's key is (way, row, vector): `ways` rows of the panel go side by side."""

    def __init__(self, builder: Any, rows: int, out: Any, x: Any, panels: Any, first: Any, panel: Any) -> None:
        self.builder, self.rows = builder, rows
        self.inner = _parts(builder, panels.shape)[1]
        self.panel = self._line(panels, panel)
        numbers = [builder.add(first, self._int(row)) for row in range(rows)]
        self.x = [self._line(x, number) for number in numbers]
        column = builder.mul(panel, self._int(WIDTH))
        self.out = [builder.gep(self._line(out, number), [column]) for number in numbers]
        self.ways = 1
        while 2 * self.ways * rows * VECTORS <= SUMS:
            self.ways *= 2

    def emit(self) -> None:
        """Read what is there, add the products, write."""
        builder, zero = self.builder, ir.Constant(_VECTOR, [0.0] * LANES)
        keys = [(way, row, vector) for way in range(self.ways) for row, vector in self._places()]
        start = {key: self._load(self._at(self.out[key[1]], key[2])) if key[0] == 0 else zero for key in keys}
        before = builder.block
        body, after = builder.append_basic_block("body"), builder.append_basic_block("after")
        builder.branch(body)
        builder.position_at_end(body)
        index, sums = builder.phi(self.inner.type), {key: builder.phi(_VECTOR) for key in keys}
        added = {}
        for way in range(self.ways):
            added.update(self._add(way, builder.add(index, self._int(way)), sums))
        onward = builder.add(index, self._int(self.ways))
        index.add_incoming(self._int(0), before)
        index.add_incoming(onward, body)
        for key in keys:
            sums[key].add_incoming(start[key], before)
            sums[key].add_incoming(added[key], body)
        builder.cbranch(builder.icmp_signed("<", onward, self.inner), body, after)
        builder.position_at_end(after)
        self._write(added)

    def _add(self, way: int, index: Any, sums: dict[tuple[int, int, int], Any]) -> dict[tuple[int, int, int], Any]:
        """sums + x[rows, index] · panel[index, WIDTH]."""
        builder = self.builder
        line = builder.gep(self.panel, [builder.mul(index, self._int(WIDTH))])
        weights = [self._load(self._at(line, vector)) for vector in range(VECTORS)]
        factors = [self._spread(builder.load(builder.gep(row, [index]))) for row in self.x]
        return {
            (way, row, vector): builder.fadd(
                sums[way, row, vector], builder.fmul(factors[row], weights[vector], flags=_FUSED), flags=_FUSED
            )
            for row, vector in self._places()
        }

    def _write(self, sums: dict[tuple[int, int, int], Any]) -> None:
        for row, vector in self._places():
            total = sums[0, row, vector]
            for way in range(1, self.ways):
                total = self.builder.fadd(total, sums[way, row, vector], flags=_FUSED)
            self.builder.store(total, self._at(self.out[row], vector)).align = 4

    def _places(self) -> Iterator[tuple[int, int]]:
        return ((row, vector) for row in range(self.rows) for vector in range(VECTORS))

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
