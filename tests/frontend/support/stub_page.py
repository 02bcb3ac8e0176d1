"""A page of another package, as the entry point `beatlens.pages` names it."""

from frontend.page import Page, Visit
from frontend.panel import Panel, PanelUpdate
from frontend.ui.elements import Element, html


def layout(visit: Visit) -> Element:
    return html.Div(f"Hello from outside, {visit.rest or 'nobody'}", id="stub", **{"data-part": "stub"})


PANEL = Panel("stub", update=lambda _, view: PanelUpdate({"stub": {"title": str(view.at)}}), early=True)
PAGE = Page(
    "stub", "/stub", "Stub", layout, scope="window", panels=lambda _: (PANEL,), address_keys=("record", "hour"), tab=9
)
