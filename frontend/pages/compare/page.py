"""All methods side by side on one beat."""

from functools import partial
from typing import Any

from frontend import explanations, format, methods, trust_view
from frontend.api import JSON, Api, ApiError
from frontend.maps import scale as map_facts
from frontend.maps.cannot import cannot
from frontend.page import Page, Visit
from frontend.pages.compare import asking, groups, ranking
from frontend.pages.compare.cells import cell, size, update
from frontend.panel import Panel, Panels, PanelUpdate, laid_out
from frontend.ui.components import chip, foot, kbd, running_jobs, state, synthetic, untrained
from frontend.ui.elements import Element, html
from frontend.view import View
from frontend.wording import classes, input_text
from frontend.wording.naming import naming

KEYS = ((("J", "K"), "next, previous"), (("T",), "target class"), (("M",), "more methods"), (("?",), "all keys"))
MOST = 9  # methods that have a digit


def layout(visit: Visit) -> Element:
    """The page; one cell for each method the service has."""
    head = html.Div(id="compare-head", className="record-header", **{"data-part": "head"})
    cells = [html.Div(grid(visit.api), className="groups"), html.Div(id="compare-cannot")]
    main = html.Div([head, *cells], className="main compare")
    side = html.Aside(
        [html.Div(id="compare-side", **{"data-part": "side"}), running_jobs()], className="side side-compare"
    )
    digits = html.Span(id="compare-digits")
    signs = [html.I(className="key-raises"), "raises the score", html.I(className="key-lowers"), "lowers it"]
    right = [html.Span(signs, className="signs"), html.Span(id="compare-scale")]
    return html.Div([main, side, foot(KEYS, right, digits)], className="page compare-page")


def digits(count: int) -> list[Element]:
    """At the foot: as many of them as there are methods for the model."""
    names = ("1", str(min(MOST, count)))[: min(count, 2)]
    marks = [part for name in names for part in (*kbd(name), "–")][:-1]
    return [*marks, "open method in the desk"] if marks else []


def panels(api: Api) -> Panels:
    """The page's panels: its head, every method's map, and how they did."""
    known = groups.ordered(methods.all_of(api))
    cells = [
        Panel(
            f"cell-{entry['method']}",
            place=f"group-{methods.group_of(entry)}",
            order=i,
            layout=partial(cell, entry),
            turn=i,
            update=partial(update, entry),
        )
        for i, entry in enumerate(known, start=1)
    ]
    heads = [
        Panel(f"group-{name}", "grid", order, partial(groups.section, name), partial(group_part, name))
        for order, name in enumerate(dict.fromkeys(map(methods.group_of, known)))
    ]
    return (
        Panel("head", update=head_part, turn=0, early=True),
        *heads,
        *cells,
        Panel("side", update=side_part, turn=len(cells) + 1),
    )


def group_part(name: str, api: Api, view: View) -> PanelUpdate:
    """A group's head, and whether it is unfolded."""
    return PanelUpdate(groups.properties(api, view, name))


def head_part(api: Api, view: View) -> PanelUpdate:
    """Record, lead, time, reference and output; what is explained."""
    beat, shown = api.beat(view.record, view.at, view.lead, view.model), groups.shown(api, view)
    props: dict[str, dict[str, Any]] = {
        "compare-head": {"children": heading(api, view, beat)},
        "compare-scale": {"children": map_facts.scale_words(beat, size(api, view)) if shown else ""},
        "compare-cannot": {"children": cannot(methods.of_view(api, view))},
        "compare-digits": {"children": digits(len(shown))},
    }
    props |= {f"digit-{one['method']}": {"children": str(i)} for i, one in enumerate(shown[:MOST], start=1)}
    return PanelUpdate(props, {"classes": beat["classes"], "methods": [named(entry) for entry in shown]})


def named(entry: JSON) -> JSON:
    """A method as the digits choose it."""
    return {name: entry[name] for name in ("method", "title")}


