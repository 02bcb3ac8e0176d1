"""Class modes: what each class looks like to the network, beside the nearest real window of the class."""

from frontend import format
from frontend.api import JSON
from frontend.pages.model.traces import drawn, link, window_origin
from frontend.ui.components import chip, tag
from frontend.ui.elements import Element, html
from frontend.wording.classes import short

HEIGHT = 78  # px of a trace


def content(result: JSON, examples: JSON | None, card: JSON) -> list[Element]:
    """A tile for each class, each mode in it; the style sheet shows one of both."""
    return [
        html.Div([tile(one, examples, card) for one in result["classes"]], className="model-tiles"),
        html.P(verdict(result), className="s m w gap"),
    ]


def tile(one: JSON, examples: JSON | None, card: JSON) -> Element:
    """One class."""
    kind = next(kind for kind in card["classes"] if kind["symbol"] == one["symbol"])
    name = short(kind["symbol"], {kind["symbol"]: kind["name"]})
    return html.Div(
        [shown(mode, one, kind, name, examples, card) for mode in one["modes"]], className="card model-tile"
    )


def shown(mode: JSON, one: JSON, kind: JSON, name: str, examples: JSON | None, card: JSON) -> Element:
    """One mode: its trace over the nearest real one, how far they are apart, and what real ones are from each other."""
    far = {True: tag("far from real", "w xs"), False: tag("near real", "xs"), None: None}[mode["far"]]
    head = html.Div(
        [chip(kind["symbol"], "sm", kind["name"]), html.B(name), html.Span(format.probability(mode["probability"]))]
    )
    head.children += [html.Span(className="sp"), far]
    head.className = "row g6"
    near = mode["near"] or mode["nearest"]
    words = f"{name}: the network gives it {format.probability(mode['probability'])}"
    leads = [
        drawn([("ink", own), ("grey", real)], words, HEIGHT, window_origin(card["input"]))
        for own, real in zip(mode["samples"], near["samples"], strict=True)
    ]
    foot = html.Div([nearest(near, examples, card), html.Span(className="sp"), real_to_real(one)], className="row g6 s")
    return html.Div([head, *leads, foot, shape(mode, one)], className="of-prior" if mode["prior"] else "of-noise")


def nearest(near: JSON, examples: JSON | None, card: JSON) -> Element:
    """`nearest: 228, 0.37`, which leads to it."""
    words = [html.Span("nearest "), html.B(format.number(near["distance"]))]
    if examples is None or near["row"] >= len(examples["at"]):
        return html.Span(words)
    record = examples["recordings"][examples["recording"][near["row"]]]
    words.insert(1, html.Span(f"{format.record(record['name'])}, "))
    return link(record["id"], examples["at"][near["row"]], words, card["id"])


def real_to_real(one: JSON) -> Element:
    """`real to real 0.25–0.67`: median and 95th percentile."""
    if one["distance"] is None:
        return html.Span("no real windows", className="m")
    low, high = one["distance"]
    title = "Real windows of the class from the nearest one of another patient: median and 95th percentile"
    return html.Span(f"real to real {low:.2f}–{high:.2f}", className="m", title=title)


def shape(mode: JSON, one: JSON) -> Element:
    """`shape r 0.43; real 0.88–0.98`: largest correlation with a real window of the class."""
    if mode["shape"] is None or one["correlation"] is None:
        return None
    low, middle = one["correlation"]
    title = (
        "Largest correlation with a real window of the class; real ones with another patient's: 5th percentile, median"
    )
    words = f"shape r {format.number(mode['shape'])}; real to real {format.number(low)}–{format.number(middle)}"
    return html.Div(words, className="s m", title=title)


def verdict(result: JSON) -> str:
    """Which of the modes are realistic, and which are not even what they are called."""
    both = [{mode["prior"]: mode for mode in one["modes"]} for one in result["classes"]]
    judged = [one for one in both if one[False]["far"] is not None]
    far = {prior: sum(one[prior]["far"] for one in judged) for prior in (False, True)}
    weak = [c["symbol"] for c, one in zip(result["classes"], both, strict=True) if one[False]["probability"] < 0.5]
    said = f"Far from real: {far[False]} of {len(judged)} from noise, {far[True]} of {len(judged)} with a prior."
    said += " Far is farther from every real one of the class than these are from each other, or of another shape."
    if weak:
        said += f" Held back so much, the modes of {', '.join(weak)} are not even given their class."
    return said + f" Among {format.count(result['windows'])} real windows."
