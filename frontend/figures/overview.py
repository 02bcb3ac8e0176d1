"""The whole recording in 69 px: its envelope, and ribbons of reference and model classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frontend import format
from frontend.columns import coded, counts, floats
from frontend.figures import paper
from frontend.tokens import CLASSES, TOKENS, Theme
from frontend.vocabulary import label

TRACE, RIBBON, GAP, FOOT = 24, 11, 3, 14  # px
HEIGHT = TRACE + 2 * (RIBBON + GAP) + FOOT + GAP  # 69
BIN = 3  # px
STEPS = (1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800)  # s between two times
STACK = ("N", "L", "R", "A", "F", "/", "V", "Q")  # from the bottom: what is not normal stands on top


@dataclass(frozen=True)
class Overview:
    """What it shows; times in s."""

    signal: dict[str, Any] | None  # the whole lead, decimated
    beats: dict[str, Any]
    length: float
    model: bool = False
    theme: Theme = "light"
    width: float = 945.0


def figure(overview: Overview) -> paper.Figure:
    """The plotly figure."""
    rows = [*_envelope(overview), *_ribbon(overview, overview.beats["symbol"], "y2")]
    if overview.model:
        rows += _ribbon(overview, overview.beats["prediction"], "y3")
    return {"data": rows, "layout": _layout(overview)}


def words(overview: Overview) -> str:
    """The overview in a sentence, for those who cannot see it."""
    said = ", ".join(f"{format.count(n)} {symbol}" for symbol, n in counts(overview.beats["symbol"]).items())
    return f"The whole recording, {format.length(overview.length)} long; beats: {said or 'unlabelled'}."


def _layout(overview: Overview) -> dict[str, Any]:
    px = 1 / HEIGHT
    model = FOOT * px, (FOOT + RIBBON) * px
    reference = (FOOT + RIBBON + GAP) * px, (FOOT + 2 * RIBBON + GAP) * px
    return paper.layout(
        overview.theme,
        overview.width,
        HEIGHT,
        barmode="stack",
        bargap=0,
        xaxis=paper.axis(range=[0, overview.length], anchor="y", domain=[0, 1]),
        yaxis=paper.axis(range=_value_range(overview), domain=[reference[1] + GAP * px, 1]),
        yaxis2=paper.axis(range=[0, 1], domain=list(reference)),
        yaxis3=paper.axis(range=[0, 1], domain=list(model)),
        annotations=_times(overview),
    )


def _value_range(overview: Overview) -> list[float]:
    """A mV range that a single artefact does not flatten: 0.5 % is cut off at either end."""
    values = sorted(v for v in (overview.signal or {}).get("value", []) if v is not None) or [0.0, 1.0]
    cut = len(values) // 200
    low, high = values[cut], values[-1 - cut]
    return [low - 0.05, max(high, low + 0.1) + 0.05]


def _times(overview: Overview) -> list[dict[str, Any]]:
    step = next((s for s in STEPS if overview.length / s <= 8), overview.length / 8)
    marks = [k * step for k in range(int(overview.length / step) + 1)]
    near = overview.length * 0.015
    sides = ["left" if t < near else "right" if t > overview.length - near else "center" for t in marks]
    ink = TOKENS[overview.theme]["ink3"]
    return [
        paper.text(
            t, 0, _clock(t, overview.length), ink, yref="paper", size=10.5, xanchor=side, yanchor="bottom", borderpad=0
        )
        for t, side in zip(marks, sides, strict=True)
    ]


def _clock(time: float, length: float) -> str:
    """`00:00`; `0:00:00` where the recording has hours, so that all its times read alike."""
    words = format.length(time)
    return f"0:{words}" if length >= 3600 > time else words


def _envelope(overview: Overview) -> list[dict[str, Any]]:
    """Lowest and highest value of each pixel, joined with the next one's; a pixel without signal stays empty."""
    if overview.signal is None:
        return []
    pixels = int(overview.width)
    if len(overview.signal["time"]) < pixels:
        return [_line(overview, overview.signal)]
    low: list[paper.Point] = [None] * pixels
    high: list[paper.Point] = [None] * pixels
    lost: set[int] = set()  # pixels whose samples hold no signal
    for time, value in zip(overview.signal["time"], overview.signal["value"], strict=True):
        at = min(pixels - 1, int(time / overview.length * pixels))
        if value is None:
            lost.add(at)
            continue
        now_low, now_high = low[at], high[at]
        low[at] = value if now_low is None else min(now_low, value)
        high[at] = value if now_high is None else max(now_high, value)
    for i in range(1, pixels):
        if low[i] is None and i not in lost:  # no sample fell into it: the trace goes on
            low[i], high[i] = low[i - 1], high[i - 1]
    times = [(i + 0.5) / pixels * overview.length for i in range(pixels)]
    half = overview.length / pixels / 2  # a flat line has no height: each segment is as wide as its pixel
    xs, ys = paper.segments([(t - half, a, t + half, z) for t, a, z in _joined(times, low, high)])
    line = {"color": TOKENS[overview.theme]["ink3"], "width": 1.2}
    return [{"x": xs, "y": ys, "mode": "lines", "line": line, "opacity": 0.55, "name": "envelope"}]


