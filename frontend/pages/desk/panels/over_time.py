"""The decision over time: what the model would have said had the beat ended at each sample, and what it saw."""

from typing import Any

from frontend import explanations, methods
from frontend.api import JSON, Api
from frontend.figures import temporal
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.panel import Panel, PanelUpdate
from frontend.ui.elements import Element, dcc, html
from frontend.view import View

HEIGHT = 92
STILL = {"displayModeBar": False, "responsive": False, "doubleClick": False, "staticPlot": True}


def layout(*inside: Element) -> Element:
    """Heading, the input and the curves at their final size."""
    head = [
        html.H2("Decision over time", className="h"),
        html.Span("model output after each sample", className="s m"),
        html.Span(className="sp"),
        html.Span(id="temporal-note", className="s b"),
    ]
    graph = html.Div(dcc.Graph(id="temporal", figure=blank(HEIGHT), config=STILL), id="temporal-words", role="img")
    curves = html.Div([html.Div(head, className="row g8 temporal-head"), graph], **{"data-part": "time"})
    return html.Section([curves, *inside], className="temporal")


def update(api: Api, view: View) -> PanelUpdate:
    """Curves, ribbon and the last switch; or why there are none."""
    job = asked(api, view)
    found = explanations.result(api, job) if job else None
    if found is None:
        figure, words = blank(HEIGHT), why_not(job)
    else:
        beat = api.beat(view.record, view.at, view.lead, view.model)
        panel = explanations.timeline(found, beat, view.theme, desk(view.width).content, HEIGHT)
        figure, words = temporal.figure(panel), explanations.changed(panel)
    props: dict[str, dict[str, Any]] = {
        "temporal": {"figure": figure},
        "temporal-note": {"children": words},
        "temporal-words": {"aria-label": words},
    }
    jobs = [job] if job else []
    return PanelUpdate(props, {"jobs": jobs}, explanations.complete(jobs))


def asked(api: Api, view: View) -> JSON | None:
    """The job of the method that gives the output over time; None where the service has none."""
    entry = methods.over_time(api, view)
    return explanations.ask(api, view, "time", str(entry["method"]), "temporal") if entry else None


def why_not(job: JSON | None) -> str:
    """Why there is nothing to see, where there is a reason."""
    return str(job.get("error") or "") if job else "No method gives the output over time."


PANEL = Panel("time", order=40, layout=layout, update=update, turn=8)
