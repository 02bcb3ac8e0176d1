"""Whether the map behind the rows can be trusted: the desk's judgement of one map, and what the map sums to."""

from dataclasses import replace

from frontend.api import Api
from frontend.pages.rhythm.panels import trust as rhythm
from frontend.pages.stay.window import StayWindow
from frontend.panel import PanelUpdate
from frontend.view import View


def update(api: Api, view: View) -> PanelUpdate:
    """The judgement of the map in view."""
    return rhythm.judged(StayWindow(api, view))


PANEL = replace(rhythm.PANEL, order=50, update=update)
