"""Whether the map behind the rows can be trusted: the desk's judgement of one map, and what the map sums to."""

from dataclasses import replace

from frontend import trust_view
from frontend.api import Api
from frontend.pages.desk.panels import trust as desk
from frontend.pages.rhythm.panels import trust as rhythm
from frontend.pages.stay.window import StayWindow
from frontend.panel import PanelUpdate
from frontend.view import View


def update(api: Api, view: View) -> PanelUpdate:
    """The judgement of the map in view."""
    stay = StayWindow(api, view)
    job = stay.job or {"slot": "a", "title": "no map", "status": "refused"}
    answer = trust_view.of_maps(api, view, [job]) if stay.job else {"of": {}, "maps": []}
    slots = {"a": desk.slot_props(job, answer, view)}
    return PanelUpdate(
        {}, {"slots": slots, "names": {"a": job["title"]}, "judge": trust_view.wanted(view, [job], answer)}
    )


PANEL = replace(rhythm.PANEL, order=50, update=update)
