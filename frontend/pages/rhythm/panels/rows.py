"""The window in rows of ten seconds, and the beats that its map marks most; drawn in assets/pages/rhythm/rhythm.js."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from statistics import median
from typing import Any

from frontend import explanations, format, methods, tracks
from frontend.api import JSON, Api
from frontend.figures import paper
from frontend.figures.rhythm import behind, relevant, row, shift_row
from frontend.figures.rhythm.row import Row
from frontend.figures.rhythm.shift_row import ShiftRow
from frontend.figures.strip import facts
from frontend.figures.strip_data import TALLEST_MM
from frontend.figures.typed import typed
from frontend.maps import states
from frontend.pages.rhythm import labels
from frontend.pages.rhythm.shift import Shift, shift_of
from frontend.pages.rhythm.window import RhythmWindow, problem
from frontend.panel import Panel, PanelUpdate
from frontend.rhythm.paper_height import reach_of
from frontend.ui.components import chip, tag
from frontend.ui.elements import Element, html
from frontend.view import View

MARGIN_MM = 3.0  # of paper above and below the trace
HELD = "Hatched: no step of the network is centred there, and the nearest step's value is drawn on"
BELOW_MM = 26.8  # of paper below a recorded trace that has a shifted one under it


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
    jobs = [job for job in (window.job, window.over_time_job) if job]
    beats = [{name: beat[name] for name in ("at", "time", "symbol", "rr")} for beat in window.beats]
    data = {
        "rows": drawn(window),
        "beats": beats,
        "marks": marks(window),
        "span": list(window.span),
        "fs": window.fs,
        "jobs": jobs,
        "signed": bool(window.explanation and window.explanation["signed"]),
        "coming": coming(window),
    }
    props: dict[str, dict[str, Any]] = {
        "rhythm-map": {"children": head(window)},
        "rhythm-scale": {"children": scale(window)},
        "rhythm-state": {"children": state(window)},
    }
    return PanelUpdate(props, data, explanations.complete(jobs))


def coming(window: RhythmWindow) -> JSON | None:
    """How the map of a running job is to be drawn while it grows; None where none runs, or it shows nothing so far."""
    job = window.job
    if job is None or job["status"] not in ("queued", "running"):
        return None
    entry = next(
        one
        for one in methods.of_view(window.api, window.view)
        if one["method"] == str(window.method and window.method.name)
    )
    full = shift_row.FULL if "displacement" in entry["roles"] else entry.get("full_scale") or 1.0
    signed = bool(entry["signed"])
    return {"id": job["id"], "full": full, "signed": signed, "ramp": behind.ramp(window.view.theme, signed)}


def drawn(window: RhythmWindow) -> list[JSON]:
    """Figure, words and place of each row."""
    shift, sizes = shift_of(window), window.sizes
    found = []
    for one in rows(window, shift):
        moved = shifted(one, shift) if shift else None
        own: JSON = {"figure": typed(row.figure(one)), "words": row.words(one), "height": one.height, "last": "RR ms"}
        if moved:
            own = {"figure": typed(shift_row.figure(moved)), "words": shift_row.words(moved), "height": moved.height}
            own["last"] = "Shift ms"
        top = shift_row.GAP if moved else row.RIBBON + row.GAP
        place = {"start": one.start, "end": one.end, "label": format.length(one.start), "width": one.width}
        scale_ = {
            "second": sizes.second,
            "paper": [top, one.tall],
            "low": one.low,
            "high": one.low + one.paper_mm / one.gain,
        }
        found.append(own | place | {"origin": sizes.pulse} | scale_)
    return found


def rows(window: RhythmWindow, shift: Shift | None = None) -> list[Row]:
    """The rows, all of one scale; a shift has room for a second trace."""
    (start, end), sizes, signal = window.span, window.sizes, window.signal
    values, fs = signal["value"], signal["fs"] if not signal["decimated"] else rate(signal)
    tall = shift_row.PAPER_MM if shift else paper_mm(window)
    gain = window.view.gain
    low = baseline(values) - BELOW_MM / gain if shift else paper.middle(values, tall / gain)
    count = max(1, ceil((end - start) / sizes.row - 0.05))
    note = f"{paper.Scale(sizes.speed, gain).words} · {facts(signal)}"
    found = []
    for k in range(count):
        a, z = start + k * sizes.row, min(end, start + (k + 1) * sizes.row)
        first, last = round((a - start) * fs), round((z - start) * fs) + 1
        noted = k == (0 if shift else count - 1)
        one = Row(
            a, z, values[first:last], fs, low, sizes.row, sizes.mm, tall, window.view.theme,
            ribbon=[run for run in window.runs if run.end > a and run.start < z],
            rhythms=rhythms(window, a, z, first=k == 0),
            beats=[beat["time"] for beat in window.beats if a <= beat["time"] < z],
            rr=intervals(window.beats, a, z),
            map=window.map,
            note=note if noted else "",
            speed=sizes.speed,
            gain=gain,
        )  # fmt: skip
        found.append(one)
    return found


def shifted(one: Row, shift: Shift) -> ShiftRow:
    """The same row with what the shift made of it."""
    start, fs = shift.window.span[0], one.fs
    first, last = round((one.start - start) * fs), round((one.end - start) * fs) + 1
    places = [round((edge - start) / shift.step) for edge in (one.start, one.end)]
    joins = [(a, z) for a, z in shift.joins if one.start <= a < one.end and one.start <= z < one.end]
    largest = shift.largest if one.start <= shift.largest[0] < one.end else None
    return ShiftRow(
        one, shift.signal[first:last], shift.displacement[slice(*places)], shift.step, joins, largest,
        baseline=one.low + BELOW_MM / one.gain, named=one.start == start,
    )  # fmt: skip


def baseline(values: Sequence[float | None]) -> float:
    """The median of what is known, in mV."""
    known = [value for value in values if value is not None]
    return median(known) if known else 0.0


def rate(signal: JSON) -> float:
    """Values in a second of a decimated signal."""
    return float(len(signal["value"]) / signal["seconds"])


def paper_mm(window: RhythmWindow) -> float:
    """Mm of paper on which the recording's ordinary beats fit, on whole mm."""
    lead = next(iter(window.answer["channels"]), window.view.lead)
    needed = reach_of(window.api, window.view.record, lead, window.view.filter) * window.view.gain + MARGIN_MM
    return float(min(TALLEST_MM, max(row.PAPER_MM, ceil(needed))))


