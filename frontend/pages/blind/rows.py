"""A window of rhythm in a session: rows at true scale, with what of model and reference its reader may see."""

from functools import cached_property
from statistics import fmean, pstdev

from frontend import format, trust_view
from frontend.api import JSON, Api
from frontend.figures.paper import Scale
from frontend.figures.rhythm.behind import Map
from frontend.figures.rhythm.row import Stretch
from frontend.pages.blind import side
from frontend.pages.blind.labels import short
from frontend.pages.rhythm.panels import rows
from frontend.pages.rhythm.window import RhythmWindow
from frontend.rhythm.frame import tool
from frontend.ui.components import chip, icon, tag
from frontend.ui.elements import Element, html
from frontend.view import View
from frontend.wording import classes


class ReadWindow(RhythmWindow):
    """With the model, without the reference."""

    @cached_property
    def marks(self) -> list[JSON]:
        """None may be seen yet."""
        return []


class SealedWindow(ReadWindow):
    """The signal and its beats alone: neither output, map nor reference is asked for."""

    job: JSON | None = None
    explanation: JSON | None = None
    map: Map | None = None

    @cached_property
    def runs(self) -> list[Stretch]:
        """None may be seen yet."""
        return []


def is_rhythm(item: JSON) -> bool:
    """Whether what is read is a window of its own, of an ECG, and not a beat."""
    beat = item["beat"]
    return beat.get("kind", "beat") != "beat" and beat["window"] is not None and bool(beat["channels"])


def window_of(api: Api, item: JSON, view: View) -> RhythmWindow:
    """The window with what may be seen."""
    if item["output"] is None:
        return SealedWindow(api, view)
    return RhythmWindow(api, view) if item["expects"] in ("correction", None) else ReadWindow(api, view)


def shown(api: Api, item: JSON, view: View) -> tuple[JSON, list[JSON], JSON]:
    """Dash properties, jobs, and what the script draws."""
    window = window_of(api, item, view)
    drawn: JSON = {"rows": rows.drawn(window), "beats": window.beats, "marks": []}
    drawn |= {"span": list(window.span), "fs": window.fs, "coming": rows.coming(window)}
    props: JSON = {"blind-tools": {"children": tools(window, item)}, "blind-said": {"children": ""}}
    if item["output"] is None:
        return props, [], {"rows": drawn}
    jobs = [job for job in (window.job, window.over_time_job) if job]
    answer = trust_view.of_maps(api, view, [window.job] if window.job else [])
    props["blind-model"] = {"children": side.model(item, item["beat"])}
    words = " ".join(classes.named_short(one["words"], answer) for one in answer["of"].values())
    props["blind-said"] = {"children": words}
    judged = trust_view.wanted(view, [window.job], answer) if window.job else []
    return props, jobs, {"rows": drawn, "judge": judged}


def tools(window: RhythmWindow, item: JSON) -> list[Element]:
    """When the window is, how regular its beats are, at which scale it is drawn, and what its map is."""
    start, end = window.span
    scale = Scale(window.view.speed, window.view.gain)
    parts = [
        html.Span(f"Window at {format.hms(start)[:-4]}, {end - start:.1f} s", className="h"),
        html.Span(intervals(window.beats), className="s m"),
        tag(scale.words, "" if scale.standard else "w"),
        tool("caliper", "calipers", "Calipers (M)"),
        html.Span(className="sp"),
    ]
    if item["output"] is None:
        return [*parts, html.Span([icon("lock", 13), "Maps hidden"], className="tag", id="blind-maps-hidden")]
    title = window.job["title"] if window.job else "No map"
    return [*parts, html.Span(title, className="s m"), chip(item["output"]["label"]), short(item["output"])]


def intervals(beats: list[JSON]) -> str:
    """`44 beats · RR 598 ± 220 ms`: measured, by no model."""
    rr = [beat["rr"] for beat in beats[1:] if beat["rr"] is not None]
    count = format.plural(len(beats), "beat")
    return f"{count} · RR {fmean(rr):.0f} ± {pstdev(rr):.0f} ms" if len(rr) > 1 else count
