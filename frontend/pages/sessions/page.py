"""Annotation sessions: those one reads in, and, for a lead, all of them and a new one."""

from collections.abc import Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.ui.components import icon, state, tag
from frontend.ui.elements import Element, dcc, html
from frontend.vocabulary import BEATS

LEADS = ("lead", "administrator")
WAYS = (
    ("stratified", "As many of each class"),
    ("random", "At random"),
    ("queue:disagreements", "Where model and reference differ"),
    ("queue:uncertain", "Where the model is uncertain"),
    ("queue:unlabelled", "Without a reading"),
    ("queue:class", "Of one class"),
)
MODELS_OWN = "model"  # the label set of what the model reads, whatever that is
SETS = (
    (MODELS_OWN, "As the model's classes"),
    ("mitbih", "MIT-BIH symbols"),
    ("aami", "AAMI classes"),
    ("own", "Own labels"),
)
FORM = ("title", "recordings", "model", "how", "symbol", "count", "seed", "labels", "own", "blind", "readers")


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

    @app.callback(
        Output("sessions-turn", "data"),
        Output("session-said", "children"),
        Input("session-make", "n_clicks"),
        *[State(f"session-{name}", "value") for name in FORM if name != "blind"],
        State("session-blind", "checked"),
        prevent_initial_call=True,
    )
    def make(clicks: int | None, *values: Any) -> tuple[Any, str]:
        if not clicks:
            return dash.no_update, ""
        names = [name for name in FORM if name != "blind"] + ["blind"]
        try:
            made = api.create_session(request(dict(zip(names, values, strict=True))))
        except (ApiError, ValueError) as error:
            return dash.no_update, str(error)
        return made["id"], ""

    @app.callback(
        Output("session-symbol", "display"),
        Output("session-own", "display"),
        Input("session-how", "value"),
        Input("session-labels", "value"),
    )
    def fit(how: str, labels: str) -> tuple[str, str]:
        return "" if how == "queue:class" else "none", "" if labels == "own" else "none"


def content(api: Api) -> tuple[Element, Element]:
    """The sessions, and the form for a lead."""
    try:
        me, found = api.me(), api.sessions()
    except ApiError as error:
        return state("Sessions cannot be shown", error.detail, warn=True), None
    leads = me["role"] in LEADS
    head = html.Div([html.H1("Annotation sessions"), html.Span(className="sp")], className="row sessions-head")
    none = "Make one below." if leads else "A lead opens one and names its readers."
    listed = listing(found, leads) if found else state("There is no session yet", none)
    return html.Div([head, listed]), form(api, me) if leads else None


def listing(found: Sequence[JSON], leads: bool) -> Element:
    """One row for each session."""
    head = html.Tr([html.Th(words) for words in ("Session", "Beats", "Labels", "Your progress", "Readers", "")])
    return html.Table([html.Thead(head), html.Tbody([row(one, leads) for one in found])], className="facts list")


def row(one: JSON, leads: bool) -> Element:
    """Name, what is read, how far everybody is, and where to go."""
    kind = tag("blind" if one["blind"] else "open", "k" if one["blind"] else "o", "lock" if one["blind"] else None)
    ended = tag("closed", "o") if one["closed"] else None
    made = html.Div(format.moment(one["created"]), className="s f")
    beats = f"{format.plural(one['items'], 'beat')} of {format.plural(one['recordings'], 'recording')}"
    readers = [
        html.Div([reader["name"], html.Span(f" {reader['decided']} of {one['items']}", className="m")])
        for reader in one["readers"] or []
    ]
    cells = [
        [html.Div([html.Span(one["title"], className="b"), kind, ended], className="row g8"), made],
        beats,
        dict(SETS).get(one["label_set"], one["label_set"]),
        progress(one["mine"]) if one["mine"] else html.Span("you do not read in it", className="f"),
        readers or html.Span(format.NONE, className="f"),
        html.Div([read(one), results(one) if leads else None], className="row g8 end"),
    ]
    return html.Tr([html.Td(cell) for cell in cells])


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