def rhythms(window: RhythmWindow, start: float, end: float, first: bool) -> list[tuple[float, str]]:
    """Where a reference rhythm begins in a row; in the first row also the one that holds there."""
    return [
        (max(mark["time"], start), f"reference {labels.mark_letters(mark)}")
        for mark in window.marks
        if start <= mark["time"] < end or (first and mark["time"] < start < mark["end_time"])
    ]


def intervals(beats: Sequence[JSON], start: float, end: float) -> list[tuple[float, float]]:
    """RR in ms at the middle between two beats, of those whose middle lies in a row."""
    found = [((a["time"] + z["time"]) / 2, z["rr"]) for a, z in pairwise(beats)]
    return [(time, rr) for time, rr in found if rr is not None and start <= time < end]


def marks(window: RhythmWindow) -> list[JSON]:
    """The beats whose surroundings hold most of the map's relevance, the most relevant first."""
    if window.map is None or not window.beats or window.explanation is None or window.explanation["relevance"] is None:
        return []  # how far a moment was moved says nothing of how much it counts
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
    job, found = window.job, window.explanation
    if job is None:
        why = problem(window) or "No method explains this model."
        return [html.H2("No map", className="h"), html.Span(why, className="s m")]
    shift = shift_of(window)
    if shift:
        return shift_head(shift, job)
    parts = [html.H2("Regions that changed the score", className="h"), html.Span(job["title"], className="s m")]
    if found:
        parts += [html.Span("for", className="f s"), chip_of(found["target"])]
        parts.append(html.Span(fineness(window), className="s f"))
    return parts


def shift_head(shift: Shift, job: JSON) -> list[Element]:
    """`Shift mask how far each moment was moved to lower AF, label flips: AF to O, implausible`."""
    found = shift.window.explanation
    assert found
    target, flip = found["target"], shift.flip
    said = f"Label flips: {labels.letters(flip[0])} to {labels.letters(flip[1])}" if flip else "No label flip"
    wrong = "; ".join(shift.wrong)
    return [
        html.H2(job["title"], className="h"),
        html.Span("how far each moment was moved to lower", className="s m cut"),
        chip_of(target),
        tag(said, "k"),
        tag("Implausible", "w", "warn", title=wrong) if wrong else tag("Plausible", "", "okc"),
    ]


def chip_of(kind: JSON) -> Element:
    """A class in two letters."""
    found = chip(kind["symbol"], "wide sm", kind["name"])
    found.children = labels.letters(kind)
    return found


def fineness(window: RhythmWindow) -> str:
    """How much one value of the map stands for, where the method says so or it is plain to see."""
    found, map_ = window.explanation, window.map
    seen = [one for one in tracks.tracks(found) if not one.dims and one.unit == "samples"] if found else []
    if seen and window.answer["window"]:
        return f"{seen[0].name} {seen[0].values / window.answer['window']['fs']:.1f} s"
    if map_ is None:
        return ""
    values = map_.values
    changes = 1 + sum(a != z for a, z in pairwise(values))
    each = map_.step * len(values) / changes
    return f"one value every {each:.2f} s" if each > 2 * map_.step else ""


def scale(window: RhythmWindow) -> list[Element]:
    """`−6 … +6 logit`: the colours' ends; and that they are this map's own where none are fixed."""
    if window.explanation is None or window.map is None:
        return []
    unit, fixed = measure_of(window.explanation)
    full = format.short(float(f"{window.map.full:.2g}"))
    low = f"{format.MINUS}{full}" if window.map.signed else "0"
    high = f"{'+' if window.map.signed else ''}{full} {unit}{'' if fixed else ', its own'}"
    words = "fixed for this method and model" if fixed else "this map's own maximum"
    return [
        html.Span(low, className="s m"),
        html.I(className="ramp both" if window.map.signed else "ramp"),
        html.Span(high, className="s m", title=words),
        html.I(className="hatch-key", title=HELD) if window.map.known else None,
    ]


def measure_of(explanation: JSON) -> tuple[str, bool]:
    """The picture's unit, and whether its full scale is fixed."""
    known = explanation["scale"]
    if known:
        return known["unit"], known["full_is_fixed"]
    track = next((one for one in tracks.tracks(explanation) if one.role in ("attention", "displacement")), None)
    return (track.unit, track.full is not None) if track else ("", True)


def state(window: RhythmWindow) -> Element:
    """What stands where there is no map: why not, and what would work."""
    return states.map_state(window.api, window.job, window.explanation) if window.job else None


PANEL = Panel("rows", order=20, layout=layout, update=update, turn=0, early=True, script="pages/rhythm/rhythm.js")
