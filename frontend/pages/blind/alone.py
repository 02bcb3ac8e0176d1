"""A beat of a session before anything of the model is shown: its picture, and what was measured."""

from statistics import median

from frontend import format
from frontend.api import JSON, Api
from frontend.explanations import Size
from frontend.figures import beat as beat_figure
from frontend.figures.paper import blank
from frontend.rhythm.frame import tool
from frontend.ui.components import facts, icon, tag
from frontend.ui.elements import Element, html
from frontend.view import View
from frontend.wording import input_text

AROUND = 5.0  # s, either side of the beat, over which the median RR is taken


def tools(item: JSON, scale: Element) -> list[Element]:
    """When the beat is, and at what scale it is drawn."""
    return [
        html.Span(f"Beat at {format.hms(item['beat']['time'])}", className="h"),
        scale,
        html.Span(className="sp"),
        html.Span([icon("lock", 13), "Maps hidden"], className="tag", id="blind-maps-hidden"),
    ]


def alone(api: Api, item: JSON, record: JSON, view: View, size: Size) -> tuple[JSON, JSON | None]:
    """Properties of the picture and of what was measured; where on it a region can be dragged, None where nowhere."""
    props: JSON = {"blind-measured": {"children": measured(api, item)}}
    beat = item["beat"]
    if beat["window"] is None:
        note = beat["note"] or "There is no picture of this beat."
        return props | {
            "graph-r": {"figure": blank(272, size.width)},
            "blind-words": {"aria-label": note},
            "blind-tools": {"children": tools(item, html.Span(note, className="m"))},
        }, None
    drawn = beat_figure.Beat(
        beat["window"],
        input_text.context(beat, record["fs"]),
        theme=view.theme,
        width=size.width,
        mm=size.mm,
        rr=(beat["rr_before"], beat["rr_after"]),
        rr_note=(beat["rr_note_before"], beat["rr_note_after"]),
    )
    words = f"The beat at {format.hms(beat['time'])} in mV, lead {item['lead']}"
    props |= {
        "graph-r": {"figure": beat_figure.figure(drawn)},
        "blind-words": {"aria-label": words},
        "blind-tools": {"children": tools(item, scale(drawn))},
    }
    return props, region_frame(drawn)


def region_frame(drawn: beat_figure.Beat) -> JSON:
    """Where a region lies on a beat: ms of the paper's edges, px of its place."""
    first, last = drawn.span
    return {"first": first, "last": last, "left": beat_figure.AXIS, "top": beat_figure.HEAD, "height": drawn.paper}


def scale(drawn: beat_figure.Beat) -> Element:
    """At what scale the beat is drawn."""
    speed, gain = drawn.scale
    standard = (speed, gain) == (25.0, 10.0)
    words = f"{format.short(speed)} mm/s · {format.short(gain)} mm/mV" + ("" if standard else ": not standard")
    return tag(words, "" if standard else "w")


def measured(api: Api, item: JSON) -> Element:
    """Intervals and amplitude, in numbers; the calipers for what else the reader measures."""
    beat, before = item["beat"], item["beat"]["rr_before"]
    rows = [
        ("RR before", format.interval(before, beat["rr_note_before"])),
        ("RR after", format.interval(beat["rr_after"], beat["rr_note_after"])),
        ("Rate from RR before", f"{60_000 / before:.0f} bpm" if before else format.NONE),
        ("Median RR, 10 s", format.interval(usual(api, item), None)),
    ]
    if beat["window"] and len(beat["window"]["millivolts"]) == 1:
        (trace,) = beat["window"]["millivolts"]
        rows.append(("Peak to trough", f"{format.number(max(trace) - min(trace))} mV"))
    rows.append(("Lead", item["lead"]))
    head = html.Div(
        [html.H2("Measured", className="h"), html.Span(className="sp"), tool("caliper", "calipers", "Calipers (M)")],
        className="row",
    )
    return html.Div([head, facts([(name, html.B(value)) for name, value in rows])])


def usual(api: Api, item: JSON) -> float | None:
    """Median RR in ms of the beats around this one; None where there is none."""
    at = item["beat"]["time"]
    beats = api.beats_within(item["recording"], item["lead"], None, at - AROUND, 2 * AROUND)
    near = [
        rr for time, rr in zip(beats["time"], beats["rr"], strict=True) if rr is not None and abs(time - at) <= AROUND
    ]
    return median(near) if near else None
