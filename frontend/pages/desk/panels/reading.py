"""Your reading: what the person at the desk calls the beat. What happens in it: assets/pages/desk/reading.js."""

from frontend.api import Api
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import chip, kbd, section
from frontend.ui.elements import Element, html
from frontend.view import View
from frontend.vocabulary import OTHERS, READ, Label

GO_ON = {
    "role": "switch",
    "aria-checked": "false",
    "title": "After a label, show the next beat: of the queue in which this one stands (⇧ A)",
}


def layout() -> Element:
    """Chips, two further answers, a note."""
    head = html.Div(
        [
            html.H2("Your reading", className="h"),
            html.Button("Go on after a label", id="reading-go-on", className="btn sm gh", **GO_ON),
            html.Span(className="sp"),
            html.Span("not yet read", id="reading-status", className="s m", role="status"),
        ],
        className="row",
    )
    chips = html.Div([choice(label) for label in READ], className="reading-keys")
    others = [
        html.Button([*kbd(key.upper()), words], className="btn sm", **{"data-label": said, "aria-pressed": "false"})
        for said, (key, words) in OTHERS.items()
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
    role = html.P(
        "Your role reads along: labels need the role of an annotator.", id="reading-role", className="s m w gap"
    )
    return section(head, chips, more, html.Div(text, id="reading-note-place", hidden=True), role, id="reading")


def choice(label: Label) -> Element:
    """A class with its key."""
    marks = {"data-label": label.code, "aria-pressed": "false", "aria-label": f"Read as {label.name}"}
    key = html.Span((label.key or "").upper(), className="xs f")
    return html.Button([chip(label.code), key], className="reading-key", title=label.name, **marks)


def update(api: Api, view: View) -> PanelUpdate:
    """What a reader can agree with."""
    beat = api.beat(view.record, view.at, view.lead, view.model)
    said = beat["prediction"]
    return PanelUpdate({}, {"at": view.at, "output": said and said["symbol"]})


PANEL = Panel("reading", place="side", order=20, layout=layout, update=update, turn=1, script="pages/desk/reading.js")
