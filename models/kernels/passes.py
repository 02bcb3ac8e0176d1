"""Windows through the layers: forward with all states kept, and backward to the input. Time comes first in every array.

T is the number of steps, H of units (see `Weights`), L of layers; rows are windows of a block, of which there are at
most BLOCK: their products share each weight that is read.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.kernels import cells
from models.kernels.compiled import kernel
from models.kernels.tile import BLOCK, Floats, add_product
from models.kernels.weights import Weights

f4 = np.float32
Integers = NDArray[np.int64]
MEMORY = 2**26  # bytes of states at once: 8 rows of 2,160 samples through one layer of 128 units


class States(NamedTuple):
    """Room for what a backward pass needs. At place 0 of `cells` and `hidden` stands the state before the first step.

    The backward pass puts slopes in the place of what it has read: those of the gates' inputs over the gates, and
    those that come down from the scores or the layer above over the hidden states.
    """

    gates: Floats  # [L, T, rows, 4, H], squashed
    cells: Floats  # [L, T + 1, rows, H]
    squashed: Floats  # [L, T, rows, H], tanh of the cells after each step
    hidden: Floats  # [L, T + 1, rows, H]


def states(w: Weights, steps: int, rows: int) -> States:
    """Room for `rows` windows of `steps` steps that begin at zero."""
    layers, _, size = w.bias.shape
    shapes = ((steps, rows, 4, size), (steps + 1, rows, size), (steps, rows, size), (steps + 1, rows, size))
    return States(*(np.zeros((layers, *shape), np.float32) for shape in shapes))


def rows_at_once(w: Weights, steps: int) -> int:
    """How many windows make a block: BLOCK, or fewer where so long ones would need too much room."""
    return max(1, min(BLOCK, MEMORY // (7 * w.bias.size * steps)))  # 4 + 3 floats of 4 bytes to 4 gates


@kernel
def forward(w: Weights, inputs: Floats, states: States) -> None:
    """Run inputs [T, rows, leads] through every layer, from the states at place 0."""
    for layer in range(len(w.bias)):
        gates, cell, hidden = states.gates[layer], states.cells[layer], states.hidden[layer]
        for start in range(0, len(inputs), BLOCK):
            stop = min(start + BLOCK, len(inputs))
            if layer == 0:
                input_gates(w, inputs[start:stop], gates[start:stop])
            else:
                layer_gates(w, layer, states.hidden[layer - 1, start + 1 : stop + 1], gates[start:stop])
            for t in range(start, stop):
                add_product(gates[t], hidden[t], w.recurrent[layer])
                cells.forward(gates[t], cell[t], cell[t + 1], states.squashed[layer, t], hidden[t + 1])


@kernel
def backward(w: Weights, states: States, slopes: Floats) -> None:
    """From dJ/dhidden of the top layer, in place of its hidden states, to slopes [T, rows, leads] of the inputs."""
    steps = len(slopes)
    for layer in range(len(w.bias) - 1, -1, -1):
        gates, cell, above = states.gates[layer], states.cells[layer], states.hidden[layer, 1:]
        hidden_slope, cell_slope = np.empty_like(cell[0]), np.zeros_like(cell[0])
        aside = np.empty_like(w.bias[0])
        for t in range(steps - 1, -1, -1):
            copy(hidden_slope, above[t])
            if t < steps - 1:
                add_product(hidden_slope, gates[t + 1], w.recurrent_down[layer])
            cells.backward(gates[t], cell[t], states.squashed[layer, t], hidden_slope, cell_slope, aside)
        if layer == 0:
            input_gradient(w, gates[:steps], slopes)
        else:
            for start in range(0, steps, BLOCK):
                stop = min(start + BLOCK, steps)
                layer_gradient(w, layer, gates[start:stop], states.hidden[layer - 1, start + 1 : stop + 1])


@kernel
def input_gates(w: Weights, inputs: Floats, gates: Floats) -> None:
    """Begin the first layer's gates [steps, rows, 4, H] with what inputs [steps, rows, leads] and the bias give."""
    steps, rows, leads = inputs.shape
    for t in range(steps):
        for row in range(rows):
            for gate in range(4):
                for k in range(w.bias.shape[2]):
                    gates[t, row, gate, k] = w.bias[0, gate, k] + inputs[t, row, 0] * w.first[0, gate, k]
                for lead in range(1, leads):
                    for k in range(w.bias.shape[2]):
                        gates[t, row, gate, k] += inputs[t, row, lead] * w.first[lead, gate, k]


