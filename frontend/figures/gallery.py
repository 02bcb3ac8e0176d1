"""A tile of the gallery: beats of one group over each other, their mean, and behind them the mean relevance."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from frontend.figures import paper
from frontend.figures.beat import ALPHA
from frontend.figures.ramp import ramp
from frontend.tokens import TOKENS, Theme, rgba

EVERY, LINES = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000), 12  # ms between two vertical lines; lines at most
FEW = 0.01  # of all beats
INSIDE = 0.95  # of a group's traces lie whole in their tile


@dataclass(frozen=True)
class Frame:
    """What all tiles of a page share, so that they can be compared."""

    before: float  # ms from a trace's first value to R
    step: float  # ms between two values
    low: float  # mV
    high: float
    signed: bool = False
    theme: Theme = "light"
    width: float = 288.0  # px
    height: float = 144.0

    def scale(self, ms: float) -> str:
        """`127 mm/s · 12 mm/mV`, where a tile shows so many ms."""
        speed, gain = self.width / ms * 1000 / paper.PX_PER_MM, self.height / (self.high - self.low) / paper.PX_PER_MM
        return f"{speed:.3g} mm/s · {gain:.2g} mm/mV"

    def times(self, count: int) -> list[float]:
        """The times of `count` values, in ms from R."""
        return [round(i * self.step - self.before, 2) for i in range(count)]


def limits(groups: list[dict[str, Any]]) -> tuple[float, float]:
    """Lowest and highest mV, on 0.1 mV, of the groups' means and of nearly all traces of each.

    Groups of less than 1% of the beats, often a single artefact, do not count where there are others.
    """
    total = sum(group["count"] for group in groups)
    large = [group for group in groups if group["count"] >= FEW * total]
    means = [v for group in large for v in group["mean"] if v is not None] or [0.0]
    lows = [_reached(group, lambda trace: -min(trace)) for group in large]
    highs = [_reached(group, max) for group in large]
    low, high = min([-max(lows, default=1.0), *means]), max([max(highs, default=1.0), *means])
    return round(low * 10 - 0.5) / 10 - 0.1, round(high * 10 + 0.5) / 10 + 0.1


def _reached(group: dict[str, Any], end: Callable[[list[float]], float]) -> float:
    """How far nearly all of a group's traces reach; 0 where it has none."""
    known = [[v for v in trace if v is not None] for trace in group["traces"]]
    ends = sorted(end(trace) for trace in known if trace)
    return ends[int(INSIDE * (len(ends) - 1))] if ends else 0.0


def figure(group: dict[str, Any], frame: Frame) -> paper.Figure:
    """The plotly figure; the browser fills in the relevance."""
    return {"data": [_ramp(frame), _beats(group, frame), _mean(group, frame)], "layout": _layout(group, frame)}


def _ramp(frame: Frame) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "x": [0, 1],
        "y": [frame.low, frame.high],
        "z": [[0, 0], [0, 0]],
        "zmin": -1 if frame.signed else 0,
        "zmax": 1,
        "colorscale": ramp(frame.theme, frame.signed, ALPHA),
        "showscale": False,
        "hoverinfo": "skip",
        "zsmooth": False,
        "name": "relevance",
    }


def _beats(group: dict[str, Any], frame: Frame) -> dict[str, Any]:
    """All beats as one trace with gaps."""
    xs: list[paper.Point] = []
    ys: list[paper.Point] = []
    for trace in group["traces"]:
        xs += [*frame.times(len(trace)), None]
        ys += [*trace, None]
    line = {"color": rgba(TOKENS[frame.theme]["trace"], 0.13), "width": 0.8}  # each beat darkens those below it
    return {"x": xs, "y": ys, "mode": "lines", "line": line, "hoverinfo": "skip", "name": "beats"}


def _mean(group: dict[str, Any], frame: Frame) -> dict[str, Any]:
    line = {"color": TOKENS[frame.theme]["trace"], "width": 1.7}
    times = frame.times(len(group["mean"]))
    return {"x": times, "y": group["mean"], "mode": "lines", "line": line, "hoverinfo": "skip", "name": "mean"}


def _layout(group: dict[str, Any], frame: Frame) -> dict[str, Any]:
    colours = TOKENS[frame.theme]
    times = frame.times(len(group["mean"]))
    volts = {"showgrid": True, "gridcolor": colours["g1"], "dtick": 1, "tick0": 0, "zerolinecolor": colours["g2"]}
    every = next((step for step in EVERY if (times[-1] - times[0]) / step <= LINES), EVERY[-1])
    lines = {"showgrid": True, "gridcolor": colours["g1"], "dtick": every, "tick0": 0}
    return paper.layout(
        frame.theme,
        frame.width,
        frame.height,
        plot_bgcolor=colours["paper"],
        xaxis=paper.axis(range=[times[0], times[-1]], **lines),
        yaxis=paper.axis(range=[frame.low, frame.high], **(volts | {"zeroline": True, "zerolinewidth": 1})),
    )
