"""The form of a new annotation session: what a lead chooses, and what that draws before it is opened."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.ui.components import chip, icon, state
from frontend.ui.elements import Element, html

WAYS = (
    ("stratified", "As many of each class"),
    ("random", "At random"),
    ("queue:disagreements", "Where model and reference differ"),
    ("queue:uncertain", "Where the model is uncertain"),
    ("queue:unlabelled", "Without a reading"),
    ("queue:class", "Of one class"),
)
OWN = ("own", "Own labels")
WIDER = {"aami": "mitbih"}  # label sets that can say what another vocabulary says
DRAWN = ("recordings", "model", "how", "symbol", "count", "seed")  # what decides which beats are drawn
FORM = ("title", *DRAWN, "labels", "own", "readers", "days", "blind")


def register(app: dash.Dash, api: Api) -> None:
    """Opening a session, what it would draw, and which fields belong to what was chosen."""

    @app.callback(
        Output("sessions-turn", "data"),
        Output("session-said", "children"),
        Input("session-make", "n_clicks"),
        *[State(f"session-{name}", "value") for name in FORM[:-1]],
        State("session-blind", "checked"),
        prevent_initial_call=True,
    )
    def make(clicks: int | None, *values: Any) -> tuple[Any, str]:
        if not clicks:
            return dash.no_update, ""
        try:
            made = api.create_session(request(dict(zip(FORM, values, strict=True))))
        except (ApiError, ValueError) as error:
            return dash.no_update, str(error)
        return made["id"], ""

    @app.callback(
        Output("session-preview", "children"),
        *[Input(f"session-{name}", "value") for name in (*DRAWN, "labels", "readers")],
    )
    def show(*values: Any) -> Element:
        return preview(api, dict(zip((*DRAWN, "labels", "readers"), values, strict=True)))

    @app.callback(
        Output("session-symbol", "display"),
        Output("session-own", "display"),
        Input("session-how", "value"),
        Input("session-labels", "value"),
    )
    def fit(how: str, labels: str) -> tuple[str, str]:
        return "" if how == "queue:class" else "none", "" if labels == OWN[0] else "none"

    @app.callback(Output("session-labels", "value"), Output("session-symbol", "data"), Input("session-model", "value"))
    def speak(model: str | None) -> tuple[str, list[JSON]]:
        spoken = vocabulary_of(api, model)
        return spoken, symbols(api, spoken)


def form(api: Api, me: JSON) -> Element:
    """What a lead chooses: beats, labels, blind or open, readers."""
    try:
        rows, cards, sets = api.recordings()["recordings"], api.models(), label_sets(api)
        readers = api.users() if me["accounts"] else [{"id": me["id"], "name": me["name"], "role": me["role"]}]
    except ApiError as error:
        return state("A new session cannot be made now", error.detail, warn=True)
    able = [one for one in readers if one["role"] != "reader" and not one.get("disabled")]
    mine = [] if me["accounts"] else [me["id"]]
    fields = [*drawing(rows, cards), *reading(cards, sets, able, mine)]
    for field in fields:
        field.size = "sm"
        if not isinstance(field, dmc.Switch):
            field.inputWrapperOrder = ["label", "input", "description", "error"]
    make = html.Button([icon("check"), "Open the session"], id="session-make", className="btn pri", n_clicks=0)
    said = html.Span(id="session-said", className="warn w", role="alert")
    drawn = html.Div(id="session-preview", className="session-preview", role="status")
    foot = html.Div([make, said], className="row g12")
    return html.Section(
        [html.H2("New session", className="h"), html.Div(fields, className="session-form"), drawn, foot]
    )


def drawing(rows: Sequence[JSON], cards: Sequence[JSON]) -> list[Any]:
    """Fields that say which beats are drawn."""
    recordings = [{"value": one["id"], "label": one["name"]} for one in rows]
    models = [{"value": one["id"], "label": one["title"]} for one in cards]
    return [
        dmc.TextInput(id="session-title", label="Title", required=True),
        dmc.MultiSelect(
            id="session-recordings",
            label="Recordings",
            data=recordings,
            searchable=True,
            required=True,
            clearButtonProps={"aria-label": "Take all recordings out"},
        ),
        dmc.Select(
            id="session-model", label="Model", data=models, value=first(models), allowDeselect=False,
            description="Revealed after the reading",
        ),
        dmc.Select(id="session-how", label="Beats", data=options(WAYS), value="stratified", allowDeselect=False),
        dmc.Select(id="session-symbol", label="Class", data=[]),
        _number("count", "How many", "In all; of each class where so drawn", 20, 1, 10_000),
        _number("seed", "Seed", "The same seed draws the same beats", 0, 0, 2**31 - 1),
    ]  # fmt: skip


def reading(cards: Sequence[JSON], sets: Sequence[tuple[str, str]], able: Sequence[JSON], mine: list[str]) -> list[Any]:
    """Fields that say by whom, in which words and until when they are read."""
    spoken = cards[0]["vocabulary"] if cards else "mitbih"
    readers = [{"value": one["id"], "label": one["name"]} for one in able]
    return [
        dmc.Select(id="session-labels", label="Label set", data=options(sets), value=spoken, allowDeselect=False),
        dmc.TextInput(id="session-own", label="Own labels", description="With commas between", value=""),
        dmc.MultiSelect(
            id="session-readers",
            label="Readers",
            data=readers,
            value=mine,
            required=True,
            clearButtonProps={"aria-label": "Take all readers out"},
        ),
        _number("days", "Deadline in days", "Empty: none. Later readings are taken all the same", "", 1, 3650),
        dmc.Switch(
            id="session-blind",
            label="Blind: label first, then see the model",
            checked=True,
            color="dark",
            className="session-blind",
        ),
    ]


def _number(name: str, label: str, words: str, value: Any, least: int, most: int) -> Any:
    return dmc.NumberInput(
        id=f"session-{name}", label=label, description=words, value=value, min=least, max=most, allowDecimal=False,
    )  # fmt: skip


def options(pairs: Any) -> list[JSON]:
    """Values and their words, as a select takes them."""
    return [{"value": value, "label": words} for value, words in pairs]


def first(data: Sequence[JSON]) -> str | None:
    """The value that is chosen where nobody has chosen; None where there is nothing to choose from."""
    return str(data[0]["value"]) if data else None


def label_sets(api: Api) -> list[tuple[str, str]]:
    """Every vocabulary that the service knows, and one's own labels: name and words."""
    return [*((one["name"], one["title"]) for one in api.vocabularies()), OWN]


