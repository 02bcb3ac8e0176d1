"""The side panel "Can the map be trusted?": verdict, curves among random masks, agreement, stability."""

from collections.abc import Sequence
from typing import Any

from frontend import explanations, format, methods, trust_view
from frontend.address import SLOTS
from frontend.api import JSON, Api
from frontend.figures import curves
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.panel import Panel, PanelUpdate
from frontend.sheets import content
from frontend.ui.components import facts, section
from frontend.ui.elements import Element, dcc, html
from frontend.view import View
from frontend.wording import classes, input_text

STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True}
CURVES = (("deletion", "Delete most relevant"), ("insertion", "Insert most relevant"))


def layout() -> Element:
    """The panel at its final size; assets/pages/desk/trust.js puts slot A's or B's judgement in."""
    choice = [
        html.Button(slot.upper(), id=f"trust-{slot}", className="on" if slot == "a" else "", **{"data-trust": slot})
        for slot in SLOTS
    ]
    head = html.Div(
        [
            html.H2("Can the map be trusted?", className="h"),
            html.Span(className="sp"),
            html.Div(choice, className="seg", role="group", **{"aria-label": "Which map"}),
        ],
        className="row g8",
    )
    charts = [
        html.Div(
            [
                html.Div(words, className="s m"),
                html.Div(
                    dcc.Graph(id=f"trust-{name}", figure=blank(curves.HEIGHT, curves.WIDTH), config=STILL),
                    id=f"trust-{name}-words",
                    role="img",
                ),
            ],
            className="trust-curve",
        )
        for name, words in CURVES
    ]
    inside = [
        html.Div(id="trust-verdict", className="row g8 trust-verdict", **{"aria-live": "polite"}),
        html.Div(charts, className="row trust-curves"),
        html.Div(id="trust-legend", className="row s m g6 trust-legend"),
        html.Div(id="trust-facts"),
    ]
    return html.Div(section(head, *inside, id="trust", **{"data-part": "trust"}), className="trust")


def update(api: Api, view: View) -> PanelUpdate:
    """Both maps' judgements; what is to be judged is asked for by the script, once the reader stays."""
    jobs = [explanations.ask(api, view, slot, methods.text(api, view, slot), f"graph-{slot}") for slot in SLOTS]
    answer = trust_view.of_maps(api, view, jobs)
    slots = {job["slot"]: slot_props(job, answer, view) for job in jobs}
    names = {job["slot"]: f"{job['slot'].upper()} {short(job['title'])}" for job in jobs}
    return PanelUpdate({}, {"slots": slots, "names": names, "judge": trust_view.wanted(view, jobs, answer)})


def slot_props(job: JSON, answer: JSON, view: View) -> dict[str, dict[str, Any]]:
    """The panel's properties where this slot is looked at."""
    one = answer["of"].get(job.get("id"))
    if one and one["trust"]:
        return judged(one["trust"], other(one, answer), view)
    waiting = why_not(one, job["status"])
    nothing = {"figure": blank(curves.HEIGHT, curves.WIDTH)}
    empty = {f"trust-{name}": nothing for name, _ in CURVES}
    said = {f"trust-{name}-words": {"aria-label": waiting} for name, _ in CURVES}
    verdict = {"children": html.Span(waiting, className="s m w", id="trust-waiting")}
    rest: dict[str, dict[str, Any]] = {name: {"children": []} for name in ("trust-legend", "trust-facts")}
    return {**empty, **said, **rest, "trust-verdict": verdict}


def other(one: JSON, answer: JSON) -> tuple[str, float | None] | None:
    """Title of the map in the other slot, and the rank correlation with it; None where there is none to compare."""
    position = answer["maps"].index(one)
    beside = [i for i, map_ in enumerate(answer["maps"]) if i != position and map_["trust_id"]]
    return (answer["maps"][beside[0]]["title"], answer["agreement"][position][beside[0]]) if beside else None


def why_not(one: JSON | None, status: str) -> str:
    """Why there is no judgement yet, or never will be; `status` is that of the map's job."""
    if one is None and status not in ("queued", "running", "done"):
        return "There is no map to judge."
    if one is None:
        return "Judged as soon as the map is there."
    if not one["trust_id"]:
        return "No map of relevance: it shows the output over time, and there is nothing to delete by."
    return "Being judged against random masks, shapes that know no model, and noisy copies."


