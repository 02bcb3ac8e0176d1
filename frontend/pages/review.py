"""The review desk: the recording at true scale, what the model decided, and what it was shown."""

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import format, seeing
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, clientside, dcc, html
from frontend.figures import overview, paper, strip
from frontend.figures.desk import desk
from frontend.figures.paper import Figure
from frontend.pages import cover, maps, output, queue, reading, saw
from frontend.parts import foot, icon, state, synthetic, tag
from frontend.tokens import Theme
from frontend.view import Panels

KEYS = (
    (("J", "K"), "next, previous"),
    (("⇧ J",), "next of this class"),
    (("Space",), "agree"),
    (("⌘ Z",), "undo"),
    (("/",), "search"),
    (("?",), "all keys"),
)
STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True, "doubleClick": False}
PARTS: Panels = (  # what of the page depends on the beat
    ("output", output.part),
    ("reading", reading.part),
    ("saw", saw.part),
    ("cover", cover.part),
    ("maps", maps.part),
)
WIDTH = 1440.0  # until the browser says how wide it is


def layout() -> Element:
    """The page; everything in it comes by callbacks, at its final size from the start."""
    main = html.Div(
        [html.Div(id="record-header", className="record-header"), rhythm(), maps.layout(), queue.layout()],
        className="main desk",
    )
    side = html.Aside(
        [output.layout(), cover.output_layout(), reading.layout(), cover.layout(), maps.jobs()], className="side"
    )
    return html.Div([main, side, foot(KEYS, reading.saved())], className="page")


def rhythm() -> Element:
    """Overview and strip, with their labels in the gutter."""
    blank = strip.loading("light", desk(WIDTH).paper)
    whole = gutter(
        [(html.Span(id="length"), 10), (html.Span("Reference", id="overview-label"), 38), ("Model", 56)],
        "overview",
        None,
    )
    labels = [(html.Span("Reference", id="reference-label"), 9), ("Model", 30), ("RR ms", 218)]
    return html.Div([whole, gutter(labels, "strip", blank)], className="rhythm")


def gutter(labels: list[tuple[Any, int]], name: str, figure: Figure | None) -> Element:
    """A figure with labels left of it, each at its height in px."""
    words = [html.Div(label, style={"top": f"{y - 9}px"}, className="gutter-label") for label, y in labels]
    graph = dcc.Graph(id=name, figure=figure or paper.blank(overview.HEIGHT), config=STILL, className="figure")
    mark = html.I(id=f"{name}-window", hidden=True)  # over the overview: where the strip is
    drawn = html.Div([graph, mark], id=f"{name}-words", role="img", className="drawn")
    return html.Div([html.Div(words, className="gutter"), drawn], className=f"banded {name}-row")


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the page; what depends on a beat waits for it in `beat-state`."""

    @app.callback(
        Output("record-header", "children"),
        Output("length", "children"),
        Output("reference-label", "children"),
        Output("overview-label", "children"),
        Input("record-state", "data"),
    )
    def head(where: JSON | None) -> tuple[list[Element], str, str, str]:
        parts, length, label = header(api, where or {})
        return parts, length, label, label

    @app.callback(Output("beats-nav", "data"), Input("record-state", "data"), prevent_initial_call=True)
    def navigation(where: JSON | None) -> Any:
        return beats_of(api, where or {})

    # Not straight into `predicted`: Dash would hold back strip and overview until the model has read every beat.
    @app.callback(
        Output("predicted-late", "data"),
        Input("beats-nav", "data"),
        State("record-state", "data"),
        prevent_initial_call=True,
    )
    def predictions(nav: JSON | None, where: JSON | None) -> Any:
        return predictions_of(api, where or {}) if nav else dash.no_update

    drawn = (Input("viewport", "data"), Input("theme", "data"), Input("predicted", "data"))

    @app.callback(Output("strip", "figure"), Output("strip-words", "aria-label"), Input("beat-state", "data"), *drawn)
    def rhythm_strip(
        where: JSON | None, viewport: JSON | None, theme: Theme, predicted: JSON | None
    ) -> tuple[Figure, str]:
        return strip_of(api, where or {}, width(viewport), theme, known(predicted, where))

    @app.callback(Output("overview", "figure"), Input("record-state", "data"), *drawn)
    def whole(where: JSON | None, viewport: JSON | None, theme: Theme, predicted: JSON | None) -> Any:
        return overview_of(api, where or {}, width(viewport), theme, known(predicted, where))

    queue.register(app)
    reading.register(app)
    clientside(app, "strip.navigation", Input("beats-nav", "data"), Input("predicted", "data"))
    clientside(app, "strip.predicted", Input("predicted-late", "data"))
    clientside(app, "strip.overview", Input("strip", "figure"), Input("overview", "figure"))
    clientside(
        app, "strip.position", Input("beat-state", "data"), Input("record-header", "children", allow_optional=True)
    )
    clientside(app, "address.lead", Input("lead", "value"), prevent_initial_call=True)
    clientside(app, "address.model", Input("model", "value"), prevent_initial_call=True)


def width(viewport: JSON | None) -> float:
    """Of the window in px."""
    return float(viewport["width"]) if viewport else WIDTH


def known(predicted: JSON | None, where: JSON | None) -> bool:
    """Whether the predictions that have come are those of this record, lead and model."""
    return bool(predicted and where) and all(
        (predicted or {}).get(k) == (where or {}).get(k) for k in ("record", "lead", "model")
    )


def header(api: Api, where: JSON) -> tuple[list[Element], str, str]:
    """Name, patient, lead, scale and position; the length; who placed the beats."""
    if not where.get("record"):
        words = state(
            "No recording chosen", "Choose one in the worklist.", dcc.Link("Worklist", href="/", className="btn")
        )
        return [words], "", "Reference"
    try:
        record = api.recording(where["record"])
    except ApiError as error:
        return (
            [
                state(
                    "This recording cannot be shown",
                    error.detail,
                    dcc.Link("Worklist", href="/", className="btn"),
                    warn=True,
                )
            ],
            "",
            "",
        )
    return (
        record_header(record, where.get("lead")),
        f"Whole {format.length(record['seconds'])}",
        seeing.source_label(record["beat_source"]),
    )


def record_header(record: JSON, lead: str | None) -> list[Element]:
    """The line above the strip."""
    comments = " ".join(record["comments"])
    known_facts = [format.patient(record["age"], record["sex"]), seeing.remarks(record["comments"])]
    words = " · ".join(part for part in known_facts if part and part != format.NONE)
    leads = [
        {"value": name, "label": f"{name} · lead {i + 1} of {len(record['leads'])}"}
        for i, name in enumerate(record["leads"])
    ]
    return [
        html.H1(f"Record {format.record(record['name'])}"),
        html.Span(words, className="m cut", title=comments),
        synthetic() if record["synthetic"] else None,
        html.Span(className="sp"),
        html.Button(
            icon("left", 15),
            id="previous-beat",
            className="btn ic",
            title="Previous beat (K)",
            **{"aria-label": "Previous beat"},
        ),
        html.Span(id="position", className="s m position"),
        html.Button(
            icon("right", 15), id="next-beat", className="btn ic", title="Next beat (J)", **{"aria-label": "Next beat"}
        ),
        dmc.Select(
            data=leads,
            value=lead or record["leads"][0],
            id="lead",
            size="xs",
            allowDeselect=False,
            w=156,
            **{"aria-label": "Lead"},
        ),
        tag(
            "25 mm/s · 10 mm/mV",
            "o",
            title="Standard scale at 96 px per inch; approximate until this screen is measured with a ruler",
        ),
        tag("raw, no filter", "o", title="Millivolts as recorded; the model reads a filtered copy"),
    ]


def beats_of(api: Api, where: JSON) -> Any:
    """Samples and symbols for stepping in the browser."""
    if not where.get("record"):
        return dash.no_update
    try:
        beats = api.beats(where["record"], where.get("lead"))
    except ApiError:
        return dash.no_update
    columns = {key: beats[key] for key in ("sample", "time", "symbol")}
    return {**columns, "record": where["record"], "lead": where.get("lead")}


def predictions_of(api: Api, where: JSON) -> Any:
    """What the model says of every beat; the columns themselves stay with the service's answer."""
    if not where.get("record"):
        return dash.no_update
    try:
        model = where.get("model") or api.models()[0]["id"]
        beats = api.beats(where["record"], where.get("lead"), model)
    except (ApiError, IndexError):
        return dash.no_update
    return {key: where.get(key) for key in ("record", "lead", "model")} | {"prediction": beats["prediction"]}


