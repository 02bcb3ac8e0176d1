"""Sums of many beats by group, added up piece by piece."""

import numpy as np
from numpy.typing import NDArray

from backend.columns import Rows
from backend.groups.traces import Floats


class GroupSums:
    """Sums [groups, samples] of beats, and how many had a value at each sample."""

    def __init__(self, groups: int, samples: int) -> None:
        self.total = np.zeros((groups, samples))
        self.there: NDArray[np.int64] = np.zeros((groups, samples), np.int64)

    def add(self, group: Rows, beats: Floats) -> None:
        """Add beats [beats, samples] to their groups [beats]; −1: to none. NaN is no value."""
        for number in np.unique(group[group >= 0]).tolist():
            own = beats[group == number]
            self.total[number] += np.nansum(own, axis=0, dtype=np.float64)
            self.there[number] += np.isfinite(own).sum(axis=0)

    def means(self) -> Floats:
        """Mean [groups, samples]; NaN where no beat has a value."""
        found = np.where(self.there > 0, self.total / np.maximum(self.there, 1), np.nan)
        return np.asarray(found, np.float32)
