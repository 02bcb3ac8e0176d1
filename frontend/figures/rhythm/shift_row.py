"""A row of a rhythm whose signal was shifted in time: as recorded, shifted, their R peaks joined, the displacement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frontend import format
from frontend.figures import paper
from frontend.figures.rhythm import behind
from frontend.figures.rhythm import row as rows
from frontend.figures.rhythm.row import Row
from frontend.tokens import TOKENS, rgba

PAPER_MM, APART_MM = 44.0, 21.5  # of the paper; of the two traces
GAP, LANE, FOOT = 3, 26, 6  # px
FULL = 200.0  # ms of the displacement's lane


@dataclass(frozen=True)
class ShiftRow:
    """A row, and what the shift made of it; times in s."""

    row: Row  # its paper is PAPER_MM high
    moved: Sequence[float | None]  # mV from the row's start on, at its fs
    displacement: Sequence[float]  # ms from the row's start on, `step` s apart
    step: float
    joins: Sequence[tuple[float, float]]  # R peak as recorded, and shifted
    largest: tuple[float, float] | None = None  # s, ms: where it lies in this row
    baseline: float = 0.0  # mV of the recorded trace
    named: bool = False  # whether this row says which trace is which

    @property
    def height(self) -> float:
        """Px of the figure."""
        return GAP + self.row.tall + FOOT + LANE + FOOT

    def lane(self, top: float, height: float) -> list[float]:
        """A plotly domain from px below the figure's upper edge."""
        return [max(0.0, 1 - (top + height) / self.height), 1 - top / self.height]


def figure(shift: ShiftRow) -> paper.Figure:
    """The plotly figure."""
    row, down = shift.row, APART_MM / shift.row.gain
    below = [None if value is None else value - down for value in shift.moved]
    traces = [rows.trace(row, row.signal), rows.trace(row, below, "shifted", "ink2"), rows.pulse(row)]
    return {
        "data": [*behind.heat(row), *behind.hatch(row), *traces, *_joins(shift), *_curve(shift)],
        "layout": _layout(shift),
    }


def words(shift: ShiftRow) -> str:
    """The row in a sentence."""
    most = max((abs(value) for value in shift.displacement), default=0.0)
    return f"{rows.words(shift.row)} Shifted by at most {most:.0f} ms."


def _layout(shift: ShiftRow) -> dict[str, Any]:
    row, colours = shift.row, TOKENS[shift.row.theme]
    span, place = list(row.span), shift.lane(GAP, row.tall)
    lane = shift.lane(GAP + row.tall + FOOT, LANE)
    axes = {
        "xaxis": paper.axis(range=span, anchor="y"),
        "xaxis2": paper.axis(range=span, anchor="y2"),
        "yaxis": paper.axis(range=[row.low, row.low + row.paper_mm / row.gain], domain=place),
        "yaxis2": paper.axis(range=[-FULL, FULL], domain=lane, anchor="x2"),
    }
    sheet = paper.rect(0, 1, place[0], place[1], colours["paper"], xref="paper", yref="paper")
    shapes = [sheet, *rows.boxes(row), *_levels(shift), *rows.rhythm_lines(row, place)]
    notes = [*_notes(shift), *rows.rhythm_words(row, place[0])]
    return paper.layout(row.theme, row.width, shift.height, **axes, shapes=shapes, annotations=notes)


def _levels(shift: ShiftRow) -> list[dict[str, Any]]:
    colours, row = TOKENS[shift.row.theme], shift.row
    line = {
        "type": "line",
        "xref": "x2",
        "yref": "y2",
        "x0": row.start,
        "x1": row.start + row.seconds,
        "layer": "below",
    }
    inks = ((FULL, "line"), (-FULL, "line"), (0.0, "line2"))
    return [line | {"y0": y, "y1": y, "line": {"color": colours[ink], "width": 1}} for y, ink in inks]


def _joins(shift: ShiftRow) -> list[dict[str, Any]]:
    """Thin lines from each R peak to where it was moved."""
    row = shift.row
    upper, lower = shift.baseline - 1.0 / row.gain, shift.baseline - 5.0 / row.gain  # mV
    xs, ys = paper.segments([(a, upper, z, lower) for a, z in shift.joins])
    line = {"color": TOKENS[row.theme]["ink2"], "width": 1.2}
    return [{"x": xs, "y": ys, "mode": "lines", "line": line, "name": "joins"}]


def _curve(shift: ShiftRow) -> list[dict[str, Any]]:
    """The displacement, later above zero, and its largest value."""
    blue = TOKENS[shift.row.theme]["rel"]
    within = [min(max(value, -FULL), FULL) for value in shift.displacement]
    place = {"xaxis": "x2", "yaxis": "y2"}
    curve = {"x0": shift.row.start, "dx": shift.step, "y": within, "mode": "lines", "fill": "tozeroy", **place}
    found = [curve | {"fillcolor": rgba(blue, 0.15), "line": {"color": blue, "width": 1.4}, "name": "displacement"}]
    if shift.largest:
        at, value = shift.largest
        dot = {"x": [at], "y": [min(max(value, -FULL), FULL)], "mode": "markers", "name": "largest", **place}
        found.append(dot | {"marker": {"color": blue, "size": 5}})
    return found


def _notes(shift: ShiftRow) -> list[dict[str, Any]]:
    colours, row = TOKENS[shift.row.theme], shift.row
    side = {"size": 10, "xref": "x2", "yref": "y2", "xanchor": "right", "xshift": -4}
    notes = [
        paper.text(row.start, y, f"{sign}{FULL:g}", colours["ink3"], **side)
        for y, sign in ((FULL, "+"), (-FULL, format.MINUS))
    ]
    tag = {"bgcolor": rgba(colours["paper"], 0.88), "borderpad": 1, "yanchor": "bottom"}
    if shift.named:
        at, y = row.start + 1.0, shift.baseline + 2.0 / row.gain
        notes.append(paper.text(at, y, "as recorded", colours["ink"], weight=600, **tag))
        notes.append(paper.text(at, y - APART_MM / row.gain, "shifted", colours["ink2"], weight=600, **tag))
    if shift.largest:
        at, value = shift.largest
        said = f"{'+' if value > 0 else format.MINUS}{abs(value):.0f} ms"
        place = {"xref": "x2", "yref": "y2", "xshift": 6, "weight": 600}
        notes.append(paper.text(at, 0, said, colours["ink"], **place))
    return notes
