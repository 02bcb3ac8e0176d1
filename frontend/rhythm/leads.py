"""Other leads of the recording below the strip: one that moves with it, or all of a short standard ECG."""

from typing import Any

from frontend.api import JSON, Api
from frontend.figures import leads as figure
from frontend.figures import paper
from frontend.tokens import Theme
from frontend.ui.elements import Element, dcc, html

STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True, "doubleClick": False}


def second(name: Element | None = None) -> Element:
    """Another lead below, with its name or place; moved with the strip by assets/rhythm/second-lead.js."""
    layers = [
        html.Div(html.Div(id="second-plot"), className="strip-layer", id="second-layer"),
        html.Div(id="second-head", **{"aria-hidden": "true"}),
        html.Div(id="second-said", className="s m", role="status"),
    ]
    drawn = html.Div(layers, id="second", role="img", **{"aria-label": "A second lead"})
    said = html.Div(
        id="second-warning", className="xs warn", role="status"
    )  # beside the paper: nothing lies over the trace
    label = html.Div([html.Div(name, id="second-name", className="gutter-label"), said], className="gutter")
    return html.Div([label, drawn], id="second-row", className="banded", hidden=True)


def others(shown: str, record: JSON) -> Element:
    """Name of the lead below the strip; where there are several, a choice."""
    names = [name for name in record["leads"] if name != shown]
    if len(names) < 2:
        return html.Span(names, **{"data-lead": names[0] if names else ""})
    options = [html.Option(name, value=name) for name in names]
    return html.Select(options, id="second-lead", className="sel", **{"aria-label": "Second lead"})


def every() -> Element:
    """All leads at once: three rows of four or six of two, as there is room, and one for the rhythm."""
    graph = dcc.Graph(id="all-leads-plot", figure=paper.blank(0), config=STILL)
    drawn = html.Div(graph, id="all-leads-words", role="img", className="all-leads")
    return html.Div([html.Div(className="gutter"), drawn], id="all-leads", className="banded", hidden=True)


def drawn(api: Api, where: JSON, theme: Theme, room: float) -> tuple[Any, str, bool]:
    """The figure of all leads in so many px, its words, and whether there is none."""
    record = api.recording(where["record"]) if where.get("record") else None
    if record is None or not figure.standard(record["leads"], record["seconds"]):
        return paper.blank(0), "", True
    signals = [api.signal(record["id"], lead, 0.0, figure.SECONDS, 20_000) for lead in record["leads"]]
    shown = figure.Leads(tuple(signals), where.get("lead") or record["lead"], theme, room=room)
    return figure.figure(shown), figure.words(shown), False
