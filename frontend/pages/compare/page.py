"""All methods side by side on one beat."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from frontend import explanations, format, methods, tracks, trust_view
from frontend.address import SLOTS, Method
from frontend.api import JSON, Api, ApiError
from frontend.explanations import Size
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.maps import scale as map_facts
from frontend.maps import states
from frontend.maps import tracks as track_rows
from frontend.maps.cannot import cannot
from frontend.maps.frame import CONFIG
from frontend.page import Page, Visit
from frontend.pages.compare import ranking
from frontend.panel import Panel, Panels, PanelUpdate, laid_out
from frontend.ui.components import chip, foot, kbd, running_jobs, state, synthetic, untrained
from frontend.ui.elements import Element, dcc, html
from frontend.view import View
from frontend.wording import classes, input_text
from frontend.wording.naming import naming

KEYS = ((("J", "K"), "next, previous"), (("T",), "target class"), (("?",), "all keys"))
MOST = 9  # methods that have a digit
FEW = 4  # up to so many maps stand two in a row, more of them three
GAP, NARROW, ROOMY, WIDEST = (
    16,
    800,
    520,
    1064.0,
)  # px: between maps; a page for two; what a fourth in a row needs; a map
PAPER, TALL = {2: 226.0, 3: 150.0}, 0.6  # px of paper at least, by maps in a row; of a map's width at most
SCREEN, AROUND, BESIDE = 9 / 16, 110, 131  # a screen's height for its width; px above and below the rows, and in each


def layout(visit: Visit) -> Element:
    """The page; one cell for each method the service has."""
    head = html.Div(id="compare-head", className="record-header", **{"data-part": "head"})
    cells = [html.Div(grid(visit.api), className="cells"), html.Div(id="compare-cannot")]
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


def ordered(entries: Sequence[JSON]) -> list[JSON]:
    """Methods: the output over time, maps, then what gives neither but many rows."""
    return sorted(entries, key=lambda one: (not methods.shows_time(one), not methods.shows_relevance(one)))


def panels(api: Api) -> Panels:
    """The page's panels: its head, every method's map, and how they did."""
    cells = [
        Panel(
            f"cell-{entry['method']}", place="grid", order=i, layout=partial(cell, entry), turn=i, update=updated(entry)
        )
        for i, entry in enumerate(ordered(methods.all_of(api)), start=1)
    ]
    return (
        Panel("head", update=head_part, turn=0, early=True),
        *cells,
        Panel("side", update=side_part, turn=len(cells) + 1),
    )


def updated(entry: JSON) -> Callable[[Api, View], PanelUpdate]:
    """What the cell of a method shows of a view."""
    return partial(cell_part, entry)


def method_of(api: Api, view: View, entry: JSON) -> str:
    """A method with the parameters that the desk gives it, where it shows it, and the score that is chosen here."""
    name = entry["method"]
    method = next(
        (one for one in (methods.chosen(api, view, slot) for slot in SLOTS) if one.name == name), Method(name)
    )
    fits = "score" in entry["schema"]["properties"] and "score" not in method.parameters
    return str(Method(name, {**method.parameters, "score": view.score}) if fits and view.score else method)


def ask(api: Api, view: View, entry: JSON) -> JSON:
    """The job of one cell."""
    name = entry["method"]
    return explanations.ask(api, view, name, method_of(api, view, entry), f"graph-{name}")


def cell_part(entry: JSON, api: Api, view: View) -> PanelUpdate:
    """One method's map; its cell is not there where it cannot explain the model."""
    name = entry["method"]
    if methods.why_not(api, view, name):
        return PanelUpdate({f"cell-{name}": {"hidden": True, "data-state": "not offered"}})
    job = ask(api, view, entry)
    figure, head, said, now, rows = cell_drawing(api, job, view)
    props = {
        f"graph-{name}": {"figure": figure},
        f"head-{name}": {"children": head},
        f"state-{name}": {"children": said},
        f"tracks-{name}": {"children": rows},
        f"cell-{name}": {"hidden": False, "data-state": now},
    }
    return PanelUpdate(props, {"jobs": [job]}, explanations.complete([job]))


def head_part(api: Api, view: View) -> PanelUpdate:
    """Record, lead, time, reference and output; what is explained."""
    beat = api.beat(view.record, view.at, view.lead, view.model)
    props: dict[str, dict[str, Any]] = {
        "compare-head": {"children": heading(api, view, beat)},
        "compare-scale": {"children": map_facts.scale_words(beat, size(api, view))},
        "compare-cannot": {"children": cannot(methods.of_view(api, view))},
        "compare-digits": {"children": digits(len(methods.offered(api, view)))},
    }
    return PanelUpdate(props, {"classes": beat["classes"], "methods": methods.digits(api, view)})


