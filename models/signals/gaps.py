"""Gaps (NaN): bridged for filters and detectors only, and always remembered."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import InvalidError
from models.memory import mapped
from models.signals.pieces import is_long


def fill(signal: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """signal[samples] with straight lines across its gaps, and which samples were missing [samples].

    A gap at an end takes the nearest valid value. Raises InvalidError where no sample is valid.
    """
    values = np.array(signal, dtype=np.float64)
    missing = ~np.isfinite(values)
    if missing.all():
        raise InvalidError(f"None of the lead's {values.size} samples is valid")
    if missing.any():
        positions = np.arange(values.size)
        values[missing] = np.interp(positions[missing], positions[~missing], values[~missing])
    return values, missing


def bridged(signal: NDArray[np.float32]) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """`fill` of a lead [samples] of any length: one of many hours in single precision, its pages given back."""
    if not is_long(len(signal)):
        return fill(signal)
    missing = np.isnan(signal)
    if missing.all():
        raise InvalidError(f"None of the lead's {len(signal)} samples is valid")
    values = mapped.empty(len(signal))
    values[:] = signal
    for first, stop in edges(missing).tolist():
        before = values[first - 1] if first else values[stop]
        after = values[stop] if stop < len(values) else before
        values[first:stop] = np.linspace(before, after, stop - first + 2)[1:-1]
    mapped.rest()
    return values, missing


def edges(missing: NDArray[np.bool_]) -> NDArray[np.int64]:
    """First sample and the one after the last [gaps, 2] of each run of true in missing [samples]."""
    steps = np.flatnonzero(np.diff(missing, prepend=False, append=False))
    return steps.astype(np.int64).reshape(-1, 2)
