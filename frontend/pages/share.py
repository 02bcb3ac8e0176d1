"""Share: a title and a note make a frozen, read-only link."""

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, dcc, html
from frontend.parts import CLOSE, icon, state


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
        html.P(
            "The link freezes this beat, the model output and the maps as they are now. Whoever has it can read it.",
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
        Input("share", "n_clicks"),
        State("beat-state", "data"),
        prevent_initial_call=True,
    )
    def open_dialog(clicks: int | None, where: JSON | None) -> Any:
        return (True, title(api, where or {}), None) if clicks else (dash.no_update,) * 3

    @app.callback(
        Output("share-answer", "children", allow_duplicate=True),
        Input("share-create", "n_clicks"),
        State("share-title", "value"),
        State("share-note", "value"),
        State("beat-state", "data"),
        State("shareable", "data"),
        State("address", "href"),
        prevent_initial_call=True,
    )
    def create(clicks: int | None, name: str, note: str, where: JSON, jobs: list[JSON], href: str) -> Any:
        return answer(api, name, note, where, jobs or [], href) if clicks else dash.no_update


def title(api: Api, where: JSON) -> str:
    """`Record 208, beat at 00:00:23.106`."""
    try:
        record = api.recording(where["record"])
        return f"Record {record['name']}, beat at {format.hms(where['beat'] / record['fs'])}"
    except (ApiError, KeyError, TypeError):
        return ""


def answer(api: Api, name: str, note: str, where: JSON, jobs: list[JSON], href: str) -> Element:
    """The link, or why there is none."""
    mine = [job for job in jobs if job.get("id") and all(job["key"].get(k) == where.get(k) for k in where)]
    done = [job["id"] for job in mine if job["status"] == "done"]
    chosen = {key: where[key] for key in ("lead", "model") if where.get(key)}
    try:
        link = api.create_link(
            {
                "recording": where["record"],
                "beat": where["beat"],
                "explanations": done,
                "title": name or "",
                "note": note or "",
                **chosen,
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
    field = dcc.Input(id="share-url", value=url, readOnly=True)
    copy = html.Button([icon("copy"), "Copy"], id="share-copy", className="btn")
    show = html.A("Open", href=url, target="_blank", rel="noopener", className="btn")
    late = f"Not in it, because not finished: {', '.join(missing)}." if missing else ""
    return html.Div(
        [field, html.Div([copy, show], className="row g8 gap"), html.P(late, className="s warn w", hidden=not late)]
    )
