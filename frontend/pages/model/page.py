"""The model page: the card's facts beside it; what its network does with real windows below one another."""

from functools import partial
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output

from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.pages.model import learnt, modes, side, similar, units
from frontend.pages.model.asking import asked, follow, task
from frontend.pages.model.side import heading
from frontend.ui.components import foot, running_jobs, saved, state
from frontend.ui.elements import Element, clientside, dcc, html
from frontend.wording.input_text import preparation

KEYS = ((("←", "→"), "unit"), (("T",), "modes from noise, or with a prior"), (("?",), "all keys"))
MODES = "input that raises each score most; grey: the nearest real window of the class"
UNITS = "those that a class loses most without; state (ink) and best wavelet (dashed) on the window that drives it most"
MAP = "last states of real windows, by their label; a click opens one"


def layout(_: Visit) -> Element:
    """Everything comes by callbacks; assets/pages/model/ draws what is data."""
    main = html.Div(
        [
            html.Div(on_its_way("The model’s card"), id="model-head", className="model-head"),
            modes_section(),
            html.Div([map_section(), similar_section()], className="model-pair"),
            units_section(),
            html.Div(id="model-facts", className="model-facts"),
        ],
        className="main model-page",
    )
    aside = html.Aside([html.Div(id="model-side"), running_jobs()], className="side")
    stores = [dcc.Store(id=name) for name in ("model-again", "model-follow", "model-points", "model-here")]
    return html.Div([main, aside, foot(KEYS, saved()), *stores], className="page")


def on_its_way(what: str) -> Element:
    """What stands until the first answer has come."""
    return html.P(f"{what} is on its way.", className="m w model-wait", role="status")


def modes_section() -> Element:
    """The tiles, and which of both modes they show."""
    both = (("noise", "From noise", "true"), ("prior", "With a prior", "false"))
    choice = [
        html.Button(words, **{"data-modes": name, "aria-pressed": pressed}, className="on" if pressed == "true" else "")
        for name, words, pressed in both
    ]
    head = heading("What each class looks like to the model")
    head.children[1:] = [
        html.Span(MODES, className="s m cut model-note"),
        html.Span(className="sp"),
        html.Div(choice, className="seg", role="group", **{"aria-label": "Modes"}),
    ]
    head.className = "row g8"
    tiles = html.Div(on_its_way("What is known of real windows"), id="model-modes")
    return html.Section([head, tiles], id="model-modes-all", **{"data-shown": "noise"})


def units_section() -> Element:
    """The units that the classes need most, and the one that is chosen."""
    head = [html.H2("Hidden units", className="h"), html.Span(UNITS, className="s m cut")]
    shown = html.Div(on_its_way("What is known of the units"), id="model-units")
    return html.Section([html.Div(head, className="row g8"), shown])


def map_section() -> Element:
    """The map, with the window that is open."""
    head = [html.H2("Map of the last state", className="h"), html.Span(MAP, className="s m cut")]
    return html.Section(
        [
            html.Div(head, className="row g8"),
            html.Div(id="model-map-said"),
            html.Div(id="model-map", className="card", role="img", **{"aria-label": "Map of the last states"}),
            html.Div(id="model-legend", className="row g8 wrap gap"),
            html.P(id="model-map-about", className="s m w"),
        ]
    )


def similar_section() -> Element:
    """The nearest real windows."""
    return html.Section([html.H2("Most like the open window", className="h"), html.Div(id="model-similar")])


