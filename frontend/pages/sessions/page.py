"""Annotation sessions: those one reads in, and, for a lead, all of them and a new one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import dash
from dash import Input, Output

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.pages.sessions import form as new
from frontend.ui.components import state, tag
from frontend.ui.elements import Element, dcc, html

LEADS = ("lead", "administrator")


def layout(_: Visit) -> Element:
    """The page; the list comes by a callback."""
    parts = [dcc.Store(id="sessions-turn"), html.Div(id="sessions-list"), html.Div(id="sessions-new")]
    return html.Div(parts, className="sessions")


def register(app: dash.Dash, api: Api) -> None:
    """The list, and a new session."""

    @app.callback(
        Output("sessions-list", "children"), Output("sessions-new", "children"), Input("sessions-turn", "data")
    )
    def show(_: Any) -> tuple[Element, Element]:
        return content(api)

    new.register(app, api)


def content(api: Api) -> tuple[Element, Element]:
    """The sessions, and the form for a lead."""
    try:
        me, found = api.me(), api.sessions()
    except ApiError as error:
        return state("Sessions cannot be shown", error.detail, warn=True), None
    leads = me["role"] in LEADS
    head = html.Div([html.H1("Annotation sessions"), html.Span(className="sp")], className="row sessions-head")
    none = "Make one below." if leads else "A lead opens one and names its readers."
    listed = listing(found, leads, titles(api)) if found else state("There is no session yet", none)
    return html.Div([head, listed]), new.form(api, me) if leads else None


def titles(api: Api) -> dict[str, str]:
    """What label sets are called; nothing where the service does not say."""
    try:
        return dict(new.label_sets(api))
    except ApiError:
        return {}


def listing(found: Sequence[JSON], leads: bool, sets: Mapping[str, str]) -> Element:
    """One row for each session; `sets` are what label sets are called."""
    head = html.Tr([html.Th(words) for words in ("Session", "Beats", "Labels", "Your progress", "Readers", "")])
    return html.Table([html.Thead(head), html.Tbody([row(one, leads, sets) for one in found])], className="facts list")


def row(one: JSON, leads: bool, sets: Mapping[str, str]) -> Element:
    """Name, what is read, how far everybody is, and where to go."""
    kind = tag("blind" if one["blind"] else "open", "k" if one["blind"] else "o", "lock" if one["blind"] else None)
    ended = tag("closed", "o") if one["closed"] else None
    made = html.Div([format.moment(one["created"]), *deadline(one)], className="row g6 s f")
    beats = f"{format.plural(one['items'], 'beat')} of {format.plural(one['recordings'], 'recording')}"
    readers = [
        html.Div([reader["name"], html.Span(f" {reader['decided']} of {one['items']}", className="m")])
        for reader in one["readers"] or []
    ]
    cells = [
        [html.Div([html.Span(one["title"], className="b"), kind, ended], className="row g8"), made],
        beats,
        sets.get(one["label_set"], one["label_set"]),
        progress(one["mine"]) if one["mine"] else html.Span("you do not read in it", className="f"),
        readers or html.Span(format.NONE, className="f"),
        html.Div([read(one), results(one) if leads else None], className="row g8 end"),
    ]
    return html.Tr([html.Td(cell) for cell in cells])


def deadline(one: JSON) -> list[Element]:
    """Until when it is to be read; in amber once that is past and it is still open."""
    if not one.get("deadline"):
        return []
    overdue = not one["closed"] and datetime.fromisoformat(one["deadline"]) < datetime.now(UTC)
    words = f"{'was due' if overdue else 'until'} {format.moment(one['deadline'])}"
    return [html.Span(words, className="warn b" if overdue else "m")]


def progress(mine: JSON) -> Element:
    """A bar of what one has decided, and its count."""
    share = mine["decided"] / mine["items"] if mine["items"] else 0
    line = html.Div(html.I(style={"width": f"{share * 100:.1f}%", "background": "var(--ink)"}), className="bar")
    words = html.Span(f"{format.count(mine['decided'])} of {format.count(mine['items'])}", className="s")
    return html.Div([line, words], className="row g8")


def read(one: JSON) -> Element:
    """To the reader's screen, while there is anything to read."""
    if not one["mine"] or one["closed"]:
        return None
    words = "Look again" if one["mine"]["decided"] == one["items"] else "Read" if not one["mine"]["read"] else "Go on"
    return dcc.Link(words, href=f"/blind?session={one['id']}", className="btn pri", title=one["title"])


def results(one: JSON) -> Element:
    """To the results."""
    return dcc.Link("Results", href=f"/results?session={one['id']}", className="btn")


PAGE = Page("sessions", "/sessions", "Blind read", layout, register=register, tab=5)
