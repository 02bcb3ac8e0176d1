"""The side panel: what the model says of the beat, what the reference says, and what reached the model."""

import dash_mantine_components as dmc

from frontend import format
from frontend.api import JSON, Api
from frontend.tokens import NAME, UNCERTAIN, group
from frontend.ui.components import bar, chip, facts, section, seen, tag
from frontend.ui.elements import Element, html
from frontend.view import PanelUpdate, View
from frontend.wording import classes, input_text


def layout() -> Element:
    """The panel at its final size, before it is filled."""
    title, model = html.H2("Model output", className="h"), html.Div(id="output-model")
    head = html.Div([title, html.Span(className="sp"), model], className="row side-head")
    skeleton = [html.Div(className="skeleton") for _ in range(4)]
    parts = [section(head, html.Div(skeleton, id="output-decision"), id="decision"), html.Div(id="output-judged")]
    return html.Div(parts, id="output", **{"data-part": "output"})


def details_layout() -> Element:
    """Where the beat is and what the model cannot do, folded at the foot of the side."""
    return html.Div(id="output-details", **{"data-part": "output"})


def part(api: Api, view: View) -> PanelUpdate:
    """Everything about one beat that is not a picture."""
    record, card = api.recording(view.record), api.model(view.model)
    beat = api.beat(view.record, view.beat, view.lead, view.model)
    said = beat["prediction"]
    data = {"classes": beat["classes"], "output": said and said["symbol"], "reference": beat["symbol"]}
    shown = {
        "output-model": picker(api, view.model),
        "output-decision": decision(beat),
        "output-judged": judged(view, record, card, beat),
        "output-details": details(record, card, beat),
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


def decision(beat: JSON) -> list[Element]:
    """Class, probability, bars and margin."""
    said = beat["prediction"]
    if said is None:
        words = beat["note"] or "The model cannot read this beat."
        none = html.Div("No output", id="output-class", className="verdict-name gap")
        return [none, html.Div(words, className="m w"), html.Span(id="output-probability", hidden=True)]
    return [verdict(said), bars(beat), margin(said, beat["classes"])]


def verdict(said: JSON) -> Element:
    """The class and its calibrated probability."""
    name = html.Div(
        [
            html.Div(
                classes.short(said["symbol"], {said["symbol"]: said["name"]}),
                id="output-class",
                className="verdict-name",
            ),
            html.Div("calibrated probability", className="s m"),
        ],
        className="verdict-words",
    )
    best = html.Div(format.probability(max(said["probabilities"])), id="output-probability", className="verdict-number")
    return html.Div([chip(said["symbol"], "lg"), name, best], className="row g12 verdict")


def bars(beat: JSON) -> Element:
    """One bar for each class, in the model's order."""
    said = beat["prediction"]
    rows = []
    for index, entry in enumerate(beat["classes"]):
        value, top = said["probabilities"][index], index == said["index"]
        name = classes.short(entry["symbol"], {entry["symbol"]: entry["name"]})
        colour = f"var(--c{group(entry['symbol']).key})"
        parts = [
            chip(entry["symbol"]),
            html.Span(name, className="bar-name"),
            bar(value, colour, top),
            html.Span(format.probability(value)),
        ]
        rows.append(html.Div(parts, className="row g8 bar-row" + (" on" if top else "")))
    return html.Div(rows, className="bars")


def margin(said: JSON, known: list[JSON]) -> Element:
    """How far the class is ahead of the next; uncertain below 0.25."""
    names = {entry["symbol"]: entry["name"] for entry in known}
    words = f"Margin {format.probability(said['margin'])} over {classes.short(runner_up(said), names)}"
    if said["margin"] >= UNCERTAIN:
        return html.Div(tag(words), className="row g8 margin")
    return html.Div(
        [tag(words, "w"), html.Span(f"below {UNCERTAIN}: uncertain", className="s m")], className="row g8 margin"
    )


def runner_up(said: JSON) -> str:
    """Symbol of the second class, whether the service sends a symbol or the class."""
    second = said["runner_up"]
    return str(second["symbol"]) if isinstance(second, dict) else str(second)


def judged(view: View, record: JSON, card: JSON, beat: JSON) -> Element:
    """The reference, the patient and the input."""
    lead = view.lead or record["leads"][0]
    read = [lead, *(name for name in record["leads"] if name != lead)]
    saw = html.Div(input_text.sentence(card, read), className="s m w", id="saw", hidden=beat["prediction"] is None)
    leaks = tag("trained and tested on the same patients", "w") if card["leaks_patients"] else None
    return section(reference(record, beat), html.Div([seen(beat["seen"]), leaks], className="row g6 wrap"), saw)


def reference(record: JSON, beat: JSON) -> Element:
    """What the reference calls the beat, and whether the model agrees."""
    source = input_text.source(record["beat_source"])
    if beat["symbol"] is None:
        words = [html.Span("Reference", className="m"), html.Span("none: beats by the detector", className="b")]
        return html.Div(words, className="row g8 reference", title=source)
    said = beat["prediction"]
    symbols = [entry["symbol"] for entry in beat["classes"]]
    judgement = classes.said(classes.compare(beat["symbol"], said and said["symbol"], symbols))
    name = NAME.get(beat["symbol"], beat["name"])
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


def details(record: JSON, card: JSON, beat: JSON) -> Element:
    """Where the beat is, its RR, and what the card says the model cannot do."""
    rows = [
        ("Beat at", format.hms(beat["time"])),
        (
            "RR before, after",
            f"{format.milliseconds(beat['rr_before'])} ms, {format.milliseconds(beat['rr_after'])} ms",
        ),
        ("Beats from", input_text.source(record["beat_source"])),
        ("AAMI class", beat["aami"]) if beat["aami"] else None,
    ]
    limits = [html.Li(words) for words in card["limits"]]
    title = html.Span("This beat, and limits of this model", className="h")
    head = html.Summary([title, html.Span(str(len(limits)), className="s m")])
    return section(html.Details([head, facts([row for row in rows if row]), html.Ul(limits, className="limits s m")]))
