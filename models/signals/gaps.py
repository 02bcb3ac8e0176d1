"""Gaps (NaN): bridged for filters and detectors only, and always remembered."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import InvalidError


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


def edges(missing: NDArray[np.bool_]) -> NDArray[np.int64]:
    """First sample and the one after the last [gaps, 2] of each run of true in missing [samples]."""
    steps = np.flatnonzero(np.diff(missing, prepend=False, append=False))
    return steps.astype(np.int64).reshape(-1, 2)
