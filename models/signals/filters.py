"""Filters of a whole lead."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import filtfilt, firwin

from models.cards import BandPass
from models.errors import InvalidError

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


def order_at(fs: float) -> int:
    """The paper's filter order at fs Hz: 0.3 seconds, made even so that the filter has a middle tap."""
    order = int(0.3 * fs)
    return order + order % 2
