"""The whole recording above a rhythm: its envelope, the reference's rhythms, the model's windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frontend import format
from frontend.figures import overview as beats
from frontend.figures import paper
from frontend.figures.rhythm.row import Stretch
from frontend.tokens import Theme

TRACE, RIBBON, GAP, FOOT = 22, 13, 3, 16  # px
HEIGHT = TRACE + 2 * (RIBBON + GAP) + FOOT
PALE = 0.3


@dataclass(frozen=True)
class RhythmOverview:
    """What it shows; times in s."""

    signal: dict[str, Any]
    length: float
    width: float
    reference: Sequence[Stretch]
    model: Sequence[Stretch]
    theme: Theme = "light"


def figure(shown: RhythmOverview) -> paper.Figure:
    """The plotly figure."""
    px = 1 / HEIGHT
    whole = beats.Overview(shown.signal, {"symbol": [], "time": []}, shown.length, False, shown.theme, shown.width)
    model = [FOOT * px, (FOOT + RIBBON) * px]
    reference = [(FOOT + RIBBON + GAP) * px, (FOOT + 2 * RIBBON + GAP) * px]
    drawn = beats.figure(whole)
    trace = [part for part in drawn["data"] if part.get("name") == "envelope"]
    rows = [*trace, *ribbon(shown.reference, "y2"), *ribbon(shown.model, "y3")]
    axes = {
        "xaxis": paper.axis(range=[0, shown.length], anchor="y"),
        "yaxis": paper.axis(range=drawn["layout"]["yaxis"]["range"], domain=[reference[1] + GAP * px, 1]),
        "yaxis2": paper.axis(range=[0, 1], domain=reference),
        "yaxis3": paper.axis(range=[0, 1], domain=model),
    }
    layout = paper.layout(shown.theme, shown.width, HEIGHT, barmode="overlay", bargap=0, **axes)
    return {"data": rows, "layout": layout | {"annotations": drawn["layout"]["annotations"]}}


def ribbon(stretches: Sequence[Stretch], axis: str) -> list[dict[str, Any]]:
    """One bar for each stretch."""
    if not stretches:
        return []
    marker = {
        "color": [stretch.colour for stretch in stretches],
        "opacity": [PALE if stretch.pale else 0.95 for stretch in stretches],
        "line": {"width": 0},
    }
    return [
        {
            "type": "bar",
            "x": [(stretch.start + stretch.end) / 2 for stretch in stretches],
            "width": [stretch.end - stretch.start for stretch in stretches],
            "y": [1] * len(stretches),
            "yaxis": axis,
            "marker": marker,
            "name": "ribbon",
        }
    ]


def words(shown: RhythmOverview) -> str:
    """The overview in a sentence, for those who cannot see it."""
    reference = ", ".join(dict.fromkeys(stretch.letters for stretch in shown.reference)) or "none"
    model = ", ".join(dict.fromkeys(stretch.letters for stretch in shown.model)) or "none yet"
    return f"The whole recording, {format.length(shown.length)} long; reference rhythms: {reference}; outputs: {model}."