@kernel
def input_gradient(w: Weights, gates: Floats, slopes: Floats) -> None:
    """Slopes [steps, rows, leads] of the inputs from those of the first layer's gates [steps, rows, 4, H]."""
    steps, rows, leads = slopes.shape
    for t in range(steps):
        for row in range(rows):
            for lead in range(leads):
                total = f4(0)
                for gate in range(4):
                    for k in range(w.bias.shape[2]):
                        total += gates[t, row, gate, k] * w.first[lead, gate, k]
                slopes[t, row, lead] = total


@kernel
def layer_gates(w: Weights, layer: int, below: Floats, gates: Floats) -> None:
    """Begin an upper layer's gates [steps, rows, 4, H] with what the hidden states below [steps, rows, H] give."""
    steps, rows, size = below.shape
    for t in range(steps):
        for row in range(rows):
            for gate in range(4):
                for k in range(size):
                    gates[t, row, gate, k] = w.bias[layer, gate, k]
    flat = gates.reshape(steps * rows, 4, size), below.reshape(steps * rows, size)
    add_product(flat[0], flat[1], w.upper[layer - 1])


@kernel
def layer_gradient(w: Weights, layer: int, gates: Floats, below: Floats) -> None:
    """Slopes of the hidden states below [steps, rows, H] from those of an upper layer's gates [steps, rows, 4, H]."""
    steps, rows, size = below.shape
    below[:] = f4(0)
    flat = gates.reshape(steps * rows, 4, size), below.reshape(steps * rows, size)
    add_product(flat[1], flat[0], w.upper_down[layer - 1])


@kernel
def score(w: Weights, targets: Integers, hidden: Floats, scores: Floats) -> None:
    """Scores [rows] of the classes targets [rows] from the top layer's hidden [T + 1, rows, H], and their slopes.

    The slopes dscore/dhidden take the place of the hidden states.
    """
    steps, rows, size = len(hidden) - 1, hidden.shape[1], hidden.shape[2]
    share = f4(1) / f4(steps) if w.pooled else f4(1)
    read, slopes = np.zeros((rows, size), np.float32), np.empty(len(w.scores), np.float32)
    for t in range(1 if w.pooled else steps, steps + 1):
        add(read, hidden[t])
    for row in range(rows):
        scores[row] = _pick(w, targets[row], read[row], share, slopes)
        for k in range(size):
            total = f4(0)
            for c in range(len(slopes)):
                total += slopes[c] * w.scores[c, k]
            read[row, k] = share * total
    for t in range(1, steps + 1):
        if w.pooled or t == steps:
            copy(hidden[t], read)
        else:
            hidden[t] = f4(0)


@kernel
def logits(w: Weights, read: Floats, share: np.float32, result: Floats) -> None:
    """Logits [classes] of what is read from the top layer: read [H] times `share`."""
    for c in range(len(result)):
        weight, total = w.scores[c], f4(0)
        for k in range(len(read)):
            total += weight[k] * read[k]
        result[c] = w.scores_bias[c] + share * total


@kernel
def _pick(w: Weights, target: int, read: Floats, share: np.float32, slopes: Floats) -> float:
    """Score of `target` for one window, and its slopes [classes] with respect to the logits."""
    values = np.empty(len(slopes), np.float32)
    logits(w, read, share, values)
    if not w.probability:
        for c in range(len(slopes)):
            slopes[c] = f4(c == target)
        return float(values[target])
    total = 0.0
    for c in range(len(values)):
        total += np.exp((values[c] - values[target]) / w.temperature)
    own = 1.0 / total
    for c in range(len(values)):
        class_probability = own * np.exp((values[c] - values[target]) / w.temperature)
        slopes[c] = own * ((c == target) - class_probability) / w.temperature
    return own


@kernel
def copy(out: Floats, x: Floats) -> None:
    """out [rows, H] = x."""
    for row in range(len(out)):
        for k in range(out.shape[1]):
            out[row, k] = x[row, k]


@kernel
def add(out: Floats, x: Floats) -> None:
    """out [rows, H] += x."""
    for row in range(len(out)):
        for k in range(out.shape[1]):
            out[row, k] += x[row, k]


def gradient(w: Weights, signals: Floats, targets: Integers) -> tuple[Floats, Floats]:
    """Scores [batch] of signals [batch, leads, samples] for the classes targets [batch], and their slopes."""
    scores, slopes = np.empty(len(signals), np.float32), np.empty_like(signals)
    size = rows_at_once(w, signals.shape[2])
    for first in range(0, len(signals), size):
        part = slice(first, first + size)
        inputs = np.ascontiguousarray(signals[part].transpose(2, 0, 1))
        workspace, down = states(w, *inputs.shape[:2]), np.empty_like(inputs)
        forward(w, inputs, workspace)
        score(w, targets[part], workspace.hidden[-1], scores[part])
        backward(w, workspace, down)
        slopes[part] = down.transpose(1, 2, 0)
    return scores, slopes
