"""Filters of a whole lead."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import butter, filtfilt, firwin, sosfiltfilt

from models.cards import BandPass
from models.errors import InvalidError
from models.signals.gaps import fill

MONITOR = (0.5, 40.0)  # Hz: the band of AHA's ambulatory and monitoring recordings
SETTLED = 10.0  # s after which a sample no longer feels where `monitoring` began
PAPER = BandPass()  # paper 000 §4: order int(0.3 · 360 Hz) = 108, 3–45 Hz


def bandpass(signal: ArrayLike, fs: float, spec: BandPass = PAPER) -> NDArray[np.float64]:
    """Zero-phase FIR band-pass of signal[samples] at fs Hz, same unit and length; no NaN allowed.

    Raises InvalidError where the signal is shorter than the filter needs or fs is too low for its upper edge.
    """
    values = np.asarray(signal, dtype=np.float64)
    taps = spec.order + 1
    padding = 3 * taps  # filtfilt's default
    if values.shape[-1] <= padding:
        raise InvalidError(f"{values.shape[-1]} samples are too few for this filter: more than {padding} are needed")
    if fs <= 2 * spec.high:
        raise InvalidError(
            f"A {spec.low:g}–{spec.high:g} Hz band-pass needs more than {2 * spec.high:g} Hz, not {fs:g} Hz"
        )
    coefficients = firwin(taps, [spec.low, spec.high], pass_zero=False, fs=fs)
    return np.asarray(filtfilt(coefficients, [1.0], values), dtype=np.float64)


def monitoring(signal: ArrayLike, fs: float) -> NDArray[np.float64]:
    """signal[samples] at fs Hz through 0.5–40 Hz for reading by eye: Butterworth of order 2, zero phase; NaN stays NaN.

    A stretch without any signal is returned as it is. Raises InvalidError where fs is too low for the upper edge.
    """
    if fs <= 2 * MONITOR[1]:
        raise InvalidError(f"A 0.5–40 Hz filter needs more than {2 * MONITOR[1]:g} Hz, not {fs:g} Hz", field="filter")
    values = np.asarray(signal, dtype=np.float64)
    if not np.isfinite(values).any():
        return values
    filled, missing = fill(values)
    sections = butter(2, MONITOR, btype="bandpass", fs=fs, output="sos")
    padding = min(round(fs), len(filled) - 1)
    return np.where(missing, np.nan, sosfiltfilt(sections, filled, padlen=padding))


def order_at(fs: float) -> int:
    """The paper's filter order at fs Hz: 0.3 seconds, made even so that the filter has a middle tap."""
    order = int(0.3 * fs)
    return order + order % 2
