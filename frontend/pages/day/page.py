"""The day view: a long recording as windows one after another, computed by a worker and kept."""

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.pages.day import picture, side
from frontend.pages.day.course import Course
from frontend.pages.rhythm import labels
from frontend.pages.rhythm.panels.record import WIDTH, header
from frontend.tokens import Theme
from frontend.ui.components import chip, foot, kbd, running_jobs, saved, state
from frontend.ui.elements import Element, clientside, dcc, html

KEYS = (
    (("←", "→"), "window"),
    (("Enter",), "open it"),
    (("J", "K"), "next, previous that differs"),
    (("⇧ J",), "next of this class"),
    (("+", "-"), "longer, shorter"),
    (("?",), "all keys"),
)
LENGTHS = (10, 30, 60)  # s of a window
GUTTER = (
    ("Reference", "", 5),
    ("Model", "", 31),
    ("Probability", "{} s each", 64),
    ("RR spread", "no model", 276),
    ("RR, ms", "", 344),
)


def layout(_: Visit) -> Element:
    """Everything comes by callbacks, and is drawn in assets/pages/day/day.js."""
    head = html.Div(id="day-header", className="record-header")
    legend = html.Div(id="day-legend", className="row g8")
    line = html.Div(
        [html.Div(id="day-title", className="row g8"), html.Span(className="sp"), legend, lengths()],
        className="row g8 day-head",
    )
    drawn = html.Div(
        [
            html.Div(id="day-gutter", className="day-gutter"),
            html.Div(id="day-plot", role="img", **{"aria-label": "The recording's windows"}),
            html.I(id="day-box", hidden=True),
            html.Div(id="day-tip", className="day-tip", hidden=True),
        ],
        className="day-lanes",
        id="day-lanes",
    )
    said = [html.Div(id="day-wait"), html.Div(id="day-state")]
    main = html.Div([head, line, *said, drawn, strip()], className="main day-page")
    stores = [dcc.Store(id=name) for name in ("day-job", "day-shown", "day-again")]
    aside = html.Aside([html.Div(id="day-side"), running_jobs()], className="side")
    return html.Div([main, aside, foot(KEYS, saved()), *stores], className="page")


def lengths() -> Element:
    """Choice of the windows' length."""
    data = [{"value": str(seconds), "label": f"Windows of {seconds} s"} for seconds in LENGTHS]
    return dmc.Select(
        data=data, value="30", id="day-seconds", size="xs", allowDeselect=False, w=148, **{"aria-label": "Windows"}
    )


def strip() -> Element:
    """The window under the pointer, compressed, and the way to it."""
    buttons = [
        html.Button("Before", id="day-before", className="btn sm"),
        html.Button("After", id="day-after", className="btn sm"),
        html.Button(["Open at 25 mm/s ", *kbd("↵")], id="day-open", className="btn sm pri"),
    ]
    head = html.Div(
        [html.Div(id="day-window", className="row g8"), html.Span(className="sp"), *buttons],
        className="row g8 day-strip-head",
    )
    return html.Div(
        [head, html.Div(id="day-strip", role="img", **{"aria-label": "The chosen window"})], id="day-below", hidden=True
    )


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks: the question is asked, followed in the browser, and asked again once it is answered."""

    @app.callback(Output("day-header", "children"), Input("record-state", "data"))
    def head(where: JSON | None) -> list[Element]:
        return header(api, where or {}, "day")

    @app.callback(
        Output("day-job", "data"),
        Output("day-shown", "data"),
        Output("day-side", "children"),
        Output("day-state", "children"),
        Output("day-title", "children"),
        Output("day-legend", "children"),
        Output("day-gutter", "children"),
        Input("record-state", "data"),
        Input("day-seconds", "value"),
        Input("day-again", "data"),
        Input("theme", "data"),
        Input("viewport", "data"),  # drawn anew at another width
    )
    def whole(where: JSON | None, seconds: str, _: Any, theme: Theme, viewport: JSON | None) -> Any:
        width = float(viewport["width"]) if viewport else WIDTH
        return answered(api, where or {}, float(seconds or 30), theme, width)

    clientside(app, "day.job", Input("day-job", "data"))
    clientside(app, "day.shown", Input("day-shown", "data"))


def answered(api: Api, where: JSON, seconds: float, theme: Theme, window: float) -> tuple[Any, ...]:
    """The job that is under way, or what came of it."""
    try:
        record = api.recording(where["record"])
        card = api.model(where.get("model"), record["id"])
        if card["input"]["window"]["kind"] == "beat":  # the page is about to choose another model
            return nothing()
        asked = {"recording": record["id"], "model": card["id"], "lead": where.get("lead"), "seconds": seconds}
        status = api.ask_task("day", asked)
    except KeyError:
        return nothing()
    except ApiError as error:
        return nothing(state("There is no day view", error.detail, warn=True))
    if status["status"] != "done":
        return under_way(record, status)
    course = Course(api, record, where.get("lead"), status["result"], card)
    parts = side.content(course), None, title(record), legend(course), gutter(course)
    return None, picture.shown(course, theme, window), *parts


def nothing(said: Element = None) -> tuple[Any, ...]:
    """The page without a day."""
    return None, None, [], said, [], [], []


def under_way(record: JSON, status: JSON) -> tuple[Any, ...]:
    """What stands there while a worker reads the recording, or once it has failed."""
    job: JSON = {"slot": "day", "kind": "tasks/day", "title": "Day view"}
    job |= {name: status.get(name) for name in ("id", "status", "position")}
    if status.get("error"):
        return nothing(state("The day view failed", status["error"], warn=True))
    said = html.P("Every window of the recording is being read.", className="m")
    return job, None, [], said, title(record), [], []


def title(record: JSON) -> list[Element]:
    """`Whole recording, 30:06`."""
    said = "a dot: model and reference differ · hollow: margin below 0.25"
    return [
        html.H2(f"Whole recording, {format.length(record['seconds'])}", className="h"),
        html.Span(said, className="s m"),
    ]


def legend(course: Course) -> list[Element]:
    """The classes."""
    kinds = course.classes
    return [html.Span([labelled(kind), labels.short(kind)], className="row g4 s m") for kind in kinds]


def labelled(kind: JSON) -> Element:
    """A class in two letters."""
    found = chip(kind["symbol"], "wide sm", kind["name"])
    found.children = labels.letters(kind)
    return found


def gutter(course: Course) -> list[Element]:
    """What stands left of the lanes."""
    found = []
    for name, below, top in GUTTER:
        said = below.format(f"{course.day['seconds']:g}") if below else ""
        count = format.plural(len(course.beats["sample"]), "beat") if name == "RR, ms" else ""
        found.append(html.Div([html.Div(name), html.Div(said or count, className="f")], style={"top": f"{top}px"}))
    return found


PAGE = Page(
    "day",
    "/day",
    "Day",
    layout,
    scope="recording",
    address_keys=("record", "lead", "model"),
    register=register,
    under="desk",
)
