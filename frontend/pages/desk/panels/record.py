"""The line above the strip: record, patient, lead and scale."""

import dash
import dash_mantine_components as dmc
from dash import Input, Output

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.pages.desk.panels.rhythm import tools
from frontend.panel import Panel
from frontend.ui.components import synthetic
from frontend.ui.elements import Element, clientside, html
from frontend.ui.views import segment
from frontend.wording import input_text


def layout() -> Element:
    """Empty until the recording is known."""
    return html.Div(id="record-header", className="record-header")


def register(app: dash.Dash, api: Api) -> None:
    """What is filled in as soon as the recording is known."""

    @app.callback(
        Output("record-header", "children"),
        Output("length", "children"),
        Output("reference-label", "children"),
        Output("overview-label", "children"),
        Output("record-header", "data-kind"),
        Input("record-state", "data"),
    )
    def head(where: JSON | None) -> tuple[list[Element], str, str, str, str]:
        parts, length, label, kind = header(api, where or {})
        return parts, length, label, label, kind

    @app.callback(Output("record-error", "data"), Input("record-state", "data"), prevent_initial_call=True)
    def broken(where: JSON | None) -> JSON:
        return error_of(api, where or {})

    clientside(app, "address.model", Input("model", "value"), prevent_initial_call=True)


def error_of(api: Api, where: JSON) -> JSON:
    """What is the matter with the record, lead or model of an address, if anything: the page says it once."""
    asked = {"asked": where, "error": None}
    if not where.get("record"):
        return asked
    try:
        api.beats_within(where["record"], where.get("lead"), None, 0.0, 1.0)
        api.model(where.get("model"), where["record"])
    except ApiError as error:
        return asked | {"error": {"detail": error.detail, "options": error.options, "field": error.field}}
    return asked


def header(api: Api, where: JSON) -> tuple[list[Element], str, str, str]:
    """Name, patient, lead and scale; the length; who placed the beats; "ecg" or "series": no ECG has no strip."""
    try:
        record = api.recording(where["record"])
    except (ApiError, KeyError):  # the page says what is the matter in place of all this
        return [], "", "", "ecg"
    views = segment(api, where, "desk")
    label = input_text.source_label(record["beat_source"])
    return record_header(record, where.get("lead"), views), whole(record), label, record.get("kind", "ecg")


def whole(record: JSON) -> str:
    """How long the recording is, left of its overview: hours need all the room there."""
    length = format.length(record["seconds"])
    return length if record["seconds"] >= 3600 else f"Whole {length}"


def record_header(record: JSON, lead: str | None, views: Element = None) -> list[Element]:
    """The line above the strip; `views` is the way to the recording's other views."""
    return [
        html.H1(f"Record {format.record(record['name'])}"),
        synthetic() if record["synthetic"] else None,
        remarks(record),
        views,
        *tools(record, lead),
    ]


def remarks(record: JSON) -> Element:
    """The patient, whole, and remarks in the room that is left; all under the pointer, a finger or the focus."""
    patient = format.patient(record["age"], record["sex"])
    # what was assumed or left out in reading goes before what the header says
    others = [*record.get("notes", ()), input_text.remarks(record["comments"])]
    known = [part for part in (patient, *others) if part and part != format.NONE]
    if not known:
        return html.Span(className="sp")
    words = " · ".join(known)
    first = patient if known[0] == patient else ""
    line = html.Div([html.Span(first), html.Span(words[len(first) :], className="cut")], className="m", tabIndex=0)
    shown = {"hover": True, "focus": True, "touch": True}
    where = {"className": "remarks"}
    return dmc.Tooltip(
        line, label=words, multiline=True, maw=420, events=shown, position="bottom-start", boxWrapperProps=where
    )


PANEL = Panel("record", order=0, layout=layout, register=register)
