"""Class modes: the input that raises a class's score most, found by climbing, and how far it lies from real windows."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.explainers import engine
from models.explainers.base import Progress, Report, silent
from models.explainers.tracks import Floats
from models.networks.base import Network

NOISE = 0.1  # SD of the start
RATE = 0.01  # of RMSProp
STEEPEST = 1e6
Indices = NDArray[np.int64]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Penalty:
    """What a mode is held back by."""

    square: float  # of the sum of squares of all samples
    variation: float = 0.0  # of the sum of absolute steps from one sample to the next


def climb(
    network: Network, start: Floats, targets: Indices, penalty: Penalty, steps: int, report: Report = silent
) -> Floats:
    """Inputs [classes, leads, samples] that raise the logits of targets [classes] less the penalty, from `start`.

    Paper 001, eq. 3: X with the largest s_c(X) − λ‖X‖², by RMSProp on the score before the softmax.
    """
    found, classes = torch.tensor(start), torch.from_numpy(targets)
    ascent = torch.optim.RMSprop([found], lr=RATE, maximize=True)
    for step in range(steps):
        _, slope = engine.gradient(network, found, classes)
        slope = slope.nan_to_num(0.0).clamp(-STEEPEST, STEEPEST)  # one that overflows in 200 steps has only a sign
        found.grad = slope - 2 * penalty.square * found - penalty.variation * variation_slope(found)
        ascent.step()
        report(Progress((step + 1) / steps))
    return np.asarray(found.numpy(), dtype=np.float32)


def variation_slope(values: torch.Tensor) -> torch.Tensor:
    """Slope of the sum of |x[t + 1] − x[t]| with respect to values [..., samples]."""
    signs = torch.sign(values[..., 1:] - values[..., :-1])
    slope = torch.zeros_like(values)
    slope[..., 1:] += signs
    slope[..., :-1] -= signs
    return slope


def noise(classes: int, leads: int, samples: int, seed: int = 0) -> Floats:
    """The start of every class [classes, leads, samples]."""
    return np.random.default_rng(seed).normal(0, NOISE, (classes, leads, samples)).astype(np.float32)


def distances(one: Floats, windows: Floats) -> Floats:
    """Root mean square of the difference of one [leads, samples] from windows [windows, leads, samples]."""
    return np.asarray(np.sqrt(np.square(windows - one).mean(axis=(1, 2))), dtype=np.float32)


def alikeness(one: Floats, windows: Floats) -> Floats:
    """Pearson's correlation of one [leads, samples] with windows [windows, leads, samples]; 0 of what is flat."""
    a, b = one.ravel() - one.mean(), windows.reshape(len(windows), -1)
    b = b - b.mean(axis=1, keepdims=True)
    size = np.sqrt(np.square(a).sum() * np.square(b).sum(axis=1))
    return np.asarray(np.divide(b @ a, size, out=np.zeros(len(b)), where=size > 0), dtype=np.float32)


@dataclass(frozen=True)
class RealToReal:
    """How far real windows of a class lie from each other: each from the nearest one of another patient.

    Of a class that only one patient has, from the nearest other window.
    """

    windows: int
    patients: int
    distance: tuple[float, float] | None  # median and 95th percentile; None: there are fewer than two windows
    shape: tuple[float, float] | None  # 5th percentile and median of the largest correlation


def real_to_real(windows: Floats, patients: Indices) -> RealToReal:
    """The same of windows [windows, leads, samples] of one class; patients [windows]."""
    count = len(np.unique(patients))
    if len(windows) < 2:
        return RealToReal(len(windows), count, None, None)
    barred = patients[:, None] == patients if count > 1 else np.eye(len(windows), dtype=bool)
    flat = windows.reshape(len(windows), -1).astype(np.float64)
    near, alike = _between(flat, barred)
    distance, shape = np.percentile(near, (50, 95)), np.percentile(alike, (5, 50))
    return RealToReal(len(windows), count, (float(distance[0]), float(distance[1])), (float(shape[0]), float(shape[1])))


def _between(flat: Doubles, barred: NDArray[np.bool_]) -> tuple[Doubles, Doubles]:
    """Least distance and largest correlation of each of flat [windows, values] with one that is not barred for it."""
    squares = np.square(flat).sum(axis=1)
    apart = np.maximum(squares[:, None] + squares - 2 * flat @ flat.T, 0)
    centred = flat - flat.mean(axis=1, keepdims=True)
    size = np.sqrt(np.square(centred).sum(axis=1))
    both = np.outer(size, size)
    alike = np.divide(centred @ centred.T, both, out=np.zeros_like(both), where=both > 0)
    near = np.sqrt(np.where(barred, np.inf, apart).min(axis=1) / flat.shape[1])
    return near, np.where(barred, -1.0, alike).max(axis=1)
