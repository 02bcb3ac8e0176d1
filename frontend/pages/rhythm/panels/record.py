"""The head of a rhythm page: record, patient, views, lead; and below it the whole recording."""

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.figures import paper
from frontend.figures.rhythm import overview
from frontend.figures.rhythm.overview import RhythmOverview
from frontend.figures.rhythm.row import Stretch
from frontend.figures.rhythm.sizes import sizes
from frontend.pages.desk.panels.record import remarks
from frontend.pages.desk.panels.record import whole as length_of
from frontend.pages.desk.panels.rhythm import segments
from frontend.pages.rhythm import labels
from frontend.panel import Panel
from frontend.rhythm.frame import banded, tool
from frontend.tokens import Theme
from frontend.ui.components import synthetic
from frontend.ui.elements import Element, clientside, dcc, html
from frontend.ui.views import SHORT, segment

STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True, "doubleClick": False}
WIDTH = 1440.0  # of the window in px, until the browser says how wide it is


def layout() -> Element:
    """Both empty until the recording is known."""
    names = [(html.Span(id="rhythm-length"), 12), ("Reference", 32), ("Model", 48)]
    graph = dcc.Graph(id="rhythm-overview", figure=paper.blank(overview.HEIGHT), config=STILL, className="figure")
    box = html.I(id="rhythm-box", hidden=True)
    drawn = html.Div([graph, box], id="rhythm-overview-words", role="img", className="drawn")
    whole = html.Div(banded("rhythm-whole", names, drawn), id="rhythm-whole", hidden=True)
    return html.Div([html.Div(id="rhythm-header", className="record-header"), whole])


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks: what is known once the recording and the model are."""

    @app.callback(Output("rhythm-header", "children"), Input("record-state", "data"))
    def head(where: JSON | None) -> list[Element]:
        return header(api, where or {}, "rhythm")

    @app.callback(
        Output("rhythm-overview", "figure"),
        Output("rhythm-overview-words", "aria-label"),
        Output("rhythm-whole", "hidden"),
        Output("rhythm-length", "children"),
        Input("record-state", "data"),
        Input("theme", "data"),
        Input("predicted", "data"),
        State("viewport", "data"),
    )
    def whole(where: JSON | None, theme: Theme, _: JSON | None, viewport: JSON | None) -> Any:
        width = float(viewport["width"]) if viewport else WIDTH
        return drawn(api, where or {}, theme, width)

    clientside(app, "rhythm.header", Input("rhythm-header", "children"))


def header(api: Api, where: JSON, view: str) -> list[Element]:
    """Name, patient, views and lead."""
    try:
        record = api.recording(where["record"])
    except (ApiError, KeyError):
        return []
    return [
        html.H1(f"Record {format.record(record['name'])}"),
        synthetic() if record["synthetic"] else None,
        remarks(record),
        segment(api, where, view),
        lead(record, where.get("lead")),
        *(scale() if view == "rhythm" else []),
    ]


def scale() -> list[Element]:
    """Paper speed, gain and filter, as on the desk, and the calipers."""
    speeds = [(format.short(speed), format.short(speed), "mm/s") for speed in paper.SPEEDS]
    gains = [(format.short(gain), format.short(gain), "mm/mV") for gain in paper.GAINS]
    return [
        segments("speed", "Paper speed", speeds),
        segments("gain", "Gain", gains),
        segments("filter", "Filter", [("raw", "Raw", ""), ("0.5-40", "0.5–40 Hz", "")]),
        tool("caliper", "calipers", "Calipers (M)"),
    ]


def lead(record: JSON, chosen: str | None) -> Element:
    """Choice of the lead that is read."""
    count = len(record["leads"])
    names = [{"value": name, "label": f"{name} · {i + 1} of {count}"} for i, name in enumerate(record["leads"])]
    return dmc.Select(
        data=names,
        value=chosen or record["lead"],
        id="lead",
        size="xs",
        allowDeselect=False,
        w=122,
        **{"aria-label": "Lead"},
    )


def drawn(api: Api, where: JSON, theme: Theme, window: float) -> Any:
    """The overview's figure and words, whether it is left out, and the length; nothing while it is not known."""
    nothing = (dash.no_update, dash.no_update, True, "")
    try:
        record = api.recording(where["record"])
        model = api.model(where.get("model"), where["record"])
        if record["seconds"] <= SHORT or model["input"]["window"]["kind"] == "beat":
            return nothing
        shown = whole_recording(api, record, where.get("lead"), model["id"], theme, window)
    except (ApiError, KeyError):
        return nothing
    return overview.figure(shown), overview.words(shown), False, length_of(record)


def whole_recording(
    api: Api, record: JSON, lead: str | None, model: str, theme: Theme, window: float
) -> RhythmOverview:
    """Envelope, reference and outputs of a recording."""
    size, fs = sizes(window), record["fs"]
    signal = api.signal(record["id"], lead, 0.0, record["seconds"], points=4000)
    windows = api.beats(record["id"], lead, model)
    card = {"classes": windows["classes"], "vocabulary": windows["vocabulary"]}
    kinds = {kind["symbol"]: kind for kind in card["classes"]}
    said = zip(windows["start"], windows["end"], windows["prediction"], strict=True)
    outputs = [stretch(a / fs, z / fs, kinds[symbol], theme) for a, z, symbol in said if symbol]
    return RhythmOverview(
        signal, record["seconds"], size.row * size.second, references(api, record, card, theme), outputs, theme
    )


def references(api: Api, record: JSON, card: JSON, theme: Theme) -> list[Stretch]:
    """The reference's rhythms, in the colours of the classes that they count as."""
    found = []
    for mark in labels.rhythms(api, record["id"]):
        kind, colour = labels.class_of(api, mark, card), labels.mark_colour(api, mark, card, theme)
        pale = bool(kind and labels.is_normal(kind))
        found.append(Stretch(mark["time"], mark["end_time"], labels.mark_letters(mark), colour, pale))
    return found


def stretch(start: float, end: float, kind: JSON, theme: Theme) -> Stretch:
    """A window in the colour of its output."""
    return Stretch(start, end, labels.letters(kind), labels.colour(kind, theme), labels.is_normal(kind))


PANEL = Panel("record", order=0, layout=layout, register=register)