def form(api: Api, me: JSON) -> Element:
    """What a lead chooses: beats, labels, blind or open, readers."""
    try:
        rows, models = api.recordings()["recordings"], api.models()
        readers = api.users() if me["accounts"] else [{"id": me["id"], "name": me["name"], "role": me["role"]}]
    except ApiError as error:
        return state("A new session cannot be made now", error.detail, warn=True)
    able = [one for one in readers if one["role"] != "reader" and not one.get("disabled")]
    fields = [
        dmc.TextInput(id="session-title", label="Title", required=True),
        dmc.MultiSelect(
            id="session-recordings",
            label="Recordings",
            data=[{"value": one["id"], "label": one["name"]} for one in rows],
            searchable=True,
            required=True,
            clearButtonProps={"aria-label": "Take all recordings out"},
        ),
        dmc.Select(
            id="session-model",
            label="Model",
            description="Whose windows are read: beats, or stretches of rhythm",
            data=[{"value": card["id"], "label": card["title"]} for card in models],
            value=models[0]["id"] if models else None,
            allowDeselect=False,
        ),
        dmc.Select(id="session-how", label="Beats", data=options(WAYS), value="stratified", allowDeselect=False),
        dmc.Select(
            id="session-symbol",
            label="Class",
            data=[{"value": symbol, "label": f"{symbol}  {name}"} for symbol, name in BEATS.items()],
        ),
        dmc.NumberInput(
            id="session-count",
            label="How many",
            description="In all; of each class where so drawn",
            value=20,
            min=1,
            max=10_000,
            allowDecimal=False,
        ),
        dmc.NumberInput(
            id="session-seed",
            label="Seed",
            description="The same seed draws the same beats",
            value=0,
            min=0,
            max=2**31 - 1,
            allowDecimal=False,
        ),
        dmc.Select(id="session-labels", label="Label set", data=options(SETS), value=MODELS_OWN, allowDeselect=False),
        dmc.TextInput(id="session-own", label="Own labels", description="With commas between", value=""),
        dmc.MultiSelect(
            id="session-readers",
            label="Readers",
            data=[{"value": one["id"], "label": one["name"]} for one in able],
            value=[me["id"]] if not me["accounts"] else [],
            required=True,
            clearButtonProps={"aria-label": "Take all readers out"},
        ),
        dmc.Switch(
            id="session-blind",
            label="Blind: label first, then see the model",
            checked=True,
            color="dark",
            className="session-blind",
        ),
    ]
    for field in fields:
        field.size = "sm"
        if not isinstance(field, dmc.Switch):
            field.inputWrapperOrder = ["label", "input", "description", "error"]
    make = html.Button([icon("check"), "Open the session"], id="session-make", className="btn pri", n_clicks=0)
    said = html.Span(id="session-said", className="warn w", role="alert")
    foot = html.Div([make, said], className="row g12")
    return html.Section([html.H2("New session", className="h"), html.Div(fields, className="session-form"), foot])


def options(pairs: Sequence[tuple[str, str]]) -> list[JSON]:
    """Values and their words, as a select takes them."""
    return [{"value": value, "label": words} for value, words in pairs]


def request(chosen: JSON) -> JSON:
    """What the form says, as the service takes it; ValueError for what is still missing."""
    missing = [words for name, words in (("title", "a title"), ("recordings", "a recording"), ("readers", "a reader"))
               if not chosen[name]]  # fmt: skip
    if missing:
        raise ValueError(f"Still to choose: {', '.join(missing)}.")
    how, _, queue = str(chosen["how"]).partition(":")
    count, seed = int(chosen["count"] or 0), int(chosen["seed"] or 0)
    choice: JSON = {"how": how, "seed": seed, "each" if how == "stratified" else "count": count}
    if queue:
        choice["queue"] = queue
    if queue == "class":
        choice["symbol"] = chosen["symbol"]
    own = [word.strip() for word in str(chosen["own"] or "").split(",") if word.strip()]
    return {
        "title": chosen["title"],
        "recordings": chosen["recordings"],
        "choice": choice,
        "model": chosen.get("model"),
        "label_set": None if chosen["labels"] == MODELS_OWN else chosen["labels"],
        "labels": own if chosen["labels"] == "own" else [],
        "blind": bool(chosen["blind"]),
        "readers": chosen["readers"],
    }


PAGE = Page("sessions", "/sessions", "Blind read", layout, register=register, tab=5)