def vocabulary_of(api: Api, model: str | None) -> str:
    """The vocabulary of a model's outputs and of the reference beside them."""
    return next((str(one["vocabulary"]) for one in api.models() if one["id"] == model), "mitbih")


def symbols(api: Api, spoken: str) -> list[JSON]:
    """The classes of a vocabulary, to choose one of."""
    labels = [label for one in api.vocabularies() if one["name"] == spoken for label in one["labels"]]
    return [{"value": one["code"], "label": f"{one['code']}  {one['name']}"} for one in labels]


def preview(api: Api, chosen: JSON) -> Element:
    """What would be drawn and how long it takes to read; nothing before recordings are chosen."""
    if not chosen["recordings"]:
        return html.Span("Choose recordings: what would be drawn is shown here.", className="m")
    try:
        found = api.draw(draw(chosen))
    except (ApiError, ValueError) as error:
        return html.Span(str(error), className="warn w")
    beats = f"{format.plural(found['items'], 'beat')} of {format.plural(found['recordings'], 'recording')}"
    classes = [_class(one) for one in found["classes"]]
    time = html.Span(lasting(found, len(chosen["readers"] or ())), className="m")
    return html.Div([html.B(beats), *classes, time, *unlike(api, chosen)], className="row g12 wrap")


def _class(one: JSON) -> Element:
    mark = chip(one["label"], name=one["name"]) if one["label"] else None
    words = f"{format.count(one['items'])} {one['name'] if one['label'] is None else ''}".strip()
    return html.Span([mark, words], className="row g6", title=one["name"])


def lasting(found: JSON, readers: int) -> str:
    """`About 6 min for each reader, at 15 s a beat (median of 120 beats read here).`"""
    time = format.about(found["items"] * found["seconds"])
    basis = (
        f"median of {format.plural(found['timed'], 'beat')} read here" if found["timed"] else "assumed: none read yet"
    )
    whom = "the reader" if readers == 1 else "each reader"
    return f"About {time} for {whom}, at {format.short(found['seconds'])} s a beat ({basis})."


def unlike(api: Api, chosen: JSON) -> list[Element]:
    """The warning that a label set cannot say what reference and model say."""
    spoken, labels = vocabulary_of(api, chosen["model"]), chosen["labels"]
    if labels in (spoken, OWN[0]) or WIDER.get(labels) == spoken:
        return []
    return [html.Span("In this label set readings are not compared with reference and model.", className="warn")]


def draw(chosen: JSON) -> JSON:
    """What decides which beats are drawn, as the service takes it; ValueError for a class that is not chosen."""
    how, _, queue = str(chosen["how"]).partition(":")
    count, seed = int(chosen["count"] or 0), int(chosen["seed"] or 0)
    choice: JSON = {"how": how, "seed": seed, "each" if how == "stratified" else "count": count}
    if queue:
        choice["queue"] = queue
    if queue == "class":
        if not chosen["symbol"]:
            raise ValueError("Choose a class.")
        choice["symbol"] = chosen["symbol"]
    return {"recordings": chosen["recordings"], "model": chosen["model"], "choice": choice}


def request(chosen: JSON) -> JSON:
    """What the form says, as the service takes it; ValueError for what is still missing."""
    missing = [words for name, words in (("title", "a title"), ("recordings", "a recording"), ("readers", "a reader"))
               if not chosen[name]]  # fmt: skip
    if missing:
        raise ValueError(f"Still to choose: {', '.join(missing)}.")
    own = [word.strip() for word in str(chosen["own"] or "").split(",") if word.strip()]
    days = int(chosen["days"] or 0)
    return {
        "title": chosen["title"],
        **draw(chosen),
        "label_set": chosen["labels"],
        "labels": own if chosen["labels"] == OWN[0] else [],
        "blind": bool(chosen["blind"]),
        "readers": chosen["readers"],
        "deadline": (datetime.now(UTC) + timedelta(days=days)).isoformat() if days else None,
    }
