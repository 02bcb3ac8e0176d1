"""A value for each of two dimensions: a heat map, time from left to right where there is time."""

from typing import Any

import numpy as np

from frontend import format
from frontend.figures import decimate, paper
from frontend.figures.ramp import ramp
from frontend.figures.tracks.frame import FOOT, Frame
from frontend.figures.tracks.kind import Kind
from frontend.figures.tracks.names import shown
from frontend.figures.tracks.scale import Scale
from frontend.tokens import TOKENS
from frontend.tracks import Track

ROW, LEAST, MOST = 11.0, 33.0, 84.0  # px: of a row that has its name; of all
ALPHA = 0.92
ALONG = ("time", "step", "unit", "class", "channel")  # which of two dimensions goes from left to right


def sides(track: Track) -> tuple[str, str]:
    """The dimension that goes down, and the one that goes from left to right."""
    across = min(track.dims, key=ALONG.index)
    return next(dim for dim in track.dims if dim != across), across


def draw(track: Track, frame: Frame, scale: Scale) -> paper.Figure:
    """The cells, the first row on top."""
    down, across = sides(track)
    count = track.count(down)
    inside = min(MOST, max(LEAST, ROW * count))
    foot = 0.0 if across == "time" else FOOT
    tall = inside + foot
    x, time = axis(track, frame, across)
    y = paper.axis(range=[count - 0.5, -0.5], domain=[foot / tall, 1], **labels(track, down, frame, inside))
    layout = paper.layout(frame.theme, frame.width, tall, xaxis=x, yaxis=y)
    return {
        "data": [cells(track, frame, scale, inside)],
        "layout": layout | ({"shapes": frame.edges()} if time else {}),
    }


def cells(track: Track, frame: Frame, scale: Scale, tall: float) -> dict[str, Any]:
    """No more of them than can be seen, each the strongest of what it stands for."""
    down, across = sides(track)
    rows, high = decimate.strongest(track.along(across, down).tolist(), tall)
    values, wide = decimate.strongest(np.transpose(decimate.floats(rows)).tolist(), frame.px)
    first, step = frame.grid(track.count(across)) if across == "time" else (0.0, 1.0)
    return {
        "type": "heatmap",
        "z": values,
        "x0": first + step * (wide - 1) / 2 + (frame.sample / 2 if across == "time" else 0.0),
        "dx": step * wide,
        "y0": (high - 1) / 2,
        "dy": high,
        "zmin": scale.low,
        "zmax": scale.high,
        "colorscale": ramp(frame.theme, scale.signed, ALPHA),
        "showscale": False,
        "hoverinfo": "skip",
        "zsmooth": False,
        "name": track.name,
    }


def axis(track: Track, frame: Frame, across: str) -> tuple[dict[str, Any], bool]:
    """From left to right, and whether that is time."""
    if across == "time":
        return frame.time(), True
    count, names = track.count(across), shown(track, across, frame)
    return frame.other(-0.5, count - 0.5, {0.0: names[0], count - 1.0: names[-1]}), False


def labels(track: Track, down: str, frame: Frame, tall: float) -> dict[str, Any]:
    """Every row's name where it has room, else the first and the last."""
    names = shown(track, down, frame)
    every = len(names) * 10 <= tall
    ticks = dict(enumerate(names)) if every else {0: names[0], len(names) - 1: names[-1]}
    small = {"size": 10, "color": TOKENS[frame.theme]["ink3"]}
    return {
        "tickvals": list(ticks),
        "ticktext": list(ticks.values()),
        "showticklabels": True,
        "tickfont": small,
        "ticklabeloverflow": "allow",
    }


def said(track: Track, frame: Frame, _: Scale) -> str:
    """`largest −0.93 at unit 7, 12 ms`."""
    down, across = sides(track)
    values = track.along(down, across)
    size = np.where(np.isnan(values), -1.0, np.abs(values))
    row, column = np.unravel_index(int(np.argmax(size)), size.shape)
    name, other = track.names(down)[int(row)], track.names(across)[int(column)]
    first, step = frame.grid(values.shape[1])
    where = format.span(first + int(column) * step) if across == "time" else f"{across} {other}"
    return f"largest {format.measure(float(values[row, column]))} at {down} {name}, {where}"


KIND = Kind(lambda track: len(track.dims) == 2, draw, said, order=40)
