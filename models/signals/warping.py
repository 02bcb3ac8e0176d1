"""Moving a signal in time: the warped signal, and whether a heart could have beaten so."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

QRS = 0.05  # s before and after R whose width is compared
NEAR = 0.2  # s either side of a moved R in which its QRS is measured
WIDTH = 0.2  # a QRS changed by more is none that this heart makes
SHORTEST = 0.3  # s: no two beats follow one another sooner


@dataclass(frozen=True)
class Plausibility:
    """What a warp did that no rhythm does; counts are of the warped signal."""

    folds: int  # stretches in which it stands still or runs back
    beats_before: int
    beats_after: int
    widths_changed: int  # beats whose QRS is longer or shorter by more than 20 %
    short_intervals: int  # RR intervals below 300 ms that were not so before
    spread_before: float  # ms, standard deviation of the RR intervals
    spread_after: float


def warped(signal: NDArray[np.floating], positions: Floats) -> Floats:
    """Signal [leads, samples] read at positions [any] (samples), linear in between, held at the ends: [leads, any]."""
    at = np.clip(positions, 0, signal.shape[1] - 1)
    left = np.minimum(at.astype(np.int64), max(0, signal.shape[1] - 2))
    share = at - left
    right = np.minimum(left + 1, signal.shape[1] - 1)
    return np.asarray(signal[:, left] * (1 - share) + signal[:, right] * share, dtype=np.float64)


def plausibility(positions: Floats, peaks: NDArray[np.int64], fs: float) -> Plausibility:
    """Plausibility of a signal whose sample t shows what stood at positions[t]; R peaks at peaks [beats] before."""
    backwards = np.concatenate(([False], np.diff(positions) <= 0)).astype(np.int8)
    found = [(at, float(peak)) for peak in peaks for at in _moved(positions, float(peak))]
    after = np.sort([at for at, _ in found])
    short = [int((np.diff(one) < SHORTEST * fs).sum()) for one in (peaks, after)]
    return Plausibility(
        folds=int((np.diff(backwards) == 1).sum()),
        beats_before=len(peaks),
        beats_after=len(found),
        widths_changed=sum(abs(_width(positions, at, peak, fs) - 1) > WIDTH for at, peak in found),
        short_intervals=max(0, short[1] - short[0]),
        spread_before=spread(peaks, fs),
        spread_after=spread(after, fs),
    )


def spread(peaks: NDArray[np.floating] | NDArray[np.int64], fs: float) -> float:
    """Standard deviation (ms) of the intervals between peaks [beats] (samples); 0 where there are fewer than two."""
    steps = np.diff(np.asarray(peaks, dtype=np.float64))
    return float(steps.std() * 1000 / fs) if len(steps) else 0.0


def _moved(positions: Floats, peak: float) -> list[float]:
    """Where in the warped signal a sample of the old one stands: once, or never, or several times where it folds."""
    beyond = np.concatenate(([positions[0] - 1], positions, [positions[-1] + 1]))
    reached = beyond >= peak
    before = np.flatnonzero(reached[1:] != reached[:-1])
    share = (peak - beyond[before]) / (beyond[before + 1] - beyond[before])
    return [float(at) for at in before - 1 + share]


def _width(positions: Floats, at: float, peak: float, fs: float) -> float:
    """How many times as long the QRS around a peak is, which now stands at `at`; infinite where it folds."""
    first, last = max(0, int(at - NEAR * fs)), min(len(positions), int(at + NEAR * fs) + 2)
    near = positions[first:last]
    if len(near) < 2 or (np.diff(near) <= 0).any():
        return np.inf
    ends = np.clip([peak - QRS * fs, peak + QRS * fs], near[0], near[-1])
    now = np.interp(ends, near, np.arange(first, last))
    return float((now[1] - now[0]) / (ends[1] - ends[0])) if ends[1] > ends[0] else 1.0
