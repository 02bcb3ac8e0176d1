"""Draws on a page the figures that the screen shows: the part of plotly's language in which they are written."""

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from frontend.figures.paper import Figure
from frontend.sheets.page import Box, Page, rgba

NAN = math.nan


@dataclass(frozen=True)
class Frame:
    """Where one pair of axes lies on the page."""

    box: Box
    x: tuple[float, float]  # values at the left and right edge
    y: tuple[float, float]  # at the lower and upper edge

    def across(self, value: float | None) -> float:
        """Page px of a value of x."""
        left, _, wide, _ = self.box
        return NAN if value is None else left + (value - self.x[0]) / (self.x[1] - self.x[0]) * wide

    def along(self, value: float | None) -> float:
        """Page px of a value of y."""
        _, top, _, tall = self.box
        return NAN if value is None else top + tall - (value - self.y[0]) / (self.y[1] - self.y[0]) * tall


class Plot:
    """A figure with its upper left corner at `left`, `top` of the page."""

    def __init__(self, page: Page, figure: Figure, left: float, top: float) -> None:
        self.page, self.data, self.layout = page, figure["data"], figure["layout"]
        self.box: Box = (left, top, self.layout["width"], self.layout["height"])

    def draw(self) -> None:
        """Shapes below, grids, traces, shapes above, words."""
        shapes = self.layout.get("shapes", [])
        below = [shape for shape in shapes if shape.get("layer") == "below"]
        for shape in [shape for shape in below if shape.get("xref") == "paper"]:
            self._shape(shape)
        pairs = {(trace.get("xaxis", "x"), trace.get("yaxis", "y")): None for trace in self.data}
        for x, y in {("x", "y"): None, **pairs}:
            self._grid(x, y)
        for shape in [shape for shape in below if shape.get("xref") != "paper"]:
            self._shape(shape)
        previous: dict[str, Any] = {}
        for trace in self.data:
            frame = self.frame(trace.get("xaxis", "x"), trace.get("yaxis", "y"))
            kind = {"heatmap": self._cells, "bar": self._bars}.get(trace.get("type", ""))
            if kind:
                kind(trace, frame)
            else:
                self._scatter(trace, frame, previous)
            previous = trace
        for shape in [shape for shape in shapes if shape.get("layer") != "below"]:
            self._shape(shape)
        for note in self.layout.get("annotations", []):
            self._note(note)

    def frame(self, x: str, y: str) -> Frame:
        """The pair of axes called `x2` and `y2`."""
        across, along = self._axis(x), self._axis(y)
        left, top, wide, tall = self.box
        (a, z), (low, high) = across.get("domain", (0, 1)), along.get("domain", (0, 1))
        box = (left + a * wide, top + (1 - high) * tall, (z - a) * wide, (high - low) * tall)
        return Frame(box, tuple(across["range"]), tuple(along["range"]))

    def _axis(self, name: str) -> dict[str, Any]:
        axis: dict[str, Any] = self.layout.get(f"{name[0]}axis{name[1:]}", {"range": (0, 1)})
        return axis

    def _grid(self, x: str, y: str) -> None:
        frame = self.frame(x, y)
        left, top, wide, tall = frame.box
        for axis, upright, edges in ((self._axis(x), True, frame.x), (self._axis(y), False, frame.y)):
            for grid in [axis.get("minor", {}), axis]:
                if not grid.get("showgrid"):
                    continue
                ends = (left, left + wide) if not upright else (top, top + tall)
                gridlines = [frame.across(value) if upright else frame.along(value) for value in marks(grid, edges)]
                along = [*ends, NAN] * len(gridlines)
                at = [position for position in gridlines for _ in range(3)]
                self.page.line(*((at, along) if upright else (along, at)), grid["gridcolor"], 0.8, clip=frame.box)
            if not upright or axis.get("anchor", y) == y:
                self._ticks(axis, frame, upright)

    def _ticks(self, axis: dict[str, Any], frame: Frame, upright: bool) -> None:
        left, top, wide, tall = frame.box
        if axis.get("ticks") == "outside" and upright:
            for value in marks(axis, frame.x):
                at = frame.across(value)
                self.page.line((at, at), (top, top - axis["ticklen"]), axis["tickcolor"])
        if axis.get("zeroline"):
            at = frame.along(0)
            self.page.line((left, left + wide), (at, at), axis["zerolinecolor"])
        if not axis.get("showticklabels"):
            return
        font = axis["tickfont"]
        for value, words in zip(axis.get("tickvals", []), axis.get("ticktext", []), strict=True):
            if upright:
                self.page.text(
                    frame.across(value), top + tall + 3, words, font["color"], font["size"], 400, "center", "top"
                )
            else:
                self.page.text(left - 4, frame.along(value), words, font["color"], font["size"], 400, "right", "middle")

    def _scatter(self, trace: dict[str, Any], frame: Frame, previous: dict[str, Any]) -> None:
        xs, ys = [frame.across(x) for x in along_x(trace)], [frame.along(y) for y in trace["y"]]
        if not ys:
            return  # a map in which nothing was found has no profile
        mode, clip = trace.get("mode", "lines"), None if trace.get("cliponaxis") is False else frame.box
        if trace.get("fill") == "tozeroy":
            self.page.fill(xs, ys, [frame.along(0)] * len(ys), trace["fillcolor"], clip)
        if trace.get("fill") == "tonexty":
            self.page.fill(xs, [frame.along(y) for y in previous["y"]], ys, trace["fillcolor"], clip)
        line = trace.get("line", {})
        if "lines" in mode and line.get("width", 1):
            self.page.line(xs, ys, line["color"], line.get("width", 1), line.get("dash"), trace.get("opacity", 1), clip)
        if "markers" in mode:
            self._markers(trace["marker"], xs, ys)
        if "text" in mode:
            font = trace["textfont"]
            looks = zip(xs, ys, trace["text"], many(font["color"]), many(font.get("weight", 400)), strict=False)
            for x, y, words, ink, weight in looks:
                self.page.text(x, y, words, ink, font["size"], weight, "center", "middle")

    def _markers(self, marker: dict[str, Any], xs: Sequence[float], ys: Sequence[float]) -> None:
        line = marker.get("line", {})
        looks = zip(
            xs, ys, many(marker["size"]), many(marker["color"]), many(line.get("width", 0)), many(line.get("color")),
            strict=False,
        )  # fmt: skip
        for x, y, size, ink, edge, rim in looks:
            if marker.get("symbol", "circle") != "square":
                self.page.rect((x - size / 2, y - size / 2, size, size), ink, size / 2)
                continue
            if edge:
                self.page.rect((x - (size + edge) / 2, y - (size + edge) / 2, size + edge, size + edge), rim, 3)
            inside = size - edge
            self.page.rect((x - inside / 2, y - inside / 2, inside, inside), ink, 2)

    def _cells(self, trace: dict[str, Any], frame: Frame) -> None:
        xs = [frame.across(x) for x in along_x(trace, len(trace["z"][0]))]
        step = xs[1] - xs[0] if len(xs) > 1 else frame.box[2]
        low, high = trace["zmin"], trace["zmax"]
        rows = [[mixed(trace["colorscale"], (z - low) / (high - low)) for z in row] for row in trace["z"]]
        _, top, _, tall = frame.box
        if "dy" in trace:  # as many rows as there are values; else the one that all of the axis shows
            top = frame.along(trace["y0"] - trace["dy"] / 2)
            tall = frame.along(trace["y0"] + trace["dy"] * (len(rows) - 0.5)) - top
        self.page.cells((xs[0] - step / 2, top, step * len(xs), tall), rows if "dy" in trace else rows[:1], frame.box)

    def _bars(self, trace: dict[str, Any], frame: Frame) -> None:
        inks, font = trace["marker"]["color"], trace["insidetextfont"]
        bars = zip(trace["x"], trace["width"], trace["y"], inks, trace["text"], many(font["color"]), strict=False)
        for x, wide, tall, ink, words, letters in bars:
            left, right, high, foot = (
                frame.across(x - wide / 2),
                frame.across(x + wide / 2),
                frame.along(tall),
                frame.along(0),
            )
            self.page.rect((left, min(high, foot), right - left, abs(foot - high)), ink, clip=frame.box)
            if not words:
                continue
            self.page.text((left + right) / 2, (high + foot) / 2, words, letters, font["size"], 700, "center", "middle")

    def _point(self, part: dict[str, Any], x: float, y: float) -> tuple[float, float]:
        """Page px of a place given on axes (`x2`), in parts of an axis (`y domain`) or of the figure (`paper`)."""
        left, top, wide, tall = self.box
        xref, yref = part.get("xref", "x"), part.get("yref", "y")
        frame = self.frame(xref if xref != "paper" else "x", yref.split()[0] if yref != "paper" else "y")
        across = left + x * wide if xref == "paper" else frame.across(x)
        if yref == "paper":
            return across, top + (1 - y) * tall
        if yref.endswith("domain"):
            return across, frame.box[1] + (1 - y) * frame.box[3]
        return across, frame.along(y)

    def _shape(self, shape: dict[str, Any]) -> None:
        if shape["type"] == "path":
            corners = [(NAN, NAN) if at is None else self._point(shape, *at) for at in corners_of(shape["path"])]
            xs, ys = zip(*corners, strict=True)
            self.page.line(xs, ys, shape["line"]["color"], 0.8, clip=self.box)
            return
        (x0, y0), (x1, y1) = (self._point(shape, shape[f"x{end}"], shape[f"y{end}"]) for end in (0, 1))
        if shape["type"] == "rect":
            self.page.rect((x0, min(y0, y1), x1 - x0, abs(y1 - y0)), shape["fillcolor"], clip=self.box)
        else:
            line = shape["line"]
            ink, dash = line["color"], line.get("dash")
            self.page.line((x0, x1), (y0, y1), ink, line["width"], dash, shape.get("opacity", 1), self.box)

    def _note(self, note: dict[str, Any]) -> None:
        x, y = self._point(note, note["x"], note["y"])
        x, y = x + note.get("xshift", 0), y - note.get("yshift", 0)
        font = note["font"]
        ends = (note["xanchor"], note["yanchor"], note.get("bgcolor"))
        self.page.text(x, y, note["text"], font["color"], font["size"], font["weight"], *ends)


