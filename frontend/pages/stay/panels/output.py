"""The side of a stay: what the model says, how it did on others, what the reference says."""

from frontend import format
from frontend.api import JSON, Api
from frontend.pages.desk.panels import output as desk
from frontend.pages.stay.window import StayWindow
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import bar, chip, section, seen
from frontend.ui.elements import Element, html
from frontend.view import View
from frontend.wording import classes


def update(api: Api, view: View) -> PanelUpdate:
    """Output, reference, and whether the patient was seen."""
    stay = StayWindow(api, view)
    return desk.filled(api, view, stay.answer, decision(stay), judged(stay))


def decision(stay: StayWindow) -> list[Element]:
    """The outcome with its probability, the bar with its threshold, and what the threshold is worth."""
    if not stay.readable:
        return desk.decision(stay.answer, desk.calibration(stay.api, stay.card), stay.card["output"])
    kind, worth = stay.answer["classes"][0], desk.calibration(stay.api, stay.card)
    word = "calibrated probability" if worth.get("calibrated") else "model's probability"
    above = stay.probability >= stay.threshold
    name = html.Div(
        [
            html.Div(kind["name"] if above else "Below the threshold", className="verdict-name", id="output-class"),
            html.Div(f"{word}, at 48 h", className="s m"),
        ],
        className="verdict-words",
    )
    number = html.Div(format.probability(stay.probability), id="output-probability", className="verdict-number")
    return [
        html.Div(
            [chip(kind["symbol"], "lg", kind["name"]) if above else None, name, number], className="row g12 verdict"
        ),
        bar(stay.probability, "var(--ink)", True, stay.threshold),
        html.Div(threshold(stay), className="s m w gap", id="stay-threshold"),
    ]


def threshold(stay: StayWindow) -> str:
    """`threshold 0.21: finds 67%, 45% of those above it died`, where the card says how it did."""
    test = stay.card.get("evaluation", {}).get("test", {})
    if "sensitivity" not in test:
        return f"threshold {stay.threshold:.2f}"
    found, died = test["sensitivity"], test["positive_predictivity"]
    return f"threshold {stay.threshold:.2f}: finds {found:.0%} of those who died; {died:.0%} of those above it died"


def judged(stay: StayWindow) -> Element:
    """The reference, whether the patient was seen, the model's area, and how others with a like output fared."""
    test = stay.card.get("evaluation", {}).get("test", {})
    area = test.get("auroc")
    said = f"AUROC {area['value']:.2f} ({area['low']:.2f}–{area['high']:.2f}) on set c" if area else ""
    parts = [
        reference(stay),
        html.Div(
            [seen(stay.answer["seen"]), html.Span(said, className="s m", id="stay-area")], className="row g8 wrap"
        ),
        html.Div(alike(stay, test), className="s m w", id="stay-alike") if stay.readable else None,
    ]
    return section(*parts)


def reference(stay: StayWindow) -> Element:
    """`Reference D Died in hospital … agrees`."""
    symbol, name, said = stay.answer["symbol"], stay.answer.get("name"), stay.answer["prediction"]
    head = html.Span("Reference", className="m")
    if symbol is None:
        return html.Div([head, html.Span("none for this stay", className="b")], className="row g8 reference")
    outcome = stay.answer["classes"][0]["symbol"]
    above = bool(said) and stay.probability >= stay.threshold
    verdict = classes.said("agrees" if above == (symbol == outcome) else "differs") if said else ""
    parts = [head, chip(symbol, name=name), html.Span(name or symbol, className="b cut", id="reference-words")]
    judgement = html.Span(verdict, className="s b", id="agreement")
    return html.Div([*parts, html.Span(className="sp"), judgement], className="row g8 reference")


def alike(stay: StayWindow, test: JSON) -> str:
    """`Of 400 stays of set c with a like output, 8% died`: the tenth of them that this one belongs to."""
    tenths = test.get("bins")
    if not tenths:
        return ""
    near = min(tenths, key=lambda one: abs(one["said"] - stay.probability))
    whom = f"{near['stays']:.0f} stays of set c with the likest output (about {near['said']:.2f})"
    return f"Of {whom}, {near['happened']:.0%} died."


PANEL = Panel("output", place="side", order=0, layout=desk.layout, update=update, turn=0, early=True)
