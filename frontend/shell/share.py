"""Share: a title and a note make a frozen, read-only link."""

from contextlib import suppress
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.ui.components import CLOSE, icon, state
from frontend.ui.elements import Element, dcc, html

ENDS = [
    {"value": "", "label": "Never"},
    {"value": "7", "label": "After a week"},
    {"value": "30", "label": "After 30 days"},
    {"value": "365", "label": "After a year"},
]


def dialog() -> Element:
    """The dialog; part of the frame, so that it can be opened from desk and compare."""
    fields = [
        dmc.TextInput(id="share-title", label="Title", size="sm"),
        dmc.Textarea(
            id="share-note",
            label="Note",
            size="sm",
            autosize=True,
            minRows=2,
            placeholder="What should a colleague look at?",
        ),
        dmc.Select(id="share-days", label="Ends", data=ENDS, value="", size="sm", allowDeselect=False),
        html.Div(
            dmc.Checkbox(id="share-sign-in", label="Its readers have to sign in as well", size="sm"),
            id="share-sign-in-row",
        ),
        html.Div(dmc.Checkbox(id="share-patient", label="", size="sm"), id="share-patient-row"),
        html.P(
            "The link freezes this beat, the model output, the maps and their judgement as they are now. Whoever has "
            "it can read it; you can withdraw it under Links.",
            className="s m w",
        ),
        html.Button("Create link", id="share-create", className="btn pri"),
        html.Div(id="share-answer"),
    ]
    return dmc.Modal(
        html.Div(fields, className="stack"),
        id="share-dialog",
        title="Share",
        size="md",
        opened=False,
        closeButtonProps=CLOSE,
    )


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the dialog."""

    @app.callback(
        Output("share-dialog", "opened"),
        Output("share-title", "value"),
        Output("share-answer", "children"),
        Output("share-sign-in-row", "hidden"),
        Output("share-sign-in", "checked"),
        Output("share-patient-row", "hidden"),
        Output("share-patient", "label"),
        Output("share-patient", "checked"),
        Input("share", "n_clicks"),
        State("beat-state", "data"),
        prevent_initial_call=True,
    )
    def open_dialog(clicks: int | None, where: JSON | None) -> Any:
        return dialog_content(api, where or {}) if clicks else (dash.no_update,) * 8

    @app.callback(
        Output("share-answer", "children", allow_duplicate=True),
        Input("share-create", "n_clicks"),
        State("share-title", "value"),
        State("share-note", "value"),
        State("share-days", "value"),
        State("share-sign-in", "checked"),
        State("share-patient", "checked"),
        State("beat-state", "data"),
        State("shareable", "data"),
        State("address", "href"),
        prevent_initial_call=True,
    )
    def create(
        clicks: int | None,
        name: str,
        note: str,
        days: str,
        sign_in: bool,
        patient: bool,
        where: JSON,
        jobs: list[JSON],
        href: str,
    ) -> Any:
        options = {"days": int(days) if days else None, "needs_sign_in": bool(sign_in), "patient": bool(patient)}
        return answer(api, name, note, where, jobs or [], href, **options) if clicks else dash.no_update


def dialog_content(api: Api, where: JSON) -> tuple[Any, ...]:
    """The dialog's properties when it opens: what does not apply is not offered, and nothing is chosen beforehand."""
    facts, accounts = patient(api, where), False
    with suppress(ApiError):
        accounts = api.me()["accounts"]
    return True, title(api, where), None, not accounts, False, not facts, f"Show the patient's facts: {facts}", False


def patient(api: Api, where: JSON) -> str:
    """`23 y · F`, where the header says it and this person may see it."""
    try:
        record = api.recording(where["record"])
    except (ApiError, KeyError):
        return ""
    facts = format.patient(record.get("age"), record.get("sex"))
    return "" if facts == format.NONE else facts


def title(api: Api, where: JSON) -> str:
    """`Record 208, beat at 00:00:23.106`."""
    try:
        record = api.recording(where["record"])
        return f"Record {record['name']}, beat at {format.hms(where['at'] / record['fs'])}"
    except (ApiError, KeyError, TypeError):
        return ""


def answer(api: Api, name: str, note: str, where: JSON, jobs: list[JSON], href: str, **options: Any) -> Element:
    """The link, or why there is none; `options` are when it ends, who can read it and what it shows."""
    mine = [job for job in jobs if job.get("id") and all(job["key"].get(k) == where.get(k) for k in where)]
    done = [job["id"] for job in mine if job["status"] == "done"]
    chosen = {key: where[key] for key in ("lead", "model") if where.get(key)}
    try:
        link = api.create_link(
            {
                "recording": where["record"],
                "at": where["at"],
                "explanations": done,
                "title": name or "",
                "note": note or "",
                **chosen,
                **options,
            }
        )
    except ApiError as error:
        return state("No link was made", error.detail, warn=True)
    open_jobs = [job["title"] for job in mine if job["status"] in ("queued", "running")]
    return made(origin(href) + link["url"], open_jobs)


def origin(href: str) -> str:
    """Scheme, host and port of an address."""
    return "/".join(href.split("/")[:3])


def made(url: str, missing: list[str]) -> Element:
    """The link, ready to copy and to open."""
    field = html.Label(
        [html.Span("Address, shown this once", className="s"), dcc.Input(id="share-url", value=url, readOnly=True)]
    )
    copy = html.Button([icon("copy"), "Copy"], id="share-copy", className="btn")
    show = html.A("Open", href=url, target="_blank", rel="noopener", className="btn")
    unfinished = f"Not in it, because not finished: {', '.join(missing)}." if missing else ""
    return html.Div(
        [
            field,
            html.Div([copy, show], className="row g8 gap"),
            html.P(unfinished, className="s warn w", hidden=not unfinished),
        ]
    )
