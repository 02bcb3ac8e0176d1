"""A shared link: one frozen, read-only A4 sheet."""

from itertools import pairwise
from typing import Any

from frontend import classes, explaining, format
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, dcc, html
from frontend.explaining import Size
from frontend.figures import strip
from frontend.figures.desk import SHEET
from frontend.pages import map_facts, output, provenance
from frontend.parts import chip, icon, seen, synthetic, tag
from frontend.seeing import span
from frontend.tokens import NAME

STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True}
MAP, PAPER = 332.0, 148.0  # px


def layout(api: Api, token: str) -> Element:
    """The sheet of a token, or a plain page where there is none."""
    try:
        document = api.link(token)
    except ApiError as error:
        return missing_page() if error.status in (404, 422) else plain("This link cannot be shown now", error.detail)
    return html.Div(
        [bar(document, token), live(document), sheet(document)], className="shared", **{"data-theme": "light"}
    )


def missing_page() -> Element:
    """For a token or a path that does not exist."""
    return plain("This link does not exist or was withdrawn", "Ask whoever sent it for a new one.")


def plain(title: str, words: str) -> Element:
    """A page with one message."""
    way = dcc.Link("Worklist", href="/", className="btn")
    return html.Div([html.H1(title), html.P(words, className="m"), way], className="plain")


def bar(document: JSON, token: str) -> Element:
    """The bar above the sheet: read only, open live, print."""
    where = document["record"]
    lead = f"&lead={where['lead']}"
    record = where.get("id") or where["name"]
    parts = [
        html.Div([icon("logo", 18), "Beatlens"], className="logo"),
        tag("Read only, frozen", "", "lock"),
        html.Span(f"link {token[:8]}", className="s m"),
        html.Span(className="sp"),
        html.A("Open live", href=f"/review?record={record}&beat={where['sample']}{lead}", className="btn"),
        html.Button([icon("print"), "Print A4"], id="print", className="btn pri"),
    ]
    return html.Header(parts, className="top shared-top")


def live(document: JSON) -> Element:
    """The amber line that names what differs live; the sheet itself never changes."""
    now = document["live"]
    if not now["differs"]:
        return None
    words = "; ".join(now["notes"])
    line = [
        icon("warn"),
        html.B("Live now differs:"),
        html.Span(words, className="w"),
        html.Span("The page below is unchanged.", className="w"),
    ]
    return html.Div(line, className="live-differs row g8", id="live-differs")


def sheet(document: JSON) -> Element:
    """A4, 794 × 1123 px."""
    parts = [
        head(document),
        rhythm(document),
        html.Div([verdict(document), reference(document)], className="sheet-two"),
        *maps(document),
        *note(document),
    ]
    return html.Article([*parts, provenance.section(document)], className="sheet")


def head(document: JSON) -> Element:
    """Title, record and the notice."""
    where = document["record"]
    words = f"Record {where['name']} · beat at {format.hms(where['time'])} · {where['lead']}"
    title = html.Div(
        [
            html.H1(document["title"] or "Model output for one beat"),
            html.Div([html.Span(words, className="m"), mark(where)], className="row g8"),
        ]
    )
    return html.Div(
        [title, html.Div(["Research use only", html.Br(), "Not for clinical decisions"], className="s m r")],
        className="sheet-head",
    )


def mark(where: JSON) -> Element:
    """SYNTHETIC, where it is."""
    return synthetic() if where["synthetic"] else None


def rhythm(document: JSON) -> Element:
    """The strip at true scale."""
    shown = strip_of(document)
    begin, end = shown.signal["start"], shown.span[1]
    line = [
        html.B(f"Rhythm, {end - begin:.1f} s"),
        html.Span("upper letters reference, lower model; RR in ms", className="m"),
    ]
    graph = dcc.Graph(figure=strip.figure(shown), config=STILL)
    return html.Div(
        [html.Div(line, className="row g8 s"), html.Div(graph, role="img", **{"aria-label": strip.words(shown)})],
        className="sheet-strip",
    )


def strip_of(document: JSON) -> strip.Strip:
    """The frozen strip, cut to the sheet's width around the beat."""
    frozen, where, beat = document["strip"], document["record"], document["beat"]
    times = frozen.get("time") or []
    shown = strip.seconds(SHEET)
    begin = max(frozen["start"], min(where["time"] - shown / 2, times[-1] - shown)) if times else frozen["start"]
    keep = [i for i, t in enumerate(times) if begin <= t <= begin + shown]
    signal = {
        "time": [times[i] for i in keep],
        "value": [frozen["value"][i] for i in keep],
        "start": begin,
        "fs": where["fs"],
        "lead": where["lead"],
        "filter": "none",
    }
    return strip.Strip(
        signal, columns(document), where["sample"], span(beat, where["fs"]), True, where["synthetic"], "light", SHEET
    )


