"""The frame of every page: top bar, health bar, stores, dialogs."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc

from frontend import tokens, vocabulary
from frontend.discovery import left_out
from frontend.page import Page, tab_id, tabs
from frontend.shell import share
from frontend.ui import icons
from frontend.ui.components import CLOSE, icon
from frontend.ui.elements import Element, dcc, html

STORES = (
    "viewport",
    "record-state",
    "beat-state",
    "slots",
    "settled",
    "beats-known",
    "predicted",
    "predicted-late",
    "chosen-method",
    "shareable",
    "record-error",
)

INDEX = """<!doctype html>
<html lang="en" data-theme="light"><head>{%metas%}<meta name="beatlens-prefix" content="PREFIX">
<title>{%title%}</title><link rel="icon" href="FAVICON">{%css%}<style>STYLE</style>
<script>try{
if(localStorage.getItem("theme")===null&&matchMedia("(prefers-color-scheme: dark)").matches)
localStorage.setItem("theme",'"dark"');
document.documentElement.dataset.theme=JSON.parse(localStorage.getItem("theme"))==="dark"?"dark":"light"}catch(e){}</script>
</head><body>{%app_entry%}<footer hidden>{%config%}{%scripts%}{%renderer%}</footer></body></html>"""


def index(prefix: str) -> str:
    """The page that holds the app: tokens as variables, theme set before anything is drawn."""
    style = tokens.css({label.code: label.group for label in vocabulary.MITBIH}) + icons.css()
    return INDEX.replace("PREFIX", prefix).replace("FAVICON", icons.favicon()).replace("STYLE", style)


def layout(pages: Sequence[Page]) -> Element:
    """The frame; pages come into `#page`."""
    frame = [
        dcc.Location(id="address", refresh=False),
        dcc.Store(id="theme", storage_type="local", data="light"),
        *(dcc.Store(id=name) for name in STORES),
        top(pages),
        html.Div(id="health-bar", role="status", hidden=True),
        plugins(),
        html.Main([html.Div(id="instead", hidden=True), html.Div(id="page")]),
        html.Div(id="said", role="status"),
        keys_dialog(),
        jobs_dialog(),
        share.dialog(),
    ]
    return dmc.MantineProvider(frame, id="mantine", theme=theme(), forceColorScheme="light")


def plugins() -> Element:
    """What of other packages is left out, and why; nothing where all of it is used."""
    found = left_out()
    if not found:
        return None
    words = "; ".join(f"{one.name} of {one.group}: {one.reason}" for one in found)
    head = html.B("A plug-in is left out." if len(found) == 1 else f"{len(found)} plug-ins are left out.")
    return html.Div([icon("warn"), head, html.Span(words, className="w")], id="plugin-bar", role="status")


def theme() -> dict[str, Any]:
    """Mantine in the design's ink: controls are ink on white, never blue."""
    family = "Inter Variable, Inter, system-ui, sans-serif"
    return {"primaryColor": "dark", "fontFamily": family, "headings": {"fontFamily": family}, "defaultRadius": 6}


def top(pages: Sequence[Page]) -> Element:
    """The top bar."""
    links = [dcc.Link(page.title, href=page.path, className="tab", id=tab_id(page)) for page in tabs(pages)]
    right = [
        html.Span("Research use only", className="f s research"),
        html.Button(id="job-tag", className="tag", hidden=True, title="Jobs of everybody"),
        html.Button([icon("share"), "Share"], id="share", className="btn", hidden=True),
        html.Button(icon("moon", 15), id="theme-toggle", className="btn gh ic", **{"aria-label": "Light or dark"}),
        html.Div(id="account"),
        html.Button("?", id="keys-open", className="btn gh ic b", **{"aria-label": "All keys"}),
    ]
    logo = html.Div([icon("logo", 18), "Beatlens"], className="logo")
    return html.Header([logo, html.Nav(links), html.Span(className="sp"), *right], className="top")


def jobs_dialog() -> Element:
    """Everybody's jobs under way, filled in assets/core/everybodys-jobs.js."""
    inside = html.Div(id="jobs-list", role="list", **{"aria-label": "Jobs under way"})
    return dmc.Modal(inside, id="jobs-dialog", title="Jobs", size="lg", opened=False, closeButtonProps=CLOSE)


def keys_dialog() -> Element:
    """The list of keys, filled in assets/core/actions.js."""
    note = html.P("Choose a key by clicking it. This browser remembers.", className="s m w")
    return dmc.Modal(
        [note, html.Div(id="keys-list")],
        id="keys-dialog",
        title="Keys",
        transitionProps={"duration": 0},  # a dialog that fades holds the keys
        size="lg",
        opened=False,
        closeButtonProps=CLOSE,
    )