def _joined(
    times: Sequence[float], low: Sequence[paper.Point], high: Sequence[paper.Point]
) -> list[tuple[float, float, float]]:
    """Time, least and most of each pixel, stretched until it touches the one before: a flat line leaves no gaps."""
    found: list[tuple[float, float, float]] = []
    before: tuple[float, float] | None = None
    for time, least, most in zip(times, low, high, strict=True):
        if least is None or most is None:
            before = None
            continue
        floor, ceiling = (least, most) if before is None else (min(least, before[1]), max(most, before[0]))
        found.append((time, floor, ceiling))
        before = least, most
    return found


def _line(overview: Overview, signal: dict[str, Any]) -> dict[str, Any]:
    """A signal of fewer samples than there are pixels."""
    line = {"color": TOKENS[overview.theme]["ink3"], "width": 1.2}
    return {"x": signal["time"], "y": signal["value"], "mode": "lines", "line": line, "name": "envelope"}


def _ribbon(overview: Overview, symbols: Sequence[str | None], axis: str) -> list[dict[str, Any]]:
    """Shares of the classes in bins of 3 px, one bar trace for each class."""
    bins = max(1, int(overview.width / BIN))
    wide = overview.length / bins
    traces = []
    for symbol, share in _shares(overview, symbols, bins).items():
        at = np.flatnonzero(share)
        if len(at):
            colour = CLASSES[symbol].colour(overview.theme)
            marker = {"color": colour, "opacity": 0.3 if symbol == "N" else 0.95, "line": {"width": 0}}
            traces.append(
                {
                    "type": "bar",
                    "x": ((at + 0.5) * wide).tolist(),
                    "y": share[at].tolist(),
                    "width": wide,
                    "marker": marker,
                    "yaxis": axis,
                    "name": CLASSES[symbol].name,
                }
            )
    return traces


def _shares(overview: Overview, symbols: Sequence[str | None], bins: int) -> dict[str, NDArray[np.float64]]:
    """Share [bins] of each class among the beats of a bin, in the order of the stack."""
    codes, names = coded(symbols)
    at = np.minimum(bins - 1, (floats(overview.beats["time"]) / overview.length * bins).astype(int))
    found = dict.fromkeys(STACK, np.zeros(bins))
    total = np.bincount(at[codes >= 0], minlength=bins)
    for code, name in enumerate(names):
        group = label(name).colour_group
        if group in found:
            found[group] = found[group] + np.bincount(at[codes == code], minlength=bins)
    return {symbol: number / np.maximum(1, total) for symbol, number in found.items()}
