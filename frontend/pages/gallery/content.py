"""What the gallery shows of one recording: head, tiles, axes of RR, legend, and what its script needs."""

from dataclasses import dataclass
from typing import Any

from frontend import format, methods, vocabulary
from frontend.address import parse_method
from frontend.api import JSON, Api, ApiError
from frontend.columns import counts, sent
from frontend.figures import gallery, rr
from frontend.figures.paper import Figure, blank
from frontend.figures.typed import typed
from frontend.maps.cannot import cannot
from frontend.pages.gallery import words as gallery_words
from frontend.pages.gallery.sizes import Sizes, sizes
from frontend.tokens import Theme
from frontend.ui.components import chip, state, synthetic, untrained
from frontend.ui.elements import Element, dcc, html
from frontend.wording import input_text
from frontend.wording.naming import Naming, naming

GROUPINGS = {"reference_and_model": "Reference and model", "model": "Model", "reader": "Reader", "shape": "Shape"}
STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True, "doubleClick": False}
INSET = 50.0  # px: what the Poincaré plot's card has beside it
MOST_CLASSES = 8


@dataclass(frozen=True)
class Filled:
    """Everything that one answer of the server fills in, in the order of the callback's outputs."""

    head: Any
    tiles: list[Element]
    note: Any
    poincare: Figure
    tachogram: Figure
    about: list[Element]  # what the tachogram shows
    legend: list[Element]
    chips: list[Element]  # what the chosen windows can be labelled as
    style: dict[str, str]
    words: str  # what sort of page it is, for the style sheet
    data: JSON


def content(api: Api, where: JSON, theme: Theme) -> Filled:
    """The gallery of the record, lead, model and grouping in `where`; what is the matter where there is none."""
    try:
        return _content(api, where, theme)
    except ApiError as error:
        link = dcc.Link("Worklist", href="/", className="btn")
        if error.again is None:
            words = state("The gallery cannot be shown", error.detail, link, warn=True)
        else:  # core/progress.js goes on saying how far it is
            far = html.P(error.detail, className="m under-way", role="status")
            words = html.Div(state("Not there yet", far, link), className="computing")
        at = sizes(*window_of(where), tiles=0)
        empty = blank(at.side - INSET), blank(at.tachogram[1])
        return Filled(words, [], "", *empty, [], [], [], at.style, "gallery", {"groups": [], "again": error.again})


def _content(api: Api, where: JSON, theme: Theme) -> Filled:
    if not where.get("record"):
        raise ApiError("No recording is chosen yet.")
    record, lead = api.recording(where["record"]), where.get("lead")
    answer = api.groups(where["record"], lead, where.get("model"), where["by"])
    windows = api.beats(where["record"], lead, api.placing(answer["model"], where["record"]))
    card, method, groups = (
        api.model(answer["model"]),
        method_of(api, where["method"], answer["model"]),
        answer["groups"],
    )
    said = naming(windows["kind"], windows["vocabulary"], card["classes"])
    words = [
        gallery_words.sentence(group, groups, answer["beats"], card["input"]["reads_rr"], said) for group in groups
    ]
    maps = [entry for entry in api.explainers(answer["model"]) if methods.shows_relevance(entry)]
    at = sizes(*window_of(where), tiles=len(groups), rr=said.beats)
    low, high = gallery.limits(groups)
    frame = gallery.Frame(answer["before"], answer["step"], low, high, method["signed"], theme, *at.plot)
    tiles = [tile_of(group, typed(gallery.figure(group, frame)), words[i], i, said) for i, group in enumerate(groups)]
    poincare, tachogram = plots(windows, record["seconds"], theme, at, said)
    return Filled(
        head(api, record, answer, method, said),
        tiles or [nothing(where["by"], said)],
        [untrained(input_text.untrained(answer["untrained"])), *note(answer, frame, said), cannot(maps)],
        poincare,
        tachogram,
        about(said) if said.beats else [*about(said), html.Span(legend(windows, said), className="row g12 wrap")],
        legend(windows, said),
        chips(said),
        at.style,
        "gallery" if said.beats else "gallery windows",
        handed(where, record["leads"].index(answer["lead"]), method, groups, words, windows, said),
    )


def window_of(where: JSON) -> tuple[float, float]:
    """Width and height of the browser's window in px."""
    return float(where.get("width") or 1440), float(where.get("height") or 900)


def plots(windows: JSON, seconds: float, theme: Theme, at: Sizes, said: Naming) -> tuple[Figure, Figure]:
    """Axes of RR after over RR before, and of RR over time; of what are no beats, of the margin over time."""
    if not said.beats:
        return blank(at.side - INSET), rr.margins(seconds, theme, at.tachogram)
    span = rr.limits(windows["rr"])
    return rr.poincare(span, theme, at.side - INSET), rr.tachogram(span, seconds, theme, at.tachogram)


def about(said: Naming) -> list[Element]:
    """What the plot over time shows."""
    title, words = (
        ("Tachogram", "RR before each beat, ms, whole record")
        if said.beats
        else ("Margin over time", "largest probability minus the second, each window of the record")
    )
    return [html.H2(title, className="h"), html.Span(words, className="s m")]


def chips(said: Naming) -> list[Element]:
    """Buttons of what the chosen windows can be labelled as."""
    return [
        html.Button(
            chip(one.code, name=one.name),
            className="pick",
            title=one.name + (f" ({one.key.upper()})" if one.key else ""),
            **{"data-pick": one.code, "aria-label": f"Label {one.short}"},
        )
        for one in vocabulary.read(said.vocabulary)
    ]


