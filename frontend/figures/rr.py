"""Axes of the two plots of RR: Poincaré plot and tachogram. Dots: assets/pages/gallery/dots.js, on a canvas.

Ten thousand dots as SVG took 600 ms to draw and 220 ms at each change of the chosen group; on a canvas a few ms.
"""

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import numpy as np

from frontend import format
from frontend.columns import floats
from frontend.figures import paper
from frontend.tokens import TOKENS, Theme

LEFT, FOOT, TOP = 40, 38, 16  # px: labels left and below, the axis' name above
GRID, LEAST = 100, 400  # ms between two lines, and from the first to the last at least
STEPS = (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 28800, 86400)  # s between two times


def limits(values: Sequence[float | None]) -> tuple[float, float]:
    """First and last ms of an axis that holds 99 of 100 intervals, on whole 100 ms."""
    found = floats(values)
    known = np.sort(found[np.isfinite(found)]).tolist() or [600.0, 1000.0]
    cut = len(known) // 200
    low, high = floor(known[cut] / GRID - 0.25) * GRID, ceil(known[-1 - cut] / GRID + 0.25) * GRID
    return float(max(0, low)), float(max(high, low + LEAST))


def poincare(span: tuple[float, float], theme: Theme, size: float) -> paper.Figure:
    """RR after over RR before, both in ms on the same scale; `size` in px, wide and tall."""
    low, high = span
    colours = TOKENS[theme]
    line = {"color": colours["line2"], "width": 1, "dash": "3px,3px"}
    diagonal = {"type": "line", "x0": low, "y0": low, "x1": high, "y1": high, "line": line, "layer": "below"}
    names = [
        paper.text(1, 0, "RR before, ms", colours["ink2"], **_corner("right", "top", -FOOT + 18)),
        paper.text(0, 1, "RR after, ms", colours["ink2"], **_corner("left", "bottom", 2), xshift=-LEFT + 4),
    ]
    return {
        "data": [],
        "layout": paper.layout(
            theme,
            size,
            size,
            margin={"l": LEFT, "r": 10, "t": TOP, "b": FOOT, "pad": 0},
            xaxis=_intervals(span, theme),
            yaxis=_intervals(span, theme),
            shapes=[diagonal],
            annotations=names,
        ),
    }


def tachogram(span: tuple[float, float], seconds: float, theme: Theme, size: tuple[float, float]) -> paper.Figure:
    """RR before each beat over the whole recording of `seconds`; `size` in px, wide and tall."""
    return _over_time(_intervals(span, theme), seconds, theme, size)


def margins(seconds: float, theme: Theme, size: tuple[float, float]) -> paper.Figure:
    """The same axes for how far each output is from another, 0 to 1."""
    small = {"size": 10.5, "color": TOKENS[theme]["ink3"]}
    lines = {"showgrid": True, "gridcolor": TOKENS[theme]["line"], "tickvals": [0, 0.25, 0.5, 0.75, 1]}
    words = {"ticktext": ["0", "", "0.5", "", "1"], "showticklabels": True, "tickfont": small}
    return _over_time(paper.axis(range=[-0.04, 1.04], **lines, **words), seconds, theme, size)


def _over_time(values: dict[str, Any], seconds: float, theme: Theme, size: tuple[float, float]) -> paper.Figure:
    width, height = size
    small = {"size": 10.5, "color": TOKENS[theme]["ink3"]}
    step = next((step for step in STEPS if seconds / step <= 8), STEPS[-1])
    at = list(range(0, int(seconds) + 1, step))
    times = paper.axis(
        range=[0, seconds], showticklabels=True, tickvals=at, ticktext=[format.length(s) for s in at], tickfont=small
    )
    margin = {"l": LEFT, "r": 16, "t": 8, "b": 22, "pad": 0}
    return {"data": [], "layout": paper.layout(theme, width, height, margin=margin, xaxis=times, yaxis=values)}


def _intervals(span: tuple[float, float], theme: Theme) -> dict[str, Any]:
    low, high = span
    lines = [low + GRID * k for k in range(int((high - low) / GRID) + 1)]
    every = 2 if len(lines) <= 12 else 5
    words = [f"{ms:.0f}" if ms > low and ms % (GRID * every) == 0 else "" for ms in lines]
    return paper.axis(
        range=[low, high],
        showgrid=len(lines) <= 25,
        gridcolor=TOKENS[theme]["line"],
        gridwidth=1,
        tickvals=lines,
        ticktext=words,
        showticklabels=True,
        tickfont={"size": 10.5, "color": TOKENS[theme]["ink3"]},
    )


def _corner(x: str, y: str, shift: float) -> dict[str, Any]:
    return {"xref": "paper", "yref": "paper", "xanchor": x, "yanchor": y, "yshift": shift}
