"""The labels of a session on screen: their keys, their names, their buttons."""

from frontend import vocabulary
from frontend.api import JSON
from frontend.ui.components import chip, kbd
from frontend.ui.elements import Element, html
from frontend.vocabulary import BEATS
from frontend.wording import classes

SPECIAL = {"/": "p", "artefact": "x", "cannot say": "u"}  # labels whose key is not their letter
TAKEN = frozenset("hmwt")  # keys with another meaning on this page


def keys(labels: list[str]) -> dict[str, str]:
    """One key for each label: its first free letter; with shift where another label took it."""
    found = {label: SPECIAL[label] for label in labels if label in SPECIAL}
    for label in [label for label in labels if label not in found]:
        letters = [letter for letter in label.lower() if letter.isascii() and letter.isalpha()]
        wanted = [*letters, *(f"shift+{letter}" for letter in letters)]
        free = next((key for key in wanted if key not in found.values() and key not in TAKEN), None)
        if free:
            found[label] = free
    return found


def label(entry: JSON, keyed: dict[str, str], narrow: bool) -> Element:
    """One label as a button with its key; `narrow` where they stand in two columns."""
    symbol, key = entry["label"], keyed.get(entry["label"], "")
    written = key.replace("shift+", "⇧").upper()
    mark = chip(symbol, name=entry["name"]) if symbol in BEATS or len(symbol) == 1 else None
    usual = {"data-label": symbol, "data-key": key, "data-name": short(entry), "aria-pressed": "false"}
    return html.Button(
        [
            mark,
            html.Span(short(entry), className="cut", title=entry["name"]),
            html.Span(entry["name"], className="m cut") if not narrow and short(entry) != entry["name"] else None,
            html.Span(className="sp"),
            *(kbd(written) if written else []),
        ],
        className="blind-label",
        **usual,
    )


def short(entry: JSON) -> str:
    """A label's short name."""
    return vocabulary.label(entry["label"], entry["name"]).short


def named(symbol: str, known: list[JSON] | None = None) -> str:
    """A label's short name; among the classes `known` of the model's vocabulary, else among beats."""
    own = next((kind["name"] for kind in known or () if kind["symbol"] == symbol), None)
    if own:
        return vocabulary.label(symbol, own).short
    return classes.short(symbol) if symbol in BEATS else symbol[:1].upper() + symbol[1:]