def corners_of(path: str) -> list[tuple[float, float] | None]:
    """Corners of a path of straight lines, M, L, H and V in units of the axes; None where it is lifted."""
    found: list[tuple[float, float] | None] = []
    x = y = 0.0
    for letter, words in re.findall(r"([MLHV])([^MLHV]+)", path):
        values = [float(word) for word in words.split(",")]
        x = values[0] if letter != "V" else x
        y = values[-1] if letter != "H" else y
        found += [None, (x, y)] if letter == "M" else [(x, y)]
    return found


def marks(grid: dict[str, Any], edges: tuple[float, float]) -> list[float]:
    """Values of an axis at which it has lines."""
    if "tickvals" in grid:
        return list(grid["tickvals"])
    low, high = sorted(edges)
    step, first = grid["dtick"], grid.get("tick0", 0)
    begin = math.ceil((low - first) / step - 1e-9)
    return [first + step * k for k in range(begin, math.floor((high - first) / step + 1e-9) + 1)]


def along_x(trace: dict[str, Any], count: int | None = None) -> Sequence[float | None]:
    """The trace's x, written out where it is given by its first and its step."""
    if "x" in trace:
        found: Sequence[float | None] = trace["x"]
        return found
    return [trace["x0"] + trace["dx"] * i for i in range(len(trace["y"]) if count is None else count)]


def many(value: Any) -> Any:
    """One value for each point, where there is one for all."""
    return value if isinstance(value, list) else cycle([value])


def mixed(scale: Sequence[Sequence[Any]], position: float) -> tuple[float, ...]:
    """The colour of a colour scale at a place from 0 to 1."""
    if math.isnan(position):
        return (0.0, 0.0, 0.0, 0.0)
    position = min(1.0, max(0.0, position))
    stops = [stop for stop, _ in scale]
    after = min(max(1, bisect_left(stops, position)), len(stops) - 1)
    (low, a), (high, b) = scale[after - 1], scale[after]
    part = (position - low) / (high - low) if high > low else 1.0
    return tuple(x + (y - x) * part for x, y in zip(rgba(a), rgba(b), strict=True))
