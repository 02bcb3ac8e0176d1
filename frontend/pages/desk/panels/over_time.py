"""The decision over time: what the model would have said had the beat ended at each sample, and what it saw."""

from typing import Any

from frontend import explanations
from frontend.api import Api
from frontend.figures import temporal
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.pages.desk.panels import model_input
from frontend.ui.elements import Element, dcc, html
from frontend.view import PanelUpdate, View

HEIGHT = 92
STILL = {"displayModeBar": False, "responsive": False, "doubleClick": False, "staticPlot": True}


def layout() -> Element:
    """Heading, the input and the curves at their final size."""
    head = [
        html.H2("Decision over time", className="h"),
        html.Span("model output after each sample", className="s m"),
        html.Span(className="sp"),
        html.Span(id="temporal-note", className="s b"),
    ]
    graph = html.Div(dcc.Graph(id="temporal", figure=blank(HEIGHT), config=STILL), id="temporal-words", role="img")
    curves = html.Div([html.Div(head, className="row g8 temporal-head"), graph], **{"data-part": "time"})
    return html.Section([curves, model_input.layout()], className="temporal")


def part(api: Api, view: View) -> PanelUpdate:
    """Curves, ribbon and the last switch; or why there are none."""
    job = explanations.ask(api, view, "time", "temporal_score", "temporal")
    found = explanations.result(api, job)
    if found is None:
        figure, words = blank(HEIGHT), job.get("error") or ""
    else:
        beat = api.beat(view.record, view.beat, view.lead, view.model)
        panel = explanations.timeline(found, beat, view.theme, desk(view.width).content, HEIGHT)
        figure, words = temporal.figure(panel), explanations.changed(panel)
    props: dict[str, dict[str, Any]] = {
        "temporal": {"figure": figure},
        "temporal-note": {"children": words},
        "temporal-words": {"aria-label": words},
    }
    return PanelUpdate(props, {"jobs": [job]}, explanations.complete([job]))
