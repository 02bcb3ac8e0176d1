"""The side panel: what the model says of the beat, what the reference says, and what reached the model."""

import dash_mantine_components as dmc

from frontend import format
from frontend.api import JSON, Api
from frontend.panel import Panel, PanelUpdate
from frontend.sheets import content
from frontend.tokens import UNCERTAIN
from frontend.ui.components import chip, section, seen, tag, untrained
from frontend.ui.elements import Element, dcc, html
from frontend.ui.probabilities import bars, runner_up
from frontend.view import View
from frontend.vocabulary import label
from frontend.wording import classes, input_text


def layout() -> Element:
    """The panel at its final size, before it is filled."""
    title, model = html.H2("Model output", className="h"), html.Div(id="output-model")
    head = html.Div([title, html.Span(className="sp"), model], className="row side-head")
    skeleton = [html.Div(className="skeleton") for _ in range(4)]
    table = html.Div(id="output-table", **{"aria-hidden": "true"})  # while a beat's own answer is on its way
    parts = [
        section(head, html.Div(skeleton, id="output-decision"), id="decision"),
        html.Div(id="output-judged"),
        table,
    ]
    return html.Div(parts, id="output", **{"data-part": "output"})


def update(api: Api, view: View) -> PanelUpdate:
    """Everything about one beat that is not a picture."""
    record, card = api.recording(view.record), api.model(view.model)
    beat = api.beat(view.record, view.beat, view.lead, view.model)
    said = beat["prediction"]
    data = {"classes": beat["classes"], "output": said and said["symbol"], "reference": beat["symbol"]}
    shown = {
        "output-model": picker(api, view.model),
        "output-decision": decision(beat, calibration(api, card)),
        "output-judged": judged(view, record, card, beat),
    }
    return PanelUpdate({name: {"children": children} for name, children in shown.items()}, data)


def picker(api: Api, model: str | None) -> Element:
    """Which model is asked."""
    models = api.models()
    chosen = model or models[0]["id"]
    data = [{"value": model["id"], "label": model["title"]} for model in models]
    return dmc.Select(
        data=data,
        value=chosen,
        id="model",
        size="xs",
        allowDeselect=False,
        variant="unstyled",
        className="model",
        **{"aria-label": "Model"},
    )


def decision(beat: JSON, worth: JSON) -> list[Element]:
    """Class, probability, bars, margin, and what the output hangs on."""
    said = beat["prediction"]
    if said is None:
        words = beat["note"] or "The model cannot read this beat."
        none = html.Div("No output", id="output-class", className="verdict-name gap")
        return [none, html.Div(words, className="m w"), html.Span(id="output-probability", hidden=True)]
    warning = input_text.untrained(beat["untrained"])
    worth = worth | {"calibrated": False} if warning else worth
    known = beat["classes"]
    return [verdict(said, worth), untrained(warning), bars(beat), margin(said, known), moved(said, known)]


def calibration(api: Api, card: JSON) -> JSON:
    """What the model's probabilities are worth: `calibrated`, and a `text`."""
    return next((model.get("calibration") for model in api.models() if model["id"] == card["id"]), None) or {}


def verdict(said: JSON, worth: JSON) -> Element:
    """The class and its probability, which is called calibrated only where a test has shown it to be."""
    name = html.Div(
        [
            html.Div(
                classes.short(said["symbol"], {said["symbol"]: said["name"]}),
                id="output-class",
                className="verdict-name",
            ),
            html.Div(
                "calibrated probability" if worth.get("calibrated") else "model's probability",
                className="s m",
                title=worth.get("text") or None,
            ),
        ],
        className="verdict-words",
    )
    best = html.Div(format.probability(max(said["probabilities"])), id="output-probability", className="verdict-number")
    return html.Div([chip(said["symbol"], "lg", said["name"]), name, best], className="row g12 verdict")


def margin(said: JSON, known: list[JSON]) -> Element:
    """How far the class is ahead of the next; uncertain below 0.25."""
    names = {entry["symbol"]: entry["name"] for entry in known}
    words = f"Margin {format.probability(said['margin'])} over {classes.short(runner_up(said), names)}"
    if said["margin"] >= UNCERTAIN:
        return html.Div(tag(words), className="row g8 margin")
    return html.Div(
        [tag(words, "w"), html.Span(f"below {UNCERTAIN}: uncertain", className="s m")], className="row g8 margin"
    )


