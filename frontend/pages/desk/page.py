"""The review desk: the recording at true scale, what the model decided, and what it was shown."""

import dash
import dash_mantine_components as dmc
from dash import Input, Output

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.pages.desk.panels import (
    by_wave,
    cover,
    every_beat,
    maps,
    model_input,
    output,
    over_time,
    queue,
    reading,
    rhythm,
    trust,
)
from frontend.ui.components import foot, synthetic
from frontend.ui.elements import Element, clientside, html
from frontend.view import Panels
from frontend.wording import input_text

KEYS = (
    (("J", "K"), "next, previous"),
    (("⇧ J",), "next of this class"),
    (("Space",), "agree"),
    (("C",), "cover"),
    (("M",), "calipers"),
    (("H",), "hide the model"),
    (("W",), "raw or filtered"),
    (("1", "9"), "method B"),
    (("⌘ Z",), "undo"),
    (("/",), "search"),
    (("?",), "all keys"),
)
PARTS: Panels = (  # what of the page depends on the beat
    ("output", output.part),
    ("reading", reading.part),
    ("saw", model_input.part),
    ("cover", cover.part),
    ("maps", maps.part),
    ("every_beat", every_beat.part),
    ("by_wave", by_wave.part),
    ("trust", trust.part),
    ("time", over_time.part),
)


def layout() -> Element:
    """The page; everything in it comes by callbacks, at its final size from the start."""
    main = html.Div(
        [
            html.Div(id="record-header", className="record-header"),
            rhythm.layout(),
            maps.layout(),
            queue.layout(),
            over_time.layout(),
        ],
        className="main desk",
    )
    panels = [output.layout(), cover.output_layout(), reading.layout(), trust.layout(), cover.layout()]
    side = html.Aside([*panels, output.details_layout(), maps.jobs()], className="side")
    return html.Div([main, side, foot(KEYS, reading.saved())], className="page")


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

    @app.callback(Output("record-error", "data"), Input("record-state", "data"), prevent_initial_call=True)
    def broken(where: JSON | None) -> JSON:
        return error_of(api, where or {})

    rhythm.register(app, api)
    queue.register(app)
    clientside(app, "address.model", Input("model", "value"), prevent_initial_call=True)


def error_of(api: Api, where: JSON) -> JSON:
    """What is the matter with the record, lead or model of an address, if anything: the page says it once."""
    asked = {"asked": where, "error": None}
    if not where.get("record"):
        return asked
    try:
        api.beats(where["record"], where.get("lead"))
        api.model(where.get("model"))
    except ApiError as error:
        return asked | {"error": {"detail": error.detail, "options": error.options, "field": error.field}}
    return asked


def header(api: Api, where: JSON) -> tuple[list[Element], str, str]:
    """Name, patient, lead and scale; the length; who placed the beats."""
    try:
        record = api.recording(where["record"])
    except (ApiError, KeyError):  # the page says what is the matter in place of all this
        return [], "", ""
    length, label = f"Whole {format.length(record['seconds'])}", input_text.source_label(record["beat_source"])
    return record_header(record, where.get("lead")), length, label


def record_header(record: JSON, lead: str | None) -> list[Element]:
    """The line above the strip."""
    known = [format.patient(record["age"], record["sex"]), input_text.remarks(record["comments"])]
    return [
        html.H1(f"Record {format.record(record['name'])}"),
        synthetic() if record["synthetic"] else None,
        remarks(" · ".join(part for part in known if part and part != format.NONE)),
        *rhythm.tools(record, lead),
    ]


def remarks(words: str) -> Element:
    """Patient and remarks in the room that the tools leave; all of it under the pointer, a finger or the focus."""
    if not words:
        return html.Span(className="sp")
    shown = {"hover": True, "focus": True, "touch": True}
    place = {"className": "remarks"}
    line = html.Div(words, className="m cut", tabIndex=0)
    return dmc.Tooltip(
        line, label=words, multiline=True, maw=420, events=shown, position="bottom-start", boxWrapperProps=place
    )
