"""Regions that changed the score: two methods beside each other, and their facts."""

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import explaining, format, judging
from frontend.address import parse_method
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, clientside, dcc, html
from frontend.explaining import Size
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.pages import by_wave, cover, map_facts, settings, states
from frontend.pages.settings import SLOTS
from frontend.parts import CLOSE, section
from frontend.view import Part, View

CONFIG = {"displayModeBar": False, "responsive": False, "doubleClick": False, "scrollZoom": False}
EMPTY = blank(272, 386)


def layout() -> Element:
    """Tools, two maps and their facts; the drawer of parameters."""
    row = html.Div(
        [*(place(slot) for slot in SLOTS), by_wave.layout()],
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
        cover.layer(slot),
    ]
    return html.Div(parts, id=f"map-{slot}", className="map", **{"data-state": "loading"})


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


def jobs() -> Element:
    """The running jobs of this page; drawn in assets/jobs.js."""
    return section(html.Div(id="job", **{"aria-live": "polite"}), id="job-section", hidden=True)


def part(api: Api, view: View) -> Part:
    """Both maps and their facts."""
    size = Size(desk(view.width).beat, mm=view.mm)
    jobs = {slot: explaining.ask(api, view, slot, str(view.method(slot)), f"graph-{slot}") for slot in SLOTS}
    judged = judging.of_maps(api, view, list(jobs.values()))["of"]
    props: dict[str, dict[str, Any]] = {}
    for job in jobs.values():
        props |= drawing(api, job, view, size, judged.get(job.get("id")))
    props["map-scale"] = {"children": map_facts.scale(api, view, size)}
    return Part(props, {"jobs": list(jobs.values())}, explaining.complete(jobs.values()))


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


def drawing(api: Api, job: JSON, view: View, size: Size, one: JSON | None) -> dict[str, dict[str, Any]]:
    """Properties of one map: picture, words, head, and what is said in its place; `one` is what is known by wave."""
    slot = job["slot"]
    try:
        figure, plain = explaining.picture(api, job, view, size, judging.strength(one))
        words = f"{plain} {one['words']}" if one else plain
        found = explaining.result(api, job)
        top, said, now = head(slot, job, found, one), states.map_state(api, job, found), job["status"]
    except ApiError as error:
        figure, words, top = blank(272, size.width), error.detail, []
        said, now = states.plain(error.detail), "refused"
    return {
        f"graph-{slot}": {"figure": figure},
        f"map-words-{slot}": {"aria-label": words},
        f"map-head-{slot}": {"children": top},
        f"map-state-{slot}": {"children": said},
        f"map-{slot}": {"data-state": now},
    }


def head(slot: str, job: JSON, found: JSON | None, one: JSON | None = None) -> list[Element]:
    """`A 1 − m, full scale 1, already computed … max 0.52`; a map that fails on this beat is marked."""
    letter = html.Span(slot.upper(), className="b")
    if not found:
        return [letter, html.Span(job["title"], className="s m")]
    measure = found["scale"]
    if measure is None:
        return [
            letter,
            html.Span(found["tracks"][0]["unit"] or job["title"], className="s"),
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
        judging.verdict(one["trust"], short=True) if judging.strength(one) < 1 and one else None,
        most,
    ]
