"""Gates of one step of an LSTM, forward and backward, for all rows."""

import numpy as np

from models.kernels.compiled import kernel
from models.kernels.tile import Floats

f4 = np.float32
IN, FORGET, OUT, NEW = range(4)  # the gates in our order: the logistic ones first, the cell's candidate last


@kernel
def tanh(x: np.float32) -> np.float32:
    """tanh as the quotient of two polynomials, exact to 3 units in the last place (Eigen's `ptanh_float`)."""
    x = min(max(x, f4(-7.90531110763549805)), f4(7.90531110763549805))
    y = x * x
    p = f4(-2.76076847742355e-16)
    p = p * y + f4(2.00018790482477e-13)
    p = p * y + f4(-8.60467152213735e-11)
    p = p * y + f4(5.12229709037114e-08)
    p = p * y + f4(1.48572235717979e-05)
    p = p * y + f4(6.37261928875436e-04)
    p = p * y + f4(4.89352455891786e-03)
    q = f4(1.19825839466702e-06)
    q = q * y + f4(1.18534705686654e-04)
    q = q * y + f4(2.26843463243900e-03)
    q = q * y + f4(4.89352518554385e-03)
    return x * p / q


@kernel
def forward(gates: Floats, cell: Floats, next_cell: Floats, squashed: Floats, hidden: Floats) -> None:
    """Squash gates [rows, 4, H] in place; from cell [rows, H] write the next cell, its tanh and the hidden state."""
    rows, size = cell.shape
    for row in range(rows):
        for gate in range(3):
            for k in range(size):
                gates[row, gate, k] = f4(0.5) + f4(0.5) * tanh(f4(0.5) * gates[row, gate, k])  # the logistic function
        for k in range(size):
            gates[row, NEW, k] = tanh(gates[row, NEW, k])
        for k in range(size):
            next_cell[row, k] = gates[row, FORGET, k] * cell[row, k] + gates[row, IN, k] * gates[row, NEW, k]
        for k in range(size):
            squashed[row, k] = tanh(next_cell[row, k])
        for k in range(size):
            hidden[row, k] = gates[row, OUT, k] * squashed[row, k]


@kernel
def backward(
    gates: Floats, cell: Floats, squashed: Floats, hidden_slope: Floats, cell_slope: Floats, aside: Floats
) -> None:
    """Slopes with respect to the gates' inputs, in place of gates [rows, 4, H].

    `hidden_slope` and `cell_slope` [rows, H] are those of the states after the step; `cell`, before it, and `squashed`
    are what `forward` read and wrote. `cell_slope` becomes that of the cell before the step. `aside` [4, H] is room
    for one row: LLVM vectorises no loop that writes over what the same loop reads elsewhere.
    """
    rows, size = cell.shape
    one = f4(1)
    for row in range(rows):
        for k in range(size):
            i, f, o, g = gates[row, IN, k], gates[row, FORGET, k], gates[row, OUT, k], gates[row, NEW, k]
            s, dh = squashed[row, k], hidden_slope[row, k]
            slope = cell_slope[row, k] + dh * o * (one - s * s)
            aside[IN, k] = slope * g * i * (one - i)
            aside[FORGET, k] = slope * cell[row, k] * f * (one - f)
            aside[OUT, k] = dh * s * o * (one - o)
            aside[NEW, k] = slope * i * (one - g * g)
            cell_slope[row, k] = slope * f
        for gate in range(4):
            for k in range(size):
                gates[row, gate, k] = aside[gate, k]
