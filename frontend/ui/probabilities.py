"""Probabilities of the classes as bars."""

from frontend import format
from frontend.api import JSON
from frontend.ui.components import bar, chip
from frontend.ui.elements import Element, html
from frontend.vocabulary import label
from frontend.wording import classes


def bars(beat: JSON, output: JSON | None = None) -> Element:
    """One bar for each class, in the model's order; with its threshold where each is given by itself (`output`)."""
    said = beat["prediction"]
    alone = classes.several(output)
    thresholds = ((output or {}).get("thresholds") or [0.5] * len(beat["classes"])) if alone else ()
    rows = []
    for index, entry in enumerate(beat["classes"]):
        value = said["probabilities"][index]
        top = entry["symbol"] in said["labels"] if alone else index == said["index"]
        name = classes.short(entry["symbol"], {entry["symbol"]: entry["name"]})
        colour = f"var(--c{label(entry['symbol'], entry['name']).group.key})"
        parts = [
            chip(entry["symbol"], name=entry["name"]),
            html.Span(name, className="bar-name"),
            bar(value, colour, top, thresholds[index] if alone else None),
            html.Span(format.probability(value)),
        ]
        rows.append(html.Div(parts, className="row g8 bar-row" + (" on" if top else "")))
    return html.Div(rows, className="bars")
