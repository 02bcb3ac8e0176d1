"""Where a time axis is labelled, and in which unit: a beat in ms, a recording in s, a stay in hospital in h."""

from typing import Any

from frontend import format

UNITS = ((3_600_000.0, "h", 36_000_000), (60_000.0, "min", 1_200_000), (1000.0, "s", 10_000))  # ms; from this span on
STEPS = [factor * 10**power for power in range(6) for factor in (1, 2, 5)]
MOST, EVERY = 6, 90  # labels that there may be anyhow; px from one to the next where there is room for more


def unit(first: float, last: float) -> tuple[float, str]:
    """Milliseconds of the unit in which a stretch of `first` to `last` ms is labelled, and its name."""
    return next(((size, name) for size, name, least in UNITS if last - first >= least), (1.0, "ms"))


def ticks(first: float, last: float, edge: float = 30.0, room: float = 0.0) -> dict[str, Any]:
    """Plotly's ticks of an axis from `first` to `last` ms, none within `edge` of an end; 0 says the unit.

    `room`: px of the axis, where it may be a wide one.
    """
    size, name = unit(first, last)
    steps = [step for step in STEPS if step >= 100 or size > 1]
    most = max(MOST, room / EVERY)
    step = size * next((step for step in steps if (last - first) / (size * step) <= most), STEPS[-1])
    near = max(edge, edge / 5000 * (last - first)) if size > 1 else edge
    marks = [k * step for k in range(int(first / step), int(last / step) + 1) if first + near < k * step < last - near]
    named = marks[:1] if 0 not in marks else [0]
    words = [format.minus(f"{mark / size:g}") + (f" {name}" if mark in named else "") for mark in marks]
    return {"tickvals": marks, "ticktext": words}
