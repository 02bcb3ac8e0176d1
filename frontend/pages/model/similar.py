"""The map of last states, and the real windows of other patients that are most like the one that is open."""

from typing import Any

from frontend import format
from frontend.api import JSON
from frontend.pages.model.traces import drawn, link, window_origin
from frontend.ui.components import chip, seen
from frontend.ui.elements import Element, html
from frontend.vocabulary import label

HEIGHT = 46  # px of a trace
UNLABELLED = "Q"  # the colour of what has no label


def points(examples: JSON, card: JSON) -> JSON:
    """The map for the script: places, colours, and what each is of."""
    names = {kind["symbol"]: kind["name"] for kind in card["classes"]}
    known: dict[str | None, int] = {one: i for i, one in enumerate(dict.fromkeys(examples["label"]))}
    kinds = [
        {
            "label": one,
            "colour": f"--c{label(one, names.get(one)).group.key if one else UNLABELLED}",
            "words": label(one, names.get(one)).short if one else "no label",
            "name": names.get(one),
            "own": one in names,
        }
        for one in known
    ]
    places: dict[str, Any] = {name: examples[name] for name in ("x", "y", "recording", "at", "output", "recordings")}
    return places | {"model": card["id"], "kinds": kinds, "kind": [known[one] for one in examples["label"]]}


def legend(shown: JSON) -> list[Element]:
    """The labels that are among the model's classes, and how many windows have others."""
    counts = [shown["kind"].count(i) for i in range(len(shown["kinds"]))]
    own = [(kind, n) for kind, n in zip(shown["kinds"], counts, strict=True) if kind["own"]]
    others = sum(n for kind, n in zip(shown["kinds"], counts, strict=True) if not kind["own"])
    found = [
        html.Span([chip(kind["label"], "sm", kind["name"]), format.count(n)], className="row g4 s m") for kind, n in own
    ]
    return [*found, html.Span(f"{format.count(others)} with other labels, hollow", className="s m") if others else None]


def about(examples: JSON) -> str:
    """What the map shows, and what of it does not fit on a plane."""
    recordings = format.plural(len(examples["recordings"]), "recording")
    drawn_from = f"{format.count(len(examples['at']))} real windows of {recordings}"
    aside = f"; {examples['others']} recordings left aside" if examples["others"] else ""
    shares = sum(examples["explained"])
    return f"{drawn_from}{aside}. Two of {examples['units']} directions: {shares:.0%} of the variance."


def nearest(found: JSON, card: JSON) -> list[Element]:
    """The nearest examples, each a way to it, and what is among the fifty nearest."""
    return [
        html.Div([entry(one, card) for one in found["nearest"]], className="similar-list"),
        html.P(among(found), className="s m w gap"),
    ]


def entry(one: JSON, card: JSON) -> Element:
    """One example."""
    names = {kind["symbol"]: kind["name"] for kind in card["classes"]}
    mark = chip(one["label"], "sm", names.get(one["label"])) if one["label"] else html.Span("no label", className="f")
    said = (
        f" as {label(one['output'], names.get(one['output'])).short}"
        if one["output"] not in (None, one["label"])
        else ""
    )
    words = f"{format.record(one['name'])}, labelled {one['label'] or 'nothing'}, at distance {one['distance']:.2f}"
    trace = drawn([("ink", one["trace"])], words, HEIGHT, window_origin(card["input"]))
    line = html.Div(
        [
            mark,
            html.Span(format.record(one["name"]) + said, className="cut"),
            html.Span(className="sp"),
            f"{one['distance']:.2f}",
        ]
    )
    line.className = "row g4 s"
    return html.Div([link(one["recording"], one["at"], [trace, line], card["id"]), seen(one["seen"], long=False)])


def among(found: JSON) -> str:
    """`Of the 50 nearest: 43 V, 5 /, 2 N. Usual distance …`."""
    counted = ", ".join(f"{count} {label}" for label, count in found["among"].items())
    usual = found["usual_distance"]
    scale = f" Half of all windows have one of another patient within {usual:.2f}." if usual is not None else ""
    own = format.plural(found["left_out"], "window")
    left = f" {own} of this patient {'is' if found['left_out'] == 1 else 'are'} left out." if found["left_out"] else ""
    if not found["among"]:
        return f"No real window of another patient is here.{left}"
    return f"Of the {sum(found['among'].values())} nearest: {counted}.{scale}{left}"
