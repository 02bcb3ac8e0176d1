"""Fewer values where a screen cannot show them all: peaks, gaps and both ends stay. The API has all of them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DENSE = 2  # columns in a CSS pixel: a fine screen has as many


class Cells(NamedTuple):
    """Rows of a heat map, each cell holding the strongest of the values that it stands for."""

    rows: list[list[float]]
    each: int  # values in a cell


def floats(values: Any) -> Floats:
    """Values as numbers; None is a gap."""
    return np.array(values, dtype=np.float64)


def line(times: Sequence[float], values: Sequence[float | None], width: float) -> tuple[list[Any], list[Any]]:
    """Times and values of a line drawn `width` px wide: of each column the lowest and the highest, where they lie."""
    at = drawn_indices(floats(values), width)
    if len(at) == len(values):
        return list(times[: len(values)]), list(values)  # of a line that is still to come there are no values
    return [times[i] for i in at], [values[i] for i in at]


def drawn_indices(values: Floats, width: float) -> NDArray[np.intp]:
    """Indices of what is kept of a line [n]; all of them where there are few."""
    columns = columns_of(width)
    if len(values) <= 2 * columns:
        return np.arange(len(values))
    rows, each = _folded(values[None], columns)
    first = np.arange(rows.shape[1]) * each
    lowest = np.argmin(np.where(np.isnan(rows[0]), np.inf, rows[0]), axis=1)
    highest = np.argmax(np.where(np.isnan(rows[0]), -np.inf, rows[0]), axis=1)
    ends = np.array([0, len(values) - 1])
    return np.unique(np.concatenate([first + lowest, first + highest, ends]))


def strongest(rows: Sequence[Sequence[float | None]], width: float) -> Cells:
    """Rows [rows][n] as cells of a heat map drawn `width` px wide, the last one of fewer values than `each`."""
    columns = columns_of(width)
    if not rows or len(rows[0]) <= 2 * columns:
        return Cells([list(row) for row in rows], 1)  # type: ignore[arg-type]
    folded, each = _folded(floats(rows), columns)
    return Cells(peaks(folded).tolist(), each)


def peaks(folded: Floats) -> Floats:
    """The value of largest magnitude in each cell of [..., cells, values], with its sign; NaN where there is none."""
    at = np.argmax(np.where(np.isnan(folded), -1.0, np.abs(folded)), axis=-1)
    found: Floats = np.take_along_axis(folded, at[..., None], axis=-1)[..., 0]
    return found


def columns_of(width: float) -> int:
    """Columns of a figure of this width in px."""
    return max(1, round(DENSE * width))


def _folded(rows: Floats, columns: int) -> tuple[Floats, int]:
    """Rows [rows, n] as [rows, columns, each], filled up with NaN."""
    count = rows.shape[1]
    each = -(-count // columns)
    cells = -(-count // each)
    filled = np.full((len(rows), cells * each), np.nan)
    filled[:, :count] = rows
    return filled.reshape(len(rows), cells, each), each
