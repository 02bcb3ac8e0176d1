"""Variables over the hours: values on each row's own scale, its usual range, and what the model made of each hour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from frontend import format
from frontend.figures import paper
from frontend.figures.paper import Figure
from frontend.figures.ramp import ramp
from frontend.figures.stay.sizes import HOURS, ROW
from frontend.tokens import TOKENS, Theme

Range = tuple[float, float]
INSET = 5.0  # px between a row's edge and its largest value
ALPHA = 0.62
TICKS = (12, 24, 36)


@dataclass(frozen=True)
class Variable:
    """One variable of a stay, hour by hour."""

    name: str
    unit: str
    normal: Range | None
    values: Sequence[float | None]  # [hours]: the last one known; None before the first
    measured: Sequence[bool]  # [hours]
    relevance: Sequence[float] = field(default_factory=tuple)  # [hours]; none where there is no map

    @property
    def last(self) -> float | None:
        """The value at the end."""
        return self.values[-1] if self.values else None

    @property
    def first_hour(self) -> int:
        """The hour of the first measurement; all of them where there is none."""
        return next((hour for hour, there in enumerate(self.measured) if there), len(self.measured))

    @property
    def raises(self) -> float:
        """What of its relevance speaks for the outcome."""
        return sum(value for value in self.relevance if value > 0)

    @property
    def lowers(self) -> float:
        """What speaks against it, as a positive number."""
        return -sum(value for value in self.relevance if value < 0)


@dataclass(frozen=True)
class Rows:
    """The rows of one picture."""

    variables: Sequence[Variable]
    full: float  # relevance at the colours' ends
    signed: bool
    theme: Theme
    hour: float  # px

    @property
    def height(self) -> float:
        """Of the picture, px."""
        return float(ROW * len(self.variables))


def figure(rows: Rows) -> Figure:
    """Cells of relevance, hatches before a first measurement, dots where something was measured, lines between."""
    traces = [cells(rows), hatches(rows), joined(rows), carried(rows), dots(rows)]
    axes: dict[str, Any] = {
        "xaxis": paper.axis(range=[0, HOURS]),
        "yaxis": paper.axis(range=[rows.height, 0]),
        "shapes": [*usual(rows), *lines(rows)],
        "bargap": 0,
    }
    return {"data": traces, "layout": paper.layout(rows.theme, rows.hour * HOURS, rows.height, **axes)}


def place(variable: Variable, row: int, value: float) -> float:
    """Height of a value in px from the top; a scale of the row's own holds its values, and its usual range as far."""
    low, high = scale(variable)
    part = (value - low) / (high - low)
    return row * ROW + ROW - INSET - part * (ROW - 2 * INSET)


def scale(variable: Variable) -> Range:
    """Least and largest value of a row."""
    known = [value for value in variable.values if value is not None]
    known += list(variable.normal or ())
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def cells(rows: Rows) -> Figure:
    """The relevance of each hour."""
    z = [list(one.relevance) or [0.0] * HOURS for one in rows.variables]
    return {
        "type": "heatmap", "name": "relevance", "z": z, "x0": 0.5, "dx": 1, "y0": ROW / 2, "dy": ROW,
        "zmin": -rows.full if rows.signed else 0.0, "zmax": rows.full,
        "colorscale": ramp(rows.theme, rows.signed, ALPHA), "showscale": False, "hoverinfo": "skip", "zsmooth": False,
    }  # fmt: skip


def hatches(rows: Rows) -> Figure:
    """Hours before the first measurement."""
    colours = TOKENS[rows.theme]
    never = [(row, one.first_hour) for row, one in enumerate(rows.variables) if one.first_hour]
    pattern = {"shape": "/", "fgcolor": colours["line2"], "bgcolor": "rgba(0,0,0,0)", "size": 6, "solidity": 0.16}
    return {
        "type": "bar", "name": "not measured yet", "orientation": "h", "base": 0, "x": [hours for _, hours in never],
        "y": [row * ROW + ROW / 2 for row, _ in never], "width": ROW, "hoverinfo": "skip",
        "marker": {"color": "rgba(0,0,0,0)", "line": {"width": 0}, "pattern": pattern},
    }  # fmt: skip


def usual(rows: Rows) -> list[Figure]:
    """The usual range of each row."""
    colour = "rgba(100,109,121,0.16)"
    return [
        paper.rect(0, HOURS, place(one, row, one.normal[0]), place(one, row, one.normal[1]), colour)
        for row, one in enumerate(rows.variables)
        if one.normal
    ]


def lines(rows: Rows) -> list[Figure]:
    """Lines between rows, and every twelve hours."""
    colours = TOKENS[rows.theme]
    across = [_line(0, HOURS, row * ROW, row * ROW, colours["line"]) for row in range(len(rows.variables) + 1)]
    return across + [_line(hour, hour, 0, rows.height, colours["line2"]) for hour in TICKS]


def _line(x0: float, x1: float, y0: float, y1: float, colour: str) -> Figure:
    ends = {"x0": x0, "x1": x1, "y0": y0, "y1": y1}
    return {"type": "line", **ends, "line": {"color": colour, "width": 1}, "layer": "below"}


def points(variable: Variable) -> list[tuple[int, float]]:
    """Hours and values of what was measured."""
    hours = zip(variable.values, variable.measured, strict=True)
    return [(hour, value) for hour, (value, there) in enumerate(hours) if there and value is not None]


def dots(rows: Rows) -> Figure:
    """A dot for each hour in which something was measured: the last value of that hour."""
    found = [
        (hour + 0.5, place(one, row, value)) for row, one in enumerate(rows.variables) for hour, value in points(one)
    ]
    marker = {"size": 4.5, "color": TOKENS[rows.theme]["trace"]}
    return _trace("measured", found, mode="markers", marker=marker)


def joined(rows: Rows) -> Figure:
    """Lines between measurements of two hours after each other."""
    found: list[tuple[float | None, float | None]] = []
    for row, one in enumerate(rows.variables):
        for (a, before), (z, after) in pairwise(points(one)):
            if z == a + 1:
                found += [(a + 0.5, place(one, row, before)), (z + 0.5, place(one, row, after)), (None, None)]
    return _trace("next hour", found, mode="lines", line={"color": TOKENS[rows.theme]["trace"], "width": 1})


def carried(rows: Rows) -> Figure:
    """Dotted where a value was carried forward: up to the next measurement, or the end."""
    found: list[tuple[float | None, float | None]] = []
    for row, one in enumerate(rows.variables):
        ends = [*points(one), (HOURS, 0.0)]
        for (a, value), (z, _) in pairwise(ends):
            if z > a + 1:
                at = place(one, row, value)
                found += [(a + 0.5, at), (z + 0.5 if z < HOURS else HOURS, at), (None, None)]
    line = {"color": TOKENS[rows.theme]["ink3"], "width": 1, "dash": "2px,2px"}
    return _trace("carried forward", found, mode="lines", line=line)


def _trace(name: str, found: Sequence[tuple[float | None, float | None]], **drawn: Any) -> Figure:
    x, y = ([pair[i] for pair in found] for i in (0, 1))
    return {"type": "scatter", "name": name, "x": x, "y": y, "hoverinfo": "skip", **drawn}


def words(rows: Rows) -> str:
    """The picture for those who cannot see it."""
    named = [
        f"{one.name} last {format.short(one.last)} {one.unit}, measured in {sum(one.measured)} hours".replace("  ", " ")
        for one in rows.variables
        if one.last is not None
    ]
    return f"{len(rows.variables)} variables over {HOURS} hours: " + "; ".join(named)