def side_part(api: Api, view: View) -> PanelUpdate:
    """How the maps did on this beat: in the side, and as a mark on each."""
    jobs = [ask(api, view, entry) for entry in ordered(methods.offered(api, view))]
    answer = trust_view.of_maps(api, view, jobs)
    props: dict[str, dict[str, Any]] = {"compare-side": {"children": ranking.panel(jobs, answer, noun(api, view))}}
    for job in jobs:
        trust = (answer["of"].get(job.get("id")) or {}).get("trust")
        props[f"verdict-{job['slot']}"] = {"children": trust_view.verdict(trust, short=True) if trust else None}
        props[f"cell-{job['slot']}"] = {"data-faint": trust and trust["verdict"] == "not faithful"}
    return PanelUpdate(props, {"judge": trust_view.wanted(view, jobs, answer)}, explanations.complete(jobs))


def noun(api: Api, view: View) -> str:
    """What the windows are called."""
    beat = api.beat(view.record, view.at, view.lead, view.model)
    return naming(beat["kind"], beat["vocabulary"], beat["classes"]).noun


def size(api: Api, view: View) -> Size:
    """Of one map: 334 px wide at 1440 with three in a row; on a large screen as wide as the row allows."""
    content = desk(view.width).content + (12 if view.width >= 1440 else 0)
    count = max(1, len(methods.offered(api, view)))
    columns = columns_of(content, count)
    wide = min(WIDEST, (content - GAP * (columns - 1)) // columns)
    row = (view.width * SCREEN - AROUND) / math.ceil(count / columns)
    tall = max(PAPER[min(columns, 3)], min(round(row) - BESIDE, round(wide * TALL)))
    return Size(wide, tall, minor=columns == 2, mm=view.mm)


def columns_of(content: float, methods: int) -> int:
    """How many maps stand in a row: two or three, more where they are many and there is room."""
    if content < NARROW or methods <= FEW:
        return 2
    return max(3, min(math.ceil(math.sqrt(methods)), int(content // ROOMY)))


def grid(api: Api) -> list[Element]:
    """A cell for every method."""
    try:
        return laid_out(panels(api), "grid")
    except ApiError as error:
        return [state("The methods cannot be listed", error.detail, warn=True)]


def cell(entry: JSON) -> Element:
    """Where one method's map stands."""
    name = entry["method"]
    title = [html.H2(entry["title"]), html.Span(className="sp"), html.Span(id=f"verdict-{name}")]
    inside = [
        html.Div(title, className="row g8 cell-title"),
        html.Div(id=f"head-{name}", className="row g6 cell-head"),
        dcc.Graph(id=f"graph-{name}", figure=blank(222), config=CONFIG),
        html.Div(id=f"state-{name}", className="map-state"),
    ]
    below = html.Div(id=f"tracks-{name}")
    marks = {"data-state": "loading", "data-part": f"cell-{name}"}
    return html.Div([html.Div(inside, className="map"), below], id=f"cell-{name}", className="cell", **marks)


def cell_drawing(api: Api, job: JSON, view: View) -> Any:
    """Figure, head, state, data-state and rows of tracks of one cell."""
    shown = size(api, view)
    try:
        figure, words = explanations.picture(api, job, view, shown)
        found = explanations.result(api, job)
    except ApiError as error:
        return blank(shown.paper + 72, shown.width), [], states.plain(error.detail), "refused", None
    beside = explanations.rows(api, job, view, shown)
    head = [*head_of(job, found, words), track_rows.button(beside)]
    return figure, head, states.map_state(api, job, found), job["status"], track_rows.below(found, beside)


def head_of(job: JSON, found: JSON | None, words: str) -> list[Element]:
    """Unit and how it came; full scale and raw maximum."""
    if not found:
        return []
    if tracks.over_time(found):
        return [
            html.Span("Output after each sample", className="s m"),
            html.Span(className="sp"),
            html.Span(words, className="s b"),
        ]
    scale = found["scale"]
    if scale is None:
        return [html.Span(explanations.note(job, found), className="s m cut")]
    left = html.Span(f"{scale['unit']} · {explanations.note(job, found)}", className="s m cut")
    right = html.Span(explanations.full_scale(scale), className="s f")
    return [left, html.Span(className="sp"), right]


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
    address_keys=("record", "at", "lead", "model", "target", "score", "a", "b"),
    tab=3,
)
