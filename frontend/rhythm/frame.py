"""The strip on a page: its layers, its labels, and how a screen is measured."""

from typing import Any

import dash_mantine_components as dmc

from frontend.figures import paper
from frontend.ui.components import CLOSE, icon
from frontend.ui.elements import Element, html


def banded(name: str, labels: list[tuple[Any, int]], drawn: Element, last: str | None = None) -> Element:
    """Something drawn with labels left of it, each at its height in px; `last` at the foot."""
    words = [html.Div(label, style={"top": f"{y - 9}px"}, className="gutter-label") for label, y in labels]
    if last:
        words.append(html.Div(last, className="gutter-label gutter-last"))
    return html.Div([html.Div(words, className="gutter"), drawn], className=f"banded {name}-row")


def strip() -> Element:
    """Layers that the browser moves together, under the calibration pulse and the notes, which stay."""
    plot = html.Div(html.Div(id="strip-plot", role="img", **{"aria-label": "Rhythm strip"}), className="strip-layer")
    notes = [
        html.Span(id="strip-time", className="strip-note"),
        html.Span(id="strip-warning", className="strip-note", hidden=True),
        html.Span(id="strip-scale", className="strip-note"),
    ]
    layers = [
        html.Div(id="strip-paper", className="strip-paper"),
        html.Div(id="strip-under", className="strip-layer"),
        plot,
        html.Div(id="strip-over", className="strip-layer"),
        html.Div(id="strip-head", **{"aria-hidden": "true"}),
        html.Div([html.Div("Hidden"), html.Div("Hidden")], className="strip-hidden"),
        html.Div(notes, id="strip-notes"),
        html.Div(id="strip-late", role="status", hidden=True),
        html.Div(id="strip-said", role="status", hidden=True),
    ]
    return html.Div(layers, id="strip", className="strip", role="group", **{"aria-label": "Rhythm"})


def tool(mark: str, id: str, title: str) -> Element:
    """A button with an icon."""
    return html.Button(icon(mark, 15), id=id, className="btn gh ic", title=title, **{"aria-label": title})


def ruler() -> Element:
    """How a screen is measured: a figure is made as wide as a bank card held against the glass."""
    content = [
        html.P(
            "Hold a bank card against the screen and move the slider until the figure is as wide as the card. "
            "Or hold a ruler to the line: it should be 100 mm long.",
            className="m",
        ),
        html.Div("85.60 mm", id="ruler-card", className="ruler-card"),
        html.Div("100 mm", id="ruler-line", className="ruler-line"),
        dmc.Slider(
            id="ruler-mm",
            min=2,
            max=8,
            step=0.005,
            value=paper.PX_PER_MM,
            label=None,
            updatemode="drag",
            thumbLabel="Pixels in a millimetre",
        ),
        html.Div(id="ruler-words", className="s m"),
        html.Div(
            [
                html.Button("Use this scale", id="ruler-save", className="btn pri"),
                html.Button("Forget it: 96 px per inch", id="ruler-forget", className="btn"),
            ],
            className="row g8",
        ),
    ]
    return dmc.Modal(
        html.Div(content, className="stack"),
        id="ruler-dialog",
        title="Measure this screen",
        size=760,
        opened=False,
        closeButtonProps=CLOSE,
    )
