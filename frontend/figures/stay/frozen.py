"""A stay in one figure with its names, for sheets, links and pages that show maps of any kind."""

from typing import Any

from frontend import format
from frontend.figures import paper
from frontend.figures.paper import Figure
from frontend.figures.stay import rows as lanes
from frontend.figures.stay.rows import Rows
from frontend.figures.stay.sizes import HOURS, ROW
from frontend.figures.stay.variables import full_of, variables, weight
from frontend.tokens import TOKENS, Theme

GUTTER = 112.0  # px of names
LEAST, MOST = 6, 17  # variables
EACH = 15.0  # px of a row
FOOT = 14.0  # px of the hours below


def picture(
    beat: dict[str, Any], explanation: dict[str, Any] | None, theme: Theme, width: float, tall: float
) -> tuple[Figure, str]:
    """The most relevant variables that fit on `tall` px, and the same in words."""
    known = variables(beat, explanation)
    count = min(MOST, max(LEAST, int(tall // EACH)))
    first = sorted(known, key=weight, reverse=True)[:count]
    shown = [one for one in known if one in first]
    signed = bool(explanation is None or explanation["signed"])
    rows = Rows(shown, full_of(known), signed, theme, (width - GUTTER) / HOURS)
    return figure(rows, width), lanes.words(rows)


def figure(rows: Rows, width: float) -> Figure:
    """Rows with their names and last values left of them, hours below."""
    height, unit = EACH * len(rows.variables), ROW / EACH  # the axis counts rows as high as on the screen
    left = GUTTER / (width - GUTTER) * HOURS
    traces = [lanes.cells(rows), lanes.joined(rows), lanes.carried(rows), small(lanes.dots(rows))]
    notes = [*names(rows, left), *hours(rows, unit)]
    axes: dict[str, Any] = {
        "xaxis": paper.axis(range=[-left, HOURS]),
        "yaxis": paper.axis(range=[rows.height + FOOT * unit, 0]),
        "shapes": [*lanes.usual(rows), *lanes.lines(rows)],
        "annotations": notes,
    }
    return {"data": traces, "layout": paper.layout(rows.theme, width, height + FOOT, **axes)}


def small(dots: Figure) -> Figure:
    """Dots for low rows."""
    return {**dots, "marker": {**dots["marker"], "size": 2.6}}


def names(rows: Rows, left: float) -> list[Figure]:
    """`Lactate` at the left edge, `26.4 mmol/L` at the hours."""
    ink, pale = TOKENS[rows.theme]["ink"], TOKENS[rows.theme]["ink2"]
    found = []
    for row, one in enumerate(rows.variables):
        last = "–" if one.last is None else format.short(one.last)
        found.append(
            _note(-left, row * ROW + ROW / 2, one.name if len(one.name) <= 18 else one.name[:17] + "…", ink, "left")
        )
        found.append(_note(-0.4, row * ROW + ROW / 2, last, pale, "right"))
    return found


def hours(rows: Rows, unit: float) -> list[Figure]:
    """`0 h`, 12, 24, 36, 48."""
    at = rows.height + FOOT * unit / 2
    ends = {0: "left", HOURS: "right"}
    pale = TOKENS[rows.theme]["ink3"]
    return [
        _note(hour, at, f"{hour} h" if hour == 0 else str(hour), pale, ends.get(hour, "center"))
        for hour in range(0, HOURS + 1, 12)
    ]


def _note(x: float, y: float, words: str, colour: str, across: str) -> Figure:
    font = {"size": 9, "color": colour, "weight": 400}
    return {"x": x, "y": y, "text": words, "xanchor": across, "yanchor": "middle", "showarrow": False, "font": font}
