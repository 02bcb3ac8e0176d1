"""A class's probability as a map's most relevant samples are deleted, or inserted alone, among random masks."""

from typing import Any

from frontend import format
from frontend.figures import paper
from frontend.tokens import TOKENS, Theme, rgba

WIDTH, HEIGHT, AXIS, FOOT, TOP, RIGHT = 162.0, 84.0, 22, 20, 7, 14  # px


def figure(curve: dict[str, Any], fractions: list[float], theme: Theme, width: float = WIDTH) -> paper.Figure:
    """The plotly figure of one curve: {map, random, low, high}."""
    colours = TOKENS[theme]
    band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    grey = {"color": colours["ink3"], "width": 1.2, "dash": "3px,3px"}
    data: list[dict[str, Any]] = [
        {"x": fractions, "y": curve["low"], **band},
        {"x": fractions, "y": curve["high"], **band, "fill": "tonexty", "fillcolor": rgba(colours["ink3"], 0.16)},
        {"x": fractions, "y": curve["random"], "mode": "lines", "line": grey, "name": "random"},
        {
            "x": fractions,
            "y": curve["map"],
            "mode": "lines",
            "line": {"color": colours["rel"], "width": 1.8},
            "name": "map",
        },
    ]
    small = {"size": 10, "color": colours["ink3"]}
    last = fractions[-1]
    marks = [0.0, last / 2, last]
    axes = {
        "xaxis": paper.axis(
            range=[0, last],
            domain=[AXIS / width, 1 - RIGHT / width],
            tickvals=marks,
            ticktext=[format.percent(mark) for mark in marks],
            showticklabels=True,
            tickfont=small,
            ticklabeloverflow="allow",
            ticklabelstandoff=4,
        ),
        "yaxis": paper.axis(
            range=[0, 1.02],
            domain=[FOOT / HEIGHT, 1 - TOP / HEIGHT],
            showgrid=True,
            gridcolor=colours["line"],
            tickvals=[0, 0.5, 1],
            ticktext=["0", "0.5", "1"],
            showticklabels=True,
            tickfont=small,
        ),
    }
    return {"data": data, "layout": paper.layout(theme, width, HEIGHT, **axes)}
