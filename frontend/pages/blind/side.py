"""Beside a beat of a session: one's reading and the model's output, the reference, the others, and how one stands."""

from frontend import format
from frontend.api import JSON
from frontend.pages.blind.labels import named, short
from frontend.ui.components import chip, facts, icon, section, seen, untrained
from frontend.ui.elements import Element, html
from frontend.ui.probabilities import bars
from frontend.vocabulary import BEATS
from frontend.wording import input_text

LONG = 14  # letters of a name that stands in smaller type


def model(item: JSON, beat: JSON) -> list[Element]:
    """One's own committed reading and the model's output beside each other, its bars, whether it saw the patient."""
    first = next((entry for entry in item["entries"] if entry["step"] == "first"), None)
    said = beat["prediction"]
    cards = [card("Model output", item["output"]["label"], short(item["output"]), probability(said))]
    if first:
        seconds = f" · {first['seconds']:.1f} s" if first["seconds"] is not None else ""
        said_, sure = named(first["label"], beat["classes"]), f"sure {first['confidence']} of 5{seconds}"
        cards.insert(0, card("You, committed", first["label"], said_, sure))
    shares = bars(beat) if said else None
    warning = untrained(input_text.untrained(beat["untrained"]))
    return [html.Div(cards, className="blind-cards"), warning, shares, html.Div(seen(beat["seen"]), className="gap")]


def probability(said: JSON | None) -> str:
    """`0.78, margin 0.64`."""
    if said is None:
        return "no output"
    return f"{format.probability(max(said['probabilities']))}, margin {format.probability(said['margin'])}"


def card(head_: str, symbol: str, name: str, words: str) -> Element:
    """One reading: whose, which, how sure."""
    mark = chip(symbol, "md") if symbol in BEATS else None
    size = "blind-name long" if len(name) > LONG else "blind-name"
    parts = [
        html.Div(head_, className="s m"),
        html.Div([mark, html.Span(name)], className=f"row g8 {size}"),
        html.Div(words, className="s m"),
    ]
    return html.Div(parts, className="blind-card")


def reference(item: JSON) -> list[Element]:
    """The reference and what the other readers say, once this reader has decided."""
    if item["others"] is None and item["reference"] is None:
        locked = html.Span([icon("lock", 13), "shown after you decide"], className="row g6 s m")
        return [
            html.Div([html.Span("Reference", className="h"), html.Span(className="sp"), locked], className="row sec")
        ]
    truth = item["reference"]
    mark = (
        [chip(truth["label"]) if truth["label"] in BEATS else None, html.Span(truth["name"], className="b cut")]
        if truth
        else [html.Span("none", className="b")]
    )
    rows = [html.Div([html.Span("Reference", className="h"), html.Span(className="sp"), *mark], className="row g8")]
    for other in item["others"] or []:
        sure = f" sure {other['confidence']} of 5" if other["confidence"] else ""
        rows.append(
            html.Div(
                [
                    html.Span(other["name"], className="m cut"),
                    html.Span(className="sp"),
                    html.Span(named(other["label"], item["beat"]["classes"]), className="b"),
                    html.Span(sure, className="s m"),
                ],
                className="row g6 gap",
            )
        )
    return [html.Div(rows, className="sec")]


def log(item: JSON) -> list[Element]:
    """One's own steps on a beat that is decided, in their order: none of them goes away."""
    if item["expects"] != "correction":
        return []
    rows, before = [], None
    for entry in item["entries"]:
        if entry["step"] == "reveal":
            continue
        words = {"first": "Read as", "correction": "Corrected to"}.get(entry["step"], "Kept" if before else "Read as")
        words = "Changed to" if entry["step"] == "final" and before not in (None, entry["label"]) else words
        before = entry["label"]
        rows.append(
            (
                f"{words} {named(entry['label'], item['beat']['classes'])}",
                format.moment(entry["made"] or entry["at"])[11:],
            )
        )
    return [section(html.H2("Your steps", className="h"), facts(rows))]


def standing(session: JSON, item: JSON) -> list[Element]:
    """How far one is; what came of the reveals only after this one is decided."""
    mine = item["mine"]
    if mine is None:
        return []
    rows = [("Read blind" if session["blind"] else "Read", format.count(mine["read"]))]
    if session["blind"] and item["expects"] == "correction":
        share = f" ({format.percent(mine['changed'] / mine['decided'])})" if mine["decided"] else ""
        rows += [
            ("Model differed", format.count(mine["differed"])),
            (
                "You changed after the reveal",
                f"{format.count(mine['changed'])} of {format.count(mine['decided'])}{share}",
            ),
            ("of these, toward the reference", format.count(mine["toward_reference"])),
        ]
    return [section(html.H2("This session", className="h"), facts(rows))]
