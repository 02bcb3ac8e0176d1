"""Finding beats where nobody marked them, and pairing what was found with what is known."""

import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sleepecg.heartbeats import detect_heartbeats

from models.errors import InvalidError
from models.signals.gaps import bridged
from models.signals.pieces import Signal, pieces
from models.signals.resample import position, resample

TOLERANCE = 0.15  # s, either side: EC57's match window
DETECTOR = "detector (sleepecg)"
NEEDED = 60.0  # Hz: sleepecg filters up to 30 Hz
OVERLAP = 60.0  # s on either side of a piece of a long recording
FINER = 4  # times as many samples where there are fewer
SLOWEST = 30.0  # Hz: of the excerpt of 208 it finds 99 % at 30 Hz so, 75 % at 25 Hz, 34 % at 20 Hz
Indices = NDArray[np.int64]


def detect(signal: ArrayLike, fs: float) -> Indices:
    """Beats of lead[samples] (any unit, NaN is a gap) by sleepecg; none in a gap, none in a flat lead.

    InvalidError where the sampling frequency is too low to tell a QRS from a T wave.
    """
    if fs < SLOWEST:
        raise InvalidError(f"Beats cannot be found at {fs:g} Hz: {SLOWEST:g} Hz are needed, or annotations", field="fs")
    filled, missing = bridged(np.asarray(signal))
    overlap = round(OVERLAP * fs)
    found = [_within(filled, fs, first, stop, overlap) for first, stop in pieces(len(filled))]
    beats = np.concatenate(found)
    return beats[~missing[beats]]


def _within(filled: Signal, fs: float, first: int, stop: int, overlap: int) -> Indices:
    """Beats from `first` to before `stop`, with so much signal on either side for the detector to settle in."""
    begin = max(0, first - overlap)
    found = begin + _found(np.asarray(filled[begin : stop + overlap], dtype=np.float64), fs)
    return found[(found >= first) & (found < stop)]


def _found(filled: NDArray[np.float64], fs: float) -> Indices:
    if len(filled) < fs or np.ptp(filled) == 0:
        return np.empty(0, dtype=np.int64)
    if fs > NEEDED:
        return np.asarray(detect_heartbeats(filled, fs), dtype=np.int64)
    finer = detect_heartbeats(resample(filled, fs, FINER * fs), FINER * fs)
    return np.array([min(position(int(r), FINER * fs, fs), len(filled) - 1) for r in finer], dtype=np.int64)


def hamilton(filtered: ArrayLike, fs: float) -> Indices:
    """R peaks of a band-passed lead[samples] by Hamilton's method as BioSPPy 0.5's `ecg()` placed them, for paper 000.

    `filtered` is `filters.bandpass(lead, fs)`; each peak lies on the positive maximum within ±50 ms.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from biosppy.signals.ecg import correct_rpeaks, hamilton_segmenter
    except ImportError as error:
        raise InvalidError("Hamilton's detector needs biosppy and peakutils: pip install 'beatlens[train]'") from error
    values = np.asarray(filtered, dtype=np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (found,) = hamilton_segmenter(signal=values, sampling_rate=fs)
        (placed,) = correct_rpeaks(signal=values, rpeaks=found, sampling_rate=fs, tol=0.05)
    return np.asarray(placed, dtype=np.int64)


def match(reference: Indices, detected: Indices, fs: float, tolerance: float = TOLERANCE) -> Indices:
    """For each reference sample the index into `detected` that is paired with it, −1 where there is none.

    Pairs are made nearest first, each detection used once, none further apart than `tolerance` seconds.
    """
    reach = round(tolerance * fs)
    first = np.searchsorted(detected, reference - reach)
    last = np.searchsorted(detected, reference + reach, side="right")
    pairs = [
        (abs(int(detected[d]) - int(sample)), r, d)
        for r, (sample, a, b) in enumerate(zip(reference, first, last, strict=True))
        for d in range(a, b)
    ]
    result = np.full(len(reference), -1, dtype=np.int64)
    used: set[int] = set()
    for _, r, d in sorted(pairs):
        if result[r] < 0 and d not in used:
            result[r] = d
            used.add(d)
    return result