def judged(trust: JSON, beside: tuple[str, float | None] | None, view: View) -> dict[str, dict[str, Any]]:
    """Properties of a panel with its judgement; `beside` are title and agreement of the other slot's map."""
    name = classes.short(trust["target"]["symbol"], {trust["target"]["symbol"]: trust["target"]["name"]})
    props: dict[str, dict[str, Any]] = {}
    for key, words in CURVES:
        curve = trust[key]
        figure = curves.figure(curve, trust["fractions"], view.theme, desk(view.width).curve)
        props[f"trust-{key}"] = {"figure": figure}
        props[f"trust-{key}-words"] = {"aria-label": curve_words(words, name, curve)}
    reason = html.Span([trust_view.reason(trust), trust_view.caveat(trust, name)], className="s m w")
    wrong = html.P(trust_view.error_rates(trust), className="s m w trust-errors")
    masks = trust["settings"]["random_masks"]
    legend = [
        html.I(className="key-map"),
        short(trust["title"]),
        html.I(className="key-random"),
        f"{masks} random, 5–95%",
        html.Span(className="sp"),
        html.Span(f"probability of {name}", className="cut"),
    ]
    return {
        **props,
        "trust-verdict": {"children": [trust_view.verdict(trust), reason, wrong]},
        "trust-legend": {"children": legend},
        "trust-facts": {"children": facts(rows(trust, beside))},
    }


def short(title: str) -> str:
    """`mask` for "Learned mask"."""
    return format.uncapital(title.split()[-1])


def curve_words(words: str, name: str, curve: JSON) -> str:
    """A curve in a sentence."""
    return (
        f"{words}: mean probability of {name} {format.probability(curve['mean'])}, random masks "
        f"{format.probability(curve['random_mean'])}; better than {format.percent(curve['better_than'])} of them."
    )


def rows(trust: JSON, beside: tuple[str, float | None] | None) -> list[tuple[Element, Element]]:
    """Agreement with the map beside it (else with occlusion, unless it is that), stability, the all-deleted beat."""
    known = [(one["title"], one["rho"]) for one in trust["agreement"]]
    every = "; ".join(f"{format.uncapital(name)} {trust_view.agreement(value)}" for name, value in known)
    copies, stability = trust["settings"]["copies"], trust["stability"]
    found = [
        (
            html.Span(f"Agreement with {format.uncapital(title)}", title=f"Rank correlation. {every}"),
            trust_view.agreement(rho),
        )
        for title, rho in ([beside] if beside else known[:1])
    ]
    found += [
        (
            html.Span(f"Stable under noise, {copies} copies", title=seeds(stability)),
            trust_view.stable(stability["noise"]),
        ),
    ]
    if stability["seeds"] is not None:
        found.append((f"Stable over {len(stability['seeds'])} seeds", trust_view.stable(stability["seeds"])))
    found.append((whole(trust), input_text.all_deleted(trust)))
    return [(name, html.B(value)) for name, value in found]


def whole(trust: JSON) -> str:
    """What was put in for the whole window."""
    if trust_view.rule(trust) == 1:
        return f"All samples set to {trust['deletion_value']}"
    return f"Replaced by {trust_view.replacement(trust)}"


def seeds(stability: JSON) -> str:
    """What the number is, and whether chance plays any part in the method."""
    fixed = " No seed changes this map." if stability["seeds"] is None else ""
    return f"Rank correlation with the map itself.{fixed}"


def draw(document: JSON) -> Element:
    """Each map's verdict, and the curves of the first."""
    found, waiting, curved = content.judged(document), content.unjudged(document), content.curved(document)
    if not found and not waiting:
        return []
    head = html.H2("Can the maps be trusted?")
    lines = [
        html.Div(
            [html.Span([html.B(letter), f" {one['title']}"]), trust_view.verdict(known)],
            className="row g8 sheet-verdict",
        )
        for letter, one, known in found
    ]
    lines += [html.P(f"{letter}: {trust_view.reason(known)}.", className="s m w") for letter, _, known in found]
    lines += [html.P(words, className="s m w") for words in dict.fromkeys(map(trust_view.error_rates, verdicts(found)))]
    lines.append(html.P(waiting, className="s m w"))
    if curved is None:
        return [html.Div([head, *lines], className="sheet-note")]
    letter, first = curved
    lines.append(html.P(content.legend(letter, first), className="s m w"))
    charts = [
        html.Div(
            [
                html.Div(f"{letter}: {name}", className="s m"),
                html.Div(
                    dcc.Graph(figure=curves.figure(first[key], first["fractions"], "light"), config=STILL),
                    role="img",
                    **{"aria-label": name},
                ),
            ]
        )
        for key, name in CURVES
    ]
    return [
        html.Div([html.Div([head, *lines]), html.Div(charts, className="row g8")], className="sheet-trust sheet-note")
    ]


def verdicts(found: Sequence[tuple[str, JSON, JSON]]) -> list[JSON]:
    """The judgements among letter, explanation and judgement of maps."""
    return [known for _, _, known in found]


PANEL = Panel(
    "trust",
    place="side",
    order=30,
    layout=layout,
    update=update,
    turn=7,
    script="pages/desk/trust.js",
    freeze=("explanations",),
    draw=draw,
    paper="frontend.pages.desk.paper.trust:draw",
)
