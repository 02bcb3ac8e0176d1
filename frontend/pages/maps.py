"""Regions that changed the score: two methods beside each other, their facts, and the decision over time."""

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import explaining, format
from frontend.address import parse_method
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, clientside, dcc, html
from frontend.explaining import Size
from frontend.figures import temporal
from frontend.figures.desk import desk
from frontend.figures.paper import Figure, blank
from frontend.pages import map_facts, settings, states
from frontend.pages.settings import SLOTS
from frontend.parts import section
from frontend.tokens import Theme

CONFIG = {"displayModeBar": False, "responsive": False, "doubleClick": False, "scrollZoom": False}
EMPTY = blank(272, 386)
WIDTH = 1440.0


def layout() -> Element:
    """Tools, two maps, their facts and the decision over time; the drawer of parameters."""
    asked = [dcc.Store(id=f"ask-{slot}") for slot in SLOTS] + [dcc.Store(id=f"job-{slot}") for slot in SLOTS]
    over_time = html.Div(
        [
            html.Div(
                [
                    html.Span("Decision over time", className="h"),
                    html.Span("model output after each sample", className="s m"),
                    html.Span(className="sp"),
                    html.Span(id="temporal-note", className="s b"),
                ],
                className="row g8 temporal-head",
            ),
            html.Div(
                dcc.Graph(id="temporal", figure=blank(92), config=CONFIG | {"staticPlot": True}),
                id="temporal-words",
                role="img",
            ),
        ],
        className="temporal",
    )
    row = html.Div(
        [*(place(slot) for slot in SLOTS), html.Div(id="facts", className="map-facts")], className="maps-row"
    )
    return html.Div(
        [
            *asked,
            dcc.Store(id="ask-time"),
            dcc.Store(id="job-time"),
            dcc.Store(id="maps-mounted"),
            tools(),
            row,
            over_time,
            drawer(),
        ],
        className="maps",
    )


def tools() -> Element:
    """The line above the maps; methods and target come by a callback."""
    ramp = html.Span(
        [html.Span("0", className="f s"), html.I(className="ramp"), html.Span("full", className="f s")],
        className="row g6",
        title="Brightness: 0 to full scale",
    )
    title = html.H2("Regions that changed the score")
    scale = html.Span(id="map-scale")
    return html.Div(
        [title, html.Div(id="map-tools", className="row g8"), html.Span(className="sp"), ramp, scale],
        className="row g8 map-tools",
    )


def place(slot: str) -> Element:
    """Where one map stands: its head, the picture, and what is said in its place."""
    graph = html.Div(dcc.Graph(id=f"graph-{slot}", figure=EMPTY, config=CONFIG), id=f"map-words-{slot}", role="img")
    parts = [
        html.Div(id=f"map-head-{slot}", className="row g6 map-head"),
        graph,
        html.Div(id=f"map-state-{slot}", className="map-state"),
    ]
    return html.Div(parts, id=f"map-{slot}", className="map", **{"data-state": "loading"})


def drawer() -> Element:
    """Parameters of one method."""
    inside = [html.Div(id="parameters"), dcc.Store(id="parameters-slot")]
    return dmc.Drawer(inside, id="parameters-drawer", title="Parameters", position="right", size=360, opened=False)


