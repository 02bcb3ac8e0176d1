"""The review desk: the recording at true scale, what the model decided, and what it was shown."""

import dash
from dash import Input, Output

from frontend import format, seeing
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, clientside, html
from frontend.pages import by_wave, cover, maps, output, over_time, queue, reading, rhythm, saw, trust
from frontend.parts import foot, icon, synthetic
from frontend.view import Panels

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
    ("saw", saw.part),
    ("cover", cover.part),
    ("maps", maps.part),
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
    """Name, patient, lead, scale and position; the length; who placed the beats."""
    try:
        record = api.recording(where["record"])
    except (ApiError, KeyError):  # the page says what is the matter in place of all this
        return [], "", ""
    length, label = f"Whole {format.length(record['seconds'])}", seeing.source_label(record["beat_source"])
    return record_header(record, where.get("lead")), length, label


def record_header(record: JSON, lead: str | None) -> list[Element]:
    """The line above the strip."""
    comments = " ".join(record["comments"])
    known_facts = [format.patient(record["age"], record["sex"]), seeing.remarks(record["comments"])]
    words = " · ".join(part for part in known_facts if part and part != format.NONE)
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
        *rhythm.tools(record, lead),
    ]
