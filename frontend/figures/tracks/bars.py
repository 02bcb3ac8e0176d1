"""A value for each unit, class or channel: one bar each."""

from typing import Any

import numpy as np

from frontend import format
from frontend.figures import paper
from frontend.figures.tracks.frame import FOOT, TOP, Frame
from frontend.figures.tracks.kind import Kind
from frontend.figures.tracks.names import ends, shown
from frontend.figures.tracks.scale import Scale
from frontend.tokens import TOKENS
from frontend.tracks import Track
from frontend.vocabulary import colour

HEIGHT = 44.0  # px
FEW = 14  # names that all stand below their bars


def draw(track: Track, frame: Frame, scale: Scale) -> paper.Figure:
    """The bars in the order of the dimension, each as wide as its share of the axis."""
    count, [dim] = track.count(track.dims[0]), track.dims
    names = shown(track, dim, frame)
    ticks = dict(zip(map(float, range(count)), names, strict=True)) if count <= FEW else {0.0: names[0]}
    if count > FEW:
        ticks[float(count - 1)] = names[-1]
    tall = HEIGHT + FOOT
    bars: dict[str, Any] = {
        "type": "bar",
        "base": 0,
        "x": list(range(count)),
        "y": track.array.tolist(),
        "width": [0.8] * count,
        "marker": {"color": inks(track, frame), "line": {"width": 0}},
        "text": [""] * count,
        "insidetextfont": {"color": TOKENS[frame.theme]["inv"], "size": 10},
        "name": track.name,
        "hoverinfo": "skip",
    }
    y = paper.axis(range=[scale.low, scale.high], domain=[FOOT / tall, 1 - TOP / tall], **ends(scale, frame.theme))
    return {
        "data": [bars],
        "layout": paper.layout(
            frame.theme, frame.width, tall, xaxis=frame.other(-0.5, count - 0.5, ticks), yaxis=y, bargap=0
        ),
    }


def inks(track: Track, frame: Frame) -> list[str]:
    """Classes in their colours; everything else by its sign."""
    if track.dims == ("class",):
        return [colour(symbol, frame.theme, frame.name(symbol)) for symbol in track.names("class")]
    tokens = TOKENS[frame.theme]
    return [tokens["neg"] if value < 0 else tokens["rel"] for value in track.array]


def said(track: Track, frame: Frame, _: Scale) -> str:
    """`largest 0.42 at unit 7`."""
    [dim] = track.dims
    known = np.where(np.isnan(track.array), 0.0, track.array)
    at = int(np.argmax(np.abs(known)))
    name = track.names(dim)[at]
    where = f"{dim} {name}" if name.isdecimal() else name
    return f"largest {format.measure(float(known[at]))} at {where}"


KIND = Kind(lambda track: len(track.dims) == 1 and track.dims[0] in ("unit", "class", "channel"), draw, said, order=20)
