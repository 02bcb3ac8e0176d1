"""The probability over the hours, and the shares of each hour in what raises and lowers the score."""

from collections.abc import Sequence

from frontend.figures import paper
from frontend.figures.paper import Figure
from frontend.figures.stay.sizes import BY_HOUR, HOURS, PROBABILITY
from frontend.tokens import TOKENS, Theme

EDGE = 5  # px above 1 and below 0
AXIS = 18  # px below the bars


def probability(values: Sequence[float], threshold: float | None, theme: Theme, hour: float) -> Figure:
    """What the model says from what was known by each hour, over a dashed line at its threshold."""
    colours = TOKENS[theme]
    x = [i + 1 for i in range(len(values))]
    line = {"type": "scatter", "name": "probability", "mode": "lines", "x": x, "y": list(values), "hoverinfo": "skip"}
    end = {"type": "scatter", "name": "at the end", "mode": "markers", "x": x[-1:], "y": list(values[-1:])}
    traces: list[Figure] = [
        line | {"line": {"color": colours["ink"], "width": 2}},
        end | {"marker": {"size": 8, "color": colours["ink"]}, "hoverinfo": "skip", "cliponaxis": False},
    ]
    shapes = [_level(level, colours["line"]) for level in (0, 0.5, 1)]
    notes = []
    if threshold is not None:
        shapes.append(
            _level(threshold, colours["ink3"]) | {"line": {"color": colours["ink3"], "width": 1, "dash": "4px,3px"}}
        )
        notes.append({
            "x": 0, "y": threshold, "xanchor": "left", "yanchor": "top", "showarrow": False,
            "text": f"threshold {threshold:.2f}", "font": {"size": 11, "color": colours["ink3"]},
        })  # fmt: skip
    room = EDGE / (PROBABILITY - 2 * EDGE)
    axes = {
        "xaxis": paper.axis(range=[0, HOURS]),
        "yaxis": paper.axis(range=[-room, 1 + room]),
        "shapes": shapes,
        "annotations": notes,
    }
    return {"data": traces, "layout": paper.layout(theme, hour * HOURS, PROBABILITY, **axes)}


def _level(level: float, colour: str) -> Figure:
    ends = {"x0": 0, "x1": HOURS, "y0": level, "y1": level}
    return {"type": "line", **ends, "line": {"color": colour, "width": 1}, "layer": "below"}


def by_hour(raises: Sequence[float], lowers: Sequence[float], theme: Theme, hour: float) -> Figure:
    """Bars of what raises the score up, and of what lowers it down, over the axis of hours."""
    colours = TOKENS[theme]
    x = [i + 0.5 for i in range(len(raises))]
    up = {"type": "bar", "name": "raises", "x": x, "y": list(raises), "marker": {"color": colours["rel"]}}
    down = {
        "type": "bar",
        "name": "lowers",
        "x": x,
        "y": [-value for value in lowers],
        "marker": {"color": colours["neg"]},
    }
    high, low = max(raises, default=0.0) or 1.0, max(lowers, default=0.0)
    unit = (high + low) / (BY_HOUR - AXIS)
    marked = range(0, HOURS + 1, 6)
    ends = {0: 0.8, HOURS: HOURS - 0.7}  # whose labels would not be whole at their places
    axes = {
        "xaxis": paper.axis(
            range=[0, HOURS],
            showticklabels=True,
            tickvals=[ends.get(at, at) for at in marked],
            ticktext=["0 h" if at == 0 else str(at) for at in marked],
            tickfont={"size": 11},
        ),
        "yaxis": paper.axis(range=[-low - unit, high + unit]),
        "barmode": "relative",
        "bargap": 0.1,
        "margin": {"l": 0, "r": 0, "t": 0, "b": AXIS, "pad": 0},
    }  # fmt: skip
    layout = paper.layout(theme, hour * HOURS, BY_HOUR) | axes
    return {"data": [up | {"hoverinfo": "skip"}, down | {"hoverinfo": "skip"}], "layout": layout}
