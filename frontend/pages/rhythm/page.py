"""The rhythm page: one window in rows at true scale, what the model says of it, and the map behind the trace."""

from dataclasses import replace

import dash

from frontend.api import Api
from frontend.discovery import discover
from frontend.page import Page, Visit
from frontend.pages.desk.panels import jobs, reading
from frontend.pages.rhythm import panels as folder
from frontend.panel import Panel, Panels, laid_out
from frontend.panel import register as register_panels
from frontend.ui.components import foot, saved
from frontend.ui.elements import Element, html

KEYS = (
    (("J", "K"), "next, previous window"),
    (("⇧ J",), "next of this class"),
    (("[", "]"), "most relevant beat"),
    (("Enter",), "its beat"),
    (("1", "…", "6"), "map"),
    (("N", "A", "O", "~"), "label"),
    (("S",), "mark a stretch"),
    (("M",), "calipers"),
    (("H",), "hide the model"),
    (("D",), "day"),
    (("?",), "all keys"),
)


def panels() -> Panels:
    """Every panel of the page: each file in `panels/` exports one; readings and jobs are the desk's."""
    return (*own(), replace(reading.PANEL, order=55), jobs.PANEL)


def own() -> Panels:
    """The panels that are of this page alone."""
    return tuple(discover(folder, "PANEL", Panel, "beatlens.rhythm_panels"))


def layout(_: Visit) -> Element:
    """The page; everything in it comes by callbacks and views."""
    known = panels()
    main = html.Div(laid_out(known, "main"), className="main rhythm-page")
    side = html.Aside(laid_out(known, "side"), className="side")
    return html.Div([main, side, foot(KEYS, saved())], className="page")


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the panels that are this page's own."""
    register_panels(own(), app, api)


PAGE = Page(
    "rhythm",
    "/rhythm",
    "Rhythm",
    layout,
    scope="window",
    panels=lambda _: panels(),
    address_keys=("record", "at", "lead", "model", "target", "score", "a", "b"),
    no_defaults=("a",),  # the first map that is there at once
    register=register,
    under="desk",
)
