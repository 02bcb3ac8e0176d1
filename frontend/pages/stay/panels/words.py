"""What the map says, in words and sums."""

from frontend import format, tracks
from frontend.api import Api
from frontend.pages.stay.panels.chart import LAST, late, unit_of
from frontend.pages.stay.window import StayWindow
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import facts, section
from frontend.ui.elements import Element, html
from frontend.view import View

NAMED = 3  # variables


def layout() -> Element:
    """Head and place of the sentences."""
    head = html.H2("In words", className="h")
    inside = section(head, html.P(id="stay-words", className="w"), html.Div(id="stay-sums"))
    return html.Div(inside, **{"data-part": "words"}, id="stay-in-words")


def update(api: Api, view: View) -> PanelUpdate:
    """The sentences of a map; nothing while there is none."""
    stay = StayWindow(api, view)
    shown = {"stay-words": {"children": " ".join(sentences(stay))}, "stay-sums": {"children": sums(stay)}}
    return PanelUpdate({"stay-in-words": {"hidden": stay.explanation is None}, **shown})


def sentences(stay: StayWindow) -> list[str]:
    """The variables that raise the score most, the last hours, since when it is above, and what was carried forward."""
    if stay.explanation is None or not stay.whole:
        return []
    first = sorted(stay.variables, key=lambda one: -one.raises)[:NAMED]
    named = [f"{one.name} {format.percent(one.raises / stay.whole)}" for one in first]
    found = [f"Of what raises the score {', '.join(named)}."]
    raises, _ = stay.by_hour
    found.append(f"{late(raises).split(': ')[-1]} lies in the last {LAST} hours.")
    values = stay.over_time
    above = next((i for i in range(len(values)) if all(one >= stay.threshold for one in values[i:])), None)
    if above is not None:
        found.append(f"The probability has been above the threshold since hour {above + 1}.")
    found.append(f"{format.percent(stay.carried)} of what raises it are hours without a measurement of that variable.")
    return found


def sums(stay: StayWindow) -> Element:
    """The map's sum beside the logit, and what else the method says in one number."""
    if stay.explanation is None:
        return None
    unit = unit_of(stay)
    total = sum(one.raises - one.lowers for one in stay.variables)
    rows = [("Sum of the map", f"{total:.2f} {unit}")]
    rows += [
        (one.name.capitalize(), f"{float(one.values):.2f} {one.unit}")
        for one in tracks.tracks(stay.explanation)
        if not one.dims
    ]
    return facts(rows)


PANEL = Panel("words", place="side", order=60, layout=layout, update=update, turn=4)
