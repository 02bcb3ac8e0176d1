"""Stretches of a recording, start ≤ sample < end, asked many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.placing import Anchors

Interval = tuple[int, int]  # start ≤ sample < end, at the recording's fs


def point(at: int) -> Interval:
    """The interval of a beat: its one sample. Its window is no part of it, for windows of neighbours overlap."""
    return at, at + 1


def widened(interval: Interval, tolerance: int) -> Interval:
    """A beat's interval with everything that means the same beat, `tolerance` samples either side.

    A detector finds one beat at slightly different samples in different leads. A longer window begins and ends where
    it does, and its neighbour is another window: that stays as it is.
    """
    start, end = interval
    return (start - tolerance, end + tolerance) if end - start == 1 else interval


def extents(anchors: Anchors) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First samples and the samples after the last [windows] of what a label of each window is about.

    That is all of a window, but of one around a beat the beat alone.
    """
    if anchors.beats is not None:
        return anchors.samples, anchors.samples + 1
    return anchors.starts, anchors.ends


@dataclass(frozen=True)
class Intervals:
    """A set of intervals, those that overlap joined; ascending."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> "Intervals":
        """The set that covers all of these."""
        joined: list[list[int]] = []
        for start, end in sorted(intervals):
            if joined and start <= joined[-1][1]:
                joined[-1][1] = max(joined[-1][1], end)
            else:
                joined.append([start, end])
        edges = np.array(joined, np.int64).reshape(-1, 2)
        return cls(edges[:, 0], edges[:, 1])

    def __len__(self) -> int:
        return len(self.starts)

    def affects(self, starts: ArrayLike, ends: ArrayLike) -> NDArray[np.bool_]:
        """Which of the intervals `starts`, `ends` [intervals] share a sample with the set."""
        first, last = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
        if not len(self):
            return np.zeros(len(first), bool)
        after = np.searchsorted(self.ends, first, side="right")  # the first of the set that ends after the start
        return np.asarray((after < len(self)) & (self.starts[after.clip(max=len(self) - 1)] < last))


NONE = Intervals.of(())
