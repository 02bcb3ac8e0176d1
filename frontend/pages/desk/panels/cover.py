"""Cover this: a span of the beat is replaced, and the output moves at once. The work is done in assets/cover*.js."""

import dash
import dash_mantine_components as dmc
from dash import Input

from frontend.api import JSON, Api
from frontend.figures.typed import sixteen_bits
from frontend.panel import Panel, PanelUpdate
from frontend.tokens import UNCERTAIN
from frontend.ui.components import kbd, section
from frontend.ui.elements import Element, clientside, html
from frontend.view import View
from frontend.vocabulary import label

CAPTION = "One of many ways to cover. A covered beat is unlike any beat the model was trained on."


def layout() -> Element:
    """What is covered and what stands in for it; shown while covering."""
    off = html.Button([*kbd("Esc"), "uncover"], id="cover-off", className="btn sm gh")
    head = html.Div([html.H2("Cover this", className="h"), html.Span(className="sp"), off], className="row g8")
    value = dmc.Select(
        data=values(centred=False),
        value="zero",
        id="cover-value",
        size="xs",
        allowDeselect=False,
        variant="unstyled",
        comboboxProps={"position": "top-end"},
        **{"aria-label": "Replaced by"},
    )
    rows = [
        ("Covered", html.Span(id="cover-span", className="b")),
        ("Replaced by", value),
        (html.Span("Each edge ±11 ms", id="cover-reach"), html.Span(id="cover-range", className="b")),
    ]
    table = html.Table(
        html.Tbody([html.Tr([html.Td(name, className="m"), html.Td(what, className="r")]) for name, what in rows]),
        className="facts cover-facts",
    )
    note = html.P(CAPTION, id="cover-note", className="s m w")
    said = html.Span(id="cover-said", **{"aria-live": "polite"})  # once the ends rest: a drag would never be silent
    return section(head, table, note, said, id="cover-section", hidden=True)


def update(api: Api, view: View) -> PanelUpdate:
    """What the scripts need of a beat; nothing where the model cannot read it."""
    beat = api.beat(view.record, view.at, view.lead, view.model)
    card = api.model(view.model, view.record)
    centred = any(step["step"] == "zscore" for step in card["input"]["preprocessing"])
    props = {"cover-value": {"data": values(centred)}}
    return PanelUpdate(props, data(view, beat) if beat["window"] and beat["prediction"] else None)


def data(view: View, beat: JSON) -> JSON:
    """A beat as assets/pages/desk/cover.js reads it; samples at the network's fs, from the window's first."""
    window, names = beat["window"], {entry["symbol"]: entry["name"] for entry in beat["classes"]}
    chosen = {name: value for name, value in (("lead", view.lead), ("model", view.model)) if value}
    return {
        "ask": {"recording": view.record, "at": view.at, **chosen},
        **{name: window[name] for name in ("samples", "fs", "before")},
        **{name: sixteen_bits(window[name]) for name in ("millivolts", "input")},
        "classes": [coloured(symbol, name) for symbol, name in names.items()],
        "uncovered": beat["prediction"]["probabilities"],
        "reference": beat["symbol"],
        "uncertain": UNCERTAIN,
        "caption": CAPTION,
    }


def coloured(symbol: str, name: str) -> JSON:
    """A class of the model as the script draws it."""
    known = label(symbol, name)
    return {"symbol": symbol, "name": known.short, "colour": f"--c{known.group.key}"}


def values(centred: bool) -> list[dict[str, str]]:
    """What can stand in for a hidden sample; `centred`: the record's mean is 0 in the input."""
    return [
        {"value": "zero", "label": "0, the record's mean" if centred else "0"},
        {"value": "mean", "label": "the window's mean"},
        {"value": "line", "label": "a straight line"},
    ]


def register(app: dash.Dash, _: Api) -> None:
    """The choice of what stands in."""
    clientside(app, "cover.value", Input("cover-value", "value"), prevent_initial_call=True)


PANEL = Panel(
    "cover",
    place="side",
    order=40,
    layout=layout,
    update=update,
    turn=3,
    script="pages/desk/cover.js",
    register=register,
)
