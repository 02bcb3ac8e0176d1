"""Whether a signal that was shifted in time could be an ECG at all, beside its reasons and counts."""

from frontend import format
from frontend.api import Api
from frontend.pages.rhythm import labels
from frontend.pages.rhythm.shift import WRONG, Shift, shift_of
from frontend.pages.rhythm.window import RhythmWindow
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import facts, section, tag
from frontend.ui.elements import Element, html
from frontend.view import View


def layout() -> Element:
    """Hidden while nothing is shifted."""
    inside = section(html.H2("Is the shifted signal plausible?", className="h"), html.Div(id="plausible-facts"))
    return html.Div(inside, id="plausible", hidden=True, **{"data-part": "plausible"})


def update(api: Api, view: View) -> PanelUpdate:
    """Verdict, reasons and counts."""
    shift = shift_of(RhythmWindow(api, view))
    if shift is None:
        return PanelUpdate({"plausible": {"hidden": True}})
    return PanelUpdate({"plausible": {"hidden": False}, "plausible-facts": {"children": content(shift)}})


def content(shift: Shift) -> list[Element]:
    """What was found."""
    known, wrong = shift.facts, shift.wrong
    verdict = tag("Implausible", "w", "warn") if wrong else tag("Plausible", "", "okc")
    why = html.Span("; ".join(wrong) if wrong else "a probe of the model all the same", className="s m w")
    rows = [(words.capitalize(), f"{known[name]:.0f}") for name, words in WRONG.items() if name in known]
    rows.append(("Largest displacement", f"{abs(shift.largest[1]):.0f} ms"))
    if "spread before" in known:
        rows.append(("SD of RR", f"{known['spread before']:.0f} → {known['spread after']:.0f} ms"))
    table = facts([(name, html.B(value)) for name, value in rows])
    return [html.Div([verdict, why], className="row g8 gap"), table, html.P(sentence(shift), className="s w gap")]


def sentence(shift: Shift) -> str:
    """`The output changes from AF 0.96 to Other 0.66 with shifts of at most 193 ms.`"""
    kinds, ends = shift.window.answer["classes"], []
    for name in ("before", "after"):
        chances = shift.chances(name)
        if chances is None:
            return ""
        best = max(range(len(kinds)), key=chances.__getitem__)
        ends.append(f"{labels.short(kinds[best])} {format.probability(chances[best])}")
    most = f"shifts of at most {abs(shift.largest[1]):.0f} ms. No amplitude was changed, only when things happen."
    return f"The output {'changes' if shift.flip else 'goes'} from {ends[0]} to {ends[1]} with {most}"


PANEL = Panel("plausible", place="side", order=45, layout=layout, update=update, turn=4)
