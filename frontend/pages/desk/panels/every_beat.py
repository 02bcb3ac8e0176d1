"""The button that explains every beat of the recording as one job; assets/pages/desk/every-beat.js asks for it."""

from frontend import explanations, methods
from frontend.address import SLOTS
from frontend.api import JSON, Api
from frontend.panel import Panel, PanelUpdate
from frontend.ui.elements import Element, html
from frontend.view import View


def layout() -> Element:
    """A button that asks by which of the two methods."""
    words = {"title": "Explain every beat of this recording", "aria-label": "Explain every beat of this recording"}
    items = [html.Button(slot.upper(), id=f"every-{slot}", disabled=True) for slot in SLOTS]
    note = html.P("Every beat of this recording, as one job", className="m s")
    button = html.Summary("Explain every beat", className="btn sm", **words)
    return html.Details([button, html.Div([note, *items])], id="every-beat", className="menu above")


def update(api: Api, view: View) -> PanelUpdate:
    """What each of the two would ask for; a method that answers at once needs no job."""
    asks = {slot: ask(api, view, slot) for slot in SLOTS}
    props = {f"every-{slot}": {"children": one["words"], "disabled": not one["ask"]} for slot, one in asks.items()}
    return PanelUpdate(props, asks)


def ask(api: Api, view: View, slot: str) -> JSON:
    """Title, words of the menu, and the request."""
    method = methods.chosen(api, view, slot)
    title = methods.title_of(api, method.name)
    if methods.schema_of(api, method.name)["cost"] != "queued":
        return {"title": title, "words": f"{slot.upper()}  {title}: drawn at once, needs no job", "ask": None}
    body = explanations.body(view, method)
    request = {name: value for name, value in body.items() if name not in ("at", "urgency")} | {"which": "all"}
    return {"title": title, "words": f"{slot.upper()}  {title}", "ask": request}


PANEL = Panel("every_beat", place="queue", layout=layout, update=update, turn=5, script="pages/desk/every-beat.js")
