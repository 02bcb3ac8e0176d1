"""What became of the score when the samples that a map marks were deleted."""

from frontend import classes, explaining, format, seeing
from frontend.api import JSON, Api
from frontend.elements import Element, html
from frontend.figures.beat import Beat
from frontend.parts import tag
from frontend.view import View


def scale(api: Api, view: View, size: explaining.Size) -> Element:
    """The scale of the maps, with a warning where it is not the standard; nothing where there is no map."""
    return scale_tag(api.beat(view.record, view.beat, view.lead, view.model), size)


def scale_words(beat: JSON, size: explaining.Size) -> str:
    """The scale of the maps and what the trace is, at the foot of a page."""
    if beat["window"] is None:
        return ""
    return f"{of(beat, size)} · raw, no filter"


def of(beat: JSON, size: explaining.Size) -> str:
    """`100 mm/s · 20 mm/mV: not standard`."""
    around: dict[str, list[float | None]] = {"time": [], "value": []}
    speed, gain = Beat(beat["window"], around, width=size.width, paper=size.paper, gain=size.gain).scale
    return f"{speed:g} mm/s · {gain:g} mm/mV" + ("" if (speed, gain) == (25, 10) else ": not standard")


def scale_tag(beat: JSON, size: explaining.Size) -> Element:
    """The scale as a tag, a warning where it is not the standard."""
    if beat["window"] is None:
        return None
    words = of(beat, size)
    return tag(words, "w" if words.endswith("not standard") else "")


def facts(api: Api, jobs: dict[str, JSON]) -> Element:
    """What became of the score when the marked samples were deleted, for A and B."""
    found = {slot: explaining.result(api, job) for slot, job in jobs.items()}
    maps = {slot: e for slot, e in found.items() if e and not explaining.over_time(e)}
    if not maps:
        return None
    name = classes.short(next(iter(maps.values()))["target"]["symbol"])
    head_row = html.Tr([html.Th("Delete what is marked"), *[html.Th(slot.upper(), className="r") for slot in maps]])
    rows = [
        ("Deleted", [format.percent(e["scale"]["deleted_fraction"]) for e in maps.values()]),
        ("Score before", [format.number(e["scale"]["score_before"]) for e in maps.values()]),
        ("Score after", [format.number(e["scale"]["score_after"]) for e in maps.values()]),
        (f"{name} before", [format.probability(e["scale"]["probability_before"]) for e in maps.values()]),
        (f"{name} after", [html.B(format.probability(e["scale"]["probability_after"])) for e in maps.values()]),
    ]
    lines = [
        html.Tr([html.Td(label, className="m"), *[html.Td(v, className="r") for v in values]]) for label, values in rows
    ]
    return html.Div([html.Table(html.Tbody([head_row, *lines]), className="facts"), *notes(maps)])


def notes(maps: dict[str, JSON]) -> list[Element]:
    """The sentences below the facts: what counts as marked, and what the empty window gives."""
    marked = "Marked: at least half the map's maximum. Score: logit."
    blank = {slot: (e["scale"]["deletion_value"], seeing.all_deleted(e["scale"])) for slot, e in maps.items()}
    same = len(set(blank.values())) == 1
    lines = [
        f"All of the beat set to {value}: {said}." if same else f"{slot.upper()}, all set to {value}: {said}."
        for slot, (value, said) in list(blank.items())[: 1 if same else None]
    ]
    return [html.P(marked, className="s m w gap"), *[html.P(line, className="s w all-deleted") for line in lines]]
