"""The gallery: groups of beats over each other, linked with Poincaré plot and tachogram, and labelled as one."""

from typing import Any

import dash
from dash import Input, Output

from frontend import format
from frontend.address import parse_method
from frontend.api import JSON, Api, ApiError
from frontend.classes import short
from frontend.elements import Element, clientside, dcc, html
from frontend.figures import gallery, rr
from frontend.figures.paper import Figure, blank
from frontend.pages import gallery_words, reading
from frontend.parts import chip, foot, kbd, state, synthetic
from frontend.tokens import ORDER, Theme

GROUPINGS = {"reference_and_model": "Reference and model", "model": "Model", "reader": "Reader", "shape": "Shape"}
KEYS = (
    (("←", "→"), "group"),
    (("Enter",), "open first beat"),
    (("S",), "lasso"),
    (("N", "V"), "… label selection"),
    (("⌘ Z",), "undo"),
)
NOTE = "Bulk labels are logged as one step and can be undone as one."
STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True, "doubleClick": False}
GAP, PADDING, SIDE, BETWEEN = 20, 20, 436, 36  # px
TALL = 128  # px, of the tachogram


def layout() -> Element:
    """The page at its final size; everything in it comes by callbacks and from assets/gallery.js."""
    main = html.Div(
        [
            html.Div(id="gallery-head", className="gallery-head"),
            html.Div(id="gallery-tiles", className="gallery-tiles", role="group", **{"aria-label": "Groups of beats"}),
            html.Div(id="gallery-note", className="s f gallery-note"),
            bulk(),
            poincare(),
            tachogram(),
            html.Div(
                [html.H2("In words", className="h"), html.P(id="gallery-words", className="w")],
                className="gallery-said",
            ),
        ],
        className="gallery",
    )
    stores = [dcc.Store(id="gallery-state"), dcc.Store(id="gallery-data")]
    tip = html.Div(id="gallery-tip", hidden=True)
    return html.Div([*stores, main, tip, foot(KEYS, html.Span([NOTE, reading.saved()], className="row g12"))], className="gallery-page")


def bulk() -> Element:
    """The bar that labels all chosen beats."""
    chips = [
        html.Button(chip(symbol), className="pick", **{"data-pick": symbol, "aria-label": f"Label {short(symbol)}"})
        for symbol in ORDER
    ]
    button = html.Button(
        [html.Span("Label", id="bulk-words"), *kbd("⌘ ↵")], id="bulk-label", className="btn pri", disabled=True
    )
    words = [html.B(id="bulk-count"), html.Span(id="bulk-output", className="m cut")]
    right = [html.Span("Reader label", className="m"), html.Div(chips, id="bulk-chips", className="row"), button]
    return html.Div([*words, html.Span(className="sp"), *right], id="bulk", className="row g8 bulk", role="group")


def poincare() -> Element:
    """RR after over RR before; its dots are drawn over the axes."""
    lasso = html.Button(["Lasso", *kbd("S")], id="lasso", className="btn sm gh", **{"aria-pressed": "false"})
    head = html.Div(
        [
            html.H2("Poincaré plot", className="h"),
            html.Span("chosen group dark; a click opens a beat", className="s m"),
            html.Span(className="sp"),
            lasso,
        ],
        className="row g8 card-head",
    )
    legend = html.Div(id="gallery-legend", className="row wrap gallery-legend")
    return html.Section([head, dotted("poincare", SIDE - 50), legend], className="card gallery-poincare")


def tachogram() -> Element:
    """RR over time."""
    head = html.Div(
        [html.H2("Tachogram", className="h"), html.Span("RR before each beat, ms, whole record", className="s m")],
        className="row g8 card-head",
    )
    return html.Section([head, dotted("tachogram", TALL)], className="card gallery-tachogram")


def dotted(name: str, height: float) -> Element:
    """Axes, and the canvas over them."""
    graph = dcc.Graph(id=name, figure=blank(height), config=STILL)
    canvas = html.Canvas(id=f"{name}-dots", **{"aria-hidden": "true"})
    return html.Div([graph, canvas], id=f"{name}-words", className="drawn dotted", role="img")


