"""Your reading: what the person at the desk calls the beat. Everything in it happens in assets/readings.js."""

from frontend.api import Api
from frontend.panel import Panel, PanelUpdate
from frontend.tokens import NAME
from frontend.ui.components import chip, kbd, section
from frontend.ui.elements import Element, html
from frontend.view import View

CLASSES = ("N", "L", "R", "A", "V", "F", "/", "Q")
KEY = {"/": "P"}  # the letter on the keyboard, where it is not the symbol
OTHERS = (("artefact", "X", "Artefact"), ("cannot say", "U", "Cannot say"))


def layout() -> Element:
    """Chips, two further answers, a note."""
    head = html.Div(
        [
            html.H2("Your reading", className="h"),
            html.Span(className="sp"),
            html.Span("not yet read", id="reading-status", className="s m", role="status"),
        ],
        className="row",
    )
    chips = html.Div([choice(symbol) for symbol in CLASSES], className="reading-keys")
    others = [
        html.Button([*kbd(key), words], className="btn sm", **{"data-label": label, "aria-pressed": "false"})
        for label, key, words in OTHERS
    ]
    note = html.Button("Add note", id="reading-note-open", className="btn sm gh", **{"aria-expanded": "false"})
    text = html.Textarea(
        id="reading-note",
        className="reading-note",
        placeholder="Note on this beat. Ctrl Enter keeps it, Esc does not.",
        maxLength="5000",
        **{"aria-label": "Note on this beat"},
    )
    more = html.Div([*others, html.Span(className="sp"), note], className="row g6 gap")
    return section(head, chips, more, html.Div(text, id="reading-note-place", hidden=True), id="reading")


def choice(symbol: str) -> Element:
    """A class with its key."""
    words = NAME[symbol]
    label = {"data-label": symbol, "aria-pressed": "false", "aria-label": f"Read as {words}"}
    return html.Button(
        [chip(symbol), html.Span(KEY.get(symbol, symbol), className="xs f")],
        className="reading-key",
        title=words,
        **label,
    )


def update(api: Api, view: View) -> PanelUpdate:
    """What a reader can agree with."""
    beat = api.beat(view.record, view.beat, view.lead, view.model)
    said = beat["prediction"]
    return PanelUpdate({}, {"beat": view.beat, "output": said and said["symbol"]})


PANEL = Panel("reading", place="side", order=20, layout=layout, update=update, turn=1, script="core/readings.js")
