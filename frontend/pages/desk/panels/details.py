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
    beat = api.beat(view.record, view.at, view.lead, view.model)
    shown = details(api.recording(view.record), api.model(view.model, view.record), beat)
    return PanelUpdate({"output-details": {"children": shown}})


def details(record: JSON, card: JSON, beat: JSON) -> Element:
    """Where the beat is, its RR, and what the card says the model cannot do."""
    of_beat = beat.get("kind", "beat") == "beat"
    rows = [
        ("Beat at" if of_beat else "Window from", format.hms(beat["time"])),
        *(of_a_beat(record, beat) if of_beat else [("Length", input_text.length(beat, card["input"]))]),
    ]
    limits = [html.Li(words) for words in card["limits"]]
    title = html.Span(f"This {'beat' if of_beat else 'window'}, and limits of this model", className="h")
    head = html.Summary([title, html.Span(str(len(limits)), className="s m")])
    return section(html.Details([head, facts(rows), html.Ul(limits, className="limits s m")]))


def of_a_beat(record: JSON, beat: JSON) -> list[tuple[str, str]]:
    """What is known of a beat alone."""
    both = (format.interval(beat[f"rr_{side}"], beat[f"rr_note_{side}"]) for side in ("before", "after"))
    rows = [
        ("RR before, after", ", ".join(both)),
        ("Beats from", input_text.capital(record["beat_source"])),
    ]
    return [*rows, ("AAMI class", beat["aami"])] if beat["aami"] else rows


PANEL = Panel("details", place="side", order=50, layout=layout, update=update, turn=1, early=True)
