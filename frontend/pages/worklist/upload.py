"""Sending recordings: the dialog that asks what they are, and the uploads there are, each with its removal."""

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.ui.components import CLOSE, icon, section, sure
from frontend.ui.elements import Element, html

SENDERS = ("lead", "administrator")  # roles
KINDS = ".zip,.hea,.dat,.atr,.edf,.csv"
UNITS = ("mV", "µV", "V")
PREFIX = "uploads~"


def may_send(api: Api) -> bool:
    """Whether whoever looks may send recordings, and remove them."""
    try:
        return api.me()["role"] in SENDERS
    except ApiError:
        return False


def button(api: Api) -> Element | None:
    """Opens the dialog; nothing for those who may not."""
    if not may_send(api):
        return None
    words = "Or drop files on the table"
    return html.Button([icon("up"), "Add recordings"], id="upload-open", className="btn pri", title=words)


def dialog() -> Element:
    """What is sent, what CSV files do not say themselves, and what came of it; filled in assets/…/upload.js."""
    drop = html.Button(
        [
            html.B("Drop files here, or choose them"),
            html.Span("WFDB (a zip, or its files), EDF, EDF+ or CSV", className="m"),
        ],
        id="upload-choose",
        className="upload-drop",
    )
    csv = html.Div(
        [
            dmc.NumberInput(id="upload-fs", label="CSV: samples per second (Hz)", size="xs", hideControls=True, w=210),
            dmc.Select(id="upload-unit", label="CSV: unit", data=list(UNITS), value="mV", size="xs", w=110),
        ],
        id="upload-csv",
        className="row g8",
        hidden=True,
    )
    content = [
        drop,
        html.Div(id="upload-list", className="s"),
        csv,
        html.Div(html.I(), id="upload-bar", className="bar thin", hidden=True),
        html.Div(id="upload-said", className="s w", role="status"),
        html.Button("Upload", id="upload-send", className="btn pri", disabled=True),
        html.P("All files are taken, or none where one cannot be read.", className="s m w"),
    ]
    return dmc.Modal(
        html.Div(content, className="stack"),
        id="upload-dialog",
        title="Upload recordings",
        size="md",
        opened=False,
        keepMounted=True,
        closeButtonProps=CLOSE,
    )


def uploaded(api: Api, rows: list[JSON]) -> list[Element]:
    """The uploads there are; nothing where there are none."""
    names: dict[str, list[str]] = {}
    for row in rows:
        if row["id"].startswith(PREFIX):
            names.setdefault(row["id"].split("~")[1], []).append(format.record(row["name"]))
    mine = may_send(api)
    gone = removed(api) if mine else []
    if not names and not gone:
        return []
    lines = [
        html.Div([_named(found), *([_remove(token, found)] if mine else [])], className="row g8 gap")
        for token, found in names.items()
    ]
    return [section(html.Div("Uploaded", className="h"), *lines, *gone, id="uploaded")]


def removed(api: Api) -> list[Element]:
    """What was removed and can still be put back, each with its button."""
    try:
        found = api.removed_uploads()
    except ApiError:
        return []
    return [
        html.Div([html.Span(_gone(one), className="s m cut grow"), _restore(one)], className="row g8 gap")
        for one in found
    ]


def _gone(one: JSON) -> str:
    return f"{_words(one['names'] or ['An upload'])}, removed, kept until {one['until'][:10]}"


def _restore(one: JSON) -> Element:
    words = f"Restore {(one['names'] or [one['id']])[0]}"
    label = {"data-upload": one["id"], "aria-label": words}
    return html.Button("Restore", className="btn sm upload-restore", **label)


def _named(names: list[str]) -> Element:
    return html.Span(_words(names), className="s cut grow", title=", ".join(names[:20]))


def _words(names: list[str]) -> str:
    """`100 and 3 more`."""
    return names[0] + (f" and {len(names) - 1} more" if len(names) > 1 else "")


def _remove(token: str, names: list[str]) -> Element:
    asked = sure(
        f"Remove {_words(names)}?",
        f"{format.plural(len(names), 'recording')} can be opened by nobody any more. For 7 days you can restore "
        f"{'it' if len(names) == 1 else 'them'} here, then the files are deleted. Readings and links stay.",
        "Remove",
    )
    label = {"data-upload": token, "aria-label": f"Remove {names[0]}", **asked}
    return html.Button("Remove", className="btn sm upload-remove", **label)


def register(app: dash.Dash, api: Api) -> None:
    """Callback of the button."""

    @app.callback(Output("upload-place", "children"), Input("worklist-place", "id"))
    def offer(_: str) -> Any:
        return button(api)
