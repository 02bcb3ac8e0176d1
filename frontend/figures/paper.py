"""ECG paper: millimetres, pixels, seconds and millivolts, and the axes that hold them together."""

from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from frontend import format
from frontend.tokens import TOKENS, Theme

PX_PER_MM = 96 / 25.4  # CSS pixels; approximate on a screen until measured with a ruler
FONT = "Inter Variable, Inter, system-ui, sans-serif"

SPEED, GAIN = 25.0, 10.0  # mm/s, mm/mV: the standard
SPEEDS, GAINS = (12.5, 25.0, 50.0), (5.0, 10.0, 20.0)  # the presets; anything else is called non-standard
LARGE = 5.0  # mm: a large box of the grid
SMALLS, NEAR = 5, 1e-6  # small boxes in a large one; of a box, that a line may lie outside
PULSE_MM = 10.0  # paper taken by the calibration pulse

Figure = dict[str, Any]
Point = float | None


@dataclass(frozen=True)
class Scale:
    """How the signal lies on the paper, and the paper on the screen."""

    speed: float = SPEED  # mm/s
    gain: float = GAIN  # mm/mV
    mm: float = PX_PER_MM  # px

    @property
    def second(self) -> float:
        """Pixels of one second."""
        return px_per_second(self.speed, self.mm)

    @property
    def millivolt(self) -> float:
        """Pixels of one millivolt."""
        return px_per_mv(self.gain, self.mm)

    @property
    def standard(self) -> bool:
        """Whether both are presets."""
        return self.speed in SPEEDS and self.gain in GAINS

    @property
    def words(self) -> str:
        """`25 mm/s · 10 mm/mV`."""
        return f"{format.short(self.speed)} mm/s · {format.short(self.gain)} mm/mV"


STANDARD = Scale()


def px_per_second(speed: float = SPEED, mm: float = PX_PER_MM) -> float:
    """Pixels of one second at `speed` mm/s: 94.49 at 25."""
    return speed * mm


def px_per_mv(gain: float = GAIN, mm: float = PX_PER_MM) -> float:
    """Pixels of one millivolt at `gain` mm/mV: 37.80 at 10."""
    return gain * mm


@dataclass(frozen=True)
class Lines:
    """Lines of the grid along one axis, in its units."""

    low: float
    high: float
    large: float  # side of a large box
    first: float  # where one of the large ones lies

    def places(self, small: bool) -> list[float]:
        """Where the large lines lie, or the small ones between them."""
        step = self.large / SMALLS if small else self.large
        count = range(ceil((self.low - self.first) / step - NEAR), floor((self.high - self.first) / step + NEAR) + 1)
        return [self.first + k * step for k in count if not small or k % SMALLS]


def axis(**settings: Any) -> dict[str, Any]:
    """An axis that shows nothing and cannot be dragged, but for `settings`."""
    base = {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "showticklabels": False,
        "ticks": "",
    }
    return base | settings


def boxes(theme: Theme, large: float, first: float, minor: bool = True) -> dict[str, Any]:
    """Grid of an axis: large boxes of `large` units counted from `first`, small ones a fifth of that."""
    colour = TOKENS[theme]
    grid: dict[str, Any] = {"showgrid": True, "gridcolor": colour["g2"], "gridwidth": 1, "dtick": large, "tick0": first}
    if minor:
        grid["minor"] = {
            "showgrid": True,
            "gridcolor": colour["g1"],
            "gridwidth": 1,
            "dtick": large / 5,
            "tick0": first,
        }
    return grid


def lattice(theme: Theme, across: Lines, up: Lines, **where: Any) -> list[dict[str, Any]]:
    """Small and large boxes as two layout shapes, each one path: an axis would draw a hundred lines, one by one."""
    ink = TOKENS[theme]
    return [
        {"type": "path", "path": _lines(across, up, small), "line": {"color": ink[name], "width": 1}, "layer": "below"}
        | where
        for small, name in ((True, "g1"), (False, "g2"))
    ]


def _lines(across: Lines, up: Lines, small: bool) -> str:
    """All lines of one kind as an SVG path in units of the axes; where a large box ends there is no small line."""
    (left, right), (low, high) = (across.low, across.high), (up.low, up.high)
    drawn = [f"M{x:.4f},{low:.4f}V{high:.4f}" for x in across.places(small)]
    return "".join([*drawn, *(f"M{left:.4f},{y:.4f}H{right:.4f}" for y in up.places(small))])


def layout(theme: Theme, width: float, height: float, **parts: Any) -> dict[str, Any]:
    """A layout without margins, legend, hover or drag; `width`, `height` in px."""
    base = {
        "width": width,
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "autosize": False,
        "showlegend": False,
        "hovermode": False,
        "dragmode": False,
        "font": {"family": FONT, "size": 11, "color": TOKENS[theme]["ink2"]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
    }
    return base | parts


def blank(height: float, width: float | None = None) -> Figure:
    """An empty figure at the final size: what stands where a figure is to come."""
    hidden = {"visible": False, "fixedrange": True}
    clear = "rgba(0,0,0,0)"
    sides: Figure = {
        "width": width,
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "paper_bgcolor": clear,
        "plot_bgcolor": clear,
    }
    return {"data": [], "layout": sides | {"xaxis": hidden, "yaxis": hidden}}


def rect(x0: object, x1: object, y0: object, y1: object, fill: str, **where: Any) -> dict[str, Any]:
    """A filled rectangle below the traces, as a layout shape."""
    box = {
        "type": "rect",
        "x0": x0,
        "x1": x1,
        "y0": y0,
        "y1": y1,
        "fillcolor": fill,
        "line": {"width": 0},
        "layer": "below",
    }
    return box | where


def text(x: object, y: object, words: str, colour: str, **settings: Any) -> dict[str, Any]:
    """Words without an arrow, as a layout annotation; `size` and `weight` set the font."""
    font = {"color": colour, "size": settings.pop("size", 11), "weight": settings.pop("weight", 400)}
    return {
        "x": x,
        "y": y,
        "text": words,
        "showarrow": False,
        "font": font,
        "xanchor": "left",
        "yanchor": "middle",
    } | settings


def segments(pairs: list[tuple[float, float, float, float]]) -> tuple[list[Point], list[Point]]:
    """Lines (x0, y0, x1, y1) as one trace with gaps."""
    xs: list[Point] = []
    ys: list[Point] = []
    for x0, y0, x1, y1 in pairs:
        xs += [x0, x1, None]
        ys += [y0, y1, None]
    return xs, ys


def middle(values: list[Point], span: float) -> float:
    """Lower end of an axis of `span` mV whose middle is that of the values' range, on a whole 0.1 mV."""
    present = [value for value in values if value is not None] or [0.0]
    centre = (max(present) + min(present)) / 2
    return round((centre - span / 2) * 10) / 10


def clips(values: list[Point], low: float, span: float) -> bool:
    """Whether the trace leaves the paper."""
    present = [value for value in values if value is not None]
    return bool(present) and (max(present) > low + span or min(present) < low)
