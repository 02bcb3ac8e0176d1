"""What the model saw: the network's input below the maps; while a span is covered, with what stands in for it."""

from frontend import seeing
from frontend.api import Api
from frontend.elements import Element, dcc, html
from frontend.figures import saw
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.view import Part, View

STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True}


def layout() -> Element:
    """The trace, at its final size."""
    graph = dcc.Graph(id="saw-graph", figure=blank(saw.HEIGHT), config=STILL)
    return html.Div(html.Div(graph, id="saw-words", role="img"), **{"data-part": "saw"})


def part(api: Api, view: View) -> Part:
    """The input of one beat; nothing where the model cannot read it."""
    window = api.beat(view.record, view.beat, view.lead, view.model)["window"]
    if window is None:
        return Part({"saw-graph": {"figure": blank(saw.HEIGHT)}, "saw-words": {"aria-label": "No input"}})
    spec = api.model(view.model)["input"]
    centred = any(step["step"] == "zscore" for step in spec["preprocessing"])
    shown = saw.Saw(window, "SD" if centred else "mV", seeing.preparation(spec), view.theme, desk(view.width).content)
    return Part({"saw-graph": {"figure": saw.figure(shown)}, "saw-words": {"aria-label": saw.words(shown)}})
