"""The page of a stay: variables over 48 hours, the map behind them, and what the model says."""

from dataclasses import replace

from frontend.discovery import discover
from frontend.page import Page, Visit
from frontend.pages.desk.panels import jobs
from frontend.pages.stay import panels as folder
from frontend.panel import Panel, Panels, laid_out
from frontend.panel import register as register_panels
from frontend.ui.components import foot, saved
from frontend.ui.elements import Element, html

KEYS = (
    (("J", "K"), "next, previous stay"),
    (("←", "→"), "hour"),
    (("↑", "↓"), "variable"),
    (("Y",), "all variables"),
    (("H",), "hide the model"),
    (("?",), "all keys"),
)


def panels() -> Panels:
    """Every panel of the page: each file in `panels/` exports one; jobs are the desk's."""
    return (*own(), replace(jobs.PANEL, order=90))


def own() -> Panels:
    """The panels that are of this page alone."""
    return tuple(discover(folder, "PANEL", Panel, "beatlens.stay_panels"))


def layout(_: Visit) -> Element:
    """The page; everything in it comes by views."""
    known = panels()
    main = html.Div(laid_out(known, "main"), className="main stay-page")
    side = html.Aside(laid_out(known, "side"), className="side")
    return html.Div([main, side, foot(KEYS, saved())], className="page")


PAGE = Page(
    "stay",
    "/stay",
    "Stay",
    layout,
    scope="window",
    panels=lambda _: panels(),
    register=lambda app, api: register_panels(own(), app, api),
    address_keys=("record", "at", "model", "target", "score", "a", "open"),
    under="desk",
)
