"""Regions that changed the score: two methods beside each other, and their facts."""

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import explanations, methods, trust_view
from frontend.address import SLOTS, parse_method
from frontend.api import JSON, Api
from frontend.explanations import Size
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.maps import scale as map_facts
from frontend.maps import states, tracks
from frontend.maps.frame import drawing, map_frame
from frontend.pages.desk import settings
from frontend.panel import Panel, PanelUpdate
from frontend.sheets import content
from frontend.ui.components import CLOSE
from frontend.ui.elements import Element, clientside, dcc, html
from frontend.view import View

FROZEN = {"displayModeBar": False, "responsive": False, "staticPlot": True}
SIZE = Size(332.0, 148.0)  # of a frozen map
EMPTY = 60.0  # px where there is nothing to draw
NO_OUTPUT = states.plain("No map: there is no model output to explain.")
LOW = 160.0  # px of paper where the window is low


def layout(*inside: Element) -> Element:
    """Tools, two maps and their facts; the drawer of parameters."""
    row = html.Div(
        [*(map_frame(slot) for slot in SLOTS), *inside],
        className="maps-row",
        **{"data-part": "maps"},
    )
    return html.Div([tools(), row, drawer()], className="maps")


def tools() -> Element:
    """The line above the maps; methods and target come by a callback."""
    ramp = html.Span(
        [html.Span("0", className="f s"), html.I(className="ramp"), html.Span("full", className="f s")],
        className="row g6",
        title="Brightness: 0 to full scale",
    )
    title = html.H2("Regions that changed the score")
    scale = html.Span(html.Span(id="map-scale"), **{"data-part": "maps", "data-beside": ""})
    return html.Div(
        [title, html.Div(id="map-tools", className="row g8"), html.Span(className="sp"), ramp, scale],
        className="row g8 map-tools",
    )


def drawer() -> Element:
    """Parameters of one method."""
    inside = [html.Div(id="parameters"), dcc.Store(id="parameters-slot")]
    return dmc.Drawer(
        inside,
        id="parameters-drawer",
        title="Parameters",
        position="right",
        size=360,
        opened=False,
        closeButtonProps=CLOSE,
    )


def update(api: Api, view: View) -> PanelUpdate:
    """Both maps and their facts; where the model says nothing that is said of the output, not of each map."""
    beat = api.beat(view.record, view.at, view.lead, view.model)
    if beat["window"] is None:
        return PanelUpdate(nothing(), {"methods": methods.digits(api, view)})
    size = Size(desk(view.width).beat, LOW if view.low else Size.paper + view.spare, mm=view.mm)
    jobs = {slot: explanations.ask(api, view, slot, methods.text(api, view, slot), f"graph-{slot}") for slot in SLOTS}
    judged = trust_view.of_maps(api, view, list(jobs.values()))["of"]
    props: dict[str, dict[str, Any]] = {}
    for job in jobs.values():
        props |= drawing(api, job, view, size, judged.get(job.get("id")))
    props["map-scale"] = {"children": map_facts.scale(api, view, size)}
    if beat["prediction"] is None:
        props |= {f"map-state-{slot}": {"children": NO_OUTPUT if slot == SLOTS[0] else None} for slot in SLOTS}
    data = {"jobs": list(jobs.values()), "methods": methods.digits(api, view)}
    return PanelUpdate(props, data, explanations.complete(jobs.values()))


