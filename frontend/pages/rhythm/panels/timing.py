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
TITLES = {"timing": "RR made regular", "shape": "Shapes made equal", "both": "Both"}  # what was taken → its words


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
            "timing-of": {"children": f"probability of {labels.short(found['target'])}"},
            "timing-bars": {"children": bars(window, found)},
            "timing-words": {"children": found["sentence"]},
        }
    )


def asked(window: RhythmWindow) -> JSON | None:
    """Where the question stands; None where the service has no such task or the window holds no beats."""
    view = window.view
    if TASK not in window.api.tasks() or not window.beats or not window.readable:
        return None
    try:
        where = {"recording": view.record, "at": view.at, "lead": view.lead, "model": view.model, "target": view.target}
        urgency = "secondary" if view.urgency == "interactive" else "prefetch"
        return window.api.ask_task(TASK, where | {"urgency": urgency})
    except ApiError as error:
        return {"status": "refused", "error": error.detail}


def bars(window: RhythmWindow, found: JSON) -> list[Element]:
    """One bar for each variant, with a tick at the recorded probability."""
    symbol = found["target"]["symbol"]
    before = found["probabilities"][symbol]
    variants = [("As recorded", found["probabilities"])]
    variants += [(TITLES.get(one["taken"], one["taken"]), one["probabilities"]) for one in found["altered"]]
    return [
        line(title, chances, window.answer["classes"], symbol, None if i == 0 else before)
        for i, (title, chances) in enumerate(variants)
    ]


def line(title: str, chances: dict[str, float], kinds: list[JSON], symbol: str, before: float | None) -> Element:
    """`RR made regular ▏0.00 O`; the tick is the recorded probability."""
    known = {kind["symbol"]: kind for kind in kinds}
    value, best = chances[symbol], max(chances, key=chances.__getitem__)
    style = {"width": f"{value * 100:.1f}%", "background": f"var(--c{labels.colour_key(known[symbol])})"}
    tick = None if before is None else html.I(className="threshold", style={"left": f"{before * 100:.1f}%"})
    name = html.Span(title, className="timing-name b" if before is None else "timing-name m")
    number = html.Span(format.probability(value), className="b timing-number")
    bar = html.Div([html.I(style=style), tick], className="bar")
    return html.Div([name, bar, number, chip_of(known[best])], className="row g8 timing-row")


PANEL = Panel("timing", place="side", order=30, layout=layout, update=update, turn=4)
