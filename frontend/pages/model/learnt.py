"""What a model reads, what it is made of, and what it learnt from: the card's own words and counts."""

from frontend import format
from frontend.api import JSON
from frontend.pages.model import card as cards
from frontend.pages.model.side import heading
from frontend.ui.components import chip, facts, tag
from frontend.ui.elements import Element, html
from frontend.wording.classes import short
from frontend.wording.input_text import preparation

SPLITS = {"train": "training", "validation": "validation", "test": "test"}


def content(card: JSON) -> list[Element]:
    """Three cards side by side."""
    return [
        html.Section([heading("What it is"), facts(built(card))], className="card"),
        html.Section([heading("What it reads"), facts(reads(card))], className="card"),
        html.Section([heading("What it learnt from"), *learnt(card)], className="card"),
    ]


def built(card: JSON) -> list[tuple[str, Element]]:
    """Architecture, weights, output."""
    config = {name: value for name, value in card["network"].items() if not isinstance(value, list | dict)}
    sizes = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in config.items() if value is not None)
    several = card["output"]["activation"] == "sigmoid"
    return [
        ("Network", card["architecture"].replace("_", " ")),
        ("Sizes", sizes),
        ("Answers", "each label by itself" if several else f"one of {len(card['classes'])} classes"),
        (
            "Classes",
            html.Div([chip(one["symbol"], "sm", one["name"]) for one in card["classes"]], className="row g4 end"),
        ),
        ("Weights, SHA-256", html.Span(card["weights_sha256"][:12] + "…", title=card["weights_sha256"])),
        ("After", html.Span(card["training"].get("source", "its card does not say"), className="w")),
        ("Made", made(card["training"])),
    ]


def made(training: JSON) -> str:
    """When, and with what."""
    versions = ", ".join(f"{name} {version}" for name, version in training.get("versions", {}).items())
    when = format.moment(training["made"]) if training.get("made") else ""
    return "; ".join(part for part in (when, versions) if part) or "its card does not say"


def reads(card: JSON) -> list[tuple[str, Element]]:
    """Channels, preparation, window."""
    spec = card["input"]
    named = ", ".join(channel["name"] for channel in spec["channels"] if not channel["mask"])
    window = spec["window"]
    where = {"beat": "around each beat", "span": "one after another", "whole": "the recording whole"}
    return [
        ("Recordings", {"ecg": "ECG", "icu": "measurements over time"}.get(card["modality"], card["modality"])),
        ("Leads", html.Span(named or format.plural(spec["leads"], "lead") + ", any", className="w")),
        ("Learnt on", ", ".join(trained_leads(card)) or "its card does not say"),
        ("Prepared", html.Span(preparation(spec), className="w")),
        ("Windows", where.get(window["kind"], window["kind"])),
        ("RR intervals", "reach it" if spec["reads_rr"] else "do not reach it"),
    ]


def trained_leads(card: JSON) -> list[str]:
    """The leads that were read in training."""
    return sorted({lead for used in card["records"] if used["split"] == "train" for lead in used["leads"]})


def learnt(card: JSON) -> list[Element]:
    """Patients and windows by split, and the recordings' names."""
    by_class = card["training"].get("data", {}).get("beats_per_class") or {}
    splits = [name for name in SPLITS if cards.patients(card, name) or sum(by_class.get(name, {}).values())]
    head = html.Tr([html.Th(""), *(html.Th(SPLITS[name], className="r") for name in splits)])
    lines = [line("Patients", [format.count(cards.patients(card, name)) for name in splits])]
    for kind in card["classes"] if by_class else []:
        name = short(kind["symbol"], {kind["symbol"]: kind["name"]})
        first = html.Div([chip(kind["symbol"], "sm", kind["name"]), name], className="row g6")
        lines.append(line(first, [format.count(by_class.get(split, {}).get(kind["symbol"], 0)) for split in splits]))
    leaks = tag("the same patients in training and test", "w") if card["leaks_patients"] else None
    return [
        leaks,
        html.Table([html.Thead(head), html.Tbody(lines)], className="facts"),
        *(names(card, s) for s in splits),
    ]


def line(name: Element, values: list[str]) -> Element:
    """A row of a table."""
    return html.Tr([html.Td(name), *(html.Td(value, className="r") for value in values)])


def names(card: JSON, split: str) -> Element:
    """The recordings of a split, folded."""
    used = [one["name"] for one in card["records"] if one["split"] == split]
    if not used:
        return None
    title = html.Summary(f"{format.plural(len(used), 'recording')} in {SPLITS[split]}", className="s m")
    shown = ", ".join(used[:400]) + (f" and {format.count(len(used) - 400)} more" if len(used) > 400 else "")
    return html.Details([title, html.P(shown, className="xs f w")])
