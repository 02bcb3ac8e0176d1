"""The rhythm of a recording on the desk: overview, strip and what sets their scale; moved in assets/rhythm/strip.js."""

from collections.abc import Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.columns import Column, sent
from frontend.figures import overview, paper
from frontend.figures import strip as strip_figure
from frontend.figures.desk import desk
from frontend.panel import Panel
from frontend.rhythm import leads
from frontend.rhythm.frame import banded, ruler, strip, tool
from frontend.sheets import content, rows
from frontend.tokens import Theme
from frontend.ui.components import icon
from frontend.ui.elements import Element, clientside, dcc, html

STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True, "doubleClick": False}
POINTS = 4  # values for each pixel of the overview: least and most of each, wherever its edges lie
WIDTH = 1440.0  # of the window in px, until the browser says how wide it is


def layout() -> Element:
    """Overview and strip at their final size, with their labels in the gutter."""
    names = [(html.Span(id="length"), 12), (html.Span("Reference", id="overview-label"), 35), ("Model", 49)]
    graph = dcc.Graph(id="overview", figure=paper.blank(overview.HEIGHT), config=STILL, className="figure")
    box = html.I(id="overview-window", hidden=True)  # where the strip is
    drawn = [graph, box, html.Div("Hidden", className="overview-hidden")]
    whole = banded("overview", names, html.Div(drawn, id="overview-words", role="img", className="drawn"))
    rows = [(html.Span("Reference", id="reference-label"), 9), ("Model", 30), ("Reader", 51)]
    moving = html.Div([banded("strip", rows, strip(), last="RR ms"), steps()], className="stepped")
    other = leads.second(html.Div(id="desk-second"))
    return html.Div([whole, moving, other, leads.every(), ruler()], className="rhythm")


def steps() -> Element:
    """Beside the strip: which beat of how many, and the way to its neighbours."""
    before = {"title": "Previous beat (K)", "aria-label": "Previous beat"}
    after = {"title": "Next beat (J)", "aria-label": "Next beat"}
    arrows = [
        html.Button(icon("left"), id="previous-beat", className="btn sm ic", **before),
        html.Button(icon("right"), id="next-beat", className="btn sm ic", **after),
    ]
    where = {"title": "Go to a beat's number or a time (⇧ G)"}
    return html.Div(
        [html.Button(id="position", className="xs m", **where), html.Div(arrows, className="row g4")], className="steps"
    )


def tools(record: JSON, lead: str | None) -> list[Element]:
    """Lead, scale and filter; calipers and ruler."""
    count = len(record["leads"])
    names = [{"value": name, "label": f"{name} · {i + 1} of {count}"} for i, name in enumerate(record["leads"])]
    select = dmc.Select(
        data=names,
        value=lead or record["lead"],
        id="lead",
        size="xs",
        allowDeselect=False,
        w=122,
        **{"aria-label": "Lead"},
    )
    if record.get("kind", "ecg") != "ecg":
        return [select]
    speeds = [(format.short(speed), format.short(speed), "mm/s") for speed in paper.SPEEDS]
    gains = [(format.short(gain), format.short(gain), "mm/mV") for gain in paper.GAINS]
    filters = [("raw", "Raw", ""), ("0.5-40", "0.5–40 Hz", "")]
    more = "Other leads below the strip (Y)"
    together = [  # in one line of a narrow window, none of them alone
        html.Button("Leads", id="more-leads", className="btn gh", title=more, hidden=count < 2),
        tool("caliper", "calipers", "Calipers (M)"),
        tool("ruler", "ruler-open", "Measure this screen: the scale is approximate until then"),
    ]
    return [
        select,
        segments("speed", "Paper speed", speeds),
        segments("gain", "Gain", gains),
        segments("filter", "Filter", filters),
        html.Div(together, className="row g8 strip-tools"),
    ]


