"""The window in rows of ten seconds, and the beats that its map marks most; drawn in assets/pages/rhythm/rhythm.js."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import Any

from frontend import explanations, format, trust_view
from frontend.api import JSON, Api
from frontend.figures import paper
from frontend.figures.rhythm import relevant, row
from frontend.figures.rhythm.row import Row
from frontend.figures.strip import facts
from frontend.figures.strip_data import TALLEST_MM
from frontend.maps import states
from frontend.pages.rhythm import labels
from frontend.pages.rhythm.window import RhythmWindow, problem
from frontend.panel import Panel, PanelUpdate
from frontend.rhythm.paper_height import reach_of
from frontend.ui.components import chip
from frontend.ui.elements import Element, html
from frontend.view import View

MARGIN_MM = 3.0  # of paper above and below the trace


def layout() -> Element:
    """The line above the rows, and their place; as many rows as the window needs come with it."""
    head = html.Div(
        [
            html.Div(id="rhythm-map", className="row g8 rhythm-map"),
            html.Span(className="sp"),
            html.Div(id="rhythm-beat", className="row g8"),
            html.Div(id="rhythm-scale", className="row g6"),
        ],
        className="row g8 rhythm-head",
    )
    rows = html.Div(id="rhythm-rows", role="group", **{"aria-label": "The window in rows of ten seconds"})
    return html.Div([head, rows, html.Div(id="rhythm-state")], **{"data-part": "rows"}, className="rhythm-main")


def update(api: Api, view: View) -> PanelUpdate:
    """The rows of a window, its beats, and the job of its map."""
    window = RhythmWindow(api, view)
    jobs = [job for job in (window.job,) if job]
    beats = [{name: beat[name] for name in ("at", "time", "symbol", "rr")} for beat in window.beats]
    data = {
        "rows": drawn(window),
        "beats": beats,
        "marks": marks(window),
        "span": list(window.span),
        "fs": window.fs,
        "jobs": jobs,
        "signed": bool(window.explanation and window.explanation["signed"]),
    }
    props: dict[str, dict[str, Any]] = {
        "rhythm-map": {"children": head(window)},
        "rhythm-scale": {"children": scale(window)},
        "rhythm-state": {"children": state(window)},
    }
    return PanelUpdate(props, data, explanations.complete(jobs))


def drawn(window: RhythmWindow) -> list[JSON]:
    """Figure, words and place of each row."""
    found = rows(window)
    return [
        {
            "figure": row.figure(one),
            "words": row.words(one),
            "start": one.start,
            "end": one.end,
            "label": format.length(one.start),
            "height": one.height,
            "width": one.width,
            "origin": window.sizes.pulse,
            "second": window.sizes.second,
            "paper": [row.RIBBON + row.GAP, one.tall],
        }
        for one in found
    ]


def rows(window: RhythmWindow) -> list[Row]:
    """The rows, all of one scale."""
    (start, end), sizes, signal = window.span, window.sizes, window.signal
    values, fs = signal["value"], signal["fs"] if not signal["decimated"] else rate(signal)
    tall = paper_mm(window)
    low = paper.middle(values, tall / paper.GAIN)
    count = max(1, ceil((end - start) / sizes.row - 0.05))
    note = f"{paper.STANDARD.words} · {facts(signal)}"
    found = []
    for k in range(count):
        a, z = start + k * sizes.row, min(end, start + (k + 1) * sizes.row)
        first, last = round((a - start) * fs), round((z - start) * fs) + 1
        one = Row(
            a, z, values[first:last], fs, low, sizes.row, sizes.mm, tall, window.view.theme,
            ribbon=[run for run in window.runs if run.end > a and run.start < z],
            rhythms=rhythms(window, a, z, first=k == 0),
            beats=[beat["time"] for beat in window.beats if a <= beat["time"] < z],
            rr=intervals(window.beats, a, z),
            map=window.map,
            note=note if k == count - 1 else "",
        )  # fmt: skip
        found.append(one)
    return found


def rate(signal: JSON) -> float:
    """Values in a second of a decimated signal."""
    return float(len(signal["value"]) / signal["seconds"])


def paper_mm(window: RhythmWindow) -> float:
    """Mm of paper on which the recording's ordinary beats fit, on whole mm."""
    lead = next(iter(window.beat["channels"]), window.view.lead)
    needed = reach_of(window.api, window.view.record, lead, "raw") * paper.GAIN + MARGIN_MM
    return float(min(TALLEST_MM, max(row.PAPER_MM, ceil(needed))))


