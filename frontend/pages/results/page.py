"""What came of an annotation session: progress, agreement, changes, regions, and what a lead must decide."""

import uuid
from typing import Any

import dash
from dash import Input, Output, State

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.pages.blind.labels import named
from frontend.ui.components import chip, icon, state, sure, tag
from frontend.ui.elements import Element, dcc, html
from frontend.vocabulary import BEATS

FILES = (("wfdb", "WFDB annotations"), ("csv", "CSV"), ("json", "JSON with provenance"))
EVERY = 15_000  # ms between looks while the session is open


def layout(_: Visit) -> Element:
    """The page; everything in it comes by a callback."""
    turn, clock = dcc.Store(id="results-turn"), dcc.Interval(id="results-clock", interval=EVERY)
    parts = [turn, clock, html.Div(id="results-content"), html.Div(id="results-said", className="warn w", role="alert")]
    return html.Div(parts, className="results")


def register(app: dash.Dash, api: Api) -> None:
    """The results, closing, and adjudication."""

    @app.callback(
        Output("results-content", "children"),
        Input("results-turn", "data"),
        Input("results-clock", "n_intervals"),
        State("address", "search"),
    )
    def show(_: Any, __: Any, search: str | None) -> Element:
        return content(api, asked(search))

    @app.callback(
        Output("results-turn", "data"),
        Output("results-said", "children"),
        Input({"type": "decide", "position": dash.ALL, "label": dash.ALL}, "n_clicks"),
        Input({"type": "close", "session": dash.ALL}, "n_clicks"),
        Input({"type": "reopen", "session": dash.ALL}, "n_clicks"),
        State("address", "search"),
        prevent_initial_call=True,
    )
    def act(decided: list[Any], closed: list[Any], opened: list[Any], search: str | None) -> tuple[Any, str]:
        pressed: Any = dash.ctx.triggered_id
        if not any([*decided, *closed, *opened]):
            return dash.no_update, ""
        try:
            if pressed["type"] == "close":
                api.close_session(asked(search))
            elif pressed["type"] == "reopen":
                api.reopen_session(asked(search))
            else:
                api.adjudicate(asked(search), [decision(pressed["position"], pressed["label"])])
        except ApiError as error:
            return dash.no_update, error.detail
        return uuid.uuid4().hex, ""


def asked(search: str | None) -> str:
    """The session that an address names."""
    return dict(pair.split("=", 1) for pair in (search or "").lstrip("?").split("&") if "=" in pair).get("session", "")


def decision(position: int, label: str) -> JSON:
    """A lead's decision as the service takes it."""
    return {"client_id": uuid.uuid4().hex, "position": position, "label": label}


def content(api: Api, id: str) -> Element:
    """All of it; what is still sealed for a lead who reads as well says so."""
    try:
        session = api.session(id)
    except ApiError as error:
        return state("There are no results here", error.detail, back(), warn=True)
    try:
        found, open_ = api.session_results(id), api.disagreements(id)
    except ApiError as error:
        return html.Div([head(session), progress(session["readers"] or []), state("Sealed", error.detail, back())])
    return html.Div(
        [
            head(session),
            progress(found["readers"]),
            agreement(found),
            tables(found),
            changes(found["changes"]) if found["changes"] else None,
            regions(found["regions"]),
            queue(session, open_),
            html.P(found["intervals"], className="s m w"),
        ]
    )


def back() -> Element:
    """To the list."""
    return dcc.Link("All sessions", href="/sessions", className="btn")


def head(session: JSON) -> Element:
    """Title, kind, files, and the end."""
    files = [
        html.A(
            [icon("down", 13), words],
            href=f"/api/sessions/{session['id']}/export?format={name}",
            className="btn",
            id=f"export-{name}",
            download="",
        )
        for name, words in FILES
    ]
    kind = tag("blind" if session["blind"] else "open", "k" if session["blind"] else "o")
    ended = ending(session)
    row = [html.H1(session["title"]), kind, html.Span(format.plural(session["items"], "beat"), className="m")]
    return html.Div([*row, html.Span(className="sp"), *files, *ended, back()], className="row g8 wrap sessions-head")


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


def table(heads: tuple[str, ...], rows: list[list[Any]], id: str) -> Element:
    """Names in the first column, numbers in the others."""
    top = html.Tr([html.Th(words, className="r" if i else "") for i, words in enumerate(heads)])
    body = [html.Tr([html.Td(cell, className="r" if i else "") for i, cell in enumerate(row)]) for row in rows]
    return html.Table([html.Thead(top), html.Tbody(body)], className="facts", id=id)


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


def estimate(one: JSON) -> str:
    """`0.82 (0.71 to 0.93)`."""
    if one["value"] is None:
        return "not determined"
    if one["low"] is None or one["high"] is None:
        return f"{format.number(one['value'])} (no interval)"
    return f"{format.number(one['value'])} ({format.number(one['low'])} to {format.number(one['high'])})"


def agreement(found: JSON) -> Element:
    """κ of each pair and of all, before the reveal and at last."""
    names = {one["id"]: one["name"] for one in found["readers"]}
    first, final = found["first"], found["final"]
    columns = [("before the reveal", first), ("at last", final)] if first else [("at last", final)]
    rows = []
    for index, pair in enumerate(final["pairs"]):
        cells = [estimate(one["pairs"][index]) for _, one in columns]
        rows.append(
            [f"{names[pair['a']]} and {names[pair['b']]}, Cohen's κ", *cells, f"{pair['agree']} of {pair['items']}"]
        )
    if len(found["readers"]) > 1:
        rows.append(
            [
                "All readers, Fleiss' κ",
                *[estimate(one["fleiss"]) for _, one in columns],
                f"{format.count(final['agree'])} of {format.count(final['items'])}",
            ]
        )
    heads = ("Agreement", *(words for words, _ in columns), "Same label, of")
    none = html.P("Agreement needs two readers.", className="m")
    return html.Div([html.H2("Agreement of the readers"), table(heads, rows, "results-agreement") if rows else none])