def segments(name: str, title: str, values: list[tuple[str, str, str]]) -> Element:
    """One of a few values; their unit stands behind them, where it moves none of them."""
    buttons = [html.Button(words, **{f"data-{name}": value, "aria-pressed": "false"}) for value, words, _ in values]
    return html.Div(buttons, className="seg", role="group", **{"aria-label": title, "data-unit": values[0][2]})


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the overview and of what the model says of every beat."""

    # Not straight into `predicted`: Dash would hold back the overview until the model has read every beat.
    @app.callback(Output("predicted-late", "data"), Input("beats-known", "data"), prevent_initial_call=True)
    def predictions(where: JSON | None) -> Any:
        return predictions_of(api, where or {})

    drawn = (Input("viewport", "data"), Input("theme", "data"), Input("predicted", "data"))

    @app.callback(
        Output("overview", "figure"), Output("overview-words", "aria-label"), Input("record-state", "data"), *drawn
    )
    def whole(where: JSON | None, viewport: JSON | None, theme: Theme, predicted: JSON | None) -> Any:
        return overview_of(api, where or {}, width(viewport), theme, known(predicted, where))

    # A reader's screen has a second lead too, filled by `_blind`: all that is written here stands on the desk alone.
    @app.callback(
        Output("all-leads-plot", "figure"),
        Output("all-leads-words", "aria-label"),
        Output("all-leads", "aria-hidden"),
        Input("record-state", "data"),
        Input("theme", "data"),
        Input("viewport", "data"),
    )
    def sheet(where: JSON | None, theme: Theme, viewport: JSON | None) -> Any:
        return every_lead(api, where or {}, theme, desk(width(viewport)).paper)

    @app.callback(Output("desk-second", "children"), Input("record-state", "data"))
    def second(where: JSON | None) -> Any:
        return other_leads(api, where or {})

    clientside(app, "leads.shown", Input("all-leads", "aria-hidden"), Input("desk-second", "children"))
    clientside(app, "strip.mounted", Input("page", "children"))
    clientside(app, "nav.predicted", Input("predicted-late", "data"))
    clientside(
        app, "strip.position", Input("beat-state", "data"), Input("record-header", "children", allow_optional=True)
    )
    clientside(app, "ruler.shown", Input("ruler-mm", "value"), Input("ruler-dialog", "opened"))
    clientside(app, "address.lead", Input("lead", "value"), prevent_initial_call=True)


def width(viewport: JSON | None) -> float:
    """The width of the window in px."""
    return float(viewport["width"]) if viewport else WIDTH


def every_lead(api: Api, where: JSON, theme: Theme, room: float) -> Any:
    """The sheet of all leads of a short standard ECG, its words, and whether there is none."""
    try:
        figure, words, none = leads.drawn(api, where, theme, room)
    except ApiError:
        return paper.blank(0), "", "true"
    return figure, words, str(none).lower()


def other_leads(api: Api, where: JSON) -> Any:
    """The name or the choice of a lead that stands below the strip."""
    try:
        record = api.recording(where["record"])
    except (ApiError, KeyError):
        return []
    return leads.others(where.get("lead") or record["lead"], record)


def known(predicted: JSON | None, where: JSON | None) -> bool:
    """Whether the predictions that have come are those of this record, lead and model."""
    return bool(predicted and where) and all(
        (predicted or {}).get(k) == (where or {}).get(k) for k in ("record", "lead", "model")
    )


def predictions_of(api: Api, where: JSON) -> Any:
    """What the model says of every beat; the columns themselves stay with the service's answer."""
    if not where.get("record"):
        return dash.no_update
    asked = {key: where.get(key) for key in ("record", "lead", "model")}
    try:
        model = api.model(where.get("model"), where["record"])["id"]
        beats = api.beats(where["record"], where.get("lead"), model)
    except ApiError as error:
        return asked | {"trouble": error.detail}
    if beats["computing"]:  # the queue follows it, and asks again
        return asked | {"computing": True}
    said = {"prediction": beats["prediction"], "margin": beats["margin"], "probability": best(beats["probabilities"])}
    return asked | {"said": {name: sent(column) for name, column in said.items()}}


def best(probabilities: Sequence[Any]) -> Sequence[float | None]:
    """The largest probability of each window; null where there is none."""
    if not isinstance(probabilities, Column):
        return [max(values) if values else None for values in probabilities]
    rows = probabilities.values
    return Column(rows.max(axis=1) if rows.ndim > 1 else rows)


def overview_of(api: Api, where: JSON, window: float, theme: Theme, predicted: bool) -> Any:
    """The whole recording; the box that marks the strip lies over it and is moved in the browser."""
    nothing = (dash.no_update, dash.no_update)
    if not where.get("record"):
        return nothing
    try:
        record = api.recording(where["record"])
        model = api.model(where.get("model"), where["record"])["id"] if predicted else None
        beats = api.beats(where["record"], where.get("lead"), model)
        points = POINTS * round(desk(window).paper)
        signal = api.signal(where["record"], where.get("lead"), 0.0, record["seconds"], points=points)
    except ApiError:
        return nothing
    shown = overview.Overview(signal, beats, record["seconds"], predicted, theme, desk(window).paper)
    return overview.figure(shown), overview.words(shown)


def draw(document: JSON) -> Element | list[Element]:
    """The strip at true scale; nothing of what is no ECG."""
    if rows.has_rows(document):
        return in_rows(rows.drawn(document))
    if not content.has_strip(document):
        return []
    shown = content.strip_of(document)
    line = [
        html.B(f"Rhythm, {shown.span[1] - shown.begin:.1f} s"),
        html.Span("upper letters reference, lower model; RR in ms", className="m"),
        html.Span(className="sp"),
        html.Span(content.scale(shown)),
    ]
    graph = dcc.Graph(figure=content.rhythm(shown), config=STILL)
    return html.Div(
        [
            html.Div(line, className="row g8 s"),
            html.Div(graph, role="img", **{"aria-label": strip_figure.words(shown)}),
        ],
        className="sheet-strip",
    )


def in_rows(shown: JSON) -> Element:
    """A window of rhythm at true scale, one row below the other."""
    line = [
        html.B(shown["title"]),
        html.Span("ribbon: output if the window ended there; RR in ms", className="m"),
        html.Span(className="sp"),
        html.Span(shown["scale"]),
    ]
    drawn = [
        html.Div(dcc.Graph(figure=figure, config=STILL), role="img", **{"aria-label": words})
        for figure, words in zip(shown["figures"], shown["said"], strict=True)
    ]
    return html.Div([html.Div(line, className="row g8 s"), *drawn], className="sheet-strip")


PANEL = Panel(
    "rhythm",
    order=10,
    layout=layout,
    script="rhythm/strip.js",
    freeze=("strip",),
    draw=draw,
    paper="frontend.pages.desk.paper.rhythm:draw",
    register=register,
)
