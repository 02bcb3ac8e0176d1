"""The results of an annotation session: progress, agreement, changes, regions, and what a lead must decide."""

import uuid
from collections.abc import Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.pages.results import adjudication, agreement, ratings, strip
from frontend.pages.results.agreement import table
from frontend.pages.sessions.page import LEADS, deadline
from frontend.ui.components import facts, icon, state, sure, tag
from frontend.ui.elements import Element, dcc, html

FILES = (("wfdb", "WFDB annotations"), ("csv", "CSV"), ("json", "JSON with provenance"))
EVERY = 15_000  # ms between looks while the session is open


def layout(_: Visit) -> Element:
    """The page; everything in it comes by a callback."""
    turn, clock = dcc.Store(id="results-turn"), dcc.Interval(id="results-clock", interval=EVERY)
    said = html.Div(id="results-said", className="warn w", role="alert")
    parts = [turn, clock, html.Div(id="results-content"), hiding(), html.Div(id="results-queue"), said]
    return html.Div(parts, className="results")


def hiding() -> Element:
    """Whether a lead decides without names, model and reference; this browser remembers."""
    switch = dmc.Switch(
        id="results-hide",
        label="Hide names, model and reference until decided",
        checked=True,
        color="dark",
        size="xs",
        persistence=True,
    )
    return html.Div(switch, id="results-hiding", className="results-hide", hidden=True)


