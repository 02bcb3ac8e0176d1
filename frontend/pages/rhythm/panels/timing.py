"""Timing or shape: what becomes of the output where the intervals, or the beats' shapes, are all made the same."""

from typing import Any

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.pages.rhythm import labels
from frontend.pages.rhythm.panels.rows import chip_of
from frontend.pages.rhythm.window import RhythmWindow
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import section
from frontend.ui.elements import Element, html
from frontend.view import View

TASK = "timing_or_shape"


def layout() -> Element:
    """Head and place of the bars."""
    head = html.Div(
        [
            html.H2("Timing or shape?", className="h"),
            html.Span(className="sp"),
            html.Span(id="timing-of", className="s m"),
        ],
        className="row g8",
    )
    inside = section(head, html.Div(id="timing-bars"), html.Div(id="timing-words", className="s w timing-words"))
    return html.Div(inside, id="timing", hidden=True, **{"data-part": "timing"})


def update(api: Api, view: View) -> PanelUpdate:
    """Probabilities before and after, as soon as they are known."""
    window = RhythmWindow(api, view)
    status = asked(window)
    if status is None:
        return PanelUpdate({"timing": {"hidden": True}})
    if status["status"] != "done":
        waiting = status.get("error") or "Under way."
        job: JSON = {"slot": "timing", "kind": f"tasks/{TASK}", "key": view.where, "method": TASK, "graph": "none"}
        job |= {name: status.get(name) for name in ("id", "status", "position")} | {"title": "Timing or shape"}
        props: dict[str, dict[str, Any]] = {
            "timing": {"hidden": False},
            "timing-words": {"children": waiting},
            "timing-bars": {"children": []},
        }
        return PanelUpdate(props, {"jobs": [job]}, status["status"] in ("failed", "refused"))
    found = status["result"]
    return PanelUpdate(
        {
            "timing": {"hidden": False},
            "timing-of": {"children": f"probability of {labels.short(target(window, found))}"},
            "timing-bars": {"children": bars(window, found)},
            "timing-words": {"children": found["sentence"]},
        }
    )


def asked(window: RhythmWindow) -> JSON | None:
    """Where the question stands; None where the service has no such task or the window holds no beats."""
    view = window.view
    if TASK not in window.api.tasks() or not window.beats or window.beat["window"] is None:
        return None
    try:
        where = {"recording": view.record, "at": view.at, "lead": view.lead, "model": view.model, "target": view.target}
        urgency = "secondary" if view.urgency == "interactive" else "prefetch"
        return window.api.ask_task(TASK, where | {"urgency": urgency})
    except ApiError as error:
        return {"status": "refused", "error": error.detail}


def target(window: RhythmWindow, found: JSON) -> JSON:
    """The class whose probability is shown."""
    kind: JSON = found["target"] if isinstance(found.get("target"), dict) else window.beat["classes"][0]
    return kind


def bars(window: RhythmWindow, found: JSON) -> list[Element]:
    """One bar for each variant, with a tick at the recorded probability."""
    kinds = window.beat["classes"]
    index = next(i for i, kind in enumerate(kinds) if kind["symbol"] == target(window, found)["symbol"])
    before = found["variants"][0]["probabilities"][index]
    return [line(one, kinds, index, before, first=i == 0) for i, one in enumerate(found["variants"])]


def line(one: JSON, kinds: list[JSON], index: int, before: float, first: bool) -> Element:
    """`RR made regular ▏0.00 O`."""
    value = one["probabilities"][index]
    best = max(range(len(kinds)), key=one["probabilities"].__getitem__)
    style = {"width": f"{value * 100:.1f}%", "background": f"var(--c{labels.colour_key(kinds[index])})"}
    tick = None if first else html.I(className="threshold", style={"left": f"{before * 100:.1f}%"})
    name = html.Span(one["title"], className="timing-name b" if first else "timing-name m")
    number = html.Span(format.probability(value), className="b timing-number")
    bar = html.Div([html.I(style=style), tick], className="bar")
    return html.Div([name, bar, number, chip_of(kinds[best])], className="row g8 timing-row")


PANEL = Panel("timing", place="side", order=30, layout=layout, update=update, turn=4)
