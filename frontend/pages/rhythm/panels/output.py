"""The side of a rhythm page: what the model says of the window, and what the reference says."""

from frontend import format
from frontend.api import JSON, Api
from frontend.pages.desk.panels import output as desk
from frontend.pages.rhythm import labels
from frontend.pages.rhythm.panels.rows import chip_of
from frontend.pages.rhythm.window import RhythmWindow
from frontend.panel import Panel, PanelUpdate
from frontend.ui import probabilities
from frontend.ui.components import section, seen, untrained
from frontend.ui.elements import Element, html
from frontend.view import View
from frontend.wording import classes, input_text


def update(api: Api, view: View) -> PanelUpdate:
    """Output, reference, and whether the patient was seen."""
    window = RhythmWindow(api, view)
    return desk.filled(api, view, window.answer, decision(window), judged(window))


def decision(window: RhythmWindow) -> list[Element]:
    """Class, probability, bars and margin; two letters on a chip."""
    api, beat, output = window.api, window.answer, window.card.get("output")
    worth = desk.calibration(api, window.card)
    said = beat["prediction"]
    if said is None:
        return desk.decision(beat, worth, output)
    warning = input_text.untrained(beat["untrained"])
    worth = worth | {"calibrated": False} if warning else worth
    parts = [verdict(window, worth), untrained(warning), bars(window), desk.margin(said, beat["classes"], output)]
    return [part for part in parts if part is not None]


def verdict(window: RhythmWindow, worth: JSON) -> Element:
    """`AF Atrial fibrillation, calibrated probability, 30 s … 0.96`."""
    said, (start, end) = window.answer["prediction"], window.span
    kind = {"symbol": said["symbol"], "name": said["name"]}
    word = "calibrated probability" if worth.get("calibrated") else "model's probability"
    below = html.Div(f"{word}, {format.span((end - start) * 1000)}", className="s m", title=worth.get("text") or None)
    name = html.Div(
        [html.Div(said["name"], id="output-class", className="verdict-name"), below], className="verdict-words"
    )
    best = html.Div(format.probability(max(said["probabilities"])), id="output-probability", className="verdict-number")
    mark = big_chip(kind) if said["symbol"] else None
    return html.Div([mark, name, best], className="row g12 verdict")


def big_chip(kind: JSON) -> Element:
    """The class that is answered."""
    found = chip_of(kind)
    found.className = "chip lg two"
    return found


def bars(window: RhythmWindow) -> Element:
    """The desk's bars, with two letters on each chip."""
    found = probabilities.bars(window.answer, window.card.get("output"))
    for line, kind in zip(found.children, window.answer["classes"], strict=True):
        line.children[0] = chip_of(kind)
    return found


def judged(window: RhythmWindow) -> Element:
    """The reference's rhythms with their seconds, the patient, and what reached the model."""
    record, beat, card = window.record, window.answer, window.api.model(window.answer["model"])
    words = input_text.sentence(card["input"], beat, [window.view.lead or record["lead"]])
    saw = html.Div(words, className="s m w", id="saw", hidden=beat["prediction"] is None)
    return section(reference(window), html.Div([seen(beat["seen"])], className="row g6 wrap"), saw)


def reference(window: RhythmWindow) -> Element:
    """`Reference AF N 6.3 s · AFIB 23.7 s … agrees`."""
    found = labels.shares(window.marks, *window.span)
    head = html.Span("Reference", className="m")
    if not found:
        return html.Div([head, html.Span("none for this rhythm", className="b")], className="row g8 reference")
    longest = max(found, key=lambda pair: pair[1])[0]
    kind = labels.class_of(window.api, longest, window.answer)
    words = named(window, found)
    return html.Div(
        [
            head,
            chip_of(kind) if kind else None,
            html.Span(words, className="b cut", id="reference-words"),
            html.Span(className="sp"),
            html.Span(judgement(window, kind), className="s b", id="agreement"),
        ],
        className="row g8 reference",
        title=longest["source"],
    )


def named(window: RhythmWindow, found: list[tuple[JSON, float]]) -> str:
    """`N 6.3 s · AFIB 23.7 s`; the label alone where it is of the whole recording."""
    start, end = window.span
    if len(found) == 1 and found[0][1] >= end - start - 0.1:
        return str(found[0][0]["name"])
    return " · ".join(f"{mark['label']} {seconds:.1f} s" for mark, seconds in found)


def judgement(window: RhythmWindow, kind: JSON | None) -> str:
    """Whether the output is the class that the reference's longest rhythm counts as."""
    said = window.answer["prediction"]
    if not said or not said["symbol"]:
        return ""
    if kind is None:
        return classes.said("no such class")
    return classes.said("agrees" if kind["symbol"] == said["symbol"] else "differs")


PANEL = Panel("output", place="side", order=0, layout=desk.layout, update=update, turn=0, early=True)
