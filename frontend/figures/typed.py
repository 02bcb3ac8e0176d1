"""Numbers of figures as plotly's typed arrays, `{dtype, bdata, shape}`: half as long as in text, and not parsed."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frontend.figures.paper import Figure

NAMES = ("x", "y", "z")  # of what a trace holds in numbers
LEAST = 24  # values; fewer are shorter as text
NEAR = 1e-5  # of the values' range: closer than any pixel
GAP = -32_768  # of sixteen bits: no value
WHOLE = (("i1", np.int8), ("i2", np.int16), ("i4", np.int32))


def props(found: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Properties of components with every figure typed."""
    return {
        id: {name: typed(value) if name == "figure" and value else value for name, value in own.items()}
        for id, own in found.items()
    }


def typed(figure: Figure) -> Figure:
    """A figure whose long traces are typed arrays; everything else as it is."""
    return {**figure, "data": [{**trace, **packed_parts(trace)} for trace in figure["data"]]}


def packed_parts(trace: Mapping[str, Any]) -> dict[str, Any]:
    """What of a trace is numbers."""
    return {name: packed(trace[name]) for name in NAMES if name in trace}


def packed(values: Any) -> Any:
    """A list of numbers, or of rows of numbers, as `{dtype, bdata, shape}`; None is NaN. Anything else as it is."""
    if not isinstance(values, list) or not values or isinstance(values[0], str):
        return values
    size = len(values) * (len(values[0]) if isinstance(values[0], list) else 1)
    if size < LEAST:
        return values
    try:
        exact = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):  # rows of different lengths, or words
        return values
    code, small = smallest(exact)
    spec = {"dtype": code, "bdata": b64encode(small.tobytes()).decode()}
    return spec if exact.ndim == 1 else spec | {"shape": ", ".join(map(str, exact.shape))}


def sixteen_bits(values: list[list[float]]) -> Any:
    """Rows of numbers as `{dtype, bdata, shape, step, middle}`, for scripts alone: steps from the middle.

    A step is the range's 65,000th: less than a screen shows, in half the bytes. None stays None.
    """
    exact = np.array(values, dtype=np.float64)
    known = exact[np.isfinite(exact)]
    if exact.size < LEAST or not len(known):
        return values
    least, step = float(known.min()), float(np.ptp(known)) / 65_000 or 1.0
    steps = np.where(np.isfinite(exact), np.round((exact - least) / step) - 32_500, GAP).astype("<i2")
    spec = {"dtype": "i2", "bdata": b64encode(steps.tobytes()).decode(), "shape": ", ".join(map(str, exact.shape))}
    return spec | {"step": step, "middle": least + 32_500 * step}


def smallest(exact: NDArray[np.float64]) -> tuple[str, NDArray[Any]]:
    """The shortest type in which no value moves by what a screen could show; plotly's name of it, and the values."""
    known = exact[np.isfinite(exact)]
    if len(known) == exact.size and np.array_equal(known, np.round(known)):
        for code, kind in WHOLE:
            if np.abs(known).max() <= np.iinfo(kind).max:
                return code, exact.astype(f"<{code}")
    short = exact.astype("<f4")
    if len(known) and np.abs(known - known.astype(np.float32)).max() > NEAR * (np.ptp(known) or 1.0):
        return "f8", exact.astype("<f8")
    return "f4", short
