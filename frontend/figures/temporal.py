"""The decision over time: the probability of each class after each sample, and a ribbon of the most probable one."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from frontend import format
from frontend.figures import decimate, paper, time_axis
from frontend.tokens import TOKENS, Theme
from frontend.vocabulary import colour

AXIS, GAP, RIBBON, FOOT, RIGHT = 34, 6, 16, 17, 22  # px


@dataclass(frozen=True)
class Temporal:
    """What the panel shows."""

    curves: list[list[float]]  # probabilities [samples][classes]
    window: dict[str, Any]  # {samples, fs, before}
    classes: list[dict[str, str]]  # [{symbol, name}] in the model's order
    theme: Theme = "light"
    width: float = 386.0  # px
    height: float = 126.0  # px
    span: tuple[float, float] | None = None  # ms shown; None: the window

    @property
    def times(self) -> list[float]:
        """Ms from R at which each sample has been read."""
        w = self.window
        return [round((i + 1 - w["before"]) * 1000 / w["fs"], 2) for i in range(len(self.curves))]

    @property
    def winners(self) -> list[int]:
        """Index of the most probable class after each sample."""
        return [max(range(len(row)), key=row.__getitem__) for row in self.curves]

    def colour(self, symbol: str) -> str:
        """Hex colour of one of the classes."""
        names = {entry["symbol"]: entry["name"] for entry in self.classes}
        return colour(symbol, self.theme, names.get(symbol))

    @property
    def switch(self) -> float | None:
        """Ms from R after which the most probable class stays what it is in the end; None where it never changed."""
        last = self.winners[-1]
        other = [i for i, winner in enumerate(self.winners) if winner != last]
        return self.times[other[-1] + 1] if other else None


def sentence(temporal: Temporal, names: dict[str, str]) -> str:
    """`Paced from 336 ms`: when the decision last changed; of one output alone its value at the end."""
    if len(temporal.classes) == 1:
        return f"{format.probability(temporal.curves[-1][0])} at the end"
    name = names[temporal.classes[temporal.winners[-1]]["symbol"]]
    if temporal.switch is None:
        return f"{name} throughout"
    return f"{name} from {format.milliseconds(temporal.switch)} ms"


def words(temporal: Temporal, names: dict[str, str]) -> str:
    """The whole course, for those who cannot see it: `Normal until −70 ms, PVC until 12 ms, Paced from 12 ms`."""
    course = [
        f"{names[symbol]} until {format.milliseconds(temporal.times[members[-1]])} ms"
        for symbol, members in runs(temporal)[:-1]
    ]
    return ", ".join([*course, sentence(temporal, names)])


def runs(temporal: Temporal) -> list[tuple[str, list[int]]]:
    """Stretches of one most probable class: its symbol and the samples."""
    stretches = groupby(enumerate(temporal.winners), key=lambda at: at[1])
    return [(temporal.classes[index]["symbol"], [i for i, _ in members]) for index, members in stretches]


def time_range(times: list[float], width: float) -> tuple[float, float]:
    """First and last ms of an axis that shows all times and has room for letters at its right end."""
    return times[0], times[-1] + (times[-1] - times[0]) / (width - AXIS - RIGHT) * RIGHT


def figure(temporal: Temporal) -> paper.Figure:
    """The plotly figure."""
    return {"data": [*_curves(temporal), *_ribbon(temporal), *_letters(temporal)], "layout": _layout(temporal)}


def _layout(temporal: Temporal) -> dict[str, Any]:
    colours, tall, wide = TOKENS[temporal.theme], temporal.height, temporal.width
    first, last = temporal.span or time_range(temporal.times, wide)
    domain = [AXIS / wide, 1]
    small = {"size": 10.5, "color": colours["ink3"]}
    ticks = time_axis.ticks(first, last, room=wide - AXIS)
    foot = (FOOT + RIBBON) / tall
    return paper.layout(
        temporal.theme,
        wide,
        tall,
        xaxis=paper.axis(range=[first, last], domain=domain, anchor="y2", showticklabels=True, tickfont=small, **ticks),
        yaxis=paper.axis(
            range=[-0.04, 1.12],
            domain=[foot + GAP / tall, 1],
            showgrid=True,
            gridcolor=colours["line"],
            tickvals=[0, 0.5, 1],
            ticktext=["0", "0.5", "1"],
            showticklabels=True,
            tickfont=small,
            ticklabeloverflow="allow",
        ),
        yaxis2=paper.axis(
            range=[0, 1],
            domain=[FOOT / tall, foot],
            tickvals=[0.5],
            ticktext=["top"],
            showticklabels=True,
            tickfont=small,
        ),
        shapes=_edges(temporal),
    )


def _edges(temporal: Temporal) -> list[dict[str, Any]]:
    """The window's edges, and where the decision last changed."""
    ink = TOKENS[temporal.theme]["ink"]
    step = 1000 / temporal.window["fs"]
    dashed = {"color": ink, "width": 1, "dash": "2px,3px"}
    where = [(temporal.times[0] - step, dashed), (temporal.times[-1], dashed)] if temporal.span else []
    if temporal.switch is not None:
        where.append((temporal.switch, {"color": ink, "width": 1}))
    return [
        {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "y domain", "line": line, "opacity": 0.5}
        for x, line in where
    ]


