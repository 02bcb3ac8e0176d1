"""What lies behind the trace of a row: a map's values as colours, and where no step of the network is centred."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from frontend.tokens import TOKENS, Theme, rgba

ALPHA = 0.55  # of the strongest relevance: the grid stays readable behind it


@dataclass(frozen=True)
class Map:
    """Relevance behind the trace: values [samples] from `start` s on, `step` s apart."""

    values: Sequence[float]
    start: float
    step: float
    full: float
    signed: bool
    strength: float = 1.0
    known: tuple[float, float] | None = None  # s between which the network has steps; outside, the edge's value is held


class Paper(Protocol):
    """What a map lies on: times in s, the paper's lower edge in mV, its height in mm."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def paper_mm(self) -> float: ...
    @property
    def gain(self) -> float: ...
    @property
    def theme(self) -> Theme: ...
    @property
    def map(self) -> Map | None: ...


def heat(row: Paper) -> list[dict[str, Any]]:
    """Relevance of this row's seconds as one row of a heat map, far taller than the paper."""
    if row.map is None:
        return []
    found = row.map
    first = max(0, round((row.start - found.start) / found.step))
    last = min(len(found.values), round((row.end - found.start) / found.step))
    if last <= first:
        return []
    return [
        {
            "type": "heatmap",
            "x0": found.start + (first + 0.5) * found.step,
            "dx": found.step,
            "y0": 0,
            "dy": 200,
            "z": [list(found.values[first:last])],
            "zmin": -found.full if found.signed else 0,
            "zmax": found.full,
            "colorscale": ramp(row.theme, found.signed, found.strength),
            "showscale": False,
            "hoverinfo": "skip",
            "zsmooth": False,
            "name": "relevance",
        }
    ]


def hatch(row: Paper) -> list[dict[str, Any]]:
    """Oblique lines where no step of the network is centred: the map there is its edge's value, held."""
    if row.map is None or row.map.known is None:
        return []
    first, last = row.map.known
    sides = ((row.start, min(row.end, first)), (max(row.start, last), row.end))
    shown = [(a, z) for a, z in sides if z - a > 1e-6]
    if not shown:
        return []
    pattern = {"shape": "/", "size": 7, "solidity": 0.16, "fgcolor": TOKENS[row.theme]["ink3"], "fillmode": "overlay"}
    tall = row.paper_mm / row.gain
    return [
        {
            "type": "bar",
            "x": [(a + z) / 2 for a, z in shown],
            "width": [z - a for a, z in shown],
            "y": [tall] * len(shown),
            "base": [row.low] * len(shown),
            "marker": {"color": "rgba(0,0,0,0)", "pattern": pattern, "line": {"width": 0}},
            "hoverinfo": "skip",
            "name": "no step",
        }
    ]


def ramp(theme: Theme, signed: bool, strength: float = 1.0) -> list[list[Any]]:
    """Alpha grows with relevance, one hue for each sign."""
    colours, strong = TOKENS[theme], ALPHA * strength
    clear, blue = rgba(colours["rel"], 0), rgba(colours["rel"], strong)
    if not signed:
        return [[0, clear], [1, blue]]
    return [[0, rgba(colours["neg"], strong)], [0.5, rgba(colours["neg"], 0)], [0.5, clear], [1, blue]]