def columns(api: Api, where: JSON, predicted: bool) -> JSON:
    """Beats as columns, with predictions where they have come."""
    model = (where.get("model") or api.models()[0]["id"]) if predicted else None
    return api.beats(where["record"], where.get("lead"), model)


def strip_of(api: Api, where: JSON, window: float, theme: Theme, predicted: bool) -> tuple[Figure, str]:
    """The strip around the chosen beat; flat paper until there is one."""
    wide = desk(window).paper
    if not where.get("record"):
        return strip.loading(theme, wide), "No recording"
    try:
        return _strip(api, where, wide, theme, predicted)
    except ApiError as error:
        return strip.loading(theme, wide), error.detail


def _strip(api: Api, where: JSON, wide: float, theme: Theme, predicted: bool) -> tuple[Figure, str]:
    record, beats = api.recording(where["record"]), columns(api, where, predicted)
    chosen = where.get("beat")
    band = span_of(api, where) or around(chosen, record["fs"])
    start = strip.start((chosen or 0) / record["fs"], wide, record["seconds"])
    signal = api.signal(where["record"], where.get("lead"), start, strip.seconds(wide))
    shown = strip.Strip(signal, beats, chosen, band, predicted, record["synthetic"], theme, wide)
    return strip.figure(shown), strip.words(shown)


def span_of(api: Api, where: JSON) -> tuple[float, float] | None:
    """First and last second of what the model reads of the chosen beat; None where it reads nothing."""
    if where.get("beat") is None:
        return None
    try:
        beat = api.beat(where["record"], where["beat"], where.get("lead"), where.get("model"))
    except ApiError:
        return None
    return seeing.span(beat, api.recording(where["record"])["fs"])


def around(chosen: int | None, fs: float) -> tuple[float, float] | None:
    """A narrow band that marks a chosen beat of which the model reads nothing."""
    return None if chosen is None else (chosen / fs - 0.15, chosen / fs + 0.15)


def overview_of(api: Api, where: JSON, window: float, theme: Theme, predicted: bool) -> Any:
    """The whole recording; the box that marks the strip lies over it and is moved in the browser."""
    if not where.get("record"):
        return dash.no_update
    try:
        record, beats = api.recording(where["record"]), columns(api, where, predicted)
        signal = api.signal(where["record"], where.get("lead"), 0.0, record["seconds"], points=4000)
    except ApiError:
        return dash.no_update
    wide = desk(window).paper
    return overview.figure(overview.Overview(signal, beats, record["seconds"], predicted, theme, wide))