def _curves(temporal: Temporal) -> list[dict[str, Any]]:
    final = temporal.winners[-1]
    traces = []
    for index, entry in enumerate(temporal.classes):
        line = {"color": colour(entry["symbol"], temporal.theme, entry["name"]), "width": 2 if index == final else 1.4}
        times, values = decimate.line(temporal.times, [row[index] for row in temporal.curves], temporal.width)
        traces.append({"x": times, "y": values, "mode": "lines", "line": line, "name": entry["name"]})
    return traces


def _ribbon(temporal: Temporal) -> list[dict[str, Any]]:
    """The most probable class as a ribbon: one bar trace, one bar for each run."""
    step = 1000 / temporal.window["fs"]
    stretches = runs(temporal)
    symbols = [symbol for symbol, _ in stretches]
    widths = [len(members) * step for _, members in stretches]
    per_px = (temporal.times[-1] - temporal.times[0]) / temporal.width
    return [
        {
            "type": "bar",
            "base": 0,
            "y": [1] * len(stretches),
            "yaxis": "y2",
            "name": "most probable",
            "x": [
                temporal.times[members[0]] - step + width / 2
                for (_, members), width in zip(stretches, widths, strict=True)
            ],
            "width": widths,
            "marker": {"color": [temporal.colour(s) for s in symbols], "line": {"width": 0}},
            "text": [s if width > 18 * per_px else "" for s, width in zip(symbols, widths, strict=True)],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "insidetextfont": {"color": TOKENS[temporal.theme]["inv"], "size": 11, "weight": 700},
            "constraintext": "none",
        }
    ]


def _letters(temporal: Temporal) -> list[dict[str, Any]]:
    """Letters of the two most probable classes at the right end."""
    final = temporal.curves[-1]
    two = sorted(range(len(final)), key=lambda i: -final[i])[:2]
    heights = [final[i] for i in two]
    apart = 16 * 1.16 / (temporal.height - FOOT - RIBBON - GAP)  # letters are 14 px high
    if len(heights) == 2 and heights[0] - heights[1] < apart:
        heights = [min(1.0, heights[0] + apart / 2), max(0.0, heights[1] - apart / 2)]
    symbols = [temporal.classes[i]["symbol"] for i in two]
    end = temporal.times[-1]
    shift = (temporal.times[-1] - temporal.times[0]) / temporal.width * 11
    return [
        {
            "x": [end + shift] * len(two),
            "y": heights,
            "mode": "markers+text",
            "text": symbols,
            "cliponaxis": False,
            "textfont": {"color": TOKENS[temporal.theme]["inv"], "size": 10, "weight": 700},
            "name": "labels",
            "marker": {
                "symbol": "square",
                "size": 9,
                "color": [temporal.colour(s) for s in symbols],
                "opacity": 1,
                "line": {"color": [temporal.colour(s) for s in symbols], "width": 5},
            },
        }
    ]
