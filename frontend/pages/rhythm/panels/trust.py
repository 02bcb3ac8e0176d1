"""Whether the map behind the trace can be trusted: the desk's judgement of one map."""

from frontend import trust_view
from frontend.api import Api
from frontend.figures import curves
from frontend.figures.paper import blank
from frontend.pages.desk.panels import trust as desk
from frontend.pages.rhythm.window import RhythmWindow
from frontend.panel import Panel, PanelUpdate
from frontend.shown_window import ShownWindow
from frontend.ui.components import section
from frontend.ui.elements import Element, dcc, html
from frontend.view import View

STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True}


def layout() -> Element:
    """The panel at its final size; assets/pages/desk/trust.js fills it."""
    charts = [
        html.Div([html.Div(words, className="s m"), chart(name)], className="trust-curve")
        for name, words in desk.CURVES
    ]
    inside = [
        html.Div(id="trust-verdict", className="row g8 trust-verdict", **{"aria-live": "polite"}),
        html.Div(charts, className="row trust-curves"),
        html.Div(id="trust-legend", className="row s m g6 trust-legend"),
        html.Div(id="trust-facts"),
    ]
    head = html.Div(html.H2("Can the map be trusted?", className="h"), className="row g8")
    return html.Div(section(head, *inside, id="trust", **{"data-part": "trust"}), className="trust")


def chart(name: str) -> Element:
    """One curve, empty."""
    graph = dcc.Graph(id=f"trust-{name}", figure=blank(curves.HEIGHT, curves.WIDTH), config=STILL)
    return html.Div(graph, id=f"trust-{name}-words", role="img")


def update(api: Api, view: View) -> PanelUpdate:
    """The judgement of the map in view."""
    return judged(RhythmWindow(api, view))


def judged(window: ShownWindow) -> PanelUpdate:
    """The judgement of a window's map."""
    api, view = window.api, window.view
    job = window.job or {"slot": "a", "title": "no map", "status": "refused"}
    answer = trust_view.of_maps(api, view, [job]) if window.job else {"of": {}, "maps": []}
    slots = {"a": desk.slot_props(job, answer, view)}
    return PanelUpdate(
        {}, {"slots": slots, "names": {"a": job["title"]}, "judge": trust_view.wanted(view, [job], answer)}
    )


PANEL = Panel("trust", place="side", order=50, layout=layout, update=update, turn=5, script="pages/desk/trust.js")
