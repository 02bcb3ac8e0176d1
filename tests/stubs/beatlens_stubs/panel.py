"""A panel of the desk: what the model reads."""

from frontend.api import Api
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import section
from frontend.ui.elements import Element, html
from frontend.view import View


def layout() -> Element:
    """One line in the side."""
    return section(html.Div(id="stub-channels", className="s m w"), **{"data-part": "stub_channels"})


def update(api: Api, view: View) -> PanelUpdate:
    """The channels that are really read, by name."""
    channels = api.beat(view.record, view.at, view.lead, view.model)["channels"]
    return PanelUpdate({"stub-channels": {"children": f"Reads {', '.join(channels) or 'nothing here'}"}})


PANEL = Panel("stub_channels", place="side", order=55, layout=layout, update=update, turn=2)
