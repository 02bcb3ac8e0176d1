"""The output as if the window ended at each moment, under the rows."""

from typing import Any

from frontend.api import Api
from frontend.figures.rhythm import decision as figures
from frontend.figures.rhythm.decision import Curve, Decision
from frontend.figures.typed import typed
from frontend.pages.rhythm import labels
from frontend.pages.rhythm.panels.rows import chip_of, rhythms
from frontend.pages.rhythm.window import RhythmWindow
from frontend.panel import Panel, PanelUpdate
from frontend.ui.elements import Element, html
from frontend.view import View


def layout() -> Element:
    """Head and place of the curves, folded where the model gives no output before the end."""
    head = html.Div(
        [
            html.H2("Output if the window ended here", className="h"),
            html.Span(id="decision-words", className="s m"),
            html.Span(className="sp"),
            html.Div(id="decision-legend", className="row g8"),
        ],
        className="row g8 decision-head",
    )
    plot = html.Div(id="decision-plot", role="img", **{"aria-label": "Output over time"})
    return html.Div([head, plot], id="rhythm-decision", **{"data-part": "decision"})


def update(api: Api, view: View) -> PanelUpdate:
    """The curves of a window."""
    window = RhythmWindow(api, view)
    shown = decision(window)
    if shown is None:
        return PanelUpdate({"rhythm-decision": {"hidden": True}}, {"figure": None})
    legend = [
        html.Span([chip_of(kind), labels.short(kind)], className="row g4 s m") for kind in window.answer["classes"]
    ]
    said = figures.words(shown)
    props: dict[str, dict[str, Any]] = {
        "rhythm-decision": {"hidden": False},
        "decision-words": {"children": said},
        "decision-legend": {"children": legend},
    }
    return PanelUpdate(props, {"figure": typed(figures.figure(shown)), "words": said})


def decision(window: RhythmWindow) -> Decision | None:
    """The curves that are drawn; None where the model gives none."""
    track = window.over_time
    if track is None:
        return None
    every = thinned(track.values)
    curves = [
        Curve(
            labels.letters(kind), labels.short(kind), labels.colour(kind, window.view.theme), [row[i] for row in every]
        )
        for i, kind in enumerate(window.answer["classes"])
    ]
    sizes = window.sizes
    return Decision(
        curves, *window.span, figures.GUTTER + sizes.row * sizes.second, sizes.row, window.view.theme,
        rhythms(window, *window.span, first=False),
    )  # fmt: skip


def thinned(values: list[list[float]], most: int = 1000) -> list[list[float]]:
    """At most `most` of the steps, evenly apart, the last among them."""
    count = min(len(values), most)
    return [values[(i + 1) * len(values) // count - 1] for i in range(count)]


PANEL = Panel("decision", order=30, layout=layout, update=update, turn=2, script="pages/rhythm/rhythm.js")