def moved(said: JSON, known: list[JSON]) -> Element:
    """`0.83 … 0.91 as R moves by ±8 ms; then also PVC`: how far the output hangs on where the R peak was put."""
    found = said.get("range")
    if not found:
        return None
    names = {entry["symbol"]: entry["name"] for entry in known}
    words = (
        f"{format.probability(found['low'])} … {format.probability(found['high'])} as R moves by ±{found['ms']:.0f} ms"
    )
    others = ", ".join(classes.short(symbol, names) for symbol in found["others"])
    changes = html.Span(f"; becomes {others}", className="warn") if others else None
    return html.Div([words, changes], id="output-moved", className="s m")


def judged(view: View, record: JSON, card: JSON, beat: JSON) -> Element:
    """The reference, the patient and the input."""
    lead = view.lead or record["lead"]
    read = [lead, *(name for name in record["leads"] if name != lead)]
    saw = html.Div(input_text.sentence(card, read), className="s m w", id="saw", hidden=beat["prediction"] is None)
    leaks = tag("trained and tested on the same patients", "w") if card["leaks_patients"] else None
    return section(reference(record, beat), html.Div([seen(beat["seen"]), leaks], className="row g6 wrap"), saw)


def reference(record: JSON, beat: JSON) -> Element:
    """What the reference calls the beat, and whether the model agrees."""
    source = input_text.source(record["beat_source"])
    if beat["symbol"] is None and beat["kind"] == "beat" and not record["beat_source"].startswith("detector"):
        return sealed(source)
    if beat["symbol"] is None:
        words = [html.Span("Reference", className="m"), html.Span("none: beats by the detector", className="b")]
        return html.Div(words, className="row g8 reference", title=source)
    said = beat["prediction"]
    symbols = [entry["symbol"] for entry in beat["classes"]]
    judgement = classes.said(classes.compare(beat["symbol"], said and said["symbol"], symbols))
    name = label(beat["symbol"]).name
    parts = [
        html.Span(input_text.source_label(record["beat_source"]), className="m"),
        chip(beat["symbol"]),
        html.Span(name, className="b cut"),
    ]
    return html.Div(
        [*parts, html.Span(className="sp"), html.Span(judgement, className="s b", id="agreement")],
        className="row g8 reference",
        title=source,
    )


def sealed(source: str) -> Element:
    """That somebody has called the beat, and whoever looks reads it blind first."""
    words = html.Span("sealed until you have read this beat", className="b")
    way = dcc.Link("Blind read", href="/sessions", className="btn sm")
    return html.Div([html.Span("Reference", className="m"), words, way], className="row g8 reference", title=source)


def draw(document: JSON) -> Element:
    """What was frozen: the output, and beside it the reference."""
    return html.Div([frozen_verdict(document), frozen_reference(document)], className="sheet-two")


def frozen_verdict(document: JSON) -> Element:
    """What the model said."""
    said = document["prediction"]
    if said is None:
        return html.Div([html.H2("Model output"), html.P("No output", className="m")])
    names = {entry["symbol"]: entry["name"] for entry in document["beat"]["classes"]}
    runner = classes.short(runner_up(said), names)
    warning = input_text.untrained(document["beat"]["untrained"])
    words = f"margin {format.probability(said['margin'])} over {runner}"
    name = html.Div(
        [html.Div(classes.short(said["symbol"], names), className="verdict-name"), html.Div(words, className="s m")],
        className="verdict-words",
    )
    best = html.Div(format.probability(max(said["probabilities"])), className="verdict-number")
    line = html.Div([chip(said["symbol"], "md", names.get(said["symbol"])), name, best], className="row g12 verdict")
    return html.Div([html.H2("Model output"), line, untrained(warning), bars({**document["beat"], "prediction": said})])


def frozen_reference(document: JSON) -> Element:
    """What the reference and whoever shared it say, and what the model is."""
    symbol, model = document["beat"]["symbol"], document["model"]
    called = (
        [chip(symbol, "md"), html.Span(label(symbol).name, className="sheet-name")]
        if symbol
        else [html.Span("none: beats by a detector", className="m")]
    )
    own = (document.get("readings") or {}).get("label")
    limits = " ".join(model["limits"][:2])
    return html.Div(
        [
            html.H2("Reference"),
            html.Div(called, className="row g8 called"),
            html.Div(["Label of whoever shared it: ", html.B(own)], className="s") if own else None,
            html.Div(seen(model["seen"]), className="gap"),
            html.P(f"{content.saw(document)} {limits}", className="s m w gap"),
        ]
    )


PANEL = Panel(
    "output",
    place="side",
    order=0,
    layout=layout,
    update=update,
    turn=0,
    early=True,
    freeze=("prediction", "beat", "model"),
    draw=draw,
    paper="frontend.pages.desk.paper.output:draw",
)