def side_part(api: Api, view: View) -> PanelUpdate:
    """How the maps did on this beat: in the side, as a mark on each, and in the order of each group."""
    entries = [entry for entry in groups.shown(api, view) if asking.is_asked(api, view, entry)]
    jobs = [asking.ask(api, view, entry) for entry in entries]
    answer = trust_view.of_maps(api, view, jobs)
    props: dict[str, dict[str, Any]] = {"compare-side": {"children": ranking.panel(jobs, answer, noun(api, view))}}
    props |= ranking.in_place(entries, jobs, answer)
    return PanelUpdate(props, {"judge": trust_view.wanted(view, jobs, answer)}, explanations.complete(jobs))


def noun(api: Api, view: View) -> str:
    """What the windows are called."""
    beat = api.beat(view.record, view.at, view.lead, view.model)
    return naming(beat["kind"], beat["vocabulary"], beat["classes"]).noun


def grid(api: Api) -> list[Element]:
    """A cell for every method."""
    try:
        return laid_out(panels(api), "grid")
    except ApiError as error:
        return [state("The methods cannot be listed", error.detail, warn=True)]


def heading(api: Api, view: View, beat: JSON) -> list[Element]:
    """Record, lead, time, reference and output; which class and which score are explained."""
    record = api.recording(view.record)
    lead = view.lead or record["lead"]
    said, naming_ = beat["prediction"], naming(beat["kind"], beat["vocabulary"], beat["classes"])
    return [
        html.H1(f"Record {format.record(record['name'])}"),
        synthetic() if record["synthetic"] else None,
        html.Span(f"{lead} · {naming_.noun} at {format.hms(beat['time'])}", className="m"),
        *(labelled("· reference", beat["symbol"], beat["name"]) if beat["symbol"] else []),
        *(answered(said) if said else []),
        untrained(input_text.untrained(beat["untrained"])) if said else None,
        html.Span(className="sp"),
        *(explained(view, beat) if said else []),
    ]


def labelled(what: str, symbol: str, name: str | None) -> list[Element]:
    """`· reference V`."""
    return [html.Span(what, className="m"), chip(symbol, name=name or None)]


def answered(said: JSON) -> list[Element]:
    """The output's class, where it gives one, and the largest probability."""
    best = html.B(format.probability(max(said["probabilities"])))
    known = labelled("output", said["symbol"], said["name"]) if said["symbol"] else [html.Span("output", className="m")]
    return [*known, best]


def explained(view: View, beat: JSON) -> list[Element]:
    """Choice of the class and of the score; the class of the output is what an address without a target means."""
    output = beat["prediction"]["symbol"]
    chosen = view.target or output
    names = {entry["symbol"]: entry["name"] for entry in beat["classes"]}
    targets = []
    for symbol, name in names.items():
        words = classes.short(symbol, names) if symbol == chosen else symbol
        targets.append(button(words, symbol == chosen, name, {"data-target": "" if symbol == output else symbol}))
    scores = [
        button(words, (view.score or "logit") == name, None, {"data-score": "" if name == "logit" else name})
        for name, words in (("logit", "Score: logit"), ("probability", "Probability"))
    ]
    return [
        html.Span("Explain", className="m"),
        html.Div(targets, className="seg", role="group", **{"aria-label": "Class explained"}),
        html.Div(scores, className="seg", role="group", **{"aria-label": "Score explained"}),
    ]


def button(words: str, on: bool, title: str | None, marks: dict[str, str]) -> Element:
    """One of a few values."""
    pressed = {"aria-pressed": "true" if on else "false"}
    return html.Button(words, className="on" if on else "", title=title, **marks, **pressed)


PAGE = Page(
    "compare",
    "/compare",
    "Compare",
    layout,
    scope="window",
    panels=panels,
    address_keys=("record", "at", "lead", "model", "target", "score", "a", "b", "open", "ask"),
    tab=3,
)
