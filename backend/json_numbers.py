"""NumPy to what JSON can say."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def numbers(values: NDArray[Any], digits: int = 6) -> list[Any]:
    """values [...] as nested lists, rounded to `digits` after the point; None for what is not finite."""
    rounded = np.round(np.asarray(values, dtype=np.float64), digits)
    return _nulled(rounded.tolist()) if not np.isfinite(rounded).all() else list(rounded.tolist())


def number(value: float, digits: int = 6) -> float | None:
    """A number, rounded likewise; None for what is not finite."""
    return round(float(value), digits) if math.isfinite(value) else None


def _nulled(values: Any) -> Any:
    if isinstance(values, list):
        return [_nulled(value) for value in values]
    return values if math.isfinite(values) else None