def jobs() -> Element:
    """The running jobs of this page; drawn in assets/jobs.js."""
    return section(html.Div(id="job", **{"aria-live": "polite"}), id="job-section", hidden=True)


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the maps."""
    for slot in SLOTS:
        register_slot(app, api, slot)
    register_time(app, api)
    register_tools(app, api)
    clientside(app, "jobs.watch", *[Input(f"job-{slot}", "data") for slot in SLOTS])
    for slot in SLOTS:
        clientside(
            app,
            "address.method",
            Input(f"method-{slot}", "value"),
            State(f"method-{slot}", "id"),
            prevent_initial_call=True,
        )
    clientside(app, "address.target", Input("target", "value"), prevent_initial_call=True)
    clientside(app, "address.mounted", Output("maps-mounted", "data"), Input("ask-time", "id"))
    clientside(app, "jobs.controls", Input("parameters", "children"))


def register_slot(app: dash.Dash, api: Api, slot: str) -> None:
    """Asking and drawing of one map."""

    @app.callback(Output(f"job-{slot}", "data"), Input(f"ask-{slot}", "data"), prevent_initial_call=True)
    def ask(wanted: JSON | None) -> Any:
        return explaining.ask(api, wanted, slot, f"job-{slot}", f"graph-{slot}") if wanted else dash.no_update

    @app.callback(
        Output(f"graph-{slot}", "figure"),
        Output(f"map-words-{slot}", "aria-label"),
        Output(f"map-head-{slot}", "children"),
        Output(f"map-state-{slot}", "children"),
        Output(f"map-{slot}", "data-state"),
        Input(f"job-{slot}", "data"),
        Input("beat-state", "data"),
        Input("viewport", "data"),
        Input("theme", "data"),
    )
    def draw(job: JSON | None, where: JSON | None, viewport: JSON | None, theme: Theme) -> Any:
        drawn = drawing(api, slot, job, where or {}, theme, Size(desk(viewport["width"] if viewport else WIDTH).beat))
        return (dash.no_update, *drawn[1:]) if unchanged(dash.ctx.triggered_prop_ids, slot, job) else drawn


def unchanged(triggered: dict[str, Any], slot: str, job: JSON | None) -> bool:
    """Whether only a job has begun: the beat stands there already, and its map is still to come."""
    begun = bool(job) and (job or {}).get("status") in ("queued", "running") and not (job or {}).get("signed")
    return begun and list(triggered) == [f"job-{slot}.data"]


def register_time(app: dash.Dash, api: Api) -> None:
    """The decision over time, and the facts of both maps."""

    @app.callback(Output("job-time", "data"), Input("ask-time", "data"), prevent_initial_call=True)
    def ask(wanted: JSON | None) -> Any:
        return explaining.ask(api, wanted, "time", "job-time", "temporal") if wanted else dash.no_update

    @app.callback(
        Output("temporal", "figure"),
        Output("temporal-note", "children"),
        Output("temporal-words", "aria-label"),
        Input("job-time", "data"),
        Input("beat-state", "data"),
        Input("viewport", "data"),
        Input("theme", "data"),
    )
    def draw(job: JSON | None, where: JSON | None, viewport: JSON | None, theme: Theme) -> tuple[Figure, str, str]:
        return over_time(api, job, where or {}, desk(viewport["width"] if viewport else WIDTH).content, theme)

    @app.callback(
        Output("facts", "children"),
        Output("map-scale", "children"),
        *[Input(f"job-{s}", "data") for s in SLOTS],
        Input("beat-state", "data"),
        Input("viewport", "data"),
    )
    def tell(a: JSON | None, b: JSON | None, where: JSON | None, viewport: JSON | None) -> tuple[Element, Element]:
        size = Size(desk(viewport["width"] if viewport else WIDTH).beat)
        return map_facts.facts(api, {"a": a, "b": b}, where or {}), map_facts.scale(api, where or {}, size)


def register_tools(app: dash.Dash, api: Api) -> None:
    """Choice of method, target and parameters."""

    @app.callback(Output("map-tools", "children"), Input("slots", "data"), Input("record-state", "data"))
    def choose(slots: JSON | None, where: JSON | None) -> list[Element]:
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
        Output("wish", "data"),
        Output("parameters-drawer", "opened", allow_duplicate=True),
        Input("apply", "n_clicks"),
        State({"type": "parameter", "slot": dash.ALL, "name": dash.ALL}, "value"),
        State({"type": "parameter", "slot": dash.ALL, "name": dash.ALL}, "id"),
        State("parameters-slot", "data"),
        State("slots", "data"),
        prevent_initial_call=True,
    )
    def apply(clicks: int | None, values: list[Any], ids: list[JSON], slot: str, slots: JSON) -> Any:
        chosen = {entry["name"]: value for entry, value in zip(ids, values, strict=True)}
        return (settings.wish(api, slot, slots[slot], chosen), False) if clicks else (dash.no_update, dash.no_update)


def drawing(api: Api, slot: str, job: JSON | None, where: JSON, theme: Theme, size: Size) -> Any:
    """Figure, words, head, state and data-state of one map."""
    if not where.get("record") or where.get("beat") is None:
        return EMPTY, "No beat chosen", [], None, "loading"
    now = explaining.status(job, where)
    try:
        figure, words = explaining.picture(api, job, where, theme, size)
        found = explaining.result(api, job, where)
        return (
            figure,
            words,
            head(slot, job, found),
            states.map_state(api, job if now != "loading" else None, found),
            now,
        )
    except ApiError as error:
        return blank(272, size.width), error.detail, [], states.plain(error.detail), "refused"


def head(slot: str, job: JSON | None, found: JSON | None) -> list[Element]:
    """`A 1 − m, full scale 1, already computed … max 0.52`."""
    letter = html.Span(slot.upper(), className="b")
    if not job or not found:
        return [letter, html.Span(job["title"] if job else "", className="s m")]
    measure = found["scale"]
    if explaining.over_time(found):
        return [
            letter,
            html.Span("probability", className="s"),
            html.Span(explaining.note(job, found), className="s f cut"),
        ]
    fixed = measure["full_is_fixed"]
    kind = (
        "fixed for this method and model"
        if fixed
        else "this map's own maximum: brightness cannot be compared between beats"
    )
    unit = html.Span(measure["unit"], className="s")
    words = f"full scale {format.short(measure['full'])}{'' if fixed else ', its own'} · {explaining.note(job, found)}"
    most = html.Span(["max ", html.B(format.number(measure["maximum"]))], className="s")
    return [
        letter,
        unit,
        html.Span(words, className="s f cut", title=f"Full scale: {kind}"),
        html.Span(className="sp"),
        most,
    ]


def over_time(api: Api, job: JSON | None, where: JSON, width: float, theme: Theme) -> tuple[Figure, str, str]:
    """The temporal panel: curves, ribbon and the last switch; or why there is none."""
    found = explaining.result(api, job, where)
    if found is None:
        refused = job["error"] if job and job["status"] == "refused" else ""
        return blank(92), refused, refused
    beat = api.beat(where["record"], where["beat"], where.get("lead"), where.get("model"))
    panel = explaining.timeline(found, beat, theme, width, 92)
    words = explaining.changed(panel)
    return temporal.figure(panel), words, words
