"""From one sampling frequency to another."""

import math
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import resample_poly

REACH = 20  # samples of the lower rate that a resampled one depends on, twice as many as SciPy's filter is long


def ratio(source: float, target: float) -> Fraction:
    """target / source as a fraction small enough for a polyphase filter (error below 1e-7)."""
    return (Fraction(target) / Fraction(source)).limit_denominator(3000)


def resample(signal: ArrayLike, source: float, target: float) -> NDArray[np.float64]:
    """signal[samples] at `source` Hz brought to `target` Hz: sample k is at time k / target; no NaN allowed."""
    values = np.asarray(signal, dtype=np.float64)
    if source == target:
        return values
    up, down = ratio(source, target).as_integer_ratio()
    # SciPy's default window (Kaiser 5) moves a constant by 1e-4; this one is flat to 3/4 of the lower Nyquist frequency
    resampled = resample_poly(values, up, down, window=("kaiser", 8.0), padtype="line")
    return np.asarray(resampled, dtype=np.float64)


def resampled(signal: NDArray[np.floating], source: float, target: float, first: int, stop: int) -> NDArray[np.float64]:
    """Samples first … stop at `target` Hz of signal [samples] at `source` Hz, without resampling all of it.

    Sample k·up of the result is sample k·down of the signal: the stretch begins at such a place.
    """
    if source == target:
        return np.asarray(signal[first:stop], dtype=np.float64)
    up, down = ratio(source, target).as_integer_ratio()
    beside = math.ceil(REACH * max(up, down) / (up * down))
    begin = max(0, first // up - beside)
    end = -(-stop // up) + beside
    stretch = resample(signal[begin * down : end * down], source, target)
    return stretch[first - begin * up : stop - begin * up]


def resample_mask(mask: NDArray[np.bool_], source: float, target: float, samples: int) -> NDArray[np.bool_]:
    """mask[…] at `source` Hz as [samples] at `target` Hz: true wherever a masked sample lies next to it."""
    if source == target:
        return mask
    result = np.zeros(samples, dtype=bool)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    for first, end in edges.reshape(-1, 2):
        result[max(0, math.floor((first - 1) * target / source) + 1) : math.ceil(end * target / source)] = True
    return result


def position(sample: int, source: float, target: float) -> int:
    """The sample at `target` Hz nearest in time to `sample` at `source` Hz."""
    return round(sample * target / source)


def positions(samples: NDArray[np.int64], source: float, target: float) -> NDArray[np.int64]:
    """`position` of each of samples[…]."""
    return np.asarray(np.rint(np.asarray(samples) * target / source), dtype=np.int64)