def method_of(api: Api, text: str, model: str) -> JSON:
    """The service's description of the method that the address names; else of the first that gives a map of the model.

    ApiError where none does.
    """
    offered, name = methods.mapping(api, model), parse_method(text).name
    if not offered:
        raise ApiError(f"No method gives a map of {model}.", field="method")
    return next((method for method in offered if method["method"] == name), offered[0])


def explainer(method: JSON, text: str) -> JSON:
    """The method as the service takes it, with the parameters that the address names."""
    named = parse_method(text)
    return dict(named.body) if named.name == method["method"] else {"method": method["method"]}


def handed(
    where: JSON, lead: int, method: JSON, groups: list[JSON], words: list[str], windows: JSON, naming_: Naming
) -> JSON:
    """What the script needs; `lead` is the index of the lead that the tiles show."""
    keys = ("key", "at", "mapped", "reference", "output", "reader", "outputs")
    said = [
        {
            "title": gallery_words.title(group, naming_),
            "words": words[i],
            "selected": gallery_words.selected(group, naming_),
        }
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
        "noun": naming_.noun,
        "vocabulary": naming_.vocabulary,
        "colours": {code: naming_.colour(code) for code in naming_.names},
        "short": {code: naming_.short(code) for code in naming_.names},
        "places": None if naming_.beats else {name: sent(windows[name]) for name in ("sample", "start", "end")},
    }


def head(api: Api, record: JSON, answer: JSON, chosen: JSON, said: Naming) -> list[Element]:
    """Record, how the windows are grouped, whose relevance is averaged, and its scale."""
    facts = [format.patient(record["age"], record["sex"]), answer["lead"], said.many(answer["beats"])]
    grouping = [
        html.Button(
            words, className="on" if by == answer["by"] else "", **{"data-by": by, "aria-pressed": by == answer["by"]}
        )
        for by, words in GROUPINGS.items()
    ]
    options = [
        html.Option(
            f"Mean of {format.uncapital(m['title'])}", value=m["method"], selected=m["method"] == chosen["method"]
        )
        for m in methods.mapping(api, answer["model"])
    ]
    return [
        html.H1(f"Record {format.record(record['name'])}"),
        synthetic() if record["synthetic"] else None,
        html.Span(" · ".join(fact for fact in facts if fact != format.NONE), className="m cut"),
        html.Span(className="sp"),
        html.Div(grouping, className="seg", role="group", **{"aria-label": "Group by"}),
        html.Span(id="gallery-job", className="row g6 s m"),
        html.Select(options, id="gallery-method", className="sel", **{"aria-label": "Mean relevance of"}),
        scale(),
    ]


def scale() -> Element:
    """The ramp between its ends, which no line parts."""
    ends = [html.Span(id=f"gallery-{end}", className="f s") for end in ("zero", "full")]
    return html.Span([ends[0], html.I(id="gallery-ramp", className="ramp wide"), ends[1]], className="row g8")


def tile_of(group: JSON, figure: Figure, words: str, index: int, said: Naming) -> Element:
    """One group: its classes, its count, its beats."""
    read = group["reader"] if group["reader"] not in gallery_words.READER else None
    known = [group["reference"], group["output"], read]
    classes = [chip(symbol, name=said.names.get(symbol)) for symbol in known if symbol]
    if len(classes) == 2:
        classes.insert(1, html.Span("→", className="f"))
    head_row = html.Div(
        [*classes, html.Span(gallery_words.title(group, said), className="b cut"), html.Span(className="sp"),
         html.B(format.count(group["count"]))],
        className="row g6 tile-head",
    )  # fmt: skip
    graph = dcc.Graph(id=f"tile-{index}", figure=figure, config=STILL)
    return html.Div(
        [head_row, html.Div(graph, className="tile-plot"), html.Span(className="tile-n xs f")],
        className="tile",
        role="button",
        tabIndex=0,
        **{"data-group": index, "aria-pressed": "false", "aria-label": f"{gallery_words.title(group, said)}. {words}"},
    )


def nothing(by: str, said: Naming) -> Element:
    """What stands where there is no group."""
    words = {
        "reader": f"No {said.noun} of this recording has been read yet. Choose a group by another rule and label it.",
        "shape": f"No {said.noun} lies whole within the recording.",
    }
    return state("No groups", words.get(by, f"The model has no output for any {said.noun} of this lead."))


def note(answer: JSON, frame: gallery.Frame, said: Naming) -> list[Element]:
    """What the tiles show, at which scale, and what they leave out."""
    groups = answer["groups"]
    if not groups:
        return []
    last = (len(groups[0]["mean"]) - 1) * answer["step"] - answer["before"]
    span = f"{format.number(-answer['before'], 0)} to {format.number(last, 0)} ms around R"
    drawn = f"48 {said.noun}s of each group and the mean of all, {span if said.beats else format.span(round(last))}, "
    drawn += f"each on its own level; {frame.scale(last + answer['before'])}. "
    left = f", {said.many(answer['ungrouped'])} in none" if answer["ungrouped"] else ""
    groups_ = f" {format.plural(len(groups), 'group')}{left}."
    return [html.Div([drawn, html.Span(id="gallery-maps"), groups_])]


def legend(windows: JSON, said: Naming) -> list[Element]:
    """Classes of the dots and how many there are, and the mark of the open window."""
    most = list(counts(windows["symbol"]).items())
    entries = [
        html.Span(
            [
                chip(symbol, "sm", said.names.get(symbol)),
                html.Span(f"{said.short(symbol)} {format.count(n)}", className="m"),
            ],
            className="row g4 s",
        )
        for symbol, n in most[:MOST_CLASSES]
    ]
    if not most:
        entries = [html.Span("no reference: coloured by the model's output", className="s m")]
    return [*entries, html.Span([html.I(className="open-mark"), f"open {said.noun}"], className="row g4 s m")]
