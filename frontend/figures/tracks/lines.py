"""A value over time or over steps, or one for each class or channel: lines on one scale."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from frontend import format
from frontend.figures import decimate, paper
from frontend.figures.tracks.frame import BASE, FOOT, TOP, Frame
from frontend.figures.tracks.kind import Kind
from frontend.figures.tracks.names import ends
from frontend.figures.tracks.scale import Scale
from frontend.tokens import TOKENS
from frontend.tracks import Track
from frontend.vocabulary import colour

HEIGHT, SIGNAL = 44.0, 64.0  # px
ROLES = ("probability", "displacement", "signal", "loss")  # which are lines also where there are several
DASHES = ("solid", "dot", "dash", "dashdot")  # channels are told apart by these
INPUT = ("", "SD")  # units in which a signal is the network's own input
EDGE = 0.06  # of the scale, above and below


def fits(track: Track) -> bool:
    """Whether a track runs over time or steps, and beside that over nothing, or over a few classes or channels."""
    along = [dim for dim in track.dims if dim in ("time", "step")]
    beside = [dim for dim in track.dims if dim not in along]
    few = len(beside) == 1 and beside[0] in ("class", "channel") and (track.role in ROLES or along == ["step"])
    return len(along) == 1 and (not beside or few)


def draw(track: Track, frame: Frame, scale: Scale) -> paper.Figure:
    """The lines; below a signal what the model really read, where it is in the same unit."""
    over_time = "time" in track.dims
    first = original(track, frame)
    ends_of = reached(scale, first)
    tall = (SIGNAL if track.role == "signal" else HEIGHT) + (0.0 if over_time else FOOT)
    margin = EDGE * (ends_of.high - ends_of.low)
    y = paper.axis(
        range=[ends_of.low - margin, ends_of.high + margin],
        domain=[(BASE if over_time else FOOT) / tall, 1 - TOP / tall],
        **ends(ends_of, frame.theme),
    )
    count = track.count("time" if over_time else "step")
    x = frame.time() if over_time else frame.other(0.0, max(1.0, count - 1.0), steps(count))
    layout = paper.layout(frame.theme, frame.width, tall, xaxis=x, yaxis=y)
    return {
        "data": [*ground(first, track, frame), *lines(track, frame)],
        "layout": layout | ({"shapes": frame.edges()} if over_time else {}),
    }


def lines(track: Track, frame: Frame) -> list[dict[str, Any]]:
    """A line for each class or channel."""
    along = "time" if "time" in track.dims else "step"
    other = next((dim for dim in track.dims if dim != along), None)
    rows = track.along(other, along) if other else track.along(along)[None]
    times = track_times(track, frame, rows.shape[1])
    names = track.names(other) if other else [track.name]
    return [
        trace(times, row.tolist(), frame, name, line_style(track, frame, other, name, index))
        for index, (name, row) in enumerate(zip(names, rows, strict=True))
    ]


def line_style(track: Track, frame: Frame, other: str | None, name: str, index: int) -> dict[str, Any]:
    """The style of one line: a class in its colour, a channel by its dashes."""
    ink = colour(name, frame.theme, frame.name(name)) if other == "class" else TOKENS[frame.theme]["rel"]
    return {"color": ink, "width": 1.4} | ({"dash": DASHES[index % len(DASHES)]} if other == "channel" else {})


def trace(
    times: Sequence[float], values: Sequence[float | None], frame: Frame, name: str, line: dict[str, Any]
) -> dict[str, Any]:
    """One line, of no more points than can be seen."""
    xs, ys = decimate.line(times, values, frame.px)
    return {"x": xs, "y": ys, "mode": "lines", "line": line, "name": name, "hoverinfo": "skip"}


def track_times(track: Track, frame: Frame, count: int) -> list[float]:
    """Where each value stands: at its sample, a probability after it; or its step."""
    if "time" not in track.dims:
        return [float(i) for i in range(count)]
    first, step = frame.grid(count)
    after = frame.sample if track.role == "probability" else 0.0
    return [round(first + after + i * step, 3) for i in range(count)]


def original(track: Track, frame: Frame) -> list[float | None] | None:
    """The signal that was there, in the unit of a track that is one; None where there is no such."""
    if track.role != "signal" or "time" not in track.dims:
        return None
    window, k = frame.window, track.channel
    name = "input" if track.unit in INPUT else "millivolts"
    leads = window.get(name) or []
    units = window.get("units") or ["mV"] * len(leads)
    if k >= len(leads) or (name == "millivolts" and units[k] != track.unit):
        return None
    found: list[float | None] = leads[k]
    return found if len(found) == track.count("time") else None


def ground(first: list[float | None] | None, track: Track, frame: Frame) -> list[dict[str, Any]]:
    """The original, in grey."""
    if first is None:
        return []
    drawn = trace(track_times(track, frame, len(first)), first, frame, "original", {"width": 1.2})
    return [drawn | {"line": {"color": TOKENS[frame.theme]["trace"], "width": 1.2}, "opacity": 0.38}]


def reached(scale: Scale, first: list[float | None] | None) -> Scale:
    """The scale, wide enough for the original too."""
    if first is None:
        return scale
    known = decimate.floats(first)
    return Scale(min(scale.low, float(np.nanmin(known))), max(scale.high, float(np.nanmax(known))), scale.fixed)


def steps(count: int) -> dict[float, str]:
    """The first step and the last."""
    return {0.0: "step 1", max(1.0, count - 1.0): format.count(count)}


def said(track: Track, frame: Frame, _: Scale) -> str:
    """`from 0.71 to −2.10` over steps; `largest 0.42 at 12 ms` over time."""
    along = "time" if "time" in track.dims else "step"
    rows = track.along(along, *[dim for dim in track.dims if dim != along]).reshape(track.count(along), -1)
    if along == "step":
        return f"from {format.measure(float(rows[0, 0]))} to {format.measure(float(rows[-1, 0]))}"
    at, which = divmod(int(np.argmax(np.where(np.isnan(rows), -1.0, np.abs(rows)))), rows.shape[1])
    return (
        f"largest {format.measure(float(rows[at, which]))} at {format.span(track_times(track, frame, len(rows))[at])}"
    )


KIND = Kind(fits, draw, said, order=30)
