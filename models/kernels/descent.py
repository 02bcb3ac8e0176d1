"""The learned mask's loop: Adam on the mask of each window, with all of a step compiled.

The network is run in float32, the mask and Adam in float64. Neighbouring samples move in lockstep for hundreds of
steps; rounded to float32 their difference is exactly zero far more often than it should be, and its sign is what the
roughness is differentiated to. In float64 the masks come out as those of a float64 network (docs/decisions/0008).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.kernels.compiled import kernel
from models.kernels.passes import Integers, States, backward, forward, rows_at_once, score, states
from models.kernels.tile import Floats
from models.kernels.weights import Weights

Doubles = NDArray[np.float64]
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # torch.optim.Adam's


class Costs(NamedTuple):
    """What the mask's size and roughness cost, and how far a step goes."""

    lambda1: float
    lambda2: float
    learning_rate: float


class Block(NamedTuple):
    """Some windows and their masks, time first: [samples, rows, leads]."""

    signals: Floats
    value: Floats  # what stands where the mask is 0
    targets: Integers  # [rows]
    mask: Doubles
    moment: Doubles  # Adam's running mean of the gradient
    square: Doubles  # … and of its square


class Descent:
    """Masks of signals [batch, leads, samples] for the classes targets [batch], each all `initial` at first."""

    def __init__(
        self, w: Weights, signals: Floats, value: Floats, targets: Integers, initial: float, costs: Costs
    ) -> None:
        self.w, self.costs, self.step = w, costs, 0
        self.rows = rows_at_once(w, signals.shape[2])
        parts = [slice(first, first + self.rows) for first in range(0, len(signals), self.rows)]
        self.blocks = [_block(signals[part], value[part], targets[part], initial) for part in parts]
        self.workspaces = {
            rows: states(w, signals.shape[2], rows) for rows in {len(block.targets) for block in self.blocks}
        }

    @property
    def mask(self) -> Doubles:
        """The masks now, [batch, leads, samples]."""
        return np.concatenate([block.mask.transpose(1, 2, 0) for block in self.blocks])

    def advance(self, shifts: Integers) -> Doubles:
        """Make a step for each of shifts [steps], by which the window is moved; objectives [batch, steps] before each.

        Where a shift reaches beyond the window its last sample is repeated.
        """
        objectives = [
            advance(self.w, self.costs, block, self.workspaces[len(block.targets)], shifts, self.step)
            for block in self.blocks
        ]
        self.step += len(shifts)
        return np.concatenate(objectives)


def _block(signals: Floats, value: Floats, targets: Integers, initial: float) -> Block:
    shape = (signals.shape[2], *signals.shape[:2])
    mask, moment, square = (np.full(shape, start, np.float64) for start in (initial, 0, 0))
    signals, value = (np.ascontiguousarray(array.transpose(2, 0, 1), np.float32) for array in (signals, value))
    return Block(signals, value, targets, mask, moment, square)


@kernel
def advance(w: Weights, costs: Costs, block: Block, workspace: States, shifts: Integers, before: int) -> Doubles:
    """Objectives [rows, steps] before each of the steps, of which `before` were made already."""
    inputs, slopes, gradient = np.empty_like(block.signals), np.empty_like(block.signals), np.empty_like(block.mask)
    objectives = np.empty((len(block.targets), len(shifts)), np.float64)
    scores = np.empty(len(block.targets), np.float32)
    for step in range(len(shifts)):
        apply_mask(block, shifts[step], inputs)
        forward(w, inputs, workspace)
        score(w, block.targets, workspace.hidden[len(w.bias) - 1], scores)
        backward(w, workspace, slopes)
        for row in range(len(scores)):
            objectives[row, step] = scores[row] + penalty(costs, block.mask[:, row])
        regularise(costs, block.mask, gradient)
        mask_gradient(block, shifts[step], slopes, gradient)
        update(costs, block, gradient, before + step + 1)
    return objectives


@kernel
def apply_mask(block: Block, shift: int, inputs: Floats) -> None:
    """Inputs m⊙x + k(1−m), moved by `shift` samples; written so that m = 1 gives x exactly."""
    samples, rows, leads = inputs.shape
    for t in range(samples):
        at = min(max(t + shift, 0), samples - 1)
        for row in range(rows):
            for lead in range(leads):
                m = block.mask[at, row, lead]
                inputs[t, row, lead] = m * block.signals[at, row, lead] + block.value[at, row, lead] * (1.0 - m)


@kernel
def mask_gradient(block: Block, shift: int, slopes: Floats, gradient: Doubles) -> None:
    """Add to the mask's gradient what the slopes of the score with respect to the inputs give: apply_mask's inverse."""
    samples, rows, leads = slopes.shape
    for t in range(samples):
        at = min(max(t + shift, 0), samples - 1)
        for row in range(rows):
            for lead in range(leads):
                difference = block.signals[at, row, lead] - block.value[at, row, lead]
                gradient[at, row, lead] += slopes[t, row, lead] * difference


@kernel
def penalty(costs: Costs, mask: Doubles) -> float:
    """λ1·‖1−m‖₁ + λ2·Σ|m_{t+1}−m_t| of one mask [samples, leads]."""
    size, rough = 0.0, 0.0
    for t in range(len(mask)):
        for lead in range(mask.shape[1]):
            size += abs(1.0 - mask[t, lead])
            if t > 0:
                rough += abs(mask[t, lead] - mask[t - 1, lead])
    return costs.lambda1 * size + costs.lambda2 * rough


@kernel
def regularise(costs: Costs, mask: Doubles, gradient: Doubles) -> None:
    """The gradient of the penalty; d|1−m|/dm = −sign(1−m): none where nothing is deleted."""
    samples, rows, leads = mask.shape
    for t in range(samples):
        for row in range(rows):
            for lead in range(leads):
                m = mask[t, row, lead]
                slope = -costs.lambda1 * sign(1.0 - m)
                if t > 0:
                    slope += costs.lambda2 * sign(m - mask[t - 1, row, lead])
                if t < samples - 1:
                    slope -= costs.lambda2 * sign(mask[t + 1, row, lead] - m)
                gradient[t, row, lead] = slope


@kernel
def sign(x: float) -> float:
    """−1, 0 or 1."""
    return 1.0 if x > 0 else (-1.0 if x < 0 else 0.0)


@kernel
def update(costs: Costs, block: Block, gradient: Doubles, step: int) -> None:
    """Adam's step number `step`, from 1, then back into 0 … 1."""
    length = costs.learning_rate / (1.0 - BETA1**step)
    scale = np.sqrt(1.0 - BETA2**step)
    m, mean, square, g = block.mask.ravel(), block.moment.ravel(), block.square.ravel(), gradient.ravel()
    for k in range(len(m)):
        mean[k] += (1.0 - BETA1) * (g[k] - mean[k])
        square[k] = BETA2 * square[k] + (1.0 - BETA2) * g[k] * g[k]
        moved = m[k] - length * mean[k] / (np.sqrt(square[k]) / scale + EPSILON)
        m[k] = min(max(moved, 0.0), 1.0)
