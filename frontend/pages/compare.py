"""All methods side by side on one beat."""

from functools import partial
from typing import Any

from frontend import classes, explaining, format
from frontend.address import parse_method
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, dcc, html
from frontend.explaining import Size
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.pages import map_facts, maps, states
from frontend.parts import chip, facts, foot, section, state, synthetic
from frontend.view import Panels, Part, View

KEYS = ((("J", "K"), "next, previous beat"), (("⇧ J",), "next of this class"), (("?",), "all keys"))
FEW = 4  # up to so many maps stand two in a row, more of them three
PAPER = {2: 226.0, 3: 150.0}  # px


def layout(api: Api) -> Element:
    """The page; one cell for each method the service has."""
    head = html.Div(id="compare-head", className="record-header", **{"data-part": "head"})
    main = html.Div([head, html.Div(grid(api), className="cells")], className="main compare")
    side = html.Aside(
        [html.Div(id="compare-side", **{"data-part": "side"}), maps.jobs()], className="side side-compare"
    )
    return html.Div([main, side, foot(KEYS, "Research use only. Not for clinical decisions.")], className="page")


def panels(api: Api) -> Panels:
    """The page's panels: its head, every method's map, and their numbers below each other."""
    cells = tuple((f"cell-{entry['method']}", partial(cell_part, entry)) for entry in api.explainers())
    return (("head", head_part), *cells, ("side", side_part))


def method_of(view: View, name: str) -> str:
    """A method with the parameters that the desk gives it, where it shows it."""
    return next((text for text in (view.a, view.b) if parse_method(text).name == name), name)


def ask(api: Api, view: View, entry: JSON) -> JSON:
    """The job of one cell."""
    name = entry["method"]
    return explaining.ask(api, view, name, method_of(view, name), f"graph-{name}")


def cell_part(entry: JSON, api: Api, view: View) -> Part:
    """One method's map."""
    job = ask(api, view, entry)
    figure, head, said, now = cell_drawing(api, job, view)
    name = entry["method"]
    props = {
        f"graph-{name}": {"figure": figure},
        f"head-{name}": {"children": head},
        f"state-{name}": {"children": said},
        f"cell-{name}": {"data-state": now},
    }
    return Part(props, {"jobs": [job]}, explaining.complete([job]))


def head_part(api: Api, view: View) -> Part:
    """Record, lead, time, reference and output."""
    classes = api.beat(view.record, view.beat, view.lead, view.model)["classes"]
    return Part({"compare-head": {"children": heading(api, view)}}, {"classes": classes})


def side_part(api: Api, view: View) -> Part:
    """The same numbers of every map."""
    jobs = [ask(api, view, entry) for entry in api.explainers()]
    return Part({"compare-side": {"children": side(api, jobs)}}, complete=explaining.complete(jobs))


def size(api: Api, window: float) -> Size:
    """Of one map: 334 px wide at 1440 with three in a row."""
    content = desk(window).content + (12 if window >= 1440 else 0)
    columns = 2 if content < 800 or len(api.explainers()) <= FEW else 3
    return Size(min(450.0, (content - 16 * (columns - 1)) // columns), PAPER[columns], minor=columns == 2)


def grid(api: Api) -> list[Element]:
    """A cell for every method."""
    try:
        return [cell(entry) for entry in api.explainers()]
    except ApiError as error:
        return [state("The methods cannot be listed", error.detail, warn=True)]


def cell(entry: JSON) -> Element:
    """Where one method's map stands."""
    name = entry["method"]
    title = [html.Span(entry["title"], className="b"), html.Span(className="sp")]
    inside = [
        html.Div(title, className="row g8 cell-title"),
        html.Div(id=f"head-{name}", className="row g6 cell-head"),
        dcc.Graph(id=f"graph-{name}", figure=blank(222), config=maps.CONFIG),
        html.Div(id=f"state-{name}", className="map-state"),
    ]
    marks = {"data-state": "loading", "data-part": f"cell-{name}"}
    return html.Div(html.Div(inside), id=f"cell-{name}", className="map cell", **marks)


def cell_drawing(api: Api, job: JSON, view: View) -> Any:
    """Figure, head, state and data-state of one cell."""
    try:
        figure, words = explaining.picture(api, job, view, size(api, view.width))
        found = explaining.result(api, job)
    except ApiError as error:
        return blank(222, 334), [], states.plain(error.detail), "refused"
    return figure, head_of(job, found, words), states.map_state(api, job, found), job["status"]


def head_of(job: JSON, found: JSON | None, words: str) -> list[Element]:
    """Unit and how it came; full scale and raw maximum."""
    if not found:
        return []
    if explaining.over_time(found):
        return [
            html.Span("Output after each sample", className="s m"),
            html.Span(className="sp"),
            html.Span(words, className="s b"),
        ]
    scale = found["scale"]
    left = html.Span(f"{scale['unit']} · {explaining.note(job, found)}", className="s m cut")
    right = html.Span(f"full scale {format.short(scale['full'])}", className="s f")
    return [left, html.Span(className="sp"), right]


def heading(api: Api, view: View) -> list[Element]:
    """Record, lead, time, reference and output."""
    record = api.recording(view.record)
    beat = api.beat(view.record, view.beat, view.lead, view.model)
    lead = view.lead or record["leads"][0]
    reference = [html.Span("reference", className="m"), chip(beat["symbol"])] if beat["symbol"] else []
    said = beat["prediction"]
    output = (
        [
            html.Span("output", className="m"),
            chip(said["symbol"]),
            html.B(format.probability(max(said["probabilities"]))),
        ]
        if said
        else []
    )
    return [
        html.H1(f"Record {format.record(record['name'])}"),
        synthetic() if record["synthetic"] else None,
        html.Span(f"{lead} · beat at {format.hms(beat['time'])}", className="m"),
        *reference,
        *output,
        html.Span(className="sp"),
        map_facts.scale_tag(beat, size(api, view.width)),
    ]


def side(api: Api, jobs: list[JSON]) -> list[Element]:
    """The same numbers of every map, below each other."""
    rows = []
    for job in jobs:
        found = explaining.result(api, job)
        if found and not explaining.over_time(found):
            scale = found["scale"]
            rows.append(
                (
                    job["title"],
                    format.number(scale["maximum"]),
                    format.percent(scale["deleted_fraction"]),
                    format.probability(scale["probability_after"]),
                )
            )
    if not rows:
        return []
    head = html.Tr(
        [
            html.Th("Method"),
            html.Th("Max", className="r"),
            html.Th("Deleted", className="r"),
            html.Th("After", className="r"),
        ]
    )
    lines = [html.Tr([html.Td(row[0]), *[html.Td(value, className="r") for value in row[1:]]]) for row in rows]
    first = next(
        found for found in (explaining.result(api, job) for job in jobs) if found and not explaining.over_time(found)
    )
    name, scale = classes.short(first["target"]["symbol"]), first["scale"]
    before = format.probability(scale["probability_before"])
    words = (
        "Deleted: the share of samples with at least half the map's maximum. "
        f"After: the probability of {name} once they are gone; it was {before}. "
        "Maxima have different units and cannot be compared."
    )
    table = html.Table(html.Tbody([head, *lines]), className="facts")
    blank = [(f"{classes.short(symbol)}", format.probability(value)) for symbol, value in scale["all_deleted"].items()]
    gone = section(html.Div(f"The beat with all samples set to {scale['deletion_value']}", className="h"), facts(blank))
    return [
        section(
            html.Div("What deleting the marked samples does", className="h"),
            table,
            html.P(words, className="s m w gap"),
        ),
        gone,
    ]
