"""Probabilities of the classes as bars."""

from frontend import format
from frontend.api import JSON
from frontend.ui.components import bar, chip
from frontend.ui.elements import Element, html
from frontend.vocabulary import label
from frontend.wording import classes


def bars(beat: JSON) -> Element:
    """One bar for each class, in the model's order."""
    said = beat["prediction"]
    rows = []
    for index, entry in enumerate(beat["classes"]):
        value, top = said["probabilities"][index], index == said["index"]
        name = classes.short(entry["symbol"], {entry["symbol"]: entry["name"]})
        colour = f"var(--c{label(entry['symbol'], entry['name']).group.key})"
        parts = [
            chip(entry["symbol"], name=entry["name"]),
            html.Span(name, className="bar-name"),
            bar(value, colour, top),
            html.Span(format.probability(value)),
        ]
        rows.append(html.Div(parts, className="row g8 bar-row" + (" on" if top else "")))
    return html.Div(rows, className="bars")


def runner_up(said: JSON) -> str:
    """Symbol of the second class, whether the service sends a symbol or the class."""
    second = said["runner_up"]
    return str(second["symbol"]) if isinstance(second, dict) else str(second)
