"""What the gallery shows of one recording: head, tiles, axes of RR, legend, and what its script needs."""

from dataclasses import dataclass
from typing import Any

from frontend import format, methods
from frontend.address import parse_method
from frontend.api import JSON, Api, ApiError
from frontend.figures import gallery, rr
from frontend.figures.paper import Figure, blank
from frontend.pages.gallery import words as gallery_words
from frontend.tokens import Theme
from frontend.ui.components import chip, state, synthetic, untrained
from frontend.ui.elements import Element, dcc, html
from frontend.vocabulary import BEATS
from frontend.wording import input_text
from frontend.wording.classes import short

GROUPINGS = {"reference_and_model": "Reference and model", "model": "Model", "reader": "Reader", "shape": "Shape"}
STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True, "doubleClick": False}
GAP, PADDING, SIDE, BETWEEN = 20, 20, 436, 36  # px
TALL = 128  # px, of the tachogram


@dataclass(frozen=True)
class Filled:
    """Everything that one answer of the server fills in, in the order of the callback's outputs."""

    head: Any
    tiles: list[Element]
    note: Any
    poincare: Figure
    tachogram: Figure
    legend: list[Element]
    data: JSON


def content(api: Api, where: JSON, theme: Theme) -> Filled:
    """The gallery of the record, lead, model and grouping in `where`; what is the matter where there is none."""
    try:
        return _content(api, where, theme)
    except ApiError as error:
        link = dcc.Link("Worklist", href="/", className="btn")
        title = "The gallery cannot be shown" if error.again is None else "Not there yet"
        words = state(title, error.detail, link, warn=error.again is None)
        return Filled(words, [], "", blank(SIDE - 50), blank(TALL), [], {"groups": [], "again": error.again})


def _content(api: Api, where: JSON, theme: Theme) -> Filled:
    if not where.get("record"):
        raise ApiError("No recording is chosen yet.")
    record, beats = api.recording(where["record"]), api.beats(where["record"], where.get("lead"))
    answer = api.groups(where["record"], where.get("lead"), where.get("model"), where["by"])
    method = method_of(api, where["method"])
    groups, reads_rr = answer["groups"], api.model(answer["model"])["input"]["reads_rr"]
    words = [gallery_words.sentence(group, groups, answer["beats"], reads_rr) for group in groups]
    tile, size, wide = sizes(where.get("width") or 1440)
    span = rr.limits(beats["rr"])
    low, high = gallery.limits(groups)
    frame = gallery.Frame(answer["before"], answer["step"], low, high, method["signed"], theme, tile - 8)
    tiles = [tile_of(group, gallery.figure(group, frame), words[i], i) for i, group in enumerate(groups)]
    return Filled(
        head(api, record, answer, method),
        tiles or [nothing(where["by"])],
        [untrained(input_text.untrained(answer["untrained"])), *note(answer, low, high)],
        rr.poincare(span, theme, size),
        rr.tachogram(span, record["seconds"], theme, (wide, TALL)),
        legend(beats),
        handed(where, record["leads"].index(answer["lead"]), method, groups, words),
    )


def sizes(window: float) -> tuple[float, float, float]:
    """Of a tile, the Poincaré plot and the tachogram at a window's width, in px."""
    content_width = window - 2 * PADDING
    stacked = window < 1100
    left = content_width if stacked else content_width - SIDE - BETWEEN
    return (left - 2 * GAP) // 3, SIDE - 50, content_width - 24


def method_of(api: Api, text: str) -> JSON:
    """The service's description of the method that the address names; else of the first that gives a map."""
    offered, name = methods.mapping(api), parse_method(text).name
    return next((method for method in offered if method["method"] == name), offered[0])


def explainer(method: JSON, text: str) -> JSON:
    """The method as the service takes it, with the parameters that the address names."""
    named = parse_method(text)
    return dict(named.body) if named.name == method["method"] else {"method": method["method"]}


def handed(where: JSON, lead: int, method: JSON, groups: list[JSON], words: list[str]) -> JSON:
    """What the script needs; `lead` is the index of the lead that the tiles show."""
    keys = ("key", "at", "mapped", "reference", "output", "reader", "outputs")
    said = [
        {"title": gallery_words.title(group), "words": words[i], "selected": gallery_words.selected(group)}
        for i, group in enumerate(groups)
    ]
    return {
        **{key: where.get(key) for key in ("record", "lead", "model", "by", "method")},
        "leadIndex": lead,
        "signed": method["signed"],
        "title": method["title"],
        "queued": method["cost"] == "queued",
        "explainer": explainer(method, where["method"]),
        "groups": [{key: group[key] for key in keys} | said[i] for i, group in enumerate(groups)],
    }


def head(api: Api, record: JSON, answer: JSON, chosen: JSON) -> list[Element]:
    """Record, how the beats are grouped, whose relevance is averaged, and its scale."""
    facts = [format.patient(record["age"], record["sex"]), answer["lead"], format.plural(answer["beats"], "beat")]
    grouping = [
        html.Button(
            words, className="on" if by == answer["by"] else "", **{"data-by": by, "aria-pressed": by == answer["by"]}
        )
        for by, words in GROUPINGS.items()
    ]
    options = [
        html.Option(f"Mean of {m['title'].lower()}", value=m["method"], selected=m["method"] == chosen["method"])
        for m in methods.mapping(api)
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
    known = [group["reference"], group["output"], group["reader"] if group["reader"] in BEATS else None]
    classes = [chip(symbol) for symbol in known if symbol]
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
    drawn = f"48 beats of each group and the mean of all, {first} to {end} ms around R, "
    drawn += f"{format.number(low, 1)} to {format.number(high, 1)} mV, each on its own level."
    left = f", {format.plural(answer['ungrouped'], 'beat')} in none" if answer["ungrouped"] else ""
    return [drawn, " ", html.Span(id="gallery-maps"), f" {format.plural(len(groups), 'group')}{left}."]


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