def register(app: dash.Dash, api: Api) -> None:
    """One answer of the server for each record, lead, model and grouping; the rest happens in the browser."""

    @app.callback(
        Output("gallery-head", "children"),
        Output("gallery-tiles", "children"),
        Output("gallery-note", "children"),
        Output("poincare", "figure"),
        Output("tachogram", "figure"),
        Output("gallery-legend", "children"),
        Output("gallery-data", "data"),
        Input("gallery-state", "data"),
        Input("theme", "data"),
        prevent_initial_call=True,
    )
    def fill(where: JSON | None, theme: Theme) -> Any:
        return content(api, where or {}, theme)

    clientside(
        app,
        "gallery.look",
        Output("gallery-state", "data"),
        Input("address", "search"),
        Input("viewport", "data"),
        Input("gallery-head", "id"),
    )
    clientside(app, "gallery.filled", Input("gallery-data", "data"))


def content(api: Api, where: JSON, theme: Theme) -> tuple[Any, ...]:
    """Head, tiles, note, the two figures of RR, legend, and what the script needs."""
    try:
        return _content(api, where, theme)
    except ApiError as error:
        link = dcc.Link("Worklist", href="/", className="btn")
        words = state("The gallery cannot be shown", error.detail, link, warn=True)
        return words, [], "", blank(SIDE - 50), blank(TALL), [], {"groups": []}


def _content(api: Api, where: JSON, theme: Theme) -> tuple[Any, ...]:
    record = api.recording(where.get("record"))
    answer = api.groups(where["record"], where.get("lead"), where.get("model"), where["by"])
    beats = api.beats(where["record"], where.get("lead"))
    method = method_of(api, parse_method(where["method"]).name)
    card = api.model(answer["model"])
    tile, size, wide = sizes(where.get("width") or 1440)
    low, high = gallery.limits(answer["groups"])
    shared = gallery.Frame(answer["before"], answer["step"], low, high, method["signed"], theme, tile - 8)
    words = [
        gallery_words.sentence(group, answer["groups"], answer["beats"], card["input"]["reads_rr"])
        for group in answer["groups"]
    ]
    tiles = [
        tile_of(group, gallery.figure(group, shared), words[i], i) for i, group in enumerate(answer["groups"])
    ] or [nothing(where["by"])]
    span = rr.limits(beats["rr"])
    data = {
        **{key: where.get(key) for key in ("record", "lead", "model", "by", "method")},
        "leadIndex": record["leads"].index(answer["lead"]),
        "signed": method["signed"],
        "title": method["title"],
        "queued": method["cost"] == "queued",
        "explainer": explainer(method, where["method"]),
        "groups": [handed(group, words[i]) for i, group in enumerate(answer["groups"])],
    }
    return (
        head(api, record, answer, where),
        tiles,
        note(answer, low, high),
        rr.poincare(span, theme, size),
        rr.tachogram(span, record["seconds"], theme, (wide, TALL)),
        legend(beats),
        data,
    )


def sizes(window: float) -> tuple[float, float, float]:
    """Of a tile, the Poincaré plot and the tachogram at a window's width, in px."""
    content_width = window - 2 * PADDING
    stacked = window < 1100
    left = content_width if stacked else content_width - SIDE - BETWEEN
    return (left - 2 * GAP) // 3, SIDE - 50, content_width - 24


def method_of(api: Api, name: str) -> JSON:
    """The service's description of the method whose maps are averaged."""
    offered = methods(api)
    return next((method for method in offered if method["method"] == name), offered[0])


def explainer(method: JSON, text: str) -> JSON:
    """The method as the service takes it, with the parameters that the address names."""
    named = parse_method(text)
    return dict(named.body) if named.name == method["method"] else {"method": method["method"]}


def methods(api: Api) -> list[JSON]:
    """Methods that give a map; a decision over time has no mean."""
    return [method for method in api.explainers() if method["method"] != "temporal_score"]


def handed(group: JSON, words: str) -> JSON:
    """What the script needs of a group."""
    named = {key: group[key] for key in ("key", "samples", "mapped", "reference", "output", "reader", "outputs")}
    return {**named, "title": gallery_words.title(group), "words": words, "selected": gallery_words.selected(group)}


