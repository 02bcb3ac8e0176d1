"""The side panel: what the model says of the beat, what the reference says, and what reached the model."""

from urllib.parse import urlencode

import dash_mantine_components as dmc

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.panel import Panel, PanelUpdate
from frontend.sheets import content
from frontend.tokens import UNCERTAIN
from frontend.ui.components import chip, section, seen, tag, untrained
from frontend.ui.elements import Element, dcc, html
from frontend.ui.probabilities import bars
from frontend.view import View
from frontend.vocabulary import label
from frontend.wording import classes, input_text

SEALED = "Sealed"  # so the service says why it tells nothing of a beat


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
    record, card = api.recording(view.record), api.model(view.model, view.record)
    beat = api.beat(view.record, view.at, view.lead, view.model)
    return filled(
        api,
        view,
        beat,
        decision(beat, calibration(api, card), card.get("output")),
        judged(view, record, card, beat, waiting(api) if sealed(record, beat) else ""),
    )


def filled(api: Api, view: View, window: JSON, decision: list[Element], judged: Element) -> PanelUpdate:
    """The panel of a window as the service answers it, of any page."""
    said = window["prediction"]
    data = {"classes": window["classes"], "output": said and said["symbol"], "reference": window["symbol"]}
    asked = [about(view), picker(api, view)]
    shown = {"output-model": asked, "output-decision": decision, "output-judged": judged}
    return PanelUpdate({name: {"children": children} for name, children in shown.items()}, data)


def picker(api: Api, view: View) -> Element:
    """Which model is asked: of those that read such a recording."""
    models = api.models_for(view.record)
    chosen = view.model or models[0]["id"]
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


def about(view: View) -> Element:
    """The way to the page of the model, with the window that is open."""
    named = {"record": view.record, "at": view.at, "lead": view.lead, "model": view.model}
    query = urlencode({key: value for key, value in named.items() if value is not None})
    return dcc.Link("About", href=f"/model?{query}", className="s m about", title="What this model is, and how good")


def decision(beat: JSON, worth: JSON, output: JSON | None = None) -> list[Element]:
    """Class, probability, bars, margin, and what the output hangs on; `output` is the card's."""
    said = beat["prediction"]
    if said is None:
        words = beat["note"] or "The model cannot read this beat."
        none = html.Div("No output", id="output-class", className="verdict-name gap")
        return [none, html.Div(words, className="m w"), html.Span(id="output-probability", hidden=True)]
    warning = input_text.untrained(beat["untrained"])
    worth = worth | {"calibrated": False} if warning else worth
    known = beat["classes"]
    shown = [verdict(said, known, worth), untrained(warning), bars(beat, output)]
    return [*shown, margin(said, known, output), moved(said, known)]


def calibration(api: Api, card: JSON) -> JSON:
    """What the model's probabilities are worth: `calibrated`, and a `text`."""
    return next((model.get("calibration") for model in api.models() if model["id"] == card["id"]), None) or {}


def verdict(said: JSON, known: list[JSON], worth: JSON) -> Element:
    """The class, or all labels, and the largest probability; called calibrated only where a test has shown it to be."""
    name = html.Div(
        [
            html.Div(classes.answer(said, known), id="output-class", className="verdict-name"),
            html.Div(
                "calibrated probability" if worth.get("calibrated") else "model's probability",
                className="s m",
                title=worth.get("text") or None,
            ),
        ],
        className="verdict-words",
    )
    best = html.Div(format.probability(max(said["probabilities"])), id="output-probability", className="verdict-number")
    mark = chip(said["symbol"], "lg", said["name"]) if said["symbol"] else None
    return html.Div([mark, name, best], className="row g12 verdict")


def margin(said: JSON, known: list[JSON], output: JSON | None = None) -> Element:
    """How far the class is ahead of the next, or a label from its threshold; uncertain below 0.25."""
    words = input_text.capital(classes.margin(said, known, output))
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


def judged(view: View, record: JSON, card: JSON, beat: JSON, session: str = "") -> Element:
    """The reference, the patient and the input; `session` is the address at which a sealed beat is read."""
    words = input_text.sentence(card["input"], beat, [view.lead or record["lead"]])
    saw = html.Div(words, className="s m w", id="saw", hidden=beat["prediction"] is None)
    leaks = tag("trained and tested on the same patients", "w") if card["leaks_patients"] else None
    return section(
        reference(record, beat, card.get("output"), session),
        html.Div([seen(beat["seen"]), leaks], className="row g6 wrap"),
        saw,
    )