def tables(found: JSON) -> Element:
    """Labels of each reader by those of each other, and by the reference; on the diagonal they are the same."""
    names = {one["id"]: one["name"] for one in found["readers"]} | {None: "Reference"}
    made = [confusion(names[one["a"]], names[one["b"]], one) for one in found["final"]["tables"] if one["labels"]]
    if not made:
        return None
    return html.Details([html.Summary(html.H2("Label by label")), html.Div(made, className="confusions")], open=True)


def confusion(rows: str, columns: str, one: JSON) -> Element:
    """One table; what is not on its diagonal in bold."""
    cells = [
        [named(label), *(html.B(n) if n and i != j else str(n or "") for j, n in enumerate(one["counts"][i]))]
        for i, label in enumerate(one["labels"])
    ]
    heads = (f"{rows} ↓ {columns} →", *(named(label) for label in one["labels"]))
    return table(heads, cells, f"confusion-{one['a']}-{one['b'] or 'reference'}")


def changes(found: JSON) -> Element:
    """How often a reading was changed once the model was seen, split by whether its output was the reference."""
    kinds = (
        ("all", "All readings"),
        ("model_agrees", "Model output was the reference"),
        ("model_differs", "Model output was not the reference"),
    )
    rows = [[words, f"{found[name]['count']} of {found[name]['of']}", estimate(found[name])] for name, words in kinds]
    note = (
        f"{format.count(found['toward_model'])} toward the model output, "
        f"{format.count(found['toward_reference'])} toward the reference."
    )
    heads = ("After the reveal", "Changed", "Share")
    return html.Div(
        [html.H2("Changes after the reveal"), table(heads, rows, "results-changes"), html.P(note, className="s m")]
    )


def regions(found: list[JSON]) -> Element:
    """How far the readers' regions agree with each method's map."""
    rows = [
        [
            one["title"],
            format.count(one["regions"]),
            format.count(one["missing"]),
            estimate(one["pointing"]),
            format.number(one["pointing_by_chance"]),
            estimate(one["iou"]),
            format.number(one["iou_by_chance"]),
        ]
        for one in found
    ]
    heads = ("Method", "Regions", "Without a map", "Pointing game", "by chance", "IoU", "by chance")
    missing = any(one["missing"] for one in found)
    note = html.P("Maps that are missing are being asked for: they count once they are there.", className="s m")
    return html.Div(
        [html.H2("Readers' regions and maps"), table(heads, rows, "results-regions"), note if missing else None]
    )


def queue(session: JSON, found: JSON) -> Element:
    """What the readers do not agree on, and a button for each label that was said."""
    title = html.H2(f"Adjudication: {format.count(found['open'])} open of {format.count(len(found['items']))}")
    if not found["items"]:
        return html.Div([title, html.P("No beat bears different labels.", className="m")], id="results-adjudication")
    heads = ("Beat", "Readers", "Model output", "Reference", "Decision")
    rows = [html.Tr([html.Td(cell) for cell in disagreement(session, one)]) for one in found["items"]]
    top = html.Thead(html.Tr([html.Th(words) for words in heads]))
    return html.Div([title, html.Table([top, html.Tbody(rows)], className="facts list")], id="results-adjudication")


def mark(label: str | None) -> Element:
    """A label with its chip."""
    if label is None:
        return html.Span(format.NONE, className="f")
    return html.Span([chip(label) if label in BEATS else None, named(label)], className="row g6")


def disagreement(session: JSON, one: JSON) -> list[Element]:
    """One beat: where, who says what, and what was decided."""
    href = f"/review?record={one['recording']}&at={one['at']}&lead={one['lead']}"
    where = dcc.Link(f"{one['recording'].split('~')[-1]}, {format.hms(one['time'])}", href=href)
    said = [
        html.Div(
            [
                html.Span(by["name"], className="m"),
                mark(by["label"]),
                html.Span(by["comment"], className="s m cut"),
            ],
            className="row g8",
        )
        for by in one["labels"]
    ]
    decided = one["adjudicated"]
    known = list(dict.fromkeys(by["label"] for by in one["labels"]))
    rest = [entry["label"] for entry in session["labels"] if entry["label"] not in known]
    buttons = html.Div([choose(one["position"], label) for label in known], className="decide")
    more = html.Details(
        [
            html.Summary("Another label"),
            html.Div([choose(one["position"], label) for label in rest], className="decide"),
        ]
    )
    held = (
        html.Div([mark(decided["label"]), html.Span(f"by {decided['by']}", className="s m")], className="row g8")
        if decided
        else None
    )
    return [where, said, mark(one["output"]), mark(one["reference"]), [held, buttons, more]]


def choose(position: int, label: str) -> Element:
    """A button that decides one beat."""
    words = [chip(label) if label in BEATS else None, named(label)]
    return html.Button(
        words, id={"type": "decide", "position": position, "label": label}, className="btn sm", n_clicks=0
    )


PAGE = Page("results", "/results", "Results", layout, register=register, under="sessions")
