"""Scores of many windows, without what a gradient needs; and of many covers of one window, which share its beginning.

Until a cover's first covered sample the network's state is that of the window itself, which is run once.
"""

import numpy as np
from numpy.typing import NDArray

from models.kernels.compiled import kernel
from models.kernels.passes import Integers, States, add, copy, forward, logits, states
from models.kernels.tile import BLOCK, Floats
from models.kernels.weights import Weights

f4 = np.float32
STRETCH = 8  # steps whose states are kept at a time: with 8 rows of 128 units they stay in the second-level cache
Flags = NDArray[np.bool_]


def windows(w: Weights, signals: Floats) -> Floats:
    """Logits [batch, classes] of signals [batch, leads, samples]."""
    result = np.empty((len(signals), len(w.scores)), np.float32)
    for first in range(0, len(signals), BLOCK):
        part = signals[first : first + BLOCK]
        workspace, total = states(w, STRETCH, len(part)), np.zeros((len(part), w.scores.shape[1]), np.float32)
        inputs = np.ascontiguousarray(part.transpose(2, 0, 1))
        _finish(w, inputs, workspace, total, len(inputs), result[first : first + len(part)])
    return result


class Covered:
    """One window, signal [leads, samples], of which pieces are replaced by those of value [leads, samples]."""

    def __init__(self, w: Weights, signal: Floats, value: Floats) -> None:
        self.w = w
        self.signal, self.value = (np.ascontiguousarray(array.T) for array in (signal, value))  # [samples, leads]
        self.own = states(w, len(self.signal), 1)
        forward(w, self.signal[:, None], self.own)

    def logits(self, covers: Flags) -> Floats:
        """Logits [covers, classes] where each covers[covers, leads, samples] puts the value in place."""
        covers = np.ascontiguousarray(covers.transpose(0, 2, 1))
        touched = np.asarray(covers.any(axis=2))
        onsets = np.where(touched.any(axis=1), touched.argmax(axis=1), len(self.signal))
        order = np.argsort(onsets, kind="stable")
        result = np.empty((len(covers), len(self.w.scores)), np.float32)
        _covered(self.w, self.signal, self.value, covers[order], onsets[order], self.own, result)
        return result[np.argsort(order)]


@kernel
def _covered(
    w: Weights, signal: Floats, value: Floats, covers: Flags, onsets: Integers, own: States, result: Floats
) -> None:
    """Logits of covers [covers, T, leads], in the order of their onsets, block by block."""
    steps, leads = signal.shape
    layers, size = len(w.bias), w.scores.shape[1]
    passed = np.zeros((1, size), np.float32)  # sum of the top layer's hidden states before the block's onset
    reached = 0
    for first in range(0, len(covers), BLOCK):
        rows = min(BLOCK, len(covers) - first)
        onset = onsets[first]
        while reached < onset:
            reached += 1
            add(passed, own.hidden[layers - 1, reached])
        workspace = _workspace(w, rows)
        inputs = np.empty((steps - onset, rows, leads), np.float32)
        total = np.empty((rows, size), np.float32)
        for row in range(rows):
            copy(total[row : row + 1], passed)
            for layer in range(layers):
                copy(workspace.cells[layer, 0, row : row + 1], own.cells[layer, onset])
                copy(workspace.hidden[layer, 0, row : row + 1], own.hidden[layer, onset])
            for t in range(onset, steps):
                for lead in range(leads):
                    covered = covers[first + row, t, lead]
                    inputs[t - onset, row, lead] = value[t, lead] if covered else signal[t, lead]
        _finish(w, inputs, workspace, total, steps, result[first : first + rows])


@kernel
def _workspace(w: Weights, rows: int) -> States:
    layers, _, size = w.bias.shape
    return States(
        np.empty((layers, STRETCH, rows, 4, size), np.float32),
        np.empty((layers, STRETCH + 1, rows, size), np.float32),
        np.empty((layers, STRETCH, rows, size), np.float32),
        np.empty((layers, STRETCH + 1, rows, size), np.float32),
    )


@kernel
def _finish(w: Weights, inputs: Floats, workspace: States, total: Floats, steps: int, result: Floats) -> None:
    """Run what is left, inputs [remaining, rows, leads], from the states at place 0 of `room`, a stretch at a time.

    `total` [rows, H] is the sum of the top layer's hidden states so far, `steps` the length of the whole window.
    """
    layers = len(w.bias)
    for start in range(0, len(inputs), STRETCH):
        part = inputs[start : start + STRETCH]
        forward(w, part, workspace)
        for t in range(1, len(part) + 1):
            add(total, workspace.hidden[layers - 1, t])
        for layer in range(layers):
            copy(workspace.cells[layer, 0], workspace.cells[layer, len(part)])
            copy(workspace.hidden[layer, 0], workspace.hidden[layer, len(part)])
    for row in range(len(result)):
        if w.pooled:
            logits(w, total[row], f4(1) / f4(steps), result[row])
        else:
            logits(w, workspace.hidden[layers - 1, 0, row], f4(1), result[row])
