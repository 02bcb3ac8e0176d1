"""Where the beat is and what the model cannot do, at the foot of the side."""

from frontend import format
from frontend.api import JSON, Api
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import facts, section
from frontend.ui.elements import Element, html
from frontend.view import View
from frontend.wording import input_text


def layout() -> Element:
    """Where the beat is and what the model cannot do, folded at the foot of the side."""
    return html.Div(id="output-details", **{"data-part": "details"})


def update(api: Api, view: View) -> PanelUpdate:
    """Facts of one beat."""
    beat = api.beat(view.record, view.beat, view.lead, view.model)
    shown = details(api.recording(view.record), api.model(view.model), beat)
    return PanelUpdate({"output-details": {"children": shown}})


def details(record: JSON, card: JSON, beat: JSON) -> Element:
    """Where the beat is, its RR, and what the card says the model cannot do."""
    rows = [
        ("Beat at", format.hms(beat["time"])),
        (
            "RR before, after",
            ", ".join(format.interval(beat[f"rr_{side}"], beat[f"rr_note_{side}"]) for side in ("before", "after")),
        ),
        ("Beats from", input_text.source(record["beat_source"])),
        ("AAMI class", beat["aami"]) if beat["aami"] else None,
    ]
    limits = [html.Li(words) for words in card["limits"]]
    title = html.Span("This beat, and limits of this model", className="h")
    head = html.Summary([title, html.Span(str(len(limits)), className="s m")])
    return section(html.Details([head, facts([row for row in rows if row]), html.Ul(limits, className="limits s m")]))


PANEL = Panel("details", place="side", order=50, layout=layout, update=update, turn=1, early=True)