def reference(record: JSON, beat: JSON, output: JSON | None = None, session: str = "") -> Element:
    """What the reference calls the window, and whether the model agrees."""
    of_beat = beat.get("kind", "beat") == "beat"
    source = input_text.capital(record["beat_source"]) if of_beat else ""
    if sealed(record, beat):
        return seal(source, session)
    if beat["symbol"] is None:
        none = "none: beats by the detector" if of_beat else "none"
        words = [html.Span("Reference", className="m"), html.Span(none, className="b")]
        return html.Div(words, className="row g8 reference", title=source)
    said = beat["prediction"]
    symbols = [entry["symbol"] for entry in beat["classes"]]
    given = said["labels"] if said and classes.several(output) else None
    judgement = classes.said(classes.compare(beat["symbol"], said and said["symbol"], symbols, given))
    parts = [
        html.Span(input_text.source_label(record["beat_source"]) if of_beat else "Reference", className="m"),
        chip(beat["symbol"], name=beat.get("name")),
        html.Span(reference_name(beat), className="b cut", title=beat.get("name")),
    ]
    return html.Div(
        [*parts, html.Span(className="sp"), html.Span(judgement, className="s b", id="agreement")],
        className="row g8 reference",
        title=source,
    )


def reference_name(beat: JSON) -> str:
    """What the reference's label is called in short, as the model's class beside it."""
    return label(beat["symbol"], beat.get("name")).short


def sealed(record: JSON, beat: JSON) -> bool:
    """Whether somebody has called the beat, or the model has, and whoever looks reads it blind first."""
    if (beat["note"] or "").startswith(SEALED):
        return True
    of_beat = beat.get("kind", "beat") == "beat"
    return beat["symbol"] is None and of_beat and not record["beat_source"].startswith("detector")


def seal(source: str, session: str) -> Element:
    """The note that the reference is sealed, and the link to where it is read."""
    words = html.Span("sealed until you have read this beat", className="b")
    link = dcc.Link("Blind read", href=session or "/sessions", className="btn sm")
    return html.Div([html.Span("Reference", className="m"), words, link], className="row g8 reference", title=source)


def waiting(api: Api) -> str:
    """Address of the one session in which this person has beats to read blind; of all sessions where there are more."""
    try:
        found = [one for one in api.sessions() if one["blind"] and not one["closed"] and to_read(one["mine"], one)]
    except ApiError:
        found = []
    return f"/blind?session={found[0]['id']}" if len(found) == 1 else "/sessions"


def to_read(mine: JSON | None, session: JSON) -> bool:
    """Whether whoever asks has beats of a session still to read."""
    return bool(mine and mine["decided"] < session["items"])


def draw(document: JSON) -> Element:
    """What was frozen: the output, and beside it the reference."""
    return html.Div([frozen_verdict(document), frozen_reference(document)], className="sheet-two")


def frozen_verdict(document: JSON) -> Element:
    """What the model said."""
    said = document["prediction"]
    if said is None:
        return html.Div([html.H2("Model output"), html.P("No output", className="m")])
    known, output = document["beat"]["classes"], document["model"].get("output")
    warning = input_text.untrained(document["beat"]["untrained"])
    words = classes.margin(said, known, output)
    name = html.Div(
        [html.Div(classes.answer(said, known), className="verdict-name"), html.Div(words, className="s m")],
        className="verdict-words",
    )
    best = html.Div(format.probability(max(said["probabilities"])), className="verdict-number")
    mark = chip(said["symbol"], "md", said["name"]) if said["symbol"] else None
    line = html.Div([mark, name, best], className="row g12 verdict")
    shown = bars({**document["beat"], "prediction": said}, output)
    return html.Div([html.H2("Model output"), line, untrained(warning), shown])


def frozen_reference(document: JSON) -> Element:
    """What the reference and whoever shared it say, and what the model is."""
    symbol, model = document["beat"]["symbol"], document["model"]
    called = (
        [
            chip(symbol, "md", document["beat"].get("name")),
            html.Span(reference_name(document["beat"]), className="sheet-name"),
        ]
        if symbol
        else [html.Span(content.no_reference(document["beat"], document.get("rhythm")), className="m")]
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
