"""The maps that can lie behind the trace, as a list: chosen by a digit, each with what is known of it here."""

from frontend import trust_view
from frontend.api import JSON, Api
from frontend.pages.rhythm.window import RhythmWindow, drawable
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import kbd, section
from frontend.ui.elements import Element, html
from frontend.view import View

AT_ONCE = "at once"


def layout() -> Element:
    """Head and place of the list."""
    keys = html.Span([*kbd("1"), "–", *kbd("6")], className="row g4 s m")
    head = html.Div(
        [html.H2("Map behind the trace", className="h"), html.Span(className="sp"), keys], className="row g8"
    )
    inside = html.Div(id="rhythm-methods", role="radiogroup", **{"aria-label": "Map behind the trace"})
    return html.Div(section(head, inside), **{"data-part": "methods"}, id="methods")


def update(api: Api, view: View) -> PanelUpdate:
    """The list for a window: what cannot apply says why in the row."""
    window = RhythmWindow(api, view)
    entries = drawable(api, view)
    current = window.method.name if window.method else None
    one = judged(window)
    rows = [row(entry, number, entry["method"] == current, one) for number, entry in enumerate(entries, 1)]
    names = [entry["method"] for entry in entries if not entry.get("not_offered")]
    return PanelUpdate({"rhythm-methods": {"children": rows}}, {"methods": names, "verdict": mark_of(one)})


def judged(window: RhythmWindow) -> JSON | None:
    """What is known of the map in view: its judgement, where there is one."""
    if window.job is None:
        return None
    answer = trust_view.of_maps(window.api, window.view, [window.job])
    found: JSON | None = answer["of"].get(window.job.get("id"))
    return found


def mark_of(one: JSON | None) -> JSON | None:
    """The verdict for the script, which remembers it beside the methods that are not in view."""
    trust = one and one["trust"]
    return {"verdict": trust["verdict"], "words": trust_view.MARKS[trust["verdict"]][2]} if trust else None


def row(entry: JSON, number: int, on: bool, one: JSON | None) -> Element:
    """One method: its number, its title, and its verdict, its price or why it cannot apply."""
    why = entry.get("not_offered")
    trust = one and one["trust"] if on else None
    right = (
        html.Span(reason(why), className="s m cut")
        if why
        else trust_view.verdict(trust, short=True)
        if trust
        else html.Span(AT_ONCE if entry["cost"] == "instant" else "by a worker", className="s m rhythm-price")
    )
    mark = html.I(className="radio on" if on else "radio")
    name = html.Span(entry["title"], className="cut b" if on else "cut")
    states = {"role": "radio", "aria-checked": str(on).lower(), "data-rhythm-method": entry["method"]}
    return html.Button(
        [mark, name, html.Span(className="sp"), right],
        className="method-row on" if on else "method-row",
        disabled=bool(why),
        title=why or f"{number}: {entry['summary']}",
        **states,
    )


def reason(why: str) -> str:
    """The refusal without the network's name: `has no attention`."""
    first, _, rest = why.partition(" ")
    return rest if first[:1].isupper() else why


PANEL = Panel("methods", place="side", order=40, layout=layout, update=update, turn=3, script="pages/rhythm/methods.js")
