"""Intervals by resampling patients, then beats: beats of one patient are not independent."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]


class Estimate(NamedTuple):
    """A mean and the ends of its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def resamples(patient: NDArray[np.int64], count: int = 1000, seed: int = 0) -> NDArray[np.float64]:
    """Share of each beat in each resample [count, beats], rows summing to 1; patient [beats] says whose beat it is.

    As many patients as there are are drawn with replacement, then as many beats of each as it has. With a single
    patient only its beats are drawn: such an interval says nothing about other patients.
    """
    rng = np.random.default_rng(seed)
    names, sizes = np.unique(patient, return_counts=True)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=count)
    shares = np.zeros((count, len(patient)))
    for column, (name, size) in enumerate(zip(names, sizes, strict=True)):
        beats = rng.multinomial(drawn[:, column] * size, np.full(size, 1 / size))
        shares[:, patient == name] = beats
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def over_patients(right: Sequence[float], windows: Sequence[int], count: int = 1000, seed: int = 0) -> Estimate:
    """Share of right answers with its interval over patients: right and windows [patients] are counts of each.

    Patients are drawn anew with all their windows; of one patient the interval is as wide as its estimate.
    """
    counts = np.array([right, windows], dtype=np.float64)
    drawn = np.random.default_rng(seed).multinomial(len(windows), np.full(len(windows), 1 / len(windows)), size=count)
    sums = np.concatenate([counts.sum(axis=1)[:, None], counts @ drawn.T], axis=1)
    return estimate(sums[0] / sums[1])


def means(values: Numbers, groups: NDArray[np.int64], shares: dict[int, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Mean over groups of the group means of values [beats, …], then of each resample: [1 + count, …].

    The first row is the estimate itself. `shares` holds each group's resamples; all groups count alike.
    """
    parts = []
    for group, share in shares.items():
        own = values[groups == group].astype(np.float64)
        parts.append(np.concatenate([own.mean(axis=0, keepdims=True), np.tensordot(share, own, axes=1)]))
    return np.asarray(np.mean(parts, axis=0))


def estimate(rows: NDArray[np.float64]) -> Estimate:
    """From [1 + count] means, the first of which is the estimate, to the estimate and its percentile interval."""
    low, high = np.percentile(rows[1:], (2.5, 97.5))
    return Estimate(float(rows[0]), float(low), float(high))