def register(app: dash.Dash, api: Api) -> None:
    """What follows from the model alone, and what from the window that is open."""

    @app.callback(
        Output("model-head", "children"),
        Output("model-facts", "children"),
        Output("model-side", "children"),
        Input("record-state", "data"),
    )
    def card(where: JSON | None) -> tuple[Element, Element, Element]:
        return filled(api, where or {})

    @app.callback(
        Output("model-modes", "children"),
        Output("model-units", "children"),
        Output("model-points", "data"),
        Output("model-legend", "children"),
        Output("model-map-about", "children"),
        Output("model-map-said", "children"),
        Output("model-follow", "data"),
        Input("record-state", "data"),
        Input("model-again", "data"),
    )
    def inside(where: JSON | None, _: Any) -> tuple[Any, ...]:
        return of_examples(api, where or {})

    @app.callback(
        Output("model-similar", "children"),
        Output("model-here", "data"),
        Input("beat-state", "data"),
        Input("model-points", "data"),
    )
    def window(where: JSON | None, points: JSON | None) -> tuple[Element, Any]:
        return of_window(api, where or {}, points)

    clientside(app, "model.follow", Input("model-follow", "data"))
    clientside(app, "model.points", Input("model-points", "data"), Input("model-here", "data"))
    clientside(
        app,
        "model.traces",
        Input("model-modes", "children"),
        Input("model-similar", "children"),
        Input("model-units", "children"),
    )


def filled(api: Api, where: JSON) -> tuple[Element, Element, Element]:
    """Head, facts and side of the model in the address; of the recording's first where it names none."""
    try:
        card = api.model(where.get("model"), where.get("record"))
        known = api.models()
    except ApiError as error:
        return None, state("This model cannot be shown", error.detail, warn=True), None
    short = next(one for one in known if one["id"] == card["id"])
    return head(card, known), learnt.content(card), side.content(card, short["headline"])


def head(card: JSON, known: list[JSON]) -> list[Element]:
    """Title, what it reads, and the choice among the models that there are."""
    data = [{"value": one["id"], "label": one["id"]} for one in known]
    choice = dmc.Select(
        data=data, value=card["id"], id="model", size="xs", allowDeselect=False, w=190, **{"aria-label": "Model"}
    )
    title = html.H1(card["title"], className="cut")
    line = html.Div(
        [title, html.Span(preparation(card["input"]), className="s m cut"), html.Span(className="sp"), choice]
    )
    line.className = "row g12"
    return [line, html.P(card["summary"], className="s m w")]


def of_examples(api: Api, where: JSON) -> tuple[Any, ...]:
    """Modes, map and what is to be followed."""
    try:
        card = api.model(where.get("model"), where.get("record"))
    except ApiError:  # the page says so already
        return None, None, None, [], "", None, None
    drawn = asked(partial(api.examples, card["id"]), "The map")
    if drawn.result is None:
        return drawn.said, None, None, [], "", None, follow(drawn)
    body = {"model": card["id"], "urgency": "secondary"}  # behind what somebody waits for at a window
    ask = {name: partial(api.ask_task, name, body) for name in ("class_modes", "units")}
    found = task(ask["class_modes"], "model-modes", "class_modes", "Class modes")
    inner = task(ask["units"], "model-units", "units", "Hidden units")
    tiles = modes.content(found.result, drawn.result, card) if found.result else found.said
    shown = units.content(inner.result, drawn.result, card) if inner.result else inner.said
    points = similar.points(drawn.result, card)
    about = similar.about(drawn.result)
    return tiles, shown, points, similar.legend(points), about, None, follow(found, inner)


def of_window(api: Api, where: JSON, points: JSON | None) -> tuple[Element, Any]:
    """The windows most like the one in the address, and its place on the map."""
    if not where.get("record") or where.get("at") is None:
        return html.P("Open a window on the desk: then its nearest real ones stand here.", className="m w"), None
    if points is None:
        return None, None
    body = {name: where.get(name) for name in ("record", "at", "lead")} | {"model": points["model"]}
    found = asked(partial(api.similar, body), "The nearest windows")
    if found.result is None:
        return found.said, None
    card = api.model(points["model"])
    here = {"x": found.result["x"], "y": found.result["y"], "rows": [one["row"] for one in found.result["nearest"]]}
    return similar.nearest(found.result, card), here


PAGE = Page(
    "model", "/model", "Model", layout, address_keys=("record", "at", "lead", "model"), register=register, tab=6
)
