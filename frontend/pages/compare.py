"""All methods side by side on one beat."""

from typing import Any

import dash
from dash import ALL, MATCH, Input, Output, State

from frontend import classes, explaining, format
from frontend.address import parse_method
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, clientside, dcc, html
from frontend.explaining import Size
from frontend.figures.desk import desk
from frontend.figures.paper import blank
from frontend.pages import map_facts, maps, states
from frontend.parts import chip, facts, foot, section, state, synthetic
from frontend.tokens import Theme

KEYS = ((("J", "K"), "next, previous beat"), (("⇧ J",), "next of this class"), (("?",), "all keys"))
FEW = 4  # up to so many maps stand two in a row, more of them three
PAPER = {2: 226.0, 3: 150.0}  # px


def layout() -> Element:
    """The page; one cell for each method the service has."""
    stores = [dcc.Store(id="compare-methods")]
    head = html.Div(id="compare-head", className="record-header")
    main = html.Div([head, html.Div(id="compare-cells", className="cells")], className="main compare")
    side = html.Aside([html.Div(id="compare-side"), maps.jobs()], className="side side-compare")
    return html.Div(
        [*stores, main, side, foot(KEYS, "Research use only. Not for clinical decisions.")], className="page"
    )


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the page; a cell's callbacks are the same for every method."""
    place = {"type": "cell", "method": MATCH}

    @app.callback(Output("compare-cells", "children"), Input("compare-cells", "id"), Input("slots", "data"))
    def cells(_: str, slots: JSON | None) -> list[Element]:
        return grid(api, slots or {})

    @app.callback(Output("compare-head", "children"), Input("beat-state", "data"), Input("viewport", "data"))
    def head(where: JSON | None, viewport: JSON | None) -> list[Element]:
        return heading(api, where or {}, viewport)

    @app.callback(
        Output({"type": "job", "method": MATCH}, "data"),
        Input({"type": "ask", "method": MATCH}, "data"),
        State({"type": "job", "method": MATCH}, "id"),
        prevent_initial_call=True,
    )
    def ask(wanted: JSON | None, store: JSON) -> Any:
        return (
            explaining.ask(api, wanted, store["method"], store, {"type": "graph", "method": store["method"]})
            if wanted
            else dash.no_update
        )

    @app.callback(
        Output({"type": "graph", "method": MATCH}, "figure"),
        Output({"type": "head", "method": MATCH}, "children"),
        Output({"type": "state", "method": MATCH}, "children"),
        Output(place, "data-state"),
        Input({"type": "job", "method": MATCH}, "data"),
        Input("beat-state", "data"),
        Input("viewport", "data"),
        Input("theme", "data"),
        State({"type": "job", "method": MATCH}, "id"),
    )
    def draw(job: JSON | None, where: JSON | None, viewport: JSON | None, theme: Theme, store: JSON) -> Any:
        return cell_drawing(api, job, where or {}, theme, viewport)

    @app.callback(
        Output("compare-side", "children"), Input({"type": "job", "method": ALL}, "data"), Input("beat-state", "data")
    )
    def tell(jobs: list[JSON | None], where: JSON | None) -> list[Element]:
        return side(api, jobs, where or {})

    jobs = Input({"type": "job", "method": ALL}, "data")
    clientside(app, "jobs.watchAll", jobs)
    clientside(app, "address.mounted", Output("compare-methods", "data"), Input("compare-cells", "children"))


def size(api: Api, viewport: JSON | None) -> Size:
    """Of one map: 334 px wide at 1440 with three in a row."""
    window = viewport["width"] if viewport else 1440
    content = desk(window).content + (12 if window >= 1440 else 0)
    columns = 2 if content < 800 or len(api.explainers()) <= FEW else 3
    return Size(min(450.0, (content - 16 * (columns - 1)) // columns), PAPER[columns], minor=columns == 2)


def grid(api: Api, slots: dict[str, str]) -> list[Element]:
    """A cell for every method; one that the desk shows keeps the parameters set there."""
    try:
        explainers = api.explainers()
    except ApiError as error:
        return [state("The methods cannot be listed", error.detail, warn=True)]
    set_there = {parse_method(text).name: text for text in slots.values() if text}
    return [cell(entry, set_there.get(entry["method"]) or entry["method"]) for entry in explainers]


def cell(entry: JSON, method: str) -> Element:
    """Where one method's map stands."""
    name = entry["method"]
    ids = {kind: {"type": kind, "method": name} for kind in ("ask", "job", "graph", "head", "state", "cell")}
    figure = blank(222)
    return html.Div(
        [
            dcc.Store(id=ids["ask"]),
            dcc.Store(id=ids["job"]),
            html.Div(
                [html.Span(entry["title"], className="b"), html.Span(className="sp")], className="row g8 cell-title"
            ),
            html.Div(id=ids["head"], className="row g6 cell-head"),
            dcc.Graph(id=ids["graph"], figure=figure, config=maps.CONFIG),
            html.Div(id=ids["state"], className="map-state"),
        ],
        id=ids["cell"],
        className="map cell",
        **{"data-state": "loading", "data-method": method, "data-name": name},
    )


def cell_drawing(api: Api, job: JSON | None, where: JSON, theme: Theme, viewport: JSON | None) -> Any:
    """Figure, head, state and data-state of one cell."""
    if not where.get("record") or where.get("beat") is None:
        return blank(222), [], None, "loading"
    now = explaining.status(job, where)
    try:
        figure, words = explaining.picture(api, job, where, theme, size(api, viewport))
        found = explaining.result(api, job, where)
    except ApiError as error:
        return blank(222, 334), [], states.plain(error.detail), "refused"
    return figure, head_of(job, found, words), states.map_state(api, job if now != "loading" else None, found), now


def head_of(job: JSON | None, found: JSON | None, words: str) -> list[Element]:
    """Unit and how it came; full scale and raw maximum."""
    if not job or not found:
        return [html.Span("", className="s")]
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


def heading(api: Api, where: JSON, viewport: JSON | None) -> list[Element]:
    """Record, lead, time, reference and output."""
    if not where.get("record") or where.get("beat") is None:
        return [
            state(
                "No beat chosen", "Choose a recording in the worklist.", dcc.Link("Worklist", href="/", className="btn")
            )
        ]
    try:
        record = api.recording(where["record"])
        beat = api.beat(where["record"], where["beat"], where.get("lead"), where.get("model"))
    except ApiError as error:
        return [
            state("This beat cannot be shown", error.detail, dcc.Link("Worklist", href="/", className="btn"), warn=True)
        ]
    lead = where.get("lead") or record["leads"][0]
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
    words = f"{lead} · beat at {format.hms(beat['time'])}"
    scale = map_facts.scale_tag(beat, size(api, viewport))
    mark = [synthetic()] if record["synthetic"] else []
    return [
        html.H1(f"Record {format.record(record['name'])}"),
        *mark,
        html.Span(words, className="m"),
        *reference,
        *output,
        html.Span(className="sp"),
        scale,
    ]


def side(api: Api, jobs: list[JSON | None], where: JSON) -> list[Element]:
    """The same numbers of every map, below each other."""
    rows = []
    for job in jobs:
        found = explaining.result(api, job, where)
        if job and found and not explaining.over_time(found):
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
        found
        for found in (explaining.result(api, job, where) for job in jobs)
        if found and not explaining.over_time(found)
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
