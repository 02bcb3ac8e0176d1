"""What the model saw: the network's input below the maps; while a span is covered, with what stands in for it."""

from frontend.api import JSON, Api
from frontend.figures import model_input as figure
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.panel import Panel, PanelUpdate
from frontend.ui.elements import Element, dcc, html
from frontend.view import View
from frontend.wording import input_text

STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True}


def layout() -> Element:
    """The trace, at its final size."""
    graph = dcc.Graph(id="saw-graph", figure=blank(figure.HEIGHT), config=STILL)
    return html.Div(html.Div(graph, id="saw-words", role="img"), **{"data-part": "model_input"})


def update(api: Api, view: View) -> PanelUpdate:
    """The input of one beat; nothing where the model cannot read it."""
    window = api.beat(view.record, view.at, view.lead, view.model)["window"]
    if window is None:
        return PanelUpdate({"saw-graph": {"figure": blank(figure.HEIGHT)}, "saw-words": {"aria-label": "No input"}})
    spec = api.model(view.model, view.record)["input"]
    centred = any(step["step"] == "zscore" for step in spec["preprocessing"])
    shown = figure.ModelInput(
        window, "SD" if centred else unit(window), input_text.preparation(spec), view.theme, desk(view.width).content
    )
    return PanelUpdate(
        {"saw-graph": {"figure": figure.figure(shown)}, "saw-words": {"aria-label": figure.words(shown)}}
    )


def unit(window: JSON) -> str:
    """The unit of all leads; nothing where each has its own."""
    units = set(window.get("units") or ["mV"])
    return str(units.pop()) if len(units) == 1 else ""


PANEL = Panel("model_input", place="time", layout=layout, update=update, turn=2)