def register(app: dash.Dash, api: Api) -> None:
    """The results, closing, and adjudication."""
    strip.register(app, api)

    @app.callback(
        Output("results-content", "children"),
        Output("results-queue", "children"),
        Output("results-hiding", "hidden"),
        Input("results-turn", "data"),
        Input("results-clock", "n_intervals"),
        Input("results-hide", "checked"),
        State("address", "search"),
    )
    def show(_: Any, __: Any, blinded: bool, search: str | None) -> tuple[Element, Element, bool]:
        shown, waiting = content(api, asked(search), blinded)
        return shown, waiting, waiting is None

    @app.callback(
        Output("results-turn", "data"),
        Output("results-said", "children"),
        Input({"type": "decide", "position": dash.ALL, "label": dash.ALL}, "n_clicks"),
        Input({"type": "close", "session": dash.ALL}, "n_clicks"),
        Input({"type": "reopen", "session": dash.ALL}, "n_clicks"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def act(decided: list[Any], closed: list[Any], reopened: list[Any], search: str | None) -> tuple[Any, str]:
        if not any([*decided, *closed, *reopened]):
            return dash.no_update, ""
        try:
            done(api, asked(search), dash.ctx.triggered_id)
        except ApiError as error:
            return dash.no_update, error.detail
        return uuid.uuid4().hex, ""


def done(api: Api, id: str, pressed: Any) -> None:
    """What the pressed button does; ApiError where it is refused."""
    if pressed["type"] == "close":
        api.close_session(id)
    elif pressed["type"] == "reopen":
        api.reopen_session(id)
    else:
        api.adjudicate(id, [decision(pressed["position"], pressed["label"])])


def asked(search: str | None) -> str:
    """The session that an address names."""
    return dict(pair.split("=", 1) for pair in (search or "").lstrip("?").split("&") if "=" in pair).get("session", "")


def decision(position: int, label: str) -> JSON:
    """A lead's decision as the service takes it."""
    return {"client_id": uuid.uuid4().hex, "position": position, "label": label}


def content(api: Api, id: str, blinded: bool = True) -> tuple[Element, Element]:
    """Results and adjudication for a lead; to a reader one's own progress; what is still sealed for a lead says so."""
    try:
        session, me = api.session(id), api.me()
    except ApiError as error:
        return state("There are no results here", error.detail, back(), warn=True), None
    if me["role"] not in LEADS:
        return html.Div([head(session), own(session)]), None
    try:
        found, open_ = api.session_results(id), api.disagreements(id)
    except ApiError as error:
        title = "Not to be seen yet" if error.status == 403 else "The results cannot be shown now"
        refused = state(title, error.detail, *onward(session))
        return html.Div([head(session, ending(session)), progress(session["readers"] or []), refused]), None
    top = head(session, [*files(session), *ending(session)])
    return html.Div([top, *told_of(found)]), adjudication.queue(session, open_, blinded)


def told_of(found: JSON) -> list[Element]:
    """The results, from how far everybody is."""
    return [
        progress(found["readers"]),
        agreement.agreement(found),
        agreement.by_label(found),
        agreement.tables(found),
        ratings.changes(found["changes"]) if found["changes"] else None,
        ratings.ratings(found["ratings"]),
        ratings.regions(found["regions"]),
        html.P(found["intervals"], className="s m w"),
    ]


def own(session: JSON) -> Element:
    """What a reader sees: how far one is, and that the results are the lead's."""
    mine = session["mine"]
    words = "Agreement, adjudication and exports are for leads."
    if not mine:
        return state("Results are for leads", words)
    read = f"{format.count(mine['read'])} of {format.count(mine['items'])}"
    rows = facts([("Read", read), ("Decided", format.count(mine["decided"]))])
    instead = state("Results are for leads", words, *onward(session))
    return html.Div([html.H2("Your progress"), rows, instead], id="results-own")


def onward(session: JSON) -> list[Element]:
    """The way to what is still to be read."""
    mine = session["mine"]
    if not mine or session["closed"] or mine["decided"] == mine["items"]:
        return []
    return [dcc.Link("Go on reading", href=f"/blind?session={session['id']}", className="btn pri")]


def back() -> Element:
    """To the list."""
    return dcc.Link("All sessions", href="/sessions", className="btn")


def files(session: JSON) -> list[Element]:
    """What can be taken away."""
    return [
        html.A(
            [icon("down", 13), words],
            href=f"/api/sessions/{session['id']}/export?format={name}",
            className="btn",
            id=f"export-{name}",
            download="",
        )
        for name, words in FILES
    ]


def head(session: JSON, doing: Sequence[Element] = ()) -> Element:
    """Title, kind, deadline, and what this person can do with the session."""
    kind = tag("blind" if session["blind"] else "open", "k" if session["blind"] else "o")
    count = html.Span([format.plural(session["items"], "beat")], className="m")
    actions = html.Div([*doing, back()], className="row g8 wrap")  # in one line, wherever it has room
    row = [html.H1(session["title"]), kind, count, *deadline(session), html.Span(className="sp"), actions]
    return html.Div(row, className="row g8 wrap sessions-head")


def ending(session: JSON) -> list[Element]:
    """The button that closes the session, which says first what is left; or when it was, and the way back."""
    if session["closed"]:
        asked = sure(
            "Re-open the session?",
            "Its readers go on where they stopped, and what they have not decided is sealed again. What they may have "
            f"seen since {format.moment(session['closed'])} cannot be unseen; the audit log says when it was closed.",
            "Re-open it",
        )
        again = html.Button(
            "Re-open", id={"type": "reopen", "session": session["id"]}, className="btn", n_clicks=0, **asked
        )
        return [tag(f"closed {format.moment(session['closed'])}", "o"), again]
    asked = sure("Close the session?", f"{left(session)} Nobody reads on until it is re-opened.", "Close it")
    end = {"type": "close", "session": session["id"]}
    return [html.Button("Close the session", id=end, className="btn", n_clicks=0, **asked)]


def left(session: JSON) -> str:
    """`B has 3 of 12 left.`; who has decided all is not named."""
    open_ = [one for one in session["readers"] or [] if one["decided"] < one["items"]]
    if not open_:
        return "Every reader has decided every beat."
    return " ".join(
        f"{one['name']} has {format.count(one['items'] - one['decided'])} of {format.count(one['items'])} left."
        for one in open_
    )


def progress(readers: list[JSON]) -> Element:
    """How far everybody is."""
    rows = [
        [
            html.B(one["name"]),
            f"{format.count(one['read'])} of {format.count(one['items'])}",
            format.count(one["decided"]),
            format.count(one["differed"]),
            format.count(one["changed"]),
            f"{one['seconds']:.1f} s" if one["seconds"] is not None else format.NONE,
        ]
        for one in readers
    ]
    heads = ("Reader", "Read", "Decided", "Model differed", "Changed", "Median time to read")
    return html.Div([html.H2("Progress"), table(heads, rows, "results-progress")])


PAGE = Page("results", "/results", "Results", layout, register=register, under="sessions")