def nothing() -> dict[str, dict[str, Any]]:
    """Properties of maps of which there is nothing to draw."""
    props: dict[str, dict[str, Any]] = {"map-scale": {"children": None}}
    for slot in SLOTS:
        props |= {
            f"graph-{slot}": {"figure": blank(EMPTY)},
            f"map-words-{slot}": {"aria-label": "No map"},
            f"map-head-{slot}": {"children": []},
            f"map-state-{slot}": {"children": NO_OUTPUT if slot == SLOTS[0] else None},
            f"map-{slot}": {"data-state": "refused"},
        }
    return props


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the tools above the maps."""
    register_tools(app, api)
    for slot in SLOTS:
        clientside(
            app,
            "address.method",
            Input(f"method-{slot}", "value"),
            State(f"method-{slot}", "id"),
            prevent_initial_call=True,
        )
    clientside(app, "address.target", Input("target", "value"), prevent_initial_call=True)
    clientside(app, "jobs.controls", Input("parameters", "children"))


def register_tools(app: dash.Dash, api: Api) -> None:
    """Choice of method, target and parameters."""

    @app.callback(
        Output("map-tools", "children"),
        Input("slots", "data"),
        Input("record-state", "data"),
        State("beat-state", "data"),
    )
    def choose(slots: JSON | None, _: JSON | None, where: JSON | None) -> list[Element]:
        return settings.choices(api, slots or {}, where or {})

    @app.callback(
        Output("parameters", "children"),
        Output("parameters-slot", "data"),
        Output("parameters-drawer", "opened"),
        Output("parameters-drawer", "title"),
        *[Input(f"settings-{slot}", "n_clicks") for slot in SLOTS],
        State("slots", "data"),
        prevent_initial_call=True,
    )
    def open_drawer(a: int | None, b: int | None, slots: JSON) -> Any:
        slot = str(dash.ctx.triggered_id).removeprefix("settings-")
        return settings.parameters(api, slot, parse_method(slots[slot])) if a or b else (dash.no_update,) * 4

    @app.callback(
        Output("chosen-method", "data"),
        Output("parameters-drawer", "opened", allow_duplicate=True),
        Output({"type": "parameter", "slot": dash.ALL, "name": dash.ALL}, "error"),
        Input("apply", "n_clicks"),
        Input("defaults", "n_clicks"),
        State({"type": "parameter", "slot": dash.ALL, "name": dash.ALL}, "value"),
        State({"type": "parameter", "slot": dash.ALL, "name": dash.ALL}, "id"),
        State("parameters-slot", "data"),
        State("slots", "data"),
        prevent_initial_call=True,
    )
    def apply(clicks: int | None, usual: int | None, values: list[Any], ids: list[JSON], slot: str, slots: JSON) -> Any:
        if not (clicks or usual):
            return dash.no_update, dash.no_update, [dash.no_update] * len(ids)
        chosen = {} if usual else {entry["name"]: value for entry, value in zip(ids, values, strict=True)}
        wrong = settings.wrong(api, slots[slot], chosen)
        errors = [wrong.get(entry["name"]) for entry in ids]
        return (
            (dash.no_update, dash.no_update, errors)
            if wrong
            else (settings.requested(api, slot, slots[slot], chosen), False, errors)
        )


def draw(document: JSON) -> Element:
    """The frozen maps, two in a row."""
    found = content.maps(document)
    if not found:
        return [html.P("No map was frozen with this link.", className="m")]
    ramp = html.Span(
        [html.Span("0", className="f"), html.I(className="ramp"), html.Span("full scale", className="f")],
        className="row g6",
    )
    scale = map_facts.scale_tag(document["beat"], SIZE)
    title = html.H2(f"Regions that changed the score for {content.target(document)}")
    marks = {"rel": "key-raises", "neg": "key-lowers"}
    key = [part for token, words in content.key(document) for part in (html.I(className=marks[token]), words)]
    legend = html.Span(key, className="row g6 f signs") if key else ramp
    line = html.Div([title, html.Span(className="sp"), legend, scale], className="row g8 s")
    every = [frozen_map(document, explanation, letter) for letter, explanation in content.lettered(document)]
    words = html.P(content.words(document), className="w")
    return [line, html.Div([*every, words], className="sheet-maps")]


def frozen_map(document: JSON, explanation: JSON, letter: str) -> Element:
    """One map with its scale."""
    drawn, said = content.drawn(document, explanation, SIZE)
    line = [
        html.B(letter),
        html.B(explanation["title"]),
        html.Span(content.full(explanation), className="f"),
        html.Span(className="sp"),
        html.Span(content.most(explanation)),
    ]
    graph = html.Div(dcc.Graph(figure=drawn, config=FROZEN), role="img", **{"aria-label": said})
    beside = tracks.below(explanation, content.beside(document, explanation, SIZE))
    return html.Div([html.Div(line, className="row g6 s"), graph, beside], className="map")


PANEL = Panel(
    "maps",
    order=20,
    layout=layout,
    update=update,
    turn=4,
    early=True,
    freeze=("explanations", "beat"),
    draw=draw,
    paper="frontend.pages.desk.paper.maps:draw",
    register=register,
)