def head(api: Api, record: JSON, answer: JSON, where: JSON) -> list[Element]:
    """Record, how the beats are grouped, whose relevance is averaged, and its scale."""
    facts = [format.patient(record["age"], record["sex"]), answer["lead"], format.plural(answer["beats"], "beat")]
    grouping = [
        html.Button(
            words, className="on" if by == answer["by"] else "", **{"data-by": by, "aria-pressed": by == answer["by"]}
        )
        for by, words in GROUPINGS.items()
    ]
    chosen = method_of(api, parse_method(where["method"]).name)["method"]
    options = [
        html.Option(f"Mean of {m['title'].lower()}", value=m["method"], selected=m["method"] == chosen)
        for m in methods(api)
    ]
    return [
        html.H1(f"Record {format.record(record['name'])}"),
        synthetic() if record["synthetic"] else None,
        html.Span(" · ".join(fact for fact in facts if fact != format.NONE), className="m cut"),
        html.Span(className="sp"),
        html.Div(grouping, className="seg", role="group", **{"aria-label": "Group by"}),
        html.Span(id="gallery-job", className="row g6 s m"),
        html.Select(options, id="gallery-method", className="sel", **{"aria-label": "Mean relevance of"}),
        html.Span(id="gallery-zero", className="f s"),
        html.I(id="gallery-ramp", className="ramp wide"),
        html.Span(id="gallery-full", className="f s"),
    ]


def tile_of(group: JSON, figure: Figure, words: str, index: int) -> Element:
    """One group: its classes, its count, its beats."""
    classes = [chip(symbol) for symbol in (group["reference"], group["output"]) if symbol]
    if len(classes) == 2:
        classes.insert(1, html.Span("→", className="f"))
    head_row = html.Div(
        [*classes, html.Span(gallery_words.title(group), className="b cut"), html.Span(className="sp"),
         html.B(format.count(group["count"]))],
        className="row g6 tile-head",
    )  # fmt: skip
    graph = dcc.Graph(id=f"tile-{index}", figure=figure, config=STILL)
    return html.Div(
        [head_row, html.Div(graph, className="tile-plot"), html.Span(className="tile-n xs f")],
        className="tile",
        role="button",
        tabIndex=0,
        **{"data-group": index, "aria-pressed": "false", "aria-label": f"{gallery_words.title(group)}. {words}"},
    )


def nothing(by: str) -> Element:
    """What stands where there is no group."""
    words = {
        "reader": "No beat of this recording has been read yet. Choose a group by another rule and label it.",
        "shape": "No beat lies whole within the recording.",
    }
    return state("No groups", words.get(by, "The model has no output for any beat of this lead."))


def note(answer: JSON, low: float, high: float) -> list[Element]:
    """What the tiles show, and what they leave out."""
    groups = answer["groups"]
    if not groups:
        return []
    count = len(groups[0]["mean"])
    last = (count - 1) * answer["step"] - answer["before"]
    first, end = format.number(-answer["before"], 0), format.number(last, 0)
    drawn = f"At most 48 beats of each group, and the mean of all, {first} to {end} ms around R, "
    drawn += f"{format.number(low, 1)} to {format.number(high, 1)} mV, each on its own level."
    left = f" {format.plural(answer['ungrouped'], 'beat')} in no group." if answer["ungrouped"] else ""
    return [drawn, " ", html.Span(id="gallery-maps"), f" {format.plural(len(groups), 'group')}.{left}"]


def legend(beats: JSON) -> list[Element]:
    """Classes of the dots and how many there are, and the mark of the open beat."""
    counts: dict[str, int] = {}
    for symbol in beats["symbol"]:
        if symbol:
            counts[symbol] = counts.get(symbol, 0) + 1
    most = sorted(counts.items(), key=lambda item: -item[1])
    entries = [
        html.Span(
            [chip(symbol, "sm"), html.Span(f"{short(symbol)} {format.count(n)}", className="m")], className="row g4 s"
        )
        for symbol, n in most[:8]
    ]
    if not most:
        entries = [html.Span("no reference: coloured by the model's output", className="s m")]
    return [*entries, html.Span([html.I(className="open-mark"), "open beat"], className="row g4 s m")]
