"""The scale of enlarged beats, in words."""

from dataclasses import replace

from frontend import explanations
from frontend.api import JSON, Api
from frontend.figures.beat import Beat
from frontend.ui.components import tag
from frontend.ui.elements import Element
from frontend.view import View


def scale(api: Api, view: View, size: explanations.Size) -> Element:
    """The scale of the maps, with a warning where it is not the standard; nothing where there is no map."""
    return scale_tag(api.beat(view.record, view.at, view.lead, view.model), size)


def scale_words(beat: JSON, size: explanations.Size) -> str:
    """The scale of the maps and what the trace is, at the foot of a page."""
    if beat["window"] is None:
        return ""
    return f"{of(beat, size)} · raw, no filter"


def of(beat: JSON, size: explanations.Size) -> str:
    """`100 mm/s · 20 mm/mV: not standard`."""
    around: dict[str, list[float | None]] = {"time": [], "value": []}
    shown = Beat(beat["window"], around, width=size.width, paper=size.paper, gain=size.gain, mm=size.mm)
    if not shown.to_scale:
        return "each in its own unit"
    shown = replace(shown, paper=max(size.paper, size.lead * len(shown.leads)))
    speed, gain = shown.scale
    return f"{speed:.3g} mm/s · {gain:g} mm/mV" + ("" if (speed, gain) == (25, 10) else ": not standard")


def scale_tag(beat: JSON, size: explanations.Size) -> Element:
    """The scale as a tag, a warning where it is not the standard."""
    if beat["window"] is None:
        return None
    words = of(beat, size)
    return tag(words, "w" if words.endswith("not standard") else "")