def columns(document: JSON) -> JSON:
    """The strip's beats as columns; RR between neighbours."""
    beats, where = document["strip"]["beats"], document["record"]
    times = [beat["time"] for beat in beats]
    nearest = min(range(len(times)), key=lambda i: abs(times[i] - where["time"]), default=None)
    samples = [where["sample"] if i == nearest else -1 for i in range(len(times))]
    rr = [None, *[(b - a) * 1000 for a, b in pairwise(times)]]
    margins = [beat.get("margin", 1.0) for beat in beats]
    if nearest is not None and document["prediction"]:
        margins[nearest] = document["prediction"]["margin"]
    return {
        "time": times,
        "sample": samples,
        "symbol": [beat["symbol"] for beat in beats],
        "rr": rr[: len(times)],
        "prediction": [beat["prediction"] for beat in beats],
        "margin": margins,
        "classes": document["beat"]["classes"],
    }


def verdict(document: JSON) -> Element:
    """What the model said."""
    said = document["prediction"]
    if said is None:
        return html.Div([html.H2("Model output"), html.P("No output", className="m")])
    names = {entry["symbol"]: entry["name"] for entry in document["beat"]["classes"]}
    runner = classes.short(output.runner_up(said), names)
    words = f"calibrated, margin {format.probability(said['margin'])} over {runner}"
    name = html.Div(
        [html.Div(classes.short(said["symbol"], names), className="verdict-name"), html.Div(words, className="s m")],
        className="verdict-words",
    )
    best = html.Div(format.probability(max(said["probabilities"])), className="verdict-number")
    line = html.Div([chip(said["symbol"], "md"), name, best], className="row g12 verdict")
    return html.Div([html.H2("Model output"), line, output.bars({**document["beat"], "prediction": said})])


def reference(document: JSON) -> Element:
    """What the reference says, and what the model is."""
    beat, model = document["beat"], document["model"]
    symbol = beat["symbol"]
    called = (
        [chip(symbol, "md"), html.Span(NAME.get(symbol, symbol), className="sheet-name")]
        if symbol
        else [html.Span("none: beats by a detector", className="m")]
    )
    known = ", ".join(classes.short(entry["symbol"], {entry["symbol"]: entry["name"]}) for entry in beat["classes"])
    limits = " ".join(model["limits"][:2])
    return html.Div(
        [
            html.H2("Reference"),
            html.Div(called, className="row g8 called"),
            html.Div(seen(model["seen"]), className="gap"),
            html.P(f"Classes it knows: {known}. {limits}", className="s m w gap"),
        ]
    )


def maps(document: JSON) -> list[Element]:
    """The frozen maps, two in a row."""
    found = document["explanations"]
    if not found or document["beat"]["window"] is None:
        return [html.P("No map was frozen with this link.", className="m")]
    target = classes.short(found[0]["target"]["symbol"])
    ramp = html.Span(
        [html.Span("0", className="f"), html.I(className="ramp"), html.Span("full scale", className="f")],
        className="row g6",
    )
    scale = map_facts.scale_tag(document["beat"], Size(MAP, PAPER))
    line = html.Div(
        [html.H2(f"Regions that changed the score for {target}"), html.Span(className="sp"), ramp, scale],
        className="row g8 s",
    )
    return [
        line,
        html.Div([one(document, e, "ABCDEFGH"[i % 8]) for i, e in enumerate(found)], className="sheet-maps"),
        html.P(words(found), className="w"),
    ]


def one(document: JSON, explanation: JSON, letter: str) -> Element:
    """One map with its scale."""
    size = Size(MAP, PAPER)
    figure, said = explaining.drawn(document["beat"], document["record"]["fs"], explanation, "light", size)
    scale = explanation["scale"]
    right: list[Any] = (
        [] if explaining.over_time(explanation) else [html.Span(["max ", html.B(format.number(scale["maximum"]))])]
    )
    full = "" if explaining.over_time(explanation) else f"{scale['unit']}, full scale {format.short(scale['full'])}"
    line = [
        html.B(letter),
        html.B(explanation["title"]),
        html.Span(full, className="f"),
        html.Span(className="sp"),
        *right,
    ]
    return html.Div(
        [
            html.Div(line, className="row g6 s"),
            html.Div(dcc.Graph(figure=figure, config=STILL), role="img", **{"aria-label": said}),
        ],
        className="map",
    )


def words(found: list[JSON]) -> str:
    """What deleting the marked samples did, in one sentence for each map."""
    lines = []
    for explanation in found:
        scale = explanation["scale"]
        if explaining.over_time(explanation):
            continue
        if scale["nothing_found"]:
            lines.append(f"{explanation['title']}: nothing found.")
            continue
        share, name = format.percent(scale["deleted_fraction"]), classes.short(explanation["target"]["symbol"])
        before, after = format.probability(scale["probability_before"]), format.probability(scale["probability_after"])
        lines.append(
            f"{explanation['title']}: deleting the marked {share} of the beat moves {name} from {before} to {after}."
        )
    return " ".join(lines)


def note(document: JSON) -> list[Element]:
    """The note of whoever shared it."""
    return (
        [html.Div([html.H2("Note"), html.P(document["note"], className="w")], className="sheet-note")]
        if document["note"]
        else []
    )