def rhythms(window: RhythmWindow, start: float, end: float, first: bool) -> list[tuple[float, str]]:
    """Where a reference rhythm begins in a row; in the first row also the one that holds there."""
    return [
        (max(mark["time"], start), f"reference {mark['label']}")
        for mark in window.marks
        if start <= mark["time"] < end or (first and mark["time"] < start < mark["end_time"])
    ]


def intervals(beats: Sequence[JSON], start: float, end: float) -> list[tuple[float, float]]:
    """RR in ms at the middle between two beats, of those whose middle lies in a row."""
    found = [((a["time"] + z["time"]) / 2, z["rr"]) for a, z in pairwise(beats)]
    return [(time, rr) for time, rr in found if rr is not None and start <= time < end]


def marks(window: RhythmWindow) -> list[JSON]:
    """The beats whose surroundings hold most of the map's relevance, the most relevant first."""
    if window.map is None or not window.beats:
        return []
    times = [beat["time"] for beat in window.beats]
    borders = relevant.edges(times, *window.span)
    sums = relevant.shares(window.map.values, window.map.start, window.map.step, borders)
    whole = sum(value for value in sums if value > 0) or 1.0
    return [
        {
            "rank": rank,
            "at": window.beats[i]["at"],
            "time": times[i],
            "start": borders[i],
            "end": borders[i + 1],
            "rr": window.beats[i]["rr"],
            "share": sums[i] / whole,
            "words": f"{format.hms(times[i])[:-2]} · RR {format.interval(window.beats[i]['rr'], None)}",
        }
        for rank, i in enumerate(relevant.strongest(sums), 1)
    ]


def head(window: RhythmWindow) -> list[Element]:
    """What lies behind the trace, of which class, and how fine it is."""
    job = window.job
    if job is None:
        return [html.H2("No map", className="h"), html.Span(problem(window) or "No method explains this model.")]
    target = window.explanation["target"] if window.explanation else None
    title = "Regions that changed the score" if window.explanation is None or window.map else job["title"]
    parts = [html.H2(title, className="h"), html.Span(job["title"], className="s m", id="rhythm-method")]
    if target:
        parts += [html.Span("for", className="f s"), chip_of(target)]
    if window.map:
        parts.append(html.Span(f"one value every {steps(window):.2f} s", className="s f"))
    return parts


def chip_of(kind: JSON) -> Element:
    """A class in two letters."""
    found = chip(kind["symbol"], "wide sm", kind["name"])
    found.children = labels.letters(kind)
    return found


def steps(window: RhythmWindow) -> float:
    """Seconds for which a map has one value."""
    assert window.map is not None
    values, step = window.map.values, window.map.step
    changes = 1 + sum(a != z for a, z in pairwise(values))
    return max(step, step * len(values) / changes)


def scale(window: RhythmWindow) -> list[Element]:
    """`−6 … +6 logit`: the colours' ends."""
    found = window.explanation and window.explanation["scale"]
    if not found or window.map is None:
        return []
    full = format.short(float(f"{window.map.full:.2g}"))
    low = f"{format.MINUS}{full}" if window.map.signed else "0"
    kind = "ramp both" if window.map.signed else "ramp"
    fixed = "fixed for this method and model" if found["full_is_fixed"] else "this map's own maximum"
    return [
        html.Span(low, className="s m"),
        html.I(className=kind),
        html.Span(f"{'+' if window.map.signed else ''}{full} {found['unit']}", className="s m", title=fixed),
    ]


def state(window: RhythmWindow) -> Element:
    """What stands where there is no map: why not, and what would work."""
    said = problem(window)
    if said:
        return states.plain(said)
    return states.map_state(window.api, window.job, window.explanation) if window.job else None


def verdict(trust: JSON | None) -> Element:
    """The judgement of the map in short."""
    return trust_view.verdict(trust, short=True) if trust else None


PANEL = Panel("rows", order=20, layout=layout, update=update, turn=0, early=True, script="pages/rhythm/rhythm.js")
