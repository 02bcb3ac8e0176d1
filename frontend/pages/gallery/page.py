"""The gallery: groups of beats over each other, linked with Poincaré plot and tachogram, and labelled as one."""

from typing import Any

import dash
from dash import Input, Output

from frontend.api import JSON, Api
from frontend.figures.paper import blank
from frontend.page import Page, Visit
from frontend.pages.gallery.content import INSET, STILL, content
from frontend.pages.gallery.sizes import SIDE, TALL
from frontend.tokens import Theme
from frontend.ui.components import foot, kbd, saved
from frontend.ui.elements import Element, clientside, dcc, html

KEYS = (
    (("←", "→"), "group"),
    (("Enter",), "open first beat"),
    (("S",), "lasso"),
    (("A", "…", "Z"), "choose a label"),
    (("⌘ Z",), "undo"),
)
NOTE = "Bulk labels are logged as one step and can be undone as one."


def layout(_: Visit) -> Element:
    """The page at its final size; everything in it comes by callbacks and from assets/pages/gallery/gallery.js."""
    main = html.Div(
        [
            html.Div(id="gallery-head", className="gallery-head"),
            html.Div(id="gallery-tiles", className="gallery-tiles", role="group", **{"aria-label": "Groups of beats"}),
            html.Div(
                [
                    html.Div(id="gallery-note", className="s f gallery-note"),
                    html.Button(id="gallery-more", className="btn sm", hidden=True),
                ],
                className="gallery-below",
            ),
            bulk(),
            poincare(),
            tachogram(),
            html.Div(
                [html.H2("In words", className="h"), html.P(id="gallery-words", className="w")],
                className="gallery-said",
            ),
        ],
        id="gallery",
        className="gallery",
    )
    stores = [dcc.Store(id="gallery-state"), dcc.Store(id="gallery-data")]
    tip = html.Div(id="gallery-tip", hidden=True)
    right = html.Span([NOTE, saved()], className="row g12")
    return html.Div([*stores, main, tip, foot(KEYS, right)], className="gallery-page")


def bulk() -> Element:
    """The bar that labels all chosen beats."""
    button = html.Button(
        [html.Span("Label", id="bulk-words"), *kbd("⌘ Enter")], id="bulk-label", className="btn pri", disabled=True
    )
    words = [html.B(id="bulk-count"), html.Span(id="bulk-output", className="m cut")]
    right = [html.Span("Reader label", className="m"), html.Div(id="bulk-chips", className="row"), button]
    return html.Div([*words, html.Span(className="sp"), *right], id="bulk", className="row g8 bulk", role="group")


def poincare() -> Element:
    """RR after over RR before; its dots are drawn over the axes."""
    lasso = html.Button(["Lasso", *kbd("S")], id="lasso", className="btn sm gh", **{"aria-pressed": "false"})
    head = html.Div(
        [
            html.H2("Poincaré plot", className="h"),
            html.Span("chosen group dark; a click opens a beat", className="s m"),
            html.Span(className="sp"),
            lasso,
        ],
        className="row g8 card-head",
    )
    legend = html.Div(id="gallery-legend", className="row wrap gallery-legend")
    return html.Section([head, dotted("poincare", SIDE - INSET), legend], className="card gallery-poincare")


def tachogram() -> Element:
    """RR over time."""
    head = html.Div(id="tachogram-about", className="row g8 card-head")
    return html.Section([head, dotted("tachogram", TALL)], className="card gallery-tachogram")


def dotted(name: str, height: float) -> Element:
    """Axes, and the canvas over them."""
    graph = dcc.Graph(id=name, figure=blank(height), config=STILL)
    canvas = html.Canvas(id=f"{name}-dots", **{"aria-hidden": "true"})
    return html.Div([graph, canvas], id=f"{name}-words", className="drawn dotted", role="img")


def register(app: dash.Dash, api: Api) -> None:
    """One answer of the server for each record, lead, model and grouping; the rest happens in the browser."""

    @app.callback(
        Output("gallery-head", "children"),
        Output("gallery-tiles", "children"),
        Output("gallery-note", "children"),
        Output("poincare", "figure"),
        Output("tachogram", "figure"),
        Output("tachogram-about", "children"),
        Output("gallery-legend", "children"),
        Output("bulk-chips", "children"),
        Output("gallery", "style"),
        Output("gallery", "className"),
        Output("gallery-data", "data"),
        Input("gallery-state", "data"),
        Input("theme", "data"),
        prevent_initial_call=True,
    )
    def fill(where: JSON | None, theme: Theme) -> Any:
        return tuple(vars(content(api, where or {}, theme)).values())

    clientside(
        app,
        "gallery.look",
        Output("gallery-state", "data"),
        Input("address", "search"),
        Input("viewport", "data"),
        Input("gallery-head", "id"),
    )
    clientside(app, "gallery.filled", Input("gallery-data", "data"))


PAGE = Page(
    "gallery",
    "/gallery",
    "Gallery",
    layout,
    scope="recording",
    address_keys=("record", "lead", "model", "b", "by"),
    register=register,
    tab=4,
)
