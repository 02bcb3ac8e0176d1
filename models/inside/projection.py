"""Last states on a plane: their first two principal components."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.explainers.tracks import Floats


@dataclass(frozen=True)
class Projection:
    """A plane through states."""

    mean: Floats  # [units]
    axes: Floats  # [2, units], of length one
    shares: NDArray[np.float64]  # [2], of the variance

    def of(self, states: Floats) -> Floats:
        """Places [windows, 2] of states [windows, units]."""
        return np.asarray((states - self.mean) @ self.axes.T, dtype=np.float32)


def principal(states: Floats) -> Projection:
    """The plane along which states [windows, units] vary most; each axis points to where its largest weight is."""
    mean = states.mean(axis=0)
    centred = (states - mean).astype(np.float64)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    axes = np.zeros((2, states.shape[1]))
    axes[: min(2, len(values))] = vectors.T[::-1][:2]
    signs = np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])
    shares = np.zeros(2)
    shares[: min(2, len(values))] = np.maximum(values[::-1][:2], 0) / max(float(np.maximum(values, 0).sum()), 1e-12)
    return Projection(mean, np.asarray(axes * np.where(signs == 0, 1, signs)[:, None], dtype=np.float32), shares)
