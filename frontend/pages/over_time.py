"""The decision over time: what the model would have said had the beat ended at each sample, and what it saw."""

from typing import Any

from frontend import explaining
from frontend.api import Api, ApiError
from frontend.elements import Element, dcc, html
from frontend.figures import temporal
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.pages import saw
from frontend.view import Part, View

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
    return html.Section([curves, saw.layout()], className="temporal")


def method(api: Api) -> str:
    """The first method whose picture is the output over time; ApiError where there is none."""
    known = [entry["method"] for entry in api.explainers() if entry["roles"][0] == "probability"]
    if not known:
        raise ApiError("No method here gives the output over time.")
    return str(known[0])


def part(api: Api, view: View) -> Part:
    """Curves, ribbon and the last switch; or why there are none."""
    job = explaining.ask(api, view, "time", method(api), "temporal")
    found = explaining.result(api, job)
    if found is None:
        figure, words = blank(HEIGHT), job.get("error") or ""
    else:
        beat = api.beat(view.record, view.beat, view.lead, view.model)
        panel = explaining.timeline(found, beat, view.theme, desk(view.width).content, HEIGHT)
        figure, words = temporal.figure(panel), explaining.changed(panel)
    props: dict[str, dict[str, Any]] = {
        "temporal": {"figure": figure},
        "temporal-note": {"children": words},
        "temporal-words": {"aria-label": words},
    }
    return Part(props, {"jobs": [job]}, explaining.complete([job]))
